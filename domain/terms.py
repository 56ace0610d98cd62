"""Terms: for how long something is kept."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

PERMANENT = date.max
"""The last day of what is kept for ever."""

_MOST_DAYS = 36_500
_MOST_YEARS = 100
_YEARS = re.compile(r"(\d{1,3}) (?:years?|năm)")
_FOREVER = ("permanent", "vĩnh viễn")


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A number of days, a number of years, or for ever; nothing of them: no term."""

    days: int = 0
    years: int = 0
    permanent: bool = False

    def last_day(self, start: date) -> date | None:
        """Return the last day of the term, None where there is no term.

        Days are counted from the day after `start`. Years are counted as archives count them, from the end of the
        year of `start` (Luật Lưu trữ 33/2024).
        """
        if self.permanent:
            return PERMANENT
        if self.years:
            return date(start.year + self.years, 12, 31)
        return start + timedelta(days=self.days) if self.days else None


def read_term(value: object) -> Term:
    """Return the term that a setting says: days as a number, `"20 years"` or `"permanent"`; also in Vietnamese.

    Raises:
        ValueError: It says none.
    """
    if isinstance(value, Term):
        return value
    if isinstance(value, str) and value.isdecimal():  # from the environment
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST_DAYS:
        return Term(days=value)
    if value in _FOREVER:
        return Term(permanent=True)
    years = _YEARS.fullmatch(value) if isinstance(value, str) else None
    if years is not None and 0 < int(years[1]) <= _MOST_YEARS:
        return Term(years=int(years[1]))
    raise ValueError('viết số ngày (0 đến 36500), "20 years" (20 năm; nhiều nhất 100), hoặc "permanent" (vĩnh viễn)')

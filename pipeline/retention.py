"""Retention: until when a paper is kept, by the table of the settings and what was promised before."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from difflib import get_close_matches

from domain.errors import ConfigurationError
from domain.terms import PERMANENT, Term
from ocr.fields.kinds import KindLibrary

DEFAULT = "default"
"""The term of every kind of paper that has no line of its own."""
REGISTER = "register"
"""The term of what the register keeps in the store: numbers reserved and voided, closings, deleted papers."""
ACCESS_LOG = "access_log"
"""The term of the entries of the access log and its signed states, of consents, owners and what was used again."""

_DELETED = "deleted"


def require_known(table: Mapping[str, Term], kinds: KindLibrary) -> None:
    """Check that each line of the table is about something that is known.

    Raises:
        ConfigurationError: A line names no kind of paper.
    """
    known = [DEFAULT, REGISTER, ACCESS_LOG, *kinds.kinds]
    for name in table:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f"; có phải “{near[0]}”?" if near else ""
            raise ConfigurationError(
                f"[store.retention] không có loại giấy tờ “{name}”{hint} Các mã loại ở configs/kinds, thêm "
                f"{DEFAULT}, {REGISTER}, {ACCESS_LOG}."
            )


def last_day(table: Mapping[str, Term], kind: str, start: date) -> date | None:
    """Return the last day on which a paper of a kind must not be deleted, None where it may be at any time.

    Args:
        start: The day on which it was certified, by the clock of the office.
    """
    return table.get(kind, table[DEFAULT]).last_day(start)


def entry_lock(table: Mapping[str, Term], book: str, moment: datetime) -> datetime | None:
    """Return until when a bucket with locks refuses to delete an entry of a book of the store."""
    about_register = book.startswith(REGISTER) or book == _DELETED
    day = table[REGISTER if about_register else ACCESS_LOG].last_day(moment.astimezone(UTC).date())
    return None if day is None else datetime.combine(day, time.max, UTC)


def later(one: date | None, other: date | None) -> date | None:
    """Return the later of two last days: what was promised is never shortened."""
    return max((day for day in (one, other) if day is not None), default=None)


def day_text(day: date | None) -> str:
    """Return a last day as programs read it: ISO 8601, `permanent`, or nothing."""
    if day is None:
        return ""
    return "permanent" if day == PERMANENT else day.isoformat()


def day_words(day: date | None) -> str:
    """Return a last day in Vietnamese, empty where there is none."""
    if day is None:
        return ""
    return "vĩnh viễn" if day == PERMANENT else f"{day:%d/%m/%Y}"

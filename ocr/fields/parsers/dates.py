"""Dates in figures: ISO, or partial where the day or month is not stated."""

import re
from datetime import date

from domain.vietnamese import fold
from ocr.fields.parsers.parsed import Parsed, clean, digits_for_letters

_SPOKEN = re.compile(
    r"(?:ng[aàáảãạâăắằẳẵặấầẩẫậ]y)?\s*(?P<day>[0-9OolISBZ|]{0,2})[\s.…,'’]*th[aàáảãạâăắằẳẵặấầẩẫậ]ng\s*(?P<month>[0-9OolISBZ|]{0,2})[\s.…,'’]*"
    r"n[aàáảãạăâắằẳẵặấầẩẫậ]m[\s.…,'’:;]*(?P<year>[0-9OolISBZ|]{4})",
    re.IGNORECASE,
)
_FIGURES = re.compile(
    r"(?<![0-9])(?P<day>[0-9OolI]{1,2})\s*[/.\-]\s*(?P<month>[0-9OolI]{1,2})\s*[/.\-]\s*(?P<year>[0-9OolI]{4})(?![0-9])"
)
_STROKES = re.compile(
    r"(?<![0-9])(?P<day>[0-3][0-9])[1Il|/](?P<month>[01][0-9])[1Il|/](?P<year>(?:19|20)[0-9]{2})(?![0-9])"
)
"""Figures whose strokes were taken for digits."""
_MONTH = re.compile(r"^(?:th[aá]ng\s*)?(?P<month>[0-9]{1,2})\s*(?:[/.\-]|n[aă]m)\s*(?P<year>[0-9]{4})$", re.IGNORECASE)
_ONLY_YEAR = re.compile(r"kh[oôó]ng r[oõỏ].*\bn[aă]m (?P<year>(?:18|19|20)[0-9]{2})$", re.IGNORECASE)
"""`Không rõ ngày, tháng; năm 1929`."""
_YEAR = re.compile(r"^(?:n[aă]m\s*)?(?P<year>(?:18|19|20|21)[0-9]{2})$", re.IGNORECASE)
_FIRST_FIGURE = re.compile(r"[^\W\d_]$|\bngay\s*[0-9][\W_]{0,2}$")
"""A letter that a figure was taken for, or a figure that stands apart, with a speck behind it or without."""
_TORN_YEAR = re.compile(r"((?:19|20)[0-9])[\]\[|!lI}{]")
"""A year whose last figure was taken for a bracket."""
_LAST_WITH_ZERO = 2
"""The last month that is written with a zero before it (NĐ 30/2020, Appendix I)."""
_ISO = re.compile(r"^(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})(?:-(?P<day>[0-9]{1,2}))?$")


def parse_date(text: str) -> Parsed:
    """Return the date that stands in a text: `2020-01-05`, or `2023-08` or `1969` where no more is stated."""
    bare = clean(text)
    if not bare:
        return Parsed(None, "empty")
    found = next(
        (
            m
            for pattern in (_ISO, _SPOKEN, _FIGURES, _MONTH, _YEAR, _STROKES, _ONLY_YEAR)
            if (m := pattern.search(bare))
        ),
        None,
    )
    if found is None:
        return Parsed(None, "date_unreadable")
    parts = {name: part or "" for name, part in found.groupdict().items()}
    digits = {name: digits_for_letters(part) for name, part in parts.items()}
    iso = _iso(digits["year"], digits.get("month", ""), digits.get("day", ""))
    if iso is None:
        return Parsed(None, "date_impossible")
    torn = found.re is _SPOKEN and (_is_torn(bare[: found.start("day")]) or bare[found.end() :][:1].isdigit())
    if digits != parts or found.re is _STROKES or torn:
        return Parsed(iso, "digits_repaired")
    if found.re is _SPOKEN and not parts["day"]:
        return Parsed(iso, "date_day_blank")
    if found.re is _SPOKEN and parts["month"].startswith("0") and int(parts["month"]) > _LAST_WITH_ZERO:
        return Parsed(iso, "date_form_unusual")
    return Parsed(iso)


def _is_torn(before: str) -> bool:
    """Return whether what stands before the figures of a day is a part of them: a letter, or one more figure."""
    letters = fold(before)
    return _FIRST_FIGURE.search(letters) is not None and not letters.endswith("ngay")


def parse_year(text: str) -> Parsed:
    """Return a year of birth, or the whole date where it is stated."""
    parsed = parse_date(text)
    torn = _TORN_YEAR.fullmatch(clean(text))
    if torn and parsed.value is None:
        return Parsed(f"{torn[1]}1", "digits_repaired")
    return parsed if parsed.value or parsed.problem == "empty" else Parsed(None, "date_unreadable")


def has_date(text: str) -> bool:
    """Return whether the words `ngày … tháng … năm` or figures of a date stand in a text."""
    return _SPOKEN.search(text) is not None or _FIGURES.search(text) is not None or _date_words(text)


def _date_words(text: str) -> bool:
    return re.search(r"\bngay\b.*\bthang\b.*\bnam\b", fold(text)) is not None


def _iso(year: str, month: str, day: str) -> str | None:
    if not month and day:
        return None
    try:
        first = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    if not 1800 < first.year < 2200:
        return None
    return first.isoformat()[: 10 if day else 7 if month else 4]

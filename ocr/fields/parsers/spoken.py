"""Numbers and dates written in Vietnamese words."""

import re
from decimal import Decimal

from domain.vietnamese import fold

_UNITS = {
    "khong": 0, "mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "lam": 5, "nham": 5, "sau": 6,
    "bay": 7, "tam": 8, "chin": 9,
}  # fmt: skip
_SCALES = {"nghin": 1_000, "ngan": 1_000, "trieu": 1_000_000, "ty": 1_000_000_000, "ti": 1_000_000_000}
_FILLERS = {"linh", "le"}
_FIRST_DAYS = {"mong", "mung"}
_DATE = re.compile(
    r"(?:ngay )?(?:(?P<day>[a-z ]+?) )?thang (?P<month>[a-z]+(?: [a-z]+)?) "
    r"nam (?P<year>(?:mot|hai) (?:nghin|ngan)[a-z ]*)"
)
_ISO = re.compile(r"[0-9]{4}(-|$)")
_MEASURE = re.compile(r"\s*(đồng|mét vuông|m2|m²).*$", re.IGNORECASE)
_NOT_A_LETTER = re.compile(r"[^a-z ]+")


def number_in_words(text: str) -> int | None:
    """Return the whole number that the words say, None if they are not one."""
    words = [w for w in _NOT_A_LETTER.sub(" ", fold(text)).split() if w not in _FIRST_DAYS]
    if not words:
        return None
    total = group = 0
    digit: int | None = None
    for word in words:
        if word in _UNITS:
            if digit is not None:
                return None
            digit = _UNITS[word]
        elif word == "muoi":
            group, digit = group + 10 * (1 if digit is None else digit), None
        elif word == "tram":
            group, digit = group + 100 * (1 if digit is None else digit), None
        elif word in _SCALES:
            group, digit = group + (digit or 0), None
            total, group = _scaled(total, group or 1, _SCALES[word])
        elif word not in _FILLERS:
            return None
    return total + group + (digit or 0)


def _scaled(total: int, group: int, scale: int) -> tuple[int, int]:
    """Return total and group after a scale word; `nghìn tỷ` multiplies what was already scaled."""
    if scale == 1_000_000_000 and 0 < total < scale:
        return (total + group) * scale if group > 1 else total * scale, 0
    return total + group * scale, 0


def decimal_in_words(text: str) -> Decimal | None:
    """Return the number that the words say, with `phẩy` as decimal comma; None if they are not one."""
    whole, comma, rest = _NOT_A_LETTER.sub(" ", fold(text)).partition(" phay ")
    number = number_in_words(whole)
    if number is None or not comma:
        return None if number is None else Decimal(number)
    words = rest.split()
    if words and all(w in _UNITS for w in words):
        return Decimal(f"{number}.{''.join(str(_UNITS[w]) for w in words)}")
    tail = number_in_words(rest)
    return None if tail is None else Decimal(f"{number}.{tail}")


def date_in_words(text: str) -> str | None:
    """Return the ISO date, possibly partial, that the words say; None if they are not one."""
    bare = " ".join(_NOT_A_LETTER.sub(" ", fold(text)).split())
    found = _DATE.search(bare)
    if found is None:
        return None
    day = number_in_words(found["day"]) if found["day"] else 0
    month, year = number_in_words(found["month"]), number_in_words(found["year"])
    if day is None or month is None or year is None or not (0 <= day <= 31 and 1 <= month <= 12 and 1800 < year < 2200):
        return None
    return f"{year:04}-{month:02}-{day:02}" if day else f"{year:04}-{month:02}"


def said_in_words(text: str, *, like: str) -> str | None:
    """Return the normalized value that words say: a date where the other value is one, a number elsewhere.

    Args:
        text: The words, with `đồng` or `mét vuông` behind them or not.
        like: The value in figures; None is returned where the words are not understood.
    """
    if _ISO.match(like):
        return date_in_words(text)
    number = decimal_in_words(_MEASURE.sub("", text))
    return None if number is None else format(number.normalize(), "f")

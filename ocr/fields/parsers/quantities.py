"""Areas and sums of money in figures."""

import re
from decimal import Decimal, InvalidOperation

from ocr.fields.parsers.parsed import Parsed, clean

_QUANTITY = re.compile(r"(?<![0-9])([0-9]{1,3}(?:[.\s][0-9]{3})+|[0-9]+)(?:,([0-9]{1,4}))?(?![0-9])")
_POINT_DECIMAL = re.compile(r"(?<![0-9.])([0-9]+)\.([0-9]{1,2})(?![0-9])")


def parse_area(text: str) -> Parsed:
    """Return an area in square metres with a decimal point: `1.250,5 m²` is `1250.5`."""
    return _quantity(text, "area_unreadable")


def parse_money(text: str) -> Parsed:
    """Return a sum of money in đồng: `100.000.000 đồng` is `100000000`."""
    return _quantity(text, "money_unreadable")


def _quantity(text: str, problem: str) -> Parsed:
    bare = clean(text)
    if not bare:
        return Parsed(None, "empty")
    point = _POINT_DECIMAL.search(bare)
    found = _QUANTITY.search(bare)
    if point:
        return Parsed(_plain(f"{point[1]}.{point[2]}"))
    if found is None:
        return Parsed(None, problem)
    return Parsed(_plain(re.sub(r"[.\s]", "", found[1]) + (f".{found[2]}" if found[2] else "")))


def _plain(figures: str) -> str | None:
    try:
        return format(Decimal(figures).normalize(), "f")
    except InvalidOperation:
        return None

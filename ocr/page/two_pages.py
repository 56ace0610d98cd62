"""Two pages that were scanned on one sheet: an open booklet, or A3 with two A4 pages side by side."""

from collections.abc import Sequence

from ocr.page.reading_order import PlacedWord

_LANDSCAPE = 1.25
"""Width over height from which a sheet may hold two pages."""
_MIDDLE = (0.4, 0.6)
"""Of the sheet's width: where the white between two pages has its middle."""
_GUTTER = 0.6
"""Inches of white between two pages at least: the inner margins of both."""
_LEAST_LINES = 4
"""Lines that each of two pages has at least."""


def find_gutter(words: Sequence[PlacedWord], size: tuple[int, int], dpi: float) -> float | None:
    """Return the middle of the white from top to bottom that sets two pages of a sheet apart, None for one page.

    Args:
        size: Width and height of the sheet in pixels.
        dpi: Its resolution.
    """
    width, height = size
    if width < _LANDSCAPE * height:
        return None
    reached, widest, middle = 0.0, _GUTTER * dpi, None
    for word in sorted(words, key=lambda each: each.left):
        gap, place = word.left - reached, (word.left + reached) / 2
        if gap >= widest and _MIDDLE[0] * width <= place <= _MIDDLE[1] * width:
            widest, middle = gap, place
        reached = max(reached, word.right)
    if middle is None:
        return None
    sides = [{word.line for word in words if (word.left < middle) == side} for side in (True, False)]
    return middle if min(map(len, sides)) >= _LEAST_LINES else None

"""Two pages that were scanned on one sheet: an open booklet, or A3 with two A4 pages side by side."""

from collections.abc import Sequence

from ocr.reading_order import Block, PlacedWord, arrange

_LANDSCAPE = 1.25
"""Width over height from which a sheet may hold two pages."""
_MIDDLE = (0.4, 0.6)
"""Of the sheet's width: where the white between two pages has its middle."""
_GUTTER = 0.6
"""Inches of white between two pages at least: the inner margins of both."""
_LEAST_LINES = 4
"""Lines that each of two pages has at least."""


def arrange_sheet(words: Sequence[PlacedWord], size: tuple[int, int], dpi: float) -> tuple[tuple[Block, ...], bool]:
    """Return the words of a sheet in reading order, and whether they are those of two pages, left before right.

    Args:
        size: Width and height of the sheet in pixels.
        dpi: Its resolution.
    """
    middle = _gutter(words, size, dpi)
    if middle is None:
        return arrange(words), False
    left = [word for word in words if word.right <= middle]
    right = [word for word in words if word.left >= middle]
    return (*arrange(left), *arrange(right)), True


def _gutter(words: Sequence[PlacedWord], size: tuple[int, int], dpi: float) -> float | None:
    """Return the middle of the white that runs from top to bottom near the middle of a sheet with two pages."""
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

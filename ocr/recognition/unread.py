"""Rows of letters on a page that lie under no word of its reading."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from ocr.page.reading_order import PlacedWord
from ocr.picture.components import find_components
from ocr.picture.raster import Picture
from ocr.tools import EngineWord

_CLEAR = 0.6
"""Word confidence from which small print was read, so that nothing else is looked for there."""
_WHOLE = 0.001
"""How far off a whole multiple a resolution may be: 300.000006 dpi, as a PDF has it, takes twice the time."""

_Words = Sequence[PlacedWord] | Sequence[EngineWord]
Region = tuple[int, int, int, int]
"""Left, top, right, bottom, in pixels of the picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Letters:
    """What counts as a row of letters; measures in pixels of a copy."""

    dpi: int
    """Of the copy."""
    darkest_ground: int
    tall: tuple[int, int]
    narrowest: int
    widest: int
    """Times its height."""
    gap: int
    """Between letters of a row."""
    row_tall: tuple[int, int]
    row_wide: int
    around: tuple[int, int, int]
    """What is added to a row at its sides, above and below."""


_PRINT = _Letters(
    dpi=100,
    darkest_ground=170,
    tall=(5, 24),
    narrowest=2,
    widest=3,
    gap=15,
    row_tall=(8, 34),
    row_wide=45,
    around=(35, 7, 4),
)
_SMALL_PRINT = _Letters(
    dpi=200,
    darkest_ground=200,
    tall=(5, 30),
    narrowest=1,
    widest=4,
    gap=25,
    row_tall=(7, 34),
    row_wide=50,
    around=(20, 6, 6),
)
_INKED = 0.2
"""Share of its box that a letter covers at least."""
_ROW = 3
"""Times its height, how wide a row is at least."""


def unread_regions(picture: Picture, words: _Words, dpi: float) -> list[Region]:
    """Return the boxes of rows of letters that lie under no word, e.g. beside a stamp, each a little widened."""
    return _rows(picture, words, dpi, _PRINT)


def unread_small_print(picture: Picture, words: Sequence[PlacedWord], dpi: float) -> list[Region]:
    """Return the boxes of rows of letters from five pixels at 200 dpi, pale ones too, that lie under no clear word."""
    return _rows(picture, [word for word in words if word.confidence >= _CLEAR], dpi, _SMALL_PRINT)


def _rows(picture: Picture, words: _Words, dpi: float, sought: _Letters) -> list[Region]:
    scale = 1 / max(1.0, _whole(dpi / sought.dpi))
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    ink = np.asarray(cv2.threshold(small, sought.darkest_ground, 255, cv2.THRESH_BINARY_INV)[1], dtype=np.uint8)
    for word in words:
        left, top = int(word.left * scale) - 1, int(word.top * scale) - 1
        ink[max(0, top) : int(word.bottom * scale) + 2, max(0, left) : int(word.right * scale) + 2] = 0
    letters = np.zeros_like(ink)
    least, most = sought.tall
    for left, top, wide, tall, area in find_components(ink):
        fits = least <= tall <= most and sought.narrowest <= wide <= sought.widest * tall
        if fits and area >= _INKED * wide * tall:
            letters[top : top + tall, left : left + wide] = 255
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (sought.gap, 1))
    rows = np.asarray(cv2.morphologyEx(letters, cv2.MORPH_CLOSE, kernel), dtype=np.uint8)
    least, most = sought.row_tall
    side, above, below = sought.around
    regions = []
    for left, top, wide, tall, _ in find_components(rows):
        if least <= tall <= most and wide >= max(sought.row_wide, _ROW * tall):
            box = (left - side, top - above, left + wide + side, top + tall + below)
            x0, y0, x1, y1 = (int(value / scale) for value in box)
            regions.append((x0, y0, x1, y1))
    return regions


def _whole(times: float) -> float:
    """Return a number, a whole one where it is all but that."""
    return round(times) if abs(times - round(times)) < _WHOLE * times else times

"""Raised figures told from others by the picture: `m²` is read as `m2`."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import cv2
import numpy as np

from ocr.page.reading_order import PlacedWord
from ocr.picture.components import find_components
from ocr.picture.raster import Picture

_UNIT = re.compile(r"^m([23?°*‡†'\"”]{1,2})([.,;:)]*)$")
"""What `m²` and `m³` are read as; signs that are no figures are taken for the commoner one."""
_INK = 140
_LEAST_RAISED = 0.3
"""Times the height of the small letter, how far above its foot a raised figure ends."""


def raise_figures(words: Sequence[PlacedWord], picture: Picture) -> tuple[PlacedWord, ...]:
    """Return the words with the figure of square and cubic meters raised where it stands above the line on the page."""
    result = list(words)
    for place, (before, word) in enumerate(pairwise(words), 1):
        unit = _UNIT.match(word.text)
        if unit is not None and before.text[-1:].isdigit() and _is_raised(word, picture):
            text = f"m{'³' if unit[1].startswith('3') else '²'}{unit[2]}"
            result[place] = replace(word, text=text, raw=word.raw or word.text)
    return tuple(result)


def _is_raised(word: PlacedWord, picture: Picture) -> bool:
    """Return whether the second of a word's letters ends well above the foot of the first."""
    part = picture[int(word.top) : int(word.bottom) + 1, int(word.left) : int(word.right) + 1]
    if not part.size:
        return False
    ink = cv2.threshold(part, _INK, 255, cv2.THRESH_BINARY_INV)[1]
    shapes = sorted(find_components(np.asarray(ink, dtype=np.uint8)))
    letter = next((shape for shape in shapes if shape[2] > 0.3 * part.shape[1]), None)
    if letter is None:
        return False
    left, top, wide, tall, _ = letter
    figures = [shape for shape in shapes if shape[0] >= left + wide - 1 and shape[3] > 0.4 * tall]
    return bool(figures) and figures[0][1] + figures[0][3] <= top + (1 - _LEAST_RAISED) * tall

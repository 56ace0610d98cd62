"""Whole pages of white print on black, as bilevel scans whose zero was taken for white: turned for reading."""

import cv2
import numpy as np

from ocr.picture.raster import Picture, scaled_down

_DARK = 110
"""Brightness below which the ground of a page is no paper."""
_DARK_SHARE = 0.5
"""Share of a page, without its margins, that is dark where its ground is."""
_STEP, _MARGIN = 16, 0.06
"""Pixels from one sample to the next, and share of each side that is not looked at: there are borders of any kind."""
_DPI = 75.0
"""Resolution of the copy in which strokes are looked for."""
_AROUND = 21
"""Pixels of that copy, to both hands together: in each such square more ground than print lies."""
_CONTRAST = 40
"""By which strokes differ from their ground."""
_LEAST_STROKES = 0.004
"""Share of a page that its print covers: a line or two."""
_MORE = 3.0
"""Times the dark strokes, the bright ones of a page of white print; a small paper on a black lid has few of them."""


def as_dark_print(page: Picture, dpi: float) -> Picture:
    """Return a page, gray or in color, as its negative where it bears white print on a dark ground, else as it is.

    Dark photos of dark print and small papers on a dark lid stay: what tells is the strokes, not the ground.
    """
    if not _has_dark_ground(page):
        return page
    coarse = scaled_down(page, min(1.0, _DPI / max(dpi, 1.0)))
    gray = coarse if coarse.ndim == 2 else np.asarray(cv2.cvtColor(coarse, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    inner = _without_margins(gray)
    if min(inner.shape) < _AROUND:
        return page
    ground = np.asarray(cv2.medianBlur(np.ascontiguousarray(inner), _AROUND), dtype=np.uint8)
    bright = float((cv2.subtract(inner, ground) > _CONTRAST).mean())
    dark = float((cv2.subtract(ground, inner) > _CONTRAST).mean())
    white_print = bright >= _LEAST_STROKES and bright >= _MORE * dark
    return np.asarray(255 - page, dtype=np.uint8) if white_print else page


def _has_dark_ground(page: Picture) -> bool:
    sample = _without_margins(np.asarray(page[::_STEP, ::_STEP], dtype=np.uint8))
    bright = sample if sample.ndim == 2 else sample.max(axis=2)
    return bool(bright.size) and float((bright < _DARK).mean()) > _DARK_SHARE


def _without_margins(picture: Picture) -> Picture:
    height, width = picture.shape[:2]
    top, left = int(height * _MARGIN), int(width * _MARGIN)
    return picture[top : height - top, left : width - left]

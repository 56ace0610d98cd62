"""How much stands on a page, whatever it is: pages without text are blank, or bear stamps only, or cannot be read."""

import cv2
import numpy as np
import numpy.typing as npt

from ocr.picture.raster import Picture
from ocr.recognition.unread import unread_regions

_WIDTH = 800
_DARK = 0.62
"""Of the paper's brightness: what is darker is ink, not print that shows through."""
_NIGHT = 70
"""Brightness below which a page is no paper."""
_COLORED = 0.15
"""Of the paper's brightness: spread of the channels from which ink is that of a stamp or a pen, however pale."""
_LEAST_INK = 0.0003
"""Share of a page that dust may darken."""
_LEAST_MARK = 0.09
"""Inches: what is smaller in both directions is dust."""
_TEXT_ROWS = 6.0
"""Inches of rows of letters from which a page has text, though nobody can read it."""
_TEXT_INK = 0.006
"""Share of a page that its text darkens at least: stamps and signatures have less, what shows through has none."""
_MUCH_INK = 0.04
"""Share of a page that no stamps and signatures have."""
_STROKE, _WORD, _GROUND = 0.8, 3.2, 83
"""Widths of what is told apart, in pixels of the small copy: grain, strokes of letters, words and rows, shades."""
_GRAIN_LEFT = 0.4
"""Share of the grain that is left where strokes are looked for."""
_BLURRED = 2.4
"""Times the variation at the size of strokes, the variation at the size of words from which print is blurred: 0.8 to 1
in sharp print, up to 1.7 in print that shows through, 2.3 to 12 in print of which no letter can be read."""
_LEAST_SMEAR = 0.01
"""Variation of a blurred page, as a share of the paper's brightness."""
_LEAST_SMEARED = 0.05
"""Share of a page that blurred print darkens; folds darken less."""


def ink_share(gray: Picture) -> float:
    """Return the share of a page that is dark against its paper, without 4 % at each edge."""
    ink = _ink(_small(gray))
    return float(ink.mean()) if ink.size else 0.0


def bears_text(page: Picture) -> bool:
    """Return whether a page, gray or in color, has as much ink as text has; what shows through is none."""
    ink = _ink(_small(page), colored=False)
    return bool(ink.size) and float(ink.mean()) >= _TEXT_INK


def wordless(page: Picture, prepared: Picture, dpi: float) -> str:
    """Return what a page is on which no words were found: empty for blank, else the code of its problem.

    Args:
        page: The page as it was scanned, gray or in color.
        prepared: Its copy that was read.
        dpi: Resolution of both.
    """
    small = _small(page)
    ink = _ink(small)
    if not ink.size:
        return ""
    share = float(ink.mean())
    rows = sum(right - left for left, _, right, _ in unread_regions(prepared, (), dpi))
    much = share >= _MUCH_INK or (share >= _TEXT_INK and rows > _TEXT_ROWS * dpi)
    if much or float(np.median(small)) < _NIGHT or _is_blurred(small):
        return "unreadable_page"
    return "stamps_only" if share > _LEAST_INK and _has_mark(ink, dpi * small.shape[1] / page.shape[1]) else ""


def _small(picture: Picture) -> Picture:
    scale = min(1.0, _WIDTH / picture.shape[1])
    return np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _ink(small: Picture, *, colored: bool = True) -> npt.NDArray[np.bool_]:
    """Return where a page is dark, or colored otherwise than its paper, without its edges."""
    height, width = small.shape[:2]
    inner = small[height // 25 : height - height // 25, width // 25 : width - width // 25]
    if inner.size == 0:
        return np.zeros((0, 0), dtype=np.bool_)
    bright = inner / np.maximum(np.asarray(cv2.blur(inner, (61, 61)), dtype=np.float32), 1.0)
    if bright.ndim == 2:
        return np.asarray(bright < _DARK, dtype=np.bool_)
    darkest = bright.min(axis=2)
    ink = np.asarray(darkest < _DARK, dtype=np.bool_)
    return ink | (bright.max(axis=2) - darkest > _COLORED) if colored else ink


def _is_blurred(small: Picture) -> bool:
    """Return whether a page bears gray smears of the size of words and rows in which no stroke stands out."""
    height, width = small.shape[:2]
    inner = small[height // 25 : height - height // 25, width // 25 : width - width // 25]
    if min(inner.shape[:2]) < _GROUND:
        return False
    light = inner if inner.ndim == 2 else inner[:, :, 0]  # yellow stains vanish in red
    bright = light / np.maximum(np.asarray(cv2.blur(light, (61, 61)), dtype=np.float32), 1.0)
    ink = np.asarray(1 - bright, dtype=np.float32)
    smooth, words = _blurred(ink, _STROKE), _blurred(ink, _WORD)
    rows = words - np.asarray(cv2.blur(words, (_GROUND, _GROUND)), dtype=np.float32)
    grain = 1.48 * float(np.median(np.abs(ink - smooth)))
    strokes = max(0.0, float((smooth - words).var()) - (_GRAIN_LEFT * grain) ** 2) ** 0.5
    smear = float(rows.std())
    spread = float((rows > _LEAST_SMEAR).mean())
    return smear > _LEAST_SMEAR and smear > _BLURRED * strokes and spread > _LEAST_SMEARED


def _blurred(picture: npt.NDArray[np.float32], width: float) -> npt.NDArray[np.float32]:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), width), dtype=np.float32)


def _has_mark(ink: npt.NDArray[np.bool_], dpi: float) -> bool:
    count, _, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    sizes = np.asarray(stats)[1:count, cv2.CC_STAT_WIDTH : cv2.CC_STAT_HEIGHT + 1]
    return bool((sizes.max(axis=1) >= _LEAST_MARK * dpi).any()) if len(sizes) else False

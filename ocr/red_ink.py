"""Red print told from red stamps: titles and serial numbers are to be read, stamps are not."""

import cv2
import numpy as np

from ocr.raster import Picture

_COARSE_DPI = 100
_REDNESS = 45
"""By how much red must outweigh green, beyond what it does on the paper itself."""
_LEAST_INK = 40
"""Pixels at the coarse resolution; less red is no word."""
_JOINED = 9
"""Pixels at the coarse resolution across which letters are joined to a row."""
_TALLEST_ROW = 50
"""Half an inch, at the coarse resolution; stamps and frames are taller."""
_MARGIN = 8
"""Pixels at the coarse resolution around a row, for letters that came out pale at its ends."""
_LEAST_STRETCH = 1.8
"""Times its height, the length of a row of letters."""


def gray_with_red_print(picture: Picture, dpi: float) -> Picture:
    """Return a color picture in gray: the red channel, in which stamps vanish, with rows of red letters kept dark."""
    red, green = picture[:, :, 0], picture[:, :, 1]
    scale = min(1.0, _COARSE_DPI / dpi)
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    surplus = np.asarray(cv2.subtract(small[:, :, 0], small[:, :, 1]), dtype=np.uint8)
    paper = int(np.median(surplus[::4, ::4]))
    mask = np.asarray(cv2.threshold(surplus, min(254, paper + _REDNESS), 255, cv2.THRESH_BINARY)[1], dtype=np.uint8)
    gray = np.ascontiguousarray(red)
    if cv2.countNonZero(mask) < _LEAST_INK:
        return gray
    for left, top, wide, tall in _rows(mask):
        part = (
            slice(max(0, int((top - _MARGIN) / scale)), int((top + tall + _MARGIN) / scale)),
            slice(max(0, int((left - _MARGIN) / scale)), int((left + wide + _MARGIN) / scale)),
        )
        lifted = cv2.add(green[part], np.full_like(green[part], paper))
        gray[part] = np.minimum(red[part], lifted)
    return gray


def _rows(mask: Picture) -> list[tuple[int, int, int, int]]:
    """Return the boxes of rows of letters that stand apart from stamps and frames, whatever way they run."""
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (_JOINED, _JOINED))
    contours, relations = cv2.findContours(cv2.dilate(mask, kernel), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    rows: list[tuple[int, int, int, int]] = []
    stamps: list[tuple[int, int, int, int]] = []
    for contour, (_, _, _, around) in zip(contours, np.asarray(relations)[0].tolist(), strict=True):
        if around != -1:
            continue  # the edge of a hole
        sides = sorted(cv2.minAreaRect(contour)[1])
        box = cv2.boundingRect(contour)
        short, long = sides[0] - _JOINED, sides[1] - _JOINED
        if short > _TALLEST_ROW:
            stamps.append((box[0], box[1], box[2], box[3]))
        elif short >= 5 and long >= _LEAST_STRETCH * short:
            rows.append((box[0], box[1], box[2], box[3]))
    return [row for row in rows if not any(_overlap(row, stamp) for stamp in stamps if not _is_frame(stamp, mask))]


def _is_frame(box: tuple[int, int, int, int], mask: Picture) -> bool:
    """Return whether a box is the frame of the whole page."""
    return box[2] * box[3] > 0.3 * mask.size


def _overlap(box: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    across = min(box[0] + box[2], other[0] + other[2]) > max(box[0], other[0])
    return across and min(box[1] + box[3], other[1] + other[3]) > max(box[1], other[1])

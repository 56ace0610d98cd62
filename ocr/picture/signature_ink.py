"""Signatures in blue ink: their strokes are taken off the print that they cross."""

import math
from collections.abc import Iterator, Sequence

import cv2
import numpy as np
import numpy.typing as npt

from ocr.picture.components import find_components
from ocr.picture.raster import Picture, scaled_down

_Box = tuple[int, int, int, int]
"""Left, top, width, height."""
_COARSE_DPI = 75
_BLUENESS = 20
"""By how much blue outweighs red in ink at the coarse resolution, as if the paper were white."""
_PALE = 12
"""The same for thin parts of a stroke."""
_SELDOM = 95
"""Of a hundred pixels around a stroke so many are less blue than its middle."""
_BLUEST = 0.7
"""Share of that blueness from which a pixel tells the color of the stroke."""
_FRINGE = 5
"""Pixels at the coarse resolution by which strokes are widened, half of them at each side: their color runs."""
_BLUR = 0.7
"""Pixels by which the grain is smoothed where ink is taken off."""
_DARKEST = 0.02
"""Share of the light that the blackest print leaves."""
_GAIN = 0.15
"""By so much, in logarithms, ink of the pen is taken for stronger, so that the grain leaves no traces of it."""
_LEAST_PEN = 0.1
"""Share of the ink of a stroke from which a pixel is smoothed, as its edge is."""
_PURPLE = 0.8
"""Share of red and of blue light that is left in green light where a pen crosses a red stamp: no print is colored."""
_PRINT = 0.08
"""Share of the light that print under a stamp leaves at most."""
_JOINED = 11
"""Pixels at the coarse resolution across which strokes are joined, e.g. those that a stamp parts."""
_TALL, _WIDE = 24, 16
"""Pixels at the coarse resolution, a third and a fifth of an inch: a stroke of a word written by hand is lower."""
_MOST = 270
"""Pixels at the coarse resolution: what was filled in by hand along lines is wider."""
_MOST_INK = 0.3
"""Share of its box."""
_HEAD, _LOWER = 0.3, 45
"""Share of the page's height within which ink lower than so many pixels may be a number or a day written by hand."""
_EDGE, _FRAMED = 6, 0.8
"""Pixels at the coarse resolution within which a frame stands at the edges of its box, and on which share of them."""
_DARK, _MOST_BLUE = 0.7, 0.6
"""Of the paper's brightness, what ink has at most in one color; share of the ink beside signatures that is no print."""
_MOST_SIGNATURES = 6
"""More of them are a form that was filled in by hand."""


def without_signatures(gray: Picture, picture: Picture, dpi: float) -> Picture:
    """Return the gray copy of a color picture without the strokes of blue signatures; print that they cross stays.

    Rows of blue letters, printed or written, stay as they are, and numbers written by hand in the letterhead.

    Args:
        gray: The copy, of the picture's size.
        picture: Red, green and blue.
        dpi: Of both.
    """
    scale = min(1.0, _COARSE_DPI / dpi)
    small = scaled_down(picture, scale)
    paper = np.maximum(np.median(small[::8, ::8].reshape(-1, 3), axis=0), 1)
    surplus = _surplus(small, paper)
    cleared = gray
    blue = _bluer(surplus, _BLUENESS)
    signatures = list(_signatures(blue))
    if signatures and _is_printed_in_blue(blue, small, signatures, paper):
        return gray
    for left, top, wide, tall in signatures if len(signatures) <= _MOST_SIGNATURES else ():
        cleared = np.array(gray) if cleared is gray else cleared
        x0, y0 = max(0, left - _JOINED), max(0, top - _JOINED)
        ink = _bluer(surplus[y0 : top + tall + _JOINED, x0 : left + wide + _JOINED], _PALE)
        tall, wide = ink.shape
        part = (slice(int(y0 / scale), int((y0 + tall) / scale)), slice(int(x0 / scale), int((x0 + wide) / scale)))
        near = np.asarray(cv2.dilate(ink, np.ones((_FRINGE, _FRINGE), dtype=np.uint8)), dtype=np.uint8)
        cleared[part] = np.maximum(cleared[part], _cleared(gray[part], picture[part], near, paper))
    return cleared


def _is_printed_in_blue(
    blue: Picture, small: Picture, signatures: Sequence[_Box], paper: npt.NDArray[np.float64]
) -> bool:
    """Return whether most of the ink beside what look like signatures is blue: a carbon copy, a form printed in blue.

    Its letterhead looks like one of them where letters of two lines touch.
    """
    bright = cv2.inRange(small, np.ceil(_DARK * paper), np.full(3, 255.0))
    dark = np.asarray(bright == 0, dtype=np.bool_)
    for left, top, wide, tall in signatures:
        dark[top : top + tall, left : left + wide] = False
    return float((blue[dark] > 0).mean()) > _MOST_BLUE if dark.any() else False


def _bluer(surplus: Picture, than: int) -> Picture:
    return np.asarray(cv2.threshold(surplus, than, 255, cv2.THRESH_BINARY)[1], dtype=np.uint8)


def _surplus(picture: Picture, paper: npt.NDArray[np.float64]) -> Picture:
    """Return by how much blue outweighs red, as if the paper were white."""
    weights = np.array([[-255.0 / paper[0], 0.0, 255.0 / paper[2]]])
    return np.asarray(cv2.transform(picture, weights), dtype=np.uint8)


def _cleared(gray: Picture, picture: Picture, ink: Picture, paper: npt.NDArray[np.float64]) -> Picture:
    """Return a part of a gray copy without blue ink.

    Print takes away as much red light as blue light, a pen takes away more red: by that it is known how much ink of the
    pen there is, and so what is left of the red light without it.
    """
    height, width = gray.shape
    near = cv2.resize(ink, (width, height), interpolation=cv2.INTER_NEAREST) > 0
    soft = np.asarray(cv2.GaussianBlur(picture, (0, 0), _BLUR), dtype=np.float32)
    red, green, blue = (np.log(np.clip(soft[:, :, c] / paper[c], _DARKEST, 1))[near] for c in range(3))
    bluest = blue - red >= _BLUEST * np.percentile(blue - red, _SELDOM)
    of_red, of_blue = float(np.median(red[bluest])), float(np.median(blue[bluest]))
    if of_blue <= of_red:
        return gray
    pen = np.clip((blue - red) / (of_blue - of_red), 0, 1)
    light = np.where(pen > _LEAST_PEN, np.maximum(gray[near], np.exp(red) * paper[0]), gray[near])
    light *= np.exp(-pen * (of_red - _GAIN))
    purple = green < np.minimum(red, blue) + math.log(_PURPLE)
    light[purple & (gray[near] > _PRINT * paper[0])] = paper[0]
    cleared = np.array(gray)
    cleared[near] = np.maximum(gray[near], np.minimum(light, paper[0]).astype(np.uint8))
    return cleared


def _signatures(mask: Picture) -> Iterator[_Box]:
    """Yield the boxes of ink with a stroke that is too tall for a row of letters, and too empty for a picture."""
    if not mask.any():
        return
    tall_boxes = [box for box in _boxes(mask, 3) if box[3] >= _TALL and box[2] >= _WIDE]
    strokes = [(left, top) for left, top, wide, tall in tall_boxes if not _is_frame(mask, (left, top, wide, tall))]
    for left, top, wide, tall in _boxes(mask, _JOINED):
        bears = any(left <= x < left + wide and top <= y < top + tall for x, y in strokes)
        ink = cv2.countNonZero(np.ascontiguousarray(mask[top : top + tall, left : left + wide]))
        in_head = top + tall < _HEAD * mask.shape[0] and tall < _LOWER
        if bears and not in_head and wide <= _MOST and ink <= _MOST_INK * wide * tall:
            yield left, top, wide, tall


def _is_frame(mask: Picture, box: _Box) -> bool:
    """Return whether ink stands along all four edges of its box: the frame of a stamp, with rows of letters in it."""
    left, top, wide, tall = box
    if min(wide, tall) < 3 * _EDGE:
        return False
    part = mask[top : top + tall, left : left + wide] > 0
    columns = (part[:_EDGE].any(axis=0), part[-_EDGE:].any(axis=0))
    rows = (part[:, :_EDGE].any(axis=1), part[:, -_EDGE:].any(axis=1))
    return all(float(edge.mean()) >= _FRAMED for edge in (*columns, *rows))


def _boxes(mask: Picture, gap: int) -> list[_Box]:
    """Return the boxes of what stands together when gaps of so many pixels are closed."""
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (gap, gap))
    joined = np.asarray(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, kernel), dtype=np.uint8)
    return [box[:4] for box in find_components(joined)]

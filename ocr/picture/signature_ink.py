"""Signatures in blue ink: their strokes are taken off the print that they cross."""

from collections.abc import Iterator

import cv2
import numpy as np
import numpy.typing as npt

from ocr.picture.raster import Picture, smaller

_Box = tuple[int, int, int, int]
"""Left, top, width, height."""
_COARSE_DPI = 75
_BLUENESS = 20
"""By how much blue outweighs red in ink at the coarse resolution, as if the paper were white."""
_PALE = 12
"""The same for thin parts of a stroke."""
_BLUEST = 70
"""Of a hundred pixels of a stroke so many are less blue than those that tell its color."""
_JOINED = 11
"""Pixels at the coarse resolution across which strokes are joined, e.g. those that a stamp parts."""
_LEAST, _MOST = 24, 270
"""Pixels at the coarse resolution: words are lower, and what was filled in by hand along lines is wider."""
_MOST_INK = 0.3
"""Share of its box."""


def without_signatures(gray: Picture, picture: Picture, dpi: float) -> Picture:
    """Return the gray copy of a color picture without the strokes of blue signatures; print that they cross stays.

    Rows of blue letters, printed or written, stay as they are.

    Args:
        gray: The copy, of the picture's size.
        picture: Red, green and blue.
        dpi: Of both.
    """
    height, width = gray.shape
    scale = min(1.0, _COARSE_DPI / dpi)
    small = smaller(picture, max(1, round(width * scale)), max(1, round(height * scale)))
    paper = np.maximum(np.median(small[::8, ::8].reshape(-1, 3), axis=0), 1)
    surplus = _surplus(small, paper)
    cleared = gray
    for left, top, wide, tall in _signatures(_bluer(surplus, _BLUENESS)):
        cleared = np.array(gray) if cleared is gray else cleared
        x0, y0 = max(0, left - _JOINED), max(0, top - _JOINED)
        ink = _bluer(surplus[y0 : top + tall + _JOINED, x0 : left + wide + _JOINED], _PALE)
        tall, wide = ink.shape
        part = (slice(int(y0 / scale), int((y0 + tall) / scale)), slice(int(x0 / scale), int((x0 + wide) / scale)))
        _clear(cleared[part], picture[part], cv2.dilate(ink, np.ones((3, 3), dtype=np.uint8)), paper)
    return cleared


def _bluer(surplus: Picture, than: int) -> Picture:
    return np.asarray(cv2.threshold(surplus, than, 255, cv2.THRESH_BINARY)[1], dtype=np.uint8)


def _surplus(picture: Picture, paper: npt.NDArray[np.float64]) -> Picture:
    """Return by how much blue outweighs red, as if the paper were white."""
    weights = np.array([[-255.0 / paper[0], 0.0, 255.0 / paper[2]]])
    return np.asarray(cv2.transform(picture, weights), dtype=np.uint8)


def _clear(gray: Picture, picture: Picture, ink: Picture, paper: npt.NDArray[np.float64]) -> None:
    """Take ink off a part of a gray copy: by blue light, in which it is pale, what lies under it is seen."""
    height, width = gray.shape
    near = cv2.resize(ink, (width, height), interpolation=cv2.INTER_NEAREST) > 0
    surplus, blue = _surplus(picture, paper), np.ascontiguousarray(picture[:, :, 2])
    bluest = surplus >= np.percentile(surplus[near], _BLUEST)
    stroke = max(1.0, float(np.median(blue[bluest & near])))
    lifted = np.clip(blue * (paper[0] / stroke), 0, paper[0]).astype(np.uint8)
    np.copyto(gray, np.maximum(gray, lifted), where=near)


def _signatures(mask: Picture) -> Iterator[_Box]:
    """Yield the boxes of what is too tall for a row of letters, and too empty for a picture."""
    if not mask.any():
        return
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (_JOINED, _JOINED))
    joined = np.asarray(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, kernel), dtype=np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    for number, (left, top, wide, tall, _) in enumerate(np.asarray(stats)[1:count].tolist(), 1):
        part = (slice(top, top + tall), slice(left, left + wide))
        ink = int(np.count_nonzero(mask[part][labels[part] == number]))
        if tall >= _LEAST and _LEAST <= wide <= _MOST and ink <= _MOST_INK * wide * tall:
            yield left, top, wide, tall

"""The copy of a page that is read: straight, gray, without red stamps, on an even white ground."""

import math
from dataclasses import dataclass

import cv2
import numpy as np

from ocr.picture.cleaning import wipe
from ocr.picture.highlights import without_highlights, without_shades
from ocr.picture.raster import Picture, smaller
from ocr.picture.red_ink import gray_with_red_print
from ocr.picture.rules import Grid, find_grids, wipe_edges
from ocr.picture.signature_ink import without_signatures
from ocr.picture.skew import find_skew

_WHITE = 0.93
_BLUR = 0.6
_BILEVEL_BLUR = 0.7


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparation:
    """A prepared picture and how its places map back to the upright page."""

    picture: Picture
    """Gray, of the upright page's size."""
    skew: float
    """Degrees, counterclockwise, by which the page was turned to stand straight."""
    grids: tuple[Grid, ...] = ()
    """The ruled tables of the picture, found before their lines were wiped."""

    def to_page(self, left: float, top: float, right: float, bottom: float) -> tuple[float, float, float, float]:
        """Return the smallest upright rectangle of the page, in pixels, that holds a rectangle of the picture."""
        if self.skew == 0:
            return left, top, right, bottom
        height, width = self.picture.shape[:2]
        angle = math.radians(self.skew)
        cosine, sine = math.cos(angle), math.sin(angle)
        x, y = (left + right) / 2 - width / 2, (top + bottom) / 2 - height / 2
        middle_x, middle_y = x * cosine - y * sine + width / 2, x * sine + y * cosine + height / 2
        half_width = ((right - left) * cosine + (bottom - top) * abs(sine)) / 2
        half_height = ((bottom - top) * cosine + (right - left) * abs(sine)) / 2
        return middle_x - half_width, middle_y - half_height, middle_x + half_width, middle_y + half_height


def in_gray(picture: Picture, dpi: float) -> Picture:
    """Return a color picture in gray; a gray one as it is.

    Red print stays, stamps, blue signatures and the bands of marker pens do not.
    """
    if picture.ndim == 2:
        return picture
    return without_highlights(without_signatures(gray_with_red_print(picture, dpi), picture, dpi), picture, dpi)


def prepare(gray: Picture, dpi: float, *, skew: float | None = None) -> Preparation:
    """Return the copy to read of an upright gray picture; each step is left out where it would not help.

    Args:
        gray: The picture.
        dpi: Its resolution.
        skew: Degrees, counterclockwise, by which to turn it, where that is known.
    """
    bilevel = _is_bilevel(gray)
    skew = find_skew(gray) if skew is None else skew
    straight = _turned(gray, skew)
    even = straight if bilevel else without_shades(even_ground(straight), dpi)
    grids = find_grids(even, dpi)
    clean = wipe(even, dpi)
    wipe_edges(clean, grids, dpi)
    if bilevel:
        clean = np.asarray(cv2.GaussianBlur(clean, (0, 0), _BILEVEL_BLUR), dtype=np.uint8)
    return Preparation(picture=clean, skew=skew, grids=grids)


def even_ground(gray: Picture) -> Picture:
    """Return a gray picture with its paper white: blurred a little, divided by the ground around, clipped."""
    soft = np.asarray(cv2.GaussianBlur(gray, (3, 3), _BLUR), dtype=np.uint8)
    height, width = gray.shape[:2]
    small = smaller(soft, max(1, width // 8), max(1, height // 8))
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (9, 9))
    ground = cv2.medianBlur(np.asarray(cv2.morphologyEx(small, cv2.MORPH_CLOSE, kernel), dtype=np.uint8), 21)
    full = cv2.resize(ground, (width, height), interpolation=cv2.INTER_LINEAR)
    even = np.asarray(cv2.divide(soft, full, scale=255.0), dtype=np.uint8)
    return np.asarray(cv2.LUT(even, _levels(even)), dtype=np.uint8)


def _turned(gray: Picture, degrees: float) -> Picture:
    if degrees == 0:
        return gray
    height, width = gray.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    turned = cv2.warpAffine(gray, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(turned, dtype=np.uint8)


def _levels(even: Picture) -> Picture:
    """Return a table that takes the darkest ink to black and the paper to white."""
    counts = cv2.calcHist([np.ascontiguousarray(even[::4, ::4])], [0], None, [256], [0, 256]).ravel()
    dark = int(np.searchsorted(np.cumsum(counts), 0.005 * counts.sum()))
    low, high = min(dark, 120), 255 * _WHITE
    table = (np.arange(256) - low) * 255.0 / (high - low)
    return np.asarray(np.clip(np.rint(table), 0, 255), dtype=np.uint8)


def _is_bilevel(picture: Picture) -> bool:
    sample = picture[::7, ::7]
    return bool(((sample == 0) | (sample == 255)).all())

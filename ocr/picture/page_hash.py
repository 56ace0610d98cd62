"""The look of a page as a 64-bit number: nearly the same for two scans of one page."""

import cv2
import numpy as np
import numpy.typing as npt

from domain.models import PageImage
from ocr.picture.raster import Picture, gray_page

_WIDTH, _HEIGHT = 226, 320
_SIDE = 32
_LOW = 8
_SPREAD = 4.0
"""Pixels over which ink is smeared, so that a page that lies a little aside looks the same."""
_FAINT = 0.35
"""Of the darkness of the print: what is fainter shows through from the other side, or is grain."""
_TURNS = np.arange(-2.0, 2.01, 0.25)
"""Degrees by which a page is turned to find its lines."""

_Ink = npt.NDArray[np.float32]


def page_hash(image: PageImage) -> int:
    """Return the perceptual hash of a page image, unsigned.

    It is the signs of the 8 x 8 lowest frequencies of a discrete cosine transform at 32 x 32 pixels, compared with
    their median (Zauner, Implementation and Benchmarking of Perceptual Image Hash Functions, 2010), of where the ink
    is on the upright and straightened page: neither the paper's tint nor how it lay in the scanner count. Two scans
    of one page differ in few bits; count them by Hamming distance. So do two papers on one form: the look finds what
    may be the same paper, and only what the papers say tells them apart.

    Raises:
        DamagedDocument: the image cannot be decoded.
    """
    ink = cv2.GaussianBlur(_straightened(_ink(gray_page(image))), (0, 0), _SPREAD)
    small = cv2.resize(ink, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
    low = cv2.dct(small)[:_LOW, :_LOW].ravel()
    bits = low > np.median(low[1:])
    return int.from_bytes(np.packbits(bits).tobytes())


def _ink(gray: Picture) -> _Ink:
    """Return how much darker than the paper around it each place of the page is, from 0 to 1."""
    small = cv2.resize(gray, (_WIDTH, _HEIGHT), interpolation=cv2.INTER_AREA)
    paper = cv2.blur(cv2.dilate(small, np.ones((15, 15), np.uint8)), (25, 25)).astype(np.float32)
    ink = np.clip(1 - small.astype(np.float32) / np.maximum(paper, 1), 0, 1)
    print_darkness = max(float(np.percentile(ink, 98)), 0.02)
    return np.asarray(np.clip(ink / print_darkness - _FAINT, 0, 1), dtype=np.float32)


def _straightened(ink: _Ink) -> _Ink:
    """Return the page turned by the angle at which its rows differ most: then lines lie in rows."""
    turned = (_turned(ink, float(angle)) for angle in _TURNS)
    return max(turned, key=lambda page: float(np.var(page.sum(axis=1))))


def _turned(ink: _Ink, angle: float) -> _Ink:
    turn = cv2.getRotationMatrix2D((_WIDTH / 2, _HEIGHT / 2), angle, 1)
    return np.asarray(cv2.warpAffine(ink, turn, (_WIDTH, _HEIGHT)), dtype=np.float32)

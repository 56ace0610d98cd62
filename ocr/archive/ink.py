"""Where a page has ink, so that nothing of ours is printed over it."""

from dataclasses import dataclass, field
from math import ceil

import cv2
import numpy as np
from numpy.typing import NDArray

from domain.errors import DamagedDocument
from domain.models import ImageEncoding, PageImage
from ocr.archive.drawing import Rect
from ocr.picture.raster import decode


@dataclass(frozen=True, slots=True, kw_only=True)
class _Grain:
    """How finely is looked."""

    dpi: float
    """At least so many pixels an inch, where the image has them."""
    contrast: int
    """How much darker than the paper around it a spot must be to count as ink (of 255); a thin line is paler in
    coarse pixels, and so is the noise."""


_FINE = _Grain(dpi=70.0, contrast=40)
_COARSE = _Grain(dpi=35.0, contrast=24)
_DARK = 100
"""Paper darker than this (of 255, in its darkest channel) counts as ink: black print on it could not be read."""
_TILE = 11
"""Side of the squares in which the paper's brightness is measured, in every third pixel."""
_SPECK = 2.5
"""A lone spot of at most so much (square points, a dot of 0.6 mm) is dust."""
_NEIGHBORHOOD = 2.0
"""Spots nearer than twice this (points) belong together, e.g. the dots of a line."""
_MARGIN = 2.0
"""Points kept free around what we print."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InkMap:
    """The dark spots of one upright page at low resolution."""

    counts: NDArray[np.int32] = field(repr=False)
    """Summed-area table of the ink, one row and column larger than the map."""
    width: float
    """Of the page, in points."""
    height: float

    def is_free(self, box: Rect) -> bool:
        """Return whether the box lies on the page and has no ink in it or within a small margin."""
        if box.x0 < 0 or box.y0 < 0 or box.x1 > self.width or box.y1 > self.height:
            return False
        rows, columns = self.counts.shape[0] - 1, self.counts.shape[1] - 1
        left = max(0, int((box.x0 - _MARGIN) / self.width * columns))
        right = min(columns, ceil((box.x1 + _MARGIN) / self.width * columns))
        top = max(0, int((self.height - box.y1 - _MARGIN) / self.height * rows))
        bottom = min(rows, ceil((self.height - box.y0 + _MARGIN) / self.height * rows))
        table = self.counts
        return bool(table[bottom, right] - table[top, right] - table[bottom, left] + table[top, left] == 0)


def find_ink(image: PageImage, *, width: float, height: float, coarse: bool = False) -> InkMap:
    """Return where the page has ink; width and height are the upright page's, in points.

    `coarse` takes half the time; it is for what stands in the margins far from the text.

    Raises:
        DamagedDocument: The image cannot be decoded.
    """
    grain = _COARSE if coarse else _FINE
    gray = np.rot90(_small_gray(image, max(1, int(image.dpi / grain.dpi))), k=-(image.rotation // 90))
    dark = _darker_than_paper(np.ascontiguousarray(gray), grain.contrast)
    mask = _without_specks(dark, width / gray.shape[1])
    counts = cv2.integral(mask, sdepth=cv2.CV_32S)
    return InkMap(counts=np.asarray(counts, np.int32), width=width, height=height)


def _darker_than_paper(gray: NDArray[np.uint8], contrast: int) -> NDArray[np.uint8]:
    """1 where a spot is clearly darker than the paper around it, which may be yellowed or in a shadow."""
    sample = gray[::3, ::3]
    paper = int(np.percentile(sample, 80))
    rows, columns = ceil(sample.shape[0] / _TILE), ceil(sample.shape[1] / _TILE)
    padded = np.full((rows * _TILE, columns * _TILE), paper, np.uint8)
    padded[: sample.shape[0], : sample.shape[1]] = sample
    tiles = padded.reshape(rows, _TILE, columns, _TILE).transpose(0, 2, 1, 3).reshape(rows, columns, -1)
    local = np.sort(tiles, axis=2)[:, :, tiles.shape[2] * 3 // 4].astype(np.int16)
    limits = np.maximum(np.where(local > paper - 50, local, paper) - contrast, _DARK)
    size = (columns * _TILE * 3, rows * _TILE * 3)
    limit = cv2.resize(np.clip(limits, 0, 255).astype(np.uint8), size, interpolation=cv2.INTER_LINEAR)
    return np.asarray(gray < limit[: gray.shape[0], : gray.shape[1]], np.uint8)


def _without_specks(mask: NDArray[np.uint8], dot: float) -> NDArray[np.uint8]:
    """The mask without its lone small spots: dust is left out, the dots of a dotted line stay."""
    reach = max(1, round(_NEIGHBORHOOD / dot))
    joined = cv2.dilate(mask, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8))
    _, labels = cv2.connectedComponents(joined, connectivity=8)
    inked = labels[mask.astype(bool)]
    keep = np.asarray(np.bincount(inked, minlength=int(labels.max()) + 1) * dot * dot > _SPECK, np.uint8)
    return np.asarray(keep[labels] & mask, np.uint8)


def _small_gray(image: PageImage, factor: int) -> NDArray[np.uint8]:
    if image.encoding is ImageEncoding.JPEG:
        try:
            return _from_jpeg(image.data, factor)
        except (cv2.error, ValueError) as e:
            raise DamagedDocument(
                f"Ảnh của trang {image.number} bị hỏng nên không dựng được bản sao. Vui lòng quét lại trang này."
            ) from e
    picture = decode(image)
    return _shrink(picture if picture.ndim == 2 else _darkest(picture), factor)


def _from_jpeg(data: bytes, factor: int) -> NDArray[np.uint8]:
    scale, flag = next(
        (step, flag)
        for step, flag in (
            (8, cv2.IMREAD_REDUCED_COLOR_8),
            (4, cv2.IMREAD_REDUCED_COLOR_4),
            (2, cv2.IMREAD_REDUCED_COLOR_2),
            (1, cv2.IMREAD_COLOR),
        )
        if step <= factor
    )
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), flag | cv2.IMREAD_IGNORE_ORIENTATION)
    if pixels is None:
        raise ValueError("not a JPEG image")
    return _shrink(_darkest(np.asarray(pixels, np.uint8)), factor // scale)


def _darkest(colored: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The darkest of the three channels: a red or blue stamp is ink as black is."""
    one, two, three = cv2.split(colored)
    return np.asarray(cv2.min(cv2.min(one, two), three), np.uint8)


def _shrink(gray: NDArray[np.uint8], factor: int) -> NDArray[np.uint8]:
    if factor <= 1:
        return gray
    size = (max(1, gray.shape[1] // factor), max(1, gray.shape[0] // factor))
    return np.asarray(cv2.resize(gray, size, interpolation=cv2.INTER_AREA), np.uint8)

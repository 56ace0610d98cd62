"""Photographed pages: the sheet found on the table it lies on, flattened for reading, and its places taken back."""

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from domain.models import Box, PageText, Table
from ocr.picture.raster import Picture
from ocr.picture.sheet_edges import lacks_part

_SIZE = 600
"""Pixels of the longer side of the copy in which the sheet is looked for."""
_LEAST_SHARE, _MOST_SHARE = 0.2, 0.97
"""Of the picture that the sheet covers."""
_FILLED = 0.93
"""Share of the four-sided figure that must be sheet."""
_CONTRAST = 0.75
"""Brightness of what lies around, against the sheet's."""
_BRIGHT = 95
"""Percentile of the brightness that is paper in the light."""
_THRESHOLDS = (0.75, 0.62, 0.5, 0.4, 0.32)
"""Of that brightness: from which a sheet is told from what it lies on, itself partly in the shade."""
_LEAST_AROUND = 0.1
"""Share of the ends of a photo at which no paper lies."""
_SAME_SHEET = 0.97
"""Of the largest figure, one that is the same sheet; it keeps closest to its edges at the highest threshold."""
_BESIDE = 6
"""Pixels to both hands of a side where its contrast is taken."""
_LEAST_PLACES, _LEAST_SIDES = 5, 3
"""Of a side within the picture, and sides that must be within it."""
_SHARP = 1.25
"""Contrast of a side; the edge of a soft shadow has 1.1, that of a sheet on dark wood 2 and more."""
_SLANT, _TURN = 1.2, 6.5
"""Degrees by which opposite sides may differ, and by which a sheet may be turned, on a scan."""
_A4, _LONG_SIDE = math.sqrt(2), 11.69
_LIKE_A4 = 0.25
"""By which the sides may seem to differ from A4, for the perspective shortens one of them."""

_Corners = npt.NDArray[np.float32]
"""Four points: left top, right top, right bottom, left bottom."""
_Outline = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Flattened:
    """A photographed sheet as a scanner would show it."""

    picture: Picture
    dpi: float
    """Estimated from the sheet's size as A4."""
    back: npt.NDArray[np.float64]
    """3 x 3: takes pixels of this picture to those of the photo."""
    torn: bool
    """Whether a corner or an edge of the sheet is missing; what lies in the shade is not."""


def flatten_photo(picture: Picture) -> Flattened | None:
    """Return the sheet that a photo shows aslant; None for a scan, or where no sheet stands out."""
    found = _find_sheet(picture)
    if found is None or not _is_aslant(found[0]):
        return None
    corners, torn = found
    wide = max(_length(corners[0], corners[1]), _length(corners[3], corners[2]))
    tall = max(_length(corners[0], corners[3]), _length(corners[1], corners[2]))
    if abs(max(wide, tall) / min(wide, tall) / _A4 - 1) < _LIKE_A4:
        wide, tall = (wide, wide * _A4) if tall > wide else (tall * _A4, tall)
    size = (round(wide), round(tall))
    target = np.array([[0, 0], [size[0], 0], [size[0], size[1]], [0, size[1]]], dtype=np.float32)
    there = cv2.getPerspectiveTransform(corners, target)
    flat = cv2.warpPerspective(picture, there, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    back = np.asarray(np.linalg.inv(there), dtype=np.float64)
    return Flattened(np.asarray(flat, dtype=np.uint8), max(size) / _LONG_SIDE, back, torn)


def on_photo(text: PageText, flat: Flattened, size: tuple[int, int]) -> PageText:
    """Return the text of a flattened page with its places on the photo, upright.

    Args:
        size: Width and height of the photo as stored.
    """
    stored = flat.picture.shape[1], flat.picture.shape[0]

    def moved(box: Box) -> Box:
        corners = [(x, y) for x in (box.x0, box.x1) for y in (box.y0, box.y1)]
        places = [_on_photo(_turned(point, -text.rotation), flat, stored, size) for point in corners]
        xs, ys = zip(*(_turned(place, text.rotation) for place in places), strict=True)
        return Box(*(min(1.0, max(0.0, value)) for value in (min(xs), min(ys), max(xs), max(ys))))

    def table(found: Table) -> Table:
        rows = tuple(tuple(replace(cell, box=moved(cell.box)) for cell in row) for row in found.rows)
        return Table(box=moved(found.box), rows=rows)

    width, height = size if text.rotation % 180 == 0 else (size[1], size[0])
    return replace(
        text,
        width=width,
        height=height,
        words=tuple(replace(word, box=moved(word.box)) for word in text.words),
        tables=tuple(map(table, text.tables)),
        findings=(*text.findings, "photo_page"),
    )


def _turned(point: tuple[float, float], degrees: int) -> tuple[float, float]:
    """Return where a point, in fractions, comes to lie when its picture is turned clockwise."""
    x, y = point
    return {0: (x, y), 90: (1 - y, x), 180: (1 - x, 1 - y), 270: (y, 1 - x)}[degrees % 360]


def _on_photo(
    point: tuple[float, float], flat: Flattened, stored: tuple[int, int], size: tuple[int, int]
) -> tuple[float, float]:
    x, y, scale = flat.back @ np.array([point[0] * stored[0], point[1] * stored[1], 1.0])
    return float(x / scale / size[0]), float(y / scale / size[1])


def _find_sheet(picture: Picture) -> tuple[_Corners, bool] | None:
    """Return the corners of the bright four-sided sheet that stands out from what it lies on, and whether it is torn.

    A shadow upon the sheet must not part it: of the figures with sharp sides, in gray and in the darkest of the three
    colors, in which wood is far darker than shaded paper, the largest is taken.
    """
    step = max(1, max(picture.shape[:2]) // (2 * _SIZE))  # every pixel counted would take five times as long
    rows, columns = picture.shape[0] // step, picture.shape[1] // step
    coarse = cv2.resize(picture[: rows * step, : columns * step], (columns, rows), interpolation=cv2.INTER_NEAREST)
    scale = min(1.0, _SIZE / max(coarse.shape[:2]))
    small = np.asarray(cv2.resize(coarse, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    planes = [small] if small.ndim == 2 else [cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), _darkest(small)]
    for plane in planes:
        soft = np.asarray(cv2.GaussianBlur(plane, (7, 7), 0), dtype=np.uint8)
        bright = float(np.percentile(soft, _BRIGHT))
        ends = np.concatenate([soft[0], soft[-1], soft[:, 0], soft[:, -1]])
        if float((ends < _CONTRAST * bright).mean()) < _LEAST_AROUND:
            continue  # paper up to the ends: a scan
        middle = cv2.threshold(soft, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[0]
        found = (_bright_figure(soft, threshold) for threshold in (middle, *(bright * part for part in _THRESHOLDS)))
        there = np.asarray(plane, dtype=np.uint8)
        figures = [each for each in found if each is not None and _stands_out(each[0], there)]
        if figures:
            largest = max(cv2.contourArea(figure) for figure, _ in figures)
            whole, outline = next(each for each in figures if cv2.contourArea(each[0]) > _SAME_SHEET * largest)
            corners = _ordered(whole.astype(np.float32) * np.float32(step / scale))
            return corners, lacks_part(outline, there.shape)
    return None


def _darkest(picture: Picture) -> Picture:
    """Return the darkest of a color picture's three colors, pixel by pixel."""
    red, green, blue = cv2.split(picture)
    return np.asarray(cv2.min(cv2.min(red, green), blue), dtype=np.uint8)


def _bright_figure(soft: Picture, threshold: float) -> tuple[_Outline, _Outline] | None:
    """Return the four corners and the outline of what is brighter than a threshold, None for another form or size."""
    mask = cv2.threshold(soft, threshold, 255, cv2.THRESH_BINARY)[1]
    mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8))
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not outlines:
        return None
    outline = np.asarray(max(outlines, key=cv2.contourArea), dtype=np.int32)
    hull = cv2.convexHull(outline)
    figure = np.asarray(cv2.approxPolyDP(hull, 0.02 * cv2.arcLength(hull, True), True), dtype=np.int32).reshape(-1, 2)
    area = float(cv2.contourArea(figure))
    share = area / float(mask.size)
    fits = len(figure) == 4 and _LEAST_SHARE <= share <= _MOST_SHARE and cv2.contourArea(outline) >= _FILLED * area
    return (figure, outline) if fits else None


def _stands_out(figure: npt.NDArray[np.int32], plane: Picture) -> bool:
    """Return whether a figure is brighter than all around it, and ends sharply on each side, as no shadow does."""
    inside = cv2.fillConvexPoly(np.zeros(plane.shape, np.uint8), figure, 255) > 0
    if inside.all() or float(np.median(plane[~inside])) > _CONTRAST * float(np.median(plane[inside])):
        return False
    sides = [_contrast(start, end, plane) for start, end in zip(figure, np.roll(figure, -1, axis=0), strict=True)]
    known = [side for side in sides if side is not None]
    return len(known) >= _LEAST_SIDES and min(known) >= _SHARP


def _contrast(start: npt.NDArray[np.int32], end: npt.NDArray[np.int32], plane: Picture) -> float | None:
    """Return how many times brighter it is on one hand of a side than on the other, None at the picture's edge."""
    along = (end - start).astype(np.float64)
    across = np.array([-along[1], along[0]]) / max(float(np.hypot(*along)), 1.0) * _BESIDE
    places = start + np.linspace(0.05, 0.95, 19)[:, None] * along
    one, other = np.rint(places + across).astype(np.int64), np.rint(places - across).astype(np.int64)
    height, width = plane.shape
    both = np.hstack([one, other])
    there = ((both >= 0) & (both < np.array([width, height, width, height]))).all(axis=1)
    if int(there.sum()) < _LEAST_PLACES:
        return None
    first = plane[one[there, 1], one[there, 0]].astype(np.float64) + 1
    second = plane[other[there, 1], other[there, 0]].astype(np.float64) + 1
    return max(float(np.percentile(first / second, 30)), float(np.percentile(second / first, 30)))


def _ordered(figure: _Corners) -> _Corners:
    sums, differences = figure.sum(axis=1), figure[:, 1] - figure[:, 0]
    chosen = [int(sums.argmin()), int(differences.argmin()), int(sums.argmax()), int(differences.argmax())]
    return np.asarray(figure[chosen], dtype=np.float32)


def _is_aslant(corners: _Corners) -> bool:
    """Return whether a sheet lies as none lies on a scanner: not at right angles, or turned."""
    if len({tuple(corner) for corner in corners.tolist()}) != 4:
        return False
    top, bottom = _angle(corners[0], corners[1]), _angle(corners[3], corners[2])
    left, right = _angle(corners[0], corners[3]) - 90, _angle(corners[1], corners[2]) - 90
    slants = (top - bottom, left - right, top - left)
    return max(map(abs, slants)) > _SLANT or max(map(abs, (top, bottom, left, right))) > _TURN


def _angle(start: npt.NDArray[np.float32], end: npt.NDArray[np.float32]) -> float:
    return math.degrees(math.atan2(float(end[1] - start[1]), float(end[0] - start[0])))


def _length(start: npt.NDArray[np.float32], end: npt.NDArray[np.float32]) -> float:
    return math.hypot(float(end[0] - start[0]), float(end[1] - start[1]))

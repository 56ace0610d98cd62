"""Whether a sheet is whole: torn, folded or covered corners and edges, where it lies on something darker."""

from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from ocr.picture.raster import Picture

_SIZE = 600
"""Pixels of the longer side of the copy that is looked at."""
_GROUND = 0.6
"""Of the paper's brightness: what is darker at the edges is no paper."""
_PAPER = 80
"""Percentile of the brightness that is paper."""
_FEW = 0.02
"""Share of the places along an end of the picture that may be dark by chance."""
_STRAIGHT = 0.01
"""Of the outline's length: what a straight edge may differ from a line."""
_LEAST_SHEET = 0.2
"""Of the picture, that a sheet covers."""
_LEAST_MISSING = 0.008
"""Of the sheet: a corner of four centimetres is 1.3 % of A4."""
_LEAST_DEPTH = 0.012
"""Of the longer side, half the width of what is missing: seams along an edge are none."""

_Points = npt.NDArray[np.float64]


def is_incomplete(picture: Picture) -> bool:
    """Return whether a part of a sheet's corners or edges is missing, folded over or covered by something dark.

    Nothing can be said of a sheet that was scanned on a white ground, or that is larger than the picture.
    """
    if not _has_dark_edge(picture):
        return False
    step = max(1, max(picture.shape[:2]) // (2 * _SIZE))
    coarse = np.ascontiguousarray(picture[::step, ::step])
    scale = min(1.0, _SIZE / max(coarse.shape[:2]))
    small = cv2.resize(coarse, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(_brightness(np.asarray(small, dtype=np.uint8)), (7, 7), 0)
    ground = _GROUND * float(np.percentile(soft, _PAPER))
    bright = np.asarray(soft > ground, dtype=np.uint8)
    mask = np.asarray(cv2.morphologyEx(bright, cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8)), dtype=np.uint8)
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not outlines:
        return False
    outline = np.asarray(max(outlines, key=cv2.contourArea), dtype=np.int32)
    return cv2.contourArea(outline) >= _LEAST_SHEET * mask.size and lacks_part(outline, mask.shape)


def lacks_part(outline: npt.NDArray[np.int32], shape: tuple[int, ...]) -> bool:
    """Return whether the outline of a sheet, within a picture of some shape, is that of a torn or folded one."""
    corners = _corners(outline)
    if corners is None:
        return False
    whole = cv2.fillConvexPoly(np.zeros(shape, np.uint8), np.rint(corners).astype(np.int32), 1)
    sheet = cv2.drawContours(np.zeros(shape, np.uint8), [outline], 0, 1, cv2.FILLED)
    missing = np.asarray((whole > sheet), dtype=np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(missing, connectivity=4)
    depths = cv2.distanceTransform(np.pad(missing, 1), cv2.DIST_L2, 3)[1:-1, 1:-1]
    large = np.flatnonzero(np.asarray(stats)[1:count, cv2.CC_STAT_AREA] >= _LEAST_MISSING * int(whole.sum())) + 1
    return any(float(depths[labels == number].max()) >= _LEAST_DEPTH * max(shape) for number in large.tolist())


def _has_dark_edge(picture: Picture) -> bool:
    """Return whether anything but paper lies at the ends of a picture."""
    few = max(1, max(picture.shape[:2]) // (_SIZE // 4))
    ground = _GROUND * float(np.percentile(_brightness(picture[::few, ::few]), _PAPER))
    ends = (picture[:2, ::few], picture[-2:, ::few], picture[::few, :2], picture[::few, -2:])
    return any(float((_brightness(end) < ground).mean()) > _FEW for end in ends)


def _brightness(picture: Picture) -> Picture:
    return picture if picture.ndim == 2 else np.asarray(picture.max(axis=2), dtype=np.uint8)


def _corners(outline: npt.NDArray[np.int32]) -> _Points | None:
    """Return the corners of the four-sided figure whose sides are the four longest straight ones of an outline."""
    hull = cv2.convexHull(outline)
    figure = cv2.approxPolyDP(hull, _STRAIGHT * cv2.arcLength(hull, True), True).reshape(-1, 2).astype(np.float64)
    if len(figure) < 4:
        return None
    sides = list(pairwise([*figure, figure[0]]))
    longest = sorted(range(len(sides)), key=lambda place: -float(np.hypot(*(sides[place][1] - sides[place][0]))))[:4]
    lines = [sides[place] for place in sorted(longest)]
    points = [_crossing(one, other) for one, other in pairwise([lines[-1], *lines])]
    return None if any(point is None for point in points) else np.array(points, dtype=np.float64)


def _crossing(one: tuple[_Points, _Points], other: tuple[_Points, _Points]) -> _Points | None:
    """Return where two lines cross, None where they are nearly parallel."""
    along, across = one[1] - one[0], other[1] - other[0]
    turn = along[0] * across[1] - along[1] * across[0]
    if abs(turn) < 0.3 * float(np.hypot(*along)) * float(np.hypot(*across)):
        return None
    between = other[0] - one[0]
    share = (between[0] * across[1] - between[1] * across[0]) / turn
    return np.asarray(one[0] + share * along, dtype=np.float64)

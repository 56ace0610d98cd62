"""What is on a straight page but no text, wiped out: dot leaders, rules and frames, dark borders, punch holes."""

from collections.abc import Mapping

import cv2
import numpy as np
import numpy.typing as npt

from ocr.picture.raster import Picture

_INK = 190
_MOST_COMPONENTS = 60_000
"""More is noise, and would not fit their 16-bit numbers."""
_FINE_DPI = 250
_MOST_BESIDE = 0.3
"""Share of a rule's length that may have ink close by, e.g. the tails of letters above it."""
_LEAST_PRINTED = 0.08
"""Inches; what is not so wide and so tall bears no letters."""
_DARK = 0.5
"""Share of its frame from which what reaches an edge is dark as a whole."""
_EDGE = 50
"""Part of a page's width or height that counts as its edge."""
_SHORTEST_RUN = 6
_SAMPLES = 15
"""Places at which a stroke is looked for along its least length, before it is measured."""
_Numbers = npt.NDArray[np.int64]
_Places = npt.NDArray[np.float64]
_Mask = npt.NDArray[np.bool_]


def wipe(picture: Picture, dpi: float) -> Picture:
    """Return a gray, straight, white-grounded picture without leaders, rules, borders and holes."""
    ink = np.asarray(cv2.threshold(picture, _INK, 255, cv2.THRESH_BINARY_INV)[1], dtype=np.uint8)
    rules = _rules(ink, dpi)
    result = picture.copy()
    if rules is not None:
        cv2.max(picture, rules, dst=result)
        cv2.subtract(ink, rules, dst=ink)
    try:
        count, labels, stats, centers = cv2.connectedComponentsWithStatsWithAlgorithm(
            ink, 8, cv2.CV_16U, cv2.CCL_SPAGHETTI
        )
    except cv2.error:  # more than 16-bit numbers can hold, e.g. a picture in dots
        return result
    if count > _MOST_COMPONENTS:
        return result
    sizes = np.asarray(stats, dtype=np.int64)
    dots = _leader_dots(sizes, np.asarray(centers, dtype=np.float64), dpi)
    for left, top, wide, tall in sizes[dots, :4].tolist():
        result[max(0, top - 1) : top + tall + 1, max(0, left - 1) : left + wide + 1] = 255
    for index in _borders_and_holes(sizes, picture.shape[:2], dpi):
        left, top, wide, tall = (int(value) for value in sizes[index, :4])
        part = result[top : top + tall, left : left + wide]
        own = np.asarray(labels)[top : top + tall, left : left + wide] == index
        part[own if _is_solid(sizes[index], dpi) else _without_print(own, dpi)] = 255
    return result


def _is_solid(sizes: _Numbers, dpi: float) -> bool:
    """Return whether a component at an edge lies along it, or is dark as a whole, so that it can hold no print."""
    _, _, wide, tall, area = sizes.tolist()
    return bool(min(wide, tall) <= _LEAST_PRINTED * dpi or area > _DARK * wide * tall)


def _without_print(border: _Mask, dpi: float) -> _Mask:
    """Return what of a component at an edge is line or dark as a whole; letters that touch it stay."""
    ink = np.where(border, np.uint8(255), np.uint8(0))
    thick = max(3, round(0.05 * dpi))
    solid = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((thick, thick), dtype=np.uint8))
    lines: dict[bool, Picture] = {}
    for upright in (False, True):
        long = _long_strokes(ink, max(20, round(0.6 * dpi)), upright=upright)
        if long is not None:
            lines[upright] = _grown(long)
    found = _grown(np.asarray(solid, dtype=np.uint8)) | _without_crossing(lines, ink, thick)
    return border & (found > 0)


def _rules(ink: Picture, dpi: float) -> Picture | None:
    """Return a mask of thin long lines, level or upright; None where there are none."""
    if dpi >= _FINE_DPI and min(ink.shape[:2]) > 2:
        height, width = ink.shape[:2]
        half = cv2.resize(ink, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
        coarse = _rules(np.asarray(cv2.threshold(half, 60, 255, cv2.THRESH_BINARY)[1], dtype=np.uint8), dpi / 2)
        if coarse is None:
            return None
        return np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_NEAREST), dtype=np.uint8)
    lines: dict[bool, Picture] = {}
    reach, thickest = max(20, round(0.6 * dpi)), max(3, round(0.03 * dpi))
    for upright in (False, True):
        fat = (thickest, 1) if upright else (1, thickest)
        long = _long_strokes(ink, reach, upright=upright)
        if long is None:
            continue
        thick = cv2.morphologyEx(long, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, fat))
        thin = np.asarray(cv2.subtract(long, thick), dtype=np.uint8)
        _keep_free_standing(thin, ink, dpi, upright=upright)
        lines[upright] = _grown(thin)
    return _without_crossing(lines, ink, thickest) if lines else None


def _without_crossing(lines: Mapping[bool, Picture], ink: Picture, thickest: int) -> Picture:
    """Return a mask of the lines, by whether they are upright, without the strokes of letters that cross them.

    These have ink to both hands of the line. Only lines that run to an edge of the page, as those of ruled paper, folds
    and streaks do, cross print; no rule of a form does.
    """
    found = np.zeros_like(ink)
    for mask in lines.values():
        found |= mask
    beside = cv2.bitwise_and(ink, cv2.bitwise_not(found))
    kept = np.zeros_like(ink)
    reach = thickest + 3
    for upright, mask in lines.items():
        across = _rows_to_edge(mask.T if upright else mask, thickest)
        if not across.any():
            continue
        kernel = np.ones((3, reach) if upright else (reach, 3), dtype=np.uint8)
        first, last = ((0, 1), (reach - 1, 1)) if upright else ((1, 0), (1, reach - 1))
        crossing = cv2.bitwise_and(cv2.dilate(beside, kernel, anchor=first), cv2.dilate(beside, kernel, anchor=last))
        on_line = cv2.bitwise_and(mask, crossing)
        kept |= np.where(across if upright else across[:, None], np.asarray(on_line, dtype=np.uint8), np.uint8(0))
    return found & ~kept


def _rows_to_edge(lines: Picture, around: int) -> _Mask:
    """Return for each row of a mask of level lines whether one runs to the left or right edge there, or nearby."""
    margin = max(1, lines.shape[1] // _EDGE)
    rows = np.asarray(lines[:, :margin].any(axis=1) | lines[:, -margin:].any(axis=1), dtype=np.uint8)
    near = cv2.dilate(rows.reshape(-1, 1), np.ones((2 * around + 1, 1), dtype=np.uint8))
    return np.asarray(near, dtype=np.bool_).ravel()


def _grown(mask: Picture) -> Picture:
    return np.asarray(cv2.dilate(mask, np.ones((3, 3), dtype=np.uint8)), dtype=np.uint8)


def _long_strokes(ink: Picture, reach: int, *, upright: bool) -> Picture | None:
    """Return what of the ink lies in level or upright strokes of some length, None where nothing does."""
    step = max(1, reach // _SAMPLES)
    least = max(1, reach // step - 3)  # so much of each such stroke is in every step-th row or column at least
    sampled = np.ascontiguousarray(ink[::step] if upright else ink[:, ::step])
    size, short = ((1, reach), (1, least)) if upright else ((reach, 1), (least, 1))
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, short)
    # each row or column is looked at by itself, and most have no such stroke
    lines = np.flatnonzero(np.asarray(cv2.erode(sampled, kernel)).any(axis=0 if upright else 1))
    if not len(lines):
        return None
    part = np.ascontiguousarray(ink[:, lines] if upright else ink[lines])
    opened = cv2.morphologyEx(part, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, size))
    if not cv2.countNonZero(opened):
        return None
    long = np.zeros_like(ink)
    if upright:
        long[:, lines] = opened
    else:
        long[lines] = opened
    return long


def _keep_free_standing(lines: Picture, ink: Picture, dpi: float, *, upright: bool) -> None:
    """Take out of a mask of lines those with ink along them: strokes of letters that touch, not rules."""
    near = max(2, round(0.02 * dpi))
    # on a nearly empty mask outlines are found in a tenth of the time of labels
    outlines, relations = cv2.findContours(lines, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    for outline, relation in zip(outlines, () if relations is None else relations[0], strict=True):
        if relation[3] != -1:
            continue  # the edge of a hole
        left, top, wide, tall = cv2.boundingRect(outline)
        before = (slice(top, top + tall), slice(max(0, left - near), left))
        after = (slice(top, top + tall), slice(left + wide, left + wide + near))
        if not upright:
            before = (slice(max(0, top - near), top), slice(left, left + wide))
            after = (slice(top + tall, top + tall + near), slice(left, left + wide))
        if max(_share(ink[before], upright=upright), _share(ink[after], upright=upright)) > _MOST_BESIDE:
            lines[top : top + tall, left : left + wide] = 0


def _share(strip: Picture, *, upright: bool) -> float:
    """Return the share of a strip's length along which it has ink."""
    return float(strip.any(axis=1 if upright else 0).mean()) if strip.size else 0.0


def _leader_dots(sizes: _Numbers, centers: _Places, dpi: float) -> list[int]:
    """Return the components that are dots of a dotted line: small, close and on one level."""
    largest = max(3.0, 0.024 * dpi)
    small = (sizes[:, cv2.CC_STAT_WIDTH] <= largest) & (sizes[:, cv2.CC_STAT_HEIGHT] <= largest)
    indexes = np.flatnonzero(small)
    if len(indexes) < _SHORTEST_RUN:
        return []
    levels = np.rint(centers[indexes, 1]).astype(np.int64)
    counts = np.bincount(levels, minlength=int(levels.max()) + 3).astype(np.int64)
    near = counts.copy()
    near[1:] += counts[:-1]
    near[:-1] += counts[1:]
    chosen: set[int] = set()
    for level in np.flatnonzero((near >= _SHORTEST_RUN) & (counts > 0)):
        row = indexes[np.abs(levels - level) <= max(1, round(0.004 * dpi))]
        chosen.update(_dots_of_row(row[np.argsort(centers[row, 0])], centers, dpi))
    return sorted(chosen)


def _dots_of_row(row: _Numbers, centers: _Places, dpi: float) -> list[int]:
    """Return the dots of a row that stand in runs, and those between runs that keep step with one of them."""
    xs = centers[row, 0]
    close = np.diff(xs) <= 0.055 * dpi
    padded = np.concatenate(([False], close, [False]))
    starts, ends = np.flatnonzero(~padded[:-1] & padded[1:]), np.flatnonzero(padded[:-1] & ~padded[1:])
    chosen = np.zeros(len(row), dtype=bool)
    for start, end in zip(starts, ends, strict=True):
        if end - start + 1 < _SHORTEST_RUN:
            continue
        chosen[start : end + 1] = True
        chosen |= _in_step(xs, xs[start : end + 1])
    return [int(index) for index in row[chosen]]


def _in_step(xs: _Places, run: _Places) -> npt.NDArray[np.bool_]:
    """Return which of the places continue a run of even spacing, as pairs at least: a lone dot may be a tone mark."""
    period = float(np.median(np.diff(run)))
    steps = np.rint((run - run[0]) / period)
    if steps[-1] < _SHORTEST_RUN:
        return np.zeros(len(xs), dtype=bool)
    away = steps - steps.mean()
    period = float(away @ run / (away @ away))
    first = float(run.mean()) - period * float(steps.mean())
    places = (xs - first) / period
    reach = np.maximum(-places, places - steps[-1])
    on_step = (np.abs(places - np.rint(places)) < 0.18) & (reach < 4 * steps[-1] + 10)
    numbers = np.rint(places)
    there = np.append(np.sort(numbers[on_step]), np.inf)
    paired = (there[np.searchsorted(there, numbers - 1)] == numbers - 1) | (
        there[np.searchsorted(there, numbers + 1)] == numbers + 1
    )
    return np.asarray(on_step & (paired | (reach <= 2)), dtype=np.bool_)


def _borders_and_holes(sizes: _Numbers, shape: tuple[int, ...], dpi: float) -> list[int]:
    height, width = shape[0], shape[1]
    left, top = sizes[:, cv2.CC_STAT_LEFT], sizes[:, cv2.CC_STAT_TOP]
    wide, tall, area = sizes[:, cv2.CC_STAT_WIDTH], sizes[:, cv2.CC_STAT_HEIGHT], sizes[:, cv2.CC_STAT_AREA]
    at_edge = (left <= 1) | (top <= 1) | (left + wide >= width - 1) | (top + tall >= height - 1)
    border = at_edge & (np.maximum(wide, tall) > 0.4 * dpi)
    in_margin = (left + wide < 0.9 * dpi) | (left > width - 0.9 * dpi)
    round_size = (np.minimum(wide, tall) > 0.12 * dpi) & (np.maximum(wide, tall) < 0.45 * dpi)
    hole = in_margin & round_size & (area > 0.65 * wide * tall) & (np.abs(wide - tall) < 0.3 * np.maximum(wide, tall))
    chosen = border | hole
    chosen[0] = False  # the ground
    return [int(index) for index in np.flatnonzero(chosen)]

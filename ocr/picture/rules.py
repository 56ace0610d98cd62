"""The cells of ruled tables, found by their lines before these are wiped from the copy that is read."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from ocr.picture.raster import Picture, scaled_down

_DPI = 100
"""Resolution at which lines are looked for."""
_INK = 190
_ACROSS, _DOWN = 40, 24
"""Shortest lines, in pixels of that resolution; stems of letters are shorter."""
_GAP = 15
"""Pixels over which a broken line goes on."""
_SAME = 10
"""Pixels between lines that are one: double and thick lines."""
_AT_EDGE = 10
"""Pixels of that resolution from the picture's upper and lower edge, between which no rule of a table stands."""
_LEAST_SIDE = 24
_THERE = 0.5
"""Share of a cell's side that must be ruled, for the cell to end there."""
_LEAST_CELLS, _MOST_CELLS = 4, 4000
_BESIDE = 0.03
"""Inches by which a rule may bend away from where its cells end."""
_LEAST_PIECE = 0.08
"""Inches, of what is left of a broken rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellPlace:
    """A cell of a grid, in pixels of the picture."""

    row: int
    """From 0; of its first row where it spans several."""
    column: int
    rows: int
    """How many it spans."""
    columns: int
    left: float
    top: float
    right: float
    bottom: float


Grid = tuple[CellPlace, ...]
"""The cells of a table, row by row."""


def find_grids(picture: Picture, dpi: float) -> tuple[Grid, ...]:
    """Return the ruled tables of a straight gray picture on white ground, from the top down.

    A frame around a text, a letterhead's line or a form's dotted lines make no table: it has two rows and columns.
    """
    scale = min(1.0, _DPI / dpi)
    ink = np.asarray(cv2.threshold(picture, _INK, 255, cv2.THRESH_BINARY_INV)[1], dtype=np.uint8)
    small = scaled_down(ink, scale)
    small = np.asarray(cv2.threshold(small, 60, 255, cv2.THRESH_BINARY)[1], dtype=np.uint8)
    down = _without_streaks(_lines(small, (1, _DOWN), (1, _GAP)))
    across = _lines(small, (_ACROSS, 1), (_GAP, 1)) if down is not None else None
    if across is None or down is None:
        return ()
    net = cv2.dilate(cv2.bitwise_or(across, down), np.ones((5, 5), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(net, connectivity=8)
    found: list[Grid] = []
    for index in range(1, count):
        left, top, wide, tall = (int(value) for value in stats[index, :4])
        if wide < 3 * _ACROSS or tall < 2 * _DOWN:
            continue
        part = (slice(top, top + tall), slice(left, left + wide))
        own = labels[part] == index
        cells = _cells(np.where(own, across[part], 0), np.where(own, down[part], 0))
        found += [tuple(_moved(cell, left, top, 1 / scale) for cell in cells)] if cells else []
    return tuple(sorted(found, key=lambda grid: grid[0].top))


def wipe_edges(picture: Picture, grids: Sequence[Grid], dpi: float) -> None:
    """Wipe out of a gray picture what runs along the sides of tables' cells: rules, and the pieces of broken ones."""
    reach, least = max(2, round(_BESIDE * dpi)), max(5, round(_LEAST_PIECE * dpi))
    for cell in (cell for grid in grids for cell in grid):
        rows = slice(max(0, int(cell.top) - reach), int(cell.bottom) + reach + 1)
        columns = slice(max(0, int(cell.left) - reach), int(cell.right) + reach + 1)
        for y in (cell.top, cell.bottom):
            _wipe_pieces(picture[max(0, int(y) - reach) : int(y) + reach + 1, columns], (least, 1))
        for x in (cell.left, cell.right):
            _wipe_pieces(picture[rows, max(0, int(x) - reach) : int(x) + reach + 1], (1, least))


def _wipe_pieces(strip: Picture, least: tuple[int, int]) -> None:
    """Wipe out of a strip along a rule the pieces of at least some width and height, in pixels."""
    ink = cv2.threshold(strip, _INK, 255, cv2.THRESH_BINARY_INV)[1]
    pieces = cv2.morphologyEx(ink, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, least))
    strip[cv2.dilate(pieces, np.ones((3, 3), np.uint8)) > 0] = 255


def _lines(ink: Picture, shortest: tuple[int, int], gap: tuple[int, int]) -> Picture | None:
    long = cv2.morphologyEx(ink, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, shortest))
    if not cv2.countNonZero(long):
        return None
    return np.asarray(
        cv2.morphologyEx(long, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_RECT, gap)), dtype=np.uint8
    )


def _without_streaks(down: Picture | None) -> Picture | None:
    """Return upright lines but for those from edge to edge of the picture: dust on a scanner's glass, no rules."""
    if down is None or not (down[:_AT_EDGE].any() and down[-_AT_EDGE:].any()):
        return down
    _, labels, stats, _ = cv2.connectedComponentsWithStats(down, connectivity=8)
    tops, heights = stats[:, cv2.CC_STAT_TOP], stats[:, cv2.CC_STAT_HEIGHT]
    streaks = (tops < _AT_EDGE) & (tops + heights > len(down) - _AT_EDGE)
    streaks[0] = False  # the ground
    return np.where(streaks[labels], 0, down).astype(np.uint8) if streaks.any() else down


def _cells(across: Picture, down: Picture) -> list[CellPlace]:
    """Return the cells between the lines of one net, none where it is no table."""
    ys = _places(np.asarray(across.any(axis=1)), np.asarray(down.any(axis=1)))
    xs = _places(np.asarray(down.any(axis=0)), np.asarray(across.any(axis=0)))
    rows, columns = len(ys) - 1, len(xs) - 1
    if rows < 2 or columns < 2 or rows * columns > _MOST_CELLS:
        return []
    owner = {(row, column): (row, column) for row in range(rows) for column in range(columns)}
    for row, (top, bottom) in enumerate(pairwise(ys)):
        for column, (left, right) in enumerate(pairwise(xs)):
            if column + 1 < columns and not _is_ruled(down[top + 2 : bottom - 1, right - 4 : right + 5], upright=True):
                _join(owner, (row, column), (row, column + 1))
            if row + 1 < rows and not _is_ruled(across[bottom - 4 : bottom + 5, left + 2 : right - 1], upright=False):
                _join(owner, (row, column), (row + 1, column))
    members: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for place, root in owner.items():
        members.setdefault(root, []).append(place)
    if len(members) < _LEAST_CELLS:
        return []
    return sorted((_cell(places, xs, ys) for places in members.values()), key=lambda cell: (cell.row, cell.column))


def _places(ruled: npt.NDArray[np.bool_], reached: npt.NDArray[np.bool_]) -> list[int]:
    """Return where the lines of one direction stand, and the ends of the lines that cross them, if no line is there."""
    own, crossing = np.flatnonzero(ruled), np.flatnonzero(reached)
    if not len(own) or not len(crossing):
        return []
    groups = np.split(own, np.flatnonzero(np.diff(own) > _SAME) + 1)
    places = [round(float(group.mean())) for group in groups]
    first, last = int(crossing[0]), int(crossing[-1])
    before = [first] if places[0] - first >= _LEAST_SIDE else []
    behind = [last] if last - places[-1] >= _LEAST_SIDE else []
    return [*before, *places, *behind]


def _is_ruled(strip: Picture, *, upright: bool) -> bool:
    return bool(strip.size) and float(strip.any(axis=1 if upright else 0).mean()) >= _THERE


def _join(owner: dict[tuple[int, int], tuple[int, int]], first: tuple[int, int], second: tuple[int, int]) -> None:
    old, new = owner[second], owner[first]
    if old != new:
        owner.update({place: new for place, root in owner.items() if root == old})


def _cell(places: Sequence[tuple[int, int]], xs: Sequence[int], ys: Sequence[int]) -> CellPlace:
    rows, columns = [row for row, _ in places], [column for _, column in places]
    return CellPlace(
        row=min(rows),
        column=min(columns),
        rows=max(rows) - min(rows) + 1,
        columns=max(columns) - min(columns) + 1,
        left=xs[min(columns)],
        top=ys[min(rows)],
        right=xs[max(columns) + 1],
        bottom=ys[max(rows) + 1],
    )


def _moved(cell: CellPlace, left: int, top: int, factor: float) -> CellPlace:
    return CellPlace(
        row=cell.row,
        column=cell.column,
        rows=cell.rows,
        columns=cell.columns,
        left=(cell.left + left) * factor,
        top=(cell.top + top) * factor,
        right=(cell.right + left) * factor,
        bottom=(cell.bottom + top) * factor,
    )

"""Which lines belong to one value or cell: how they stand below one another."""

import re
from collections.abc import Sequence
from statistics import median

from ocr.fields.label_places import ENUMERATOR, LabelPlace, has_colon
from ocr.fields.lines import Line, Piece, join, trim

CELL_GAP = 0.8
"""In heights of a line: the least gap between a label and a value in the cell beside it."""
_ALIGNED = 0.008
"""Of the page's width: how far apart the beginnings of the lines of one cell may be."""
INDENT = 0.02
"""Of the page's width: a value under its label may begin so much further left."""
NEXT_LINE = 2.6
"""In heights of a line: the greatest distance from one line of a value to the next."""
HEADED = re.compile(r"[0-9IVX]{1,4}[.)-]|[a-zđ][.)]|[-+•*]")
"""What stands before the items of a list, also without a blank behind it."""


def is_aligned(above: Sequence[Piece], below: Sequence[Piece]) -> bool:
    """Return whether two lines of a cell begin one below the other."""
    return abs(above[0].box.x0 - below[0].box.x0) < _ALIGNED


def goes_on_in_cell(
    flow: Sequence[Line], number: int, place: LabelPlace, following: Line, pieces: Sequence[Piece]
) -> bool:
    """Return whether the next line begins below a value that stands apart from its label, with nothing at its left."""
    value, label, line = trim(pieces), flow[place.line].pieces[place.last], flow[place.line]
    if not value or not trim(following.pieces) or flow[number + 1].pieces[0].box.x0 < label.box.x1:
        return False
    apart = (value[0].box.x0 - label.box.x1) * line.aspect > CELL_GAP * line.height
    same_case = following.capital == join(value).isupper()
    return apart and same_case and is_aligned(value, following.pieces) and is_right_above(flow[number], following)


def stands_under_label(flow: Sequence[Line], place: LabelPlace, following: Line) -> bool:
    """Return whether a line begins below a label with a colon that ends its line, and looks like its value."""
    if not following.pieces:
        return False
    line = flow[place.line]
    label, first = line.pieces[place.first], following.pieces[0]
    label = line.pieces[0] if all(ENUMERATOR.fullmatch(p.text) for p in line.pieces[: place.first]) else label
    under = label.box.x0 - INDENT < first.box.x0 < line.pieces[place.first].box.x1 + INDENT
    ended = place.last == len(line.pieces) - 1 and has_colon(flow, place) and is_right_above(line, following)
    return ended and under and ":" not in following.text and not HEADED.match(first.text)


def level(line: Line) -> float:
    """Return the height at which most words of a line stand, whatever a single one that was read too tall."""
    return median((piece.box.y0 + piece.box.y1) / 2 for piece in line.pieces)


def is_right_above(line: Line, below: Line) -> bool:
    """Return whether two lines are as near as those of one value."""
    near = level(below) - level(line) <= NEXT_LINE * max(line.height, below.height)
    return near and below.page == line.page

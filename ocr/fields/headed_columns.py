"""Tables that name two people above their columns (`Bên nam | Bên nữ`), with labels at the left or in the cells."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from ocr.fields.kinds import Section
from ocr.fields.lines import Line
from ocr.lexicon.matching import distance, phrase, squeeze

_ROWS = 14
"""Lines under the names from which the edges of the columns are told."""
_CELL_GAP = 0.45
"""In heights of a line: the least gap between what stands in two cells."""
_NEAR = 0.008
"""Of the page's width: how far apart the beginnings of the lines of a column may be."""
_LABELS = 0.06
"""Of the page's width: a column of labels is at least so wide."""
_FEWEST = 3
"""Rows that must begin where a column does."""


def headed_columns(lines: Sequence[Line], index: int, sections: Sequence[Section]) -> tuple[Sequence[Line], int] | None:
    """Return the lines of a table one column after the other, each with the labels at its left, and where it ends.

    None where no line with the names of two columns stands at the index.
    """
    heads = {squeeze(text): section.name for section in sections for text in section.heads}
    named = [(part, _section(part, heads)) for part in lines[index].parts] if heads else []
    found = [part for part, name in named if name]
    if len({name for _, name in named if name}) < 2:
        return None
    rows = lines[index + 1 : min(index + 1 + _ROWS, _end(lines, index + 1, sections, ()))]
    starts = _aligned(rows)
    if not starts:
        return None
    left = min(starts)
    edges = [_edge(starts, (a.box.x0 + a.box.x1) / 2, b.box.x0) or b.box.x0 for a, b in pairwise(found)]
    values = {x: count for x, count in starts.items() if count >= starts[left] / 2}
    labels = _edge(values, left + _LABELS, found[0].box.x0) or 0.0
    end = _end(lines, index + 1, sections, [x for x in (labels, *edges) if x])
    flow = []
    for head, (x0, x1) in zip(found, pairwise([labels, *edges, 1.0]), strict=True):
        cells = [line.within(0.0, labels).pieces + line.within(x0, x1).pieces for line in lines[index + 1 : end]]
        shown = [line.cut(pieces) for line, pieces in zip(lines[index + 1 : end], cells, strict=True) if pieces]
        shown = [line for line in shown if any(not piece.blank for piece in line.pieces)]
        margin = max((line.box.x1 for line in shown), default=x1)
        flow += [replace(line, margin=margin) for line in (head, *shown)]
    return flow, end


def _section(part: Line, heads: Mapping[str, str]) -> str:
    """Return the section that a part of a line names, with one letter misread at most; empty for none."""
    letters = squeeze(part.text)
    return heads.get(letters) or next((name for head, name in heads.items() if distance(head, letters, 1) <= 1), "")


def _aligned(rows: Sequence[Line]) -> Mapping[float, int]:
    """Return where cells begin on several rows, and on how many."""
    begun = sorted(x for row in rows for x in _cells(row))
    groups: list[list[float]] = []
    for x in begun:
        if groups and x - groups[-1][0] <= _NEAR:
            groups[-1].append(x)
        else:
            groups.append([x])
    return {group[0]: len(group) for group in groups if len(group) >= _FEWEST}


def _cells(line: Line) -> list[float]:
    """Return where the pieces of a line begin that are the first of it or stand apart from what is before them."""
    apart = [
        right.box.x0
        for left, right in pairwise(line.pieces)
        if (right.box.x0 - left.box.x1) * line.aspect > _CELL_GAP * line.height
    ]
    return [line.pieces[0].box.x0, *apart]


def _edge(starts: Mapping[float, int], after: float, until: float) -> float | None:
    """Return where a column begins between two places: there most rows do."""
    between = {x: count for x, count in starts.items() if after < x <= until + _NEAR}
    return max(between, key=lambda x: between[x]) - _NEAR / 2 if between else None


def _end(lines: Sequence[Line], first: int, sections: Sequence[Section], edges: Sequence[float]) -> int:
    """Return the index of the first line that is no row of the table: it runs across an edge, or a section ends."""
    phrases = [phrase(text) for s in sections for text in (*s.ends, *(() if s.heads else s.starts))]
    for index in range(first, len(lines)):
        line = lines[index]
        if line.page != lines[first].page or any(line.find(p) for p in phrases) or _crosses(line, edges):
            return index
    return len(lines)


def _crosses(line: Line, edges: Sequence[float]) -> bool:
    for edge in edges:
        if any(piece.box.x0 < edge - _NEAR and piece.box.x1 > edge + _NEAR for piece in line.pieces):
            return True
        for left, right in pairwise(line.pieces):
            near = (right.box.x0 - left.box.x1) * line.aspect <= _CELL_GAP * line.height
            if near and left.box.x1 <= edge + _NEAR / 2 and right.box.x0 >= edge - _NEAR / 2:
                return True
    return False

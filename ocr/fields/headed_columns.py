"""Tables that name two people above their columns (`Bên nam | Bên nữ`), with labels at the left or in the cells."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from ocr.fields.kinds import Section
from ocr.fields.lines import Line
from ocr.lexicon.matching import distance, phrase, squeeze

_CELL_GAP = 0.7
"""In heights of a line: the least width of the white between two columns."""
_FEWEST = 3
"""Rows that a table has at least."""
_LONG = 5
"""Letters of a name from which one may be misread."""


def headed_columns(lines: Sequence[Line], index: int, sections: Sequence[Section]) -> tuple[Sequence[Line], int] | None:
    """Return the lines of a table one column after the other, each with the labels at its left, and where it ends.

    None where no line with the names of two columns stands at the index, or nothing white runs down between them.
    """
    heads = {squeeze(text): section.name for section in sections for text in section.heads}
    named = [(part, _section(part, heads)) for part in lines[index].parts] if heads else []
    found = [part for part, name in named if name]
    if len({name for _, name in named if name}) < 2:
        return None
    middles = [(head.box.x0 + head.box.x1) / 2 for head in found]
    end = _end(lines, index + 1, sections, list(pairwise(middles)))
    rows = lines[index + 1 : end]
    if len(rows) < _FEWEST:
        return None
    edges = [_white(lines[index:end], a, b) or b for a, b in pairwise(middles)]
    left = min(line.box.x0 for line in rows)
    labels = _white(lines[index:end], left, middles[0]) or 0.0
    flow: list[Line] = []
    for head, (x0, x1) in zip(found, pairwise([labels, *edges, 1.0]), strict=True):
        cells = [row.within(0.0, labels).pieces + row.within(x0, x1).pieces for row in rows]
        shown = [row.cut(pieces) for row, pieces in zip(rows, cells, strict=True) if pieces]
        shown = [row for row in shown if any(not piece.blank for piece in row.pieces)]
        margin = max((row.box.x1 for row in shown), default=x1)
        flow += [replace(line, margin=margin) for line in (head, *shown)]
    return flow, end


def _section(part: Line, heads: Mapping[str, str]) -> str:
    """Return the section that a part of a line names, with one letter misread at most; empty for none."""
    letters = squeeze(part.text)
    near = (name for head, name in heads.items() if len(head) >= _LONG and distance(head, letters, 1) <= 1)
    return heads.get(letters) or next(near, "")


def _end(lines: Sequence[Line], first: int, sections: Sequence[Section], between: Sequence[tuple[float, float]]) -> int:
    """Return the index of the first line that is no row: no white is left between the columns, or a section ends."""
    phrases = [phrase(text) for s in sections for text in (*s.ends, *(() if s.heads else s.starts))]
    for index in range(first, len(lines)):
        line, rows = lines[index], lines[first - 1 : index + 1]
        if line.page != lines[first - 1].page or any(line.find(p) for p in phrases):
            return index
        if any(_white(rows, a, b) is None for a, b in between):
            return index
    return len(lines)


def _white(rows: Iterable[Line], x0: float, x1: float) -> float | None:
    """Return the middle of the widest white that runs down rows between two places, None where there is none."""
    reached, widest, middle = x0, 0.0, None
    shown = [piece.box for row in rows for piece in row.pieces if not piece.blank]
    least = max((_CELL_GAP * row.height / row.aspect for row in rows), default=0.0)
    for box in [*sorted(box for box in shown if box.x1 > x0 and box.x0 < x1), None]:
        begin = box.x0 if box else x1
        if begin - reached > max(widest, least):
            widest, middle = begin - reached, (reached + begin) / 2
        reached = max(reached, box.x1) if box else reached
    return middle

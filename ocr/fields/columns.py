"""Sections of a form that are printed side by side: their lines one column after the other."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from ocr.fields.headed_columns import headed_columns
from ocr.fields.kinds import Section
from ocr.fields.label_places import LabelPlace, in_line
from ocr.fields.lines import Line
from ocr.lexicon.matching import phrase

_RIGHT_COLUMN = 0.35
"""Of the page's width: a right column begins right of it."""
_FIRST_LINES = 4
"""Lines on which a section at the right begins at the latest, where another begins at the left."""
_FAINT = 0.5
"""Word confidence under which so few letters alone on a line are a mark."""
_FEW_LETTERS = 2


def arrange(lines: Sequence[Line], sections: Sequence[Section]) -> list[Line]:
    """Return the lines so that sections that are printed side by side come one after the other."""
    flow: list[Line] = []
    index = 0
    while index < len(lines):
        table = headed_columns(lines, index, sections)
        if table is not None:
            rows, index = table
            flow += rows
            continue
        edge = _side_by_side(lines, index, sections)
        if edge is None:
            if not _is_speck(lines[index]):
                flow.append(lines[index])
            index += 1
            continue
        end = _end_of_columns(lines, index, sections)
        for x0, x1 in ((0.0, edge), (edge, 1.0)):
            columns = [line.within(x0, x1) for line in lines[index:end]]
            filled = [line for line in columns if any(not p.blank for p in line.pieces) and not _is_speck(line)]
            margin = max((line.box.x1 for line in filled), default=x1)
            flow += [replace(line, margin=margin) for line in filled]
        index = end
    return flow


def _is_speck(line: Line) -> bool:
    """Return whether a line is nothing but a mark that was read as a letter or two with doubt."""
    letters = [char for piece in line.pieces for char in piece.text if char.isalnum()]
    doubtful = all(piece.word.confidence < _FAINT for piece in line.pieces)
    return doubtful and len(letters) <= _FEW_LETTERS and not any(char.isdigit() for char in letters)


def _side_by_side(lines: Sequence[Line], index: int, sections: Sequence[Section]) -> float | None:
    """Return where the right one of two sections begins that begin on a line.

    One of their labels may have been lost, and what stands at the right may be a little lower; a form that has the
    other section at the left, above or below, has none at the right.
    """
    line, beside = lines[index], [section for section in sections if section.column]
    starts = {section.name: x0 for section in beside if (x0 := _start(section, line)) is not None}
    if not starts:
        return None
    if max(starts.values()) > _RIGHT_COLUMN:
        return max(starts.values()) - 0.01
    page = [one for one in lines if one.page == line.page]
    others = [section for section in beside if section.name not in starts]
    if any((x0 := _start(section, one)) is not None and x0 < _RIGHT_COLUMN for section in others for one in page):
        return None
    parts = (part for one in lines[index : index + _FIRST_LINES] if one.page == line.page for part in one.parts)
    return next((part.box.x0 - 0.01 for part in parts if part.box.x0 > _RIGHT_COLUMN), None)


def _start(section: Section, line: Line) -> float | None:
    """Return where a section begins on a line, None where it does not."""
    found = [p.first for text in section.starts for p in in_line(0, line, text) if line.starts_part(p.first)]
    return line.pieces[min(found)].box.x0 if found else None


def _end_of_columns(lines: Sequence[Line], start: int, sections: Sequence[Section]) -> int:
    phrases = [phrase(text) for section in sections for text in section.ends]
    for index in range(start + 1, len(lines)):
        if lines[index].page != lines[start].page or any(lines[index].find(p) for p in phrases):
            return index
    return len(lines)


def implied_sections(
    flow: Sequence[Line], places: Sequence[LabelPlace], sections: Sequence[Section]
) -> Mapping[int, str]:
    """Return the section of each column whose beginning was not read, since the one beside it is the other section.

    Returns:
        Names of sections by the number of the line with which the column begins.
    """
    beside = [section for section in sections if section.column]
    if len(beside) != 2:
        return {}
    starts = {text: section.name for section in beside for text in section.starts}
    implied: dict[int, str] = {}
    for left, right in pairwise(_columns(flow)):
        found = [{starts[p.text] for p in places if p.line in column and p.text in starts} for column in (left, right)]
        if left.stop == right.start and sorted(map(len, found)) == [0, 1]:
            column, taken = (left, found[1]) if found[1] else (right, found[0])
            implied[column.start] = next(section.name for section in beside if section.name not in taken)
    return implied


def _columns(flow: Sequence[Line]) -> list[range]:
    """Return the runs of lines that stand one below the other in a column."""
    found: list[range] = []
    begin: int | None = None
    for number, line in enumerate([*flow, None]):
        above = flow[number - 1] if number else None
        goes_on = line is not None and line.margin is not None
        if begin is not None and (
            not goes_on or (line and above and (line.margin, line.page) != (above.margin, above.page))
        ):
            found.append(range(begin, number))
            begin = None
        if begin is None and goes_on:
            begin = number
    return found

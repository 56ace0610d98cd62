"""Words of a straight page, put into lines and blocks in the order in which a person reads them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from domain.vietnamese import fold


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedWord:
    """A word on a straight page, in pixels from the top left corner."""

    text: str
    confidence: float
    left: float
    top: float
    right: float
    bottom: float
    line: int
    """Number of the line that the reader put it in; words of other lines are never joined to it."""
    raw: str = ""
    """As first read, where it was corrected."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """Words that stand on one line of one column, from left to right."""

    words: tuple[PlacedWord, ...]
    left: float
    top: float
    right: float
    bottom: float

    @property
    def height(self) -> float:
        """In pixels."""
        return self.bottom - self.top

    @property
    def text(self) -> str:
        """The words with single blanks between them."""
        return " ".join(word.text for word in self.words)


Block = tuple[TextLine, ...]

_COLUMN_GAP = 2.2
"""Times the line's height: blanks of justified lines are narrower."""
_NARROW_GAP = 0.9
"""The same, before words that begin the right column of a letterhead."""
_GUTTER = 0.8
"""Times the line's height: the least width of the white between two columns."""
_APART = 0.9
"""Times the line's height: white above a line that no longer belongs to its column."""
_PROSE_LINES = 6
_PROSE_WORDS = 4.5
"""Words to a line, in the mean, from which a column is running text."""
_LABELED = 3
"""A column of which every third line has a label before a value is no running text."""
_FORM_ROWS = 2
"""Rows of labels side by side that make a form."""
_ALIGNED = 0.35
"""Times the line's height by which lines of one row may be off."""
_RIGHT_COLUMN = re.compile(r"(cong hoa xa|doc lap\b)")
_COLUMNS = re.compile(r"(cong hoa xa hoi|doc lap|noi nhan)")


def arrange(words: Sequence[PlacedWord]) -> tuple[Block, ...]:
    """Return the words as blocks of lines in reading order.

    Lines side by side make columns, which are read one after the other where they are a letterhead or a signature
    block, and row by row where they are a table or a form.
    """
    lines = sorted(_segments(words), key=lambda line: (line.top + line.bottom) / 2)
    blocks: list[Block] = []
    plain: list[TextLine] = []
    index = 0
    while index < len(lines):
        end, gutter = _band(lines, index)
        if gutter is None:
            plain.append(lines[index])
            index += 1
            continue
        blocks += [tuple(plain)] if plain else []
        plain = []
        blocks += _band_blocks(lines[index:end], gutter)
        index = end
    return (*blocks, tuple(plain)) if plain else tuple(blocks)


def page_text(blocks: Sequence[Block]) -> str:
    """Return the text of blocks: a line each, blocks set apart by an empty line."""
    return "\n".join("".join(line.text + "\n" for line in block) for block in blocks)


def _line(words: Sequence[PlacedWord]) -> TextLine:
    ordered = tuple(sorted(words, key=lambda word: word.left))
    return TextLine(
        ordered,
        min(word.left for word in ordered),
        _middle([word.top for word in ordered]),
        max(word.right for word in ordered),
        _middle([word.bottom for word in ordered]),
    )


def _middle(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2]


def _segments(words: Sequence[PlacedWord]) -> list[TextLine]:
    """Return the reader's lines, cut where the gap between two words is a column's."""
    lines = []
    for _, group in groupby(sorted(words, key=lambda word: word.line), key=lambda word: word.line):
        ordered = sorted(group, key=lambda word: word.left)
        height = _middle([word.bottom - word.top for word in ordered])
        start = 0
        for index in range(1, len(ordered)):
            following = fold(" ".join(word.text for word in ordered[index : index + 3]))
            widest = _NARROW_GAP if _RIGHT_COLUMN.match(following) else _COLUMN_GAP
            if ordered[index].left - ordered[index - 1].right > widest * height:
                lines.append(_line(ordered[start:index]))
                start = index
        lines.append(_line(ordered[start:]))
    return lines


def _band(lines: Sequence[TextLine], start: int) -> tuple[int, float | None]:
    """Return the end of the longest run of lines from a start that leave a gutter between them, and its middle."""
    best, middle = start + 1, None
    for end in range(start + 2, len(lines) + 1):
        run = lines[start:end]
        if run[-1].top - max(line.bottom for line in run[:-1]) > 6 * run[-1].height:
            break
        gutter = _gutter(run)
        if gutter is None:
            break
        left = [line for line in run if line.right <= gutter]
        right = [line for line in run if line.left >= gutter]
        if min(line.top for line in right) < max(line.bottom for line in left) and min(line.top for line in left) < max(
            line.bottom for line in right
        ):
            best, middle = end, gutter
    return (best, middle) if middle is None else (_without_tail(lines, start, best, middle), middle)


def _without_tail(lines: Sequence[TextLine], start: int, end: int, gutter: float) -> int:
    """Return the end of a band without the last lines that stand alone below both of its columns, e.g. a title."""
    while end - start > 2:
        last, others = lines[end - 1], lines[start : end - 1]
        same = [line.bottom for line in others if (line.left < gutter) == (last.left < gutter)]
        beside = max((line.bottom for line in others if (line.left < gutter) != (last.left < gutter)), default=0.0)
        if last.top < beside or not same or last.top - max(same) < _APART * last.height:
            break
        end -= 1
    return end


def _gutter(run: Sequence[TextLine]) -> float | None:
    """Return the middle of the widest white between the lines, from the top of the run to its foot."""
    reached, widest, middle = float("-inf"), _GUTTER * _middle([line.height for line in run]), None
    for line in sorted(run, key=lambda item: item.left):
        if reached > float("-inf") and line.left - reached >= widest:
            widest, middle = line.left - reached, (line.left + reached) / 2
        reached = max(reached, line.right)
    return middle


def _band_blocks(band: Sequence[TextLine], gutter: float) -> list[Block]:
    """Return a band column by column, or row by row where its lines stand in rows; the rows of a form come first."""
    left = tuple(line for line in band if line.right <= gutter)
    right = tuple(line for line in band if line.left >= gutter)
    named = any(_COLUMNS.search(fold(line.text)) for line in band)
    rows = [[line for line in column if _bears_letters(line)] for column in (left, right)]
    partners = sum(any(_aligned(line, other) for other in rows[1]) for line in rows[0])
    if _is_prose(left) and _is_prose(right) and not named:
        return [*_columns_of(left), *_columns_of(right)]
    if named or not all(rows):
        return [_by_rows(left), _by_rows(right)]
    if partners >= 0.6 * min(map(len, rows)):
        return [_by_rows(band)]
    end = _end_of_form(*rows)
    form = [line for line in band if line.top < end]
    rest = [[line for line in column if line.top >= end] for column in (left, right)]
    return [_by_rows(part) for part in (form, *rest) if part]


def _columns_of(lines: Sequence[TextLine]) -> list[Block]:
    """Return the columns of running text that lines make up, from left to right."""
    gutter = _gutter(lines)
    if gutter is not None:
        left = [line for line in lines if line.right <= gutter]
        right = [line for line in lines if line.left >= gutter]
        if _is_prose(left) and _is_prose(right):
            return [*_columns_of(left), *_columns_of(right)]
    return [_by_rows(lines)]


def _end_of_form(left: Sequence[TextLine], right: Sequence[TextLine]) -> float:
    """Return where the rows of a form end that stand above a signature block; above all lines where there are none.

    Its right column is labels with values, each beside a line of the left one.
    """
    labels = [line for line in right if ":" in line.text and any(_aligned(line, other) for other in left)]
    if len(labels) < _FORM_ROWS:
        return float("-inf")
    end = labels[-1].bottom
    return min((line.top for line in right if line.top >= end), default=end)


def _bears_letters(line: TextLine) -> bool:
    """Return whether a line is none of mere specks, which stand in no row."""
    return sum(map(str.isalnum, line.text)) > 1


def _is_prose(lines: Sequence[TextLine]) -> bool:
    """Return whether the lines are those of a page of its own, not cells of a table or a form's labels with values."""
    labeled = sum(any(word.text.endswith(":") for word in line.words[:-1]) for line in lines)
    wordy = sum(len(line.words) for line in lines) >= _PROSE_WORDS * len(lines)
    return len(lines) >= _PROSE_LINES and wordy and _LABELED * labeled < len(lines)


def _by_rows(lines: Sequence[TextLine]) -> Block:
    rows: list[list[TextLine]] = []
    for line in sorted(lines, key=lambda item: (item.top + item.bottom) / 2):
        if rows and any(_aligned(line, other) for other in rows[-1]):
            rows[-1].append(line)
        else:
            rows.append([line])
    return tuple(line for row in rows for line in sorted(row, key=lambda item: item.left))


def _aligned(line: TextLine, other: TextLine) -> bool:
    apart = abs((line.top + line.bottom) - (other.top + other.bottom)) / 2
    return apart < _ALIGNED * max(line.height, other.height) and (line.right <= other.left or other.right <= line.left)

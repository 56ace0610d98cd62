"""Words of a straight page, put into lines and blocks in the order in which a person reads them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby


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


def arrange(words: Sequence[PlacedWord]) -> tuple[Block, ...]:
    """Return the words as blocks of lines in reading order.

    Lines side by side make columns, which are read one after the other where they are a letterhead or a signature
    block, and row by row where they are a table or a form.
    """
    lines = _segments(words)
    if not lines:
        return ()
    rows = _rows(lines)
    blocks: list[Block] = []
    index = 0
    while index < len(rows):
        end = _band_end(rows, index)
        if end == index:
            end = next((i for i in range(index + 1, len(rows)) if _band_end(rows, i) > i), len(rows))
            blocks += _paragraphs([line for row in rows[index:end] for line in row])
        else:
            blocks += _columns(rows[index:end])
        index = end
    return tuple(blocks)


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
            if ordered[index].left - ordered[index - 1].right > _COLUMN_GAP * height:
                lines.append(_line(ordered[start:index]))
                start = index
        lines.append(_line(ordered[start:]))
    return lines


def _rows(lines: Sequence[TextLine]) -> list[list[TextLine]]:
    """Return lines that stand side by side together, from top to bottom."""
    rows: list[list[TextLine]] = []
    for line in sorted(lines, key=lambda item: (item.top + item.bottom) / 2):
        row = rows[-1] if rows else []
        middle = (line.top + line.bottom) / 2
        beside = any(other.top <= middle <= other.bottom for other in row)
        apart = all(line.left >= other.right - 2 or line.right <= other.left + 2 for other in row)
        if row and beside and apart:
            row.append(line)
            row.sort(key=lambda item: item.left)
        else:
            rows.append([line])
    return rows


def _band_end(rows: Sequence[Sequence[TextLine]], start: int) -> int:
    """Return the index after the last row of the two-column band that begins at a row, the row itself if none does."""
    gutter = _gutter(rows[start])
    if gutter is None:
        return start
    left, right = gutter
    end = start + 1
    while end < len(rows):
        narrowed = _narrowed(rows[end], left, right)
        if narrowed is None or rows[end][0].top - rows[end - 1][-1].bottom > 4 * rows[end - 1][-1].height + 200:
            break
        left, right = narrowed
        end += 1
    while end > start + 1 and not _gutter(rows[end - 1]) and not _belongs(rows, end - 1):
        end -= 1
    return end


def _gutter(row: Sequence[TextLine]) -> tuple[float, float] | None:
    if len(row) != 2:
        return None
    return row[0].right, row[1].left


def _narrowed(row: Sequence[TextLine], left: float, right: float) -> tuple[float, float] | None:
    for line in row:
        middle = (left + right) / 2
        if line.left >= middle or line.right <= middle:
            left = max(left, line.right) if line.right <= middle else left
            right = min(right, line.left) if line.left >= middle else right
        else:
            return None
    return (left, right) if right - left > row[0].height * 0.5 else None


def _belongs(rows: Sequence[Sequence[TextLine]], index: int) -> bool:
    """Return whether a single line at the end of a band continues one of its columns, closely enough."""
    line, above = rows[index][0], rows[index - 1]
    return line.top - max(item.bottom for item in above) < 1.2 * line.height


def _columns(rows: Sequence[Sequence[TextLine]]) -> list[Block]:
    pairs = [row for row in rows if len(row) == 2]
    if not pairs:
        return _paragraphs([line for row in rows for line in row])
    middle = sum((row[0].right + row[1].left) / 2 for row in pairs) / len(pairs)
    left = [line for row in rows for line in row if line.left < middle]
    right = [line for row in rows for line in row if line.left >= middle]
    return _paragraphs(left) + _paragraphs(right)


def _paragraphs(lines: Sequence[TextLine]) -> list[Block]:
    return [tuple(lines)] if lines else []

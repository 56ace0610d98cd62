"""Tables: the words of ruled grids and of clear columns as rows of cells, read row by row."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from domain.models import Box, Cell, Table
from ocr.page.reading_order import Block, PlacedWord, TextLine, arrange
from ocr.picture.rules import CellPlace, Grid

_ALIGNED = 0.45
"""Times the line's height by which lines of one row may be off."""
_GUTTER = 0.8
"""Times the line's height: white between two columns at least."""
_LEAST_COLUMNS, _LEAST_ROWS = 3, 3
"""Of a table without rules: with fewer it is a letterhead, a form or a signature block."""
_NEAR, _SAME_ROW = 2.5, 0.7
"""Times the line's height: white above a further row of a table, and above a further line of its cells."""

ToBox = Callable[[float, float, float, float], Box]
"""Takes a rectangle of the picture to the page."""


@dataclass(frozen=True, slots=True)
class _Placed:
    """Lines of text in a cell."""

    place: CellPlace
    lines: Block


@dataclass(frozen=True, slots=True)
class TableBlock:
    """A table in the reading order."""

    cells: tuple[_Placed, ...]

    @property
    def rows(self) -> tuple[Block, ...]:
        """Its lines as they are printed side by side, from the top down."""
        lines = [(line, cell.place.row) for cell in self.cells for line in cell.lines]
        rows: list[list[TextLine]] = []
        number = -1
        for line, row in sorted(lines, key=lambda item: (item[1], item[0].top + item[0].bottom)):
            if rows and row == number and _aligned(line, rows[-1][0]):
                rows[-1].append(line)
            else:
                rows.append([line])
            number = row
        return tuple(tuple(sorted(row, key=lambda line: line.left)) for row in rows)

    def text(self) -> str:
        """Return its printed lines, with a tab for each step from column to column."""
        starts = {id(line): cell.place.column for cell in self.cells for line in cell.lines}
        written = []
        for row in self.rows:
            said, column = "", 0
            for line in row:
                said += "\t" * (starts[id(line)] - column) or (" " if said else "")
                said, column = said + line.text, starts[id(line)]
            written.append(said + "\n")
        return "".join(written)

    def table(self, to_box: ToBox) -> Table:
        """Return it with the places of its cells on the page."""
        rows: dict[int, list[Cell]] = {}
        for cell in self.cells:
            place = cell.place
            text = " ".join(line.text for line in cell.lines)
            box = to_box(place.left, place.top, place.right, place.bottom)
            value = Cell(text=text, box=box, column=place.column, rows=place.rows, columns=place.columns)
            rows.setdefault(place.row, []).append(value)
        edges = [cell.place for cell in self.cells]
        around = to_box(
            min(place.left for place in edges),
            min(place.top for place in edges),
            max(place.right for place in edges),
            max(place.bottom for place in edges),
        )
        return Table(box=around, rows=tuple(tuple(rows[row]) for row in sorted(rows)))


Part = Block | TableBlock
Arrange = Callable[[Sequence[PlacedWord]], Sequence[Block]]


def arrange_parts(words: Sequence[PlacedWord], grids: Sequence[Grid]) -> tuple[Part, ...]:
    """Return words in reading order, what stands in tables as such."""
    parts: list[Part] = []
    rest = list(words)
    for grid in grids:
        inside = [word for word in rest if _holds(grid, word)]
        table = _ruled(grid, inside)
        if table is None:
            continue
        top = min(place.top for place in grid)
        above = [word for word in rest if word not in inside and _middle(word) < top]
        rest = [word for word in rest if word not in inside and _middle(word) >= top]
        parts += [*_with_columns(arrange(above)), table]
    return (*parts, *_with_columns(arrange(rest)))


def _middle(word: PlacedWord) -> float:
    return (word.top + word.bottom) / 2


def _holds(places: Sequence[CellPlace], word: PlacedWord) -> bool:
    x, y = (word.left + word.right) / 2, _middle(word)
    return any(place.left <= x < place.right and place.top <= y < place.bottom for place in places)


def _ruled(grid: Grid, words: Sequence[PlacedWord]) -> TableBlock | None:
    """Return a grid with its words, None where these do not stand in several columns."""
    cells = []
    for place in grid:
        own = [word for word in words if _holds((place,), word)]
        cells.append(_Placed(place, tuple(line for block in arrange(own) for line in block)))
    filled = {cell.place.column for cell in cells if cell.lines}
    return TableBlock(tuple(cells)) if len(filled) > 1 else None


def _with_columns(blocks: Sequence[Block]) -> list[Part]:
    """Return blocks with the runs of rows in them that stand in clear columns as tables."""
    parts: list[Part] = []
    for block in blocks:
        rows, start, plain = _rows(block), 0, list[TextLine]()
        while start < len(rows):
            end, columns = _run(rows, start)
            if columns:
                parts += [tuple(plain)] if plain else []
                parts.append(_unruled(rows[start:end], columns))
                plain, start = [], end
            else:
                plain += rows[start]
                start += 1
        parts += [tuple(plain)] if plain else []
    return parts


def _rows(block: Block) -> list[list[TextLine]]:
    rows: list[list[TextLine]] = []
    for line in block:
        if rows and _aligned(line, rows[-1][-1]) and line.left >= rows[-1][-1].right:
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def _aligned(line: TextLine, other: TextLine) -> bool:
    apart = abs((line.top + line.bottom) - (other.top + other.bottom)) / 2
    return apart < _ALIGNED * max(line.height, other.height)


def _run(rows: Sequence[Sequence[TextLine]], start: int) -> tuple[int, list[tuple[float, float]]]:
    """Return the end of the rows from a start that stand in the same columns, and the columns; none for no table."""
    if len(rows[start]) < _LEAST_COLUMNS:
        return start, []
    columns, end, full = _merged(rows[start], []), start + 1, 1
    while end < len(rows):
        height = median(line.height for line in rows[end])
        if min(line.top for line in rows[end]) - max(line.bottom for line in rows[end - 1]) > _NEAR * height:
            break
        wider = _merged(rows[end], columns)
        homes = {sum(start <= left for start, _ in wider) for left, _ in columns}
        if len(homes) != len(columns):
            break  # a line runs over two of the columns
        columns, end, full = wider, end + 1, full + (len(rows[end]) >= _LEAST_COLUMNS)
    return (end, columns) if full >= _LEAST_ROWS and len(columns) >= _LEAST_COLUMNS else (start, [])


def _merged(row: Sequence[TextLine], columns: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return the columns with the places of a row's lines, one where less white than a gutter is left between."""
    gutter = _GUTTER * median(line.height for line in row)
    found: list[tuple[float, float]] = []
    for left, right in sorted([*columns, *((line.left, line.right) for line in row)]):
        if found and left - found[-1][1] < gutter:
            found[-1] = (found[-1][0], max(found[-1][1], right))
        else:
            found.append((left, right))
    return found


def _unruled(rows: Sequence[Sequence[TextLine]], columns: Sequence[tuple[float, float]]) -> TableBlock:
    bounds = [columns[0][0], *((a[1] + b[0]) / 2 for a, b in pairwise(columns)), columns[-1][1]]
    cells: dict[tuple[int, int], list[TextLine]] = {}
    number, tops, bottoms = -1, list[float](), list[float]()
    for row in rows:
        top, bottom = min(line.top for line in row), max(line.bottom for line in row)
        places = [sum(line.left >= bound for bound in bounds[1:-1]) for line in row]
        near = bool(bottoms) and top - bottoms[-1] < _SAME_ROW * median(line.height for line in row)
        if near and 0 not in places and len(row) < len(columns) / 2:
            bottoms[-1] = bottom
        else:
            number, tops, bottoms = number + 1, [*tops, top], [*bottoms, bottom]
        for line, place in zip(row, places, strict=True):
            cells.setdefault((number, place), []).append(line)
    return TableBlock(
        tuple(
            _Placed(
                CellPlace(
                    row=row,
                    column=column,
                    rows=1,
                    columns=1,
                    left=bounds[column],
                    top=tops[row],
                    right=bounds[column + 1],
                    bottom=bottoms[row],
                ),
                tuple(cells.get((row, column), ())),
            )
            for row in range(number + 1)
            for column in range(len(columns))
        )
    )

"""The printed register (sổ chứng thực): a table on A4 across, with its closing lines and signatures."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from ocr.archive.column import Column, draw_letterhead
from ocr.archive.drawing import (
    A4,
    GRAY,
    POINTS_PER_MM,
    RED,
    Align,
    Rect,
    TextStyle,
    draw_lines,
    draw_rule,
    wrap,
)
from ocr.archive.fonts import FontBook, FontStyle, printable
from ocr.archive.writer import Metadata, Sheet, write_pdf

_WIDTH, _HEIGHT = A4[1], A4[0]
_LEFT, _RIGHT = 25 * POINTS_PER_MM, _WIDTH - 15 * POINTS_PER_MM
_TOP, _BOTTOM = _HEIGHT - 15 * POINTS_PER_MM, 17 * POINTS_PER_MM
_CELL = TextStyle(size=10)
_HEAD = TextStyle(face=FontStyle.BOLD, size=10, align=Align.CENTER)
_PADDING = 3.0
_SIGNATURE_ROOM = 120.0
"""Height of the closing lines' signatures, in points."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterColumn:
    """A column of the register."""

    heading: str
    share: float
    """Of the table's width, in proportion to the other columns."""
    align: Align = Align.LEFT


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterRow:
    """A line of the register."""

    cells: tuple[str, ...]
    """One for each column."""
    void: bool = False
    """Whether the number was voided: the line is struck out but for its last cell, where the reason stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterPrint:
    """What is printed."""

    letterhead: tuple[str, ...]
    title: str
    subtitle: tuple[str, ...] = ()
    """E.g. the book, and the time that the print covers."""
    columns: tuple[RegisterColumn, ...]
    rows: tuple[RegisterRow, ...]
    closing: tuple[str, ...] = ()
    """E.g. the totals at the end of the year."""
    signatures: tuple[tuple[str, str], ...] = ()
    """Office (in one or more lines) and full name of those who sign by hand, from left to right."""
    created_at: datetime
    """Aware."""
    demonstration: str = ""
    """A red line on every page, e.g. that the book is for demonstration only."""


def print_register(register: RegisterPrint, *, fonts: FontBook) -> bytes:
    """Return the register as PDF/A-2u; the head of the table stands on every page.

    Raises:
        ValueError: A row has not as many cells as there are columns.
    """
    column = _draw_head(fonts, register.columns, _first_column(fonts, register))
    pages: list[str] = []
    for row in register.rows:
        drawn = _draw_row(fonts, register.columns, row, column)
        if drawn.y < _BOTTOM:
            pages.append(column.content)
            drawn = _draw_row(fonts, register.columns, row, _draw_head(fonts, register.columns, _blank(fonts)))
        column = drawn
    pages += _closing(fonts, register, column)
    sheets = [
        Sheet(width=_WIDTH, height=_HEIGHT, content=content + _foot(fonts, register, f"Trang {index}/{len(pages)}"))
        for index, content in enumerate(pages, start=1)
    ]
    metadata = Metadata(title=printable(fonts, register.title), created_at=register.created_at)
    return write_pdf(sheets, fonts=fonts, metadata=metadata)


def _blank(fonts: FontBook) -> Column:
    return Column(fonts=fonts, x0=_LEFT, x1=_RIGHT, y=_TOP)


def _first_column(fonts: FontBook, register: RegisterPrint) -> Column:
    name = [printable(fonts, line) for line in register.letterhead]
    content, left, right = draw_letterhead(fonts, name, sides=(_LEFT, _RIGHT), top=_TOP)
    column = replace(_blank(fonts), y=min(left.y, right.y) - 14, content=content)
    title = TextStyle(face=FontStyle.BOLD, size=15, align=Align.CENTER)
    column = column.text(title, printable(fonts, register.title), after=3)
    for line in register.subtitle:
        column = column.text(TextStyle(size=12, align=Align.CENTER), printable(fonts, line))
    return replace(column, y=column.y - 10)


def _edges(columns: Sequence[RegisterColumn]) -> tuple[float, ...]:
    total = sum(column.share for column in columns)
    edges = [_LEFT]
    for column in columns:
        edges.append(edges[-1] + (_RIGHT - _LEFT) * column.share / total)
    return tuple(edges)


def _draw_head(fonts: FontBook, columns: Sequence[RegisterColumn], column: Column) -> Column:
    """The head of the table: the headings and, under them, the numbers of the columns."""
    headings = [_cell_lines(fonts, _HEAD, c.heading, width) for c, width in zip(columns, _widths(columns), strict=True)]
    column = _draw_cells(fonts, columns, [_HEAD] * len(columns), headings, column)
    numbers = [(f"({index})",) for index in range(1, len(columns) + 1)]
    small = TextStyle(face=FontStyle.ITALIC, size=9, align=Align.CENTER)
    return _draw_cells(fonts, columns, [small] * len(columns), numbers, column)


def _draw_row(fonts: FontBook, columns: Sequence[RegisterColumn], row: RegisterRow, column: Column) -> Column:
    styles = [replace(_CELL, align=c.align, color=GRAY if row.void else _CELL.color) for c in columns]
    cells = [_cell_lines(fonts, _CELL, text, width) for text, width in zip(row.cells, _widths(columns), strict=True)]
    drawn = _draw_cells(fonts, columns, styles, cells, column)
    if not row.void:
        return drawn
    middle = column.y - _PADDING - _CELL.leading / 2
    return replace(
        drawn, content=drawn.content + draw_rule(_LEFT + 2, middle, _edges(columns)[-2] - 2, middle, color=RED)
    )


def _draw_cells(
    fonts: FontBook,
    columns: Sequence[RegisterColumn],
    styles: Sequence[TextStyle],
    cells: Sequence[Sequence[str]],
    column: Column,
) -> Column:
    """A row of cells with the rules around them, as high as its longest cell."""
    edges = _edges(columns)
    height = max(len(lines) * style.leading for lines, style in zip(cells, styles, strict=True)) + 2 * _PADDING
    top, bottom = column.y, column.y - height
    drawn = [
        draw_lines(fonts, style, lines, Rect(left + _PADDING, bottom, right - _PADDING, top - _PADDING))
        for style, lines, (left, right) in zip(styles, cells, pairwise(edges), strict=True)
    ]
    drawn += [draw_rule(x, top, x, bottom) for x in edges]
    drawn += [draw_rule(_LEFT, y, _RIGHT, y) for y in (top, bottom)]
    return replace(column, y=bottom, content=column.content + "".join(drawn))


def _cell_lines(fonts: FontBook, style: TextStyle, text: str, width: float) -> tuple[str, ...]:
    return wrap(fonts, style, printable(fonts, text), width - 2 * _PADDING)


def _widths(columns: Sequence[RegisterColumn]) -> list[float]:
    return [right - left for left, right in pairwise(_edges(columns))]


def _closing(fonts: FontBook, register: RegisterPrint, column: Column) -> list[str]:
    """The last page or two: the closing lines and the signatures are kept together."""
    style = TextStyle(size=12)
    lines = [printable(fonts, line) for line in register.closing]
    room = sum(len(wrap(fonts, style, line, _RIGHT - _LEFT)) for line in lines) * style.leading + 24
    room += _SIGNATURE_ROOM if register.signatures else 0
    pages = []
    if column.y - room < _BOTTOM:
        pages.append(column.content)
        column = _blank(fonts)
    column = replace(column, y=column.y - 12)
    for line in lines:
        column = column.text(style, line)
    return [*pages, column.content + _signatures(fonts, register, column.y - 14)]


def _signatures(fonts: FontBook, register: RegisterPrint, y: float) -> str:
    bold = TextStyle(face=FontStyle.BOLD, size=12, align=Align.CENTER)
    italic = TextStyle(face=FontStyle.ITALIC, size=11, align=Align.CENTER)
    width = (_RIGHT - _LEFT) / max(1, len(register.signatures))
    content = ""
    for index, (office, name) in enumerate(register.signatures):
        place = Column(fonts=fonts, x0=_LEFT + index * width, x1=_LEFT + (index + 1) * width, y=y)
        for line in office.split("\n"):
            place = place.text(bold, printable(fonts, line))
        place = place.text(italic, "(Ký, ghi rõ họ tên, đóng dấu)", after=48)
        content += place.text(bold, printable(fonts, name)).content if name else place.content
    return content


def _foot(fonts: FontBook, register: RegisterPrint, page: str) -> str:
    style = TextStyle(size=9, color=GRAY)
    box = Rect(_LEFT, 0, _RIGHT, _BOTTOM - 8)
    mark = TextStyle(face=FontStyle.BOLD, size=9, color=RED, align=Align.CENTER)
    shown = draw_lines(fonts, style, [printable(fonts, register.title)], box)
    shown += draw_lines(fonts, replace(style, align=Align.RIGHT), [page], box)
    return shown + draw_lines(fonts, mark, [printable(fonts, register.demonstration)], box)

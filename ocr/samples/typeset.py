"""Setting text on sheets: centred lines, justified paragraphs, columns side by side, rows of a form."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from ocr.samples.fonts import Face, Fonts
from ocr.samples.sheet import A4, MILLIMETRE, Item, Rule, Sheet, Style, TextRun

LEADING = 1.32
"""Distance of baselines, in sizes of the font."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Margins:
    """White edges of a sheet, in points (NĐ 30/2020: top and bottom 20 to 25 mm, left 30 to 35, right 15 to 20)."""

    left: float = 30 * MILLIMETRE
    right: float = 17 * MILLIMETRE
    top: float = 20 * MILLIMETRE
    bottom: float = 20 * MILLIMETRE


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a paragraph in one style."""

    text: str
    style: Style


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A label of a form and what is written behind it on a dotted line."""

    label: str
    value: str = ""
    share: float = 1.0
    """Of the row's width."""


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    style: Style
    width: float
    glued: bool = False
    """Whether it follows the word before without a blank."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table."""

    title: str
    share: float
    """Of the table's width."""
    align: float = 0.0
    """0 left, 0.5 centred, 1 right."""


def spans(text: str, style: Style) -> tuple[Span, ...]:
    """Return the spans of a text in which `**` switches bold type on and off."""
    bold = replace(style, face=replace(style.face, bold=not style.face.bold))
    return tuple(Span(part, bold if i % 2 else style) for i, part in enumerate(text.split("**")) if part)


def joined(words: Iterable[_Word]) -> str:
    """Return the text of a line of words."""
    return "".join(("" if word.glued else " ") + word.text for word in words).strip()


class PaperWriter:
    """Sets a paper from the top down, page after page; `finish` gives its sheets."""

    def __init__(self, fonts: Fonts, *, style: Style | None = None, margins: Margins | None = None) -> None:
        self.fonts = fonts
        self.style = style or Style()
        self.margins = margins or Margins()
        self.size = A4
        self.number_pages = True
        """Whether pages after the first carry their number at the top."""
        self.leaders_under = False
        """Whether what is filled in stands on a dotted line, as on printed forms, or the dots only fill the rest."""
        self.y = self.margins.top
        """Where the next line's top will be."""
        self._finished: list[Sheet] = []
        self._items: list[Item] = []
        self._segments: list[tuple[str, ...]] = []

    @property
    def left(self) -> float:
        """The left edge of the text."""
        return self.margins.left

    @property
    def right(self) -> float:
        """The right edge of the text."""
        return self.size[0] - self.margins.right

    @property
    def center(self) -> float:
        """The middle of the text."""
        return (self.left + self.right) / 2

    @property
    def bottom(self) -> float:
        """Where text has to end."""
        return self.size[1] - self.margins.bottom

    def bold(self, size: float | None = None) -> Style:
        """Return the upright bold cut of the paper's type."""
        return replace(self.style, face=Face(self.style.face.family, bold=True), size=size or self.style.size)

    def italic(self, size: float | None = None) -> Style:
        """Return the italic cut of the paper's type."""
        return replace(self.style, face=Face(self.style.face.family, italic=True), size=size or self.style.size)

    def plain(self, size: float) -> Style:
        """Return the paper's type at another size."""
        return replace(self.style, size=size)

    def put(self, *items: Item) -> None:
        """Draw something; it is no part of the text."""
        self._items.extend(items)

    def record(self, *readings: str) -> None:
        """Note the text of what was put, with its legal readings."""
        self._segments.append(readings)

    def skip(self, points: float) -> None:
        """Leave room."""
        self.y += points

    def need(self, points: float) -> None:
        """Start a new page if less room than this is left."""
        if self.y + points > self.bottom:
            self.new_page()

    def new_page(self) -> None:
        """Finish the page and start the next."""
        self._finished.append(
            Sheet(width=self.size[0], height=self.size[1], items=tuple(self._items), segments=tuple(self._segments))
        )
        self._items, self._segments = [], []
        self.y = self.margins.top
        if self.number_pages:
            number = str(len(self._finished) + 1)
            style = self.plain(13)
            self.put_line(number, style, self.center, 15 * MILLIMETRE, align=0.5)
            self.record(number)

    def finish(self) -> tuple[Sheet, ...]:
        """Return the sheets; the writer is of no use afterwards."""
        self.new_page()
        return tuple(self._finished)

    def width(self, text: str, style: Style) -> float:
        """Return the width of a text in points."""
        return self.fonts.width(text, style.face, style.size)

    def put_line(self, text: str, style: Style, x: float, y: float, align: float = 0.0) -> float:
        """Put a line with its baseline at `y`; `align` 0 starts at `x`, 0.5 centres on it, 1 ends there."""
        start = x - align * self.width(text, style)
        self.put(TextRun(x=start, y=y, text=text, style=style))
        return start

    def line(self, text: str, style: Style | None = None, *, x: float | None = None, align: float = 0.5) -> None:
        """Set one line, centred on the text unless told otherwise, and note it."""
        used = style or self.style
        self.need(used.size * LEADING)
        self.y += used.size * LEADING
        self.put_line(text, used, self.center if x is None else x, self.y - 0.32 * used.size, align)
        self.record(text)

    def paragraph(self, text: str, style: Style | None = None, *, indent: float = 28.0, gap: float = 6.0) -> None:
        """Set a justified paragraph; `**` in the text switches bold type."""
        used = style or self.style
        for words, last in self.wrap(spans(text, used), self.right - self.left, indent):
            self.need(used.size * LEADING)
            self.y += used.size * LEADING
            self._set_words(words, self.left + indent, self.right, justify=not last)
            self.record(joined(words))
            indent = 0.0
        self.skip(gap)

    def centered(self, text: str, style: Style, width: float) -> None:
        """Set a text in centred lines, no wider than this."""
        for words, _ in self.wrap((Span(text, style),), width):
            self.line(joined(words), style)

    def wrap(self, text: Iterable[Span], width: float, indent: float = 0.0) -> list[tuple[list[_Word], bool]]:
        """Return the lines of a text, each with whether it ends the paragraph."""
        lines: list[list[_Word]] = [[]]
        room = width - indent
        for word in self._words(text):
            blank = 0.0 if word.glued or not lines[-1] else self.width(" ", word.style)
            if lines[-1] and not word.glued and word.width + blank > room:
                lines.append([])
                room, blank = width, 0.0
            room -= word.width + blank
            lines[-1].append(word)
        return [(line, i == len(lines) - 1) for i, line in enumerate(lines)]

    def _words(self, text: Iterable[Span]) -> Iterator[_Word]:
        open_end = False
        for span in text:
            for i, part in enumerate(span.text.split()):
                glued = i == 0 and open_end and not span.text[0].isspace()
                yield _Word(part, span.style, self.width(part, span.style), glued)
            open_end = bool(span.text) and not span.text[-1].isspace()

    def _set_words(self, words: Sequence[_Word], x: float, right: float, *, justify: bool) -> None:
        blank = self.width(" ", words[0].style)
        gaps = sum(not word.glued for word in words[1:])
        natural = sum(word.width for word in words) + blank * gaps
        extra = (right - x - natural) / gaps if justify and gaps else 0.0
        start = 0
        for i in range(1, len(words) + 1):
            if i < len(words) and words[i].style == words[start].style:
                continue
            ends_open = i < len(words) and not words[i].glued
            text = " ".join(word.text for word in words[start:i]) + (" " if ends_open else "")
            style = words[start].style
            self.put(TextRun(x=x, y=self.y - 0.32 * style.size, text=text, style=style, word_space=extra))
            x += sum(word.width for word in words[start:i]) + (blank + extra) * (i - start - (not ends_open))
            start = i

    def in_column(self, x0: float, x1: float, set_rows: Callable[[], None]) -> list[str]:
        """Let something be set between two edges instead of the margins; return its lines, not yet noted."""
        margins, segments = self.margins, self._segments
        self.margins = replace(margins, left=x0, right=self.size[0] - x1)
        self._segments = []
        set_rows()
        lines = [line for readings in self._segments for line in readings[0].split("\n")]
        self.margins, self._segments = margins, segments
        return lines

    def form_row(self, *cells: Cell, hand: Style | None = None, gap: float = 3.0) -> None:
        """Set a row of a form: labels, and on dotted lines what was filled in; long values run on below."""
        value_style = hand or self.style
        self.need(self.style.size * LEADING)
        self.y += self.style.size * LEADING
        y = self.y - 0.32 * self.style.size
        x, texts, rest = self.left, [], ""
        for cell in cells:
            end = x + cell.share * (self.right - self.left)
            start = self.put_line(cell.label, self.style, x, y) + self.width(cell.label + " ", self.style)
            first, rest = self._fit(cell.value, value_style, end - start - 4)
            self._put_leader(first, value_style, (start, end - 4), y)
            texts.append(f"{cell.label} {first}".strip())
            x = end
        self.record(" ".join(texts))
        self.skip(gap)
        while rest:
            rest = self._run_on(rest, value_style, gap)

    def table(self, columns: Sequence[Column], rows: Sequence[Sequence[str]], *, size: float = 12.0) -> None:
        """Set a table with rules around its cells; what is too long for a cell is broken into lines."""
        edges = [self.left]
        for column in columns:
            edges.append(edges[-1] + column.share * (self.right - self.left))
        titles = [column.title for column in columns]
        self._table_row(titles, edges, [0.5] * len(columns), self.bold(size))
        for row in rows:
            self._table_row(row, edges, [column.align for column in columns], self.plain(size))
        self.skip(6)

    def _table_row(self, row: Sequence[str], edges: Sequence[float], aligns: Sequence[float], style: Style) -> None:
        step = style.size * LEADING
        cells = [
            [joined(words) for words, _ in self.wrap((Span(text, style),), right - left - 8)]
            for text, left, right in zip(row, edges, edges[1:], strict=False)
        ]
        height = step * max(len(lines) for lines in cells) + 4
        self.need(height)
        for lines, left, right, align in zip(cells, edges, edges[1:], aligns, strict=False):
            for i, line in enumerate(lines):
                x = left + 4 + align * (right - left - 8)
                self.put_line(line, style, x, self.y + (i + 1) * step - 3, align)
        for x in edges:
            self.put(Rule(x0=x, y0=self.y, x1=x, y1=self.y + height))
        for y in (self.y, self.y + height):
            self.put(Rule(x0=edges[0], y0=y, x1=edges[-1], y1=y))
        rows = [
            " ".join(lines[i] for lines in cells if i < len(lines) and lines[i])
            for i in range(max(len(lines) for lines in cells))
        ]
        by_cells = "\n".join(line for lines in cells for line in lines if line)
        self.record("\n".join(rows), by_cells)
        self.y += height

    def _run_on(self, text: str, style: Style, gap: float) -> str:
        self.y += self.style.size * LEADING
        y = self.y - 0.32 * self.style.size
        first, rest = self._fit(text, style, self.right - self.left - 4)
        self._put_leader(first, style, (self.left, self.right - 4), y)
        self.record(first)
        self.skip(gap)
        return rest

    def _put_leader(self, text: str, style: Style, edges: tuple[float, float], y: float) -> None:
        """Put a text on or before a dotted line."""
        start, end = edges
        if text:
            self.put_line(text, style, start + 2, y)
        dots = start if self.leaders_under or not text else start + self.width(text, style) + 6
        if dots < end:
            y_dots = y + (2.8 if self.leaders_under else 0.6)
            self.put(Rule(x0=dots, y0=y_dots, x1=end, y1=y_dots, dotted=True))

    def _fit(self, text: str, style: Style, width: float) -> tuple[str, str]:
        """Return as many words as fit into the width, at least one, and the rest."""
        words = text.split(" ")
        count = len(words)
        while count > 1 and self.width(" ".join(words[:count]), style) > width:
            count -= 1
        return " ".join(words[:count]), " ".join(words[count:])

    def side_by_side(self, left: Sequence[str], right: Sequence[str]) -> None:
        """Note two columns of rows, some of them empty, with the orders in which they may be read."""
        one, two = ("\n".join(line for line in column if line) for column in (left, right))
        rows = [line for row in zip_longest(left, right, fillvalue="") for line in row if line]
        self.record(f"{one}\n{two}", "\n".join(rows), f"{two}\n{one}")

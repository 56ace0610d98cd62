"""Drawing operators for a page: lines of text, rules, filled boxes and QR codes, as PDF writes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

from ocr.archive.fonts import FontBook, FontFace, FontStyle, one_line

POINTS_PER_MM = 72 / 25.4
A4 = (595.28, 841.89)
LEADING = 1.18
"""Distance of base lines, in sizes of the font."""
FONT_NAMES = {FontStyle.REGULAR: "F1", FontStyle.BOLD: "F2", FontStyle.ITALIC: "F3"}

QrModules = tuple[tuple[bool, ...], ...]
"""The modules of a QR code, row by row from the top, true for dark; no quiet zone."""


class Color(NamedTuple):
    """Red, green and blue from 0 to 1 (sRGB)."""

    red: float
    green: float
    blue: float


BLACK = Color(0, 0, 0)
WHITE = Color(1, 1, 1)
GRAY = Color(0.35, 0.35, 0.35)
LIGHT = Color(0.75, 0.75, 0.75)
RED = Color(0.75, 0.05, 0.05)
BLUE = Color(0.0, 0.2, 0.6)
GREEN = Color(0.0, 0.42, 0.2)
AMBER = Color(0.65, 0.4, 0.0)


class Rect(NamedTuple):
    """A rectangle on a page in points (1/72 inch), from its bottom left corner as PDF counts."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        """Its width in points."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """Its height in points."""
        return self.y1 - self.y0


class Align(StrEnum):
    """Where lines stand in their column."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"
    JUSTIFIED = "justified"
    """Flush on both sides, except the last line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextStyle:
    """How a text is set."""

    face: FontStyle = FontStyle.REGULAR
    size: float
    """In points."""
    color: Color = BLACK
    align: Align = Align.LEFT
    indent: float = 0.0
    """Of the first line, in points."""

    @property
    def leading(self) -> float:
        """Distance of base lines, in points."""
        return self.size * LEADING


def number(value: float) -> str:
    """Return a number as PDF writes it."""
    return f"{value:.3f}".rstrip("0").rstrip(".") or "0"


def numbers(*values: float) -> str:
    """Return numbers as PDF writes them, set apart by blanks."""
    return " ".join(number(v) for v in values)


def wrap(fonts: FontBook, style: TextStyle, text: str, width: float) -> tuple[str, ...]:
    """Return the text broken into lines of at most the width, in points; a word too wide is broken."""
    lines: list[str] = []
    line = ""
    for word in one_line(text).split(" "):
        joined = f"{line} {word}" if line else word
        room = width if lines else width - style.indent
        if fonts.width(style.face, joined, style.size) <= room:
            line = joined
            continue
        if line:
            lines.append(line)
        *full, line = _broken(fonts, style, word, width)
        lines += full
    return (*lines, line)


def wrap_evenly(fonts: FontBook, style: TextStyle, text: str, width: float) -> tuple[str, ...]:
    """Return the text broken into as few lines as `wrap` makes, but of about the same length, as headings are set."""
    lines = wrap(fonts, style, text, width)
    for _ in range(40):
        width *= 0.97
        narrower = wrap(fonts, style, text, width)
        if len(narrower) > len(lines) or any(fonts.width(style.face, line, style.size) > width for line in narrower):
            break
        lines = narrower
    return lines


def _broken(fonts: FontBook, style: TextStyle, word: str, width: float) -> list[str]:
    """The pieces of a word that is too wide; an address is broken after a slash where it can be."""
    pieces = [""]
    for character in word:
        if pieces[-1] and fonts.width(style.face, pieces[-1] + character, style.size) > width:
            head, slash, tail = pieces[-1].rpartition("/")
            keep = bool(slash) and not head.endswith((":", "/")) and bool(head)
            pieces[-1:] = [head + slash, tail] if keep else [pieces[-1], ""]
        pieces[-1] += character
    return pieces


def draw_lines(fonts: FontBook, style: TextStyle, lines: Sequence[str], box: Rect) -> str:
    """Return the operators that set the lines from the top of the box, none of them broken."""
    face = fonts.faces[style.face]
    shown = []
    for index, line in enumerate(map(one_line, lines)):
        if not line:
            continue
        indent = 0.0 if index else style.indent
        slack = box.width - indent - face.width(line, style.size)
        x = box.x0 + indent + {Align.CENTER: slack / 2, Align.RIGHT: slack}.get(style.align, 0.0)
        y = box.y1 - index * style.leading - style.size * 0.9
        flush = style.align is Align.JUSTIFIED and index < len(lines) - 1
        shown.append(f"1 0 0 1 {numbers(x, y)} Tm {_show(face, line, slack / style.size if flush else 0.0)}")
    if not shown:
        return ""
    start = f"BT /{FONT_NAMES[style.face]} {number(style.size)} Tf {numbers(*style.color)} rg"
    return "\n".join((start, *shown, "ET\n"))


def _show(face: FontFace, line: str, slack: float) -> str:
    """The operator for a line whose blanks are widened by the slack, in sizes of the font."""
    blanks = line.count(" ")
    if not blanks or not slack > 0:
        return f"<{face.encode(line)}> Tj"
    words = [f"<{face.encode(word + ' ')}>" for word in line.split(" ")[:-1]]
    last = f"<{face.encode(line.rpartition(' ')[2])}>"
    step = f" {number(-1000 * slack / blanks)} "
    return f"[{step.join((*words, last))}] TJ"


def draw_rule(x0: float, y0: float, x1: float, y1: float, *, width: float = 0.6, color: Color = BLACK) -> str:
    """Return the operators of a straight line; all in points."""
    return f"q {numbers(*color)} RG {number(width)} w {numbers(x0, y0)} m {numbers(x1, y1)} l S Q\n"


def draw_frame(box: Rect, *, width: float = 0.6, color: Color = BLACK) -> str:
    """Return the operators of an empty frame."""
    return f"q {numbers(*color)} RG {number(width)} w {numbers(box.x0, box.y0, box.width, box.height)} re S Q\n"


def fill_box(box: Rect, color: Color) -> str:
    """Return the operators of a filled box."""
    return f"q {numbers(*color)} rg {numbers(box.x0, box.y0, box.width, box.height)} re f Q\n"


def draw_qr(modules: QrModules, box: Rect) -> str:
    """Return the operators of a QR code that fills the box, as one black path so that no seams show."""
    dark = trimmed(modules)
    side = box.width / len(dark)
    parts = []
    for row, line in enumerate(dark):
        column = 0
        for is_dark, run in groupby(line):
            length = len(list(run))
            if is_dark:
                corner = (box.x0 + column * side, box.y1 - (row + 1) * side)
                parts.append(f"{numbers(*corner, length * side, side)} re")
            column += length
    return "\n".join((f"q {numbers(*BLACK)} rg", *parts, "f Q\n"))


def trimmed(modules: QrModules) -> QrModules:
    """Return the modules without a white border, where one was given."""
    rows = [index for index, row in enumerate(modules) if any(row)]
    columns = [index for index in range(len(modules)) if any(row[index] for row in modules)]
    return tuple(tuple(row[columns[0] : columns[-1] + 1]) for row in modules[rows[0] : rows[-1] + 1])

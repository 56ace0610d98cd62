"""Filling a page from its top: a column that text runs down, and the letterhead of official papers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ocr.archive.drawing import Align, Rect, TextStyle, draw_lines, draw_rule, wrap, wrap_evenly
from ocr.archive.fonts import FontBook, FontStyle

MOTTO = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A stretch of a page that is being filled from its top."""

    fonts: FontBook
    x0: float
    """Left edge, in points."""
    x1: float
    y: float
    """Where the next line starts, in points from the bottom of the page."""
    content: str = ""
    """The operators so far."""

    def text(self, style: TextStyle, text: str, *, after: float = 0.0) -> "Column":
        """Return the column with the text under it, and some points of white after that."""
        broken = wrap_evenly if style.align is Align.CENTER else wrap
        lines = broken(self.fonts, style, text, self.x1 - self.x0)
        drawn = draw_lines(self.fonts, style, lines, Rect(self.x0, 0, self.x1, self.y))
        return replace(self, y=self.y - len(lines) * style.leading - after, content=self.content + drawn)

    def rule(self, length: float) -> "Column":
        """Return the column with a centered rule of the length, in points."""
        middle = (self.x0 + self.x1) / 2
        drawn = draw_rule(middle - length / 2, self.y - 2, middle + length / 2, self.y - 2)
        return replace(self, y=self.y - 4, content=self.content + drawn)


def draw_letterhead(
    fonts: FontBook, agency: Sequence[str], *, sides: tuple[float, float], top: float, scale: float = 1.0
) -> tuple[str, Column, Column]:
    """Return the operators of the agency's name and the motto, and the empty columns under the two.

    Args:
        fonts: The fonts.
        agency: The agency's name after those of its superiors; the last line is set bold.
        sides: Left and right edge, in points.
        top: Upper edge, in points from the bottom of the page.
        scale: Factor on the usual sizes.
    """
    bold = TextStyle(face=FontStyle.BOLD, size=12 * scale, align=Align.CENTER)
    middle = sides[0] + (sides[1] - sides[0]) * 0.41
    left = Column(fonts=fonts, x0=sides[0], x1=middle - 6, y=top)
    for line in agency[:-1]:
        left = left.text(replace(bold, face=FontStyle.REGULAR), line.upper())
    for line in agency[-1:]:
        left = left.text(bold, line.upper()).rule(60)
    right = Column(fonts=fonts, x0=middle + 6, x1=sides[1], y=top)
    motto = replace(bold, size=13 * scale)
    right = right.text(bold, MOTTO[0]).text(motto, MOTTO[1])
    right = right.rule(fonts.width(FontStyle.BOLD, MOTTO[1], motto.size))
    return left.content + right.content, replace(left, content=""), replace(right, content="")

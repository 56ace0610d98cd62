"""The statement page: the last page of a certified copy, A4 upright, as a Vietnamese form looks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from domain.errors import ConfigurationError
from ocr.archive.column import Column, draw_letterhead
from ocr.archive.drawing import (
    A4,
    GRAY,
    LIGHT,
    POINTS_PER_MM,
    Align,
    QrModules,
    Rect,
    TextStyle,
    draw_frame,
    draw_lines,
    wrap,
    wrap_evenly,
)
from ocr.archive.fonts import FontBook, FontStyle
from ocr.archive.places import QrBlock, draw_qr_block, qr_block
from ocr.archive.statement import SignatureSlot, Statement

_LEFT, _RIGHT, _TOP, _BOTTOM = 25 * POINTS_PER_MM, 18 * POINTS_PER_MM, 20 * POINTS_PER_MM, 16 * POINTS_PER_MM
_SLOT = (215.0, 62.0)
"""Width and height of a signature box, in points."""
_SCALES = (1.0, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementPage:
    """The drawn page and where its signatures go."""

    content: str
    boxes: tuple[tuple[str, Rect], ...]
    """Name of the slot and its box in points."""


def draw_statement_page(
    fonts: FontBook,
    statement: Statement,
    slots: Sequence[SignatureSlot],
    *,
    qr: QrModules,
    caption: Sequence[str],
    qr_side: float,
) -> StatementPage:
    """Return the statement page, set smaller where its text is long; `qr_side` is in points.

    Raises:
        ConfigurationError: The statement does not fit on a page.
    """
    code = qr_block(fonts, qr, caption, side=qr_side) if qr else None
    for scale in _SCALES:
        page = _try_page(fonts, statement, slots, code, scale)
        if page:
            return page
    raise ConfigurationError("Lời chứng dài quá một trang. Vui lòng rút gọn mẫu lời chứng trong configs/statements.")


def _try_page(
    fonts: FontBook, statement: Statement, slots: Sequence[SignatureSlot], code: QrBlock | None, scale: float
) -> StatementPage | None:
    head, y = _head(fonts, statement, scale)
    body = _body(fonts, statement, scale, y)
    signatures, boxes, y = _signatures(fonts, slots, body.y - 12 * scale, scale)
    foot, foot_top = _foot(fonts, statement, code, scale)
    if y < foot_top + 8:
        return None
    return StatementPage(content=head + body.content + signatures + foot, boxes=boxes)


def _head(fonts: FontBook, statement: Statement, scale: float) -> tuple[str, float]:
    sides = (_LEFT - 14, A4[0] - _RIGHT + 14)
    content, left, right = draw_letterhead(fonts, statement.letterhead, sides=sides, top=A4[1] - _TOP, scale=scale)
    style = TextStyle(face=FontStyle.ITALIC, size=13 * scale, align=Align.CENTER)
    dated = replace(right, y=right.y - 9).text(style, statement.place_and_date)
    return content + dated.content, min(left.y, dated.y) - 26 * scale


def _body(fonts: FontBook, statement: Statement, scale: float, y: float) -> Column:
    plain = TextStyle(size=13 * scale)
    column = Column(fonts=fonts, x0=_LEFT, x1=A4[0] - _RIGHT, y=y)
    column = column.text(
        TextStyle(face=FontStyle.BOLD, size=15 * scale, align=Align.CENTER), statement.title, after=14 * scale
    )
    for label, value in statement.entries:
        indent = fonts.width(FontStyle.REGULAR, f"{label}: ", plain.size)
        drawn = draw_lines(fonts, plain, [f"{label}:"], Rect(column.x0, 0, column.x1, column.y))
        shifted = replace(column, x0=column.x0 + indent, content=column.content + drawn)
        column = replace(shifted.text(replace(plain, face=FontStyle.BOLD), value, after=3 * scale), x0=column.x0)
    column = replace(column, y=column.y - 7 * scale)
    flowing = replace(plain, align=Align.JUSTIFIED, indent=28 * scale)
    for paragraph in statement.paragraphs:
        column = column.text(flowing, paragraph, after=6 * scale)
    return column


def _signatures(
    fonts: FontBook, slots: Sequence[SignatureSlot], y: float, scale: float
) -> tuple[str, tuple[tuple[str, Rect], ...], float]:
    """The signature boxes side by side, two in a row."""
    bold = TextStyle(face=FontStyle.BOLD, size=12.5 * scale, align=Align.CENTER)
    content, boxes = "", []
    for start in range(0, len(slots), 2):
        row = slots[start : start + 2]
        columns = _columns(fonts, len(row), y)
        headed = [column.text(bold, slot.heading, after=4) for column, slot in zip(columns, row, strict=True)]
        box_top = min(column.y for column in headed)
        ends = []
        for column, slot in zip(headed, row, strict=True):
            middle = (column.x0 + column.x1) / 2
            box = Rect(middle - _SLOT[0] / 2, box_top - _SLOT[1], middle + _SLOT[0] / 2, box_top)
            boxes.append((slot.name, box))
            drawn = draw_frame(box, width=0.5, color=LIGHT) + _inside(fonts, slot, box)
            footer = replace(column, y=box.y0 - 5, content=column.content + drawn)
            ends.append(footer.text(bold, slot.footer) if slot.footer else footer)
        content += "".join(column.content for column in ends)
        y = min(column.y for column in ends) - 10 * scale
    return content, tuple(boxes), y


def _columns(fonts: FontBook, count: int, y: float) -> list[Column]:
    left, right = _LEFT - 10, A4[0] - _RIGHT + 10
    middle = (left + right) / 2
    right_half = Column(fonts=fonts, x0=middle + 4, x1=right, y=y)
    return [right_half] if count == 1 else [Column(fonts=fonts, x0=left, x1=middle - 4, y=y), right_half]


def _inside(fonts: FontBook, slot: SignatureSlot, box: Rect) -> str:
    style = TextStyle(size=10)
    lines = [part for line in slot.lines for part in wrap(fonts, style, line, box.width - 12)]
    if len(lines) * style.leading > box.height - 6:
        style = replace(style, size=max(6.0, style.size * (box.height - 6) / (len(lines) * style.leading)))
    top = box.y1 - (box.height - len(lines) * style.leading) / 2
    return draw_lines(fonts, style, lines, Rect(box.x0 + 6, box.y0, box.x1 - 6, top))


def _foot(fonts: FontBook, statement: Statement, code: QrBlock | None, scale: float) -> tuple[str, float]:
    """The panel with the large code and how to verify, and the ground in law; and where it starts."""
    small = TextStyle(face=FontStyle.ITALIC, size=9 * scale, color=GRAY, align=Align.CENTER)
    left, right = _LEFT, A4[0] - _RIGHT
    rule_lines = wrap_evenly(fonts, small, statement.rule, right - left) if statement.rule else ()
    panel_bottom = _BOTTOM + 14 + len(rule_lines) * small.leading + (5 if rule_lines else 0)
    content = draw_lines(fonts, small, rule_lines, Rect(left, 0, right, panel_bottom - 5))
    if code is None:
        return content, panel_bottom
    panel = Rect(left, panel_bottom, right, panel_bottom + code.height + 8)
    content += draw_frame(panel, width=0.6, color=LIGHT)
    content += draw_qr_block(
        fonts, code, Rect(left + 4, panel.y1 - 4 - code.height, left + 4 + code.width, panel.y1 - 4)
    )
    style = TextStyle(size=12 * scale)
    text = Column(fonts=fonts, x0=left + code.width + 16, x1=right - 10, y=0)
    for line in statement.guidance:
        text = text.text(style, line, after=5 * scale)
    height = -text.y
    if height > panel.height - 8:
        panel = replace_top(panel, panel.y0 + height + 8)
    text = replace(text, y=(panel.y0 + panel.y1 + height) / 2, content="")
    for line in statement.guidance:
        text = text.text(style, line, after=5 * scale)
    return content + text.content, panel.y1


def replace_top(box: Rect, top: float) -> Rect:
    """Return the box with another top edge."""
    return Rect(box.x0, box.y0, box.x1, top)

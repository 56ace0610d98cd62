"""The verification report (phiếu kiểm tra): what was checked, when and with which result, to take along."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from ocr.archive.column import Column, draw_letterhead
from ocr.archive.drawing import (
    A4,
    AMBER,
    BLACK,
    GRAY,
    GREEN,
    LIGHT,
    POINTS_PER_MM,
    RED,
    Align,
    QrModules,
    Rect,
    TextStyle,
    draw_frame,
    draw_lines,
    draw_rule,
)
from ocr.archive.fonts import FontBook, FontStyle, printable
from ocr.archive.places import draw_qr_block, qr_block
from ocr.archive.writer import Metadata, Sheet, write_pdf

_LEFT, _RIGHT = 25 * POINTS_PER_MM, A4[0] - 20 * POINTS_PER_MM
_TOP, _BOTTOM = A4[1] - 18 * POINTS_PER_MM, 20 * POINTS_PER_MM
_LABELS = 140.0
"""Width of the column of labels, in points."""
_QR_SIDE = 30 * POINTS_PER_MM


class Tone(StrEnum):
    """What an answer means for its reader; said in words too, never by color alone."""

    GOOD = "good"
    BAD = "bad"
    UNSURE = "unsure"


_COLORS = {Tone.GOOD: GREEN, Tone.BAD: RED, Tone.UNSURE: AMBER}
_WORDS = {Tone.GOOD: "Đạt", Tone.BAD: "Không đạt", Tone.UNSURE: "Chưa rõ"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One ground of the answer."""

    tone: Tone
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What the report says; every text as it is printed."""

    letterhead: tuple[str, ...] = ()
    """The agency that runs the verification, its superiors first."""
    title: str
    verdict: str
    """The answer in one sentence."""
    tone: Tone
    rows: tuple[tuple[str, str], ...]
    """Label and value: what was checked, against what, when."""
    findings: tuple[Finding, ...] = ()
    rule: str = ""
    """The rule for the office that receives the copy (NĐ 23/2015 Art. 6)."""
    qr: QrModules = ()
    qr_caption: tuple[str, ...] = ()
    footer: str = ""
    """Small, at the foot of every page: which system, when."""
    demonstration: str = ""
    """A red line on every page, e.g. that the paper was signed for demonstration only."""
    created_at: datetime
    """Aware."""


_Element = Callable[[Column], Column]


def verification_report(report: Report, *, fonts: FontBook) -> bytes:
    """Return the report as PDF/A-2u, on A4 upright; one page unless there is a lot to say."""
    pages = _paginate(fonts, _first_column(fonts, report), list(_elements(fonts, report)))
    sheets = []
    for index, content in enumerate(pages, start=1):
        foot = _foot(fonts, report, f"Trang {index}/{len(pages)}")
        sheets.append(Sheet(width=A4[0], height=A4[1], content=content + foot))
    metadata = Metadata(title=printable(fonts, report.title), created_at=report.created_at)
    return write_pdf(sheets, fonts=fonts, metadata=metadata)


def _first_column(fonts: FontBook, report: Report) -> Column:
    """The head of the first page: letterhead, title, and the code at the right of the title."""
    name = [printable(fonts, line) for line in report.letterhead]
    content, left, right = draw_letterhead(fonts, name, sides=(_LEFT - 14, _RIGHT + 14), top=_TOP)
    y = min(left.y, right.y) - 22
    if not report.qr:
        return _headline(Column(fonts=fonts, x0=_LEFT, x1=_RIGHT, y=y, content=content), fonts, report)
    code = qr_block(fonts, report.qr, [printable(fonts, line) for line in report.qr_caption], side=_QR_SIDE)
    place = Rect(_RIGHT - code.width, y - code.height, _RIGHT, y)
    content += draw_qr_block(fonts, code, place)
    narrow = Column(fonts=fonts, x0=_LEFT, x1=place.x0 - 14, y=y - 8, content=content)
    headed = _headline(narrow, fonts, report)
    return replace(headed, x1=_RIGHT, y=min(headed.y, place.y0 - 8))


def _headline(column: Column, fonts: FontBook, report: Report) -> Column:
    """The title, and the answer in its frame."""
    title = TextStyle(face=FontStyle.BOLD, size=16, align=Align.CENTER)
    column = column.text(title, printable(fonts, report.title), after=16)
    color = _COLORS[report.tone]
    verdict = TextStyle(face=FontStyle.BOLD, size=14, color=color, align=Align.CENTER)
    top = column.y
    inner = replace(column, x0=column.x0 + 10, x1=column.x1 - 10, y=top - 9)
    inner = inner.text(verdict, printable(fonts, report.verdict), after=11)
    frame = draw_frame(Rect(column.x0, inner.y, column.x1, top), width=1.6, color=color)
    return replace(column, y=inner.y - 14, content=inner.content + frame)


def _elements(fonts: FontBook, report: Report) -> Iterator[_Element]:
    for label, value in report.rows:
        yield _row(printable(fonts, label), printable(fonts, value))
    if report.findings:
        yield _heading("Nội dung đã kiểm tra")
    for finding in report.findings:
        yield _finding(printable(fonts, finding.text), finding.tone)
    if report.rule:
        yield _rule(printable(fonts, report.rule))


def _row(label: str, value: str) -> _Element:
    def draw(column: Column) -> Column:
        labels = replace(column, x1=column.x0 + _LABELS - 8).text(TextStyle(size=11.5, color=GRAY), label)
        values = replace(labels, x0=column.x0 + _LABELS, x1=column.x1, y=column.y).text(TextStyle(size=11.5), value)
        bottom = min(labels.y, values.y) - 4
        line = draw_rule(column.x0, bottom, column.x1, bottom, width=0.4, color=LIGHT)
        return replace(column, y=bottom - 4, content=values.content + line)

    return draw


def _heading(text: str) -> _Element:
    style = TextStyle(face=FontStyle.BOLD, size=12.5)
    return lambda column: replace(column, y=column.y - 10).text(style, text, after=5)


def _finding(text: str, tone: Tone) -> _Element:
    def draw(column: Column) -> Column:
        word = TextStyle(face=FontStyle.BOLD, size=11, color=_COLORS[tone])
        labels = replace(column, x1=column.x0 + 60).text(word, _WORDS[tone])
        texts = replace(labels, x0=column.x0 + 64, x1=column.x1, y=column.y).text(TextStyle(size=11), text)
        return replace(column, y=min(labels.y, texts.y) - 4, content=texts.content)

    return draw


def _rule(text: str) -> _Element:
    def draw(column: Column) -> Column:
        top = column.y - 12
        style = TextStyle(size=11.5, align=Align.JUSTIFIED)
        inner = replace(column, x0=column.x0 + 12, x1=column.x1 - 12, y=top - 8).text(style, text, after=10)
        frame = draw_frame(Rect(column.x0, inner.y, column.x1, top), width=0.8, color=BLACK)
        return replace(column, y=inner.y - 8, content=inner.content + frame)

    return draw


def _paginate(fonts: FontBook, first: Column, elements: Sequence[_Element]) -> list[str]:
    """The content of the pages: an element that does not fit starts the next page."""
    pages = []
    column = first
    for element in elements:
        drawn = element(column)
        if drawn.y < _BOTTOM and column.content:
            pages.append(column.content)
            drawn = element(Column(fonts=fonts, x0=_LEFT, x1=_RIGHT, y=_TOP))
        column = drawn
    return [*pages, column.content]


def _foot(fonts: FontBook, report: Report, page: str) -> str:
    style = TextStyle(size=9, color=GRAY)
    box = Rect(_LEFT, 0, _RIGHT, _BOTTOM - 14)
    right = replace(style, align=Align.RIGHT)
    rule = draw_rule(_LEFT, _BOTTOM - 10, _RIGHT, _BOTTOM - 10, width=0.4, color=LIGHT)
    mark = TextStyle(face=FontStyle.BOLD, size=9, color=RED, align=Align.CENTER)
    below = Rect(_LEFT, 0, _RIGHT, box.y1 - style.leading)
    return "".join(
        (
            rule,
            draw_lines(fonts, style, [printable(fonts, report.footer)], box),
            draw_lines(fonts, right, [page], box),
            draw_lines(fonts, mark, [printable(fonts, report.demonstration)], below),
        )
    )

"""Where the blocks and the QR code go on the first page: beside the ink, or on white added around the scan."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from ocr.archive.drawing import Align, Color, QrModules, Rect, TextStyle, draw_lines, draw_qr, trimmed, wrap
from ocr.archive.fonts import FontBook, FontStyle
from ocr.archive.ink import InkMap

QUIET_ZONE = 4
"""White modules around a QR code (ISO/IEC 18004)."""
_EDGE = 14.0
"""Points from the edge of the page that every printer reaches."""
_NARROW_EDGE = 8.0
"""Points from the edge where paper further in is not free."""
_GAP = 8.0
_STEP = 4.0
_CAPTION_SIZE = 6.5 / 82
"""Size of the lines under a code, in sides of the code."""
_MARK_RED = Color(0.8, 0, 0)


class Block(Protocol):
    """Something to print, with the room that it needs."""

    @property
    def width(self) -> float:
        """In points."""

    @property
    def height(self) -> float:
        """In points."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextBlock:
    """Lines of text."""

    width: float
    """In points."""
    height: float
    lines: tuple[str, ...]
    style: TextStyle


@dataclass(frozen=True, slots=True, kw_only=True)
class QrBlock:
    """A QR code with its quiet zone and the lines under it."""

    width: float
    """In points, with the quiet zone."""
    height: float
    modules: QrModules
    side: float
    """Printed side without the quiet zone, in points."""
    caption: tuple[str, ...] = ()
    style: TextStyle


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontPage:
    """The first page with the places of its blocks; a block without a place is not printed there."""

    width: float
    """Of the page, in points; more than the scan's where white was added at its right."""
    height: float
    """More than the scan's where white was added on top."""
    scanner: Rect | None = None
    agency: Rect | None = None
    qr: Rect | None = None
    pointer: Rect | None = None
    """Only where the code has no place."""


def text_block(fonts: FontBook, style: TextStyle, lines: Sequence[str], *, width: float) -> TextBlock | None:
    """Return the lines as a block of at most the width, or None where there are none."""
    broken = tuple(part for line in lines if line.strip() for part in wrap(fonts, style, line, width))
    if not broken:
        return None
    widest = max(fonts.width(style.face, line, style.size) for line in broken)
    return TextBlock(width=widest, height=len(broken) * style.leading, lines=broken, style=style)


def qr_block(fonts: FontBook, modules: QrModules, caption: Sequence[str], *, side: float) -> QrBlock:
    """Return a QR code of the side (in points, without its quiet zone) with a caption as wide as itself."""
    module = side / len(trimmed(modules))
    outer = side + 2 * QUIET_ZONE * module
    style = TextStyle(size=side * _CAPTION_SIZE, align=Align.CENTER)
    lines = tuple(part for line in caption if line.strip() for part in wrap(fonts, style, line, outer))
    return QrBlock(
        width=outer,
        height=outer + len(lines) * style.leading,
        modules=trimmed(modules),
        side=side,
        caption=lines,
        style=style,
    )


def place_front(
    ink: InkMap, *, scanner: Block | None, agency: Block | None, qr: Block | None, pointer: Block | None
) -> FrontPage:
    """Return the places on page 1: on free paper if there is any, else on white added around the scan.

    Args:
        ink: Of the scan.
        scanner: Goes to the top left.
        agency: Goes to the top right.
        qr: Goes below the scanner's block, or where there is room.
        pointer: Stands in for the code where that has no free place, because it is on another page too; with None,
            white is added for the code.
    """
    bare = FrontPage(width=ink.width, height=ink.height)
    at_right = _first(ink, _corner(ink, agency, right=True), ()) if agency else None
    taken = (at_right,) if at_right else ()
    at_left = _first(ink, _corner(ink, scanner, right=False), taken) if scanner else None
    if (agency and not at_right) or (scanner and not at_left):
        beside = _first(ink, _qr_places(ink, qr, below=None), ()) if qr else None
        grown = _grown(bare, scanner=scanner, agency=agency, qr=None if beside else qr)
        return replace(grown, qr=beside or grown.qr)
    free = replace(bare, scanner=at_left, agency=at_right)
    if qr is None:
        return free
    occupied = (*taken, *((at_left,) if at_left else ()))
    place = _first(ink, _qr_places(ink, qr, below=at_left), occupied)
    if place:
        return replace(free, qr=place)
    if pointer is None:
        return _grown(bare, scanner=scanner, agency=agency, qr=qr)
    return replace(free, pointer=_first(ink, _qr_places(ink, pointer, below=at_left), occupied))


def draw_text_block(fonts: FontBook, block: TextBlock, place: Rect) -> str:
    """Return the operators of a text block in its place."""
    return draw_lines(fonts, block.style, block.lines, place)


def draw_qr_block(fonts: FontBook, block: QrBlock, place: Rect) -> str:
    """Return the operators of a QR code and its caption, the code at the top of the place."""
    inset = (block.width - block.side) / 2
    code = Rect(place.x0 + inset, place.y1 - inset - block.side, place.x0 + inset + block.side, place.y1 - inset)
    caption = Rect(place.x0, place.y0, place.x1, place.y1 - block.width)
    return draw_qr(block.modules, code) + draw_lines(fonts, block.style, block.caption, caption)


def mark_block(fonts: FontBook, text: str, *, width: float) -> TextBlock:
    """Return the demonstration mark on one line that is no wider than the width, in points."""
    style = TextStyle(face=FontStyle.BOLD, size=9, color=_MARK_RED, align=Align.CENTER)
    natural = fonts.width(style.face, text, style.size)
    style = replace(style, size=min(style.size, style.size * width / natural))
    return TextBlock(width=min(natural, width), height=style.leading, lines=(text,), style=style)


def place_mark(ink: InkMap, mark: Block, taken: Sequence[Rect]) -> Rect | None:
    """Return a free place for the demonstration mark at the bottom or the top of a page, or None."""
    middle = (ink.width - mark.width) / 2
    bottoms = (_at(middle, _EDGE + step * _STEP, mark) for step in range(6))
    tops = (_at(middle, ink.height - _EDGE - mark.height - step * _STEP, mark) for step in range(6))
    return _first(ink, (place for places in (bottoms, tops) for place in places), taken)


def _at(x: float, y: float, block: Block) -> Rect:
    return Rect(x, y, x + block.width, y + block.height)


def _first(ink: InkMap, places: Iterator[Rect], taken: Sequence[Rect]) -> Rect | None:
    return next((p for p in places if ink.is_free(p) and not any(_touch(p, other) for other in taken)), None)


def _touch(one: Rect, other: Rect) -> bool:
    return not (
        one.x1 + _GAP / 2 < other.x0
        or other.x1 + _GAP / 2 < one.x0
        or one.y1 + _GAP / 2 < other.y0
        or other.y1 + _GAP / 2 < one.y0
    )


def _corner(ink: InkMap, block: Block, *, right: bool) -> Iterator[Rect]:
    for down in (_EDGE, _NARROW_EDGE, 18.0, 22.0, 26.0, 30.0, 34.0, 38.0):
        for inward in (_EDGE, 20.0, 28.0, 40.0, 60.0, 80.0):
            x = ink.width - inward - block.width if right else inward
            yield _at(x, ink.height - down - block.height, block)


def _qr_places(ink: InkMap, block: Block, *, below: Rect | None) -> Iterator[Rect]:
    top = (below.y0 - _GAP / 2 if below else ink.height - _EDGE / 2) - block.height
    for y in _steps(top, ink.height * 0.45):  # the left margin, from the top down
        for x in (_EDGE, _EDGE / 2, 2 * _EDGE, 0.5):
            yield _at(x, y, block)
    for x in _steps(_EDGE / 2, ink.width - block.width - _EDGE / 2):  # along the top
        yield _at(x, ink.height - _EDGE / 2 - block.height, block)
    for y in _steps(_EDGE, ink.height * 0.4):  # the foot of the page, bottom left first
        for x in (_EDGE, 2 * _EDGE, ink.width - _EDGE - block.width, (ink.width - block.width) / 2):
            yield _at(x, y, block)
    for y in _steps(top, _EDGE):  # the right margin
        yield _at(ink.width - _EDGE / 2 - block.width, y, block)


def _steps(start: float, end: float) -> Iterator[float]:
    step = _STEP if end >= start else -_STEP
    for index in range(int(abs(end - start) / _STEP) + 1):
        yield start + index * step


def _grown(page: FrontPage, *, scanner: Block | None, agency: Block | None, qr: Block | None) -> FrontPage:
    """White on top of the scan: scanner, code and agency in a row, or below one another on a narrow page."""
    blocks = [b for b in (scanner, qr, agency) if b]
    width = sum(b.width for b in blocks) + _GAP * (len(blocks) - 1) + 2 * _EDGE
    if width > page.width and len(blocks) > 1:
        return _stacked(page, scanner=scanner, agency=agency, qr=qr)
    wide = max(page.width, width)
    top = page.height + max(b.height for b in blocks) + 1.5 * _EDGE
    left = _EDGE
    places: dict[str, Rect] = {}
    for name, block in (("scanner", scanner), ("qr", qr)):
        if block:
            places[name] = _at(left, top - _EDGE - block.height, block)
            left += block.width + _GAP
    if agency:
        places["agency"] = _at(wide - _EDGE - agency.width, top - _EDGE - agency.height, agency)
    return _front(wide, top, places)


def _stacked(page: FrontPage, *, scanner: Block | None, agency: Block | None, qr: Block | None) -> FrontPage:
    rows = [(name, b) for name, b in (("agency", agency), ("scanner", scanner), ("qr", qr)) if b]
    wide = max(page.width, *(b.width + 2 * _EDGE for _, b in rows))
    top = page.height + sum(b.height for _, b in rows) + _GAP * (len(rows) - 1) + 1.5 * _EDGE
    y = top - _EDGE
    places: dict[str, Rect] = {}
    for name, block in rows:
        x = wide - _EDGE - block.width if name == "agency" else _EDGE
        places[name] = _at(x, y - block.height, block)
        y -= block.height + _GAP
    return _front(wide, top, places)


def _front(width: float, height: float, places: dict[str, Rect]) -> FrontPage:
    return FrontPage(
        width=width, height=height, scanner=places.get("scanner"), agency=places.get("agency"), qr=places.get("qr")
    )

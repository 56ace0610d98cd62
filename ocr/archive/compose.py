"""From page images and their text to the PDF/A copy that will be signed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType

from domain.models import PageImage, PageText
from ocr.archive.drawing import A4, POINTS_PER_MM, QrModules, Rect, TextStyle
from ocr.archive.fonts import FontBook
from ocr.archive.ink import InkMap, find_ink
from ocr.archive.places import (
    draw_qr_block,
    draw_text_block,
    mark_block,
    place_front,
    place_mark,
    qr_block,
    text_block,
)
from ocr.archive.statement import SignatureSlot, Statement
from ocr.archive.statement_page import draw_statement_page
from ocr.archive.text_layer import characters_of, draw_text_layer
from ocr.archive.writer import LARGEST_SIDE, Attachment, Metadata, Sheet, write_pdf

DEMONSTRATION_MARK = "BẢN TRÌNH DIỄN – KHÔNG CÓ GIÁ TRỊ PHÁP LÝ"
SCANNER_BOX = "scanner_block"
AGENCY_BOX = "agency_block"
_BLOCK_STYLE = TextStyle(size=10)
_POINTER = "Mã QR để kiểm tra: ở trang cuối"
_POINTER_STYLE = TextStyle(size=8)
_LEGIBLE_WIDTH = 150.0
"""A page narrower than this (points) gets white at its right, so that the demonstration mark can be read."""
_BLOCK_WIDTH = 215.0
"""Lines of the front page's blocks are broken at this width, in points."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyDescription:
    """What is printed on a copy beside its page images."""

    title: str
    document_id: str = ""
    created_at: datetime
    """Aware."""
    qr: QrModules = ()
    """The modules of the QR code; empty for none."""
    qr_caption: tuple[str, ...] = ()
    """The short link, to be typed by hand."""
    scanner_block: tuple[str, ...] = ()
    """Top left on page 1: who scanned the paper, and when (TT 01/2023 Art. 8)."""
    agency_block: tuple[str, ...] = ()
    """Top right on page 1: form of the copy, agency, time (NĐ 30/2020, Appendix I)."""
    statement: Statement | None = None
    """On a last page of its own."""
    slots: tuple[SignatureSlot, ...] = ()
    """Places for signatures on the statement page, from left to right."""
    demonstration: bool = False
    """Whether every page says that the copy is worth nothing."""
    attachments: tuple[Attachment, ...] = ()
    """With attachments the file is PDF/A-3u, else PDF/A-2u."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutOptions:
    """Sizes that an office may choose."""

    qr_side_mm: float = 30.0
    """Printed side of the code on page 1, without its quiet zone."""
    statement_qr_side_mm: float = 40.0
    qr_on_front: bool = False
    """Whether white is added to page 1 for the code where no free place is found, though the last page has it too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureBox:
    """Where the (empty) appearance of a signature goes."""

    page: int
    """From 1."""
    x0: float
    """In PDF points from the bottom left corner of the page."""
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ComposedCopy:
    """The copy before it is signed."""

    pdf: bytes = field(repr=False)
    signature_boxes: Mapping[str, SignatureBox]
    """By the name of the slot; `scanner_block` and `agency_block` are the blocks on page 1."""


def compose(
    images: Sequence[PageImage],
    texts: Sequence[PageText],
    *,
    copy: CopyDescription,
    fonts: FontBook,
    options: LayoutOptions | None = None,
) -> ComposedCopy:
    """Return the PDF/A of the images as they are, with their text and everything that the copy says.

    Args:
        images: The pages, in order; there is at least one.
        texts: By page number; a page may have none.
        copy: What is printed.
        fonts: See `open_fonts`.
        options: Sizes; None for the usual ones.

    Raises:
        InputError: A text cannot be printed with the font.
        DamagedDocument: An image cannot be decoded.
        ConfigurationError: The statement does not fit on its page.
    """
    options = options or LayoutOptions()
    codes = characters_of(texts)
    by_number = {text.number: text for text in texts}
    sheets = [scan_sheet(image, by_number.get(image.number), codes) for image in images]
    sheets[0], boxes = _front_sheet(sheets[0], copy, fonts, options)
    if copy.demonstration:
        sheets[1:] = [_marked(sheet, _ink(sheet, coarse=True), fonts, ()) for sheet in sheets[1:]]
    if copy.statement is not None:
        page = draw_statement_page(
            fonts,
            copy.statement,
            copy.slots,
            qr=copy.qr,
            caption=copy.qr_caption,
            qr_side=options.statement_qr_side_mm * POINTS_PER_MM,
        )
        sheets.append(_statement_sheet(page.content, fonts, demonstration=copy.demonstration))
        boxes |= {name: _box(len(sheets), place) for name, place in page.boxes}
    metadata = Metadata(title=copy.title, identifier=copy.document_id, created_at=copy.created_at)
    pdf = write_pdf(sheets, fonts=fonts, metadata=metadata, codes=codes, attachments=copy.attachments)
    return ComposedCopy(pdf=pdf, signature_boxes=MappingProxyType(boxes))


def scan_sheet(image: PageImage, text: PageText | None, codes: Mapping[str, str]) -> Sheet:
    """Return the sheet of a page image with its text, if there is one."""
    upright = (image.height, image.width) if image.rotation in (90, 270) else (image.width, image.height)
    points = min(72 / image.dpi, LARGEST_SIDE / max(upright))
    width, height = (side * points for side in upright)
    box = Rect(0, 0, width, height)
    content = draw_text_layer(text, codes, box) if text else ""
    return Sheet(width=width, height=height, image=image, image_box=box, content=content)


def _ink(sheet: Sheet, *, coarse: bool = False) -> InkMap:
    assert sheet.image is not None and sheet.image_box is not None
    return find_ink(sheet.image, width=sheet.image_box.x1, height=sheet.image_box.y1, coarse=coarse)


def _front_sheet(
    sheet: Sheet, copy: CopyDescription, fonts: FontBook, options: LayoutOptions
) -> tuple[Sheet, dict[str, SignatureBox]]:
    """The first page with its blocks, and the boxes of the blocks."""
    ink = _ink(sheet)
    scanner = text_block(fonts, _BLOCK_STYLE, copy.scanner_block, width=_BLOCK_WIDTH)
    agency = text_block(fonts, _BLOCK_STYLE, copy.agency_block, width=_BLOCK_WIDTH)
    qr = qr_block(fonts, copy.qr, copy.qr_caption, side=options.qr_side_mm * POINTS_PER_MM) if copy.qr else None
    pointer = None
    if copy.statement is not None and not options.qr_on_front:
        pointer = text_block(fonts, _POINTER_STYLE, (_POINTER, "".join(copy.qr_caption)), width=_BLOCK_WIDTH)
    front = place_front(ink, scanner=scanner, agency=agency, qr=qr, pointer=pointer)
    drawn, boxes = "", {}
    for name, block, place in ((SCANNER_BOX, scanner, front.scanner), (AGENCY_BOX, agency, front.agency)):
        if block and place:
            drawn += draw_text_block(fonts, block, place)
            boxes[name] = _box(1, place)
    if qr and front.qr:
        drawn += draw_qr_block(fonts, qr, front.qr)
    if pointer and front.pointer:
        drawn += draw_text_block(fonts, pointer, front.pointer)
    sheet = replace(sheet, width=front.width, height=front.height, content=sheet.content + drawn)
    if copy.demonstration:
        sheet = _marked(sheet, ink, fonts, tuple(filter(None, (front.scanner, front.agency, front.qr, front.pointer))))
    return sheet, boxes


def _marked(sheet: Sheet, ink: InkMap, fonts: FontBook, taken: Sequence[Rect]) -> Sheet:
    """The sheet with the demonstration mark on free paper, or on white added at its top."""
    width, height = max(sheet.width, _LEGIBLE_WIDTH), sheet.height
    mark = mark_block(fonts, DEMONSTRATION_MARK, width=width - 4)
    place = place_mark(ink, mark, taken)
    if place is None:
        left = (width - mark.width) / 2
        place = Rect(left, height + 3, left + mark.width, height + 3 + mark.height)
        height = place.y1 + 6
    return replace(sheet, width=width, height=height, content=sheet.content + draw_text_block(fonts, mark, place))


def _statement_sheet(content: str, fonts: FontBook, *, demonstration: bool) -> Sheet:
    width, height = A4
    if demonstration:
        mark = mark_block(fonts, DEMONSTRATION_MARK, width=width)
        left = (width - mark.width) / 2
        content += draw_text_block(fonts, mark, Rect(left, height - 30, left + mark.width, height - 30 + mark.height))
        content += draw_text_block(fonts, mark, Rect(left, 22, left + mark.width, 22 + mark.height))
    return Sheet(width=width, height=height, content=content)


def _box(page: int, place: Rect) -> SignatureBox:
    return SignatureBox(page=page, x0=place.x0, y0=place.y0, x1=place.x1, y1=place.y1)

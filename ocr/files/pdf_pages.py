"""Pages of PDF files: scans are taken out as they are, everything else is drawn; real text comes along."""

import io
import math
import warnings
import zlib
from collections.abc import Iterator
from contextlib import ExitStack

import cv2
import numpy as np
import pdfplumber
import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

from domain.errors import DamagedDocument, EncryptedDocument, OversizedDocument
from domain.models import ColorModel, ImageEncoding, PageImage, Source
from ocr.files.intake import Limits, PageScan, check_size, plausible_dpi
from ocr.files.pdf_images import PageContent, PlacedImage, page_content, take_stream
from ocr.files.pdf_limits import check_page_streams, check_structure_streams
from ocr.files.text_layer import read_layer
from ocr.picture.raster import EncodedImage, Picture, encode

_LARGEST_FLATE = 1_500_000
_COLOR_SPREAD = 24
_DEEPEST_FIELD = 20
_COMPARED_DPI = 150
_DARK, _PALE = 130, 150
"""Brightness of letters, and of where they are gone."""
_NOTED = 24
"""Difference of brightness that a note makes where it shows."""
_LEAST_HIDDEN = 4
"""Pixels; the thin parts of letters have more."""


def check_pdf(source: Source, *, limits: Limits) -> None:
    """Refuse a PDF that is damaged, locked, without pages or too big, without reading its pages.

    Raises:
        DamagedDocument: it is cut short or corrupt, or has no pages.
        EncryptedDocument: it needs a password or restricts its use.
        OversizedDocument: it has too many pages, or its structure unpacks to too much.
    """
    if b"%%EOF" not in source.data[-2048:]:
        raise DamagedDocument("Tệp PDF bị cắt cụt, thiếu phần cuối; xin sao chép lại hoặc quét lại.")
    check_structure_streams(source.data, limits.unpacked_bytes)
    with _opened(source) as pdf:
        count = len(pdf.pages)
    if count == 0:
        raise DamagedDocument("Tệp PDF không có trang nào; xin quét lại.")
    if count > limits.pages:
        raise OversizedDocument(
            f"Tệp có {count} trang, nhiều hơn mức cho phép {limits.pages}; xin tách thành nhiều tệp."
        )


def has_signatures(source: Source) -> bool:
    """Return whether a PDF has a signature field that is filled."""
    with _opened(source) as pdf:
        form = pdf.Root.get("/AcroForm")
        fields = form.get("/Fields") if isinstance(form, pikepdf.Dictionary) else None
        return isinstance(fields, pikepdf.Array) and any(_is_signed(field, 0) for field in fields.as_list())


def read_pdf_pages(source: Source, *, limits: Limits, layers: bool = True) -> Iterator[PageScan]:
    """Yield the pages of a PDF one by one, with the text that they bring or without.

    Raises:
        DamagedDocument: a page is corrupt.
        OversizedDocument: a page has too many pixels or unpacks to too much.
    """
    with ExitStack() as stack:
        pdf = stack.enter_context(_opened(source))
        drawing = stack.enter_context(_drawable(source))
        layered = _has_hidden_layers(pdf)
        for index, page in enumerate(pdf.pages):
            try:
                check_page_streams(page.obj, limits.unpacked_bytes)
                scan = _read_page(page, drawing[index], index + 1, limits, layered=layered, layers=layers)
            except (pypdfium2.PdfiumError, pikepdf.PdfError, zlib.error, OSError, ValueError) as e:
                raise DamagedDocument(f"Trang {index + 1} của tệp PDF bị hỏng; xin quét lại trang này.") from e
            yield scan


def _opened(source: Source) -> pikepdf.Pdf:
    try:
        pdf = pikepdf.open(io.BytesIO(source.data), attempt_recovery=False)
    except pikepdf.PasswordError as e:
        raise EncryptedDocument("Tệp PDF có mật khẩu; xin mở khóa rồi lưu lại, hoặc quét lại từ bản giấy.") from e
    except (pikepdf.PdfError, ValueError, RuntimeError) as e:
        raise DamagedDocument("Tệp PDF bị hỏng, không mở được; xin lưu lại từ phần mềm gốc hoặc quét lại.") from e
    if pdf.is_encrypted:
        pdf.close()
        raise EncryptedDocument("Tệp PDF bị khóa quyền sử dụng; xin lưu lại không khóa, hoặc quét lại từ bản giấy.")
    return pdf


def _drawable(source: Source) -> pypdfium2.PdfDocument:
    try:
        document = pypdfium2.PdfDocument(source.data)
        document.init_forms()  # else what signers and forms show is not drawn
        return document
    except pypdfium2.PdfiumError as e:
        raise DamagedDocument("Tệp PDF bị hỏng, không mở được; xin lưu lại từ phần mềm gốc hoặc quét lại.") from e


def _is_signed(field: pikepdf.Object, depth: int) -> bool:
    if not isinstance(field, pikepdf.Dictionary) or depth > _DEEPEST_FIELD:
        return False
    if field.get("/FT") == "/Sig" and isinstance(field.get("/V"), pikepdf.Dictionary):
        return True
    children = field.get("/Kids")
    return isinstance(children, pikepdf.Array) and any(_is_signed(child, depth + 1) for child in children.as_list())


def _has_hidden_layers(pdf: pikepdf.Pdf) -> bool:
    """Return whether a PDF has layers (optional content) that do not show unless somebody switches them on."""
    layers = pdf.Root.get("/OCProperties")
    usual = layers.get("/D") if isinstance(layers, pikepdf.Dictionary) else None
    if not isinstance(usual, pikepdf.Dictionary):
        return False
    off = usual.get("/OFF")
    return usual.get("/BaseState", "/ON") == "/OFF" or (isinstance(off, pikepdf.Array) and len(off) > 0)


def _read_page(
    page: pikepdf.Page, shown: pypdfium2.PdfPage, number: int, limits: Limits, *, layered: bool, layers: bool
) -> PageScan:
    """Return a page; where layers of it may be hidden it is drawn, and its text is not believed."""
    try:
        content = page_content(shown)
        placed = None if layered or _shows_notes(page, shown) else content.scan
        scan = None if placed is None else _scan(page, placed, number, limits)
        if scan is not None:
            return PageScan(image=scan)
        picture, dpi = _draw(shown, content, number, limits)
        hidden = layered or content.hidden_texts > 0 or _hides_text(shown, content)
    finally:
        shown.close()
    image = _page_image(_encode_drawing(picture), number, dpi, 0)
    if not layers or not content.text_objects or hidden:
        return PageScan(image=image)
    with pdfplumber.open(io.BytesIO(_alone(page))) as text:
        return PageScan(image=image, layer=read_layer(text.pages[0], np.asarray(picture.convert("L")), image))


def _shows_notes(page: pikepdf.Page, shown: pypdfium2.PdfPage) -> bool:
    """Return whether notes, stamps or form fields show on a page: they are no part of its scan.

    What an electronic signature shows of itself, e.g. who signed, is no part of the paper: it would lie upon its text.
    """
    notes = page.obj.get("/Annots")
    if not isinstance(notes, pikepdf.Array) or all(map(_is_signature, notes.as_list())):
        return False
    apart = cv2.absdiff(_drawn_gray(shown), _drawn_gray(shown, notes=False))
    return bool((apart > _NOTED).any())


def _is_signature(note: pikepdf.Object) -> bool:
    """Return whether a note is the place of an electronic signature."""
    if not isinstance(note, pikepdf.Dictionary):
        return False
    parent = note.get("/Parent")
    kinds = [note.get("/FT"), parent.get("/FT") if isinstance(parent, pikepdf.Dictionary) else None]
    return note.get("/Subtype") == "/Widget" and "/Sig" in kinds


def _hides_text(page: pypdfium2.PdfPage, content: PageContent) -> bool:
    """Return whether what is painted over text, or noted on it, hides any of it, e.g. a number under another one.

    The objects that are painted over text do not show on the page afterwards.
    """
    if not content.text_objects or not (content.over_text or pdfium.FPDFPage_GetAnnotCount(page)):
        return False
    whole = _drawn_gray(page)
    for item in content.over_text:
        pdfium.FPDFPageObj_SetIsActive(item, False)
    below = np.asarray(cv2.erode(_drawn_gray(page, notes=False), np.ones((2, 2), np.uint8)))
    gone = ((below < _DARK) & (cv2.erode(whole, np.ones((3, 3), np.uint8)) > _PALE)).astype(np.uint8)
    count, _, stats, _ = cv2.connectedComponentsWithStats(gone, connectivity=8)
    return bool((np.asarray(stats)[1:count, cv2.CC_STAT_AREA] >= _LEAST_HIDDEN).any())


def _drawn_gray(page: pypdfium2.PdfPage, *, notes: bool = True) -> Picture:
    bitmap = page.render(scale=_COMPARED_DPI / 72, grayscale=True, draw_annots=notes, may_draw_forms=notes)
    try:
        return np.array(bitmap.to_numpy(), dtype=np.uint8).reshape(bitmap.height, bitmap.width)
    finally:
        bitmap.close()


def _alone(page: pikepdf.Page) -> bytes:
    """Return a page as a file of its own: pdfplumber goes through all pages of a file to get at one."""
    out = io.BytesIO()
    with pikepdf.new() as single, warnings.catch_warnings():
        warnings.simplefilter("ignore", pikepdf.PageCopyWarning)  # form fields are not needed here
        single.pages.append(page)
        single.save(out)
    return out.getvalue()


def _scan(page: pikepdf.Page, placed: PlacedImage, number: int, limits: Limits) -> PageImage | None:
    check_size(placed.width, placed.height, number, limits)
    scale = float(page.obj.get("/UserUnit", 1))
    stream = take_stream(page, placed)
    if stream is None:
        return None
    dpi = plausible_dpi(placed.dpi / scale, stream.width, stream.height, longest=math.inf)
    return _page_image(stream, number, dpi, placed.rotation or 0)


def _page_image(stream: EncodedImage, number: int, dpi: float, rotation: int) -> PageImage:
    return PageImage(
        number=number,
        width=stream.width,
        height=stream.height,
        dpi=dpi,
        rotation=rotation,
        encoding=stream.encoding,
        color=stream.color,
        data=stream.data,
    )


def _draw(page: pypdfium2.PdfPage, content: PageContent, number: int, limits: Limits) -> tuple[Image.Image, float]:
    width, height = page.get_size()
    dpi = _drawing_dpi(content, limits)
    dpi = min(dpi, 72 * limits.side / max(width, height, 1.0), 72 * (limits.pixels / max(width * height, 1.0)) ** 0.5)
    check_size(int(width * dpi / 72), int(height * dpi / 72), number, limits)
    if dpi < 70:
        raise OversizedDocument(f"Trang {number} có khổ giấy quá lớn để đọc; xin in hoặc quét lại tối đa khổ A3.")
    bitmap = page.render(scale=dpi / 72)
    try:
        return bitmap.to_pil().convert("RGB"), dpi
    finally:
        bitmap.close()


def _drawing_dpi(content: PageContent, limits: Limits) -> float:
    large = [image.dpi for image in content.images if image.share > 0.3]
    if large and not content.text_objects:
        return min(600.0, max(100.0, *large))
    return float(limits.rendering_dpi)


def _encode_drawing(picture: Image.Image) -> EncodedImage:
    samples = np.asarray(picture)[::4, ::4].astype(np.int16)
    gray = bool((samples.max(axis=2) - samples.min(axis=2)).max(initial=0) < _COLOR_SPREAD)
    flat = picture.convert("L") if gray else picture
    stream = encode(flat)
    if len(stream.data) <= _LARGEST_FLATE:
        return stream
    holder = io.BytesIO()
    flat.save(holder, "JPEG", quality=90)
    return EncodedImage(
        width=flat.width,
        height=flat.height,
        encoding=ImageEncoding.JPEG,
        color=ColorModel.GRAY if gray else ColorModel.RGB,
        data=holder.getvalue(),
    )

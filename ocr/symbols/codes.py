"""Codes printed on a page: identity cards, seals of certified copies, separator sheets, and plain barcodes."""

import io
import re
import struct
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote, unquote

import cv2
import numpy as np
import zxingcpp
from PIL import Image

from domain.errors import DamagedDocument, OversizedDocument
from domain.models import Box, PageImage
from domain.vietnamese import fold, nfc
from ocr.picture.raster import Picture, flatten, gray_page
from ocr.symbols.bars import read_bars
from ocr.symbols.card_code import read_card_code

_SEPARATOR = re.compile(r"SOHOA:SEP:1:([^:]*):([^:]*)(?::([^:]*))?", re.IGNORECASE)
_SEAL_LINK = re.compile(r"https?://[^/\s]+/v/[0-9a-z-]{16,24}(?:#[A-Z2-7]+)?", re.IGNORECASE)
_MACHINE_LINES = re.compile(r"DVNM[0-9OIl<]{6}|(?:[<«]\s*){4}")
_PHOTO_FORMATS = ("PNG", "JPEG", "TIFF", "WEBP", "GIF", "BMP")
"""Of pictures that strangers hand in; Pillow would start Ghostscript for others."""
_READING_DPI = 300
_FORMATS = "QRCode,Code128"
"""What is looked for all over a page; other barcodes only where bars are (`ocr/symbols/bars.py`)."""


class CodeUse(StrEnum):
    """What a code is there for."""

    IDENTITY_CARD = "identity_card"
    SEAL = "seal"
    """A verification link, with or without the seal behind `#`."""
    SEPARATOR = "separator"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A code that was read on a page."""

    text: str
    format: str
    """As zxing-cpp names it, e.g. `QRCode`."""
    use: CodeUse
    box: Box
    """The smallest upright rectangle around it, in fractions of the upright page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Separator:
    """What a separator sheet says about the papers behind it; empty where it says nothing."""

    dossier: str = ""
    owner_id: str = ""
    procedure: str = ""


def read_codes(image: PageImage) -> tuple[Code, ...]:
    """Return the codes on a page, from the top down.

    Raises:
        DamagedDocument: the image cannot be decoded.
    """
    return codes_in(gray_page(image), dpi=image.dpi)


def codes_in(gray: Picture, *, dpi: float) -> tuple[Code, ...]:
    """Return the codes on an upright gray page of this resolution, from the top down."""
    scale = min(1.0, _READING_DPI / dpi) if dpi > 0 else 1.0
    page = gray if scale > 0.9 else _resized(gray, scale)
    found = _read(page)
    known, (height, width) = {code.text for code in found}, page.shape[:2]
    more = [
        Code(
            text=nfc(bars.text),
            format=_format_name(bars.format),
            use=code_use(nfc(bars.text)),
            box=_box([(bars.left / width, bars.top / height), (bars.right / width, bars.bottom / height)]),
        )
        for bars in read_bars(page, dpi * scale if scale <= 0.9 else dpi)
        if nfc(bars.text) not in known
    ]
    return tuple(sorted((*found, *more), key=lambda code: (code.box.y0, code.box.x0)))


def find_codes(data: bytes) -> tuple[Code, ...]:
    """Return the codes on a picture of any format and size, e.g. a photo by a phone.

    Raises:
        DamagedDocument: the bytes are no picture, or it is cut short or corrupt.
        OversizedDocument: it has too many pixels.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of small faults that do not hinder reading
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=_PHOTO_FORMATS) as picture:
                gray = flatten(picture).convert("L")
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as e:
        raise OversizedDocument("Ảnh quá lớn để tìm mã; xin chụp lại ở độ phân giải thấp hơn.") from e
    except (OSError, ValueError, SyntaxError, struct.error) as e:
        raise DamagedDocument("Tệp ảnh bị hỏng hoặc bị cắt mất một phần; xin chụp hoặc quét lại.") from e
    return _read(np.asarray(gray, dtype=np.uint8), inverted=True)


def may_bear_code(text: str, phrases: Sequence[str]) -> bool:
    """Return whether a page's text is that of a paper with a code: two of the phrases, or machine-readable lines.

    Looking for a code takes far longer than this, and few pages are such papers.
    """
    said = fold(text)
    return _MACHINE_LINES.search(text) is not None or sum(fold(phrase) in said for phrase in phrases) >= 2


def separator_text(separator: Separator) -> str:
    """Return what stands in the code of a separator sheet."""
    parts = [quote(part, safe=" $*+-./") for part in (separator.dossier, separator.owner_id, separator.procedure)]
    return ":".join(["SOHOA:SEP:1", *(parts if parts[2] else parts[:2])])


def parse_separator(text: str) -> Separator | None:
    """Return what the code of a separator sheet says; None for any other code."""
    found = _SEPARATOR.fullmatch(text.strip())
    if not found:
        return None
    dossier, owner_id, procedure = (nfc(unquote(part or "")) for part in found.groups())
    return Separator(dossier=dossier, owner_id=owner_id, procedure=procedure)


def code_use(text: str) -> CodeUse:
    """Return what a code with this text is there for."""
    if parse_separator(text) is not None:
        return CodeUse.SEPARATOR
    if read_card_code(text) is not None:
        return CodeUse.IDENTITY_CARD
    return CodeUse.SEAL if _SEAL_LINK.fullmatch(text.strip()) else CodeUse.OTHER


def _resized(gray: Picture, scale: float) -> Picture:
    return np.asarray(cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _read(gray: Picture, *, inverted: bool = False) -> tuple[Code, ...]:
    formats = zxingcpp.barcode_formats_from_str(_FORMATS)
    height, width = gray.shape[:2]
    found: dict[tuple[str, Box], Code] = {}
    whole = np.ascontiguousarray(gray)
    for barcode in zxingcpp.read_barcodes(whole, formats, try_invert=inverted):
        place = barcode.position
        corners = [place.top_left, place.top_right, place.bottom_right, place.bottom_left]
        box = _box([(corner.x / width, corner.y / height) for corner in corners])
        text = nfc(barcode.text)
        code = Code(text=text, format=_format_name(barcode.format), use=code_use(text), box=box)
        found.setdefault((text, box), code)
    return tuple(sorted(found.values(), key=lambda code: (code.box.y0, code.box.x0)))


def _format_name(name: zxingcpp.BarcodeFormat) -> str:
    return str(name).replace(" ", "")


def _box(corners: Sequence[tuple[float, float]]) -> Box:
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return Box(*(min(1.0, max(0.0, value)) for value in (min(xs), min(ys), max(xs), max(ys))))

"""What the reading of files works with: limits on what is taken in, and a page as it comes out."""

from dataclasses import dataclass

from domain.errors import OversizedDocument
from domain.models import PageImage, PageText

_A4_LONG_SIDE, _LONGEST_SIDE = 11.69, 20.0
_CARD_SIDE = 3.0
"""Inches, a little less than the longer side of an identity card: no paper is smaller."""
_MOST_DPI = 1300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How big a file may be, and what taking it apart may cost; A3 at 600 dpi (7,016 x 9,921 pixels) passes."""

    bytes: int = 512 * 1024 * 1024
    """Of a file."""
    pages: int = 2_000
    side: int = 9_999
    """Longer side of a page image, in pixels."""
    pixels: int = 80_000_000
    """Of a page image."""
    smallest_side: int = 64
    """Shorter side of a page image, in pixels: less cannot hold a readable line."""
    unpacked_bytes: int = 320 * 1024 * 1024
    """What one compressed stream of a PDF may unpack to."""
    rendering_dpi: int = 300
    """Resolution at which pages that are no scans are drawn."""
    page_seconds: float = 60.0
    """Until the next page of a file is there."""
    file_seconds: float = 600.0
    """That may be waited for the pages of a file in all, beside `usual_page_seconds` for each that is there."""
    usual_page_seconds: float = 2.0
    page_memory: int = 2_000 * 2**20
    """Bytes that may be taken for a page, beside the file itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageScan:
    """A page of a source: its image, and the file's own text where that is real."""

    image: PageImage
    layer: PageText | None = None


def plausible_dpi(dpi: float, width: int, height: int, *, longest: float = _LONGEST_SIDE) -> float:
    """Return the resolution of a page, estimated from A4 where a file says none, or one that no paper has.

    Args:
        longest: The longest side, in inches, that is believed.
    """
    longer, shorter = max(width, height), min(width, height)
    if dpi <= _MOST_DPI and _CARD_SIDE * dpi <= longer <= longest * dpi and shorter >= dpi:
        return dpi
    return max(50.0, min(1200.0, round(longer / _A4_LONG_SIDE)))


def check_size(width: int, height: int, number: int, limits: Limits) -> None:
    """Refuse a page image that is too big or too small to be a scanned page.

    Raises:
        OversizedDocument: it has too many pixels, or too few.
    """
    size = f"{width:,} x {height:,}".replace(",", ".")
    if max(width, height) > limits.side or width * height > limits.pixels:
        raise OversizedDocument(
            f"Ảnh của trang {number} quá lớn ({size} điểm ảnh); xin quét lại ở 300 dpi, tối đa khổ A3."
        )
    if min(width, height) < limits.smallest_side:
        raise OversizedDocument(
            f"Ảnh của trang {number} quá nhỏ ({size} điểm ảnh), không thể có chữ đọc được; xin quét lại ở 300 dpi."
        )

"""Some pages of a scan as a file of their own."""

from collections.abc import Sequence
from datetime import datetime

from domain.models import PageImage
from ocr.archive.compose import scan_sheet
from ocr.archive.fonts import FontBook
from ocr.archive.writer import Metadata, write_pdf


def write_excerpt(images: Sequence[PageImage], *, title: str, created_at: datetime, fonts: FontBook) -> bytes:
    """Return a PDF of the page images as they are, stream by stream; the same pages give the same bytes."""
    sheets = [scan_sheet(image, None, {}) for image in images]
    return write_pdf(sheets, fonts=fonts, metadata=Metadata(title=title, created_at=created_at))

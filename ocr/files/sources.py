"""Files as they come in: what they are, whether they can be used, and their pages."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import PurePath

from domain.errors import DamagedDocument, OversizedDocument, UnsupportedDocument
from domain.models import Source
from ocr.files.image_pages import check_image, read_image_pages
from ocr.files.intake import Limits, PageScan
from ocr.files.pdf_pages import check_pdf, has_signatures, read_pdf_pages

__all__ = ["Limits", "PageScan", "open_source", "read_pages", "signed_pdf"]

_PDF = "application/pdf"
_NAMES = {_PDF: "PDF", "image/tiff": "ảnh TIFF", "image/png": "ảnh PNG", "image/jpeg": "ảnh JPEG"}
_SUFFIXES = {
    ".pdf": _PDF,
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".jfif": "image/jpeg",
}
_OTHERS = (
    (re.compile(rb"PK\x03\x04"), "tệp nén ZIP hoặc tệp Word/Excel"),
    (re.compile(rb"\xd0\xcf\x11\xe0"), "tệp Word/Excel kiểu cũ"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "ảnh WebP"),
    (re.compile(rb"GIF8"), "ảnh GIF"),
    (re.compile(rb"BM"), "ảnh BMP"),
    (re.compile(rb"....ftyp(heic|heix|mif1|hevc)", re.DOTALL), "ảnh HEIC của điện thoại"),
    (re.compile(rb"\x00\x00\x00\x0cjP  |\xff\x4f\xff\x51"), "ảnh JPEG 2000"),
    (re.compile(rb"\x97JB2"), "ảnh JBIG2"),
    (re.compile(rb"Rar!|7z\xbc\xaf|\x1f\x8b"), "tệp nén"),
    (re.compile(rb"\{\\rtf"), "tệp RTF"),
    (re.compile(rb"\s*<(!DOCTYPE|html|\?xml)", re.IGNORECASE), "trang web hoặc XML"),
)


def open_source(name: str, data: bytes, *, limits: Limits) -> Source:
    """Return a file as a source, after everything that can be said without reading its pages was checked.

    Raises:
        UnsupportedDocument: no PDF, TIFF, PNG or JPEG, or not what its name says.
        DamagedDocument: empty, cut short, corrupt or without pages.
        EncryptedDocument: a PDF that needs a password or restricts its use.
        OversizedDocument: too many bytes, pages or pixels, or a stream that unpacks to too much.
    """
    if not data:
        raise DamagedDocument("Tệp rỗng, không có dữ liệu; xin quét hoặc sao chép lại.")
    if len(data) > limits.bytes:
        size, most = len(data) // 2**20, limits.bytes // 2**20
        raise OversizedDocument(f"Tệp quá lớn ({size} MB, tối đa {most} MB); xin tách thành nhiều tệp.")
    base = PurePath(name.replace("\\", "/")).name or "scan"
    media_type = _sniff(data)
    _check_name(base, media_type)
    source = Source(name=base, media_type=media_type, data=data, sha256=hashlib.sha256(data).hexdigest())
    if media_type == _PDF:
        check_pdf(source, limits=limits)
    else:
        check_image(source, limits=limits)
    return source


def read_pages(source: Source, *, limits: Limits, layers: bool = True) -> Iterator[PageScan]:
    """Yield the pages of a source one by one; nothing of a page is kept once it was handed out.

    Args:
        layers: Whether the text that a page brings is wanted too; to compare it with what the page shows takes long.

    Raises:
        DamagedDocument: a page is cut short or corrupt.
        OversizedDocument: a page has too many pixels or unpacks to too much.
    """
    if source.media_type == _PDF:
        return read_pdf_pages(source, limits=limits, layers=layers)
    return read_image_pages(source, limits=limits)


def signed_pdf(source: Source) -> bool:
    """Return whether the source is a PDF that carries at least one signature."""
    return source.media_type == _PDF and has_signatures(source)


def _sniff(data: bytes) -> str:
    head = data[:1024]
    if b"%PDF-" in head:
        return _PDF
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith((b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")):
        return "image/tiff"
    what = next((words for pattern, words in _OTHERS if pattern.match(head)), "tệp không rõ loại")
    raise UnsupportedDocument(f"Đây là {what}, chưa đọc được; xin lưu hoặc quét thành PDF, TIFF, PNG hoặc JPEG.")


def _check_name(name: str, media_type: str) -> None:
    suffix = PurePath(name).suffix.lower()
    expected = _SUFFIXES.get(suffix)
    if expected is not None and expected != media_type:
        right = next(key for key, value in _SUFFIXES.items() if value == media_type)
        raise UnsupportedDocument(
            f"Tên tệp có đuôi {suffix} nhưng nội dung là {_NAMES[media_type]}; xin đổi đuôi thành {right} rồi nộp lại."
        )

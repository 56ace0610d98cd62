"""What a PDF may unpack to: bounded inflation of its streams before a library unpacks them without bounds."""

import re
import zlib

import pikepdf

from domain.errors import OversizedDocument

_STRUCTURE_STREAM = re.compile(rb"/Type\s*/(?:ObjStm|XRef)\b")
_STREAM_START = re.compile(rb"\bstream\r?\n")
_STEP = 1 << 20
_DEEPEST = 12


def check_structure_streams(data: bytes, limit: int) -> None:
    """Refuse a PDF whose object or cross-reference streams unpack to more than the limit, before it is opened.

    Raises:
        OversizedDocument: one does.
    """
    for found in _STRUCTURE_STREAM.finditer(data):
        start = _STREAM_START.search(data, found.end(), found.end() + 4096)
        if start is not None:
            _inflated_size(memoryview(data)[start.end() :], limit)


def check_page_streams(page: pikepdf.Object, limit: int) -> None:
    """Refuse a page of which a stream (contents, images, forms, fonts) unpacks to more than the limit.

    Raises:
        OversizedDocument: one does.
    """
    seen: set[tuple[int, int]] = set()
    waiting: list[tuple[pikepdf.Object, int]] = [(page, 0)]
    while waiting:
        item, depth = waiting.pop()
        if item.is_indirect:
            if item.objgen in seen:
                continue
            seen.add(item.objgen)
        if isinstance(item, pikepdf.Stream):
            _check_stream(item, limit)
        if depth < _DEEPEST:
            waiting += [(child, depth + 1) for child in _children(item)]


def _children(item: pikepdf.Object) -> list[pikepdf.Object]:
    if isinstance(item, pikepdf.Array):
        values = list(item.as_list()) if len(item) <= 100_000 else []
    elif isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        values = [
            value
            for key, value in item.items()
            if key not in ("/Parent", "/P", "/Popup", "/Dest", "/A", "/StructParent")
        ]
    else:
        return []
    return [value for value in values if isinstance(value, pikepdf.Array | pikepdf.Dictionary | pikepdf.Stream)]


def _check_stream(stream: pikepdf.Stream, limit: int) -> None:
    filters = stream.get("/Filter")
    names = (
        []
        if filters is None
        else [str(name) for name in (filters if isinstance(filters, pikepdf.Array) else [filters])]
    )
    if not names or names[0] not in ("/FlateDecode", "/Fl"):
        return
    data = stream.read_raw_bytes()
    deepest = len(names) - 1
    for level, name in enumerate(names):
        if name not in ("/FlateDecode", "/Fl"):
            return
        if level == deepest:
            _inflated_size(memoryview(data), limit)
        else:
            data = _inflated(data, limit)


def _inflated(data: bytes, limit: int) -> bytes:
    _inflated_size(memoryview(data), limit)
    try:
        return zlib.decompressobj().decompress(data)
    except zlib.error:
        return b""


def _inflated_size(data: memoryview, limit: int) -> int:
    """Return the size, unpacking in steps so that memory stays flat; a corrupt stream ends where it is corrupt."""
    unpacker = zlib.decompressobj()
    size = 0
    rest: bytes | memoryview = data
    try:
        while not unpacker.eof and rest:
            piece = unpacker.decompress(rest, _STEP)
            size += len(piece)
            if size > limit:
                raise OversizedDocument(
                    f"Tệp PDF nén bất thường, bung ra hơn {limit // 2**20} MB; không xử lý, xin quét lại từ bản giấy."
                )
            rest = unpacker.unconsumed_tail
            if not piece:
                break
    except zlib.error:
        return size
    return size

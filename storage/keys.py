"""The names of objects, and the digests of their bytes."""

import hashlib
import re

from domain.errors import ObjectCorrupt
from domain.models import ObjectRef

_SEGMENT = re.compile(r"[a-z0-9_][a-z0-9=._%-]*")
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?")
_SAFE = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789_-")
_LONGEST_SEGMENT = 200
_LONGEST_KEY = 900


def sha512_of(data: bytes) -> str:
    """Return the SHA-512 in lower-case hexadecimal."""
    return hashlib.sha512(data).hexdigest()


def reference(key: str, data: bytes) -> ObjectRef:
    """Return what refers to these bytes under this key."""
    return ObjectRef(key=key, size=len(data), sha512=sha512_of(data))


def require_digest(key: str, data: bytes, sha512: str) -> None:
    """Check the bytes of an object.

    Raises:
        ObjectCorrupt: they do not have this digest.
    """
    if sha512 and sha512_of(data) != sha512:
        raise ObjectCorrupt(
            f"Dữ liệu lưu trữ «{key}» đã bị thay đổi hoặc hỏng; hãy báo quản trị viên phục hồi từ bản sao lưu."
        )


def check_key(key: str) -> str:
    """Return the key, if it has the form of one; the names of objects are ours, none comes from outside.

    Raises:
        ValueError: it could be no key or lead elsewhere; a bug of the caller.
    """
    if len(key) > _LONGEST_KEY or not all(_good_segment(segment) for segment in key.split("/")):
        raise ValueError(f"not a key: {key[:100]!r}")
    return key


def check_prefix(prefix: str) -> str:
    """Return the prefix, if it is empty or a key and a slash.

    Raises:
        ValueError: it is neither; a bug of the caller.
    """
    if prefix and (not prefix.endswith("/") or not check_key(prefix[:-1])):
        raise ValueError(f"not a prefix: {prefix[:100]!r}")
    return prefix


def key_segment(text: str) -> str:
    """Return a name from outside as one segment of a key: bytes that are not a-z, 0-9, _ or - percent-encoded."""
    raw = text.encode("utf-8", "surrogatepass")
    encoded = "".join(chr(byte) if byte in _SAFE else f"%{byte:02x}" for byte in raw)
    if not encoded or len(encoded) > _LONGEST_SEGMENT or not _good_segment(encoded):
        kept = encoded[:100].lstrip("%-")
        return f"x{kept}-{hashlib.sha256(raw).hexdigest()[:32]}"
    return encoded


def _good_segment(segment: str) -> bool:
    return (
        len(segment) <= _LONGEST_SEGMENT
        and _SEGMENT.fullmatch(segment) is not None
        and not segment.endswith(".")
        and _RESERVED.fullmatch(segment) is None
    )

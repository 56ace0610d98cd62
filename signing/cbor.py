"""CBOR as the seals use it (RFC 8949, deterministic): integers from 0, negative ones, bytes, text, arrays, maps.

Written out for reading, because what is read comes from strangers: nothing but the one deterministic
form is accepted, so that a value has exactly one text; no tags, floats, or lengths left open.
"""

from collections.abc import Mapping, Sequence

import cbor2

CborValue = int | bytes | str | Sequence["CborValue"] | Mapping["int | str", "CborValue"]

_MAXIMUM_DEPTH = 6
_UNSIGNED, _NEGATIVE, _BYTES, _TEXT, _ARRAY, _MAP = range(6)


class CborFault(ValueError):
    """The bytes are not CBOR in deterministic form."""


class CborTruncated(CborFault):
    """The bytes end in the middle of a value."""


def encode(value: CborValue) -> bytes:
    """Return the value in deterministic CBOR."""
    encoded: bytes = cbor2.dumps(value, canonical=True)
    return encoded


def decode(data: bytes) -> CborValue:
    """Return the value that the bytes are.

    Raises:
        CborTruncated: they end too early.
        CborFault: they are not deterministic CBOR, or something follows the value.
    """
    value, end = _item(data, 0, 0)
    if end != len(data):
        raise CborFault("bytes after the value")
    return value


def _head(data: bytes, at: int) -> tuple[int, int, int]:
    """Return major type, argument and where the next byte stands."""
    if at >= len(data):
        raise CborTruncated("a value is missing")
    major, low = data[at] >> 5, data[at] & 31
    if low < 24:
        return major, low, at + 1
    if low > 27:
        raise CborFault("a length that is left open or reserved")
    width = 1 << (low - 24)
    if at + 1 + width > len(data):
        raise CborTruncated("a length is cut short")
    argument = int.from_bytes(data[at + 1 : at + 1 + width], "big")
    if argument < (24 if width == 1 else 1 << (4 * width)):
        raise CborFault("a number that is not in its shortest form")
    return major, argument, at + 1 + width


def _item(data: bytes, at: int, depth: int) -> tuple[CborValue, int]:
    if depth > _MAXIMUM_DEPTH:
        raise CborFault("nested too deeply")
    major, argument, at = _head(data, at)
    if major == _UNSIGNED:
        return argument, at
    if major == _NEGATIVE:
        return -1 - argument, at
    if major in (_BYTES, _TEXT):
        return _string(data, at, argument, text=major == _TEXT)
    if major == _ARRAY:
        return _array(data, at, argument, depth)
    if major == _MAP:
        return _map(data, at, argument, depth)
    raise CborFault("a tag, float or simple value")


def _string(data: bytes, at: int, length: int, *, text: bool) -> tuple[bytes | str, int]:
    if at + length > len(data):
        raise CborTruncated("a string is cut short")
    found = data[at : at + length]
    if not text:
        return found, at + length
    try:
        return found.decode("utf-8"), at + length
    except UnicodeDecodeError as e:
        raise CborFault("text that is not UTF-8") from e


def _array(data: bytes, at: int, length: int, depth: int) -> tuple[list[CborValue], int]:
    items: list[CborValue] = []
    for _ in range(length):
        item, at = _item(data, at, depth + 1)
        items.append(item)
    return items, at


def _map(data: bytes, at: int, length: int, depth: int) -> tuple[dict[int | str, CborValue], int]:
    entries: dict[int | str, CborValue] = {}
    previous = b""
    for _ in range(length):
        key, after = _item(data, at, depth + 1)
        if not isinstance(key, int | str):
            raise CborFault("a key that is neither number nor text")
        if data[at:after] <= previous:
            raise CborFault("keys that are not in order, or twice there")
        previous = data[at:after]
        entries[key], at = _item(data, after, depth + 1)
    return entries, at

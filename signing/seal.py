"""The seal in the QR code: what a paper is, signed so that anyone can check it without a network.

The format is in `docs/seal.md`.
"""

import re
from base64 import b32decode, b32encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from domain.errors import InputError
from domain.identifiers import is_document_id
from domain.models import Reason, SealContent
from signing.cbor import CborFault, CborTruncated, CborValue, decode, encode
from signing.cose import UnsupportedMessage, read_message, sign_message, signature_holds
from signing.seal_keys import KeyUse, SealKey, SealKeySet

VERSION = 1
MAXIMUM_LENGTH = 4000
"""Characters; no QR code holds more."""
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_ID_LENGTH = 10
_DIGEST_LENGTH = 32
_EPOCH = date(1970, 1, 1)
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_BASE32 = re.compile(r"[A-Z2-7]*")
_CUT_SHORT = {1, 3, 6}
_ELLIPSIS = "…"
_VERSION, _ID, _KIND, _NUMBER, _ISSUED, _REGISTER, _CERTIFIED, _HOLDER, _INDEX, _DIGEST, _EXTRA = range(11)
_SHORTENED = ("holder", "number", "kind")


@dataclass(frozen=True, slots=True, kw_only=True)
class SealReading:
    """What came of reading a seal."""

    content: SealContent | None
    """Only where the seal holds."""
    reason: Reason
    """`seal_holds`, or why not."""

    @property
    def holds(self) -> bool:
        """Whether the seal is genuine."""
        return self.content is not None


def make_seal(content: SealContent, key: SealKey, *, room: int | None = None) -> str:
    """Return the sealed content in upper-case base32 without padding.

    Args:
        room: bytes that the QR code has for the seal; the holder's name, then the number, then the kind
            are shortened until it fits.

    Raises:
        InputError: the content cannot be sealed, or does not fit.
    """
    sealed = _sign(content, key)
    for name in _SHORTENED:
        if room is None or len(sealed) <= room:
            break
        content = _shortened(content, name, len(sealed) - room)
        sealed = _sign(content, key)
    if room is not None and len(sealed) > room:
        raise InputError("Nội dung tem QR quá dài so với chỗ trên trang. Vui lòng bớt trường ghi trong tem.")
    return b32encode(sealed).rstrip(b"=").decode()


def read_seal(text: str, keys: SealKeySet, *, on: date | None = None) -> SealReading:
    """Return what the seal says if it is one of these keys' and unchanged, else the reason why not.

    Args:
        on: today; a seal that says it was made more than a day later does not hold.
    """
    try:
        message = read_message(_unpack(text))
        key = keys.find(message.key_id, KeyUse.SEAL)
        if key is None:
            return _refused("seal_unknown_key", key=message.key_id.hex()[:16])
        if message.content_type or not signature_holds(message, key.public_key):
            return _refused("seal_bad_signature", issuer=key.issuer)
        if key.compromised:
            return _refused("seal_key_compromised", issuer=key.issuer)
        payload = decode(message.payload)
        if isinstance(payload, dict) and payload.get(_VERSION) != VERSION:
            return _refused("seal_future_version", version=str(payload.get(_VERSION)))
        content = replace(_content(payload), issuer=key.issuer, key_id=key.key_id.hex())
    except CborTruncated:
        return _refused("seal_truncated")
    except UnsupportedMessage:
        return _refused("seal_future_version", version="?")
    except (CborFault, OverflowError):
        return _refused("seal_malformed")
    if on is not None and content.certified_on > on + timedelta(days=1):
        return _refused("seal_from_future", day=content.certified_on.strftime("%d/%m/%Y"))
    if not key.covers(content.certified_on):
        return _refused("seal_key_out_of_time", issuer=key.issuer, day=content.certified_on.strftime("%d/%m/%Y"))
    return SealReading(content=content, reason=Reason(code="seal_holds", good=True, values={"issuer": key.issuer}))


def mask_name(name: str) -> str:
    """Return a person's name as the seal shows it by default: the family name, and a letter of each other word."""
    family, *others = name.split() or [""]
    return " ".join([family, *(f"{word[0]}*" for word in others)])


def _sign(content: SealContent, key: SealKey) -> bytes:
    return sign_message(encode(_payload(content)), key=key.private_key, key_id=key.key_id)


def _shortened(content: SealContent, name: str, excess: int) -> SealContent:
    """Return the content with so many bytes less in one text, or with that text empty."""
    text = {"holder": content.holder, "number": content.number, "kind": content.kind}[name]
    size = len(text.encode()) - excess - len(_ELLIPSIS.encode())
    short = text.encode()[: max(size, 0)].decode("utf-8", "ignore").rstrip()
    short = short + _ELLIPSIS if short and name != "kind" else ""
    if name == "holder":
        return replace(content, holder=short)
    return replace(content, number=short) if name == "number" else replace(content, kind=short)


def _payload(content: SealContent) -> dict[int | str, CborValue]:
    if not is_document_id(content.document_id):
        raise InputError(f"Mã giấy tờ «{content.document_id}» không đúng dạng. Vui lòng kiểm tra lại.")
    if not re.fullmatch(r"[0-9a-f]{64}", content.content_sha256) or content.status_index < 0:
        raise InputError("Mã băm nội dung hoặc vị trí trạng thái của tem QR không đúng dạng.")
    entries: dict[int | str, CborValue] = {
        _VERSION: VERSION,
        _ID: _id_bytes(content.document_id),
        _CERTIFIED: (content.certified_on - _EPOCH).days,
        _INDEX: content.status_index,
        _DIGEST: bytes.fromhex(content.content_sha256),
    }
    optional: dict[int | str, CborValue] = {
        _KIND: content.kind,
        _NUMBER: content.number,
        _ISSUED: _packed_date(content.issue_date),
        _REGISTER: content.register_number,
        _HOLDER: content.holder,
        _EXTRA: {name: content.extra[name] for name in content.extra},
    }
    entries.update((key, value) for key, value in optional.items() if value)
    return entries


def _content(payload: CborValue) -> SealContent:
    """Return what a payload says; the issuer is filled in from the key.

    Raises:
        CborFault: something is missing, unknown, or of another type.
    """
    match payload:
        case {
            0: 1,
            1: bytes() as identifier,
            6: int() as certified,
            8: int() as status_index,
            9: bytes() as digest,
            **rest,
        }:
            pass
        case _:
            raise CborFault("not the payload of a seal")
    if len(identifier) != _ID_LENGTH or len(digest) != _DIGEST_LENGTH or status_index < 0 or certified < 0:
        raise CborFault("a value out of its bounds")
    if set(rest) - {_KIND, _NUMBER, _ISSUED, _REGISTER, _HOLDER, _EXTRA} or not all(rest.values()):
        raise CborFault("an unknown or empty entry")
    return SealContent(
        document_id=_id_text(identifier),
        issuer="",
        key_id="",
        kind=_text(rest.get(_KIND, "")),
        number=_text(rest.get(_NUMBER, "")),
        issue_date=_unpacked_date(rest.get(_ISSUED, "")),
        register_number=_text(rest.get(_REGISTER, "")),
        certified_on=_EPOCH + timedelta(days=certified),
        holder=_text(rest.get(_HOLDER, "")),
        status_index=status_index,
        content_sha256=digest.hex(),
        extra=_texts(rest.get(_EXTRA, {})),
    )


def _unpack(text: str) -> bytes:
    if len(text) > MAXIMUM_LENGTH or not _BASE32.fullmatch(text):
        raise CborFault("not base32")
    if len(text) % 8 in _CUT_SHORT:
        raise CborTruncated("base32 of this length does not exist")
    data = b32decode(text + "=" * (-len(text) % 8))
    if b32encode(data).rstrip(b"=").decode() != text:
        raise CborFault("bits beyond the last byte")
    return data


def _refused(code: str, **values: str) -> SealReading:
    return SealReading(content=None, reason=Reason(code=code, good=False, values=values))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise CborFault("not a text")
    return value


def _texts(value: object) -> Mapping[str, str]:
    if not isinstance(value, dict):
        raise CborFault("not a map")
    return {_text(name): _text(entry) for name, entry in value.items()}


def _id_bytes(identifier: str) -> bytes:
    number = 0
    for character in identifier:
        number = number * 32 + _ALPHABET.index(character)
    return number.to_bytes(_ID_LENGTH, "big")


def _id_text(data: bytes) -> str:
    number = int.from_bytes(data, "big")
    return "".join(_ALPHABET[(number >> shift) & 31] for shift in range(75, -1, -5))


def _packed_date(text: str) -> int | str:
    """Return an ISO date as a number of its digits (`2026-11-21` -> 20261121), any other text as it is."""
    found = _DATE.fullmatch(text)
    return int("".join(part for part in found.groups() if part)) if found and text[0] != "0" else text


def _unpacked_date(value: object) -> str:
    if isinstance(value, str):
        if value and _packed_date(value) != value:
            raise CborFault("a date as a text")
        return value
    digits = str(value)
    if not isinstance(value, int) or len(digits) not in (4, 6, 8) or not digits.isdigit():
        raise CborFault("not a date")
    return "-".join(part for part in (digits[:4], digits[4:6], digits[6:]) if part)

"""COSE_Sign1 with ES256 (RFC 9052, RFC 9053): one payload, one signature, the key named in the protected header."""

from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from domain.errors import ConfigurationError
from signing.cbor import CborFault, CborTruncated, CborValue, decode, encode

ES256 = -7
SIGN1_TAG = 0xD2
_ALGORITHM, _CONTENT_TYPE, _KEY_ID = 1, 3, 4
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_WIDTH = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedMessage:
    """A COSE_Sign1 as it was read; nothing about its signature is known yet."""

    protected: bytes = field(repr=False)
    key_id: bytes
    content_type: str
    """Empty where the header names none."""
    payload: bytes = field(repr=False)
    signature: bytes = field(repr=False)


class UnsupportedMessage(CborFault):
    """A well-formed COSE_Sign1 of another algorithm or with headers that are not known here."""


def sign_message(payload: bytes, *, key: EllipticCurvePrivateKey, key_id: bytes, content_type: str = "") -> bytes:
    """Return the payload as a tagged COSE_Sign1, its signature in the low-S form.

    Raises:
        ConfigurationError: the key is not on the curve P-256.
    """
    if not isinstance(key.curve, SECP256R1):
        raise ConfigurationError("Khóa ký tem QR phải là khóa EC P-256. Vui lòng tạo lại khóa cho đúng loại.")
    headers: dict[int | str, CborValue] = {_ALGORITHM: ES256, _KEY_ID: key_id}
    if content_type:
        headers[_CONTENT_TYPE] = content_type
    protected = encode(headers)
    r, s = decode_dss_signature(key.sign(_to_be_signed(protected, payload), ECDSA(SHA256())))
    signature = r.to_bytes(_WIDTH, "big") + min(s, _ORDER - s).to_bytes(_WIDTH, "big")
    return bytes([SIGN1_TAG]) + encode([protected, {}, payload, signature])


def read_message(data: bytes) -> SignedMessage:
    """Return the parts of a tagged COSE_Sign1 with an empty unprotected header.

    Raises:
        CborTruncated: the message is cut short.
        UnsupportedMessage: another algorithm, or a header that is not known here.
        CborFault: it is no such message.
    """
    if not data:
        raise CborTruncated("an empty message")
    if data[0] != SIGN1_TAG:
        raise CborFault("not a COSE_Sign1")
    match decode(data[1:]):
        case [bytes() as protected, {**unprotected}, bytes() as payload, bytes() as signature] if not unprotected:
            pass
        case _:
            raise CborFault("not the four parts of a COSE_Sign1")
    headers = decode(protected)
    if not isinstance(headers, dict):
        raise CborFault("the protected header is no map")
    key_id, content_type = headers.get(_KEY_ID), headers.get(_CONTENT_TYPE, "")
    if headers.get(_ALGORITHM) != ES256 or set(headers) - {_ALGORITHM, _CONTENT_TYPE, _KEY_ID}:
        raise UnsupportedMessage("another algorithm or header")
    if not isinstance(key_id, bytes) or not isinstance(content_type, str):
        raise CborFault("a header of the wrong type")
    return SignedMessage(
        protected=protected, key_id=key_id, content_type=content_type, payload=payload, signature=signature
    )


def signature_holds(message: SignedMessage, public_key: EllipticCurvePublicKey, *, strict: bool = True) -> bool:
    """Return whether the signature is this key's over this payload.

    Strict demands the low-S form, so that nobody can make a second text of the same message.
    """
    if len(message.signature) != 2 * _WIDTH:
        return False
    r, s = int.from_bytes(message.signature[:_WIDTH], "big"), int.from_bytes(message.signature[_WIDTH:], "big")
    if strict and s > _ORDER // 2:
        return False
    try:
        der = encode_dss_signature(r, s)
        public_key.verify(der, _to_be_signed(message.protected, message.payload), ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def _to_be_signed(protected: bytes, payload: bytes) -> bytes:
    return encode(["Signature1", protected, b"", payload])

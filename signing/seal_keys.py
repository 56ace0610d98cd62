"""The keys of the seals: the private one that makes them, and the published set that reads them."""

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    EllipticCurvePublicNumbers,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from domain.errors import ConfigurationError

FORMAT = "sohoa-seal-keys/1"
KEY_ID_LENGTH = 4
_WIDTH = 32


class KeyUse(StrEnum):
    """What a key may sign."""

    SEAL = "seal"
    STATUS_LIST = "status_list"


@dataclass(frozen=True, slots=True, kw_only=True)
class SealKey:
    """A private key that makes seals or status lists."""

    key_id: bytes
    private_key: EllipticCurvePrivateKey = field(repr=False)
    issuer: str
    """Name of the agency, as people know it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedKey:
    """A public key as the issuing agency publishes it."""

    key_id: bytes
    issuer: str
    unit: str = ""
    """Agency code of the unit that the key belongs to."""
    public_key: EllipticCurvePublicKey = field(repr=False)
    valid_from: date
    valid_to: date | None = None
    """Last day on which it makes seals; they are read for ever after."""
    uses: frozenset[KeyUse] = frozenset({KeyUse.SEAL, KeyUse.STATUS_LIST})
    compromised: bool = False
    """Fell into wrong hands: no seal of it is believed any more, whatever date it bears."""

    def covers(self, day: date) -> bool:
        """Return whether the key was in use on the day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class SealKeySet:
    """The published keys, old ones included."""

    keys: tuple[PublishedKey, ...]

    def find(self, key_id: bytes, use: KeyUse) -> PublishedKey | None:
        """Return the key with this identifier if it is published for this use."""
        return next((key for key in self.keys if key.key_id == key_id and use in key.uses), None)

    def with_key(self, added: PublishedKey, *, rotated_on: date | None = None) -> "SealKeySet":
        """Return the set with one key more; where a day is given, earlier keys of the same unit end on it.

        Raises:
            ConfigurationError: a key with this identifier is published already.
        """
        if any(key.key_id == added.key_id for key in self.keys):
            raise ConfigurationError(f"Mã khóa tem QR {added.key_id.hex()} đã được công bố. Vui lòng tạo khóa khác.")
        kept = (self._ended(key, added, rotated_on) for key in self.keys)
        return SealKeySet((*kept, added))

    @staticmethod
    def _ended(key: PublishedKey, added: PublishedKey, day: date | None) -> PublishedKey:
        if day is None or key.unit != added.unit or key.valid_to is not None or not key.uses & added.uses:
            return key
        return PublishedKey(
            key_id=key.key_id,
            issuer=key.issuer,
            unit=key.unit,
            public_key=key.public_key,
            valid_from=key.valid_from,
            valid_to=day,
            uses=key.uses,
            compromised=key.compromised,
        )


def key_id_of(public_key: EllipticCurvePublicKey) -> bytes:
    """Return the identifier of a key: the first four bytes of the SHA-256 of its SubjectPublicKeyInfo."""
    encoded = public_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(encoded).digest()[:KEY_ID_LENGTH]


def seal_key(private_key: EllipticCurvePrivateKey, *, issuer: str) -> SealKey:
    """Return a private key with the identifier that follows from it."""
    return SealKey(key_id=key_id_of(private_key.public_key()), private_key=private_key, issuer=issuer)


def published_key(
    key: SealKey, *, unit: str = "", valid_from: date, uses: Iterable[KeyUse] = tuple(KeyUse)
) -> PublishedKey:
    """Return the public half of a key, to be published from a day on."""
    return PublishedKey(
        key_id=key.key_id,
        issuer=key.issuer,
        unit=unit,
        public_key=key.private_key.public_key(),
        valid_from=valid_from,
        uses=frozenset(uses),
    )


def write_key_set(key_set: SealKeySet) -> bytes:
    """Return the set as the JSON document that is published."""
    document = {"format": FORMAT, "keys": [_entry(key) for key in key_set.keys]}
    return json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"


def read_key_set(data: bytes) -> SealKeySet:
    """Return the set that a published JSON document holds.

    Raises:
        ConfigurationError: it is not such a document.
    """
    try:
        document = json.loads(data)
        if document["format"] != FORMAT:
            raise ConfigurationError(
                f"Bộ khóa tem QR có định dạng lạ ({document['format']}). Vui lòng tải lại hoặc nâng cấp phần mềm."
            )
        keys = tuple(_key(entry) for entry in document["keys"])
    except (ValueError, KeyError, TypeError, AttributeError) as e:
        raise ConfigurationError("Tệp bộ khóa tem QR bị hỏng. Vui lòng tải lại từ cơ quan cấp.") from e
    if len({key.key_id for key in keys}) != len(keys):
        raise ConfigurationError("Bộ khóa tem QR có hai khóa trùng mã. Vui lòng báo cơ quan cấp.")
    return SealKeySet(keys)


def _entry(key: PublishedKey) -> dict[str, object]:
    numbers = key.public_key.public_numbers()
    return {
        "key_id": key.key_id.hex(),
        "issuer": key.issuer,
        "unit": key.unit,
        "public_key": {"kty": "EC", "crv": "P-256", "x": _coordinate(numbers.x), "y": _coordinate(numbers.y)},
        "valid_from": key.valid_from.isoformat(),
        "valid_to": key.valid_to.isoformat() if key.valid_to else None,
        "uses": sorted(key.uses),
        "compromised": key.compromised,
    }


def _key(entry: dict[str, Any]) -> PublishedKey:  # Any: JSON from outside; every value is checked as it is used
    jwk = entry["public_key"]
    if (jwk["kty"], jwk["crv"]) != ("EC", "P-256"):
        raise ValueError("not a P-256 key")
    numbers = EllipticCurvePublicNumbers(_number(jwk["x"]), _number(jwk["y"]), SECP256R1())
    valid_to = entry.get("valid_to")
    return PublishedKey(
        key_id=bytes.fromhex(entry["key_id"]),
        issuer=str(entry["issuer"]),
        unit=str(entry.get("unit", "")),
        public_key=numbers.public_key(),
        valid_from=date.fromisoformat(entry["valid_from"]),
        valid_to=date.fromisoformat(valid_to) if valid_to else None,
        uses=frozenset(KeyUse(use) for use in entry["uses"]),
        compromised=entry.get("compromised", False) is not False,
    )


def _coordinate(number: int) -> str:
    return urlsafe_b64encode(number.to_bytes(_WIDTH, "big")).rstrip(b"=").decode()


def _number(text: str) -> int:
    return int.from_bytes(urlsafe_b64decode(text + "=" * (-len(text) % 4)), "big")


def new_key_pem() -> bytes:
    """Return a new private key for seals (P-256), as an unencrypted PKCS#8 file that only its owner may read."""
    key = generate_private_key(SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def load_seal_key(path: Path) -> EllipticCurvePrivateKey:
    """Return the private key for seals that lies in a PEM file.

    Raises:
        ConfigurationError: the file cannot be read or holds another kind of key.
    """
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as e:
        raise ConfigurationError(f"Không đọc được khóa tem {path.name}; tạo khóa mới bằng `sohoa keys new`.") from e
    if not isinstance(key, EllipticCurvePrivateKey) or not isinstance(key.curve, SECP256R1):
        raise ConfigurationError(f"Khóa tem {path.name} phải là khóa EC P-256; tạo khóa mới bằng `sohoa keys new`.")
    return key

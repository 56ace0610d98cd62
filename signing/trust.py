"""Whom a signature is trusted from: roots by purpose, intermediate certificates and revocation lists, as configured."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from asn1crypto import crl, pem, x509

from domain.errors import ConfigurationError

_CERTIFICATES = {".crt", ".cer", ".pem", ".der"}
_LISTS = {".crl"}
FOLDERS = ("signers", "agencies", "timestamps", "intermediates", "crls")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustStore:
    """Certificates and lists in DER."""

    signers: tuple[bytes, ...] = field(default=(), repr=False)
    """Roots of our own signers; they are trusted for foreign documents too."""
    agencies: tuple[bytes, ...] = field(default=(), repr=False)
    """Roots of other agencies' signers, e.g. of the public certificate authorities."""
    timestamps: tuple[bytes, ...] = field(default=(), repr=False)
    """Roots of the time-stamp authorities."""
    intermediates: tuple[bytes, ...] = field(default=(), repr=False)
    """Certificates between roots and signers that files often lack."""
    crls: tuple[bytes, ...] = field(default=(), repr=False)
    """Revocation lists beside those in the files."""


def load_trust(folder: Path) -> TrustStore:
    """Return what lies in the folder: `signers/`, `agencies/`, `timestamps/`, `intermediates/` and `crls/`.

    Certificates end in `.crt`, `.cer`, `.pem` or `.der` and lists in `.crl`, both PEM (many a file) or DER.

    Raises:
        ConfigurationError: the folder is not there, or a file in it cannot be read.
    """
    if not folder.is_dir():
        raise ConfigurationError(
            f"Không có thư mục chứng thư tin cậy {folder}. Vui lòng tạo thư mục hoặc sửa cấu hình."
        )
    found = {name: tuple(_read(folder / name)) for name in FOLDERS}
    return TrustStore(
        signers=found["signers"],
        agencies=found["agencies"],
        timestamps=found["timestamps"],
        intermediates=found["intermediates"],
        crls=found["crls"],
    )


def _read(folder: Path) -> Iterator[bytes]:
    endings = _LISTS if folder.name == "crls" else _CERTIFICATES
    for path in sorted(folder.glob("*")):
        if path.suffix.lower() in endings:
            yield from _objects(path, lists=folder.name == "crls")


def _objects(path: Path, *, lists: bool) -> Iterator[bytes]:
    try:
        data = path.read_bytes()
        parts = [der for _, _, der in pem.unarmor(data, multiple=True)] if pem.detect(data) else [data]
        for part in parts:
            parsed = (crl.CertificateList if lists else x509.Certificate).load(part, strict=True)
            parsed.native  # noqa: B018  # parsed whole here, so that garbage is found here
            yield part
    except (OSError, ValueError, TypeError, KeyError) as e:
        raise ConfigurationError(
            f"Không đọc được tệp chứng thư {path.name} trong {path.parent}. Vui lòng thay tệp đúng hoặc gỡ ra."
        ) from e

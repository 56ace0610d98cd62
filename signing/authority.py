"""The demonstration authority: root, issuing authority, two signers and a time-stamper, all worth nothing in law."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from domain.errors import ConfigurationError
from signing.revocation import CurrentCrls, TrustMaterial
from signing.services import SigningServices
from signing.signing_key import SigningKey, loaded_key
from signing.timestamps import LocalTimestamper

_YEARS = timedelta(days=365)
_CRL_LIFE = timedelta(days=60)
_CRL_RENEWAL = timedelta(days=30)
"""Lists are issued anew when less than this is left of their life."""

_ORGANIZATION = "SOHOA THỬ NGHIỆM, không có giá trị pháp lý"
_NAMES = {
    "root": "CA gốc THỬ NGHIỆM, không giá trị pháp lý",
    "issuing": "CA THỬ NGHIỆM, không giá trị pháp lý",
    "certifier": "Người chứng thực THỬ NGHIỆM, không giá trị",
    "agency": "UBND xã THỬ NGHIỆM, không giá trị",
    "scanner": "Người số hóa THỬ NGHIỆM, không giá trị",
    "tsa": "Dấu thời gian THỬ NGHIỆM, không giá trị",
}
"""At most 64 bytes each in UTF-8."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemonstrationAuthority:
    """Everything that signing needs, in process, with keys that prove nothing."""

    certifier: SigningKey
    agency: SigningKey
    scanner: SigningKey
    services: SigningServices
    seal_key: ec.EllipticCurvePrivateKey = field(repr=False)
    """Signs the seals; P-256."""
    roots: tuple[bytes, ...]
    """Trust anchors, in DER."""
    crls: Callable[[], tuple[bytes, ...]]
    """Gives the current revocation lists, in DER."""


@dataclass(frozen=True, slots=True)
class _Holder:
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate


def create_demonstration_authority(folder: Path, *, now: datetime) -> None:
    """Make the authority's keys and certificates in a new folder: all of it, or nothing.

    Raises:
        ConfigurationError: If the folder is there already and not empty, or cannot be written.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        if folder.exists() and any(folder.iterdir()):
            raise ConfigurationError(f"Thư mục {folder} đã có dữ liệu; hãy chọn một thư mục trống.")
        work = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as e:
        raise ConfigurationError(f"Không ghi được vào thư mục {folder}; hãy kiểm tra quyền ghi.") from e
    try:
        _fill(work, now)
        work.rename(folder)
    except OSError as e:
        raise ConfigurationError(f"Không ghi được vào thư mục {folder}; hãy kiểm tra quyền ghi và dung lượng.") from e
    finally:
        if work.exists():
            shutil.rmtree(work)


def open_demonstration_authority(folder: Path, *, clock: Callable[[], datetime]) -> DemonstrationAuthority:
    """Open the authority that lies in a folder; revocation lists near their end are issued anew.

    Raises:
        ConfigurationError: If the folder does not hold a whole authority.
    """
    try:
        root, issuing, tsa = (_load(folder, name) for name in ("root", "issuing", "tsa"))
        signers = {name: _load(folder, name) for name in ("certifier", "agency", "scanner")}
        seal_key = _load_key(folder / "seal.key.pem")
    except (OSError, ValueError, TypeError) as e:
        raise ConfigurationError(
            f"Thư mục {folder} không chứa đủ khóa thử nghiệm; hãy chạy lại `sohoa init` ở một thư mục mới."
        ) from e
    chain = [_der(issuing), _der(root)]
    keys = {name: loaded_key(holder.key, _der(holder), chain) for name, holder in signers.items()}

    def crls() -> tuple[bytes, ...]:
        return tuple(
            _current_crl(folder, name, holder, clock()) for name, holder in (("root", root), ("issuing", issuing))
        )

    crls()
    trust = TrustMaterial(roots=(_der(root),), intermediates=(_der(issuing),), revocation=CurrentCrls(crls=crls))
    timestamper = LocalTimestamper(
        private_key=tsa.key,
        certificate=_der(tsa),
        chain=(_der(issuing),),
        clock=clock,
    )
    return DemonstrationAuthority(
        certifier=keys["certifier"],
        agency=keys["agency"],
        scanner=keys["scanner"],
        services=SigningServices(trust=trust, timestamps=timestamper),
        seal_key=seal_key,
        roots=(_der(root),),
        crls=crls,
    )


def _fill(folder: Path, now: datetime) -> None:
    root_key, issuing_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root = _Holder(root_key, _certificate("root", root_key, None, now, 30 * _YEARS))
    issuing = _Holder(issuing_key, _certificate("issuing", issuing_key, root, now, 25 * _YEARS))
    holders = {"root": root, "issuing": issuing}
    for name in ("certifier", "agency", "scanner", "tsa"):
        key = ec.generate_private_key(ec.SECP256R1())
        life = 20 * _YEARS if name == "tsa" else 10 * _YEARS
        holders[name] = _Holder(key, _certificate(name, key, issuing, now, life))
    for name, holder in holders.items():
        _write_secret(folder / f"{name}.key.pem", _key_pem(holder.key))
        (folder / f"{name}.cert.pem").write_bytes(holder.certificate.public_bytes(serialization.Encoding.PEM))
    _write_secret(folder / "seal.key.pem", _key_pem(ec.generate_private_key(ec.SECP256R1())))
    for name in ("root", "issuing"):
        (folder / f"{name}.crl").write_bytes(_issue_crl(holders[name], 1, now))


def _certificate(
    name: str, key: ec.EllipticCurvePrivateKey, issuer: _Holder | None, now: datetime, life: timedelta
) -> x509.Certificate:
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, _ORGANIZATION),
            x509.NameAttribute(NameOID.COMMON_NAME, _NAMES[name]),
        ]
    )
    is_authority = name in ("root", "issuing")
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + life)
        .add_extension(x509.BasicConstraints(is_authority, {"root": None, "issuing": 0}.get(name)), critical=True)
        .add_extension(_key_usage(name), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key((issuer.key if issuer else key).public_key()),
            critical=False,
        )
    )
    if name == "tsa":
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return builder.sign(issuer.key if issuer else key, hashes.SHA256())


def _key_usage(name: str) -> x509.KeyUsage:
    is_authority = name in ("root", "issuing")
    return x509.KeyUsage(
        digital_signature=not is_authority,
        content_commitment=not is_authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        encipher_only=False,
        decipher_only=False,
    )


def _issue_crl(issuer: _Holder, number: int, now: datetime) -> bytes:
    revocation_list = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(now - timedelta(hours=1))
        .next_update(now + _CRL_LIFE)
        .add_extension(x509.CRLNumber(number), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), critical=False)
        .sign(issuer.key, hashes.SHA256())
    )
    return revocation_list.public_bytes(serialization.Encoding.DER)


def _current_crl(folder: Path, name: str, issuer: _Holder, now: datetime) -> bytes:
    path = folder / f"{name}.crl"
    data = path.read_bytes()
    present = x509.load_der_x509_crl(data)
    if present.next_update_utc is not None and present.next_update_utc - now > _CRL_RENEWAL:
        return data
    number = present.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
    data = _issue_crl(issuer, number + 1, now)
    with contextlib.suppress(OSError):  # a read-only folder: the new list is used all the same
        _replace(path, data)
    return data


def _replace(path: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _write_secret(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _load_key(path: Path) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{path.name} is no elliptic curve key")
    return key


def _load(folder: Path, name: str) -> _Holder:
    certificate = x509.load_pem_x509_certificate((folder / f"{name}.cert.pem").read_bytes())
    return _Holder(_load_key(folder / f"{name}.key.pem"), certificate)


def _der(holder: _Holder) -> bytes:
    return holder.certificate.public_bytes(serialization.Encoding.DER)

"""The state of signers' certificates: checked before signing, and the evidence kept for the signature."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from asn1crypto import crl, ocsp, x509
from pyhanko_certvalidator import CertificateValidator
from pyhanko_certvalidator.context import ValidationContext
from pyhanko_certvalidator.errors import (
    DisallowedAlgorithmError,
    ExpiredError,
    InsufficientRevinfoError,
    InvalidCertificateError,
    NotYetValidError,
    PathBuildingError,
    RevokedError,
    ValidationError,
)
from pyhanko_certvalidator.path import ValidationPath

from domain.errors import CertificateUnusable
from signing.signing_key import common_name

_SIGNING_USAGES = frozenset({"non_repudiation", "digital_signature"})
_SIGNING_PURPOSES = frozenset(
    {
        "any_extended_key_usage",
        "email_protection",
        "client_auth",
        "1.3.6.1.5.5.7.3.36",  # document signing (RFC 9336)
        "adobe_authentic_documents_trust",
        "microsoft_document_signing",
        "1.3.6.1.4.1.311.10.3.12",
        "1.2.840.113583.1.1.5",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RevocationData:
    """What authorities say about the state of certificates."""

    crls: tuple[crl.CertificateList, ...] = ()
    ocsps: tuple[ocsp.OCSPResponse, ...] = ()
    failures: tuple[str, ...] = ()
    """What could not be had, for the log."""


class RevocationSource(Protocol):
    """Gets revocation data for certificates."""

    def collect(self, pairs: Iterable[tuple[x509.Certificate, x509.Certificate]]) -> RevocationData:
        """Return what can be had about each certificate; the second of a pair is its issuer. Never raises."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentCrls:
    """CRLs that lie at hand, asked for anew at every use."""

    crls: Callable[[], tuple[bytes, ...]]
    """The current lists, in DER."""

    def collect(self, pairs: Iterable[tuple[x509.Certificate, x509.Certificate]]) -> RevocationData:
        """Return the lists of the issuers asked for."""
        issuers = {issuer.subject.hashable for _, issuer in pairs}
        lists = (crl.CertificateList.load(data) for data in self.crls())
        return RevocationData(crls=tuple(each for each in lists if each.issuer.hashable in issuers))


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A certificate's chain and what proves that none of it is revoked."""

    certificates: tuple[x509.Certificate, ...]
    """From the trust anchor to the certificate."""
    crls: tuple[crl.CertificateList, ...]
    ocsps: tuple[ocsp.OCSPResponse, ...]
    complete: bool
    """Whether the state of every certificate below the trust anchor is known."""

    def valid_at(self, at: datetime) -> bool:
        """Return whether every certificate's time has begun and is not over."""
        return all(each.not_valid_before <= at <= each.not_valid_after for each in self.certificates)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustMaterial:
    """What certificates are checked against."""

    roots: tuple[bytes, ...]
    """Trust anchors, in DER."""
    timestamp_roots: tuple[bytes, ...] = ()
    """Trust anchors of time-stamp authorities, in DER; none: the same as of signers."""
    intermediates: tuple[bytes, ...] = ()
    """Further certificates of authorities, in DER."""
    revocation: RevocationSource


class Purpose(StrEnum):
    """What a certificate is to be used for."""

    SIGNING = "signing"
    TIMESTAMPING = "timestamping"


def _require_purpose(certificate: x509.Certificate) -> None:
    usage = certificate.key_usage_value
    purposes = certificate.extended_key_usage_value
    fits_usage = usage is None or bool(usage.native & _SIGNING_USAGES)
    fits_purpose = purposes is None or bool(set(purposes.native) & _SIGNING_PURPOSES)
    if certificate.ca or not fits_usage or not fits_purpose:
        raise CertificateUnusable(
            f"Chứng thư số của {common_name(certificate)} không được cấp để ký văn bản; hãy dùng đúng loại."
        )


async def check_certificate(
    certificate: x509.Certificate,
    chain: Iterable[x509.Certificate],
    trust: TrustMaterial,
    *,
    purpose: Purpose,
    at: datetime,
) -> Evidence:
    """Check that a certificate may be used at a time, and return the evidence.

    Raises:
        CertificateUnusable: If it is expired, not yet valid, revoked, of the wrong purpose or of no known authority.
    """
    if purpose is Purpose.SIGNING:
        _require_purpose(certificate)
    extended = {"time_stamping"} if purpose is Purpose.TIMESTAMPING else set()
    known = [*chain, *(x509.Certificate.load(data) for data in trust.intermediates)]
    anchors = trust.roots
    if purpose is Purpose.TIMESTAMPING and trust.timestamp_roots:
        anchors = trust.timestamp_roots
    roots = [x509.Certificate.load(data) for data in anchors]

    async def validate(data: RevocationData, mode: str) -> ValidationPath:
        context = ValidationContext(
            trust_roots=roots,
            other_certs=known,
            moment=at,
            crls=list(data.crls),
            ocsps=list(data.ocsps),
            revocation_mode=mode,
            retroactive_revinfo=True,
        )
        validator = CertificateValidator(certificate, intermediate_certs=known, validation_context=context)
        path: ValidationPath = await validator.async_validate_usage(  # type: ignore[no-untyped-call]  # no types
            set(), extended_key_usage=extended
        )
        return path

    try:
        path = await validate(RevocationData(), "soft-fail")
        certificates = tuple(path)
        data = trust.revocation.collect(list(zip(certificates[1:], certificates, strict=False)))
        try:
            await validate(data, "require")
            complete = True
        except InsufficientRevinfoError:
            await validate(data, "soft-fail")
            _refuse_revoked(certificates, data)
            complete = False
    except (ValidationError, PathBuildingError) as e:
        raise CertificateUnusable(_why(e, certificate, at)) from e
    return Evidence(certificates=certificates, crls=data.crls, ocsps=data.ocsps, complete=complete)


def _refuse_revoked(certificates: tuple[x509.Certificate, ...], data: RevocationData) -> None:
    """Where the picture is not complete, even an unproven word that a certificate is revoked is enough to refuse it."""
    listed = {
        (each.issuer.hashable, entry["user_certificate"].native)
        for each in data.crls
        for entry in each["tbs_cert_list"]["revoked_certificates"] or ()
    }
    told = {
        answer["cert_id"]["serial_number"].native
        for each in data.ocsps
        if each["response_status"].native == "successful"
        for answer in each.response_data["responses"]
        if answer["cert_status"].name == "revoked"
    }
    for certificate in certificates[1:]:
        if (certificate.issuer.hashable, certificate.serial_number) in listed or certificate.serial_number in told:
            raise CertificateUnusable(
                f"Chứng thư số của {common_name(certificate)} đã bị thu hồi; không thể ký bằng chứng thư này."
            )


def _why(error: Exception, certificate: x509.Certificate, at: datetime) -> str:
    name = common_name(certificate)
    if at > certificate.not_valid_after:
        day = certificate.not_valid_after.strftime("%d/%m/%Y")
        return f"Chứng thư số của {name} đã hết hạn từ ngày {day}; hãy gia hạn chứng thư rồi ký lại."
    if at < certificate.not_valid_before:
        day = certificate.not_valid_before.strftime("%d/%m/%Y")
        return f"Chứng thư số của {name} chỉ có hiệu lực từ ngày {day}; hãy kiểm tra ngày giờ của máy."
    match error:
        case RevokedError():
            return f"Chứng thư số của {name} hoặc của nơi cấp đã bị thu hồi; không thể ký bằng chứng thư này."
        case ExpiredError() | NotYetValidError():
            return f"Chứng thư của nơi cấp chứng thư số cho {name} không còn hiệu lực; hãy liên hệ nơi cấp."
        case PathBuildingError():
            return f"Chứng thư số của {name} không do tổ chức được tin cậy cấp; hãy kiểm tra danh sách tin cậy."
        case InvalidCertificateError():
            return f"Chứng thư số của {name} không được cấp cho mục đích này; hãy dùng chứng thư đúng loại."
        case DisallowedAlgorithmError():
            return f"Chứng thư số của {name} dùng thuật toán không còn an toàn; hãy xin cấp chứng thư mới."
        case _:
            return f"Chứng thư số của {name} không hợp lệ; hãy liên hệ nơi cấp chứng thư."

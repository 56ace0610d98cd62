"""Signatures in PDF files: the technical check of each, and whether a file is the certified copy that we made.

Never asks the network: what a file brings along (DSS) and what is configured must do.
"""

import asyncio
import hashlib
import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO

from asn1crypto import crl, ocsp, x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import async_validate_pdf_signature, async_validate_pdf_timestamp
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import (
    DocumentTimestampStatus,
    PdfSignatureStatus,
    SignatureCoverageLevel,
    SignatureStatus,
)
from pyhanko_certvalidator import ValidationContext

from domain.errors import DamagedDocument, EncryptedDocument
from domain.models import PadesLevel, Reason, SignatureReport
from signing.keys import common_name
from signing.trust import TrustStore

log = logging.getLogger(__name__)

CLOCK_TOLERANCE = timedelta(minutes=5)
_USAGES = KeyUsageConstraints(key_usage={"non_repudiation", "digital_signature"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedSigner:
    """Who must have signed a copy of ours."""

    field_name: str
    certificate_sha256: str = ""
    """Fingerprint of the certificate in hexadecimal digits; empty where any trusted signer is right."""
    name: str = ""
    """Common name in the certificate; empty where it is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedCopy:
    """What the register says about a certified copy."""

    signers: tuple[ExpectedSigner, ...]
    level: PadesLevel
    sha256: str = ""
    """Of the signed file; empty where the register is not at hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Material:
    """What certificates are validated with."""

    certificates: list[x509.Certificate] = field(default_factory=list)
    crls: list[crl.CertificateList] = field(default_factory=list)
    ocsps: list[ocsp.OCSPResponse] = field(default_factory=list)
    signers: list[x509.Certificate]
    timestamps: list[x509.Certificate]
    configured_crls: list[crl.CertificateList]

    def context(self, roots: list[x509.Certificate], moment: datetime, mode: str) -> ValidationContext:
        return ValidationContext(
            trust_roots=roots,
            other_certs=self.certificates,
            crls=self.crls,
            ocsps=self.ocsps,
            moment=moment,
            revocation_mode=mode,
            retroactive_revinfo=True,
            allow_fetching=False,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Checked:
    report: SignatureReport
    certificate_sha256: str


def validate_signatures(pdf: bytes, *, trust: TrustStore, at: datetime) -> tuple[SignatureReport, ...]:
    """Return a report for each signature and document time-stamp, in the order in which they were made.

    Raises:
        EncryptedDocument: the file is encrypted.
        DamagedDocument: the file is no PDF that can be read.
    """
    roots = (*trust.signers, *trust.agencies)
    return tuple(checked.report for checked in _check_all(pdf, trust, roots, at))


def check_own_copy(pdf: bytes, *, expected: ExpectedCopy, trust: TrustStore, at: datetime) -> tuple[Reason, ...]:
    """Return the grounds for and against the file being the certified copy that we made.

    It is, if and only if no reason speaks against it. Whatever goes wrong in the check speaks against it.
    """
    reasons: list[Reason] = []
    if expected.sha256:
        same = hashlib.sha256(pdf).hexdigest() == expected.sha256
        reasons.append(Reason(code="digest_equal" if same else "digest_differs", good=same))
    try:
        checked = _check_all(pdf, trust, trust.signers, at)
        reasons += _judge(checked, expected)
    except Exception as e:  # noqa: BLE001  # a file that upsets the check in any way at all is not ours
        log.info("the check of a file ended with %s", type(e).__name__)
        reasons.append(Reason(code="file_unreadable", good=False))
    return tuple(reasons)


def _judge(checked: list[_Checked], expected: ExpectedCopy) -> list[Reason]:
    reasons: list[Reason] = []
    signers = {signer.field_name: signer for signer in expected.signers}
    seen: set[str] = set()
    for each in checked:
        report = each.report
        reasons += report.problems
        if report.is_timestamp:
            continue
        signer = signers.get(report.field_name)
        values = {"signer": report.signer, "field": report.field_name}
        if signer is None or report.field_name in seen:
            reasons.append(Reason(code="signature_unexpected", good=False, values=values))
        elif not _is_expected(each, signer):
            reasons.append(Reason(code="signer_unexpected", good=False, values=values))
        elif report.valid:
            reasons.append(Reason(code="signature_valid", good=True, values=values))
        seen.add(report.field_name)
    missing = [name for name in signers if name not in seen]
    reasons += [Reason(code="signature_missing", good=False, values={"field": name}) for name in missing]
    if expected.level is PadesLevel.B_LTA:
        last = checked[-1].report if checked else None
        covered = last is not None and last.is_timestamp and last.covers_whole_file
        reasons.append(Reason(code="file_covered" if covered else "file_not_covered", good=covered))
    return reasons


def _is_expected(checked: _Checked, signer: ExpectedSigner) -> bool:
    if signer.certificate_sha256 and checked.certificate_sha256 != signer.certificate_sha256:
        return False
    return not signer.name or checked.report.signer == signer.name


def _check_all(pdf: bytes, trust: TrustStore, roots: tuple[bytes, ...], at: datetime) -> list[_Checked]:
    try:
        reader = PdfFileReader(BytesIO(pdf), strict=True)
        if reader.encrypted:
            raise EncryptedDocument("Tệp PDF bị khóa bằng mật khẩu. Vui lòng gỡ mật khẩu rồi gửi lại.")
        found = reader.embedded_signatures
        material = _material(reader, trust, roots)
    except (PdfError, ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError) as e:
        raise DamagedDocument("Tệp PDF bị hỏng hoặc không đúng chuẩn. Vui lòng xin lại tệp gốc.") from e
    return asyncio.run(_check_signatures(found, material, at))


async def _check_signatures(found: list[EmbeddedPdfSignature], material: _Material, at: datetime) -> list[_Checked]:
    """Check from the last to the first: each time-stamp proves a time for all that stands before it."""
    checked: list[_Checked] = []
    proven = at
    protected = False
    for signature in reversed(found):
        if signature.sig_object_type == "/DocTimeStamp":
            each = await _check_timestamp(signature, material, proven, at)
            if each.report.valid and each.report.timestamped_at is not None:
                proven, protected = each.report.timestamped_at, True
        else:
            each = await _check_signature(signature, material, proven, at, protected=protected)
        checked.insert(0, each)
    return checked


async def _check_timestamp(
    signature: EmbeddedPdfSignature, material: _Material, moment: datetime, at: datetime
) -> _Checked:
    async def run(mode: str) -> DocumentTimestampStatus:
        return await async_validate_pdf_timestamp(signature, material.context(material.timestamps, moment, mode))

    status = await run("require")
    if not status.trusted and not status.revoked:
        status = await run("soft-fail")
    problems = _problems(signature, status, material.timestamps, material, moment)
    stamped = status.timestamp
    if stamped > at + CLOCK_TOLERANCE:
        problems.append(Reason(code="timestamp_from_future", good=False, values={"time": _time(stamped)}))
    return _checked(signature, status, problems, timestamped_at=stamped, is_timestamp=True)


async def _check_signature(
    signature: EmbeddedPdfSignature, material: _Material, proven: datetime, at: datetime, *, protected: bool
) -> _Checked:
    claimed = _token_time(signature)
    moment = min(claimed, proven) if claimed else proven

    async def run(mode: str, moment: datetime) -> PdfSignatureStatus:
        return await async_validate_pdf_signature(
            signature,
            material.context(material.signers, moment, mode),
            material.context(material.timestamps, proven, "soft-fail"),
            key_usage_settings=_USAGES,
        )

    status = await run("require", moment)
    token = status.timestamp_validity
    token_holds = token is not None and token.valid and token.intact and token.trusted
    if not token_holds and moment != proven:
        moment = proven
        status = await run("require", moment)
    known = status.trusted
    if not status.trusted and not status.revoked:
        status = await run("soft-fail", moment)
    problems = _problems(signature, status, material.signers, material, moment)
    if status.trusted and not known:
        problems.append(Reason(code="revocation_unknown", good=False, values={"signer": _name(signature)}))
    if token is not None and not token_holds:
        problems.append(Reason(code="timestamp_invalid", good=False, values={"signer": _name(signature)}))
    stamped = token.timestamp if token is not None and token_holds else None
    signed = status.signer_reported_dt
    for time in (stamped, signed):
        if time is not None and time > at + CLOCK_TOLERANCE:
            problems.append(Reason(code="signature_from_future", good=False, values={"time": _time(time)}))
            break
    level = _level(stamped is not None, known, protected)
    return _checked(signature, status, problems, timestamped_at=stamped, level=level)


def _level(stamped: bool, revocation_known: bool, protected: bool) -> PadesLevel:
    if not stamped:
        return PadesLevel.B_B
    if not revocation_known:
        return PadesLevel.B_T
    return PadesLevel.B_LTA if protected else PadesLevel.B_LT


def _problems(
    signature: EmbeddedPdfSignature,
    status: PdfSignatureStatus | DocumentTimestampStatus,
    roots: list[x509.Certificate],
    material: _Material,
    moment: datetime,
) -> list[Reason]:
    """Return what speaks against a signature, but for its times."""
    values = {"signer": _name(signature), "revision": str(signature.signed_revision + 1)}
    codes = []
    if not (status.intact and status.valid):
        codes.append("signature_broken")
    elif not status.trusted:
        codes.append(_distrust(signature, status, roots, moment))
    elif _listed(signature.signer_cert, material.configured_crls, moment):
        codes.append("certificate_revoked")
    if status.coverage is None or status.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        codes.append("coverage_unclear")
    elif status.docmdp_ok is False or status.modification_level in (None, ModificationLevel.OTHER):
        codes.append("changed_after_signing")
    return [Reason(code=code, good=False, values=values) for code in codes]


def _distrust(
    signature: EmbeddedPdfSignature, status: SignatureStatus, roots: list[x509.Certificate], moment: datetime
) -> str:
    """Return the code of the reason why a certificate is not trusted."""
    certificate = signature.signer_cert
    if not roots:
        return "no_trusted_root"
    if status.revoked:
        return "certificate_revoked"
    if moment > certificate.not_valid_after:
        return "certificate_expired"
    if moment < certificate.not_valid_before:
        return "certificate_not_yet_valid"
    name = getattr(status.trust_problem_indic, "name", "")
    if name in ("CHAIN_CONSTRAINTS_FAILURE", "SIG_CONSTRAINTS_FAILURE"):
        return "certificate_wrong_purpose"
    return "certificate_untrusted"


def _listed(certificate: x509.Certificate, lists: list[crl.CertificateList], moment: datetime) -> bool:
    """Return whether a configured list, be it past its time, names the certificate as revoked before the moment."""
    for each in lists:
        if each.issuer != certificate.issuer:
            continue
        for revoked in each["tbs_cert_list"]["revoked_certificates"] or ():
            same = revoked["user_certificate"].native == certificate.serial_number
            if same and revoked["revocation_date"].native <= moment:
                return True
    return False


def _checked(
    signature: EmbeddedPdfSignature,
    status: PdfSignatureStatus | DocumentTimestampStatus,
    problems: list[Reason],
    *,
    timestamped_at: datetime | None,
    level: PadesLevel | None = None,
    is_timestamp: bool = False,
) -> _Checked:
    certificate = signature.signer_cert
    report = SignatureReport(
        field_name=str(signature.field_name),
        signer=common_name(certificate),
        issuer=str(certificate.issuer.native.get("common_name") or certificate.issuer.human_friendly),
        serial=f"{certificate.serial_number:x}",
        is_timestamp=is_timestamp,
        revision=signature.signed_revision + 1,
        intact=bool(status.intact and status.valid),
        trusted=status.trusted,
        level=level,
        signed_at=getattr(status, "signer_reported_dt", None),
        timestamped_at=timestamped_at,
        covers_whole_file=status.coverage == SignatureCoverageLevel.ENTIRE_FILE,
        problems=tuple(problems),
    )
    return _Checked(report=report, certificate_sha256=hashlib.sha256(certificate.dump()).hexdigest())


def _material(reader: PdfFileReader, trust: TrustStore, roots: tuple[bytes, ...]) -> _Material:
    """Return what the file brings along and what is configured."""
    configured_crls = [crl.CertificateList.load(data) for data in trust.crls]
    certificates = [x509.Certificate.load(data) for data in trust.intermediates]
    crls, ocsps = list(configured_crls), []
    try:
        store = DocumentSecurityStore.read_dss(reader)
        certificates += store.load_certs()
        crls += [crl.CertificateList.load(each.get_object().data) for each in store.crls]
        ocsps += [ocsp.OCSPResponse.load(each.get_object().data) for each in store.ocsps]
    except NoDSSFoundError:
        pass
    return _Material(
        certificates=certificates,
        crls=crls,
        ocsps=ocsps,
        signers=[x509.Certificate.load(data) for data in roots],
        timestamps=[x509.Certificate.load(data) for data in trust.timestamps],
        configured_crls=configured_crls,
    )


def _token_time(signature: EmbeddedPdfSignature) -> datetime | None:
    """Return the time in the signature's own time-stamp, of which nothing is proven yet."""
    for token in extract_tst_data_iter(signature.signer_info, signed=False):
        time = token["encap_content_info"]["content"].parsed["gen_time"].native
        return time if isinstance(time, datetime) else None
    return None


def _name(signature: EmbeddedPdfSignature) -> str:
    return common_name(signature.signer_cert)


def _time(time: datetime) -> str:
    return time.isoformat(timespec="seconds")

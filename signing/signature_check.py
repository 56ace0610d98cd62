"""The technical check of the signatures and time-stamps in a PDF file, from the last to the first.

Never asks the network: what the file brings along (DSS) and what is configured must do.
"""

import hashlib
import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from asn1crypto import crl, ocsp, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DiffPolicy, ModificationLevel
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
    TimestampSignatureStatus,
)
from pyhanko_certvalidator import ValidationContext

from domain.models import PadesLevel, Reason, SignatureReport
from signing.keys import common_name
from signing.trust import TrustStore

log = logging.getLogger(__name__)

CLOCK_TOLERANCE = timedelta(minutes=5)
_USAGES = KeyUsageConstraints(key_usage={"non_repudiation", "digital_signature"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedSignature:
    """A report, and what identifies the signer beyond doubt."""

    report: SignatureReport
    certificate_sha256: str
    """Empty where the certificate cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What signatures are checked with."""

    policy: DiffPolicy
    """What may change in a file after it was signed."""
    signers: list[x509.Certificate]
    timestamps: list[x509.Certificate]
    certificates: list[x509.Certificate] = field(default_factory=list)
    crls: list[crl.CertificateList] = field(default_factory=list)
    ocsps: list[ocsp.OCSPResponse] = field(default_factory=list)
    configured_crls: list[crl.CertificateList]
    at: datetime
    """The time now."""
    standing: tuple[Reason, ...] = ()
    """What speaks against every signature in the file."""

    def context(self, roots: list[x509.Certificate], moment: datetime, mode: str) -> ValidationContext:
        """Return what pyHanko validates a certificate with."""
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


def gather_material(
    reader: PdfFileReader,
    trust: TrustStore,
    *,
    roots: tuple[bytes, ...],
    policy: DiffPolicy,
    at: datetime,
    standing: tuple[Reason, ...] = (),
) -> Material:
    """Return what the file brings along and what is configured.

    Args:
        roots: of the signers, in DER.
    """
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
    return Material(
        policy=policy,
        signers=[x509.Certificate.load(data) for data in roots],
        timestamps=[x509.Certificate.load(data) for data in trust.timestamps],
        certificates=certificates,
        crls=crls,
        ocsps=ocsps,
        configured_crls=configured_crls,
        at=at,
        standing=standing,
    )


async def check_signatures(found: list[EmbeddedPdfSignature], material: Material) -> list[CheckedSignature]:
    """Return the signatures checked, in their order in the file.

    They are checked from the last to the first: each good time-stamp proves a time for all that stands before it.
    """
    checked: list[CheckedSignature] = []
    proven = material.at
    protected = False
    for signature in reversed(found):
        try:
            if signature.sig_object_type == "/DocTimeStamp":
                each = await _check_timestamp(signature, material, proven)
                if each.report.valid and each.report.timestamped_at is not None:
                    proven, protected = each.report.timestamped_at, True
            else:
                each = await _check_signature(signature, material, proven, protected=protected)
        except Exception as e:  # noqa: BLE001  # whatever a stranger's signature provokes is an answer about it
            log.info("the check of a signature ended with %s", type(e).__name__)
            each = _unreadable(signature)
        checked.insert(0, each)
    return checked


async def _check_timestamp(signature: EmbeddedPdfSignature, material: Material, moment: datetime) -> CheckedSignature:
    async def run(mode: str) -> DocumentTimestampStatus:
        context = material.context(material.timestamps, moment, mode)
        return await async_validate_pdf_timestamp(signature, context, diff_policy=material.policy)

    status = await run("require")
    if not status.trusted and not status.revoked:
        status = await run("soft-fail")
    problems = _problems(signature, status, material, material.timestamps, moment)
    stamped = status.timestamp
    if stamped > material.at + CLOCK_TOLERANCE:
        problems.append(Reason(code="timestamp_from_future", good=False, values={"time": _time(stamped)}))
    return _checked(signature, status, problems, timestamped_at=stamped, is_timestamp=True)


async def _check_signature(
    signature: EmbeddedPdfSignature, material: Material, proven: datetime, *, protected: bool
) -> CheckedSignature:
    claimed = _token_time(signature)
    moment = min(claimed, proven) if claimed else proven

    async def run(mode: str, moment: datetime) -> PdfSignatureStatus:
        return await async_validate_pdf_signature(
            signature,
            material.context(material.signers, moment, mode),
            material.context(material.timestamps, proven, "soft-fail"),
            diff_policy=material.policy,
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
    problems = _problems(signature, status, material, material.signers, moment)
    if status.trusted and not known and not any(problem.code == "certificate_revoked" for problem in problems):
        problems.append(Reason(code="revocation_unknown", good=False, values={"signer": _name(signature)}))
    if token is not None and not token_holds:
        problems.append(_token_problem(signature, token, material))
    stamped = token.timestamp if token is not None and token_holds else None
    problems += _future(stamped, status.signer_reported_dt, material.at)
    level = _level(stamped is not None, known, protected)
    return _checked(signature, status, problems, timestamped_at=stamped, level=level)


def _token_problem(signature: EmbeddedPdfSignature, token: TimestampSignatureStatus, material: Material) -> Reason:
    """Return why the time-stamp in a signature proves nothing."""
    values = {"signer": _name(signature), "time": _time(token.timestamp)}
    if not (token.valid and token.intact):
        return Reason(code="timestamp_invalid", good=False, values=values)
    code = "timestamp_untrusted_root" if material.timestamps else "timestamp_no_trusted_root"
    return Reason(code=code, good=False, values=values)


def _future(stamped: datetime | None, signed: datetime | None, at: datetime) -> list[Reason]:
    times = [time for time in (stamped, signed) if time is not None and time > at + CLOCK_TOLERANCE]
    return [Reason(code="signature_from_future", good=False, values={"time": _time(time)}) for time in times[:1]]


def _level(stamped: bool, revocation_known: bool, protected: bool) -> PadesLevel:
    if not stamped:
        return PadesLevel.B_B
    if not revocation_known:
        return PadesLevel.B_T
    return PadesLevel.B_LTA if protected else PadesLevel.B_LT


def _problems(
    signature: EmbeddedPdfSignature,
    status: PdfSignatureStatus | DocumentTimestampStatus,
    material: Material,
    roots: list[x509.Certificate],
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
    elif _has_tail(signature, status):
        codes.append("bytes_after_end")
    return [*material.standing, *(Reason(code=code, good=False, values=values) for code in codes)]


def _has_tail(signature: EmbeddedPdfSignature, status: PdfSignatureStatus | DocumentTimestampStatus) -> bool:
    """Return whether bytes follow the newest revision that no reader should take for a part of it."""
    newest = signature.signed_revision + 1 == signature.reader.xrefs.total_revisions
    if not newest or status.coverage == SignatureCoverageLevel.ENTIRE_FILE:
        return False
    signature.reader.stream.seek(int(signature.byte_range[2]) + int(signature.byte_range[3]))
    return bool(signature.reader.stream.read().strip())


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
) -> CheckedSignature:
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
    return CheckedSignature(report=report, certificate_sha256=hashlib.sha256(certificate.dump()).hexdigest())


def _unreadable(signature: EmbeddedPdfSignature) -> CheckedSignature:
    """Return the report on a signature whose check broke off."""
    name = str(signature.field_name)
    report = SignatureReport(
        field_name=name,
        signer="",
        issuer="",
        serial="",
        is_timestamp=signature.sig_object_type == "/DocTimeStamp",
        revision=signature.signed_revision + 1,
        intact=False,
        trusted=False,
        covers_whole_file=False,
        problems=(Reason(code="signature_unreadable", good=False, values={"field": name}),),
    )
    return CheckedSignature(report=report, certificate_sha256="")


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

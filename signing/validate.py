"""Signatures in PDF files: a report on each, and whether a file is the certified copy that we made."""

import asyncio
import hashlib
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY

from domain.errors import DamagedDocument, DocumentError, EncryptedDocument
from domain.models import PadesLevel, Reason, SignatureReport, Verdict
from signing.revisions import changed_pages, has_stray_bytes, own_copy_policy
from signing.signature_check import CheckedSignature, check_signatures, gather_material
from signing.trust import TrustStore

log = logging.getLogger(__name__)

_UNDECIDED = frozenset(
    {
        "certificate_expired",
        "no_trusted_root",
        "revocation_unknown",
        "signature_from_future",
        "timestamp_from_future",
        "timestamp_no_trusted_root",
    }
)
"""What speaks against a file only in that something about it could not be checked."""


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
class CopyCheck:
    """What the check of a copy of ours found."""

    reasons: tuple[Reason, ...]
    """For and against."""
    signatures: tuple[SignatureReport, ...]
    """In the order in which they were made; none where the file could not be read."""


def validate_signatures(pdf: bytes, *, trust: TrustStore, at: datetime) -> tuple[SignatureReport, ...]:
    """Return a report for each signature and document time-stamp, in the order in which they were made.

    Raises:
        EncryptedDocument: the file is encrypted.
        DamagedDocument: the file is no PDF that can be read.
    """
    roots = (*trust.signers, *trust.agencies)
    try:
        unusual = _is_unusual(pdf)
        reader = PdfFileReader(BytesIO(pdf), strict=not unusual)
        _refuse_encrypted(reader)
        found = reader.embedded_signatures
        standing = (Reason(code="file_unusual", good=False),) if unusual else ()
        material = gather_material(reader, trust, roots=roots, policy=DEFAULT_DIFF_POLICY, at=at, standing=standing)
    except DocumentError:
        raise
    except Exception as e:  # a stranger's file may upset the reader in any way at all
        raise DamagedDocument("Tệp PDF bị hỏng hoặc không đúng chuẩn. Vui lòng xin lại tệp gốc.") from e
    return tuple(checked.report for checked in asyncio.run(check_signatures(found, material)))


def _is_unusual(pdf: bytes) -> bool:
    """Return whether a file can only be read leniently."""
    try:
        return bool(PdfFileReader(BytesIO(pdf), strict=True).xrefs.hybrid_xrefs_present)
    except PdfError as e:
        log.info("a file is read leniently after %s", type(e).__name__)
        return True


def signature_grounds(report: SignatureReport) -> tuple[Reason, ...]:
    """Return what was found about one signature, for people to read: what holds, what does not, and what is open."""
    values = {"signer": report.signer, "issuer": report.issuer, "revision": str(report.revision)}
    grounds = []
    if report.intact:
        grounds.append(Reason(code="signature_intact", good=True, values=values))
    if report.intact and report.covers_whole_file:
        grounds.append(Reason(code="signature_covers_file", good=True, values=values))
    elif report.intact:
        grounds.append(Reason(code="signature_covers_revision", good=True, values=values))
    if report.trusted:
        grounds.append(Reason(code="certificate_trusted", good=True, values=values))
    if report.timestamped_at is not None and report.valid:
        time = report.timestamped_at.isoformat(timespec="seconds")
        grounds.append(Reason(code="time_proven", good=True, values={**values, "time": time}))
    elif report.signed_at is not None:
        time = report.signed_at.isoformat(timespec="seconds")
        grounds.append(Reason(code="time_claimed", good=True, values={**values, "time": time}))
    return (*grounds, *report.problems)


def check_own_copy(pdf: bytes, *, expected: ExpectedCopy, trust: TrustStore, at: datetime) -> tuple[Reason, ...]:
    """Return the grounds for and against the file being the certified copy that we made.

    It is, if and only if no reason speaks against it. Whatever goes wrong in the check speaks against it.
    """
    return inspect_own_copy(pdf, expected=expected, trust=trust, at=at).reasons


def inspect_own_copy(pdf: bytes, *, expected: ExpectedCopy, trust: TrustStore, at: datetime) -> CopyCheck:
    """Return the grounds of `check_own_copy` together with the reports on the signatures, at the price of one check."""
    reasons: list[Reason] = []
    if expected.sha256:
        same = hashlib.sha256(pdf).hexdigest() == expected.sha256
        reasons.append(Reason(code="digest_equal" if same else "digest_differs", good=same))
    checked: list[CheckedSignature] = []
    try:
        reader = PdfFileReader(BytesIO(pdf), strict=True)
        _refuse_encrypted(reader)
        material = gather_material(reader, trust, roots=trust.signers, policy=own_copy_policy(), at=at)
        checked = asyncio.run(check_signatures(reader.embedded_signatures, material))
        reasons += [*_judge(checked, expected), *_judge_additions(pdf, reader)]
    except Exception as e:  # noqa: BLE001  # a file that upsets the check in any way at all is not ours
        log.info("the check of a file ended with %s", type(e).__name__)
        reasons.append(Reason(code="file_unreadable", good=False))
    return CopyCheck(reasons=tuple(reasons), signatures=tuple(each.report for each in checked))


def verdict_of(reasons: Iterable[Reason]) -> Verdict:
    """Return what the grounds amount to: genuine, altered, or undecided where something could only not be checked."""
    against = {reason.code for reason in reasons if not reason.good}
    if not against:
        return Verdict.GENUINE
    return Verdict.UNDECIDED if against <= _UNDECIDED else Verdict.ALTERED


def _judge_additions(pdf: bytes, reader: PdfFileReader) -> list[Reason]:
    """Return what speaks against the revisions after the first signature, as another parser sees them."""
    found = reader.embedded_signatures
    if not found:
        return []
    reasons = [Reason(code="stray_bytes", good=False)] if has_stray_bytes(pdf, found) else []
    signed = pdf[: int(found[0].byte_range[2]) + int(found[0].byte_range[3])]
    for page in changed_pages(signed, pdf):
        code = "pages_changed" if page else "document_changed"
        reasons.append(Reason(code=code, good=False, values={"page": str(page)}))
    return reasons


def _refuse_encrypted(reader: PdfFileReader) -> None:
    if reader.encrypted:
        raise EncryptedDocument("Tệp PDF bị khóa bằng mật khẩu. Vui lòng gỡ mật khẩu rồi gửi lại.")


def _judge(checked: list[CheckedSignature], expected: ExpectedCopy) -> list[Reason]:
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
        if last is None or not covered or last.valid:  # one that does not hold protects nothing, and is named above
            reasons.append(Reason(code="file_covered" if covered else "file_not_covered", good=covered))
    return reasons


def _is_expected(checked: CheckedSignature, signer: ExpectedSigner) -> bool:
    if signer.certificate_sha256 and checked.certificate_sha256 != signer.certificate_sha256:
        return False
    return not signer.name or checked.report.signer == signer.name

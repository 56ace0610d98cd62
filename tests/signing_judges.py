"""Judges of signed PDFs: pyHanko's long-term validation, and the parts cut out for other programs."""

import asyncio
from datetime import datetime
from io import BytesIO

from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESPassed
from pyhanko.sign.validation import EmbeddedPdfSignature, validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.ades import ades_lta_validation
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.policy_decl import (
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko.sign.validation.status import DocumentTimestampStatus
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager


def signatures(pdf: bytes) -> list[EmbeddedPdfSignature]:
    """Return the signatures in the PDF, without document time-stamps."""
    return list(PdfFileReader(BytesIO(pdf)).embedded_regular_signatures)


def stamps(pdf: bytes) -> list[EmbeddedPdfSignature]:
    """Return the document time-stamps."""
    return list(PdfFileReader(BytesIO(pdf)).embedded_timestamp_signatures)


def long_term_valid(pdf: bytes, roots: tuple[bytes, ...], at: datetime) -> bool:
    """Return whether every signature passes AdES validation with archival data, offline, with what the file brings."""
    policy = CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build([x509.Certificate.load(root) for root in roots]),
        revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO),
    )
    spec = PdfSignatureValidationSpec(
        SignatureValidationSpec(
            cert_validation_policy=policy,
            revinfo_gathering_policy=RevocationInfoGatheringSpec(RevinfoOnlineFetchingRule.LOCAL_ONLY),
        )
    )
    timing = ValidationTimingInfo(validation_time=at, best_signature_time=at, point_in_time_validation=True)
    found = signatures(pdf)
    results = [asyncio.run(ades_lta_validation(each, spec, timing_info=timing)) for each in found]
    return bool(found) and all(each.ades_subindic is AdESPassed.OK for each in results)


def signed_bytes(signature: EmbeddedPdfSignature) -> bytes:
    """Return the bytes that a signature covers."""
    data = signature.reader.stream.getbuffer()
    first, length, second, rest = (int(each) for each in signature.byte_range)
    return bytes(data[first : first + length]) + bytes(data[second : second + rest])


def proved_by_stamps(pdf: bytes, roots: tuple[bytes, ...]) -> bool:
    """Return whether signatures without their own time-stamp hold at the time of the first document time-stamp.

    The judge above insists on a time-stamp in the signature, which the standard does not (EN 319 142-1, 6.3).
    """
    reader = PdfFileReader(BytesIO(pdf))
    anchors = [x509.Certificate.load(root) for root in roots]
    store = DocumentSecurityStore.read_dss(reader)
    context = store.as_validation_context({"trust_roots": anchors, "revocation_mode": "require"})
    first, *others = reader.embedded_timestamp_signatures
    proved = validate_pdf_timestamp(first, context)
    moment = store.as_validation_context(
        {"trust_roots": anchors, "revocation_mode": "require", "moment": proved.timestamp, "retroactive_revinfo": True}
    )

    def holds(status: DocumentTimestampStatus) -> bool:
        return status.intact and status.valid and status.trusted

    return (
        holds(proved)
        and all(holds(validate_pdf_timestamp(each, context)) for each in others)
        and all(validate_pdf_signature(each, moment).bottom_line for each in reader.embedded_regular_signatures)
    )

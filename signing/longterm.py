"""What keeps signatures checkable for decades: the evidence in the file, and the archive time-stamp over all of it."""

import asyncio
import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from asn1crypto import cms, x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import SigningError as PyhankoSigningError
from pyhanko.sign.signers.pdf_signer import PdfTimeStamper
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation import EmbeddedPdfSignature
from pyhanko.sign.validation.dss import DocumentSecurityStore

from domain.errors import DamagedDocument, EncryptedDocument, NotReady, SigningError, UnsupportedDocument
from domain.models import PadesLevel, Reason
from signing.revocation import Evidence, Purpose
from signing.services import Attempt, SigningServices
from signing.timestamps import token_certificates, token_time

_DIGEST = "sha256"
_DAMAGED = "Tệp PDF bị hỏng hoặc không đúng chuẩn nên không ký được; hãy tạo lại tệp."
_RENEWAL_MARGIN = timedelta(days=180)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedCopy:
    """A signed PDF and how far its signatures got."""

    pdf: bytes = field(repr=False)
    asked: PadesLevel
    level: PadesLevel
    shortfalls: tuple[Reason, ...] = ()
    """Why the level is lower than was asked; `augment` can raise it later."""
    renew_before: datetime | None = None
    """When the archive time-stamp's certificate expires; a new one must be set before. None below B-LTA."""


class _NoToken(Exception):
    """No token could be had; the attempt has noted why."""


class _AttemptTimestamper(TimeStamper):
    """Lets pyHanko ask for tokens through an attempt."""

    def __init__(self, attempt: Attempt, reserve: int) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # pyHanko gives no types here
        self._attempt = attempt
        self._reserve = reserve

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """Return a checked token."""
        token = await self._attempt.timestamp(message_digest, md_algorithm, limit=self._reserve)
        if token is None:
            raise _NoToken
        return token


def open_for_update(stream: io.BytesIO) -> IncrementalPdfFileWriter:
    """Return a writer that appends to the PDF.

    Raises:
        InputError: If the PDF is damaged, encrypted or of a form that cannot be signed.
    """
    try:
        writer = IncrementalPdfFileWriter(stream)
        if writer.prev.encrypted:
            raise EncryptedDocument("Tệp PDF đang đặt mật khẩu nên không ký được; hãy bỏ mật khẩu rồi thử lại.")
        if writer.prev.xrefs.hybrid_xrefs_present:
            raise UnsupportedDocument("Tệp PDF có cấu trúc lai không ký được an toàn; hãy tạo lại tệp PDF.")
    except PdfError as e:
        raise DamagedDocument(_DAMAGED) from e
    return writer


@contextmanager
def translated_errors() -> Iterator[None]:
    """Turn what pyHanko raises within the block into our errors."""
    try:
        yield
    except PdfError as e:
        raise DamagedDocument(_DAMAGED) from e
    except PyhankoSigningError as e:
        raise SigningError("Không tạo được chữ ký trên tệp PDF này; hãy tạo lại tệp rồi ký lại.") from e


async def finish(pdf: bytes, attempt: Attempt) -> SignedCopy:
    """Add the evidence and the archive time-stamp to fresh signatures, as far as they are wanted and to be had."""
    level = PadesLevel.B_B
    if attempt.wants(PadesLevel.B_T) and attempt.missing_timestamp is None:
        level = PadesLevel.B_T
        if attempt.wants(PadesLevel.B_LT):
            pdf, level = await _archive(pdf, attempt, level)
    return _result(pdf, level, attempt)


def augment(
    pdf: bytes,
    *,
    services: SigningServices,
    at: datetime,
    level: PadesLevel = PadesLevel.B_LTA,
    renew: bool = False,
) -> SignedCopy:
    """Return the signed PDF raised to a level, as far as that can be had; no signature is made or changed.

    Args:
        pdf: As `sign_copy` left it, or an earlier `augment`.
        services: Where time-stamps and evidence come from.
        at: The time now.
        level: The level wanted.
        renew: Set a new archive time-stamp also where the level is reached already.

    Raises:
        NotReady: If the PDF is not signed.
        CertificateUnusable: If a signer's certificate does not prove anything any more.
        SigningError: If our clock is wrong.
        InputError: If the PDF is damaged.
    """
    with translated_errors():
        return asyncio.run(_augment(pdf, Attempt(services=services, at=at, level=level), renew=renew))


def renewal_due(pdf: bytes, *, margin: timedelta = _RENEWAL_MARGIN) -> datetime | None:
    """Return when a new archive time-stamp should be set; None if the PDF has none.

    Args:
        pdf: A signed PDF.
        margin: How long before the certificate of the newest time-stamp expires.

    Raises:
        InputError: If the PDF is damaged.
    """
    stamps = open_for_update(io.BytesIO(pdf)).prev.embedded_timestamp_signatures
    if not stamps:
        return None
    _, certificates = token_certificates(_cms(stamps[-1]))
    return _expiry(certificates) - margin


async def _augment(pdf: bytes, attempt: Attempt, *, renew: bool) -> SignedCopy:
    reader = open_for_update(io.BytesIO(pdf)).prev
    if not reader.embedded_regular_signatures:
        raise NotReady("Văn bản này chưa có chữ ký số nên không thể bổ sung dấu thời gian.")
    level = _level_of(reader)
    if not attempt.wants(PadesLevel.B_LTA) and level is PadesLevel.B_LTA:
        renew = False
    if not renew and not _higher(attempt.level, level):
        attempt.archived_until = renewal_due(pdf, margin=timedelta(0))
        return _result(pdf, level, attempt)
    await _gather(reader, attempt)
    if level is PadesLevel.B_B:
        stamped = await add_archive_timestamp(pdf, (), attempt)
        if stamped is None:
            return _result(pdf, level, attempt)
        pdf, level = stamped, PadesLevel.B_T
    if attempt.wants(PadesLevel.B_LT):
        pdf, level = await _archive(pdf, attempt, level)
    return _result(pdf, level, attempt)


async def _archive(pdf: bytes, attempt: Attempt, level: PadesLevel) -> tuple[bytes, PadesLevel]:
    """Return the PDF with evidence and archive time-stamp, and the level that it has then."""
    if not attempt.complete:
        return pdf, level
    if attempt.wants(PadesLevel.B_LTA):
        archived = await add_archive_timestamp(pdf, tuple(attempt.evidence), attempt)
        if archived is not None:
            return archived, PadesLevel.B_LTA
    if _higher(level, PadesLevel.B_T):
        return pdf, level
    return add_evidence(pdf, attempt.evidence), PadesLevel.B_LT


def _result(pdf: bytes, level: PadesLevel, attempt: Attempt) -> SignedCopy:
    shortfalls = []
    if attempt.missing_timestamp is not None:
        shortfalls.append(attempt.missing_timestamp)
    if attempt.wants(PadesLevel.B_LT) and not attempt.complete:
        shortfalls.append(Reason(code="revocation_unavailable", good=False))
    return SignedCopy(
        pdf=pdf,
        asked=attempt.level,
        level=level,
        shortfalls=tuple(shortfalls),
        renew_before=attempt.archived_until if level is PadesLevel.B_LTA else None,
    )


def _level_of(reader: PdfFileReader) -> PadesLevel:
    """Return the level of a PDF that was signed here: evidence is only ever added when it is complete."""
    stamps = reader.embedded_timestamp_signatures
    stamped = all(_signature_token(each) is not None for each in reader.embedded_regular_signatures)
    has_evidence = "/DSS" in reader.root
    if not stamped and not stamps:
        return PadesLevel.B_B
    if not has_evidence:
        return PadesLevel.B_T
    return PadesLevel.B_LTA if stamps and _evidence_under(stamps[-1]) else PadesLevel.B_LT


def _evidence_under(stamp: EmbeddedPdfSignature) -> bool:
    """Return whether the time-stamp covers evidence."""
    return "/DSS" in stamp.reader.get_historical_root(stamp.signed_revision)


async def _gather(reader: PdfFileReader, attempt: Attempt) -> None:
    """Check every certificate in the PDF as of the time that is proved for it, and note the evidence."""
    stamps = [_cms(each) for each in reader.embedded_timestamp_signatures]
    first = min((token_time(each) for each in stamps), default=attempt.at)
    for signature in reader.embedded_regular_signatures:
        token = _signature_token(signature)
        proved = token_time(token) if token is not None else first
        await attempt.check(signature.signer_cert, signature.other_embedded_certs, Purpose.SIGNING, at=proved)
        if token is not None:
            stamps.append(token)
    for token in stamps:
        certificate, others = token_certificates(token)
        await attempt.check(certificate, others, Purpose.TIMESTAMPING, at=min(attempt.at, _expiry([certificate])))


def _signature_token(signature: EmbeddedPdfSignature) -> cms.ContentInfo | None:
    for attribute in signature.signer_info["unsigned_attrs"] or ():
        if attribute["type"].native == "signature_time_stamp_token":
            return attribute["values"][0]
    return None


def _cms(signature: EmbeddedPdfSignature) -> cms.ContentInfo:
    return cms.ContentInfo.load(signature.pkcs7_content)


def _expiry(certificates: Iterable[x509.Certificate]) -> datetime:
    expiry: datetime = min(each.not_valid_after for each in certificates)
    return expiry


def _higher(one: PadesLevel, other: PadesLevel) -> bool:
    order = tuple(PadesLevel)
    return order.index(one) > order.index(other)


def add_evidence(pdf: bytes, evidence: Iterable[Evidence]) -> bytes:
    """Return the PDF with a new revision that holds the evidence (DSS)."""
    output = io.BytesIO(pdf)
    writer = open_for_update(output)
    _supply(writer, evidence)
    writer.write_in_place()  # type: ignore[no-untyped-call]  # pyHanko gives no types here
    return output.getvalue()


async def add_archive_timestamp(pdf: bytes, evidence: Iterable[Evidence], attempt: Attempt) -> bytes | None:
    """Return the PDF with a revision that holds the evidence and a time-stamp over the whole file.

    None, with the reason noted in the attempt, if no time-stamp could be had.
    """
    service = attempt.services.timestamps
    if service is None or attempt.missing_timestamp is not None:
        return None
    output = io.BytesIO(pdf)
    writer = open_for_update(output)
    _supply(writer, evidence)
    number = len(writer.prev.embedded_timestamp_signatures) + 1
    stamper = PdfTimeStamper(_AttemptTimestamper(attempt, service.reserve), field_name=f"ArchiveTimestamp{number}")
    try:
        await stamper.async_timestamp_pdf(writer, _DIGEST, bytes_reserved=2 * service.reserve, in_place=True)
    except _NoToken:
        return None
    return output.getvalue()


def _supply(writer: IncrementalPdfFileWriter, evidence: Iterable[Evidence]) -> None:
    parts = tuple(evidence)
    if parts:
        DocumentSecurityStore.supply_dss_in_writer(
            writer,
            None,
            certs=[certificate for part in parts for certificate in part.certificates],
            crls=[each for part in parts for each in part.crls],
            ocsps=[each for part in parts for each in part.ocsps],
        )

"""What keeps signatures checkable for decades: the evidence in the file, and the archive time-stamp over all of it."""

import io
from collections.abc import Iterable

from asn1crypto import cms
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.signers.pdf_signer import PdfTimeStamper
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation.dss import DocumentSecurityStore

from domain.errors import DamagedDocument, EncryptedDocument, UnsupportedDocument
from signing.revocation import Evidence
from signing.services import Attempt

ARCHIVE_DIGEST = "sha256"


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
        raise DamagedDocument("Tệp PDF bị hỏng hoặc không đúng chuẩn nên không ký được; hãy tạo lại tệp.") from e
    return writer


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
        await stamper.async_timestamp_pdf(writer, ARCHIVE_DIGEST, bytes_reserved=2 * service.reserve, in_place=True)
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

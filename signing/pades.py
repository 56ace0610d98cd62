"""PAdES signatures on a copy: every signer in turn, then what a later reader needs, then the archive time-stamp."""

import asyncio
import copy
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import cms
from cryptography.hazmat.primitives import hashes
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.attributes import CMSAttributeProvider, UnsignedAttributeProviderSpec
from pyhanko.sign.fields import (
    FieldMDPAction,
    FieldMDPSpec,
    MDPPerm,
    SigFieldSpec,
    SigSeedSubFilter,
    append_signature_field,
)
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner
from pyhanko.stamp import NoOpStampStyle
from pyhanko_certvalidator.util import get_pyca_cryptography_hash

from domain.errors import NotReady, SigningError
from domain.models import PadesLevel
from signing.longterm import SignedCopy, augment, finish, open_for_update, renewal_due, translated_errors
from signing.revocation import Purpose
from signing.services import Attempt, SigningServices
from signing.signing_key import SigningKey

__all__ = [
    "SignatureField",
    "SignatureRequest",
    "SignedCopy",
    "SignerRole",
    "SigningServices",
    "augment",
    "renewal_due",
    "sign_copy",
]

_ATTRIBUTES_SIZE = 1024
"""Bytes of a CMS signature beside its certificates, its time-stamp and the signature value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureField:
    """Where a signature stands. The text there is drawn already: the field itself shows nothing."""

    name: str
    page: int = 1
    """From 1."""
    box: tuple[float, float, float, float] | None = None
    """Left, bottom, right, top in points of the page as stored (not rotated); None for no place on the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignerRole:
    """Who signs in which field, and why."""

    key: SigningKey
    field: SignatureField
    reason: str = ""
    location: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureRequest:
    """What is to be signed with."""

    signers: tuple[SignerRole, ...]
    """In their order: the first certifies the document, the last locks it."""
    level: PadesLevel
    at: datetime
    """The signing time, in UTC."""


def sign_copy(pdf: bytes, *, request: SignatureRequest, services: SigningServices) -> SignedCopy:
    """Return the PDF with a signature of each signer, at the highest level up to the one asked for that can be had.

    Each key is used exactly once. Not to be called from within an event loop.

    Raises:
        NotReady: If the PDF is signed already.
        CertificateUnusable: If a signer's certificate may not be used now.
        SigningError: If a key fails, or our clock is wrong.
        InputError: If the PDF is damaged, encrypted or of a form that cannot be signed.
    """
    if not request.signers:
        raise SigningError("Chưa chọn người ký; hãy kiểm tra cấu hình khóa ký.")
    with translated_errors():
        return asyncio.run(_sign_copy(pdf, request, services))


async def _sign_copy(pdf: bytes, request: SignatureRequest, services: SigningServices) -> SignedCopy:
    attempt = Attempt(services=services, at=request.at, level=request.level)
    for role in request.signers:
        await attempt.check(role.key.certificate, role.key.chain, Purpose.SIGNING, at=request.at)
    output = io.BytesIO(pdf)
    writer = open_for_update(output)
    if writer.prev.embedded_signatures:
        raise NotReady("Văn bản này đã có chữ ký số; không thể ký chồng lên.")
    last = request.signers[-1]
    for role in request.signers:
        append_signature_field(writer, _field_spec(role.field, locks=role is last))
    for role in request.signers:
        if role is not request.signers[0]:
            writer = open_for_update(output)
        await _sign(writer, role, attempt, certifies=role is request.signers[0], locks=role is last)
    return await finish(output.getvalue(), attempt)


def _field_spec(where: SignatureField, *, locks: bool) -> SigFieldSpec:
    return SigFieldSpec(
        sig_field_name=where.name,
        on_page=where.page - 1,
        box=where.box,  # type: ignore[arg-type]  # pyHanko writes fractions of points too
        field_mdp_spec=FieldMDPSpec(FieldMDPAction.ALL) if locks else None,
        doc_mdp_update_value=MDPPerm.NO_CHANGES if locks else None,
    )


async def _sign(
    writer: IncrementalPdfFileWriter, role: SignerRole, attempt: Attempt, *, certifies: bool, locks: bool
) -> None:
    """Append one signature; the key is used once, whatever becomes of the time-stamp."""
    signer = copy.copy(role.key.signer)
    wanted = attempt.wants(PadesLevel.B_T)
    service = attempt.services.timestamps
    reserve = service.reserve if wanted and service else 0
    if wanted:
        signer.unsigned_attr_prov_spec = _TimestampIfPossible(attempt, reserve)
    metadata = PdfSignatureMetadata(
        field_name=role.field.name,
        md_algorithm=role.key.digest_algorithm,
        subfilter=SigSeedSubFilter.PADES,
        certify=certifies,
        docmdp_permissions=MDPPerm.NO_CHANGES if locks else MDPPerm.FILL_FORMS,
        reason=role.reason or None,
        location=role.location or None,
        name=role.key.subject,
    )
    session = PdfSigner(metadata, signer, stamp_style=NoOpStampStyle()).init_signing_session(
        writer, existing_fields_only=True
    )
    session.system_time = attempt.at
    certificates = (role.key.certificate, *role.key.chain)
    size = sum(len(each.dump()) for each in certificates) + certificates[0].public_key.byte_size
    unsigned = session.prepare_tbs_document(None, bytes_reserved=2 * (size + _ATTRIBUTES_SIZE + reserve))
    prepared, _ = unsigned.digest_tbs_document(in_place=True)
    await unsigned.perform_signature(prepared.document_digest, PdfCMSSignedAttributes())


class _TimestampIfPossible(UnsignedAttributeProviderSpec):
    """Adds a signature time-stamp where one can be had, so that its absence costs no second signature."""

    def __init__(self, attempt: Attempt, reserve: int) -> None:
        self._attempt = attempt
        self._reserve = reserve

    def unsigned_attr_providers(
        self, signature: bytes, signed_attrs: cms.CMSAttributes, digest_algorithm: str
    ) -> Iterable[CMSAttributeProvider]:
        """Give the provider of the one attribute."""
        yield _TimestampProvider(self._attempt, self._reserve, signature, digest_algorithm)


class _TimestampProvider(CMSAttributeProvider):
    attribute_type = "signature_time_stamp_token"

    def __init__(self, attempt: Attempt, reserve: int, signature: bytes, algorithm: str) -> None:
        self._attempt = attempt
        self._reserve = reserve
        self._signature = signature
        self._algorithm = algorithm

    async def build_attr_value(self, dry_run: bool = False) -> cms.ContentInfo | None:
        """Return the token, or None where there is none."""
        digest = hashes.Hash(get_pyca_cryptography_hash(self._algorithm))
        digest.update(self._signature)
        return await self._attempt.timestamp(digest.finalize(), self._algorithm, limit=self._reserve)

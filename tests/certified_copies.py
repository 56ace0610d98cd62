"""Certified copies made on the spot: pages drawn, composed with a QR seal, signed by a demonstration authority."""

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from PIL import Image, ImageDraw

from domain.models import ColorModel, ImageEncoding, PadesLevel, PageImage, SealContent
from ocr.archive.compose import CopyDescription, compose
from ocr.archive.digest import content_digest
from ocr.archive.fonts import open_fonts
from signing.authority import DemonstrationAuthority, create_demonstration_authority, open_demonstration_authority
from signing.pades import SignatureField, SignatureRequest, SignerRole, sign_copy
from signing.qr import qr_matrix, seal_room, verification_link
from signing.seal import make_seal
from signing.seal_keys import SealKey, SealKeySet, published_key, seal_key
from signing.trust import TrustStore
from signing.validate import ExpectedCopy, ExpectedSigner

HOST = "kho.tinhmau.example.vn"
DOCUMENT_ID = "0123456789abcdef"
FIELDS = ("Certifier", "Agency")


@dataclass(frozen=True, kw_only=True)
class CertifiedCopy:
    """A copy and what the register would say about it."""

    pdf: bytes = field(repr=False)
    composed: bytes = field(repr=False)
    images: tuple[PageImage, ...] = field(repr=False)
    expected: ExpectedCopy
    link: str
    seal: str
    seal_key: SealKey
    seal_keys: SealKeySet
    content: SealContent


def draw_pages(count: int) -> tuple[PageImage, ...]:
    """Return scans of so many pages with a line of text and some grain each."""
    return tuple(_page(number) for number in range(1, count + 1))


def open_authority(folder: Path, now: datetime) -> DemonstrationAuthority:
    """Return an authority whose clock stands still."""
    create_demonstration_authority(folder, now=now)
    return open_demonstration_authority(folder, clock=lambda: now)


def trust_of(authority: DemonstrationAuthority) -> TrustStore:
    """Return the trust that a verifier of this authority's copies has configured."""
    return TrustStore(signers=authority.roots, timestamps=authority.roots, crls=authority.crls())


def make_copy(
    authority: DemonstrationAuthority, now: datetime, *, pages: int = 2, level: PadesLevel = PadesLevel.B_LTA
) -> CertifiedCopy:
    """Return a copy certified at this time."""
    images = draw_pages(pages)
    key = seal_key(derive_private_key(0x5EA1, SECP256R1()), issuer="UBND xã Tân Tiến")
    link = verification_link(HOST, DOCUMENT_ID)
    content = SealContent(
        document_id=DOCUMENT_ID,
        issuer=key.issuer,
        key_id=key.key_id.hex(),
        kind="birth_certificate",
        number="45/2026",
        issue_date="2026-11-20",
        register_number="12/2026-SCTĐT/BS",
        certified_on=now.date(),
        holder="Nguyễn V* A*",
        status_index=70001,
        content_sha256=content_digest(images),
    )
    seal = make_seal(content, key, room=seal_room(link))
    description = CopyDescription(
        title="Giấy khai sinh 45/2026",
        document_id=DOCUMENT_ID,
        created_at=now,
        qr=qr_matrix(link, seal),
        qr_caption=(f"{HOST}/v/", DOCUMENT_ID),
        agency_block=("BẢN SAO ĐIỆN TỬ", "UBND xã Tân Tiến", now.isoformat()),
        demonstration=True,
    )
    composed = compose(images, (), copy=description, fonts=open_fonts()).pdf
    pdf = sign(authority, composed, now, level)
    return CertifiedCopy(
        pdf=pdf,
        composed=composed,
        images=images,
        expected=expected_copy(authority, pdf, level),
        link=link,
        seal=seal,
        seal_key=key,
        seal_keys=SealKeySet((published_key(key, unit="H00.00", valid_from=date(2026, 1, 1)),)),
        content=content,
    )


def sign(authority: DemonstrationAuthority, pdf: bytes, now: datetime, level: PadesLevel = PadesLevel.B_LTA) -> bytes:
    """Return the PDF signed by certifier and agency."""
    keys = (authority.certifier, authority.agency)
    roles = tuple(SignerRole(key=key, field=SignatureField(name=name)) for name, key in zip(FIELDS, keys, strict=True))
    request = SignatureRequest(signers=roles, level=level, at=now)
    signed = sign_copy(pdf, request=request, services=authority.services)
    assert signed.level is level
    return signed.pdf


def expected_copy(authority: DemonstrationAuthority, pdf: bytes, level: PadesLevel) -> ExpectedCopy:
    """Return what the register would say about the signed file."""
    signers = tuple(
        ExpectedSigner(
            field_name=name, certificate_sha256=hashlib.sha256(key.certificate.dump()).hexdigest(), name=key.subject
        )
        for name, key in zip(FIELDS, (authority.certifier, authority.agency), strict=True)
    )
    return ExpectedCopy(signers=signers, level=level, sha256=hashlib.sha256(pdf).hexdigest())


def _page(number: int) -> PageImage:
    picture = Image.effect_noise((620, 877), 12).point(lambda value: min(255, value + 110)).convert("RGB")
    draw = ImageDraw.Draw(picture)
    draw.text((120, 180), f"GIAY KHAI SINH - Trang {number}", fill=(20, 20, 60), font_size=24)
    draw.ellipse((400, 600, 540, 740), outline=(200, 20, 30), width=6)
    buffer = BytesIO()
    picture.save(buffer, "JPEG", quality=80)
    return PageImage(
        number=number,
        width=620,
        height=877,
        dpi=75,
        encoding=ImageEncoding.JPEG,
        color=ColorModel.RGB,
        data=buffer.getvalue(),
    )

import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from asn1crypto import x509
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from signing_judges import long_term_valid, signatures, stamps

from domain.errors import (
    DamagedDocument,
    DocumentError,
    EncryptedDocument,
    NotReady,
    SigningError,
    SigningKeyUnavailable,
)
from domain.models import PadesLevel
from signing.authority import DemonstrationAuthority
from signing.pades import SignatureField, SignatureRequest, SignerRole, sign_copy
from signing.signing_key import LoadedKeySigner, SigningKey

MakePdf = Callable[..., bytes]
RequestFor = Callable[[PadesLevel], SignatureRequest]


class WatchedSigner(LoadedKeySigner):
    """Counts its signatures, and fails after so many."""

    def __init__(self, key: SigningKey, limit: int = 1000) -> None:
        inner = key.signer
        assert isinstance(inner, LoadedKeySigner)
        super().__init__(inner._private_key, key.certificate, key.chain)
        self.used: list[str] = []
        self.limit = limit

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        if len(self.used) >= self.limit:
            raise SigningKeyUnavailable("Thiết bị ký số đã bị rút.")
        self.used.append(digest_algorithm)
        return await super().async_sign_raw(data, digest_algorithm, dry_run)


@pytest.mark.parametrize("level", list(PadesLevel))
def test_both_signatures_hold_at_every_level(
    level: PadesLevel, authority: DemonstrationAuthority, make_pdf: MakePdf, request_for: RequestFor, now: datetime
) -> None:
    pdf = make_pdf()

    signed = sign_copy(pdf, request=request_for(level), services=authority.services)

    assert (signed.level, signed.asked, signed.shortfalls) == (level, level, ())
    assert signed.pdf.startswith(pdf)
    context = ValidationContext(trust_roots=[x509.Certificate.load(each) for each in authority.roots], moment=now)
    found = signatures(signed.pdf)
    assert [each.field_name for each in found] == ["Certifier", "Agency"]
    assert all(validate_pdf_signature(each, context).bottom_line for each in found)
    assert [each.self_reported_timestamp for each in found] == [now, now]


def test_b_lta_stands_on_what_the_file_brings(
    authority: DemonstrationAuthority, make_pdf: MakePdf, request_for: RequestFor, now: datetime
) -> None:
    signed = sign_copy(make_pdf(), request=request_for(PadesLevel.B_LTA), services=authority.services)
    lower = sign_copy(make_pdf(), request=request_for(PadesLevel.B_T), services=authority.services)

    assert long_term_valid(signed.pdf, authority.roots, now)
    assert not long_term_valid(lower.pdf, authority.roots, now)
    (stamp,) = stamps(signed.pdf)
    first, _, second, rest = stamp.byte_range
    assert (first, second + rest) == (0, len(signed.pdf))


def test_the_first_signer_certifies_and_the_last_locks(
    authority: DemonstrationAuthority, make_pdf: MakePdf, request_for: RequestFor
) -> None:
    signed = sign_copy(make_pdf(), request=request_for(PadesLevel.B_B), services=authority.services)

    certifier, agency = signatures(signed.pdf)
    assert certifier.docmdp_level is MDPPerm.FILL_FORMS
    assert agency.docmdp_level is MDPPerm.NO_CHANGES
    assert agency.sig_field["/Lock"]["/Action"] == "/All"


@pytest.mark.parametrize("level", [PadesLevel.B_B, PadesLevel.B_LTA])
def test_one_signer_certifies_and_locks_alone(
    level: PadesLevel, authority: DemonstrationAuthority, make_pdf: MakePdf, now: datetime
) -> None:
    role = SignerRole(key=authority.scanner, field=SignatureField(name="Scanner"), reason="Số hóa", location="Hà Nội")
    request = SignatureRequest(signers=(role,), level=level, at=now)

    signed = sign_copy(make_pdf(), request=request, services=authority.services)

    (only,) = signatures(signed.pdf)
    assert only.docmdp_level is MDPPerm.NO_CHANGES
    assert only.sig_object["/Reason"] == "Số hóa"
    assert only.sig_object["/Location"] == "Hà Nội"
    assert level is PadesLevel.B_B or long_term_valid(signed.pdf, authority.roots, now)


@pytest.mark.tools
def test_the_fields_show_nothing_over_the_text(
    authority: DemonstrationAuthority, make_pdf: MakePdf, now: datetime, tmp_path: Path
) -> None:
    pdf = make_pdf(2)
    over_text = (60, 700, 300, 760)
    roles = (
        SignerRole(key=authority.certifier, field=SignatureField(name="Certifier", page=2, box=over_text)),
        SignerRole(key=authority.agency, field=SignatureField(name="Agency", page=1, box=over_text)),
    )
    request = SignatureRequest(signers=roles, level=PadesLevel.B_LTA, at=now)

    signed = sign_copy(pdf, request=request, services=authority.services)

    assert pdfium_pages(signed.pdf) == pdfium_pages(pdf)
    assert poppler_pages(signed.pdf, tmp_path / "signed") == poppler_pages(pdf, tmp_path / "plain")
    with pikepdf.open(BytesIO(signed.pdf)) as opened:
        fields = {str(each.T): each for each in opened.Root.AcroForm.Fields}
        assert fields["Certifier"].P.objgen == opened.pages[1].objgen
        assert [float(edge) for edge in fields["Agency"].Rect] == list(over_text)


def pdfium_pages(pdf: bytes) -> list[bytes]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        document.init_forms()
        return [bytes(page.render(scale=1, may_draw_forms=True).buffer) for page in document]
    finally:
        document.close()


def poppler_pages(pdf: bytes, folder: Path) -> list[bytes]:
    folder.mkdir()
    (folder / "file.pdf").write_bytes(pdf)
    subprocess.run(["pdftoppm", "-r", "60", str(folder / "file.pdf"), str(folder / "page")], check=True, timeout=60)
    return [path.read_bytes() for path in sorted(folder.glob("*.ppm"))]


def test_a_pdf_that_is_signed_is_not_signed_again(
    authority: DemonstrationAuthority, make_pdf: MakePdf, request_for: RequestFor
) -> None:
    signed = sign_copy(make_pdf(), request=request_for(PadesLevel.B_B), services=authority.services)

    with pytest.raises(NotReady):
        sign_copy(signed.pdf, request=request_for(PadesLevel.B_B), services=authority.services)


@pytest.mark.parametrize("service", [True, False])
def test_each_key_signs_exactly_once(
    service: bool, authority: DemonstrationAuthority, make_pdf: MakePdf, request_for: RequestFor
) -> None:
    request = request_for(PadesLevel.B_LTA)
    watched = [WatchedSigner(role.key) for role in request.signers]
    roles = tuple(
        replace(role, key=SigningKey(signer=signer)) for role, signer in zip(request.signers, watched, strict=True)
    )
    services = authority.services if service else replace(authority.services, timestamps=None)

    signed = sign_copy(make_pdf(), request=replace(request, signers=roles), services=services)

    assert [signer.used for signer in watched] == [["sha256"], ["sha256"]]
    assert signed.level is (PadesLevel.B_LTA if service else PadesLevel.B_B)


def test_a_key_that_fails_between_the_signatures_leaves_no_half_signed_copy(
    authority: DemonstrationAuthority, make_pdf: MakePdf, request_for: RequestFor
) -> None:
    request = request_for(PadesLevel.B_LTA)
    certifier, agency = request.signers
    broken = replace(agency, key=SigningKey(signer=WatchedSigner(agency.key, limit=0)))

    with pytest.raises(SigningKeyUnavailable):
        sign_copy(make_pdf(), request=replace(request, signers=(certifier, broken)), services=authority.services)


def test_a_request_without_signer_is_refused(
    authority: DemonstrationAuthority, make_pdf: MakePdf, now: datetime
) -> None:
    with pytest.raises(SigningError):
        sign_copy(
            make_pdf(),
            request=SignatureRequest(signers=(), level=PadesLevel.B_B, at=now),
            services=authority.services,
        )


def test_a_pdf_that_cannot_be_signed_is_told(
    authority: DemonstrationAuthority, make_pdf: MakePdf, request_for: RequestFor
) -> None:
    locked = BytesIO()
    with pikepdf.open(BytesIO(make_pdf())) as opened:
        opened.save(locked, encryption=pikepdf.Encryption(owner="chủ", user="khách"))
    request = request_for(PadesLevel.B_B)

    with pytest.raises(EncryptedDocument):
        sign_copy(locked.getvalue(), request=request, services=authority.services)
    for damaged in (b"", b"%PDF-1.7 nothing else", make_pdf()[:200]):
        with pytest.raises(DamagedDocument):
            sign_copy(damaged, request=request, services=authority.services)


def test_a_field_that_is_there_already_or_on_no_page_is_told(
    authority: DemonstrationAuthority, make_pdf: MakePdf, now: datetime
) -> None:
    def sign(*fields: SignatureField) -> None:
        roles = tuple(SignerRole(key=authority.certifier, field=field) for field in fields)
        request = SignatureRequest(signers=roles, level=PadesLevel.B_B, at=now)
        sign_copy(make_pdf(), request=request, services=authority.services)

    with pytest.raises(DocumentError):
        sign(SignatureField(name="Same"), SignatureField(name="Same"))
    with pytest.raises(DocumentError):
        sign(SignatureField(name="Nowhere", page=7, box=(0, 0, 10, 10)))

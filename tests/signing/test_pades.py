from collections.abc import Callable
from datetime import datetime
from io import BytesIO

import pytest
from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from domain.errors import NotReady, SigningError
from domain.models import PadesLevel
from signing.authority import DemonstrationAuthority
from signing.pades import SignatureRequest, SignedCopy, sign_copy

MakePdf = Callable[..., bytes]
Sign = Callable[..., SignedCopy]


@pytest.mark.parametrize("level", list(PadesLevel))
def test_both_signatures_hold_at_every_level(
    level: PadesLevel,
    authority: DemonstrationAuthority,
    make_pdf: MakePdf,
    request_for: Callable[..., SignatureRequest],
) -> None:
    signed = sign_copy(make_pdf(), request=request_for(level), services=authority.services)

    assert (signed.level, signed.shortfalls) == (level, ())
    reader = PdfFileReader(BytesIO(signed.pdf))
    context = ValidationContext(
        trust_roots=[x509.Certificate.load(each) for each in authority.roots], moment=request_for(level).at
    )
    signatures = reader.embedded_regular_signatures
    assert [each.field_name for each in signatures] == ["Certifier", "Agency"]
    assert all(validate_pdf_signature(each, context).bottom_line for each in signatures)


def test_a_pdf_that_is_signed_is_not_signed_again(
    authority: DemonstrationAuthority, make_pdf: MakePdf, request_for: Callable[..., SignatureRequest]
) -> None:
    signed = sign_copy(make_pdf(), request=request_for(PadesLevel.B_B), services=authority.services)

    with pytest.raises(NotReady):
        sign_copy(signed.pdf, request=request_for(PadesLevel.B_B), services=authority.services)


def test_a_request_without_signer_is_refused(
    authority: DemonstrationAuthority, make_pdf: MakePdf, now: datetime
) -> None:
    with pytest.raises(SigningError):
        sign_copy(
            make_pdf(),
            request=SignatureRequest(signers=(), level=PadesLevel.B_B, at=now),
            services=authority.services,
        )

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pikepdf
import pytest

from domain.models import IssueForm, PadesLevel
from ocr.archive.compose import compose
from ocr.archive.digest import content_digest, content_digest_of
from ocr.archive.statement import SignatureSlot
from ocr.archive.writer import Attachment
from signing.authority import DemonstrationAuthority, create_demonstration_authority, open_demonstration_authority
from signing.pades import SignatureField, SignatureRequest, SignerRole, sign_copy

NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemonstrationAuthority]:
    folder = tmp_path_factory.mktemp("authority") / "demonstration"
    create_demonstration_authority(folder, now=NOW)
    yield open_demonstration_authority(folder, clock=lambda: NOW)


def signed(composed, authority):
    roles = []
    for name, key in (("certifier", authority.certifier), ("agency_block", authority.agency)):
        box = composed.signature_boxes[name]
        field = SignatureField(name=name, page=box.page, box=(box.x0, box.y0, box.x1, box.y1))
        roles.append(SignerRole(key=key, field=field))
    request = SignatureRequest(signers=tuple(roles), level=PadesLevel.B_LTA, at=NOW)
    return sign_copy(composed.pdf, request=request, services=authority.services)


@pytest.mark.tools
@pytest.mark.parametrize("attached", [False, True])
def test_a_copy_stays_pdf_a_through_both_signatures(draw, describe, fonts, verapdf, authority, statement_on, attached):
    paper = draw()
    copy = describe(
        statement=statement_on(IssueForm.CERTIFIED_COPY, date(2026, 11, 20)),
        slots=(SignatureSlot(name="certifier", heading="NGƯỜI THỰC HIỆN CHỨNG THỰC", lines=("Nguyễn Thị Bích Ngọc",)),),
        attachments=(Attachment(name="nguon.pdf", media_type="application/pdf", data=b"%PDF-1.4"),) if attached else (),
    )

    composed = compose([paper.image()], [paper.text], copy=copy, fonts=fonts)
    result = signed(composed, authority)

    assert result.level is PadesLevel.B_LTA
    assert verapdf.check(result.pdf, "3u" if attached else "2u") == "PASS"


def test_the_content_digest_survives_the_signatures(draw, describe, fonts, authority, statement_on):
    papers = [draw(number=1), draw(["Trang hai"], number=2)]
    images = [paper.image() for paper in papers]
    slots = (SignatureSlot(name="certifier", heading="NGƯỜI THỰC HIỆN CHỨNG THỰC"),)
    copy = describe(statement=statement_on(IssueForm.REGISTER_COPY, date(2026, 11, 20)), slots=slots)

    result = signed(compose(images, [p.text for p in papers], copy=copy, fonts=fonts), authority)

    assert content_digest_of(result.pdf) == content_digest(images)


def test_a_file_with_two_images_on_a_page_has_no_content_digest(draw, describe, fonts):
    composed = compose([draw().image()], [], copy=describe(), fonts=fonts)
    with pikepdf.open(io.BytesIO(composed.pdf)) as pdf:
        images = pdf.pages[0].Resources.XObject
        images.Im1 = images.Im0
        changed = io.BytesIO()
        pdf.save(changed)

    assert content_digest_of(changed.getvalue()) == ""
    assert content_digest_of(b"no PDF") == ""

"""A draft and a record with something in most of their parts."""

from datetime import UTC, date, datetime

from domain.models import (
    Box,
    Decision,
    Draft,
    DraftStatus,
    Extraction,
    Field,
    Filing,
    IssueForm,
    PadesLevel,
    PageText,
    Problem,
    Record,
    TextOrigin,
    Word,
)

NOW = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
PAGE = PageText(
    number=1,
    width=2480,
    height=3508,
    dpi=300,
    origin=TextOrigin.OCR,
    words=(Word(text="Số:", confidence=0.9, box=Box(0.1, 0.2, 0.3, 0.4), line=0),),
    text="Số:\n",
    look=2**63 + 1,
)
DRAFT = Draft(
    id="0123456789abcdef",
    source_name="giấy.pdf",
    source_sha256="ab" * 32,
    media_type="application/pdf",
    page_numbers=(1,),
    filing=Filing(owner_id="070167999893"),
    pages=(PAGE,),
    extraction=Extraction(
        kind="decision",
        kind_confidence=1.0,
        fields={"number": Field(name="number", value=None, confidence=0.2, doubtful=True, box=Box(0, 0, 1, 1))},
        problems=(Problem(code="number_blank", field_name="number", values={"a": "b"}),),
    ),
    decisions=(Decision(at=NOW, by="a", action="set"),),
    created_at=NOW,
    created_by="Nguyễn Văn A",
    status=DraftStatus.NEEDS_REVIEW,
)
RECORD = Record(
    id="0123456789abcdef",
    draft_id="0123456789abcdef",
    form=IssueForm.CERTIFIED_COPY,
    filing=Filing(),
    kind="decision",
    title="Quyết định",
    fields={"number": "1/QĐ-UBND"},
    page_count=1,
    register_number="01/2026-SCTĐT/BS",
    certified_at=NOW,
    certifier="a",
    agency="b",
    level=PadesLevel.B_LTA,
    sha256="",
    size=1,
    content_sha256="",
    seal="",
    url="",
    status_index=1,
    valid_until=date(2027, 1, 1),
)

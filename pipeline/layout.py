"""What is printed on a copy, sealed in its QR code and asked of its signers, from the record alone."""

from collections.abc import Mapping
from datetime import datetime

from domain.models import Draft, IssueForm, Record, SealContent, Source, TextOrigin
from ocr.archive.compose import AGENCY_BOX, SCANNER_BOX, ComposedCopy, CopyDescription, LayoutOptions
from ocr.archive.drawing import QrModules
from ocr.archive.statement import SignatureSlot, Statement, StatementFacts, fill_statement
from ocr.archive.writer import Attachment
from pipeline.desk import Desk
from pipeline.services import Services
from signing.article26 import MAXIMUM_VERSION as ARTICLE_26_VERSION
from signing.article26 import Article26, article_26_fields
from signing.pades import SignatureField, SignatureRequest, SignerRole
from signing.qr import MAXIMUM_VERSION
from signing.seal import mask_name

CERTIFIER_FIELD = "Certifier"
AGENCY_FIELD = "Agency"
SCANNER_FIELD = "Scanner"

_SYSTEM = "sohoa"
_ARTICLE_26_SIDE = 40.0
"""Printed side in millimeters of a code that carries the fields of the article."""

_FORM_NAMES = {
    IssueForm.CERTIFIED_COPY: "Bản sao điện tử được chứng thực",
    IssueForm.REGISTER_COPY: "Bản sao điện tử cấp từ sổ gốc",
    IssueForm.DIGITIZED: "Bản số hóa",
}
_AGENCY_HEADINGS = {
    IssueForm.CERTIFIED_COPY: "CƠ QUAN CHỨNG THỰC",
    IssueForm.REGISTER_COPY: "CƠ QUAN CẤP BẢN SAO",
}


def signature_fields(form: IssueForm) -> tuple[str, ...]:
    """Return the names of the signature fields that a copy of this form has, in the order of signing."""
    return (SCANNER_FIELD,) if form is IssueForm.DIGITIZED else (CERTIFIER_FIELD, AGENCY_FIELD)


def printed_time(moment: datetime, services: Services) -> str:
    """Return a time as it is printed: ISO 8601 with the zone of Viet Nam."""
    return moment.astimezone(services.zone).isoformat(timespec="seconds")


def seal_content(record: Record, services: Services) -> SealContent:
    """Return what the seal says of a record: names masked unless the province decided otherwise."""
    kind = services.kinds.get(record.kind)
    holder = kind.role("holder_name", record.fields)
    issue = services.settings.issue
    return SealContent(
        document_id=record.id,
        issuer=record.agency,
        key_id="",
        kind=kind.title["vi"],
        number=kind.role("number", record.fields),
        issue_date=kind.role("issue_date", record.fields),
        register_number=record.register_number,
        certified_on=record.certified_at.astimezone(services.zone).date(),
        holder=holder if issue.full_holder_in_seal else mask_name(holder),
        status_index=record.status_index,
        content_sha256=record.content_sha256,
        extra=_article_26(record, services) if issue.article_26 else {},
    )


def describe_copy(
    record: Record, draft: Draft, services: Services, desk: Desk, *, qr: QrModules, embedded: Source | None
) -> CopyDescription:
    """Return everything that is printed beside the page images."""
    at = printed_time(record.certified_at, services)
    scanned = printed_time(draft.created_at, services)
    with_statement = record.form is not IssueForm.DIGITIZED
    return CopyDescription(
        title=record.title,
        document_id=record.url,
        created_at=record.certified_at,
        qr=qr,
        qr_caption=(record.url,),
        scanner_block=(_origin(draft), draft.created_by, scanned),
        agency_block=(_FORM_NAMES[record.form], record.agency, at),
        statement=_statement(record, services, desk) if with_statement else None,
        slots=_slots(record, at, services) if with_statement else (),
        demonstration=record.demonstration,
        attachments=(_attachment(embedded),) if embedded is not None else (),
    )


def _origin(draft: Draft) -> str:
    on_paper = any(page.origin is TextOrigin.OCR for page in draft.pages)
    return "Số hóa từ bản giấy" if on_paper else "Lập từ tệp điện tử"


def signature_request(record: Record, composed: ComposedCopy, services: Services, desk: Desk) -> SignatureRequest:
    """Return who signs the composed copy, where, at which level."""
    keys = {CERTIFIER_FIELD: desk.certifier, AGENCY_FIELD: desk.agency, SCANNER_FIELD: desk.scanner}
    places = {CERTIFIER_FIELD: CERTIFIER_FIELD, AGENCY_FIELD: AGENCY_BOX, SCANNER_FIELD: SCANNER_BOX}
    signers = []
    for name in signature_fields(record.form):
        box = composed.signature_boxes.get(places[name])
        field = SignatureField(name=name)
        if box is not None:
            field = SignatureField(name=name, page=box.page, box=(box.x0, box.y0, box.x1, box.y1))
        signers.append(SignerRole(key=keys[name], field=field, reason=record.title, location=record.url))
    return SignatureRequest(signers=tuple(signers), level=services.settings.signing.level, at=record.certified_at)


def _statement(record: Record, services: Services, desk: Desk) -> Statement:
    office = services.settings.office
    day = record.certified_at.astimezone(services.zone).date()
    facts = StatementFacts(
        certified_on=day,
        place=office.place,
        agency=record.agency,
        parent_agency=office.parent,
        certifier=record.certifier,
        role=office.certifier_title,
        register_number=record.register_number.partition("/")[0],
        book=record.book,
        page_count=record.page_count,
        paper_title=record.title,
        link=record.url,
    )
    return fill_statement(desk.statements.template(record.form, day), facts)


def _slots(record: Record, at: str, services: Services) -> tuple[SignatureSlot, ...]:
    office = services.settings.office
    certifier = SignatureSlot(
        name=CERTIFIER_FIELD,
        heading=office.certifier_title,
        lines=("Ký số bởi:", record.certifier, at),
        footer=record.certifier,
    )
    agency = SignatureSlot(
        name="AgencyText",
        heading=_AGENCY_HEADINGS[record.form],
        lines=("Ký số bởi:", record.agency, at),
        footer="Chữ ký số của cơ quan ở góc trên bên phải trang 1",
    )
    return agency, certifier


def code_version(services: Services) -> int:
    """Return the largest version that a copy's QR code may have."""
    return ARTICLE_26_VERSION if services.settings.issue.article_26 else MAXIMUM_VERSION


def layout_options(services: Services) -> LayoutOptions:
    """Return the sizes that the settings give the codes."""
    layout = services.settings.layout
    return LayoutOptions(
        qr_side_mm=max(layout.qr_side_mm, _ARTICLE_26_SIDE)
        if services.settings.issue.article_26
        else layout.qr_side_mm,
        statement_qr_side_mm=layout.statement_qr_side_mm,
        qr_on_front=layout.qr_on_front,
    )


def _attachment(source: Source) -> Attachment:
    suffix = {"application/pdf": "pdf", "image/tiff": "tif", "image/png": "png"}.get(source.media_type, "jpg")
    return Attachment(
        name=f"nguon.{suffix}",
        media_type=source.media_type,
        description="Tệp nguồn, giữ nguyên từng byte",
        data=source.data,
    )


def _article_26(record: Record, services: Services) -> Mapping[str, str]:
    """Return the minimum data of TT 01/2023 Art. 26, as far as the record has them."""
    return article_26_fields(
        Article26(
            dossier=record.filing.dossier,
            procedure=record.filing.procedure,
            owner_id=record.filing.owner_id,
            title=services.kind_title(record.kind),
            system=_SYSTEM,
            published_at=record.certified_at.astimezone(services.zone),
            validity=record.valid_until.isoformat() if record.valid_until else "",
        )
    )

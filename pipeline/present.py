"""Values as the objects that the command and the REST API print: one shape for both."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from domain.models import Draft, Extraction, Field, PageText, Problem, Record, SignatureReport, Verification
from ocr.page.page_problems import reading_problems
from pipeline.augment import Augmented
from pipeline.certify import Certified
from pipeline.digitize import Digitized
from pipeline.messages import Messages, value_words
from pipeline.public import PublicAnswer
from pipeline.register import BookSummary, RegisterEntry
from pipeline.retention import day_text
from pipeline.review import open_problems
from pipeline.serial import JsonObject, to_data
from storage.drafts import DraftSummary


def page_object(page: PageText) -> JsonObject:
    """Return a page with its words; boxes in fractions of the upright page."""
    return {
        "number": page.number,
        "width": page.width,
        "height": page.height,
        "dpi": round(page.dpi, 1),
        "rotation": page.rotation,
        "origin": page.origin.value,
        "text": page.text,
        "words": [
            {"text": w.text, "confidence": round(w.confidence, 4), "box": [round(x, 5) for x in w.box]}
            for w in page.words
        ],
        "tables": [[[cell.text for cell in row] for row in table.rows] for table in page.tables],
    }


def page_problems(pages: Sequence[PageText]) -> tuple[Problem, ...]:
    """Return what is to be said of pages beside their text: a page without any, turned, hardly legible, ..."""
    return reading_problems(pages)


def recognition_object(source: str, pages: Sequence[PageText], messages: Messages) -> JsonObject:
    """Return what `sohoa recognize` prints."""
    return {
        "source": source,
        "pages": [page_object(page) for page in pages],
        "problems": [problem_object(problem, messages) for problem in page_problems(pages)],
    }


def field_object(field: Field) -> JsonObject:
    """Return a field with where it was read."""
    return {
        "value": field.value,
        "raw": field.raw,
        "confidence": round(field.confidence, 4),
        "page": field.page or None,
        "box": [round(x, 5) for x in field.box] if field.box is not None else None,
        "needs_review": field.needs_review,
        "confirmed_by": field.confirmed_by or None,
    }


def problem_object(problem: Problem, messages: Messages) -> JsonObject:
    """Return a problem with its words."""
    return {
        "code": problem.code,
        "field": problem.field_name or None,
        "page": problem.page or None,
        "blocking": problem.blocking,
        "message": messages.problem(problem),
    }


def extraction_object(source: str, extraction: Extraction, messages: Messages) -> JsonObject:
    """Return what `sohoa extract` prints."""
    return {
        "source": source,
        "kind": extraction.kind,
        "kind_confidence": round(extraction.kind_confidence, 4),
        "fields": {name: field_object(field) for name, field in extraction.fields.items()},
        "problems": [problem_object(problem, messages) for problem in extraction.problems],
    }


def draft_object(draft: Draft, messages: Messages) -> JsonObject:
    """Return a draft as `sohoa review show` prints it."""
    return {
        "draft_id": draft.id,
        "revision": draft.revision,
        "status": draft.status.value,
        **extraction_object(draft.source_name, draft.extraction, messages),
        "open_problems": [problem_object(problem, messages) for problem in open_problems(draft)],
        "owner_id": draft.filing.owner_id,
        "owner_name": draft.filing.owner_name,
        "dossier": draft.filing.dossier,
        "procedure": draft.filing.procedure,
        "unit": draft.filing.unit,
        "pages": list(draft.page_numbers),
        "signed_source": draft.signed_source,
        "created_at": draft.created_at.isoformat(),
        "created_by": draft.created_by,
        "document_id": draft.document_id or None,
    }


def record_object(record: Record) -> JsonObject:
    """Return a record as `sohoa warehouse list` prints it."""
    return {
        "document_id": record.id,
        "form": record.form.value,
        "kind": record.kind,
        "title": record.title,
        "owner_id": record.filing.owner_id,
        "owner_name": record.filing.owner_name,
        "dossier": record.filing.dossier,
        "procedure": record.filing.procedure,
        "unit": record.filing.unit,
        "fields": dict(record.fields),
        "pages": record.page_count,
        "register_number": record.register_number,
        "certified_at": record.certified_at.isoformat(),
        "certifier": record.certifier,
        "agency": record.agency,
        "level": record.level.value,
        "sha256": record.sha256,
        "size": record.size,
        "content_sha256": record.content_sha256,
        "url": record.url,
        "state": record.state.value,
        "state_reason": record.state_reason,
        "state_at": record.state_at.isoformat() if record.state_at else None,
        "superseded_by": record.superseded_by or None,
        "valid_until": record.valid_until.isoformat() if record.valid_until else None,
        "kept_until": day_text(record.kept_until) or None,
        "demonstration": record.demonstration,
    }


def signature_object(report: SignatureReport, messages: Messages) -> JsonObject:
    """Return the check of one signature."""
    return {
        "field": report.field_name,
        "signer": report.signer,
        "issuer": report.issuer,
        "serial": report.serial,
        "timestamp": report.is_timestamp,
        "revision": report.revision,
        "valid": report.valid,
        "intact": report.intact,
        "trusted": report.trusted,
        "level": report.level.value if report.level else None,
        "signed_at": report.signed_at.isoformat() if report.signed_at else None,
        "timestamped_at": report.timestamped_at.isoformat() if report.timestamped_at else None,
        "covers_whole_file": report.covers_whole_file,
        "problems": [messages.reason(reason) for reason in report.problems],
    }


def verification_object(answer: Verification, messages: Messages, language: str = "vi") -> JsonObject:
    """Return what `sohoa verify` prints."""
    return {
        "verdict": answer.verdict.value,
        "reasons": [
            {"code": reason.code, "good": reason.good, "message": messages.reason(reason, language)}
            for reason in answer.reasons
        ],
        "document_id": answer.document_id or None,
        "signatures": [signature_object(report, messages) for report in answer.signatures],
        "as_of": answer.as_of.isoformat(),
        "status_list": answer.status_list,
    }


def labelled(values: Mapping[str, str], messages: Messages, language: str = "vi") -> list[tuple[str, str]]:
    """Return field values in words with their labels, in their order, empty ones left out."""
    return [(messages.field(name, language), value_words(name, value)) for name, value in values.items() if value]


def digitized_object(result: Digitized, messages: Messages) -> JsonObject:
    """Return what `sohoa digitize` prints for a paper."""
    draft = result.draft
    read = extraction_object(result.source, draft.extraction, messages) if draft else _nothing_read(result.source)
    return {
        **read,
        "draft_id": draft.id if draft else None,
        "document_id": (draft.document_id or None) if draft else None,
        "pages": list(draft.page_numbers) if draft else [],
        "status": result.status,
        "error": str(result.error) if result.error else None,
        "signatures": [signature_object(report, messages) for report in result.signatures],
    }


def certified_object(result: Certified, file: Path | None) -> JsonObject:
    """Return what `sohoa certify` prints for a paper."""
    record = result.record
    return {
        "draft_id": record.draft_id,
        "document_id": record.id,
        "register_number": record.register_number,
        "level": record.level.value,
        "file": str(file) if file else None,
        "sha256": record.sha256,
        "url": f"{record.url}#{record.seal}",
        "kept_until": day_text(record.kept_until) or None,
        "shortfall": result.shortfall or None,
    }


def summary_object(draft: DraftSummary) -> JsonObject:
    """Return a line of `sohoa review list`."""
    return {
        "draft_id": draft.id,
        "status": draft.status.value,
        "kind": draft.kind,
        "source": draft.source_name,
        "owner_id": draft.owner_id,
        "owner_name": draft.owner_name,
        "dossier": draft.dossier,
        "created_at": draft.created_at.isoformat(),
        "document_id": draft.document_id or None,
    }


def _nothing_read(source: str) -> JsonObject:
    return {"source": source, "kind": None, "kind_confidence": None, "fields": {}, "problems": []}


def public_object(answer: PublicAnswer) -> JsonObject:
    """Return the public answer as the REST API gives it."""
    return {
        "verdict": answer.verdict.value,
        "headline": answer.headline,
        "document_id": answer.document_id or None,
        "title": answer.title or None,
        "details": [{"label": label, "value": value} for label, value in answer.rows],
        "reasons": [{"good": ground.good, "message": ground.text} for ground in answer.grounds],
        "as_of": answer.as_of,
        "demonstration": answer.demonstration,
    }


def augmented_object(result: Augmented) -> JsonObject:
    """Return what `sohoa augment` prints for a copy."""
    return {
        "document_id": result.record.id,
        "before": result.before.value,
        "level": result.record.level.value,
        "sha256": result.record.sha256,
        "shortfall": result.shortfall or None,
        "error": str(result.error) if result.error else None,
    }


def entry_object(entry: RegisterEntry) -> JsonObject:
    """Return a line of the register as `sohoa register list` prints it."""
    asked = entry.application
    return {
        "number": entry.number,
        "register_number": entry.register_number,
        "book": entry.book_name,
        "state": entry.state.value,
        "draft_id": asked.draft_id,
        "document_id": entry.document_id or None,
        "requester": asked.requester,
        "requester_id": asked.requester_id,
        "title": asked.title,
        "certifier": asked.certifier,
        "copies": asked.copies,
        "pages": asked.pages,
        "fee": asked.fee,
        "reserved_at": entry.reserved_at.isoformat(),
        "issued_at": entry.issued_at.isoformat() if entry.issued_at else None,
        "voided_at": entry.voided_at.isoformat() if entry.voided_at else None,
        "void_reason": entry.void_reason or None,
    }


def book_object(summary: BookSummary) -> JsonObject:
    """Return a year's books as `sohoa register totals` prints them."""
    book = summary.book
    return {
        "unit": book.unit,
        "year": book.year,
        "act": book.act,
        "volume": book.volume,
        "closed_at": book.closed_at.isoformat() if book.closed_at else None,
        "closed_by": book.closed_by or None,
        **to_data(summary.totals),
    }

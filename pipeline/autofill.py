"""Autofill: a form filled from an owner's papers, each value with its source; conflicts are shown, never merged."""

from dataclasses import dataclass

from domain.models import Extraction, Record, RecordState
from domain.vietnamese import nfc
from pipeline.certify import paper_address
from pipeline.forms import Form, FormField, load_form
from pipeline.journal import access, logged
from pipeline.messages import Messages
from pipeline.serial import JsonObject, from_json
from pipeline.services import Services
from pipeline.share import ReuseEvent, keep_reuse
from storage.access_log import append_log
from storage.index import RecordFilter, iterate_records
from storage.owners import numbers_of
from storage.papers import FIELDS
from storage.reuse import ReuseWay
from storage.validity import state_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A value that a paper offers."""

    value: str
    document_id: str
    title: str
    """Of the paper."""
    kind: str
    field: str
    """Its name in the paper."""
    issue_date: str
    confidence: float
    """Probability from 0 to 1 that the paper says so, as it was read."""
    confirmed_by: str
    """Who compared it with the paper, empty if nobody had to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A field of the form."""

    name: str
    value: str
    """Empty where no paper says it, and where papers contradict each other."""
    conflict: bool
    candidates: tuple[Candidate, ...]
    """The surest source first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledForm:
    """A form as far as the warehouse can fill it."""

    form: Form
    owner_id: str
    fields: tuple[Filled, ...]


def autofill(code: str, owner_id: str, services: Services, *, purpose: str = "", dossier: str = "") -> FilledForm:
    """Return a form filled from the papers of an owner that are in force; each paper used is logged and counted.

    Raises:
        UnknownDocument: There is no such form.
        ConfigurationError: Its file is wrong.
        StorageError: A paper is damaged, or the access could not be logged.
    """
    form = load_form(code, services.kinds)
    now = services.clock()
    today = now.astimezone(services.zone).date()
    with services.database.reading() as transaction:
        numbers = numbers_of(transaction, owner_id)
        records = [
            record
            for record in iterate_records(transaction, RecordFilter(owner_ids=numbers))
            if state_on(record, today) is RecordState.IN_FORCE
        ]
    read = _Papers(services, numbers, tuple(records))
    fields = tuple(_fill(field, read) for field in form.fields)
    used = {candidate.document_id for field in fields for candidate in field.candidates}
    with logged(services) as transaction:
        for record in records:
            if record.id not in used:
                continue
            told = access(services, "autofill", record, purpose=purpose or form.title["vi"], detail=dossier)
            entry = append_log(transaction, told, now=now)
            event = ReuseEvent(
                document_id=record.id,
                way=ReuseWay.AUTOFILL,
                unit=services.settings.office.unit,
                procedure=form.procedure,
                dossier=dossier,
                at=now,
            )
            keep_reuse(transaction, event, entry, services)
    return FilledForm(form=form, owner_id=numbers[0], fields=fields)


def filled_object(filled: FilledForm, messages: Messages) -> JsonObject:
    """Return what `sohoa autofill` prints."""
    return {
        "form": filled.form.code,
        "title": filled.form.title["vi"],
        "procedure": filled.form.procedure,
        "owner_id": filled.owner_id,
        "fields": {
            field.name: {
                "label": messages.field(field.name),
                "value": field.value or None,
                "conflict": field.conflict,
                "sources": [_candidate_object(candidate) for candidate in field.candidates],
            }
            for field in filled.fields
        },
    }


class _Papers:
    """The papers of an owner, each read once."""

    def __init__(self, services: Services, numbers: tuple[str, ...], records: tuple[Record, ...]) -> None:
        self._services = services
        self._numbers = frozenset(numbers)
        self._read: dict[str, Extraction] = {}
        self.records = records

    def tells_of_owner(self, record: Record, holder: str) -> bool:
        """Return whether a paper is about the owner: its holder's number is theirs, or it names none."""
        named = record.fields.get(holder, "") if holder else self._holder(record)
        return named in self._numbers if named or holder else True

    def candidate(self, record: Record, field: str) -> Candidate | None:
        """Return what a paper offers for a field."""
        value = record.fields.get(field, "")
        if not value:
            return None
        read = self._extraction(record).fields.get(field)
        return Candidate(
            value=value,
            document_id=record.id,
            title=record.title,
            kind=record.kind,
            field=field,
            issue_date=record.fields.get("issue_date", ""),
            confidence=read.confidence if read is not None else 0.0,
            confirmed_by=read.confirmed_by if read is not None else "",
        )

    def _holder(self, record: Record) -> str:
        return self._services.kinds.get(record.kind).role("holder_id", record.fields)

    def _extraction(self, record: Record) -> Extraction:
        if record.id not in self._read:
            data = self._services.archive.read_paper(paper_address(record), FIELDS)
            self._read[record.id] = from_json(Extraction, data)
        return self._read[record.id]


def _fill(field: FormField, papers: _Papers) -> Filled:
    """Return a field with all that the papers offer; it has a value only where they agree."""
    offered = [
        candidate
        for source in field.sources
        for record in papers.records
        if record.kind == source.kind
        and papers.tells_of_owner(record, source.holder)
        and (candidate := papers.candidate(record, source.field)) is not None
    ]
    values = {nfc(candidate.value).casefold() for candidate in offered}
    conflict = len(values) > 1
    value = offered[0].value if offered and not conflict else ""
    return Filled(name=field.name, value=value, conflict=conflict, candidates=tuple(offered))


def _candidate_object(candidate: Candidate) -> JsonObject:
    return {
        "value": candidate.value,
        "document_id": candidate.document_id,
        "title": candidate.title,
        "kind": candidate.kind,
        "field": candidate.field,
        "issue_date": candidate.issue_date or None,
        "confidence": round(candidate.confidence, 4),
        "confirmed_by": candidate.confirmed_by or None,
    }

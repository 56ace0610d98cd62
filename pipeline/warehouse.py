"""The warehouse: listing an owner's papers, looking at one, and getting them out."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from domain.models import Record, RecordState
from pipeline.certify import Certified, hand_out, paper_address
from pipeline.journal import access, log_looks
from pipeline.services import Services
from storage.index import RecordFilter, find_record, iterate_records
from storage.ocfl_inventory import Version
from storage.owners import numbers_of
from storage.papers import COPY
from storage.validity import state_on


def list_papers(services: Services, *, owner_id: str = "", purpose: str = "") -> tuple[Record, ...]:
    """Return the papers of an owner, by whatever number, newest first; of all owners where none is named.

    That they were listed is logged before.

    Raises:
        StorageError: The database cannot be read, or the access could not be logged.
    """
    with services.database.reading() as transaction:
        numbers = numbers_of(transaction, owner_id) if owner_id else ()
        records = tuple(iterate_records(transaction, RecordFilter(owner_ids=numbers)))
    detail = f"{len(records)} papers"
    log_looks(services, [access(services, "list", owner_id=owner_id, purpose=purpose, detail=detail)])
    return records


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperCard:
    """A paper as the office that keeps it sees it."""

    record: Record
    state: RecordState
    """Today, also before the states were turned over."""
    kept_until: date | None
    """Last day on which it must not be deleted, as the store says; `PERMANENT` for ever."""
    holds: tuple[str, ...]
    """Orders that forbid its deletion."""
    versions: tuple[Version, ...]
    """Its history, oldest first."""


def show_paper(document_id: str, services: Services, *, purpose: str = "") -> PaperCard:
    """Return what there is about a paper; that it was looked at is logged before.

    Raises:
        UnknownDocument: There is no such paper.
        StorageError: The store or database cannot be read, or the access could not be logged.
    """
    with services.database.reading() as transaction:
        record = find_record(transaction, document_id)
    archive = services.archive
    card = PaperCard(
        record=record,
        state=state_on(record, services.clock().astimezone(services.zone).date()),
        kept_until=archive.retention.kept_until(document_id),
        holds=archive.retention.holds(document_id),
        versions=archive.inventory(paper_address(record)).versions,
    )
    log_looks(services, [access(services, "view", record, purpose=purpose)])
    return card


def get_papers(
    services: Services, folder: Path, *, document_id: str = "", owner_id: str = "", purpose: str = ""
) -> Iterator[tuple[Record, Path]]:
    """Write certified copies into a folder: one paper, or all of an owner's; each is logged before.

    Raises:
        UnknownDocument: There is no such paper.
        StorageError: A copy is damaged, the folder cannot be written, or the access could not be logged.
    """
    with services.database.reading() as transaction:
        if document_id:
            records: tuple[Record, ...] = (find_record(transaction, document_id),)
        else:
            numbers = numbers_of(transaction, owner_id)
            records = tuple(iterate_records(transaction, RecordFilter(owner_ids=numbers)))
    log_looks(services, [access(services, "get", record, purpose=purpose) for record in records])
    for record in records:
        pdf = services.archive.read_paper(paper_address(record), COPY)
        yield record, hand_out(Certified(record=record, pdf=pdf), folder)

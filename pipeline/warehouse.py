"""The warehouse: listing an owner's papers and getting them out."""

from collections.abc import Iterator
from pathlib import Path

from domain.models import Record
from pipeline.certify import Certified, hand_out, paper_address
from pipeline.journal import access, log_accesses
from pipeline.services import Services
from storage.index import RecordFilter, find_record, iterate_records
from storage.owners import numbers_of
from storage.papers import COPY


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
    log_accesses(services, [access(services, "list", owner_id=owner_id, purpose=purpose, detail=detail)])
    return records


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
    log_accesses(services, [access(services, "get", record, purpose=purpose) for record in records])
    for record in records:
        pdf = services.archive.read_paper(paper_address(record), COPY)
        yield record, hand_out(Certified(record=record, pdf=pdf), folder)

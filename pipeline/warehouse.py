"""The warehouse: listing an owner's papers and getting them out."""

from collections.abc import Iterator
from pathlib import Path

from domain.models import Record
from pipeline.certify import Certified, hand_out, paper_address
from pipeline.services import Services
from storage.index import RecordFilter, find_record, iterate_records
from storage.papers import COPY


def list_papers(services: Services, *, owner_id: str = "") -> tuple[Record, ...]:
    """Return the papers of an owner, newest first; of all owners where none is named."""
    with services.database.reading() as transaction:
        return tuple(iterate_records(transaction, RecordFilter(owner_id=owner_id)))


def get_papers(
    services: Services, folder: Path, *, document_id: str = "", owner_id: str = "", purpose: str = ""
) -> Iterator[tuple[Record, Path]]:
    """Write certified copies into a folder: one paper, or all of an owner's.

    Raises:
        UnknownDocument: There is no such paper.
        StorageError: A copy is damaged, or the folder cannot be written.
    """
    if document_id:
        with services.database.reading() as transaction:
            records: tuple[Record, ...] = (find_record(transaction, document_id),)
    else:
        records = list_papers(services, owner_id=owner_id)
    for record in records:
        pdf = services.archive.read_paper(paper_address(record), COPY)
        yield record, hand_out(Certified(record=record, pdf=pdf), folder)

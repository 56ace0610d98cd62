"""Lawful deletion: a paper leaves the store and the index, its line in the register stays; holds forbid it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from domain.errors import NotReady, ObjectMissing
from domain.models import Draft, Record
from pipeline.certify import paper_address
from pipeline.journal import access, log_accesses, logged
from pipeline.serial import from_json, to_json
from pipeline.services import Services
from pipeline.share import revoke_one
from storage.access_log import append_log
from storage.database import Transaction
from storage.drafts import delete_draft, find_drafts_by_source
from storage.grants import list_grants
from storage.index import delete_record, find_record
from storage.register import RegisterEntry, find_entry_of_draft
from storage.status_places import restore_status_place

DELETED = "deleted"
"""The book of the store that keeps what is left of deleted papers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deletion:
    """What is left of a deleted paper: no field and no image; names only as the register has them."""

    document_id: str
    draft_id: str
    status_index: int
    """Never given to another paper."""
    entry: RegisterEntry | None
    """Its line in the register, which is kept for ever; None for a digitised paper."""
    sha256: str
    """Of the deleted copy."""
    at: datetime
    by: str
    reason: str


def delete_paper(document_id: str, reason: str, services: Services) -> Deletion:
    """Delete a paper with its draft and source, as the law demands, and return what is left.

    Where an earlier try died midway, it is brought to its end.

    Raises:
        NotReady: No reason is given, its retention is not over, or somebody holds it.
        UnknownDocument: There is no such paper.
        StorageError: It could not be deleted, e.g. while the store has it under a lock.
    """
    if not reason.strip():
        raise NotReady("Xin ghi căn cứ xóa giấy tờ (--reason), ví dụ số quyết định tiêu hủy.")
    with logged(services) as transaction:
        record = find_record(transaction, document_id)
        deletion = _deletion(transaction, record, reason.strip(), services)
        _remove(transaction, record, deletion, services)
        for grant in list_grants(transaction, document_id=document_id, limit=100_000):
            if grant.revoked_at is None:
                revoke_one(transaction, grant, services)
        delete_record(transaction, document_id)
        delete_draft(transaction, record.draft_id)
        detail = deletion.entry.register_number if deletion.entry is not None else ""
        entry = access(services, "delete", record, purpose=reason.strip(), detail=detail)
        append_log(transaction, entry, now=services.clock())
    return deletion


def hold_paper(document_id: str, reason: str, services: Services) -> str:
    """Forbid the deletion of a paper, and return the identifier by which the hold is lifted.

    Raises:
        NotReady: No reason is given.
        UnknownDocument: There is no such paper.
        StorageError: It could not be kept.
    """
    if not reason.strip():
        raise NotReady("Xin ghi lý do giữ giấy tờ (--reason).")
    record = _find(document_id, services)
    hold = services.archive.hold_paper(paper_address(record), by=services.user, reason=reason.strip())
    log_accesses(services, [access(services, "hold", record, purpose=reason.strip(), detail=hold)])
    return hold


def lift_hold(document_id: str, hold: str, services: Services) -> None:
    """End a hold; a second time is no change.

    Raises:
        UnknownDocument: There is no such paper.
        StorageError: It could not be ended.
    """
    record = _find(document_id, services)
    services.archive.lift_hold(paper_address(record), hold)
    log_accesses(services, [access(services, "lift_hold", record, detail=hold)])


def stored_deletions(services: Services) -> Iterator[Deletion]:
    """Yield what is left of all deleted papers.

    Raises:
        ObjectCorrupt: An entry was changed.
    """
    for data in services.archive.iterate_entries(DELETED):
        yield from_json(Deletion, data)


def restore_deletion(transaction: Transaction, deletion: Deletion) -> None:
    """Keep the place of a deleted paper in the status list from others."""
    restore_status_place(transaction, deletion.status_index, deletion.draft_id)


def _find(document_id: str, services: Services) -> Record:
    with services.database.reading() as transaction:
        return find_record(transaction, document_id)


def _deletion(transaction: Transaction, record: Record, reason: str, services: Services) -> Deletion:
    """Return what is left of a paper; what an earlier try stored counts."""
    try:
        return from_json(Deletion, services.archive.load_entry(DELETED, record.id))
    except ObjectMissing:
        pass
    entry = find_entry_of_draft(transaction, record.draft_id) if record.register_number else None
    return Deletion(
        document_id=record.id,
        draft_id=record.draft_id,
        status_index=record.status_index,
        entry=entry,
        sha256=record.sha256,
        at=services.clock(),
        by=services.user,
        reason=reason,
    )


def _remove(transaction: Transaction, record: Record, deletion: Deletion, services: Services) -> None:
    """Delete draft, source and paper from the store; the paper goes last, for it tells where the others are."""
    archive = services.archive
    data = to_json(deletion).encode()
    try:
        archive.require_deletable(record.id)
        source = from_json(Draft, archive.load_draft(record.draft_id)).source_sha256
    except ObjectMissing:
        source = ""
    if source:
        if not any(draft.id != record.draft_id for draft in find_drafts_by_source(transaction, source)):
            archive.remove_source(source)
        archive.remove_draft(record.draft_id)
    try:
        archive.remove_paper(paper_address(record), data)
    except ObjectMissing:
        archive.store_entry(DELETED, record.id, data)

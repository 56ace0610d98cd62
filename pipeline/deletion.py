"""Lawful deletion: a paper leaves the store and the index, its line in the register stays; holds forbid it."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

from domain.errors import NotReady, ObjectMissing, UnknownDocument
from domain.identifiers import is_document_id
from domain.models import Draft, Record
from pipeline.certify import paper_address
from pipeline.events import forget_paper
from pipeline.journal import access, log_accesses, logged
from pipeline.serial import from_json, to_json
from pipeline.services import Services
from pipeline.share import revoke_one
from storage.access_log import append_log, details_of, has_entry
from storage.database import Transaction
from storage.drafts import delete_draft, find_drafts_by_source
from storage.grants import list_grants
from storage.index import delete_record, find_record
from storage.papers import StoredPaper
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
    root: str = ""
    """Its folder below `owners/`, which tells nobody whose it was."""
    source_sha256: str = ""
    """Of its scan; empty where the draft was gone before."""
    at: datetime
    by: str
    reason: str


def delete_paper(document_id: str, reason: str, services: Services) -> Deletion:
    """Delete a paper with its draft and source, as the law demands, and return what is left.

    The paper is taken out of the database first and then out of the store, so that nothing is listed that is not
    there. Where an earlier try died midway, it is brought to its end.

    Raises:
        NotReady: No reason is given, its retention is not over, or somebody holds it.
        UnknownDocument: There is no such paper.
        StorageError: It could not be deleted, e.g. while the store has it under a lock; the next try goes on.
    """
    if not reason.strip():
        raise NotReady("Xin ghi căn cứ xóa giấy tờ (--reason), ví dụ số quyết định tiêu hủy.")
    if not is_document_id(document_id):
        raise UnknownDocument(f"Không có giấy tờ “{document_id}”; xem mã bằng `sohoa warehouse list`.")
    services.archive.require_deletable(document_id, promised=_promised(document_id, services))
    with logged(services) as transaction:
        deletion = _begun(transaction, document_id, services) or _begin(transaction, document_id, reason, services)
    _remove(deletion, services)
    return deletion


def finish_deletions(services: Services) -> int:
    """Bring to its end what a process began that died, and return how many papers that were.

    What must not be deleted any more, e.g. because somebody holds it since, stays.

    Raises:
        StorageError: The store cannot be used.
    """
    finished = 0
    for deletion in stored_deletions(services):
        if not _is_left(deletion, services):
            continue
        with services.database.reading() as transaction:
            told = was_deleted(transaction, deletion.document_id)
        with suppress(NotReady):
            if told:
                _remove(deletion, services)
                finished += 1
    return finished


def was_deleted(transaction: Transaction, document_id: str) -> bool:
    """Return whether the access log says that a paper was deleted."""
    return has_entry(transaction, document_id, "delete")


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
        UnknownDocument: There is no such paper, or it was never held under this identifier.
        StorageError: It could not be ended.
    """
    record = _find(document_id, services)
    held = services.archive.retention.holds(record.id)
    with services.database.reading() as transaction:
        known = hold in held or hold in details_of(transaction, ("hold",), document_id=record.id)
    if not known:
        there = f"các lệnh đang có: {', '.join(held)}" if held else "không lệnh giữ nào đang có"
        raise UnknownDocument(f"Giấy tờ {record.id} không có lệnh giữ “{hold}”; {there}.")
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


def restore_absence(transaction: Transaction, services: Services) -> frozenset[str]:
    """Take out of the database what the access log says was deleted, and return the identifiers of all such papers.

    Raises:
        ObjectCorrupt: An entry was changed.
    """
    gone = {each.document_id: each for each in stored_deletions(services) if was_deleted(transaction, each.document_id)}
    for deletion in gone.values():
        delete_record(transaction, deletion.document_id)
        delete_draft(transaction, deletion.draft_id)
    return frozenset(gone)


def _find(document_id: str, services: Services) -> Record:
    with services.database.reading() as transaction:
        return find_record(transaction, document_id)


def _promised(document_id: str, services: Services) -> date | None:
    """Return until when a paper is kept by its own record: that outlasts a store that lost the day."""
    with suppress(UnknownDocument):
        return _find(document_id, services).kept_until
    return None


def _begun(transaction: Transaction, document_id: str, services: Services) -> Deletion | None:
    """Return the deletion that an earlier try took out of the database and left in the store."""
    if not was_deleted(transaction, document_id):
        return None
    try:
        deletion = from_json(Deletion, services.archive.load_entry(DELETED, document_id))
    except ObjectMissing:
        return None
    return deletion if _is_left(deletion, services) else None


def _begin(transaction: Transaction, document_id: str, reason: str, services: Services) -> Deletion:
    """Keep what will be left of a paper, and take it out of the database."""
    record = find_record(transaction, document_id)
    deletion = _deletion(transaction, record, reason.strip(), services)
    now = services.clock()
    for grant in list_grants(transaction, document_id=document_id, limit=100_000):
        if grant.revoked_at is None:
            revoke_one(transaction, grant, services, now=now)
    forget_paper(transaction, record, at=now)
    detail = deletion.entry.register_number if deletion.entry is not None else ""
    append_log(transaction, access(services, "delete", record, purpose=deletion.reason, detail=detail), now=now)
    return deletion


def _deletion(transaction: Transaction, record: Record, reason: str, services: Services) -> Deletion:
    """Return what is left of a paper, after it is stored; what an earlier try stored counts."""
    archive = services.archive
    try:
        return from_json(Deletion, archive.load_entry(DELETED, record.id))
    except ObjectMissing:
        pass
    try:
        source = from_json(Draft, archive.load_draft(record.draft_id)).source_sha256
    except ObjectMissing:
        source = ""
    deletion = Deletion(
        document_id=record.id,
        draft_id=record.draft_id,
        status_index=record.status_index,
        entry=find_entry_of_draft(transaction, record.draft_id) if record.register_number else None,
        sha256=record.sha256,
        root=archive.locate(paper_address(record)),
        source_sha256=source,
        at=services.clock(),
        by=services.user,
        reason=reason,
    )
    archive.store_entry(DELETED, record.id, to_json(deletion).encode())
    return deletion


def _remove(deletion: Deletion, services: Services) -> None:
    """Delete source, draft and paper from the store; the paper goes last, for it tells that something is left."""
    archive = services.archive
    archive.require_deletable(deletion.document_id)
    if deletion.source_sha256:
        with services.database.reading() as transaction:
            others = find_drafts_by_source(transaction, deletion.source_sha256)
        if not any(draft.id != deletion.draft_id for draft in others):
            archive.remove_source(deletion.source_sha256)
    if deletion.draft_id:
        archive.remove_draft(deletion.draft_id)
    if _is_left(deletion, services):
        archive.remove_paper(_paper(deletion))


def _is_left(deletion: Deletion, services: Services) -> bool:
    """Return whether the paper is still in the store."""
    return bool(deletion.root) and services.archive.has_paper(_paper(deletion))


def _paper(deletion: Deletion) -> StoredPaper:
    return StoredPaper(document_id=deletion.document_id, root=deletion.root)

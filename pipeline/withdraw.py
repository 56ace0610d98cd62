"""Withdraw: a certified paper no longer holds; its object says so first, then the index and the status list."""

from dataclasses import replace

from domain.errors import NotReady
from domain.models import Record, RecordState
from pipeline.certify import paper_address
from pipeline.journal import access, logged
from pipeline.serial import from_json, to_json
from pipeline.services import Services
from pipeline.status import publish_status
from storage.access_log import append_log
from storage.index import find_record, save_state
from storage.ocfl_inventory import VersionNote
from storage.papers import METADATA
from storage.validity import list_successors

_FINAL = (RecordState.WITHDRAWN, RecordState.SUPERSEDED)


def withdraw(document_id: str, reason: str, services: Services, *, superseded_by: str = "") -> Record:
    """Return the record of a paper after it was withdrawn, or superseded by another record.

    Saying the same again changes nothing.

    Raises:
        UnknownDocument: There is no such record, or no such successor.
        NotReady: No reason is given, or it no longer holds for another reason.
        StorageError: It could not be stored.
    """
    if not reason.strip() and not superseded_by:
        raise NotReady("Xin ghi lý do thu hồi (--reason).")
    with services.database.reading() as transaction:
        record = find_record(transaction, document_id)
        if superseded_by:
            find_record(transaction, superseded_by)
    state = RecordState.SUPERSEDED if superseded_by else RecordState.WITHDRAWN
    if record.state in _FINAL:
        if (record.state, record.superseded_by) == (state, superseded_by):
            return record
        raise NotReady(f"Giấy tờ {document_id} đã hết hiệu lực từ trước ({record.state_reason}); không đổi nữa.")
    if superseded_by == document_id:
        raise NotReady("Một giấy tờ không thể thay thế chính nó; kiểm tra lại mã bản mới.")
    changed = replace(
        record, state=state, state_reason=reason.strip(), state_at=services.clock(), superseded_by=superseded_by
    )
    with logged(services) as transaction:
        chain = list_successors(transaction, superseded_by) if superseded_by else ()
        if any(later.id == document_id for later in chain):
            raise NotReady("Hai giấy tờ không thể thay thế lẫn nhau; kiểm tra lại mã bản mới.")
        changed = keep_state(changed, services)
        save_state(transaction, changed)
        entry = access(services, "withdraw", changed, purpose=changed.state_reason, detail=state.value)
        append_log(transaction, entry, now=services.clock())
    publish_status(services)
    return changed


def keep_state(record: Record, services: Services) -> Record:
    """Store the state of a record as a new version of its paper, and return what the store says then.

    Where an earlier try stored this state and died before indexing it, that version counts.

    Raises:
        StorageError: It could not be stored.
    """
    address = paper_address(record)
    stored = from_json(Record, services.archive.read_paper(address, METADATA))
    if (stored.state, stored.superseded_by) == (record.state, record.superseded_by):
        return stored
    note = VersionNote(message=record.state.value, user=services.user, at=services.clock())
    services.archive.append_version(address, {METADATA: to_json(record).encode()}, note)
    return record

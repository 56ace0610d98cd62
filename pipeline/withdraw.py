"""Withdraw: a certified paper no longer holds; its object says so first, then the index and the status list."""

from dataclasses import replace

from domain.errors import NotReady
from domain.models import Record, RecordState
from pipeline.certify import paper_address
from pipeline.serial import from_json, to_json
from pipeline.services import Services
from pipeline.status import publish_status
from storage.index import find_record, save_state
from storage.ocfl_inventory import VersionNote
from storage.papers import METADATA

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
    _store_state(changed, services)
    publish_status(services)
    return changed


def _store_state(record: Record, services: Services) -> None:
    address = paper_address(record)
    stored = from_json(Record, services.archive.read_paper(address, METADATA))
    if (stored.state, stored.superseded_by) != (record.state, record.superseded_by):
        note = VersionNote(message=record.state.value, user=services.user, at=services.clock())
        services.archive.append_version(address, {METADATA: to_json(record).encode()}, note)
    else:
        record = stored  # an earlier try stored it and died before indexing it
    with services.database.transaction() as transaction:
        save_state(transaction, record)

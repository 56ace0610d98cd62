"""Whether papers hold: states, the turn of the day, and the chain of successors."""

from dataclasses import replace
from datetime import date, datetime
from typing import Final

from sqlalchemy import select

from domain.errors import NotReady
from domain.models import Record, RecordState
from storage.database import Transaction
from storage.index import find_record, read_record, save_state
from storage.tables import records

_FINAL: Final = {RecordState.WITHDRAWN, RecordState.SUPERSEDED}
"""What is withdrawn or superseded stays so."""


def change_state(
    transaction: Transaction,
    document_id: str,
    state: RecordState,
    reason: str,
    *,
    now: datetime,
    superseded_by: str = "",
) -> Record:
    """Change the state of a paper and return its record; the same change again changes nothing.

    Raises:
        NotReady: no reason, the paper is withdrawn or superseded already, or the successor is missing or not usable.
        UnknownDocument: there is no such paper or no such successor.
    """
    record = find_record(transaction, document_id)
    if record.state is state and record.superseded_by == superseded_by:
        return record
    if not reason.strip():
        raise NotReady("Xin vui lòng ghi lý do thay đổi hiệu lực của giấy tờ.")
    if record.state in _FINAL:
        raise NotReady(f"Giấy tờ {document_id} đã bị thu hồi hoặc thay thế. Không thể đổi lại hiệu lực.")
    if (state is RecordState.SUPERSEDED) != bool(superseded_by):
        raise NotReady("Xin vui lòng nêu mã giấy tờ thay thế, và chỉ nêu khi giấy tờ bị thay thế.")
    if superseded_by:
        chain = list_successors(transaction, superseded_by)
        if document_id == superseded_by or any(later.id == document_id for later in chain):
            raise NotReady("Hai giấy tờ không thể thay thế lẫn nhau. Xin vui lòng kiểm tra lại mã giấy tờ thay thế.")
    changed = replace(record, state=state, state_reason=reason.strip(), state_at=now, superseded_by=superseded_by)
    save_state(transaction, changed)
    return changed


def turn_over(transaction: Transaction, *, today: date, now: datetime, limit: int = 10_000) -> tuple[Record, ...]:
    """Turn the papers whose last day is past from in force to expired; return them as they are now.

    Suspended papers keep their state until somebody decides. To be run every day and after a rebuild of the index;
    where exactly `limit` papers come back, there may be more.
    """
    c = records.c
    over = (c.state == RecordState.IN_FORCE.value) & (c.valid_until < today)
    rows = transaction.execute(select(records).where(over).order_by(c.valid_until, c.id).limit(limit)).all()
    turned = tuple(
        replace(read_record(row), state=RecordState.EXPIRED, state_reason="expired", state_at=now) for row in rows
    )
    for record in turned:
        save_state(transaction, record)
    return turned


def resume(transaction: Transaction, document_id: str, reason: str, *, today: date, now: datetime) -> Record:
    """End the suspension of a paper: it is in force again, or expired if its last day passed meanwhile.

    Raises:
        NotReady: the paper is not suspended, or no reason is given.
        UnknownDocument: there is no such paper.
    """
    record = find_record(transaction, document_id)
    if record.state is not RecordState.SUSPENDED:
        raise NotReady(f"Giấy tờ {document_id} không ở trạng thái tạm dừng. Xin vui lòng kiểm tra lại mã.")
    over = record.valid_until is not None and record.valid_until < today
    state = RecordState.EXPIRED if over else RecordState.IN_FORCE
    return change_state(transaction, document_id, state, reason, now=now)


def state_on(record: Record, day: date) -> RecordState:
    """Return the state of a paper as it shows on a day, also before `turn_over` has run."""
    over = record.valid_until is not None and record.valid_until < day
    return RecordState.EXPIRED if over and record.state is RecordState.IN_FORCE else record.state


def list_successors(transaction: Transaction, document_id: str) -> tuple[Record, ...]:
    """Return the papers that replaced this one, one after the other; the last is the one to use.

    Raises:
        UnknownDocument: a paper of the chain is not in the index.
    """
    chain: dict[str, Record] = {}
    following = find_record(transaction, document_id).superseded_by
    while following and following not in chain and following != document_id:
        chain[following] = find_record(transaction, following)
        following = chain[following].superseded_by
    return tuple(chain.values())


def list_predecessors(transaction: Transaction, document_id: str) -> tuple[Record, ...]:
    """Return the papers that this one replaced directly."""
    query = select(records).where(records.c.superseded_by == document_id).order_by(records.c.certified_at)
    return tuple(read_record(row) for row in transaction.execute(query))

"""Validity: papers whose last day is past expire; papers under doubt are suspended and resumed."""

from collections.abc import Callable, Iterator

from domain.models import Record, RecordState
from pipeline.deletion import finish_deletions
from pipeline.journal import access, logged
from pipeline.services import Services
from pipeline.status import publish_status
from pipeline.withdraw import keep_state
from storage.access_log import append_log
from storage.database import Transaction
from storage.index import find_record, save_state
from storage.validity import change_state, turn_over
from storage.validity import resume as resume_record

_AT_ONCE = 100
"""Papers that are turned in one transaction."""


def turn(services: Services) -> Iterator[Record]:
    """Yield the papers that expired since the last turn, as they are now; to be run every day.

    Deletions that were begun by a process that died are finished too. Suspended papers keep their state until
    somebody decides.

    Raises:
        StorageError: A paper could not be stored; those that were yielded are.
    """
    finish_deletions(services)
    today = services.clock().astimezone(services.zone).date()
    turned = 0
    while True:
        with logged(services) as transaction:
            over = turn_over(transaction, today=today, now=services.clock(), limit=_AT_ONCE)
            kept = [_keep(transaction, record, "expire", services) for record in over]
        turned += len(kept)
        yield from kept
        if len(kept) < _AT_ONCE:
            break
    if turned:
        publish_status(services)


def suspend(document_id: str, reason: str, services: Services) -> Record:
    """Return the record of a paper that is under verification from now on.

    Raises:
        NotReady: No reason is given, or it is withdrawn or superseded.
        UnknownDocument: There is no such paper.
        StorageError: It could not be stored.
    """

    def change(transaction: Transaction) -> Record:
        now = services.clock()
        return change_state(transaction, document_id, RecordState.SUSPENDED, reason, now=now)

    return _change(document_id, "suspend", change, services)


def resume(document_id: str, reason: str, services: Services) -> Record:
    """Return the record of a paper whose verification is over: in force, or expired meanwhile.

    Raises:
        NotReady: It is not under verification, or no reason is given.
        UnknownDocument: There is no such paper.
        StorageError: It could not be stored.
    """

    def change(transaction: Transaction) -> Record:
        now = services.clock()
        return resume_record(transaction, document_id, reason, today=now.astimezone(services.zone).date(), now=now)

    return _change(document_id, "resume", change, services)


def _change(document_id: str, action: str, change: Callable[[Transaction], Record], services: Services) -> Record:
    with logged(services) as transaction:
        before = find_record(transaction, document_id)
        record = change(transaction)
        if record == before:
            return record
        record = _keep(transaction, record, action, services)
    publish_status(services)
    return record


def _keep(transaction: Transaction, record: Record, action: str, services: Services) -> Record:
    """Store a changed state before it is committed to the index."""
    kept = keep_state(record, services)
    save_state(transaction, kept)
    append_log(transaction, access(services, action, kept, detail=kept.state.value), now=services.clock())
    return kept

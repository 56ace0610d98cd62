"""The journal: what the database alone would know goes into the store first, as entries that are written once."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from domain.errors import ObjectMissing, StorageError, StoreUnavailable
from domain.models import Record
from pipeline.events import finish
from pipeline.services import Services
from storage.access_log import Access, append_log, export_log, list_log, lock_log, log_size, restore_log
from storage.database import Transaction
from storage.restore import restore_uses

LOG = "access-log"
"""The book of the store that keeps the entries of the access log, each under its number."""


@contextmanager
def logged(services: Services) -> Iterator[Transaction]:
    """Open a transaction whose entries in the access log are stored before it is committed.

    Where an earlier process stored an entry and died before its commit, that entry counts: it is put into the
    database first, together with what it tells of.

    Raises:
        StorageError: The store or the database cannot be written; nothing of the block is kept.
    """
    with services.database.transaction() as transaction:
        lock_log(transaction)
        first = _catch_up(transaction, services)
        yield transaction
        for number, line in enumerate(export_log(transaction, first), first):
            services.archive.store_entry(LOG, log_name(number), line.encode())


def log_name(number: int) -> str:
    """Return under which name the store keeps an entry of the log."""
    return f"{number:012d}"


def access(services: Services, action: str, record: Record | None = None, **more: str) -> Access:
    """Return what the user of these services does, for the log: with a record, about its paper and owner."""
    about = {} if record is None else {"document_id": record.id, "owner_id": record.filing.owner_id}
    who = {"actor": services.user, "office": services.settings.office.unit, "action": action}
    return Access(**{**who, **about, **more})


def log_accesses(services: Services, accesses: Sequence[Access]) -> None:
    """Add entries to the access log; what they tell of may be done only after this.

    Raises:
        StorageError: They could not be kept.
    """
    with logged(services) as transaction:
        for each in accesses:
            append_log(transaction, each, now=services.clock())


def log_looks(services: Services, accesses: Sequence[Access]) -> None:
    """Add what somebody is about to see to the access log.

    Raises:
        StoreUnavailable: It could not be kept; then nothing may be shown.
    """
    try:
        log_accesses(services, accesses)
    except StorageError as e:
        raise StoreUnavailable(
            f"Không ghi được nhật ký truy cập nên không cho xem giấy tờ của ai ({str(e).rstrip('.')}). "
            "Tra cứu công khai (`sohoa verify`) vẫn dùng được."
        ) from e


def _catch_up(transaction: Transaction, services: Services) -> int:
    """Restore the entries that stand in the store only, and return how many there are now."""
    known = size = log_size(transaction)
    while True:
        try:
            line = services.archive.load_entry(LOG, log_name(size))
        except ObjectMissing:
            break
        restore_log(transaction, [line.decode()])
        finish(transaction, list_log(transaction, limit=1)[0], services)
        size += 1
    if size > known:
        restore_uses(transaction)
    return size

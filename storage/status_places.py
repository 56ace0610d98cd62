"""Places in the status list: random, one to a document, and the numbers of the published lists."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from domain.models import RecordState
from storage.database import Transaction, insert_missing
from storage.tables import records, status_lists, status_places


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedList:
    """A status list that was published."""

    number: int
    """From 1, without gap."""
    issued_at: datetime
    content: bytes
    """The signed list."""


def reserve_status_index(
    transaction: Transaction, draft_id: str, *, draw: Callable[[int], int], capacity: int = 1 << 20
) -> int:
    """Return a place that no other document has, drawn at random; a draft that has one gets the same again.

    Places come from as many ranges of `capacity` as are needed. A range is left when four draws in a row hit taken
    places, i.e. when it is about half full: so neighbors stay unrelated and a draw stays cheap.

    Args:
        draw: Returns a random number from 0 up to, without, its argument; `secrets.randbelow`.
    """
    own = select(status_places.c.status_index).filter_by(draft_id=draft_id)
    held: int | None = transaction.execute(own).scalar()
    first = max(count_places(transaction) - 1, 0) // capacity * capacity
    attempts = 0
    while held is None:
        place = {"status_index": first + draw(capacity), "draft_id": draft_id}
        insert_missing(transaction, status_places, [place])
        held = transaction.execute(own).scalar()
        attempts += 1
        if attempts % 4 == 0:
            first += capacity
    return held


def restore_status_place(transaction: Transaction, status_index: int, draft_id: str) -> None:
    """Record whose place it is or was, so that no other document gets it."""
    insert_missing(transaction, status_places, [{"status_index": status_index, "draft_id": draft_id}])


def holder_of_place(transaction: Transaction, status_index: int) -> str | None:
    """Return the draft whose place it is, None where nobody has it."""
    query = select(status_places.c.draft_id).filter_by(status_index=status_index)
    held: str | None = transaction.execute(query).scalar()
    return held


def list_states(transaction: Transaction) -> dict[int, RecordState]:
    """Return by place the state of every record that is not in force: what a status list says."""
    query = select(records.c.status_index, records.c.state).where(records.c.state != RecordState.IN_FORCE.value)
    return {place: RecordState(state) for place, state in transaction.execute(query)}


def count_places(transaction: Transaction) -> int:
    """Return one more than the highest place that is in use: how long the status list must be at least."""
    highest: int | None = transaction.execute(select(func.max(status_places.c.status_index))).scalar()
    return 0 if highest is None else highest + 1


def publish_status_list(transaction: Transaction, build: Callable[[int], bytes], *, now: datetime) -> PublishedList:
    """Give the next list its number, have it built and signed, and keep it as the current one."""
    latest: int | None = transaction.execute(select(func.max(status_lists.c.number))).scalar()
    published = PublishedList(number=(latest or 0) + 1, issued_at=now, content=build((latest or 0) + 1))
    restore_status_list(transaction, published)
    return published


def restore_status_list(transaction: Transaction, published: PublishedList) -> None:
    """Record a published list, e.g. one read from the store."""
    row = {"number": published.number, "issued_at": published.issued_at, "content": published.content}
    insert_missing(transaction, status_lists, [row])


def current_status_list(transaction: Transaction) -> PublishedList | None:
    """Return the list that was published last, None if there is none yet."""
    query = select(status_lists).order_by(status_lists.c.number.desc()).limit(1)
    row = transaction.execute(query).one_or_none()
    return None if row is None else PublishedList(**row._mapping)

"""Restore: what the store keeps beside the papers goes back into the database: log, grants, owners, reuses."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from domain.errors import InputError, ObjectCorrupt, ObjectMissing
from pipeline.access import HEADS, read_head
from pipeline.events import (
    CATALOG,
    DOSSIERS,
    GRANTS,
    OWNERS,
    REUSES,
    CatalogEvent,
    DossierEvent,
    OwnerEvent,
    ReuseEvent,
    apply_catalog,
    apply_reuse,
    counts,
    replay_owner_event,
    told_steps,
)
from pipeline.journal import LOG
from pipeline.serial import from_json
from pipeline.services import Services
from storage.catalog import clear_catalog
from storage.database import Transaction
from storage.dossiers import save_told
from storage.grants import Grant, restore_grant
from storage.restore import clear_sharing, replace_log, restore_head, restore_uses

V = TypeVar("V")


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What came back."""

    entries: int
    """Of the access log."""
    grants: int
    owners: int
    """Entries about owners: registrations, numbers, links, closings."""
    reuses: int
    changed: tuple[str, ...]
    """`access-log`, where the database said something else."""
    damaged: tuple[str, ...]
    """Entries that cannot be read, as book and name."""


def restore_journals(transaction: Transaction, services: Services) -> Restored:
    """Put back what the books of the store keep; what is damaged there is named and left out."""
    damaged: list[str] = []
    clear_sharing(transaction)
    lines = [data.decode() for _, data in _entries(LOG, services, damaged)]
    changed: tuple[str, ...] = ()
    try:
        changed = (LOG,) if replace_log(transaction, lines) else ()
    except ObjectCorrupt:
        damaged.append(LOG)
    for _, data in _entries(HEADS, services, damaged):
        restore_head(transaction, read_head(data))
    # Where the log itself is damaged, its lines cannot say which events count: then all of them do.
    told = transaction if LOG not in damaged else None
    steps = told_steps(transaction)
    grants: dict[str, Grant] = {}
    for name, data in _entries(GRANTS, services, damaged):
        if told is None or name in steps:
            with _named(GRANTS, damaged):
                grants[name.partition("-")[0]] = from_json(Grant, data)
    for grant in grants.values():
        restore_grant(transaction, grant)
    restore_uses(transaction)
    owners = 0
    for event in _values(OwnerEvent, OWNERS, services, damaged, told):
        owners += 1
        try:
            replay_owner_event(transaction, event)
        except InputError:
            damaged.append(f"{OWNERS}/{event.at.isoformat()}")
    clear_catalog(transaction)
    for loaded in _values(CatalogEvent, CATALOG, services, damaged, told):
        apply_catalog(transaction, loaded)
    for dossiers in _values(DossierEvent, DOSSIERS, services, damaged, told):
        save_told(transaction, dossiers.dossiers)
    reuses = 0
    for reuse in _values(ReuseEvent, REUSES, services, damaged, told):
        apply_reuse(transaction, reuse)
        reuses += 1
    return Restored(
        entries=len(lines),
        grants=len(grants),
        owners=owners,
        reuses=reuses,
        changed=changed,
        damaged=tuple(damaged),
    )


def _values(
    kind: type[V], book: str, services: Services, damaged: list[str], told: Transaction | None = None
) -> Iterator[V]:
    """Yield the values of a book; with a transaction, only those that the log there tells of."""
    for name, data in _entries(book, services, damaged):
        if told is None or counts(told, name):
            with _named(book, damaged):
                yield from_json(kind, data)


@contextmanager
def _named(book: str, damaged: list[str]) -> Iterator[None]:
    """Name a book one of whose entries cannot be read, and go on."""
    try:
        yield
    except ObjectCorrupt:
        damaged.append(book)


def _entries(book: str, services: Services, damaged: list[str]) -> Iterator[tuple[str, bytes]]:
    """Yield the entries of a book in the order of their names, each with its name."""
    for name in services.archive.entry_names(book):
        try:
            yield name, services.archive.load_entry(book, name)
        except (ObjectCorrupt, ObjectMissing):
            damaged.append(f"{book}/{name}")

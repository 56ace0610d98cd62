"""Register numbers are kept in the store before they are given, so that none is forgotten or given twice."""

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from domain.errors import ObjectCorrupt, ObjectExists, ObjectMissing
from pipeline.serial import from_json, to_json
from pipeline.services import Services
from storage.database import Transaction
from storage.register import Application, Book, EntryState, RegisterEntry, open_book, reserve_number
from storage.register_restore import restore_entries, restore_volume

RESERVED = "register-reserved"
"""The book of the store that keeps every number as it was given, whatever became of it."""
VOIDED = "register-voided"
"""The book of the store that keeps voided numbers."""
VOLUMES = "register-volumes"
"""The book of the store that keeps when each further volume was begun."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """The beginning of a further volume of a year's books."""

    unit: str
    year: int
    act: str
    volume: int
    at: datetime


def give_number(
    transaction: Transaction, book: Book, application: Application, services: Services, *, now: datetime
) -> RegisterEntry:
    """Return the line of a draft in the register; its number is in the store before the transaction is committed.

    Where the store has given the number to another draft, whose process died before its commit or whose line is in no
    older copy of the database, that line counts and the draft gets the next number.

    Raises:
        NotReady: The year is closed.
        StorageError: It could not be kept; then no number is given.
    """
    while True:
        entry = reserve_number(transaction, book, application, now=now)
        try:
            services.archive.store_entry(RESERVED, _reserved_name(entry), to_json(entry).encode())
        except ObjectExists:
            earlier = _earlier(entry, services)
            restore_entries(transaction, [earlier])
            if earlier.application.draft_id == application.draft_id and earlier.state is EntryState.RESERVED:
                return earlier
        else:
            return entry


def entry_name(entry: RegisterEntry) -> str:
    """Return under which name the book of voided lines keeps a line."""
    return f"{entry.unit}.{entry.year}.{entry.act}.{entry.number:06d}"


def stored_reservations(services: Services, damaged: list[str]) -> Iterator[RegisterEntry]:
    """Yield the lines as they were when their numbers were given, in the order of the numbers.

    Args:
        damaged: Is told the entries that cannot be read, as book and name.
    """
    for name in services.archive.entry_names(RESERVED):
        try:
            yield from_json(RegisterEntry, services.archive.load_entry(RESERVED, name))
        except (ObjectCorrupt, ObjectMissing):
            damaged.append(f"{RESERVED}/{name}")


def keep_volume(book: Book, services: Services, *, now: datetime) -> None:
    """Keep in the store that a volume is begun; a second time is no change."""
    begun = Volume(unit=book.unit, year=book.year, act=book.act, volume=book.volume, at=now)
    name = f"{book.unit}.{book.year}.{book.act}.{book.volume:03d}"
    with suppress(ObjectExists):
        services.archive.store_entry(VOLUMES, name, to_json(begun).encode())


def restore_volumes(transaction: Transaction, services: Services) -> None:
    """Write in the volumes that the store says were begun.

    Raises:
        ObjectCorrupt: An entry was changed.
    """
    for data in services.archive.iterate_entries(VOLUMES):
        begun = from_json(Volume, data)
        book = open_book(transaction, unit=begun.unit, year=begun.year, act=begun.act, now=begun.at)
        restore_volume(transaction, book, begun.volume)


def _earlier(entry: RegisterEntry, services: Services) -> RegisterEntry:
    """Return what the store says of a number that it gave before."""
    with suppress(ObjectMissing):
        return from_json(RegisterEntry, services.archive.load_entry(VOIDED, entry_name(entry)))
    return from_json(RegisterEntry, services.archive.load_entry(RESERVED, _reserved_name(entry)))


def _reserved_name(entry: RegisterEntry) -> str:
    """Return a name that is a key as it stands, so that lists of names can be read one by one."""
    books = hashlib.sha256(f"{entry.unit}\n{entry.year}\n{entry.act}".encode()).hexdigest()[:20]
    return f"{books}-{entry.number:06d}"

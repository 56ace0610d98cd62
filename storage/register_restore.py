"""Putting back into the register what the store keeps of it: lines, volumes, closings."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from storage.database import Transaction, insert_missing, upsert_many
from storage.register import Book, RegisterEntry, entry_row, lock_book, open_book
from storage.tables import register_books, register_entries


def restore_closing(transaction: Transaction, book: Book, *, closed_by: str, closed_at: datetime) -> None:
    """Close the books again that the store says were closed, whatever became of their lines since."""
    transaction.execute(update(register_books).filter_by(id=book.id).values(closed_at=closed_at, closed_by=closed_by))


def restore_volume(transaction: Transaction, book: Book, volume: int) -> None:
    """Write in this volume, if it is a later one than the register knows of."""
    c = register_books.c
    transaction.execute(update(register_books).where(c.id == book.id, c.volume < volume).values(volume=volume))


def restore_entries(transaction: Transaction, entries: Iterable[RegisterEntry], *, only_missing: bool = False) -> int:
    """Put lines back that were read from the store, e.g. by `reindex`; return how many.

    A line replaces what the register has of the same number, and the next number comes after all of them.

    Args:
        only_missing: Leave the lines that the register has as they are.
    """
    books: dict[tuple[str, int, str], Book] = {}
    rows: list[dict[str, Any]] = []
    for entry in entries:
        key = (entry.unit, entry.year, entry.act)
        if key not in books:
            books[key] = open_book(transaction, unit=entry.unit, year=entry.year, act=entry.act, now=entry.reserved_at)
        rows.append({**entry_row(entry), "book_id": books[key].id})
    if only_missing:
        insert_missing(transaction, register_entries, rows)
    else:
        upsert_many(transaction, register_entries, rows, keys=["book_id", "number"])
    for book in books.values():
        _catch_up(transaction, book)
    return len(rows)


def _catch_up(transaction: Transaction, book: Book) -> None:
    c = register_entries.c
    locked = lock_book(transaction, book)
    number, volume = transaction.execute(
        select(func.max(c.number), func.max(c.volume)).filter_by(book_id=book.id)
    ).one()
    values = {"last_number": max(locked.last_number, number or 0), "volume": max(locked.volume, volume or 1)}
    transaction.execute(update(register_books).filter_by(id=book.id).values(values))

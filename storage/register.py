"""The register of certifications (sổ chứng thực): books, and numbers without gap and never twice."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, func, select, update

from domain.errors import NotReady, UnknownDocument
from storage.database import Transaction, insert_missing
from storage.tables import register_books, register_entries


class EntryState(StrEnum):
    """What became of a number."""

    RESERVED = "reserved"
    """Given to a draft that is being certified."""
    ISSUED = "issued"
    VOIDED = "voided"
    """Stays visible with its reason; never given again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """The books of one unit, year and kind of act; their numbers run on from volume to volume."""

    id: int
    unit: str
    year: int
    act: str
    """Sign of the act with the books' suffix, e.g. `SCTĐT/BS`."""
    volume: int
    """Number of the volume that is written in now, from 1."""
    last_number: int
    """0 in an empty book."""
    opened_at: datetime
    closed_at: datetime | None = None
    closed_by: str = ""

    @property
    def name(self) -> str:
        """As printed after "Quyển số": `01/2026-SCTĐT/BS`."""
        return f"{self.volume:02d}/{self.year}-{self.act}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """What the register says of one certification."""

    draft_id: str
    requester: str
    """Who asked for it."""
    requester_id: str = ""
    """Number of their identity paper."""
    title: str
    """Name of the paper that is certified."""
    certifier: str
    """Name and title of the one who signs."""
    copies: int = 1
    """Copies of the same original at the same time share one number."""
    pages: int = 0
    fee: int = 0
    """In đồng."""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterEntry:
    """A line of the register."""

    book_id: int
    unit: str
    year: int
    act: str
    number: int
    """From 1, without gap in the year."""
    volume: int
    state: EntryState
    application: Application
    document_id: str = ""
    """Of the certified copy, once it is issued."""
    reserved_at: datetime
    issued_at: datetime | None = None
    voided_at: datetime | None = None
    void_reason: str = ""

    @property
    def register_number(self) -> str:
        """As printed: `05/2026-SCTĐT/BS`."""
        return f"{self.number:02d}/{self.year}-{self.act}"

    @property
    def book_name(self) -> str:
        """As printed after "Quyển số": `01/2026-SCTĐT/BS`."""
        return f"{self.volume:02d}/{self.year}-{self.act}"


@dataclass(frozen=True, slots=True, kw_only=True)
class BookTotals:
    """The totals of a year's books."""

    numbers: int
    reserved: int
    issued: int
    voided: int
    copies: int
    """Of the issued numbers."""
    pages: int
    fee: int
    """In đồng."""
    missing: tuple[int, ...] = field(default=())
    """Numbers without a line: none, unless lines were lost outside of this program."""


def open_book(transaction: Transaction, *, unit: str, year: int, act: str, now: datetime) -> Book:
    """Return the books of a unit, year and act; the first call opens them."""
    row = {"unit": unit, "year": year, "act": act, "volume": 1, "last_number": 0, "opened_at": now, "closed_by": ""}
    insert_missing(transaction, register_books, [row])
    query = select(register_books).filter_by(unit=unit, year=year, act=act)
    return Book(**transaction.execute(query).one()._mapping)


def find_book(transaction: Transaction, book_id: int) -> Book:
    """Return a book.

    Raises:
        UnknownDocument: there is none with this identifier.
    """
    row = transaction.execute(select(register_books).filter_by(id=book_id)).one_or_none()
    if row is None:
        raise UnknownDocument("Không có quyển sổ chứng thực này. Xin vui lòng xem lại danh sách sổ.")
    return Book(**row._mapping)


def list_books(transaction: Transaction, *, unit: str = "", year: int = 0) -> tuple[Book, ...]:
    """Return the books of a unit or of all, of a year or of all, newest year first."""
    query = select(register_books)
    if unit:
        query = query.filter_by(unit=unit)
    if year:
        query = query.filter_by(year=year)
    order = (register_books.c.year.desc(), register_books.c.unit, register_books.c.act)
    return tuple(Book(**row._mapping) for row in transaction.execute(query.order_by(*order)))


def start_volume(transaction: Transaction, book: Book) -> Book:
    """Begin the next volume of the year, e.g. where the printed one is full; the numbers run on.

    Raises:
        NotReady: the year is closed.
    """
    _lock_open_book(transaction, book)
    volume = register_books.c.volume
    transaction.execute(update(register_books).filter_by(id=book.id).values(volume=volume + 1))
    return find_book(transaction, book.id)


def reserve_number(transaction: Transaction, book: Book, application: Application, *, now: datetime) -> RegisterEntry:
    """Give the next number to a draft; a draft that already has a number gets the same again.

    The number is kept when the transaction is committed: rolled back, the next draft gets it.

    Raises:
        NotReady: the year is closed.
    """
    held = register_entries.c.state != EntryState.VOIDED
    query = select(register_entries).filter_by(book_id=book.id, draft_id=application.draft_id).where(held)
    locked = _lock_open_book(transaction, book)
    row = transaction.execute(query).one_or_none()
    if row is not None:
        return _entry(row, locked)
    number = locked.last_number + 1
    transaction.execute(update(register_books).filter_by(id=book.id).values(last_number=number))
    entry = _new_entry(locked, number, application, now=now)
    insert_missing(transaction, register_entries, [entry_row(entry)])
    return entry


def _new_entry(book: Book, number: int, application: Application, *, now: datetime) -> RegisterEntry:
    return RegisterEntry(
        book_id=book.id,
        unit=book.unit,
        year=book.year,
        act=book.act,
        number=number,
        volume=book.volume,
        state=EntryState.RESERVED,
        application=application,
        reserved_at=now,
    )


def issue(transaction: Transaction, entry: RegisterEntry, document_id: str, *, now: datetime) -> RegisterEntry:
    """Record that the number's copy was issued; the same document may be told again.

    Raises:
        NotReady: the number is voided, or belongs to another document.
    """
    stored = _locked_entry(transaction, entry)
    if stored.state is EntryState.ISSUED and stored.document_id == document_id:
        return stored
    if stored.state is not EntryState.RESERVED:
        raise NotReady(f"Số chứng thực {entry.register_number} đã dùng hoặc đã hủy. Xin vui lòng lấy số mới.")
    return _change(
        transaction, stored, {"state": EntryState.ISSUED.value, "document_id": document_id, "issued_at": now}
    )


def void(transaction: Transaction, entry: RegisterEntry, reason: str, *, now: datetime) -> RegisterEntry:
    """Void a number: it stays in the register with the reason and is never given again.

    Raises:
        NotReady: no reason is given, or the copy was issued (then the copy is to be withdrawn).
    """
    if not reason.strip():
        raise NotReady("Xin vui lòng ghi lý do hủy số chứng thực.")
    stored = _locked_entry(transaction, entry)
    if stored.state is EntryState.VOIDED:
        return stored
    if stored.state is EntryState.ISSUED:
        raise NotReady(
            f"Số chứng thực {entry.register_number} đã cấp bản sao. Xin vui lòng thu hồi bản sao thay vì hủy số."
        )
    return _change(
        transaction, stored, {"state": EntryState.VOIDED.value, "void_reason": reason.strip(), "voided_at": now}
    )


def void_missing(transaction: Transaction, book: Book, number: int, reason: str, *, now: datetime) -> RegisterEntry:
    """Explain a number that has no line, e.g. one that was lost with an old database: it is entered as voided.

    Raises:
        NotReady: no reason is given.
        UnknownDocument: the number was not given yet.
    """
    if not reason.strip():
        raise NotReady("Xin vui lòng ghi lý do hủy số chứng thực.")
    locked = lock_book(transaction, book)
    if not 0 < number <= locked.last_number:
        raise UnknownDocument(f"Sổ {book.name} chưa có số {number}. Xin vui lòng kiểm tra lại số chứng thực.")
    blank = Application(draft_id="", requester="", title="", certifier="", copies=0)
    entry = _new_entry(locked, number, blank, now=now)
    entry = replace(entry, state=EntryState.VOIDED, voided_at=now, void_reason=reason.strip())
    insert_missing(transaction, register_entries, [entry_row(entry)])
    return find_entry(transaction, book, number)


def find_entry(transaction: Transaction, book: Book, number: int) -> RegisterEntry:
    """Return the line with a number.

    Raises:
        UnknownDocument: the number was not given yet.
    """
    row = transaction.execute(select(register_entries).filter_by(book_id=book.id, number=number)).one_or_none()
    if row is None:
        raise UnknownDocument(f"Sổ {book.name} chưa có số {number}. Xin vui lòng kiểm tra lại số chứng thực.")
    return _entry(row, book)


def entry_with_number(transaction: Transaction, *, unit: str, year: int, act: str, number: int) -> RegisterEntry | None:
    """Return the line with a number in the books of a unit, year and act, None where there is none."""
    query = select(register_books).filter_by(unit=unit, year=year, act=act)
    books = [Book(**row._mapping) for row in transaction.execute(query)]
    for book in books:
        row = transaction.execute(select(register_entries).filter_by(book_id=book.id, number=number)).one_or_none()
        return None if row is None else _entry(row, book)
    return None


def find_entry_of_draft(transaction: Transaction, draft_id: str) -> RegisterEntry | None:
    """Return the line that a draft holds in any book, None if it holds no number."""
    held = register_entries.c.state != EntryState.VOIDED
    row = transaction.execute(select(register_entries).filter_by(draft_id=draft_id).where(held)).first()
    return None if row is None else _entry(row, find_book(transaction, row.book_id))


def list_entries(
    transaction: Transaction,
    book: Book,
    *,
    states: Iterable[EntryState] = (),
    after: int = 0,
    limit: int | None = None,
) -> tuple[RegisterEntry, ...]:
    """Return the lines of a book in the order of their numbers, from the one after `after`."""
    query = select(register_entries).filter_by(book_id=book.id).where(register_entries.c.number > after)
    if wanted := [state.value for state in states]:
        query = query.where(register_entries.c.state.in_(wanted))
    rows = transaction.execute(query.order_by(register_entries.c.number).limit(limit))
    return tuple(_entry(row, book) for row in rows)


def count_book(transaction: Transaction, book: Book) -> BookTotals:
    """Return the totals of a book, and the numbers that have no line."""
    c = register_entries.c
    query = (
        select(c.state, func.count(), func.sum(c.copies), func.sum(c.pages), func.sum(c.fee))
        .filter_by(book_id=book.id)
        .group_by(c.state)
    )
    sums = {row[0]: [int(value) for value in row[1:]] for row in transaction.execute(query)}
    count = {state: sums.get(state.value, [0, 0, 0, 0]) for state in EntryState}
    last = find_book(transaction, book.id).last_number
    missing: tuple[int, ...] = ()
    if sum(values[0] for values in count.values()) != last:
        there = set(transaction.execute(select(c.number).filter_by(book_id=book.id)).scalars())
        missing = tuple(number for number in range(1, last + 1) if number not in there)
    issued = count[EntryState.ISSUED]
    return BookTotals(
        numbers=last,
        reserved=count[EntryState.RESERVED][0],
        issued=issued[0],
        voided=count[EntryState.VOIDED][0],
        copies=issued[1],
        pages=issued[2],
        fee=issued[3],
        missing=missing,
    )


def close_book(transaction: Transaction, book: Book, *, closed_by: str, now: datetime) -> BookTotals:
    """Close the year's books and return their totals (NĐ 23/2015 Art. 13); closing again changes nothing.

    Raises:
        NotReady: numbers are reserved and neither issued nor voided, or lines are missing.
    """
    locked = lock_book(transaction, book)
    totals = count_book(transaction, book)
    if totals.reserved:
        raise NotReady(
            f"Sổ {book.name} còn {totals.reserved} số đang giữ chỗ. Xin vui lòng cấp hoặc hủy các số đó rồi khóa sổ."
        )
    if totals.missing:
        raise NotReady(
            f"Sổ {book.name} thiếu dòng số {totals.missing[0]}. Xin vui lòng phục hồi sổ từ kho trước khi khóa sổ."
        )
    if locked.closed_at is None:
        transaction.execute(update(register_books).filter_by(id=book.id).values(closed_at=now, closed_by=closed_by))
    return totals


def lock_book(transaction: Transaction, book: Book) -> Book:
    """Return a book as it stands, and let nobody else change it before this transaction ends."""
    row = transaction.execute(select(register_books).filter_by(id=book.id).with_for_update()).one_or_none()
    return find_book(transaction, book.id) if row is None else Book(**row._mapping)


def _lock_open_book(transaction: Transaction, book: Book) -> Book:
    locked = lock_book(transaction, book)
    if locked.closed_at is not None:
        raise NotReady(f"Sổ {book.name} đã khóa. Xin vui lòng dùng sổ của năm hiện hành.")
    return locked


def _locked_entry(transaction: Transaction, entry: RegisterEntry) -> RegisterEntry:
    query = select(register_entries).filter_by(book_id=entry.book_id, number=entry.number).with_for_update()
    return _entry(transaction.execute(query).one(), find_book(transaction, entry.book_id))


def _change(transaction: Transaction, entry: RegisterEntry, values: dict[str, Any]) -> RegisterEntry:
    place = {"book_id": entry.book_id, "number": entry.number}
    transaction.execute(update(register_entries).filter_by(**place).values(values))
    row = transaction.execute(select(register_entries).filter_by(**place)).one()
    return _entry(row, find_book(transaction, entry.book_id))


def entry_row(entry: RegisterEntry) -> dict[str, Any]:
    """Return a line as a row of the table `register_entries`."""
    return {
        "book_id": entry.book_id,
        "number": entry.number,
        "volume": entry.volume,
        "document_id": entry.document_id,
        "state": entry.state.value,
        "reserved_at": entry.reserved_at,
        "issued_at": entry.issued_at,
        "voided_at": entry.voided_at,
        "void_reason": entry.void_reason,
        **asdict(entry.application),
    }


def _entry(row: Row[Any], book: Book) -> RegisterEntry:
    names = Application.__dataclass_fields__
    application = Application(**{name: row._mapping[name] for name in names})
    rest = {name: value for name, value in row._mapping.items() if name not in names}
    return RegisterEntry(
        **{**rest, "state": EntryState(row.state)},
        unit=book.unit,
        year=book.year,
        act=book.act,
        application=application,
    )

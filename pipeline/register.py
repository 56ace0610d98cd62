"""The register book (sổ chứng thực): listed, printed, totalled, its year closed, a number voided."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from domain.errors import InputError, NotReady, ObjectMissing, UnknownDocument
from domain.models import Draft
from ocr.archive.drawing import Align
from ocr.archive.fonts import open_fonts
from ocr.archive.register_print import RegisterColumn, RegisterPrint, RegisterRow, print_register
from pipeline.desk import uses_demonstration
from pipeline.promise import document_id_of, owner_of
from pipeline.reservation import VOIDED, entry_name, keep_volume
from pipeline.serial import from_json, to_json
from pipeline.services import Services
from pipeline.shelf import load_newest_draft
from storage.database import Transaction
from storage.papers import PaperAddress
from storage.register import (
    Book,
    BookTotals,
    close_book,
    count_book,
    find_entry,
    find_entry_of_draft,
    list_books,
    list_entries,
    open_book,
    start_volume,
    void,
    void_missing,
)
from storage.register import EntryState as EntryState
from storage.register import RegisterEntry as RegisterEntry
from storage.register_restore import restore_closing, restore_entries
from storage.register_sheet import COLUMNS, register_rows, write_register_csv

CLOSED = "register-closed"
"""The book of the store that keeps the closings of years."""

_SHARES = (5.0, 12.5, 8.5, 15.0, 17.0, 12.0, 6.0, 5.0, 8.0, 11.0)
_CENTERED = (0, 2, 6, 7)
_DEMONSTRATION = "SỔ TRÌNH DIỄN – KHÔNG CÓ GIÁ TRỊ PHÁP LÝ"


V = TypeVar("V")


@dataclass(frozen=True, slots=True, kw_only=True)
class BookSummary:
    """A year's books with their totals."""

    book: Book
    totals: BookTotals


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """The closing of a year's books, as the store keeps it."""

    unit: str
    year: int
    act: str
    closed_at: datetime
    closed_by: str
    totals: BookTotals


def summaries(services: Services, *, year: int = 0) -> tuple[BookSummary, ...]:
    """Return the books of this unit with their totals, newest year first; of all years where none is named."""
    with services.database.reading() as transaction:
        books = list_books(transaction, unit=services.settings.office.unit, year=year)
        return tuple(BookSummary(book=book, totals=count_book(transaction, book)) for book in books)


def choose_book(services: Services, *, year: int = 0, act: str = "") -> Book:
    """Return the books of a year and sign; of this year and of certified copies where none is named.

    Raises:
        UnknownDocument: Nothing was entered in such a book.
    """
    year = year or services.clock().astimezone(services.zone).year
    act = act or services.settings.issue.book
    with services.database.reading() as transaction:
        books = list_books(transaction, unit=services.settings.office.unit, year=year)
    for book in books:
        if book.act == act:
            return book
    known = ", ".join(f"{book.year}-{book.act}" for book in books) or "chưa có quyển nào"
    raise UnknownDocument(f"Không có sổ {year}-{act}; trong năm này: {known}.")


def entries_of(book: Book, services: Services) -> tuple[tuple[RegisterEntry, ...], BookTotals]:
    """Return the lines of a book and its totals, as they stand at one moment."""
    with services.database.reading() as transaction:
        return list_entries(transaction, book), count_book(transaction, book)


def register_csv(book: Book, services: Services) -> bytes:
    """Return the register with the columns of the form as CSV that spreadsheets open as it is."""
    entries, totals = entries_of(book, services)
    return write_register_csv(entries, totals).encode()


def register_pdf(book: Book, services: Services) -> bytes:
    """Return the register as it is printed and bound, with its totals and the places for signatures."""
    entries, totals = entries_of(book, services)
    office = services.settings.office
    now = services.clock()
    day = now.astimezone(services.zone)
    closed = book.closed_at.astimezone(services.zone) if book.closed_at else None
    state = f"khóa sổ ngày {closed:%d/%m/%Y}" if closed else f"in ngày {day:%d/%m/%Y}, sổ chưa khóa"
    rows = [
        RegisterRow(cells=cells, void=entry.state is EntryState.VOIDED)
        for entry, cells in zip(entries, register_rows(entries), strict=True)
    ]
    columns = [
        RegisterColumn(heading=heading, share=share, align=Align.CENTER if index in _CENTERED else Align.LEFT)
        for index, (heading, share) in enumerate(zip(COLUMNS, _SHARES, strict=True))
    ]
    printed = RegisterPrint(
        letterhead=tuple(filter(None, (office.parent, office.name))),
        title="SỔ CHỨNG THỰC BẢN SAO ĐIỆN TỬ" if book.act == services.settings.issue.book else "SỔ CẤP BẢN SAO ĐIỆN TỬ",
        subtitle=(f"Quyển số {book.name}; {state}",),
        columns=tuple(columns),
        rows=tuple(rows),
        closing=totals_lines(book, totals),
        signatures=(("NGƯỜI LẬP SỔ", services.user), (office.certifier_title, office.certifier_name)),
        created_at=now,
        demonstration=_DEMONSTRATION if uses_demonstration(services) else "",
    )
    return print_register(printed, fonts=open_fonts())


def totals_lines(book: Book, totals: BookTotals) -> tuple[str, ...]:
    """Return the totals of a year's books in words."""
    lines = [
        f"Tổng số năm {book.year}: {totals.numbers} số, trong đó đã cấp {totals.issued}, hủy {totals.voided}, "
        f"đang giữ chỗ {totals.reserved}.",
        f"Số bản sao: {totals.copies}; số trang: {totals.pages}; phí chứng thực: {totals.fee:,} đồng.".replace(
            ",", "."
        ),
    ]
    if totals.missing:
        numbers = ", ".join(map(str, totals.missing[:20]))
        lines.append(f"THIẾU DÒNG của các số: {numbers}; chạy `sohoa reindex` để phục hồi từ kho.")
    return tuple(lines)


def next_volume(book: Book, services: Services) -> Book:
    """Begin the next volume of a year's books; the numbers run on.

    Raises:
        NotReady: The year is closed.
    """
    with services.database.transaction() as transaction:
        begun = start_volume(transaction, book)
        keep_volume(begun, services, now=services.clock())
    return begun


def close_year(book: Book, services: Services) -> Closing:
    """Close a year's books and keep their totals in the store; closing again returns the same.

    Raises:
        NotReady: The year is not over, numbers are neither issued nor voided, or lines are missing.
        StorageError: It could not be stored.
    """
    now = services.clock()
    name, by = f"{book.unit}.{book.year}.{book.act}", services.user
    kept = _load(Closing, CLOSED, name, services)
    if kept is not None:
        now, by = kept.closed_at, kept.closed_by
    elif now.astimezone(services.zone).date() < date(book.year, 12, 31):
        raise NotReady(f"Sổ năm {book.year} được khóa từ ngày 31/12/{book.year}; trước đó vẫn còn nhận số.")
    with services.database.transaction() as transaction:
        totals = close_book(transaction, book, closed_by=by, now=now)
        if kept is None:
            kept = Closing(unit=book.unit, year=book.year, act=book.act, closed_at=now, closed_by=by, totals=totals)
            services.archive.store_entry(CLOSED, name, to_json(kept).encode())
    return kept


def stored_closings(services: Services) -> tuple[Closing, ...]:
    """Return the closings that the store keeps."""
    return tuple(from_json(Closing, data) for data in services.archive.iterate_entries(CLOSED))


def stored_voids(services: Services) -> tuple[RegisterEntry, ...]:
    """Return the voided lines that the store keeps."""
    return tuple(from_json(RegisterEntry, data) for data in services.archive.iterate_entries(VOIDED))


def restore_closings(transaction: Transaction, closings: Sequence[Closing]) -> None:
    """Close in the database what the store says is closed, e.g. after the database was made anew."""
    for closing in closings:
        book = open_book(transaction, unit=closing.unit, year=closing.year, act=closing.act, now=closing.closed_at)
        restore_closing(transaction, book, closed_by=closing.closed_by, closed_at=closing.closed_at)


def void_number(number: int, reason: str, book: Book, services: Services) -> RegisterEntry:
    """Void a number: it stays in the register with its reason and is never given again.

    A number that has no line, as an old database that was lost may leave, is explained in the same way.

    Raises:
        UnknownDocument: The number was not given yet.
        NotReady: No reason is given, or its copy was issued.
        StorageError: It could not be stored.
    """
    if number < 1:
        raise InputError("Số chứng thực là số từ 1 trở lên.")
    with services.database.reading() as transaction:
        missing = number in count_book(transaction, book).missing
        entry = None if missing else find_entry(transaction, book, number)
    return _void(entry, reason, services) if entry is not None else _explain(number, reason, book, services)


def void_number_of(draft: Draft, reason: str, services: Services) -> RegisterEntry | None:
    """Void the number that was reserved for a draft; None where it has none.

    Raises:
        NotReady: Its copy was issued.
    """
    with services.database.reading() as transaction:
        entry = find_entry_of_draft(transaction, draft.id)
    return _void(entry, reason, services) if entry is not None else None


def _void(entry: RegisterEntry, reason: str, services: Services) -> RegisterEntry:
    """The store first, the index last; a try that died in between is taken up again."""
    if entry.state is EntryState.VOIDED:
        return entry
    if not reason.strip():
        raise NotReady("Xin vui lòng ghi lý do hủy số chứng thực (--reason).")
    draft = load_newest_draft(entry.application.draft_id, services)
    address = PaperAddress(document_id=document_id_of(draft, services), owner_id=owner_of(draft, services)[0])
    if entry.state is EntryState.ISSUED or services.archive.holds(address):
        raise NotReady(
            f"Số {entry.register_number} đã cấp bản sao; thu hồi bản sao (`sohoa withdraw`) thay vì hủy số. "
            f"Nếu lần chứng thực trước bị ngắt, chạy lại `sohoa certify {draft.id}`."
        )
    name = entry_name(entry)
    kept = _load(RegisterEntry, VOIDED, name, services)  # of a try that stored it and died before the index
    at = kept.voided_at if kept is not None and kept.voided_at is not None else services.clock()
    with services.database.transaction() as transaction:
        voided = void(transaction, entry, kept.void_reason if kept is not None else reason, now=at)
        if kept is None:
            services.archive.store_entry(VOIDED, name, to_json(voided).encode())
    return voided


def _explain(number: int, reason: str, book: Book, services: Services) -> RegisterEntry:
    with services.database.transaction() as transaction:
        voided = void_missing(transaction, book, number, reason, now=services.clock())
        kept = _load(RegisterEntry, VOIDED, entry_name(voided), services)
        if kept is None:
            services.archive.store_entry(VOIDED, entry_name(voided), to_json(voided).encode())
        else:
            restore_entries(transaction, [kept])
    return kept or voided


def _load(kind: type[V], book: str, name: str, services: Services) -> V | None:
    try:
        return from_json(kind, services.archive.load_entry(book, name))
    except ObjectMissing:
        return None

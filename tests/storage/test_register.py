import multiprocessing
from datetime import UTC, datetime

import pytest
from register_workers import application, reserve_and_die, reserve_many

from domain.errors import NotReady, UnknownDocument
from storage.database import Database, Transaction, open_database
from storage.migrations import upgrade
from storage.register import (
    Book,
    EntryState,
    close_book,
    count_book,
    find_entry,
    find_entry_of_draft,
    issue,
    list_books,
    list_entries,
    open_book,
    reserve_number,
    start_volume,
    void,
)
from storage.register_restore import restore_entries

NOW = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
ACT = "SCTĐT/BS"


def book(transaction: Transaction, year: int = 2026, unit: str = "H19.15") -> Book:
    return open_book(transaction, unit=unit, year=year, act=ACT, now=NOW)


def numbers(database: Database) -> list[int]:
    with database.reading() as transaction:
        return [line.number for line in list_entries(transaction, list_books(transaction)[0])]


def test_numbers_run_from_one_and_are_printed_with_year_and_act(database: Database) -> None:
    with database.transaction() as transaction:
        lines = [reserve_number(transaction, book(transaction), application(f"d{n}"), now=NOW) for n in range(3)]

    assert [line.register_number for line in lines] == ["01/2026-SCTĐT/BS", "02/2026-SCTĐT/BS", "03/2026-SCTĐT/BS"]
    assert lines[0].book_name == "01/2026-SCTĐT/BS"


def test_each_unit_and_year_has_its_own_numbers(database: Database) -> None:
    with database.transaction() as transaction:
        reserve_number(transaction, book(transaction), application("a"), now=NOW)
        other_year = reserve_number(transaction, book(transaction, 2027), application("b"), now=NOW)
        other_unit = reserve_number(transaction, book(transaction, 2026, "H19.16"), application("c"), now=NOW)

    assert (other_year.number, other_unit.number) == (1, 1)


def test_a_draft_gets_the_same_number_again(database: Database) -> None:
    with database.transaction() as transaction:
        first = reserve_number(transaction, book(transaction), application("a"), now=NOW)
    with database.transaction() as transaction:
        again = reserve_number(transaction, book(transaction), application("a"), now=NOW)

    assert again == first
    assert numbers(database) == [1]


def test_a_certification_that_fails_before_its_commit_leaves_no_gap(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.transaction() as transaction:
        reserve_number(transaction, book(transaction), application("crashed"), now=NOW)
        raise ZeroDivisionError
    with database.transaction() as transaction:
        assert reserve_number(transaction, book(transaction), application("next"), now=NOW).number == 1


def test_a_process_that_is_killed_before_its_commit_leaves_neither_number_nor_lock(address: str) -> None:
    victim = multiprocessing.get_context("spawn").Process(target=reserve_and_die, args=(address,))
    victim.start()
    victim.join()
    database = open_database(address)
    with database.transaction() as transaction:
        line = reserve_number(transaction, book(transaction), application("alive"), now=NOW)
    database.close()

    assert victim.exitcode == -9
    assert line.number == 1


def test_many_processes_never_share_a_number_and_leave_no_gap(address: str) -> None:
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(6)
    workers = [context.Process(target=reserve_many, args=(address, n, 20, start)) for n in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    database = open_database(address)
    with database.reading() as transaction:
        lines = list_entries(transaction, list_books(transaction)[0])
    database.close()

    assert [worker.exitcode for worker in workers] == [0] * 6
    assert [line.number for line in lines] == list(range(1, 6 * 10 + 10 + 1))
    assert len({line.application.draft_id for line in lines}) == len(lines)


def test_an_issued_number_names_its_document_and_may_be_told_twice(database: Database) -> None:
    with database.transaction() as transaction:
        line = reserve_number(transaction, book(transaction), application("a"), now=NOW)
        issued = issue(transaction, line, "0123456789abcdef", now=NOW)

        assert (issued.state, issued.document_id, issued.issued_at) == (EntryState.ISSUED, "0123456789abcdef", NOW)
        assert issue(transaction, line, "0123456789abcdef", now=NOW) == issued
        assert find_entry_of_draft(transaction, "a") == issued
        with pytest.raises(NotReady, match="đã dùng hoặc đã hủy"):
            issue(transaction, line, "another000000000", now=NOW)


def test_a_voided_number_stays_with_its_reason_and_the_draft_gets_a_new_one(database: Database) -> None:
    with database.transaction() as transaction:
        line = reserve_number(transaction, book(transaction), application("a"), now=NOW)
        voided = void(transaction, line, "Người yêu cầu rút hồ sơ", now=NOW)
        new = reserve_number(transaction, book(transaction), application("a"), now=NOW)

        assert find_entry(transaction, book(transaction), 1) == voided
    assert (voided.state, voided.void_reason) == (EntryState.VOIDED, "Người yêu cầu rút hồ sơ")
    assert new.number == 2


def test_a_number_is_not_voided_without_reason_or_after_the_copy_went_out(database: Database) -> None:
    with database.transaction() as transaction:
        line = reserve_number(transaction, book(transaction), application("a"), now=NOW)

        with pytest.raises(NotReady, match="lý do"):
            void(transaction, line, "  ", now=NOW)
        issue(transaction, line, "0123456789abcdef", now=NOW)
        with pytest.raises(NotReady, match="thu hồi"):
            void(transaction, line, "Nhầm", now=NOW)


def test_a_year_is_closed_with_its_totals_and_takes_no_more_numbers(database: Database) -> None:
    with database.transaction() as transaction:
        kept = reserve_number(transaction, book(transaction), application("a", copies=3, fee=6000), now=NOW)
        left = reserve_number(transaction, book(transaction), application("b"), now=NOW)
        issue(transaction, kept, "0123456789abcdef", now=NOW)

        with pytest.raises(NotReady, match="còn 1 số đang giữ chỗ"):
            close_book(transaction, book(transaction), closed_by="Trần Thị Bình", now=NOW)
        void(transaction, left, "Rút hồ sơ", now=NOW)
        totals = close_book(transaction, book(transaction), closed_by="Trần Thị Bình", now=NOW)
        with pytest.raises(NotReady, match="đã khóa"):
            reserve_number(transaction, book(transaction), application("c"), now=NOW)
        with pytest.raises(NotReady, match="đã khóa"):
            start_volume(transaction, book(transaction))

    assert (totals.numbers, totals.issued, totals.voided, totals.copies, totals.fee) == (2, 1, 1, 3, 6000)


def test_the_numbers_run_on_in_the_next_volume(database: Database) -> None:
    with database.transaction() as transaction:
        reserve_number(transaction, book(transaction), application("a"), now=NOW)
        second = start_volume(transaction, book(transaction))
        line = reserve_number(transaction, second, application("b"), now=NOW)

    assert (line.number, line.book_name) == (2, "02/2026-SCTĐT/BS")


def test_a_register_is_rebuilt_from_its_lines(database: Database, sqlite_address: str) -> None:
    with database.transaction() as transaction:
        for n in range(3):
            reserve_number(transaction, book(transaction), application(f"d{n}"), now=NOW)
        issue(transaction, find_entry(transaction, book(transaction), 1), "0123456789abcdef", now=NOW)
        void(transaction, find_entry(transaction, book(transaction), 2), "Nhầm", now=NOW)
        lines = list_entries(transaction, book(transaction))
    rebuilt = open_database(sqlite_address.replace("sohoa.db", "rebuilt.db"))
    upgrade(rebuilt)
    with rebuilt.transaction() as transaction:
        restore_entries(transaction, lines)
        restore_entries(transaction, lines)

        assert [line.state for line in list_entries(transaction, book(transaction))] == [s.state for s in lines]
        assert reserve_number(transaction, book(transaction), application("new"), now=NOW).number == 4
    rebuilt.close()


def test_a_lost_line_is_counted_as_missing_and_keeps_the_year_open(database: Database) -> None:
    with database.transaction() as transaction:
        for n in range(3):
            line = reserve_number(transaction, book(transaction), application(f"d{n}"), now=NOW)
            issue(transaction, line, f"{n}", now=NOW)
        transaction.exec_driver_sql("DELETE FROM register_entries WHERE number = 2")

        assert count_book(transaction, book(transaction)).missing == (2,)
        with pytest.raises(NotReady, match="thiếu dòng số 2"):
            close_book(transaction, book(transaction), closed_by="x", now=NOW)


def test_a_number_that_was_not_given_is_unknown(database: Database) -> None:
    with database.transaction() as transaction, pytest.raises(UnknownDocument, match="chưa có số 7"):
        find_entry(transaction, book(transaction), 7)

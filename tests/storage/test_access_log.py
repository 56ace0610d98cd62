import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.errors import ObjectCorrupt, UnknownDocument
from storage.access_log import (
    Access,
    LogHead,
    append_log,
    export_log,
    list_heads,
    list_log,
    log_line,
    log_root,
    log_size,
    prove_entry,
    prove_growth,
    restore_log,
    sign_head,
)
from storage.database import Database, open_database
from storage.log_check import LogFault, LogProblem, verify_log
from storage.merkle import holds_consistency, holds_inclusion, leaf_hash, node_hash

NOW = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)


def access(number: int) -> Access:
    return Access(
        actor=f"canbo{number % 3}",
        office="H19.15",
        action="view",
        document_id=f"{number % 4:016d}",
        owner_id=f"owner{number % 2}",
        purpose="Giải quyết hồ sơ “đất đai”",
    )


def write(database: Database, count: int) -> None:
    with database.transaction() as transaction:
        for number in range(count):
            append_log(transaction, access(number), now=NOW + timedelta(seconds=number))


def check(database: Database, heads: tuple[LogHead, ...] = ()) -> list[LogProblem]:
    with database.reading() as transaction:
        return list(verify_log(transaction, heads))


def tamper(database: Database, *statements: str) -> None:
    with database.transaction() as transaction:
        for statement in statements:
            transaction.exec_driver_sql(statement)


def problem(fault: LogFault, number: int, last: int | None = None, moved_from: int | None = None) -> LogProblem:
    return LogProblem(fault=fault, first=number, last=number if last is None else last, moved_from=moved_from)


def test_an_untouched_log_has_no_problem(database: Database) -> None:
    assert check(database) == []
    write(database, 23)

    assert check(database) == []


def test_entries_are_numbered_chained_and_come_back_as_written(database: Database) -> None:
    with database.transaction() as transaction:
        written = [append_log(transaction, access(n), now=NOW) for n in range(3)]

        assert list(reversed(list_log(transaction))) == written
    assert [entry.number for entry in written] == [0, 1, 2]
    assert [entry.previous for entry in written] == [bytes(32), written[0].hash, written[1].hash]


def test_an_owner_reads_who_looked(database: Database) -> None:
    write(database, 10)
    with database.reading() as transaction:
        mine = list_log(transaction, owner_id="owner1")
        older = list_log(transaction, owner_id="owner1", before=5, limit=1)
        of_document = list_log(transaction, document_id=f"{3:016d}")

    assert [entry.number for entry in mine] == [9, 7, 5, 3, 1]
    assert [entry.number for entry in older] == [3]
    assert [entry.number for entry in of_document] == [7, 3]


def test_an_entry_proves_that_it_is_in_the_log_and_the_log_that_it_only_grew(database: Database) -> None:
    write(database, 13)
    with database.reading() as transaction:
        entry = list_log(transaction)[4]
        root, old = log_root(transaction), log_root(transaction, 6)

        assert holds_inclusion(entry.hash, entry.number, 13, prove_entry(transaction, entry.number), root)
        assert holds_consistency(6, 13, old, root, prove_growth(transaction, 6))
        with pytest.raises(UnknownDocument, match="không có dòng số"):
            log_root(transaction, 99)


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        (["UPDATE log_entries SET purpose = 'x' WHERE number = 5"], [problem(LogFault.CHANGED, 5)]),
        (["UPDATE log_entries SET at = '2026-11-21 08:00:00' WHERE number = 0"], [problem(LogFault.CHANGED, 0)]),
        (["DELETE FROM log_entries WHERE number IN (4, 5)"], [problem(LogFault.REMOVED, 4, 5)]),
        (["DELETE FROM log_entries WHERE number >= 9"], [problem(LogFault.REMOVED, 9, 10)]),
        (
            [f"UPDATE log_entries SET number = {new} WHERE number = {old}" for old, new in ((3, 99), (7, 3), (99, 7))],
            [problem(LogFault.MOVED, 3, moved_from=7), problem(LogFault.MOVED, 7, moved_from=3)],
        ),
        (["UPDATE log_entries SET number = 11 WHERE number = 2"],
         [problem(LogFault.REMOVED, 2), problem(LogFault.ADDED, 11)]),
    ],
    ids=["changed", "time", "removed", "cut", "swapped", "renumbered"],
)  # fmt: skip
def test_a_forged_entry_is_named(database: Database, statements: list[str], expected: list[LogProblem]) -> None:
    write(database, 11)
    tamper(database, *statements)

    assert check(database) == expected


def test_an_entry_that_is_removed_with_the_rest_moved_up_is_noticed(database: Database) -> None:
    write(database, 8)
    moves = [f"UPDATE log_entries SET number = {n - 1} WHERE number = {n}" for n in range(4, 8)]
    tamper(database, "DELETE FROM log_entries WHERE number = 3", *moves)

    found = check(database)

    assert [(p.fault, p.first, p.moved_from) for p in found if p.fault is LogFault.MOVED] == [
        (LogFault.MOVED, 3, 4),
        (LogFault.MOVED, 4, 5),
        (LogFault.MOVED, 5, 6),
    ]
    assert (found[-1].fault, found[-1].first) == (LogFault.REMOVED, 7)


def forge_all(database: Database, number: int, changed: Access) -> None:
    """Rewrite an entry, all that follow and the whole tree, as one could who owns the database."""
    with database.transaction() as transaction:
        entries = list(reversed(list_log(transaction, limit=1000)))
        heads = list_heads(transaction)
        for table in ("log_entries", "log_nodes"):
            transaction.exec_driver_sql(f"DELETE FROM {table}")
        for entry in entries:
            append_log(transaction, changed if entry.number == number else entry.access, now=entry.at)
    assert heads is not None


def test_a_log_that_was_forged_as_a_whole_contradicts_the_head_that_was_kept(database: Database) -> None:
    heads = []
    for _ in range(3):
        write(database, 5)
        with database.transaction() as transaction:
            heads.append(sign_head(transaction, now=NOW))
    forge_all(database, 7, access(99))

    assert check(database) == []
    assert check(database, tuple(heads)) == [problem(LogFault.REWRITTEN, 5, 9)]


def test_a_log_that_was_cut_as_a_whole_contradicts_the_head_that_was_kept(database: Database) -> None:
    write(database, 9)
    with database.transaction() as transaction:
        head = sign_head(transaction, now=NOW)
    tamper(database, "DELETE FROM log_entries WHERE number = 8", "DELETE FROM log_nodes WHERE level = 0 AND place = 8")

    assert check(database) == []
    assert check(database, (head,)) == [problem(LogFault.REMOVED, 8)]


def test_a_changed_inner_hash_names_the_entries_below_it(database: Database) -> None:
    write(database, 8)
    with database.transaction() as transaction:
        forged = "X'00'" if transaction.dialect.name == "sqlite" else r"'\x00'"
        transaction.exec_driver_sql(f"UPDATE log_nodes SET hash = {forged} WHERE level = 1 AND place = 2")

    assert problem(LogFault.TREE, 4, 5) in check(database)


def test_a_head_is_signed_over_size_root_and_time(database: Database) -> None:
    write(database, 3)
    with database.transaction() as transaction:
        head = sign_head(transaction, lambda statement: b"signed:" + statement, now=NOW)

        assert list_heads(transaction) == (head,)
    assert head.signature == b"signed:" + head.statement
    assert replace(head, size=4).statement != head.statement != replace(head, root=bytes(32)).statement


def test_a_log_is_rebuilt_from_its_segments(database: Database, sqlite_address: str, tmp_path: object) -> None:
    write(database, 25)
    with database.reading() as transaction:
        segments = [list(export_log(transaction, first, first + 10)) for first in (0, 10, 20)]
        root = log_root(transaction)
    tamper(database, "DELETE FROM log_entries", "DELETE FROM log_nodes")
    with database.transaction() as transaction:
        for segment in segments:
            assert restore_log(transaction, segment) == len(segment)
        assert restore_log(transaction, segments[1]) == 0
        assert (log_size(transaction), log_root(transaction)) == (25, root)
        assert append_log(transaction, access(25), now=NOW).number == 25
    assert check(database) == []


def test_a_forged_segment_is_refused(database: Database) -> None:
    write(database, 5)
    with database.reading() as transaction:
        lines = list(export_log(transaction))
    tamper(database, "DELETE FROM log_entries", "DELETE FROM log_nodes")
    forgeries = [
        [lines[0], lines[1].replace("canbo1", "canbo2"), lines[2]],
        [lines[0], lines[2]],
        [lines[1], lines[0]],
        ["no json"],
        [lines[0].replace(",", ", ")],
        ['{"number": 0}'],
    ]
    for forged in forgeries:
        with pytest.raises(ObjectCorrupt), database.transaction() as transaction:
            restore_log(transaction, forged)
    with database.transaction() as transaction:
        restore_log(transaction, lines)
        with pytest.raises(ObjectCorrupt, match="dòng số 1"):
            restore_log(transaction, [lines[1].replace("canbo1", "canbo2")])


def test_the_line_of_an_entry_can_be_checked_without_us(database: Database) -> None:
    write(database, 2)
    with database.reading() as transaction:
        lines = list(export_log(transaction))
        root = log_root(transaction)

    assert root == node_hash(leaf_hash(lines[0].encode()), leaf_hash(lines[1].encode()))
    assert '"previous":"' + leaf_hash(lines[0].encode()).hex() + '"' in lines[1]
    assert "đất đai" in lines[0]


def test_many_writers_make_one_chain(address: str) -> None:
    database = open_database(address)

    def work() -> None:
        for number in range(10):
            with database.transaction() as transaction:
                append_log(transaction, access(number), now=NOW)

    workers = [threading.Thread(target=work) for _ in range(5)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert check(database) == []
    with database.reading() as transaction:
        assert log_size(transaction) == 50
        assert log_line(list_log(transaction)[0]).startswith('{"action":"view"')
    database.close()

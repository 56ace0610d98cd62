import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from postgres_server import PostgresServer
from sqlalchemy import insert, select, text

import storage.migrations
from domain.errors import ConfigurationError, DocumentError, ObjectExists, StorageError, StoreUnavailable
from storage.database import Database, DatabaseOptions, open_database
from storage.database_copy import copy_database
from storage.migrations import current_revision, require_current, upgrade
from storage.tables import HEAD_REVISION, metadata, register_books, status_lists

NOW = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)


def book(unit: str) -> dict[str, object]:
    return {
        "unit": unit, "year": 2026, "act": "SCTĐT/BS", "volume": 1, "last_number": 0, "opened_at": NOW, "closed_by": "",
    }  # fmt: skip


def units(database: Database) -> list[str]:
    with database.reading() as transaction:
        return list(transaction.execute(select(register_books.c.unit)).scalars())


def test_the_tables_are_those_that_the_migrations_make(database: Database) -> None:
    def is_ours(name: str | None, kind: str, _parent: object) -> bool:
        return not (kind == "table" and name is not None and name.startswith("search_index"))

    def is_made_here(_thing: object, name: str | None, _kind: str, _found: bool, _other: object) -> bool:
        return name != "ix_search_documents_lexemes" or database.engine.dialect.name == "postgresql"

    with database.reading() as transaction:
        options = {"include_name": is_ours, "include_object": is_made_here, "compare_type": True}
        context = MigrationContext.configure(transaction, opts=options)

        assert compare_metadata(context, metadata) == []


def test_the_head_revision_is_the_last_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(storage.migrations.__file__).parent))

    assert ScriptDirectory.from_config(config).get_current_head() == HEAD_REVISION


def test_upgrading_again_changes_nothing(database: Database) -> None:
    upgrade(database)

    assert current_revision(database) == HEAD_REVISION


def test_a_transaction_that_fails_keeps_nothing(database: Database) -> None:
    with pytest.raises(KeyError), database.transaction() as transaction:
        transaction.execute(insert(register_books), book("H01"))
        raise KeyError

    assert units(database) == []


def test_a_reader_sees_the_state_before_a_writer_that_has_not_finished(database: Database) -> None:
    with database.transaction() as transaction:
        transaction.execute(insert(register_books), book("H01"))

        assert units(database) == []
    assert units(database) == ["H01"]


def test_a_time_comes_back_in_utc(database: Database) -> None:
    with database.transaction() as transaction:
        transaction.execute(insert(register_books), book("H01"))

        assert transaction.execute(select(register_books.c.opened_at)).scalar_one() == NOW


def test_a_row_that_is_there_already_is_a_storage_error_in_vietnamese(database: Database) -> None:
    with pytest.raises(StorageError, match="trùng hoặc mâu thuẫn"), database.transaction() as transaction:
        transaction.execute(insert(status_lists), {"number": 1, "issued_at": NOW})
        transaction.execute(insert(status_lists), {"number": 1, "issued_at": NOW})


@pytest.mark.parametrize("url", ["mysql://root@host/x", "nonsense", "sqlite://", "sqlite:///:memory:", "oracle://x"])
def test_another_address_is_a_configuration_error(url: str) -> None:
    with pytest.raises(ConfigurationError, match="sqlite:///TỆP"):
        open_database(url)


def test_a_database_without_tables_asks_for_an_upgrade(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'empty.db'}")

    with pytest.raises(StoreUnavailable, match="sohoa upgrade"):
        units(database)
    assert current_revision(database) == ""
    database.close()


def test_a_file_that_is_no_database_is_said_to_be_damaged(tmp_path: Path) -> None:
    (tmp_path / "sohoa.db").write_bytes(b"no database at all, only text " * 100)
    database = open_database(f"sqlite:///{tmp_path / 'sohoa.db'}")

    with pytest.raises(StoreUnavailable, match="bị hỏng"):
        units(database)
    database.close()


def test_a_folder_that_is_missing_is_said_to_be_unreachable(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'nowhere' / 'sohoa.db'}")

    with pytest.raises(StoreUnavailable, match="Không kết nối được"):
        units(database)


def test_a_second_writer_that_waited_too_long_is_told_that_the_database_is_busy(address: str) -> None:
    impatient = open_database(address, options=DatabaseOptions(busy_seconds=0.05))
    with impatient.transaction() as first:
        first.execute(insert(status_lists), {"number": 1, "issued_at": NOW})

        with pytest.raises(StoreUnavailable, match="đang bận"), impatient.transaction() as second:
            second.execute(insert(status_lists), {"number": 1, "issued_at": NOW})
    impatient.close()


def test_a_full_disk_is_said_and_leaves_what_was_there(tmp_path: Path, sqlite_template: Path) -> None:
    path = tmp_path / "sohoa.db"
    path.write_bytes(sqlite_template.read_bytes())
    database = open_database(f"sqlite:///{path}")
    with database.transaction() as transaction:
        transaction.execute(insert(register_books), book("H01"))

    with pytest.raises(StoreUnavailable, match="đã đầy"), database.transaction() as transaction:
        transaction.exec_driver_sql("PRAGMA max_page_count = 1")
        transaction.execute(insert(register_books), [book(f"H{number}" + "x" * 4000) for number in range(99)])
    assert units(database) == ["H01"]
    database.close()


def test_a_database_that_cannot_be_written_says_so_and_is_still_read(sqlite_address: str) -> None:
    database = open_database(sqlite_address)
    with database.transaction() as transaction:
        transaction.execute(insert(register_books), book("H01"))

    with pytest.raises(StoreUnavailable, match="chỉ đọc"), database.transaction() as transaction:
        transaction.exec_driver_sql("PRAGMA query_only = ON")
        transaction.execute(insert(register_books), book("H02"))
    assert units(database) == ["H01"]
    database.close()


# ---------------------------------------------------------------- opened for reading


@pytest.fixture
def without_shared_memory(sqlite_address: str) -> Path:
    """An SQLite database whose readers cannot make their shared memory, as in a folder that is read-only."""
    path = Path(sqlite_address.removeprefix("sqlite:///"))
    database = open_database(sqlite_address)
    with database.transaction() as transaction:
        transaction.execute(insert(register_books), book("H01"))
    database.close()
    path.with_name(f"{path.name}-shm").symlink_to(path / "nowhere")
    return path


def test_what_is_opened_for_reading_sees_every_commit_and_cannot_write(address: str, database: Database) -> None:
    reader = open_database(address, reading=True)
    seen = []
    for unit in ("H01", "H02"):
        with database.transaction() as transaction:
            transaction.execute(insert(register_books), book(unit))
        seen.append(units(reader))

    with pytest.raises(StoreUnavailable, match="chỉ đọc"), reader.reading() as transaction:
        transaction.execute(insert(register_books), book("H03"))
    with reader.transaction() as transaction:  # what has to be written, e.g. the access log, is not kept from it
        transaction.execute(insert(register_books), book("H04"))

    assert seen == [["H01"], ["H01", "H02"]]
    assert units(reader) == ["H01", "H02", "H04"]
    reader.close()


def test_a_database_is_read_without_shared_memory(without_shared_memory: Path) -> None:
    reader = open_database(f"sqlite:///{without_shared_memory}", reading=True)
    before = without_shared_memory.read_bytes()

    assert [units(reader), units(reader)] == [["H01"], ["H01"]]
    assert without_shared_memory.read_bytes() == before
    reader.close()


def test_what_was_read_while_another_wrote_does_not_count(without_shared_memory: Path) -> None:
    reader = open_database(f"sqlite:///{without_shared_memory}", reading=True)
    log = without_shared_memory.with_name("sohoa.db-wal")

    with pytest.raises(StoreUnavailable, match="thực hiện lại"), reader.reading() as transaction:
        transaction.execute(select(register_books.c.unit)).all()
        log.write_bytes(b"x")
    with pytest.raises(StoreUnavailable, match="chưa ghi xong"):
        units(reader)
    log.unlink()
    assert units(reader) == ["H01"]
    with pytest.raises(StoreUnavailable, match="thực hiện lại"), reader.reading() as transaction:
        transaction.execute(select(register_books.c.unit)).all()
        os.utime(without_shared_memory, ns=(0, 0))
    assert units(reader) == ["H01"]
    reader.close()


def test_a_database_that_is_missing_is_not_made_by_a_reader(tmp_path: Path) -> None:
    reader = open_database(f"sqlite:///{tmp_path / 'sohoa.db'}", reading=True)

    with pytest.raises(StoreUnavailable, match="sohoa reindex"):
        units(reader)
    assert list(tmp_path.iterdir()) == []
    reader.close()


def test_what_has_written_puts_the_log_of_sqlite_away_at_its_end(sqlite_address: str, tmp_path: Path) -> None:
    opened = open_database(sqlite_address, reading=True)
    before = units(opened)
    with opened.transaction() as transaction:
        transaction.execute(insert(register_books), book("H01"))
    opened.close()

    assert before == []
    assert [path.name for path in tmp_path.iterdir()] == ["sohoa.db"]


def test_only_tables_of_this_release_are_read(database: Database) -> None:
    require_current(database)
    for revision, said in (("0001", "sohoa upgrade"), ("9999", "mới hơn")):
        with database.transaction() as transaction:
            transaction.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
        with pytest.raises(ConfigurationError, match=said):
            require_current(database)
    with pytest.raises(ConfigurationError, match="mới hơn"):
        upgrade(database)
    with database.transaction() as transaction:
        transaction.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": HEAD_REVISION})


@pytest.mark.tools
def test_a_server_that_is_not_there_is_said_to_be_unreachable(tmp_path: Path) -> None:
    database = open_database(f"postgresql://someone@/nothing?host={tmp_path}")

    with pytest.raises(StoreUnavailable, match="Không kết nối được") as caught:
        units(database)
    assert "\n" not in str(caught.value)
    assert isinstance(caught.value, DocumentError)


@pytest.mark.tools
def test_a_connection_that_the_server_cuts_is_an_error_once_and_then_made_anew(postgres_address: str) -> None:
    database = open_database(postgres_address)
    cut = "SELECT pg_terminate_backend(pg_backend_pid())"

    with pytest.raises(StoreUnavailable, match="Không kết nối được"), database.transaction() as transaction:
        transaction.execute(insert(register_books), book("H01"))
        transaction.exec_driver_sql(cut)
    assert units(database) == []
    database.close()


@pytest.mark.tools
def test_a_server_that_goes_away_is_an_error_until_it_is_back_and_nothing_is_lost() -> None:
    server = PostgresServer()
    server.start()
    server.run("CREATE DATABASE ours")
    database = open_database(server.address("ours"))
    upgrade(database)
    with database.transaction() as transaction:
        transaction.execute(insert(register_books), book("H01"))

    with pytest.raises(StoreUnavailable, match="Không kết nối được"), database.transaction() as transaction:
        transaction.execute(insert(register_books), book("H02"))
        server.kill()
        transaction.execute(insert(register_books), book("H03"))
    with pytest.raises(StoreUnavailable, match="Không kết nối được"):
        units(database)
    server.start()
    assert units(database) == ["H01"]
    database.close()
    server.remove()


def test_a_copy_has_what_was_committed_while_others_go_on_writing(sqlite_address: str, tmp_path: Path) -> None:
    database = open_database(sqlite_address)
    with database.transaction() as transaction:
        transaction.execute(insert(register_books), book("H01"))
    with database.transaction() as transaction:
        transaction.execute(insert(register_books), book("H02"))
        copy_database(database, tmp_path / "copy.db")
    copied = open_database(f"sqlite:///{tmp_path / 'copy.db'}")

    assert units(copied) == ["H01"]
    assert units(database) == ["H01", "H02"]
    assert current_revision(copied) == HEAD_REVISION
    with pytest.raises(ObjectExists, match="đã có"):
        copy_database(database, tmp_path / "copy.db")
    with pytest.raises(StoreUnavailable, match="Không ghi được"):
        copy_database(database, tmp_path / "nowhere" / "copy.db")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    copied.close()
    database.close()


@pytest.mark.tools
def test_a_server_is_backed_up_with_its_own_tools(postgres_address: str, tmp_path: Path) -> None:
    database = open_database(postgres_address)

    with pytest.raises(ConfigurationError, match="pg_dump"):
        copy_database(database, tmp_path / "copy.db")
    database.close()

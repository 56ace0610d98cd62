"""The database: opening it, transactions, and its faults in words that a clerk understands."""

import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from sqlalchemy import Connection, Engine, Table, create_engine, event
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, DisconnectionError, IntegrityError, NoSuchModuleError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from domain.errors import ConfigurationError, StorageError, StoreUnavailable
from storage.sqlite_reading import open_sqlite_reader

Transaction: TypeAlias = Connection
"""An open transaction; every function of the database part takes one as its first argument."""

Row: TypeAlias = Mapping[str, Any]
"""A row by column name; the values have the Python types of `storage.tables`, which the driver cannot state."""

_WRITES = "sohoa_writes"

_BUSY = "Cơ sở dữ liệu đang bận. Xin vui lòng đợi một lát rồi thực hiện lại; chưa có gì bị mất."
_FULL = "Ổ đĩa của cơ sở dữ liệu đã đầy. Xin vui lòng báo quản trị viên giải phóng chỗ trống rồi thực hiện lại."
_READ_ONLY = (
    "Cơ sở dữ liệu đang ở chế độ chỉ đọc. Xin vui lòng báo quản trị viên kiểm tra quyền ghi của thư mục dữ liệu."
)
_UNREACHABLE = "Không kết nối được cơ sở dữ liệu. Xin vui lòng kiểm tra máy chủ và địa chỉ cấu hình rồi thực hiện lại."
_DAMAGED = "Tệp cơ sở dữ liệu bị hỏng. Xin vui lòng dừng ghi và dựng lại từ kho bằng lệnh sohoa reindex."
_NOT_READY = "Cơ sở dữ liệu chưa được khởi tạo hoặc đã cũ. Xin vui lòng chạy lệnh sohoa upgrade."
_CONFLICT = "Dữ liệu này trùng hoặc mâu thuẫn với dữ liệu đã có. Xin vui lòng tải lại và kiểm tra trước khi ghi."
_FAILED = "Cơ sở dữ liệu báo lỗi nên chưa ghi được. Xin vui lòng thực hiện lại; nếu vẫn lỗi, xin báo quản trị viên."

_SQLITE_FAULTS: Mapping[int, str] = {
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_PERM: _READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: _UNREACHABLE,
    sqlite3.SQLITE_IOERR: _UNREACHABLE,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
}
_POSTGRESQL_FAULTS: Mapping[str, str] = {
    "08": _UNREACHABLE,
    "28": _UNREACHABLE,
    "3D": _UNREACHABLE,
    "25006": _READ_ONLY,
    "53100": _FULL,
    "53": _BUSY,
    "55P03": _BUSY,
    "40": _BUSY,
    "57014": _BUSY,
    "57": _UNREACHABLE,
    "58030": _FULL,
    "42P01": _NOT_READY,
    "42703": _NOT_READY,
    "XX001": _DAMAGED,
    "XX002": _DAMAGED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseOptions:
    """How long to wait for the database."""

    busy_seconds: float = 30.0
    """How long a writer waits for another writer."""
    connect_seconds: int = 10
    """How long to wait for the PostgreSQL server to answer."""
    pool_size: int = 8
    """Connections kept open in a process."""


@dataclass(frozen=True, slots=True)
class Database:
    """The database of one installation; can be used from many threads, each transaction on its own connection."""

    engine: Engine
    reader: Engine
    """What `reading` uses: the same, or an engine that cannot write."""

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Open a transaction that may write; it is committed at the end of the block, rolled back on an error.

        Never open one inside another: on SQLite the inner one would wait for the outer one.

        Raises:
            StorageError: the database cannot be used; nothing of the block is kept.
        """
        with _translated(self.engine.url), self.engine.connect() as connection:
            connection.execution_options(**{_WRITES: True})
            with connection.begin():
                yield connection

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """Open a transaction that only reads and never waits for a writer.

        Raises:
            StorageError: the database cannot be used.
        """
        with _translated(self.engine.url), self.reader.connect() as connection, connection.begin():
            yield connection

    def close(self) -> None:
        """Close the connections; what may write goes last, so that SQLite puts its log away."""
        self.reader.dispose()
        self.engine.dispose()


def open_database(url: str, *, options: DatabaseOptions | None = None, reading: bool = False) -> Database:
    """Return the database at `sqlite:///FILE` or `postgresql://USER@HOST/NAME`; connects at first use only.

    Args:
        reading: What only reads goes over connections that cannot write, and works where nothing can be written.

    Raises:
        ConfigurationError: the address is not one of these.
    """
    options = options or DatabaseOptions()
    try:
        address = make_url(url)
        if address.get_backend_name() == "sqlite":
            engine = _open_sqlite(address, options)
            return Database(engine, _open_sqlite_reader(address, options) if reading else engine)
        if address.get_backend_name() == "postgresql":
            engine = _open_postgresql(address, options)
            return Database(engine, _open_postgresql(address, options, reading=True) if reading else engine)
    except (ArgumentError, NoSuchModuleError) as error:
        raise ConfigurationError(_address_fault(url)) from error
    raise ConfigurationError(_address_fault(url))


def upsert(transaction: Transaction, table: Table, values: Row, *, keys: Sequence[str]) -> None:
    """Insert a row, or replace the other columns of the row that has the same `keys`."""
    upsert_many(transaction, table, [values], keys=keys)


def upsert_many(transaction: Transaction, table: Table, rows: Sequence[Row], *, keys: Sequence[str]) -> None:
    """Insert rows with the same columns, each as `upsert` does."""
    if not rows:
        return
    build = sqlite_insert if transaction.dialect.name == "sqlite" else postgresql_insert
    statement = build(table)
    changed = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    if changed:
        transaction.execute(
            statement.on_conflict_do_update(index_elements=list(keys), set_=changed), [dict(row) for row in rows]
        )
    else:
        transaction.execute(statement.on_conflict_do_nothing(index_elements=list(keys)), [dict(row) for row in rows])


def insert_missing(transaction: Transaction, table: Table, rows: Sequence[Row]) -> None:
    """Insert the rows whose key is not there yet."""
    if rows:
        build = sqlite_insert if transaction.dialect.name == "sqlite" else postgresql_insert
        transaction.execute(build(table).on_conflict_do_nothing(), [dict(row) for row in rows])


def _address_fault(url: str) -> str:
    scheme = url.partition(":")[0]
    return (
        f"Địa chỉ cơ sở dữ liệu kiểu “{scheme}” không dùng được. "
        "Xin vui lòng ghi sqlite:///TỆP hoặc postgresql://NGƯỜI_DÙNG@MÁY_CHỦ/TÊN."
    )


def _open_sqlite(address: URL, options: DatabaseOptions) -> Engine:
    if not address.database or address.database == ":memory:":
        raise ConfigurationError(_address_fault("sqlite:"))
    engine = create_engine(
        address.set(drivername="sqlite+pysqlite"),
        connect_args={"timeout": options.busy_seconds},
        pool_size=options.pool_size,
        max_overflow=-1,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    _guard_against_forks(engine)
    return engine


def _open_sqlite_reader(address: URL, options: DatabaseOptions) -> Engine:
    path = Path(address.database or "")
    engine = open_sqlite_reader(path, busy_seconds=options.busy_seconds, pool_size=options.pool_size)
    _guard_against_forks(engine)
    return engine


def _open_postgresql(address: URL, options: DatabaseOptions, *, reading: bool = False) -> Engine:
    milliseconds = int(options.busy_seconds * 1000)
    read_only = " -c default_transaction_read_only=on" if reading else ""
    engine = create_engine(
        address.set(drivername="postgresql+psycopg"),
        connect_args={
            "connect_timeout": options.connect_seconds,
            "options": f"-c lock_timeout={milliseconds} -c timezone=UTC -c jit=off{read_only}",
        },
        pool_size=options.pool_size,
        max_overflow=-1,
        pool_pre_ping=True,
    )
    _guard_against_forks(engine)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # sqlite3 never says BEGIN by itself: `_begin_sqlite` does
    cursor = connection.cursor()
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "cache_size = -16000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes its lock at the start: one that began as a reader could not become a writer when another wrote.
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _guard_against_forks(engine: Engine) -> None:
    """Keep a connection out of the children of its process: two processes on one connection spoil it."""

    def remember(_connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
        entry.info["process"] = os.getpid()

    def check(_connection: DBAPIConnection, entry: ConnectionPoolEntry, proxy: PoolProxiedConnection) -> None:
        if entry.info["process"] != os.getpid():
            # SQLAlchemy's documented way for forked processes; the annotations call them read-only.
            entry.dbapi_connection = None  # type: ignore[misc]
            proxy.dbapi_connection = None  # type: ignore[misc]
            raise DisconnectionError("connection of another process")

    event.listen(engine, "connect", remember)
    event.listen(engine, "checkout", check)


@contextmanager
def _translated(address: URL) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise _as_storage_error(error, address) from error
    except PoolTimeout as error:
        raise StoreUnavailable(_BUSY) from error


def _as_storage_error(error: DBAPIError, address: URL) -> StorageError:
    if isinstance(error, IntegrityError):
        return StorageError(_CONFLICT)
    fault = _fault(error)
    if fault is _UNREACHABLE and isinstance(error.orig, sqlite3.Error):
        folder = Path(address.database or "").parent
        if folder.is_dir() and not os.access(folder, os.W_OK):
            fault = _READ_ONLY
    return StorageError(_FAILED) if fault is None else StoreUnavailable(fault)


def _fault(error: DBAPIError) -> str | None:
    original = error.orig
    if isinstance(original, sqlite3.Error):
        code = getattr(original, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
        if code == sqlite3.SQLITE_ERROR and "no such" in str(original):
            return _NOT_READY
        if code == sqlite3.SQLITE_IOERR_SHMSIZE:  # there is no room for the shared memory of the readers
            return _FULL
        return _SQLITE_FAULTS.get(code & 0xFF)
    state: str | None = getattr(original, "sqlstate", None)
    if state is None:
        return _UNREACHABLE
    return _POSTGRESQL_FAULTS.get(state) or _POSTGRESQL_FAULTS.get(state[:2])

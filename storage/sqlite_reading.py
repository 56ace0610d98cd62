"""SQLite opened for reading: nothing is written, so that it works in a read-only folder and on a full disk too."""

import os
import sqlite3
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection, QueuePool

from domain.errors import StoreUnavailable

_STAMP = "sohoa_stamp"
_WITHOUT_SHARED_MEMORY = frozenset(
    {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL}
)
_MISSING = (
    "Chưa có cơ sở dữ liệu {path}. Xin vui lòng kiểm tra ổ đĩa; nếu đã mất, chạy sohoa reindex để dựng lại từ kho."
)
_UNFINISHED = (
    "Cơ sở dữ liệu còn phần chưa ghi xong ({path}-wal) nên chưa đọc được trên ổ đĩa chỉ đọc hoặc đã đầy. "
    "Xin vui lòng chạy một lệnh sohoa khi ổ đĩa ghi được."
)
_MOVED_ON = "Cơ sở dữ liệu vừa được nơi khác ghi trong khi đang đọc. Xin vui lòng thực hiện lại."

Stamp = tuple[int, int, int]
"""Time of change and size of the file, and size of its write-ahead log."""


def open_sqlite_reader(path: Path, *, busy_seconds: float, pool_size: int) -> Engine:
    """Return an engine whose connections only read.

    A reader of a write-ahead log needs a file of shared memory beside it (https://www.sqlite.org/wal.html). Where
    that cannot be made (a read-only folder, a full disk) and nothing is left in the log, the file is opened as one
    that does not change; what was read counts only if it did not change indeed.
    """
    engine = create_engine(
        "sqlite+pysqlite://",
        creator=lambda: _connect(path, busy_seconds),
        poolclass=QueuePool,
        pool_size=pool_size,
        max_overflow=-1,
    )

    def prepare(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
        assert isinstance(connection, _Connection)
        entry.info[_STAMP] = connection.stamp

    def check(connection: DBAPIConnection, entry: ConnectionPoolEntry, proxy: PoolProxiedConnection) -> None:
        if _has_changed(entry.info[_STAMP], path):
            raise DisconnectionError("the file has changed")

    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    def finish(connection: Connection) -> None:
        if _has_changed(connection.info[_STAMP], path):
            raise StoreUnavailable(_MOVED_ON)

    event.listen(engine, "connect", prepare)
    event.listen(engine, "checkout", check)
    event.listen(engine, "begin", begin)
    event.listen(engine, "commit", finish)
    return engine


class _Connection(sqlite3.Connection):
    """A connection that only reads."""

    stamp: Stamp | None = None
    """What the file was like, where it was opened as one that does not change."""


def _connect(path: Path, busy_seconds: float) -> _Connection:
    try:
        return _open(path, "mode=ro", busy_seconds)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF not in _WITHOUT_SHARED_MEMORY:
            raise
        if not path.exists():
            raise StoreUnavailable(_MISSING.format(path=path)) from error
        stamp = _stamp(path)
        if stamp[2]:
            raise StoreUnavailable(_UNFINISHED.format(path=path)) from error
    connection = _open(path, "mode=ro&immutable=1", busy_seconds)
    connection.stamp = stamp
    return connection


def _open(path: Path, mode: str, busy_seconds: float) -> _Connection:
    connection = sqlite3.connect(
        f"file:{quote(os.fspath(path))}?{mode}",
        uri=True,
        timeout=busy_seconds,
        isolation_level=None,
        check_same_thread=False,
        factory=_Connection,
    )
    try:
        for pragma in ("temp_store = MEMORY", "cache_size = -16000", "schema_version"):
            connection.execute(f"PRAGMA {pragma}").fetchall()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _has_changed(stamp: Stamp | None, path: Path) -> bool:
    return stamp is not None and stamp != _stamp(path)


def _stamp(path: Path) -> Stamp:
    try:
        file = path.stat()
    except OSError:
        return (0, 0, 0)
    try:
        log = path.with_name(f"{path.name}-wal").stat().st_size
    except OSError:
        log = 0
    return (file.st_mtime_ns, file.st_size, log)

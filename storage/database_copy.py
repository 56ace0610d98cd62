"""A copy of the database for the backup, taken while it is in use."""

import os
import sqlite3
from pathlib import Path

from domain.errors import ConfigurationError, ObjectExists, StoreUnavailable
from storage.database import Database


def copy_database(database: Database, target: Path) -> None:
    """Write a consistent copy of an SQLite database to a new file; it is whole or not there.

    Raises:
        ConfigurationError: the database is on PostgreSQL, whose own tools make its backups.
        ObjectExists: the file is there already.
        StoreUnavailable: the copy cannot be written.
    """
    if database.engine.dialect.name != "sqlite":
        raise ConfigurationError(
            "Cơ sở dữ liệu PostgreSQL được sao lưu bằng pg_dump. Xin vui lòng xem docs/database.md."
        )
    if target.exists():
        raise ObjectExists(f"Tệp sao lưu {target.name} đã có. Xin vui lòng chọn tên khác.")
    partial = target.with_name(f".{target.name}.{os.getpid()}")
    connection = database.reader.raw_connection()
    try:
        # In contrast to copying the file, this takes what is still in the write-ahead log, and one moment of it.
        connection.cursor().execute("VACUUM INTO ?", (str(partial),))
        with partial.open("rb") as written:
            os.fsync(written.fileno())
        partial.rename(target)
    except (sqlite3.Error, OSError) as error:
        partial.unlink(missing_ok=True)
        raise StoreUnavailable(
            "Không ghi được bản sao lưu cơ sở dữ liệu. Xin vui lòng kiểm tra chỗ trống và quyền ghi rồi thực hiện lại."
        ) from error
    finally:
        connection.close()

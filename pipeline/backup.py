"""Backup and restore: everything that a data directory needs to live again, but for its private signing keys."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from domain.errors import InputError, StoreUnavailable
from pipeline.desk import SEAL_KEYS
from pipeline.reindex import Reindexed, reindex
from pipeline.services import SECRET_FILE, Services, open_services
from storage.database_copy import copy_database
from storage.objects import DirectoryStore
from storage.transfer import copy_store

STORE = "store"
"""Folder of a backup that holds the objects, whatever back end they came from."""
DATABASE = "sohoa.db"

_FILES = (SECRET_FILE, SEAL_KEYS, "sohoa.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """What a backup came to."""

    folder: Path
    copied: int
    """Objects that the backup did not have yet."""
    database: bool
    """Whether the database is in it: SQLite is, PostgreSQL has tools of its own (docs/database.md)."""


def backup(folder: Path, services: Services) -> Backup:
    """Bring a backup up to date: database first, then the objects that are new, so that it never lists what it lacks.

    The signing keys (`authority/`, `keys/`, PKCS#12 files) are not in it: they are kept apart.

    Raises:
        StorageError: Something cannot be read or written; what was copied before stays.
    """
    embedded = services.database.engine.dialect.name == "sqlite"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if embedded:
            fresh = folder / f"{DATABASE}.new"
            fresh.unlink(missing_ok=True)
            copy_database(services.database, fresh)
            fresh.replace(folder / DATABASE)
        copied = copy_store(services.archive.store, DirectoryStore(folder / STORE))
        for name in _FILES:
            if (services.home / name).exists():
                shutil.copy2(services.home / name, folder / name)
    except OSError as e:
        raise StoreUnavailable(f"Không ghi được bản sao lưu vào {folder} ({e.strerror}); kiểm tra ổ đĩa.") from e
    return Backup(folder=folder, copied=copied, database=embedded)


def restore(folder: Path, home: Path) -> Reindexed:
    """Make a data directory from a backup; the database is made anew from the objects.

    Raises:
        InputError: There is no backup in the folder, or the data directory holds something already.
        StorageError: Something cannot be read or written.
    """
    if not (folder / SECRET_FILE).is_file() or not (folder / STORE).is_dir():
        raise InputError(f"{folder} không phải bản sao lưu; nêu thư mục mà `sohoa backup` đã ghi.")
    if (home / SECRET_FILE).exists():
        raise InputError(f"Thư mục dữ liệu {home} đã có dữ liệu; đặt SOHOA_HOME tới một thư mục trống.")
    try:
        home.mkdir(parents=True, exist_ok=True)
        for name in (name for name in _FILES if (folder / name).exists()):
            shutil.copy2(folder / name, home / name)
    except OSError as e:
        raise StoreUnavailable(f"Không ghi được vào {home} ({e.strerror}); kiểm tra ổ đĩa và quyền ghi.") from e
    with open_services(home=home, create=True) as services:
        copy_store(DirectoryStore(folder / STORE), services.archive.store)
        return reindex(services)

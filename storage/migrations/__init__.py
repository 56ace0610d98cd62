"""The history of the tables, and bringing a database up to date."""

from importlib.resources import as_file, files

from alembic import command
from alembic.config import Config
from sqlalchemy import inspect, text

from domain.errors import ConfigurationError
from storage.database import Database, Transaction
from storage.tables import HEAD_REVISION

_LOCK = 7_640_112
"""Arbitrary, the same in all processes: PostgreSQL's advisory lock under which one of them migrates."""


def upgrade(database: Database) -> None:
    """Create the tables, or bring those of an older release up to date; safe with many processes at once.

    Raises:
        ConfigurationError: its tables are those of a newer release.
        StorageError: the database cannot be used; it is as it was before.
    """
    revision = current_revision(database)
    if revision == HEAD_REVISION:
        return
    _refuse_newer(revision)
    with database.transaction() as transaction:
        if transaction.dialect.name == "postgresql":
            transaction.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        if _revision(transaction) == HEAD_REVISION:
            return
        with as_file(files("storage.migrations")) as folder:
            config = Config()
            config.set_main_option("script_location", str(folder).replace("%", "%%"))
            config.attributes["connection"] = transaction
            command.upgrade(config, "head")


def require_current(database: Database) -> None:
    """Check that the tables are those of this release; nothing is written.

    Raises:
        ConfigurationError: they are those of an older release, or of a newer one.
        StorageError: the database cannot be used.
    """
    revision = current_revision(database)
    _refuse_newer(revision)
    if revision != HEAD_REVISION:
        raise ConfigurationError("Cơ sở dữ liệu trống hoặc thuộc bản sohoa cũ; chạy `sohoa upgrade` rồi thực hiện lại.")


def _refuse_newer(revision: str) -> None:
    if revision > HEAD_REVISION:
        raise ConfigurationError("Cơ sở dữ liệu thuộc bản sohoa mới hơn; dùng bản sohoa đó, hoặc dựng lại từ kho.")


def current_revision(database: Database) -> str:
    """Return the revision of the tables, empty where there are none.

    Raises:
        StorageError: the database cannot be used.
    """
    with database.reading() as transaction:
        return _revision(transaction)


def _revision(transaction: Transaction) -> str:
    if not inspect(transaction).has_table("alembic_version"):
        return ""
    return transaction.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""

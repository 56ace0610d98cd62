"""What the tests of the storage share: an S3 server, SQLite databases and a real PostgreSQL server."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from postgres_server import PostgresServer
from servers import S3Server, s3_server

from storage.database import Database, open_database
from storage.migrations import upgrade
from storage.tables import metadata


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    server = PostgresServer()
    server.start()
    yield server
    server.remove()


@pytest.fixture(scope="session")
def postgres_prepared(postgres_server: PostgresServer) -> Iterator[Database]:
    """A database with all tables that the tests use one after the other."""
    postgres_server.run("CREATE DATABASE prepared")
    database = open_database(postgres_server.address("prepared"))
    upgrade(database)
    yield database
    database.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "sohoa.db"
    database = open_database(f"sqlite:///{path}")
    upgrade(database)
    database.close()
    return path


@pytest.fixture
def postgres_address(postgres_server: PostgresServer, postgres_prepared: Database) -> Iterator[str]:
    """Address of a PostgreSQL database with all tables, empty, for this test alone."""
    yield postgres_server.address("prepared")
    # Emptying is many times faster than making a new database.
    with postgres_prepared.transaction() as transaction:
        for made in reversed(metadata.sorted_tables):
            transaction.execute(made.delete())


@pytest.fixture
def sqlite_address(sqlite_template: Path, tmp_path: Path) -> str:
    """Address of an SQLite database with all tables, for this test alone."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'sohoa.db')}"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.tools)])
def address(request: pytest.FixtureRequest) -> str:
    """Address of a database with all tables, for this test alone; the test runs once on each kind."""
    name = "sqlite_address" if request.param == "sqlite" else "postgres_address"
    return str(request.getfixturevalue(name))


@pytest.fixture
def database(address: str) -> Iterator[Database]:
    opened = open_database(address)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def s3() -> Iterator[S3Server]:
    """A SeaweedFS server for the whole run."""
    with s3_server() as server:
        yield server

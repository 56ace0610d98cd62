"""The databases that every test of the database part runs on: SQLite and a real PostgreSQL server."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from servers import S3Server, s3_server

from storage.database import Database, open_database
from storage.migrations import upgrade

PROGRAMS = Path("/usr/lib/postgresql")


def _as_server_user(*command: str) -> list[str]:
    # PostgreSQL refuses to run as root.
    prefix = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []
    return [*prefix, *command]


def _program(name: str) -> str:
    return str(sorted(PROGRAMS.glob(f"*/bin/{name}"))[-1])


class PostgresServer:
    """A PostgreSQL server in a folder of its own, reached over a socket in that folder."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="pg-"))
        if os.getuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
        subprocess.run(
            _as_server_user(
                _program("initdb"), "-D", str(self.folder / "data"), "-U", "tester", "-A", "trust", "--locale=C.UTF-8"
            ),
            check=True,
            capture_output=True,
            cwd=self.folder,
        )
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.folder),
            "fsync": "off",
            "max_connections": "60",
            "shared_buffers": "64MB",
        }
        arguments = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self.process = subprocess.Popen(
            _as_server_user(_program("postgres"), "-D", str(self.folder / "data"), *arguments),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
        )
        for _ in range(200):
            with socket.socket(socket.AF_UNIX) as probe:
                if probe.connect_ex(str(self.folder / ".s.PGSQL.5432")) == 0:
                    try:
                        psycopg.connect(self.address("postgres")).close()
                        return
                    except psycopg.OperationalError:
                        pass
            time.sleep(0.05)
        raise RuntimeError("PostgreSQL did not start")

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(timeout=30)
            self.process = None

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder)

    def address(self, name: str) -> str:
        return f"postgresql://tester@/{name}?host={self.folder}"

    def run(self, statement: str) -> None:
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(statement)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    server = PostgresServer()
    server.start()
    server.run("CREATE DATABASE prepared")
    template = open_database(server.address("prepared"))
    upgrade(template)
    template.close()
    yield server
    server.remove()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "sohoa.db"
    database = open_database(f"sqlite:///{path}")
    upgrade(database)
    database.close()
    return path


@pytest.fixture
def postgres_address(postgres_server: PostgresServer) -> Iterator[str]:
    """Address of a PostgreSQL database with all tables, for this test alone."""
    name = f"test_{os.getpid()}_{time.monotonic_ns()}"
    postgres_server.run(f"CREATE DATABASE {name} TEMPLATE prepared")
    yield postgres_server.address(name)
    postgres_server.run(f"DROP DATABASE {name} WITH (FORCE)")


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

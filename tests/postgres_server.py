"""A real PostgreSQL server for the tests, in a folder of its own."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg

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

    def kill(self) -> None:
        """End the server as a power cut would."""
        if self.process is not None:
            self.process.send_signal(signal.SIGQUIT)
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

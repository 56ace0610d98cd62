"""Real servers for the tests, on free ports of the loopback interface, each ended by its own process number."""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from storage.s3 import S3Store
from storage.s3_requests import S3Options

ACCESS_KEY = "tester"
SECRET_KEY = "tester-secret"


@dataclass(frozen=True)
class S3Server:
    """A running SeaweedFS server."""

    endpoint: str
    """Host and port."""
    process: subprocess.Popen[bytes]
    folder: Path
    access_key: str = ACCESS_KEY
    secret_key: str = SECRET_KEY


def open_bucket(server: S3Server, endpoint: str = "", **options: Any) -> S3Store:
    """Return a store on a new bucket of the server, reached there or through a proxy before it."""
    values = {
        "endpoint": server.endpoint,
        "bucket": f"test-{secrets.token_hex(6)}",
        "access_key": server.access_key,
        "secret_key": server.secret_key,
        "secure": False,
        "pause_seconds": 0.01,
        **options,
    }
    store = S3Store(S3Options(**values), pause=time.sleep)
    store.prepare()
    return S3Store(S3Options(**{**values, "endpoint": endpoint}), pause=time.sleep) if endpoint else store


@contextmanager
def s3_server() -> Iterator[S3Server]:
    """Start SeaweedFS in a folder of its own; end it and remove the folder afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="s3-"))
    identity = {
        "name": "tests",
        "credentials": [{"accessKey": ACCESS_KEY, "secretKey": SECRET_KEY}],
        "actions": ["Admin", "Read", "Write", "List", "Tagging"],
    }
    (folder / "s3.json").write_text(json.dumps({"identities": [identity]}))
    (folder / "tmp").mkdir()
    (folder / "data").mkdir()
    process, port = _start(folder)
    try:
        yield S3Server(endpoint=f"127.0.0.1:{port}", process=process, folder=folder)
    finally:
        _stop(process)
        shutil.rmtree(folder, ignore_errors=True)


def _start(folder: Path) -> tuple[subprocess.Popen[bytes], int]:
    for _ in range(5):
        ports = _free_ports(5)
        log = (folder / "weed.log").open("ab")
        process = subprocess.Popen(
            _command(folder, ports),
            env=_environment(folder),
            cwd=folder,
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
        )
        log.close()
        if _becomes_healthy(process, ports["s3.port"]):
            return process, ports["s3.port"]
        _stop(process)
    raise RuntimeError(f"SeaweedFS did not start: {(folder / 'weed.log').read_text('utf-8', 'replace')[-2000:]}")


def _command(folder: Path, ports: Mapping[str, int]) -> list[str]:
    program = Path(sys.executable).with_name("weed")
    options = {
        "dir": folder / "data",
        "ip": "127.0.0.1",
        "ip.bind": "127.0.0.1",
        "master.telemetry": "false",
        "volume.max": 4096,
        "filer.localSocket": folder / "filer.sock",
        "s3.config": folder / "s3.json",
        "s3.localSocket": folder / "s3.sock",
        "s3.port.iceberg": 0,
        "s3.port.lance": 0,
        "s3.autoCreateBucket": "false",
        "s3.allowDeleteBucketNotEmpty": "false",
        "webdav": "false",
        "admin.ui": "false",
        **ports,
    }
    mini = [f"-{name}={value}" for name, value in options.items()]
    return [str(program), f"-logdir={folder}", "-alsologtostderr=false", "mini", *mini]


def _environment(folder: Path) -> dict[str, str]:
    names = (
        "WEED_JWT_SIGNING_KEY",
        "WEED_JWT_FILER_SIGNING_KEY",
        "WEED_JWT_FILER_SIGNING_READ_KEY",
        "WEED_ADMIN_PASSWORD",
    )
    return {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(folder),
        "TMPDIR": str(folder / "tmp"),
        "GOMEMLIMIT": "500MiB",
        "WEED_S3_SSE_KEY": secrets.token_hex(32),
        "WEED_MASTER_VOLUME_GROWTH_COPY_1": "1",
        **{name: secrets.token_hex(16) for name in names},
    }


def _becomes_healthy(process: subprocess.Popen[bytes], port: int) -> bool:
    give_up = time.monotonic() + 60
    while time.monotonic() < give_up and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
                if answer.status == 200:
                    return True
        except OSError:
            time.sleep(0.1)
    return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End it at once: its folder is thrown away, so there is nothing that it must put in order."""
    process.kill()
    process.wait()


def _free_ports(count: int) -> dict[str, int]:
    """Return free ports whose gRPC ports, 10,000 above, are free as well."""
    names = ("master.port", "volume.port", "filer.port", "s3.port", "admin.port")[:count]
    with ExitStack() as stack:
        found: list[int] = []
        while len(found) < count:
            port = 20000 + secrets.randbelow(30000)
            if all(_bind(stack, number) for number in (port, port + 10000)):
                found.append(port)
    return dict(zip(names, found, strict=True))


def _bind(stack: ExitStack, port: int) -> bool:
    probe = stack.enter_context(socket.socket())
    try:
        probe.bind(("127.0.0.1", port))
    except OSError:
        return False
    return True

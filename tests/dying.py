"""Stores and processes that die at a chosen write, and processes that all store the same paper."""

import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from domain.errors import DocumentError
from domain.models import ObjectRef
from storage.claims import Claims
from storage.objects import DirectoryStore, ObjectStat, ObjectStore
from storage.ocfl import OcflStore
from storage.ocfl_inventory import VersionNote

ROOT = "ab/owner/paper"
IDENTIFIER = "urn:sohoa:paper:1"
NOTE = VersionNote(message="Chứng thực", user="Trần Thị Bình", at=datetime(2026, 11, 21, 8, 30, tzinfo=UTC))
FILES = {"copy.pdf": b"%PDF", "metadata.json": b"{}", "source/0001.pdf": b"scan"}
CHANGES = {"copy.pdf": b"%PDF new", "withdrawal.json": b"{}"}


class Killed(BaseException):
    """The process ends here."""


class DyingStore:
    """Passes everything on, one write after the other as in a bucket, and dies at a write: before it or behind it."""

    def __init__(self, store: ObjectStore, *, at: int = 0, behind: bool = False) -> None:
        self.store = store
        self.at = at
        self.behind = behind
        self.writes = 0

    atomic_trees = False

    def write(self, action: Callable[[], Any]) -> Any:
        self.writes += 1
        if self.writes == self.at and not self.behind:
            raise Killed
        result = action()
        if self.writes == self.at:
            raise Killed
        return result

    def put(self, key: str, data: bytes, *, retain_until: datetime | None = None) -> ObjectRef:
        return self.write(lambda: self.store.put(key, data, retain_until=retain_until))

    def put_tree(self, prefix: str, objects: Mapping[str, bytes]) -> None:
        for key, data in objects.items():
            self.put(prefix + key, data)

    def replace(self, key: str, data: bytes, *, expected_sha512: str) -> ObjectRef:
        return self.write(lambda: self.store.replace(key, data, expected_sha512=expected_sha512))

    def get(self, key: str, *, sha512: str = "") -> bytes:
        return self.store.get(key, sha512=sha512)

    def read(self, key: str, *, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        return self.store.read(key, start=start, length=length)

    def stat(self, key: str) -> ObjectStat:
        return self.store.stat(key)

    def exists(self, key: str) -> bool:
        return self.store.exists(key)

    def list(self, prefix: str = "") -> Iterator[ObjectStat]:
        return self.store.list(prefix)

    def folders(self, prefix: str = "") -> Iterator[str]:
        return self.store.folders(prefix)

    def delete(self, key: str) -> None:
        self.write(lambda: self.store.delete(key))

    def delete_tree(self, prefix: str) -> None:
        for stat in tuple(self.store.list(prefix)):
            self.delete(stat.key)
        if list(self.store.list(prefix)) == []:
            self.store.delete_tree(prefix)

    def clean(self, *, older_than: datetime) -> int:
        return self.store.clean(older_than=older_than)

    def lock(self, prefix: str, *, until: datetime) -> None:
        self.write(lambda: self.store.lock(prefix, until=until))

    def hold(self, prefix: str, *, held: bool) -> None:
        self.store.hold(prefix, held=held)

    def link(self, key: str, *, seconds: int, name: str = "") -> str:
        return self.store.link(key, seconds=seconds, name=name)


def open_ocfl(store: ObjectStore, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> OcflStore:
    """Return an archive on the store, as a new process would open it."""
    return OcflStore(store, Claims(store, now=now, pause=time.sleep), prefix="owners/")


def create(archive: OcflStore) -> None:
    archive.create(ROOT, IDENTIFIER, FILES, NOTE)


def extend(archive: OcflStore) -> None:
    archive.add_version(ROOT, CHANGES, NOTE)


def remove(archive: OcflStore) -> None:
    archive.remove(ROOT)


ACTIONS = {"create": create, "extend": extend, "remove": remove}


def store_mine(folder: str, number: int) -> str:
    """Store a paper of the same name as all others do, in a process of its own; say what became of it."""
    archive = open_ocfl(DirectoryStore(Path(folder)))
    files = {**FILES, "copy.pdf": str(number).encode()}
    try:
        archive.create(ROOT, IDENTIFIER, files, NOTE)
    except DocumentError as error:
        return type(error).__name__
    return "stored"


def extend_mine(folder: str, number: int) -> str:
    """Add a version as all others do, in a process of its own; say what became of it."""
    try:
        open_ocfl(DirectoryStore(Path(folder))).add_version(ROOT, {f"note-{number}.txt": b"%d" % number}, NOTE)
    except DocumentError as error:
        return type(error).__name__
    return "stored"


def die_at_system_call(folder: Path, action: str, at: int) -> bool:
    """Do it in a child process that ends at this call that writes; return whether it came to its end before."""
    child = os.fork()
    if child == 0:
        count = 0
        for name in ("open", "fsync", "link", "rename", "replace", "unlink", "mkdir", "rmdir"):
            original = getattr(os, name)

            def dying(*arguments: Any, original: Any = original, **options: Any) -> Any:
                nonlocal count
                count += 1
                if count == at:
                    os._exit(137)
                return original(*arguments, **options)

            setattr(os, name, dying)
        ACTIONS[action](open_ocfl(DirectoryStore(folder)))
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


if __name__ == "__main__":
    print(die_at_system_call(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])))  # noqa: T201

"""The object store: what every back end promises, and the directory that keeps the promise by itself."""

import errno
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from domain.errors import ObjectExists, ObjectMissing, StorageError, StoreUnavailable
from domain.models import ObjectRef
from domain.wording import system_reason
from storage.files import entries, place_file, place_tree, remove_empty, sync_folders, write_new, write_tree
from storage.keys import check_key, check_prefix, reference, require_digest, sha512_of

_STAGING = ".staging"
_PIECE = 1 << 20
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FORBIDDEN = {errno.EROFS, errno.EACCES, errno.EPERM}


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectStat:
    """What a store knows of an object without reading it."""

    key: str
    size: int
    """In bytes."""


class ObjectStore(Protocol):
    """Bytes under keys. An object is written once; only `replace` puts other bytes under a key."""

    @property
    def atomic_trees(self) -> bool:
        """Whether `put_tree` shows all of its objects at once or none of them, whatever happens."""

    def put(self, key: str, data: bytes, *, retain_until: datetime | None = None) -> ObjectRef:
        """Create an object; the same bytes again are no change.

        Args:
            retain_until: Until then the back end itself refuses to delete it, if it can; a directory cannot.

        Raises:
            ObjectExists: other bytes have this key.
            StoreUnavailable: the store is full, read-only or cannot be reached.
        """

    def put_tree(self, prefix: str, objects: Mapping[str, bytes]) -> None:
        """Create objects, by their keys behind the prefix, where nothing has this prefix; the last is written last.

        The same objects again are no change.

        Raises:
            ObjectExists: other objects have this prefix.
            StoreUnavailable: the store is full, read-only or cannot be reached.
        """

    def replace(self, key: str, data: bytes, *, expected_sha512: str) -> ObjectRef:
        """Put other bytes under a key that holds the bytes of this digest.

        Raises:
            ObjectMissing: there is no such object.
            ObjectExists: it holds neither the expected bytes nor the new ones.
            StoreUnavailable: the store is full, read-only or cannot be reached.
        """

    def get(self, key: str, *, sha512: str = "") -> bytes:
        """Return the bytes of an object, checked against the digest if one is given.

        Raises:
            ObjectMissing: there is no such object.
            ObjectCorrupt: the bytes are not those that were written.
            StoreUnavailable: the store cannot be reached.
        """

    def read(self, key: str, *, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """Yield the bytes of an object, or a range of them, piece by piece and unchecked.

        Raises:
            ObjectMissing: there is no such object.
            StoreUnavailable: the store cannot be reached.
        """

    def stat(self, key: str) -> ObjectStat:
        """Return what is known of an object.

        Raises:
            ObjectMissing: there is no such object.
            StoreUnavailable: the store cannot be reached.
        """

    def exists(self, key: str) -> bool:
        """Return whether there is such an object.

        Raises:
            StoreUnavailable: the store cannot be reached.
        """

    def list(self, prefix: str = "") -> Iterator[ObjectStat]:
        """Yield all objects behind a prefix that is empty or ends with a slash, in the order of their keys.

        Raises:
            StoreUnavailable: the store cannot be reached.
        """

    def folders(self, prefix: str = "") -> Iterator[str]:
        """Yield the names of what stands one level behind the prefix with a slash after it, in the order of keys.

        Raises:
            StoreUnavailable: the store cannot be reached.
        """

    def delete(self, key: str) -> None:
        """Take an object away, if it is there: for lawful deletion and what an unfinished write left behind.

        Raises:
            StoreUnavailable: the store cannot be reached, or it holds the object under a lock.
        """

    def delete_tree(self, prefix: str) -> None:
        """Take everything behind a prefix away, all at once where `atomic_trees` holds.

        Raises:
            StoreUnavailable: the store cannot be reached, or it holds an object under a lock.
        """

    def clean(self, *, older_than: datetime) -> int:
        """Take away what writers left that died before this time, where nobody sees it; return how many pieces.

        Raises:
            StoreUnavailable: the store cannot be reached.
        """

    def lock(self, prefix: str, *, until: datetime) -> None:
        """Make the back end itself refuse to delete anything that is behind the prefix before this time, if it can.

        Raises:
            StoreUnavailable: the store cannot be reached.
        """

    def hold(self, prefix: str, *, held: bool) -> None:
        """Make the back end itself refuse to delete anything behind the prefix, or end that, if it can.

        Raises:
            StoreUnavailable: the store cannot be reached.
        """

    def link(self, key: str, *, seconds: int, name: str = "") -> str:
        """Return a link by which anyone can download the object for so long, under that file name.

        Raises:
            NoLink: this back end has none.
        """


class NoLink(StorageError):
    """This store cannot make download links; send the bytes instead."""


class DirectoryStore:
    """Objects as files below one folder.

    What is being written stands in `.staging` there (the same file system, and never inside an archived object),
    and gets its name only when all of it is on the disk.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def atomic_trees(self) -> bool:
        """True: a tree gets its name by one rename."""
        return True

    def put(self, key: str, data: bytes, *, retain_until: datetime | None = None) -> ObjectRef:
        """Create an object; the same bytes again are no change."""
        path, made = self._path(key), reference(key, data)
        with self._translated():
            staged = self._staging_name()
            try:
                write_new(staged, data)
                while not place_file(staged, path):
                    with suppress(FileNotFoundError):  # deleted at this moment: then the name is free again
                        if _digest_of(path) != made.sha512:
                            raise _exists(key)
                        break
            finally:
                staged.unlink(missing_ok=True)
        return made

    def put_tree(self, prefix: str, objects: Mapping[str, bytes]) -> None:
        """Create objects where nothing has this prefix, all at once; no empty folder shows either."""
        target = self._path(check_prefix(prefix)[:-1])
        files = {check_key(key): data for key, data in objects.items()}
        with self._translated():
            staged = self._staging_name()
            try:
                write_tree(staged, files)
                if not place_tree(staged, target) and not self._holds_tree(target, files):
                    raise _exists(prefix)
            finally:
                shutil.rmtree(staged, ignore_errors=True)

    def replace(self, key: str, data: bytes, *, expected_sha512: str) -> ObjectRef:
        """Put other bytes under a key that holds the bytes of this digest."""
        path, made = self._path(key), reference(key, data)
        with self._translated(key):
            if _digest_of(path) not in (expected_sha512, made.sha512):
                raise _exists(key)
            staged = self._staging_name()
            try:
                write_new(staged, data)
                staged.replace(path)
            finally:
                staged.unlink(missing_ok=True)
            sync_folders((path.parent,))
        return made

    def get(self, key: str, *, sha512: str = "") -> bytes:
        """Return the bytes of an object, checked against the digest if one is given."""
        path = self._path(key)
        with self._translated(key):
            data = path.read_bytes()
        require_digest(key, data, sha512)
        return data

    def read(self, key: str, *, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """Yield the bytes of an object, or a range of them, piece by piece and unchecked."""
        path = self._path(key)
        with self._translated(key), path.open("rb", buffering=0) as file:
            file.seek(start)
            left = path.stat().st_size - start if length is None else length
            while left > 0 and (piece := file.read(min(_PIECE, left))):
                left -= len(piece)
                yield piece

    def stat(self, key: str) -> ObjectStat:
        """Return what is known of an object."""
        path = self._path(key)
        with self._translated(key):
            if not path.is_file():
                raise FileNotFoundError(errno.ENOENT, "no file", str(path))
            return ObjectStat(key=key, size=path.stat().st_size)

    def exists(self, key: str) -> bool:
        """Return whether there is such an object."""
        with self._translated():
            return self._path(key).is_file()

    def list(self, prefix: str = "") -> Iterator[ObjectStat]:
        """Yield all objects behind the prefix in the order of their keys, foreign files among them."""
        with self._translated():
            yield from self._walk(self._prefix_path(prefix), prefix)

    def folders(self, prefix: str = "") -> Iterator[str]:
        """Yield the names of the folders one level behind the prefix, in the order of keys."""
        folder = self._prefix_path(prefix)
        with self._translated():
            found = sorted(entries(folder), key=lambda entry: entry.name + "/")
            yield from (e.name for e in found if e.name != _STAGING and e.is_dir(follow_symlinks=False))

    def delete(self, key: str) -> None:
        """Take an object away, if it is there, and the folders that get empty by it."""
        path = self._path(key)
        with self._translated():
            path.unlink(missing_ok=True)
            remove_empty(path.parent, below=self._folder)

    def delete_tree(self, prefix: str) -> None:
        """Take everything behind a prefix away, all at once, and the folders that get empty by it."""
        target = self._path(check_prefix(prefix)[:-1])
        with self._translated():
            staged = self._staging_name()
            with suppress(FileNotFoundError):
                target.rename(staged)
            remove_empty(target.parent, below=self._folder)
            shutil.rmtree(staged, ignore_errors=True)

    def lock(self, prefix: str, *, until: datetime) -> None:
        """Do nothing: a directory has no locks."""

    def hold(self, prefix: str, *, held: bool) -> None:
        """Do nothing: a directory has no locks."""

    def link(self, key: str, *, seconds: int, name: str = "") -> str:
        """Refuse: a directory has no links.

        Raises:
            NoLink: always.
        """
        raise NoLink("Kho dạng thư mục không có liên kết tải về; lấy tệp bằng `sohoa warehouse get`.")

    def clean(self, *, older_than: datetime) -> int:
        """Take away what writers left in staging that died before this time; return how many pieces."""
        limit = older_than.timestamp()
        with self._translated():
            left = [e for e in entries(self._folder / _STAGING) if e.stat(follow_symlinks=False).st_mtime < limit]
            for entry in left:
                if entry.is_dir(follow_symlinks=False):
                    shutil.rmtree(entry.path, ignore_errors=True)
                else:
                    Path(entry.path).unlink(missing_ok=True)
        return len(left)

    def _path(self, key: str) -> Path:
        return self._folder.joinpath(*check_key(key).split("/"))

    def _prefix_path(self, prefix: str) -> Path:
        return self._path(prefix[:-1]) if check_prefix(prefix) else self._folder

    def _staging_name(self) -> Path:
        staging = self._folder / _STAGING
        staging.mkdir(mode=0o750, parents=True, exist_ok=True)
        return staging / f"{os.getpid()}-{secrets.token_hex(8)}"

    def _holds_tree(self, target: Path, files: Mapping[str, bytes]) -> bool:
        if {stat.key for stat in self._walk(target, "")} != files.keys():
            return False
        return all(_digest_of(target / name) == sha512_of(data) for name, data in files.items())

    def _walk(self, folder: Path, prefix: str) -> Iterator[ObjectStat]:
        def order(entry: os.DirEntry[str]) -> str:
            return entry.name + "/" if entry.is_dir(follow_symlinks=False) else entry.name

        for entry in sorted(entries(folder), key=order):
            if folder == self._folder and entry.name == _STAGING:
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from self._walk(Path(entry.path), f"{prefix}{entry.name}/")
            else:
                yield ObjectStat(key=prefix + entry.name, size=entry.stat(follow_symlinks=False).st_size)

    @contextmanager
    def _translated(self, key: str = "") -> Iterator[None]:
        try:
            yield
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
            if not key:
                raise StoreUnavailable(f"Không mở được kho lưu trữ {self._folder}; hãy kiểm tra ổ đĩa.") from error
            raise ObjectMissing(
                f"Không có «{key}» trong kho lưu trữ; hãy kiểm tra lại mã hoặc báo quản trị viên."
            ) from error
        except OSError as error:
            raise StoreUnavailable(_explained(error, self._folder)) from error


def _explained(error: OSError, folder: Path) -> str:
    if error.errno in _FULL:
        return (
            f"Ổ đĩa của kho lưu trữ {folder} đã đầy; hãy giải phóng dung lượng rồi chạy lại, không mất dữ liệu đã lưu."
        )
    if error.errno in _FORBIDDEN:
        return f"Không ghi được vào kho lưu trữ {folder}: chỉ đọc hoặc thiếu quyền; hãy báo quản trị viên."
    return f"Kho lưu trữ {folder} không làm việc được ({system_reason(error)}); hãy kiểm tra ổ đĩa rồi chạy lại."


def _exists(key: str) -> ObjectExists:
    return ObjectExists(f"Trong kho lưu trữ đã có «{key}» với nội dung khác; dữ liệu đã lưu không bao giờ bị ghi đè.")


def _digest_of(path: Path) -> str:
    return sha512_of(path.read_bytes())

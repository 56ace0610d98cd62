"""Files that are on the disk, whole, before they get their names."""

import errno
import os
import shutil
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

_TRIES = 20
_PARALLEL = 8
_THERE = (errno.ENOTEMPTY, errno.EEXIST)


def write_new(path: Path, data: bytes) -> None:
    """Write a new file and wait until the disk has it; nothing is left of one that fails.

    Raises:
        OSError: it cannot be written.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o640)
    try:
        with os.fdopen(descriptor, "wb", buffering=0) as file:
            view = memoryview(data)
            while view:
                view = view[file.write(view) :]
            os.fsync(descriptor)
    except OSError:
        path.unlink(missing_ok=True)
        raise


def write_tree(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write a new folder with files, by their paths with slashes: side by side, for the disk takes many as fast as one.

    Raises:
        OSError: a file cannot be written.
    """
    paths = {folder.joinpath(*name.split("/")): data for name, data in files.items()}
    folders = {folder} | {parent for path in paths for parent in path.parents if folder in parent.parents}
    for new in sorted(folders):
        new.mkdir(mode=0o750)
    with ThreadPoolExecutor(_PARALLEL) as executor:
        for _ in executor.map(write_new, paths.keys(), paths.values()):
            pass
    sync_folders(folders)


def place_file(staged: Path, path: Path) -> bool:
    """Give a file its name; return false if another one has it.

    Raises:
        OSError: the folder cannot be made or written.
    """
    for attempt in range(_TRIES):
        try:
            changed = make_folders(path.parent)
            _name_once(staged, path)
        except (FileExistsError, FileNotFoundError) as error:
            if isinstance(error, FileExistsError) and path.exists():
                sync_folders((path.parent,))
                return False
            if attempt + 1 == _TRIES:  # else: somebody found the new folder empty and took it away
                raise
        else:
            sync_folders({path.parent, *changed})
            break
    return True


def place_tree(staged: Path, target: Path) -> bool:
    """Give a folder its name, together with all folders above it that are missing; return false if files stand there.

    Raises:
        OSError: the folder cannot be made or written.
    """
    nest = staged.with_name(f"{staged.name}.nest")
    for attempt in range(_TRIES):
        top = _topmost_missing(target)
        place = nest.joinpath(*target.relative_to(top).parts)
        try:
            place.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
            staged.rename(place)
            sync_folders({parent for parent in place.parents if nest == parent or nest in parent.parents})
            nest.rename(top)
        except OSError as error:
            place.rename(staged)
            shutil.rmtree(nest, ignore_errors=True)
            if error.errno in _THERE and top == target and target.exists():
                return False
            if attempt + 1 == _TRIES or error.errno not in (*_THERE, errno.ENOENT):
                raise
        else:
            sync_folders((top.parent,))
            break
    return True


def make_folders(folder: Path) -> set[Path]:
    """Make a folder and those above it; return the folders that have a new entry by that.

    Raises:
        OSError: a folder cannot be made.
    """
    missing = []
    while not folder.is_dir():
        missing.append(folder)
        folder = folder.parent
    for new in reversed(missing):
        new.mkdir(mode=0o750, exist_ok=True)
    return {new.parent for new in missing}


def remove_empty(folder: Path, *, below: Path) -> None:
    """Take a folder away if it is empty or gone, and then those above it, up to one that stays in any case."""
    while folder != below:
        try:
            folder.rmdir()
        except FileNotFoundError:
            pass
        except OSError:
            break
        folder = folder.parent
    sync_folders((folder,))


def entries(folder: Path) -> tuple[os.DirEntry[str], ...]:
    """Return what a folder holds; nothing if there is none.

    Raises:
        OSError: it cannot be read.
    """
    try:
        with os.scandir(folder) as found:
            return tuple(found)
    except FileNotFoundError:
        return ()


def sync_folders(folders: Collection[Path]) -> None:
    """Wait until the disk has the entries of these folders; not needed on Windows.

    Raises:
        OSError: the disk does not take them.
    """
    if os.name == "nt":
        return
    with ThreadPoolExecutor(_PARALLEL) as executor:
        for _ in executor.map(_sync_folder, folders):
            pass


def _sync_folder(folder: Path) -> None:
    with suppress(FileNotFoundError):  # taken away since by somebody who found it empty
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _name_once(staged: Path, path: Path) -> None:
    """Give the file a name if nothing has it: by a hard link, on Windows by a rename, which refuses there."""
    if os.name == "nt":
        staged.rename(path)
    else:
        path.hardlink_to(staged)


def _topmost_missing(target: Path) -> Path:
    top = target
    while not top.parent.is_dir():
        top = top.parent
    return top

"""Copying an archive from one store to another: for backups, and to move between a folder and a bucket."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby

from domain.errors import ObjectExists, ObjectMissing
from storage.keys import sha512_of
from storage.objects import ObjectStat, ObjectStore
from storage.ocfl_inventory import INVENTORY, SIDECAR, read_inventory, write_sidecar
from storage.papers import OWNERS

_ROOT_PARTS = 4
"""In a key: `owners`, two levels of the owner, the document."""


def copy_store(
    source: ObjectStore,
    target: ObjectStore,
    *,
    workers: int = 4,
    progress: Callable[[ObjectStat], None] = lambda _stat: None,
) -> int:
    """Copy what the target does not have yet; return how many objects that were.

    Claims are left out. Of each paper the root inventory comes last, and only if all that it lists was copied. So a
    copy that is interrupted, or made while papers are stored, holds no paper by half; the next copy completes it.

    Raises:
        StoreUnavailable: a store cannot be reached, is full or read-only.
        ObjectExists: the target holds something else under a name of the source.
        ObjectCorrupt: an inventory of the source is damaged.
    """
    copied = 0
    with ThreadPoolExecutor(workers) as executor:
        for root, group in groupby(source.list(), key=_root_of):
            here = {stat.key.removeprefix(root): stat for stat in group}
            frame = {name: here.pop(name) for name in (SIDECAR, INVENTORY) if root and name in here}
            others = [stat for stat in here.values() if not stat.key.startswith("claims/")]
            for stat, new in zip(others, executor.map(lambda s: _copy(source, target, s), others), strict=True):
                copied += new
                progress(stat)
            if frame:
                copied += sum(_copy_frame(source, target, root, here))
                for stat in frame.values():
                    progress(stat)
    return copied


def _root_of(stat: ObjectStat) -> str:
    """Return the folder of a paper with a slash, empty for what lies beside the papers."""
    parts = stat.key.split("/")
    return "/".join(parts[:_ROOT_PARTS]) + "/" if stat.key.startswith(OWNERS) and len(parts) > _ROOT_PARTS else ""


def _copy(source: ObjectStore, target: ObjectStore, stat: ObjectStat) -> bool:
    """Copy one object that never changes."""
    if target.exists(stat.key):
        if target.stat(stat.key).size != stat.size:
            raise ObjectExists(f"Bản sao có «{stat.key}» với nội dung khác; hãy kiểm tra bằng sohoa audit.")
        return False
    try:
        target.put(stat.key, source.get(stat.key))
    except ObjectMissing:
        return False  # deleted since it was listed
    return True


def _copy_frame(source: ObjectStore, target: ObjectStore, root: str, here: Mapping[str, ObjectStat]) -> Iterator[bool]:
    """Copy the root inventory and its digest, if what it lists was there when the source was listed."""
    data = source.get(root + INVENTORY)
    inventory = read_inventory(data, root + INVENTORY)
    if inventory.digests().keys() <= here.keys() and f"v{inventory.head.number}/{SIDECAR}" in here:
        yield _put(target, root + SIDECAR, write_sidecar(data))
        yield _put(target, root + INVENTORY, data)


def _put(target: ObjectStore, key: str, data: bytes) -> bool:
    try:
        there = target.get(key)
    except ObjectMissing:
        target.put(key, data)
        return True
    if there != data:
        target.replace(key, data, expected_sha512=sha512_of(there))
    return there != data

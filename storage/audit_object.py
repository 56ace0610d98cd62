"""Fixity of one paper: its inventories hold together, and its files have the digests that these say."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.errors import ObjectCorrupt, ObjectMissing, StoreUnavailable
from storage.keys import sha512_of
from storage.objects import ObjectStat, ObjectStore
from storage.ocfl_inventory import INVENTORY, SIDECAR, Inventory, read_inventory, read_sidecar

_DECLARATION = "0=ocfl_object_1.1"
_DECLARED = b"ocfl_object_1.1\n"


class FindingCode(StrEnum):
    """What is wrong; the words are in `configs/messages/audit.toml`."""

    CHANGED = "audit_changed"
    """The bytes do not have the digest on record."""
    MISSING = "audit_missing"
    FOREIGN = "audit_foreign"
    """Nothing of ours has this name."""
    UNREADABLE = "audit_unreadable"
    """The store or the disk does not give the bytes out."""
    INVENTORY = "audit_inventory"
    """An inventory cannot be read, or contradicts its digest or an earlier one."""
    UNFINISHED = "audit_unfinished"
    """A write goes on, or its writer is gone and nobody healed it yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that is wrong in the archive."""

    code: FindingCode
    root: str = ""
    """Folder of the paper behind `owners/`, empty beside the papers; its last part is the document's identifier."""
    key: str
    """Of the object in the store."""
    expected: str = ""
    """Digest on record, hexadecimal, where there is one."""
    actual: str = ""
    """Digest of what is there."""


def audit_paper(store: ObjectStore, prefix: str, root: str, stats: Sequence[ObjectStat]) -> Iterator[Finding]:
    """Compare a paper's files with its inventories.

    Args:
        stats: All objects that stand in the paper's folder.
    """
    base = f"{prefix}{root}/"
    there = {stat.key.removeprefix(base) for stat in stats}
    if INVENTORY not in there:
        yield Finding(code=FindingCode.MISSING, root=root, key=base + INVENTORY)
        return
    try:
        data = store.get(base + INVENTORY)
        inventory = read_inventory(data, base + INVENTORY)
    except (ObjectCorrupt, ObjectMissing):
        yield Finding(code=FindingCode.INVENTORY, root=root, key=base + INVENTORY)
        return
    except StoreUnavailable:
        yield Finding(code=FindingCode.UNREADABLE, root=root, key=base + INVENTORY)
        return
    digests = inventory.digests()
    expected = {*digests, *_frame(inventory)}
    yield from (Finding(code=FindingCode.MISSING, root=root, key=base + name) for name in sorted(expected - there))
    yield from (Finding(code=FindingCode.FOREIGN, root=root, key=base + name) for name in sorted(there - expected))
    yield from _audit_frame(store, root, base, inventory, data, there)
    for name in sorted(there & digests.keys()):
        yield from hash_object(store, root, base + name, digests[name])


def hash_object(
    store: ObjectStore, root: str, key: str, expected: str, *, algorithm: str = "sha512"
) -> Iterator[Finding]:
    """Compare the bytes of one object with a digest."""
    digest = hashlib.new(algorithm)
    try:
        for piece in store.read(key):
            digest.update(piece)
    except ObjectMissing:
        yield Finding(code=FindingCode.MISSING, root=root, key=key, expected=expected)
        return
    except (StoreUnavailable, ObjectCorrupt):
        yield Finding(code=FindingCode.UNREADABLE, root=root, key=key, expected=expected)
        return
    if digest.hexdigest() != expected:
        yield Finding(code=FindingCode.CHANGED, root=root, key=key, expected=expected, actual=digest.hexdigest())


def _frame(inventory: Inventory) -> Iterator[str]:
    """Yield the names of what surrounds the content."""
    yield from (_DECLARATION, INVENTORY, SIDECAR)
    for version in inventory.versions:
        yield from (f"v{version.number}/{INVENTORY}", f"v{version.number}/{SIDECAR}")


def _audit_frame(
    store: ObjectStore, root: str, base: str, inventory: Inventory, data: bytes, there: set[str]
) -> Iterator[Finding]:
    if _DECLARATION in there and _bytes(store, base + _DECLARATION) != _DECLARED:
        yield Finding(code=FindingCode.CHANGED, root=root, key=base + _DECLARATION)
    if inventory.id.rpartition(":")[2] != root.rpartition("/")[2]:
        yield Finding(code=FindingCode.INVENTORY, root=root, key=base + INVENTORY)
    if SIDECAR in there:
        yield from _audit_sidecar(store, root, base, SIDECAR, data)
    for version in inventory.versions:
        name, sidecar = f"v{version.number}/{INVENTORY}", f"v{version.number}/{SIDECAR}"
        if not {name, sidecar} <= there:
            continue
        content = _bytes(store, base + name)
        yield from _audit_sidecar(store, root, base, sidecar, content)
        if not _continues(content, inventory, version.number) or (version == inventory.head and content != data):
            yield Finding(code=FindingCode.INVENTORY, root=root, key=base + name)


def _audit_sidecar(store: ObjectStore, root: str, base: str, sidecar: str, content: bytes) -> Iterator[Finding]:
    """Compare an inventory with the digest beside it."""
    expected, actual = read_sidecar(_bytes(store, base + sidecar)), sha512_of(content)
    if expected != actual:
        key = base + sidecar.removesuffix(".sha512")
        yield Finding(code=FindingCode.CHANGED, root=root, key=key, expected=expected, actual=actual)


def _continues(content: bytes, newest: Inventory, number: int) -> bool:
    """Return whether the newest inventory says of a version and those before what the version's own one says."""
    try:
        earlier = read_inventory(content, "")
    except ObjectCorrupt:
        return False
    same_versions = earlier.versions == newest.versions[:number] and earlier.id == newest.id
    return same_versions and earlier.manifest.items() <= newest.manifest.items()


def _bytes(store: ObjectStore, key: str) -> bytes:
    """Return the bytes, or none where they cannot be had: then no digest fits them."""
    try:
        return store.get(key)
    except (ObjectMissing, ObjectCorrupt, StoreUnavailable):
        return b""

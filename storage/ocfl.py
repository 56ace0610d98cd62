"""An OCFL 1.1 storage root: objects are written whole, versions added, unfinished writes healed."""

import logging
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.errors import ObjectCorrupt, ObjectExists, ObjectMissing
from storage.claims import Claim, Claims, Purpose
from storage.keys import check_key, check_prefix, require_digest, sha512_of
from storage.objects import ObjectStore
from storage.ocfl_inventory import (
    INVENTORY,
    SIDECAR,
    Inventory,
    VersionNote,
    first_inventory,
    next_inventory,
    read_inventory,
    read_sidecar,
    write_inventory,
    write_sidecar,
)

log = logging.getLogger(__name__)

ROOT_DECLARATION = ("0=ocfl_1.1", b"ocfl_1.1\n")
_OBJECT_DECLARATION = ("0=ocfl_object_1.1", b"ocfl_object_1.1\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Healed:
    """An unfinished write that was brought to an end."""

    root: str
    finished: bool
    """Whether something was still to be written and now is; otherwise what was unfinished is gone."""


class OcflStore:
    """Objects of OCFL 1.1 behind a prefix of an object store.

    The root inventory is written last: with it a version exists. Who writes holds a claim on the object, so
    that two writers make one object, and `heal` can tell a write that goes on from one whose writer died.
    """

    def __init__(
        self,
        store: ObjectStore,
        claims: Claims,
        *,
        prefix: str,
        locked_until: Callable[[str], datetime | None] = lambda _root: None,
    ) -> None:
        """Open a storage root.

        Args:
            locked_until: Until when the back end itself refuses to delete what an object holds, if it can. What is
                unfinished is never locked: otherwise nobody could take it away.
        """
        self._store = store
        self._locked_until = locked_until
        self._claims = claims
        self._prefix = check_prefix(prefix)

    @property
    def prefix(self) -> str:
        """What the keys of the storage root begin with."""
        return self._prefix

    def initialize(self) -> None:
        """Declare the storage root; a second time is no change."""
        name, content = ROOT_DECLARATION
        if not self._store.exists(self._prefix + name):
            self._store.put(self._prefix + name, content)

    def create(
        self,
        root: str,
        identifier: str,
        files: Mapping[str, bytes],
        note: VersionNote,
    ) -> Inventory:
        """Write a new object into the folder `root` behind the prefix; the same files again are no change.

        Raises:
            ObjectExists: there is an object with other files.
            StoreUnavailable: the store is full, read-only or cannot be reached.
        """
        inventory, content = first_inventory(identifier, files, note)
        tree = _tree(inventory, content)
        if self._store.atomic_trees:
            return self._create_tree(root, inventory, tree)
        with self._claims.hold(root, Purpose.CREATE, settle=self._settle):
            created = self._create_tree(root, inventory, tree)
            self._lock(root)
            return created

    def add_version(
        self,
        root: str,
        changes: Mapping[str, bytes],
        note: VersionNote,
        *,
        removed: Collection[str] = (),
        expected_head: int | None = None,
    ) -> Inventory:
        """Write one version more, with these files new or changed; if nothing changes, there is no new version.

        Raises:
            ObjectMissing: there is no such object.
            ObjectExists: its newest version is not the expected one: somebody else was faster.
            StoreUnavailable: the store is full, read-only or cannot be reached.
        """
        with self._claims.hold(root, Purpose.EXTEND, settle=self._settle):
            current, digest = self._load(root)
            following, content = next_inventory(current, changes, removed, note)
            if following.head.state == current.head.state:
                return current
            if expected_head is not None and current.head.number != expected_head:
                raise ObjectExists(f"Hồ sơ lưu trữ «{root}» vừa được người khác cập nhật; hãy mở lại rồi làm tiếp.")
            folder = f"v{following.head.number}/"
            tree = {path.removeprefix(folder): data for path, data in _version_tree(following, content).items()}
            self._store.put_tree(self._key(root, folder), tree)
            self._commit(root, write_inventory(following), digest)
            self._lock(root)
            return following

    def inventory(self, root: str) -> Inventory:
        """Return the inventory of an object.

        Raises:
            ObjectMissing: there is no such object.
            ObjectCorrupt: the inventory was changed.
        """
        return self._load(root)[0]

    def read(self, root: str, name: str, *, version: int | None = None, inventory: Inventory | None = None) -> bytes:
        """Return a file of an object, checked against its digest.

        Raises:
            ObjectMissing: there is no such object, version or file.
            ObjectCorrupt: the bytes were changed.
        """
        known = inventory or self.inventory(root)
        try:
            path = known.content_path(name, version)
            digest = known.version(version).state[name]
        except KeyError as error:
            raise ObjectMissing(f"Hồ sơ lưu trữ «{root}» không có tệp «{name}»; hãy kiểm tra lại yêu cầu.") from error
        return self._store.get(self._key(root, path), sha512=digest)

    def content_key(self, root: str, name: str, *, version: int | None = None) -> str:
        """Return the key in the object store of a file's bytes, for a download link.

        Raises:
            ObjectMissing: there is no such object, version or file.
        """
        try:
            return self._key(root, self.inventory(root).content_path(name, version))
        except KeyError as error:
            raise ObjectMissing(f"Hồ sơ lưu trữ «{root}» không có tệp «{name}»; hãy kiểm tra lại yêu cầu.") from error

    def exists(self, root: str) -> bool:
        """Return whether there is a whole object in this folder."""
        return self._store.exists(self._key(root, INVENTORY))

    def roots(self, *, depth: int) -> Iterator[str]:
        """Yield the folders of all objects, sorted; they stand so many levels behind the prefix."""
        for stat in self._store.list(self._prefix):
            path = stat.key.removeprefix(self._prefix)
            if path.endswith("/" + INVENTORY) and path.count("/") == depth:
                yield path.removesuffix("/" + INVENTORY)

    def remove(self, root: str) -> None:
        """Take a whole object away: lawful deletion only. The root inventory goes first, so that it is gone at once.

        Raises:
            StoreUnavailable: the store cannot be reached, or holds the object under a lock.
        """
        with self._claims.hold(root, Purpose.REMOVE, settle=self._settle):
            self._clear(root)

    def hold(self, root: str, *, held: bool) -> None:
        """Make the back end itself refuse to delete an object, or end that, if it can."""
        self._store.hold(self._key(root, ""), held=held)

    def heal(self) -> tuple[Healed, ...]:
        """Bring every write to its end whose writer is gone."""
        healed: list[Healed] = []
        for claim in self._claims.abandoned():

            def settle(left: Claim) -> None:
                healed.append(Healed(root=left.root, finished=self._settle(left)))

            try:
                with self._claims.hold(claim.root, claim.purpose, settle=settle):
                    pass
            except ObjectCorrupt as error:
                log.warning("%s is damaged and was not healed: %s", claim.root, error)
        return tuple(healed)

    def _key(self, root: str, path: str) -> str:
        return f"{self._prefix}{check_key(root)}/{path}"

    def _create_tree(self, root: str, inventory: Inventory, tree: Mapping[str, bytes]) -> Inventory:
        try:
            self._store.put_tree(self._key(root, ""), tree)
        except ObjectExists:
            there = self.inventory(root)
            if there.id != inventory.id or there.versions[0].state != inventory.head.state:
                raise
            return there
        return inventory

    def _load(self, root: str) -> tuple[Inventory, str]:
        """Return the inventory and its digest; the sidecar in the version's folder, written once, vouches for it."""
        key = self._key(root, INVENTORY)
        data = self._store.get(key)
        inventory = read_inventory(data, key)
        try:
            sidecar = self._store.get(self._key(root, f"v{inventory.head.number}/{SIDECAR}"))
        except ObjectMissing as error:
            raise ObjectCorrupt(
                f"Bản kê «{key}» thiếu mã kiểm tra; hãy báo quản trị viên phục hồi từ bản sao lưu."
            ) from error
        digest = read_sidecar(sidecar)
        require_digest(key, data, digest or "0")
        return inventory, digest

    def _commit(self, root: str, inventory: bytes, expected: str) -> None:
        """Make the written version the newest: the sidecar, then the inventory."""
        sidecar = self._key(root, SIDECAR)
        self._store.replace(sidecar, write_sidecar(inventory), expected_sha512=sha512_of(self._store.get(sidecar)))
        self._store.replace(self._key(root, INVENTORY), inventory, expected_sha512=expected)

    def _lock(self, root: str) -> None:
        if (until := self._locked_until(root)) is not None:
            self._store.lock(self._key(root, ""), until=until)

    def _settle(self, claim: Claim) -> bool:
        """Finish what the holder of a claim began, if all of it is there, or take its traces away.

        Returns:
            Whether it stands.
        """
        root = claim.root
        if claim.purpose is Purpose.REMOVE or (claim.purpose is Purpose.CREATE and not self.exists(root)):
            self._clear(root)
            return claim.purpose is Purpose.REMOVE
        if not self.exists(root):
            return False
        current, digest = self._load(root)
        folder = f"v{current.head.number + 1}/"
        following = self._whole_version(root, folder)
        if following is not None:
            self._commit(root, following, digest)
            self._lock(root)
            return True
        self._store.delete_tree(self._key(root, folder))
        self._restore_sidecar(root, digest)
        self._lock(root)
        return claim.purpose is Purpose.CREATE

    def _whole_version(self, root: str, folder: str) -> bytes | None:
        """Return the inventory of a version that was written but not committed, if nothing of it is missing."""
        try:
            data = self._store.get(self._key(root, folder + INVENTORY))
            digest = read_sidecar(self._store.get(self._key(root, folder + SIDECAR)))
            require_digest(folder, data, digest or "0")
            inventory = read_inventory(data, folder)
            for path, expected in inventory.digests().items():
                if path.startswith(folder):
                    self._store.get(self._key(root, path), sha512=expected)
        except (ObjectMissing, ObjectCorrupt):
            return None
        return data

    def _restore_sidecar(self, root: str, digest: str) -> None:
        key = self._key(root, SIDECAR)
        right = f"{digest} {INVENTORY}\n".encode("ascii")
        there = self._store.get(key)
        if there != right:
            self._store.replace(key, right, expected_sha512=sha512_of(there))

    def _clear(self, root: str) -> None:
        if not self._store.atomic_trees:
            self._store.delete(self._key(root, INVENTORY))
        self._store.delete_tree(self._key(root, ""))


def _version_tree(inventory: Inventory, content: Mapping[str, bytes]) -> dict[str, bytes]:
    data, folder = write_inventory(inventory), f"v{inventory.head.number}/"
    return {**content, folder + SIDECAR: write_sidecar(data), folder + INVENTORY: data}


def _tree(inventory: Inventory, content: Mapping[str, bytes]) -> dict[str, bytes]:
    data = write_inventory(inventory)
    name, declaration = _OBJECT_DECLARATION
    return {**_version_tree(inventory, content), name: declaration, SIDECAR: write_sidecar(data), INVENTORY: data}

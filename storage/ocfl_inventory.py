"""The inventory of an OCFL 1.1 object: which bytes are which file in which version."""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast
from urllib.parse import quote

from domain.errors import ObjectCorrupt
from storage.keys import check_key, sha512_of

SIDECAR = "inventory.json.sha512"
INVENTORY = "inventory.json"
_TYPE = "https://ocfl.io/1.1/spec/#inventory"
_DIGEST = re.compile(r"[0-9a-f]{128}")


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionNote:
    """Who made a version, when and why."""

    message: str
    user: str
    at: datetime
    address: str = ""
    """A URI that stands for the user, e.g. `mailto:`; made from the name if empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One state of an object."""

    number: int
    """From 1."""
    note: VersionNote
    state: Mapping[str, str] = field(repr=False)
    """SHA-512 of each file by its name in the object."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """All versions of an object and where their bytes are."""

    id: str
    versions: tuple[Version, ...]
    manifest: Mapping[str, tuple[str, ...]] = field(repr=False)
    """Paths in the object by the SHA-512 of their bytes."""

    @property
    def head(self) -> Version:
        """The newest version."""
        return self.versions[-1]

    def version(self, number: int | None = None) -> Version:
        """Return a version by its number, the newest without one.

        Raises:
            KeyError: there is no such version.
        """
        if number is None:
            return self.head
        if not 1 <= number <= len(self.versions):
            raise KeyError(number)
        return self.versions[number - 1]

    def content_path(self, name: str, number: int | None = None) -> str:
        """Return the path in the object of the bytes that are this file in a version.

        Raises:
            KeyError: there is no such file or version.
        """
        return self.manifest[self.version(number).state[name]][0]

    def digests(self) -> dict[str, str]:
        """Return the SHA-512 of every content file by its path in the object."""
        return {path: digest for digest, paths in self.manifest.items() for path in paths}


def first_inventory(
    identifier: str, files: Mapping[str, bytes], note: VersionNote
) -> tuple[Inventory, dict[str, bytes]]:
    """Return the inventory of a new object, and the content files to write by their paths."""
    empty = Inventory(id=identifier, versions=(), manifest={})
    return _extended(empty, {}, files, note)


def next_inventory(
    current: Inventory, changes: Mapping[str, bytes], removed: Collection[str], note: VersionNote
) -> tuple[Inventory, dict[str, bytes]]:
    """Return the inventory with one version more, and the content files to write: only bytes that are new."""
    kept = {name: digest for name, digest in current.head.state.items() if name not in removed}
    return _extended(current, kept, changes, note)


def write_inventory(inventory: Inventory) -> bytes:
    """Return the inventory as the file `inventory.json`: the same bytes for the same inventory."""
    versions = {
        f"v{version.number}": {
            "created": version.note.at.isoformat(timespec="microseconds"),
            "message": version.note.message,
            "state": _by_digest(version.state),
            "user": {"address": version.note.address or _address(version.note.user), "name": version.note.user},
        }
        for version in inventory.versions
    }
    content = {
        "digestAlgorithm": "sha512",
        "head": f"v{inventory.head.number}",
        "id": inventory.id,
        "manifest": {digest: list(paths) for digest, paths in sorted(inventory.manifest.items())},
        "type": _TYPE,
        "versions": versions,
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def write_sidecar(inventory: bytes) -> bytes:
    """Return the file that holds the digest of an inventory."""
    return f"{sha512_of(inventory)} {INVENTORY}\n".encode("ascii")


def read_sidecar(data: bytes) -> str:
    """Return the digest that a sidecar holds, empty if it holds none."""
    digest = data.decode("ascii", "replace").split(" ")[0].strip()
    return digest if _DIGEST.fullmatch(digest) else ""


def read_inventory(data: bytes, key: str) -> Inventory:
    """Return what an inventory says; it must be one that this module could have written.

    Raises:
        ObjectCorrupt: it is not.
    """
    try:
        return _parsed(json.loads(data))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ObjectCorrupt(
            f"Bản kê «{key}» trong kho lưu trữ bị hỏng; hãy báo quản trị viên phục hồi từ bản sao lưu."
        ) from error


def _extended(
    current: Inventory, kept: dict[str, str], changes: Mapping[str, bytes], note: VersionNote
) -> tuple[Inventory, dict[str, bytes]]:
    number = len(current.versions) + 1
    state, manifest, content = dict(kept), dict(current.manifest), dict[str, bytes]()
    for name, data in sorted(changes.items()):
        digest = sha512_of(data)
        state[check_key(name)] = digest
        if digest not in manifest:
            path = f"v{number}/content/{name}"
            manifest[digest], content[path] = (path,), data
    version = Version(number=number, note=note, state=state)
    return Inventory(id=current.id, versions=(*current.versions, version), manifest=manifest), content


def _by_digest(state: Mapping[str, str]) -> dict[str, list[str]]:
    names: dict[str, list[str]] = {}
    for name, digest in sorted(state.items()):
        names.setdefault(digest, []).append(name)
    return names


def _address(user: str) -> str:
    plain = quote(user, safe="")
    return f"urn:sohoa:user:{plain or 'unknown'}"


def _parsed(content: object) -> Inventory:
    if not isinstance(content, dict) or content["type"] != _TYPE or content["digestAlgorithm"] != "sha512":
        raise ValueError("no inventory of OCFL 1.1 with SHA-512")
    manifest = {_digest(digest): tuple(map(check_key, paths)) for digest, paths in content["manifest"].items()}
    names = [f"v{number}" for number in range(1, len(content["versions"]) + 1)]
    versions = tuple(_version(number, content["versions"][name]) for number, name in enumerate(names, 1))
    if not names or content["head"] != names[-1]:
        raise ValueError("the head is not the last version")
    if any(digest not in manifest for version in versions for digest in version.state.values()):
        raise ValueError("a file has no bytes")
    if not all(paths for paths in manifest.values()):
        raise ValueError("bytes have no path")
    return Inventory(id=_text(content["id"]), versions=versions, manifest=manifest)


def _version(number: int, content: Mapping[str, object]) -> Version:
    user = cast("Mapping[str, object]", content.get("user") or {})
    state = cast("Mapping[str, list[str]]", content["state"])
    note = VersionNote(
        message=_text(content.get("message", "")),
        user=_text(user.get("name", "")),
        address=_text(user.get("address", "")),
        at=datetime.fromisoformat(_text(content["created"])),
    )
    files = {check_key(name): _digest(digest) for digest, names in state.items() for name in names}
    return Version(number=number, note=note, state=files)


def _digest(text: str) -> str:
    if not _DIGEST.fullmatch(text):
        raise ValueError("no SHA-512")
    return text


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value

"""What a package holds of a paper beside its newest files, so that it comes back as it was: versions, holds, draft."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

from domain.errors import DamagedDocument, ObjectMissing
from domain.models import Record
from pipeline.certify import paper_address
from pipeline.serial import from_json, to_json
from pipeline.services import Services
from storage.ocfl_inventory import Inventory, VersionNote
from storage.retention import Hold

HISTORY = "history.json"
"""In a package: the versions of a paper, with the digests of their files, and until when it must be kept."""
DRAFT = "draft.json"
"""In a package: the newest revision of the draft that the paper was made from."""
_EARLIER = "history"
_FORMAT = "sohoa-history/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class PastVersion:
    """One version of a paper."""

    message: str
    user: str
    at: datetime
    address: str = ""
    files: Mapping[str, str]
    """SHA-512 of each file by its name."""

    @property
    def note(self) -> VersionNote:
        """Who made it, when and why."""
        return VersionNote(message=self.message, user=self.user, at=self.at, address=self.address)


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What became of a paper since it was stored."""

    format: str = _FORMAT
    versions: tuple[PastVersion, ...]
    """The first one first."""
    kept_until: date | None = None
    holds: tuple[Hold, ...] = ()


def history_files(record: Record, services: Services) -> dict[str, bytes]:
    """Return what a package holds of a paper beside the files of its newest version.

    Raises:
        StorageError: A file is damaged or cannot be read.
    """
    archive, address = services.archive, paper_address(record)
    inventory = archive.inventory(address)
    history = History(
        versions=tuple(
            PastVersion(
                message=version.note.message,
                user=version.note.user,
                at=version.note.at,
                address=version.note.address,
                files=dict(version.state),
            )
            for version in inventory.versions
        ),
        kept_until=archive.retention.kept_until(record.id),
        holds=archive.retention.list_holds(record.id),
    )
    files = {HISTORY: to_json(history).encode()}
    for name, number in _earlier(inventory):
        files[f"{_EARLIER}/v{number}/{name}"] = archive.read_paper(address, name, version=number)
    with suppress(ObjectMissing):  # its draft is gone
        files[DRAFT] = archive.load_draft(record.draft_id)
    return files


def read_history(files: Mapping[str, bytes], record: Record) -> tuple[History, tuple[dict[str, bytes], ...]]:
    """Return the history of a paper in a package, and the files of each version.

    A package of an older release has the newest version only.

    Raises:
        DamagedDocument: A file of a version is not in the package.
    """
    if HISTORY not in files:
        own = {name: data for name, data in files.items() if name != DRAFT}
        only = PastVersion(message="certified", user=record.certifier, at=record.certified_at, files={})
        return History(versions=(only,)), (own,)
    history = from_json(History, files[HISTORY])
    by_digest = {hashlib.sha512(data).hexdigest(): data for data in files.values()}
    try:
        return history, tuple(
            {name: by_digest[digest] for name, digest in version.files.items()} for version in history.versions
        )
    except KeyError as e:
        raise DamagedDocument(f"Gói thiếu một tệp của các phiên bản trước của giấy tờ {record.id}; xin lại gói.") from e


def _earlier(inventory: Inventory) -> Iterator[tuple[str, int]]:
    """Yield name and version of the files that the newest version does not hold any more, each digest once."""
    known = set(inventory.head.state.values())
    for version in inventory.versions:
        for name, digest in version.state.items():
            if digest not in known:
                known.add(digest)
                yield name, version.number

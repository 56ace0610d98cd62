"""The archive: papers as OCFL objects under their owners' roots, and what they go through before."""

import hashlib
import hmac
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain.errors import ConfigurationError, ObjectCorrupt, ObjectExists, ObjectMissing
from domain.identifiers import is_document_id
from domain.models import ObjectRef, Source
from storage.beside import body_holds, draft_folder, draft_key, source_key, with_digest
from storage.claims import ClaimOptions, Claims
from storage.keys import key_segment
from storage.objects import ObjectStore
from storage.ocfl import Healed, OcflStore
from storage.ocfl_inventory import Inventory, VersionNote
from storage.owner_key import load_owner_key as load_owner_key
from storage.retention import Hold, Retention

OWNERS = "owners/"
COPY = "copy.pdf"
TEXT = "text.json"
FIELDS = "fields.json"
EVIDENCE = "evidence.json"
METADATA = "metadata.json"

_KEY_CHECK = "owner_key.check"
_DEPTH = 3
_STALE = timedelta(days=1)
_EXTENSIONS = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/tiff": "tif",
    "image/webp": "webp",
    "image/bmp": "bmp",
    "image/jp2": "jp2",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperAddress:
    """Which paper of which owner."""

    document_id: str
    owner_id: str = ""
    """As it stood when the paper was certified; empty where the owner is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPaper:
    """A paper as it is found in the archive."""

    document_id: str
    root: str
    """Its folder below `owners/`."""


class PaperArchive:
    """What the pipeline stores: sources and drafts, certified papers, status lists and the entries of books."""

    def __init__(
        self,
        store: ObjectStore,
        *,
        owner_key: bytes,
        now: Callable[[], datetime],
        pause: Callable[[float], None],
        claims: ClaimOptions | None = None,
        entries_locked: Callable[[str], datetime | None] = lambda _book: None,
    ) -> None:
        """Open an archive; nothing is written.

        Args:
            entries_locked: By book, until when the back end itself refuses to delete a new entry, if it can.
        """
        self._store = store
        self._owner_key = owner_key
        self._now = now
        self._entries_locked = entries_locked
        self._retention = Retention(store, now=now)
        self._ocfl = OcflStore(
            store,
            Claims(store, now=now, pause=pause, options=claims),
            prefix=OWNERS,
            locked_until=lambda root: self._retention.locked_until(_document_of(root)),
        )

    @property
    def ocfl(self) -> OcflStore:
        """The archived papers as OCFL objects."""
        return self._ocfl

    @property
    def store(self) -> ObjectStore:
        """Where everything lies."""
        return self._store

    @property
    def retention(self) -> Retention:
        """Until when papers must be kept, and who forbids their deletion."""
        return self._retention

    def initialize(self) -> tuple[Healed, ...]:
        """Make the archive ready, and bring to an end what a killed process left; return what that was.

        Where everything is there and in order, nothing is written.

        Raises:
            ConfigurationError: the archive was made with another owner key.
            StoreUnavailable: the store cannot be written.
        """
        check = self._keyed("check").encode("ascii")
        try:
            if not self._store.exists(_KEY_CHECK) or self._store.get(_KEY_CHECK) != check:
                self._store.put(_KEY_CHECK, check)
        except ObjectExists as error:
            raise ConfigurationError(
                "Khóa tên thư mục chủ sở hữu không khớp với kho lưu trữ; hãy đặt lại đúng tệp khóa đã sao lưu."
            ) from error
        self._ocfl.initialize()
        self._store.clean(older_than=self._now() - _STALE)
        healed = self._ocfl.heal()
        for each in healed:
            self._hold_again(each.root)
        return healed

    # ------------------------------------------------------------ before certification

    def store_source(self, source: Source) -> ObjectRef:
        """Keep a file as it came in, once however often it comes."""
        return self._store.put(source_key(source.sha256), source.data)

    def load_source(self, sha256: str) -> bytes:
        """Return the bytes of a source.

        Raises:
            ObjectMissing: it is not there.
            ObjectCorrupt: its bytes were changed.
        """
        data = self._store.get(source_key(sha256))
        if hashlib.sha256(data).hexdigest() != sha256:
            raise ObjectCorrupt("Tệp gốc trong kho lưu trữ đã bị thay đổi hoặc hỏng; hãy quét lại giấy tờ này.")
        return data

    def remove_source(self, sha256: str) -> None:
        """Take a source away that no draft needs any more."""
        self._store.delete(source_key(sha256))

    def store_draft(self, draft_id: str, revision: int, data: bytes) -> ObjectRef:
        """Keep a revision of a draft, in any form; each revision is written once.

        Raises:
            ObjectExists: somebody else made this revision at the same time.
        """
        return self._store.put(draft_key(draft_id, revision), with_digest(data))

    def load_draft(self, draft_id: str, revision: int | None = None) -> bytes:
        """Return a revision of a draft, the newest without a number.

        Raises:
            ObjectMissing: it is not there.
            ObjectCorrupt: its bytes were changed.
        """
        number = revision if revision is not None else max(self.draft_revisions(draft_id), default=1)
        return self._load_checked(draft_key(draft_id, number))

    def draft_revisions(self, draft_id: str) -> tuple[int, ...]:
        """Return the numbers of the stored revisions of a draft."""
        names = (stat.key.rpartition("/")[2] for stat in self._store.list(draft_folder(draft_id)))
        return tuple(int(name.split(".")[1]) for name in names if name.startswith("draft."))

    def draft_ids(self) -> Iterator[str]:
        """Yield the identifiers of all stored drafts."""
        for shard in self._store.folders("drafts/"):
            yield from self._store.folders(f"drafts/{shard}/")

    def remove_draft(self, draft_id: str) -> None:
        """Take all revisions of a draft away."""
        for stat in tuple(self._store.list(draft_folder(draft_id))):
            self._store.delete(stat.key)

    # ------------------------------------------------------------ papers

    def store_paper(
        self,
        address: PaperAddress,
        files: Mapping[str, bytes],
        note: VersionNote,
        *,
        kept_until: date | None = None,
    ) -> Inventory:
        """Store a certified paper; the same files again are no change.

        Args:
            files: By the names of this module: `COPY`, `TEXT`, ..., and `source_name(...)`.
            kept_until: Last day on which it cannot be deleted; where the store can lock objects, not by anyone.
                A later day that was promised before counts.

        Raises:
            ObjectExists: there is a paper with other files.
            StoreUnavailable: the store is full, read-only or cannot be reached.
        """
        root, identifier = self._root(address), f"urn:sohoa:paper:{address.document_id}"
        if kept_until is not None:
            self._retention.keep_until(address.document_id, kept_until)
        return self._ocfl.create(root, identifier, files, note)

    def append_version(
        self,
        address: PaperAddress,
        changes: Mapping[str, bytes],
        note: VersionNote,
        *,
        removed: Collection[str] = (),
        expected_head: int | None = None,
    ) -> Inventory:
        """Store a new version of a paper: a correction, a withdrawal, a new time-stamp, a re-certification.

        Raises:
            ObjectMissing: there is no such paper.
            ObjectExists: its newest version is not the expected one.
            StoreUnavailable: the store is full, read-only or cannot be reached.
        """
        root = self.locate(address)
        inventory = self._ocfl.add_version(root, changes, note, removed=removed, expected_head=expected_head)
        self._hold_again(root)
        return inventory

    def read_paper(self, address: PaperAddress, name: str, *, version: int | None = None) -> bytes:
        """Return a file of a paper, checked against its digest.

        Raises:
            ObjectMissing: there is no such paper, version or file.
            ObjectCorrupt: the bytes were changed.
        """
        return self._ocfl.read(self.locate(address), name, version=version)

    def inventory(self, address: PaperAddress) -> Inventory:
        """Return the versions and files of a paper.

        Raises:
            ObjectMissing: there is no such paper.
        """
        return self._ocfl.inventory(self.locate(address))

    def link(self, address: PaperAddress, name: str, *, seconds: int, file_name: str = "") -> str:
        """Return a link by which anyone can download a file of a paper for so long.

        Raises:
            NoLink: the store has none.
            ObjectMissing: there is no such paper or file.
        """
        return self._store.link(self._ocfl.content_key(self.locate(address), name), seconds=seconds, name=file_name)

    def holds(self, address: PaperAddress) -> bool:
        """Return whether the paper is in the archive under this owner."""
        return self._ocfl.exists(self._root(address))

    def locate(self, address: PaperAddress) -> str:
        """Return the folder of a paper; where the owner was corrected since, by looking through all owners.

        Raises:
            ObjectMissing: there is no such paper.
        """
        root = self._root(address)
        if self._ocfl.exists(root):
            return root
        for paper in self.iterate_papers():
            if paper.document_id == address.document_id:
                return paper.root
        raise ObjectMissing(f"Kho lưu trữ không có giấy tờ mã {address.document_id}; hãy kiểm tra lại mã.")

    def iterate_papers(self) -> Iterator[StoredPaper]:
        """Yield every paper of the archive, by which the index can be made anew."""
        for root in self._ocfl.roots(depth=_DEPTH):
            yield StoredPaper(document_id=root.rpartition("/")[2], root=root)

    def read_stored(self, paper: StoredPaper, name: str) -> bytes:
        """Return a file of a paper that was found in the archive, from its newest version.

        Raises:
            ObjectMissing: the paper has no such file.
            ObjectCorrupt: the bytes were changed.
        """
        return self._ocfl.read(paper.root, name)

    def papers_of(self, owner_id: str) -> tuple[str, ...]:
        """Return the document identifiers under an owner's root."""
        return tuple(self._store.folders(f"{OWNERS}{self._owner_root(owner_id)}/"))

    def has_paper(self, paper: StoredPaper) -> bool:
        """Return whether a paper is still where it was found."""
        return self._ocfl.exists(paper.root)

    def remove_paper(self, paper: StoredPaper) -> None:
        """Delete a paper as the law demands; what is to be left of it must be stored before.

        Raises:
            ObjectMissing: there is no such paper.
            NotReady: its retention time is not over, or somebody holds it.
            StoreUnavailable: the store cannot be reached, or holds the paper under a lock.
        """
        self._retention.require_deletable(paper.document_id)
        self._ocfl.remove(paper.root)

    def require_deletable(self, document_id: str, *, promised: date | None = None) -> None:
        """Check that a paper may be deleted now.

        Args:
            promised: Until when it is kept by its own record; the later day counts.

        Raises:
            NotReady: its retention time is not over, or somebody holds it.
        """
        self._retention.require_deletable(document_id, promised=promised)

    def hold_paper(self, address: PaperAddress, *, by: str, reason: str) -> str:
        """Forbid the deletion of a paper, e.g. during a dispute; return the hold's identifier.

        Raises:
            ObjectMissing: there is no such paper.
        """
        root = self.locate(address)
        hold = self._retention.hold(address.document_id, by=by, reason=reason)
        self._ocfl.hold(root, held=True)
        return hold

    def restore_hold(self, address: PaperAddress, hold: Hold) -> None:
        """Put a hold on a paper back as it was elsewhere; a second time is no change.

        Raises:
            ObjectMissing: there is no such paper.
        """
        root = self.locate(address)
        self._retention.restore_hold(address.document_id, hold)
        self._ocfl.hold(root, held=True)

    def lift_hold(self, address: PaperAddress, hold: str) -> None:
        """End a hold on a paper.

        Raises:
            ObjectMissing: there is no such paper.
        """
        root = self.locate(address)
        self._retention.lift(address.document_id, hold)
        if not self._retention.holds(address.document_id):
            self._ocfl.hold(root, held=False)

    # ------------------------------------------------------------ status lists and books

    def store_status_list(self, number: int, data: bytes) -> ObjectRef:
        """Keep a signed status list.

        Raises:
            ObjectExists: another list has this number.
        """
        return self._store.put(f"status/{number:09d}.cbor", data)

    def load_status_list(self, number: int) -> bytes:
        """Return a status list.

        Raises:
            ObjectMissing: there is none with this number.
        """
        return self._store.get(f"status/{number:09d}.cbor")

    def status_lists(self) -> tuple[int, ...]:
        """Return the numbers of all status lists, rising."""
        return tuple(int(stat.key[len("status/") :].split(".")[0]) for stat in self._store.list("status/"))

    def store_entry(self, book: str, name: str, data: bytes) -> ObjectRef:
        """Keep an entry of a book that the index must not lose, e.g. a void register number.

        Raises:
            ObjectExists: another entry has this name.
        """
        key = f"books/{key_segment(book)}/{key_segment(name)}.jsonl"
        return self._store.put(key, with_digest(data), retain_until=self._entries_locked(book))

    def load_entry(self, book: str, name: str) -> bytes:
        """Return an entry of a book.

        Raises:
            ObjectMissing: there is none with this name.
            ObjectCorrupt: its bytes were changed.
        """
        return self._load_checked(f"books/{key_segment(book)}/{key_segment(name)}.jsonl")

    def iterate_entries(self, book: str) -> Iterator[bytes]:
        """Yield the entries of a book in the order of their names.

        Raises:
            ObjectCorrupt: an entry was changed.
        """
        for stat in self._store.list(f"books/{key_segment(book)}/"):
            yield self._load_checked(stat.key)

    def entry_names(self, book: str) -> tuple[str, ...]:
        """Return the names of the entries of a book, in order, as they stand in the store."""
        folder = f"books/{key_segment(book)}/"
        return tuple(stat.key.removeprefix(folder).removesuffix(".jsonl") for stat in self._store.list(folder))

    def _hold_again(self, root: str) -> None:
        """Put the back end's own hold on what a paper on hold has got since."""
        if self._retention.holds(_document_of(root)):
            self._ocfl.hold(root, held=True)

    def _root(self, address: PaperAddress) -> str:
        if not is_document_id(address.document_id):
            raise ObjectMissing(f"«{address.document_id[:40]}» không phải là mã giấy tờ; hãy kiểm tra lại mã.")
        return f"{self._owner_root(address.owner_id)}/{address.document_id}"

    def _owner_root(self, owner_id: str) -> str:
        digest = self._keyed(f"owner:{owner_id.strip()}")[:40]
        return f"{digest[:2]}/{digest}"

    def _keyed(self, text: str) -> str:
        return hmac.new(self._owner_key, text.encode("utf-8"), hashlib.sha256).hexdigest()

    def _load_checked(self, key: str) -> bytes:
        data = self._store.get(key)
        if not body_holds(data):
            raise ObjectCorrupt(f"Dữ liệu lưu trữ «{key}» đã bị thay đổi hoặc hỏng; hãy báo quản trị viên phục hồi.")
        return data.removesuffix(b"\n").rpartition(b"\n")[0]


def _document_of(root: str) -> str:
    return root.rpartition("/")[2]


def source_name(number: int, media_type: str) -> str:
    """Return the name in a paper of its source with this number, from 1."""
    return f"source/{number:04d}.{_EXTENSIONS.get(media_type, 'bin')}"

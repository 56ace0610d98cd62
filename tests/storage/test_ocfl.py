import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import ocfl
import pytest

from domain.errors import ObjectCorrupt, ObjectExists, ObjectMissing
from storage.claims import Claims
from storage.objects import DirectoryStore
from storage.ocfl import OcflStore
from storage.ocfl_inventory import VersionNote

NOW = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
NOTE = VersionNote(message="Chứng thực", user="Trần Thị Bình", at=NOW)
FILES = {"copy.pdf": b"%PDF", "metadata.json": b"{}", "source/0001.pdf": b"scan"}


def open_store(folder: Path) -> OcflStore:
    store = DirectoryStore(folder)
    return OcflStore(store, Claims(store, now=lambda: datetime.now(UTC), pause=lambda _: None), prefix="owners/")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    open_store(tmp_path).initialize()
    return tmp_path / "owners"


def problems(root: Path) -> list[str]:
    """What ocfl-py has to say about a storage root, warnings too."""
    storage_root = ocfl.StorageRoot(root=str(root))
    storage_root.validate(log_warnings=True, log_errors=True)
    return [*storage_root.log.messages, *map(str, storage_root.errors)]


def test_a_new_object_is_valid(root: Path, tmp_path: Path) -> None:
    open_store(tmp_path).create("ab/owner/paper", "urn:sohoa:paper:1", FILES, NOTE)

    assert problems(root) == []
    assert open_store(tmp_path).read("ab/owner/paper", "copy.pdf") == b"%PDF"


def test_versions_are_valid_and_keep_only_new_bytes(root: Path, tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.create("ab/owner/paper", "urn:sohoa:paper:1", FILES, NOTE)
    store.add_version("ab/owner/paper", {"copy.pdf": b"%PDF new", "again.pdf": b"scan"}, NOTE)
    store.add_version("ab/owner/paper", {}, NOTE, removed=["again.pdf"])

    assert problems(root) == []
    assert len(store.inventory("ab/owner/paper").versions) == 3
    assert store.read("ab/owner/paper", "copy.pdf") == b"%PDF new"
    assert store.read("ab/owner/paper", "copy.pdf", version=1) == b"%PDF"
    assert store.read("ab/owner/paper", "again.pdf", version=2) == b"scan"
    assert sorted(p.name for p in (root / "ab/owner/paper/v2/content").iterdir()) == ["copy.pdf"]
    with pytest.raises(ObjectMissing):
        store.read("ab/owner/paper", "again.pdf")


def test_the_same_object_again_is_no_change_and_another_is_refused(root: Path, tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.create("ab/owner/paper", "urn:sohoa:paper:1", FILES, NOTE)
    later = VersionNote(message="again", user="somebody", at=datetime(2027, 1, 1, tzinfo=UTC))

    again = store.create("ab/owner/paper", "urn:sohoa:paper:1", FILES, later).head.note

    assert (again.user, again.at) == (NOTE.user, NOTE.at)
    with pytest.raises(ObjectExists):
        store.create("ab/owner/paper", "urn:sohoa:paper:1", {**FILES, "copy.pdf": b"other"}, NOTE)
    assert store.read("ab/owner/paper", "copy.pdf") == b"%PDF"
    assert problems(root) == []


def test_a_version_that_changes_nothing_is_not_made(root: Path, tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.create("ab/owner/paper", "urn:sohoa:paper:1", FILES, NOTE)

    assert store.add_version("ab/owner/paper", FILES, NOTE).head.number == 1


def test_who_comes_second_with_an_old_version_in_mind_is_told(root: Path, tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.create("ab/owner/paper", "urn:sohoa:paper:1", FILES, NOTE)
    store.add_version("ab/owner/paper", {"copy.pdf": b"2"}, NOTE, expected_head=1)

    with pytest.raises(ObjectExists):
        store.add_version("ab/owner/paper", {"copy.pdf": b"3"}, NOTE, expected_head=1)
    assert store.read("ab/owner/paper", "copy.pdf") == b"2"


def test_a_changed_file_is_not_given_out(root: Path, tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.create("ab/owner/paper", "urn:sohoa:paper:1", FILES, NOTE)
    (root / "ab/owner/paper/v1/content/copy.pdf").write_bytes(b"%PDX")

    with pytest.raises(ObjectCorrupt):
        store.read("ab/owner/paper", "copy.pdf")


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("Chứng thực", "Chung thuc"),
        lambda text: text[:-10],
        lambda _: "[]",
        lambda text: text.replace("v1/content/", "v1/../../"),
        lambda text: json.dumps({**json.loads(text), "head": "v2"}),
    ],
)
def test_a_tampered_inventory_is_refused(root: Path, tmp_path: Path, change: Callable[[str], str]) -> None:
    store = open_store(tmp_path)
    store.create("ab/owner/paper", "urn:sohoa:paper:1", FILES, NOTE)
    path = root / "ab/owner/paper/inventory.json"
    path.write_text(change(path.read_text("utf-8")), "utf-8")

    with pytest.raises(ObjectCorrupt):
        store.read("ab/owner/paper", "copy.pdf")


def test_a_removed_object_leaves_nothing(root: Path, tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.create("ab/owner/paper", "urn:sohoa:paper:1", FILES, NOTE)
    store.create("ab/owner/other", "urn:sohoa:paper:2", FILES, NOTE)
    store.remove("ab/owner/paper")

    assert list(store.roots(depth=3)) == ["ab/owner/other"]
    assert not (root / "ab/owner/paper").exists()
    assert problems(root) == []

"""The ways to back up and restore that docs/storage.md describes."""

import shutil
import time
from datetime import UTC, datetime
from pathlib import Path

import ocfl
import pytest
from servers import S3Server, open_bucket

from domain.errors import ConfigurationError
from storage.audit import audit
from storage.objects import DirectoryStore, ObjectStore
from storage.ocfl_inventory import VersionNote
from storage.owner_key import load_owner_key
from storage.papers import COPY, METADATA, PaperAddress, PaperArchive
from storage.transfer import copy_store

NOTE = VersionNote(message="Chứng thực", user="Trần Thị Bình", at=datetime(2026, 11, 21, 8, 30, tzinfo=UTC))


def open_archive(store: ObjectStore, key: bytes) -> PaperArchive:
    archive = PaperArchive(store, owner_key=key, now=lambda: datetime.now(UTC), pause=time.sleep)
    archive.initialize()
    return archive


def fill(archive: PaperArchive, count: int) -> list[PaperAddress]:
    addresses = [PaperAddress(document_id=f"{n:016d}", owner_id=f"owner {n % 5}") for n in range(count)]
    for address in addresses:
        archive.store_paper(address, {COPY: address.document_id.encode(), METADATA: b"{}"}, NOTE)
    return addresses


def test_a_copy_of_the_folder_and_the_key_is_a_backup(tmp_path: Path) -> None:
    key = load_owner_key(tmp_path / "owner.key")
    addresses = fill(open_archive(DirectoryStore(tmp_path / "objects"), key), 10)
    shutil.copytree(tmp_path / "objects", tmp_path / "backup")
    shutil.rmtree(tmp_path / "objects")
    shutil.copytree(tmp_path / "backup", tmp_path / "objects")

    restored = open_archive(DirectoryStore(tmp_path / "objects"), key)
    assert [restored.read_paper(address, COPY) for address in addresses] == [a.document_id.encode() for a in addresses]
    assert audit(DirectoryStore(tmp_path / "objects")).findings == ()


def test_a_copy_made_while_papers_are_stored_is_whole_after_the_next_copy(tmp_path: Path) -> None:
    key = bytes(32)
    archive = open_archive(DirectoryStore(tmp_path / "objects"), key)
    fill(archive, 3)
    copy_store(DirectoryStore(tmp_path / "objects"), DirectoryStore(tmp_path / "backup"))
    archive.append_version(PaperAddress(document_id=f"{1:016d}", owner_id="owner 1"), {METADATA: b"[]"}, NOTE)
    archive.store_entry("deleted", "x", b"{}")
    copied = copy_store(DirectoryStore(tmp_path / "objects"), DirectoryStore(tmp_path / "backup"))

    assert audit(DirectoryStore(tmp_path / "backup")).findings == ()
    assert copied < 10
    again = open_archive(DirectoryStore(tmp_path / "backup"), key)
    assert again.read_paper(PaperAddress(document_id=f"{1:016d}", owner_id="owner 1"), METADATA) == b"[]"


def test_without_the_right_key_a_restored_archive_is_not_written_to(tmp_path: Path) -> None:
    fill(open_archive(DirectoryStore(tmp_path / "objects"), bytes(32)), 1)

    with pytest.raises(ConfigurationError):
        open_archive(DirectoryStore(tmp_path / "objects"), b"x" * 32)


@pytest.mark.tools
def test_an_archive_moves_from_a_folder_to_a_bucket_and_back(tmp_path: Path, s3: S3Server) -> None:
    addresses = fill(open_archive(DirectoryStore(tmp_path / "objects"), bytes(32)), 4)
    bucket = open_bucket(s3)
    copy_store(DirectoryStore(tmp_path / "objects"), bucket)

    assert open_archive(bucket, bytes(32)).read_paper(addresses[2], COPY) == addresses[2].document_id.encode()
    assert audit(bucket).findings == ()
    copy_store(bucket, DirectoryStore(tmp_path / "back"))
    root = ocfl.StorageRoot(root=str(tmp_path / "back" / "owners"))
    assert root.validate()
    assert (root.num_objects, root.errors) == (4, [])
    bucket.close()


@pytest.mark.slow
def test_a_store_of_a_thousand_papers_is_valid_for_another_program(tmp_path: Path) -> None:
    archive = open_archive(DirectoryStore(tmp_path), bytes(32))
    addresses = fill(archive, 1000)
    for address in addresses[::10]:
        archive.append_version(address, {METADATA: b'{"state": "withdrawn"}'}, NOTE)

    root = ocfl.StorageRoot(root=str(tmp_path / "owners"))
    assert root.validate(log_warnings=True)
    assert (root.num_objects, root.good_objects, root.errors) == (1000, 1000, [])

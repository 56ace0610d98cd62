import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from dying import DyingStore

from domain.errors import ConfigurationError, NotReady, ObjectCorrupt, ObjectExists, ObjectMissing
from domain.models import Source
from domain.terms import PERMANENT
from storage.objects import DirectoryStore
from storage.ocfl_inventory import VersionNote
from storage.owner_key import load_owner_key
from storage.papers import COPY, METADATA, PaperAddress, PaperArchive, StoredPaper, source_name

NOTE = VersionNote(message="Chứng thực", user="Trần Thị Bình", at=datetime(2026, 11, 21, 8, 30, tzinfo=UTC))
ADDRESS = PaperAddress(document_id="0123456789abcdef", owner_id="001190012345")
FILES = {COPY: b"%PDF", METADATA: b"{}", source_name(1, "application/pdf"): b"scan"}
SHA256 = "59ad1b2fc74287ded1bba7af67765d23ad4a49f1ae51902cc2ed3f8ebee96cfa"


def stored(archive: PaperArchive) -> StoredPaper:
    return StoredPaper(document_id=ADDRESS.document_id, root=archive.locate(ADDRESS))


def open_archive(folder: Path, key: bytes = b"k" * 32) -> PaperArchive:
    archive = PaperArchive(DirectoryStore(folder), owner_key=key, now=lambda: datetime.now(UTC), pause=time.sleep)
    archive.initialize()
    return archive


def test_a_paper_is_found_by_its_owner_and_by_its_document(tmp_path: Path) -> None:
    archive = open_archive(tmp_path)
    archive.store_paper(ADDRESS, FILES, NOTE)

    assert archive.read_paper(ADDRESS, COPY) == b"%PDF"
    assert archive.papers_of("001190012345") == (ADDRESS.document_id,)
    assert archive.papers_of("001190012346") == ()
    assert [paper.document_id for paper in archive.iterate_papers()] == [ADDRESS.document_id]
    assert archive.read_paper(PaperAddress(document_id=ADDRESS.document_id, owner_id="another"), COPY) == b"%PDF"


def test_no_name_in_the_store_tells_the_owner(tmp_path: Path) -> None:
    open_archive(tmp_path).store_paper(ADDRESS, FILES, NOTE)

    assert not any("001190012345" in str(path) for path in tmp_path.rglob("*"))


def test_another_owner_key_is_refused(tmp_path: Path) -> None:
    open_archive(tmp_path)

    with pytest.raises(ConfigurationError):
        open_archive(tmp_path, b"x" * 32)


def test_the_owner_key_is_made_once_and_read_by_nobody_else(tmp_path: Path) -> None:
    key = load_owner_key(tmp_path / "owner.key")

    assert load_owner_key(tmp_path / "owner.key") == key
    assert len(key) == 32
    assert (tmp_path / "owner.key").stat().st_mode & 0o077 == 0


def test_a_damaged_owner_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / "owner.key").write_text("00ff")

    with pytest.raises(ConfigurationError):
        load_owner_key(tmp_path / "owner.key")


def test_a_paper_gets_a_new_version(tmp_path: Path) -> None:
    archive = open_archive(tmp_path)
    archive.store_paper(ADDRESS, FILES, NOTE)
    archive.append_version(ADDRESS, {METADATA: b'{"state": "withdrawn"}'}, NOTE, expected_head=1)

    assert archive.read_paper(ADDRESS, METADATA) == b'{"state": "withdrawn"}'
    assert archive.read_paper(ADDRESS, METADATA, version=1) == b"{}"
    assert len(archive.inventory(ADDRESS).versions) == 2


@pytest.mark.parametrize("document_id", ["../../../etc/passwd", "", "0123456789ABCDEF", "0123456789abcde/"])
def test_what_is_no_document_id_finds_nothing(tmp_path: Path, document_id: str) -> None:
    archive = open_archive(tmp_path)

    with pytest.raises(ObjectMissing):
        archive.read_paper(PaperAddress(document_id=document_id), COPY)
    with pytest.raises(ObjectMissing):
        archive.load_draft(document_id)


def test_a_source_is_kept_once_and_checked(tmp_path: Path) -> None:
    archive = open_archive(tmp_path)
    source = Source(name="scan.pdf", media_type="application/pdf", data=b"scan", sha256=SHA256)
    reference = archive.store_source(source)
    archive.store_source(source)

    assert archive.load_source(SHA256) == b"scan"
    (tmp_path / reference.key).write_bytes(b"scam")
    with pytest.raises(ObjectCorrupt):
        archive.load_source(SHA256)


def test_each_revision_of_a_draft_is_written_once(tmp_path: Path) -> None:
    archive = open_archive(tmp_path)
    archive.store_draft("0123456789abcdef", 1, b'{"revision": 1}\n')
    archive.store_draft("0123456789abcdef", 2, b'{\n "revision": 2\n}')

    assert archive.load_draft("0123456789abcdef") == b'{\n "revision": 2\n}'
    assert archive.load_draft("0123456789abcdef", 1) == b'{"revision": 1}\n'
    assert archive.draft_revisions("0123456789abcdef") == (1, 2)
    assert list(archive.draft_ids()) == ["0123456789abcdef"]
    with pytest.raises(ObjectExists):
        archive.store_draft("0123456789abcdef", 2, b"mine")


def test_a_changed_draft_is_not_given_out(tmp_path: Path) -> None:
    archive = open_archive(tmp_path)
    reference = archive.store_draft("0123456789abcdef", 1, b"{}")
    path = tmp_path / reference.key
    path.write_bytes(path.read_bytes().replace(b"{}\n", b"[]\n"))

    with pytest.raises(ObjectCorrupt):
        archive.load_draft("0123456789abcdef")


def test_a_deleted_paper_leaves_its_register_entry(tmp_path: Path) -> None:
    archive = open_archive(tmp_path)
    archive.store_paper(ADDRESS, FILES, NOTE)
    archive.store_entry("deleted", ADDRESS.document_id, b'{"register_number": "12/2026-BS"}')
    archive.remove_paper(stored(archive))

    assert list(archive.iterate_papers()) == []
    assert list(archive.iterate_entries("deleted")) == [b'{"register_number": "12/2026-BS"}']
    with pytest.raises(ObjectMissing):
        archive.read_paper(ADDRESS, COPY)


def test_opening_an_archive_that_is_in_order_writes_nothing(tmp_path: Path) -> None:
    open_archive(tmp_path).store_paper(ADDRESS, FILES, NOTE)
    store = DyingStore(DirectoryStore(tmp_path))
    again = PaperArchive(store, owner_key=b"k" * 32, now=lambda: datetime.now(UTC), pause=time.sleep)

    again.initialize()

    assert store.writes == 0
    assert again.holds(ADDRESS)


def test_a_longer_term_counts_and_a_shorter_one_changes_nothing(tmp_path: Path) -> None:
    archive = open_archive(tmp_path)
    today = datetime.now(UTC).date()
    for day in (today + timedelta(days=5), today, today + timedelta(days=9), today - timedelta(days=40)):
        archive.store_paper(ADDRESS, FILES, NOTE, kept_until=day)

    assert archive.retention.kept_until(ADDRESS.document_id) == today + timedelta(days=9)
    with pytest.raises(NotReady, match=f"{today + timedelta(days=9):%d/%m/%Y}"):
        archive.remove_paper(stored(archive))


def test_what_is_kept_for_ever_is_never_deleted(tmp_path: Path) -> None:
    archive = open_archive(tmp_path)
    archive.store_paper(ADDRESS, FILES, NOTE, kept_until=PERMANENT)

    with pytest.raises(NotReady, match="vĩnh viễn"):
        archive.remove_paper(stored(archive))


def test_status_lists_are_numbered(tmp_path: Path) -> None:
    archive = open_archive(tmp_path)
    archive.store_status_list(9, b"nine")
    archive.store_status_list(10, b"ten")

    assert archive.status_lists() == (9, 10)
    assert archive.load_status_list(10) == b"ten"
    with pytest.raises(ObjectExists):
        archive.store_status_list(10, b"other")


def test_a_paper_is_not_deleted_before_its_time_nor_while_it_is_held(tmp_path: Path) -> None:
    archive = open_archive(tmp_path)
    archive.store_paper(ADDRESS, FILES, NOTE, kept_until=datetime.now(UTC).date() + timedelta(days=2))
    with pytest.raises(NotReady, match="lưu giữ"):
        archive.remove_paper(stored(archive))

    later = PaperArchive(
        DirectoryStore(tmp_path), owner_key=b"k" * 32, now=lambda: datetime(2100, 1, 1, tzinfo=UTC), pause=time.sleep
    )
    hold = later.hold_paper(ADDRESS, by="Lê Văn Cường", reason="khiếu nại")
    with pytest.raises(NotReady, match="giữ để xem xét"):
        later.remove_paper(stored(later))
    later.lift_hold(ADDRESS, hold)
    later.remove_paper(stored(later))

    assert not later.holds(ADDRESS)

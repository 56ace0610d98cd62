import os
import time
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from urllib.error import HTTPError

import pytest
from dying import DyingStore, Killed
from faults import FaultyProxy, faulty_proxy
from minio import Minio
from minio.error import S3Error
from servers import S3Server, open_bucket

from domain.errors import ConfigurationError, NotReady, ObjectCorrupt, ObjectExists, ObjectMissing, StoreUnavailable
from storage.keys import sha512_of
from storage.ocfl_inventory import VersionNote
from storage.papers import COPY, PaperAddress, PaperArchive, StoredPaper
from storage.s3 import S3Store
from storage.s3_requests import S3Options

NOTE = VersionNote(message="Chứng thực", user="Trần Thị Bình", at=datetime(2026, 11, 21, 8, 30, tzinfo=UTC))
pytestmark = pytest.mark.tools


@pytest.fixture
def proxy(s3: S3Server) -> Iterator[FaultyProxy]:
    with faulty_proxy(s3.endpoint) as running:
        yield running


@pytest.fixture
def faulty(s3: S3Server, proxy: FaultyProxy) -> Iterator[S3Store]:
    store = open_bucket(s3, proxy.endpoint, connect_seconds=1, read_seconds=0.3, tries=3)
    yield store
    store.close()


def options(server: S3Server, **changes: object) -> S3Options:
    values = {
        "endpoint": server.endpoint,
        "bucket": "not-there",
        "access_key": server.access_key,
        "secret_key": server.secret_key,
        "secure": False,
        "tries": 2,
        "pause_seconds": 0.01,
    }
    return S3Options(**{**values, **changes})  # type: ignore[arg-type]


def client(server: S3Server) -> Minio:
    return Minio(server.endpoint, server.access_key, server.secret_key, secure=False, region="us-east-1")


def versions_of(server: S3Server, bucket: str, prefix: str) -> list[tuple[str, str]]:
    """Return key and version of everything behind a prefix, of each key the newest first."""
    found = client(server).list_objects(bucket, prefix, recursive=True, include_version=True)
    return [(item.object_name, item.version_id) for item in found]


@pytest.mark.parametrize("fault", ["503", "html", "refuse", "silent", "cut", "lost"])
def test_a_fault_that_passes_is_not_noticed(faulty: S3Store, proxy: FaultyProxy, fault: str) -> None:
    data = os.urandom(100_000)
    proxy.next_faults(fault)
    made = faulty.put("a", data)
    proxy.next_faults(fault)

    assert faulty.get("a", sha512=made.sha512) == data
    proxy.next_faults(fault)
    assert [stat.key for stat in faulty.list()] == ["a"]
    proxy.next_faults(fault)
    assert faulty.exists("a")
    proxy.next_faults(fault)
    faulty.replace("a", b"new", expected_sha512=made.sha512)
    proxy.next_faults("", fault)
    faulty.replace("a", b"newer", expected_sha512=sha512_of(b"new"))
    proxy.next_faults(fault)
    faulty.delete("a")
    assert not faulty.exists("a")


@pytest.mark.parametrize("fault", ["503", "html", "refuse", "silent"])
def test_a_fault_that_stays_is_an_error_of_the_store(faulty: S3Store, proxy: FaultyProxy, fault: str) -> None:
    faulty.put("a", b"text")
    proxy.fault = lambda _method, _path: fault

    for call in (
        lambda: faulty.put("b", b"text"),
        lambda: faulty.get("a"),
        lambda: list(faulty.list()),
        lambda: faulty.delete("a"),
        lambda: b"".join(faulty.read("a")),
    ):
        with pytest.raises(StoreUnavailable):
            call()
    proxy.next_faults()
    assert faulty.get("a") == b"text"
    assert [stat.key for stat in faulty.list()] == ["a"]


def test_reading_goes_on_where_the_connection_was_cut(faulty: S3Store, proxy: FaultyProxy) -> None:
    data = os.urandom(5 << 20)
    faulty.put("a", data)
    proxy.next_faults("", "cut", "cut")

    assert b"".join(faulty.read("a")) == data


def test_a_large_object_survives_faults_in_its_parts(s3: S3Server, proxy: FaultyProxy) -> None:
    store = open_bucket(s3, proxy.endpoint, read_seconds=5, part_bytes=5 << 20)
    data = os.urandom((16 << 20) + 1)
    proxy.next_faults("503", "lost", "refuse", "", "503")
    store.put("large", data)
    store.close()

    assert store.get("large") == data


def test_a_large_object_that_fails_leaves_nothing(s3: S3Server, proxy: FaultyProxy) -> None:
    store = open_bucket(s3, proxy.endpoint, tries=2, part_bytes=5 << 20)
    proxy.fault = lambda _method, path: "503" if "partNumber=2" in path else ""

    with pytest.raises(StoreUnavailable):
        store.put("large", os.urandom(12 << 20))
    assert not store.exists("large")
    assert ("DELETE", True) in [(method, "uploadId=" in path) for method, path in proxy.seen]
    store.close()


def test_nobody_listening_is_an_error_of_the_store(s3: S3Server) -> None:
    store = S3Store(options(s3, endpoint="127.0.0.1:1"), pause=time.sleep)

    with pytest.raises(StoreUnavailable, match=r"127\.0\.0\.1:1"):
        store.exists("a")


def test_a_wrong_key_and_a_missing_bucket_are_errors_of_the_configuration(s3: S3Server) -> None:
    for wrong in (options(s3), options(s3, access_key="nobody"), options(s3, secret_key="wrong")):
        with pytest.raises(ConfigurationError):
            S3Store(wrong, pause=time.sleep).put("a", b"text")


def test_a_service_that_ignores_conditions_is_refused(s3: S3Server, proxy: FaultyProxy) -> None:
    proxy.fault = lambda _method, _path: "ignore"

    with pytest.raises(ConfigurationError, match="If-None-Match"):
        S3Store(options(s3, endpoint=proxy.endpoint, bucket="careless"), pause=time.sleep).prepare()


def test_an_object_changed_behind_our_back_is_corrupt(s3: S3Server) -> None:
    store = open_bucket(s3, bucket="changed-behind")
    made = store.put("a", b"text")
    client(s3).put_object("changed-behind", "a", BytesIO(b"texd"), 4, metadata={"sha512": made.sha512})

    with pytest.raises(ObjectCorrupt):
        store.get("a")
    store.close()


def test_a_locked_object_cannot_be_deleted_until_its_time(s3: S3Server) -> None:
    store = open_bucket(s3, bucket="locked-papers", lock_mode="COMPLIANCE")
    store.put("a", b"text", retain_until=datetime.now(UTC) + timedelta(days=1))

    with pytest.raises(StoreUnavailable, match="khóa"):
        store.delete("a")
    assert store.get("a") == b"text"
    store.replace("a", b"newer", expected_sha512=sha512_of(b"text"))
    with pytest.raises(StoreUnavailable, match="khóa"):
        store.delete("a")
    assert store.get("a") == b"newer"
    store.close()


def test_every_version_of_a_paper_is_locked_until_its_time(s3: S3Server) -> None:
    store = open_bucket(s3, bucket="locked-archive", lock_mode="GOVERNANCE")
    archive = PaperArchive(store, owner_key=bytes(32), now=lambda: datetime.now(UTC), pause=time.sleep)
    archive.initialize()
    address = PaperAddress(document_id="0" * 16)
    archive.store_paper(address, {COPY: b"1"}, NOTE, kept_until=datetime.now(UTC).date() + timedelta(days=2))
    archive.append_version(address, {COPY: b"2"}, NOTE)

    stored = versions_of(s3, "locked-archive", f"owners/{archive.locate(address)}/")
    for key, version in stored:
        with pytest.raises(S3Error, match="AccessDenied"):
            client(s3).remove_object("locked-archive", key, version)
    assert len([key for key, _ in stored if key.endswith("inventory.json")]) == 4
    assert archive.read_paper(address, COPY) == b"2"
    with pytest.raises(NotReady):
        archive.remove_paper(StoredPaper(document_id=address.document_id, root=archive.locate(address)))
    assert not list(store.list("claims/"))
    store.close()


def test_what_a_crash_left_of_a_paper_is_not_locked_and_the_next_try_stores_it(s3: S3Server) -> None:
    store = open_bucket(s3, bucket="tried-archive", lock_mode="COMPLIANCE")
    address = PaperAddress(document_id="0" * 16)
    last = datetime.now(UTC).date() + timedelta(days=2)

    def open_archive(at: int = 0, later: int = 0) -> PaperArchive:
        def now() -> datetime:
            return datetime.now(UTC) + timedelta(hours=later)

        return PaperArchive(DyingStore(store, at=at), owner_key=bytes(32), now=now, pause=time.sleep)

    open_archive().initialize()
    for tried, at in enumerate((4, 8, 9), start=1):  # among the files, at the root inventory, at the lock
        open_archive(later=tried).initialize()  # the lease of the one that died is over
        with pytest.raises(Killed):
            open_archive(at, tried).store_paper(address, {COPY: b"signed at %d" % tried}, NOTE, kept_until=last)
    archive = open_archive(later=5)
    archive.initialize()
    archive.store_paper(address, {COPY: archive.read_paper(address, COPY)}, NOTE, kept_until=last)

    stored = versions_of(s3, "tried-archive", f"owners/{archive.locate(address)}/")
    assert archive.read_paper(address, COPY) == b"signed at 3"
    ends = {client(s3).get_object_retention("tried-archive", *each).retain_until_date.date() for each in stored}
    assert ends == {last}
    assert len(stored) == len(list(store.list(f"owners/{archive.locate(address)}/")))
    store.close()


def test_a_version_that_is_finished_after_a_crash_is_locked_and_held_as_well(s3: S3Server) -> None:
    store = open_bucket(s3, bucket="healed-archive", lock_mode="GOVERNANCE")
    address = PaperAddress(document_id="0" * 16)

    def open_archive(at: int = 0, later: timedelta = timedelta()) -> PaperArchive:
        dying = DyingStore(store, at=at)
        return PaperArchive(dying, owner_key=bytes(32), now=lambda: datetime.now(UTC) + later, pause=time.sleep)

    archive = open_archive()
    archive.initialize()
    archive.store_paper(address, {COPY: b"1"}, NOTE, kept_until=datetime.now(UTC).date() + timedelta(days=2))
    archive.hold_paper(address, by="Lê Văn Cường", reason="khiếu nại")
    with pytest.raises(Killed):
        open_archive(at=5).append_version(address, {COPY: b"2"}, NOTE)  # the claim, three files, then the commit

    healed = open_archive(later=timedelta(hours=1)).initialize()  # the lease of the dead writer is over

    stored = versions_of(s3, "healed-archive", f"owners/{archive.locate(address)}/")
    newest = dict(reversed(stored))
    assert [each.finished for each in healed] == [True]
    assert archive.read_paper(address, COPY) == b"2"
    for key, version in stored:
        assert client(s3).get_object_retention("healed-archive", key, version).mode == "GOVERNANCE"
    for key, version in newest.items():
        assert client(s3).is_object_legal_hold_enabled("healed-archive", key, version), key
    store.close()


def test_a_held_object_cannot_be_deleted_until_the_hold_is_lifted(s3: S3Server) -> None:
    store = open_bucket(s3, bucket="held-papers", lock_mode="GOVERNANCE")
    store.put("h/a", b"text")
    store.hold("h/", held=True)

    with pytest.raises(StoreUnavailable, match="khóa"):
        store.delete("h/a")
    store.hold("h/", held=False)
    store.delete("h/a")
    assert not store.exists("h/a")
    store.close()


def test_locks_need_a_bucket_that_was_made_for_them(s3: S3Server) -> None:
    open_bucket(s3, bucket="without-locks").close()

    with pytest.raises(ConfigurationError):
        S3Store(options(s3, bucket="without-locks", lock_mode="COMPLIANCE"), pause=time.sleep).prepare()


def test_the_service_encrypts_what_it_keeps(s3: S3Server) -> None:
    store = open_bucket(s3, bucket="encrypted", encryption="AES256", part_bytes=5 << 20)
    store.put("small", b"text")
    store.put("large", bytes(6 << 20))

    for key in ("small", "large"):
        metadata = client(s3).stat_object("encrypted", key).metadata or {}
        assert metadata["X-Amz-Server-Side-Encryption"] == "AES256"
    assert store.get("small") == b"text"
    store.close()


def test_deleting_takes_every_version_away(s3: S3Server) -> None:
    store = open_bucket(s3, bucket="all-versions")
    store.put("a", b"1")
    store.replace("a", b"2", expected_sha512=sha512_of(b"1"))
    store.put("ab", b"stays")
    store.delete("a")

    left = client(s3).list_objects("all-versions", include_version=True, recursive=True)
    assert [item.object_name for item in left] == ["ab"]
    store.close()


def test_a_link_works_for_its_time_and_carries_the_name(s3: S3Server) -> None:
    store = open_bucket(s3)
    store.put("a/b", b"text")
    link = store.link("a/b", seconds=1, name="Giấy khai sinh.pdf")

    with urllib.request.urlopen(link) as answer:
        assert answer.read() == b"text"
        assert "Gi%E1%BA%A5y%20khai%20sinh.pdf" in answer.headers["Content-Disposition"]
    with pytest.raises(HTTPError):
        urllib.request.urlopen(link.replace("/a/b", "/a/c"))
    time.sleep(2.2)
    with pytest.raises(HTTPError):
        urllib.request.urlopen(link)
    with pytest.raises(ObjectMissing):
        store.link("none", seconds=2)
    store.close()


def test_two_archives_share_a_bucket(s3: S3Server) -> None:
    one = open_bucket(s3, bucket="shared-bucket", prefix="one/")
    two = open_bucket(s3, bucket="shared-bucket", prefix="two/")
    one.put("a", b"1")
    two.put("a", b"2")

    assert one.get("a") == b"1"
    assert [stat.key for stat in two.list()] == ["a"]
    with pytest.raises(ObjectExists):
        one.put("a", b"2")
    one.close()
    two.close()

"""Papers in a bucket, through the verbs: what the server itself refuses to delete, and links to what it keeps."""

import hashlib
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.error import HTTPError

import pytest
from conftest import Outcome, Road, Run, run_sohoa
from minio import Minio
from minio.error import S3Error
from servers import S3Server, s3_server

from pipeline.link import link_paper
from pipeline.services import Services, open_services
from pipeline.share import resolve

pytestmark = pytest.mark.tools

Versions = dict[tuple[str, str], str]
"""Key and version, and the mode of the lock and its end."""


@pytest.fixture(scope="module")
def server() -> Iterator[S3Server]:
    with s3_server() as running:
        yield running


@pytest.fixture
def bucket(server: S3Server, home: Path) -> Callable[..., Run]:
    """Make a data directory over a new bucket, and return the command over it."""
    keys = {"SOHOA_S3_ACCESS_KEY": server.access_key, "SOHOA_S3_SECRET_KEY": server.secret_key}

    def open_bucket(name: str, more: str = "", table: str = "") -> Run:
        home.mkdir()
        url = f"s3://{server.endpoint}/{name}"
        written = f'[store]\nurl = "{url}"\nsecure = false\n{more}\n[store.retention]\n{table}\n'
        (home / "sohoa.toml").write_text(written, "utf-8")

        def run(*arguments: object, **variables: str) -> Outcome:
            return run_sohoa(home, *arguments, "--json", **{**keys, **variables})

        assert run("init").code == 0
        return run

    return open_bucket


@pytest.fixture
def client(server: S3Server) -> Minio:
    """An administrator of the service, who may do what the program may."""
    return Minio(server.endpoint, server.access_key, server.secret_key, secure=False, region="us-east-1")


def certify(run: Run, samples: Path) -> str:
    (draft,) = run("digitize", next(samples.glob("*/02-xac-nhan*.pdf")), "--owner", "070167999893").objects
    assert run("review", "approve", draft["draft_id"]).code == 0
    (done,) = run("certify", "--ready").objects
    return str(done["document_id"])


def locks(client: Minio, bucket: str, prefix: str) -> Versions:
    """Return the locks of all stored versions behind a prefix; empty text for none."""
    found: Versions = {}
    for item in client.list_objects(bucket, prefix, recursive=True, include_version=True):
        try:
            lock = client.get_object_retention(bucket, item.object_name, item.version_id)
        except S3Error as e:
            assert e.code in ("NoSuchObjectLockConfiguration", "ObjectLockConfigurationNotFoundError"), e.code
            lock = None
        told = f"{lock.mode} {lock.retain_until_date:%Y-%m-%d}" if lock is not None else ""
        found[item.object_name, item.version_id] = told
    return found


def refused(client: Minio, bucket: str, versions: Versions) -> set[str]:
    """Try to delete each version as an administrator would, and return the answers."""
    answers = set()
    for key, version in versions:
        try:
            client.remove_object(bucket, key, version)
            answers.add("deleted")
        except S3Error as e:
            answers.add(e.code)
    return answers


# ---------------------------------------------------------------- object lock


def test_a_certified_paper_is_locked_by_the_server_for_the_term_of_its_kind(
    bucket: Callable[..., Run], client: Minio, samples: Path
) -> None:
    run = bucket("locked", 'lock_mode = "COMPLIANCE"', 'default = 1\nmarital_status = "2 years"')
    paper = certify(run, samples)
    (shown,) = run("warehouse", "show", paper).objects
    assert run("withdraw", paper, "--reason", "thử").code == 0

    stored = {key: lock for key, lock in locks(client, "locked", "owners/").items() if paper in key[0]}
    outcome = run("warehouse", "delete", paper, "--reason", "QĐ 5")

    last = date.fromisoformat(shown["kept_until"])
    assert (last.month, last.day, last.year - datetime.fromisoformat(shown["certified_at"]).year) == (12, 31, 2)
    assert set(stored.values()) == {f"COMPLIANCE {last}"}
    assert sum(key.endswith("/inventory.json") for key, _ in stored) == 4  # of v1, v2 and twice at the root
    assert refused(client, "locked", stored) == {"AccessDenied"}
    assert (outcome.code, f"{last:%d/%m/%Y}" in outcome.err) == (3, True)
    assert run("verify", paper).objects[0]["verdict"] == "withdrawn"


def test_what_is_kept_for_ever_is_locked_for_as_long_as_a_service_takes(
    bucket: Callable[..., Run], client: Minio, samples: Path
) -> None:
    begun = datetime.now(UTC).date()
    run = bucket("forever", 'lock_mode = "GOVERNANCE"', 'default = "permanent"')
    paper = certify(run, samples)

    stored = {key: lock for key, lock in locks(client, "forever", "owners/").items() if paper in key[0]}
    register = locks(client, "forever", "books/register-reserved/")
    run("warehouse", "show", paper)
    log = locks(client, "forever", "books/access-log/")

    days = (begun, datetime.now(UTC).date())
    centuries = {f"GOVERNANCE {day + timedelta(days=36_500)}" for day in days}
    years = {f"GOVERNANCE {day + timedelta(days=366)}" for day in days}
    assert all((stored, register, log))
    assert {*stored.values(), *register.values()} <= centuries
    assert set(log.values()) <= years
    assert refused(client, "forever", {**stored, **register, **log}) == {"AccessDenied"}
    assert "vĩnh viễn" in run("warehouse", "delete", paper, "--reason", "QĐ 5").err


def test_a_hold_is_kept_by_the_server_until_it_is_lifted(
    bucket: Callable[..., Run], client: Minio, samples: Path
) -> None:
    run = bucket("held", 'lock_mode = "GOVERNANCE"')
    paper = certify(run, samples)
    (held,) = run("warehouse", "hold", paper, "--reason", "tranh chấp").objects
    assert run("withdraw", paper, "--reason", "thử").code == 0  # a version that came after the hold

    stored = {key: lock for key, lock in locks(client, "held", "owners/").items() if paper in key[0]}
    by_server = refused(client, "held", stored)
    by_us = run("warehouse", "delete", paper, "--reason", "QĐ 5")
    (shown,) = run("warehouse", "show", paper).objects
    released = run("warehouse", "release", paper, held["hold"])
    deleted = run("warehouse", "delete", paper, "--reason", "QĐ 5")

    assert set(stored.values()) == {""}
    assert by_server == {"AccessDenied"}
    assert (by_us.code, shown["holds"], shown["kept_until"]) == (3, [held["hold"]], None)
    assert (released.code, deleted.code) == (0, 0), deleted.err
    assert not [key for key, _ in locks(client, "held", "owners/") if paper in key]


# ---------------------------------------------------------------- download links


def fetch(url: str) -> bytes:
    with urllib.request.urlopen(url) as answer:
        data: bytes = answer.read()
        return data


def test_a_link_gives_exactly_the_file_and_nothing_else(
    bucket: Callable[..., Run], samples: Path, server: S3Server
) -> None:
    run = bucket("links")
    paper = certify(run, samples)
    (record,) = run("warehouse", "list", "--all").objects
    scan = next(samples.glob("*/02-xac-nhan*.pdf")).read_bytes()

    made = run("warehouse", "link", paper, "--minutes", 5, "--purpose", "gửi chủ giấy tờ", SOHOA_LOG="DEBUG")
    (source,) = run("warehouse", "link", paper, "--part", "source").objects
    logged = run("log", "list", "--document", paper)

    (link,) = made.objects
    ends = datetime.fromisoformat(link["expires_at"])
    assert hashlib.sha256(fetch(link["url"])).hexdigest() == record["sha256"]
    assert hashlib.sha512(fetch(link["url"])).hexdigest() == link["sha512"]
    assert timedelta(minutes=4) < ends - datetime.now(UTC) <= timedelta(minutes=5)
    assert (fetch(source["url"]), source["file_name"]) == (scan, f"{paper}-source.pdf")
    for other in (link["url"].replace("copy.pdf", "metadata.json"), link["url"].replace("/v1/", "/v2/")):
        with pytest.raises(HTTPError, match="403"):
            fetch(other)
    with pytest.raises(HTTPError, match="403"):
        fetch(link["url"].replace("X-Amz-Expires=", "X-Amz-Expires=9"))
    newest, before = logged.objects[1], logged.objects[0]
    assert (newest["action"], newest["purpose"], newest["actor"]) == ("link", "gửi chủ giấy tờ", "Người Kiểm Thử")
    assert (newest["detail"], before["detail"]) == ("copy 300s", "source 900s")
    for text in (made.err, logged.out, logged.err):
        assert "Signature" not in text
        assert server.secret_key not in text


@pytest.fixture
def opened(
    bucket: Callable[..., Run], home: Path, server: S3Server
) -> Iterator[Callable[[], AbstractContextManager[Services]]]:
    """What opens the data directory for reading."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOHOA_S3_ACCESS_KEY", server.access_key)
        patch.setenv("SOHOA_S3_SECRET_KEY", server.secret_key)
        yield lambda: open_services(home=home, reading=True)


def test_a_link_ends(
    bucket: Callable[..., Run], samples: Path, opened: Callable[[], AbstractContextManager[Services]]
) -> None:
    run = bucket("ending")
    paper = certify(run, samples)
    with opened() as services:
        link = link_paper(paper, services, life=timedelta(seconds=6))
    first = fetch(link.url)
    time.sleep(7.2)

    with pytest.raises(HTTPError, match="403"):
        fetch(link.url)
    assert hashlib.sha512(first).hexdigest() == link.sha512


def test_what_cannot_be_linked_is_said_in_one_line(bucket: Callable[..., Run], samples: Path) -> None:
    run = bucket("refusals", "link_most_minutes = 30")
    paper = certify(run, samples)

    for arguments, code, said in (
        ((paper, "--minutes", 31), 3, "30 phút"),
        ((paper, "--part", "secret.key"), 3, "evidence"),
        (("0" * 16,), 3, "0000000000000000"),
    ):
        outcome = run("warehouse", "link", *arguments)
        assert (outcome.code, outcome.out, outcome.err.count("\n")) == (code, "", 1), outcome.err
        assert said in outcome.err
    assert run("log", "list", "--document", paper).out == ""


def test_a_directory_has_no_links_and_says_what_to_do(road: Road) -> None:
    outcome = road.run("warehouse", "link", road.certified[1]["document_id"])

    assert (outcome.code, outcome.out, outcome.err.count("\n")) == (7, "", 1), outcome.err
    assert "sohoa warehouse get" in outcome.err


def test_an_office_with_consent_gets_a_link_that_ends_with_the_consent(
    bucket: Callable[..., Run], samples: Path, opened: Callable[[], AbstractContextManager[Services]]
) -> None:
    run = bucket("sharing")
    paper = certify(run, samples)
    asked = ("share", "request", paper, "--office", "H19.30", "--purpose", "kết hôn")
    (copy,) = run(*asked, "--scope", "copy", "--days", 0).objects
    (existence,) = run(*asked).objects
    early = run("share", "resolve", copy["reference"], "--office", "H19.30", "--link")
    for grant in (copy, existence):
        run("share", "grant", grant["reference"], "--consent", "phiếu 7")

    resolved = run("share", "resolve", copy["reference"], "--office", "H19.30", "--link")
    with opened() as services:
        longer = resolve(copy["reference"], services, office="H19.30", link_life=timedelta(days=3))
    less = run("share", "resolve", existence["reference"], "--office", "H19.30", "--link")
    other = run("share", "resolve", copy["reference"], "--office", "H19.31", "--link")

    link = resolved.objects[0]["link"]
    assert hashlib.sha256(fetch(link["url"])).hexdigest() == resolved.objects[0]["sha256"]
    assert longer.link is not None
    assert longer.link.expires_at == datetime.fromisoformat(copy["valid_until"])
    assert (early.code, early.objects[0]["link"]) == (1, None)
    assert (less.code, less.objects[0]["link"]) == (0, None)
    assert (other.code, other.objects[0]["link"]) == (1, None)
    actions = [entry["action"] for entry in run("log", "list", "--document", paper).objects]
    assert actions.count("link") == 2

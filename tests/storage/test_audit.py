import json
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from dying import DyingStore, Killed
from faults import faulty_proxy
from servers import S3Server, open_bucket

from domain.models import Source
from storage.audit import AuditOptions, AuditReport, audit
from storage.audit_object import FindingCode
from storage.keys import sha512_of
from storage.objects import DirectoryStore
from storage.ocfl_inventory import VersionNote
from storage.papers import COPY, METADATA, PaperAddress, PaperArchive

NOTE = VersionNote(message="Chứng thực", user="Trần Thị Bình", at=datetime(2026, 11, 21, 8, 30, tzinfo=UTC))
NAMES = [f"{number:016d}" for number in range(20)]
SHA256 = "59ad1b2fc74287ded1bba7af67765d23ad4a49f1ae51902cc2ed3f8ebee96cfa"


def open_archive(store: DirectoryStore | DyingStore) -> PaperArchive:
    archive = PaperArchive(store, owner_key=b"k" * 32, now=lambda: datetime.now(UTC), pause=time.sleep)
    archive.initialize()
    return archive


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    archive = open_archive(DirectoryStore(tmp_path))
    for name in NAMES:
        address = PaperAddress(document_id=name, owner_id=f"owner {int(name) % 7}")
        archive.store_paper(address, {COPY: name.encode() * 100, METADATA: b"{}"}, NOTE)
        archive.append_version(address, {METADATA: b'{"state": "withdrawn"}'}, NOTE)
    archive.store_source(Source(name="scan", media_type="application/pdf", data=b"scan", sha256=SHA256))
    archive.store_draft(NAMES[0], 1, b"{}")
    archive.store_entry("deleted", "x", b"{}")
    archive.store_status_list(1, b"list")
    archive.hold_paper(PaperAddress(document_id=NAMES[1], owner_id="owner 1"), by="Lan", reason="tranh chấp")
    archive.retention.keep_until(NAMES[2], date(2030, 12, 31))
    return tmp_path


def paper(folder: Path, name: str) -> Path:
    return next(folder.glob(f"owners/*/*/{name}"))


def test_a_sound_archive_has_no_findings(folder: Path) -> None:
    report = audit(DirectoryStore(folder))

    assert report.findings == ()
    assert report.papers == 20
    assert report.finished
    assert report.files == len([path for path in folder.rglob("*") if path.is_file()])


def changed(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)


def rewritten(path: Path) -> None:
    """Change an inventory and the digests beside it, as somebody would who wants to hide it."""
    content = json.loads(path.read_text("utf-8"))
    content["versions"]["v1"]["user"]["name"] = "Somebody Else"
    data = json.dumps(content).encode()
    for place in (path.parent, path.parent / "v2"):
        (place / "inventory.json").write_bytes(data)
        (place / "inventory.json.sha512").write_text(f"{sha512_of(data)} inventory.json\n")


@pytest.mark.parametrize(
    ("name", "damage", "code"),
    [
        ("v1/content/copy.pdf", changed, FindingCode.CHANGED),
        ("v2/content/metadata.json", Path.unlink, FindingCode.MISSING),
        ("v1/content/foreign.exe", Path.touch, FindingCode.FOREIGN),
        ("inventory.json", changed, FindingCode.INVENTORY),
        ("inventory.json", Path.unlink, FindingCode.MISSING),
        ("inventory.json", rewritten, FindingCode.INVENTORY),
        ("inventory.json.sha512", changed, None),
        ("inventory.json.sha512", Path.unlink, FindingCode.MISSING),
        ("v1/inventory.json", changed, FindingCode.CHANGED),
        ("v1/inventory.json", Path.unlink, FindingCode.MISSING),
        ("v1/content/copy.pdf", lambda path: path.write_bytes(b""), FindingCode.CHANGED),
        ("0=ocfl_object_1.1", changed, FindingCode.CHANGED),
        ("Foreign File ấ.txt", Path.touch, FindingCode.FOREIGN),
    ],
)
def test_what_is_wrong_in_a_paper_is_named(
    folder: Path, name: str, damage: Callable[[Path], None], code: FindingCode | None
) -> None:
    damage(paper(folder, NAMES[3]) / name)

    findings = audit(DirectoryStore(folder)).findings
    if code is None:  # only the line's end was changed
        assert findings == ()
        return
    assert code in [finding.code for finding in findings]
    assert {finding.root.rpartition("/")[2] for finding in findings} == {NAMES[3]}
    if damage is not rewritten:
        assert f"{paper(folder, NAMES[3]).relative_to(folder).as_posix()}/{name}" in {f.key for f in findings}


def test_a_changed_file_is_named_with_both_digests(folder: Path) -> None:
    path = paper(folder, NAMES[5]) / "v1/content/copy.pdf"
    before = sha512_of(path.read_bytes())
    changed(path)

    (finding,) = audit(DirectoryStore(folder)).findings
    assert (finding.expected, finding.actual) == (before, sha512_of(path.read_bytes()))


@pytest.mark.parametrize(
    ("pattern", "damage", "code"),
    [
        ("sources/*/*", changed, FindingCode.CHANGED),
        ("drafts/*/*/*", lambda path: path.write_bytes(b'[]\n{"sha512": ""}\n'), FindingCode.CHANGED),
        ("books/deleted/*", lambda path: path.write_bytes(b""), FindingCode.CHANGED),
        ("owners", lambda path: (path / "notes.txt").touch(), FindingCode.FOREIGN),
        ("owners/*", lambda path: (path / "notes.txt").touch(), FindingCode.FOREIGN),
        ("owners/*/*", lambda path: (path / "notes.txt").touch(), FindingCode.FOREIGN),
        ("status", lambda path: (path / "1.txt").touch(), FindingCode.FOREIGN),
        ("holds/*/*", changed, FindingCode.CHANGED),
        ("retention/*/*", lambda path: path.rename(path.with_name("2026-02-31")), FindingCode.CHANGED),
        ("owners/0=*", changed, FindingCode.CHANGED),
    ],
)
def test_what_is_wrong_beside_the_papers_is_named(
    folder: Path, pattern: str, damage: Callable[[Path], None], code: FindingCode
) -> None:
    damage(next(folder.glob(pattern)))

    (finding,) = audit(DirectoryStore(folder)).findings
    assert finding.code == code


def test_an_unfinished_write_is_named(folder: Path) -> None:
    archive = open_archive(DyingStore(DirectoryStore(folder), at=4))
    with pytest.raises(Killed):
        archive.append_version(PaperAddress(document_id=NAMES[1], owner_id="owner 1"), {METADATA: b"[]"}, NOTE)

    codes = {finding.code for finding in audit(DirectoryStore(folder)).findings}
    assert FindingCode.UNFINISHED in codes


def test_an_audit_that_was_interrupted_goes_on(folder: Path) -> None:
    changed(paper(folder, NAMES[2]) / "v1/content/copy.pdf")
    changed(paper(folder, NAMES[17]) / "v1/content/copy.pdf")
    whole = audit(DirectoryStore(folder))
    reports: list[AuditReport] = []

    def stop(report: AuditReport) -> None:
        reports.append(report)
        if report.papers == 9:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        audit(DirectoryStore(folder), progress=stop)
    resumed = audit(DirectoryStore(folder), begun=reports[-1])

    assert not reports[-1].finished
    assert resumed == whole


def test_samples_with_other_seeds_cover_other_papers(folder: Path) -> None:
    papers = [audit(DirectoryStore(folder), options=AuditOptions(share=0.3, seed=str(day))).papers for day in range(30)]

    assert 4 <= sum(papers) / 30 <= 8
    assert len(set(papers)) > 1


@pytest.mark.tools
def test_a_bucket_is_audited_and_what_it_does_not_give_out_is_named(s3: S3Server) -> None:
    with faulty_proxy(s3.endpoint) as proxy:
        store = open_bucket(s3, proxy.endpoint, tries=2)
        archive = PaperArchive(store, owner_key=b"k" * 32, now=lambda: datetime.now(UTC), pause=time.sleep)
        archive.initialize()
        for name in NAMES[:3]:
            archive.store_paper(PaperAddress(document_id=name), {COPY: name.encode(), METADATA: b"{}"}, NOTE)

        assert audit(store).findings == ()
        proxy.fault = lambda method, path: "503" if NAMES[1] in path and "copy.pdf" in path else ""
        (finding,) = audit(store).findings
        assert finding.code == FindingCode.UNREADABLE
        assert finding.key.endswith(f"{NAMES[1]}/v1/content/copy.pdf")
        store.close()

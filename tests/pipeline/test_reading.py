"""Reading where nothing can be written: what still works, what is refused, and that nothing is written by it."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from conftest import Outcome, Road, Run, run_sohoa
from fastapi.testclient import TestClient
from hard_disks import Commands, full, read_only

from domain.errors import StoreUnavailable
from pipeline.audit import STATE
from pipeline.services import open_services, utc_now
from pipeline.status import fresh_status, publish_status
from portal.app import create_app
from storage.keys import key_segment

pytestmark = pytest.mark.tools

OWNER = "070167999893"
DISKS = [pytest.param(read_only, id="read-only"), pytest.param(full, id="full")]
Disk = Callable[[Path], AbstractContextManager[Commands]]


@pytest.fixture
def warehouse(road: Road, tmp_path: Path) -> Path:
    home = tmp_path / "warehouse"
    shutil.copytree(road.home, home)
    return home


@pytest.fixture
def run(warehouse: Path) -> Run:
    def run(*arguments: object, **variables: str) -> Outcome:
        return run_sohoa(warehouse, *arguments, **variables)

    return run


@pytest.fixture
def paper(road: Road) -> str:
    return str(road.certified[0]["document_id"])


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file, but for the shared memory and the empty log with which SQLite reads."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {
        str(path.relative_to(folder)): path.read_bytes() for path in files if not path.name.endswith(("-shm", "-wal"))
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Still:
    """What verbs said over a data directory in which nothing can be written, and what they say elsewhere."""

    said: str
    """What an error says of such a disk."""
    run: Run
    answers: dict[tuple[object, ...], Outcome]
    usual: dict[tuple[object, ...], Outcome]
    """What the verbs that show nobody's papers said before."""
    log: str
    """The log of looks, before."""
    listed: str
    """The papers of an owner, before."""
    untouched: bool


def verbs_for_all(road: Road, copy: Path) -> tuple[tuple[object, ...], ...]:
    """Return the verbs that show nobody's papers."""
    return (
        ("verify", road.certified[0]["document_id"]),
        ("verify", copy),
        ("verify", road.certified[0]["url"]),
        ("log", "verify"),
        ("log", "list", "--all"),
        ("audit",),
        ("audit", "--resume"),
        ("register", "list"),
        ("register", "totals"),
        ("review", "list", "--all"),
        ("share", "list"),
    )


def verbs_of_an_owner(paper: str, out: Path) -> tuple[tuple[object, ...], ...]:
    """Return the verbs that show somebody's papers."""
    verbs = (("list", "--owner", OWNER), ("list", "--all"), ("find", "--owner", OWNER), ("show", paper))
    return tuple(("warehouse", *verb) for verb in (*verbs, ("get", paper, "--out", out)))


def verbs_that_write(paper: str) -> tuple[tuple[object, ...], ...]:
    return (("withdraw", paper, "--reason", "thử"), ("warehouse", "hold", paper, "--reason", "thử"))


@pytest.fixture(scope="module", params=DISKS)
def still(request: pytest.FixtureRequest, road: Road, tmp_path_factory: pytest.TempPathFactory) -> Still:
    """Run all the verbs in one process, which starts slowly, over a disk that takes nothing."""
    folder, paper = tmp_path_factory.mktemp("still"), road.certified[0]["document_id"]
    home, copy = folder / "warehouse", folder / "copy.pdf"
    shutil.copytree(road.home, home)
    shutil.copy(road.file, copy)

    def run(*arguments: object, **variables: str) -> Outcome:
        return run_sohoa(home, *arguments, "--json", **variables)

    run("warehouse", "show", paper)
    shown = verbs_for_all(road, copy)
    verbs = (*shown, *verbs_of_an_owner(paper, folder / "out"), *verbs_that_write(paper))
    listed = run("warehouse", "list", "--owner", OWNER).out
    usual = {verb: run(*verb) for verb in shown}
    before = contents(home)
    with request.param(home) as run_all:
        answers = run_all([(*verb, "--json") for verb in verbs])
    untouched = contents(home) == before and not (folder / "out").exists()
    said = {read_only: "chỉ đọc", full: "đầy"}[request.param]
    given = dict(zip(verbs, answers, strict=True))
    log = usual["log", "list", "--all"].out
    return Still(said=said, run=run, answers=given, usual=usual, log=log, listed=listed, untouched=untouched)


def test_what_shows_no_ones_papers_works_where_nothing_can_be_written(still: Still) -> None:
    for verb, expected in still.usual.items():
        answer = still.answers[verb]
        assert (answer.code, answer.err) == (0, ""), (verb, answer)
        if verb[0] == "verify":
            assert answer.objects[0]["verdict"] == "genuine"
        else:
            assert answer.out == expected.out, verb
    assert still.untouched


def test_where_the_look_cannot_be_logged_nobodys_papers_are_shown(still: Still) -> None:
    looks = {verb: outcome for verb, outcome in still.answers.items() if verb[0] == "warehouse" and verb[1] != "hold"}

    assert len(looks) == 5
    for verb, outcome in looks.items():
        assert (outcome.code, outcome.out, outcome.err.count("\n")) == (7, "", 1), (verb, outcome)
        assert "nhật ký" in outcome.err
        assert "sohoa verify" in outcome.err
        assert still.said in outcome.err, outcome.err
    assert still.untouched
    assert still.run("log", "list", "--all").out == still.log
    assert still.run("warehouse", "list", "--owner", OWNER).out == still.listed


def test_what_has_to_write_says_that_it_cannot(still: Still, paper: str) -> None:
    for verb in verbs_that_write(paper):
        outcome = still.answers[verb]
        assert (outcome.code, outcome.out, outcome.err.count("\n")) == (7, "", 1), (verb, outcome)
    assert still.untouched
    assert still.run("verify", paper).code == 0


@pytest.mark.parametrize("disk", DISKS)
def test_a_disk_that_takes_nothing_more_can_be_backed_up(
    disk: Disk, warehouse: Path, run: Run, paper: str, tmp_path: Path
) -> None:
    before = run("verify", paper, "--json").objects

    with disk(warehouse) as run_all:
        (done,) = run_all([("backup", tmp_path / "backup", "--json")])
    restored = run_sohoa(tmp_path / "elsewhere", "restore", tmp_path / "backup", "--json")

    assert (done.code, done.objects[0]["database"], done.err) == (0, True, ""), done
    assert (restored.code, restored.objects[0]["papers"]) == (0, 2), restored.err
    after = run_sohoa(tmp_path / "elsewhere", "verify", paper, "--json").objects
    assert [each["verdict"] for each in after] == [each["verdict"] for each in before] == ["genuine"]


def test_a_database_that_a_killed_process_left_open_is_read_where_nothing_can_be_written(
    warehouse: Path, run: Run, paper: str
) -> None:
    connection = sqlite3.connect(warehouse / "sohoa.db")
    connection.execute("UPDATE records SET state = 'withdrawn' WHERE id = ?", (paper,))
    connection.commit()
    for path in warehouse.glob("sohoa.db*"):  # as they lie there while the process is still at work
        shutil.copy(path, path.with_name(f"killed-{path.name}"))
    connection.close()
    for path in warehouse.glob("killed-*"):
        path.replace(path.with_name(path.name.removeprefix("killed-")))
    assert (warehouse / "sohoa.db-wal").stat().st_size

    with read_only(warehouse) as run_all:
        (seen,) = run_all([("verify", paper, "--json")])
    for path in warehouse.glob("sohoa.db-shm"):
        path.unlink()  # as a copy of database and log alone
    with read_only(warehouse) as run_all:
        (lost,) = run_all([("verify", paper, "--json")])
    healed = run("upgrade")

    assert (seen.code, seen.objects[0]["verdict"]) == (1, "withdrawn")
    assert (lost.code, lost.out, lost.err.count("\n")) == (7, "", 1), lost
    assert "sohoa.db-wal" in lost.err
    assert healed.code == 0, healed.err
    assert run("verify", paper, "--json").objects[0]["verdict"] == "withdrawn"


def test_a_database_of_another_release_is_not_read_before_it_is_brought_up_to_date(
    warehouse: Path, run: Run, paper: str
) -> None:
    def set_revision(revision: str) -> None:
        with sqlite3.connect(warehouse / "sohoa.db") as connection:
            connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
        connection.close()

    revision = run("upgrade", "--json").objects[0]["database"]
    set_revision("0000")
    before = contents(warehouse)
    older = [run(*verb) for verb in (("verify", paper), ("warehouse", "list", "--all"), ("audit",), ("log", "verify"))]
    untouched = contents(warehouse) == before
    set_revision("9999")
    newer = [run("verify", paper), run("upgrade")]
    set_revision(revision)

    for outcome in older:
        assert (outcome.code, outcome.out, outcome.err.count("\n")) == (4, "", 1), outcome
        assert "sohoa upgrade" in outcome.err
    assert untouched
    for outcome in newer:
        assert (outcome.code, outcome.out, outcome.err.count("\n")) == (4, "", 1), outcome
        assert "mới hơn" in outcome.err
    assert run("verify", paper).code == 0


def test_a_database_that_is_gone_is_never_taken_for_an_empty_one(warehouse: Path, run: Run, paper: str) -> None:
    for path in warehouse.glob("sohoa.db*"):
        path.unlink()

    lost = run("verify", paper)
    made = list(warehouse.glob("sohoa.db*"))
    rebuilt = run("reindex")

    assert (lost.code, lost.out, lost.err.count("\n")) == (7, "", 1), lost
    assert "sohoa reindex" in lost.err
    assert made == []
    assert rebuilt.code == 0
    assert run("verify", paper).code == 0


def test_reading_leaves_what_a_killed_process_left_to_the_next_verb_that_writes(
    warehouse: Path, run: Run, paper: str
) -> None:
    claim = warehouse / "store" / "claims" / key_segment("aa/bb/cc")
    claim.parent.mkdir(exist_ok=True)
    claim.write_text(
        '{"root": "aa/bb/cc", "purpose": "create", "holder": "0", "host": "gone", "process": 1, "token": "0", '
        '"expires": "2020-01-01T00:00:00+00:00"}'
    )

    run("verify", paper)
    run("audit")
    left = claim.exists()
    run("upgrade")

    assert (left, claim.exists()) == (True, False)


def test_the_public_page_needs_nothing_to_be_written(warehouse: Path, road: Road, paper: str) -> None:
    before = contents(warehouse)

    with open_services(home=warehouse, reading=True) as services, TestClient(create_app(services)) as client:
        answer = client.get(f"/api/v1/verify/{paper}").json()
        page = client.get(f"/v/{paper}")
        compared = client.post("/compare", files={"file": ("copy.pdf", road.file.read_bytes())})
        health = client.get("/healthz")

    assert answer["verdict"] == "genuine"
    assert [page.status_code, compared.status_code, health.status_code] == [200, 200, 200]
    assert contents(warehouse) == before


def test_an_audit_whose_state_cannot_be_kept_is_done_all_the_same(warehouse: Path, run: Run) -> None:
    (warehouse / STATE).mkdir()  # a folder in place of the file: it can be neither replaced nor removed

    outcome = run("audit", "--json")

    assert (outcome.code, outcome.objects[-1]["finished"], outcome.objects[-1]["findings"]) == (0, True, 0)


def test_the_status_list_is_given_out_as_long_as_it_is_valid_where_no_new_one_can_be_stored(warehouse: Path) -> None:
    with open_services(home=warehouse) as services:
        published = publish_status(services)
    lists = warehouse / "store" / "status"
    kept = {path: path.read_bytes() for path in lists.iterdir()}
    shutil.rmtree(lists)
    lists.write_bytes(b"")  # a file in place of the folder: what is below it cannot be written

    def later(minutes: int) -> int:
        moment = utc_now() + timedelta(minutes=minutes)
        with open_services(home=warehouse, reading=True, clock=lambda: moment) as services:
            return fresh_status(services).number

    assert later(40) == published.number
    with pytest.raises(StoreUnavailable):
        later(61)
    lists.unlink()
    lists.mkdir()
    for path, data in kept.items():
        path.write_bytes(data)
    assert later(40) == published.number + 1

"""A paper between offices: certified, asked for, resolved, looked at by its owner, and rebuilt from the store."""

import json
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from conftest import Outcome, Road, Run, run_sohoa
from dying import DyingStore, Killed
from postgres_server import PostgresServer

from domain.errors import NotReady
from pipeline.owners import Owner, OwnerEvent, OwnerKind, record_owner
from pipeline.services import Services, open_services
from pipeline.share import decide, resolve, revoke
from storage.papers import PaperArchive

pytestmark = pytest.mark.tools

OWNER, OFFICE, HOME = "070167999893", "H19.30", "H00.00"


@pytest.fixture
def warehouse(road: Road, tmp_path: Path) -> Path:
    home = tmp_path / "warehouse"
    shutil.copytree(road.home, home)
    # Other tests may have looked at these papers: the story begins with an empty log.
    shutil.rmtree(home / "store" / "books", ignore_errors=True)
    for table in ("log_entries", "log_nodes"):
        change(home, f"DELETE FROM {table}")
    return home


@pytest.fixture
def run(warehouse: Path) -> Run:
    def run(*arguments: object, **variables: str) -> Outcome:
        return run_sohoa(warehouse, *arguments, "--json", **variables)

    return run


@pytest.fixture
def paper(road: Road) -> str:
    return str(road.certified[1]["document_id"])


def asked(run: Run, paper: str, *more: object) -> str:
    outcome = run("share", "request", paper, "--office", OFFICE, "--purpose", "Đăng ký kết hôn", *more)
    assert outcome.code == 0, outcome.err
    return str(outcome.objects[0]["reference"])


def granted(run: Run, paper: str, *more: object) -> str:
    reference = asked(run, paper, *more)
    assert run("share", "grant", reference, "--consent", "Phiếu 12/2026").code == 0
    return reference


def change(home: Path, statement: str) -> None:
    with sqlite3.connect(home / "sohoa.db") as connection:
        connection.execute(statement)
    connection.close()


def everything(run: Run) -> list[str]:
    verbs = (
        ("share", "list"),
        ("log", "list", "--all", "--limit", 1000),
        ("review", "list", "--all"),
        ("register", "list"),
        ("owners", "show", OWNER),
        ("warehouse", "list", "--all"),
    )
    return [run(*verb).out for verb in verbs]


def test_an_office_resolves_a_reference_and_the_citizen_reads_who_looked(
    run: Run, paper: str, road: Road, tmp_path: Path
) -> None:
    reference = asked(run, paper, "--scope", "copy", "--dossier", "H19.30-26-0001")

    early = run("share", "resolve", reference, "--office", OFFICE)
    run("share", "grant", reference, "--consent", "Phiếu đồng ý số 12/2026", "--by", "Chủ giấy tờ")
    elsewhere = run("share", "resolve", reference, "--office", "H19.31")
    resolved = run("share", "resolve", reference, "--office", OFFICE, "--out", tmp_path / "out")
    run("share", "revoke", reference)
    late = run("share", "resolve", reference, "--office", OFFICE)

    refusals = [each.objects[0]["refusal"] for each in (early, elsewhere, resolved, late)]
    assert refusals == ["consent_pending", "other_office", None, "consent_revoked"]
    assert [each.code for each in (early, elsewhere, resolved, late)] == [1, 1, 0, 1]
    assert Path(resolved.objects[0]["file"]).read_bytes() == Path(road.certified[1]["file"]).read_bytes()
    looked = [
        (each["action"], each["outcome"], each["office"]) for each in run("log", "list", "--owner", OWNER).objects
    ]
    assert looked == [
        ("resolve", "refused", OFFICE),
        ("share_revoke", "done", HOME),
        ("resolve", "done", OFFICE),
        ("resolve", "refused", "H19.31"),
        ("share_grant", "done", HOME),
        ("resolve", "refused", OFFICE),
        ("share_request", "done", HOME),
    ]
    (grant,) = run("share", "list", "--owner", OWNER).objects
    assert (grant["uses"], grant["decision"], grant["purpose"]) == (1, "granted", "Đăng ký kết hôn")


def test_a_reference_shows_no_more_than_its_scope(run: Run, paper: str) -> None:
    existence = granted(run, paper)
    fields = granted(run, paper, "--scope", "fields", "--field", "holder_name")

    (known,) = run("share", "resolve", existence, "--office", OFFICE).objects
    (told,) = run("share", "resolve", fields, "--office", OFFICE).objects

    assert (known["kind"], known["fields"], known["file"]) == ("marital_status", {}, None)
    assert list(told["fields"]) == ["holder_name"]


def test_reading_and_listing_and_finding_leave_a_trace_with_their_purpose(run: Run, paper: str, tmp_path: Path) -> None:
    run("warehouse", "list", "--owner", OWNER, "--purpose", "tiếp nhận hồ sơ")
    run("warehouse", "find", "--owner", OWNER, "--kind", "marital_status", "--purpose", "đối chiếu")
    run("warehouse", "get", paper, "--out", tmp_path, "--purpose", "in lại")

    looked = run("log", "list", "--owner", OWNER).objects

    told = [(each["action"], each["purpose"], each["actor"]) for each in looked]
    who = "Người Kiểm Thử"
    assert told == [("get", "in lại", who), ("find", "đối chiếu", who), ("list", "tiếp nhận hồ sơ", who)]


def test_the_log_holds_and_a_changed_removed_or_rewritten_entry_is_named(
    run: Run, paper: str, warehouse: Path, tmp_path: Path
) -> None:
    for purpose in ("một", "hai", "ba"):
        run("warehouse", "list", "--owner", OWNER, "--purpose", purpose)
    sound = run("log", "verify")
    heads = tmp_path / "heads.jsonl"
    heads.write_text(run("log", "head").out, "utf-8")
    known = run("log", "verify", "--heads", heads)

    change(warehouse, "UPDATE log_entries SET purpose = 'khác' WHERE number = 1")
    changed = run("log", "verify")
    change(warehouse, "DELETE FROM log_entries WHERE number = 1")
    removed = run("log", "verify")

    assert (sound.code, sound.objects[0]["size"], sound.objects[0]["findings"]) == (0, 3, [])
    assert (known.code, known.objects[0]["heads"] >= 1) == (0, True)
    assert (changed.code, [(f["code"], f["first"]) for f in changed.objects[0]["findings"]]) == (1, [("changed", 1)])
    assert (removed.code, [(f["code"], f["first"]) for f in removed.objects[0]["findings"]]) == (1, [("removed", 1)])


def test_a_log_that_was_forged_whole_does_not_fit_the_store_or_a_kept_state(
    run: Run, paper: str, warehouse: Path, tmp_path: Path
) -> None:
    run("warehouse", "get", paper, "--out", tmp_path, "--purpose", "tò mò")
    heads = tmp_path / "heads.jsonl"
    heads.write_text(run("log", "head").out, "utf-8")
    for table in ("log_entries", "log_nodes", "log_heads"):
        change(warehouse, f"DELETE FROM {table}")
    shutil.move(warehouse / "store" / "books", tmp_path / "books")
    run("warehouse", "list", "--owner", OWNER, "--purpose", "công vụ")
    alone = run("log", "verify")
    compared = run("log", "verify", "--heads", heads)
    shutil.rmtree(warehouse / "store" / "books")
    shutil.move(tmp_path / "books", warehouse / "store" / "books")
    stored = run("log", "verify")

    assert alone.code == 0
    assert [f["code"] for f in compared.objects[0]["findings"]] == ["rewritten"]
    assert (stored.code, [f["code"] for f in stored.objects[0]["findings"]]) == (1, ["rewritten"])


def test_a_state_of_the_log_that_is_not_signed_by_us_is_not_believed(run: Run, tmp_path: Path) -> None:
    run("warehouse", "list", "--owner", OWNER)
    (head,) = run("log", "head").objects
    forged = tmp_path / "forged.jsonl"
    forged.write_text(json.dumps({**head, "size": 9}) + "\n", "utf-8")

    outcome = run("log", "verify", "--heads", forged)

    assert (outcome.code, [f["code"] for f in outcome.objects[0]["findings"]]) == (1, ["head_forged"])


def test_everything_comes_back_from_the_store_with_nothing_different(
    run: Run, paper: str, warehouse: Path, tmp_path: Path
) -> None:
    run("owners", "add", OWNER, "--name", "Nguyễn Văn Thử", "--kind", "citizen")
    run("owners", "alias", OWNER, "280123456", "--kind", "old_identity")
    reference = granted(run, paper, "--scope", "copy")
    run("share", "resolve", reference, "--office", OFFICE, "--out", tmp_path)
    run("share", "refuse", asked(run, paper))
    run("share", "revoke", granted(run, paper))
    run("warehouse", "use", paper, "--dossier", "H19.30-26-0002")
    run("log", "head")
    before = everything(run)
    for path in warehouse.glob("sohoa.db*"):
        path.unlink()

    rebuilt = run("reindex")

    assert (rebuilt.code, rebuilt.objects[0]["changed"], rebuilt.objects[0]["damaged"]) == (0, [], [])
    # listing all papers is itself an entry of the log, so that the later log has one more
    after = everything(run)
    assert json.loads(after[1].splitlines()[0])["action"] == "list"
    after[1] = "".join(line + "\n" for line in after[1].splitlines()[1:])
    assert after == before
    assert run("log", "verify").code == 0


def test_an_entry_that_was_stored_before_a_crash_counts_and_the_next_follows_it(
    run: Run, warehouse: Path, tmp_path: Path
) -> None:
    run("warehouse", "list", "--owner", OWNER, "--purpose", "trước")
    for path in warehouse.glob("sohoa.db*"):
        shutil.copy(path, tmp_path / path.name)
    run("warehouse", "list", "--owner", OWNER, "--purpose", "lúc mất điện")
    for path in warehouse.glob("sohoa.db*"):
        path.unlink()
    for path in tmp_path.glob("sohoa.db*"):
        shutil.copy(path, warehouse / path.name)

    run("warehouse", "list", "--owner", OWNER, "--purpose", "sau")

    purposes = [each["purpose"] for each in run("log", "list", "--owner", OWNER).objects]
    assert purposes == ["sau", "lúc mất điện", "trước"]
    assert run("log", "verify").code == 0


def test_a_log_that_was_changed_in_the_database_is_put_right_by_a_rebuild_and_told(run: Run, warehouse: Path) -> None:
    run("warehouse", "list", "--owner", OWNER, "--purpose", "thật")
    for table in ("log_entries", "log_nodes"):
        change(warehouse, f"DELETE FROM {table}")
    shutil.move(warehouse / "store" / "books" / "access-log", warehouse / "aside")
    run("warehouse", "list", "--owner", OWNER, "--purpose", "giả")
    shutil.rmtree(warehouse / "store" / "books" / "access-log")
    shutil.move(warehouse / "aside", warehouse / "store" / "books" / "access-log")

    (told,) = run("reindex").objects

    assert told["changed"] == ["access-log"]
    assert [each["purpose"] for each in run("log", "list", "--owner", OWNER).objects] == ["thật"]


def test_a_reference_that_was_decided_is_not_decided_again(run: Run, paper: str) -> None:
    reference = granted(run, paper)

    outcome = run("share", "refuse", reference)

    assert (outcome.code, outcome.out) == (3, "")
    assert "đã được quyết định" in outcome.err


def test_the_story_is_the_same_on_a_database_server(warehouse: Path, run: Run, paper: str, tmp_path: Path) -> None:
    server = PostgresServer()
    server.start()
    try:
        (warehouse / "sohoa.toml").write_text(f'[database]\nurl = "{server.address("postgres")}"\n', "utf-8")
        assert run("reindex").code == 0
        reference = granted(run, paper, "--scope", "copy")
        resolved = run("share", "resolve", reference, "--office", OFFICE, "--out", tmp_path)
        server.run("UPDATE log_entries SET actor = 'khác' WHERE number = 2")
        changed = run("log", "verify")
        rebuilt = run("reindex")

        assert resolved.code == 0
        assert [(f["code"], f["first"]) for f in changed.objects[0]["findings"]] == [("changed", 2)]
        assert (rebuilt.code, rebuilt.objects[0]["log"], rebuilt.objects[0]["grants"]) == (0, 3, 1)
        assert run("log", "verify").code == 0
    finally:
        server.stop()
        server.remove()


def test_a_verb_that_dies_at_any_write_is_done_again_and_store_and_database_agree(
    warehouse: Path, run: Run, paper: str
) -> None:
    reference = asked(run, paper)

    def decision(services: Services) -> object:
        return decide(reference, services, granted=True, by="", consent="Phiếu 7")

    def resolution(services: Services) -> object:
        return resolve(reference, services, office=OFFICE)

    def owner(services: Services) -> object:
        now = services.clock()
        told = Owner(id=OWNER, kind=OwnerKind.CITIZEN, name="Nguyễn Văn Thử", registered_at=now)
        return record_owner(OwnerEvent(at=now, by="", owner=told), services)

    def revocation(services: Services) -> object:
        return revoke(reference, services)

    for verb in (decision, resolution, owner, revocation):
        deaths = sum(dies(warehouse, verb, at) for at in range(1, 8))
        assert deaths >= 2, verb
        with open_services(home=warehouse) as services, suppress(NotReady):
            verb(services)

    before = everything(run)[0], run("warehouse", "list", "--all").out
    (rebuilt,) = run("reindex").objects
    (grant,) = run("share", "list").objects
    assert (rebuilt["changed"], rebuilt["damaged"], rebuilt["grants"]) == ([], [], 1)
    assert (everything(run)[0], run("warehouse", "list", "--all").out) == before
    assert (grant["decision"], grant["revoked_at"] is not None, grant["uses"] >= 1) == ("granted", True, True)
    assert run("log", "verify").code == 0
    assert run("audit").code == 0


def dies(home: Path, verb: Callable[[Services], object], at: int) -> bool:
    """Return whether the verb died behind this write; one that did not was done."""
    with open_services(home=home) as services:
        dying = DyingStore(services.archive.store, at=at, behind=True)
        archive = PaperArchive(dying, owner_key=services.secret, now=services.clock, pause=time.sleep)
        mortal = replace(services, archive=archive, clock=lambda: datetime.now(UTC) + timedelta(minutes=at))
        try:
            with suppress(NotReady):
                verb(mortal)
        except Killed:
            return True
    return False

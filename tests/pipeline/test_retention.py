"""For how long papers are kept: the table of the settings, what was promised, and what deletion makes of it."""

import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from conftest import Run, run_sohoa

from domain.errors import NotReady
from domain.terms import PERMANENT, read_term
from pipeline.deletion import delete_paper
from pipeline.promise import document_id_of
from pipeline.services import open_services
from pipeline.shelf import load_draft

pytestmark = pytest.mark.tools


def write_table(home: Path, table: str) -> None:
    (home / "sohoa.toml").write_text(f"[store.retention]\n{table}\n", "utf-8")


# ---------------------------------------------------------------- terms


@pytest.mark.parametrize(
    ("told", "last"),
    [
        (0, None),
        ("0", None),
        (1, date(2026, 3, 1)),
        ("30", date(2026, 3, 30)),
        ("1 year", date(2027, 12, 31)),
        ("20 years", date(2046, 12, 31)),
        ("20 năm", date(2046, 12, 31)),
        ("permanent", PERMANENT),
        ("vĩnh viễn", PERMANENT),
    ],
)
def test_a_term_ends_with_a_day(told: int | str, last: date | None) -> None:
    assert read_term(told).last_day(date(2026, 2, 28)) == last


@pytest.mark.parametrize("told", [-1, 36_501, "101 years", "0 years", " 5", "five", "5 months", True, 1.5, None, []])
def test_what_is_no_term_is_refused(told: object) -> None:
    with pytest.raises(ValueError, match="permanent"):
        read_term(told)


# ---------------------------------------------------------------- the table


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("[store.retention]\nbirth_certifcate = 5\n", "có phải “birth_certificate”?"),
        ("[store.retention]\nxyz = 5\n", "configs/kinds"),
        ("[store.retention]\ndefault = '5 months'\n", "store.retention.default"),
        ("[store]\nretention_days = 30\n", "[store.retention]"),
        ("[store]\nlock_mode = 'governance'\n", "GOVERNANCE"),
    ],
)
def test_a_wrong_table_is_told_in_one_line(written: str, said: str, home: Path, sohoa: Run) -> None:
    home.mkdir()
    (home / "sohoa.toml").write_text(written, "utf-8")

    outcome = sohoa("init")

    assert (outcome.code, outcome.err.count("\n")) == (4, 1), outcome.err
    assert said in outcome.err
    assert not (home / "store").exists()


def test_each_kind_has_its_term_and_every_verb_that_shows_a_paper_says_it(desk: Path, at_desk: Run) -> None:
    write_table(desk, "default = '5 years'\nmarital_status = 'permanent'")
    certified = at_desk("certify", "--ready", "--json").objects
    listed = at_desk("warehouse", "list", "--all", "--json").objects
    ids = {each["kind"]: each["document_id"] for each in listed}

    year = datetime.fromisoformat(listed[0]["certified_at"]).astimezone(ZoneInfo("Asia/Ho_Chi_Minh")).year
    terms = {"decision": f"{year + 5}-12-31", "marital_status": "permanent"}
    by_id = {ids[kind]: term for kind, term in terms.items()}
    assert {each["document_id"]: each["kept_until"] for each in certified} == by_id
    assert {each["kind"]: each["kept_until"] for each in listed} == terms
    for kind, paper in ids.items():
        (shown,) = at_desk("warehouse", "show", paper, "--json").objects
        (found,) = at_desk("warehouse", "find", "--owner", "070167999893", "--kind", kind, "--json").objects
        assert (shown["kept_until"], found["kept_until"]) == (terms[kind], terms[kind])
    for words in (at_desk("warehouse", "list", "--all"), at_desk("warehouse", "find", "--owner", "070167999893")):
        assert f"31/12/{year + 5}" in words.out
        assert "vĩnh viễn" in words.out
    assert f"Lưu giữ đến hết: 31/12/{year + 5}" in at_desk("warehouse", "show", ids["decision"]).out


# ---------------------------------------------------------------- what was promised


def test_a_change_of_the_table_never_shortens_what_was_promised(desk: Path, at_desk: Run) -> None:
    write_table(desk, "default = 40")
    papers = [each["document_id"] for each in at_desk("certify", "--ready", "--json").objects]
    before = at_desk("warehouse", "list", "--all", "--json").out
    write_table(desk, "default = 0")

    refused = [at_desk("warehouse", "delete", paper, "--reason", "QĐ 5") for paper in papers]
    at_desk("withdraw", papers[0], "--reason", "thử")  # a new version is under the old promise
    kept = at_desk("warehouse", "show", papers[0], "--json").objects[0]["kept_until"]
    for path in desk.glob("sohoa.db*"):
        path.unlink()
    at_desk("reindex")

    assert [outcome.code for outcome in refused] == [3, 3]
    assert kept == at_desk("warehouse", "show", papers[0], "--json").objects[0]["kept_until"]
    assert before.count(f'"kept_until": "{kept}"') == 2
    assert at_desk("warehouse", "delete", papers[0], "--reason", "QĐ 5").code == 3
    assert len(at_desk("warehouse", "list", "--all", "--json").objects) == 2


def test_a_promise_of_a_try_that_died_outlasts_a_change_of_the_table(
    desk: Path, at_desk: Run, drafts: list[str]
) -> None:
    promised = datetime.now(UTC).date() + timedelta(days=4000)
    with open_services(home=desk) as services:
        paper = document_id_of(load_draft(drafts[1], services), services)
        services.archive.retention.keep_until(paper, promised)  # what a try does first, before it stores the paper
    write_table(desk, "default = 3")

    (certified,) = at_desk("certify", drafts[1], "--json").objects

    assert (certified["document_id"], certified["kept_until"]) == (paper, promised.isoformat())
    assert at_desk("warehouse", "show", paper, "--json").objects[0]["kept_until"] == promised.isoformat()


def test_lawful_deletion_waits_for_the_last_day_and_then_leaves_only_the_register(
    desk: Path, at_desk: Run, drafts: list[str]
) -> None:
    write_table(desk, "marital_status = 10")
    (certified,) = at_desk("certify", drafts[1], "--json").objects
    paper, last = certified["document_id"], date.fromisoformat(certified["kept_until"])

    def delete_on(day: date) -> None:
        moment = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        with open_services(home=desk, clock=lambda: moment) as services:
            delete_paper(paper, "QĐ 5", services)

    with pytest.raises(NotReady, match=f"{last:%d/%m/%Y}"):
        delete_on(last)
    shutil.rmtree(desk / "store" / "retention" / paper)  # the record tells the day too
    with pytest.raises(NotReady, match=f"{last:%d/%m/%Y}"):
        delete_on(last)
    delete_on(last + timedelta(days=1))

    assert paper not in at_desk("warehouse", "list", "--all", "--json").out
    assert certified["register_number"] in at_desk("register", "list").out


def test_where_no_term_is_set_a_paper_may_be_deleted(at_desk: Run, drafts: list[str]) -> None:
    (certified,) = at_desk("certify", drafts[1], "--json").objects

    assert certified["kept_until"] is None
    assert at_desk("warehouse", "delete", certified["document_id"], "--reason", "QĐ 5").code == 0


def test_the_environment_can_set_a_line_of_the_table(desk: Path, drafts: list[str]) -> None:
    told = {"SOHOA_STORE__RETENTION__MARITAL_STATUS": "vĩnh viễn"}

    (certified,) = run_sohoa(desk, "certify", drafts[1], "--json", **told).objects

    assert certified["kept_until"] == "permanent"

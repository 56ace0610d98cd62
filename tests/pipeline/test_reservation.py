"""Register numbers: what was given is known for ever, from the store alone; none is used twice, every gap explained."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from conftest import Outcome, run_sohoa
from dying import Killed
from mortal import Counter, open_mortal

from pipeline.promise import make_promise
from pipeline.register import choose_book, entries_of
from pipeline.services import open_services
from pipeline.shelf import load_newest_draft
from storage.register import find_entry_of_draft

pytestmark = pytest.mark.tools

At = Callable[..., Outcome]


def forget_database(home: Path) -> None:
    for path in home.glob("sohoa.db*"):
        path.unlink()


def promise(home: Path, draft_id: str, counter: Counter | None = None) -> int:
    """Give a draft its number, as certifying does first; return the number."""
    counter = counter or Counter(at=0, behind=False)
    with open_mortal(home, counter, bucket=False, later=timedelta()) as services:
        entry = make_promise(load_newest_draft(draft_id, services), None, services)[1].entry
    assert entry is not None
    return entry.number


def number_of(outcome: Outcome) -> int:
    assert outcome.code == 0, outcome.err
    return int(outcome.objects[0]["register_number"].partition("/")[0])


def register(home: Path) -> list[tuple[int, str]]:
    return [(line["number"], line["state"]) for line in run_sohoa(home, "register", "list", "--json").objects]


def test_a_number_of_an_unfinished_copy_is_known_after_the_database_was_lost(
    desk: Path, at_desk: At, drafts: list[str]
) -> None:
    first, second = drafts
    assert promise(desk, first) == 1
    forget_database(desk)
    assert at_desk("reindex").code == 0

    after_loss = register(desk)
    others = number_of(at_desk("certify", second, "--yes", "--json"))
    own = number_of(at_desk("certify", first, "--yes", "--json"))

    assert (after_loss, others, own) == ([(1, "reserved")], 2, 1)
    forget_database(desk)
    (rebuilt,) = at_desk("reindex", "--json").objects
    assert (rebuilt["lines"], rebuilt["damaged"]) == (2, [])
    assert register(desk) == [(1, "issued"), (2, "issued")]


def test_the_number_of_a_draft_that_is_given_up_is_voided_after_the_database_was_lost(
    desk: Path, at_desk: At, drafts: list[str]
) -> None:
    promise(desk, drafts[0])
    forget_database(desk)
    at_desk("reindex")

    at_desk("certify", drafts[0], "--refuse", "22.1", "--reason", "Bị tẩy xóa")

    assert register(desk) == [(1, "voided")]
    forget_database(desk)
    at_desk("reindex")
    assert register(desk) == [(1, "voided")]
    assert number_of(at_desk("certify", drafts[1], "--yes", "--json")) == 2


@pytest.mark.parametrize("behind", [False, True], ids=["before", "behind"])
@pytest.mark.parametrize("turn", [0, 1], ids=["itself", "another"])
def test_killed_at_any_step_of_giving_a_number_nothing_is_given_twice(
    turn: int, behind: bool, reviewed: Path, drafts: list[str], tmp_path: Path
) -> None:
    for at in range(1, 20):
        home = tmp_path / str(at)
        shutil.copytree(reviewed, home)
        try:
            promise(home, drafts[0], Counter(at=at, behind=behind))
        except Killed:
            order = drafts if turn == 0 else drafts[::-1]
            given = [promise(home, draft_id) for draft_id in order]
            assert sorted(given) == [1, 2], at
            forget_database(home)
            assert run_sohoa(home, "reindex").code == 0
            assert [promise(home, draft_id) for draft_id in order] == given, at
            assert register(home) == [(1, "reserved"), (2, "reserved")], at
        else:
            assert at > 4
            return
    raise AssertionError("giving a number has no end")


def test_an_older_copy_of_the_database_does_not_give_a_number_again(desk: Path, at_desk: At, drafts: list[str]) -> None:
    older = (desk / "sohoa.db").read_bytes()
    number_of(at_desk("certify", drafts[0], "--yes", "--json"))
    forget_database(desk)
    (desk / "sohoa.db").write_bytes(older)

    assert number_of(at_desk("certify", drafts[1], "--yes", "--json")) == 2
    assert number_of(at_desk("certify", drafts[0], "--yes", "--json")) == 1
    assert register(desk) == [(1, "issued"), (2, "issued")]


def test_a_number_that_an_older_release_lost_is_explained_by_a_person(
    desk: Path, at_desk: At, drafts: list[str]
) -> None:
    promise(desk, drafts[0])
    number_of(at_desk("certify", drafts[1], "--yes", "--json"))
    (kept,) = (desk / "store").glob("books/register-reserved/*-000001.jsonl")
    kept.unlink()
    forget_database(desk)
    at_desk("reindex")
    (before,) = at_desk("register", "totals", "--json").objects

    voided = at_desk("register", "void", 1, "--reason", "Mất theo cơ sở dữ liệu cũ", "--json")

    (after,) = at_desk("register", "totals", "--json").objects
    assert (before["missing"], voided.objects[0]["state"], after["missing"]) == ([1], "voided", [])
    forget_database(desk)
    at_desk("reindex")
    assert register(desk) == [(1, "voided"), (2, "issued")]
    assert at_desk("register", "void", 9, "--reason", "x").code == 3


def test_a_volume_that_was_begun_is_written_in_after_the_database_was_lost(
    desk: Path, at_desk: At, drafts: list[str]
) -> None:
    at_desk("certify", drafts[0], "--yes")
    at_desk("register", "volume")
    forget_database(desk)
    at_desk("reindex")

    at_desk("certify", drafts[1], "--yes")

    books = [line["book"][:2] for line in at_desk("register", "list", "--json").objects]
    assert books == ["01", "02"]


def test_a_damaged_reservation_is_named_and_the_others_come_back(desk: Path, at_desk: At, drafts: list[str]) -> None:
    promise(desk, drafts[0])
    promise(desk, drafts[1])
    (kept,) = (desk / "store").glob("books/register-reserved/*-000001.jsonl")
    kept.chmod(0o600)
    kept.write_bytes(b"{}")
    forget_database(desk)

    outcome = at_desk("reindex", "--json")

    assert outcome.code == 1
    assert [name.partition("/")[0] for name in outcome.objects[0]["damaged"]] == ["register-reserved"]
    assert register(desk) == [(2, "reserved")]


def test_a_draft_that_was_given_a_number_keeps_it_over_every_try(desk: Path, drafts: list[str]) -> None:
    numbers = {promise(desk, drafts[0]) for _ in range(3)}

    with open_services(home=desk, clock=lambda: datetime.now(UTC)) as services:
        entries, totals = entries_of(choose_book(services), services)
        with services.database.reading() as transaction:
            held = find_entry_of_draft(transaction, drafts[0])
    assert (numbers, len(entries), totals.reserved) == ({1}, 1, 1)
    assert held == entries[0]

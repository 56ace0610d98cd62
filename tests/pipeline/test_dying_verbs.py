"""Every verb that changes the warehouse dies at each write and commit in turn: nothing lost, nothing by half."""

import shutil
from collections.abc import Callable
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import ocfl
import pytest
from conftest import Road
from dying import Killed
from mortal import Counter, open_mortal

from domain.errors import InputError
from pipeline.access import check_log
from pipeline.audit import AuditOptions, run_audit
from pipeline.deletion import delete_paper, finish_deletions, hold_paper, lift_hold
from pipeline.find import use
from pipeline.owners import Alias, Closing, NumberKind, Owner, OwnerEvent, OwnerKind, OwnerLink, Relation, record_owner
from pipeline.register import choose_book, next_volume
from pipeline.reindex import reindex
from pipeline.services import Services
from pipeline.share import GrantRequest, Scope, decide, listed, request, resolve, revoke
from pipeline.validity import resume, suspend, turn
from pipeline.warehouse import list_papers
from pipeline.withdraw import withdraw
from storage.access_log import list_log
from storage.grants import list_grants
from storage.index import iterate_records
from storage.owners import list_links, numbers_of
from storage.reuse import reuse_counts

pytestmark = pytest.mark.tools

OWNER, GUARDIAN = "070167999893", "070190000001"
AT = datetime(2026, 11, 22, 8, tzinfo=UTC)
LATER = timedelta(hours=1)


@dataclass(frozen=True)
class Case:
    """A warehouse of two papers; the verbs work on the second, which holds for half a year."""

    services: Services
    paper: str
    other: str


def owner_event(**parts: object) -> OwnerEvent:
    return OwnerEvent(at=AT, by="thử", **parts)  # type: ignore[arg-type]  # each test names one real part


def add_owner(number: str, name: str) -> Callable[[Case], object]:
    owner = Owner(id=number, kind=OwnerKind.CITIZEN, name=name, registered_at=AT)
    return lambda case: record_owner(owner_event(owner=owner), case.services)


def add_guardian(case: Case) -> object:
    link = OwnerLink(
        owner_id=OWNER, person_id=GUARDIAN, relation=Relation.GUARDIAN, valid_from=date(2026, 1, 1), basis="QĐ 1"
    )
    return record_owner(owner_event(link=link), case.services)


def ask(case: Case) -> object:
    asked = GrantRequest(
        document_id=case.paper,
        office="H19.30",
        purpose="thử",
        scope=Scope.EXISTENCE,
        requested_by="thử",
        valid_until=datetime(2030, 1, 1, tzinfo=UTC),
    )
    return request(asked, case.services)


def reference(case: Case) -> str:
    return listed(case.services)[0].reference


def hold_of(case: Case) -> str:
    with case.services.database.reading() as transaction:
        entries = list_log(transaction, document_id=case.paper)
    return next(entry.access.detail for entry in entries if entry.access.action == "hold")


@dataclass(frozen=True)
class Verb:
    """What is done, what has to be there before, and whether doing it again once more changes nothing."""

    act: Callable[[Case], object]
    before: tuple[Callable[[Case], object], ...] = ()
    again: bool = True
    """Whether saying it again changes nothing; else the second time is a thing of its own, or refused."""


PERSONS = (add_owner(OWNER, "Huỳnh Thị Trang"), add_owner(GUARDIAN, "Nguyễn Thị Kế"))
GRANTED = (ask, lambda case: decide(reference(case), case.services, granted=True, by="", consent="phiếu 1"))
VERBS = {
    "withdraw": Verb(lambda case: withdraw(case.paper, "thử", case.services)),
    "supersede": Verb(lambda case: withdraw(case.paper, "", case.services, superseded_by=case.other)),
    "suspend": Verb(lambda case: suspend(case.other, "thử", case.services)),
    "resume": Verb(
        lambda case: resume(case.other, "rõ", case.services),
        (lambda case: suspend(case.other, "thử", case.services),),
        again=False,
    ),
    "turn": Verb(lambda case: list(turn(case.services))),
    "delete": Verb(lambda case: delete_paper(case.paper, "QĐ 5", case.services), again=False),
    "delete shared": Verb(lambda case: delete_paper(case.paper, "QĐ 5", case.services), GRANTED, again=False),
    "hold": Verb(lambda case: hold_paper(case.paper, "tranh chấp", case.services), again=False),
    "release": Verb(
        lambda case: lift_hold(case.paper, hold_of(case), case.services),
        (lambda case: hold_paper(case.paper, "tranh chấp", case.services),),
        again=False,
    ),
    "owner": Verb(add_owner(OWNER, "Huỳnh Thị Trang")),
    "alias": Verb(
        lambda case: record_owner(
            owner_event(alias=Alias(owner_id=OWNER, number="280123456", kind=NumberKind.OLD_IDENTITY)), case.services
        ),
        PERSONS,
    ),
    "link": Verb(add_guardian, PERSONS),
    "close": Verb(
        lambda case: record_owner(owner_event(closing=Closing(owner_id=OWNER, reason="TLKT 15")), case.services),
        (*PERSONS, *GRANTED),
    ),
    "request": Verb(ask, again=False),
    "grant": Verb(GRANTED[1], GRANTED[:1], again=False),
    "revoke": Verb(lambda case: revoke(reference(case), case.services), GRANTED),
    "resolve": Verb(lambda case: resolve(reference(case), case.services, office="H19.30"), GRANTED, again=False),
    "use": Verb(lambda case: use(case.other, case.services, dossier="H19-1"), again=False),
    "volume": Verb(lambda case: next_volume(choose_book(case.services), case.services), again=False),
}


def problems(home: Path) -> list[str]:
    """What ocfl-py has to say about the papers."""
    root = ocfl.StorageRoot(root=str(home / "store" / "owners"))
    root.validate(log_warnings=True)
    return [*root.log.messages, *map(str, root.errors)]


def told(services: Services) -> dict[str, object]:
    """What the database tells: papers, their uses, consents, owners."""
    with services.database.reading() as transaction:
        records = list(iterate_records(transaction))
        owner = numbers_of(transaction, OWNER)
        known = len(owner) > 1 or bool(list_grants(transaction))
        return {
            "records": records,
            "uses": [reuse_counts(transaction, record.id) for record in records],
            "grants": list_grants(transaction),
            "numbers": owner,
            "links": list_links(transaction, OWNER, on=AT.date()),
            "known": known,
        }


def run(home: Path, road: Road, counter: Counter, act: Callable[[Case], object], *, bucket: bool) -> bool:
    """Do it in a process that dies at this write or commit; return whether it came to its end."""
    other, paper = (each["document_id"] for each in road.certified)
    try:
        with open_mortal(home, counter, bucket=bucket, later=timedelta()) as services:
            act(Case(services, paper, other))
    except Killed:
        return False
    return True


def prepare(home: Path, road: Road, verb: Verb) -> None:
    shutil.copytree(road.home, home)
    for step in verb.before:
        assert run(home, road, Counter(at=0, behind=False), step, bucket=False)


def require_whole(home: Path, road: Road, verb: Verb, *, bucket: bool, case: str) -> None:
    """Check what must hold an hour later: before anybody does anything, after the verb is said again, and rebuilt."""
    other, paper = (each["document_id"] for each in road.certified)
    with open_mortal(home, Counter(at=0, behind=False), bucket=bucket, later=LATER) as services:
        assert problems(home) == [], case
        assert run_audit(services, AuditOptions(workers=1)).findings == (), case
        stored = {each.document_id for each in services.archive.iterate_papers()}
        with services.database.reading() as transaction:
            records = {record.id for record in iterate_records(transaction)}
        assert records <= stored, case
        acting = Case(services, paper, other)
        finish_deletions(services)
        if paper not in records:
            assert {each.document_id for each in services.archive.iterate_papers()} == records, case
        with nullcontext() if verb.again else suppress(InputError):  # it was done, and cannot be done again
            verb.act(acting)
        if verb.again:
            before = told(services)
            verb.act(acting)
            assert told(services) == before, case
        list_papers(services)  # any next verb finishes what the log tells of
        before = told(services)
        assert check_log(services, None).findings == (), case
        rebuilt = reindex(services)
        assert told(services) == before, case
        assert (rebuilt.changed, rebuilt.found, rebuilt.gone, rebuilt.damaged) == ((), (), (), ()), case
        assert check_log(services, None).findings == (), case
    for path in home.glob("sohoa.db*"):
        path.unlink()
    with open_mortal(home, Counter(at=0, behind=False), bucket=bucket, later=LATER) as services:
        reindex(services)
        assert told(services) == before, case


def count_steps(home: Path, road: Road, verb: Verb, *, bucket: bool) -> int:
    prepare(home, road, verb)
    counter = Counter(at=0, behind=False)
    assert run(home, road, counter, verb.act, bucket=bucket)
    return counter.count


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("bucket", [False, True], ids=["disk", "bucket"])
@pytest.mark.parametrize("name", VERBS)
def test_a_verb_that_dies_at_any_write_or_commit_leaves_nothing_by_half(
    name: str, bucket: bool, road: Road, tmp_path: Path
) -> None:
    verb = VERBS[name]
    steps = count_steps(tmp_path / "counted", road, verb, bucket=bucket)
    assert steps >= 2

    for at in range(1, steps + 1):
        for behind in (False, True):
            home = tmp_path / f"{at}-{behind}"
            prepare(home, road, verb)
            assert not run(home, road, Counter(at=at, behind=behind), verb.act, bucket=bucket)
            case = f"step {at} of {steps}, {'behind' if behind else 'before'}"
            require_whole(home, road, verb, bucket=bucket, case=case)
            shutil.rmtree(home)


@pytest.mark.parametrize("name", ["suspend", "delete shared", "close", "use"])
def test_a_verb_that_dies_behind_its_middle_leaves_nothing_by_half(name: str, road: Road, tmp_path: Path) -> None:
    verb = VERBS[name]
    steps = count_steps(tmp_path / "counted", road, verb, bucket=True)
    prepare(tmp_path / "home", road, verb)
    assert not run(tmp_path / "home", road, Counter(at=steps // 2 + 1, behind=True), verb.act, bucket=True)

    require_whole(tmp_path / "home", road, verb, bucket=True, case=f"behind step {steps // 2 + 1} of {steps}")

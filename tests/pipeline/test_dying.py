"""Certifying dies at every write and commit in turn, and the next run finishes it: nothing lost, nothing twice."""

import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import run_sohoa
from dying import DyingStore, Killed

from domain.models import Verdict
from pipeline.certify import certify, certify_batch
from pipeline.desk import open_desk
from pipeline.refusal import declared
from pipeline.register import choose_book, entries_of
from pipeline.reindex import reindex
from pipeline.services import Services, open_services
from pipeline.status import publish_status
from pipeline.verify import verify_file
from storage.database import Database, Transaction
from storage.index import iterate_records
from storage.papers import PaperArchive

pytestmark = pytest.mark.tools


@dataclass
class Counter:
    """Counts the writes and commits of a run, and ends it at one of them: before it or behind it."""

    at: int
    behind: bool
    count: int = 0
    armed: bool = False

    def before(self) -> None:
        self.count += self.armed
        if self.armed and self.count == self.at and not self.behind:
            raise Killed

    def after(self) -> None:
        if self.armed and self.count == self.at:
            raise Killed


class DyingDatabase:
    """A database whose commit may be the last thing that the process does, or does not do."""

    def __init__(self, database: Database, counter: Counter) -> None:
        self.database = database
        self.counter = counter
        self.reading = database.reading
        self.close = database.close

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        with self.database.transaction() as transaction:
            yield transaction
            self.counter.before()
        self.counter.after()


class CountedStore(DyingStore):
    """A store that shares its count with the database, and writes a paper whole as a disk does, or part by part."""

    def __init__(self, counter: Counter, services: Services, *, bucket: bool) -> None:
        super().__init__(services.archive.store)
        self.counter = counter
        self.atomic_trees = not bucket

    def write(self, action: Callable[[], Any]) -> Any:
        self.counter.before()
        result = action()
        self.counter.after()
        return result

    def put_tree(self, prefix: str, objects: Mapping[str, bytes], *, retain_until: datetime | None = None) -> None:
        if self.atomic_trees:
            self.write(lambda: self.store.put_tree(prefix, objects, retain_until=retain_until))
        else:
            super().put_tree(prefix, objects, retain_until=retain_until)


@contextmanager
def open_mortal(home: Path, counter: Counter, *, bucket: bool, later: timedelta) -> Iterator[Services]:
    """Open the services with a store and a database that die when the counter says so, at a later time."""
    with open_services(home=home, clock=lambda: datetime.now(UTC) + later) as services:
        store = CountedStore(counter, services, bucket=bucket)
        archive = PaperArchive(store, owner_key=services.secret, now=services.clock, pause=time.sleep)
        archive.initialize()
        counter.armed = True
        database = DyingDatabase(services.database, counter)
        yield replace(services, archive=archive, database=database)  # type: ignore[arg-type]  # speaks like one


def certify_until(home: Path, draft_id: str, counter: Counter, *, bucket: bool) -> bool:
    """Certify and publish the status list in a process that dies at this write; return whether it came to its end."""
    try:
        with open_mortal(home, counter, bucket=bucket, later=timedelta()) as services:
            with open_desk(services) as desk:
                certify(draft_id, services, desk, checklist=declared([]))
            publish_status(services)
    except Killed:
        return False
    return True


def require_whole(home: Path, draft_ids: list[str], *, bucket: bool, case: str) -> None:
    """Check what must hold after the next run, an hour later, with another paper certified behind the first."""
    with open_mortal(home, Counter(at=0, behind=False), bucket=bucket, later=timedelta(hours=1)) as services:
        first, second = certify_batch(draft_ids, services, checklist=declared([]))
        assert first.certified is not None and second.certified is not None, (case, first.error, second.error)
        documents = [first.certified.record.id, second.certified.record.id]
        publish_status(services)
        lines, totals = entries_of(choose_book(services), services)
        with services.database.reading() as transaction:
            records = [record.id for record in iterate_records(transaction)]
        rebuilt = reindex(services)
        answer = verify_file(first.certified.pdf, services)
        stored = [paper.document_id for paper in services.archive.iterate_papers()]
    assert [(line.number, line.document_id) for line in lines] == list(enumerate(documents, 1)), case
    assert (totals.issued, totals.reserved, totals.missing) == (2, 0, ()), case
    assert sorted(records) == sorted(stored) == sorted(documents), case
    assert answer.verdict is Verdict.GENUINE, case
    assert (rebuilt.changed, rebuilt.found, rebuilt.gone, rebuilt.damaged) == ((), (), (), ()), case


def count_steps(home: Path, draft_id: str, *, bucket: bool) -> int:
    counter = Counter(at=0, behind=False)
    assert certify_until(home, draft_id, counter, bucket=bucket)
    return counter.count


@pytest.fixture
def draft_ids(reviewed: Path) -> list[str]:
    return [draft["draft_id"] for draft in run_sohoa(reviewed, "review", "list", "--json").objects]


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("bucket", [False, True], ids=["disk", "bucket"])
def test_certify_dies_at_every_write_and_commit_and_is_finished_by_the_next_run(
    bucket: bool, draft_ids: list[str], reviewed: Path, tmp_path: Path
) -> None:
    shutil.copytree(reviewed, tmp_path / "counted")
    steps = count_steps(tmp_path / "counted", draft_ids[0], bucket=bucket)
    assert steps >= 8

    for at in range(1, steps + 1):
        for behind in (False, True):
            home = tmp_path / f"{at}-{behind}"
            shutil.copytree(reviewed, home)
            assert not certify_until(home, draft_ids[0], Counter(at=at, behind=behind), bucket=bucket)
            case = f"step {at} of {steps}, {'behind' if behind else 'before'}"
            require_whole(home, draft_ids, bucket=bucket, case=case)
            shutil.rmtree(home)


@pytest.mark.parametrize("part", [0.2, 0.5, 0.8])
def test_certify_that_dies_on_its_way_is_finished_by_the_next_run(
    part: float, draft_ids: list[str], reviewed: Path, tmp_path: Path
) -> None:
    shutil.copytree(reviewed, tmp_path / "counted")
    shutil.copytree(reviewed, tmp_path / "home")
    at = round(count_steps(tmp_path / "counted", draft_ids[0], bucket=True) * part)
    assert not certify_until(tmp_path / "home", draft_ids[0], Counter(at=at, behind=True), bucket=True)

    require_whole(tmp_path / "home", draft_ids, bucket=True, case=f"step {at}")


def test_a_status_list_that_was_stored_but_not_listed_is_followed_by_the_next_number(desk: Path) -> None:
    def publish(at: int) -> int:
        with open_mortal(desk, Counter(at=at, behind=True), bucket=False, later=timedelta()) as services:
            return publish_status(services).number

    first = publish(0)
    with pytest.raises(Killed):
        publish(1)
    third = publish(0)

    assert (first, third) == (1, 3)

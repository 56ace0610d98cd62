"""Certifying dies at every write and commit in turn, and the next run finishes it: nothing lost, nothing twice."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from conftest import run_sohoa
from dying import Killed
from mortal import Counter, open_mortal

from domain.models import Verdict
from pipeline.certify import certify, certify_batch
from pipeline.desk import open_desk
from pipeline.refusal import declared
from pipeline.register import choose_book, entries_of
from pipeline.reindex import reindex
from pipeline.status import publish_status
from pipeline.verify import verify_file
from storage.index import iterate_records

pytestmark = pytest.mark.tools


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


@pytest.mark.parametrize("part", [0.2, pytest.param(0.5, marks=pytest.mark.slow), 0.8])
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

from datetime import UTC, date, datetime

import pytest
from index_entries import entry

from domain.models import Filing
from storage.catalog import Dossier, find_dossier, save_dossier
from storage.database import Database
from storage.index import save_records
from storage.owners import NumberKind, Owner, OwnerKind, add_alias, save_owner
from storage.reuse import (
    Intake,
    Likeness,
    PresentPaper,
    ReuseWay,
    count_reuse,
    find_present,
    list_unsynchronized,
    mark_synchronization,
    reuse_counts,
)

NOW = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
TODAY = date(2026, 11, 21)
HASH = 0x9F3A_0C71_E2D4_8B56


def present(database: Database, intake: Intake) -> list[tuple[int, Likeness, bool]]:
    with database.reading() as transaction:
        found: tuple[PresentPaper, ...] = find_present(transaction, intake, today=TODAY)
    return [(paper.record.status_index, paper.likeness, paper.in_force) for paper in found]


@pytest.fixture
def filled(database: Database) -> Database:
    with database.transaction() as transaction:
        papers = [
            entry(1, page_hashes=(HASH, HASH ^ 0xFF00FF)),
            entry(2, valid_until=date(2026, 11, 1)),
            entry(3, kind="diploma"),
            entry(4, filing=Filing(owner_id="285000001")),
            entry(5, filing=Filing(owner_id="somebody else")),
        ]
        save_records(transaction, papers)
        owner = Owner(id="070300000001", kind=OwnerKind.CITIZEN, name="Nguyễn Văn An", registered_at=NOW)
        save_owner(transaction, owner)
        add_alias(transaction, owner.id, "285000001", NumberKind.OLD_IDENTITY)
    return database


def test_papers_of_the_owner_and_kind_are_here_also_under_the_old_number(filled: Database) -> None:
    intake = Intake(owner_id="070300000001", kind="birth_certificate")

    assert present(filled, intake) == [
        (4, Likeness.SAME_KIND, True),
        (2, Likeness.SAME_KIND, False),
        (1, Likeness.SAME_KIND, True),
    ]


def test_the_same_pages_and_the_same_file_are_found(filled: Database) -> None:
    assert present(filled, Intake(content_sha256=f"{1003:064x}")) == [(3, Likeness.SAME_CONTENT, True)]
    assert present(filled, Intake(source_sha256=f"{2003:064x}")) == [(3, Likeness.SAME_SOURCE, True)]
    assert present(filled, Intake(content_sha256="0" * 64, source_sha256="0" * 64)) == []


def test_another_scan_of_the_same_paper_is_found_but_not_a_paper_with_one_page_in_common(filled: Database) -> None:
    assert present(filled, Intake(page_hashes=(HASH ^ 0b101,))) == [(1, Likeness.ALIKE, True)]
    assert present(filled, Intake(page_hashes=(HASH, 1 << 40, 1 << 20))) == []


def test_a_paper_is_named_once_by_its_surest_likeness(filled: Database) -> None:
    intake = Intake(content_sha256=f"{1001:064x}", page_hashes=(HASH,), owner_id="070300000001", kind="diploma")

    assert present(filled, intake) == [(1, Likeness.SAME_CONTENT, True), (3, Likeness.SAME_KIND, True)]


def test_every_reuse_is_counted_and_its_dossier_counts_as_one_that_reused(database: Database) -> None:
    with database.transaction() as transaction:
        save_dossier(transaction, Dossier(code="H19-9", received_at=NOW))
        for way in (ReuseWay.FOUND, ReuseWay.REFERENCE, ReuseWay.REFERENCE):
            count_reuse(transaction, "doc", way, unit="H19", dossier="H19-9", now=NOW)

        assert reuse_counts(transaction, "doc") == {ReuseWay.FOUND: 1, ReuseWay.REFERENCE: 2}
        assert reuse_counts(transaction, "other") == {}
        assert find_dossier(transaction, "H19-9").reused


def test_what_was_not_passed_on_waits(database: Database) -> None:
    with database.transaction() as transaction:
        for document, state in (("a", "waiting"), ("b", "done"), ("c", "failed"), ("a", "done"), ("d", "waiting")):
            mark_synchronization(transaction, document, "dvcqg", state, now=NOW)

        assert list_unsynchronized(transaction, "dvcqg") == ("c", "d")
        assert list_unsynchronized(transaction, "elsewhere") == ()
        with pytest.raises(ValueError, match="no state"):
            mark_synchronization(transaction, "a", "dvcqg", "maybe", now=NOW)

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from index_entries import entry
from register_workers import application

from domain.models import Draft, DraftStatus, Extraction, Filing
from storage.catalog import Dossier, Procedure, save_dossier, save_procedures
from storage.database import Database
from storage.drafts import save_draft
from storage.index import save_records
from storage.register import issue, open_book, reserve_number, void
from storage.reuse import mark_synchronization
from storage.statistics import Measure, OfficerCount, count_month, count_officers, sum_measures

NOW = datetime(2026, 11, 15, 8, 30, tzinfo=UTC)


def dossier(number: int, received: datetime = NOW, **reached: object) -> Dossier:
    return Dossier(
        code=f"D{number}",
        procedure="2.000815",
        unit=f"H19.{number % 2}",
        received_at=received,
        **reached,  # type: ignore[arg-type]  # the tests name real fields
    )


Counts = tuple[int | None, int | None, int]


def measures(database: Database, year: int = 2026, month: int = 11) -> dict[tuple[str, str], Counts]:
    with database.reading() as transaction:
        found = count_month(transaction, year, month)
    return {(m.code, m.unit): (m.numerator, m.denominator, m.unknown) for m in found}


def test_dossiers_are_counted_by_unit_with_their_denominators(database: Database) -> None:
    with database.transaction() as transaction:
        save_dossier(transaction, dossier(1, digitized=True, reused=True))
        save_dossier(transaction, dossier(3, digitized=True, citizen_data=True))
        save_dossier(transaction, dossier(5, citizen_data=False))
        save_dossier(transaction, dossier(2, finished_at=NOW, due_at=NOW, electronic_result=True))
        save_dossier(transaction, dossier(4, finished_at=NOW, due_at=NOW - timedelta(days=1)))
        save_dossier(transaction, dossier(6, finished_at=NOW, electronic_result=False))
    found = measures(database)

    assert found["SO_HOA_GIAY_TO_GIAI_QUYET", "H19.1"] == (2, 3, 0)
    assert found["SO_HOA_GIAY_TO_GIAI_QUYET", "H19.0"] == (0, 3, 0)
    assert found["REUSED_DIGITIZED_DATA", "H19.1"] == (1, 3, 0)
    assert found["CITIZEN_DATA_CONNECTED_DOSSIER", "H19.1"] == (1, 2, 1)
    assert found["CITIZEN_DATA_CONNECTED_DOSSIER", "H19.0"] == (None, None, 3)
    assert found["ORIGINAL_RESULT_AVAILABLE", "H19.0"] == (1, 2, 1)
    assert found["ON_TIME", "H19.0"] == (1, 2, 1)
    assert found["ON_TIME", "H19.1"] == (None, None, 3)  # nobody knows whether they are finished


def test_a_dossier_counts_in_the_month_in_which_it_was_finished(database: Database) -> None:
    with database.transaction() as transaction:
        early = NOW - timedelta(days=40)
        save_dossier(transaction, dossier(1, early, finished_at=NOW, due_at=NOW, electronic_result=True))

    assert measures(database)["ON_TIME", "H19.1"] == (1, 1, 0)
    assert ("SO_HOA_GIAY_TO_GIAI_QUYET", "H19.1") not in measures(database)
    assert ("ON_TIME", "H19.1") not in measures(database, month=10)
    assert measures(database, month=10)["SO_HOA_GIAY_TO_GIAI_QUYET", "H19.1"] == (0, 1, 0)


@pytest.mark.parametrize(
    ("received", "month"),
    [
        (datetime(2026, 10, 31, 16, 59, 59, tzinfo=UTC), 10),
        (datetime(2026, 10, 31, 17, 0, tzinfo=UTC), 11),
        (datetime(2026, 11, 30, 16, 59, 59, tzinfo=UTC), 11),
        (datetime(2026, 11, 30, 17, 0, tzinfo=UTC), 12),
    ],
)
def test_a_month_begins_at_midnight_in_vietnam(database: Database, received: datetime, month: int) -> None:
    with database.transaction() as transaction:
        save_dossier(transaction, dossier(1, received))

    assert [m for m in (10, 11, 12) if ("REUSED_DIGITIZED_DATA", "H19.1") in measures(database, month=m)] == [month]


def test_what_was_passed_on_is_counted_of_all_papers(database: Database) -> None:
    with database.transaction() as transaction:
        save_records(transaction, [entry(n, certified_at=NOW) for n in (1, 2, 3, 4)])
        ids = [entry(n).record.id for n in (1, 2, 3)]
        for document_id, state in zip(ids, ("done", "failed", "waiting"), strict=True):
            mark_synchronization(transaction, document_id, "dvcqg", state, now=NOW)
        mark_synchronization(transaction, ids[1], "elsewhere", "done", now=NOW)

    assert measures(database)["SYNCED_WITH_DVCQG_PERSONAL_STORAGE", "H19.15"] == (1, 3, 1)


def test_certified_copies_are_counted_of_the_numbers_given(database: Database) -> None:
    with database.transaction() as transaction:
        book = open_book(transaction, unit="H19.15", year=2026, act="SCTĐT/BS", now=NOW)
        lines = [reserve_number(transaction, book, application(f"d{n}"), now=NOW) for n in range(3)]
        issue(transaction, lines[0], "doc", now=NOW)
        void(transaction, lines[1], "Nhầm", now=NOW)

    assert measures(database)["ELECTRONIC_CERTIFIED_COPY", "H19.15"] == (1, 3, 0)


def test_connected_procedures_are_counted_of_those_in_effect(database: Database) -> None:
    first = date(2020, 1, 1)
    assert measures(database)["CITIZEN_DATA_CONNECTED_FORMALITY", ""] == (None, None, 0)
    with database.transaction() as transaction:
        listed = [
            Procedure(code="1.1", name="a", valid_from=first, citizen_data=True),
            Procedure(code="1.2", name="b", valid_from=first),
            Procedure(code="1.3", name="c", valid_from=first, valid_to=date(2025, 1, 1), citizen_data=True),
        ]
        save_procedures(transaction, listed)

    assert measures(database)["CITIZEN_DATA_CONNECTED_FORMALITY", ""] == (1, 2, 0)
    assert measures(database, 2019)["CITIZEN_DATA_CONNECTED_FORMALITY", ""] == (0, 0, 0)


def test_measures_are_summed_raw() -> None:
    parts = [
        Measure(code="ON_TIME", month=month, unit=unit, procedure="", numerator=1, denominator=3)
        for month in ("2026-10", "2026-11")
        for unit in ("a", "b")
    ]

    parts.append(replace(parts[0], numerator=None, denominator=None, unknown=7))

    assert sum_measures(parts) == {"ON_TIME": (4, 12, 7)}


def test_each_officer_sees_what_they_digitized(database: Database) -> None:
    with database.transaction() as transaction:
        for number, (officer, pages) in enumerate([("lan", (1, 2)), ("lan", (3,)), ("minh", (1,))]):
            draft = Draft(
                id=f"d{number}",
                source_name="x.pdf",
                source_sha256="0",
                media_type="application/pdf",
                page_numbers=pages,
                filing=Filing(unit="H19"),
                pages=(),
                extraction=Extraction(kind="unknown", kind_confidence=0, fields={}),
                created_at=NOW,
                created_by=officer,
                status=DraftStatus.READY,
            )
            save_draft(transaction, draft, "")

        assert count_officers(transaction, 2026, 11) == (
            OfficerCount(month="2026-11", officer="lan", unit="H19", papers=2, pages=3),
            OfficerCount(month="2026-11", officer="minh", unit="H19", papers=1, pages=1),
        )
        assert count_officers(transaction, 2026, 12) == ()

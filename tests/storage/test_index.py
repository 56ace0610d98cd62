from dataclasses import fields, replace
from datetime import date, timedelta

import pytest
from index_entries import NOW, entry, record

from domain.errors import InputError, StorageError, UnknownDocument
from domain.models import Filing, Record, RecordState
from storage.database import Database
from storage.index import (
    RecordFilter,
    clear_index,
    find_object_key,
    find_record,
    iterate_records,
    list_records,
    save_record,
    save_records,
    save_state,
)


def full_record() -> Record:
    made = record(
        5,
        state=RecordState.SUPERSEDED,
        state_reason="Cấp lại",
        state_at=NOW + timedelta(days=3),
        superseded_by="0000000000000006",
        valid_until=date(2027, 5, 2),
        kept_until=date(2047, 12, 31),
        demonstration=True,
    )
    empty = {part.name: f"some {part.name}" for part in fields(made) if getattr(made, part.name) == ""}
    return replace(made, **empty)  # type: ignore[arg-type]  # texts for the parts that are texts


def test_every_part_of_a_record_comes_back(database: Database) -> None:
    made = full_record()
    with database.transaction() as transaction:
        save_record(transaction, replace(entry(5), record=made))

        assert find_record(transaction, made.id) == made
        assert find_object_key(transaction, made.id) == f"objects/{made.id}"
    assert all(getattr(made, part.name) for part in fields(made)), "the test must fill every part"


def test_a_record_that_is_saved_again_replaces_itself(database: Database) -> None:
    with database.transaction() as transaction:
        save_record(transaction, entry(1))
        save_record(transaction, entry(1, title="Giấy khai sinh (bản sao)"))

        assert [shown.title for shown in iterate_records(transaction)] == ["Giấy khai sinh (bản sao)"]


def test_a_draft_never_becomes_two_papers(database: Database) -> None:
    with pytest.raises(StorageError, match="trùng"), database.transaction() as transaction:
        save_record(transaction, entry(1))
        save_record(transaction, entry(2, draft_id="draft1"))


def test_imported_papers_need_no_draft(database: Database) -> None:
    with database.transaction() as transaction:
        save_records(transaction, [entry(1, draft_id=""), entry(2, draft_id="")])

        assert len(list(iterate_records(transaction))) == 2


def test_an_unknown_document_is_said_in_vietnamese(database: Database) -> None:
    with database.reading() as transaction, pytest.raises(UnknownDocument, match="Không có giấy tờ mang mã"):
        find_record(transaction, "0000000000000000")


def test_a_list_is_paged_newest_first_and_complete(database: Database) -> None:
    with database.transaction() as transaction:
        # Four papers share each moment, so that the pages must part them by their identifiers.
        save_records(transaction, [entry(n, certified_at=NOW + timedelta(seconds=n // 4)) for n in range(50)])
        shown, after, pages = list[Record](), "", 0
        while pages == 0 or after:
            page = list_records(transaction, limit=7, after=after)
            shown += page.records
            after, pages = page.next, pages + 1

    assert pages == 8
    assert [r.id for r in shown] == [record(n).id for n in reversed(range(50))]


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (RecordFilter(owner_id="070300000002"), {2}),
        (RecordFilter(kind="marital_status"), {3}),
        (RecordFilter(number="Số: 04 /UBND-XNTTHN"), {4}),
        (RecordFilter(issue_date="2023"), {5}),
        (RecordFilter(issue_date="2023-08-15"), {5}),
        (RecordFilter(issue_date="2023-09"), set()),
        (RecordFilter(issuer="ubnd phuong long binh"), {6}),
        (RecordFilter(dossier="D7"), {7}),
        (RecordFilter(unit="H01"), {8}),
        (RecordFilter(states=(RecordState.WITHDRAWN, RecordState.EXPIRED)), {9}),
        (RecordFilter(sha256=f"{1:064x}"), {1}),
        (RecordFilter(content_sha256=f"{1002:064x}"), {2}),
        (RecordFilter(source_sha256=f"{2003:064x}"), {3}),
        (RecordFilter(draft_id="draft4"), {4}),
        (RecordFilter(certified_from=NOW + timedelta(minutes=9)), {9}),
        (RecordFilter(certified_before=NOW + timedelta(minutes=2)), {1}),
        (RecordFilter(kind="birth_certificate", owner_id="070300000002"), {2}),
        (RecordFilter(kind="marital_status", owner_id="070300000002"), set()),
    ],
)
def test_a_filter_finds_its_papers(database: Database, chosen: RecordFilter, expected: set[int]) -> None:
    common = {"issuer": "UBND xã Đồng Tâm"}
    entries = [
        entry(1),
        entry(2, filing=Filing(owner_id="070300000002")),
        entry(3, kind="marital_status"),
        entry(4, fields={**common, "number": "04/UBND-XNTTHN"}),
        entry(5, fields={**common, "issue_date": "2023-08-15"}),
        entry(6, fields={"issuer": "UBND phường Long Bình"}),
        entry(7, filing=Filing(dossier="D7")),
        entry(8, filing=Filing(unit="H01")),
        entry(9, state=RecordState.WITHDRAWN),
    ]
    with database.transaction() as transaction:
        save_records(transaction, entries)

        assert {r.status_index for r in list_records(transaction, chosen).records} == expected


def test_a_state_is_changed_alone(database: Database) -> None:
    with database.transaction() as transaction:
        save_record(transaction, entry(1))
        withdrawn = record(1, state=RecordState.WITHDRAWN, state_reason="Cấp nhầm", state_at=NOW)
        save_state(transaction, withdrawn)

        assert find_record(transaction, withdrawn.id) == withdrawn
        with pytest.raises(UnknownDocument):
            save_state(transaction, record(2))


def test_the_index_is_cleared_and_filled_anew_with_the_same_list(database: Database) -> None:
    entries = [entry(n, certified_at=NOW) for n in range(30)]
    with database.transaction() as transaction:
        save_records(transaction, entries, batch=7)
        before = list(iterate_records(transaction))
        clear_index(transaction)

        assert list(iterate_records(transaction)) == []
        assert save_records(transaction, reversed(entries)) == 30
        assert list(iterate_records(transaction)) == before


def test_a_place_in_the_list_that_we_never_gave_is_refused(database: Database) -> None:
    with database.reading() as transaction, pytest.raises(InputError, match="trang đầu"):
        list_records(transaction, after="yesterday x")

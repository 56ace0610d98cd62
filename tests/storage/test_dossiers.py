from datetime import UTC, datetime, timedelta, timezone

import pytest
from index_entries import entry

from domain.errors import InputError
from domain.models import Draft, DraftStatus, Extraction, Filing, IssueForm
from storage.catalog import Dossier, find_dossier, save_dossier
from storage.database import Database, Transaction
from storage.dossier_files import read_dossiers
from storage.dossiers import derive_dossiers, save_told
from storage.drafts import save_draft
from storage.index import IndexEntry, save_records

ZONE = timezone(timedelta(hours=7))
FRIDAY = datetime(2026, 11, 20, 9, tzinfo=ZONE)
LATE_FRIDAY = datetime(2026, 11, 20, 15, tzinfo=ZONE)
HEAD = "Mã hồ sơ,Mã thủ tục,Mã đơn vị,Tiếp nhận,Hẹn trả,Trả kết quả,Kết quả điện tử,Dữ liệu dân cư\n"


def add_draft(transaction: Transaction, name: str, dossier: str, procedure: str, at: datetime, done: bool) -> None:
    draft = Draft(
        id=name,
        source_name="x.pdf",
        source_sha256="0",
        media_type="application/pdf",
        page_numbers=(1,),
        filing=Filing(unit="H19", dossier=dossier, procedure=procedure),
        pages=(),
        extraction=Extraction(kind="unknown", kind_confidence=0, fields={}),
        created_at=at,
        created_by="lan",
        status=DraftStatus.CERTIFIED if done else DraftStatus.READY,
    )
    save_draft(transaction, draft, "")


def certified(number: int, dossier: str, at: datetime, form: IssueForm = IssueForm.CERTIFIED_COPY) -> IndexEntry:
    return entry(number, certified_at=at, form=form, filing=Filing(dossier=dossier, unit="H19"))


def derived(database: Database, code: str) -> Dossier:
    with database.transaction() as transaction:
        derive_dossiers(transaction)
        return find_dossier(transaction, code)


@pytest.mark.parametrize(
    ("received", "due"),
    [(FRIDAY, datetime(2026, 11, 20, tzinfo=ZONE)), (LATE_FRIDAY, datetime(2026, 11, 23, tzinfo=ZONE))],
)
def test_a_dossier_of_certifying_is_due_the_same_day_or_the_next_working_day(
    database: Database, received: datetime, due: datetime
) -> None:
    done = received + timedelta(hours=1)
    with database.transaction() as transaction:
        add_draft(transaction, "d1", "H19-1", "2.000815.000.00.00.H19", received, True)
        save_records(transaction, [certified(1, "H19-1", done)])

    dossier = derived(database, "H19-1")

    assert dossier.due_at is not None
    assert dossier.due_at.astimezone(ZONE).date() == due.date()
    assert (dossier.finished_at, dossier.electronic_result, dossier.digitized) == (done.astimezone(UTC), True, True)


def test_a_dossier_of_certifying_is_not_finished_while_a_draft_waits(database: Database) -> None:
    with database.transaction() as transaction:
        add_draft(transaction, "d1", "H19-1", "2.000815", FRIDAY, True)
        add_draft(transaction, "d2", "H19-1", "2.000815", FRIDAY, False)
        save_records(transaction, [certified(1, "H19-1", FRIDAY)])

    assert derived(database, "H19-1").finished_at is None


def test_a_certified_copy_of_a_paper_is_not_the_result_of_another_procedure(database: Database) -> None:
    with database.transaction() as transaction:
        for number, form in ((1, IssueForm.CERTIFIED_COPY), (2, IssueForm.REGISTER_COPY)):
            add_draft(transaction, f"d{number}", f"H19-{number}", "1.001193", FRIDAY, True)
            save_records(transaction, [certified(number, f"H19-{number}", FRIDAY, form)])

    component, result = derived(database, "H19-1"), derived(database, "H19-2")

    assert (component.electronic_result, component.finished_at, component.due_at) == (None, None, None)
    assert (result.electronic_result, result.finished_at, result.citizen_data) == (True, None, None)


def test_what_was_told_replaces_what_was_told_and_nothing_that_was_reached(database: Database) -> None:
    told = Dossier(code="H19-1", received_at=FRIDAY, electronic_result=False)
    with database.transaction() as transaction:
        save_dossier(transaction, Dossier(code="H19-1", received_at=LATE_FRIDAY, digitized=True, reused=True))
        save_told(transaction, [told])
        found = find_dossier(transaction, "H19-1")

    assert (found.received_at, found.electronic_result) == (FRIDAY.astimezone(UTC), False)
    assert (found.digitized, found.reused) == (True, True)


def test_a_table_of_the_one_stop_system_is_read() -> None:
    text = HEAD + "H19-1,1.001193,H19.30,03/11/2026 08:15,05/11/2026,2026-11-04,Có,\nH19-2,,,2026-11-03,,,,không\n"

    first, second = read_dossiers("hs.csv", text, zone=ZONE)

    assert first.received_at == datetime(2026, 11, 3, 8, 15, tzinfo=ZONE)
    assert first.due_at == datetime(2026, 11, 5, 23, 59, 59, 999999, tzinfo=ZONE)
    assert (first.finished_at, first.electronic_result) == (datetime(2026, 11, 4, tzinfo=ZONE), True)
    assert (first.citizen_data, second.citizen_data, second.finished_at, second.unit) == (None, False, None, "")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("H19-1,,,,,,,\n", "dòng 2: cần mã hồ sơ"),
        (",,,2026-11-03,,,,\n", "dòng 2: cần mã hồ sơ"),
        ("H19-1,,,hôm qua,,,,\n", "dòng 2: “hôm qua” không phải lúc"),
        ("H19-1,,,2026-11-03 25:00,,,,\n", "dòng 2: “2026-11-03 25:00” không phải lúc"),
        ("H19-1,,,2026-11-03,,2026-11-02,,\n", "dòng 2: hồ sơ H19-1 trả kết quả trước"),
        ("H19-1,,,2026-11-03,,,có lẽ,\n", "dòng 2: “có lẽ” phải là có hoặc không"),
        ("H19-1,,,2026-11-03,,,,\nH19-1,,,2026-11-03,,,,\n", "dòng 3: hồ sơ H19-1 đã có ở dòng 2"),
    ],
)
def test_a_wrong_row_is_named_by_file_and_line(rows: str, said: str) -> None:
    with pytest.raises(InputError, match=f"hs.csv, {said}"):
        read_dossiers("hs.csv", HEAD + rows, zone=ZONE)

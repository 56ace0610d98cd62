from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.errors import NotReady, UnknownDocument
from domain.models import Draft, DraftStatus, Extraction, Filing
from storage.database import Database
from storage.drafts import DraftFilter, delete_draft, find_drafts_by_source, list_drafts, load_draft, save_draft

NOW = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)


def draft(number: int = 1, **changes: object) -> Draft:
    made = Draft(
        id=f"draft{number}",
        source_name="khai sinh.pdf",
        source_sha256=f"{number:064x}",
        media_type="application/pdf",
        page_numbers=(1, 2),
        filing=Filing(owner_id=f"owner{number}", dossier=f"dossier{number}"),
        pages=(),
        extraction=Extraction(kind="birth_certificate", kind_confidence=0.9, fields={}),
        created_at=NOW + timedelta(minutes=number),
        created_by="clerk",
        status=DraftStatus.NEEDS_REVIEW,
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # the tests name real fields


def test_the_payload_comes_back_as_it_was(database: Database) -> None:
    with database.transaction() as transaction:
        save_draft(transaction, draft(), '{"họ tên": "Nguyễn Văn An"}')
    with database.reading() as transaction:
        assert load_draft(transaction, "draft1") == '{"họ tên": "Nguyễn Văn An"}'


def test_a_new_revision_replaces_the_old_one(database: Database) -> None:
    with database.transaction() as transaction:
        save_draft(transaction, draft(), "one")
        save_draft(transaction, draft(revision=2, status=DraftStatus.READY), "two")

        assert load_draft(transaction, "draft1") == "two"
        assert list_drafts(transaction)[0].status is DraftStatus.READY


def test_two_people_at_one_draft_do_not_overwrite_each_other(database: Database) -> None:
    with database.transaction() as transaction:
        save_draft(transaction, draft(), "first")
        save_draft(transaction, draft(revision=2), "hers")
        save_draft(transaction, draft(revision=2), "hers")

        with pytest.raises(NotReady, match="vừa được người khác sửa"):
            save_draft(transaction, draft(revision=2), "his")
        assert load_draft(transaction, "draft1") == "hers"


def test_drafts_are_listed_by_status_owner_and_dossier_oldest_first(database: Database) -> None:
    with database.transaction() as transaction:
        for number in (3, 1, 2):
            save_draft(transaction, draft(number), "")
        save_draft(transaction, draft(4, status=DraftStatus.READY), "")

        def found(**chosen: object) -> list[str]:
            return [d.id for d in list_drafts(transaction, DraftFilter(**chosen))]  # type: ignore[arg-type]

        assert found() == ["draft1", "draft2", "draft3", "draft4"]
        assert found(statuses=[DraftStatus.READY]) == ["draft4"]
        assert found(owner_id="owner2") == ["draft2"]
        assert found(dossier="dossier3") == ["draft3"]
        assert [d.id for d in list_drafts(transaction, limit=2, offset=1)] == ["draft2", "draft3"]


def test_a_file_that_was_read_before_is_found_by_its_digest(database: Database) -> None:
    with database.transaction() as transaction:
        save_draft(transaction, draft(1, page_numbers=(4, 5, 6)), "")

        [known] = find_drafts_by_source(transaction, f"{1:064x}")
        assert find_drafts_by_source(transaction, f"{2:064x}") == ()
    assert (known.id, known.page_numbers) == ("draft1", (4, 5, 6))


def test_a_draft_is_deleted_once(database: Database) -> None:
    with database.transaction() as transaction:
        save_draft(transaction, draft(), "")

        assert delete_draft(transaction, "draft1")
        assert not delete_draft(transaction, "draft1")
        with pytest.raises(UnknownDocument, match="Không có bản nháp draft1"):
            load_draft(transaction, "draft1")

from datetime import date, timedelta

import pytest
from index_entries import NOW, document_id, entry, record

from domain.errors import NotReady, UnknownDocument
from domain.models import RecordState
from storage.database import Database
from storage.index import find_record, save_records
from storage.validity import change_state, list_predecessors, list_successors, resume, state_on, turn_over

TODAY = date(2026, 11, 21)
YESTERDAY = TODAY - timedelta(days=1)
FIRST, SECOND, THIRD = (document_id(n) for n in (1, 2, 3))


@pytest.fixture
def filled(database: Database) -> Database:
    with database.transaction() as transaction:
        save_records(transaction, [entry(1), entry(2), entry(3)])
    return database


def test_the_turn_of_the_day_ends_what_held_until_yesterday(database: Database) -> None:
    with database.transaction() as transaction:
        entries = [
            entry(1, valid_until=YESTERDAY),
            entry(2, valid_until=TODAY),
            entry(3),
            entry(4, valid_until=YESTERDAY, state=RecordState.SUSPENDED),
            entry(5, valid_until=YESTERDAY, state=RecordState.WITHDRAWN),
        ]
        save_records(transaction, entries)
        turned = turn_over(transaction, today=TODAY, now=NOW)

        assert [(r.id, r.state, r.state_at) for r in turned] == [(FIRST, RecordState.EXPIRED, NOW)]
        assert find_record(transaction, FIRST) == turned[0]
        assert turn_over(transaction, today=TODAY, now=NOW) == ()


def test_a_paper_shows_as_expired_also_before_the_turn_of_the_day() -> None:
    paper = record(1, valid_until=YESTERDAY)

    assert state_on(paper, TODAY) is RecordState.EXPIRED
    assert state_on(paper, YESTERDAY) is RecordState.IN_FORCE
    assert state_on(record(1, valid_until=YESTERDAY, state=RecordState.WITHDRAWN), TODAY) is RecordState.WITHDRAWN


def test_a_withdrawn_paper_stays_withdrawn(filled: Database) -> None:
    with filled.transaction() as transaction:
        withdrawn = change_state(transaction, FIRST, RecordState.WITHDRAWN, "Cấp nhầm", now=NOW)

        assert (withdrawn.state, withdrawn.state_reason, withdrawn.state_at) == (RecordState.WITHDRAWN, "Cấp nhầm", NOW)
        assert change_state(transaction, FIRST, RecordState.WITHDRAWN, "lần hai", now=NOW) == withdrawn
        with pytest.raises(NotReady, match="đã bị thu hồi hoặc thay thế"):
            change_state(transaction, FIRST, RecordState.IN_FORCE, "Lầm", now=NOW)


def test_a_state_needs_a_reason_and_only_a_superseded_paper_a_successor(filled: Database) -> None:
    with filled.transaction() as transaction:
        with pytest.raises(NotReady, match="lý do"):
            change_state(transaction, FIRST, RecordState.WITHDRAWN, " ", now=NOW)
        with pytest.raises(NotReady, match="thay thế"):
            change_state(transaction, FIRST, RecordState.SUPERSEDED, "Cấp lại", now=NOW)
        with pytest.raises(NotReady, match="thay thế"):
            change_state(transaction, FIRST, RecordState.WITHDRAWN, "Cấp lại", now=NOW, superseded_by=SECOND)
        with pytest.raises(UnknownDocument):
            change_state(transaction, FIRST, RecordState.SUPERSEDED, "Cấp lại", now=NOW, superseded_by="nowhere")


def test_the_chain_of_successors_leads_to_the_paper_to_use(filled: Database) -> None:
    with filled.transaction() as transaction:
        change_state(transaction, FIRST, RecordState.SUPERSEDED, "Cấp lại", now=NOW, superseded_by=SECOND)
        change_state(transaction, SECOND, RecordState.SUPERSEDED, "Cải chính", now=NOW, superseded_by=THIRD)

        assert [r.id for r in list_successors(transaction, FIRST)] == [SECOND, THIRD]
        assert list_successors(transaction, THIRD) == ()
        assert [r.id for r in list_predecessors(transaction, THIRD)] == [SECOND]


def test_papers_never_supersede_each_other_in_a_circle(filled: Database) -> None:
    with filled.transaction() as transaction:
        change_state(transaction, FIRST, RecordState.SUPERSEDED, "Cấp lại", now=NOW, superseded_by=SECOND)

        for paper, successor in ((SECOND, FIRST), (SECOND, SECOND)):
            with pytest.raises(NotReady, match="lẫn nhau"):
                change_state(transaction, paper, RecordState.SUPERSEDED, "Lầm", now=NOW, superseded_by=successor)


def test_a_suspended_paper_is_in_force_again_or_has_expired_meanwhile(database: Database) -> None:
    with database.transaction() as transaction:
        save_records(transaction, [entry(1), entry(2, valid_until=YESTERDAY), entry(3)])
        for paper in (FIRST, SECOND):
            change_state(transaction, paper, RecordState.SUSPENDED, "Đang xác minh", now=NOW)

        assert resume(transaction, FIRST, "Đã xác minh", today=TODAY, now=NOW).state is RecordState.IN_FORCE
        assert resume(transaction, SECOND, "Đã xác minh", today=TODAY, now=NOW).state is RecordState.EXPIRED
        with pytest.raises(NotReady, match="không ở trạng thái tạm dừng"):
            resume(transaction, THIRD, "Đã xác minh", today=TODAY, now=NOW)

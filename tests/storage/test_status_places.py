import random
from datetime import UTC, datetime

from index_entries import entry

from domain.models import RecordState
from storage.database import Database
from storage.index import save_records
from storage.status_places import (
    count_places,
    current_status_list,
    list_states,
    publish_status_list,
    reserve_status_index,
)

NOW = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)


def test_places_are_unique_and_spill_into_the_next_range(database: Database) -> None:
    draw = random.Random(7).randrange
    with database.transaction() as transaction:
        places = [reserve_status_index(transaction, f"d{n}", draw=draw, capacity=64) for n in range(200)]

        assert count_places(transaction) == max(places) + 1
    assert len(set(places)) == 200
    assert max(places) < 64 * 8
    assert places != sorted(places)


def test_a_draft_keeps_its_place(database: Database) -> None:
    draw = random.Random(7).randrange
    with database.transaction() as transaction:
        place = reserve_status_index(transaction, "d", draw=draw)

        assert reserve_status_index(transaction, "d", draw=draw) == place


def test_the_place_of_a_record_from_the_store_is_taken(database: Database) -> None:
    with database.transaction() as transaction:
        save_records(transaction, [entry(n) for n in range(8)])
        place = reserve_status_index(transaction, "new", draw=random.Random(1).randrange, capacity=16)

    assert place not in range(8)


def test_the_list_says_only_what_is_not_in_force(database: Database) -> None:
    with database.transaction() as transaction:
        save_records(
            transaction, [entry(1), entry(2, state=RecordState.WITHDRAWN), entry(3, state=RecordState.EXPIRED)]
        )

        assert list_states(transaction) == {2: RecordState.WITHDRAWN, 3: RecordState.EXPIRED}


def test_lists_are_numbered_without_gap(database: Database) -> None:
    with database.transaction() as transaction:
        assert current_status_list(transaction) is None
        for _ in range(3):
            published = publish_status_list(transaction, lambda number: f"list {number}".encode(), now=NOW)

        assert current_status_list(transaction) == published
    assert (published.number, published.content) == (3, b"list 3")

from datetime import UTC, date, datetime

import pytest

from domain.errors import InputError, UnknownDocument
from storage.catalog import (
    Dossier,
    Procedure,
    Unit,
    find_dossier,
    find_procedure,
    find_unit,
    list_dossiers,
    list_procedures,
    list_units,
    mark_dossier,
    present_units,
    save_dossier,
    save_procedures,
    save_units,
)
from storage.database import Database

NOW = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
MERGER = date(2025, 7, 1)
BEFORE = date(2025, 6, 30)
TODAY = date(2026, 11, 21)


def unit(code: str, name: str, first: date = date(1997, 1, 1), last: date | None = None, *next_codes: str) -> Unit:
    return Unit(code=code, name=name, level="province", valid_from=first, valid_to=last, successors=next_codes)


PROVINCES = [
    unit("91", "Tỉnh Kiên Giang", date(1976, 1, 1), BEFORE, "91"),
    unit("89", "Tỉnh An Giang", date(1976, 1, 1), BEFORE, "91"),
    unit("91", "Tỉnh An Giang", MERGER),
    unit("70", "Tỉnh Bình Phước", date(1997, 1, 1), BEFORE, "75"),
    unit("75", "Tỉnh Đồng Nai", date(1976, 1, 1), date(2026, 4, 29), "75"),
    unit("75", "Thành phố Đồng Nai", date(2026, 4, 30)),
    unit("P1", "Phường cũ", date(1997, 1, 1), BEFORE, "P2", "P3"),
    unit("P2", "Phường mới Một", MERGER),
    unit("P3", "Phường mới Hai", MERGER),
]


@pytest.fixture
def filled(database: Database) -> Database:
    with database.transaction() as transaction:
        save_units(transaction, PROVINCES)
    return database


def names(database: Database, code: str, written: date, on: date = TODAY) -> list[str]:
    with database.reading() as transaction:
        return [u.name for u in present_units(transaction, code, written=written, on=on)]


def test_a_code_means_what_it_meant_on_the_day(filled: Database) -> None:
    with filled.reading() as transaction:
        assert find_unit(transaction, "91", on=BEFORE).name == "Tỉnh Kiên Giang"
        assert find_unit(transaction, "91", on=MERGER).name == "Tỉnh An Giang"
        with pytest.raises(UnknownDocument, match="89 vào ngày 01/07/2025"):
            find_unit(transaction, "89", on=MERGER)


def test_an_old_unit_leads_to_the_present_one_over_all_reforms(filled: Database) -> None:
    assert names(filled, "70", date(2010, 5, 1)) == ["Thành phố Đồng Nai"]
    assert names(filled, "70", date(2010, 5, 1), on=date(2025, 12, 1)) == ["Tỉnh Đồng Nai"]
    assert names(filled, "70", date(2010, 5, 1), on=date(2020, 1, 1)) == ["Tỉnh Bình Phước"]
    assert names(filled, "91", date(2010, 5, 1)) == ["Tỉnh An Giang"]


def test_a_unit_that_was_split_has_several_candidates(filled: Database) -> None:
    assert names(filled, "P1", date(2010, 5, 1)) == ["Phường mới Một", "Phường mới Hai"]


def test_units_are_listed_as_of_a_day(filled: Database) -> None:
    with filled.reading() as transaction:
        listed = list_units(transaction, on=MERGER, level="province")

    assert [u.code for u in listed] == ["75", "91", "P2", "P3"]


def test_a_code_with_two_meanings_on_one_day_is_refused(filled: Database) -> None:
    with pytest.raises(InputError, match="chồng nhau"), filled.transaction() as transaction:
        save_units(transaction, [unit("91", "Thứ hai", date(2024, 1, 1), date(2026, 1, 1))])
    assert names(filled, "91", TODAY) == ["Tỉnh An Giang"]


def test_a_unit_is_corrected_by_saving_it_again(filled: Database) -> None:
    with filled.transaction() as transaction:
        save_units(transaction, [unit("91", "Tỉnh An Giang (mới)", MERGER)])

    assert names(filled, "91", TODAY) == ["Tỉnh An Giang (mới)"]


def test_a_local_code_finds_the_national_procedure(database: Database) -> None:
    with database.transaction() as transaction:
        certify = Procedure(code="2.000815", name="Chứng thực bản sao", valid_from=date(2020, 1, 1))
        save_procedures(transaction, [certify])

        assert find_procedure(transaction, "2.000815.000.00.00.H19", on=TODAY) == certify
        assert list_procedures(transaction, on=TODAY) == (certify,)
        assert list_procedures(transaction, on=date(2019, 1, 1)) == ()
        with pytest.raises(UnknownDocument, match="thủ tục mang mã"):
            find_procedure(transaction, "1.000815", on=TODAY)


def test_a_dossier_comes_back_with_what_it_reached(database: Database) -> None:
    made = Dossier(code="H19-1", owner_id="o", procedure="2.000815", unit="H19", received_at=NOW, due_at=NOW)
    with database.transaction() as transaction:
        save_dossier(transaction, made)
        assert find_dossier(transaction, "H19-1") == made
        assert mark_dossier(transaction, "H19-1", digitized=True, reused=True)
        assert not mark_dossier(transaction, "H19-2", digitized=True)

        [listed] = list_dossiers(transaction, "o")
        assert (listed.digitized, listed.reused, listed.electronic_result) == (True, True, None)
        with pytest.raises(UnknownDocument, match="hồ sơ mang mã"):
            find_dossier(transaction, "H19-2")
        with pytest.raises(ValueError, match="nothing that is counted"):
            mark_dossier(transaction, "H19-1", owner_id=True)

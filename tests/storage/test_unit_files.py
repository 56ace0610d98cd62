from datetime import date
from importlib.resources import files

import pytest

from domain.errors import ConfigurationError
from storage.catalog import find_unit, list_units, present_units, save_units
from storage.database import Database
from storage.unit_files import read_provinces

BEFORE, TODAY = date(2025, 6, 30), date(2026, 11, 21)
TABLE = (files("configs") / "units" / "provinces.toml").read_text("utf-8")


def test_every_old_province_leads_to_exactly_one_of_today(database: Database) -> None:
    with database.transaction() as transaction:
        save_units(transaction, read_provinces(TABLE))
        old, new = list_units(transaction, on=BEFORE), list_units(transaction, on=TODAY)
        today = {unit.code: present_units(transaction, unit.code, written=BEFORE, on=TODAY) for unit in old}

    assert (len(old), len(new)) == (63, 34)
    assert [code for code, units in today.items() if len(units) != 1] == []
    assert {units[0].code for units in today.values()} == {unit.code for unit in new}


@pytest.mark.parametrize(
    ("code", "then", "now"),
    [("70", "Bình Phước", "Đồng Nai"), ("91", "Kiên Giang", "An Giang"), ("62", "Kon Tum", "Quảng Ngãi")],
)
def test_a_code_on_an_old_paper_is_read_as_of_its_day(database: Database, code: str, then: str, now: str) -> None:
    with database.transaction() as transaction:
        save_units(transaction, read_provinces(TABLE))

        assert find_unit(transaction, code, on=date(2010, 5, 1)).name == then
        assert [u.name for u in present_units(transaction, code, written=date(2010, 5, 1), on=TODAY)] == [now]


@pytest.mark.parametrize(
    "table",
    [
        "not toml [",
        "[[unit]]",
        'province = "x"',
        '[[province]]\nname = "A"',
        '[[province]]\nname = "A"\ncode = "1"\nvalid_to = 2025-01-01',
    ],
)
def test_a_table_that_cannot_be_right_is_refused(table: str) -> None:
    with pytest.raises(ConfigurationError, match="Bảng tỉnh"):
        read_provinces(table)

import subprocess
import sys
from pathlib import Path

import pytest

from domain.errors import ConfigurationError
from ocr.lexicon.gazetteer import COMMUNE, DISTRICT, PROVINCE, gazetteer, load_gazetteer, loosely, of_uplands, spelled


@pytest.mark.parametrize(
    ("name", "level", "district", "province"),
    [
        ("Kiên Giang", PROVINCE, "", "Kiên Giang"),
        ("Giồng Riềng", DISTRICT, "Giồng Riềng", "Kiên Giang"),
        ("Thạnh Hưng", COMMUNE, "Giồng Riềng", "Kiên Giang"),
        ("Giồng Riềng", COMMUNE, "", "An Giang"),  # since 01/07/2025
        ("Minh Quán", COMMUNE, "Trấn Yên", "Yên Bái"),  # the list has its letters with diacritics
        ("12", COMMUNE, "3", "Hồ Chí Minh"),
        ("Cao Lãnh", DISTRICT, "Cao Lãnh", "Đồng Tháp"),  # a district and a town: the list says which
        ("Yên Viên", COMMUNE, "Gia Lâm", "Hà Nội"),
        ("Ea T'Ling", COMMUNE, "Cư Jút", "Đắk Nông"),
    ],
)
def test_places_of_both_times_are_found_by_their_letters(name: str, level: int, district: str, province: str) -> None:
    found = [(p.name, p.level, p.district, p.province) for p in gazetteer().alike(name)]

    assert (name, level, district, province) in found


def test_a_place_is_found_without_its_diacritics_and_signs() -> None:
    assert "Giồng Riềng" in {place.name for place in gazetteer().alike("Giong Riêng")}
    assert {place.name for place in gazetteer().alike("Ea Tling")} == {"Ea T'Ling"}


def test_one_letter_is_looked_for_within_a_district_only() -> None:
    near = gazetteer().near("Thạnh Hưnq", [("Giồng Riềng", "Kiên Giang")])

    assert [place.name for place in near] == ["Thạnh Hưng"]
    assert gazetteer().near("Thạnh Hưnq", [("Châu Thành", "Kiên Giang")]) == []


@pytest.mark.parametrize("other", ["Hoà Thuỷ", "HÒA THỦY"])
def test_where_the_tone_mark_stands_makes_no_difference(other: str) -> None:
    assert spelled(other) == spelled("Hòa Thủy")


def test_a_number_is_the_same_with_a_zero() -> None:
    assert {place.name for place in gazetteer().alike("07")} == {"7"}
    assert spelled("07") == spelled("7")


@pytest.mark.parametrize(("one", "other"), [("Hòa", "Hóa"), ("Riêng", "Riềng"), ("Ea T'ling", "Ea Tling")])
def test_other_diacritics_and_signs_are_another_spelling(one: str, other: str) -> None:
    assert spelled(one) != spelled(other)


def test_small_differences_of_spelling() -> None:
    assert loosely("Mĩ Quí") == loosely("Mỹ Quý")
    assert loosely("Kon Tum") == loosely("KonTum")
    assert loosely("Huy") != loosely("Hui")
    assert of_uplands("Đắk Hà") == of_uplands("Đăk Hà") == of_uplands("Đắc Hà")
    assert of_uplands("Đặk Hà") != of_uplands("Đăk Hà")


@pytest.mark.parametrize("content", [None, b"no database", b""])
def test_a_list_that_is_not_there_or_damaged_is_said(content: bytes | None, tmp_path: Path) -> None:
    file = tmp_path / "dataset.db"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(ConfigurationError, match="Danh mục đơn vị hành chính"):
        load_gazetteer(file)


def test_the_code_of_the_list_is_not_imported() -> None:
    code = (
        "import sys; from ocr.lexicon.gazetteer import gazetteer; "
        "gazetteer(); print('vietnamadminunits' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"

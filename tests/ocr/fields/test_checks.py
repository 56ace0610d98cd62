from datetime import date
from importlib.resources import files

import pytest
from kind_reader import delivered_kinds

from domain.models import Field
from ocr.fields.checks.context import CheckContext
from ocr.fields.checks.cross import run_checks
from ocr.fields.checks.identity import identity_flaws
from ocr.fields.checks.spelling import names
from ocr.fields.checks.tax_code import tax_code_holds
from ocr.lexicon.units import Units, load_units
from ocr.symbols.card_code import read_card_code
from ocr.symbols.mrz import check_digit, read_machine_lines

LINES = "IDVNM1900001230070190000123<<1\n9001011F4001016VNM<<<<<<<<<<<6\nTRAN<<THI<MAI<<<<<<<<<<<<<<<<<"


@pytest.fixture(scope="module")
def units() -> Units:
    return load_units(files("configs") / "units")


@pytest.mark.parametrize(
    ("code", "holds"),
    [
        ("0300588569", True),
        ("0100109106", True),
        ("0100109106-001", True),
        ("0100109107", False),
        ("0100109106-000", False),
        ("010010910", False),
        ("070190000123", True),
    ],
)
def test_the_check_digit_of_tax_codes(code: str, holds: bool) -> None:
    assert tax_code_holds(code) is holds


@pytest.mark.parametrize(
    ("number", "birth", "sex", "flaws"),
    [
        ("070190000123", "1990-01-01", "Nữ", ()),
        ("070190000123", "1990", "Nữ", ()),
        ("070190000123", "", "", ()),
        ("070190000123", "1991-01-01", "Nữ", ("identity_year",)),
        ("070190000123", "1990-01-01", "Nam", ("identity_sex",)),
        ("070319000123", "2019-05-12", "Nữ", ()),
        ("999190000123", "1990-01-01", "Nữ", ("identity_province",)),
        ("285012345", "1975", "Nam", ()),
    ],
)
def test_an_identity_number_fits_its_person(
    number: str, birth: str, sex: str, flaws: tuple[str, ...], units: Units
) -> None:
    assert identity_flaws(number, birth_date=birth, sex=sex, prefixes=units.prefixes) == flaws


def test_there_are_sixty_three_prefixes_and_thirty_four_provinces_now(units: Units) -> None:
    now = [unit for unit in units.provinces if unit.holds(date(2026, 1, 1))]
    before = [unit for unit in units.provinces if unit.holds(date(2024, 6, 1))]

    assert len(units.prefixes) == 63
    assert len(now) == len({unit.code for unit in now}) == 34
    assert len(before) == len({unit.code for unit in before}) == 63


@pytest.mark.parametrize(
    ("code", "before", "after"),
    [("91", "Kiên Giang", "An Giang"), ("24", "Bắc Giang", "Bắc Ninh"), ("80", "Long An", "Tây Ninh")],
)
def test_a_code_means_another_province_since_the_merger(code: str, before: str, after: str, units: Units) -> None:
    old, new = units.with_code(code, date(2025, 6, 30)), units.with_code(code, date(2025, 7, 1))

    assert (old and old.name, new and new.name) == (before, after)


def test_every_province_that_ended_has_a_successor_or_goes_on_under_its_name(units: Units) -> None:
    names = {unit.name for unit in units.provinces if unit.valid_to is None}
    ended = [unit for unit in units.provinces if unit.valid_to is not None]

    assert ended
    assert all((unit.successor or unit.name) in names for unit in ended)


def test_machine_readable_lines_are_read_and_checked() -> None:
    found = read_machine_lines("Nốt ruồi\n" + LINES)

    assert found is not None
    assert found.sound
    assert (found.number, found.birth_date, found.sex, found.valid_until) == (
        "070190000123", "1990-01-01", "Nữ", "2040-01-01",
    )  # fmt: skip


@pytest.mark.parametrize("place", [6, 14, 16, 26, 29, 31, 37, 40, 45, 60])
def test_one_wrong_digit_in_the_machine_readable_lines_is_noticed(place: int) -> None:
    wrong = "8" if LINES[place] != "8" else "3"

    found = read_machine_lines(LINES[:place] + wrong + LINES[place + 1 :])

    assert found is None or not found.sound


def test_lines_of_another_country_are_not_taken_for_a_card() -> None:
    assert read_machine_lines(LINES.replace("VNM", "D<<")) is None


def test_the_check_digit_of_the_standard() -> None:
    assert check_digit("D23145890734") == 9


def test_the_code_of_a_chip_card_is_read_by_position() -> None:
    text = "070190000123|285012345|Trần Thị Mai|01011990|Nữ|Ấp 2, Tân Lập, Đồng Phú, Bình Phước|10052021"

    found = read_card_code(text + "|Trần Văn Ba|Lê Thị Tư")

    assert found is not None
    assert (found.number, found.old_number, found.birth_date, found.issue_date) == (
        "070190000123", "285012345", "1990-01-01", "2021-05-10",
    )  # fmt: skip


@pytest.mark.parametrize(
    "text", ["", "a|b|c|d|e|f|g", "https://example.org/v/x", "07019000012||Tên|01011990|Nữ|x|10052021"]
)
def test_other_codes_are_no_card(text: str) -> None:
    assert read_card_code(text) is None


@pytest.mark.parametrize(
    ("name", "unusual"),
    [
        ("Bùi Thị Vy", False),
        ("Bài Thị Vy", True),  # no family name, though of other letters than any
        ("Đmh Minh Long", True),
        ("Lê Thị Hương Giang", False),
        ("H'Hen Niê", True),
        ("Giàng A Páo", False),
        ("Y Bhiông Niê", False),
    ],
)
def test_a_name_that_begins_with_no_family_name_is_shown(name: str, unusual: bool, units: Units) -> None:
    fields = {"holder_name": Field(name="holder_name", value=name, confidence=1.0, doubtful=False)}
    kind = delivered_kinds().get("birth_certificate")

    found = names(CheckContext(kind=kind, fields=fields, spoken={}, units=units))

    assert [(p.code, p.field_name) for p in found] == ([("name_unusual", "holder_name")] if unusual else [])


@pytest.mark.parametrize(
    ("name", "confidence", "unusual"),
    [
        ("Đào Xuân Bống", 0.99, True),  # for `Bổng`
        ("Đào Xuân Bổng", 0.999, False),
        ("Đào Xuân Duân", 0.99, False),
        ("Đào Xuân Hương", 0.99, False),
    ],
)
def test_a_rare_name_with_a_tone_that_is_easily_misread_is_shown(
    name: str, confidence: float, unusual: bool, units: Units
) -> None:
    fields = {"signer_name": Field(name="signer_name", value=name, confidence=confidence, doubtful=False)}
    kind = delivered_kinds().get("decision")

    found = names(CheckContext(kind=kind, fields=fields, spoken={}, units=units))

    assert [p.code for p in found] == (["name_unusual"] if unusual else [])


@pytest.mark.parametrize(
    ("agency", "lost"),
    [
        ("Ủy ban nhân dân", True),
        ("Ủy ban nhân dân xã Phú Lý", False),
        ("Ủy ban nhân dân Phú Lý", True),
        ("Ủy ban nhân dân TP. Hồ Chí Minh", False),
        ("Hội đồng nhân dân", True),
        ("Hội đồng nhân dân thành phố Huế", False),
        ("CÔNG AN", True),
        ("CÔNG AN TỈNH ĐỒNG NAI", False),
        ("SỞ", True),
        ("SỞ TƯ PHÁP", False),
        ("TÒA ÁN NHÂN DÂN", True),
        ("Toà án nhân dân", True),
        ("TRƯỜNG TRUNG HỌC PHỔ THÔNG", True),
        ("CHÍNH PHỦ", False),
        ("KHO BẠC NHÀ NƯỚC", False),
        ("VĂN PHÒNG HĐND VÀ UBND", False),
    ],
)
@pytest.mark.parametrize("name", ["issuer", "issuer_parent", "registration_place"])
def test_an_agency_that_lost_its_name_is_shown(name: str, agency: str, lost: bool, units: Units) -> None:
    kind = delivered_kinds().get("marriage_certificate")
    fields = {name: Field(name=name, value=agency, confidence=1.0, doubtful=False)}

    found = run_checks(CheckContext(kind=kind, fields=fields, spoken={}, units=units))

    assert (("part_lost", name) in {(p.code, p.field_name) for p in found}) is lost

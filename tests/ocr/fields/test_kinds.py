import tomllib
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from domain.errors import ConfigurationError
from ocr.fields.kinds import KindLibrary, load_kinds

CODES = """
decision resolution circular directive official_letter notice plan report minutes submission
birth_certificate marriage_certificate marital_status death_extract land_use_certificate household_business
diploma criminal_record construction_permit identity_card unknown
"""
KIND = """
code = "letter"
title = { vi = "Thư", en = "Letter" }
record_title = "Thư {number}"
sensitivity = "public"
[recognize]
titles = ["THƯ"]
[[field]]
name = "number"
form = "document_number"
labels = ["Số:"]
"""


@pytest.fixture(scope="module")
def kinds() -> KindLibrary:
    return load_kinds(files("configs") / "kinds")


def test_every_kind_of_paper_is_there(kinds: KindLibrary) -> None:
    assert set(kinds.kinds) == set(CODES.split())


def test_every_field_has_a_label_for_people(kinds: KindLibrary) -> None:
    labels = tomllib.loads((files("configs") / "messages" / "fields.toml").read_text("utf-8"))
    names = {name for kind in kinds.kinds.values() for name in kind.field_names}

    assert names - labels.keys() == set()
    assert all({"vi", "en"} <= label.keys() for label in labels.values())


def test_titles_of_records_name_fields_that_exist(kinds: KindLibrary) -> None:
    for kind in kinds.kinds.values():
        assert kind.describe(dict.fromkeys(kind.field_names, "x")).count("{") == 0
        assert kind.describe({}) != ""


def test_a_missing_value_leaves_no_trace_in_the_title(kinds: KindLibrary) -> None:
    kind = kinds.get("decision")

    assert kind.describe({"number": "12/QĐ-UBND"}) == "Quyết định 12/QĐ-UBND"
    assert kind.describe({"number": "12/QĐ-UBND", "subject": "Về việc khen thưởng"}).endswith("- Về việc khen thưởng")


@pytest.mark.parametrize(
    ("issued", "until"),
    [("2023-01-09", date(2023, 7, 9)), ("2025-08-31", date(2026, 2, 28)), ("2023-12-31", date(2024, 6, 30))],
)
def test_a_confirmation_of_marital_status_is_valid_for_six_months(issued: str, until: date, kinds: KindLibrary) -> None:
    assert kinds.get("marital_status").valid_until({"issue_date": issued}) == until


@pytest.mark.parametrize("issued", ["", "2023-01", "2023"])
def test_without_a_whole_date_no_end_is_invented(issued: str, kinds: KindLibrary) -> None:
    assert kinds.get("marital_status").valid_until({"issue_date": issued}) is None


def test_a_card_ends_on_the_day_that_is_printed(kinds: KindLibrary) -> None:
    assert kinds.get("identity_card").valid_until({"valid_until": "2040-01-01"}) == date(2040, 1, 1)


def test_the_first_field_with_a_value_plays_a_role(kinds: KindLibrary) -> None:
    kind = kinds.get("birth_certificate")

    assert kind.role("issue_date", {"registration_date": "2019-05-20"}) == "2019-05-20"
    assert kind.role("issue_date", {"issue_date": "2024-01-02", "registration_date": "2019-05-20"}) == "2024-01-02"


def test_criminal_records_and_identity_cards_are_sensitive(kinds: KindLibrary) -> None:
    sensitive = {code for code, kind in kinds.kinds.items() if kind.sensitivity == "sensitive"}

    assert sensitive == {"criminal_record", "identity_card"}


def test_a_new_kind_is_a_new_file(tmp_path: Path) -> None:
    (tmp_path / "letter.toml").write_text(KIND, "utf-8")

    assert load_kinds(tmp_path).get("letter").field_names == ("number",)


@pytest.mark.parametrize(
    "change",
    [
        ("labels", "lables"),
        ("document_number", "no_such_form"),
        ('code = "letter"', 'code = "mail"'),
        ("public", "secret"),
        ("[recognize]", "[recognise]"),
        ('labels = ["Số:"]', 'labels = ["Số:"]\nsource = "sky"'),
        ('labels = ["Số:"]', 'labels = ["Số:"]\ntake = "("'),
        ('labels = ["Số:"]', 'labels = ["Số:"]\nsection = "nowhere"'),
        ("[[field]]", "[[field"),
    ],
)
def test_a_mistake_in_a_kind_is_said_and_not_passed_over(change: tuple[str, str], tmp_path: Path) -> None:
    (tmp_path / "letter.toml").write_text(KIND.replace(*change), "utf-8")

    with pytest.raises(ConfigurationError, match=r"letter\.toml"):
        load_kinds(tmp_path)


def test_a_folder_without_kinds_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError):
        load_kinds(tmp_path)


def test_an_unknown_code_is_refused(kinds: KindLibrary) -> None:
    with pytest.raises(ConfigurationError, match="nonsense"):
        kinds.get("nonsense")

"""Papers of one form are told apart by kind, number, date and holder, and only by what was read for certain."""

from dataclasses import replace
from importlib.resources import files

import pytest
from index_entries import entry

from domain.models import Extraction, Field, Problem
from ocr.fields.kinds import load_kinds
from pipeline.same_paper import Sameness, compare

KINDS = load_kinds(files("configs") / "kinds")
PAPER = {"number": "45/2019", "issue_date": "2019-05-20", "holder_name": "Lê Ngọc Minh Anh"}
RECORD = replace(entry(1).record, kind="birth_certificate", fields=PAPER)


def found(kind: str = "birth_certificate", *, doubtful: tuple[str, ...] = (), **values: str | None) -> Extraction:
    read = {**PAPER, **values}
    fields = {
        name: Field(name=name, value=value, confidence=0.5 if name in doubtful else 1.0, doubtful=name in doubtful)
        for name, value in read.items()
    }
    return Extraction(kind=kind, kind_confidence=1.0, fields=fields)


@pytest.mark.parametrize(
    "read", [found(), found(holder_name="LÊ NGỌC MINH ANH"), found(doubtful=("number", "holder_name"))]
)
def test_the_same_number_date_and_holder_are_the_same_paper(read: Extraction) -> None:
    assert compare(read, RECORD, KINDS) is Sameness.SAME


@pytest.mark.parametrize(
    "read",
    [
        found(number="46/2019"),
        found(issue_date="2019-05-21"),
        found(holder_name="Lê Ngọc Minh Ánh"),
        found("death_extract"),
        found(number="46/2019", issue_date=None),
    ],
)
def test_another_number_date_holder_or_kind_is_another_paper(read: Extraction) -> None:
    assert compare(read, RECORD, KINDS) is Sameness.OTHER


@pytest.mark.parametrize(
    "read",
    [
        found(number=None),
        found(issue_date=None),
        found(holder_name=None),
        found(number="46/2019", doubtful=("number",)),
        found("unknown"),
        replace(found("death_extract"), problems=(Problem(code="kind_doubtful"),)),
    ],
)
def test_what_was_not_read_for_certain_is_left_to_a_person(read: Extraction) -> None:
    assert compare(read, RECORD, KINDS) is Sameness.OPEN


def test_a_record_without_number_or_date_is_never_found_to_be_the_same() -> None:
    assert compare(found(), replace(RECORD, fields={"holder_name": PAPER["holder_name"]}), KINDS) is Sameness.OPEN
    assert compare(found(), replace(RECORD, kind="of_another_release"), KINDS) is Sameness.OPEN

"""What is said at intake: cards against their codes, blank numbers and days, papers that are here already."""

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import Run

from ocr.samples.fonts import Fonts, find_fonts
from ocr.samples.paper import Paper
from ocr.samples.papers.birth_certificate import make_birth_certificate
from ocr.samples.papers.decision import make_undated_decision
from ocr.samples.papers.identity_card import make_identity_card
from ocr.samples.people import make_person
from ocr.samples.sheet import Code
from ocr.samples.writer import encode_pages, scan_pages
from ocr.symbols.codes import may_bear_code

pytestmark = pytest.mark.tools

OTHER_NUMBER = "070190999123"
Scanner = Callable[[Paper, int], Path]


@pytest.fixture(scope="module")
def fonts() -> Fonts:
    return find_fonts()


@pytest.fixture
def scan(fonts: Fonts, tmp_path: Path) -> Scanner:
    """Prints a paper and scans it; another number, another pass through the scanner."""

    def scanned(paper: Paper, passing: int = 1) -> Path:
        pages = scan_pages(paper, fonts, level="office_300", random=np.random.default_rng(passing))
        path = tmp_path / f"scan-{passing}.pdf"
        path.write_bytes(encode_pages(pages, "pdf", level="office_300"))
        return path

    return scanned


def card(fonts: Fonts) -> Paper:
    chance = random.Random(2)
    return make_identity_card(chance, fonts, make_person(chance))


def with_code_of(paper: Paper, number: str) -> Paper:
    """Return the card with the code of another number."""
    (sheet,) = paper.sheets
    items = tuple(
        replace(item, text=item.text.replace(paper.fields["number"], number)) if isinstance(item, Code) else item
        for item in sheet.items
    )
    return replace(paper, sheets=(replace(sheet, items=items),))


def test_a_cards_code_is_found_and_makes_its_print_surer(fonts: Fonts, scan: Scanner, sohoa: Run) -> None:
    paper = card(fonts)

    (found,) = sohoa("extract", scan(paper, 1), "--json").objects

    assert found["kind"] == "identity_card"
    assert found["kind_confidence"] >= 0.98
    fields = found["fields"]
    assert (fields["number"]["value"], fields["holder_name"]["value"]) == (
        paper.fields["number"],
        paper.fields["holder_name"],
    )
    assert not fields["number"]["needs_review"]
    assert not fields["holder_name"]["needs_review"]


def test_a_card_whose_code_says_another_number_is_marked(fonts: Fonts, scan: Scanner, sohoa: Run) -> None:
    paper = card(fonts)

    (found,) = sohoa("extract", scan(with_code_of(paper, OTHER_NUMBER), 1), "--json").objects

    number = found["fields"]["number"]
    assert (number["value"], number["needs_review"]) == (paper.fields["number"], True)
    (said,) = [problem for problem in found["problems"] if problem["code"] == "card_code_disagrees"]
    assert OTHER_NUMBER in said["message"]


@pytest.mark.parametrize(
    ("text", "bears"),
    [
        ("Họ và tên / Full name:\nNgày sinh / Date of birth: 01/02/1990", True),
        ("IDVNM1909991234070190999123<<7", True),
        ("LE<<THI<HUONG<<<<<<<<<<<<<<<<<", True),
        ("Căn cước công dân số 070190999123, cấp ngày 24/10/2022", False),
        ("Họ, chữ đệm, tên / Full name: LÊ THỊ HƯƠNG", False),
        ("a < b, b < c và c < d", False),
    ],
)
def test_codes_are_looked_for_on_papers_that_bear_them_only(text: str, bears: bool) -> None:
    assert may_bear_code(text, ("Full name", "Date of birth", "Place of origin")) is bears


def test_a_blank_number_and_day_stay_open_and_are_said(fonts: Fonts, scan: Scanner, sohoa: Run) -> None:
    chance = random.Random(1)
    paper = make_undated_decision(chance, fonts, make_person(chance))

    (draft,) = sohoa("digitize", scan(paper, 1), "--json").objects

    assert (draft["kind"], draft["status"]) == ("decision", "needs_review")
    for name in ("number", "issue_date"):
        field = draft["fields"][name]
        assert (field["value"], field["needs_review"]) == (None, True)
        assert field["box"] is not None  # a person is shown where to look
        assert name in {problem["field"] for problem in draft["problems"]}


def test_a_paper_that_is_here_already_is_named_at_intake(fonts: Fonts, scan: Scanner, home: Path, sohoa: Run) -> None:
    chance = random.Random(6)
    owner = make_person(chance)
    paper = make_birth_certificate(chance, fonts, owner)
    another = make_birth_certificate(random.Random(7), fonts, owner)
    mine = ("--owner", owner.personal_number, "--json")
    sohoa("init")
    (first,) = sohoa("digitize", scan(paper, 1), *mine).objects
    sohoa("review", "approve", first["draft_id"])
    (done,) = sohoa("certify", "--ready", "--json").objects

    (again,) = sohoa("digitize", scan(paper, 2), *mine).objects
    (different,) = sohoa("digitize", scan(another, 3), *mine).objects
    (stranger,) = sohoa("digitize", scan(paper, 4), "--owner", OTHER_NUMBER, "--json").objects
    sohoa("withdraw", done["document_id"], "--reason", "thử")
    (after,) = sohoa("digitize", scan(paper, 5), *mine).objects

    said = [present(draft) for draft in (again, different, stranger, after)]
    assert [len(each) for each in said] == [1, 0, 0, 0]
    assert done["document_id"] in said[0][0]["message"]
    assert not said[0][0]["blocking"]
    assert again["status"] != "duplicate"


def present(draft: dict[str, Any]) -> list[dict[str, Any]]:
    return [problem for problem in draft["problems"] if problem["code"] == "already_in_warehouse"]

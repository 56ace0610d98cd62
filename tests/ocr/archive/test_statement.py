from dataclasses import replace
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from domain.errors import ConfigurationError
from domain.models import IssueForm
from ocr.archive.statement import StatementFacts, fill_statement, load_statements
from ocr.archive.statement_page import draw_statement_page

FACTS = StatementFacts(
    certified_on=date(2026, 2, 5),
    place="Đồng Xoài",
    agency="Ủy ban nhân dân phường Đồng Xoài",
    parent_agency="Thành phố Đồng Nai",
    certifier="Nguyễn Thị Bích Ngọc",
    role="Phó Chủ tịch",
    register_number="0012",
    book="01/2026-SCTĐT/BS",
    page_count=2,
    paper_title="Giấy khai sinh",
)
CODE = ((True,) * 45,) * 45
MINIMAL = """
code = "one"
form = "certified_copy"
valid_from = 2020-01-01
title = "LỜI CHỨNG"
place_and_date = "{place}"
entries = []
paragraphs = ["{agency}"]
guidance = []
"""


@pytest.fixture
def shipped():
    return load_statements(files("configs") / "statements")


def folder(tmp_path: Path, **texts: str) -> Path:
    for name, text in texts.items():
        (tmp_path / f"{name}.toml").write_text(text, "utf-8")
    return tmp_path


def test_every_placeholder_is_filled(tmp_path):
    known = "day month year date_in_words place agency parent_agency certifier role register_number book page_count"
    names = [*known.split(), "page_count_in_words", "paper_title", "link"]
    text = MINIMAL.replace("{agency}", " ".join(f"{{{name}}}" for name in names))
    template = load_statements(folder(tmp_path, one=text)).template(IssueForm.CERTIFIED_COPY, FACTS.certified_on)

    assert "{" not in fill_statement(template, FACTS).paragraphs[0]


def test_the_day_decides_which_form_is_used(shipped):
    before = shipped.template(IssueForm.CERTIFIED_COPY, date(2025, 10, 31))
    after = shipped.template(IssueForm.CERTIFIED_COPY, date(2025, 11, 1))

    assert (before.code, after.code) == ("certified_copy_2020", "certified_copy_2025")


def test_a_day_without_a_form_is_an_error(shipped):
    with pytest.raises(ConfigurationError, match="07/04/2020"):
        shipped.template(IssueForm.CERTIFIED_COPY, date(2020, 4, 7))


def test_every_shipped_form_is_filled_without_a_gap(shipped, fonts):
    for template in shipped.templates:
        statement = fill_statement(template, FACTS)

        whole = " ".join((statement.title, *statement.paragraphs, statement.place_and_date, *statement.guidance))
        assert "{" not in whole
        assert "0012" in dict(statement.entries).values()
        assert "Giấy khai sinh" in whole and "02 trang" in whole and "hai trang" in whole
        assert draw_statement_page(fonts, statement, (), qr=(), caption=(), qr_side=100).content


def test_days_and_months_below_ten_are_written_as_the_decree_asks(shipped):
    template = shipped.template(IssueForm.CERTIFIED_COPY, FACTS.certified_on)

    february = fill_statement(template, FACTS)
    april = fill_statement(template, replace(FACTS, certified_on=date(2026, 4, 15)))

    assert february.place_and_date == "Đồng Xoài, ngày 05 tháng 02 năm 2026"
    assert april.place_and_date == "Đồng Xoài, ngày 15 tháng 4 năm 2026"
    assert "ngày mùng năm tháng hai năm hai nghìn" in february.paragraphs[0]


def test_an_entry_without_a_value_is_left_out(shipped):
    template = shipped.template(IssueForm.CERTIFIED_COPY, FACTS.certified_on)

    assert [label for label, _ in fill_statement(template, replace(FACTS, book="")).entries] == ["Số chứng thực"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (MINIMAL + 'coler = "red"\n', "coler"),
        (MINIMAL.replace("title", "tittle"), "tittle"),
        (MINIMAL.replace('"certified_copy"', '"photocopy"'), "photocopy"),
        (MINIMAL.replace("2020-01-01", '"2020"'), "không phải ngày"),
        (MINIMAL.replace("{agency}", "{agency"), "viết sai"),
        (MINIMAL.replace("{agency}", "{counter}"), "counter"),
        (MINIMAL.replace("{agency}", "{agency.upper}"), "agency.upper"),
        (MINIMAL.replace("{agency}", "{agency!r}"), "agency"),
        ("= nothing", "viết sai"),
    ],
)
def test_a_form_that_is_wrong_is_named(tmp_path, text, words):
    with pytest.raises(ConfigurationError, match=words) as caught:
        load_statements(folder(tmp_path, one=text))

    assert "one.toml" in str(caught.value)


def test_two_forms_in_force_at_once_are_refused(tmp_path):
    second = MINIMAL.replace('"one"', '"two"').replace("2020-01-01", "2024-01-01")

    with pytest.raises(ConfigurationError, match="trùng ngày"):
        load_statements(folder(tmp_path, one=MINIMAL, two=second))
    first = MINIMAL.replace("valid_from", "valid_to = 2023-12-31\nvalid_from")
    assert len(load_statements(folder(tmp_path, one=first, two=second)).templates) == 2


def test_a_long_statement_is_set_smaller_and_a_longer_one_refused(shipped, fonts):
    template = shipped.template(IssueForm.CERTIFIED_COPY, FACTS.certified_on)
    long, longer = (fill_statement(template, replace(FACTS, paper_title="Quyết định " * n)) for n in (110, 900))

    assert draw_statement_page(fonts, long, (), qr=CODE, caption=(), qr_side=113).content
    with pytest.raises(ConfigurationError, match="dài quá một trang"):
        draw_statement_page(fonts, longer, (), qr=CODE, caption=(), qr_side=113)

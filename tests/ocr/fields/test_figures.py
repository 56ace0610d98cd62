"""Numbers that two models read differently: what the third reading, which knows numbers only, may decide."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from kind_reader import delivered_kinds, delivered_options
from typed_papers import NOTICE, typed_page

from domain.models import Box, Extraction, PageText, Word
from ocr.fields.extract import extract
from ocr.fields.figures import (
    is_contradicted,
    is_disputed,
    is_replaced,
    is_third_wanted,
    outvoted,
    runs,
    same_figures,
    without_outvoted,
)
from ocr.fields.lines import Piece

KINDS, OPTIONS = delivered_kinds(), delivered_options()


def pieces(*readings: tuple[str, str, str | None]) -> tuple[Piece, ...]:
    """Words of a value as the first, the second and the third model read them."""
    places = [Box(0.1 * i, 0.1, 0.1 * i + 0.05, 0.12) for i in range(len(readings))]
    return tuple(
        Piece(first, Word(text=first, confidence=0.9, box=box, line=0, second=second, figures=third), 1, box)
        for (first, second, third), box in zip(readings, places, strict=True)
    )


def notice(second: Mapping[str, str], figures: Mapping[str, str]) -> Extraction:
    page: PageText = typed_page(NOTICE)
    words = (replace(w, second=second.get(w.text, w.text), figures=figures.get(w.text)) for w in page.words)
    return extract([replace(page, words=tuple(words))], KINDS, options=OPTIONS)


def codes(found: Extraction, name: str) -> set[str]:
    return {p.code for p in found.problems if p.field_name == name}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("18/02/2022", ("18", "02", "2022")),
        ("75,0m²", ("75", "0")),
        ("224,6 m2,", ("224", "6")),
        ("12⁄3", ("12", "3")),
        ("ngày", ()),
    ],
)
def test_figures_are_compared_run_by_run_without_the_unit(text: str, found: tuple[str, ...]) -> None:
    assert runs(text) == found


@pytest.mark.parametrize(
    ("first", "second", "form", "disputed"),
    [
        ("2001", "2001 CC", "year", False),
        ("2001", "2031", "year", True),
        ("7", "Z", "date", True),
        ("tháng", "thang", "date", False),
        ("1221/STP-LL/TP", "1221/STP-LLTP", "document_number", True),
        ("157/GPXĐ", "157/GPXD.", "document_number", False),
    ],
)
def test_where_only_figures_count_letters_are_no_dispute(first: str, second: str, form: str, *, disputed: bool) -> None:
    (piece,) = pieces((first, second, None))

    assert is_disputed(piece.word, form) is disputed


@pytest.mark.parametrize(
    ("reading", "form", "kept"),
    [
        (("7", "Z", "7"), "date", "7"),
        (("26/09/1991", "28/09/1991", "26/09/1991"), "date", "26/09/1991"),
        (("01", "ol", "O1"), "date", "01"),
        (("26/09/1991", "28/09/1991", "28/09/1991"), "date", None),
        (("26/09/1991", "28/09/1991", "26/09/1992"), "date", None),
        (("11", "", ""), "date", None),
        (("11", "l1", None), "date", None),
        (("269/THPT/2019", "269/THP1/2019", "269/THPT/2019"), "serial", "269/THPT/2019"),
        (("269/THP1/2019", "269/THPT/2019", "269/THPI/2019"), "serial", "269/THP1/2019"),
        (("269/THPI/2019", "269/THPT/2019", "269/THP1/2019"), "serial", None),
    ],
)
def test_two_of_three_readings_keep_the_first_one(
    reading: tuple[str, str, str | None], form: str, kept: str | None
) -> None:
    assert without_outvoted(pieces(reading), form) == kept


@pytest.mark.parametrize(
    ("reading", "form", "kept", "taken"),
    [
        (("244/THP1/2004", "244/THPT/2004", "244/THPT/2004"), "serial", None, "244/THPT/2004"),
        (("2093/STP-LLTP", "2093/5TP-LLTP", "2093/STP-LLTP"), "document_number", "2093/STP-LLTP", None),
    ],
)
def test_a_third_reading_that_has_one_of_two_as_it_is_does_not_speak_for_one_that_looks_like_it(
    reading: tuple[str, str, str | None], form: str, kept: str | None, taken: str | None
) -> None:
    assert without_outvoted(pieces(reading), form) == kept
    assert outvoted(pieces(reading), form) == taken


@pytest.mark.parametrize(
    ("text", "raw", "replaced"),
    [
        ("09/02/1989", "0/02/1989", True),
        ("1998", "I998", False),
        ("2024", "20244", False),
        ("3,", "thôn.3,", False),
        ("18", "", False),
        ("dân", "HấN", False),
    ],
)
def test_figures_that_only_the_second_model_read_are_told(text: str, raw: str, *, replaced: bool) -> None:
    (piece,) = pieces((text, text, None))

    assert is_replaced(replace(piece.word, raw=raw)) is replaced


@pytest.mark.parametrize(
    ("text", "third", "contradicted"),
    [
        ("25/09/2021", "25/05/2021", True),
        ("25/09/2021", "25/09/2021.", False),
        ("11/11/2020", "1/11/2020", False),
        ("44A8068886", "4448068886", False),
        ("25/09/2021", None, False),
    ],
)
def test_another_figure_in_the_same_place_contradicts_and_a_lost_one_does_not(
    text: str, third: str | None, *, contradicted: bool
) -> None:
    (piece,) = pieces((text, text, third))

    assert is_contradicted(piece.word) is contradicted


@pytest.mark.parametrize(
    ("confidence", "poor", "wanted"), [(0.84, True, True), (0.84, False, False), (0.95, True, False)]
)
def test_figures_on_which_two_models_agree_are_read_a_third_time_where_both_may_err(
    confidence: float, *, poor: bool, wanted: bool
) -> None:
    (piece,) = pieces(("25/09/2021", "25/09/2021", None))

    assert is_third_wanted(replace(piece.word, confidence=confidence), "date", poor=poor) is wanted


def test_figures_that_the_alphabet_makes_of_a_word_keep_nothing() -> None:
    assert without_outvoted(pieces(("Il", "ngày", "11")), "date") is None
    assert outvoted(pieces(("TT", "ngày", "11")), "date") is None
    assert not same_figures(pieces(("Il", "ll", "11")))


@pytest.mark.parametrize(
    ("reading", "form", "taken"),
    [
        (("19681", "1981 ;", "1981."), "year", "1981"),
        (("30/GPXD", "50/GPXĐ", "50/GPXD"), "document_number", "50/GPXD"),
        (("30/GPXD", "50/GPXĐ", "S0/GPXD"), "document_number", "50/GPXD"),
        (("449/THPT/I998", "449/THPT/1998", "449/THPT/1998"), "serial", "449/THPT/1998"),
        (("1221/STP-LL/TP", "1221/STP-LLTP", "1221/STP-LLTP"), "document_number", "1221/STP-LLTP"),
        (("30/GPXD", "50/GPXD", "80/GPXD"), "document_number", None),
        (("11", "1†", "1"), "date", None),
        (("30/GPXD", "50/GPXD", None), "document_number", None),
    ],
)
def test_two_of_three_readings_against_the_first_one_take_its_place(
    reading: tuple[str, str, str | None], form: str, taken: str | None
) -> None:
    assert outvoted(pieces(reading), form) == taken


def test_a_number_for_which_two_of_three_readings_speak_is_not_shown() -> None:
    found = notice({"12/TB-UBND": "72/TB-UBND"}, {"12/TB-UBND": "12/TB-UBND"})

    assert found.fields["number"].value == "12/TB-UBND"
    assert not found.fields["number"].doubtful


def test_a_number_that_two_of_three_readings_have_otherwise_is_offered_and_shown() -> None:
    found = notice({"12/TB-UBND": "72/TB-UBND"}, {"12/TB-UBND": "72/TB-UBND"})

    assert found.fields["number"].value == "72/TB-UBND"
    assert codes(found, "number") == {"readings_disagree"}
    assert found.fields["number"].doubtful


def test_a_number_that_the_third_reading_has_otherwise_than_two_that_agree_is_shown() -> None:
    found = notice({}, {"12/TB-UBND": "42/TB-UBND"})

    assert found.fields["number"].value == "12/TB-UBND"
    assert codes(found, "number") == {"readings_disagree"}


def test_a_number_that_the_first_model_read_otherwise_is_shown_though_the_second_reads_the_same_twice() -> None:
    page = typed_page(NOTICE)
    words = (replace(w, second=w.text, raw="1/TB-UBND" if w.text == "12/TB-UBND" else "") for w in page.words)

    found = extract([replace(page, words=tuple(words))], KINDS, options=OPTIONS)

    assert codes(found, "number") == {"readings_disagree"}


@pytest.mark.parametrize(
    ("third", "confidence", "shown"),
    [("12/TB-UBND", 0.83, False), ("12/TB-UBND", 0.6, True), ("42/TB-UBND", 0.83, True), ("", 0.83, True)],
)
def test_on_a_poor_page_three_readings_that_agree_make_a_faint_number_sure(
    third: str, confidence: float, *, shown: bool
) -> None:
    page = typed_page(NOTICE, confidence=0.92)
    words = (
        replace(w, second=w.text, figures=third, confidence=confidence)
        if w.text == "12/TB-UBND"
        else replace(w, second=w.text)
        for w in page.words
    )

    found = extract([replace(page, words=tuple(words))], KINDS, options=OPTIONS)

    assert found.fields["number"].doubtful is shown


def test_three_different_readings_are_shown() -> None:
    found = notice({"12/TB-UBND": "72/TB-UBND"}, {"12/TB-UBND": "42/TB-UBND"})

    assert found.fields["number"].value == "12/TB-UBND"
    assert codes(found, "number") == {"readings_disagree"}


def test_a_third_reading_that_agrees_makes_no_doubtful_figure_sure() -> None:
    page = typed_page(NOTICE, confidence=0.4)
    other = {"12/TB-UBND": "72/TB-UBND"}
    words = (replace(w, second=other.get(w.text, w.text), figures=w.text) for w in page.words)

    found = extract([replace(page, words=tuple(words))], KINDS, options=OPTIONS)

    assert found.fields["number"].doubtful


@pytest.mark.parametrize(
    ("second", "title", "code"),
    [
        ({"TRƯỞNG,": "KT. BỘ TRƯỞNG,"}, "KT. BỘ TRƯỞNG, CHỦ NHIỆM PHÓ CHỦ NHIỆM", "title_completed"),
        ({}, None, "part_lost"),
    ],
)
def test_a_title_under_a_stamp_is_taken_from_the_second_reading_or_left_open(
    second: Mapping[str, str], title: str | None, code: str
) -> None:
    lost = NOTICE.replace(" " * 49 + "CHỦ TỊCH", " " * 52 + "TRƯỞNG, CHỦ NHIỆM\n" + " " * 57 + "NHIỆM")
    page = typed_page(lost)
    words = (replace(w, second=second.get(w.text, w.text)) for w in page.words)

    found = extract([replace(page, words=tuple(words))], KINDS, options=OPTIONS)

    assert found.fields["signer_title"].value == title
    assert found.fields["signer_title"].doubtful
    assert code in codes(found, "signer_title")


@pytest.mark.parametrize(("second", "value"), [("TẠ ĐỨC SƠN", "TẠ ĐỨC SƠN"), ("Tạ TC TT sau xi", None)])
def test_marks_that_the_second_model_reads_as_letters_are_no_name(second: str, value: str | None) -> None:
    lines = (
        "      CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "           Độc lập - Tự do - Hạnh phúc",
        "",
        "                  GIẤY KHAI SINH",
        "",
        "  Họ, chữ đệm, tên: 7R1",
        "  Ngày, tháng, năm sinh: 09/02/2023",
        "  Giới tính: Nam       Dân tộc: Kinh      Quốc tịch: Việt Nam",
        "  Số định danh cá nhân: 070223999639",
    )
    page = typed_page("\n".join(lines))
    words = (replace(w, second=second if w.text == "7R1" else w.text) for w in page.words)

    found = extract([replace(page, words=tuple(words))], KINDS, options=OPTIONS)

    assert found.fields["holder_name"].value == value
    assert found.fields["holder_name"].doubtful

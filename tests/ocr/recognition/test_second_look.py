from dataclasses import replace

import numpy as np
import pytest
from drawn_pages import draw

from ocr.page.reading_order import PlacedWord
from ocr.recognition.second_look import Crop, Sheet, make_sheet, merge, without_pale_ink

DPI = 200


def word(text: str, confidence: float, left: float = 160, top: float = 120, line: int = 0) -> PlacedWord:
    return PlacedWord(
        text=text, confidence=confidence, left=left, top=top, right=left + 100, bottom=top + 40, line=line
    )


def second_reading(first: PlacedWord, text: str, confidence: float) -> str:
    """What a second reading of the word's own place makes of it."""
    sheet = make_sheet(np.asarray(draw([])), [first], DPI, doubt=0.8, most_lines=4)
    assert sheet is not None
    (crop,) = sheet.crops
    again = PlacedWord(
        text=text,
        confidence=confidence,
        left=first.left - crop.left,
        right=first.right - crop.left,
        top=first.top - crop.top + crop.offset,
        bottom=first.bottom - crop.top + crop.offset,
        line=0,
    )
    (merged,) = merge([first], sheet, [again])
    assert (merged.raw == first.text) == (merged.text != first.text)
    return merged.text


def test_the_better_reading_of_a_doubtful_word_is_taken() -> None:
    assert second_reading(word("xiét", 0.4), "xét", 0.9) == "xét"


def test_a_worse_second_reading_changes_nothing() -> None:
    assert second_reading(word("xét", 0.7), "xiét", 0.5) == "xét"


def test_a_second_reading_does_not_decide_on_points_and_commas() -> None:
    assert second_reading(word("STP.", 0.5), "STP,", 0.9) == "STP."


@pytest.mark.parametrize(("first", "second"), [("4,8m", "48m"), ("15/NQ-HĐND", "15NQ-HĐND"), ("12.3", "123.")])
def test_a_sign_within_a_number_is_not_lost_by_a_second_reading(first: str, second: str) -> None:
    assert second_reading(word(first, 0.4), second, 0.9) == first


def test_agreement_makes_surer_and_dispute_less_sure() -> None:
    first = word("xét", 0.7)
    sheet = make_sheet(np.asarray(draw([])), [first], DPI, doubt=0.8, most_lines=4)
    assert sheet is not None
    (crop,) = sheet.crops
    place = {
        "left": 160 - crop.left,
        "right": 260 - crop.left,
        "top": crop.offset,
        "bottom": crop.offset + 40,
        "line": 0,
    }

    (agreed,) = merge([first], sheet, [PlacedWord(text="xét", confidence=0.9, **place)])
    (disputed,) = merge([first], sheet, [PlacedWord(text="xót", confidence=0.2, **place)])

    assert agreed.confidence > 0.7 > disputed.confidence


def test_a_page_read_without_doubt_is_not_looked_at_again() -> None:
    page = np.asarray(draw(["Quyết định"], dpi=DPI))
    first = PlacedWord(text="Quyết", confidence=0.96, left=150, top=100, right=520, bottom=190, line=0)

    assert make_sheet(page, [first], DPI, doubt=0.8, most_lines=4) is None


def test_a_line_of_letters_that_was_not_read_is_looked_at() -> None:
    page = np.asarray(draw(["Quyết định này có hiệu lực", "PHÓ CHỦ TỊCH ỦY BAN"], dpi=DPI))
    first = PlacedWord(text="Quyết", confidence=0.96, left=150, top=100, right=900, bottom=190, line=0)

    sheet = make_sheet(page, [first], DPI, doubt=0.8, most_lines=4)

    assert sheet is not None
    (crop,) = sheet.crops
    assert crop.line is None
    assert crop.top < 200 + 20 and crop.bottom > 230


def test_only_the_most_doubtful_lines_are_looked_at() -> None:
    words = [word("xét", 0.1 * number, top=100 * number, line=number) for number in range(1, 8)]

    sheet = make_sheet(np.asarray(draw([])), words, DPI, doubt=0.8, most_lines=2)

    assert sheet is not None
    assert {crop.line for crop in sheet.crops} == {1, 2}


def second_readings(first: PlacedWord, *parts: tuple[str, float, float]) -> list[tuple[str, str]]:
    """What words read a second time, each between two places of the first one from 0 to 1, make of it: text and raw."""
    sheet = make_sheet(np.asarray(draw([])), [first], DPI, doubt=0.8, most_lines=4)
    assert sheet is not None
    (crop,) = sheet.crops
    wide = first.right - first.left
    again = [
        PlacedWord(
            text=text,
            confidence=0.95,
            left=first.left + start * wide - crop.left,
            right=first.left + end * wide - crop.left,
            top=crop.offset,
            bottom=crop.offset + 40,
            line=0,
        )
        for text, start, end in parts
    ]
    return [(one.text, one.raw) for one in merge([first], sheet, again)]


def test_words_that_were_read_as_one_are_parted_and_none_is_lost() -> None:
    found = second_readings(word("CHỦTỊCH", 0.5), ("CHỦ", 0.0, 0.45), ("TỊCH", 0.5, 1.0))

    numbered = second_readings(word("Số:172/2024", 0.5), ("Số:", 0.0, 0.25), ("172/2024", 0.3, 1.0))

    assert found == [("CHỦ", "CHỦTỊCH"), ("TỊCH", "CHỦTỊCH")]
    assert [text for text, _ in numbered] == ["Số:", "172/2024"]


def test_a_second_reading_of_a_part_does_not_stand_for_the_whole_word() -> None:
    assert second_readings(word("Số:172/2024", 0.5), ("172/2024", 0.35, 1.0)) == [("Số:172/2024", "")]


def test_small_and_pale_print_that_was_not_read_is_looked_at_where_it_is_asked_for() -> None:
    page = np.full((600, 800), 255, dtype=np.uint8)
    for place in range(20):
        page[300:308, 200 + 8 * place : 204 + 8 * place] = 185
    words = [word("Bình", 0.96), word("Phước", 0.97, left=260)]

    assert make_sheet(page, words, 200, doubt=0.8, most_lines=8) is None
    sheet = make_sheet(page, words, 200, doubt=0.8, most_lines=8, small_print=True)
    assert sheet is not None
    (crop,) = sheet.crops
    assert crop.left < 200 < 360 < crop.right
    assert crop.top < 300 < 308 < crop.bottom


def test_a_faded_line_is_looked_for_where_pale_ink_stands_and_its_dash_is_kept() -> None:
    seen, paler = (np.asarray(draw(lines, dpi=DPI)) for lines in (["", "- Như mục sáu"], ["", ""]))
    first = word("Bình", 0.96)

    assert make_sheet(paler, [first], DPI, doubt=0.8, most_lines=8) is None
    sheet = make_sheet(paler, [first], DPI, doubt=0.8, most_lines=8, ink=seen)
    assert sheet is not None
    (crop,) = sheet.crops
    line = [("-", 0.93, 0), ("Như", 0.97, 150), ("];", 0.57, 300)]
    second = [
        replace(word(text, sure, left=left), top=crop.offset, bottom=crop.offset + 20) for text, sure, left in line
    ]

    assert [found.text for found in merge([first], sheet, second)] == ["Bình", "-", "Như"]
    assert [found.text for found in merge([first], sheet, second[:1])] == ["Bình"]


def test_of_a_line_that_no_word_covered_numbers_and_names_are_kept_too() -> None:
    first = word("Bình", 0.96)
    sheet = make_sheet(np.asarray(draw(["", "Bản án số 45/2012/HSST"], dpi=DPI)), [first], DPI, doubt=0.8, most_lines=4)
    assert sheet is not None
    (crop,) = sheet.crops
    texts = (("Bản", 0.97), ("án", 0.97), ("số", 0.93), ("45/2012/HSST", 0.9), ("Đăk", 0.4), ("~", 0.9))
    second = [
        word(text, confidence, left=20 + 110 * place, top=crop.offset + 2)
        for place, (text, confidence) in enumerate(texts)
    ]

    assert [one.text for one in merge([first], sheet, second)] == ["Bình", "Bản", "án", "số", "45/2012/HSST", "Đăk"]
    assert [one.text for one in merge([first], sheet, second[3:])] == ["Bình"]


@pytest.mark.parametrize(
    ("number", "kept"), [(("07/CT-BCH", 0.94), True), (("07/CT-BCH", 0.6), False), (("kö", 0.9), False)]
)
def test_a_number_behind_its_label_is_kept_where_no_word_covered_the_line(
    number: tuple[str, float], *, kept: bool
) -> None:
    first = word("Bình", 0.96)
    sheet = make_sheet(np.asarray(draw(["", "Số: 07/CT-BCH"], dpi=DPI)), [first], DPI, doubt=0.8, most_lines=4)
    assert sheet is not None
    (crop,) = sheet.crops
    second = [
        word(*one, left=20 + 110 * place, top=crop.offset + 2) for place, one in enumerate((("Số:", 0.97), number))
    ]

    found = merge([first], sheet, second)

    assert [one.text for one in found] == ["Bình", "Số:", *([number[0]] if kept else [])]
    assert not kept or found[-1].confidence < number[1]


@pytest.mark.parametrize(
    ("initials", "kept"),
    [(("VHXH.", 0.92), True), (("VT,", 0.93), True), (("VHXH", 0.8), False), (("VhX", 0.95), False)],
)
def test_initials_on_a_line_that_no_word_covered_are_kept(initials: tuple[str, float], *, kept: bool) -> None:
    first = word("Bình", 0.96)
    sheet = make_sheet(np.asarray(draw(["", "- Lưu: VT, VHXH."], dpi=DPI)), [first], DPI, doubt=0.8, most_lines=4)
    assert sheet is not None
    (crop,) = sheet.crops
    second = [
        word(*one, left=20 + 110 * place, top=crop.offset + 2) for place, one in enumerate((("Lưu:", 0.93), initials))
    ]

    assert [one.text for one in merge([first], sheet, second)] == ["Bình", "Lưu:", *([initials[0]] if kept else [])]


def test_pale_ink_is_left_out_and_dark_ink_stays() -> None:
    picture = np.array([[0, 100, 228, 240, 255]], dtype=np.uint8)

    assert without_pale_ink(picture).tolist() == [[0, 111, 255, 255, 255]]


def beside(before: str, read: tuple[str, float], other: tuple[str, float]) -> str:
    """What is made of the second word of a line that two models read differently."""
    words = [word(before, 0.96), word(*read, left=260)]
    sheet = make_sheet(np.asarray(draw([])), words, DPI, doubt=0.8, most_lines=8)
    assert sheet is not None
    (crop,) = sheet.crops
    again = PlacedWord(
        text=other[0],
        confidence=other[1],
        left=260 - crop.left,
        top=120 - crop.top + crop.offset,
        right=words[1].right - crop.left,
        bottom=words[1].bottom - crop.top + crop.offset,
        line=0,
    )
    return merge(words, sheet, [again])[1].text


def test_of_two_readings_the_one_that_is_known_beside_its_neighbor_counts_more() -> None:
    assert beside("kiểm", ("tra", 0.6), ("trà", 0.66)) == "tra"
    assert beside("nước", ("tra", 0.6), ("trà", 0.66)) == "trà"


def test_figures_count_more_in_dates() -> None:
    assert beside("ngày", ("11", 0.4), ("H1", 0.5)) == "11"
    assert beside("ngày", ("H1", 0.5), ("11", 0.4)) == "11"


def test_a_word_that_was_given_the_place_of_dots_stands_where_it_is_read_again() -> None:
    page = np.asarray(draw(["ỦY BAN NHÂN DÂN"], height=1.0))
    lost = PlacedWord(text="DÂN", confidence=0.34, left=310, top=160, right=420, bottom=164, line=0)
    sheet = Sheet(page, (Crop(0, 100, 600, 150, 0, None),))
    again = PlacedWord(text="DÂN", confidence=0.9, left=300, top=5, right=390, bottom=45, line=0)

    (found,) = merge([lost], sheet, [again])

    assert (found.text, found.left, found.top, found.line) == ("DÂN", 300, 105, 0)
    assert lost.confidence < found.confidence < again.confidence

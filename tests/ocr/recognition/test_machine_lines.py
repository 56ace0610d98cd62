from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ocr.page.reading_order import PlacedWord
from ocr.picture.raster import Picture
from ocr.recognition.machine_lines import reread_machine_lines
from ocr.samples.mrz import make_mrz
from ocr.symbols.mrz import check_digit, read_machine_lines

DPI = 300
MONO = "/usr/share/fonts/truetype/liberation2/LiberationMono-Regular.ttf"
LINES = make_mrz(
    "062166999859", birth_date=date(1966, 4, 27), sex="Nữ", expires=date(2026, 4, 27), name="Nguyễn Diệu Hạnh"
)


PASSPORT = (  # TD3, as Doc 9303-4 has it; the person does not exist
    "P<VNMNGUYEN<<DIEU<HANH<<<<<<<<<<<<<<<<<<<<<<",
    "C9999985<0VNM6604271F2904272062166999859<<06",
)
VISA_SIZE = ("I<VNMNGUYEN<<DIEU<HANH<<<<<<<<<<<<<<", "C9999985<0VNM6604271F2904272<<<<<<<6")
"""TD2, as Doc 9303-6 has it."""


def card(lines: tuple[str, ...] = LINES) -> Picture:
    page = Image.new("L", (100 + 27 * max((30, *map(len, lines))) + 190, 400), 255)
    pen = ImageDraw.Draw(page)
    for number, line in enumerate(lines):
        pen.text((60, 100 + 70 * number), line, fill=0, font=ImageFont.truetype(MONO, 44))
    return np.asarray(page, dtype=np.uint8)


def as_read(*texts: str) -> list[PlacedWord]:
    """Words at the places of the card's lines, with the texts that a reader made of them."""
    return [
        PlacedWord(text=text, confidence=0.6, left=60, top=105 + 70 * i, right=860, bottom=145 + 70 * i, line=i)
        for i, text in enumerate(texts)
        if text
    ]


def printed(name: str) -> list[PlacedWord]:
    return [
        PlacedWord(text=word, confidence=0.9, left=80 * i, top=0, right=80 * i + 70, bottom=30, line=9)
        for i, word in enumerate(name.split())
    ]


def reread(words: list[PlacedWord], lines: tuple[str, ...] = LINES) -> list[str]:
    found = reread_machine_lines(words, card(lines), DPI, timeout=60)
    return [word.text for word in sorted(found, key=lambda word: word.top) if "<<" in word.text]


def test_misread_digits_and_letters_are_put_right() -> None:
    wrong = (LINES[0].replace("0", "9", 1), LINES[1].replace("6", "8", 1), LINES[2].replace("I", "T", 1))

    assert reread([*as_read(*wrong), *printed("NGUYỄN DIỆU HẠNH")]) == list(LINES)


def test_a_line_that_was_lost_is_found_again() -> None:
    assert reread(as_read("", LINES[1], ""))[:2] == list(LINES[:2])


def test_a_line_below_the_others_is_found_too() -> None:
    assert reread([*as_read(LINES[0], LINES[1], ""), *printed("NGUYỄN DIỆU HẠNH")]) == list(LINES)


def test_lines_that_were_all_lost_are_found_by_their_ink() -> None:
    assert reread(printed("NGUYỄN DIỆU HẠNH")) == list(LINES)


def test_rows_of_ink_that_are_no_machine_readable_lines_add_nothing() -> None:
    text = ("ĐÃ ĐỐI CHIẾU VỚI BẢN GỐC CHÍNH", "NGÀY HAI MƯƠI THÁNG NĂM HAI BA", "NGƯỜI TIẾP NHẬN HỒ SƠ KÝ TÊN Ạ")
    words = printed("NGUYỄN DIỆU HẠNH")

    assert reread_machine_lines(words, card(text), DPI, timeout=60) == tuple(words)


def test_what_was_read_stays_beside() -> None:
    wrong = LINES[0].replace("0", "9", 1)

    found = reread_machine_lines(as_read(wrong, LINES[1], LINES[2]), card(), DPI, timeout=60)

    assert (found[0].text, found[0].raw) == (LINES[0], wrong)


@pytest.mark.parametrize("line", [0, 1])
def test_a_line_whose_check_digits_are_wrong_stays_as_it_was_read(line: int) -> None:
    forged = tuple(text.replace("9", "8", 1) if n == line else text for n, text in enumerate(LINES))
    forged = tuple(text.replace("660427", "660428", 1) if n == line else text for n, text in enumerate(forged))
    wrong = "8" * 28 + "<<"

    words = as_read(*(wrong if n == line else text for n, text in enumerate(forged)))
    assert reread(words, forged)[line] == wrong


def test_a_name_that_is_not_on_the_page_stays_as_it_was_read() -> None:
    wrong = LINES[2].replace("I", "T", 1)

    assert reread([*as_read(LINES[0], LINES[1], wrong), *printed("NGUYỄN VĂN AN")])[2] == wrong


def test_a_page_without_such_lines_is_left_alone() -> None:
    words = printed("NGUYỄN DIỆU HẠNH")

    assert reread_machine_lines(words, card(()), DPI, timeout=60) == tuple(words)


@pytest.mark.parametrize("lines", [PASSPORT, VISA_SIZE])
def test_lines_of_passports_and_visas_stay_as_they_were_read(lines: tuple[str, ...]) -> None:
    words = [*as_read(*lines), *printed("NGUYỄN DIỆU HẠNH")]
    wide = [replace(word, right=60 + 27 * len(word.text)) if "<" in word.text else word for word in words]

    assert reread_machine_lines(wide, card(lines), DPI, timeout=60) == tuple(wide)
    assert read_machine_lines("\n".join(lines)) is None


@pytest.mark.parametrize(
    ("covered", "digit"),
    [
        ("L898902C3", 6),
        ("740812", 2),
        ("120415", 9),
        ("ZE184226B<<<<<", 1),
        ("L898902C3674081221204159ZE184226B<<<<<1", 0),
        ("D231458907740812212 04159<<<<<<<".replace(" ", ""), 6),
        ("D231458907<<<<<<<<<<<<<<<74081221204159<<<<<<<<<<<", 6),
    ],
)
def test_check_digits_are_those_of_the_examples_of_the_standard(covered: str, digit: int) -> None:
    """Doc 9303, parts 4, 5 and 6: the person in Utopia."""
    assert check_digit(covered) == digit

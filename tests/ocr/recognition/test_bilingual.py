from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ocr.page.reading_order import PlacedWord
from ocr.picture.raster import Picture
from ocr.recognition.bilingual import read_english

DPI = 200
SANS = "/usr/share/fonts/truetype/liberation2/LiberationSans-Regular.ttf"
PRINTED = (
    "SOCIALIST REPUBLIC OF VIET NAM",
    "Citizen Identity Card",
    "Số / No.: 075076999456",
    "Ngày sinh / Date of birth: 27/09/1976",
    "Quê quán / Place of origin:",
    "Phú Lý, Vĩnh Cửu, Đồng Nai",
)
SURE = ("Date of birth", "Personal identification", "Nationality")


def card(lines: tuple[str, ...] = PRINTED) -> Picture:
    page = Image.new("L", (800, 60 + 50 * len(lines)), 255)
    pen = ImageDraw.Draw(page)
    for number, line in enumerate(lines):
        pen.text((60, 40 + 50 * number), line, fill=40, font=ImageFont.truetype(SANS, 22))
    return np.asarray(page, dtype=np.uint8)


def words_of(text: str, line: int, confidence: float) -> list[PlacedWord]:
    """Words of a line where `card` prints it, each as wide as its letters are many."""
    font = ImageFont.truetype(SANS, 22)
    step = font.getlength(PRINTED[line]) / len(text) if line < len(PRINTED) else 10
    words, left = [], 60.0
    for word in text.split():
        right, top = left + step * len(word), 40 + 50 * line
        words.append(
            PlacedWord(text=word, confidence=confidence, left=left, top=top, right=right, bottom=top + 26, line=line)
        )
        left = right + step
    return words


def read(lines: dict[int, str], confidence: float = 0.5, picture: Picture | None = None) -> dict[int, str]:
    words = [word for line, text in lines.items() for word in words_of(text, line, confidence)]
    words += [word for number, text in enumerate(SURE, 20) for word in words_of(text, number, 0.97)]
    found: dict[int, list[PlacedWord]] = {}
    for word in read_english(words, card() if picture is None else picture, DPI, timeout=60):
        found.setdefault(word.line, []).append(word)
    return {
        line: " ".join(word.text for word in sorted(row, key=lambda word: word.left))
        for line, row in found.items()
        if line < 20 or line > 22
    }


def test_small_english_print_is_given_as_the_form_has_it() -> None:
    assert read({0: "SÓC (AI ISY REPUBLIC O£ VIET NAM", 1: "Ciuzeo ldentry Card"}) == {0: PRINTED[0], 1: PRINTED[1]}


def test_a_heading_without_words_is_found_by_its_ink_but_no_label_whose_value_was_lost_too() -> None:
    assert list(read({0: PRINTED[0]}).values()) == [PRINTED[0], PRINTED[1]]


def test_values_beside_a_wording_stay_as_they_were_read() -> None:
    found = read({3: "Ngàysịnh / Dạte óf bịrth: 27/09/1916", 5: "Phủ Lý, Vĩnh Cửu, Đống Nai"})

    assert found[3] == "Ngày sinh / Date of birth: 27/09/1916"
    assert found[5] == "Phủ Lý, Vĩnh Cửu, Đống Nai"


def test_a_value_that_was_read_as_one_word_with_its_label_is_not_lost() -> None:
    assert read({3: "Ngày sinh / Date of bịrth:27/09/1976"})[3] == "Ngày sinh / Date of bịrth:27/09/1976"


def test_a_label_whose_words_were_found_too_tall_is_not_put_there_twice() -> None:
    label = [replace(word, top=word.top - 45) for word in words_of(PRINTED[4], 4, 0.5)]
    sure = [word for number, text in enumerate(SURE, 20) for word in words_of(text, number, 0.97)]

    found = read_english([*label, *words_of("27/09/1976", 5, 0.96), *sure], card(), DPI, timeout=60)

    assert [word.text for word in found].count("origin:") == 1


def test_the_first_word_of_a_value_is_no_part_of_a_label_that_reaches_over_it() -> None:
    label, value = words_of("Quốc tịch / Nationality:", 5, 0.5), words_of("Việt Nam", 5, 0.96)
    value = [replace(word, left=word.left + label[-1].right, right=word.right + label[-1].right) for word in value]
    label[-1] = replace(label[-1], right=value[0].right - 5)
    sure = [word for number, text in enumerate(SURE, 20) for word in words_of(text, number, 0.97)]

    found = read_english([*label, *value, *sure], card(), DPI, timeout=60)

    assert " ".join(word.text for word in found if word.line == 5) == "Quốc tịch / Nationality: Việt Nam"


@pytest.mark.parametrize("misread", ["só:wo 075076999456", "Số/NỌ 075076999456"])
def test_the_label_of_the_number_is_known_by_the_number_behind_it(misread: str) -> None:
    assert read({2: misread})[2] == PRINTED[2]


@pytest.mark.parametrize(
    ("misread", "label"),
    [
        ("só/wo. 075076999456", "Số / No.: 075076999456"),
        ("sdt: 0903123456", "sdt: 0903123456"),
        ("mã/wo. 075076999456", "mã/wo. 075076999456"),
    ],
)
def test_before_an_identity_number_the_english_part_of_its_label_may_be_misread(misread: str, label: str) -> None:
    assert read({2: misread}, picture=card(("",) * len(PRINTED)))[2] == label


def test_sure_words_stay() -> None:
    assert read({1: "Citizen Identity Cord"}, confidence=0.97)[1] == "Citizen Identity Cord"


def test_what_was_read_is_kept() -> None:
    words = [word for number, text in enumerate(SURE, 20) for word in words_of(text, number, 0.97)]
    found = read_english([*words, *words_of("Ciuzeo ldentry Card", 1, 0.5)], card(), DPI, timeout=60)

    assert {word.raw for word in found if word.line == 1} == {"Ciuzeo ldentry Card"}


def test_a_page_that_is_not_bilingual_is_left_alone() -> None:
    words = words_of("Ciuzeo ldentry Card", 1, 0.5)

    assert read_english(words, card(), DPI, timeout=60) == tuple(words)


def test_another_text_does_not_become_a_wording() -> None:
    picture = card(("Cấp lại lần thứ hai", "Citizens of Identical Towns"))

    assert read({1: "Citizens of ldentical Towms"}, picture=picture)[1] == "Citizens of ldentical Towms"


def expiry_card(before: str, value: str) -> tuple[Picture, list[PlacedWord]]:
    """A card with a label whose first part is no Vietnamese, and its value; the words but those of the label."""
    lines = (PRINTED[0], f"{before} / Date of expiry:", value)
    date = PlacedWord(text=value, confidence=0.97, left=60, top=140, right=170, bottom=166, line=2)
    known = [word for number, text in enumerate(SURE, 20) for word in words_of(text, number, 0.97)]
    return card(lines), [*words_of(PRINTED[0], 0, 0.97), date, *known]


def on_second_row(picture: Picture, words: list[PlacedWord]) -> str:
    found = [word for word in read_english(words, picture, DPI, timeout=60) if 80 < word.top < 120]
    return " ".join(word.text for word in sorted(found, key=lambda word: word.left))


def test_a_label_of_which_only_the_english_part_can_be_read_is_told_by_the_length_of_the_other() -> None:
    short, long = "Gzq wvj qzr xkv", "Nqzx, wvkjz, xzm hwj hzx"

    assert on_second_row(*expiry_card(short, "27/09/2031")) == "Có giá trị đến / Date of expiry:"
    assert on_second_row(*expiry_card(long, "27/09/2031")) == "Ngày, tháng, năm hết hạn / Date of expiry:"
    assert on_second_row(*expiry_card("", "27/09/2031")) == ""


def test_half_a_label_without_a_value_is_left_out() -> None:
    assert on_second_row(*expiry_card("Gzq wvj qzr xkv", "Không rõ")) == ""


def test_words_that_were_read_clearly_are_no_label_that_would_not_fit_in_their_place() -> None:
    line = "Nơi sinh (Place of birth)"

    assert read({1: line}, confidence=0.8, picture=card(("", line)))[1] == line

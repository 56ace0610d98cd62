from dataclasses import replace

import numpy as np
import pytest
from drawn_pages import saved
from PIL import Image

from domain.models import Box, PageText, TextOrigin, Word
from ocr.fields.lines import read_lines
from ocr.files.sources import Limits, open_source, read_pages
from ocr.page.page_problems import reading_problems
from ocr.recognition.recognize import ReadOptions, recognize


def page(*, sure: int = 20, doubtful: int = 0, number: int = 1, rotation: int = 0, dpi: float = 300) -> PageText:
    words = tuple(
        Word(text="chữ", confidence=confidence, box=Box(0.1, 0.1, 0.2, 0.2), line=0, block=0)
        for confidence in [0.95] * sure + [0.3] * doubtful
    )
    return PageText(
        number=number,
        width=2480,
        height=3508,
        dpi=dpi,
        rotation=rotation,
        origin=TextOrigin.OCR if words else TextOrigin.NONE,
        words=words,
        text="chữ " * len(words),
    )


def codes(text: PageText) -> list[tuple[str, bool]]:
    return [(problem.code, problem.blocking) for problem in reading_problems([text])]


def test_a_page_that_was_read_well_has_no_problem() -> None:
    assert codes(page()) == []


def test_a_page_read_with_doubt_blocks_until_a_person_decides() -> None:
    (problem,) = reading_problems([page(), page(sure=10, doubtful=10, number=2)])

    assert (problem.code, problem.page, problem.blocking) == ("low_text_confidence", 2, True)
    assert problem.values == {"page": "2", "share": "50"}


@pytest.mark.parametrize(
    ("read", "code"),
    [
        (page(sure=0), "blank_page"),
        (page(rotation=180), "page_turned"),
        (page(dpi=96), "low_resolution"),
    ],
)
def test_what_a_person_should_know_is_said_and_blocks_nothing(read: PageText, code: str) -> None:
    assert codes(read) == [(code, False)]


def test_text_of_a_born_digital_page_is_not_doubted() -> None:
    words = page(sure=0, doubtful=20)
    layer = PageText(
        number=1, width=10, height=10, dpi=300, origin=TextOrigin.TEXT_LAYER, words=words.words, text=words.text
    )

    assert reading_problems([layer]) == ()


@pytest.mark.tools
def test_a_page_that_shows_no_letters_is_said_to_be_blank() -> None:
    speckled = np.where(np.random.default_rng(3).random((1200, 900)) < 0.001, 0, 255).astype(np.uint8)
    source = open_source("a.png", saved(Image.fromarray(speckled), "PNG", dpi=(150, 150)), limits=Limits())
    (scan,) = read_pages(source, limits=Limits())

    assert codes(recognize(scan.image, options=ReadOptions())) == [("blank_page", False)]


def test_two_papers_on_one_sheet_block_and_two_pages_of_one_are_said_only() -> None:
    motto = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n"
    sheet = replace(page(), findings=("two_pages",), text=motto + "Điều 1.\n")

    assert codes(sheet) == [("two_pages", False)]
    assert codes(replace(sheet, text=motto + "Điều 1.\n" + motto)) == [("two_papers", True)]


def test_two_papers_above_one_another_block_and_pages_of_a_passport_do_not() -> None:
    country, motto = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n", "Độc lập - Tự do - Hạnh phúc\n"

    assert codes(replace(page(), text=country + motto + "BIÊN NHẬN\n" + country + motto)) == [("two_papers", True)]
    assert codes(replace(page(), text=country + "HỘ CHIẾU\n" + country)) == []
    assert codes(replace(page(), text=country + motto)) == []


def test_lines_of_two_pages_on_one_sheet_are_not_joined() -> None:
    places = {"Họ": (0.1, 0.1), "tên": (0.2, 0.1), "Ngày": (0.1, 0.2), "Số": (0.6, 0.1), "hiệu": (0.7, 0.1)}
    words = tuple(
        Word(text=text, confidence=0.9, box=Box(x, y, x + 0.05, y + 0.02), line=index)
        for index, (text, (x, y)) in enumerate(places.items())
    )
    sheet = replace(page(), words=words)

    joined = [line.text for line in read_lines([sheet])]
    apart = [line.text for line in read_lines([replace(sheet, findings=("two_pages",))])]

    assert joined == ["Họ tên Số hiệu", "Ngày"]
    assert apart == ["Họ tên", "Ngày", "Số hiệu"]

"""Barcodes on bad pages: read where bars are, on old paper too, and never seen in tables or words."""

import random

import numpy as np
import pytest
from drawn_pages import LINES, draw
from PIL import Image, ImageDraw

from ocr.picture.raster import Picture
from ocr.samples import sheet
from ocr.samples.degrade import LEVELS, degrade
from ocr.samples.draw import code_matrix
from ocr.symbols.bars import postal_digit, read_bars
from ocr.symbols.codes import codes_in

MILLIMETRE = 1 / 25.4
DECLARATION = "aa130HTKK0300588569  01/GTGT 2023 thang 05<S01></S><S>0~0~1250000</S></S01>"


def page_with(code_format: str, text: str, *, level: str, module: float, turn: int = 0, seed: int = 1) -> Picture:
    """Half a page of text with a code of this width of its narrowest bar, in millimetres, as a scanner gives it."""
    dpi = LEVELS[level].dpi
    picture = draw(LINES, dpi=dpi, height=4.2).convert("RGB")
    bars = code_matrix(sheet.Code(x=0, y=0, width=1, height=1, text=text, format=code_format))
    unit = module * MILLIMETRE * dpi
    tall = bars.height * unit if code_format == "PDF417" else 10 * MILLIMETRE * dpi
    code = bars.resize((round(bars.width * unit), round(tall)), Image.Resampling.LANCZOS).rotate(turn, expand=True)
    picture.paste(code, (round(1.2 * dpi), round(3.9 * dpi) - code.height))
    return np.asarray(degrade(picture, level=level, random=np.random.default_rng(seed)).convert("L"), np.uint8)


@pytest.mark.parametrize(
    ("code_format", "text", "turn", "level"),
    [
        ("Code39", "CH-01234-2016", 0, "office_300"),
        ("Code39", "CH-01234-2016", 90, "archive_200"),
        ("Code39", "EE473124829VN", 0, "archive_200"),
        ("Code128", "2404109001234", 90, "office_300"),
        ("Code128", "2404109001234", 0, "archive_200"),
        ("PDF417", DECLARATION, 0, "office_300"),
        ("PDF417", DECLARATION, 0, "archive_200"),
    ],
)
def test_barcodes_are_read_after_a_bad_scanner(code_format: str, text: str, turn: int, level: str) -> None:
    page = page_with(code_format, text, level=level, module=0.33, turn=turn)

    codes = codes_in(page, dpi=LEVELS[level].dpi)

    assert [(code.text, code.format) for code in codes] == [(text, code_format)]


def test_the_box_of_a_barcode_is_where_it_stands() -> None:
    (code,) = codes_in(page_with("Code39", "CH-01234", level="office_300", module=0.33), dpi=300)

    height, width = 4.2, 8.27
    assert code.box.x0 == pytest.approx(1.2 / width, abs=0.02)
    assert code.box.y0 == pytest.approx((3.9 - 10 * MILLIMETRE) / height, abs=0.03)
    assert code.box.y1 == pytest.approx(3.9 / height, abs=0.03)


@pytest.mark.parametrize("text", ["AB1", "EE473124820VN"])
def test_a_code_too_short_to_be_told_or_with_a_wrong_check_digit_is_none(text: str) -> None:
    page = page_with("Code39", text, level="clean_300", module=0.33)

    assert list(read_bars(page, 300)) == []


def test_tables_words_and_stamps_are_no_barcodes() -> None:
    for seed in range(6):
        chance, picture = random.Random(seed), draw(LINES, dpi=150, height=11.69)
        pen = ImageDraw.Draw(picture)
        for top in (900, 1200):
            x = chance.randint(60, 300)
            while x < 1200:
                pen.line((x, top, x, top + chance.randint(60, 260)), fill=0, width=chance.choice((1, 2, 3, 5)))
                x += chance.choice((6, 8, 11, 14, 20, 37))
        pen.ellipse((800, 700, 1000, 900), outline=0, width=9)

        assert list(read_bars(np.asarray(picture, np.uint8), 150)) == []


def test_no_codes_are_looked_for_where_nothing_is_known_of_the_size() -> None:
    page = page_with("Code39", "CH-01234", level="clean_300", module=0.33)

    assert list(read_bars(page, 0)) == []


@pytest.mark.parametrize(("digits", "digit"), [("47312482", "9"), ("00000000", "5"), ("10000000", "3")])
def test_postal_numbers_have_a_check_digit(digits: str, digit: str) -> None:
    assert postal_digit(digits) == digit

"""Pages of white print on black are turned for reading; whatever else is dark stays as it is."""

import numpy as np
import pytest
from drawn_pages import LINES, draw, saved
from PIL import Image, ImageOps

from ocr.files.sources import Limits, open_source, read_pages
from ocr.page.page_problems import reading_problems
from ocr.picture.polarity import as_dark_print
from ocr.picture.raster import Picture
from ocr.recognition.recognize import ReadOptions, recognize

DPI = 150


def page(mode: str = "L") -> Image.Image:
    return draw(LINES * 2, dpi=DPI, mode=mode)


def pixels(image: Image.Image) -> Picture:
    return np.asarray(image, dtype=np.uint8)


@pytest.mark.parametrize("mode", ["L", "RGB"])
@pytest.mark.parametrize("border", [0, 40])
def test_white_print_on_black_becomes_dark_print_even_within_a_white_border(mode: str, border: int) -> None:
    negative = pixels(ImageOps.expand(ImageOps.invert(page(mode)), border, "white"))

    turned = as_dark_print(negative, DPI)

    assert np.array_equal(turned, 255 - negative)


@pytest.mark.parametrize("light", [1.0, 0.4])
def test_dark_print_stays_also_in_the_dark(light: float) -> None:
    picture = np.asarray(pixels(page()) * light, dtype=np.uint8)

    assert as_dark_print(picture, DPI) is picture


def test_a_small_paper_on_a_black_lid_stays() -> None:
    lid = Image.new("L", (1240, 1754), 20)
    lid.paste(page().crop((100, 60, 700, 500)), (300, 400))

    picture = pixels(lid)

    assert as_dark_print(picture, DPI) is picture


@pytest.mark.parametrize("size", [(1, 1), (1, 3000), (3000, 40), (1240, 1754)])
@pytest.mark.parametrize("shade", [0, 255])
def test_nothing_is_made_of_a_page_of_one_shade(size: tuple[int, int], shade: int) -> None:
    picture = np.full(size, shade, dtype=np.uint8)

    assert as_dark_print(picture, DPI) is picture


@pytest.mark.tools
def test_a_bilevel_scan_of_the_wrong_polarity_is_read() -> None:
    scan = ImageOps.invert(page()).convert("1")
    (stored,) = read_pages(open_source("a.png", saved(scan, "PNG", dpi=(DPI, DPI)), limits=Limits()), limits=Limits())

    text = recognize(stored.image, options=ReadOptions(second_language=""))

    assert text.findings == ("negative_page",)
    assert ("negative_page", True) in [(problem.code, problem.blocking) for problem in reading_problems([text])]
    assert "Giám đốc Sở Tư pháp tại Tờ trình số 125/TTr-STP" in text.text

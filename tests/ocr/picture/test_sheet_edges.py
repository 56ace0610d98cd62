"""Torn and folded sheets are told where they lie on something darker; whole ones never are."""

import numpy as np
import pytest
from drawn_pages import LINES, draw, saved
from PIL import Image, ImageDraw

from ocr.files.sources import Limits, open_source, read_pages
from ocr.page.page_problems import reading_problems
from ocr.picture.raster import Picture
from ocr.picture.sheet_edges import is_incomplete
from ocr.recognition.recognize import ReadOptions, recognize

DPI = 100
TORN = {
    "a corner": [(0, 0), (210, 0), (160, 70), (90, 110), (0, 190)],
    "a corner below": [(827, 1169), (600, 1169), (640, 1100), (740, 1040), (827, 900)],
    "a notch in an edge": [(0, 500), (140, 560), (190, 620), (0, 700)],
    "the lower half, aslant": [(0, 700), (200, 640), (420, 720), (827, 560), (827, 1169), (0, 1169)],
}


def lying(*, tear: list[tuple[int, int]] | None = None, ground: int = 40, turn: float = 0.0) -> Image.Image:
    sheet = draw(LINES * 2, dpi=DPI, height=11.69)
    there = Image.new("L", sheet.size, 255)
    if tear:
        ImageDraw.Draw(there).polygon(tear, fill=0)
    table = Image.new("L", (sheet.width + 60, sheet.height + 60), ground)
    table.paste(sheet, (30, 30), there)
    return table.rotate(turn, resample=Image.Resampling.BICUBIC, fillcolor=ground)


def pixels(picture: Image.Image) -> Picture:
    return np.asarray(picture, dtype=np.uint8)


@pytest.mark.parametrize("what", TORN)
@pytest.mark.parametrize("ground", [5, 110])
@pytest.mark.parametrize("turn", [0.0, 2.0])
def test_a_torn_sheet_is_told_on_a_darker_ground(what: str, ground: int, turn: float) -> None:
    assert is_incomplete(pixels(lying(tear=TORN[what], ground=ground, turn=turn)))


@pytest.mark.parametrize("turn", [0.0, 2.0, -5.0])
@pytest.mark.parametrize("ground", [5, 110, 255])
def test_a_whole_sheet_is_none_however_it_lies(ground: int, turn: float) -> None:
    picture = lying(ground=ground, turn=turn)

    assert not is_incomplete(pixels(picture))
    assert not is_incomplete(pixels(picture.convert("RGB")))


def test_dark_print_up_to_the_edges_is_no_tear() -> None:
    banner = draw(LINES, dpi=DPI)
    ImageDraw.Draw(banner).rectangle((0, 0, banner.width, 90), fill=30)

    assert not is_incomplete(pixels(banner))
    assert not is_incomplete(np.zeros((300, 200), dtype=np.uint8))


@pytest.mark.tools
def test_a_torn_page_is_read_as_far_as_it_goes_and_said_to_be_torn() -> None:
    data = saved(lying(tear=TORN["a notch in an edge"]), "PNG", dpi=(DPI, DPI))
    (scan,) = read_pages(open_source("a.png", data, limits=Limits()), limits=Limits())

    text = recognize(scan.image, options=ReadOptions(second_language=""))
    problems = {problem.code: problem.blocking for problem in reading_problems([text])}

    assert "Độc lập" in text.text
    assert problems["torn_page"] is False

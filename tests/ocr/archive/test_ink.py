from dataclasses import replace

import pytest
from PIL import ImageDraw

from domain.models import ImageEncoding
from ocr.archive.drawing import Rect
from ocr.archive.ink import find_ink

A4 = {"width": 210 / 25.4 * 72, "height": 297 / 25.4 * 72}
CORNER = Rect(10, 780, 200, 832)
"""The top left corner of the page."""


def with_marks(paper, *boxes_mm, color=(0, 0, 0)):
    pen = ImageDraw.Draw(paper.picture)
    scale = paper.text.dpi / 25.4
    for x0, y0, x1, y1 in boxes_mm:
        pen.rectangle((x0 * scale, y0 * scale, x1 * scale, y1 * scale), fill=color)
    return paper


@pytest.mark.parametrize("coarse", [False, True])
@pytest.mark.parametrize("encoding", ImageEncoding)
def test_writing_is_found_and_white_paper_is_free(draw, encoding, coarse):
    ink = find_ink(draw(["Số: 12/QĐ"], corner_mm=(10, 10), dpi=200).image(encoding), **A4, coarse=coarse)

    assert not ink.is_free(CORNER)
    assert ink.is_free(Rect(10, 600, 200, 700))


def test_a_box_beside_the_page_is_not_free(draw):
    ink = find_ink(draw([]).image(), **A4)

    assert not ink.is_free(Rect(-1, 100, 50, 200))
    assert not ink.is_free(Rect(500, 100, 596, 200))


@pytest.mark.parametrize("color", [(200, 40, 40), (40, 60, 190), (90, 90, 90), (230, 130, 130)])
def test_stamps_and_pencil_are_ink(draw, color):
    ink = find_ink(with_marks(draw([]), (20, 10, 40, 11), color=color).image(), **A4)

    assert not ink.is_free(CORNER)


@pytest.mark.parametrize("coarse", [False, True])
def test_a_thin_line_is_ink(draw, coarse):
    ink = find_ink(with_marks(draw([], dpi=300), (5, 12, 60, 12.1)).image(), **A4, coarse=coarse)

    assert not ink.is_free(CORNER)


def test_dust_is_not_ink_but_a_dotted_line_is(draw):
    dust = [(12, 8, 12.3, 8.3), (40, 15, 40.3, 15.3), (60, 9, 60.4, 9.3)]
    dots = [(10 + 1.3 * n, 12, 10.35 + 1.3 * n, 12.35) for n in range(30)]

    assert find_ink(with_marks(draw([], dpi=200), *dust).image(), **A4).is_free(CORNER)
    assert not find_ink(with_marks(draw([], dpi=200), *dots).image(), **A4).is_free(CORNER)


@pytest.mark.parametrize("paper", [(235, 220, 180), (190, 185, 170)])
def test_yellowed_paper_is_free(draw, paper):
    ink = find_ink(draw(["Số: 12/QĐ"], paper=paper).image(), **A4)

    assert ink.is_free(CORNER)


@pytest.mark.parametrize("paper", [(120, 20, 25), (20, 40, 110), (90, 90, 90)])
def test_a_dark_cover_is_nowhere_free(draw, paper):
    ink = find_ink(draw([], paper=paper).image(), **A4)

    assert not ink.is_free(CORNER)
    assert not ink.is_free(Rect(300, 400, 310, 410))


def test_a_shadow_that_grows_slowly_is_paper_and_a_black_border_is_ink(draw):
    shadow, border = draw([]), with_marks(draw([]), (0, 0, 210, 9))
    pen = ImageDraw.Draw(shadow.picture)
    for y in range(shadow.picture.height):
        level = min(255, 175 + y // 4)
        pen.line((0, y, shadow.picture.width, y), fill=(level, level, level))

    assert find_ink(shadow.image(), **A4).is_free(Rect(10, 600, 200, 700))
    assert not find_ink(border.image(), **A4).is_free(CORNER)


def test_ink_is_found_where_it_stands_on_the_upright_page(draw):
    paper = draw(["Số: 12/QĐ"], corner_mm=(10, 10))

    for rotation in (90, 180, 270):
        image = paper.image(rotation=rotation)
        assert not find_ink(image, **A4).is_free(CORNER)
        assert find_ink(replace(image, rotation=(rotation + 180) % 360), **A4).is_free(CORNER)

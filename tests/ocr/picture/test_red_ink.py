import math

import numpy as np
import pytest
from drawn_pages import FONT, draw
from PIL import Image, ImageDraw, ImageFont, ImageOps

from ocr.picture.raster import Picture
from ocr.picture.red_ink import gray_with_red_print

DPI = 200
RED = (190, 40, 50)


def in_red(text: str, paper: tuple[int, int, int] = (255, 255, 255)) -> Image.Image:
    return ImageOps.colorize(draw([text], dpi=DPI).convert("L"), RED, paper)


def darkest(picture: Picture) -> int:
    return int(picture.min())


@pytest.mark.parametrize("paper", [(255, 255, 255), (226, 208, 160)])
@pytest.mark.parametrize("turn", [0, 90, 3])
def test_a_red_title_stays_dark_on_any_paper_whatever_way_it_runs(paper: tuple[int, int, int], turn: int) -> None:
    page = in_red("BẰNG TỐT NGHIỆP TRUNG HỌC", paper).rotate(turn, expand=True, fillcolor=paper)

    assert darkest(gray_with_red_print(np.asarray(page), DPI)) < 100


def test_a_round_red_stamp_and_its_letters_stay_pale() -> None:
    page = Image.new("RGB", (1000, 1000), (255, 255, 255))
    pen = ImageDraw.Draw(page)
    pen.ellipse((350, 350, 640, 640), outline=RED, width=7)
    for step in range(24):
        x, y = 495 + 120 * math.cos(step * math.pi / 12), 495 + 120 * math.sin(step * math.pi / 12)
        pen.rectangle((x - 6, y - 9, x + 6, y + 9), fill=RED)
    pen.rectangle((440, 480, 550, 505), fill=RED)

    assert darkest(gray_with_red_print(np.asarray(page), DPI)) >= RED[0]


def test_a_page_without_red_is_its_red_channel() -> None:
    page = np.asarray(draw(["Quyết định"], dpi=DPI).convert("RGB"))

    assert np.array_equal(gray_with_red_print(page, DPI), page[:, :, 0])


@pytest.mark.parametrize("turn", [0, 90, 0.7])
def test_a_title_of_rows_close_together_stays_dark(turn: float) -> None:
    page = Image.new("RGB", (1600, 500), (255, 255, 255))
    pen = ImageDraw.Draw(page)
    rows = (
        (60, 90, "GIẤY CHỨNG NHẬN"),
        (150, 72, "QUYỀN SỬ DỤNG ĐẤT"),
        (225, 46, "QUYỀN SỞ HỮU NHÀ Ở VÀ TÀI SẢN KHÁC"),
    )
    for top, size, text in rows:
        pen.text((800, top), text, fill=RED, font=ImageFont.truetype(FONT, size), anchor="ma")
    page = page.rotate(turn, expand=True, fillcolor=(255, 255, 255))

    gray = gray_with_red_print(np.asarray(page), DPI)

    red = np.asarray(page)[:, :, 1] < 80
    assert float((gray[red] < 100).mean()) > 0.99


def test_a_frame_of_which_one_side_has_faded_does_not_hide_the_title_inside() -> None:
    page = Image.new("RGB", (1600, 2200), (255, 255, 255))
    pen = ImageDraw.Draw(page)
    pen.line([(300, 40), (60, 40), (60, 2160), (340, 2160)], fill=RED, width=5)
    pen.text((240, 700), "QUYỀN SỞ HỮU NHÀ Ở VÀ TÀI SẢN KHÁC", fill=RED, font=ImageFont.truetype(FONT, 46))

    gray = gray_with_red_print(np.asarray(page), DPI)

    assert darkest(gray[690:770, 230:1400]) < 100

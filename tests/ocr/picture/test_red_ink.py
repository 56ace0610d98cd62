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


def framed(frames: int, turn: float) -> tuple[Picture, Picture]:
    """A rectangular stamp on white, and where its letters are."""
    page, letters = Image.new("RGB", (1400, 700), (255, 255, 255)), Image.new("L", (1400, 700), 0)
    for pen, ink in ((ImageDraw.Draw(page), RED), (ImageDraw.Draw(letters), 255)):
        for row, text in enumerate(
            ("CHỨNG THỰC BẢN SAO ĐÚNG VỚI BẢN CHÍNH", "Số chứng thực:        Quyển số:", "CHỦ TỊCH")
        ):
            pen.text((680, 150 + 60 * row), text, fill=ink, font=ImageFont.truetype(FONT, 32), anchor="ma")
    pen = ImageDraw.Draw(page)
    for frame in range(frames):
        pen.rectangle((250 + 9 * frame, 110 + 9 * frame, 1110 - 9 * frame, 350 - 9 * frame), outline=RED, width=4)
    turned = page.rotate(turn, fillcolor=(255, 255, 255))
    return np.asarray(turned), np.asarray(letters.rotate(turn))


@pytest.mark.parametrize("frames", [1, 2])
@pytest.mark.parametrize("turn", [0, 1])
def test_the_rows_of_a_rectangular_stamp_stay_dark(frames: int, turn: float) -> None:
    page, letters = framed(frames, turn)

    gray = gray_with_red_print(page, DPI)

    assert float((gray[letters > 200] < 110).mean()) > 0.99


def test_a_rectangular_stamp_over_print_stays_pale() -> None:
    page, letters = framed(1, 0)
    under = Image.fromarray(page)
    for row in range(5):
        text = "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;"
        ImageDraw.Draw(under).text((120, 125 + 42 * row), text, fill=(20, 20, 20), font=ImageFont.truetype(FONT, 36))
    both = np.minimum(np.asarray(under), page)

    gray = gray_with_red_print(both, DPI)

    alone = (letters > 200) & (np.asarray(under)[:, :, 0] > 150)
    assert float((gray[alone] < 110).mean()) < 0.05

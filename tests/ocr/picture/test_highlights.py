"""Bands of marker pens and shaded cells become white, in color and in gray; print and its paper stay."""

import numpy as np
import pytest
from drawn_pages import draw
from PIL import Image, ImageDraw, ImageOps

from ocr.picture.highlights import without_highlights, without_shades
from ocr.picture.prepare import even_ground, in_gray
from ocr.picture.raster import Picture

DPI = 150
BAND = (slice(80, 115), slice(150, 500))
"""Over the first line."""
WITHIN = (slice(88, 107), slice(160, 490))


def page(paper: tuple[int, int, int] = (255, 255, 255)) -> Picture:
    sheet = ImageOps.colorize(draw(["Thửa đất số 215, tờ bản đồ số 14"] * 6, dpi=DPI).convert("L"), (20, 20, 20), paper)
    return np.asarray(sheet, dtype=np.uint8)


def marked(color: tuple[int, int, int], sheet: Picture) -> Picture:
    picture = sheet.astype(np.float64)
    picture[BAND] *= np.array(color) / 255
    return np.asarray(picture, dtype=np.uint8)


MARKERS = {
    "yellow": (240, 230, 0),
    "green": (0, 210, 60),
    "pink": (255, 60, 150),
    "orange": (255, 140, 0),
    "blue": (60, 160, 255),
}


@pytest.mark.parametrize("paper", [(255, 255, 255), (235, 220, 180)])
@pytest.mark.parametrize("marker", MARKERS)
def test_print_under_a_marker_pen_stands_on_white(marker: str, paper: tuple[int, int, int]) -> None:
    gray = in_gray(marked(MARKERS[marker], page(paper)), DPI)[WITHIN]

    plain = in_gray(page(paper), DPI)[WITHIN]
    assert np.median(gray) >= 0.75 * np.median(plain)
    assert gray.min() < 60


@pytest.mark.parametrize("shade", [0.55, 0.65, 0.8])
def test_print_in_a_gray_band_stands_on_white(shade: float) -> None:
    sheet = page()[:, :, 0].astype(np.float64)
    sheet[BAND] *= shade
    even = even_ground(np.asarray(sheet, dtype=np.uint8))

    lifted = without_shades(even, DPI)[WITHIN]

    assert np.median(lifted) > 240
    assert lifted.min() < 60


def test_plain_pages_and_colored_papers_stay_as_they_are() -> None:
    for paper in ((255, 255, 255), (150, 215, 160), (250, 190, 200)):
        picture = page(paper)
        gray = np.ascontiguousarray(picture[:, :, 0])

        assert without_highlights(gray, picture, DPI) is gray
        even = even_ground(gray)
        assert without_shades(even, DPI) is even


def test_letters_in_color_are_no_bands() -> None:
    letters = draw(["TRUNG TÂM LƯU TRỮ LỊCH SỬ"] * 6, dpi=DPI).convert("L")
    for ink in ((90, 90, 190), (170, 165, 215), (200, 40, 50)):
        picture = np.asarray(ImageOps.colorize(letters, ink, (245, 240, 225)), dtype=np.uint8)
        gray = np.ascontiguousarray(picture[:, :, 0])

        assert without_highlights(gray, picture, DPI) is gray


def test_white_print_on_a_dark_bar_stays() -> None:
    sheet = draw(["PHẦN DÀNH CHO CƠ QUAN TIẾP NHẬN HỒ SƠ"] * 6, dpi=DPI).convert("L")
    bar = np.array(sheet)
    bar[BAND] = 255 - bar[BAND]
    colored = np.stack([bar, bar, bar], axis=2)
    colored[BAND] = np.maximum(colored[BAND], np.array([20, 60, 140], dtype=np.uint8))

    gray = np.ascontiguousarray(colored[:, :, 0])
    assert without_highlights(gray, colored, DPI) is gray
    assert without_shades(bar, DPI)[WITHIN].max() == 255
    assert np.median(without_shades(np.maximum(bar, 110), DPI)[WITHIN]) <= 110


def test_a_gray_emblem_stays() -> None:
    sheet = Image.fromarray(page()[:, :, 0])
    ImageDraw.Draw(sheet).ellipse((540, 300, 680, 440), fill=150)

    even = even_ground(np.asarray(sheet, dtype=np.uint8))

    assert without_shades(even, DPI) is even


@pytest.mark.parametrize("size", [(1, 1), (3, 900), (900, 3)])
def test_tiny_pictures_do_no_harm(size: tuple[int, int]) -> None:
    picture = np.asarray(Image.new("RGB", size, (90, 240, 90)), dtype=np.uint8)

    assert in_gray(picture, DPI).shape == picture.shape[:2]
    assert without_shades(np.ascontiguousarray(picture[:, :, 0]), DPI).shape == picture.shape[:2]

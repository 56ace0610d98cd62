import numpy as np
import pytest
from drawn_pages import FONT, draw
from PIL import Image, ImageDraw, ImageFont

from ocr.picture.cleaning import wipe

DPI = 300


def page_with(text: str, leader: str) -> tuple[Image.Image, Image.Image]:
    """The text alone, and with a dotted line under and beside it."""
    plain = draw([text], dpi=DPI, height=2)
    dotted = plain.copy()
    font = ImageFont.truetype(FONT, round(13 * DPI / 72))
    ImageDraw.Draw(dotted).text((2.6 * DPI, 0.605 * DPI), leader, fill="black", font=font)
    return plain, dotted


def ink(picture: np.ndarray) -> int:
    return int((picture < 128).sum())


def test_a_dotted_line_goes_and_the_tone_marks_below_letters_stay() -> None:
    plain, dotted = page_with("Dân tộc, quốc tịch Việt", "." * 80)

    cleaned = wipe(np.asarray(dotted), DPI)

    assert ink(np.asarray(dotted)) > ink(np.asarray(plain)) + 1000
    assert abs(ink(cleaned) - ink(np.asarray(plain))) < 60


def test_frames_and_rules_go_and_the_text_stays() -> None:
    plain = draw(dpi=DPI)
    framed = plain.copy()
    pen = ImageDraw.Draw(framed)
    pen.rectangle((100, 60, framed.width - 100, framed.height - 60), outline="black", width=5)
    pen.line((240, 270, 1200, 270), fill="black", width=3)

    cleaned = wipe(np.asarray(framed), DPI)

    assert abs(ink(cleaned) - ink(np.asarray(plain))) < 0.01 * ink(np.asarray(plain))


@pytest.mark.parametrize("dpi", [200, 300])
@pytest.mark.parametrize("upright", [False, True])
def test_the_shortest_rule_goes_wherever_it_begins_and_a_shorter_stroke_stays(dpi: int, *, upright: bool) -> None:
    page = Image.new("L", (8 * dpi, 8 * dpi), 255)
    pen = ImageDraw.Draw(page)
    short, least = round(0.5 * dpi), round(0.62 * dpi)
    for index in range(24):
        begin, across = dpi + index, (40 + 5 * index) * dpi // 30
        for length, start in ((least, begin), (short, begin + 2 * dpi)):
            ends = (
                ((across, start), (across, start + length)) if upright else ((start, across), (start + length, across))
            )
            pen.line(ends, fill=0, width=2)

    cleaned = wipe(np.asarray(page), dpi)

    first, second = (
        (cleaned[: 3 * dpi], cleaned[3 * dpi :]) if upright else (cleaned[:, : 3 * dpi], cleaned[:, 3 * dpi :])
    )
    assert ink(first) == 0
    assert ink(second) == 24 * 2 * (short + 1)


def test_strokes_of_digits_that_touch_are_no_rule() -> None:
    page = draw([], dpi=DPI)
    font = ImageFont.truetype(FONT, round(13 * DPI / 72))
    pen = ImageDraw.Draw(page)
    for index in range(12):
        pen.text((300 + 24 * index, 300), "9", fill="black", font=font)  # closer than the font would set them
    pen.line((300, 312, 620, 312), fill="black", width=3)

    assert np.array_equal(wipe(np.asarray(page), DPI), np.asarray(page))


def test_dark_borders_and_punch_holes_go() -> None:
    plain = draw(dpi=DPI)
    dark = plain.copy()
    pen = ImageDraw.Draw(dark)
    pen.rectangle((0, 0, 60, dark.height), fill=20)
    pen.ellipse((110, 600, 190, 680), fill=10)

    cleaned = wipe(np.asarray(dark), DPI)

    assert np.array_equal(cleaned, np.asarray(plain))


def test_a_page_without_any_of_it_is_left_as_it_is() -> None:
    plain = np.asarray(draw(dpi=DPI))

    assert np.array_equal(wipe(plain, DPI), plain)


@pytest.mark.parametrize("dpi", [200, 300])
@pytest.mark.parametrize("upright", [False, True])
def test_lines_from_edge_to_edge_go_and_the_print_that_they_cross_stays(dpi: int, *, upright: bool) -> None:
    plain = draw(dpi=dpi)
    ruled = plain.copy()
    pen = ImageDraw.Draw(ruled)
    across, along = (ruled.width, ruled.height) if upright else (ruled.height, ruled.width)
    for place in range(dpi // 3, across, dpi // 3):
        ends = ((place, 0), (place, along)) if upright else ((0, place), (along, place))
        pen.line(ends, fill=90, width=dpi // 100)

    cleaned = wipe(np.asarray(ruled), dpi)

    printed, without = np.asarray(plain) < 128, np.asarray(ruled) != np.asarray(plain)
    left = (cleaned < 128) & printed
    assert left.sum() > 0.95 * printed.sum()  # a stem that lies on a line cannot be told from it
    assert (cleaned[without & ~printed] < 190).mean() < 0.1


@pytest.mark.parametrize("size", [(400, 9), (9, 400), (400, 3), (2, 2), (1, 900)])
def test_a_strip_of_a_page_with_a_line_from_edge_to_edge_is_cleaned(size: tuple[int, int]) -> None:
    strip = Image.new("L", size, 255)
    ImageDraw.Draw(strip).line(((0, size[1] // 2), (size[0], size[1] // 2)), fill=0)

    assert wipe(np.asarray(strip), DPI).shape == (size[1], size[0])

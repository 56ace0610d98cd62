"""Photos of a page on a table: straightened to be read, with the places on the photo; scans are left as they are."""

import numpy as np
import pytest
from drawn_pages import LINES, draw, saved
from photographed import ASLANT, SIZE, taken
from PIL import Image, ImageDraw

from domain.models import PageText
from ocr.files.sources import Limits, open_source, read_pages
from ocr.page.page_problems import reading_problems
from ocr.picture.photo import flatten_photo
from ocr.picture.sheet_edges import is_incomplete
from ocr.recognition.recognize import ReadOptions, recognize

DPI = 150


def sheet() -> Image.Image:
    return draw(LINES, dpi=DPI, height=11.69)


def read(picture: Image.Image) -> PageText:
    source = open_source("a.jpg", saved(picture, "JPEG", quality=92), limits=Limits())
    (scan,) = read_pages(source, limits=Limits())
    return recognize(scan.image, options=ReadOptions(second_language=""))


def place_of(word: str, text: PageText) -> tuple[float, float]:
    box = next(each.box for each in text.words if each.text.startswith(word))
    return (box.x0 + box.x1) / 2 * text.width, (box.y0 + box.y1) / 2 * text.height


@pytest.fixture(scope="module")
def flat() -> PageText:
    """The sheet as a scanner would give it."""
    return read(sheet())


UPSIDE_DOWN = [
    ("from the side", 180),
    *(pytest.param(how, 180, marks=pytest.mark.slow) for how in ASLANT if how != "from the side"),
]


@pytest.mark.tools
@pytest.mark.parametrize(("how", "turn"), [*((how, 0) for how in ASLANT), *UPSIDE_DOWN])
def test_a_page_photographed_aslant_is_read_and_its_words_lie_where_the_photo_shows_them(
    how: str, turn: int, flat: PageText
) -> None:
    photo, there = taken(sheet(), ASLANT[how])

    text = read(photo.rotate(turn))

    assert next(problem.code for problem in reading_problems([text])) == "photo_page"
    assert not any(problem.blocking for problem in reading_problems([text]))
    assert text.rotation == turn
    assert "Giám đốc Sở Tư pháp tại Tờ trình số 125/TTr-STP" in text.text
    for word in ("CỘNG", "125/TTr", "ban"):
        x, y, scale = there @ np.array([*place_of(word, flat), 1.0])
        assert place_of(word, text) == pytest.approx((x / scale, y / scale), abs=12)


@pytest.mark.parametrize("level", [0.0, 1.5, 4.0])
def test_a_scan_with_a_dark_border_is_left_as_it_is(level: float) -> None:
    scan = Image.new("L", SIZE, 40)
    scan.paste(sheet(), (230, 200))
    turned = np.asarray(scan.rotate(level, fillcolor=40))

    assert flatten_photo(turned) is None


@pytest.mark.parametrize("shade", [0, 128, 255])
@pytest.mark.parametrize("size", [(64, 64), (70, 4000), (4000, 70)])
def test_no_sheet_is_found_where_there_is_none(shade: int, size: tuple[int, int]) -> None:
    assert flatten_photo(np.full(size, shade, np.uint8)) is None


def test_no_sheet_is_found_on_a_table_as_bright_as_the_paper() -> None:
    photo, _ = taken(sheet(), ASLANT["leaning back"], table=235)

    assert flatten_photo(np.asarray(photo)) is None


def in_shade(photo: np.ndarray) -> np.ndarray:
    """The left half of a photo in a soft shadow, in color, on what was gray before as on wood."""
    across = np.arange(photo.shape[1])
    light = 1 - 0.45 / (1 + np.exp((across - 0.55 * photo.shape[1]) / 60))
    wood = (photo < 110)[..., None] * np.array([70, 30, 0])
    return ((photo[..., None] + wood) * light[None, :, None]).astype(np.uint8)


@pytest.mark.parametrize("how", ["leaning back", "turned"])
def test_a_shadow_does_not_part_a_sheet(how: str) -> None:
    photo, _ = taken(sheet(), ASLANT[how])

    flat = flatten_photo(in_shade(np.asarray(photo)))

    assert flat is not None
    assert not flat.torn
    corner = flat.back @ np.array([0.0, 0.0, 1.0])
    assert corner[:2] / corner[2] == pytest.approx(ASLANT[how][0], abs=15)
    opposite = flat.back @ np.array([flat.picture.shape[1], flat.picture.shape[0], 1.0])
    assert opposite[:2] / opposite[2] == pytest.approx(ASLANT[how][2], abs=15)


@pytest.mark.parametrize("how", ["leaning back", "turned"])
def test_a_corner_that_is_missing_in_a_photo_is_said(how: str) -> None:
    torn = sheet()
    ImageDraw.Draw(torn).polygon([(0, 0), (260, 0), (0, 280)], fill=70)
    photo, _ = taken(torn, ASLANT[how])

    flat = flatten_photo(np.asarray(photo))

    assert is_incomplete(np.asarray(photo)) if flat is None else flat.torn


def test_a_shadow_upon_a_page_that_fills_the_photo_is_no_edge_of_a_sheet() -> None:
    assert flatten_photo(in_shade(np.asarray(sheet()))) is None

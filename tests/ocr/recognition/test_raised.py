import numpy as np
import pytest
from drawn_pages import FONT
from PIL import Image, ImageDraw, ImageFont

from ocr.page.reading_order import PlacedWord
from ocr.recognition.raised import raise_figures


def read_as(printed: str, text: str) -> PlacedWord:
    """Print a unit behind a number, and say what it was read as."""
    page = Image.new("L", (600, 120), 255)
    ImageDraw.Draw(page).text((200, 30), printed, fill=20, font=ImageFont.truetype(FONT, 50))
    box = ImageDraw.Draw(page).textbbox((200, 30), printed, font=ImageFont.truetype(FONT, 50))
    number = PlacedWord(text="98,6", confidence=0.9, left=60, top=30, right=180, bottom=80, line=0)
    unit = PlacedWord(
        text=text, confidence=0.9, left=box[0] - 3, top=box[1] - 3, right=box[2] + 3, bottom=box[3] + 3, line=0
    )
    return raise_figures([number, unit], np.asarray(page, dtype=np.uint8))[1]


@pytest.mark.parametrize(
    ("printed", "read", "expected"), [("m²", "m2", "m²"), ("m²,", "m‡,", "m²,"), ("m³;", "m3;", "m³;")]
)
def test_a_figure_above_the_line_is_raised(printed: str, read: str, expected: str) -> None:
    word = read_as(printed, read)

    assert (word.text, word.raw) == (expected, read)


@pytest.mark.parametrize(("printed", "read"), [("m2", "m2"), ("m3,", "m3,"), ("m", "m"), ("ml", "ml")])
def test_a_figure_on_the_line_stays(printed: str, read: str) -> None:
    word = read_as(printed, read)

    assert (word.text, word.raw) == (read, "")

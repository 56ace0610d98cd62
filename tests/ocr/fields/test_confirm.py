from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files

import pytest
from drawn_pages import LINES, draw, saved
from photographed import ASLANT, taken
from PIL import Image

from domain.models import PageImage, PageText
from ocr.fields.confidence import load_calibration
from ocr.fields.confirm import Confirmation, confirm
from ocr.fields.extract import ExtractOptions
from ocr.fields.kinds import load_kinds
from ocr.files.sources import Limits, open_source, read_pages
from ocr.lexicon.units import load_units
from ocr.recognition.recognize import ReadOptions, recognize_with_copy

pytestmark = pytest.mark.tools
CARD = ("CĂN CƯỚC CÔNG DÂN", "Số / No.: 070190999123", "Họ và tên / Full name:", "TRẦN THỊ MAI", "Giới tính / Sex: Nữ")


@pytest.fixture(scope="module")
def confirmation() -> Confirmation:
    configs = files("configs")
    calibration, units = load_calibration(configs / "calibration.toml"), load_units(configs / "units")
    extraction = ExtractOptions(calibration=calibration, units=units, kind="identity_card")
    return Confirmation(kinds=load_kinds(configs / "kinds"), extraction=extraction, everything=True)


def page_of(picture: Image.Image, *, dpi: int = 300) -> PageImage:
    source = open_source("a.png", saved(picture, "PNG", dpi=(dpi, dpi)), limits=Limits())
    return next(read_pages(source, limits=Limits())).image


def asked(page: PageText) -> dict[str, str]:
    """What the second model reads where words of values stand."""
    return {word.text: word.second for word in page.words if word.second is not None}


def photo(turn: int) -> PageImage:
    picture, _ = taken(draw(CARD, dpi=150, height=11.69), ASLANT["leaning back"])
    return page_of(picture.rotate(turn), dpi=150)


PAGES: dict[str, Callable[[], PageImage]] = {
    "straight": lambda: page_of(draw(CARD, dpi=300)),
    "askew": lambda: page_of(draw(CARD, dpi=300).rotate(1.5, fillcolor="white", resample=3)),
    "upside down": lambda: page_of(draw(CARD, dpi=300).rotate(180)),
    "sideways": lambda: page_of(draw(CARD, dpi=300).rotate(90, expand=True)),
    "of few pixels": lambda: page_of(draw(CARD, dpi=80), dpi=80),
    "photographed": lambda: photo(0),
    "photographed upside down": lambda: photo(180),
}


@pytest.mark.parametrize("how", PAGES)
def test_the_words_of_values_are_read_by_two_models_wherever_they_stand(how: str, confirmation: Confirmation) -> None:
    read = recognize_with_copy(PAGES[how](), options=ReadOptions())

    confirmed = confirm(read, options=ReadOptions(), confirmation=confirmation)

    assert ("photo_page" in confirmed.findings) == how.startswith("photographed")
    assert asked(confirmed)["070190999123"] == "070190999123"
    assert asked(confirmed)["MAI"] == "MAI"
    assert "CƯỚC" not in asked(confirmed)
    assert [word.text for word in confirmed.words] == [word.text for word in read.page.words]


def test_values_on_the_right_page_of_a_sheet_with_two_are_read_where_they_stand(confirmation: Confirmation) -> None:
    left, right = draw(LINES, dpi=150, height=11.69), draw(CARD, dpi=150, height=11.69)
    sheet = Image.new("L", (2 * left.width, left.height), 255)
    sheet.paste(left, (0, 0))
    sheet.paste(right, (left.width, 0))
    read = recognize_with_copy(page_of(sheet, dpi=150), options=ReadOptions())

    confirmed = confirm(read, options=ReadOptions(), confirmation=confirmation)

    assert "two_pages" in confirmed.findings
    assert asked(confirmed)["070190999123"] == "070190999123"
    assert asked(confirmed)["MAI"] == "MAI"


def test_without_a_second_model_the_page_stays_as_it_is(confirmation: Confirmation) -> None:
    options = ReadOptions(second_language="")
    read = recognize_with_copy(page_of(draw(CARD, dpi=300)), options=options)

    assert confirm(read, options=options, confirmation=confirmation) is read.page


def test_a_number_that_two_models_read_differently_is_read_a_third_time(confirmation: Confirmation) -> None:
    read = recognize_with_copy(page_of(draw(CARD, dpi=300)), options=ReadOptions())
    misread = {"070190999123": "070190999128"}
    words = tuple(replace(word, text=misread.get(word.text, word.text)) for word in read.page.words)

    confirmed = confirm(
        replace(read, page=replace(read.page, words=words)), options=ReadOptions(), confirmation=confirmation
    )

    assert {word.text: word.figures for word in confirmed.words if word.figures is not None} == {
        "070190999128": "070190999123"
    }

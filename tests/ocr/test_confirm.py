from importlib.resources import files

import pytest
from drawn_pages import draw, saved

from domain.models import PageImage
from ocr.confidence import load_calibration
from ocr.confirm import Confirmation, confirm
from ocr.extract import ExtractOptions
from ocr.kinds import load_kinds
from ocr.recognize import ReadOptions, recognize
from ocr.sources import Limits, open_source, read_pages
from ocr.units import load_units

pytestmark = pytest.mark.tools
CARD = ("CĂN CƯỚC CÔNG DÂN", "Số / No.: 070190999123", "Họ và tên / Full name:", "TRẦN THỊ MAI", "Giới tính / Sex: Nữ")


@pytest.fixture(scope="module")
def confirmation() -> Confirmation:
    configs = files("configs")
    calibration, units = load_calibration(configs / "calibration.toml"), load_units(configs / "units")
    extraction = ExtractOptions(calibration=calibration, units=units, kind="identity_card")
    return Confirmation(kinds=load_kinds(configs / "kinds"), extraction=extraction, everything=True)


def page_of(lines: tuple[str, ...], *, turned: float = 0.0) -> PageImage:
    picture = draw(list(lines), dpi=300).rotate(turned, fillcolor="white", resample=3)
    source = open_source("a.png", saved(picture, "PNG", dpi=(300, 300)), limits=Limits())
    return next(read_pages(source, limits=Limits())).image


@pytest.mark.parametrize("turned", [0.0, 1.5])
def test_the_words_of_values_are_read_by_two_models(turned: float, confirmation: Confirmation) -> None:
    image, options = page_of(CARD, turned=turned), ReadOptions()
    page = recognize(image, options=options)

    confirmed = confirm(page, image, options=options, confirmation=confirmation)

    asked = {word.text: word.second for word in confirmed.words if word.second is not None}
    assert asked["070190999123"] == "070190999123"
    assert asked["MAI"] == "MAI"
    assert "CƯỚC" not in asked
    assert [word.text for word in confirmed.words] == [word.text for word in page.words]


def test_without_a_second_model_the_page_stays_as_it_is(confirmation: Confirmation) -> None:
    image, options = page_of(CARD), ReadOptions(second_language="")
    page = recognize(image, options=options)

    assert confirm(page, image, options=options, confirmation=confirmation) is page

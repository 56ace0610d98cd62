import io
from difflib import SequenceMatcher

import numpy as np
import pytest
from drawn_pages import LINES, draw, jpeg_pdf, saved
from PIL import Image, ImageChops, ImageDraw

from domain.errors import MissingTool, ToolTimeout
from domain.models import PageImage, PageText, TextOrigin
from ocr.files.sources import Limits, open_source, read_pages
from ocr.recognition.recognize import ReadOptions, recognize
from ocr.tools import EngineOptions, engine_problems, read_words

pytestmark = pytest.mark.tools
OPTIONS = ReadOptions()


def page_image(image: Image.Image, dpi: int = 200) -> PageImage:
    source = open_source("a.png", saved(image, "PNG", dpi=(dpi, dpi)), limits=Limits())
    return next(read_pages(source, limits=Limits())).image


def read(image: Image.Image, dpi: int = 200) -> PageText:
    return recognize(page_image(image, dpi), options=OPTIONS)


def lines(text: PageText) -> list[str]:
    return [line for line in text.text.splitlines() if line]


def test_a_clean_page_is_read_without_error() -> None:
    assert lines(read(draw(dpi=300), 300)) == list(LINES)


def test_words_stand_where_they_were_drawn_also_on_a_skewed_page() -> None:
    page = draw(["Quyết định", "phê duyệt kế hoạch", "thủ tục hành chính", "LÀM"]).rotate(
        2.5, fillcolor="white", resample=3
    )

    text = read(page)

    found = next(word for word in text.words if word.text == "LÀM")
    left, top, right, bottom = found.box
    inside = page.crop(
        (int(left * page.width), int(top * page.height), int(right * page.width) + 1, int(bottom * page.height) + 1)
    )
    assert np.asarray(inside).min() < 100
    erased = page.copy()
    ImageDraw.Draw(erased).rectangle(
        (left * page.width - 4, top * page.height - 4, right * page.width + 4, bottom * page.height + 4), fill="white"
    )
    assert "LÀM" not in read(erased).text


@pytest.mark.parametrize("turned", [90, 180, 270])
def test_a_turned_page_is_found_and_read(turned: int) -> None:
    text = read(draw(LINES * 2).rotate(turned, expand=True))

    assert text.rotation == turned
    assert lines(text) == list(LINES * 2)
    assert text.width > text.height * 0.5


def test_a_page_that_lies_far_aslant_is_read() -> None:
    text = read(draw(LINES).rotate(-20, expand=True, fillcolor="white", resample=Image.Resampling.BICUBIC))

    assert text.text.splitlines()[:2] == list(LINES[:2])
    assert text.words[-1].box.x0 > text.words[-2].box.x0
    assert text.words[-1].box.y0 > text.words[-2].box.y0


def test_red_stamps_over_the_text_vanish() -> None:
    stamp = Image.new("RGB", draw().size, "white")
    ImageDraw.Draw(stamp).ellipse((300, 250, 700, 650), outline=(225, 40, 50), width=14)

    assert lines(read(ImageChops.multiply(draw(mode="RGB"), stamp))) == list(LINES)


def test_a_blank_page_gives_no_text() -> None:
    text = read(draw([]))

    assert (text.origin, text.words, text.text) == (TextOrigin.NONE, (), "")


def test_a_page_with_a_stamp_only_gives_no_text() -> None:
    page = draw([], mode="RGB")
    pen = ImageDraw.Draw(page)
    pen.ellipse((500, 300, 900, 700), outline=(190, 30, 60), width=12)
    pen.line((520, 500, 640, 450, 700, 560, 820, 420), fill=(30, 40, 160), width=7)

    assert read(page).origin is TextOrigin.NONE


def test_dot_leaders_are_left_out() -> None:
    text = read(draw(["Họ và tên: ..........................................", "Nơi sinh: ______________________"] * 3))

    assert ".." not in text.text
    assert "__" not in text.text
    assert "Họ và tên:" in text.text


def test_the_scan_inside_a_pdf_is_read_through_its_rotation() -> None:
    data = jpeg_pdf(draw(LINES).rotate(90, expand=True), box=(432, 595), rotate=90)
    image = next(read_pages(open_source("a.pdf", data, limits=Limits()), limits=Limits())).image

    text = recognize(image, options=OPTIONS)

    assert (text.rotation, lines(text)) == (90, list(LINES))


def flat_fax() -> PageImage:
    page = draw(LINES * 2, dpi=209, height=11.7).resize((1728, 1146)).convert("1", dither=Image.Dither.NONE)
    source = open_source("a.tiff", saved(page, "TIFF", compression="group4"), limits=Limits())
    return next(read_pages(source, limits=Limits())).image


def test_a_coarse_fax_that_names_no_resolution_is_read_with_square_pixels_and_stays_as_it_came() -> None:
    image = flat_fax()

    text = recognize(image, options=OPTIONS)

    alike = SequenceMatcher(None, "\n".join(LINES * 2), "\n".join(lines(text)), autojunk=False)
    assert alike.ratio() > 0.97
    assert (image.width, image.height) == (text.width, text.height) == (1728, 1146)
    below = next(word for word in text.words if word.text == "CỘNG" and word.box[1] > 0.2)
    assert 0.6 + 0.4 * 6 < 11.7 * (below.box[1] + below.box[3]) / 2 < 0.6 + 0.4 * 6 + 0.25


def test_a_missing_model_is_named_with_its_package() -> None:
    (missing,) = engine_problems(("vie", "lao"))

    assert "tesseract-ocr-lao" in str(missing)
    with pytest.raises(MissingTool, match="tesseract-ocr-lao"):
        read_words(saved(draw(), "PNG"), options=EngineOptions(language="lao"))


def test_a_missing_program_is_said_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")

    assert "apt install tesseract-ocr" in str(engine_problems()[0])
    with pytest.raises(MissingTool, match="apt install tesseract-ocr"):
        read(draw())


def test_a_page_that_takes_too_long_is_given_up() -> None:
    with pytest.raises(ToolTimeout):
        recognize(page_image(draw(LINES * 3)), options=ReadOptions(timeout=0.01))


def test_reading_twice_gives_the_same() -> None:
    image = page_image(draw(LINES[:3]))

    assert recognize(image, options=OPTIONS) == recognize(image, options=OPTIONS)


def test_a_saved_and_reloaded_page_is_upright() -> None:
    holder = io.BytesIO()
    draw(LINES[:4]).save(holder, "TIFF", compression="tiff_lzw", dpi=(200, 200))
    image = next(read_pages(open_source("a.tif", holder.getvalue(), limits=Limits()), limits=Limits())).image

    assert lines(recognize(image, options=OPTIONS)) == list(LINES[:4])

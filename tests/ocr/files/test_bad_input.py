"""Pages as they should not be: read, or said what is wrong; never text that is not there, never in silence."""

import io
from collections.abc import Callable

import numpy as np
import pikepdf
import pytest
from drawn_pages import LINES, draw, jbig2, jpeg_pdf, pdf_of, saved
from PIL import Image, ImageDraw, ImageFilter, ImageOps

from domain.models import ImageEncoding, PageText, Problem, TextOrigin
from ocr.files.sources import Limits, open_source, read_pages
from ocr.page.page_problems import reading_problems
from ocr.picture.raster import decode
from ocr.recognition.recognize import ReadOptions, recognize

RED, BLUE = (206, 32, 44), (38, 44, 168)
PAPER = (206, 190, 150)


def read(image: Image.Image, dpi: int = 150) -> tuple[PageText, list[Problem]]:
    source = open_source("a.png", saved(image, "PNG", dpi=(dpi, dpi)), limits=Limits())
    (scan,) = read_pages(source, limits=Limits())
    text = recognize(scan.image, options=ReadOptions())
    return text, list(reading_problems([text]))


def page(lines: tuple[str, ...] = LINES) -> Image.Image:
    return draw(lines, dpi=150)


def stamped(color: tuple[int, int, int] = RED, paper: tuple[int, int, int] = (255, 255, 255)) -> Image.Image:
    sheet = Image.new("RGB", (1240, 900), paper)
    pen = ImageDraw.Draw(sheet)
    pen.ellipse((500, 300, 720, 520), outline=color, width=6)
    pen.ellipse((540, 340, 680, 480), outline=color, width=3)
    pen.line((700, 480, 760, 420, 800, 500, 860, 430, 900, 470), fill=BLUE, width=4)
    return sheet


def shown_through() -> Image.Image:
    """The blank back of a page: its print shows pale and reversed."""
    back = np.asarray(ImageOps.mirror(page()), dtype=np.float64)
    return Image.fromarray(np.rint(185 + back / 255 * 55).astype(np.uint8))


def blurred(share: float, *, noise: float = 3.0) -> Image.Image:
    """A page out of focus, by a share of an inch."""
    soft = np.asarray(page(LINES + LINES).filter(ImageFilter.GaussianBlur(share * 150)), dtype=np.float64)
    return Image.fromarray((soft + np.random.default_rng(1).normal(0, noise, soft.shape)).clip(0, 255).astype(np.uint8))


def shown_through_softly() -> Image.Image:
    """The blank back of a page whose print shows as darkly as it does on thin paper, spread by the paper."""
    back = ImageOps.mirror(page(LINES + LINES)).filter(ImageFilter.GaussianBlur(2))
    pale = 120 + np.asarray(back, dtype=np.float64) / 255 * 120
    return Image.fromarray((pale + np.random.default_rng(1).normal(0, 3, pale.shape)).clip(0, 255).astype(np.uint8))


def blotted() -> Image.Image:
    """A page with ink spilt all over it."""
    sheet, chance = page(), np.random.default_rng(1)
    pen = ImageDraw.Draw(sheet)
    for x, y, size in chance.integers((0, 0, 10), (1240, 900, 40), (900, 3)).tolist():
        pen.ellipse((x - size, y - size, x + size, y + size), outline=0, width=9)
    return sheet


BAD: dict[str, tuple[Callable[[], Image.Image], set[str], bool]] = {
    "mirrored": (lambda: ImageOps.mirror(page()), {"mirrored_page"}, True),
    "mirrored and upside down": (lambda: ImageOps.flip(page()), {"mirrored_page"}, True),
    "mirrored, 1 bit": (lambda: ImageOps.mirror(page()).convert("1"), {"mirrored_page"}, True),
    "stamps in color": (stamped, {"stamps_only"}, False),
    "stamps, 1 bit": (
        lambda: stamped().convert("L").point(lambda v: 255 * (v > 140)).convert("1"),
        {"stamps_only"},
        False,
    ),
    "pale stamps on old paper": (lambda: stamped((190, 100, 95), PAPER), {"stamps_only"}, False),
    "blank": (lambda: Image.new("L", (1240, 1754), 255), {"blank_page"}, False),
    "blank old paper": (lambda: Image.new("RGB", (1240, 1754), PAPER), {"blank_page"}, False),
    "blank with the back showing": (shown_through, {"blank_page"}, False),
    "blank with the back showing softly": (shown_through_softly, {"blank_page"}, False),
    "blurred a little": (lambda: blurred(0.05), {"unreadable_page"}, True),
    "blurred, in color": (lambda: blurred(0.06).convert("RGB"), {"unreadable_page"}, True),
    "blurred much": (lambda: blurred(0.1), {"unreadable_page"}, True),
    "black": (lambda: Image.new("L", (1240, 1754), 12), {"unreadable_page"}, True),
}


SELDOM = ("mirrored and upside down", "mirrored, 1 bit", "blank with the back showing", "blurred, in color")
OFTEN = [what for what in BAD if what not in SELDOM]
"""The others are like ones of these; each takes three to nine seconds."""


@pytest.mark.tools
@pytest.mark.parametrize("what", [pytest.param(what, marks=() if what in OFTEN else pytest.mark.slow) for what in BAD])
def test_a_page_without_text_is_said_to_be_what_it_is(what: str) -> None:
    make, expected, blocking = BAD[what]

    text, problems = read(make())

    assert text.origin is TextOrigin.NONE
    assert not text.words and not text.text
    assert {problem.code for problem in problems} == expected
    assert [problem.blocking for problem in problems] == [blocking]


@pytest.mark.tools
def test_a_few_words_among_much_ink_are_no_success() -> None:
    text, problems = read(blotted())

    assert len(text.words) < 10
    assert [problem.blocking for problem in problems if problem.code == "unreadable_page"] == [True]


@pytest.mark.tools
@pytest.mark.parametrize("turn", [0, 90, 180, pytest.param(270, marks=pytest.mark.slow)])
def test_two_pages_on_a_sheet_are_read_one_after_the_other_however_it_lies(turn: int) -> None:
    form = ("Họ và tên: Nguyễn Văn Bình", "Ngày sinh: 01/02/1990", "Nơi cư trú: xã Vĩnh Hòa", "Dân tộc: Kinh")
    other = ("Họ và tên: Trần Thị Hoa", "Ngày sinh: 07/08/1991", "Nơi cư trú: xã Thạnh Hưng", "Dân tộc: Khmer")
    left, right = draw((LINES[0], *form * 2), dpi=150, height=6), draw((LINES[4], *other * 2), dpi=150, height=6)
    sheet = Image.new("L", (left.width * 2, left.height), "white")
    sheet.paste(left, (0, 0))
    sheet.paste(right, (left.width, 0))

    text, problems = read(sheet.rotate(turn, expand=True))

    assert text.rotation == turn
    assert text.text.rindex("Bình") < text.text.rindex("Vĩnh Hòa") < text.text.index("Trần Thị Hoa")
    assert "two_pages" in {problem.code for problem in problems}
    assert not any(problem.blocking for problem in problems)


@pytest.mark.tools
def test_one_page_lying_wide_is_not_taken_for_two() -> None:
    text, problems = read(draw([line + " " + LINES[2] for line in LINES[2:]], dpi=100, height=5), 100)

    assert "Giám đốc" in text.text
    assert "two_pages" not in {problem.code for problem in problems}


@pytest.mark.tools
def test_a_scan_of_70_dpi_is_read_the_right_way_up() -> None:
    small = page().resize((579, 420), Image.Resampling.LANCZOS)

    text, problems = read(small, 70)

    assert text.rotation == 0
    assert (text.width, text.height, text.dpi) == (579, 420, pytest.approx(70, abs=0.1))
    assert "Độc lập" in text.text
    assert {problem.code for problem in problems} == {"low_resolution"}


def test_a_jbig2_page_of_a_pdf_is_kept_without_loss() -> None:
    scan = draw(height=2).convert("1")
    values = {
        "/Width": scan.width,
        "/Height": scan.height,
        "/BitsPerComponent": 1,
        "/ColorSpace": pikepdf.Name.DeviceGray,
        "/Filter": pikepdf.Name.JBIG2Decode,
    }

    source = open_source("a.pdf", pdf_of(jbig2(scan), values, box=(595, 144)), limits=Limits())
    (found,) = read_pages(source, limits=Limits())

    assert found.image.encoding is ImageEncoding.CCITT_G4
    assert np.array_equal(decode(found.image), np.asarray(scan.convert("L")))


def test_pages_of_mixed_sizes_keep_their_sizes_and_order() -> None:
    sizes = [(595, 842), (420, 595), (1190, 842), (300, 200)]
    with pikepdf.new() as pdf:
        for width, height in sizes:
            picture = Image.new("L", (width * 2, height * 2), "white")
            with pikepdf.open(io.BytesIO(jpeg_pdf(picture, box=(width, height)))) as one:
                pdf.pages.extend(one.pages)
        holder = io.BytesIO()
        pdf.save(holder)

    found = list(read_pages(open_source("a.pdf", holder.getvalue(), limits=Limits()), limits=Limits()))

    assert [(scan.image.width, scan.image.height) for scan in found] == [(2 * w, 2 * h) for w, h in sizes]
    assert [scan.image.number for scan in found] == [1, 2, 3, 4]
    assert all(scan.image.dpi == pytest.approx(144, abs=1) for scan in found)

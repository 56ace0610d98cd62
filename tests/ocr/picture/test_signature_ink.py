import numpy as np
import pytest
from drawn_pages import FONT
from PIL import Image, ImageChops, ImageDraw, ImageFont

from ocr.picture.raster import Picture
from ocr.picture.signature_ink import without_signatures

DPI = 200
WHITE, BLUE, RED = (255, 255, 255), (50, 60, 170), (200, 40, 50)
NAME = (300, 400)
STROKE = [(260, 330), (330, 470), (380, 250), (450, 480), (520, 260), (620, 440), (760, 400)]


def page(*, paper: tuple[int, int, int] = WHITE, signed: bool = True, stamped: bool = False) -> Picture:
    """Return a page with a name on it, signed over and stamped as inks lie over one another."""
    sheet = Image.new("RGB", (1000, 800), paper)
    ImageDraw.Draw(sheet).text(NAME, "Hoàng Công Thắng", fill=(40, 40, 40), font=ImageFont.truetype(FONT, 44))
    layer = Image.new("RGB", sheet.size, WHITE)
    if signed:
        ImageDraw.Draw(layer).line(STROKE, fill=BLUE, width=6, joint="curve")
    stamp = Image.new("RGB", sheet.size, WHITE)
    if stamped:
        ImageDraw.Draw(stamp).ellipse((120, 220, 420, 520), outline=RED, width=8)
    return np.asarray(ImageChops.multiply(ImageChops.multiply(sheet, layer), stamp))


def cleared(picture: Picture) -> Picture:
    return without_signatures(np.ascontiguousarray(picture[:, :, 0]), picture, DPI)


@pytest.mark.parametrize("paper", [WHITE, (226, 208, 160)])
@pytest.mark.parametrize("stamped", [False, True])
def test_the_print_under_a_signature_is_left_alone(paper: tuple[int, int, int], *, stamped: bool) -> None:
    signed, unsigned = page(paper=paper, stamped=stamped), page(paper=paper, signed=False, stamped=stamped)

    apart = np.abs(cleared(signed).astype(int) - unsigned[:, :, 0])

    stroke = (signed[:, :, 0] < 0.5 * unsigned[:, :, 0]) & (unsigned[:, :, 0] > 150)
    assert np.percentile(apart[stroke], 90) < 40
    assert np.percentile(apart[unsigned[:, :, 0] < 80], 97) < 75


@pytest.mark.parametrize("size", [30, 60])
def test_rows_of_blue_letters_stay(size: int) -> None:
    sheet = Image.new("RGB", (1600, 900), WHITE)
    pen, font = ImageDraw.Draw(sheet), ImageFont.truetype(FONT, size)
    for row in range(4):
        pen.text((100, 100 + 2 * row * size), "Số chứng thực: 1523, ngày 05 tháng 8", fill=BLUE, font=font)
    rows = np.asarray(sheet)

    assert np.array_equal(cleared(rows), rows[:, :, 0])


def test_a_page_that_is_printed_in_blue_stays_though_its_letters_touch() -> None:
    sheet = Image.fromarray(np.array(page()))
    pen, font = ImageDraw.Draw(sheet), ImageFont.truetype(FONT, 34)
    for row in range(3):
        pen.text((60, 40 + 60 * row), "Căn cứ Luật Lưu trữ ngày 21 tháng 6 năm 2024", fill=BLUE, font=font)
        pen.text((60, 560 + 60 * row), "Theo đề nghị của Chánh Văn phòng huyện", fill=BLUE, font=font)
    printed = np.asarray(sheet)

    assert np.array_equal(cleared(printed), printed[:, :, 0])


def test_lines_filled_in_by_hand_across_a_page_stay() -> None:
    sheet = Image.new("RGB", (1600, 900), WHITE)
    for row in range(3):
        line = [(100 + 20 * step, 200 + 90 * row + 60 * (step % 2)) for step in range(60)]
        ImageDraw.Draw(sheet).line(line, fill=BLUE, width=5)
    written = np.asarray(sheet)

    assert np.array_equal(cleared(written), written[:, :, 0])


@pytest.mark.parametrize("height", [60, 76, 100])
def test_a_number_written_large_behind_its_label_stays(height: int) -> None:
    sheet = Image.new("RGB", (1654, 2339), WHITE)
    pen, font = ImageDraw.Draw(sheet), ImageFont.truetype(FONT, 36)
    pen.text((100, 300), "HUYỆN ĐỒNG PHÚ", fill="black", font=font)
    pen.text((100, 374), "Số:", fill="black", font=font)
    pen.text((300, 374), "/QĐ-UBND", fill="black", font=font)
    strokes = [
        [(0, 0), (40, 0), (15, 100)],
        [(50, 20), (70, 0), (90, 30), (50, 100), (95, 100)],
        [(130, 0), (105, 50), (140, 50), (120, 100)],
    ]
    for stroke in strokes:
        line = [(165 + x * height / 100, 412 - height + y * height / 100) for x, y in stroke]
        pen.line(line, fill=BLUE, width=5, joint="curve")
    written = np.asarray(sheet)

    assert np.array_equal(cleared(written), written[:, :, 0])


def test_a_form_filled_in_by_hand_stays() -> None:
    sheet = Image.new("RGB", (1654, 2339), WHITE)
    for row in range(8):
        line = [(300 + 25 * step, 900 + 150 * row + 80 * (step % 2)) for step in range(12)]
        ImageDraw.Draw(sheet).line(line, fill=BLUE, width=5)
    written = np.asarray(sheet)

    assert np.array_equal(cleared(written), written[:, :, 0])


def test_a_page_without_blue_ink_is_given_back_as_it_is() -> None:
    gray = np.ascontiguousarray(page(signed=False)[:, :, 0])

    assert without_signatures(gray, page(signed=False), DPI) is gray


@pytest.mark.parametrize("lean", [0, 8])
def test_a_framed_blue_stamp_stays(lean: int) -> None:
    sheet = Image.new("RGB", (1000, 800), WHITE)
    pen, font = ImageDraw.Draw(sheet), ImageFont.truetype(FONT, 30)
    corners = [(200, 300), (800, 300 + lean), (800 - lean, 560 + lean), (200 - lean, 560), (200, 300)]
    pen.line(corners, fill=BLUE, width=4)
    for row in range(4):
        pen.text((220, 320 + 55 * row), "Số chứng thực: 1523, ngày 05 tháng 8", fill=BLUE, font=font)
    stamp = np.asarray(sheet)

    assert np.array_equal(cleared(stamp), stamp[:, :, 0])

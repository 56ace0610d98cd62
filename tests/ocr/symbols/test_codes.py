"""Codes on pages: read from the rendering, told apart, placed; the zone of identity cards with its check digits."""

import io
import random
from datetime import date
from importlib.resources import files

import numpy as np
import pytest
from PIL import Image, ImageDraw
from typed_papers import kinds_folder

from domain.errors import DamagedDocument, OversizedDocument
from domain.models import ColorModel, ImageEncoding, PageImage
from ocr.fields.kinds import load_kinds
from ocr.samples import sheet
from ocr.samples.degrade import degrade
from ocr.samples.draw import code_matrix
from ocr.samples.fonts import find_fonts
from ocr.samples.mrz import make_mrz
from ocr.separators import separator_image, separator_picture, separator_sheets
from ocr.symbols.codes import (
    Code,
    CodeUse,
    Separator,
    code_use,
    find_codes,
    may_bear_code,
    parse_separator,
    read_codes,
    separator_text,
)
from ocr.symbols.mrz import read_machine_lines

CARD = "070190999123|285123456|Lê Thị Hương|01021990|Nữ|Thôn 2, Tân Phước, Đồng Phú, Bình Phước|15052021"
LINK = "https://xacminh.example.vn/v/0123456789abcdef#GEZDGNBVGY3TQOJQ"


def page_image(picture: Image.Image, *, dpi: float, rotation: int = 0) -> PageImage:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=75)
    return PageImage(
        number=1,
        width=picture.width,
        height=picture.height,
        dpi=dpi,
        rotation=rotation,
        encoding=ImageEncoding.JPEG,
        color=ColorModel.GRAY if picture.mode == "L" else ColorModel.RGB,
        data=out.getvalue(),
    )


def page_with(text: str, *, side: int = 300, at: tuple[int, int] = (900, 200)) -> Image.Image:
    picture = Image.new("L", (1240, 1754), 255)
    code = code_matrix(sheet.Code(x=0, y=0, width=1, height=1, text=text))
    picture.paste(code.resize((side, side), Image.Resampling.NEAREST), at)
    return picture


@pytest.mark.parametrize(
    ("text", "use"),
    [
        (CARD, CodeUse.IDENTITY_CARD),
        (LINK, CodeUse.SEAL),
        ("SOHOA:SEP:1::", CodeUse.SEPARATOR),
        ("8934563", CodeUse.OTHER),
    ],
)
def test_a_code_is_read_and_told_what_it_is_there_for(text: str, use: CodeUse) -> None:
    codes = read_codes(page_image(page_with(text), dpi=150))

    assert [(code.text, code.use, code.format) for code in codes] == [(text, use, "QRCode")]


def test_the_box_of_a_code_is_where_it_stands_on_the_upright_page() -> None:
    upright = page_with(CARD, side=400, at=(700, 100))
    stored = upright.transpose(Image.Transpose.ROTATE_90)

    (code,) = read_codes(page_image(stored, dpi=150, rotation=90))

    assert code.box == pytest.approx((700 / 1240, 100 / 1754, 1100 / 1240, 500 / 1754), abs=0.01)


def test_a_page_without_codes_has_none_also_with_a_table_on_it() -> None:
    picture = Image.new("L", (1240, 1754), 255)
    pen = ImageDraw.Draw(picture)
    for x in range(100, 1100, 37):
        pen.line((x, 300, x, 900), fill=0, width=random.Random(x).choice((2, 4)))

    assert read_codes(page_image(picture, dpi=150)) == ()


def test_a_photo_is_searched_and_what_is_no_picture_is_refused() -> None:
    out = io.BytesIO()
    page_with(LINK).rotate(12, fillcolor=200).convert("RGBA").save(out, "PNG")

    assert [code.use for code in find_codes(out.getvalue())] == [CodeUse.SEAL]
    with pytest.raises(DamagedDocument):
        find_codes(b"no picture")
    with pytest.raises(DamagedDocument):
        find_codes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 99 99\n%%EndComments\nshowpage\n%%EOF\n")
    with pytest.raises(DamagedDocument):
        find_codes(out.getvalue()[:900])


def test_a_huge_picture_is_refused_before_it_is_unpacked() -> None:
    out = io.BytesIO()
    Image.new("1", (12_000, 12_000)).save(out, "PNG")

    with pytest.raises(OversizedDocument):
        find_codes(out.getvalue())


@pytest.mark.parametrize(
    "separator",
    [
        Separator(),
        Separator(dossier="000.00.53.H48-220921-0099", owner_id="070190999123"),
        Separator(dossier="Hồ sơ: 1/2", owner_id="0300588569-001", procedure="1.001193.000.00.00.H48"),
    ],
)
def test_a_separator_says_the_same_after_printing_and_reading(separator: Separator) -> None:
    assert parse_separator(separator_text(separator)) == separator
    assert code_use(separator_text(separator)) is CodeUse.SEPARATOR


def test_a_link_of_another_form_is_no_seal() -> None:
    assert code_use("https://example.vn/v/x") is CodeUse.OTHER
    assert code_use(LINK.replace("https://", "javascript:")) is CodeUse.OTHER


@pytest.mark.parametrize("level", ["office_300", "archive_200"])
def test_a_separator_sheet_is_found_after_a_bad_scanner(level: str) -> None:
    wanted = Separator(dossier="H48.22.12-260105-0021", owner_id="070190999123")
    clean = separator_image(wanted, find_fonts(), dpi=100).convert("RGB")
    scanned = degrade(clean, level=level, random=np.random.default_rng(3))

    found = {parse_separator(code.text) for code in read_codes(page_image(scanned, dpi=100))}

    assert found == {wanted}


def test_a_separator_sheet_with_its_large_code_torn_off_is_still_found() -> None:
    wanted = Separator(dossier="H48.22.12-260105-0021")
    torn = separator_image(wanted, find_fonts(), dpi=150).convert("L")
    torn.paste(255, (0, 0, torn.width, torn.height // 2))

    found: tuple[Code, ...] = read_codes(page_image(torn, dpi=150))

    assert [parse_separator(code.text) for code in found] == [wanted]


def test_separator_sheets_print_as_pdf_and_as_png() -> None:
    separators = [Separator(dossier="A"), Separator(dossier="B")]

    assert separator_sheets(separators).startswith(b"%PDF")
    assert {code.text for code in find_codes(separator_picture(separators[1]))} == {"SOHOA:SEP:1:B:"}


def test_the_zone_is_made_as_published_samples_have_it() -> None:
    lines = make_mrz(
        "070190000123", birth_date=date(1990, 1, 1), sex="Nữ", expires=date(2040, 1, 1), name="Lê Thị Hương"
    )

    assert lines[0] == "IDVNM1900001230070190000123<<1"
    assert lines[1] == "9001011F4001016VNM<<<<<<<<<<<6"
    assert lines[2] == "LE<<THI<HUONG<<<<<<<<<<<<<<<<<"


def test_the_zone_as_made_is_read_and_sound() -> None:
    lines = make_mrz(
        "070190999123", birth_date=date(1990, 2, 1), sex="Nữ", expires=date(2040, 2, 1), name="Lê Thị Hương"
    )

    said = read_machine_lines("\n".join(["Đặc điểm nhận dạng", *lines]))

    assert said is not None
    assert said.sound
    assert (said.number, said.birth_date, said.sex, said.valid_until) == (
        "070190999123",
        "1990-02-01",
        "Nữ",
        "2040-02-01",
    )


def test_of_all_kinds_only_those_that_bear_codes_look_like_it() -> None:
    kinds = load_kinds(files("configs") / "kinds")
    texts = {page.parent.name: page.read_text("utf-8") for page in kinds_folder().glob("*/page.txt")}

    coded = {name for name, text in texts.items() if may_bear_code(text, kinds.coded_phrases)}

    assert coded == {"identity_card", "land_use_certificate"}

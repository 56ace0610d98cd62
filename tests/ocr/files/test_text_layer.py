import io
import re

import pdfplumber
import pikepdf
import pytest
from drawn_pages import draw, jpeg_pdf

from domain.models import TextOrigin
from domain.vietnamese import fold
from ocr.files.sources import Limits, PageScan, open_source, read_pages
from ocr.files.text_layer import looks_vietnamese
from ocr.samples.fonts import find_fonts
from ocr.samples.pdf import write_born_digital
from ocr.samples.running_text import typeset_text

TEXT = "Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025; theo đề nghị của Giám đốc Sở Tư pháp. " * 6


def born_digital(text: str = TEXT) -> bytes:
    fonts = find_fonts()
    return write_born_digital(typeset_text(text, fonts), fonts)


def changed(pdf: bytes, content: bytes, *, before: bool = False) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        page = opened.pages[0]
        page.contents_add(opened.make_stream(content), prepend=before)
        holder = io.BytesIO()
        opened.save(holder)
    return holder.getvalue()


def first_page(pdf: bytes) -> PageScan:
    return next(read_pages(open_source("a.pdf", pdf, limits=Limits()), limits=Limits()))


def test_born_digital_text_is_taken_word_by_word_with_its_places() -> None:
    page = first_page(born_digital())

    assert page.layer is not None
    assert page.layer.origin is TextOrigin.TEXT_LAYER
    assert page.layer.text.split() == TEXT.split()
    assert all(0 <= word.box.x0 < word.box.x1 <= 1 and 0 <= word.box.y0 < word.box.y1 <= 1 for word in page.layer.words)
    assert page.image.dpi == 300


def test_where_only_pages_are_wanted_they_look_the_same_without_their_text() -> None:
    source = open_source("a.pdf", born_digital(), limits=Limits())

    (page,) = read_pages(source, limits=Limits(), layers=False)

    assert page.layer is None
    assert page.image == first_page(source.data).image


def test_a_page_that_shows_more_letters_than_its_text_is_read_again() -> None:
    letters = b"q 0 0 0 rg " + b" ".join(
        b"%d 100 4 9 re %d 100 9 3 re" % (100 + 20 * i, 100 + 20 * i) for i in range(9)
    )

    page = first_page(changed(born_digital(), letters + b" f Q"))

    assert page.layer is None


def test_a_figure_that_was_pasted_beside_words_is_not_lost() -> None:
    with pdfplumber.open(io.BytesIO(born_digital())) as opened:
        shown = opened.pages[0]
        last = shown.extract_words()[-1]
        x, y = float(last["x1"]) + 8, float(shown.height) - float(last["bottom"]) + 3

    page = first_page(changed(born_digital(), b"q 0 0 0 rg %f %f 2 9 re %f %f 5 2 re f Q" % (x, y, x, y + 7)))

    assert page.layer is None


def test_text_that_the_page_does_not_show_is_not_taken() -> None:
    page = first_page(changed(born_digital(), b"q 1 1 1 rg 0 0 2000 2000 re f Q"))

    assert page.layer is None


def covered(pdf: bytes, page: int = 0, *, color: bytes = b"1 1 1", state: dict[str, object] | None = None) -> bytes:
    """A box over the first date on the page, on which other figures are drawn as the picture of a number would show."""
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        shown = opened.pages[page]
        date = next(word for word in shown.extract_words() if word["text"] == "16")
        x, y = float(date["x0"]), float(shown.height) - float(date["bottom"])
        wide, tall = float(date["x1"] - date["x0"]), float(date["bottom"] - date["top"])
    box = b"/Over gs %s rg %f %f %f %f re f " % (color, x, y, wide, tall)
    figures = b"0 0 0 rg %f %f 2 9 re %f %f 6 2 re f" % (x + 2, y + 3, x + 7, y + 5) if color == b"1 1 1" else b""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        opened.pages[page].Resources.ExtGState = pikepdf.Dictionary(
            Over=pikepdf.Dictionary({"/Type": pikepdf.Name.ExtGState, **(state or {})})
        )
        opened.pages[page].contents_add(opened.make_stream(b"q " + box + figures + b" Q"))
        holder = io.BytesIO()
        opened.save(holder)
    return holder.getvalue()


def noted(pdf: bytes) -> bytes:
    """A note with a white ground and other figures over the first date, as viewers of PDF files let people write."""
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        shown = opened.pages[0]
        date = next(word for word in shown.extract_words() if word["text"] == "16")
        top = float(shown.height)
        box = [float(date["x0"]), top - float(date["bottom"]), float(date["x1"]), top - float(date["top"])]
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        looks = opened.make_stream(b"1 1 1 rg 0 0 20 20 re f 0 0 0 rg 2 3 2 9 re 7 5 6 2 re f")
        looks.stream_dict.update(
            {"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Form, "/BBox": [0, 0, 14, 16]}
        )
        note = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FreeText, Rect=box, F=4, AP=pikepdf.Dictionary(N=looks)
        )
        opened.pages[0].Annots = pikepdf.Array([opened.make_indirect(note)])
        holder = io.BytesIO()
        opened.save(holder)
    return holder.getvalue()


def test_a_number_over_which_a_note_is_written_is_not_taken_from_the_text() -> None:
    assert first_page(noted(born_digital())).layer is None


def test_a_number_over_which_another_one_is_pasted_is_not_taken_from_the_text() -> None:
    assert first_page(covered(born_digital())).layer is None


def test_a_stamp_through_which_the_text_shows_leaves_it_as_it_is() -> None:
    pale = covered(born_digital(), color=b"0.9 0.2 0.2", state={"/ca": 0.4})

    page = first_page(pale)

    assert page.layer is not None
    assert page.layer.text.split() == TEXT.split()


@pytest.mark.tools
def test_figures_that_a_font_draws_otherwise_than_it_says_are_read_from_the_page() -> None:
    with pikepdf.open(io.BytesIO(born_digital())) as opened:
        maps = [
            item.ToUnicode for item in opened.objects if isinstance(item, pikepdf.Dictionary) and "/ToUnicode" in item
        ]
        for stream in maps:
            stream.write(re.sub(rb"(?m)^(<[0-9A-Fa-f]{4}> )<0031>", rb"\1<0037>", stream.read_bytes()))
        holder = io.BytesIO()
        opened.save(holder)

    assert maps
    assert first_page(born_digital()).layer is not None
    assert first_page(holder.getvalue()).layer is None


def test_the_text_behind_a_scan_is_never_taken() -> None:
    scan = jpeg_pdf(draw(), box=(595, 432))
    with pikepdf.open(io.BytesIO(born_digital())) as text, pikepdf.open(io.BytesIO(scan)) as pictures:
        target = pictures.pages[0]
        target.add_underlay(text.pages[0])
        holder = io.BytesIO()
        pictures.save(holder)

    page = first_page(holder.getvalue())

    assert page.layer is None
    assert page.image.width == draw().width


@pytest.mark.parametrize(
    "text",
    [
        "UBND tinh ciing ban hanh kip thoi cac ké hoach trién khai theo chi dao caa Chinh phu, Thu tuéng",
        "Céng hßa x· héi chñ nghÜa ViÖt Nam §éc lËp Tù do H¹nh phóc QuyÕt ®Þnh cña chñ tÞch uû ban nh©n d©n",
        "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam Ñoäc laäp Töï do Haïnh phuùc Quyeát ñònh cuûa chuû tòch uûy ban",
        "\ue001\ue002\ue003 \ue004\ue005 " * 20,
        "(cid:12)(cid:44)(cid:9) (cid:3) Quyết định (cid:77) của Ủy ban (cid:78)(cid:79) nhân dân tỉnh Đồng Nai",
        "Số 12",
    ],
)
def test_lost_diacritics_old_encodings_and_garbage_are_no_text(text: str) -> None:
    assert not looks_vietnamese(text.split())


@pytest.mark.parametrize(
    "text", [TEXT, "ỦY BAN NHÂN DÂN TỈNH BÌNH PHƯỚC, Quyết định số 12/QĐ-UBND về Zalo và Internet giúp người dân"]
)
def test_vietnamese_text_is_known_for_it(text: str) -> None:
    assert looks_vietnamese(text.split())


def test_a_layer_that_lost_the_diacritics_of_the_page_is_not_taken() -> None:
    shown = first_page(born_digital())
    lying = first_page(born_digital(fold(TEXT)))

    assert shown.layer is not None
    assert lying.layer is None

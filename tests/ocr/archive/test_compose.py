import io
import subprocess
from dataclasses import replace
from datetime import date

import pdfplumber
import pikepdf
import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from domain.errors import DamagedDocument, InputError
from domain.models import ImageEncoding, IssueForm
from ocr.archive.compose import DEMONSTRATION_MARK, LayoutOptions, compose
from ocr.archive.drawing import Rect
from ocr.archive.ink import find_ink
from ocr.archive.statement import SignatureSlot
from ocr.archive.writer import Attachment
from signing.qr import qr_matrix, verification_link

FULL = ["Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025 và Nghị định số 45"] * 35


@pytest.fixture
def statement(statement_on):
    return statement_on(IssueForm.CERTIFIED_COPY, date(2026, 11, 21))


def slots():
    return (
        SignatureSlot(name="agency", heading="CƠ QUAN", lines=("Ký số bởi: Ủy ban nhân dân phường Đồng Xoài",)),
        SignatureSlot(name="certifier", heading="NGƯỜI THỰC HIỆN CHỨNG THỰC", footer="Nguyễn Thị Bích Ngọc"),
    )


def text_of(pdf: bytes) -> list[str]:
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        return [page.extract_text() for page in opened.pages]


def page_sizes(pdf: bytes) -> list[tuple[int, int]]:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return [(round(float(p.mediabox[2])), round(float(p.mediabox[3]))) for p in opened.pages]


@pytest.mark.tools
@pytest.mark.parametrize("encoding", ImageEncoding)
@pytest.mark.parametrize("demonstration", [False, True])
def test_a_certified_copy_is_pdf_a_2u(draw, describe, fonts, verapdf, encoding, demonstration, statement):
    paper = draw()
    copy = describe(statement=statement, slots=slots(), demonstration=demonstration)

    composed = compose([paper.image(encoding)], [paper.text], copy=copy, fonts=fonts)

    assert verapdf.check(composed.pdf, "2u") == "PASS"


@pytest.mark.tools
def test_a_copy_with_its_source_inside_is_pdf_a_3u(draw, describe, fonts, verapdf):
    paper = draw()
    inside = (
        Attachment(name="bản quét gốc.pdf", media_type="application/pdf", data=b"%PDF-1.4 a source"),
        Attachment(name="evidence.json", media_type="application/json", data=b"{}", relationship="Data"),
    )

    composed = compose([paper.image()], [paper.text], copy=describe(attachments=inside), fonts=fonts)

    assert verapdf.check(composed.pdf, "3u") == "PASS"
    with pikepdf.open(io.BytesIO(composed.pdf)) as pdf:
        assert pdf.attachments["bản quét gốc.pdf"].get_file().read_bytes() == inside[0].data


@pytest.mark.tools
def test_the_judge_can_refuse(verapdf):
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        out = io.BytesIO()
        pdf.save(out)

    assert verapdf.check(out.getvalue(), "2u").startswith("FAIL | ")


def test_the_words_come_back_in_order(draw, describe, fonts):
    lines = ["QUYẾT ĐỊNH về việc hỗ trợ", "Điều 1. Giao Sở Nội vụ chủ trì, phối hợp", "Điều 2. Tổ chức thực hiện"]
    paper = draw(lines)

    composed = compose([paper.image()], [paper.text], copy=describe(qr=()), fonts=fonts)

    text = text_of(composed.pdf)[0]
    assert "\n".join(lines) in text
    assert "Bản sao điện tử" in text and "Số hóa: Trần Văn Bình" in text


def test_an_invisible_word_lies_over_its_ink(draw, describe, fonts):
    paper = draw(["Bến Tre"])
    word = paper.text.words[1]

    composed = compose([paper.image()], [paper.text], copy=describe(), fonts=fonts)

    with pdfplumber.open(io.BytesIO(composed.pdf)) as pdf:
        page = pdf.pages[0]
        found = next(w for w in page.extract_words() if w["text"] == "Tre")
        assert found["x0"] == pytest.approx(word.box.x0 * float(page.width), abs=0.5)
        assert found["x1"] == pytest.approx(word.box.x1 * float(page.width), abs=0.5)
        assert found["bottom"] == pytest.approx(word.box.y1 * float(page.height), abs=0.5)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_a_turned_scan_stands_upright(draw, describe, fonts, rotation):
    paper = draw(size_mm=(297, 420))

    composed = compose([paper.image(rotation=rotation)], [paper.text], copy=describe(qr=()), fonts=fonts)

    assert page_sizes(composed.pdf) == [(842, 1191)]
    with pypdfium2.PdfDocument(composed.pdf) as pdf:
        shown = pdf[0].render(scale=100 / 72).to_pil().convert("L").resize(paper.picture.size)
    expected = paper.picture.convert("L")
    box = tuple(round(v) for v in (0.1 * shown.width, 0.09 * shown.height, 0.5 * shown.width, 0.3 * shown.height))
    difference = [abs(a - b) for a, b in zip(shown.crop(box).tobytes(), expected.crop(box).tobytes(), strict=True)]
    assert sum(difference) / len(difference) < 3


def test_a_page_keeps_its_printed_size(draw, describe, fonts):
    papers = [
        draw(size_mm=(210, 297), number=1),
        draw(size_mm=(420, 297), number=2),
        draw(size_mm=(148, 210), number=3),
    ]

    composed = compose([p.image() for p in papers], [p.text for p in papers], copy=describe(), fonts=fonts)

    assert page_sizes(composed.pdf) == [(595, 842), (1191, 842), (420, 595)]


def test_nothing_is_printed_over_ink(draw, describe, fonts, statement):
    paper = draw(FULL, corner_mm=(36, 24))
    image = paper.image()

    composed = compose([image], [paper.text], copy=describe(statement=statement, slots=slots()), fonts=fonts)

    ink = find_ink(image, width=210 / 25.4 * 72, height=297 / 25.4 * 72)
    with pdfplumber.open(io.BytesIO(composed.pdf)) as pdf:
        page = pdf.pages[0]
        printed = [c for c in page.chars if "Glyphless" not in c["fontname"]] + page.rects + page.curves
        assert len(printed) > 100
        for thing in printed:
            assert ink.is_free(Rect(thing["x0"], thing["y0"], thing["x1"], thing["y1"])), thing.get("text")


def test_a_page_without_free_paper_gets_white_on_top(draw, describe, fonts):
    paper = draw(FULL + FULL[:8], corner_mm=(3, 2))

    composed = compose([paper.image()], [paper.text], copy=describe(), fonts=fonts)

    [(width, height)] = page_sizes(composed.pdf)
    assert width == 595
    assert 842 + 90 < height < 842 + 140
    assert composed.signature_boxes["agency_block"].y0 > 842


def test_only_the_blocks_get_white_where_the_code_has_room(draw, describe, fonts):
    note = "Nơi nhận: một ghi chú dài chạy ngang trên đầu trang giấy này đến tận mép bên phải của nó"
    paper = draw([note] * 3, corner_mm=(8, 4))

    composed = compose([paper.image()], [paper.text], copy=describe(), fonts=fonts)

    [(_, height)] = page_sizes(composed.pdf)
    assert 842 + 40 < height < 842 + 65
    with pdfplumber.open(io.BytesIO(composed.pdf)) as pdf:
        modules = pdf.pages[0].rects + pdf.pages[0].curves
    assert 100 < max(m["y1"] for m in modules) < 842


def test_the_code_is_left_to_the_last_page_where_the_first_has_no_room(draw, describe, fonts, statement):
    paper = draw(FULL, corner_mm=(25, 24))
    copy = describe(statement=statement, slots=slots())

    composed = compose([paper.image()], [paper.text], copy=copy, fonts=fonts)
    forced = compose([paper.image()], [paper.text], copy=copy, fonts=fonts, options=LayoutOptions(qr_on_front=True))

    assert page_sizes(composed.pdf)[0] == (595, 842)
    assert "Mã QR để kiểm tra: ở trang cuối" in text_of(composed.pdf)[0]
    assert page_sizes(forced.pdf)[0][1] > 842


def test_the_boxes_of_the_signatures_lie_on_the_last_page(draw, describe, fonts, statement):
    papers = [draw(number=1), draw(number=2)]
    copy = describe(statement=statement, slots=slots())

    composed = compose([p.image() for p in papers], [p.text for p in papers], copy=copy, fonts=fonts)

    boxes = composed.signature_boxes
    assert set(boxes) == {"scanner_block", "agency_block", "agency", "certifier"}
    assert boxes["agency"].page == boxes["certifier"].page == 3
    assert boxes["agency"].x1 < boxes["certifier"].x0
    with pdfplumber.open(io.BytesIO(composed.pdf)) as pdf:
        box = boxes["agency"]
        inside = pdf.pages[2].crop((box.x0, 841.89 - box.y1, box.x1, 841.89 - box.y0)).extract_text()
    assert inside.replace("\n", " ") == "Ký số bởi: Ủy ban nhân dân phường Đồng Xoài"


def test_the_demonstration_mark_stands_on_every_page(draw, describe, fonts, statement):
    papers = [draw(number=1), draw(FULL, corner_mm=(3, 2), number=2)]
    copy = describe(statement=statement, slots=slots(), demonstration=True)

    composed = compose([p.image() for p in papers], [p.text for p in papers], copy=copy, fonts=fonts)

    assert all(DEMONSTRATION_MARK in text for text in text_of(composed.pdf))


def test_the_same_copy_is_the_same_file(draw, describe, fonts):
    paper = draw()

    first, second = (compose([paper.image()], [paper.text], copy=describe(), fonts=fonts) for _ in range(2))

    assert first.pdf == second.pdf


def test_a_name_that_cannot_be_printed_is_refused_in_one_line(draw, describe, fonts):
    paper = draw()

    with pytest.raises(InputError, match="漢") as caught:
        compose([paper.image()], [paper.text], copy=describe(scanner_block=("漢字",)), fonts=fonts)

    assert "\n" not in str(caught.value)


def test_a_damaged_image_is_refused(draw, describe, fonts):
    image = draw().image()
    broken = type(image)(
        number=1, width=10, height=10, dpi=100, encoding=ImageEncoding.JPEG, color=image.color, data=b"not a JPEG"
    )

    with pytest.raises(DamagedDocument, match="trang 1"):
        compose([broken], [], copy=describe(), fonts=fonts)


@pytest.mark.tools
@pytest.mark.parametrize("size_mm", [(0.3, 0.3), (54, 86), (3, 200)])
def test_a_tiny_page_is_a_page_too(draw, describe, fonts, verapdf, statement, size_mm):
    papers = [draw([], size_mm=size_mm, number=1), draw([], size_mm=size_mm, number=2)]
    copy = describe(statement=statement, slots=slots(), demonstration=True)

    composed = compose([p.image() for p in papers], [p.text for p in papers], copy=copy, fonts=fonts)

    assert verapdf.check(composed.pdf) == "PASS"
    assert all(DEMONSTRATION_MARK in text for text in text_of(composed.pdf))
    assert "Số hóa: Trần Văn Bình" in text_of(composed.pdf)[0]


@pytest.mark.tools
def test_a_page_larger_than_pdf_a_allows_is_scaled_down(draw, describe, fonts, verapdf):
    image = replace(draw(size_mm=(100, 20)).image(), dpi=1.0)

    composed = compose([image], [], copy=describe(qr=(), scanner_block=(), agency_block=()), fonts=fonts)

    assert max(page_sizes(composed.pdf)[0]) == 14400
    assert verapdf.check(composed.pdf) == "PASS"


@pytest.mark.tools
def test_odd_characters_in_the_text_do_not_break_the_file(draw, describe, fonts, verapdf):
    paper = draw(["Một", "hai"])
    odd = "\x00\x07\ud800\ufeff\ufffe\ufffd\ue000😀漢عربيa\u0323\u0302<>&"
    words = tuple(replace(w, text=odd if w.text == "Một" else w.text) for w in paper.text.words)
    flat = replace(words[1], text="phẳng", box=words[1].box._replace(x1=words[1].box.x0, y1=words[1].box.y0), line=7)
    text = replace(paper.text, words=(*words, flat))

    composed = compose([paper.image()], [text], copy=describe(title="<&>\x07 “tên”\n"), fonts=fonts)

    assert verapdf.check(composed.pdf) == "PASS"
    shown = text_of(composed.pdf)[0]
    assert "😀" in shown and "ậ<>&" in shown and "phẳng" in shown


@pytest.mark.parametrize("dpi", [150, 200, 300])
def test_the_code_is_read_from_a_rendering(draw, describe, fonts, statement, dpi):
    link = verification_link("tracuu.example.vn", "0123456789abcdef")
    paper = draw(dpi=150, paper=(236, 226, 200))
    copy = describe(qr=qr_matrix(link, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" * 8), statement=statement, slots=slots())

    composed = compose([paper.image()], [paper.text], copy=copy, fonts=fonts)

    with pypdfium2.PdfDocument(composed.pdf) as pdf:
        for number in (0, 1):
            page = pdf[number].render(scale=dpi / 72).to_pil()
            [code] = zxingcpp.read_barcodes(page)
            assert code.text.startswith(link + "#")


def test_the_code_is_printed_28_to_30_millimetres_wide(draw, describe, fonts):
    composed = compose([draw().image()], [], copy=describe(), fonts=fonts)

    with pdfplumber.open(io.BytesIO(composed.pdf)) as pdf:
        modules = pdf.pages[0].rects + pdf.pages[0].curves
    width = (max(m["x1"] for m in modules) - min(m["x0"] for m in modules)) / 72 * 25.4
    assert 28 <= round(width, 1) <= 30


@pytest.mark.tools
def test_two_renderers_show_the_same_pages(draw, describe, fonts, statement, tmp_path):
    papers = [draw(number=1), draw(FULL, number=2)]
    images = [papers[0].image(ImageEncoding.CCITT_G4), papers[1].image(ImageEncoding.JPEG, rotation=90)]
    copy = describe(statement=statement, slots=slots(), demonstration=True)
    file = tmp_path / "copy.pdf"
    file.write_bytes(compose(images, [p.text for p in papers], copy=copy, fonts=fonts).pdf)

    subprocess.run(["pdftoppm", "-r", "60", "-gray", file, tmp_path / "poppler"], check=True, timeout=60)
    mutool = ["mutool", "draw", "-q", "-r", "60", "-c", "gray", "-o", tmp_path / "mupdf-%d.pgm", file]
    subprocess.run(mutool, check=True, timeout=60, capture_output=True)

    for number in (1, 2, 3):
        one = Image.open(tmp_path / f"poppler-{number}.pgm").convert("L")
        other = Image.open(tmp_path / f"mupdf-{number}.pgm").convert("L").resize(one.size)
        blurred = [picture.resize((one.width // 6, one.height // 6)).tobytes() for picture in (one, other)]
        assert max(abs(a - b) for a, b in zip(*blurred, strict=True)) < 60
        assert min(blurred[0]) < 200

import io
from dataclasses import replace
from datetime import UTC, datetime

import pdfplumber
import pytest

from ocr.archive.drawing import Align
from ocr.archive.register_print import RegisterColumn, RegisterPrint, RegisterRow, print_register
from ocr.archive.report import Finding, Report, Tone, verification_report

NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
REPORT = Report(
    letterhead=("Thành phố Đồng Nai", "Ủy ban nhân dân phường Đồng Xoài"),
    title="PHIẾU KIỂM TRA BẢN SAO ĐIỆN TỬ",
    verdict="Bản sao này là thật và đang có hiệu lực.",
    tone=Tone.GOOD,
    rows=(("Mã tra cứu", "0123-4567-89ab-cdef"), ("SHA-256 của tệp", "9f86d081" * 8)),
    findings=(
        Finding(tone=Tone.GOOD, text="Chữ ký số hợp lệ."),
        Finding(tone=Tone.UNSURE, text="Chứng thư gốc chưa có trong danh sách tin cậy."),
    ),
    rule="Cơ quan tiếp nhận bản sao không được yêu cầu xuất trình bản chính để đối chiếu.",
    qr=tuple(tuple((row * column + row) % 3 != 1 for column in range(45)) for row in range(45)),
    qr_caption=("tracuu.example.vn",),
    footer="In lúc 21/11/2026 12:00:00 +07:00",
    created_at=NOON,
)
COLUMNS = (
    RegisterColumn(heading="Số chứng thực", share=1, align=Align.CENTER),
    RegisterColumn(heading="Tên giấy tờ", share=3),
    RegisterColumn(heading="Ghi chú", share=1),
)
REGISTER = RegisterPrint(
    letterhead=("Ủy ban nhân dân phường Đồng Xoài",),
    title="SỔ CHỨNG THỰC",
    columns=COLUMNS,
    rows=tuple(RegisterRow(cells=(f"{n:04d}", "Giấy khai sinh", ""), void=n == 3) for n in range(1, 61)),
    closing=("Tổng số: 60 số.",),
    signatures=(("NGƯỜI LẬP SỔ", ""), ("KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH", "Nguyễn Thị Bích Ngọc")),
    created_at=NOON,
)


def pages_of(pdf: bytes):
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        return [(page.extract_text(), page.width, page.height) for page in opened.pages]


@pytest.mark.tools
def test_reports_and_registers_are_pdf_a(fonts, verapdf):
    assert verapdf.check(verification_report(REPORT, fonts=fonts)) == "PASS"
    assert verapdf.check(print_register(REGISTER, fonts=fonts)) == "PASS"


def test_a_report_says_everything_on_one_page(fonts):
    [(text, width, height)] = pages_of(verification_report(replace(REPORT, qr=()), fonts=fonts))

    assert width < height
    assert "9f86d081" * 8 in text.replace("\n", "")
    for words in (REPORT.title, REPORT.verdict, "0123-4567-89ab-cdef", REPORT.footer, "Trang 1/1"):
        assert words in text
    assert "Đạt Chữ ký số hợp lệ." in text and "Chưa rõ Chứng thư gốc" in text


def test_the_code_stands_beside_the_answer(fonts):
    with pdfplumber.open(io.BytesIO(verification_report(REPORT, fonts=fonts))) as pdf:
        page = pdf.pages[0]
        modules = [shape for shape in page.rects + page.curves if shape["fill"]]
        verdict = next(word for word in page.extract_words() if word["text"] == "thật")

    assert min(module["x0"] for module in modules) > verdict["x1"]
    assert min(m["top"] for m in modules) < verdict["top"] < max(m["bottom"] for m in modules)


def test_a_long_report_goes_on_and_loses_nothing(fonts):
    findings = tuple(Finding(tone=Tone.BAD, text=f"Lỗi thứ {n}.") for n in range(100))

    pages = pages_of(verification_report(replace(REPORT, findings=findings, qr=()), fonts=fonts))

    assert len(pages) > 1
    text = "\n".join(page for page, _, _ in pages)
    assert all(f"Không đạt Lỗi thứ {n}." in text for n in range(100))
    assert f"Trang 2/{len(pages)}" in text


def test_a_report_and_a_register_say_that_they_are_a_demonstration(fonts):
    mark = "BẢN TRÌNH DIỄN"
    findings = tuple(Finding(tone=Tone.BAD, text=f"Lỗi thứ {n}.") for n in range(100))

    report = verification_report(replace(REPORT, findings=findings, demonstration=mark), fonts=fonts)
    register = print_register(replace(REGISTER, demonstration=mark), fonts=fonts)

    assert all(mark in text for text, _, _ in pages_of(report) + pages_of(register))


def test_a_foreign_name_does_not_stop_a_report(fonts):
    rows = (("Người ký", "王伟 <a@b>"),)

    [(text, _, _)] = pages_of(verification_report(replace(REPORT, rows=rows), fonts=fonts))

    assert "\u25a1\u25a1 <a@b>" in text


def test_the_register_lies_across_with_its_head_on_every_page(fonts):
    pages = pages_of(print_register(REGISTER, fonts=fonts))

    assert len(pages) > 1
    assert all(width > height for _, width, height in pages)
    assert all("Số chứng thực Tên giấy tờ Ghi chú" in text for text, _, _ in pages)
    text = "\n".join(page for page, _, _ in pages)
    assert all(f"{n:04d} Giấy khai sinh" in text for n in range(1, 61))
    assert "Tổng số: 60 số." in pages[-1][0] and "PHÓ CHỦ TỊCH" in pages[-1][0]


def test_an_empty_register_prints_its_head(fonts):
    [(text, _, _)] = pages_of(print_register(replace(REGISTER, rows=(), signatures=()), fonts=fonts))

    assert "Số chứng thực" in text and "(1) (2) (3)" in text


def test_a_row_of_the_wrong_length_is_an_error(fonts):
    with pytest.raises(ValueError, match="argument"):
        print_register(replace(REGISTER, rows=(RegisterRow(cells=("1",)),)), fonts=fonts)

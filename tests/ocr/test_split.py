"""A scanned stack becomes papers, with real recognition: nothing is lost, nothing strange is joined."""

import io
import random
from dataclasses import replace
from importlib.resources import files

import pytest
from PIL import Image, ImageDraw

from domain.models import Box, PageText, TextOrigin, Word
from ocr.fields.kinds import KindLibrary, load_kinds
from ocr.files.intake import Limits
from ocr.files.sources import open_source, read_pages
from ocr.recognition.recognize import ReadOptions, recognize
from ocr.samples.draw import draw_sheet
from ocr.samples.fonts import Fonts, find_fonts
from ocr.samples.people import make_person
from ocr.samples.writer import PAPERS
from ocr.separators import separator_image
from ocr.split import PageMarks, PaperSpan, SplitOptions, SplitReason, look, several_papers, split
from ocr.symbols.codes import Code, CodeUse, Separator, code_use

DPI = 150


@pytest.fixture(scope="module")
def fonts() -> Fonts:
    return find_fonts()


@pytest.fixture(scope="module")
def kinds() -> KindLibrary:
    return load_kinds(files("configs") / "kinds")


def paper(kind: str, fonts: Fonts) -> list[Image.Image]:
    sheets = PAPERS[kind](random.Random(4), fonts, make_person(random.Random(5))).sheets
    return [draw_sheet(sheet, fonts, dpi=DPI) for sheet in sheets]


def blank_page() -> Image.Image:
    picture = Image.new("RGB", (1240, 1754), (246, 244, 238))
    pen = ImageDraw.Draw(picture)
    for x, y in ((300, 500), (901, 77), (1200, 1600)):
        pen.ellipse((x, y, x + 3, y + 3), fill=(90, 90, 90))
    return picture


def split_scan(pages: list[Image.Image], kinds: KindLibrary) -> tuple[PaperSpan, ...]:
    out = io.BytesIO()
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:], compression="tiff_lzw", dpi=(DPI, DPI))
    source = open_source("stack.tiff", out.getvalue(), limits=Limits())
    images = [scan.image for scan in read_pages(source, limits=Limits())]
    texts = [recognize(image, options=ReadOptions()) for image in images]
    return split(texts, {image.number: look(image) for image in images}, kinds)


@pytest.mark.tools
@pytest.mark.slow  # the way of such a stack through all stages is in tests/pipeline/test_stack.py
def test_a_stack_is_split_by_separators_and_titles_and_blank_pages_are_listed(fonts: Fonts, kinds: KindLibrary) -> None:
    wanted = Separator(dossier="H48.22-260105-0021", owner_id="070190999123")
    stack = [
        separator_image(wanted, fonts, dpi=DPI).convert("RGB"),
        *paper("decision", fonts),
        blank_page(),
        *paper("birth_certificate", fonts),
        separator_image(Separator(), fonts, dpi=DPI).convert("RGB"),
        blank_page(),
        *paper("marital_status", fonts),
    ]

    first, second, third = split_scan(stack, kinds)

    assert (first.page_numbers, first.blank_pages, first.separator_pages) == ((2, 3), (4,), (1,))
    assert (first.separator, first.reason) == (wanted, SplitReason.SEPARATOR)
    assert (second.page_numbers, second.separator, second.reason) == ((5,), None, SplitReason.TITLE)
    assert (third.page_numbers, third.blank_pages, third.separator) == ((8,), (7,), Separator())
    assert [problem.code for problem in first.problems] == ["blank_page_left_out"]


def page_text(number: int, lines: list[tuple[float, str]]) -> PageText:
    """Return a page whose lines stand centred at these heights."""
    words = []
    for place, (y, line) in enumerate(lines):
        x = 0.5 - len(line) * 0.006
        for word in line.split(" "):
            box = Box(x, y, x + len(word) * 0.012, y + 0.014)
            words.append(Word(text=word, confidence=0.95, box=box, line=place))
            x += (len(word) + 1) * 0.012
    return PageText(
        number=number,
        width=1240,
        height=1754,
        dpi=150,
        origin=TextOrigin.OCR if words else TextOrigin.NONE,
        words=tuple(words),
        text="\n".join(line for _, line in lines),
    )


MOTTO = (0.05, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
DECISION = [MOTTO, (0.2, "QUYẾT ĐỊNH"), (0.3, "Căn cứ Luật Tổ chức chính quyền địa phương;")]
SIGNATURE = [(0.62, " " * 60 + "KT. CHỦ TỊCH"), (0.64, " " * 60 + "PHÓ CHỦ TỊCH"), (0.75, " " * 60 + "Trần Văn Bình")]
INKED = PageMarks(codes=(), ink=0.05)


def spans(pages: list[PageText], kinds: KindLibrary, **marks: PageMarks) -> tuple[PaperSpan, ...]:
    return split(pages, {page.number: marks.get(f"p{page.number}", INKED) for page in pages}, kinds)


def codes_of(found: tuple[PaperSpan, ...]) -> list[list[str]]:
    return [[problem.code for problem in span.problems] for span in found]


def test_the_second_page_of_a_decision_that_opens_with_its_verdict_stays_with_it(kinds: KindLibrary) -> None:
    pages = [page_text(1, DECISION), page_text(2, [(0.1, "QUYẾT ĐỊNH:"), (0.2, "Điều 1. Phê duyệt.")])]

    assert [span.page_numbers for span in spans(pages, kinds)] == [(1, 2)]


REGULATION = [MOTTO, (0.2, "QUY CHẾ"), (0.22, "Làm việc của Phòng Nội vụ")]


@pytest.mark.parametrize(
    ("own", "named", "joined"),
    [("Số: 219/QĐ-PNV", "219/QĐ-PNV", True), ("Số: 218/QĐ-PNV", "219/QĐ-PNV", False), ("", "219/QĐ-PNV", False)],
)
def test_what_a_decision_puts_in_force_stays_with_it_though_it_has_a_letterhead(
    own: str, named: str, *, joined: bool, kinds: KindLibrary
) -> None:
    annexed = [*REGULATION, (0.25, f"(Ban hành kèm theo Quyết định số {named} ngày 09 tháng 4 năm 2021)")]
    pages = [page_text(1, [*DECISION, (0.1, own)] if own else DECISION), page_text(2, annexed)]

    found = spans(pages, kinds)

    assert [span.page_numbers for span in found] == ([(1, 2)] if joined else [(1,), (2,)])
    assert not codes_of(found)[0]


def test_two_forms_of_one_circular_are_two_papers(kinds: KindLibrary) -> None:
    head = [(0.05, "(Ban hành kèm theo Thông tư số 04/2020/TT-BTP)"), *DECISION]

    found = spans([page_text(1, head), page_text(2, head)], kinds)

    assert [span.page_numbers for span in found] == [(1,), (2,)]


@pytest.mark.parametrize(
    ("second", "pages"),
    [
        (DECISION, "2"),
        ([(0.3, "TỜ PHÂN CÁCH GIẤY TỜ")], "2"),
        ([(0.1, "Điều 2. Quyết định này có hiệu lực.")], ""),
        (REGULATION, ""),
        ([(0.03, "2"), *DECISION], ""),
    ],
)
def test_a_file_of_one_paper_that_seems_to_hold_several_waits_for_a_person(
    second: list[tuple[float, str]], pages: str, kinds: KindLibrary
) -> None:
    last = [(0.3, "Nơi nhận:")]
    found = several_papers([page_text(1, DECISION), page_text(2, second), page_text(3, last)], kinds)

    assert [(problem.code, problem.values["pages"], problem.blocking) for problem in found] == (
        [("several_papers", pages, True)] if pages else []
    )


def test_a_title_on_a_page_that_is_numbered_two_begins_no_paper(kinds: KindLibrary) -> None:
    pages = [page_text(1, DECISION), page_text(2, [(0.03, "2"), *DECISION])]

    (span,) = spans(pages, kinds)

    assert span.page_numbers == (1, 2)
    assert [(problem.code, problem.page, problem.blocking) for problem in span.problems] == [
        ("paper_may_begin", 2, True)
    ]


def test_a_page_behind_a_signature_is_said_to_be_perhaps_another_paper(kinds: KindLibrary) -> None:
    signed = [*DECISION, (0.6, "Nơi nhận:"), *SIGNATURE]
    cover = page_text(2, [(0.4, "HỒ SƠ XÂY DỰNG"), (0.5, "Năm 2024")])
    annex = page_text(2, [(0.1, "PHỤ LỤC I"), (0.5, "Bảng kê năm 2024")])

    assert codes_of(spans([page_text(1, signed), cover], kinds)) == [["paper_may_begin"]]
    assert codes_of(spans([page_text(1, signed), annex], kinds)) == [[]]
    assert codes_of(spans([page_text(1, DECISION), cover], kinds)) == [[]]


@pytest.mark.parametrize(
    "sheet",
    [
        (page_text(2, [(0.2, "TỜ PHÂN CÁCH GIẤY TỜ"), (0.6, "Mã hồ sơ: H48.22")]), ()),
        (page_text(2, []), ("SOHOA:SEP:2:D1:070190999123:X:Y",)),
        (page_text(2, []), ("SOHOA:SEP:1:D1:070190999123", "SOHOA:SEP:1:D2:070190999124")),
    ],
)
def test_a_separator_that_cannot_be_read_parts_papers_and_a_person_says_whose_they_are(
    sheet: tuple[PageText, tuple[str, ...]], kinds: KindLibrary
) -> None:
    page, texts = sheet
    codes = tuple(Code(text=t, format="QRCode", use=code_use(t), box=Box(0, 0, 1, 1)) for t in texts)
    other = [MOTTO, (0.2, "GIẤY KHAI SINH"), (0.3, "Họ, chữ đệm, tên: NGUYỄN VĂN BÌNH")]
    pages = [page_text(1, DECISION), page, page_text(3, DECISION), page_text(4, other)]

    first, second, third = spans(pages, kinds, p2=PageMarks(codes=codes, ink=0.1))

    assert (first.page_numbers, second.page_numbers, third.page_numbers) == ((1,), (3,), (4,))
    assert second.separator_pages == (2,)
    assert codes_of((first, second, third)) == [[], ["separator_unreadable"], ["separator_unreadable"]]
    assert second.problems[0].blocking and second.problems[0].page == 2


def test_a_page_too_blurred_to_be_read_is_not_left_out_as_blank(kinds: KindLibrary) -> None:
    blurred = replace(page_text(2, []), findings=("unreadable_page",))
    (span,) = spans([page_text(1, DECISION), blurred], kinds, p2=PageMarks(codes=(), ink=0.0))

    assert (span.page_numbers, span.blank_pages) == ((1, 2), ())


def test_a_letterhead_of_an_unknown_paper_begins_a_paper(kinds: KindLibrary) -> None:
    pages = [page_text(1, DECISION), page_text(2, [MOTTO, (0.2, "SỐ LIỆU TỔNG HỢP QUÝ BA")])]

    assert [(span.page_numbers, span.reason) for span in spans(pages, kinds)] == [
        ((1,), SplitReason.TITLE),
        ((2,), SplitReason.LETTERHEAD),
    ]


def test_a_motto_in_the_middle_of_a_page_begins_no_paper(kinds: KindLibrary) -> None:
    pages = [page_text(1, DECISION), page_text(2, [(0.1, "Phần thứ hai"), (0.6, MOTTO[1])])]

    assert [span.page_numbers for span in spans(pages, kinds)] == [(1, 2)]


def test_a_page_that_says_one_of_three_begins_a_paper(kinds: KindLibrary) -> None:
    pages = [page_text(1, DECISION), page_text(2, [(0.2, "Bảng kê"), (0.95, "Trang 1/3")])]

    assert [span.page_numbers for span in spans(pages, kinds)] == [(1,), (2,)]


def test_a_missing_page_is_said_and_the_rest_stays_together(kinds: KindLibrary) -> None:
    pages = [page_text(1, DECISION), page_text(2, [(0.03, "3"), (0.2, "Điều 4.")])]

    (span,) = spans(pages, kinds)

    assert span.page_numbers == (1, 2)
    (problem,) = span.problems
    assert (problem.code, problem.page, problem.values["printed"]) == ("page_number_unexpected", 2, "3")
    assert problem.blocking


def test_separators_one_behind_the_other_make_no_empty_paper_and_the_last_one_counts(kinds: KindLibrary) -> None:
    marks = {
        f"p{number}": PageMarks(
            codes=(Code(text=f"SOHOA:SEP:1:D{number}:", format="QRCode", use=CodeUse.SEPARATOR, box=Box(0, 0, 1, 1)),),
            ink=0.2,
        )
        for number in (1, 2)
    }
    (span,) = spans([page_text(1, []), page_text(2, []), page_text(3, DECISION)], kinds, **marks)

    assert (span.page_numbers, span.separator_pages, span.separator) == ((3,), (1, 2), Separator(dossier="D2"))


def test_a_page_with_a_stamp_only_is_not_blank(kinds: KindLibrary) -> None:
    stamped = PageMarks(codes=(), ink=0.01)
    (span,) = spans([page_text(1, DECISION), page_text(2, [])], kinds, p2=stamped)

    assert (span.page_numbers, span.blank_pages) == ((1, 2), ())


def test_only_blank_pages_are_kept_as_such_and_said(kinds: KindLibrary) -> None:
    empty = PageMarks(codes=(), ink=0.0)
    (span,) = spans([page_text(1, []), page_text(2, [])], kinds, p1=empty, p2=empty)

    assert (span.page_numbers, span.blank_pages) == ((), (1, 2))
    assert "paper_all_blank" in {problem.code for problem in span.problems}


def test_without_titles_only_separator_sheets_begin_papers(kinds: KindLibrary) -> None:
    pages = [page_text(1, DECISION), page_text(2, DECISION)]
    marks = {1: INKED, 2: INKED}

    (span,) = split(pages, marks, kinds, options=SplitOptions(by_titles=False))

    assert (span.page_numbers, span.reason) == ((1, 2), SplitReason.FIRST_PAGE)


@pytest.mark.parametrize("seed", range(20))
def test_every_page_is_in_exactly_one_place(seed: int, kinds: KindLibrary) -> None:
    chance = random.Random(seed)
    contents = [DECISION, [], [(0.1, "Điều 5. Tổ chức thực hiện.")], [(0.03, "2"), (0.2, "tiếp theo")]]
    pages = [page_text(number, chance.choice(contents)) for number in range(1, 13)]
    marks = {f"p{number}": chance.choice((INKED, PageMarks(codes=(), ink=0.0))) for number in range(1, 13)}

    found = spans(pages, kinds, **marks)

    placed = [n for span in found for n in (*span.page_numbers, *span.blank_pages, *span.separator_pages)]
    assert sorted(placed) == list(range(1, 13))

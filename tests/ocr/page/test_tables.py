"""Tables as rows of cells: drawn on the spot with rules or without, and those of the sample papers."""

import random
import re
from dataclasses import replace

import numpy as np
import pytest
from drawn_pages import FONT, LINES, draw, saved
from PIL import Image, ImageDraw, ImageFont

from domain.models import Box, PageText, Table
from ocr.files.sources import Limits, open_source, read_pages
from ocr.picture.rules import find_grids, wipe_edges
from ocr.recognition.recognize import ReadOptions, recognize
from ocr.samples.fonts import find_fonts
from ocr.samples.people import make_person
from ocr.samples.writer import PAPERS, encode_pages, scan_pages
from pipeline.serial import from_json, to_json

DPI = 150
ROWS = (
    ("Số", "Nội dung công việc", "Đơn vị", "Thời hạn"),
    ("Mục 1", "Rà soát hồ sơ lưu trữ/tại Ủy ban nhân dân xã", "Sở Y tế", "Tháng 3"),
    ("Mục 2", "Số hóa kết quả giải quyết", "Sở Tư pháp/và Công an tỉnh", "Tháng 4"),
    ("Mục 3", "Tổng hợp báo cáo", "Sở Nội vụ", "Tháng 5"),
)
"""A stroke breaks the line within a cell."""
EDGES = (60, 200, 640, 970, 1190)
STEP = 34


def table_page(*, ruled: bool, sides: bool = True, noise: int = 0, turn: float = 0.0) -> Image.Image:
    page = draw(LINES[:2], dpi=DPI, height=8)
    pen = ImageDraw.Draw(page)
    font = ImageFont.truetype(FONT, round(13 * DPI / 72))
    top = 330
    for row in ROWS:
        height = STEP * max(cell.count("/") + 1 for cell in row) + 12
        for cell, left, right in zip(row, EDGES, EDGES[1:], strict=False):
            for index, line in enumerate(cell.split("/")):
                pen.text((left + 10, top + 4 + index * STEP), line, fill=0, font=font)
            if ruled:
                pen.rectangle((left, top, right, top + height), outline=0, width=2)
        top += height
        if not ruled:
            top += 26
    if not sides:
        pen.rectangle((EDGES[0] - 3, 325, EDGES[0] + 3, top + 5), fill=255)
        pen.rectangle((EDGES[-1] - 3, 325, EDGES[-1] + 3, top + 5), fill=255)
    pen.text((120, top + 40), LINES[4], fill=0, font=font)
    if noise:
        grain = np.random.default_rng(noise).normal(0, 7, (page.height, page.width))
        page = Image.fromarray(np.clip(np.asarray(page) * 0.85 + 20 + grain, 0, 255).astype(np.uint8))
    return page.rotate(turn, fillcolor=255, resample=Image.Resampling.BICUBIC)


def read(page: Image.Image) -> PageText:
    source = open_source("a.png", saved(page, "PNG", dpi=(DPI, DPI)), limits=Limits())
    (scan,) = read_pages(source, limits=Limits())
    return recognize(scan.image, options=ReadOptions())


def words_of(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.rows]


EXPECTED = [[cell.replace("/", " ") for cell in row] for row in ROWS]


@pytest.mark.tools
@pytest.mark.parametrize(
    ("sides", "noise", "turn"),
    [(True, 0, 0.0), (False, 0, 0.0), (True, 3, 1.2)],
)
def test_a_ruled_table_is_read_as_rows_of_cells(sides: bool, noise: int, turn: float) -> None:
    text = read(table_page(ruled=True, sides=sides, noise=noise, turn=turn))

    (table,) = text.tables
    assert words_of(table) == EXPECTED
    lines = text.text.splitlines()
    assert "Số\tNội dung công việc\tĐơn vị\tThời hạn" in lines
    assert "Mục 1\tRà soát hồ sơ lưu trữ\tSở Y tế\tTháng 3" in lines
    assert lines.index("\ttại Ủy ban nhân dân xã") == lines.index("Mục 1\tRà soát hồ sơ lưu trữ\tSở Y tế\tTháng 3") + 1
    assert text.text.index("Hạnh phúc") < text.text.index("Nội dung") < text.text.index("Điều 1")
    assert [word.text for word in text.words] == text.text.split()


@pytest.mark.tools
def test_clear_columns_without_rules_are_a_table_too() -> None:
    text = read(table_page(ruled=False))

    (table,) = text.tables
    assert [row[1:] for row in words_of(table)] == [row[1:] for row in EXPECTED]
    assert {row[0] for row in words_of(table)[2:]} == {"Mục 2", "Mục 3"}  # the engine leaves others out
    assert "Mục 2\tSố hóa kết quả giải quyết\tSở Tư pháp\tTháng 4\n\t\tvà Công an tỉnh\n" in text.text


@pytest.mark.tools
def test_the_cells_of_a_table_lie_around_their_words() -> None:
    page = table_page(ruled=True, turn=1.0)

    text = read(page)

    for row in text.tables[0].rows:
        for cell in row:
            inside = [word.text for word in text.words if holds(cell.box, word.box)]
            assert inside == cell.text.split()


def holds(outer: Box, inner: Box) -> bool:
    x, y = (inner.x0 + inner.x1) / 2, (inner.y0 + inner.y1) / 2
    return outer.x0 < x < outer.x1 and outer.y0 < y < outer.y1


@pytest.mark.tools
@pytest.mark.parametrize(
    ("kind", "level", "row"),
    [
        pytest.param("household_business", "office_300", 0, marks=pytest.mark.slow),
        ("household_business", "archive_200", 0),
        ("decision", "office_300", 0),
    ],
)
def test_the_tables_of_sample_papers_are_found(kind: str, level: str, row: int) -> None:
    chance, fonts = random.Random(6), find_fonts()
    paper = PAPERS[kind](chance, fonts, make_person(chance))
    pages = scan_pages(paper, fonts, level=level, random=np.random.default_rng(6))
    source = open_source("a.pdf", encode_pages(pages, "pdf", level=level), limits=Limits())

    first = recognize(next(read_pages(source, limits=Limits())).image, options=ReadOptions())

    (table,) = first.tables
    titles = {
        "household_business": ["STT", "Tên ngành", "Mã ngành"],
        "decision": ["TT", "Nội dung hỗ trợ", "Thời gian", "Mức tiền (đồng)"],
    }
    without_specks = [re.sub(r" ?[-—.]$", "", cell) for cell in words_of(table)[row]]
    assert without_specks == titles[kind]
    assert {len(cells) for cells in table.rows} == {len(titles[kind])}


@pytest.mark.tools
@pytest.mark.parametrize(
    "kind",
    [
        "diploma",
        "land_use_certificate",
        *(pytest.param(other, marks=pytest.mark.slow) for other in ("identity_card", "official_letter")),
    ],
)
def test_letterheads_forms_and_frames_are_no_tables(kind: str) -> None:
    chance, fonts = random.Random(5), find_fonts()
    paper = PAPERS[kind](chance, fonts, make_person(chance))
    for picture in scan_pages(paper, fonts, level="office_300", random=np.random.default_rng(5)):
        source = open_source("a.jpg", saved(picture, "JPEG", dpi=(300, 300)), limits=Limits())
        (scan,) = read_pages(source, limits=Limits())

        assert recognize(scan.image, options=ReadOptions()).tables == ()


def test_cells_that_span_rows_and_columns_are_kept_together() -> None:
    page = Image.new("L", (900, 600), 255)
    pen = ImageDraw.Draw(page)
    for box in (
        (50, 50, 250, 350),
        (250, 50, 850, 150),
        (250, 150, 550, 350),
        (550, 150, 850, 250),
        (550, 250, 850, 350),
    ):
        pen.rectangle(box, outline=0, width=3)

    (grid,) = find_grids(np.asarray(page), 150)

    spans = [(cell.row, cell.column, cell.rows, cell.columns) for cell in grid]
    assert spans == [(0, 0, 3, 1), (0, 1, 1, 2), (1, 1, 2, 1), (1, 2, 1, 1), (2, 2, 1, 1)]
    assert [grid[1].left, grid[1].top, grid[1].right, grid[1].bottom] == pytest.approx([250, 50, 850, 150], abs=4)


def test_streaks_of_a_scanner_make_no_table_with_a_letterheads_line() -> None:
    page = draw(LINES, height=11.69)
    pen = ImageDraw.Draw(page)
    pen.rectangle((900, 260, 1400, 262), fill=0)
    pen.rectangle((1100, 0, 1103, page.height), fill=60)
    streak = find_grids(np.asarray(page, dtype=np.uint8), 200)
    pen.rectangle((0, 0, page.width, 40), fill=255)
    shorter = find_grids(np.asarray(page, dtype=np.uint8), 200)

    assert streak == ()
    assert len(shorter) == 1


def test_what_is_left_of_broken_rules_is_wiped_and_letters_beside_them_stay() -> None:
    page = Image.new("L", (900, 600), 255)
    pen = ImageDraw.Draw(page)
    for x in (50, 450, 850):
        pen.line((x, 50, x + 3, 350), fill=0, width=3)  # leans by a hundredth
    for y in (50, 200, 350):
        pen.line((50, y, 850, y), fill=0, width=3)
    pen.rectangle((456, 260, 458, 270), fill=0)  # what stands close by, no longer than a letter
    picture = np.array(page)
    grids = find_grids(picture, 150)

    wipe_edges(picture, grids, 150)

    assert len(grids) == 1
    assert (picture[260:271, 456:459] == 0).all()
    picture[260:271, 456:459] = 255
    assert (picture < 190).sum() < 20


@pytest.mark.parametrize("size", [(64, 64), (3000, 70), (70, 3000)])
def test_no_grid_is_found_where_nothing_or_everything_is_ink(size: tuple[int, int]) -> None:
    for shade in (0, 255):
        assert find_grids(np.full(size, shade, np.uint8), 300) == ()


def test_a_text_stored_before_there_were_tables_is_still_read() -> None:
    text = PageText(number=1, width=10, height=10, dpi=300, origin="ocr", words=(), text="a\n")  # type: ignore[arg-type]
    old = to_json(text).replace(',"tables":[]', "").replace(',"findings":[]', "")

    found = from_json(PageText, old)

    assert "tables" not in old
    assert (found.tables, found.findings) == ((), ())


@pytest.mark.tools
def test_tables_are_stored_and_come_back() -> None:
    text = read(table_page(ruled=True))

    assert text.tables
    assert from_json(PageText, to_json(text)) == replace(text)

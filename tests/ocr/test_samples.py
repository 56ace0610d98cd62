"""The sample papers: always the same, fictional, readable, and never written over somebody's files."""

import io
import json
import random
import re
from datetime import date
from pathlib import Path

import numpy as np
import pdfplumber
import pikepdf
import pytest
from PIL import Image, ImageChops

from domain.errors import ConfigurationError, InputError
from ocr.samples import Sample, make_samples
from ocr.samples.bench import bench_pages, bench_papers
from ocr.samples.degrade import degrade
from ocr.samples.draw import draw_sheet
from ocr.samples.fonts import find_fonts
from ocr.samples.papers.birth_certificate import make_birth_certificate
from ocr.samples.people import make_person
from ocr.samples.running_text import typeset_text
from ocr.samples.sheet import TextRun
from ocr.samples.words import date_figures, date_words, letter_date, number_words
from ocr.samples.writer import BORN_DIGITAL, PAPERS, write_all


@pytest.fixture(scope="module")
def samples() -> list[Sample]:
    return list(make_samples(7))


def test_the_set_holds_every_form_of_file_and_three_kinds(samples: list[Sample]) -> None:
    types = {(sample.media_type, sample.truth.level == BORN_DIGITAL) for sample in samples}

    assert types == {
        ("application/pdf", False),
        ("application/pdf", True),
        ("image/tiff", False),
        ("image/png", False),
        ("image/jpeg", False),
    }
    assert {"decision", "birth_certificate", "marital_status"} <= {sample.truth.kind for sample in samples}
    assert len({sample.dossier for sample in samples}) >= 3


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(samples: list[Sample]) -> None:
    again = next(make_samples(7))
    other = next(make_samples(8))

    assert again == samples[0]
    assert other.data != samples[0].data


def test_files_are_what_their_type_says(samples: list[Sample]) -> None:
    for sample in samples:
        if sample.media_type == "application/pdf":
            with pikepdf.open(io.BytesIO(sample.data)) as pdf:
                assert len(pdf.pages) == len(sample.truth.pages)
        else:
            with Image.open(io.BytesIO(sample.data)) as image:
                assert Image.MIME[image.format or ""] == sample.media_type
                assert getattr(image, "n_frames", 1) == len(sample.truth.pages)
                assert round(float(image.info["dpi"][0])) == 300


def test_the_born_digital_paper_gives_back_its_text_letter_for_letter(samples: list[Sample]) -> None:
    sample = next(sample for sample in samples if sample.truth.level == BORN_DIGITAL)

    with pdfplumber.open(io.BytesIO(sample.data)) as pdf:
        text = " ".join(" ".join(page.extract_text().split()) for page in pdf.pages)
    for line in sample.truth.pages[0][8:]:
        assert line in text


def test_every_field_of_the_truth_stands_on_the_paper(samples: list[Sample]) -> None:
    for sample in samples:
        text = " ".join(line for page in sample.truth.pages for line in page)
        for name in ("number", "holder_name", "holder_id", "signer_name", "purpose", "ethnicity"):
            assert sample.truth.fields.get(name, "") in text


def test_no_identity_number_can_be_a_real_one(samples: list[Sample]) -> None:
    for seed in range(50):
        person = make_person(random.Random(seed))
        number = person.personal_number

        assert len(number) == 12
        assert number[6:9] == "999"
        assert int(number[3]) % 2 == (person.sex == "Nữ")
        assert number[4:6] == f"{person.birth_date.year % 100:02d}"
        assert (int(number[3]) >= 2) == (person.birth_date.year >= 2000)


def test_samples_are_written_once_and_never_over_another_file(samples: list[Sample], tmp_path: Path) -> None:
    first = write_all(tmp_path, samples)
    again = write_all(tmp_path, samples)
    truth = json.loads(first[0].with_name(first[0].name + ".truth.json").read_text("utf-8"))
    first[-1].write_bytes(b"mine")

    assert first == again
    assert truth["owner_id"].isdigit()
    with pytest.raises(InputError, match="nội dung khác"):
        write_all(tmp_path, samples)
    assert first[-1].read_bytes() == b"mine"
    assert not list(tmp_path.rglob(".sample-*"))


def test_without_vietnamese_fonts_it_says_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="fonts-liberation"):
        find_fonts(tmp_path)


def test_each_level_is_further_from_the_clean_page_than_the_one_before() -> None:
    fonts = find_fonts()
    paper = make_birth_certificate(random.Random(1), fonts, make_person(random.Random(2)))
    page = draw_sheet(paper.sheets[0], fonts, dpi=100)

    distance = []
    for level in ("clean_300", "office_300", "archive_200"):
        worse = degrade(page, level=level, random=np.random.default_rng(1))
        distance.append(np.asarray(ImageChops.difference(page, worse)).mean())

    assert distance[0] < distance[1] < distance[2]


def test_an_unknown_level_is_refused_with_the_names_of_the_levels() -> None:
    with pytest.raises(ConfigurationError, match="archive_200"):
        degrade(Image.new("RGB", (10, 10)), level="perfect", random=np.random.default_rng(1))


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (5, "năm"),
        (15, "mười lăm"),
        (21, "hai mươi mốt"),
        (105, "một trăm lẻ năm"),
        (2023, "hai nghìn không trăm hai mươi ba"),
        (2005, "hai nghìn không trăm lẻ năm"),
        (1995, "một nghìn chín trăm chín mươi lăm"),
        (5_400_000, "năm triệu bốn trăm nghìn"),
    ],
)
def test_numbers_are_written_out_as_people_say_them(number: int, words: str) -> None:
    assert number_words(number) == words


def test_the_fourth_month_is_thang_tu() -> None:
    from_birth = make_person(random.Random(1), born=(1990, 1990)).birth_date.replace(month=4, day=15)

    assert date_words(from_birth) == "Ngày mười lăm, tháng tư, năm một nghìn chín trăm chín mươi"


def stands_in(value: str, text: str) -> bool:
    """Whether a normalized value stands in a text, in one of the ways in which it may be printed."""
    ways = {value, value.upper(), value.replace(".", ",")}
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        day = date.fromisoformat(value)
        ways |= {date_figures(day), letter_date(day)}
    if value.isdigit():
        ways.add(f"{int(value):,}".replace(",", "."))
    return any(way in text for way in ways) or value in text.replace(" ", "")


@pytest.mark.parametrize("kind", sorted(PAPERS))
def test_a_paper_of_any_kind_says_what_its_truth_says_for_many_people(kind: str) -> None:
    fonts = find_fonts()
    for seed in range(25):
        chance = random.Random(seed)
        paper = PAPERS[kind](chance, fonts, make_person(chance))
        text = " ".join(line for sheet in paper.sheets for line in sheet.lines)

        assert paper.kind == kind
        for name, value in paper.fields.items():
            assert stands_in(value, text), (seed, name, value)


@pytest.mark.parametrize("kind", sorted(PAPERS))
def test_nothing_is_set_beyond_the_edge_of_a_sheet(kind: str) -> None:
    fonts = find_fonts()
    for seed in range(12):
        chance = random.Random(seed)
        for sheet in PAPERS[kind](chance, fonts, make_person(chance)).sheets:
            for item in sheet.items:
                if isinstance(item, TextRun):
                    end = item.x + fonts.width(item.text, item.style.face, item.style.size)
                    assert 20 < item.x <= end < sheet.width - 20, (seed, item.text)
                    assert 20 < item.y < sheet.height - 20, (seed, item.text)


def test_running_text_is_set_whole_on_as_many_pages_as_it_takes() -> None:
    text = "\n".join(f"Đoạn {n}. " + "cải cách hành chính, chuyển đổi số " * 30 for n in range(20))
    sheets = typeset_text(text, find_fonts())

    lines = [line for sheet in sheets for line in sheet.lines if not line.isdigit()]

    assert len(sheets) > 2
    assert " ".join(" ".join(lines).split()) == " ".join(text.split())


def test_bench_pages_are_jpegs_of_the_resolution_of_their_level() -> None:
    (page,) = bench_pages(level="archive_200", count=1, seed=1)

    with Image.open(io.BytesIO(page.data)) as image:
        assert (image.format, image.info["dpi"], page.dpi) == ("JPEG", (200, 200), 200)
    assert any("KHAI SINH" in line for line in page.lines)


def test_bench_papers_come_in_the_kinds_that_are_asked_for() -> None:
    papers = bench_papers(level="clean_300", count=2, seed=1, kinds=("notice", "resolution"))

    assert [paper.truth.kind for paper in papers] == ["notice", "resolution"]

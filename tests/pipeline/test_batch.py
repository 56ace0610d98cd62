"""Many papers in one run: what one of them does to a process costs no other paper."""

from multiprocessing import active_children
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
from conftest import Run
from drawn_pages import LINES, draw, jpeg_pdf
from hostile_pdfs import nested_forms
from killing import killing

from domain.errors import DamagedDocument, ToolFailed
from domain.models import Source
from ocr.files.sources import Limits, open_source
from ocr.recognition.recognize import ReadOptions
from pipeline.batch import ReadingPlan, read_papers

pytestmark = pytest.mark.tools

LIMITS = Limits(page_seconds=3)
PLAN = ReadingPlan(limits=LIMITS, options=ReadOptions(second_language=""), jobs=1)


def paper(*lines: str) -> Source:
    return open_source("a.pdf", jpeg_pdf(draw(lines or LINES)), limits=LIMITS)


def is_reader(process: BaseProcess) -> bool:
    """Whether it reads pages; the one that takes files apart is a daemon."""
    return not process.daemon


def test_a_paper_that_cannot_be_drawn_in_time_is_refused_and_the_others_are_read() -> None:
    papers = [paper(), open_source("b.pdf", nested_forms(5, 10), limits=LIMITS), paper(*LINES[:3])]

    first, bad, last = read_papers(papers, PLAN)

    assert "Độc lập" in first.pages[0].text
    assert isinstance(bad.error, DamagedDocument)
    assert "3 giây" in str(bad.error)
    assert "Căn cứ" in last.pages[0].text


def test_a_reader_that_is_killed_once_costs_no_paper() -> None:
    with killing(1, is_reader) as killed:
        read = list(read_papers([paper(), paper(*LINES[:3])], PLAN))

    assert len(killed) == 1
    assert ["Độc lập" in each.pages[0].text for each in read] == [True, True]


def test_a_reader_that_is_killed_again_and_again_costs_only_papers() -> None:
    with killing(2, is_reader) as killed:
        read = list(read_papers([paper(), paper(*LINES[:3])], PLAN))

    assert len(killed) == 2
    assert [each.error is None or isinstance(each.error, ToolFailed) for each in read] == [True, True]
    assert all(each.error is not None or "Độc lập" in each.pages[0].text for each in read)


def test_the_command_refuses_one_paper_in_one_line_and_goes_on(tmp_path: Path, sohoa: Run) -> None:
    folder = tmp_path / "HS"
    folder.mkdir()
    (folder / "a.pdf").write_bytes(nested_forms(5, 10))
    (folder / "b.pdf").write_bytes(jpeg_pdf(draw()))

    outcome = sohoa("digitize", folder, "--json", "--jobs", "1", SOHOA_INTAKE__PAGE_SECONDS="3")

    refused, read = outcome.objects
    assert outcome.code == 1
    assert refused["error"].startswith("Trang 1 mất hơn 3 giây")
    assert read["draft_id"]
    assert "Traceback" not in outcome.err


def test_reading_one_file_leaves_no_reader_behind_whose_end_would_be_told_to_the_clerk(
    tmp_path: Path, sohoa: Run
) -> None:
    (tmp_path / "a.pdf").write_bytes(jpeg_pdf(draw()))

    outcome = sohoa("recognize", tmp_path / "a.pdf", "--jobs", "1")

    assert "Độc lập" in outcome.out
    assert not [each for each in active_children() if is_reader(each)]

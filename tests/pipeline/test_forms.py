"""The three forms of issue, and what is not issued."""

import json
import subprocess
from pathlib import Path

import pytest
from conftest import Run
from tools.verapdf.judge import VeraPdf

from domain.models import IssueForm
from ocr.symbols.codes import find_codes
from pipeline.desk import published_keys
from pipeline.promise import make_promise
from pipeline.services import open_services
from pipeline.shelf import load_draft
from signing.seal import read_seal

pytestmark = pytest.mark.tools

FORMS = {
    "certified_copy": ("Bản sao điện tử được chứng thực", ["Certifier", "Agency"], "LỜI CHỨNG"),
    "register_copy": ("Bản sao điện tử cấp từ sổ gốc", ["Certifier", "Agency"], "CẤP TỪ SỔ GỐC"),
    "digitized": ("Bản số hóa", ["Scanner"], ""),
}


def text_of(pdf: Path, page: int) -> str:
    """Return the text of a page as another program reads it."""
    command = ["pdftotext", "-layout", "-f", str(page), "-l", str(page), str(pdf), "-"]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


def codes_on(pdf: Path, page: int, folder: Path) -> list[str]:
    """Return what the codes say that can be seen on a page."""
    command = ["pdftoppm", "-png", "-r", "200", "-f", str(page), "-l", str(page), str(pdf), str(folder / "page")]
    subprocess.run(command, check=True, timeout=60)
    (picture,) = folder.glob("page*.png")
    return [code.text for code in find_codes(picture.read_bytes())]


@pytest.mark.parametrize("form", FORMS)
def test_each_form_goes_the_whole_road(
    form: str, at_desk: Run, drafts: list[str], verapdf: VeraPdf, tmp_path: Path
) -> None:
    done = at_desk("certify", drafts[0], "--form", form, "--json").objects[0]

    pdf = Path(done["file"])
    (answer,) = at_desk("verify", pdf, "--json").objects
    words, signers, title = FORMS[form]
    pages = 2 if form == "digitized" else 3
    assert answer["verdict"] == "genuine"
    assert [each["field"] for each in answer["signatures"] if not each["timestamp"]] == signers
    assert verapdf.check(pdf.read_bytes()) == "PASS"
    assert words in text_of(pdf, 1)
    assert title in text_of(pdf, pages)
    assert codes_on(pdf, 1 if form == "digitized" else pages, tmp_path) == [done["url"]]


def test_the_certifier_signs_on_the_right_of_the_agency(at_desk: Run, drafts: list[str]) -> None:
    done = at_desk("certify", drafts[0], "--json").objects[0]

    headings = next(line for line in text_of(Path(done["file"]), 3).splitlines() if "CƠ QUAN CHỨNG THỰC" in line)
    assert headings.index("CƠ QUAN CHỨNG THỰC") < headings.index("CHỦ TỊCH")


def test_a_digitized_paper_has_no_number_and_each_book_counts_for_itself(at_desk: Run, drafts: list[str]) -> None:
    digitized = at_desk("certify", drafts[0], "--form", "digitized", "--json").objects[0]
    copied = at_desk("certify", drafts[1], "--form", "register_copy", "--json").objects[0]

    assert digitized["register_number"] == ""
    assert copied["register_number"].startswith("01/")
    assert [book["act"] for book in at_desk("register", "totals", "--json").objects] == ["SCBSĐT/SG"]


def test_a_try_that_failed_keeps_its_form_and_number(at_desk: Run, drafts: list[str], desk: Path) -> None:
    with open_services(home=desk) as services:
        make_promise(load_draft(drafts[0], services), IssueForm.REGISTER_COPY, services)

    other = at_desk("certify", drafts[0], "--form", "certified_copy", "--json")
    done = at_desk("certify", drafts[0], "--json").objects[0]

    assert other.code == 3
    assert "register_copy" in other.objects[0]["error"]
    assert done["register_number"] == f"01/{done['register_number'][3:7]}-SCBSĐT/SG"


def test_the_printed_size_of_the_code_is_a_setting(at_desk: Run, drafts: list[str]) -> None:
    wrong = at_desk("certify", drafts[0], "--json", SOHOA_LAYOUT__QR_SIDE_MM="5")

    assert wrong.code == 4
    assert "layout.qr_side_mm" in wrong.err


def test_a_refusal_is_recorded_and_kept(at_desk: Run, drafts: list[str], desk: Path) -> None:
    done = at_desk("certify", drafts[0], "--refuse", "22.1", "--reason", "số bị tẩy xóa", "--json")

    stored = max((desk / "store" / "drafts").rglob("draft.*"), key=lambda path: path.stat().st_mtime_ns)
    decision = json.loads(stored.read_text("utf-8").splitlines()[0])["decisions"][-1]
    assert (done.code, done.objects[0]["refused"]) == (0, ["22.1"])
    assert (decision["action"], decision["subject"], decision["after"]) == ("refuse", "22.1", "số bị tẩy xóa")
    assert decision["by"] == "Người Kiểm Thử"
    assert drafts[0] not in [draft["draft_id"] for draft in at_desk("review", "list", "--json").objects]
    assert at_desk("certify", drafts[0], "--json").code == 3


@pytest.mark.parametrize("arguments", [("--refuse", "22.9", "--reason", "x"), ("--refuse", "22.1")])
def test_a_refusal_needs_a_ground_of_the_law_and_a_reason(
    arguments: tuple[str, ...], at_desk: Run, drafts: list[str]
) -> None:
    assert at_desk("certify", drafts[0], *arguments).code == 3
    assert at_desk("certify", drafts[0], "--json").code == 0


def test_the_fields_of_article_26_stand_in_a_code_that_a_scanner_reads(
    at_desk: Run, drafts: list[str], tmp_path: Path
) -> None:
    done = at_desk("certify", drafts[0], "--json", SOHOA_ISSUE__ARTICLE_26="true").objects[0]

    (code,) = codes_on(Path(done["file"]), 3, tmp_path)
    outcome = at_desk("verify", code, "--offline", "--json")
    home = Path(at_desk("init", "--json").objects[0]["home"])
    seal = read_seal(code.partition("#")[2], published_keys(home))
    assert outcome.objects[0]["verdict"] == "genuine"
    assert seal.content is not None
    assert {"id", "ten", "ht", "luc"} <= set(seal.content.extra)

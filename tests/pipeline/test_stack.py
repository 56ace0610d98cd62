"""A scanned stack goes the whole road: split, filed, certified paper by paper, with nothing of one in another."""

import csv
import hashlib
import io
import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pdfplumber
import pikepdf
import pytest
from conftest import Outcome, run_sohoa

from domain.errors import DamagedDocument
from domain.models import Box, Draft, DraftStatus, Extraction, Filing, PageText, TextOrigin
from ocr.archive.digest import content_digest_of
from ocr.fields.kinds import KindLibrary
from ocr.files.sources import Limits, open_source, read_pages
from ocr.samples.stack import make_stack
from ocr.split import PageMarks, SplitOptions
from ocr.symbols.codes import Code, CodeUse, Separator, read_codes, separator_text
from pipeline.evidence import read_evidence
from pipeline.services import open_reader
from pipeline.stack import StackedPaper, is_whole, split_stack

PROCEDURE = "1.004884"


@dataclass(frozen=True, slots=True)
class Stacked:
    """A data directory in which a stack was digitized, and its papers certified."""

    home: Path
    file: Path
    digitized: list[dict[str, Any]]
    certified: list[dict[str, Any]]

    def run(self, *arguments: object) -> Outcome:
        return run_sohoa(self.home, *arguments)

    @property
    def truth(self) -> list[dict[str, Any]]:
        papers: list[dict[str, Any]] = json.loads(Path(f"{self.file}.truth.json").read_text("utf-8"))["papers"]
        return papers


@pytest.fixture(scope="module")
def stacked(tmp_path_factory: pytest.TempPathFactory) -> Stacked:
    folder = tmp_path_factory.mktemp("stack")
    home = folder / "home"
    (sample,) = run_sohoa(home, "sample", folder / "in", "--stack", "--json").objects
    file = Path(sample["file"])
    run_sohoa(home, "init")
    outcome = run_sohoa(home, "digitize", file, "--stack", "--procedure", PROCEDURE, "--owner-name", "Ai Đó", "--json")
    assert outcome.code == 0, outcome.err
    drafts = outcome.objects
    for draft in drafts:
        run_sohoa(home, "review", "approve", draft["draft_id"])
    certified = run_sohoa(home, "certify", *(draft["draft_id"] for draft in drafts), "--json")
    assert certified.code == 0, certified.err
    return Stacked(home, file, drafts, certified.objects)


@pytest.mark.tools
def test_each_paper_of_a_stack_becomes_a_draft_with_its_pages(stacked: Stacked) -> None:
    assert [(paper["kind"], paper["pages"]) for paper in stacked.digitized] == [
        ("decision", [2, 3]),
        ("birth_certificate", [6]),
        ("marital_status", [7]),
    ]
    assert [(paper["kind"], paper["pages"]) for paper in stacked.truth] == [
        (paper["kind"], paper["pages"]) for paper in stacked.digitized
    ]


@pytest.mark.tools
def test_a_stack_that_is_digitized_as_one_paper_waits_and_says_what_to_do(stacked: Stacked, tmp_path: Path) -> None:
    home = tmp_path / "home"
    run_sohoa(home, "init")

    said = run_sohoa(home, "digitize", stacked.file)

    (draft,) = run_sohoa(home, "review", "list", "--json").objects
    assert "nhiều giấy tờ (giấy khác bắt đầu ở trang 5, 7)" in said.out
    assert "sohoa digitize --stack" in said.out
    assert draft["status"] == "needs_review"


@pytest.mark.tools
def test_a_blank_page_is_left_out_and_said_and_stands_in_nobodys_way(stacked: Stacked) -> None:
    said = [problem for problem in stacked.digitized[0]["problems"] if problem["code"] == "blank_page_left_out"]

    assert [(problem["page"], problem["blocking"]) for problem in said] == [(4, False)]


@pytest.mark.tools
def test_papers_inherit_from_the_sheet_before_them_and_else_from_the_options(stacked: Stacked) -> None:
    shown = [stacked.run("review", "show", paper["draft_id"], "--json").objects[0] for paper in stacked.digitized]

    assert [(draft["owner_id"], draft["dossier"], draft["procedure"]) for draft in shown] == [
        (truth["owner_id"], dossier, PROCEDURE)
        for truth, dossier in zip(stacked.truth, ["TAP-01-01", "TAP-01-02", "TAP-01-02"], strict=True)
    ]
    assert {draft["owner_name"] for draft in shown} == {""}  # the name in the options is not that of these owners


@pytest.mark.tools
def test_fields_are_found_on_the_pages_of_the_stack(stacked: Stacked) -> None:
    for paper in stacked.digitized:
        pages = {field["page"] for field in paper["fields"].values() if field["page"]}
        assert pages <= set(paper["pages"])
        assert pages


@pytest.mark.tools
def test_a_stack_is_digitized_once(stacked: Stacked) -> None:
    again = stacked.run("digitize", stacked.file, "--stack", "--json")

    assert [(paper["status"], paper["draft_id"]) for paper in again.objects] == [
        ("duplicate", paper["draft_id"]) for paper in stacked.digitized
    ]
    assert again.code == 0


@pytest.mark.tools
def test_a_certified_paper_of_a_stack_holds_its_pages_and_no_others(stacked: Stacked) -> None:
    first, second, _ = stacked.certified
    stack = open_source("s.pdf", stacked.file.read_bytes(), limits=Limits())
    streams = {scan.image.number: scan.image.data for scan in read_pages(stack, limits=Limits())}

    for done, numbers in ((first, (2, 3)), (second, (6,))):
        with pikepdf.open(done["file"]) as pdf:
            images = [image.read_raw_bytes() for page in pdf.pages for image in _images(page)]
        assert images == [streams[number] for number in numbers]
    assert stacked.run("verify", first["file"], "--json").objects[0]["verdict"] == "genuine"
    assert stacked.run("verify", second["file"], "--json").objects[0]["verdict"] == "genuine"


@pytest.mark.tools
def test_the_text_of_each_page_lies_over_its_own_image(stacked: Stacked) -> None:
    first, second, third = stacked.truth

    with pdfplumber.open(stacked.certified[0]["file"]) as pdf:
        decision = [page.extract_text() for page in pdf.pages]
    with pdfplumber.open(stacked.certified[1]["file"]) as pdf:
        birth = pdf.pages[0].extract_text()
    assert first["fields"]["number"] in decision[0]
    assert "Điều 4" in decision[1]
    assert second["fields"]["holder_name"] in birth
    assert third["fields"]["number"] not in birth


@pytest.mark.tools
def test_nothing_of_other_papers_is_kept_with_a_paper(stacked: Stacked) -> None:
    stack = hashlib.sha256(stacked.file.read_bytes()).hexdigest()
    for done, paper in zip(stacked.certified, stacked.digitized, strict=True):
        (folder,) = (stacked.home / "store").glob(f"owners/*/*/{done['document_id']}/v1/content")
        evidence = read_evidence((folder / "evidence.json").read_bytes())
        source = (folder / evidence.source_file).read_bytes()

        assert hashlib.sha256(source).hexdigest() == evidence.source_sha256
        assert (evidence.stack_sha256, list(evidence.stack_pages)) == (stack, paper["pages"])
        assert content_digest_of(source) == evidence.content_sha256
        with pikepdf.open(io.BytesIO(source)) as pdf:
            assert len(pdf.pages) == len(paper["pages"])
        text = json.loads((folder / "text.json").read_bytes())
        assert [page["number"] for page in text] == list(range(1, len(paper["pages"]) + 1))


@pytest.mark.tools
def test_the_index_of_stacked_papers_is_rebuilt_the_same(stacked: Stacked, tmp_path: Path) -> None:
    home = tmp_path / "copied"
    shutil.copytree(stacked.home, home)
    before = run_sohoa(home, "warehouse", "list", "--all", "--json").out
    for path in home.glob("sohoa.db*"):
        path.unlink()

    assert run_sohoa(home, "reindex", "--json").code == 0
    assert run_sohoa(home, "warehouse", "list", "--all", "--json").out == before
    again = run_sohoa(home, "digitize", stacked.file, "--stack", "--json").objects
    assert [paper["status"] for paper in again] == ["duplicate"] * 3


@pytest.mark.tools
def test_a_sample_stack_is_always_the_same(stacked: Stacked) -> None:
    assert make_stack(1).data == stacked.file.read_bytes()


# ---------------------------------------------------------------- the rules, without recognition


def blank(number: int) -> PageText:
    return PageText(number=number, width=1, height=1, dpi=300, origin=TextOrigin.NONE, words=(), text="")


def sheet(separator: Separator) -> PageMarks:
    text = separator_text(separator)
    code = Code(text=text, format="QRCode", use=CodeUse.SEPARATOR, box=Box(0, 0, 1, 1))
    return PageMarks(codes=(code,), ink=0.2)


INKED = PageMarks(codes=(), ink=0.1)
EMPTY = PageMarks(codes=(), ink=0.0)
STACK = Filing(owner_id="070190999123", owner_name="Lê Thị Hương", dossier="D0", procedure="P0")


def papers(marks: Sequence[PageMarks]) -> list[StackedPaper | DamagedDocument]:
    pages = [blank(number) for number in range(1, len(marks) + 1)]
    by_number = dict(enumerate(marks, 1))
    return list(split_stack(pages, by_number, STACK, KindLibrary(kinds={}), options=SplitOptions()))


def test_the_owners_name_stays_where_the_sheet_names_the_same_owner_or_none() -> None:
    first, second, third = papers(
        [
            sheet(Separator(owner_id=STACK.owner_id, dossier="D1")),
            INKED,
            sheet(Separator()),
            INKED,
            sheet(Separator(owner_id="070190999124")),
            INKED,
        ]
    )

    assert isinstance(first, StackedPaper) and isinstance(second, StackedPaper) and isinstance(third, StackedPaper)
    assert (first.filing.owner_name, first.filing.dossier) == ("Lê Thị Hương", "D1")
    assert second.filing == STACK
    assert (third.filing.owner_id, third.filing.owner_name) == ("070190999124", "")
    assert [(paper.part, paper.parts) for paper in (first, second, third)] == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize(
    ("marks", "said"),
    [
        ([INKED, sheet(Separator()), EMPTY], "chỉ có trang trắng (trang 3)"),
        ([INKED, sheet(Separator())], "không có giấy nào"),
        ([EMPTY, EMPTY], "chỉ có trang trắng (trang 1, 2)"),
    ],
)
def test_where_a_paper_should_be_and_is_none_somebody_is_told(marks: list[PageMarks], said: str) -> None:
    failed = [paper for paper in papers(marks) if isinstance(paper, DamagedDocument)]

    assert [said in str(error) for error in failed] == [True]


def test_a_stack_of_which_a_killed_process_left_a_part_is_read_again() -> None:
    drafts = [stack_draft(part) for part in (1, 2, 3)]

    assert is_whole(drafts)
    assert not is_whole(drafts[:2])
    assert is_whole([drafts[0], stack_draft(2, DraftStatus.DISCARDED), drafts[2]])
    assert not is_whole([stack_draft(part, DraftStatus.DISCARDED) for part in (1, 2, 3)])
    assert not is_whole([])


def stack_draft(part: int, status: DraftStatus = DraftStatus.READY) -> Draft:
    return Draft(
        id=f"d{part}",
        source_name="s.pdf",
        source_sha256="0" * 64,
        media_type="application/pdf",
        page_numbers=(part,),
        part=part,
        parts=3,
        filing=Filing(),
        pages=(),
        extraction=Extraction(kind="unknown", kind_confidence=0, fields={}),
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
        created_by="x",
        status=status,
    )


# ---------------------------------------------------------------- separator sheets


def test_sheets_are_printed_from_a_list_and_read_again(home: Path, tmp_path: Path) -> None:
    listed, out = tmp_path / "list.csv", tmp_path / "sheets.pdf"
    with listed.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=";").writerows([("owner", "dossier"), ("070190999123", "H48.22"), ("", "H48.23")])

    (made,) = run_sohoa(home, "separators", out, "--csv", listed, "--procedure", PROCEDURE, "--json").objects

    source = open_source("sheets.pdf", out.read_bytes(), limits=Limits())
    codes = [{code.text for code in read_codes(scan.image)} for scan in read_pages(source, limits=Limits())]
    assert made == {"file": str(out), "sheets": 2}
    assert codes == [
        {separator_text(Separator(dossier="H48.22", owner_id="070190999123", procedure=PROCEDURE))},
        {separator_text(Separator(dossier="H48.23", procedure=PROCEDURE))},
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"dossier,chu\nA,B\n", "cột lạ «chu»"),
        (b"dossier,owner\nA,B,C\n", "thiếu hoặc thừa cột"),
        (b"", "dòng đầu"),
        (b"dossier\n", "không có dòng nào"),
        ("dossier\nHồ sơ".encode("utf-16"), "UTF-8"),
        (b"dossier\n" + b"A" * 200 + b"\n", "dài quá"),
    ],
)
def test_a_wrong_list_is_refused_with_what_is_wrong(content: bytes, said: str, home: Path, tmp_path: Path) -> None:
    listed = tmp_path / "list.csv"
    listed.write_bytes(content)

    outcome = run_sohoa(home, "separators", tmp_path / "sheets.pdf", "--csv", listed)

    assert (outcome.code, said in outcome.err) == (3, True)
    assert not (tmp_path / "sheets.pdf").exists()


def test_the_settings_say_how_stacks_are_split(tmp_path: Path) -> None:
    (tmp_path / "sohoa.toml").write_text("[split]\nby_titles = false\n", "utf-8")

    split = open_reader(home=tmp_path).settings.split

    assert (split.by_titles, split.most_ink) == (False, SplitOptions().most_ink)


def _images(page: pikepdf.Page) -> list[pikepdf.Stream]:
    return list(page.Resources.get("/XObject", {}).values())  # type: ignore[arg-type]  # streams, all of them

"""The register book: its lines, its totals, its closing, its voided numbers; the store knows all of it."""

import csv
import io
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from conftest import Run, run_sohoa
from tools.verapdf.judge import VeraPdf

from domain.errors import NotReady
from pipeline.promise import make_promise
from pipeline.register import choose_book, close_year, register_pdf, stored_closings, void_number
from pipeline.services import Services, open_services
from pipeline.shelf import load_draft

pytestmark = pytest.mark.tools

NEW_YEAR = datetime(2027, 1, 2, 3, tzinfo=UTC)
SUMMER = datetime(2026, 7, 1, 3, tzinfo=UTC)


@pytest.fixture
def services(desk: Path) -> Iterator[Services]:
    """The services over the test's own data directory, in the summer of 2026."""
    with open_services(home=desk, clock=lambda: SUMMER) as opened:
        yield opened


def text_of(pdf: bytes) -> str:
    """Return the text of a file as another program reads it."""
    return subprocess.run(
        ["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True, timeout=60
    ).stdout.decode()


def reserve(draft_id: str, services: Services) -> None:
    """Give a draft its number, as certifying does before it signs."""
    make_promise(load_draft(draft_id, services), None, services)


def test_the_register_is_listed_and_exported_and_printed(
    at_desk: Run, drafts: list[str], tmp_path: Path, verapdf: VeraPdf
) -> None:
    done = at_desk("certify", "--ready", "--json").objects

    listed = at_desk("register", "list", "--json").objects
    at_desk("register", "csv", "--out", tmp_path / "so.csv")
    at_desk("register", "print", "--out", tmp_path / "so.pdf")

    rows = list(csv.reader(io.StringIO((tmp_path / "so.csv").read_text("utf-8-sig"))))
    assert [line["document_id"] for line in listed] == [paper["document_id"] for paper in done]
    assert [line["number"] for line in listed] == [1, 2]
    assert [row[0] for row in rows[1:3]] == ["01", "02"]
    assert rows[3][0].startswith("Tổng số: 2 số; đã cấp 2")
    assert verapdf.check((tmp_path / "so.pdf").read_bytes()) == "PASS"


def test_a_voided_number_stays_visible_and_the_draft_gets_the_next(services: Services, drafts: list[str]) -> None:
    reserve(drafts[0], services)
    book = choose_book(services, year=2026)
    voided = void_number(1, "in hỏng", book, services)

    reserve(drafts[0], services)

    assert (voided.number, voided.void_reason) == (1, "in hỏng")
    (first, second) = run_sohoa(services.home, "register", "list", "--year", "2026", "--json").objects
    assert (first["state"], first["void_reason"]) == ("voided", "in hỏng")
    assert (second["state"], second["number"]) == ("reserved", 2)
    assert "in hỏng" in text_of(register_pdf(book, services))


def test_the_number_of_an_issued_copy_is_not_voided(at_desk: Run, drafts: list[str]) -> None:
    at_desk("certify", drafts[0])

    outcome = at_desk("register", "void", "1", "--reason", "nhầm")

    assert outcome.code == 3
    assert "sohoa withdraw" in outcome.err


def test_a_refused_paper_gives_its_number_back_as_voided(services: Services, drafts: list[str]) -> None:
    reserve(drafts[0], services)

    run_sohoa(services.home, "certify", drafts[0], "--refuse", "22.2", "--reason", "rách nát")

    (line,) = run_sohoa(services.home, "register", "list", "--year", "2026", "--json").objects
    assert (line["state"], line["void_reason"]) == ("voided", "từ chối chứng thực: rách nát")


def test_a_year_is_closed_when_it_is_over_and_nothing_is_open(
    services: Services, desk: Path, drafts: list[str]
) -> None:
    reserve(drafts[0], services)
    book = choose_book(services, year=2026)
    with pytest.raises(NotReady, match="31/12/2026"):
        close_year(book, services)
    with open_services(home=desk, clock=lambda: NEW_YEAR) as later:
        with pytest.raises(NotReady, match="giữ chỗ"):
            close_year(book, later)
        void_number(1, "hết năm", book, later)

        first, again = close_year(book, later), close_year(book, later)

        assert first == again == stored_closings(later)[0]
        assert (first.totals.numbers, first.totals.voided) == (1, 1)


def test_the_store_alone_brings_voids_and_closings_back(services: Services, desk: Path, drafts: list[str]) -> None:
    reserve(drafts[0], services)
    with open_services(home=desk, clock=lambda: NEW_YEAR) as later:
        book = choose_book(later, year=2026)
        void_number(1, "hết năm", book, later)
        close_year(book, later)
    before = run_sohoa(desk, "register", "totals", "--json").out
    lines = run_sohoa(desk, "register", "list", "--year", "2026", "--json").out
    services.database.close()
    for path in desk.glob("sohoa.db*"):
        path.unlink()

    run_sohoa(desk, "reindex")

    assert run_sohoa(desk, "register", "totals", "--json").out == before
    assert run_sohoa(desk, "register", "list", "--year", "2026", "--json").out == lines


def test_a_new_volume_goes_on_with_the_numbers(at_desk: Run, drafts: list[str]) -> None:
    at_desk("certify", drafts[0])
    at_desk("register", "volume")

    done = at_desk("certify", drafts[1], "--json").objects[0]

    (_, second) = at_desk("register", "list", "--json").objects
    assert done["register_number"].startswith("02/")
    assert second["book"].startswith("02/")


def test_a_book_that_is_not_there_is_named(at_desk: Run) -> None:
    outcome = at_desk("register", "list", "--year", "1999")

    assert outcome.code == 3
    assert "1999" in outcome.err

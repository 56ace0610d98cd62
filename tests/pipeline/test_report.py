"""The report of a verification to take along, from the command and from the public page."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Road
from fastapi.testclient import TestClient
from tools.verapdf.judge import VeraPdf

from pipeline.services import open_services
from portal.app import create_app

pytestmark = pytest.mark.tools


@pytest.fixture
def site(road: Road) -> Iterator[TestClient]:
    """The public site over the papers of the road."""
    with open_services(home=road.home) as services:
        yield TestClient(create_app(services))


def text_of(pdf: bytes) -> str:
    """Return the text of a file in one line, as another program reads it."""
    done = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True, timeout=60)
    return " ".join(done.stdout.decode().split())


def test_the_report_says_what_was_checked_against_what_with_which_result(
    road: Road, tmp_path: Path, verapdf: VeraPdf
) -> None:
    road.run("verify", road.file, "--report", tmp_path / "phieu.pdf")

    pdf = (tmp_path / "phieu.pdf").read_bytes()
    said = text_of(pdf)
    digest = road.certified[0]["sha256"]
    for words in (road.file.name, digest[:16], "sổ của nơi cấp", road.certified[0]["document_id"], "TRÌNH DIỄN"):
        assert words in said
    assert "khoản 2 Điều 6 Nghị định 23/2015/NĐ-CP" in said
    assert verapdf.check(pdf) == "PASS"


def test_the_report_for_programs_is_one_json_document(road: Road, tmp_path: Path) -> None:
    outcome = road.run("verify", road.file, "--report", tmp_path / "phieu.json")

    report = json.loads((tmp_path / "phieu.json").read_text("utf-8"))
    assert outcome.code == 0
    assert (report["format"], report["verdict"]) == ("sohoa-report/1", "genuine")
    assert report["subject"]["sha256"] == road.certified[0]["sha256"]
    assert "Điều 6" in report["rule"]
    assert {"against", "reasons", "signatures", "as_of", "checked_by"} <= set(report)


def test_an_altered_file_gets_a_report_without_the_rule(road: Road, tmp_path: Path) -> None:
    forged = tmp_path / "sửa đổi.pdf"
    forged.write_bytes(road.file.read_bytes() + b"x")

    outcome = road.run("verify", forged, "--report", tmp_path / "phieu.pdf")

    said = text_of((tmp_path / "phieu.pdf").read_bytes())
    assert outcome.code == 1
    assert "ĐÃ BỊ SỬA" in said
    assert "không được yêu cầu xuất trình bản chính" not in said


def test_a_report_of_an_offline_answer_says_that_no_register_was_asked(road: Road, tmp_path: Path) -> None:
    road.run("verify", road.certified[0]["url"], "--offline", "--report", tmp_path / "phieu.pdf")

    assert "không tra sổ" in text_of((tmp_path / "phieu.pdf").read_bytes())


def test_a_report_of_another_format_is_refused(road: Road, tmp_path: Path) -> None:
    assert road.run("verify", road.file, "--report", tmp_path / "phieu.doc").code == 2


def test_the_public_page_hands_out_the_report_with_names_masked(road: Road, site: TestClient) -> None:
    document_id = road.certified[1]["document_id"]

    page = site.get(f"/v/{document_id}")
    report = site.get(f"/v/{document_id}/report.pdf")

    assert f"/v/{document_id}/report.pdf" in page.text
    assert report.headers["content-type"] == "application/pdf"
    said = text_of(report.content)
    holder = road.digitized[1]["fields"]["holder_name"]["value"]
    assert document_id in said
    assert holder.lower() not in said.lower()


def test_a_compared_file_gets_its_report_on_the_public_page(road: Road, site: TestClient) -> None:
    report = site.post("/compare/report.pdf", files={"file": ("bản sao.pdf", road.file.read_bytes())})

    said = text_of(report.content)
    assert road.certified[0]["sha256"][:16] in said
    assert "TỆP THẬT" in said


def test_the_report_page_refuses_what_is_no_file(site: TestClient) -> None:
    assert site.post("/compare/report.pdf", files={"file": ("x.pdf", b"")}).status_code == 400

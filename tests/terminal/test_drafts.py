"""What a clerk reads of drafts: how sure a value is, why to look at it, who signed a file."""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from conftest import run_sohoa
from rich.console import Console
from stored_values import DRAFT

from domain.models import Decision, Draft, DraftStatus, Extraction, Field, Problem, Reason, SignatureReport
from pipeline.messages import load_messages
from pipeline.services import open_services
from terminal.drafts import chance, show_draft, show_pages
from terminal.screen import Screen
from terminal.signatures import signature_lines

MESSAGES = load_messages(ZoneInfo("Asia/Ho_Chi_Minh"))
Shown = Callable[[Draft], str]


@pytest.fixture
def shown(home: Path) -> Iterator[Shown]:
    """What is printed of a draft into a file."""
    assert run_sohoa(home, "init").code == 0
    with open_services(home=home) as services:

        def show(draft: Draft) -> str:
            out, err = io.StringIO(), io.StringIO()
            show_draft(Screen(out=Console(file=out), err=Console(file=err)), draft, services)
            return out.getvalue()

        yield show


def row(text: str, name: str) -> list[str]:
    return next(line.split("\t") for line in text.splitlines() if f"\t{name}\t" in line)


def read(*problems: Problem, **fields: Field) -> Extraction:
    return Extraction(kind="decision", kind_confidence=0.9999, fields=fields, problems=problems)


@pytest.mark.parametrize(
    ("probability", "said"),
    [(1.0, "> 99%"), (0.9951, "> 99%"), (0.9949, "99%"), (0.599, "59%"), (0.01, "1%"), (0.0, "< 1%")],
)
def test_what_is_not_certain_is_never_a_hundred_percent(probability: float, said: str) -> None:
    assert chance(probability) == said


def test_a_field_to_look_at_says_why_and_no_percentage(shown: Shown) -> None:
    doubtful = Field(name="signer_name", value="Nhật Tân", confidence=0.9999, doubtful=True)
    problem = Problem(code="name_unusual", field_name="signer_name")

    text = shown(replace(DRAFT, extraction=read(problem, signer_name=doubtful), decisions=()))

    assert row(text, "signer_name")[2:] == ["Nhật Tân", f"← xem lại: {MESSAGES.problem(problem)}"]
    assert text.count(MESSAGES.problem(problem)) == 1
    assert "100%" not in text


def test_a_field_without_a_problem_says_how_unsure_it_is(shown: Shown) -> None:
    unsure = Field(name="subject", value="V/v cấp phép", confidence=0.6, doubtful=True)
    unread = Field(name="number", value=None, confidence=0.0, doubtful=True)

    text = shown(replace(DRAFT, extraction=read(subject=unsure, number=unread), decisions=()))

    assert row(text, "subject")[3] == "← xem lại: đọc chưa chắc (60%)."
    assert row(text, "number")[2:] == ["—", "← xem lại: không đọc được."]


def test_what_a_person_decided_names_the_person_instead_of_a_percentage(shown: Shown) -> None:
    confirmed = Field(name="number", value="1/QĐ-UBND", confidence=0.4, doubtful=True, confirmed_by="Lan")
    blocking = Problem(code="two_papers", page=1)
    at = datetime(2026, 11, 21, tzinfo=UTC)
    decisions = (
        Decision(at=at, by="Lan", action="set", subject="kind", after="decision"),
        Decision(at=at, by="Lan", action="accept", subject="two_papers:1"),
    )
    draft = replace(DRAFT, extraction=read(blocking, number=confirmed), decisions=decisions, status=DraftStatus.READY)

    text = shown(draft)

    assert row(text, "number")[3] == "✓ Lan xác nhận"
    assert "(decision, Lan đã chọn)" in text
    assert f"✓ {MESSAGES.problem(blocking)}" in text
    assert f"! {MESSAGES.problem(blocking)}" in shown(replace(draft, decisions=decisions[:1]))


def test_pages_without_text_are_said_to_have_none() -> None:
    out, err = io.StringIO(), io.StringIO()
    blank = replace(DRAFT.pages[0], words=(), text="")

    show_pages(Screen(out=Console(file=out), err=Console(file=err)), (blank,), MESSAGES)

    assert not out.getvalue().strip()
    assert "không có chữ" in err.getvalue()


def signed(signer: str, *codes: str, minute: int = 0) -> SignatureReport:
    at = datetime(2026, 4, 29, 9, minute, 17, tzinfo=UTC)
    values = {"signer": signer, "time": at.isoformat(timespec="seconds")}
    problems = tuple(Reason(code=c, good=False, values={} if c == "file_unusual" else values) for c in codes)
    return SignatureReport(
        field_name="Signature1",
        signer=signer,
        issuer="CA",
        serial="01",
        revision=1,
        intact=True,
        trusted=not codes,
        signed_at=at,
        covers_whole_file=True,
        problems=problems,
    )


def test_each_signer_has_one_line_however_often_they_signed() -> None:
    problems = ("file_unusual", "certificate_untrusted", "timestamp_untrusted_root")
    reports = [signed("UBND", *problems, minute=minute) for minute in range(5)] + [signed("An", "file_unusual")]

    whole, often, once = signature_lines(reports, MESSAGES)

    assert whole.startswith("tệp có 6 chữ ký số: ")
    assert often.startswith("chữ ký của UBND (5 lần ký, lần cuối 16:04:17 29/04/2026): ")
    assert once == "chữ ký của An (16:00:17 29/04/2026): không có vấn đề riêng."
    assert not re.search(r"\.;|; ?\.|\+00:00", f"{whole}{often}{once}")
    assert list(signature_lines([signed("An")], MESSAGES)) == ["chữ ký của An (16:00:17 29/04/2026): hợp lệ."]

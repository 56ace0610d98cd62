from dataclasses import replace
from datetime import UTC, datetime
from importlib.resources import files

import pytest
from stored_values import DRAFT

from domain.errors import InputError, NotReady
from domain.models import Draft, DraftStatus, Extraction, Field, Problem
from ocr.fields.confidence import load_calibration
from ocr.fields.extract import ExtractOptions
from ocr.fields.kinds import KindLibrary, load_kinds
from ocr.lexicon.units import load_units
from pipeline.review import approve, discard, open_fields, open_problems, set_field, set_kind, settle

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def kinds() -> KindLibrary:
    return load_kinds(files("configs") / "kinds")


def draft(*problems: Problem, kind: str = "decision", **fields: Field) -> Draft:
    extraction = Extraction(kind=kind, kind_confidence=1.0, fields=fields, problems=problems)
    return settle(replace(DRAFT, extraction=extraction, decisions=()))


def doubtful(name: str, value: str | None = None) -> Field:
    return Field(name=name, value=value, confidence=0.4, doubtful=True)


def test_a_draft_without_doubt_is_ready() -> None:
    certain = Field(name="number", value="1/QĐ-UBND", confidence=1.0, doubtful=False)

    assert draft(number=certain).status is DraftStatus.READY


def test_what_a_person_typed_is_no_longer_open_and_is_recorded(kinds: KindLibrary) -> None:
    before = draft(issue_date=doubtful("issue_date", "2024-09-11"))

    after = set_field(before, "issue_date", "17/9/2024", by="Lan", at=NOW, kinds=kinds)

    assert after.extraction.fields["issue_date"].value == "2024-09-17"
    assert after.status is DraftStatus.READY
    assert after.revision == before.revision + 1
    (decision,) = after.decisions
    assert (decision.by, decision.subject, decision.before, decision.after) == (
        "Lan",
        "issue_date",
        "2024-09-11",
        "2024-09-17",
    )


def test_a_text_that_is_no_value_changes_nothing(kinds: KindLibrary) -> None:
    with pytest.raises(InputError):
        set_field(draft(), "issue_date", "hôm qua", by="Lan", at=NOW, kinds=kinds)


def test_a_field_that_the_kind_does_not_have_is_refused(kinds: KindLibrary) -> None:
    with pytest.raises(InputError):
        set_field(draft(), "holder_blood_group", "O", by="Lan", at=NOW, kinds=kinds)


def test_a_problem_about_a_field_is_settled_with_the_field(kinds: KindLibrary) -> None:
    before = draft(Problem(code="words_disagree", field_name="issue_date"), issue_date=doubtful("issue_date"))
    assert open_problems(before)

    after = set_field(before, "issue_date", "17/9/2024", by="Lan", at=NOW, kinds=kinds)

    assert open_problems(after) == ()


def test_approval_confirms_fields_accepts_problems_and_records_both() -> None:
    before = draft(Problem(code="copy_mark", page=1), number=doubtful("number", "2/QĐ-UBND"))

    after = approve(before, by="Lan", at=NOW)

    assert after.status is DraftStatus.READY
    assert [(d.action, d.subject) for d in after.decisions] == [
        ("confirm", "number"),
        ("accept", "copy_mark:1"),
        ("approve", ""),
    ]


def test_a_named_field_alone_may_be_confirmed() -> None:
    before = draft(number=doubtful("number", "2"), subject=doubtful("subject", "x"))

    after = approve(before, by="Lan", at=NOW, names=("number",))

    assert [field.name for field in open_fields(after)] == ["subject"]
    assert after.status is DraftStatus.NEEDS_REVIEW


def test_a_paper_of_unknown_kind_is_not_approved() -> None:
    with pytest.raises(NotReady):
        approve(draft(Problem(code="kind_unknown"), kind="unknown"), by="Lan", at=NOW)


def test_a_problem_that_does_not_block_leaves_a_draft_ready() -> None:
    assert draft(Problem(code="blank_page", page=2, blocking=False)).status is DraftStatus.READY


def test_a_discarded_draft_is_not_changed(kinds: KindLibrary) -> None:
    gone = discard(draft(), "quét nhầm", by="Lan", at=NOW)

    assert gone.status is DraftStatus.DISCARDED
    with pytest.raises(NotReady):
        set_field(gone, "number", "1", by="Lan", at=NOW, kinds=kinds)


def test_what_is_wrong_with_the_pages_and_the_stack_stays_when_a_person_says_what_kind_it_is(
    kinds: KindLibrary,
) -> None:
    configs = files("configs")
    options = ExtractOptions(
        calibration=load_calibration(configs / "calibration.toml"), units=load_units(configs / "units")
    )
    begins = Problem(code="paper_may_begin", page=2, values={"page": "2"})
    page = replace(DRAFT.pages[0], findings=("unreadable_page",))
    paper = replace(draft(begins, Problem(code="kind_unknown"), kind="unknown"), pages=(page,))

    known = set_kind(paper, "decision", by="Lan", at=NOW, kinds=kinds, options=options)

    assert {"paper_may_begin", "unreadable_page"} <= {problem.code for problem in open_problems(known)}
    assert "kind_unknown" not in {problem.code for problem in known.extraction.problems}

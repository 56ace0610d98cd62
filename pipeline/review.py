"""Review: a person decides what the machine was not certain of; every decision is kept."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from domain.errors import InputError, NotReady
from domain.models import Decision, Draft, DraftStatus, Extraction, Field, Problem
from ocr.fields.extract import ExtractOptions, check_value, extract
from ocr.fields.kinds import KindLibrary
from ocr.page.page_problems import reading_problems
from ocr.split import PROBLEMS as SPLIT_PROBLEMS

_OF_INTAKE = frozenset(
    {"already_in_warehouse", "unit_unknown", "unit_over", "procedure_unknown", "procedure_over", *SPLIT_PROBLEMS}
)
"""Problems that are not of what the pages say: reading the paper as another kind does not settle them."""
KIND = "kind"
"""The name under which a person sets the kind of a paper."""


def open_fields(draft: Draft) -> tuple[Field, ...]:
    """Return the fields that a person still has to look at."""
    return tuple(f for f in draft.extraction.fields.values() if f.needs_review)


def open_problems(draft: Draft) -> tuple[Problem, ...]:
    """Return the problems that stand in the way of certifying and that nobody has decided on."""
    accepted = {d.subject for d in draft.decisions if d.action == "accept"}
    return tuple(
        problem
        for problem in draft.extraction.problems
        if problem.blocking and _subject(problem) not in accepted and not _settled(problem, draft.extraction)
    )


def settle(draft: Draft) -> Draft:
    """Return the draft with the status that its open fields and problems give it."""
    if draft.status not in (DraftStatus.READY, DraftStatus.NEEDS_REVIEW):
        return draft
    done = not open_fields(draft) and not open_problems(draft)
    return replace(draft, status=DraftStatus.READY if done else DraftStatus.NEEDS_REVIEW)


def set_field(draft: Draft, name: str, text: str, *, by: str, at: datetime, kinds: KindLibrary) -> Draft:
    """Return the draft with a field as the person typed it, empty for "not stated on the paper".

    Raises:
        NotReady: The draft is certified or discarded.
        InputError: The kind has no such field, or the text is no value of it.
    """
    _require_open(draft)
    before = draft.extraction.fields.get(name)
    checked = check_value(kinds, draft.extraction.kind, name, text)
    if before is None:
        after = Field(name=name, value=checked or None, raw=text, confidence=1.0, doubtful=False, confirmed_by=by)
    else:
        after = replace(before, value=checked or None, confirmed_by=by)
    extraction = replace(draft.extraction, fields={**draft.extraction.fields, name: after})
    was = (before.value or "") if before is not None else ""
    decision = Decision(at=at, by=by, action="set", subject=name, before=was, after=after.value or "")
    return _decided(replace(draft, extraction=extraction), (decision,))


def set_kind(draft: Draft, kind: str, *, by: str, at: datetime, kinds: KindLibrary, options: ExtractOptions) -> Draft:
    """Return the draft read anew as a paper of this kind; what persons said of its fields before is kept.

    Raises:
        NotReady: The draft is certified or discarded.
        InputError: There is no such kind.
    """
    _require_open(draft)
    if kind not in kinds:
        raise InputError(f"Không có loại giấy tờ “{kind}”; các mã dùng được: {', '.join(kinds.kinds)}.")
    anew = extract(draft.pages, kinds, options=replace(options, kind=kind))
    kept = tuple(p for p in draft.extraction.problems if p.code in _OF_INTAKE)
    anew = replace(anew, problems=(*anew.problems, *reading_problems(draft.pages), *kept))
    confirmed = {n: f for n, f in draft.extraction.fields.items() if f.confirmed_by and n in anew.fields}
    decision = Decision(at=at, by=by, action="set", subject=KIND, before=draft.extraction.kind, after=kind)
    return _decided(replace(draft, extraction=replace(anew, fields={**anew.fields, **confirmed})), (decision,))


def approve(draft: Draft, *, by: str, at: datetime, names: Sequence[str] = ()) -> Draft:
    """Return the draft with its open fields confirmed as they stand and its open problems accepted.

    With names only these fields are confirmed.

    Raises:
        NotReady: The draft is certified or discarded, or its kind is not known.
        InputError: There is no such field.
    """
    _require_open(draft)
    if draft.extraction.kind == "unknown" and not names:
        raise NotReady(f"Bản nháp {draft.id} chưa rõ loại giấy tờ; chạy `sohoa review set {draft.id} kind=MÃ_LOẠI`.")
    if unknown := [name for name in names if name not in draft.extraction.fields]:
        raise InputError(f"Bản nháp {draft.id} không có trường {', '.join(unknown)}.")
    wanted = set(names) or {f.name for f in open_fields(draft)}
    confirmed = {n: replace(f, confirmed_by=by) if n in wanted else f for n, f in draft.extraction.fields.items()}
    decisions = [
        Decision(at=at, by=by, action="confirm", subject=n, before=f.value or "", after=f.value or "")
        for n, f in draft.extraction.fields.items()
        if n in wanted
    ]
    settled = replace(draft, extraction=replace(draft.extraction, fields=confirmed))
    if not names:
        accepted = [Decision(at=at, by=by, action="accept", subject=_subject(p)) for p in open_problems(settled)]
        decisions += [*accepted, Decision(at=at, by=by, action="approve")]
    return _decided(settled, decisions)


def discard(draft: Draft, reason: str, *, by: str, at: datetime) -> Draft:
    """Return the draft set aside; its scan stays in the store.

    Raises:
        NotReady: It is certified already.
    """
    _require_open(draft)
    gone = replace(draft, status=DraftStatus.DISCARDED)
    return _decided(gone, (Decision(at=at, by=by, action="discard", after=reason),))


def _decided(draft: Draft, decisions: Sequence[Decision]) -> Draft:
    return settle(replace(draft, revision=draft.revision + 1, decisions=(*draft.decisions, *decisions)))


def _require_open(draft: Draft) -> None:
    if draft.status is DraftStatus.CERTIFIED:
        raise NotReady(f"Bản nháp {draft.id} đã được chứng thực ({draft.document_id}), không sửa được nữa.")
    if draft.status is DraftStatus.DISCARDED:
        raise NotReady(f"Bản nháp {draft.id} đã bị loại bỏ; số hóa lại tệp để làm lại.")


def _subject(problem: Problem) -> str:
    return ":".join(filter(None, (problem.code, problem.field_name, str(problem.page or ""))))


def _settled(problem: Problem, extraction: Extraction) -> bool:
    """Whether a person has decided on the field that the problem is about."""
    about = extraction.fields.get(problem.field_name)
    return about is not None and bool(about.confirmed_by)

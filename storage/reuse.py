"""Reuse: whether a paper is already here, how often papers stood in for others, and what was passed on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import func, select

from domain.models import Record, RecordState
from storage.catalog import mark_dossier
from storage.database import Transaction, upsert
from storage.index import RecordFilter, find_record, list_records
from storage.owners import numbers_of
from storage.search import find_similar
from storage.tables import reuses, synchronizations
from storage.validity import state_on


class Likeness(StrEnum):
    """Why a paper that is here may be the one that somebody is about to scan."""

    SAME_CONTENT = "same_content"
    """The same page images."""
    SAME_SOURCE = "same_source"
    """The same file."""
    SAME_PAPER = "same_paper"
    """Pages that look the same, with the same number, date and holder: another scan of the same paper."""
    ALIKE = "alike"
    """Pages that look the same: another scan of the same paper, or another paper of the same form."""
    SAME_KIND = "same_kind"
    """The same owner and kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What is known of a paper before it is scanned, or of its scan; an empty part is not looked for."""

    owner_id: str = ""
    kind: str = ""
    content_sha256: str = ""
    source_sha256: str = ""
    page_hashes: Sequence[int] = ()
    """Perceptual hash of each page image, 64 bits, unsigned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentPaper:
    """A paper that is here already."""

    record: Record
    likeness: Likeness
    in_force: bool
    """On the day that was asked about."""


class ReuseWay(StrEnum):
    """How a paper was used again."""

    FOUND = "found"
    """Found at intake: not scanned again."""
    REFERENCE = "reference"
    """Resolved by another office."""
    AUTOFILL = "autofill"
    """Its fields filled a form."""


def find_present(transaction: Transaction, intake: Intake, *, today: date) -> tuple[PresentPaper, ...]:
    """Return the papers that are here already, the surest likeness first; each paper once."""
    found: dict[str, tuple[Record, Likeness]] = {}

    def add(records: Sequence[Record], likeness: Likeness) -> None:
        for record in records:
            found.setdefault(record.id, (record, likeness))

    if intake.content_sha256:
        chosen = RecordFilter(content_sha256=intake.content_sha256)
        add(list_records(transaction, chosen).records, Likeness.SAME_CONTENT)
    if intake.source_sha256:
        chosen = RecordFilter(source_sha256=intake.source_sha256)
        add(list_records(transaction, chosen).records, Likeness.SAME_SOURCE)
    for paper in find_similar(transaction, intake.page_hashes):
        # A paper of which one page in many looks alike, say a back side with a form's text, is another paper.
        if paper.pages * 2 > len(intake.page_hashes):
            add([find_record(transaction, paper.document_id)], Likeness.ALIKE)
    if intake.owner_id and intake.kind:
        chosen = RecordFilter(owner_ids=numbers_of(transaction, intake.owner_id), kind=intake.kind)
        add(list_records(transaction, chosen).records, Likeness.SAME_KIND)
    return tuple(
        PresentPaper(record=record, likeness=likeness, in_force=state_on(record, today) is RecordState.IN_FORCE)
        for record, likeness in found.values()
    )


def count_reuse(
    transaction: Transaction,
    document_id: str,
    way: ReuseWay,
    *,
    unit: str,
    procedure: str = "",
    dossier: str = "",
    now: datetime,
) -> None:
    """Count that a paper was used again; its new dossier counts as one that reused."""
    row = {"document_id": document_id, "way": way.value, "at": now}
    transaction.execute(reuses.insert().values(row | {"unit": unit, "procedure": procedure, "dossier": dossier}))
    if dossier:
        mark_dossier(transaction, dossier, reused=True)


def reuse_counts(transaction: Transaction, document_id: str) -> dict[ReuseWay, int]:
    """Return by way how often a paper was used again."""
    query = select(reuses.c.way, func.count()).where(reuses.c.document_id == document_id).group_by(reuses.c.way)
    return {ReuseWay(way): count for way, count in transaction.execute(query)}


def mark_synchronization(
    transaction: Transaction, document_id: str, target: str, state: str, *, note: str = "", now: datetime
) -> None:
    """Record whether a paper was passed on.

    Args:
        target: Name of the system, e.g. `dvcqg`.
        state: `waiting`, `done` or `failed`.
    """
    if state not in ("waiting", "done", "failed"):
        raise ValueError(f"no state of a synchronization: {state}")
    row = {"document_id": document_id, "target": target, "state": state, "note": note, "at": now}
    upsert(transaction, synchronizations, row, keys=["document_id", "target"])


def list_unsynchronized(transaction: Transaction, target: str, *, limit: int = 100) -> tuple[str, ...]:
    """Return the papers that are still to be passed on, those that wait longest first."""
    c = synchronizations.c
    waiting = select(c.document_id).where(c.target == target, c.state.in_(("waiting", "failed")))
    return tuple(transaction.execute(waiting.order_by(c.at, c.document_id).limit(limit)).scalars())

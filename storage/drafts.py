"""Drafts: what was read and waits for a person or for its certification."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import RowMapping, delete, select

from domain.errors import NotReady, UnknownDocument
from domain.models import Draft, DraftStatus
from storage.database import Transaction, upsert
from storage.tables import drafts


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftSummary:
    """A line in a list of drafts."""

    id: str
    revision: int
    status: DraftStatus
    kind: str
    owner_id: str
    owner_name: str
    dossier: str
    procedure: str
    unit: str
    source_name: str
    source_sha256: str
    page_numbers: tuple[int, ...]
    """Pages of the source, from 1."""
    created_at: datetime
    created_by: str
    document_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftFilter:
    """Which drafts to list; an empty part does not restrict."""

    statuses: Sequence[DraftStatus] = ()
    owner_id: str = ""
    dossier: str = ""
    unit: str = ""
    source_sha256: str = ""


_SUMMARY = [column for column in drafts.c if column.name not in {"payload", "pages", "page_count"}]


def save_draft(transaction: Transaction, draft: Draft, payload: str) -> None:
    """Save a revision of a draft; the same revision with the same payload may be saved again.

    Args:
        payload: The whole draft, serialized by the caller; kept as it is.

    Raises:
        NotReady: another person saved this revision or a later one meanwhile.
    """
    stored = transaction.execute(
        select(drafts.c.revision, drafts.c.payload).where(drafts.c.id == draft.id).with_for_update()
    ).one_or_none()
    if stored is not None and stored.revision >= draft.revision:
        if stored.revision == draft.revision and stored.payload == payload:
            return
        raise NotReady(f"Bản nháp {draft.id} vừa được người khác sửa. Xin vui lòng mở lại bản nháp rồi sửa tiếp.")
    values = {
        "id": draft.id,
        "revision": draft.revision,
        "status": draft.status.value,
        "kind": draft.extraction.kind,
        "owner_id": draft.filing.owner_id,
        "owner_name": draft.filing.owner_name,
        "dossier": draft.filing.dossier,
        "procedure": draft.filing.procedure,
        "unit": draft.filing.unit,
        "source_name": draft.source_name,
        "source_sha256": draft.source_sha256,
        "pages": " ".join(map(str, draft.page_numbers)),
        "page_count": len(draft.page_numbers),
        "created_at": draft.created_at,
        "created_by": draft.created_by,
        "document_id": draft.document_id,
        "payload": payload,
    }
    upsert(transaction, drafts, values, keys=["id"])


def load_draft(transaction: Transaction, draft_id: str) -> str:
    """Return the payload of a draft's last revision.

    Raises:
        UnknownDocument: no draft has this identifier.
    """
    payload: str | None = transaction.execute(select(drafts.c.payload).where(drafts.c.id == draft_id)).scalar()
    if payload is None:
        raise UnknownDocument(f"Không có bản nháp {draft_id}. Xin vui lòng xem lại mã bằng lệnh sohoa review list.")
    return payload


def list_drafts(
    transaction: Transaction, chosen: DraftFilter | None = None, *, limit: int = 100, offset: int = 0
) -> tuple[DraftSummary, ...]:
    """Return the drafts that the filter chooses, oldest first: who came first is served first."""
    chosen = chosen or DraftFilter()
    query = select(*_SUMMARY, drafts.c.pages).order_by(drafts.c.created_at, drafts.c.id).limit(limit).offset(offset)
    if chosen.statuses:
        query = query.where(drafts.c.status.in_([status.value for status in chosen.statuses]))
    for name in ("owner_id", "dossier", "unit", "source_sha256"):
        if wanted := getattr(chosen, name):
            query = query.where(drafts.c[name] == wanted)
    return tuple(_summary(row._mapping) for row in transaction.execute(query))


def find_drafts_by_source(transaction: Transaction, source_sha256: str) -> tuple[DraftSummary, ...]:
    """Return the drafts that were read from a file with this digest, so that it is not read twice."""
    return list_drafts(transaction, DraftFilter(source_sha256=source_sha256), limit=1000)


def delete_draft(transaction: Transaction, draft_id: str) -> bool:
    """Delete a draft, e.g. after its retention; return whether it was there."""
    return transaction.execute(delete(drafts).where(drafts.c.id == draft_id)).rowcount == 1


def _summary(row: RowMapping) -> DraftSummary:
    values = dict(row)
    pages = tuple(int(number) for number in values.pop("pages").split())
    return DraftSummary(**{**values, "status": DraftStatus(values["status"])}, page_numbers=pages)

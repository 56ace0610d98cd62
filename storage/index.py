"""The index of certified papers: rows that mirror what the store holds."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zlib import crc32

from sqlalchemy import Row, Select, delete, select, tuple_, update

from domain.errors import InputError, UnknownDocument
from domain.models import Filing, IssueForm, PadesLevel, Record, RecordState
from domain.vietnamese import fold
from storage.database import Transaction, insert_missing, upsert_many
from storage.search_index import clear_lexemes, forget_lexemes, lexemes_of, write_hashes, write_lexemes
from storage.tables import records, status_places

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_STATE_COLUMNS = ("state", "state_reason", "state_at", "superseded_by")


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexEntry:
    """A record and what else of its paper can be searched for."""

    record: Record
    text: str = ""
    """The whole text of the paper."""
    source_sha256: str = ""
    """Of the file that was digitized."""
    page_hashes: tuple[int, ...] = ()
    """Perceptual hash of each page image, 64 bits, unsigned."""
    object_key: str = ""
    """Where the paper's object is in the store."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFilter:
    """Which records to list; an empty part does not restrict."""

    owner_id: str = ""
    owner_ids: tuple[str, ...] = ()
    """Any of these, e.g. the present number of an owner and the old ones."""
    kind: str = ""
    number: str = ""
    """Of the paper, as printed; compared without case, diacritics and blanks."""
    issue_date: str = ""
    """ISO, possibly partial: `2023` finds the whole year."""
    issuer: str = ""
    issuers: tuple[str, ...] = ()
    """Any of these, e.g. the names of the units that an issuer came from."""
    dossier: str = ""
    unit: str = ""
    states: tuple[RecordState, ...] = ()
    sha256: str = ""
    """Of the signed file."""
    content_sha256: str = ""
    source_sha256: str = ""
    draft_id: str = ""
    certified_from: datetime | None = None
    certified_before: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPage:
    """A part of a list of records."""

    records: tuple[Record, ...]
    next: str
    """Where the next part begins, empty at the end; to be handed back as `after`."""


def save_record(transaction: Transaction, entry: IndexEntry) -> None:
    """Put a record into the index, or replace what the index has of it."""
    save_records(transaction, [entry])


def save_records(transaction: Transaction, entries: Iterable[IndexEntry], *, batch: int = 500) -> int:
    """Put many records into the index, as `reindex` does; return how many."""
    total, waiting = 0, list[IndexEntry]()
    for entry in entries:
        waiting.append(entry)
        total += 1
        if len(waiting) >= batch:
            _save_batch(transaction, waiting)
            waiting = []
    _save_batch(transaction, waiting)
    return total


def clear_index(transaction: Transaction) -> None:
    """Forget all records, so that they can be read anew from the store; the register and the drafts stay."""
    clear_lexemes(transaction)
    transaction.execute(delete(records))


def delete_record(transaction: Transaction, document_id: str) -> bool:
    """Take a record out of the index, e.g. after its lawful deletion from the store; return whether it was there."""
    place: int | None = transaction.execute(select(records.c.seq).where(records.c.id == document_id)).scalar()
    if place is None:
        return False
    forget_lexemes(transaction, [place])
    transaction.execute(delete(records).where(records.c.seq == place))
    return True


def find_record(transaction: Transaction, document_id: str) -> Record:
    """Return the record of a document.

    Raises:
        UnknownDocument: the index has no such record.
    """
    row = transaction.execute(select(records).where(records.c.id == document_id)).one_or_none()
    if row is None:
        raise UnknownDocument(f"Không có giấy tờ mang mã {document_id}. Xin vui lòng kiểm tra lại mã.")
    return read_record(row)


def find_object_key(transaction: Transaction, document_id: str) -> str:
    """Return where the object of a document is in the store.

    Raises:
        UnknownDocument: the index has no such record.
    """
    key: str | None = transaction.execute(select(records.c.object_key).where(records.c.id == document_id)).scalar()
    if key is None:
        raise UnknownDocument(f"Không có giấy tờ mang mã {document_id}. Xin vui lòng kiểm tra lại mã.")
    return key


def list_records(
    transaction: Transaction, chosen: RecordFilter | None = None, *, limit: int = 100, after: str = ""
) -> RecordPage:
    """Return the records that the filter chooses, newest first.

    Raises:
        InputError: `after` is not what an earlier page gave.
    """
    query = filter_records(select(records), chosen or RecordFilter())
    if after:
        moment, document_id = _read_cursor(after)
        query = query.where(tuple_(records.c.certified_at, records.c.id) < tuple_(moment, document_id))
    rows = transaction.execute(
        query.order_by(records.c.certified_at.desc(), records.c.id.desc()).limit(limit + 1)
    ).all()
    shown = rows[:limit]
    more = len(rows) > limit
    return RecordPage(records=tuple(map(read_record, shown)), next=_cursor(shown[-1]) if more else "")


def iterate_records(transaction: Transaction, chosen: RecordFilter | None = None) -> Iterator[Record]:
    """Yield all records that the filter chooses, newest first, a page at a time."""
    after = ""
    while True:
        page = list_records(transaction, chosen, limit=500, after=after)
        yield from page.records
        after = page.next
        if not after:
            return


def save_state(transaction: Transaction, record: Record) -> None:
    """Save state, reason, time and successor of a record.

    Raises:
        UnknownDocument: the index has no such record.
    """
    values = {name: getattr(record, name) for name in _STATE_COLUMNS}
    done = transaction.execute(update(records).where(records.c.id == record.id).values(values))
    if done.rowcount != 1:
        raise UnknownDocument(f"Không có giấy tờ mang mã {record.id}. Xin vui lòng kiểm tra lại mã.")


def filter_records(query: Select[Any], chosen: RecordFilter) -> Select[Any]:
    """Return the query with the conditions of the filter (the rows' types are those of the query)."""
    for name in ("owner_id", "kind", "dossier", "unit", "sha256", "content_sha256", "source_sha256", "draft_id"):
        if wanted := getattr(chosen, name):
            query = query.where(records.c[name] == wanted)
    if chosen.owner_ids:
        query = query.where(records.c.owner_id.in_(chosen.owner_ids))
    if chosen.number:
        query = query.where(records.c.number_key == number_key(chosen.number))
    if chosen.issuer:
        query = query.where(records.c.issuer_key == fold(chosen.issuer))
    if chosen.issuers:
        query = query.where(records.c.issuer_key.in_([fold(name) for name in chosen.issuers]))
    if chosen.issue_date:
        # The bound is right in every collation: the servers' orders differ in punctuation only.
        latest = chosen.issue_date if len(chosen.issue_date) >= 10 else chosen.issue_date + "-99"
        query = query.where(records.c.issue_date.between(chosen.issue_date, latest))
    if chosen.states:
        query = query.where(records.c.state.in_([state.value for state in chosen.states]))
    if chosen.certified_from:
        query = query.where(records.c.certified_at >= chosen.certified_from)
    if chosen.certified_before:
        query = query.where(records.c.certified_at < chosen.certified_before)
    return query


def number_key(number: str) -> str:
    """Return a paper's number in the form in which numbers are compared: `Số: 05 /QĐ-UBND` like `05/qd-ubnd`."""
    return fold(number).replace(" ", "").removeprefix("so:").removeprefix("so")


def _save_batch(transaction: Transaction, entries: list[IndexEntry]) -> None:
    if not entries:
        return
    by_id = {entry.record.id: entry for entry in entries}
    known = select(records.c.id, records.c.seq).where(records.c.id.in_(by_id))
    places = {row.id: row.seq for row in transaction.execute(known)}
    new = [entry.record for entry in by_id.values() if entry.record.id not in places]
    places.update(_new_places(transaction, new))
    rows = [_row(entry, places[entry.record.id]) for entry in by_id.values()]
    upsert_many(transaction, records, rows, keys=["id"])
    drawn = [
        {"status_index": entry.record.status_index, "draft_id": entry.record.draft_id}
        for entry in by_id.values()
        if entry.record.draft_id
    ]
    insert_missing(transaction, status_places, drawn)
    kept = list(by_id.values())
    write_lexemes(transaction, {places[e.record.id]: lexemes_of(e.record, e.text) for e in kept})
    write_hashes(transaction, {places[e.record.id]: e.page_hashes for e in kept})


def _new_places(transaction: Transaction, new: list[Record]) -> dict[str, int]:
    """Return where each new record stands: by time, the same after every rebuild as long as no two collide."""
    wanted = {record.id: _place(record) for record in new}
    occupied = select(records.c.seq).where(records.c.seq.in_(wanted.values()))
    taken = set(transaction.execute(occupied).scalars())
    places: dict[str, int] = {}
    for document_id, place in sorted(wanted.items()):
        while place in taken:
            place += 1
            if place not in taken and transaction.execute(select(records.c.seq).where(records.c.seq == place)).first():
                taken.add(place)
        taken.add(place)
        places[document_id] = place
    return places


def _place(record: Record) -> int:
    milliseconds = (record.certified_at - _EPOCH) // timedelta(milliseconds=1)
    return milliseconds * 4096 + crc32(record.id.encode()) % 4096


def _row(entry: IndexEntry, place: int) -> dict[str, Any]:
    record = entry.record
    return {
        "seq": place,
        "id": record.id,
        "draft_id": record.draft_id,
        "form": record.form.value,
        "owner_id": record.filing.owner_id,
        "owner_name": record.filing.owner_name,
        "dossier": record.filing.dossier,
        "procedure": record.filing.procedure,
        "unit": record.filing.unit,
        "kind": record.kind,
        "title": record.title,
        "number_key": number_key(record.fields.get("number", "")),
        "issue_date": record.fields.get("issue_date", "")[:10],
        "issuer_key": fold(record.fields.get("issuer", "")),
        "register_number": record.register_number,
        "certified_at": record.certified_at,
        "sha256": record.sha256,
        "content_sha256": record.content_sha256,
        "source_sha256": entry.source_sha256,
        "status_index": record.status_index,
        "state": record.state.value,
        "state_reason": record.state_reason,
        "state_at": record.state_at,
        "superseded_by": record.superseded_by,
        "valid_until": record.valid_until,
        "object_key": entry.object_key,
        "payload": _payload(record),
    }


def _payload(record: Record) -> str:
    values = {part.name: getattr(record, part.name) for part in fields(record) if part.name not in _STATE_COLUMNS}
    values["filing"] = asdict(record.filing)
    values["fields"] = dict(record.fields)
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"), default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} in a record")


def read_record(row: Row[Any]) -> Record:
    """Return the record of a row of the table `records`."""
    values: dict[str, Any] = json.loads(row.payload)
    valid_until, kept_until = values.pop("valid_until"), values.pop("kept_until", None)
    return Record(
        **{
            **values,
            "form": IssueForm(values["form"]),
            "level": PadesLevel(values["level"]),
            "filing": Filing(**values["filing"]),
            "certified_at": datetime.fromisoformat(values["certified_at"]),
        },
        valid_until=date.fromisoformat(valid_until) if valid_until else None,
        kept_until=date.fromisoformat(kept_until) if kept_until else None,
        state=RecordState(row.state),
        state_reason=row.state_reason,
        state_at=row.state_at,
        superseded_by=row.superseded_by,
    )


def _cursor(row: Row[Any]) -> str:
    return f"{row.certified_at.isoformat()} {row.id}"


def _read_cursor(text: str) -> tuple[datetime, str]:
    moment, _, document_id = text.partition(" ")
    try:
        return datetime.fromisoformat(moment), document_id
    except ValueError as error:
        raise InputError("Số trang không hợp lệ. Xin vui lòng mở lại danh sách từ trang đầu.") from error

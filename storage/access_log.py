"""The access log: who looked at what, why and when; entries are only added, each chained to the one before."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, func, select

from domain.errors import ObjectCorrupt, UnknownDocument
from storage.database import Transaction, insert_missing
from storage.merkle import append_leaf, consistency_proof, inclusion_proof, leaf_hash, tree_root
from storage.tables import log_entries, log_heads, log_nodes

_LOCK = 7_640_113
"""Arbitrary, the same in all processes: PostgreSQL's advisory lock under which entries get their numbers."""
_START = bytes(32)
"""What the first entry is chained to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What somebody did, or tried to do."""

    actor: str
    """Account of the person or system."""
    office: str = ""
    """Code of their unit."""
    action: str
    """Verb of the system, e.g. `view`, `download`, `share`, `resolve`, `correct`."""
    document_id: str = ""
    owner_id: str = ""
    """Whose data it was about."""
    purpose: str = ""
    outcome: str = "done"
    """`done` or `refused`."""
    detail: str = ""
    """Reference, dossier code or code of a refusal; never values of fields."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    """An access as it stands in the log."""

    number: int
    """From 0, without gap."""
    at: datetime
    access: Access
    previous: bytes
    """Hash of the entry before it; 32 zero bytes for the first."""

    @property
    def hash(self) -> bytes:
        """Hash of the entry as a leaf of the Merkle tree: over its line."""
        return leaf_hash(log_line(self).encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class LogHead:
    """The state of the log at a time, to be kept elsewhere: whoever holds it notices any later change before it."""

    size: int
    root: bytes
    at: datetime
    signature: bytes = b""

    @property
    def statement(self) -> bytes:
        """The bytes that are signed."""
        return f"sohoa access log\n{self.size}\n{self.root.hex()}\n{_time_text(self.at)}\n".encode()


def lock_log(transaction: Transaction) -> None:
    """Let nobody else add entries before this transaction ends."""
    if transaction.dialect.name == "postgresql":
        transaction.execute(select(func.pg_advisory_xact_lock(_LOCK)))


def append_log(transaction: Transaction, access: Access, *, now: datetime) -> LogEntry:
    """Add an entry; it counts when the transaction is committed."""
    lock_log(transaction)
    size = log_size(transaction)
    previous = _node(transaction, 0, size - 1) if size else _START
    entry = LogEntry(number=size, at=now.astimezone(UTC), access=access, previous=previous)
    _write(transaction, [entry])
    return entry


def log_size(transaction: Transaction) -> int:
    """Return the number of entries that were ever written."""
    last: int | None = transaction.execute(select(func.max(log_nodes.c.place)).where(log_nodes.c.level == 0)).scalar()
    return 0 if last is None else last + 1


def has_entry(transaction: Transaction, document_id: str, action: str) -> bool:
    """Return whether something was done with a document."""
    c = log_entries.c
    query = select(c.number).where(c.document_id == document_id, c.action == action).limit(1)
    return transaction.execute(query).first() is not None


def details_of(transaction: Transaction, actions: Collection[str], *, document_id: str = "") -> frozenset[str]:
    """Return the first word of the detail of all entries of some actions, e.g. the references that were asked for.

    Args:
        document_id: Only of entries about this paper.
    """
    query = select(log_entries.c.detail).where(log_entries.c.action.in_(actions)).distinct()
    if document_id:
        query = query.where(log_entries.c.document_id == document_id)
    return frozenset(detail.partition(" ")[0] for detail in transaction.execute(query).scalars())


def hash_of_entry(transaction: Transaction, number: int) -> bytes:
    """Return the hash of the entry with a number, nothing where the log has none."""
    query = select(log_nodes.c.hash).where(log_nodes.c.level == 0, log_nodes.c.place == number)
    value: bytes | None = transaction.execute(query).scalar()
    return b"" if value is None else bytes(value)


def log_root(transaction: Transaction, size: int | None = None) -> bytes:
    """Return the root of the Merkle tree over the first `size` entries, or over all."""
    size = log_size(transaction) if size is None else size
    return tree_root(size, lambda level, place: _node(transaction, level, place))


def prove_entry(transaction: Transaction, number: int, size: int | None = None) -> tuple[bytes, ...]:
    """Return the inclusion proof of an entry in the tree over the first `size` entries, or over all."""
    size = log_size(transaction) if size is None else size
    return inclusion_proof(number, size, lambda level, place: _node(transaction, level, place))


def prove_growth(transaction: Transaction, old_size: int, size: int | None = None) -> tuple[bytes, ...]:
    """Return the proof that the log of `old_size` entries is a part of that of `size`, or of all."""
    size = log_size(transaction) if size is None else size
    return consistency_proof(old_size, size, lambda level, place: _node(transaction, level, place))


def list_log(
    transaction: Transaction,
    *,
    owner_id: str = "",
    document_id: str = "",
    before: int | None = None,
    limit: int = 100,
) -> tuple[LogEntry, ...]:
    """Return entries, newest first: those of an owner, for the owner to read; of a document; or all.

    Args:
        before: Only entries with a smaller number, to read on.
    """
    query = select(log_entries).order_by(log_entries.c.number.desc()).limit(limit)
    if owner_id:
        query = query.where(log_entries.c.owner_id == owner_id)
    if document_id:
        query = query.where(log_entries.c.document_id == document_id)
    if before is not None:
        query = query.where(log_entries.c.number < before)
    return tuple(entry_of(row) for row in transaction.execute(query))


def sign_head(transaction: Transaction, sign: Callable[[bytes], bytes] | None = None, *, now: datetime) -> LogHead:
    """Return the present state of the log, signed if a signer is given, and keep it."""
    head = LogHead(size=log_size(transaction), root=log_root(transaction), at=now.astimezone(UTC))
    if sign is not None:
        head = replace(head, signature=sign(head.statement))
    insert_missing(transaction, log_heads, [asdict(head)])
    return head


def list_heads(transaction: Transaction) -> tuple[LogHead, ...]:
    """Return the states that were kept, oldest first."""
    rows = transaction.execute(select(log_heads).order_by(log_heads.c.size))
    return tuple(LogHead(**row._mapping) for row in rows)


def log_line(entry: LogEntry) -> str:
    """Return the entry as its one line of JSON, without line end: what is hashed and what is kept in the store."""
    values = {
        **asdict(entry.access),
        "number": entry.number,
        "at": _time_text(entry.at),
        "previous": entry.previous.hex(),
    }
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def export_log(transaction: Transaction, first: int = 0, last: int | None = None) -> Iterator[str]:
    """Yield the lines of the entries from `first` up to, without, `last`, for a segment in the store."""
    last = log_size(transaction) if last is None else last
    for start in range(first, last, 500):
        c = log_entries.c
        query = select(log_entries).where(c.number >= start, c.number < min(start + 500, last)).order_by(c.number)
        for row in transaction.execute(query):
            yield log_line(entry_of(row))


def restore_log(transaction: Transaction, lines: Iterable[str]) -> int:
    """Put entries back from the lines of segments, in order; return how many were new.

    Raises:
        ObjectCorrupt: a line is none of ours, does not follow the one before, or contradicts the log.
    """
    size = log_size(transaction)
    previous = _node(transaction, 0, size - 1) if size else _START
    waiting, total = list[LogEntry](), 0
    for line in lines:
        entry = _read_line(line)
        if entry.number < size:
            if _node(transaction, 0, entry.number) != entry.hash:
                raise ObjectCorrupt(_broken(entry.number))
            continue
        if entry.number != size + total or entry.previous != previous:
            raise ObjectCorrupt(_broken(entry.number))
        previous = entry.hash
        waiting.append(entry)
        total += 1
        if len(waiting) == 1000:
            _write(transaction, waiting)
            waiting = []
    _write(transaction, waiting)
    return total


def entry_of(row: Row[Any]) -> LogEntry:
    """Return the entry of a row of the table `log_entries`."""
    names = Access.__dataclass_fields__
    access = Access(**{name: row._mapping[name] for name in names})
    return LogEntry(number=row.number, at=row.at, access=access, previous=bytes(row.previous))


def _write(transaction: Transaction, entries: list[LogEntry]) -> None:
    rows: list[dict[str, Any]] = []
    made: dict[tuple[int, int], bytes] = {}

    def read(level: int, place: int) -> bytes:
        return made.get((level, place)) or _node(transaction, level, place)

    for entry in entries:
        for level, place, value in append_leaf(entry.number, entry.hash, read):
            made[level, place] = value
        rows.append({**asdict(entry.access), "number": entry.number, "at": entry.at, "previous": entry.previous})
    if rows:
        transaction.execute(log_entries.insert(), rows)
        nodes = [{"level": level, "place": place, "hash": value} for (level, place), value in made.items()]
        transaction.execute(log_nodes.insert(), nodes)


def _node(transaction: Transaction, level: int, place: int) -> bytes:
    value: bytes | None = transaction.execute(
        select(log_nodes.c.hash).where(log_nodes.c.level == level, log_nodes.c.place == place)
    ).scalar()
    if value is None:
        raise UnknownDocument(f"Nhật ký truy cập không có dòng số {place << level}. Xin vui lòng kiểm tra lại số dòng.")
    return bytes(value)


def _read_line(line: str) -> LogEntry:
    try:
        values = json.loads(line)
        names = Access.__dataclass_fields__
        entry = LogEntry(
            number=int(values["number"]),
            at=datetime.fromisoformat(values["at"]),
            access=Access(**{name: str(values[name]) for name in names}),
            previous=bytes.fromhex(values["previous"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise ObjectCorrupt("Tệp nhật ký truy cập trong kho bị hỏng. Xin vui lòng phục hồi từ bản sao lưu.") from error
    if log_line(entry) != line.rstrip("\n"):
        raise ObjectCorrupt(_broken(entry.number))
    return entry


def _broken(number: int) -> str:
    return f"Nhật ký truy cập bị đứt ở dòng số {number}. Xin vui lòng giữ nguyên hiện trạng và báo quản trị viên."


def _time_text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")

"""The access log: who looked at what; its state signed, every entry compared with the store and with kept states."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from domain.errors import DamagedDocument, ObjectCorrupt, ObjectExists, ObjectMissing
from pipeline.desk import open_seal_key, published_keys
from pipeline.journal import LOG, log_name, logged
from pipeline.serial import JsonObject
from pipeline.services import Services
from signing.statements import sign_statement, statement_holds
from storage.access_log import LogEntry as LogEntry
from storage.access_log import LogHead, export_log, list_heads, list_log, log_size, sign_head
from storage.database import Transaction
from storage.log_check import LogFault, LogProblem, verify_log
from storage.owners import numbers_of

HEADS = "access-log-heads"
"""The book of the store that keeps signed states of the log."""


class StoreFault(StrEnum):
    """What is wrong between the log in the database and its entries in the store."""

    STORE_DIFFERS = "store_differs"
    """The entry in the database is not the one that was stored."""
    STORE_MISSING = "store_missing"
    """The store has lost the entry."""
    STORE_DAMAGED = "store_damaged"
    HEAD_FORGED = "head_forged"
    """A state of the log that was handed in is not signed by a published key."""
    LATER = "database_behind"
    """The store has entries that the database lacks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogFinding:
    """Something that is wrong with the log."""

    fault: LogFault | StoreFault
    first: int
    """Number of the entry, or of the first that is concerned."""
    last: int
    moved_from: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LogCheck:
    """The answer to: is the log as it was written?"""

    size: int
    heads: int
    """So many kept states were compared."""
    findings: tuple[LogFinding, ...]


def read_log(
    services: Services, *, owner_id: str = "", document_id: str = "", limit: int = 100, before: int | None = None
) -> tuple[LogEntry, ...]:
    """Return who looked at the papers of an owner (by whatever number), or at one paper; newest first."""
    with services.database.reading() as transaction:
        numbers = numbers_of(transaction, owner_id) if owner_id else ("",)
        found = [
            entry
            for number in numbers
            for entry in list_log(transaction, owner_id=number, document_id=document_id, before=before, limit=limit)
        ]
    return tuple(sorted(found, key=lambda entry: entry.number, reverse=True)[:limit])


def sign_log(services: Services) -> LogHead:
    """Return the present state of the log, signed with the key of the seals; to be kept elsewhere.

    Raises:
        ConfigurationError: The key is not set up.
        StorageError: It could not be kept.
    """
    key = open_seal_key(services)
    with logged(services) as transaction:
        size = log_size(transaction)
        kept = {head.size: head for head in list_heads(transaction)}.get(size)
        if kept is not None and kept.signature:
            return kept
        head = sign_head(transaction, lambda statement: sign_statement(statement, key), now=services.clock())
        try:
            services.archive.store_entry(HEADS, log_name(size), json.dumps(head_object(head)).encode())
        except ObjectExists:
            return read_head(services.archive.load_entry(HEADS, log_name(size)))
        return head


def check_log(services: Services, heads_file: Path | None = None) -> LogCheck:
    """Compare the log with itself, with its entries in the store and with kept states.

    Args:
        heads_file: States that were kept elsewhere, one JSON object a line, as `sohoa log head --json` prints them.

    Raises:
        DamagedDocument: The file holds something else.
        StorageError: The store or the database cannot be read.
    """
    keys = published_keys(services.home)
    given = read_heads(heads_file) if heads_file is not None else ()
    forged = [head for head in given if not statement_holds(head.statement, head.signature, keys)]
    with services.database.reading() as transaction:
        size = log_size(transaction)
        kept = [*given, *list_heads(transaction), *_stored_heads(services)]
        sound = [head for head in kept if statement_holds(head.statement, head.signature, keys)]
        findings = [_finding(problem) for problem in verify_log(transaction, sound)]
        named = {(each.first, each.last) for each in findings}
        findings += [
            each for each in _against_store(transaction, size, services) if (each.first, each.last) not in named
        ]
    findings += [LogFinding(fault=StoreFault.HEAD_FORGED, first=0, last=max(head.size - 1, 0)) for head in forged]
    found = tuple(sorted(findings, key=lambda each: (each.first, each.last, each.fault)))
    return LogCheck(size=size, heads=len(sound), findings=found)


def head_object(head: LogHead) -> JsonObject:
    """Return a state of the log as it is printed and kept."""
    return {
        "size": head.size,
        "root": head.root.hex(),
        "at": head.at.isoformat(),
        "signature": head.signature.hex(),
    }


def read_head(line: str | bytes) -> LogHead:
    """Return the state of the log that a line tells of.

    Raises:
        DamagedDocument: It tells of none.
    """
    try:
        told = json.loads(line)
        return LogHead(
            size=int(told["size"]),
            root=bytes.fromhex(told["root"]),
            at=datetime.fromisoformat(told["at"]),
            signature=bytes.fromhex(told["signature"]),
        )
    except (ValueError, KeyError, TypeError) as e:
        raise DamagedDocument(
            "Dòng này không phải trạng thái nhật ký; dùng tệp do `sohoa log head --json` in ra."
        ) from e


def read_heads(path: Path) -> tuple[LogHead, ...]:
    """Return the states of the log in a file.

    Raises:
        DamagedDocument: The file cannot be read or holds something else.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as e:
        raise DamagedDocument(f"Không đọc được tệp trạng thái nhật ký {path}; kiểm tra lại đường dẫn.") from e
    return tuple(read_head(line) for line in lines if line.strip())


def _finding(problem: LogProblem) -> LogFinding:
    return LogFinding(fault=problem.fault, first=problem.first, last=problem.last, moved_from=problem.moved_from)


def _against_store(transaction: Transaction, size: int, services: Services) -> Iterator[LogFinding]:
    """Compare each entry with what the store keeps of it; neighbors with the same fault are told as one."""
    waiting: LogFinding | None = None
    for line in export_log(transaction, 0, size):
        number = int(json.loads(line)["number"])
        fault = _store_fault(number, line, services)
        if waiting is not None and fault is waiting.fault and number == waiting.last + 1:
            waiting = replace(waiting, last=number)
            continue
        if waiting is not None:
            yield waiting
        waiting = None if fault is None else LogFinding(fault=fault, first=number, last=number)
    if waiting is not None:
        yield waiting
    later = [int(name) for name in services.archive.entry_names(LOG) if name.isdigit() and int(name) >= size]
    if later:
        yield LogFinding(fault=StoreFault.LATER, first=size, last=max(later))


def _store_fault(number: int, line: str, services: Services) -> StoreFault | None:
    try:
        stored = services.archive.load_entry(LOG, log_name(number)).decode()
    except ObjectMissing:
        return StoreFault.STORE_MISSING
    except ObjectCorrupt:
        return StoreFault.STORE_DAMAGED
    return None if stored == line else StoreFault.STORE_DIFFERS


def _stored_heads(services: Services) -> Sequence[LogHead]:
    return [read_head(data) for data in services.archive.iterate_entries(HEADS)]

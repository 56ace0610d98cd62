"""The check of the access log: which entry was removed, changed or moved."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import select

from storage.access_log import LogEntry, LogHead, entry_of, log_root, log_size
from storage.database import Transaction
from storage.merkle import node_hash
from storage.tables import log_entries, log_nodes

_MOST_MOVED = 200
"""Damaged entries up to which it is told whether they changed places."""


class LogFault(StrEnum):
    """What is wrong with the log."""

    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"
    """The entry stands at another number."""
    ADDED = "added"
    """An entry that the tree does not know."""
    TREE = "tree"
    """An inner hash of the tree was changed; the entries below it are as their own hashes say."""
    REWRITTEN = "rewritten"
    """The entries agree with each other but not with a head that was kept elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogProblem:
    """A place where the log is not what it was."""

    fault: LogFault
    first: int
    """Number of the entry, or of the first that is concerned."""
    last: int
    """Number of the last entry that is concerned."""
    moved_from: int | None = None
    """Where the entry that stands here was written."""


def verify_log(transaction: Transaction, heads: Sequence[LogHead] = ()) -> tuple[LogProblem, ...]:
    """Return what is wrong with the log, in its order; empty where it is as it was written.

    Args:
        heads: States of the log that were kept out of reach of those who could change the database. Without any, a
            forger who rewrites all hashes up to the last entry is not found out.
    """
    size = log_size(transaction)
    problems = list(_check_entries(transaction, size))
    problems += _check_nodes(transaction, size)
    if not problems:
        problems += _check_heads(transaction, size, heads)
    return tuple(sorted(problems, key=lambda problem: (problem.first, problem.last)))


def _check_entries(transaction: Transaction, size: int) -> Iterator[LogProblem]:
    expected = 0
    damaged: list[tuple[LogEntry, bytes]] = []
    for entry, written in _entries(transaction):
        if entry.number > expected:
            yield LogProblem(fault=LogFault.REMOVED, first=expected, last=min(entry.number, size) - 1)
        expected = entry.number + 1
        if written is None:
            yield LogProblem(fault=LogFault.ADDED, first=entry.number, last=entry.number)
        elif entry.hash != written:
            damaged.append((entry, written))
    if expected < size:
        yield LogProblem(fault=LogFault.REMOVED, first=expected, last=size - 1)
    yield from _damages(transaction, damaged)


def _damages(transaction: Transaction, damaged: list[tuple[LogEntry, bytes]]) -> Iterator[LogProblem]:
    """Tell of each damaged entry whether its content was written at the place of another."""
    places = {entry.number: written for entry, written in damaged[:_MOST_MOVED]}
    links = _links(transaction, places)
    for entry, _ in damaged:
        origin = None
        for number, written in places.items():
            moved = replace(entry, number=number, previous=links.get(number, entry.previous))
            if number != entry.number and moved.hash == written:
                origin = number
        fault = LogFault.CHANGED if origin is None else LogFault.MOVED
        yield LogProblem(fault=fault, first=entry.number, last=entry.number, moved_from=origin)


def _links(transaction: Transaction, places: Iterable[int]) -> dict[int, bytes]:
    """Return by number the hash of the entry before it."""
    query = select(log_nodes.c.place, log_nodes.c.hash).where(
        log_nodes.c.level == 0, log_nodes.c.place.in_([number - 1 for number in places])
    )
    return {row.place + 1: bytes(row.hash) for row in transaction.execute(query)} | {0: bytes(32)}


def _entries(transaction: Transaction) -> Iterator[tuple[LogEntry, bytes | None]]:
    """Yield the entries in order, each with the hash that the tree has of it."""
    leaf = (log_nodes.c.level == 0) & (log_nodes.c.place == log_entries.c.number)
    joined = select(log_entries, log_nodes.c.hash).outerjoin(log_nodes, leaf).order_by(log_entries.c.number)
    last = -1
    while rows := transaction.execute(joined.where(log_entries.c.number > last).limit(1000)).all():
        for row in rows:
            yield entry_of(row), None if row.hash is None else bytes(row.hash)
        last = rows[-1].number


def _check_nodes(transaction: Transaction, size: int) -> Iterator[LogProblem]:
    """Compare every inner hash with the two below it."""
    level = 1
    while size >> level:
        below = _level(transaction, level - 1)
        for place, value in _level(transaction, level):
            left, right = next(below, (0, b"")), next(below, (0, b""))
            if node_hash(left[1], right[1]) != value:
                yield LogProblem(fault=LogFault.TREE, first=place << level, last=(place + 1 << level) - 1)
        level += 1


def _level(transaction: Transaction, level: int) -> Iterator[tuple[int, bytes]]:
    query = select(log_nodes.c.place, log_nodes.c.hash).where(log_nodes.c.level == level)
    last = -1
    while rows := transaction.execute(
        query.where(log_nodes.c.place > last).order_by(log_nodes.c.place).limit(1000)
    ).all():
        for row in rows:
            yield row.place, bytes(row.hash)
        last = rows[-1].place


def _check_heads(transaction: Transaction, size: int, heads: Sequence[LogHead]) -> Iterator[LogProblem]:
    good = 0
    for head in sorted(heads, key=lambda head: head.size):
        if head.size > size:
            yield LogProblem(fault=LogFault.REMOVED, first=size, last=head.size - 1)
            return
        if log_root(transaction, head.size) != head.root:
            yield LogProblem(fault=LogFault.REWRITTEN, first=good, last=head.size - 1)
            return
        good = head.size

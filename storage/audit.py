"""Fixity: every byte of the archive is still what was stored, and nothing is there that does not belong there."""

import hashlib
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby

from domain.errors import ObjectCorrupt, StoreUnavailable
from domain.identifiers import is_document_id
from storage.audit_object import Finding, FindingCode, audit_paper, hash_object
from storage.beside import body_holds, is_ours
from storage.objects import ObjectStat, ObjectStore
from storage.ocfl import ROOT_DECLARATION
from storage.papers import OWNERS
from storage.retention import read_hold

_ROOT_PARTS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditOptions:
    """How much is audited, and how fast."""

    share: float = 1.0
    """Of the papers, from 0 to 1: which ones depends on `seed`."""
    seed: str = ""
    """Another seed, another sample: take the date, and all papers have their turn."""
    workers: int = 4
    """Papers that are read at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditReport:
    """What was audited so far, and what is wrong."""

    papers: int = 0
    files: int = 0
    bytes: int = 0
    findings: tuple[Finding, ...] = ()
    position: str = ""
    """The last key that is done with; an audit that was interrupted goes on behind it."""
    finished: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """The objects of one paper, or one object beside the papers."""

    root: str = ""
    stats: tuple[ObjectStat, ...] = field(repr=False)


def audit(
    store: ObjectStore,
    *,
    options: AuditOptions | None = None,
    begun: AuditReport | None = None,
    progress: Callable[[AuditReport], None] = lambda _report: None,
) -> AuditReport:
    """Read the archive and compare it with its inventories and digests.

    Args:
        begun: The report of an audit that was interrupted: it goes on there.
        progress: Called after each paper with the report so far, which is all that is needed to go on later.

    Raises:
        StoreUnavailable: the store cannot be listed.
    """
    chosen = options or AuditOptions()
    report = begun or AuditReport()
    waiting: deque[tuple[_Group, Future[tuple[Finding, ...]]]] = deque()
    with ThreadPoolExecutor(chosen.workers) as executor:
        for group in _groups(store, after=report.position):
            if group.root and not _is_chosen(group.root, chosen):
                continue
            waiting.append((group, executor.submit(_audit_group, store, group)))
            while len(waiting) > 4 * chosen.workers or (waiting and waiting[0][1].done()):
                report = _with_next(report, waiting)
                progress(report)
        while waiting:
            report = _with_next(report, waiting)
            progress(report)
    report = replace(report, finished=True)
    progress(report)
    return report


def _groups(store: ObjectStore, *, after: str) -> Iterator[_Group]:
    for root, stats in groupby((stat for stat in store.list() if stat.key > after), key=_root_of):
        if root:
            yield _Group(root=root, stats=tuple(stats))
        else:
            yield from (_Group(stats=(stat,)) for stat in stats)


def _root_of(stat: ObjectStat) -> str:
    """Return the folder of the paper that an object is part of, empty if it lies beside the papers."""
    parts = stat.key.removeprefix(OWNERS).split("/")
    return "/".join(parts[:3]) if stat.key.startswith(OWNERS) and len(parts) >= _ROOT_PARTS else ""


def _is_chosen(root: str, options: AuditOptions) -> bool:
    place = int.from_bytes(hashlib.sha256(f"{options.seed}\n{root}".encode()).digest()[:8], "big")
    return place < options.share * 2**64


def _with_next(report: AuditReport, waiting: deque[tuple[_Group, Future[tuple[Finding, ...]]]]) -> AuditReport:
    group, future = waiting.popleft()
    return AuditReport(
        papers=report.papers + bool(group.root),
        files=report.files + len(group.stats),
        bytes=report.bytes + sum(stat.size for stat in group.stats),
        findings=report.findings + future.result(),
        position=group.stats[-1].key,
    )


def _audit_group(store: ObjectStore, group: _Group) -> tuple[Finding, ...]:
    if not group.root:
        return tuple(_audit_beside(store, group.stats[0]))
    if not is_document_id(group.root.rpartition("/")[2]):
        return tuple(Finding(code=FindingCode.FOREIGN, root=group.root, key=stat.key) for stat in group.stats)
    return tuple(audit_paper(store, OWNERS, group.root, group.stats))


def _audit_beside(store: ObjectStore, stat: ObjectStat) -> Iterator[Finding]:
    """Audit an object beside the papers by the digest that its name or its last line holds."""
    if not is_ours(stat.key):
        yield Finding(code=FindingCode.FOREIGN, key=stat.key)
    elif stat.key.startswith("claims/"):
        yield Finding(code=FindingCode.UNFINISHED, key=stat.key)
    elif stat.key.startswith("sources/"):
        expected = stat.key.rpartition("/")[2]
        yield from hash_object(store, "", stat.key, expected, algorithm="sha256")
    elif stat.key.startswith("retention/"):
        if not _is_day(stat.key.rpartition("/")[2]):
            yield Finding(code=FindingCode.CHANGED, key=stat.key)
    elif stat.key.startswith("holds/"):
        yield from _audit_body(store, stat.key, _is_hold)
    elif stat.key == OWNERS + ROOT_DECLARATION[0]:
        yield from _audit_body(store, stat.key, ROOT_DECLARATION[1].__eq__)
    elif stat.key.endswith(".jsonl"):
        yield from _audit_body(store, stat.key, body_holds)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_hold(data: bytes) -> bool:
    try:
        read_hold(data)
    except ValueError:
        return False
    return True


def _audit_body(store: ObjectStore, key: str, is_right: Callable[[bytes], bool]) -> Iterator[Finding]:
    try:
        holds = is_right(store.get(key))
    except ObjectCorrupt:
        holds = False
    except StoreUnavailable:
        yield Finding(code=FindingCode.UNREADABLE, key=key)
        return
    if not holds:
        yield Finding(code=FindingCode.CHANGED, key=key)

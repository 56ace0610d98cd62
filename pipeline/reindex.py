"""Reindex: the database made anew from the store alone, and what it says compared with what it said before."""

import hashlib
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from domain.errors import ObjectCorrupt, ObjectMissing
from domain.models import Draft, PageText, Record
from pipeline.certify import REGISTER
from pipeline.deletion import restore_absence, restore_deletion, stored_deletions
from pipeline.evidence import read_evidence
from pipeline.register import restore_closings, stored_closings, stored_voids
from pipeline.reservation import restore_volumes, stored_reservations
from pipeline.restore import restore_journals
from pipeline.serial import from_json, from_json_list, to_json
from pipeline.services import Services
from pipeline.status import newest_stored
from storage.database import Transaction
from storage.drafts import save_draft
from storage.index import IndexEntry, clear_index, iterate_records, save_records
from storage.papers import EVIDENCE, METADATA, TEXT, StoredPaper
from storage.register import RegisterEntry
from storage.register_restore import restore_entries
from storage.status_places import restore_status_list

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reindexed:
    """What became of the index."""

    papers: int
    drafts: int
    lines: int
    """Of the register."""
    log: int
    """Entries of the access log."""
    grants: int
    owners: int
    """Entries about owners."""
    changed: tuple[str, ...]
    """Documents about which the index says something else than before; `access-log` if the log did."""
    found: tuple[str, ...]
    """Documents that the index did not know."""
    gone: tuple[str, ...]
    """Documents that the index knew and the store does not hold."""
    damaged: tuple[str, ...]
    """Documents and drafts that cannot be read; run `sohoa audit`."""


def reindex(services: Services, *, on_paper: Callable[[], None] = lambda: None) -> Reindexed:
    """Fill the database from the store, in one transaction: it holds the old index or the new one, never a half.

    Raises:
        StorageError: The store or the database cannot be used; then nothing is changed.
    """
    damaged: list[str] = []
    with services.database.transaction() as transaction:
        before = {record.id: _summary(record) for record in iterate_records(transaction)}
        clear_index(transaction)
        lines: dict[tuple[str, int, str, int], RegisterEntry] = {_line(line): line for line in stored_voids(services)}

        def entries() -> Iterator[IndexEntry]:
            for paper in services.archive.iterate_papers():
                on_paper()
                try:
                    entry, line = read_paper(paper, services)
                except (ObjectCorrupt, ObjectMissing) as e:
                    log.warning("paper %s cannot be read: %s", paper.document_id, type(e).__name__)
                    damaged.append(paper.document_id)
                    continue
                if line is not None:
                    lines[_line(line)] = line  # an issued copy outweighs a void that came to nothing
                yield entry

        papers = save_records(transaction, entries())
        for deletion in stored_deletions(services):
            restore_deletion(transaction, deletion)
            if deletion.entry is not None:
                lines.setdefault(_line(deletion.entry), deletion.entry)
        restore_entries(transaction, lines.values())
        given = (line for line in stored_reservations(services, damaged) if _line(line) not in lines)
        reserved = restore_entries(transaction, given, only_missing=True)
        restore_volumes(transaction, services)
        restore_closings(transaction, stored_closings(services))
        drafts = _restore_drafts(transaction, services, damaged)
        if services.archive.status_lists():
            restore_status_list(transaction, newest_stored(services))  # older ones are history that the store keeps
        kept = restore_journals(transaction, services)
        absent = restore_absence(transaction, services)
        after = {record.id: _summary(record) for record in iterate_records(transaction)}
    return Reindexed(
        papers=papers,
        drafts=drafts,
        lines=len(lines) + reserved,
        log=kept.entries,
        grants=kept.grants,
        owners=kept.owners,
        changed=(*sorted(name for name in after.keys() & before.keys() if after[name] != before[name]), *kept.changed),
        found=tuple(sorted(after.keys() - before.keys())),
        gone=tuple(sorted(before.keys() - after.keys() - absent - set(damaged))),
        damaged=(*damaged, *kept.damaged),
    )


def _restore_drafts(transaction: Transaction, services: Services, damaged: list[str]) -> int:
    """Put the newest revision of every draft back, and return how many there are."""
    drafts = 0
    for draft_id in services.archive.draft_ids():
        try:
            payload = services.archive.load_draft(draft_id).decode()
            save_draft(transaction, from_json(Draft, payload), payload)
        except (ObjectCorrupt, ObjectMissing):
            damaged.append(draft_id)
        drafts += 1
    return drafts


def _summary(record: Record) -> bytes:
    """Return what stands for a record in the comparison; a million of them fit into memory."""
    return hashlib.sha256(to_json(record).encode()).digest()


def read_paper(paper: StoredPaper, services: Services) -> tuple[IndexEntry, RegisterEntry | None]:
    """Return what the index holds about a paper, and its line in the register, from the store alone.

    Raises:
        ObjectMissing: A file of the paper is not there.
        ObjectCorrupt: A file was changed.
    """
    archive = services.archive
    record = from_json(Record, archive.read_stored(paper, METADATA))
    pages = from_json_list(PageText, archive.read_stored(paper, TEXT))
    evidence = read_evidence(archive.read_stored(paper, EVIDENCE))
    entry = IndexEntry(
        record=record,
        text="\n".join(page.text for page in pages),
        source_sha256=evidence.stack_sha256 or evidence.source_sha256,
        page_hashes=tuple(page.look for page in pages),
        object_key=paper.root,
    )
    if not record.register_number:
        return entry, None
    return entry, from_json(RegisterEntry, archive.read_stored(paper, REGISTER))


def _line(entry: RegisterEntry) -> tuple[str, int, str, int]:
    return entry.unit, entry.year, entry.act, entry.number

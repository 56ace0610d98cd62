"""Events: what was recorded beside the papers, each in the store under the line of the access log that tells of it.

An event counts when its line stands in the log: what a process that died left half done is finished by the next one,
or was never there.
"""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from domain.errors import ObjectMissing, UnknownDocument
from domain.models import Record
from pipeline.serial import from_json, to_json
from pipeline.services import Services
from storage.access_log import LogEntry, details_of, hash_of_entry
from storage.catalog import Dossier, Procedure, Unit, save_procedures, save_units
from storage.database import Transaction
from storage.dossiers import save_told
from storage.drafts import delete_draft
from storage.grants import Grant, list_grants, restore_grant, revoke_grant
from storage.index import delete_record, find_record, save_state
from storage.owners import (
    NumberKind,
    Owner,
    OwnerLink,
    add_alias,
    add_link,
    close_account,
    numbers_of,
    save_owner,
)
from storage.papers import METADATA, PaperAddress
from storage.reuse import ReuseWay, count_reuse

OWNERS = "owners"
"""The book of the store that keeps what was recorded of owners."""
GRANTS = "grants"
"""The book of the store that keeps every step of a grant."""
STEPS = ("1-requested", "2-decided", "3-revoked")
"""Of a grant, as its entries are named."""
CATALOG = "catalog"
"""The book of the store that keeps what was loaded into the tables of units and procedures."""
DOSSIERS = "dossiers"
"""The book of the store that keeps what was told of dossiers."""
REUSES = "reuses"
"""The book of the store that keeps what was used again."""

_NAME = re.compile(r"(\d{12})-([0-9a-f]{32})")
_STATES = ("withdraw", "suspend", "resume", "expire")
_REUSED = ("use", "resolve", "autofill")


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """Another number of an owner."""

    owner_id: str
    number: str
    kind: NumberKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """The end of an account."""

    owner_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerEvent:
    """What was recorded of an owner; one of the parts is there."""

    at: datetime
    by: str
    owner: Owner | None = None
    alias: Alias | None = None
    link: OwnerLink | None = None
    closing: Closing | None = None

    @property
    def owner_id(self) -> str:
        """The number by which the owner is named in the event."""
        if self.owner is not None:
            return self.owner.id
        part = self.alias or self.link or self.closing
        return part.owner_id if part is not None else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReuseEvent:
    """That a paper was used again."""

    document_id: str
    way: ReuseWay
    unit: str
    """Agency code of the unit that used it."""
    procedure: str = ""
    dossier: str = ""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogEvent:
    """What was new or changed in the tables of units and procedures."""

    at: datetime
    by: str
    units: tuple[Unit, ...] = ()
    procedures: tuple[Procedure, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierEvent:
    """What the one-stop system said of dossiers."""

    at: datetime
    by: str
    dossiers: tuple[Dossier, ...]


def keep_event(book: str, event: object, entry: LogEntry, services: Services) -> None:
    """Keep an event in a book of the store, before the line that tells of it is kept there.

    Raises:
        StorageError: It could not be stored.
    """
    services.archive.store_entry(book, event_name(entry), to_json(event).encode())


def event_name(entry: LogEntry) -> str:
    """Return the name of the event that a line of the log tells of: its number and the beginning of its hash."""
    return f"{entry.number:012d}-{entry.hash.hex()[:32]}"


def counts(transaction: Transaction, name: str) -> bool:
    """Return whether the log has the line that tells of an event; one of an older release has no such name."""
    named = _NAME.fullmatch(name)
    return named is None or hash_of_entry(transaction, int(named[1])).hex().startswith(named[2])


def told_steps(transaction: Transaction) -> frozenset[str]:
    """Return the names of the steps of grants that the log tells of."""
    actions = (("share_request",), ("share_grant", "share_refuse"), ("share_revoke",))
    return frozenset(
        f"{reference}-{step}"
        for step, told in zip(STEPS, actions, strict=True)
        for reference in details_of(transaction, told)
    )


def apply_owner_event(transaction: Transaction, event: OwnerEvent) -> None:
    """Do in the database what an event says."""
    if event.owner is not None:
        save_owner(transaction, event.owner)
    if event.alias is not None:
        add_alias(transaction, event.alias.owner_id, event.alias.number, event.alias.kind)
    if event.link is not None:
        add_link(transaction, event.link)
    if event.closing is not None:
        close_account(transaction, event.closing.owner_id, reason=event.closing.reason, now=event.at)


def replay_owner_event(transaction: Transaction, event: OwnerEvent) -> None:
    """Do in the database what a kept event says; the end of an account takes back the consents given before it."""
    apply_owner_event(transaction, event)
    if event.closing is None:
        return
    for number in numbers_of(transaction, event.closing.owner_id):
        for grant in list_grants(transaction, owner_id=number, limit=100_000):
            if grant.revoked_at is None and grant.requested_at <= event.at:
                revoke_grant(transaction, grant.reference, now=event.at)


def apply_catalog(transaction: Transaction, event: CatalogEvent) -> None:
    """Record in the database what was loaded."""
    save_units(transaction, event.units)
    save_procedures(transaction, event.procedures)


def apply_reuse(transaction: Transaction, event: ReuseEvent) -> None:
    """Count in the database that a paper was used again."""
    count_reuse(
        transaction,
        event.document_id,
        event.way,
        unit=event.unit,
        procedure=event.procedure,
        dossier=event.dossier,
        now=event.at,
    )


def finish(transaction: Transaction, entry: LogEntry, services: Services) -> None:
    """Do in the database what a line of the log tells of, whose process died before its commit.

    Raises:
        StorageError: The store cannot be read.
    """
    action, document_id = entry.access.action, entry.access.document_id
    with suppress(ObjectMissing, UnknownDocument):
        if action.startswith("owner_"):
            replay_owner_event(transaction, from_json(OwnerEvent, _event(OWNERS, entry, services)))
        elif action == "catalog_load":
            apply_catalog(transaction, from_json(CatalogEvent, _event(CATALOG, entry, services)))
        elif action == "dossier_load":
            save_told(transaction, from_json(DossierEvent, _event(DOSSIERS, entry, services)).dossiers)
        elif action in _REUSED and entry.access.outcome == "done":
            apply_reuse(transaction, from_json(ReuseEvent, _event(REUSES, entry, services)))
        elif action.startswith("share_"):
            _restore_grant(transaction, entry.access.detail.partition(" ")[0], services)
        elif action in _STATES:
            _restore_state(transaction, find_record(transaction, document_id), services)
        elif action == "delete":
            forget_paper(transaction, find_record(transaction, document_id), at=entry.at)


def forget_paper(transaction: Transaction, record: Record, *, at: datetime) -> None:
    """Take a paper that is deleted out of the database, with its draft and every consent about it."""
    for grant in list_grants(transaction, document_id=record.id, limit=100_000):
        if grant.revoked_at is None:
            revoke_grant(transaction, grant.reference, now=at)
    delete_record(transaction, record.id)
    delete_draft(transaction, record.draft_id)


def _event(book: str, entry: LogEntry, services: Services) -> bytes:
    return services.archive.load_entry(book, event_name(entry))


def _restore_grant(transaction: Transaction, reference: str, services: Services) -> None:
    """Bring a grant to the last step that the store keeps."""
    for step in STEPS:
        with suppress(ObjectMissing):
            data = services.archive.load_entry(GRANTS, f"{reference}-{step}")
            restore_grant(transaction, from_json(Grant, data))


def _restore_state(transaction: Transaction, record: Record, services: Services) -> None:
    address = PaperAddress(document_id=record.id, owner_id=record.filing.owner_id)
    save_state(transaction, from_json(Record, services.archive.read_paper(address, METADATA)))

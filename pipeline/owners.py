"""Owners: who they are, their old numbers, who acts for them, and the end of an account; every step is kept."""

from dataclasses import dataclass
from datetime import date, datetime

from pipeline.journal import access, keep_event, logged
from pipeline.services import Services
from pipeline.share import revoke_one
from storage.access_log import append_log
from storage.database import Transaction
from storage.grants import list_grants
from storage.owners import NumberKind as NumberKind
from storage.owners import Owner as Owner
from storage.owners import OwnerKind as OwnerKind
from storage.owners import OwnerLink as OwnerLink
from storage.owners import Relation as Relation
from storage.owners import add_alias, add_link, close_account, find_owner, list_links, numbers_of, save_owner

OWNERS = "owners"
"""The book of the store that keeps what was recorded of owners."""


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
class OwnerCard:
    """What is known of an owner."""

    owner: Owner
    numbers: tuple[str, ...]
    """The present one first."""
    links: tuple[OwnerLink, ...]
    """Who may act for the owner today."""


def record_owner(event: OwnerEvent, services: Services) -> OwnerCard:
    """Keep what is recorded of an owner, in the store first, and return the owner.

    The end of an account takes back every consent that its owner gave.

    Raises:
        InputError: A number belongs to another owner, or a link is wrong.
        NotReady: The account is not in the state for it, or no reason is given.
        UnknownDocument: The owner is not registered.
        StorageError: It could not be kept.
    """
    with logged(services) as transaction:
        apply_owner_event(transaction, event)
        keep_event(OWNERS, event, services, at=event.at)
        owner = find_owner(transaction, event.owner_id)
        action = next(name for name in ("owner", "alias", "link", "closing") if getattr(event, name) is not None)
        append_log(transaction, access(services, f"owner_{action}", owner_id=owner.id), now=services.clock())
        if event.closing is not None:
            for number in numbers_of(transaction, owner.id):
                for grant in list_grants(transaction, owner_id=number, limit=100_000):
                    if grant.revoked_at is None:
                        revoke_one(transaction, grant, services)
    return show_owner(event.owner_id, services)


def show_owner(number: str, services: Services) -> OwnerCard:
    """Return what is known of the owner with a number, be it an old one.

    Raises:
        UnknownDocument: Nobody is registered with it.
    """
    with services.database.reading() as transaction:
        owner = find_owner(transaction, number)
        return OwnerCard(
            owner=owner,
            numbers=numbers_of(transaction, owner.id),
            links=list_links(transaction, owner.id, on=_today(services)),
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


def _today(services: Services) -> date:
    return services.clock().astimezone(services.zone).date()

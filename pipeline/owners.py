"""Owners: who they are, their old numbers, who acts for them, and the end of an account; every step is kept."""

from dataclasses import dataclass
from datetime import date

from pipeline.events import OWNERS, apply_owner_event, keep_event
from pipeline.events import Alias as Alias
from pipeline.events import Closing as Closing
from pipeline.events import OwnerEvent as OwnerEvent
from pipeline.journal import access, logged
from pipeline.services import Services
from pipeline.share import revoke_one
from storage.access_log import append_log
from storage.grants import list_grants
from storage.owners import NumberKind as NumberKind
from storage.owners import Owner as Owner
from storage.owners import OwnerKind as OwnerKind
from storage.owners import OwnerLink as OwnerLink
from storage.owners import Relation as Relation
from storage.owners import find_owner, list_links, numbers_of


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
        owner = find_owner(transaction, event.owner_id)
        action = next(name for name in ("owner", "alias", "link", "closing") if getattr(event, name) is not None)
        told = access(services, f"owner_{action}", owner_id=owner.id)
        keep_event(OWNERS, event, append_log(transaction, told, now=services.clock()), services)
        if event.closing is not None:
            for number in numbers_of(transaction, owner.id):
                for grant in list_grants(transaction, owner_id=number, limit=100_000):
                    if grant.revoked_at is None:
                        revoke_one(transaction, grant, services, now=event.at)
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


def _today(services: Services) -> date:
    return services.clock().astimezone(services.zone).date()

"""Share: an office asks for a paper, its owner consents, and the office resolves a reference instead of a copy."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

from domain.errors import NotReady, ObjectExists
from domain.identifiers import new_identifier
from pipeline.certify import Certified, hand_out, paper_address
from pipeline.events import GRANTS, REUSES, STEPS, apply_reuse, keep_event
from pipeline.events import ReuseEvent as ReuseEvent
from pipeline.journal import access, logged
from pipeline.link import Link, make_link
from pipeline.serial import from_json, to_json
from pipeline.services import Services
from storage.access_log import LogEntry, append_log, list_log
from storage.database import Transaction
from storage.grants import Grant as Grant
from storage.grants import GrantDecision as GrantDecision
from storage.grants import GrantRequest as GrantRequest
from storage.grants import Refusal as Refusal
from storage.grants import (
    Resolution,
    decide_grant,
    find_grant,
    list_grants,
    request_grant,
    resolve_grant,
    restore_grant,
    revoke_grant,
)
from storage.grants import Scope as Scope
from storage.index import find_record
from storage.owners import numbers_of
from storage.papers import COPY
from storage.reuse import ReuseWay
from storage.validity import state_on

REQUESTED, DECIDED, REVOKED = STEPS


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """What an office gets for a reference."""

    reference: str
    resolution: Resolution
    file: Path | None = None
    """The certified copy, where the scope hands it out."""
    link: Link | None = None
    """Where it can be fetched instead."""


def end_of_day(day: date, services: Services) -> datetime:
    """Return the last moment of a day in the office's time zone."""
    return datetime.combine(day, time.max, services.zone)


def request(asked: GrantRequest, services: Services) -> Grant:
    """Return the grant that waits for the owner's decision; the paper may be asked for by a part of its fields.

    Raises:
        InputError: The request is not complete.
        UnknownDocument: There is no such paper.
        StorageError: It could not be kept.
    """
    with logged(services) as transaction:
        grant = request_grant(transaction, asked, reference=new_identifier(26), now=services.clock())
        _log(transaction, grant, "share_request", services)
        return _keep(transaction, grant, REQUESTED, services)


def decide(reference: str, services: Services, *, granted: bool, by: str, consent: str) -> Grant:
    """Keep what the owner decided.

    Raises:
        NotReady: It was decided before, or a consent is given without saying how.
        UnknownDocument: There is no such reference.
        StorageError: It could not be kept.
    """
    with logged(services) as transaction:
        now = services.clock()
        grant = decide_grant(transaction, reference, granted=granted, by=by or services.user, consent=consent, now=now)
        kept = _keep(transaction, grant, DECIDED, services)
        _log(transaction, kept, "share_grant" if granted else "share_refuse", services)
    if (kept.decision is GrantDecision.GRANTED) != granted:
        raise NotReady("Yêu cầu chia sẻ này đã được quyết định trước đó; xem `sohoa share list`.")
    return kept


def revoke(reference: str, services: Services) -> Grant:
    """Take a consent back; from now on the reference is not resolved.

    Raises:
        UnknownDocument: There is no such reference.
        StorageError: It could not be kept.
    """
    with logged(services) as transaction:
        before = find_grant(transaction, reference)
        if before.revoked_at is not None:
            return before
        return revoke_one(transaction, before, services)


def revoke_one(transaction: Transaction, grant: Grant, services: Services, *, now: datetime | None = None) -> Grant:
    """Take a consent back within a transaction that is logged.

    Args:
        now: When it ends; by the clock where the time of another event does not say it.
    """
    revoked = revoke_grant(transaction, grant.reference, now=now or services.clock())
    _log(transaction, revoked, "share_revoke", services)
    return _keep(transaction, revoked, REVOKED, services)


def listed(services: Services, *, owner_id: str = "", document_id: str = "", office: str = "") -> tuple[Grant, ...]:
    """Return the grants of an owner, by whatever number; of a paper; for an office; or all; newest first."""
    with services.database.reading() as transaction:
        numbers = numbers_of(transaction, owner_id) if owner_id else ("",)
        found = [
            grant
            for number in numbers
            for grant in list_grants(transaction, owner_id=number, document_id=document_id, office=office, limit=1000)
        ]
    return tuple(sorted(found, key=lambda grant: grant.requested_at, reverse=True))


def resolve(
    reference: str,
    services: Services,
    *,
    office: str,
    folder: Path | None = None,
    link_life: timedelta | None = None,
) -> Resolved:
    """Return what an office may see by a reference; the access is logged before anything is shown, a refusal too.

    Args:
        folder: Where the certified copy is put, where the scope hands it out.
        link_life: For how long a download link to the copy works, where one is asked for and the scope hands it out;
            it ends with the grant.

    Raises:
        NoLink: A link is asked for and the store makes none.
        StorageError: The access could not be logged, or the copy is damaged; then nothing is shown.
    """
    with logged(services) as transaction:
        now = services.clock()
        found = resolve_grant(transaction, reference, actor=services.user, office=office, now=now)
        if found.refusal is not Refusal.NONE:
            return Resolved(reference=reference, resolution=found)
        told = list_log(transaction, limit=1)[0]
        record = find_record(transaction, found.document_id)
        found = replace(found, state=state_on(record, now.astimezone(services.zone).date()).value)
        grant = find_grant(transaction, reference)
        link = None
        if found.record is not None and link_life is not None:
            link = make_link(record, services, part="copy", ends=min(now + link_life, grant.request.valid_until))
            _log(transaction, grant, "link", services)
        event = ReuseEvent(
            document_id=record.id,
            way=ReuseWay.REFERENCE,
            unit=office,
            procedure=record.filing.procedure,
            dossier=grant.request.dossier,
            at=now,
        )
        keep_reuse(transaction, event, told, services)
    if found.record is None or folder is None:
        return Resolved(reference=reference, resolution=found, link=link)
    pdf = services.archive.read_paper(paper_address(found.record), COPY)
    file = hand_out(Certified(record=found.record, pdf=pdf), folder)
    return Resolved(reference=reference, resolution=found, file=file, link=link)


def keep_reuse(transaction: Transaction, event: ReuseEvent, entry: LogEntry, services: Services) -> None:
    """Count that a paper was used again, in the store first; the entry of the log tells of it."""
    keep_event(REUSES, event, entry, services)
    apply_reuse(transaction, event)


def valid_until(services: Services, *, until: date | None, days: int) -> datetime:
    """Return when a grant ends: at the end of a day that is named, or of the day in so many days."""
    day = until or services.clock().astimezone(services.zone).date() + timedelta(days=days)
    return end_of_day(day, services)


def _keep(transaction: Transaction, grant: Grant, step: str, services: Services) -> Grant:
    """Store a step of a grant; where a killed process stored this step before, that one counts."""
    name, kept = f"{grant.reference}-{step}", replace(grant, uses=0)
    try:
        services.archive.store_entry(GRANTS, name, to_json(kept).encode())
    except ObjectExists:
        earlier = from_json(Grant, services.archive.load_entry(GRANTS, name))
        grant = replace(earlier, uses=grant.uses)
        restore_grant(transaction, grant)
    return grant


def _log(transaction: Transaction, grant: Grant, action: str, services: Services) -> None:
    asked = grant.request
    entry = access(
        services,
        action,
        document_id=asked.document_id,
        owner_id=grant.owner_id,
        purpose=asked.purpose,
        detail=f"{grant.reference} {asked.office}",
    )
    append_log(transaction, entry, now=services.clock())

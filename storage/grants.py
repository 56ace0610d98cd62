"""Sharing by reference: an office resolves a reference within purpose, scope, time and consent, and leaves a trace."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, select, update

from domain.errors import InputError, NotReady, UnknownDocument
from domain.models import Record
from storage.access_log import Access, append_log
from storage.database import Transaction, upsert
from storage.index import find_record
from storage.tables import grants


class Scope(StrEnum):
    """How much of a paper an office may see."""

    EXISTENCE = "existence"
    """That it is there, of which kind, and whether it is in force."""
    FIELDS = "fields"
    """The fields that are named."""
    COPY = "copy"
    """All fields and the certified file."""


class GrantDecision(StrEnum):
    """What the owner said."""

    PENDING = "pending"
    GRANTED = "granted"
    REFUSED = "refused"


class Refusal(StrEnum):
    """Why a reference is not resolved."""

    NONE = ""
    UNKNOWN = "unknown_reference"
    OTHER_OFFICE = "other_office"
    PENDING = "consent_pending"
    REFUSED = "consent_refused"
    REVOKED = "consent_revoked"
    EXPIRED = "grant_expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantRequest:
    """What an office asks of an owner."""

    document_id: str
    office: str
    """Code of the office that will resolve the reference."""
    purpose: str
    scope: Scope
    fields: tuple[str, ...] = ()
    """Names of the fields, for the scope of that name."""
    dossier: str = ""
    requested_by: str
    valid_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A reference to a paper, with the conditions under which it is resolved."""

    reference: str
    """Stable and random: it tells nothing by itself."""
    owner_id: str
    request: GrantRequest
    requested_at: datetime
    decision: GrantDecision
    decided_by: str = ""
    decided_at: datetime | None = None
    consent: str = ""
    """How the consent was given, so that it can be proved, e.g. the number of a signed form."""
    revoked_at: datetime | None = None
    uses: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """What an office gets for a reference: the paper as far as the scope goes, or the reason why not."""

    refusal: Refusal
    scope: Scope | None = None
    document_id: str = ""
    kind: str = ""
    state: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    record: Record | None = None
    """Only for the scope `copy`."""


def request_grant(transaction: Transaction, request: GrantRequest, *, reference: str, now: datetime) -> Grant:
    """Record what an office asks of an owner; it waits for the owner's decision.

    Args:
        reference: A fresh random identifier, e.g. of `new_identifier(26)`.

    Raises:
        InputError: no purpose, no fields where fields are asked for, or an end in the past.
        UnknownDocument: there is no such paper.
    """
    if not request.purpose.strip():
        raise InputError("Xin vui lòng ghi mục đích sử dụng giấy tờ.")
    if (request.scope is Scope.FIELDS) != bool(request.fields):
        raise InputError("Xin vui lòng nêu các trường thông tin cần dùng, hoặc chọn phạm vi khác.")
    if request.valid_until <= now:
        raise InputError("Thời hạn chia sẻ đã qua. Xin vui lòng chọn thời hạn sau thời điểm hiện tại.")
    record = find_record(transaction, request.document_id)
    grant = Grant(
        reference=reference,
        owner_id=record.filing.owner_id,
        request=request,
        requested_at=now,
        decision=GrantDecision.PENDING,
    )
    transaction.execute(grants.insert().values(_row(grant)))
    return grant


def decide_grant(
    transaction: Transaction, reference: str, *, granted: bool, by: str, consent: str, now: datetime
) -> Grant:
    """Record the decision of the owner, or of who may act for the owner.

    Args:
        consent: How it was given, so that it can be proved.

    Raises:
        NotReady: it was decided already, or a consent is given without saying how.
        UnknownDocument: there is no such reference.
    """
    grant = find_grant(transaction, reference)
    if grant.decision is not GrantDecision.PENDING:
        raise NotReady("Yêu cầu chia sẻ này đã được quyết định. Xin vui lòng tạo yêu cầu mới nếu cần.")
    if granted and not consent.strip():
        raise NotReady("Xin vui lòng ghi căn cứ đồng ý của chủ sở hữu, ví dụ số phiếu đồng ý.")
    decision = GrantDecision.GRANTED if granted else GrantDecision.REFUSED
    values = {"decision": decision.value, "decided_by": by, "decided_at": now, "consent": consent.strip()}
    pending = (grants.c.reference == reference) & (grants.c.decision == GrantDecision.PENDING.value)
    transaction.execute(update(grants).where(pending).values(values))
    return find_grant(transaction, reference)


def revoke_grant(transaction: Transaction, reference: str, *, now: datetime) -> Grant:
    """Take a consent back; from now on the reference is not resolved.

    Raises:
        UnknownDocument: there is no such reference.
    """
    running = (grants.c.reference == reference) & grants.c.revoked_at.is_(None)
    transaction.execute(update(grants).where(running).values(revoked_at=now))
    return find_grant(transaction, reference)


def revoke_all(transaction: Transaction, owner_id: str, *, now: datetime) -> int:
    """Take all consents of an owner back, e.g. when the account is closed; return how many were running."""
    running = (grants.c.owner_id == owner_id) & grants.c.revoked_at.is_(None)
    return transaction.execute(update(grants).where(running).values(revoked_at=now)).rowcount


def restore_grant(transaction: Transaction, grant: Grant) -> None:
    """Put a grant into the database as it is, in place of what is there of it."""
    upsert(transaction, grants, _row(grant), keys=["reference"])


def find_grant(transaction: Transaction, reference: str) -> Grant:
    """Return the grant of a reference.

    Raises:
        UnknownDocument: there is no such reference.
    """
    row = transaction.execute(select(grants).where(grants.c.reference == reference)).one_or_none()
    if row is None:
        raise UnknownDocument("Không có mã tham chiếu này. Xin vui lòng kiểm tra lại mã.")
    return _grant(row)


def list_grants(
    transaction: Transaction, *, owner_id: str = "", document_id: str = "", office: str = "", limit: int = 100
) -> tuple[Grant, ...]:
    """Return the grants of an owner, of a paper or for an office, newest first."""
    query = select(grants).order_by(grants.c.requested_at.desc(), grants.c.reference).limit(limit)
    for name, wanted in (("owner_id", owner_id), ("document_id", document_id), ("office", office)):
        if wanted:
            query = query.where(grants.c[name] == wanted)
    return tuple(_grant(row) for row in transaction.execute(query))


def resolve_grant(transaction: Transaction, reference: str, *, actor: str, office: str, now: datetime) -> Resolution:
    """Return what an office may see by a reference; the answer, also a refusal, is logged in the same transaction.

    Raises:
        StorageError: the access could not be logged; then nothing is shown.
    """
    row = transaction.execute(select(grants).where(grants.c.reference == reference)).one_or_none()
    grant = None if row is None else _grant(row)
    refusal = Refusal.UNKNOWN if grant is None else _refusal(grant, office, now)
    access = Access(
        actor=actor,
        office=office,
        action="resolve",
        document_id=grant.request.document_id if grant else "",
        owner_id=grant.owner_id if grant else "",
        purpose=grant.request.purpose if grant else "",
        outcome="refused" if refusal else "done",
        detail=f"{reference[:32]} {refusal}".strip(),
    )
    append_log(transaction, access, now=now)
    if grant is None or refusal:
        return Resolution(refusal=refusal)
    transaction.execute(update(grants).where(grants.c.reference == reference).values(uses=grants.c.uses + 1))
    return _shown(grant, find_record(transaction, grant.request.document_id))


def _refusal(grant: Grant, office: str, now: datetime) -> Refusal:
    if grant.request.office != office:
        return Refusal.OTHER_OFFICE
    if grant.decision is not GrantDecision.GRANTED:
        return Refusal.PENDING if grant.decision is GrantDecision.PENDING else Refusal.REFUSED
    if grant.revoked_at is not None:
        return Refusal.REVOKED
    return Refusal.EXPIRED if grant.request.valid_until <= now else Refusal.NONE


def _shown(grant: Grant, record: Record) -> Resolution:
    scope = grant.request.scope
    names = {
        Scope.EXISTENCE: frozenset[str](),
        Scope.FIELDS: frozenset(grant.request.fields),
        Scope.COPY: frozenset(record.fields),
    }[scope]
    return Resolution(
        refusal=Refusal.NONE,
        scope=scope,
        document_id=record.id,
        kind=record.kind,
        state=record.state.value,
        fields={name: value for name, value in record.fields.items() if name in names},
        record=record if scope is Scope.COPY else None,
    )


def _row(grant: Grant) -> dict[str, Any]:
    values = {**asdict(grant), **asdict(grant.request), "fields": " ".join(grant.request.fields)}
    del values["request"]
    return values | {"scope": grant.request.scope.value, "decision": grant.decision.value}


def _grant(row: Row[Any]) -> Grant:
    names = GrantRequest.__dataclass_fields__
    asked = {name: row._mapping[name] for name in names}
    request = GrantRequest(**{**asked, "scope": Scope(row.scope), "fields": tuple(row.fields.split())})
    rest = {name: value for name, value in row._mapping.items() if name not in names}
    return Grant(**{**rest, "decision": GrantDecision(row.decision)}, request=request)

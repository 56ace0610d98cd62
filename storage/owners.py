"""Owners of papers: citizens and organizations, their old numbers, who acts for them, and the end of an account."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, or_, select, update

from domain.errors import InputError, NotReady, UnknownDocument
from domain.vietnamese import fold
from storage.database import Transaction, upsert
from storage.tables import owner_aliases, owner_links, owners


class OwnerKind(StrEnum):
    """What an owner is."""

    CITIZEN = "citizen"
    """Known by the personal number."""
    ORGANIZATION = "organization"
    """Known by the tax code or, if it is an office, by its agency code."""


class OwnerState(StrEnum):
    """Whether the account is in use."""

    ACTIVE = "active"
    SUCCESSION = "succession"
    """The owner died or was dissolved: only successors who are recorded may see the papers; nothing is added."""


class NumberKind(StrEnum):
    """What sort of number an owner is also known by."""

    OLD_IDENTITY = "old_identity"
    """Chứng minh nhân dân, 9 or 12 digits."""
    PASSPORT = "passport"
    TAX = "tax"
    AGENCY = "agency"
    OTHER = "other"


class Relation(StrEnum):
    """In which role a person acts for an owner."""

    GUARDIAN = "guardian"
    REPRESENTATIVE = "representative"
    HEIR = "heir"
    """Only once the account is in succession."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """The owner of a warehouse."""

    id: str
    """Personal number, tax code or agency code: the present one."""
    kind: OwnerKind
    name: str
    birth_date: str = ""
    """ISO, possibly only the year; empty for organizations."""
    state: OwnerState = OwnerState.ACTIVE
    state_reason: str = ""
    state_at: datetime | None = None
    registered_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerLink:
    """That a person may act for an owner."""

    owner_id: str
    person_id: str
    relation: Relation
    valid_from: date
    valid_to: date | None = None
    """Last day, None while it lasts."""
    basis: str
    """Paper or dossier that it rests on."""


def save_owner(transaction: Transaction, owner: Owner) -> None:
    """Register an owner or correct name and birth date; the state is changed by `close_account` only.

    Raises:
        InputError: the number is already an old number of another owner.
    """
    holder = resolve_owner(transaction, owner.id)
    if holder not in (None, owner.id):
        raise InputError(f"Số {owner.id} là số cũ của chủ sở hữu khác. Xin vui lòng dùng số định danh hiện hành.")
    values = asdict(owner) | {"kind": owner.kind.value, "name_key": fold(owner.name)}
    if holder is None:
        upsert(transaction, owners, values | {"state": owner.state.value}, keys=["id"])
    else:
        changed = {name: values[name] for name in ("kind", "name", "name_key", "birth_date")}
        transaction.execute(update(owners).where(owners.c.id == owner.id).values(changed))


def find_owner(transaction: Transaction, number: str) -> Owner:
    """Return the owner with a number, be it the present one or an old one.

    Raises:
        UnknownDocument: nobody is registered with it.
    """
    owner_id = resolve_owner(transaction, number)
    row = transaction.execute(select(owners).where(owners.c.id == owner_id)).one_or_none()
    if row is None:
        raise UnknownDocument("Không có chủ sở hữu mang số này. Xin vui lòng kiểm tra lại số định danh hoặc mã số.")
    return _owner(row)


def resolve_owner(transaction: Transaction, number: str) -> str | None:
    """Return the present number of the owner with a number, None where nobody is registered with it."""
    present: str | None = transaction.execute(select(owners.c.id).where(owners.c.id == number)).scalar()
    if present is None:
        alias = select(owner_aliases.c.owner_id).where(owner_aliases.c.number == number)
        present = transaction.execute(alias).scalar()
    return present


def numbers_of(transaction: Transaction, number: str) -> tuple[str, ...]:
    """Return all numbers of an owner, the present one first: their papers are filed under any of them.

    A number that nobody is registered with stands for itself.
    """
    owner_id = resolve_owner(transaction, number)
    if owner_id is None:
        return (number,)
    aliases = (
        select(owner_aliases.c.number).where(owner_aliases.c.owner_id == owner_id).order_by(owner_aliases.c.number)
    )
    return (owner_id, *transaction.execute(aliases).scalars())


def add_alias(transaction: Transaction, owner_id: str, number: str, kind: NumberKind) -> None:
    """Record that an owner is or was also known by a number.

    Raises:
        InputError: the number belongs to another owner.
        UnknownDocument: the owner is not registered.
    """
    owner = find_owner(transaction, owner_id)
    holder = resolve_owner(transaction, number)
    if holder not in (None, owner.id):
        raise InputError(f"Số {number} đã thuộc về chủ sở hữu khác. Xin vui lòng đối chiếu giấy tờ rồi ghi lại.")
    if number != owner.id:
        row = {"number": number, "owner_id": owner.id, "kind": kind.value}
        upsert(transaction, owner_aliases, row, keys=["number"])


def search_owners(transaction: Transaction, name: str, *, limit: int = 20) -> tuple[Owner, ...]:
    """Return the owners with this name, then those whose names begin with it; diacritics do not count."""
    key = fold(name)
    if not key:
        return ()
    c = owners.c
    exact = transaction.execute(select(owners).where(c.name_key == key).order_by(c.id).limit(limit)).all()
    # Words part at blanks, and "!" is the character after the blank.
    longer = select(owners).where(c.name_key > f"{key} ", c.name_key < f"{key}!").order_by(c.name_key, c.id)
    rest = transaction.execute(longer.limit(limit - len(exact))).all()
    return tuple(_owner(row) for row in (*exact, *rest))


def add_link(transaction: Transaction, link: OwnerLink) -> None:
    """Record that a person may act for an owner.

    Raises:
        InputError: owner and person are the same, or the days are in the wrong order.
        UnknownDocument: one of them is not registered.
        NotReady: an heir before the account is in succession.
    """
    owner = find_owner(transaction, link.owner_id)
    person = find_owner(transaction, link.person_id)
    if owner.id == person.id or (link.valid_to and link.valid_to < link.valid_from):
        raise InputError("Quan hệ đại diện không hợp lệ. Xin vui lòng kiểm tra lại người đại diện và thời hạn.")
    if link.relation is Relation.HEIR and owner.state is not OwnerState.SUCCESSION:
        raise NotReady("Tài khoản chưa chuyển sang thừa kế. Xin vui lòng ghi nhận giấy báo tử hoặc khai tử trước.")
    row = asdict(link) | {"owner_id": owner.id, "person_id": person.id, "relation": link.relation.value}
    upsert(transaction, owner_links, row, keys=["owner_id", "person_id", "relation", "valid_from"])


def end_links(transaction: Transaction, owner_id: str, person_id: str, *, last_day: date) -> int:
    """End what a person may do for an owner; return how many links were ended."""
    c = owner_links.c
    running = or_(c.valid_to.is_(None), c.valid_to > last_day)
    statement = update(owner_links).where(c.owner_id == owner_id, c.person_id == person_id, running)
    return transaction.execute(statement.values(valid_to=last_day)).rowcount


def list_links(transaction: Transaction, owner_id: str, *, on: date) -> tuple[OwnerLink, ...]:
    """Return who may act for an owner on a day."""
    c = owner_links.c
    lasts = or_(c.valid_to.is_(None), c.valid_to >= on)
    query = select(owner_links).where(c.owner_id == owner_id, c.valid_from <= on, lasts)
    rows = transaction.execute(query.order_by(c.relation, c.person_id))
    return tuple(OwnerLink(**{**row._mapping, "relation": Relation(row.relation)}) for row in rows)


def role_of(transaction: Transaction, person: str, owner: str, *, on: date) -> Relation | str:
    """Return as what a person may see an owner's papers: `self`, a relation, or empty for not at all.

    Of an account in succession only heirs see the papers; guardians end with the one they guarded.
    """
    owner_id, person_id = resolve_owner(transaction, owner), resolve_owner(transaction, person)
    if owner_id is None or person_id is None:
        return ""
    state = find_owner(transaction, owner_id).state
    if owner_id == person_id:
        return "self" if state is OwnerState.ACTIVE else ""
    for link in list_links(transaction, owner_id, on=on):
        if link.person_id == person_id and (link.relation is Relation.HEIR) == (state is OwnerState.SUCCESSION):
            return link.relation
    return ""


def close_account(transaction: Transaction, owner_id: str, *, reason: str, now: datetime) -> Owner:
    """Close an account for succession, e.g. on an extract of the death register; closing again changes nothing.

    Raises:
        NotReady: no reason is given.
        UnknownDocument: the owner is not registered.
    """
    if not reason.strip():
        raise NotReady("Xin vui lòng ghi căn cứ đóng tài khoản, ví dụ số trích lục khai tử.")
    owner = find_owner(transaction, owner_id)
    values = {"state": OwnerState.SUCCESSION.value, "state_reason": reason.strip(), "state_at": now}
    active = owners.c.state == OwnerState.ACTIVE.value
    transaction.execute(update(owners).where(owners.c.id == owner.id, active).values(values))
    return find_owner(transaction, owner.id)


def require_active(transaction: Transaction, number: str) -> None:
    """Refuse to file a paper for an owner whose account is in succession; an owner who is not registered is none.

    Raises:
        NotReady: the account is in succession.
    """
    owner_id = resolve_owner(transaction, number)
    if owner_id is not None and find_owner(transaction, owner_id).state is OwnerState.SUCCESSION:
        raise NotReady("Chủ sở hữu đã mất hoặc đã giải thể. Xin vui lòng làm thủ tục thừa kế trước khi thêm giấy tờ.")


def _owner(row: Row[Any]) -> Owner:
    values = {name: value for name, value in row._mapping.items() if name != "name_key"}
    return Owner(**{**values, "kind": OwnerKind(row.kind), "state": OwnerState(row.state)})

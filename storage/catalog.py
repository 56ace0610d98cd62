"""Offices and procedures with their dates of effect, and dossiers."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, delete, or_, select, update

from domain.errors import InputError, UnknownDocument
from storage.database import Transaction, upsert, upsert_many
from storage.tables import dossiers, procedures, units


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """An office or administrative unit during a time; a code may mean another unit at another time."""

    code: str
    name: str
    level: str = ""
    """`province`, `department`, `district` or `commune`."""
    parent: str = ""
    """Code of the unit above it."""
    valid_from: date
    valid_to: date | None = None
    """Last day, None while it lasts."""
    successors: tuple[str, ...] = ()
    """Codes of the units that took over its area or tasks the day after; several where it was split."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """An administrative procedure during a time."""

    code: str
    """E.g. `2.000815`."""
    name: str
    valid_from: date
    valid_to: date | None = None
    citizen_data: bool = False
    """Whether it is connected to the population database."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """An application at an office, and what is counted of it."""

    code: str
    owner_id: str = ""
    procedure: str = ""
    unit: str = ""
    received_at: datetime
    due_at: datetime | None = None
    finished_at: datetime | None = None
    digitized: bool = False
    """Its papers were digitized."""
    electronic_result: bool | None = None
    """Whether its result was issued electronically, None where that is not known."""
    reused: bool = False
    """A paper from the warehouse stood in for one to be handed in."""
    citizen_data: bool | None = None
    """Whether data came from the population database instead of a declaration, None where that is not known."""


def save_units(transaction: Transaction, listed: Iterable[Unit]) -> None:
    """Record units; one with the same code and first day is replaced.

    Raises:
        InputError: two units would have the same code on the same day.
    """
    rows = [{**asdict(unit), "successors": " ".join(unit.successors)} for unit in listed]
    upsert_many(transaction, units, rows, keys=["code", "valid_from"])
    for code in {row["code"] for row in rows}:
        _refuse_overlap(transaction, units, code)


def find_unit(transaction: Transaction, code: str, *, on: date) -> Unit:
    """Return the unit that had the code on a day.

    Raises:
        UnknownDocument: no unit had it then.
    """
    row = transaction.execute(select(units).where(units.c.code == code, _in_effect(units, on))).one_or_none()
    if row is None:
        raise UnknownDocument(f"Không có đơn vị mang mã {code} vào ngày {on:%d/%m/%Y}. Xin vui lòng kiểm tra lại mã.")
    return _unit(row)


def list_units(transaction: Transaction, *, on: date, level: str = "", parent: str = "") -> tuple[Unit, ...]:
    """Return the units on a day, those of a level or below a parent, by code."""
    query = select(units).where(_in_effect(units, on)).order_by(units.c.code)
    if level:
        query = query.where(units.c.level == level)
    if parent:
        query = query.where(units.c.parent == parent)
    return tuple(_unit(row) for row in transaction.execute(query))


def present_units(transaction: Transaction, code: str, *, written: date, on: date) -> tuple[Unit, ...]:
    """Return the units that stand on a day for the code on a paper of an earlier one.

    One where the unit lasts or was merged, several candidates where it was split; never a guess among them.

    Raises:
        UnknownDocument: no unit had the code when the paper was written.
    """
    found: dict[str, Unit] = {}
    waiting = [find_unit(transaction, code, on=written)]
    seen: set[tuple[str, date]] = set()
    while waiting:
        unit = waiting.pop()
        if (unit.code, unit.valid_from) in seen:
            continue
        seen.add((unit.code, unit.valid_from))
        if unit.valid_to is None or unit.valid_to >= on:
            found[unit.code] = unit
        else:
            after = date.fromordinal(unit.valid_to.toordinal() + 1)
            waiting += [find_unit(transaction, successor, on=after) for successor in unit.successors]
    return tuple(found[code] for code in sorted(found))


def all_units(transaction: Transaction) -> tuple[Unit, ...]:
    """Return the units of all times, by code and first day."""
    query = select(units).order_by(units.c.code, units.c.valid_from)
    return tuple(_unit(row) for row in transaction.execute(query))


def units_with_code(transaction: Transaction, code: str) -> tuple[Unit, ...]:
    """Return what a code meant, the earliest first."""
    query = select(units).where(units.c.code == code).order_by(units.c.valid_from)
    return tuple(_unit(row) for row in transaction.execute(query))


def knows_units_like(transaction: Transaction, code: str) -> bool:
    """Return whether codes of the same beginning up to the first dot are recorded, as of the units of one province."""
    head = code.partition(".")[0]
    like = (units.c.code == head) | units.c.code.startswith(f"{head}.", autoescape=True)
    return transaction.execute(select(units.c.code).where(like).limit(1)).first() is not None


def all_procedures(transaction: Transaction) -> tuple[Procedure, ...]:
    """Return the procedures of all times, by code and first day."""
    query = select(procedures).order_by(procedures.c.code, procedures.c.valid_from)
    return tuple(Procedure(**row._mapping) for row in transaction.execute(query))


def procedures_with_code(transaction: Transaction, code: str) -> tuple[Procedure, ...]:
    """Return what a code meant, the earliest first; a local code means the national one where it has no own row."""
    for known in (code, ".".join(code.split(".")[:2])):
        query = select(procedures).where(procedures.c.code == known).order_by(procedures.c.valid_from)
        if found := transaction.execute(query).all():
            return tuple(Procedure(**row._mapping) for row in found)
    return ()


def knows_procedures(transaction: Transaction) -> bool:
    """Return whether any procedure is recorded."""
    return transaction.execute(select(procedures.c.code).limit(1)).first() is not None


def clear_catalog(transaction: Transaction) -> None:
    """Forget units and procedures, so that they can be read anew from the store."""
    transaction.execute(delete(units))
    transaction.execute(delete(procedures))


def save_procedures(transaction: Transaction, listed: Iterable[Procedure]) -> None:
    """Record procedures; one with the same code and first day is replaced.

    Raises:
        InputError: two procedures would have the same code on the same day.
    """
    rows = [asdict(procedure) for procedure in listed]
    upsert_many(transaction, procedures, rows, keys=["code", "valid_from"])
    for code in {row["code"] for row in rows}:
        _refuse_overlap(transaction, procedures, code)


def find_procedure(transaction: Transaction, code: str, *, on: date) -> Procedure:
    """Return the procedure that had the code on a day; a local code `2.000815.000.00.00.H19` finds the national one.

    Raises:
        UnknownDocument: no procedure had it then.
    """
    for known in (code, ".".join(code.split(".")[:2])):
        query = select(procedures).where(procedures.c.code == known, _in_effect(procedures, on))
        row = transaction.execute(query).one_or_none()
        if row is not None:
            return Procedure(**row._mapping)
    raise UnknownDocument(f"Không có thủ tục mang mã {code} vào ngày {on:%d/%m/%Y}. Xin vui lòng kiểm tra lại mã.")


def list_procedures(transaction: Transaction, *, on: date) -> tuple[Procedure, ...]:
    """Return the procedures that are in effect on a day, by code."""
    query = select(procedures).where(_in_effect(procedures, on)).order_by(procedures.c.code)
    return tuple(Procedure(**row._mapping) for row in transaction.execute(query))


def save_dossier(transaction: Transaction, dossier: Dossier) -> None:
    """Record a dossier or replace what is recorded of it."""
    upsert(transaction, dossiers, asdict(dossier), keys=["code"])


def find_dossier(transaction: Transaction, code: str) -> Dossier:
    """Return a dossier.

    Raises:
        UnknownDocument: there is none with this code.
    """
    row = transaction.execute(select(dossiers).where(dossiers.c.code == code)).one_or_none()
    if row is None:
        raise UnknownDocument(f"Không có hồ sơ mang mã {code}. Xin vui lòng kiểm tra lại mã hồ sơ.")
    return Dossier(**row._mapping)


def list_dossiers(transaction: Transaction, owner_id: str, *, limit: int = 100) -> tuple[Dossier, ...]:
    """Return an owner's dossiers, newest first."""
    query = select(dossiers).where(dossiers.c.owner_id == owner_id).order_by(dossiers.c.received_at.desc())
    return tuple(Dossier(**row._mapping) for row in transaction.execute(query.limit(limit)))


def mark_dossier(transaction: Transaction, code: str, **reached: bool) -> bool:
    """Record what a dossier has reached: `digitized`, `electronic_result`, `reused`, `citizen_data`.

    Returns:
        Whether the dossier is known.
    """
    unknown = reached.keys() - {"digitized", "electronic_result", "reused", "citizen_data"}
    if unknown:
        raise ValueError(f"nothing that is counted: {sorted(unknown)}")
    return transaction.execute(update(dossiers).where(dossiers.c.code == code).values(**reached)).rowcount == 1


def _in_effect(dated: Table, on: date) -> ColumnElement[bool]:
    return (dated.c.valid_from <= on) & or_(dated.c.valid_to.is_(None), dated.c.valid_to >= on)


def _refuse_overlap(transaction: Transaction, dated: Table, code: str) -> None:
    query = select(dated.c.valid_from, dated.c.valid_to).where(dated.c.code == code).order_by(dated.c.valid_from)
    rows = transaction.execute(query).all()
    backward = any(row.valid_to and row.valid_to < row.valid_from for row in rows)
    overlaps = any(one.valid_to is None or one.valid_to >= other.valid_from for one, other in pairwise(rows))
    if backward or overlaps:
        raise InputError(f"Mã {code} có hai thời hạn hiệu lực chồng nhau. Xin vui lòng sửa bảng danh mục.")


def _unit(row: Row[Any]) -> Unit:
    return Unit(**{**row._mapping, "successors": tuple(row.successors.split())})

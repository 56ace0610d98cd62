"""The catalogue of units and procedures with their dates of effect: loaded, looked up, and asked at intake."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from importlib.resources import files
from pathlib import Path

from domain.errors import InputError, UnknownDocument
from domain.models import Draft, Filing, Problem
from domain.vietnamese import fold
from domain.wording import system_reason
from pipeline.events import CATALOG, CatalogEvent, apply_catalog, keep_event
from pipeline.journal import access, logged
from pipeline.serial import JsonObject, to_data
from pipeline.services import Services
from storage.access_log import append_log
from storage.catalog import Procedure as Procedure
from storage.catalog import Unit as Unit
from storage.catalog import (
    all_procedures,
    all_units,
    knows_procedures,
    knows_units_like,
    present_units,
    procedures_with_code,
    units_with_code,
)
from storage.catalog_changes import CatalogChanges as CatalogChanges
from storage.catalog_changes import ChangeKind as ChangeKind
from storage.catalog_changes import catalog_changes
from storage.catalog_files import read_catalog
from storage.database import Transaction

PROBLEMS = ("unit_unknown", "unit_over", "procedure_unknown", "procedure_over")
"""What may be said of the codes that a paper is filed under; none of it stands in anybody's way."""
_LARGEST = 64 * 2**20
_FIRST_TIER = ("tinh ", "thanh pho ")
_COMMITTEE, _SHORT = "uy ban nhan dan", "ubnd"
_MOST_NAMES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitCard:
    """A unit, and what became of it."""

    unit: Unit
    present: tuple[Unit, ...]
    """The units that stand today for it: itself while it lasts, several where it was split, none where the catalogue
    does not say."""


def load_catalog(paths: Sequence[Path], services: Services, *, procedures: bool = False) -> CatalogChanges:
    """Record what the files say, the shipped table of provinces where none is named, and return what changed.

    Each file is taken over whole or not at all; one that says nothing new changes nothing. What is recorded is kept
    in the store, for the database is made anew from there.

    Args:
        procedures: Whether CSV files are tables of procedures.

    Raises:
        InputError: A file cannot be read, or contradicts itself or what is recorded; the message names the line.
        StorageError: It could not be kept.
    """
    texts = [(path.name, read_text(path)) for path in paths] or [_shipped()]
    changes: list[CatalogChanges] = []
    for name, text in texts:
        file = read_catalog(name, text, procedures=procedures)
        with logged(services) as transaction:
            found = catalog_changes(file, all_units(transaction), all_procedures(transaction))
            changes.append(found)
            if not found.units and not found.procedures:
                continue
            now = services.clock()
            event = CatalogEvent(
                at=now,
                by=services.user,
                units=tuple(change.row for change in found.units if isinstance(change.row, Unit)),
                procedures=tuple(change.row for change in found.procedures if isinstance(change.row, Procedure)),
            )
            apply_catalog(transaction, event)
            entry = append_log(transaction, access(services, "catalog_load", detail=name[:100]), now=now)
            keep_event(CATALOG, event, entry, services)
    return CatalogChanges(
        units=tuple(change for each in changes for change in each.units),
        procedures=tuple(change for each in changes for change in each.procedures),
        unchanged=sum(each.unchanged for each in changes),
    )


def find_units(
    services: Services, text: str = "", *, on: date | None = None, level: str = "", parent: str = ""
) -> tuple[UnitCard, ...]:
    """Return the units that have a code or bear a name, with or without diacritics, each with what became of it.

    Args:
        text: Code, or words of the name; nothing for all units.
        on: Only those of this day; of all times where none is named.
    """
    words = fold(text)
    today = _today(services)
    with services.database.reading() as transaction:
        chosen = [
            unit
            for unit in all_units(transaction)
            if (not text or unit.code == text.strip() or words in fold(unit.name))
            and (on is None or _holds(unit, on))
            and level in ("", unit.level)
            and parent in ("", unit.parent)
        ]
        return tuple(UnitCard(unit=unit, present=_present(transaction, unit, today)) for unit in chosen)


def find_procedures(services: Services, text: str = "", *, on: date | None = None) -> tuple[Procedure, ...]:
    """Return the procedures that have a code, be it a local form of it, or bear a name."""
    words = fold(text)
    with services.database.reading() as transaction:
        found = procedures_with_code(transaction, text.strip()) if text else ()
        chosen = found or [each for each in all_procedures(transaction) if words in fold(each.name)]
    return tuple(each for each in chosen if on is None or _holds(each, on))


def note_catalog(draft: Draft, services: Services) -> Draft:
    """Return the draft with what the catalogue says against the codes that it is filed under."""
    field = draft.extraction.fields.get("issue_date")
    problems = catalog_problems(draft.filing, (field.value or "") if field is not None else "", services)
    extraction = replace(draft.extraction, problems=(*draft.extraction.problems, *problems))
    return replace(draft, extraction=extraction)


def catalog_problems(filing: Filing, written: str, services: Services) -> tuple[Problem, ...]:
    """Return what the catalogue says against the codes of unit and procedure that a paper is filed under.

    A code is right if it held on the day of the paper or holds today, for a unit of today digitises papers of old.
    Where the catalogue has no procedures, or no units of that province, it says nothing.

    Args:
        written: Day of the paper, ISO; one that is not known whole is not asked about.
    """
    today = _today(services)
    days = [today]
    with suppress(ValueError):
        days.append(date.fromisoformat(written))
    with services.database.reading() as transaction:
        problems = _about_unit(transaction, filing.unit, days)
        if filing.procedure and knows_procedures(transaction):
            problems = (*problems, *_about_procedure(transaction, filing.procedure, days))
    return problems


def issuer_names(transaction: Transaction, issuer: str) -> tuple[str, ...]:
    """Return an issuer's name and those under which its papers may have been issued or are issued now.

    Where the name ends with that of a unit of the catalogue, the names of the units that it came from and of those
    that took it over stand in its place; not those of its neighbors that were taken over by the same one. A committee
    may be written out or short (UBND).
    """
    key = _long(issuer)
    listed = all_units(transaction)
    ending = [unit for unit in listed if f" {key}".endswith(f" {_long(unit.name)}")]
    longest = max((len(_long(unit.name)) for unit in ending), default=0)
    names: dict[str, None] = {fold(issuer): None}
    for unit in ending:
        if len(_long(unit.name)) < longest:
            continue
        before = key[: len(key) - longest]
        for other in (*_line(unit, listed, forward=True), *_line(unit, listed, forward=False)):
            for form in _forms(before):
                names[form + _long(other.name)] = None
    both = [form for name in names for form in (name, name.replace(_COMMITTEE, _SHORT), _long(name))]
    return tuple(dict.fromkeys(both))[:_MOST_NAMES]


def _long(name: str) -> str:
    """Return a name folded, with the committee written out."""
    return " ".join(_COMMITTEE if word == _SHORT else word for word in fold(name).split())


def changes_object(changes: CatalogChanges) -> JsonObject:
    """Return what `sohoa catalog load` prints."""
    counts = {
        kind.value: sum(change.kind is kind for change in (*changes.units, *changes.procedures)) for kind in ChangeKind
    }
    return {
        "units": len(changes.units),
        "procedures": len(changes.procedures),
        **counts,
        "unchanged": changes.unchanged,
    }


def unit_object(card: UnitCard) -> JsonObject:
    """Return a unit as `sohoa catalog units` prints it."""
    present = [{"code": unit.code, "name": unit.name} for unit in card.present]
    return {**_dated_object(card.unit), "present": present}


def procedure_object(procedure: Procedure) -> JsonObject:
    """Return a procedure as `sohoa catalog procedures` prints it."""
    return _dated_object(procedure)


def _dated_object(row: Unit | Procedure) -> JsonObject:
    values: JsonObject = to_data(row)
    return values | {"valid_from": None if row.valid_from == date.min else row.valid_from.isoformat()}


def _shipped() -> tuple[str, str]:
    return "provinces.toml", (files("configs") / "units" / "provinces.toml").read_text("utf-8")


def read_text(path: Path) -> str:
    """Return the text of a table.

    Raises:
        InputError: It cannot be read, is too large or no UTF-8.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise InputError(f"{path.name} lớn hơn {_LARGEST // 2**20} MB, không phải bảng danh mục.")
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as e:
        raise InputError(f"{path.name} không phải chữ UTF-8; lưu lại tệp bằng UTF-8.") from e
    except OSError as e:
        raise InputError(f"Không đọc được {path} ({system_reason(e)}); kiểm tra đường dẫn.") from e


def _today(services: Services) -> date:
    return services.clock().astimezone(services.zone).date()


def _holds(row: Unit | Procedure, on: date) -> bool:
    return row.valid_from <= on and (row.valid_to is None or on <= row.valid_to)


def _present(transaction: Transaction, unit: Unit, today: date) -> tuple[Unit, ...]:
    try:
        return present_units(transaction, unit.code, written=unit.valid_from, on=today)
    except UnknownDocument:
        return ()


def _about_unit(transaction: Transaction, code: str, days: Sequence[date]) -> tuple[Problem, ...]:
    meanings = units_with_code(transaction, code)
    if not code or any(_holds(unit, day) for unit in meanings for day in days):
        return ()
    if not meanings:
        known = knows_units_like(transaction, code)
        return (Problem(code="unit_unknown", values={"code": code}, blocking=False),) if known else ()
    last = meanings[-1]
    heirs = ", ".join(f"{unit.name} ({unit.code})" for unit in _present(transaction, last, days[0]))
    return (_over("unit_over", last, heirs),)


def _about_procedure(transaction: Transaction, code: str, days: Sequence[date]) -> tuple[Problem, ...]:
    meanings = procedures_with_code(transaction, code)
    if any(_holds(each, day) for each in meanings for day in days):
        return ()
    if not meanings:
        return (Problem(code="procedure_unknown", values={"code": code}, blocking=False),)
    return (_over("procedure_over", meanings[-1], ""),)


def _over(code: str, row: Unit | Procedure, heirs: str) -> Problem:
    last = f"{row.valid_to:%d/%m/%Y}" if row.valid_to is not None else f"chưa đến {row.valid_from:%d/%m/%Y}"
    values = {"code": row.code, "name": row.name, "day": last, "heirs": heirs or "không rõ"}
    return Problem(code=code, values=values, blocking=False)


def _line(unit: Unit, listed: Sequence[Unit], *, forward: bool) -> tuple[Unit, ...]:
    """Return the units that came after a unit, one after the other, or those that it came from."""
    found: dict[tuple[str, date], Unit] = {}
    waiting = [unit]
    while waiting:
        one = waiting.pop()
        for other in listed:
            follows = _follows(one, other) if forward else _follows(other, one)
            if follows and (other.code, other.valid_from) not in found:
                found[other.code, other.valid_from] = other
                waiting.append(other)
    return tuple(found.values())


def _follows(earlier: Unit, later: Unit) -> bool:
    """Whether a unit took over another one's area or tasks, on the day after its last."""
    if earlier.valid_to is None or later.code not in earlier.successors:
        return False
    return _holds(later, date.fromordinal(earlier.valid_to.toordinal() + 1))


def _forms(before: str) -> tuple[str, ...]:
    """Return how the words before a name of the first tier may be: a province may have become a city."""
    for form in _FIRST_TIER:
        if before.endswith(form):
            return tuple(before.removesuffix(form) + other for other in _FIRST_TIER)
    return (before,)

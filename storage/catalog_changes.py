"""What a file changes in the tables of units and procedures, and whether they contradict themselves afterwards."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import TypeAlias, TypeVar

from domain.errors import InputError
from storage.catalog import Procedure, Unit
from storage.catalog_files import CatalogFile

Dated = TypeVar("Dated", Unit, Procedure)
_Key: TypeAlias = tuple[str, date]
_SHOWN = 5
"""So many contradictions are told at once."""


class ChangeKind(StrEnum):
    """How a row differs from what is recorded."""

    NEW = "new"
    CHANGED = "changed"
    CLOSED = "closed"
    """It lasted, and now has a last day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A row that is not recorded so yet."""

    kind: ChangeKind
    row: Unit | Procedure


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogChanges:
    """What a file changes."""

    units: tuple[Change, ...]
    procedures: tuple[Change, ...]
    unchanged: int
    """Rows that are recorded just so."""


def catalog_changes(file: CatalogFile, units: Iterable[Unit], procedures: Iterable[Procedure]) -> CatalogChanges:
    """Return what a file changes in what is recorded; rows that it does not name stay as they are.

    Raises:
        InputError: a row stands twice; afterwards a code would mean two things on one day, or a unit would have a
            successor or a parent that nobody knows. The message names file and lines.
    """
    faults: list[str] = []
    merged = _merged(file.units, units, faults)
    acts = _merged(file.procedures, procedures, faults)
    faults += _overlaps(merged, file.units)
    faults += _overlaps(acts, file.procedures)
    if not faults:
        faults += _unknown(merged, file.units)
    if faults:
        more = f"; và {len(faults) - _SHOWN} chỗ nữa" if len(faults) > _SHOWN else ""
        raise InputError(f"{file.name}: {'; '.join(faults[:_SHOWN])}{more}. Chưa nạp gì; sửa tệp rồi nạp lại.")
    before: Mapping[_Key, Unit] = {(unit.code, unit.valid_from): unit for unit in units}
    known: Mapping[_Key, Procedure] = {(act.code, act.valid_from): act for act in procedures}
    changed_units = tuple(_changes((unit for _, unit in file.units), before))
    changed_acts = tuple(_changes((act for _, act in file.procedures), known))
    rows = len(file.units) + len(file.procedures)
    return CatalogChanges(
        units=changed_units, procedures=changed_acts, unchanged=rows - len(changed_units) - len(changed_acts)
    )


def _merged(
    told: Sequence[tuple[int, Dated]], recorded: Iterable[Dated], faults: list[str]
) -> dict[str, list[tuple[int, Dated]]]:
    """Return all rows by code, each with its line in the file or 0."""
    rows: dict[_Key, tuple[int, Dated]] = {(row.code, row.valid_from): (0, row) for row in recorded}
    for line, row in told:
        key = (row.code, row.valid_from)
        if rows.get(key, (0, row))[0]:
            faults.append(f"dòng {line}: mã {row.code} với cùng ngày đầu đã có ở dòng {rows[key][0]}")
        rows[key] = (line, row)
    by_code: dict[str, list[tuple[int, Dated]]] = defaultdict(list)
    for _, (line, row) in sorted(rows.items()):
        by_code[row.code].append((line, row))
    return by_code


def _overlaps(merged: Mapping[str, list[tuple[int, Dated]]], told: Sequence[tuple[int, Dated]]) -> Iterator[str]:
    for code in dict.fromkeys(row.code for _, row in told):
        rows = merged[code]
        for line, row in rows:
            if row.valid_to is not None and row.valid_to < row.valid_from:
                yield f"dòng {line}: mã {code} hết hiệu lực trước khi bắt đầu"
        for (line, row), (next_line, following) in pairwise(rows):
            if row.valid_to is None or row.valid_to >= following.valid_from:
                where = f"dòng {next_line or line}"
                other = f"dòng {line}" if next_line and line else f"«{(row if next_line else following).name}» đã ghi"
                yield f"{where}: thời hạn của mã {code} chồng với {other}"


def _unknown(merged: Mapping[str, list[tuple[int, Unit]]], told: Sequence[tuple[int, Unit]]) -> Iterator[str]:
    def stands(code: str, on: date) -> bool:
        return any(
            row.valid_from <= on and (row.valid_to is None or row.valid_to >= on) for _, row in merged.get(code, ())
        )

    for line, unit in told:
        last = unit.valid_to
        if unit.successors and last is None:
            yield f"dòng {line}: đơn vị {unit.code} có đơn vị kế thừa mà không có ngày cuối"
        for successor in unit.successors:
            if last is not None and not stands(successor, last + timedelta(days=1)):
                yield f"dòng {line}: đơn vị kế thừa {successor} không có vào ngày sau {last:%d/%m/%Y}"
        first = unit.valid_from if unit.valid_from > date.min else unit.valid_to or date.max
        if unit.parent and not stands(unit.parent, first):
            yield f"dòng {line}: không có đơn vị cấp trên {unit.parent}"


def _changes(told: Iterable[Dated], before: Mapping[_Key, Dated]) -> Iterator[Change]:
    for row in told:
        known = before.get((row.code, row.valid_from))
        if known is None:
            yield Change(kind=ChangeKind.NEW, row=row)
        elif known != row:
            closed = known.valid_to is None and row.valid_to is not None
            only = _but_end(known) == _but_end(row)
            yield Change(kind=ChangeKind.CLOSED if closed and only else ChangeKind.CHANGED, row=row)


def _but_end(row: Unit | Procedure) -> Unit | Procedure:
    """Return a row without what it says of its end."""
    return replace(row, valid_to=None, successors=()) if isinstance(row, Unit) else replace(row, valid_to=None)

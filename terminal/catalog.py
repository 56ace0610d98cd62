"""Units and procedures as a person reads them on a terminal."""

from collections.abc import Sequence
from datetime import date

from pipeline.catalog import CatalogChanges, ChangeKind, Procedure, Unit, UnitCard
from terminal.screen import Screen

_KINDS = {ChangeKind.NEW: "mới", ChangeKind.CHANGED: "đổi", ChangeKind.CLOSED: "hết hiệu lực"}
_SHOWN = 20


def show_changes(screen: Screen, changes: CatalogChanges) -> None:
    """Show what a file changed."""
    listed = (*changes.units, *changes.procedures)
    for change in listed[:_SHOWN]:
        screen.line(f"{_KINDS[change.kind]}\t{change.row.code}\t{change.row.name}\t{period(change.row)}")
    if len(listed) > _SHOWN:
        screen.line(f"… và {len(listed) - _SHOWN} dòng nữa")
    counts = [f"{sum(each.kind is kind for each in listed)} {word}" for kind, word in _KINDS.items()]
    screen.note(
        f"{', '.join(counts)}, {changes.unchanged} không đổi." if listed else "Không có gì mới; danh mục đã đủ."
    )


def show_units(screen: Screen, cards: Sequence[UnitCard]) -> None:
    """Show units with what became of them."""
    rows = [(card.unit.code, card.unit.name, period(card.unit), card.unit.parent, _now(card)) for card in cards]
    screen.table(("Mã", "Tên", "Hiệu lực", "Trực thuộc", "Nay là"), rows, empty=_EMPTY)


def show_procedures(screen: Screen, found: Sequence[Procedure]) -> None:
    """Show procedures with their times."""
    rows = [(each.code, each.name, period(each), "có" if each.citizen_data else "") for each in found]
    screen.table(("Mã", "Tên", "Hiệu lực", "Dữ liệu dân cư"), rows, empty=_EMPTY)


def period(row: Unit | Procedure) -> str:
    """Return from when to when a row holds, in words."""
    if row.valid_from == date.min and row.valid_to is None:
        return "trước nay"
    first = "" if row.valid_from == date.min else f"từ {row.valid_from:%d/%m/%Y} "
    last = f"đến hết {row.valid_to:%d/%m/%Y}" if row.valid_to is not None else "đến nay"
    return first + last


def _now(card: UnitCard) -> str:
    if card.present == (card.unit,):
        return "vẫn còn"
    return ", ".join(f"{unit.name} ({unit.code})" for unit in card.present) or "không rõ"


_EMPTY = "Danh mục không có; nạp bằng `sohoa catalog load`."

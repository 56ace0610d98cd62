"""A table of dossiers as the one-stop system writes it: received, due, finished, and what came of them."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, tzinfo

from domain.errors import InputError
from storage.catalog import Dossier
from storage.catalog_files import read_answer, read_table

_DAY = re.compile(r"(?:(\d{4})-(\d\d?)-(\d\d?)|(\d\d?)/(\d\d?)/(\d{4}))")
_COLUMNS = {
    "code": ("code", "ma ho so", "so ho so"),
    "owner_id": ("owner", "owner id", "so dinh danh", "chu ho so"),
    "procedure": ("procedure", "ma thu tuc", "thu tuc"),
    "unit": ("unit", "ma don vi", "don vi"),
    "received_at": ("received at", "tiep nhan", "ngay tiep nhan", "tiep nhan luc"),
    "due_at": ("due at", "hen tra", "ngay hen tra"),
    "finished_at": ("finished at", "tra ket qua", "ngay tra ket qua", "ngay tra"),
    "electronic_result": ("electronic result", "ket qua dien tu"),
    "citizen_data": ("citizen data", "du lieu dan cu"),
}
_NEEDED = frozenset({"code", "received_at"})


def read_dossiers(name: str, text: str, *, zone: tzinfo) -> tuple[Dossier, ...]:
    """Return the dossiers of a CSV table; an empty cell is not known.

    A day without a time is its beginning, of what is due its end. Times are those of the office.

    Raises:
        InputError: it is no such table; the message names file and line.
    """
    found: dict[str, Dossier] = {}
    lines: dict[str, int] = {}
    for line, dossier in _read(name, text, zone):
        if dossier.code in found:
            raise InputError(f"{name}, dòng {line}: hồ sơ {dossier.code} đã có ở dòng {lines[dossier.code]}.")
        found[dossier.code], lines[dossier.code] = dossier, line
    return tuple(found.values())


def _read(name: str, text: str, zone: tzinfo) -> Iterator[tuple[int, Dossier]]:
    for line, row in read_table(name, text, _COLUMNS, _NEEDED):
        received = _moment(row["received_at"], time.min, zone, name, line)
        finished = _moment(row.get("finished_at", ""), time.min, zone, name, line)
        if not row["code"] or len(row["code"]) > 64 or received is None:
            raise InputError(f"{name}, dòng {line}: cần mã hồ sơ (không quá 64 chữ) và lúc tiếp nhận.")
        if finished is not None and finished.date() < received.date():
            raise InputError(f"{name}, dòng {line}: hồ sơ {row['code']} trả kết quả trước khi tiếp nhận.")
        yield (
            line,
            Dossier(
                code=row["code"],
                owner_id=row.get("owner_id", ""),
                procedure=row.get("procedure", ""),
                unit=row.get("unit", ""),
                received_at=received,
                due_at=_moment(row.get("due_at", ""), time.max, zone, name, line),
                finished_at=finished,
                electronic_result=read_answer(row.get("electronic_result", ""), name, line),
                citizen_data=read_answer(row.get("citizen_data", ""), name, line),
            ),
        )


def _moment(text: str, otherwise: time, zone: tzinfo, name: str, line: int) -> datetime | None:
    if not text:
        return None
    written, _, rest = text.replace("T", " ").partition(" ")
    try:
        parts = _DAY.fullmatch(written)
        if parts is None:
            raise ValueError(written)
        year, month, day = parts.group(1, 2, 3) if parts[1] else parts.group(6, 5, 4)
        on = date(int(year), int(month), int(day))
        return datetime.combine(on, time.fromisoformat(rest.strip()) if rest.strip() else otherwise, zone)
    except ValueError as e:
        raise InputError(f"{name}, dòng {line}: “{text}” không phải lúc; viết 2026-11-03 08:15 hoặc 03/11/2026.") from e

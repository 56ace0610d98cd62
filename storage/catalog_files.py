"""Tables of units and procedures as files: TOML or CSV, read with the line on which each row stands."""

import csv
import io
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from domain.errors import ConfigurationError, InputError
from domain.vietnamese import fold, nfc
from domain.wording import toml_reason
from storage.catalog import Procedure, Unit
from storage.unit_files import read_provinces

T = TypeVar("T")

_HEADER = re.compile(r"\s*\[\[\s*\"?(\w+)\"?\s*\]\]")
_VIETNAMESE_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_DELIMITERS = ",;\t"
_YES, _NO = ("true", "1", "x", "co", "yes"), ("false", "0", "khong", "no")
_COLUMNS = {
    "code": ("code", "ma", "ma don vi", "ma thu tuc"),
    "name": ("name", "ten", "ten don vi", "ten thu tuc"),
    "level": ("level", "cap"),
    "parent": ("parent", "truc thuoc", "don vi cap tren"),
    "valid_from": ("valid from", "tu ngay", "hieu luc tu"),
    "valid_to": ("valid to", "den ngay", "hieu luc den"),
    "successors": ("successors", "ke thua", "don vi ke thua"),
    "citizen_data": ("citizen data", "du lieu dan cu"),
}
_NEEDED = frozenset({"code", "name"})
_OF_UNITS = frozenset({"code", "name", "level", "parent", "valid_from", "valid_to", "successors"})
_OF_PROCEDURES = frozenset({"code", "name", "valid_from", "valid_to", "citizen_data"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogFile:
    """What a file says, each row with its line."""

    name: str
    units: tuple[tuple[int, Unit], ...] = ()
    procedures: tuple[tuple[int, Procedure], ...] = ()


def read_catalog(name: str, text: str, *, procedures: bool = False) -> CatalogFile:
    """Return the units and procedures of a file.

    TOML has tables `[[unit]]`, `[[procedure]]` or, as `configs/units/provinces.toml`, `[[province]]`, with the fields
    of `Unit` and `Procedure`; CSV has a first row that names the same fields, in English or Vietnamese. A row without
    `valid_from` holds from the beginning of time.

    Args:
        name: What the file is called; one that ends in `.toml` is TOML, any other CSV.
        procedures: Whether a CSV file is one of procedures.

    Raises:
        InputError: it is no such table; the message names file and line.
    """
    if name.lower().endswith(".toml"):
        return _read_toml(name, text)
    known = _OF_PROCEDURES if procedures else _OF_UNITS
    rows = tuple(read_table(name, text, {key: _COLUMNS[key] for key in sorted(known)}, _NEEDED))
    if procedures:
        return CatalogFile(name=name, procedures=tuple((line, _procedure(row, name, line)) for line, row in rows))
    return CatalogFile(name=name, units=tuple((line, _unit(row, name, line)) for line, row in rows))


def _read_toml(name: str, text: str) -> CatalogFile:
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as e:
        raise InputError(f"{name}: {toml_reason(e)}; sửa tệp rồi nạp lại.") from e
    if strange := sorted(tables.keys() - {"unit", "procedure", "province"}):
        raise InputError(f"{name}: mục lạ {', '.join(strange)}; chỉ dùng [[unit]], [[procedure]] hoặc [[province]].")
    if not all(isinstance(table, list) and all(isinstance(row, dict) for row in table) for table in tables.values()):
        raise InputError(f"{name}: mỗi đơn vị, thủ tục là một mục [[unit]] hoặc [[procedure]].")
    lines = _header_lines(text)
    provinces: tuple[Unit, ...] = ()
    if "province" in tables:
        try:
            provinces = read_provinces(text)
        except ConfigurationError as e:
            raise InputError(f"{name}: {e}") from e
    return CatalogFile(
        name=name,
        units=(
            *zip(lines("province"), provinces, strict=False),
            *_rows(tables.get("unit", []), lines("unit"), _unit, _OF_UNITS, name),
        ),
        procedures=tuple(_rows(tables.get("procedure", []), lines("procedure"), _procedure, _OF_PROCEDURES, name)),
    )


def _header_lines(text: str) -> Callable[[str], list[int]]:
    """Return a function that gives the lines on which the tables of a name begin."""
    found = [(match[1], number) for number, line in enumerate(text.splitlines(), 1) if (match := _HEADER.match(line))]
    return lambda wanted: [number for name, number in found if name == wanted]


def _rows(
    rows: Sequence[Mapping[str, Any]],
    lines: Sequence[int],
    build: Callable[[Mapping[str, Any], str, int], T],
    known: frozenset[str],
    name: str,
) -> Iterator[tuple[int, T]]:
    for line, row in zip(lines, rows, strict=False):
        if strange := sorted(row.keys() - known):
            raise InputError(f"{name}, dòng {line}: khóa lạ {', '.join(strange)}; chỉ dùng {', '.join(sorted(known))}.")
        yield line, build(row, name, line)


def read_table(
    name: str, text: str, columns: Mapping[str, Sequence[str]], needed: frozenset[str]
) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Yield the rows of a CSV table, each with its line; empty rows are left out.

    Args:
        columns: The names by which a column may be called, folded and with blanks, by the name of what it holds.

    Raises:
        InputError: a column is missing or strange, or a row has too many or too few cells.
    """
    text = text.removeprefix("\ufeff")
    lines = text.splitlines()
    delimiter = max(_DELIMITERS, key=lines[0].count) if lines else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    headings = [_column(heading, columns) for heading in next(reader, [])]
    missing = sorted(needed - set(headings))
    strange = [heading for heading in headings if heading not in columns]
    if missing or strange or len(set(headings)) != len(headings):
        more = ", ".join(sorted(columns.keys() - needed))
        raise InputError(
            f"{name}, dòng 1: cần cột {', '.join(sorted(needed))} và chỉ thêm {more}; "
            f"{'thiếu ' + ', '.join(missing) if missing else 'cột lạ hoặc lặp: ' + ', '.join(strange or headings)}."
        )
    for row in reader:
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(headings):
            raise InputError(f"{name}, dòng {reader.line_num}: có {len(row)} ô, dòng đầu có {len(headings)}.")
        yield reader.line_num, {heading: nfc(cell.strip()) for heading, cell in zip(headings, row, strict=True)}


def read_answer(text: str, name: str, line: int) -> bool | None:
    """Return yes or no as it was written, None where nothing was.

    Raises:
        InputError: it is neither.
    """
    answer = fold(text)
    if not answer:
        return None
    if answer not in (*_YES, *_NO):
        raise InputError(f"{name}, dòng {line}: “{text}” phải là có hoặc không.")
    return answer in _YES


def _column(heading: str, columns: Mapping[str, Sequence[str]]) -> str:
    words = fold(heading).replace("_", " ")
    return next((column for column, names in columns.items() if words in names), heading.strip())


def _unit(row: Mapping[str, Any], name: str, line: int) -> Unit:
    successors = row.get("successors", ())
    codes = successors.split() if isinstance(successors, str) else list(successors)
    return Unit(
        code=_text(row, "code", name, line),
        name=_text(row, "name", name, line),
        level=_text(row, "level", name, line, needed=False),
        parent=_text(row, "parent", name, line, needed=False),
        valid_from=_day(row.get("valid_from"), name, line) or date.min,
        valid_to=_day(row.get("valid_to"), name, line),
        successors=tuple(code.strip(" ,;") for code in map(str, codes)),
    )


def _procedure(row: Mapping[str, Any], name: str, line: int) -> Procedure:
    return Procedure(
        code=_text(row, "code", name, line),
        name=_text(row, "name", name, line),
        valid_from=_day(row.get("valid_from"), name, line) or date.min,
        valid_to=_day(row.get("valid_to"), name, line),
        citizen_data=bool(read_answer(str(row.get("citizen_data", "")), name, line)),
    )


def _text(row: Mapping[str, Any], key: str, name: str, line: int, *, needed: bool = True) -> str:
    value = row.get(key, "")
    if not isinstance(value, str) or (needed and not value.strip()) or len(value) > 500:
        raise InputError(f"{name}, dòng {line}: {key} phải là chữ, trong ngoặc kép, không để trống.")
    text = nfc(value.strip())
    if key in ("code", "parent") and (len(text) > 64 or " " in text):
        raise InputError(f"{name}, dòng {line}: mã “{text}” có dấu cách hoặc quá dài.")
    return text


def _day(value: object, name: str, line: int) -> date | None:
    if value in (None, ""):
        return None
    if type(value) is date:
        return value
    text = str(value)
    try:
        if written := _VIETNAMESE_DAY.fullmatch(text):
            return date(int(written[3]), int(written[2]), int(written[1]))
        return date.fromisoformat(text)
    except ValueError as e:
        raise InputError(f"{name}, dòng {line}: “{text}” không phải ngày; viết 2025-07-01 hoặc 01/07/2025.") from e

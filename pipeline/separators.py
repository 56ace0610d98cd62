"""Separator sheets: which ones to print, from a list or for one dossier."""

import csv
import io
from pathlib import Path

from domain.errors import InputError
from domain.models import Filing
from domain.wording import system_reason
from ocr.separators import separator_sheets
from ocr.symbols.codes import Separator
from pipeline.output import write_output

_COLUMNS = {"dossier": "dossier", "owner": "owner_id", "procedure": "procedure"}
"""Of the list, and what they say on the sheet."""
_LONGEST = 120
"""Characters of a value: longer ones make a code that is hard to read after scanning."""
_MOST = 2000


def write_separators(out: Path, filing: Filing, *, listed: Path | None = None) -> int:
    """Write a PDF of separator sheets, and return how many it has.

    Args:
        out: Where to write it.
        filing: What the sheet says; in a list, what is said where a line says nothing.
        listed: The list, a line for each sheet: CSV in UTF-8 with the columns `dossier`, `owner`, `procedure` in any
            order, set apart by commas, semicolons or tabulators. None for one sheet.

    Raises:
        InputError: The list cannot be read or is no such list, a value is too long for a code, or there are no sheets
            or too many.
        ConfigurationError: There are no fonts with Vietnamese letters.
        StoreUnavailable: The file cannot be written.
    """
    default = Separator(dossier=filing.dossier, owner_id=filing.owner_id, procedure=filing.procedure)
    separators = (default,) if listed is None else _listed(listed, default)
    if not separators:
        raise InputError("Danh sách không có dòng nào; mỗi dòng là một tờ phân cách.")
    if len(separators) > _MOST:
        raise InputError(f"Danh sách có {len(separators)} tờ, nhiều hơn {_MOST}; hãy chia thành nhiều danh sách.")
    for separator in separators:
        for value in (separator.dossier, separator.owner_id, separator.procedure):
            if len(value) > _LONGEST:
                raise InputError(f"Giá trị «{value[:30]}…» dài quá {_LONGEST} ký tự, không in thành mã được.")
    write_output(out, separator_sheets(separators))
    return len(separators)


def _listed(path: Path, default: Separator) -> tuple[Separator, ...]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as e:
        raise InputError(f"Không đọc được {path} ({system_reason(e)}); kiểm tra lại đường dẫn.") from e
    except UnicodeDecodeError as e:
        raise InputError(f"{path} không phải văn bản UTF-8; trong Excel hãy lưu dạng «CSV UTF-8».") from e
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    try:
        table = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        names = [(name or "").strip().lower() for name in table.fieldnames or ()]
        rows = [row for row in table if any(value for value in row.values())]
    except csv.Error as e:
        raise InputError(f"{path} không phải danh sách CSV ({e}); xem lại dấu ngoặc kép.") from e
    unknown = sorted(set(names) - _COLUMNS.keys())
    if not names or unknown or any(None in row for row in rows):
        found = f"có cột lạ «{unknown[0]}»" if unknown else "thiếu hoặc thừa cột"
        raise InputError(f"{path} {found}; dòng đầu phải là dossier,owner,procedure.")
    return tuple(_separator(dict(zip(names, row.values(), strict=True)), default) for row in rows)


def _separator(row: dict[str, str | None], default: Separator) -> Separator:
    said = {part: (row.get(column) or "").strip() or getattr(default, part) for column, part in _COLUMNS.items()}
    return Separator(**said)

"""Taking over a plain folder of files with a table (CSV) that says what they are."""

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path

from domain.errors import DamagedDocument, StoreUnavailable, UnsupportedDocument
from domain.models import Problem
from domain.vietnamese import fold, nfc
from storage.import_packages import ImportedPaper, ImportLimits

_FILE_COLUMNS = ("file", "file name", "filename", "tep", "ten tep", "tap tin", "duong dan")
_DELIMITERS = ",;\t"


def read_folder(folder: Path, table: Path, *, limits: ImportLimits | None = None) -> Iterator[ImportedPaper]:
    """Yield a paper for each row of the table, with its columns as fields; a row that cannot be used has a problem.

    Args:
        table: CSV in UTF-8 with commas, semicolons or tabs; its first row names the columns, one of them is
            `file` or `tệp`. Files that no row names are yielded at the end, without fields.

    Raises:
        UnsupportedDocument: the table has no column that names the files.
        DamagedDocument: the table is no text in UTF-8.
        StoreUnavailable: the folder or the table cannot be read.
    """
    allowed = limits or ImportLimits()
    try:
        text = table.read_text("utf-8-sig")
        files = _files(folder, without=table)
    except UnicodeDecodeError as error:
        raise DamagedDocument(f"{table.name} không phải văn bản UTF-8; hãy lưu lại bảng ở dạng CSV UTF-8.") from error
    except OSError as error:
        raise StoreUnavailable(f"Không đọc được thư mục {folder} hoặc {table.name}; hãy kiểm tra quyền đọc.") from error
    named: set[str] = set()
    for number, row in enumerate(_rows(text, table.name), 2):
        if not any(row.values()):
            continue
        told = next(nfc(value.strip()) for column, value in row.items() if _names_files(column))
        name = told.replace("\\", "/").removeprefix("./")
        fields = {column: nfc(value.strip()) for column, value in row.items() if not _names_files(column) and value}
        again = name in named
        named.add(name)
        yield _paper(name, files, fields, number, allowed, again=again)
    for name in sorted(files.keys() - named):
        yield _paper(name, files, {}, 0, allowed, again=False)


def _files(folder: Path, *, without: Path) -> dict[str, Path]:
    """Return the files below the folder by their names with slashes; links are left out, for they lead elsewhere."""
    inside = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    real = folder.resolve(strict=True)
    table = without.resolve()
    return {
        nfc(path.relative_to(folder).as_posix()): path
        for path in inside
        if real in path.resolve().parents and path.resolve() != table
    }


def _rows(text: str, name: str) -> Iterator[Mapping[str, str]]:
    first = text.splitlines()[0] if text.strip() else ""
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, restkey="", restval="")
    columns = [nfc(column.strip()) for column in reader.fieldnames or ()]
    if sum(_names_files(column) for column in columns) != 1:
        raise UnsupportedDocument(f"Bảng {name} phải có đúng một cột tên «file» hoặc «tệp»; hãy sửa dòng đầu của bảng.")
    reader.fieldnames = columns
    for row in reader:
        yield {column: row[column] for column in columns}


def _paper(
    name: str, files: Mapping[str, Path], fields: Mapping[str, str], row: int, limits: ImportLimits, *, again: bool
) -> ImportedPaper:
    """Return a file as a paper; the name is looked up among the files found, and so never becomes a path."""
    path = files.get(name)
    values = {"file": name, "row": str(row)}
    if path is None:
        return _refused(name, fields, Problem(code="import_missing", values=values))
    if again:
        return _refused(name, fields, Problem(code="import_twice", values=values))
    try:
        if path.stat().st_size > limits.file_bytes:
            return _refused(name, fields, Problem(code="import_oversized", values=values))
        data = path.read_bytes()
    except OSError:
        return _refused(name, fields, Problem(code="import_unreadable", values=values))
    problems = () if row else (Problem(code="import_unnamed", values=values, blocking=False),)
    return ImportedPaper(name=name, files={path.name: data}, fields=fields, problems=problems)


def _refused(name: str, fields: Mapping[str, str], problem: Problem) -> ImportedPaper:
    return ImportedPaper(name=name, files={}, fields=fields, problems=(problem,))


def _names_files(column: str) -> bool:
    return fold(column).replace("_", " ") in _FILE_COLUMNS

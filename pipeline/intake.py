"""What a clerk hands in: files and folders become papers with the dossier that they belong to."""

import hashlib
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

from domain.errors import DamagedDocument, DocumentError, InputError, OversizedDocument
from domain.identifiers import derived_identifier
from domain.models import Filing, Source
from ocr.sources import Limits, open_source

DOSSIER_FILE = "dossier.toml"
"""Beside the papers of a dossier: whose they are, as the fields of `Filing`."""

_NOT_PAPERS = {DOSSIER_FILE, "thumbs.db", "desktop.ini"}
_NOT_PAPER_ENDINGS = (".truth.json", ".tmp", ".part")


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperFile:
    """A file that holds one paper, and where the paper belongs."""

    path: Path
    filing: Filing


def find_papers(paths: Sequence[Path], filing: Filing) -> Iterator[PaperFile]:
    """Yield the papers below the paths: a file is a paper, a folder a dossier, in the order of their names.

    A dossier's code is the one given, else the one in its `dossier.toml`, else the folder's name.

    Raises:
        InputError: A path does not exist or a `dossier.toml` is wrong.
    """
    for path in paths:
        if path.is_dir():
            yield from _dossier(path, filing)
        elif path.exists():
            yield PaperFile(path=path, filing=filing)
        else:
            raise InputError(f"Không có tệp hoặc thư mục {path}; kiểm tra lại đường dẫn.")


def open_paper(path: Path, limits: Limits) -> Source | DocumentError:
    """Return a file as a source, or why it cannot be used."""
    try:
        if path.stat().st_size > limits.bytes:
            return OversizedDocument(f"Tệp lớn hơn {limits.bytes // 2**20} MB; chia thành nhiều tệp rồi thử lại.")
        return open_source(path.name, path.read_bytes(), limits=limits)
    except OSError as e:
        return DamagedDocument(f"Không đọc được tệp ({e.strerror}); kiểm tra ổ đĩa và quyền đọc.")
    except DocumentError as e:
        return e


def draft_identifier(source_sha256: str, page_numbers: Sequence[int]) -> str:
    """Return the identifier that these pages of this file always have, so that no paper is drafted twice."""
    pages = ",".join(map(str, page_numbers))
    return derived_identifier(hashlib.sha256(f"{source_sha256}:{pages}".encode()).digest())


def _dossier(folder: Path, filing: Filing) -> Iterator[PaperFile]:
    entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    papers = [entry for entry in entries if entry.is_file() and _is_paper(entry)]
    if papers:
        inherited = _folder_filing(folder, filing)
        yield from (PaperFile(path=path, filing=inherited) for path in papers)
    for entry in entries:
        if entry.is_dir() and not entry.name.startswith("."):
            yield from _dossier(entry, filing)


def _is_paper(path: Path) -> bool:
    name = path.name.lower()
    return not name.startswith(".") and name not in _NOT_PAPERS and not name.endswith(_NOT_PAPER_ENDINGS)


def _folder_filing(folder: Path, filing: Filing) -> Filing:
    written: dict[str, str] = {}
    described = folder / DOSSIER_FILE
    if described.exists():
        try:
            table = tomllib.loads(described.read_text("utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as e:
            raise InputError(f"{described}: không đọc được ({e}); sửa hoặc xóa tệp này.") from e
        known = {f.name for f in fields(Filing)}
        if unknown := set(table) - known:
            raise InputError(f"{described}: khóa lạ {', '.join(sorted(unknown))}; chỉ dùng {', '.join(sorted(known))}.")
        written = {key: str(value) for key, value in table.items()}
    given = {f.name: getattr(filing, f.name) for f in fields(Filing) if getattr(filing, f.name) != f.default}
    return replace(Filing(dossier=folder.resolve().name), **(written | given))

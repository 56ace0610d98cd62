"""What a clerk hands in: files and folders become papers with the dossier that they belong to."""

import hashlib
import stat
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

from domain.errors import DamagedDocument, DocumentError, InputError, OversizedDocument
from domain.identifiers import derived_identifier
from domain.models import Filing, Source
from domain.wording import harmless, system_reason, toml_reason
from ocr.files.sources import Limits, open_source

DOSSIER_FILE = "dossier.toml"
"""Beside the papers of a dossier: whose they are, as the fields of `Filing`."""

_LARGEST_COPY = 2**30
"""In bytes; what is larger was not made here and is not read into memory."""

_NOT_PAPERS = {DOSSIER_FILE, "thumbs.db", "desktop.ini"}
_NOT_PAPER_ENDINGS = (".truth.json", ".tmp", ".part")


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperFile:
    """A file that holds one paper, and where the paper belongs."""

    path: Path
    filing: Filing
    refused: InputError | None = None
    """Why it is not taken in, whatever it holds."""


def find_papers(paths: Sequence[Path], filing: Filing) -> Iterator[PaperFile]:
    """Yield the papers below the paths: a file is a paper, a folder a dossier, in the order of their names.

    A dossier's code is the one given, else the one in its `dossier.toml`, else the folder's name. Where that file is
    wrong, the papers of its folder are refused and the other folders go on.

    Raises:
        InputError: A path does not exist.
    """
    for path in paths:
        if path.is_dir():
            yield from _dossier(path, filing, within=())
        elif path.exists() or path.is_symlink():
            yield PaperFile(path=path, filing=filing)
        else:
            raise InputError(f"Không có tệp hoặc thư mục {path}; kiểm tra lại đường dẫn.")


def count_papers(paths: Sequence[Path]) -> int:
    """Return how many papers there are below the paths.

    Raises:
        InputError: A path does not exist.
    """
    return sum(1 for _ in find_papers(paths, Filing()))


def open_paper(path: Path, limits: Limits) -> Source | DocumentError:
    """Return a file as a source, or why it cannot be used."""
    try:
        status = path.stat()
        if not (stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)):  # a pipe or device may never end
            return DamagedDocument("Đây không phải tệp thường; chép giấy tờ thành tệp rồi thử lại.")
        if status.st_size > limits.bytes:
            return OversizedDocument(f"Tệp lớn hơn {limits.bytes // 2**20} MB; chia thành nhiều tệp rồi thử lại.")
        return open_source(harmless(path.name), path.read_bytes(), limits=limits)
    except OSError as e:
        return DamagedDocument(f"Không đọc được tệp ({system_reason(e)}); kiểm tra ổ đĩa và quyền đọc.")
    except DocumentError as e:
        return e


def read_given(what: str) -> bytes | None:
    """Return the bytes of the file that a person named, None where the text names no file.

    Raises:
        DamagedDocument: It cannot be read.
        OversizedDocument: It is larger than any copy made here.
    """
    path = Path(what)
    try:
        status = path.stat()
    except (OSError, ValueError):  # the text of a code is too long for a name, or names nothing
        return None
    if stat.S_ISDIR(status.st_mode):
        raise DamagedDocument(f"{harmless(what)} là thư mục; nêu một tệp, ví dụ bản PDF đã nhận.")
    if not stat.S_ISREG(status.st_mode):  # a pipe or device may never end
        raise DamagedDocument(f"{harmless(what)} không phải tệp thường; chép thành tệp rồi thử lại.")
    if status.st_size > _LARGEST_COPY:
        raise OversizedDocument(f"Tệp lớn hơn {_LARGEST_COPY // 2**20} MB, không phải bản cấp ở đây.")
    try:
        return path.read_bytes()
    except OSError as e:
        raise DamagedDocument(f"Không đọc được tệp ({system_reason(e)}); kiểm tra ổ đĩa và quyền đọc.") from e


def draft_identifier(source_sha256: str, page_numbers: Sequence[int]) -> str:
    """Return the identifier that these pages of this file always have, so that no paper is drafted twice."""
    pages = ",".join(map(str, page_numbers))
    return derived_identifier(hashlib.sha256(f"{source_sha256}:{pages}".encode()).digest())


def _dossier(folder: Path, filing: Filing, *, within: tuple[Path, ...]) -> Iterator[PaperFile]:
    """Yield the papers of a folder and the folders in it; a link back to one of those `within` is not followed."""
    here = folder.resolve()
    if here in within:
        return
    try:
        entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
        folders = [entry for entry in entries if entry.is_dir()]
    except OSError as e:
        unreadable = DamagedDocument(f"Không đọc được thư mục ({system_reason(e)}); kiểm tra quyền đọc.")
        yield PaperFile(path=folder, filing=filing, refused=unreadable)
        return
    if papers := [entry for entry in entries if entry not in folders and _is_paper(entry)]:
        inherited = _folder_filing(folder, filing)
        refused = inherited if isinstance(inherited, InputError) else None
        belongs = filing if isinstance(inherited, InputError) else inherited
        yield from (PaperFile(path=path, filing=belongs, refused=refused) for path in papers)
    for entry in folders:
        if not entry.name.startswith("."):
            yield from _dossier(entry, filing, within=(*within, here))


def _is_paper(path: Path) -> bool:
    name = path.name.lower()
    return not name.startswith(".") and name not in _NOT_PAPERS and not name.endswith(_NOT_PAPER_ENDINGS)


def _folder_filing(folder: Path, filing: Filing) -> Filing | InputError:
    """Return where the papers of a folder belong, or why that cannot be told."""
    written: dict[str, str] = {}
    described = folder / DOSSIER_FILE
    known = {f.name: f.default for f in fields(Filing)}
    if described.exists():
        try:
            written = tomllib.loads(described.read_text("utf-8"))
        except OSError as e:
            return InputError(f"{described}: không đọc được ({system_reason(e)}); kiểm tra quyền đọc.")
        except UnicodeDecodeError:
            return InputError(f"{described}: không phải chữ UTF-8; lưu lại tệp này bằng UTF-8.")
        except tomllib.TOMLDecodeError as e:
            return InputError(f"{described}: {toml_reason(e)}; sửa hoặc xóa tệp này.")
        if unknown := sorted(set(written) - set(known)):
            return InputError(f"{described}: khóa lạ {', '.join(unknown)}; chỉ dùng {', '.join(sorted(known))}.")
        if wrong := sorted(key for key, value in written.items() if not isinstance(value, str)):
            return InputError(f"{described}: giá trị của {', '.join(wrong)} phải để trong ngoặc kép.")
    given = {name: getattr(filing, name) for name, default in known.items() if getattr(filing, name) != default}
    return replace(Filing(dossier=harmless(folder.resolve().name)), **(written | given))

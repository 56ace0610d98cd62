"""Taking over packages of others: a BagIt bag or an E-ARK package in a ZIP file, checked and read without unpacking."""

import hashlib
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree

from domain.errors import DamagedDocument, OversizedDocument, StoreUnavailable, UnsupportedDocument
from domain.models import Problem

_METS = "{http://www.loc.gov/METS/}"
_LINK = "{http://www.w3.org/1999/xlink}href"
_EAD = "{http://ead3.archivists.org/schema/}"
_ALGORITHMS = {"SHA-256": "sha256", "SHA-512": "sha512"}
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportLimits:
    """What a package may hold."""

    files: int = 100_000
    file_bytes: int = 1 << 30
    paper_bytes: int = 768 << 20
    """Of all files of a paper, unpacked: they lie in memory together."""
    total_bytes: int = 64 << 30
    """Of all files, unpacked."""
    xml_bytes: int = 64 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedPaper:
    """A paper as it stood in a package or folder, for the pipeline to take in."""

    name: str
    """What it is called there; to be shown, never to be used as a path."""
    files: Mapping[str, bytes] = field(repr=False)
    """By their names in the package; ours are `copy.pdf`, `source/0001.pdf`, ..."""
    fields: Mapping[str, str]
    """What the package says of the paper, by the names that it uses."""
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class _Zip:
    archive: zipfile.ZipFile
    folder: str
    """The one folder that holds everything, with a slash; empty if there is none."""
    limits: ImportLimits
    names: frozenset[str]
    """Of all files, behind the folder."""

    def read(self, name: str, *, limit: int = 0) -> bytes:
        try:
            with self.archive.open(self.folder + name) as file:
                most = limit or self.limits.file_bytes
                data = file.read(most + 1)
        except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            raise _damaged(f"không đọc được tệp «{name}»") from error
        if len(data) > most:
            raise OversizedDocument(f"Tệp «{name}» trong gói quá lớn; hãy tách gói hoặc nâng giới hạn trong cấu hình.")
        return data

    def read_paper(self, names: Mapping[str, str]) -> dict[str, bytes]:
        """Return the files of a paper by their names there; given are their names in the package."""
        size = sum(self.archive.getinfo(self.folder + name).file_size for name in names.values())
        if size > self.limits.paper_bytes:
            raise OversizedDocument(
                f"Một giấy tờ trong gói bung ra hơn {self.limits.paper_bytes // 2**20} MB; không nhận gói này, "
                "hãy xin gói khác từ nơi gửi."
            )
        return {own: self.read(name) for own, name in names.items()}

    def digest(self, name: str, algorithm: str) -> str:
        digest = hashlib.new(algorithm)
        try:
            with self.archive.open(self.folder + name) as file:
                while piece := file.read(_PIECE):
                    digest.update(piece)
        except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            raise _damaged(f"thiếu hoặc không đọc được tệp «{name}»") from error
        return digest.hexdigest()


def read_package(path: Path, *, limits: ImportLimits | None = None) -> Iterator[ImportedPaper]:
    """Yield the papers of a package, after every digest in it was found right.

    Raises:
        UnsupportedDocument: it is neither a bag nor an E-ARK package in a ZIP file.
        DamagedDocument: a file is missing, unreadable or not what the package says.
        OversizedDocument: it holds more than the limits allow.
        StoreUnavailable: the file cannot be read.
    """
    with _opened(path, limits or ImportLimits()) as package:
        if "bagit.txt" in package.names:
            _check_bag(package)
            yield from _papers_of_bag(package)
        elif "METS.xml" in package.names:
            listed = _check_mets(package)
            yield from _papers_of_eark(package, listed)
        else:
            raise UnsupportedDocument(f"{path.name} không phải gói BagIt hay E-ARK; hãy kiểm tra lại tệp.")


@contextmanager
def _opened(path: Path, limits: ImportLimits) -> Iterator[_Zip]:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if len(entries) > limits.files or sum(entry.file_size for entry in entries) > limits.total_bytes:
                raise OversizedDocument(f"Gói {path.name} quá lớn; hãy tách gói hoặc nâng giới hạn trong cấu hình.")
            if len({entry.filename for entry in entries}) != len(entries):
                raise _damaged("có hai tệp cùng tên")
            tops = {entry.filename.partition("/")[0] for entry in entries if "/" in entry.filename}
            inside = all("/" in entry.filename for entry in entries)
            folder = f"{tops.pop()}/" if inside and len(tops) == 1 else ""
            names = frozenset(entry.filename.removeprefix(folder) for entry in entries)
            yield _Zip(archive, folder, limits, names)
    except zipfile.BadZipFile as error:
        raise UnsupportedDocument(f"{path.name} không phải tệp ZIP hoặc đã hỏng; hãy xin lại gói.") from error
    except OSError as error:
        raise StoreUnavailable(f"Không đọc được {path.name}; hãy kiểm tra đường dẫn và quyền đọc.") from error


def _check_bag(package: _Zip) -> None:
    """Compare every file of the payload with the manifests."""
    if "fetch.txt" in package.names:
        raise UnsupportedDocument("Gói BagIt có fetch.txt (tệp nằm ở nơi khác) nên không nhận; hãy xin gói đầy đủ.")
    payload = {name for name in package.names if name.startswith("data/")}
    manifests = [a for a in ("sha512", "sha256") if f"manifest-{a}.txt" in package.names]
    if not manifests:
        raise UnsupportedDocument("Gói BagIt không có mã băm SHA-256 hoặc SHA-512 nên không nhận; hãy xin lại gói.")
    for algorithm in manifests:
        listed = _manifest(package, f"manifest-{algorithm}.txt")
        if listed.keys() != payload:
            odd = sorted(listed.keys() ^ payload)[0]
            raise _damaged(f"danh sách tệp không khớp ở «{odd}»")
        for name, expected in listed.items():
            _require(package, name, algorithm, expected)
        tags = f"tagmanifest-{algorithm}.txt"
        for name, expected in (_manifest(package, tags) if tags in package.names else {}).items():
            _require(package, name, algorithm, expected)


def _manifest(package: _Zip, name: str) -> dict[str, str]:
    try:
        lines = package.read(name, limit=package.limits.xml_bytes).decode("utf-8").splitlines()
        parts = [line.split(maxsplit=1) for line in lines if line.strip()]
        return {path.replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%"): digest for digest, path in parts}
    except ValueError as error:
        raise _damaged(f"tệp «{name}» sai dạng") from error


def _papers_of_bag(package: _Zip) -> Iterator[ImportedPaper]:
    """Yield what stands in each folder of the payload, and each file that stands in none."""
    papers: dict[str, list[str]] = {}
    for name in sorted(name for name in package.names if name.startswith("data/")):
        parts = name.split("/")
        papers.setdefault("/".join(parts[:2]), []).append(name)
    for place, names in papers.items():
        own = {name.removeprefix(f"{place}/") if name != place else place[5:]: name for name in names}
        yield ImportedPaper(name=place.removeprefix("data/"), files=package.read_paper(own), fields={})


def _check_mets(package: _Zip) -> frozenset[str]:
    """Compare every file that the METS files list with its digest there; return the names of these files."""
    seen: set[str] = set()
    waiting = ["METS.xml"]
    while waiting:
        mets = waiting.pop()
        seen.add(mets)
        base = PurePosixPath(mets).parent
        for name, algorithm, expected in _listed(package, mets, base):
            if name in seen:
                continue
            seen.add(name)
            _require(package, name, algorithm, expected)
            if name.endswith("/METS.xml"):
                waiting.append(name)
    return frozenset(seen)


def _listed(package: _Zip, mets: str, base: PurePosixPath) -> Iterator[tuple[str, str, str]]:
    root = _xml(package, mets)
    for element in root.iter():
        if element.tag == f"{_METS}file":
            place = element.find(f"{_METS}FLocat")
        elif element.tag == f"{_METS}mdRef":
            place = element
        else:
            continue
        link = "" if place is None else place.get(_LINK, "")
        algorithm = _ALGORITHMS.get(element.get("CHECKSUMTYPE", ""), "")
        if not link or not algorithm:
            raise _damaged(f"«{mets}» liệt kê một tệp mà không có mã băm SHA-256")
        yield (base / link).as_posix(), algorithm, element.get("CHECKSUM", "")


def _papers_of_eark(package: _Zip, listed: frozenset[str]) -> Iterator[ImportedPaper]:
    """Yield the documents of the first representation, each with what the others hold under the same name."""
    data = sorted(name for name in package.names if name.startswith("representations/") and "/data/" in name)
    papers: dict[str, dict[str, str]] = {}
    for name in data:
        inside = name.partition("/data/")[2]
        head, _, rest = inside.partition("/")
        if rest:
            papers.setdefault(head, {})[rest] = name
        else:
            stem, _, extension = head.rpartition(".")
            own = "copy.pdf" if name.startswith("representations/rep1/") and extension == "pdf" else head
            papers.setdefault(stem or head, {})[own] = name
    described = dict(_descriptions(package))
    for stem, names in papers.items():
        unlisted = sorted(name for name in names.values() if name not in listed)
        problems = tuple(Problem(code="import_unlisted", values={"file": name}) for name in unlisted)
        files = package.read_paper(names)
        yield ImportedPaper(name=stem, files=files, fields=described.get(stem, {}), problems=problems)


def _descriptions(package: _Zip) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield the fields of each document by its code, from the files in EAD."""
    for name in sorted(package.names):
        if name.startswith("metadata/descriptive/") and name.endswith(".xml"):
            told = {
                element.get("localtype", ""): "".join(element.itertext()).strip()
                for element in _xml(package, name).iter(f"{_EAD}odd")
            }
            if code := told.get("docCode", ""):
                yield code, {key: value for key, value in told.items() if value}


def _xml(package: _Zip, name: str) -> ElementTree.Element:
    data = package.read(name, limit=package.limits.xml_bytes)
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise _damaged(f"«{name}» có khai báo DTD, không an toàn")
    try:
        return ElementTree.fromstring(data)
    except ElementTree.ParseError as error:
        raise _damaged(f"«{name}» không phải XML đúng") from error


def _require(package: _Zip, name: str, algorithm: str, expected: str) -> None:
    if package.digest(name, algorithm) != expected.lower():
        raise _damaged(f"tệp «{name}» không khớp mã băm")


def _damaged(what: str) -> DamagedDocument:
    return DamagedDocument(f"Gói hồ sơ bị hỏng hoặc đã bị sửa: {what}; hãy xin lại gói từ nơi gửi.")

"""What a hand-over package holds, papers with their archival metadata, and the ZIP file around it."""

import errno
import hashlib
import os
import re
import secrets
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from domain.errors import ObjectExists, StoreUnavailable

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_MEDIA_TYPES = {
    "pdf": "application/pdf",
    "json": "application/json",
    "jpg": "image/jpeg",
    "png": "image/png",
    "tif": "image/tiff",
    "webp": "image/webp",
    "bmp": "image/bmp",
    "jp2": "image/jp2",
    "xml": "text/xml",
    "xsd": "text/xml",
    "txt": "text/plain",
}
_NOTHING: Mapping[str, str] = MappingProxyType({})

DOCUMENT_FIELDS = (
    "arcFileCode",
    "mode",
    "language",
    "keyword",
    "numberOfPage",
    "format",
    "inforSign",
    "confidenceLevel",
    "description",
    "docCode",
    "docOrdinal",
    "typeName",
    "codeNumber",
    "codeNotation",
    "issuedDate",
    "organName",
    "subject",
    "autograph",
    "process",
)
"""The 19 fields of a document in the order of the circular."""

DOSSIER_FIELDS = (
    "arcFileCode",
    "title",
    "maintenance",
    "mode",
    "language",
    "startDate",
    "endDate",
    "keyword",
    "totalDoc",
    "numberOfPaper",
    "numberOfPage",
    "format",
    "inforSign",
    "confidenceLevel",
    "paperFileCode",
    "riskRecovery",
    "riskRecoveryStatus",
    "description",
)
"""The 18 fields of a dossier in the order of the circular."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackagePaper:
    """A paper to hand over."""

    document_id: str
    files: Mapping[str, bytes] = field(repr=False)
    """By their names in the archive: `copy.pdf`, `source/0001.pdf`, ..."""
    fields: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    """By names of `DOCUMENT_FIELDS`; dates as DD/MM/YYYY. What is missing stays empty."""
    digitized_at: datetime | None = None
    """When it was scanned or taken in."""
    certified_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """What a package is called and says of itself."""

    code: str
    """Code of the dossier, or of the document if it holds one only."""
    at: datetime
    """When it is made."""
    agency: str
    """Who hands it over."""
    software: str = "sohoa"
    version: str = ""
    fields: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    """Of the dossier, by names of `DOSSIER_FIELDS`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackagedFile:
    """A file as it stands in a package."""

    path: str
    """From the package's own folder, with slashes."""
    size: int
    """In bytes."""
    sha256: str
    sha512: str = field(repr=False)

    @property
    def media_type(self) -> str:
        """The type by the file's extension, which is ours."""
        return _MEDIA_TYPES.get(self.path.rpartition(".")[2], "application/octet-stream")


class PackageFile:
    """A ZIP file in the making, with one folder that holds everything."""

    def __init__(self, archive: zipfile.ZipFile, folder: str, at: datetime) -> None:
        self._archive = archive
        self._folder = folder
        self._time = at.timetuple()[:6]

    def add(self, path: str, data: bytes) -> PackagedFile:
        """Write a file into the package."""
        entry = zipfile.ZipInfo(f"{self._folder}/{path}", self._time)
        entry.external_attr = 0o644 << 16
        entry.compress_type = zipfile.ZIP_DEFLATED if path.endswith((".xml", ".json", ".txt")) else zipfile.ZIP_STORED
        self._archive.writestr(entry, data)
        sha256, sha512 = hashlib.sha256(data).hexdigest(), hashlib.sha512(data).hexdigest()
        return PackagedFile(path=path, size=len(data), sha256=sha256, sha512=sha512)


@contextmanager
def new_package(target: Path, folder: str, at: datetime) -> Iterator[PackageFile]:
    """Open a new ZIP file; it gets its name when it is whole and on the disk, and nothing is left if that fails.

    Raises:
        ObjectExists: there is a file of this name.
        StoreUnavailable: it cannot be written.
    """
    if target.exists():
        raise ObjectExists(f"Đã có tệp {target}; hãy chọn tên khác hoặc chuyển tệp cũ đi.")
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
    try:
        with temporary.open("xb") as file:
            with zipfile.ZipFile(file, "w") as archive:
                yield PackageFile(archive, folder, at)
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(target)
    except OSError as error:
        reason = "đĩa đã đầy" if error.errno == errno.ENOSPC else "không có thư mục hoặc thiếu quyền"
        raise StoreUnavailable(f"Không ghi được gói {target}: {reason}; hãy chọn nơi khác.") from error
    finally:
        temporary.unlink(missing_ok=True)


def package_name(text: str) -> str:
    """Return a code as a name of a file or folder in a package: ASCII letters, digits, dot, hyphen, underscore."""
    return _UNSAFE.sub("_", text).strip("._")[:100] or "x"

"""Hand-over as a BagIt bag (RFC 8493) in a ZIP file."""

from collections.abc import Iterable
from pathlib import Path

from storage.packages import Package, PackagedFile, PackageFile, PackagePaper, new_package, package_name

_DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


def export_bag(target: Path, papers: Iterable[PackagePaper], package: Package) -> tuple[PackagedFile, ...]:
    """Write papers, each in a folder by its document's identifier, and the manifests; return what was written.

    Raises:
        ObjectExists: there is a file of this name.
        StoreUnavailable: it cannot be written.
    """
    with new_package(target, package_name(package.code), package.at) as file:
        payload = [
            file.add(f"data/{paper.document_id}/{name}", data)
            for paper in papers
            for name, data in sorted(paper.files.items())
        ]
        tags = [
            file.add("bagit.txt", _DECLARATION),
            file.add("bag-info.txt", _info(package, payload)),
            *_manifests(file, "manifest", payload),
        ]
        return (*payload, *tags, *_manifests(file, "tagmanifest", tags))


def _manifests(file: PackageFile, kind: str, files: Iterable[PackagedFile]) -> tuple[PackagedFile, ...]:
    listed = tuple(files)
    return (
        file.add(f"{kind}-sha256.txt", "".join(f"{f.sha256}  {f.path}\n" for f in listed).encode("utf-8")),
        file.add(f"{kind}-sha512.txt", "".join(f"{f.sha512}  {f.path}\n" for f in listed).encode("utf-8")),
    )


def _info(package: Package, payload: Iterable[PackagedFile]) -> bytes:
    sizes = [file.size for file in payload]
    lines = {
        "Source-Organization": package.agency,
        "External-Identifier": package.code,
        "External-Description": package.fields.get("title", ""),
        "Bagging-Date": f"{package.at:%Y-%m-%d}",
        "Bag-Software-Agent": f"{package.software} {package.version}".strip(),
        "Payload-Oxum": f"{sum(sizes)}.{len(sizes)}",
    }
    return "".join(f"{name}: {' '.join(value.split())}\n" for name, value in lines.items() if value).encode("utf-8")

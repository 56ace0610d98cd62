"""Hand-over to the archive as an E-ARK AIP of TT 05/2025/TT-BNV in a ZIP: `AIP_hoso` or `AIP_tailieu`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from storage.eark_xml import REPRESENTATIONS, Event, MetsParts, ead_xml, fields_xsd, mets_xml, premis_xml
from storage.packages import (
    DOCUMENT_FIELDS,
    DOSSIER_FIELDS,
    Package,
    PackagedFile,
    PackageFile,
    PackagePaper,
    new_package,
    package_name,
)

_COPY = "copy.pdf"
_COPIES = "rep1"
"""The certified copies, named by the circular: code of the dossier, a dot, ordinal."""
_ORIGINS = "rep2"
"""What each copy was made from: scans, text, fields, evidence, metadata."""
_README = """Gói lưu trữ theo E-ARK CSIP 2.0.4 (Thông tư 05/2025/TT-BNV).

representations/rep1/data  Bản sao điện tử đã ký số: mã hồ sơ, dấu chấm, số thứ tự.
representations/rep2/data  Bản quét gốc, nội dung chữ, các trường, bằng chứng và dữ liệu đặc tả của từng giấy tờ.
metadata/descriptive       Dữ liệu đặc tả (EAD): của hồ sơ và của từng tài liệu.
metadata/preservation      Dữ liệu bảo quản (PREMIS): mã băm SHA-256, định dạng, việc đã làm.

An archival package in the E-ARK form: signed copies in rep1, what they were made from in rep2,
descriptions in EAD, digests and events in PREMIS, everything listed in METS.xml.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Written:
    """What was written for the papers so far."""

    representations: Mapping[str, list[PackagedFile]] = field(default_factory=lambda: {_COPIES: [], _ORIGINS: []})
    descriptions: list[PackagedFile] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)


def export_dossier(target: Path, papers: Iterable[PackagePaper], package: Package) -> tuple[PackagedFile, ...]:
    """Write a dossier with its documents; papers are taken one at a time. Return what was written.

    Raises:
        ObjectExists: there is a file of this name.
        StoreUnavailable: it cannot be written.
    """
    name = f"AIP_hoso_{package_name(package.code)}"
    with new_package(target, name, package.at) as file:
        title = package.fields.get("title", "") or package.code
        description = ead_xml(
            package.fields, DOSSIER_FIELDS, level="file", title=title, code=package.code, at=package.at
        )
        head = file.add("metadata/descriptive/EAD.xml", description)
        return _write(file, name, papers, package, (head,))


def export_document(target: Path, paper: PackagePaper, package: Package) -> tuple[PackagedFile, ...]:
    """Write one document alone; return what was written.

    Raises:
        ObjectExists: there is a file of this name.
        StoreUnavailable: it cannot be written.
    """
    name = f"AIP_tailieu_{package_name(package.code)}"
    with new_package(target, name, package.at) as file:
        return _write(file, name, (paper,), package, ())


def _write(
    file: PackageFile, name: str, papers: Iterable[PackagePaper], package: Package, head: tuple[PackagedFile, ...]
) -> tuple[PackagedFile, ...]:
    written = _Written()
    for ordinal, paper in enumerate(papers, 1):
        _write_paper(file, paper, ordinal, package, written, alone=not head)
    filled = {rep: tuple(files) for rep, files in written.representations.items() if files}
    everything = [entry for files in filled.values() for entry in files]
    premis = file.add("metadata/preservation/PREMIS.xml", premis_xml(everything, written.events, package))
    fields = fields_xsd({"documentField": DOCUMENT_FIELDS, "dossierField": DOSSIER_FIELDS})
    described = [_representation(file, rep, files, written.events, package) for rep, files in filled.items()]
    groups = {
        "Documentation": (file.add("documentation/README.txt", _README.encode("utf-8")),),
        "Schemas": (file.add("schemas/fields.xsd", fields),),
        REPRESENTATIONS: tuple(mets for _, mets in described),
    }
    parts = MetsParts(
        identifier=name, descriptive=(*head, *written.descriptions), preservation=(premis,), groups=groups
    )
    mets = file.add("METS.xml", mets_xml(parts, package))
    inner = [premis for premis, _ in described]
    metadata = (*parts.descriptive, premis, *inner, *(entry for files in groups.values() for entry in files), mets)
    return (*everything, *metadata)


def _write_paper(
    file: PackageFile, paper: PackagePaper, ordinal: int, package: Package, written: _Written, *, alone: bool
) -> None:
    """Write a document's copy, what it was made from, and its description."""
    stem = f"{package_name(package.code)}.{ordinal:03d}"
    copies, origins = [], []
    for name, data in sorted(paper.files.items()):
        if name == _COPY:
            copies.append(file.add(f"representations/{_COPIES}/data/{stem}.pdf", data))
        else:
            origins.append(file.add(f"representations/{_ORIGINS}/data/{stem}/{name}", data))
    written.representations[_COPIES].extend(copies)
    written.representations[_ORIGINS].extend(origins)
    fields = {"arcFileCode": package.code, "docOrdinal": str(ordinal), "docCode": stem, **paper.fields}
    place = "metadata/descriptive/EAD.xml" if alone else f"metadata/descriptive/EAD_{ordinal:03d}.xml"
    title = fields.get("subject", "") or fields.get("typeName", "") or paper.document_id
    description = ead_xml(fields, DOCUMENT_FIELDS, level="item", title=title, code=fields["docCode"], at=package.at)
    written.descriptions.append(file.add(place, description))
    happened = (
        ("transfer", paper.digitized_at, "Số hóa giấy tờ", origins),
        ("digital signature generation", paper.certified_at, "Ký số bản sao điện tử", copies),
    )
    for kind, at, detail, touched in happened:
        if at is not None and touched:
            paths = tuple(entry.path for entry in touched)
            written.events.append(Event(kind=kind, at=at, detail=f"{detail} {paper.document_id}", objects=paths))


def _representation(
    file: PackageFile, name: str, files: tuple[PackagedFile, ...], events: Iterable[Event], package: Package
) -> tuple[PackagedFile, PackagedFile]:
    """Write the preservation metadata and the METS file of a representation, which tell of its data."""
    base, place = f"representations/{name}/", "metadata/preservation/PREMIS.xml"
    data = tuple(replace(entry, path=entry.path.removeprefix(base)) for entry in files)
    own = [
        replace(event, objects=tuple(path.removeprefix(base) for path in event.objects))
        for event in events
        if event.objects[0].startswith(base)
    ]
    premis = file.add(base + place, premis_xml(data, own, package))
    preservation = (replace(premis, path=place),)
    parts = MetsParts(identifier=name, descriptive=(), preservation=preservation, groups={"Data": data})
    return premis, file.add(f"{base}METS.xml", mets_xml(parts, package))

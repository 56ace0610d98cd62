import hashlib
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import bagit
import pytest

from domain.errors import ObjectExists, StoreUnavailable
from storage.export_bagit import export_bag
from storage.export_eark import export_document, export_dossier
from storage.import_packages import read_package
from storage.packages import DOCUMENT_FIELDS, DOSSIER_FIELDS, Package, PackagePaper

AT = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
SUBJECT = 'Trích lục <khai sinh> & "khác"'
PACKAGE = Package(
    code="H29.18/2026-000123",
    at=AT,
    agency="UBND xã Bình Minh",
    version="0.1.0",
    fields={"title": "Hồ sơ cấp giấy khai sinh", "maintenance": "01"},
)
METS = "{http://www.loc.gov/METS/}"
LINK = "{http://www.w3.org/1999/xlink}href"


def papers(count: int = 3) -> Iterator[PackagePaper]:
    for number in range(count):
        yield PackagePaper(
            document_id=f"{number:016d}",
            files={
                "copy.pdf": b"%PDF-1.7 " + bytes([number]),
                "source/0001.pdf": b"scan %d" % number,
                "metadata.json": b"{}",
            },
            fields={"typeName": "02", "subject": SUBJECT, "issuedDate": "21/11/2026"},
            digitized_at=AT,
            certified_at=AT,
        )


def unpack(path: Path, folder: Path) -> Path:
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder)
    (top,) = folder.iterdir()
    return top


def test_a_bag_is_valid_for_the_reference_program(tmp_path: Path) -> None:
    export_bag(tmp_path / "bag.zip", papers(), PACKAGE)
    top = unpack(tmp_path / "bag.zip", tmp_path / "out")

    bag = bagit.Bag(str(top))
    assert bag.validate()
    assert bag.info["Source-Organization"] == "UBND xã Bình Minh"
    assert (top / "data" / f"{2:016d}" / "source/0001.pdf").read_bytes() == b"scan 2"


def test_every_file_of_an_archival_package_is_listed_with_its_digest(tmp_path: Path) -> None:
    export_dossier(tmp_path / "aip.zip", papers(), PACKAGE)
    top = unpack(tmp_path / "aip.zip", tmp_path / "out")

    listed = {}
    for mets in top.rglob("METS.xml"):
        for element in ElementTree.parse(mets).iter():
            place = element.find(f"{METS}FLocat") if element.tag == f"{METS}file" else element
            if element.tag in (f"{METS}file", f"{METS}mdRef") and place is not None:
                assert element.get("CHECKSUMTYPE") == "SHA-256"
                listed[mets.parent / place.get(LINK, "")] = (element.get("CHECKSUM"), int(element.get("SIZE", "")))
    there = {path for path in top.rglob("*") if path.is_file() and path != top / "METS.xml"}
    assert listed.keys() == there
    for path, (digest, size) in listed.items():
        assert (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_size) == (digest, size)


def test_a_dossier_is_named_and_described_as_the_circular_says(tmp_path: Path) -> None:
    export_dossier(tmp_path / "aip.zip", papers(), PACKAGE)
    top = unpack(tmp_path / "aip.zip", tmp_path / "out")

    assert top.name == "AIP_hoso_H29.18_2026-000123"
    assert (top / "representations/rep1/data/H29.18_2026-000123.003.pdf").read_bytes() == b"%PDF-1.7 \x02"
    names = [
        e.get("localtype") for e in ElementTree.parse(top / "metadata/descriptive/EAD.xml").iter() if "odd" in e.tag
    ]
    assert tuple(names) == DOSSIER_FIELDS
    told = {
        element.get("localtype"): "".join(element.itertext())
        for element in ElementTree.parse(top / "metadata/descriptive/EAD_002.xml").iter()
        if "odd" in element.tag
    }
    assert tuple(told) == DOCUMENT_FIELDS
    assert told["subject"] == SUBJECT
    assert (told["docOrdinal"], told["issuedDate"]) == ("2", "21/11/2026")


def test_preservation_metadata_tells_digests_and_events(tmp_path: Path) -> None:
    export_document(tmp_path / "aip.zip", next(papers()), PACKAGE)
    top = unpack(tmp_path / "aip.zip", tmp_path / "out")

    premis = ElementTree.parse(top / "metadata/preservation/PREMIS.xml")
    space = "{http://www.loc.gov/premis/v3}"
    assert top.name == "AIP_tailieu_H29.18_2026-000123"
    assert [e.text for e in premis.iter(f"{space}eventType")] == ["transfer", "digital signature generation"]
    assert hashlib.sha256(b"scan 0").hexdigest() in [e.text for e in premis.iter(f"{space}messageDigest")]


def test_the_groups_and_divisions_are_those_of_the_specification(tmp_path: Path) -> None:
    export_dossier(tmp_path / "aip.zip", papers(), PACKAGE)
    top = unpack(tmp_path / "aip.zip", tmp_path / "out")

    mets = ElementTree.parse(top / "METS.xml").getroot()
    groups = [group.get("USE") for group in mets.iter(f"{METS}fileGrp")]
    assert groups == ["Documentation", "Schemas", "Representations"]
    divisions = [div.get("LABEL") for div in mets.iter(f"{METS}div")]
    assert divisions[1:] == ["Metadata", *groups, "Representations/rep1", "Representations/rep2"]
    assert mets.get("PROFILE") == "https://earkcsip.dilcis.eu/profile/E-ARK-CSIP.xml"
    header = mets.find(f"{METS}metsHdr")
    assert header is not None
    assert header.get("{https://DILCIS.eu/XML/METS/CSIPExtensionMETS}OAISPACKAGETYPE") == "AIP"


def test_the_same_papers_give_the_same_package(tmp_path: Path) -> None:
    export_dossier(tmp_path / "1.zip", papers(), PACKAGE)
    export_dossier(tmp_path / "2.zip", papers(), PACKAGE)

    assert (tmp_path / "1.zip").read_bytes() == (tmp_path / "2.zip").read_bytes()


def test_a_package_never_replaces_a_file_and_leaves_no_half(tmp_path: Path) -> None:
    (tmp_path / "aip.zip").write_bytes(b"mine")
    with pytest.raises(ObjectExists):
        export_bag(tmp_path / "aip.zip", papers(), PACKAGE)
    with pytest.raises(StoreUnavailable):
        export_bag(tmp_path / "none" / "aip.zip", papers(), PACKAGE)

    def failing() -> Iterator[PackagePaper]:
        yield from papers(1)
        raise KeyError

    with pytest.raises(KeyError):
        export_bag(tmp_path / "new.zip", failing(), PACKAGE)
    assert [path.name for path in tmp_path.iterdir()] == ["aip.zip"]


@pytest.mark.parametrize("export", [export_bag, export_dossier])
def test_what_was_handed_over_can_be_taken_over(tmp_path: Path, export: object) -> None:
    export(tmp_path / "package.zip", papers(), PACKAGE)  # type: ignore[operator]

    taken = list(read_package(tmp_path / "package.zip"))
    assert [dict(paper.files) for paper in taken] == [dict(paper.files) for paper in papers()]
    assert all(paper.problems == () for paper in taken)
    if export is export_dossier:
        assert [paper.fields["subject"] for paper in taken] == [SUBJECT] * 3

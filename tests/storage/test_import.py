import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.errors import DamagedDocument, DocumentError, OversizedDocument, StoreUnavailable, UnsupportedDocument
from storage.export_bagit import export_bag
from storage.export_eark import export_dossier
from storage.import_folder import read_folder
from storage.import_packages import ImportLimits, read_package
from storage.packages import Package, PackagePaper

PACKAGE = Package(code="H29", at=datetime(2026, 11, 21, tzinfo=UTC), agency="UBND xã Bình Minh")
PAPER = PackagePaper(document_id="0" * 16, files={"copy.pdf": b"%PDF", "source/0001.pdf": b"scan" * 100})


def rezip(path: Path, change: Callable[[dict[str, bytes]], object]) -> Path:
    """Change the files of a package as somebody would who does not know the digests."""
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def suffix(files: Mapping[str, bytes], end: str) -> str:
    return next(name for name in files if name.endswith(end))


@pytest.fixture(params=[export_bag, export_dossier], ids=["bag", "eark"])
def package(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    request.param(tmp_path / "package.zip", [PAPER], PACKAGE)
    return tmp_path / "package.zip"


@pytest.mark.parametrize(
    "change",
    [
        lambda files: files.update({suffix(files, "0001.pdf"): b"forged"}),
        lambda files: files.pop(suffix(files, "0001.pdf")),
        lambda files: (
            files.update({suffix(files, "/metadata/preservation/PREMIS.xml"): b"<premis/>"})
            if any("PREMIS" in name for name in files)
            else files.update({suffix(files, "bag-info.txt"): b"x: y\n"})
        ),
    ],
)
def test_a_changed_package_is_refused(package: Path, change: Callable[[dict[str, bytes]], object]) -> None:
    rezip(package, change)

    with pytest.raises(DamagedDocument):
        list(read_package(package))


def test_a_file_that_no_list_names_is_told(package: Path) -> None:
    rezip(package, lambda files: files.update({suffix(files, "0001.pdf").replace("0001", "0002"): b"smuggled"}))

    try:
        problems = [problem.code for paper in read_package(package) for problem in paper.problems]
    except DamagedDocument:
        problems = ["import_unlisted"]
    assert problems == ["import_unlisted"]


@pytest.mark.parametrize("length", [0, 10, 500])
def test_a_package_cut_short_is_refused(package: Path, length: int) -> None:
    package.write_bytes(package.read_bytes()[:length])

    with pytest.raises(UnsupportedDocument):
        list(read_package(package))


def test_flipped_bytes_never_pass(package: Path) -> None:
    whole = package.read_bytes()
    good = {name: data for paper in read_package(package) for name, data in paper.files.items()}
    for place in range(0, len(whole), 97):
        package.write_bytes(whole[:place] + bytes([whole[place] ^ 0x20]) + whole[place + 1 :])
        try:
            got = {name: data for paper in read_package(package) for name, data in paper.files.items()}
        except DocumentError:
            continue
        assert got.items() <= good.items()


def test_a_bomb_is_refused(package: Path) -> None:
    with pytest.raises(OversizedDocument):  # what lies in memory together, in a package whose digests are right
        list(read_package(package, limits=ImportLimits(paper_bytes=10)))
    rezip(package, lambda files: files.update({"H29/data/zero": bytes(3_000_000)}))

    with pytest.raises(OversizedDocument):
        list(read_package(package, limits=ImportLimits(total_bytes=1_000_000)))
    with pytest.raises(OversizedDocument):
        list(read_package(package, limits=ImportLimits(files=2)))


def test_entities_in_a_list_are_refused(tmp_path: Path) -> None:
    export_dossier(tmp_path / "aip.zip", [PAPER], PACKAGE)
    bomb = b'<?xml version="1.0"?><!DOCTYPE m [<!ENTITY a "aaaa">]><mets>&a;</mets>'
    rezip(tmp_path / "aip.zip", lambda files: files.update({"AIP_hoso_H29/METS.xml": bomb}))

    with pytest.raises(DamagedDocument, match="DTD"):
        list(read_package(tmp_path / "aip.zip"))


def test_names_that_lead_elsewhere_stay_names(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "odd.zip", "w") as archive:
        archive.writestr("x/bagit.txt", "BagIt-Version: 1.0\n")
        archive.writestr("x/data/../../../etc/passwd", "root")
        archive.writestr("x/manifest-sha256.txt", f"{'0' * 64}  data/../../../etc/passwd\n")

    with pytest.raises(DamagedDocument):
        list(read_package(tmp_path / "odd.zip"))
    assert [path.name for path in tmp_path.iterdir()] == ["odd.zip"]


def test_what_is_no_package_is_told_so(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("a.txt", "text")

    with pytest.raises(UnsupportedDocument):
        list(read_package(tmp_path / "other.zip"))
    with pytest.raises(StoreUnavailable):
        list(read_package(tmp_path / "none.zip"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "scans"
    (folder / "Hộp 1").mkdir(parents=True)
    (folder / "Hộp 1" / "khai sinh.pdf").write_bytes(b"%PDF 1")
    (folder / "b.tif").write_bytes(b"II*")
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    return folder


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_folder_with_a_table_is_taken_over(folder: Path, delimiter: str, encoding: str) -> None:
    rows = [["Tệp", "owner_id", "Ghi chú"], ["Hộp 1/khai sinh.pdf", "001190012345", "bản\tchính"], ["b.tif", "", ""]]
    text = "\r\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in rows)
    (folder / "bang.csv").write_text(text, encoding)
    birth, other = read_folder(folder, folder / "bang.csv")

    assert dict(birth.files) == {"khai sinh.pdf": b"%PDF 1"}
    assert birth.fields == {"owner_id": "001190012345", "Ghi chú": "bản\tchính"}
    assert (dict(other.files), other.fields, other.problems) == ({"b.tif": b"II*"}, {}, ())


def test_rows_that_cannot_be_used_have_a_problem_and_the_others_go_on(folder: Path) -> None:
    names = ["none.pdf", "../secret.txt", "link.txt", "/etc/passwd", "b.tif", "b.tif", ""]
    (folder.parent / "table.csv").write_text("file,x\n" + "".join(f"{name},1\n" for name in names))
    papers = list(read_folder(folder, folder.parent / "table.csv", limits=ImportLimits(file_bytes=5)))

    codes = [[problem.code for problem in paper.problems] for paper in papers]
    assert codes == [
        *[["import_missing"]] * 4,
        [],
        ["import_twice"],
        ["import_missing"],
        ["import_oversized"],
    ]
    assert all(b"secret" not in data for paper in papers for data in paper.files.values())


def test_a_file_that_no_row_names_is_taken_over_and_told(folder: Path) -> None:
    (folder / "table.csv").write_text("file\nb.tif\n")

    assert [problem.code for paper in read_folder(folder, folder / "table.csv") for problem in paper.problems] == [
        "import_unnamed"
    ]


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "file,tệp\na,b\n"])
def test_a_table_without_one_column_of_files_is_refused(folder: Path, text: str) -> None:
    (folder / "table.csv").write_text(text)

    with pytest.raises(UnsupportedDocument):
        list(read_folder(folder, folder / "table.csv"))


def test_a_table_in_another_encoding_is_refused(folder: Path) -> None:
    (folder / "table.csv").write_bytes("tệp\nấ\n".encode("utf-16"))

    with pytest.raises(DamagedDocument):
        list(read_folder(folder, folder / "table.csv"))

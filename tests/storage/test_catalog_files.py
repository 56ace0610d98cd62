from datetime import date
from importlib.resources import files

import pytest

from domain.errors import InputError
from storage.catalog import Procedure, Unit
from storage.catalog_changes import CatalogChanges, ChangeKind, catalog_changes
from storage.catalog_files import read_catalog

HEAD = "Mã,Tên,Cấp,Trực thuộc,Từ ngày,Đến ngày,Kế thừa\n"
OLD = Unit(code="H19.30", name="UBND xã Cũ", level="commune", parent="H19", valid_from=date.min)
PARENT = Unit(code="H19", name="UBND tỉnh", level="province", valid_from=date.min)


def changes(text: str, *recorded: Unit, name: str = "u.csv") -> CatalogChanges:
    return catalog_changes(read_catalog(name, text), recorded, ())


def kinds(found: CatalogChanges) -> list[tuple[str, str]]:
    return [(change.kind.value, change.row.code) for change in found.units]


def test_the_shipped_table_is_read_with_its_lines() -> None:
    text = (files("configs") / "units" / "provinces.toml").read_text("utf-8")

    file = read_catalog("provinces.toml", text)

    line, last = file.units[-1]
    assert len(file.units) == 71
    assert last.name in "\n".join(text.splitlines()[line - 1 : line + 2])


@pytest.mark.parametrize(
    "text",
    [
        'code,name,level,parent,valid_from,valid_to,successors\nX,"Xã, cũ",,,1997-01-01,2025-06-30,Y Z\n',
        "\ufeffMã;Tên;Từ ngày;Đến ngày;Kế thừa\r\nX;Xã, cũ;01/01/1997;30/06/2025;Y Z\r\n\r\n",
    ],
)
def test_a_table_is_read_in_both_languages(text: str) -> None:
    ((line, unit),) = read_catalog("u.csv", text).units

    assert line == 2
    assert unit == Unit(
        code="X", name="Xã, cũ", valid_from=date(1997, 1, 1), valid_to=date(2025, 6, 30), successors=("Y", "Z")
    )


def test_procedures_are_read_from_both_forms() -> None:
    toml = '[[procedure]]\ncode = "2.000815"\nname = "Chứng thực"\nvalid_from = 2020-01-01\ncitizen_data = true\n'
    table = "Mã thủ tục\tTên thủ tục\tTừ ngày\tDữ liệu dân cư\n2.000815\tChứng thực\t2020-01-01\tCó\n"
    expected = Procedure(code="2.000815", name="Chứng thực", valid_from=date(2020, 1, 1), citizen_data=True)

    assert read_catalog("p.toml", toml).procedures == ((1, expected),)
    assert read_catalog("p.csv", table, procedures=True).procedures == ((2, expected),)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("u.csv", "", "dòng 1: cần cột code"),
        ("u.csv", "Mã,Tên,Màu\n", "cột lạ hoặc lặp: Màu"),
        ("u.csv", "Mã,Tên\nX\n", "dòng 2: có 1 ô"),
        ("u.csv", "Mã,Tên\nX,\n", "dòng 2: name"),
        ("u.csv", "Mã,Tên\nX Y,A\n", "dòng 2: mã “X Y”"),
        ("u.csv", HEAD + "X,A,,,31/02/2025,,\n", "dòng 2: “31/02/2025” không phải ngày"),
        ("u.toml", "[[unit]\n", "sửa tệp"),
        ("u.toml", "[[office]]\n", "mục lạ office"),
        ("u.toml", "unit = 5\n", "mỗi đơn vị"),
        ("u.toml", '[[unit]]\ncode = "X"\nname = "A"\n\n[[unit]]\ncolour = 1\n', "dòng 5: khóa lạ colour"),
        ("u.toml", "[[unit]]\ncode = 5\nname = 'A'\n", "dòng 1: code"),
        ("p.toml", "[[procedure]]\ncode='1'\nname='A'\ncitizen_data='perhaps'\n", "dòng 1: “perhaps”"),
        ("u.toml", "[[province]]\nname = 'A'\n", "Bảng tỉnh"),
    ],
)
def test_what_is_wrong_is_named_with_file_and_line(name: str, text: str, said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        read_catalog(name, text)

    assert str(caught.value).startswith(name)


def test_what_is_new_changed_and_closed_is_told_and_the_same_again_is_nothing() -> None:
    text = HEAD + "H19,UBND thành phố,province,,,,\nH19.30,UBND xã Cũ,commune,H19,,30/06/2025,H19.31\n"
    text += "H19.31,UBND xã Mới,commune,H19,01/07/2025,,\n"

    found = changes(text, PARENT, OLD)
    again = changes(text, *(change.row for change in found.units if isinstance(change.row, Unit)))

    assert kinds(found) == [("changed", "H19"), ("closed", "H19.30"), ("new", "H19.31")]
    assert (again.units, again.unchanged) == ((), 3)
    assert ChangeKind.CLOSED in {change.kind for change in found.units}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("X,A,,,,,\nX,B,,,,,\n", "dòng 3: mã X với cùng ngày đầu đã có ở dòng 2"),
        ("X,A,,,2020-01-01,2019-01-01,\n", "dòng 2: mã X hết hiệu lực trước khi bắt đầu"),
        ("X,A,,,2019-01-01,,\nX,B,,,2020-01-01,,\n", "dòng 3: thời hạn của mã X chồng với dòng 2"),
        ("H19.30,B,,,2020-01-01,,\n", "dòng 2: thời hạn của mã H19.30 chồng với «UBND xã Cũ» đã ghi"),
        ("X,A,,,,2025-06-30,Y\n", "dòng 2: đơn vị kế thừa Y không có vào ngày sau 30/06/2025"),
        ("X,A,,,,2025-06-30,Y\nY,B,,,2025-07-02,,\n", "dòng 2: đơn vị kế thừa Y"),
        ("X,A,,,,,H19\n", "dòng 2: đơn vị X có đơn vị kế thừa mà không có ngày cuối"),
        ("X,A,,H20,,,\n", "dòng 2: không có đơn vị cấp trên H20"),
    ],
)
def test_contradictions_are_refused_by_line(rows: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        changes(HEAD + rows, PARENT, OLD)


def test_of_many_contradictions_the_first_are_told_and_the_others_counted() -> None:
    rows = "".join(f"X{n},A,,H20,,,\n" for n in range(8))

    with pytest.raises(InputError, match=r"dòng 6: .*; và 3 chỗ nữa"):
        changes(HEAD + rows)

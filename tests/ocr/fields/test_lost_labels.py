from importlib.resources import files

import pytest

from ocr.fields.kinds import Kind, load_kinds
from ocr.fields.lost_labels import lost_labels


@pytest.fixture(scope="module")
def kind() -> Kind:
    return load_kinds(files("configs") / "kinds").get("household_business")


@pytest.mark.parametrize("line", ["Chủ ơ hiẹn tậi; ấp 2, xã Đức Liễu", "Chỗỏ hện tạ1: ấp 2", "Địa cỉ liên 1ạc: ấp 2"])
def test_a_misread_label_says_that_its_field_is_there(line: str, kind: Kind) -> None:
    assert lost_labels(kind, [line], {"holder_name"}) == {"contact_address"}


@pytest.mark.parametrize(
    ("below", "lost"), [("ấp 2, xã Đức Liễu", {"contact_address"}), ("Ngày cấp: 10/11/2020", set())]
)
def test_a_label_alone_says_so_where_what_can_be_its_value_follows(below: str, lost: set[str], kind: Kind) -> None:
    found = {rule.name for rule in kind.fields} - {"contact_address"}

    assert lost_labels(kind, ["Chỗ ở hiện tại:", below], found) == lost


@pytest.mark.parametrize(
    "line",
    [
        "Chỗ ở hiện tại:",
        "Nơi đăng ký hộ khẩu thường trú: ấp 2",
        "Ngày cấp: 10/11/2020",
        "Ghi chú của cơ quan đăng ký: không",
        "ấp 2, xã Đức Liễu, huyện Bù Đăng",
    ],
)
def test_an_empty_label_and_other_lines_say_nothing(line: str, kind: Kind) -> None:
    found = {rule.name for rule in kind.fields} - {"contact_address"}

    assert lost_labels(kind, [line], found) == frozenset()


def test_a_label_whose_field_was_found_says_nothing(kind: Kind) -> None:
    assert lost_labels(kind, ["Chủ ở hiện tại; ấp 2"], {"contact_address"}) == frozenset()

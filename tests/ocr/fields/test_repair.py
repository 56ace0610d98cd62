from importlib.resources import files

import pytest

from ocr.fields.kinds import FieldRule
from ocr.fields.parsers.parsed import Parsed
from ocr.fields.repair import put_right
from ocr.fields.whole_name import is_partial, make_whole, part_glued
from ocr.lexicon.named_places import surroundings
from ocr.lexicon.units import Units, load_units


@pytest.fixture(scope="module")
def units() -> Units:
    return load_units(files("configs") / "units")


@pytest.mark.parametrize(
    ("form", "read", "printed"),
    [
        ("agency", "Ủy ban nhân dân tỉnh Đồng Nat", "Ủy ban nhân dân tỉnh Đồng Nai"),
        ("agency", "BỘ NỘI VỤ HÌ", "BỘ NỘI VỤ"),
        ("agency", "Ủy ban nhân dân xã Đăk Mar. Ũ", "Ủy ban nhân dân xã Đăk Mar"),
        (
            "agency",
            "GIÁM ĐỐC SỞ GIÁO DỤC VÀ ĐÀO TẠO TÍNH BÌNH PHƯỚC",
            "GIÁM ĐỐC SỞ GIÁO DỤC VÀ ĐÀO TẠO TỈNH BÌNH PHƯỚC",
        ),
        ("address", "thôn9, xã Tân Lập, tỉnh Bình Phước", "thôn 9, xã Tân Lập, tỉnh Bình Phước"),
        ("agency", "Ủy ban nhân dân xã Tân Lập, tỉnh Bình. Phước", "Ủy ban nhân dân xã Tân Lập, tỉnh Bình Phước"),
        (
            "address",
            "thửa đất số 12„ấp 4, xã Tân Lập, tỉnh Bình Phước",
            "thửa đất số 12, ấp 4, xã Tân Lập, tỉnh Bình Phước",
        ),
        ("address", "16 7, xã Tân Lập, tỉnh Bình Phước", "tổ 7, xã Tân Lập, tỉnh Bình Phước"),
        ("address", "xã Tân Lập; tỉnh Bình Phước TRƯỞNG PHÒNG", "xã Tân Lập, tỉnh Bình Phước"),
        ("address", "xã Tân Lập, tỉnh Bình Phước , 7", "xã Tân Lập, tỉnh Bình Phước"),
        ("address", "Tân Lập, Đồng Phú, Binh Phước", "Tân Lập, Đồng Phú, Bình Phước"),
        ("address", "Tổ 3, 3, Tân Lập, Đồng Phú, Bình Phước", "Tổ 3, Tân Lập, Đồng Phú, Bình Phước"),
        ("name", "Đương Văn Toàn", "Dương Văn Toàn"),
        ("name", "Đoan Văn Toàn", "Đoàn Văn Toàn"),
        ("name", "LÊ ĐIỆU TUYẾT", "LÊ DIỆU TUYẾT"),
        ("name", "Vã Công Khánh", "Võ Công Khánh"),
        ("name", "Đã Xuân Nghĩa", "Đỗ Xuân Nghĩa"),
        ("name", "Vũ TÌỊ Phượng", "Vũ Thị Phượng"),
        ("name", "NGUYỄN THIỊ HOA", "NGUYỄN THỊ HOA"),
        ("text", "bảo hiểm ytế", "bảo hiểm y tế"),
        ("text", "trong lĩnh : vực", "trong lĩnh vực"),
        ("text", "THPT' Đăk Hà", "THPT Đăk Hà"),
        (
            "address",
            "thôn 8, xã Vĩnh Hòa Hiệp, chuyện Châu Thành, tỉnh Kiên Giang",
            "thôn 8, xã Vĩnh Hòa Hiệp, huyện Châu Thành, tỉnh Kiên Giang",
        ),
        (
            "address",
            "thôn 2,.xã Thuận Lợi, huyện, Đồng Phú, tỉnh Bình Phước",
            "thôn 2, xã Thuận Lợi, huyện Đồng Phú, tỉnh Bình Phước",
        ),
        (
            "address",
            "thôn 5, xã Phú Lý, huyện Vĩnh Cửu tỉnh Đồng Nai",
            "thôn 5, xã Phú Lý, huyện Vĩnh Cửu, tỉnh Đồng Nai",
        ),
    ],
)
def test_what_a_closed_list_proves_is_put_right_and_shown(form: str, read: str, printed: str, units: Units) -> None:
    found = put_right(Parsed(read), FieldRule(name="x", form=form), units)

    assert found == Parsed(printed, "spelling_repaired")


@pytest.mark.parametrize(
    ("form", "printed"),
    [
        ("agency", "SỞ TƯ PHÁP TỈNH BÌNH PHƯỚC"),
        ("agency", "Ủy ban nhân dân xã Tân Lập"),
        ("agency", "BỘ NỘI VỤ"),
        ("agency", "ĐẠI HỌC HUẾ"),
        ("address", "xã Tân Lập, huyện Đồng Phú, tỉnh Bình Phước"),
        ("address", "xã Đồng Nai, huyện Bù Đăng"),
        ("address", "ấp 3, phường Nhà Bàng, huyện Tịnh Biên, tỉnh An Giang"),
        ("agency", "ỦY BAN NHÂN DÂN HUYỆN TỊNH BIÊN"),
        ("agency", "Ủy ban nhân dân xã Mong Thọ A"),
        ("agency", "ỦY BAN NHÂN DÂN XÃ PỜ Y"),
        ("agency", "CỤC CHĂN NUÔI VÀ THÚ Y"),
        ("agency", "TRƯỜNG TIỂU HỌC TÂN LẬP A"),
        ("address", "xã Phú Lý huyện Vĩnh Cửu tỉnh Đồng Nai"),  # printed without commas
        ("address", "Bệnh viện Đa khoa tỉnh Đồng Nai, tỉnh Đồng Nai"),
        ("address", "16 Lê Lợi, phường 7, tỉnh Bình Phước"),
        ("address", "Tổ 16, xã Tân Lập, tỉnh Bình Phước"),
        ("name", "Trần Thị Định"),
        ("name", "Trần Tí Định"),
        ("name", "Hồ Pi Ôn"),
        ("name", "NGÂN THỊ MỶ"),
        ("name", "Hoàng Xuân Đạt"),
        ("name", "Hờ A Sùng"),
        ("name", "Ly A Páo"),
        ("text", "V/v sử dụng đất; quý III"),
        ("text", "Hội thi 'Tiếng hát' năm 2024"),
        ("text", "buôn Ea T'ling"),
    ],
)
def test_what_is_spelled_right_stays(form: str, printed: str, units: Units) -> None:
    assert put_right(Parsed(printed), FieldRule(name="x", form=form), units) == Parsed(printed)


AROUND = surroundings(("HUYỆN GIỒNG RIỀNG", "tỉnh Kiên Giang"))


@pytest.mark.parametrize(
    ("rule", "read", "printed"),
    [
        (
            FieldRule(name="x", form="address"),
            "ấp 3, xã Thanh Hưng, huyện Giồng Riêng, tỉnh Kiên Giang",
            "ấp 3, xã Thạnh Hưng, huyện Giồng Riềng, tỉnh Kiên Giang",
        ),
        (
            FieldRule(name="x", form="address"),
            "Ấp 5, Thạnh Hung, Giông Riềng, Kiên Giang",
            "Ấp 5, Thạnh Hưng, Giồng Riềng, Kiên Giang",
        ),
        (FieldRule(name="x", form="agency"), "ỦY BAN NHÂN DÂN HUYỆN GIỒNG RIÊNG", "ỦY BAN NHÂN DÂN HUYỆN GIỒNG RIỀNG"),
        (FieldRule(name="x", form="agency"), "Ủy ban nhân dân xã Thạnh Lôc", "Ủy ban nhân dân xã Thạnh Lộc"),
        (FieldRule(name="x", source="place"), "Giồng Riêng", "Giồng Riềng"),
        (FieldRule(name="x"), "về dự toán của huyện Giồng Riêng năm 2024", "về dự toán của huyện Giồng Riềng năm 2024"),
    ],
)
def test_a_place_is_the_only_one_it_can_be_where_the_paper_is_at_home(
    rule: FieldRule, read: str, printed: str, units: Units
) -> None:
    assert put_right(Parsed(read), rule, units, around=AROUND) == Parsed(printed, "spelling_repaired")


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        ("THPT' Đấk Hà", "THPT Đăk Hà"),
        ("Trường THCS Đấk Hà", "Trường THCS Đăk Hà"),
        ("THPT Lê Lợi", "THPT Lê Lợi"),
        ("THPT Đắc Hà", "THPT Đắc Hà"),
    ],
)
def test_a_school_is_named_after_a_place_where_the_paper_is_at_home(read: str, printed: str, units: Units) -> None:
    assert put_right(Parsed(read), FieldRule(name="x"), units, around=surroundings(("TỈNH KON TUM",))).value == printed


@pytest.mark.parametrize("sure", [False, True])
def test_a_place_that_is_listed_elsewhere_stays_where_two_models_read_it(sure: bool, units: Units) -> None:
    read = Parsed("Ủy ban nhân dân xã Thanh Hưng")

    found = put_right(read, FieldRule(name="x", form="agency"), units, around=AROUND, sure=sure)

    assert (found == read) is sure


@pytest.mark.parametrize("sure", [False, True])
def test_one_other_letter_is_put_right_only_where_two_models_disagree(sure: bool, units: Units) -> None:
    read = Parsed("xã Thạnh Hơng, huyện Giồng Riềng, tỉnh Kiên Giang")

    found = put_right(read, FieldRule(name="x", form="address"), units, sure=sure)

    assert (found == read) is sure


def test_a_usual_value_with_a_stray_sign_is_put_right(units: Units) -> None:
    rule = FieldRule(name="status", known=("Chưa đăng ký kết hôn với ai",))

    assert put_right(Parsed("Chưa, đăng ký kết hôn với ai"), rule, units).value == "Chưa đăng ký kết hôn với ai"


@pytest.mark.parametrize(
    ("read", "value"),
    [
        ("¬Ựg việc tiếp công dân định kỳ", "Về việc tiếp công dân định kỳ"),
        ("V/v giải quyết việc làm", "V/v giải quyết việc làm"),
        ("Về việc làm cho thanh niên", "Về việc làm cho thanh niên"),
        ("việc tiếp công dân định kỳ", "Về việc tiếp công dân định kỳ"),
    ],
)
def test_the_first_word_before_the_subject_is_put_right(read: str, value: str, units: Units) -> None:
    rule = FieldRule(name="subject", form="text", source="about")

    assert put_right(Parsed(read), rule, units).value == value


def test_a_usual_end_of_a_value_loses_a_stray_comma(units: Units) -> None:
    rule = FieldRule(name="status", known=("Hiện tại chưa đăng ký kết hôn với ai",))

    found = put_right(Parsed("Đã ly hôn, hiện tại chưa, đăng ký kết hôn với ai"), rule, units)

    assert found == Parsed("Đã ly hôn, hiện tại chưa đăng ký kết hôn với ai", "spelling_repaired")


LINES = ("Đại diện Ủy ban nhân dân: ông Trần Hồng Ngân", "PCN Phạm Mạnh Cường, các Vụ")


@pytest.mark.parametrize(
    ("read", "whole"),
    [
        ("Cường", "Phạm Mạnh Cường"),
        ("đrần Hồng", "Trần Hồng Ngân"),
        ("rịnh Quốc Hùng", "Trịnh Quốc Hùng"),
        ("ũ Ngọc Long", "Vũ Ngọc Long"),
        ("ạm Thu Quỳnh", "Phạm Thu Quỳnh"),
        ("Nhật Tân", ""),
    ],
)
def test_a_partial_name_is_made_whole_only_from_the_paper_or_its_family_name(
    read: str, whole: str, units: Units
) -> None:
    assert make_whole(read, LINES, units) == whole


@pytest.mark.parametrize(
    ("read", "parted"),
    [
        ("PHẠMTHỊNGUYỆT", "PHẠM THỊ NGUYỆT"),
        ("PHAN THỊMAI", "PHAN THỊ MAI"),
        ("NGUYỄN HOÀI ANH", ""),
        ("KSOR H'UYÊN", ""),
        ("LÝANH", ""),
        ("", ""),
    ],
)
def test_words_of_a_name_that_were_read_as_one_are_parted(read: str, parted: str, units: Units) -> None:
    assert part_glued(read, units) == parted


def test_two_names_that_fit_give_none(units: Units) -> None:
    assert make_whole("Cường", (*LINES, "ông Lê Văn Cường"), units) == ""


def test_a_name_is_partial_without_its_family_name(units: Units) -> None:
    assert is_partial("Nhật Tân", units)
    assert is_partial("Ngọc Văn Long", units)
    assert not is_partial("Phạm Mạnh Cường", units)


@pytest.mark.parametrize(
    "name", ["huyện Mù Cang Chải, tỉnh Yên Bái", "xã Tân Lập, huyện Đồng Phú, tỉnh Bình Phước, Việt Nam"]
)
def test_an_address_in_another_true_spelling_stays(name: str, units: Units) -> None:
    rule = FieldRule(name="residence", form="address")

    assert put_right(Parsed(name), rule, units, around=surroundings((name,))) == Parsed(name)


def test_a_given_name_that_two_models_read_alike_stays(units: Units) -> None:
    rule = FieldRule(name="holder_name", form="name")

    assert put_right(Parsed("Huỳnh Minh Đương"), rule, units, sure=True) == Parsed("Huỳnh Minh Đương")
    assert put_right(Parsed("Đương Văn Minh"), rule, units, sure=True).value == "Dương Văn Minh"
    assert put_right(Parsed("Ngân Đức Khái"), rule, units, sure=True).value == "Ngân Đức Khái"

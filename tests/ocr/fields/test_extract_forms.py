"""Forms of other years and offices: labels printed otherwise, broken over two lines, explained in brackets."""

import re

import pytest
from kind_reader import codes_of, delivered_kinds, delivered_options, page_text, read_changed
from typed_papers import typed_paper

from ocr.fields.extract import extract


@pytest.mark.parametrize(
    ("kind", "old", "new", "name", "value"),
    [
        ("criminal_record", "1. Họ và tên:", "1. Họ và tên 1 :", "holder_name", "NGUYỄN VĂN SANG"),
        ("criminal_record", "1. Họ và tên:", "1. Họ và tên: Full name:", "holder_name", "NGUYỄN VĂN SANG"),
        ("land_use_certificate", "Mục đích sử dụng: Đất", "Mục đích sử dụng: An sinh: Đất", "use_purpose",
         "An sinh: Đất trồng cây lâu năm"),
        ("household_business", "1. Tên hộ kinh doanh (ghi bằng chữ in hoa): HỘ KINH DOANH TẠP HÓA MẪU",
         "1. Tên hộ kinh doanh viết bằng tiếng    HỘ KINH DOANH TẠP HÓA MẪU\n     Việt (ghi bằng chữ in hoa)",
         "business_name", "HỘ KINH DOANH TẠP HÓA MẪU"),
        ("criminal_record", "NGUYỄN VĂN SANG\n     2.", "NGUYỄN VĂN SANG 2.", "holder_name", "NGUYỄN VĂN SANG"),
        ("construction_permit", "công trình:", "công trình: (loại công trình):", "works", "Nhà ở riêng lẻ"),
        ("construction_permit", "1. Cấp cho:", "1. Cấp cho (chủ hộ):", "holder_name", "Trần Văn Mạnh"),
        ("construction_permit", "60%", "60 %", "density", "60 %"),
        ("construction_permit", "+0,45 m", "± 0.00", "foundation_level", "± 0.00"),
        ("household_business", "tên đại diện", "tên cá nhân hoặc tên đại diện", "holder_name", "PHẠM VĂN TÀI"),
        ("household_business", "5. Họ", "5. Chủ hộ kinh doanh:\n     Họ", "holder_name", "PHẠM VĂN TÀI"),
        ("birth_certificate", "Nơi đăng ký khai sinh:", "Số: 128 ngày 12 tháng 8 năm 2011\n  Đăng ký khai sinh tại:",
         "issuer", "Ủy ban nhân dân xã Tân Lập, huyện Đồng Phú, tỉnh Bình Phước"),
        ("birth_certificate", "2817   Quyển", "2817 Quyển", "certification_number", "2817"),
        ("diploma", "BẰNG CỬ NHÂN", "BẰNG TỐT NGHIỆP\n                                  TRUNG HỌC PHỔ THÔNG",
         "degree", "BẰNG TỐT NGHIỆP TRUNG HỌC PHỔ THÔNG"),
        ("land_use_certificate", "Mục đích sử dụng: Đất", "Mục đích sử dụng đất: Đất", "use_purpose",
         "Đất trồng cây lâu năm"),
        ("land_use_certificate", "Đất trồng cây lâu năm", "đất trồng cây lâu năm: 904,7 m²; đất ở: 300 m²",
         "use_purpose", "đất trồng cây lâu năm: 904,7 m²; đất ở: 300 m²"),
        ("land_use_certificate", "Ông: Trần Văn Mạnh\n     Năm sinh: 1975, CMND số: 285012345",
         "Ông Trần Văn Mạnh, CCCD: 070075012345", "holder_name", "Trần Văn Mạnh"),
        ("marriage_certificate", "Nơi đăng ký kết hôn:", "Nơi đăng ký:", "registration_date", "2020-02-14"),
        ("household_business", "     Số giấy chứng", "     Loại giấy tờ chứng thực cá nhân: CCCD\n     Số giấy chứng",
         "holder_id", "070085000222"),
        ("construction_permit", "- Mật độ xây dựng:",
         "- Chỉ giới đường đỏ: 9 m, chỉ giới xây dựng: lùi 5 m\n     - Mật độ xây dựng:", "building_line", "lùi 5 m"),
        ("construction_permit", "Mật độ xây dựng: 60%", "Mật độ xây dựng: 58,2 %,", "density", "58,2 %"),
        ("construction_permit", "- Vị trí xây dựng:", "- Tại:", "works_place",
         "thửa đất số 215, tờ bản đồ số 18, xã Tân Lập"),
        ("land_use_certificate", "CMND số: 285012345", "Hộ chiếu số: C4410927", "holder_id", "C4410927"),
        ("diploma", "BẰNG CỬ NHÂN", "BẰNG TỐT NGHIỆP BỔ TÚC TRUNG HỌC PHỔ THÔNG",
         "degree", "BẰNG TỐT NGHIỆP BỔ TÚC TRUNG HỌC PHỔ THÔNG"),
        ("diploma", "Ngành: ", "Ngành, nghề: ", "major", "Luật học"),
    ],
)  # fmt: skip
def test_a_label_of_another_form_is_read(kind: str, old: str, new: str, name: str, value: str) -> None:
    assert read_changed(kind, (old, new)).fields[name].value == value


def test_a_label_broken_over_two_lines_ends_the_value_above_it() -> None:
    old = "Giấy tờ tùy thân: Căn cước công               Giấy tờ tùy thân: Căn cước công\n    dân số"
    new = "Số Giấy CMND/Hộ chiếu/Giấy tờ                 Số Giấy CMND/Hộ chiếu/Giấy tờ\n    hợp lệ thay thế:"
    found = read_changed(
        "marriage_certificate", (old, new), ("               dân số 070091", " hợp lệ thay thế: 070091")
    )

    assert found.fields["husband_residence"].value == "Thôn 3, xã Tân Lập, huyện Đồng Phú, tỉnh Bình Phước"
    assert found.fields["husband_id"].value == "070091000654"


def test_a_value_below_a_label_at_the_end_of_its_line_is_read() -> None:
    found = read_changed("marital_status", ("được sử dụng\n       để: ", "được sử dụng để:\n       "))

    assert found.fields["purpose"].value == "đăng ký kết hôn"


def test_a_blank_label_above_text_without_a_label_is_shown() -> None:
    found = read_changed(
        "birth_certificate", ("Năm sinh: 1992         ", ""), ("Stiêng  ", "Stiêng   Năm sinh:\n  1992 ")
    )

    year = found.fields["mother_birth_year"]
    assert year.value == "1992" or ("field_blank", "mother_birth_year") in codes_of(found)


def test_a_longer_label_than_the_form_has_is_shown() -> None:
    found = read_changed("construction_permit", ("Giấy tờ về đất:", "Giấy tờ về đất và tài sản trên đất:"))

    assert found.fields["land_paper"].doubtful


def test_words_of_a_label_in_small_letters_within_a_value_stay() -> None:
    reason = "đăng ký kết hôn với ông Vũ Hải, nơi cư trú: phường Tân Phú"
    found = read_changed("marital_status", ("để: đăng ký kết hôn", f"để: {reason}"))

    assert (found.fields["purpose"].value or "").startswith(reason)


def test_a_company_may_hold_a_permit() -> None:
    company = "Công ty Cổ phần Đầu tư Phát triển Nông nghiệp Sao Việt"
    found = read_changed("construction_permit", ("Ông Trần Văn Mạnh", company))

    assert found.fields["holder_name"].value == company


def test_the_number_of_the_form_stands_on_a_line_of_its_own() -> None:
    found = read_changed("criminal_record", ("PHÁP SỐ 1", "PHÁP\n                                  SỐ 1"))

    assert found.fields["record_form"].value == "SỐ 1"
    assert found.fields["residence"].value == "Ấp 2, xã Tân Lập, tỉnh Đồng Nai"


def test_the_dash_between_two_fields_of_work_stays_in_a_title() -> None:
    title = "CÔNG CHỨC TƯ PHÁP - HỘ TỊCH"
    found = read_changed("birth_certificate", ("  CHỦ TỊCH\n", f"  {title}\n"))

    assert found.fields["signer_title"].value == title


@pytest.mark.parametrize("read", ["PHÓ - CHỦ TỊCH", "PHÓ-CHỦ TỊCH", "PHÓ CHỦ TỊCH"])
def test_a_dash_within_an_office_is_a_speck(read: str) -> None:
    found = read_changed("birth_certificate", ("  CHỦ TỊCH\n", f"  {read}\n"))

    assert found.fields["signer_title"].value == "PHÓ CHỦ TỊCH"


def test_who_signs_a_later_change_is_not_the_signer_of_the_paper() -> None:
    change = "\n     IV. Những thay đổi sau khi cấp giấy chứng nhận\n     Chuyển nhượng cho ông Vũ Đình Khoa\n"
    later = change + 45 * " " + "GIÁM ĐỐC\n\n\n" + 45 * " " + "Hà Văn Toản\n"
    found = read_changed("land_use_certificate", ("     Số vào sổ cấp GCN: CH 00123\n", later))

    assert found.fields["signer_name"].value == "Phạm Thị Vân"


def test_a_label_with_its_english_behind_it_is_read() -> None:
    found = read_changed("diploma", ("Xếp loại tốt nghiệp:", "Xếp loại tốt nghiệp / Classification:"))

    assert found.fields["grade"].value == "Khá"


def test_a_card_without_english_is_read() -> None:
    text = page_text("identity_card")
    plain = re.sub(r" / [A-Z][A-Za-z., ]*:", ":", text)
    found = extract(typed_paper(plain), delivered_kinds(), options=delivered_options())

    assert found.fields["birth_date"].value == read_changed("identity_card").fields["birth_date"].value


def test_a_name_on_two_lines_of_a_column_is_whole() -> None:
    old = "NGUYỄN THỊ HOA MAI                            TRẦN VĂN BÌNH MINH"
    new = "NGUYỄN THỊ HOÀNG PHƯƠNG UYÊN CÁT              TRẦN VĂN BÌNH MINH\n    TƯỜNG"
    found = read_changed("marriage_certificate", (old, new))

    assert found.fields["wife_name"].value == "NGUYỄN THỊ HOÀNG PHƯƠNG UYÊN CÁT TƯỜNG"


def test_a_value_that_goes_on_behind_its_last_line_is_shown() -> None:
    old = "Nơi sinh: tỉnh Bình Phước"
    line = "Nơi sinh: Trạm Y tế, ấp 2, xã Tân Lập,\n     xã Tân Lập,\n     tỉnh Bình Phước"
    found = read_changed("criminal_record", (old, line))

    assert found.fields["birth_place"].doubtful


def test_a_line_without_a_label_between_a_value_and_the_next_label_is_shown() -> None:
    name = "1. Tên hộ kinh doanh (ghi bằng chữ in hoa): "
    found = read_changed(
        "household_business", (f"{name}HỘ KINH DOANH TẠP HÓA MẪU", f"{name}CƠ SỞ MỘC\n     PHƯỚC THIỆN")
    )

    assert ("part_lost", "business_name") in codes_of(found)


def test_a_company_that_holds_land_stands_without_a_label_and_is_shown() -> None:
    company = "Công ty TNHH Một thành viên Chế biến Nông sản Hoàng Gia"
    owner = "Ông: Trần Văn Mạnh\n     Năm sinh: 1975, CMND số: 285012345"
    found = read_changed("land_use_certificate", (owner, company))

    assert (found.fields["holder_name"].value, found.fields["holder_name"].doubtful) == (company, True)


def test_a_label_broken_beside_the_signature_is_read() -> None:
    old = "     Số vào sổ cấp GCN: CH 00123\n"
    title = "                                             TM. ỦY BAN NHÂN DÂN HUYỆN ĐỒNG PHÚ\n"
    broken = f"     Số vào sổ cấp giấy chứng nhận      {title.strip()}\n     quyền sử dụng đất: H 00512/QĐ\n"
    found = read_changed("land_use_certificate", (old, ""), (title, broken))

    assert found.fields["signer_name"].value == "Phạm Thị Vân"
    assert found.fields["register_number"].value == "H00512/QĐ"


def test_a_centre_without_its_name_in_a_title_is_shown_and_no_rank() -> None:
    found = read_changed("diploma", ("001471                                    HIỆU TRƯỞNG",
                                     "001471                           GIÁM ĐỐC TRUNG TÂM"))  # fmt: skip

    assert found.fields["signer_title"].value == "GIÁM ĐỐC TRUNG TÂM"
    assert ("part_lost", "signer_title") in codes_of(found)

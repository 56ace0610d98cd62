"""Values behind and below printed labels, some of them misread, in columns and on slanted pages."""

from dataclasses import replace

from kind_reader import codes_of, delivered_kinds, delivered_options, page_text, read_changed
from typed_papers import typed_paper

from ocr.fields.extract import extract


def test_a_column_whose_label_was_lost_is_told_by_the_one_beside_it() -> None:
    found = read_changed("marriage_certificate", ("Họ, chữ đệm, tên vợ:", "Ho, cnu oem, ien CÔ:"))

    whole = read_changed("marriage_certificate")
    names = ("wife_birth_date", "wife_ethnicity", "wife_residence", "husband_birth_date")
    assert [found.fields[n].value for n in names] == [whole.fields[n].value for n in names]
    assert found.fields["wife_name"].value is None


def test_the_day_of_registration_can_stand_behind_the_words_for_it() -> None:
    found = read_changed(
        "marriage_certificate",
        ("Nơi đăng ký kết hôn:", "Đã đăng ký kết hôn ngày 14 tháng 02 năm 2020\n    Nơi đăng ký kết hôn:"),
        ("Ngày, tháng, năm đăng ký: 14/02/2020", ""),
    )

    assert found.fields["registration_date"].value == "2020-02-14"


def test_a_label_is_known_though_its_colon_was_misread() -> None:
    home = "ấp 2, xã Đức Liễu, huyện Bù Đăng, tỉnh Bình Phước"

    found = read_changed("household_business", ("Chỗ ở hiện tại:", f"Chủ ở hiện tại; {home}"))

    assert found.fields["contact_address"].value == home


def test_a_colon_behind_the_last_word_before_a_number_makes_no_label_of_it() -> None:
    found = read_changed("marriage_certificate", ("dân số 070194000321", "dân số: 070194000321"))

    assert found.fields["wife_id"].value == "070194000321"
    assert found.fields["number"].value == "12/2020"


def test_marks_between_a_label_and_the_value_below_it_are_passed_over() -> None:
    text = page_text("marriage_certificate")
    (page,) = typed_paper(text.replace("tên vợ:      ", "tên vợ: is xa"))
    words = [replace(word, confidence=0.2) if word.text in ("is", "xa") else word for word in page.words]

    found = extract([replace(page, words=tuple(words))], delivered_kinds(), options=delivered_options())

    assert found.fields["wife_name"].value == "NGUYỄN THỊ HOA MAI"
    assert ("part_lost", "wife_name") in codes_of(found)


def test_an_address_that_breaks_off_with_a_comma_is_shown() -> None:
    found = read_changed("household_business", ("Chỗ ở hiện tại:", "Chỗ ở hiện tại: tổ 6,"))

    assert ("part_lost", "contact_address") in codes_of(found)


def test_a_name_with_the_letters_of_a_printed_word_is_no_label() -> None:
    found = read_changed("marriage_certificate", ("NGUYỄN THỊ HOA MAI", "VÕ HỒNG ĐÀO       "))

    assert found.fields["wife_name"].value == "VÕ HỒNG ĐÀO"


def test_columns_of_a_page_that_lies_aslant_are_read_row_by_row() -> None:
    (page,) = typed_paper(page_text("marriage_certificate"))
    columns = (replace(word, line=2 * word.line + (word.box.x0 > 0.45)) for word in page.words)
    words = [
        replace(word, box=word.box._replace(y0=word.box.y0 - 0.02 * word.box.x0, y1=word.box.y1 - 0.02 * word.box.x0))
        for word in columns
    ]

    aslant = replace(page, words=tuple(words))
    whole, slanted = (extract([each], delivered_kinds(), options=delivered_options()) for each in (page, aslant))

    assert {n: f.value for n, f in slanted.fields.items()} == {n: f.value for n, f in whole.fields.items()}


def test_a_cards_name_whose_label_was_lost_is_told_by_the_machine_lines() -> None:
    whole = read_changed("identity_card")

    found = read_changed("identity_card", ("Họ và tên / Full name:", "HỘ PUlt"))

    assert found.fields["holder_name"].value == whole.fields["holder_name"].value
    assert ("label_lost", "holder_name") in codes_of(found)


def test_of_two_labels_of_a_value_the_one_before_it_counts() -> None:
    change = ("Mật độ xây dựng:", "Chỉ giới đường đỏ, chỉ giới xây dựng: cách tim đường 12m\n     Mật độ xây dựng:")

    assert read_changed("construction_permit", change).fields["building_line"].value == "cách tim đường 12m"


def test_the_place_of_registration_on_forms_before_2016_is_read() -> None:
    found = read_changed("birth_certificate", ("Nơi đăng ký khai sinh:", "Nơi đăng ký:"))

    whole = read_changed("birth_certificate")
    assert found.fields["issuer"].value == whole.fields["issuer"].value
    assert found.fields["registration_date"].value == whole.fields["registration_date"].value


def test_a_school_diploma_whose_line_of_the_school_cannot_be_read_leaves_the_school_open() -> None:
    title = ("BẰNG CỬ NHÂN", "BẰNG TỐT NGHIỆP TRUNG HỌC PHỔ THÔNG")
    found = read_changed("diploma", title, ("Ngành: Luật học", "Học sinh nh UYỞNg, THPT Tân Lập"))

    assert found.fields["school"].value is None
    assert {("field_not_found", "school"), ("field_not_found", "graduation_year")} <= codes_of(found)
    assert "school" not in read_changed("diploma").fields


def test_values_that_stand_below_their_labels_are_read_one_by_one() -> None:
    head, tail = page_text("birth_certificate").split("       Họ, chữ đệm, tên:")[0], "\n     Nguyễn Văn Thịnh"
    rows = (
        ("Họ, chữ đệm, tên:", "Giới tính:", ""), ("LÊ NGỌC MINH ANH", "Nữ", ""),
        ("Ngày, tháng, năm sinh:", "Dân tộc:", "Quốc tịch:"), ("12/05/2019", "Kinh", "Việt Nam"),
        ("Quê quán:", "", ""), ("Xã Tân Lập, tỉnh Đồng Nai", "", ""),
        ("Họ, chữ đệm, tên người mẹ:", "", ""), ("TRẦN THỊ HỒNG", "", ""),
        ("Năm sinh:", "Dân tộc:", "Quốc tịch:"), ("1992", "Stiêng", "Việt Nam"),
    )  # fmt: skip
    form = "\n".join("  ".join(f"{cell:<28}" for cell in row) for row in rows)

    found = extract(typed_paper(head + form + tail), delivered_kinds(), options=delivered_options())

    values = {name: field.value for name, field in found.fields.items()}
    assert (values["holder_name"], values["sex"], values["birth_date"]) == ("LÊ NGỌC MINH ANH", "Nữ", "2019-05-12")
    assert (values["home_town"], values["mother_name"]) == ("Xã Tân Lập, tỉnh Đồng Nai", "TRẦN THỊ HỒNG")
    assert (values["mother_birth_year"], values["mother_ethnicity"]) == ("1992", "Stiêng")
    assert (values["ethnicity"], values["mother_nationality"]) == ("Kinh", "Việt Nam")


def test_a_value_below_stands_under_its_own_label_though_a_little_to_the_left() -> None:
    card = page_text("identity_card")
    assert "Giới tính" in card
    label = next(line for line in card.split("\n") if "Giới tính" in line)
    row = "   Giới tính / Sex                     Quốc tịch / Nationality"

    found = read_changed("identity_card", (label, f"{row}\n   Nữ                               Việt Nam"))

    assert (found.fields["sex"].value, found.fields["nationality"].value) == ("Nữ", "Việt Nam")


def test_people_one_below_the_other_are_no_columns() -> None:
    text = page_text("marriage_certificate")
    head, rest = text.split("    Họ, chữ đệm, tên vợ:")
    person = (
        "    Họ, chữ đệm, tên {}: {}\n    Dân tộc: Kinh                       Quốc tịch: Việt Nam\n"
        "    Nơi cư trú: thôn 3, xã Tân Lập, huyện Đồng Phú, tỉnh Bình Phước\n    Số CMND: {}\n"
    )
    people = person.format("chồng", "TRẦN VĂN BÌNH", "113046275") + person.format("vợ", "LÊ THỊ HOA", "113188902")
    tail = rest[rest.index("    Nơi đăng ký kết hôn") :]

    found = extract(typed_paper(head + people + tail), delivered_kinds(), options=delivered_options())

    assert [found.fields[n].value for n in ("husband_id", "wife_id")] == ["113046275", "113188902"]
    assert found.fields["husband_residence"].value == "thôn 3, xã Tân Lập, huyện Đồng Phú, tỉnh Bình Phước"
    assert found.fields["wife_nationality"].value == "Việt Nam"


def test_a_value_below_its_label_is_read_and_shown() -> None:
    home = "xã Tân Lập, huyện Đồng Phú, tỉnh Bình Phước"

    found = read_changed("birth_certificate", (f"Quê quán: {home}", f"Quê quán:\n         {home}"))

    assert found.fields["home_town"].value == home
    assert ("part_lost", "home_town") in codes_of(found)

"""Papers of known kinds in layouts of other years and provinces: their tables, columns and labels."""

from kind_reader import delivered_kinds, delivered_options, page_text, read_changed
from typed_papers import typed_paper

from domain.models import Extraction
from ocr.fields.extract import extract


def read_text(text: str) -> Extraction:
    return extract(typed_paper(text), delivered_kinds(), options=delivered_options())


def test_a_name_behind_a_colon_does_not_make_another_label_of_the_words_before_it() -> None:
    found = read_changed(
        "marriage_certificate",
        ("Họ, chữ đệm, tên vợ:", "Bên A               "),
        ("Họ, chữ đệm, tên chồng:", "Bên B"),
        ("NGUYỄN THỊ HOA MAI   ", "Họ và tên: VÕ HOA MAI"),
        ("TRẦN VĂN BÌNH MINH", "Họ và tên: VI VĂN MINH"),
    )

    assert found.fields["wife_birth_date"].value is None
    assert found.fields["husband_birth_date"].value is None


def test_two_people_in_columns_that_are_named_above_them_are_kept_apart() -> None:
    found = read_changed(
        "marriage_certificate",
        ("    Họ, chữ đệm, tên vợ:   ", "          Bên vợ           "),
        ("Họ, chữ đệm, tên chồng:", "      Bên chồng"),
        ("NGUYỄN THỊ HOA MAI   ", "Họ và tên: VÕ HOA MAI"),
        ("TRẦN VĂN BÌNH MINH", "Họ và tên: VI VĂN MINH"),
    )

    names = ("wife_name", "husband_name", "wife_birth_date", "husband_birth_date", "wife_residence", "husband_id")
    assert [found.fields[name].value for name in names] == [
        "VÕ HOA MAI",
        "VI VĂN MINH",
        "1994-03-02",
        "1991-09-17",
        "Ấp 1, xã Thuận Lợi, huyện Đồng Phú, tỉnh Bình Phước",
        "070091000654",
    ]


def test_a_table_with_labels_at_its_left_is_read_column_by_column() -> None:
    rows = """
    PHẦN KHAI VỀ CHA MẸ         Người mẹ            Người cha
    Họ và tên                   Trần Thị Mận        Lại Văn Khoát
    Năm sinh                    1959                1957
    Dân tộc                     Tày                 Kinh
    Quốc tịch                   Việt Nam            Việt Nam
    """
    text = page_text("birth_certificate")
    child, parents = text.index("Họ, chữ đệm, tên người mẹ"), text.index("Nơi đăng ký khai sinh")

    found = read_text(text[:child].rstrip() + rows + text[parents:].rstrip())

    names = [f"{who}_{what}" for who in ("mother", "father") for what in ("name", "birth_year", "ethnicity")]
    read = [found.fields[name].value for name in names]
    assert read == ["Trần Thị Mận", "1959", "Tày", "Lại Văn Khoát", "1957", "Kinh"]


def test_a_label_that_shares_its_colon_with_the_next_one_is_shown_and_not_taken_for_blank() -> None:
    text = page_text("birth_certificate")
    place = text.index("Dân tộc:", text.index("người mẹ"))
    line = text[place : text.index("\n", place)]

    found = read_text(text.replace(line, "Dân tộc / Quốc tịch: Tày / Việt Nam", 2))

    assert found.fields["mother_ethnicity"].doubtful


def test_the_head_of_a_table_below_a_label_is_shown() -> None:
    found = read_changed(
        "criminal_record",
        ("9. Tình trạng án tích: Không có án tích", "9. Tình trạng án tích:\n     Bản án      Tội danh       Ghi chú"),
    )

    assert found.fields["criminal_status"].doubtful


def test_on_a_form_with_labels_that_its_kind_does_not_have_what_is_absent_is_shown() -> None:
    found = read_changed(
        "criminal_record",
        (
            "7. Nơi tạm trú: ..............................",
            "7. Chỗ trọ bây giờ: Số 3, đường Y Ngông\n     Việc làm: Công nhân",
        ),
    )

    assert found.fields["temporary_residence"].doubtful
    assert not read_changed("criminal_record", ("7. Nơi tạm trú: ...", "")).fields.get("temporary_residence")


def test_an_identity_card_with_nine_figures_is_read() -> None:
    found = read_text(
        """
                    CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
                      Độc lập - Tự do - Hạnh phúc
                       GIẤY CHỨNG MINH NHÂN DÂN
                            SỐ 211648930
               Họ tên: NGUYỄN THỊ ÁI VÂN
               Sinh ngày: 18-09-1981
               Nguyên quán: Nhơn Hưng, An Nhơn, Bình Định
               Nơi ĐKHK thường trú: Nhơn Hưng, An Nhơn, Bình Định

               Dân tộc: Kinh         Tôn giáo: Không
        """
    )

    assert found.kind == "identity_card"
    assert found.fields["number"].value == "211648930"
    assert found.fields["home_town"].value == "Nhơn Hưng, An Nhơn, Bình Định"


def test_a_value_goes_on_in_its_narrow_cell() -> None:
    found = read_changed(
        "criminal_record",
        (
            "4. Nơi sinh: tỉnh Bình Phước",
            "4. Nơi sinh:              Ấp 2, xã\n                               Tân Lập, tỉnh Đồng Nai",
        ),
    )

    assert found.fields["birth_place"].value == "Ấp 2, xã Tân Lập, tỉnh Đồng Nai"


def test_a_value_stands_beside_the_first_words_of_a_label_that_is_broken_in_its_cell() -> None:
    found = read_changed(
        "criminal_record",
        (
            "6. Nơi thường trú: Ấp 2, xã Tân Lập, tỉnh Đồng Nai",
            "6. Nơi thường           Buôn Tah, xã\n     trú:                    Ea Drơng, tỉnh Đắk Lắk",
        ),
    )

    assert found.fields["residence"].value == "Buôn Tah, xã Ea Drơng, tỉnh Đắk Lắk"


def _with_table(rows: str) -> Extraction:
    text = page_text("marriage_certificate")
    people, registered = text.index("    Họ, chữ đệm, tên vợ"), text.index("    Nơi đăng ký kết hôn")
    return read_text(text[:people].rstrip() + rows + text[registered:].rstrip())


def test_values_in_the_middle_of_their_columns_are_those_of_the_one_named_above() -> None:
    found = _with_table(
        """
    Thông tin                      Người chồng                   Người vợ
    Họ, chữ đệm, tên             NGUYỄN HỮU LỘC            TRẦN NGỌC BẢO TRÂN
    Ngày, tháng, năm sinh          11/08/1995                   24/12/1997
    Dân tộc                           Kinh                          Tày

        """
    )

    names = (
        "husband_name",
        "wife_name",
        "husband_birth_date",
        "wife_birth_date",
        "husband_ethnicity",
        "wife_ethnicity",
    )
    values = ["NGUYỄN HỮU LỘC", "TRẦN NGỌC BẢO TRÂN", "1995-08-11", "1997-12-24", "Kinh", "Tày"]
    assert [found.fields[name].value for name in names] == values


def test_two_people_whose_columns_nothing_sets_apart_are_left_open() -> None:
    found = _with_table(
        """
                    Người chồng          Người vợ
    Họ và tên: NGUYỄN HỮU LỘC và TRẦN NGỌC BẢO TRÂN
    Ngày, tháng, năm sinh: 11/08/1995 và ngày 24/12/1997
    Dân tộc: Kinh và dân tộc Tày

        """
    )

    assert found.fields["wife_birth_date"].value is None
    assert found.fields["husband_birth_date"].value is None


def test_the_place_and_date_of_issue_are_no_changes_noted_above_them() -> None:
    found = read_changed(
        "land_use_certificate",
        ("     6. Ghi chú: Không", "     IV. Những thay đổi sau khi cấp giấy chứng nhận"),
    )

    assert found.fields["issue_date"].value == "2013-10-20"
    assert found.fields["later_changes"].value is None


def test_the_letter_of_the_item_beside_a_value_is_no_part_of_it() -> None:
    found = read_changed(
        "land_use_certificate",
        ("     e) Thời hạn sử dụng: Đến ngày 15/10/2063\n", ""),
        ("d) Hình thức sử dụng: Sử dụng riêng", "d) Thời hạn sử dụng: Lâu dài   e) Hình thức sử dụng: Sử dụng riêng"),
    )

    assert found.fields["use_term"].value == "Lâu dài"


def test_a_label_whose_number_was_lost_but_for_its_full_stop_counts_as_one() -> None:
    found = read_changed(
        "criminal_record",
        (
            "7. Nơi tạm trú: ..............................",
            ". Chỗ trọ bây giờ: Số 3, đường Y Ngông\n     . Việc làm: Công nhân",
        ),
    )

    assert found.fields["temporary_residence"].doubtful

import pytest

from ocr.fields.parsers.forms import FORMS
from ocr.fields.parsers.parsed import Parsed
from ocr.fields.parsers.spoken import date_in_words, decimal_in_words, number_in_words, said_in_words


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("ngày 05 tháng 01 năm 2020", "2020-01-05"),
        ("ngày23 tháng 4 năm 2026", "2026-04-23"),
        ("12/05/2018", "2018-05-12"),
        ("12-5-2018", "2018-05-12"),
        ("07 giờ 51 phút, ngày 10 tháng 6 năm 2023", "2023-06-10"),
        ("1969", "1969"),
        ("năm 1969", "1969"),
        ("08/2023", "2023-08"),
    ],
)
def test_a_date_is_iso_and_never_padded(text: str, value: str) -> None:
    assert FORMS["date"](text).value == value
    assert FORMS["date"](text).problem == ""


def test_a_blank_day_leaves_a_partial_date_and_is_said() -> None:
    parsed = FORMS["date"]("ngày ..... tháng 8 năm 2023")

    assert (parsed.value, parsed.problem) == ("2023-08", "date_day_blank")


@pytest.mark.parametrize("text", ["31/02/2020", "ngày 12 tháng 13 năm 2020", "00/05/2018"])
def test_a_date_that_does_not_exist_is_no_value(text: str) -> None:
    assert FORMS["date"](text).value is None


@pytest.mark.parametrize(
    "text",
    ["ngày H1 tháng 8 năm 2023", "ngày 1 1 tháng 8 năm 2023", "ngày 1. 5 tháng 7 năm 2023", "ngày 5 tháng 7 năm 20233"],
)
def test_a_day_of_which_a_figure_was_lost_is_shown(text: str) -> None:
    assert FORMS["date"](text).problem == "digits_repaired"
    assert FORMS["date"]("Đăk Hà, ngày11 tháng 8 năm 2023").problem == ""


def test_letters_read_for_digits_are_never_repaired_in_silence() -> None:
    parsed = FORMS["date"]("l2/05/2018")

    assert (parsed.value, parsed.problem) == ("2018-05-12", "digits_repaired")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("123/QĐ-UBND", "123/QĐ-UBND"),
        ("453  /TB-UBND", "453/TB-UBND"),
        ("3000/2026/TLKT-BS", "3000/2026/TLKT-BS"),
        ("16-CT/TU", "16-CT/TU"),
        ("22-CT/Th.U", "22-CT/Th.U"),
        ("1190/TB-CSGT(Đ2)", "1190/TB-CSGT(Đ2)"),
        ("12/2020", "12/2020"),
    ],
)
def test_a_number_is_joined_as_printed(text: str, value: str) -> None:
    assert FORMS["document_number"](text).value == value


@pytest.mark.parametrize("text", ["12/QĐ.UBND", "45/TB.UB", "123/1999/CV.UB"])
def test_a_full_stop_in_the_sign_of_a_number_stays_and_is_shown(text: str) -> None:
    parsed = FORMS["document_number"](text)

    assert (parsed.value, parsed.problem) == (text, "digits_repaired")


@pytest.mark.parametrize(
    ("text", "value", "problem"),
    [
        ("31 BC/BT", "31 BC/BT", "form_unusual"),
        ("214 NN-TCCB/QĐ", "214 NN-TCCB/QĐ", "form_unusual"),
        ("41 41/NQ-HĐND", "41/NQ-HĐND", "digits_repaired"),
        ("41 42/NQ-HĐND", "4142/NQ-HĐND", ""),
    ],
)
def test_a_gap_behind_the_figures_of_a_number(text: str, value: str, problem: str) -> None:
    parsed = FORMS["document_number"](text)

    assert (parsed.value, parsed.problem) == (value, problem)


@pytest.mark.parametrize("text", ["/QĐ-UBND", "....../QĐ-UBND", "", "     "])
def test_a_blank_number_is_said_and_not_invented(text: str) -> None:
    parsed = FORMS["document_number"](text)

    assert (parsed.value, parsed.problem) == (None, "number_blank")


def test_an_apostrophe_that_was_read_as_a_question_mark_is_put_right_and_said() -> None:
    parsed = FORMS["name"]("Đinh Thị H?Nhiếc")

    assert (parsed.value, parsed.problem) == ("Đinh Thị H'Nhiếc", "spelling_repaired")


def test_a_handwritten_number_is_left_open() -> None:
    assert FORMS["document_number"]("ÝZ /QĐ-TTg").value is None


def test_an_identity_number_in_groups_is_joined() -> None:
    assert FORMS["identity_number"]("0011 6902 0213").value == "001169020213"


@pytest.mark.parametrize("text", ["00116902021", "0011690202133", "12345"])
def test_an_identity_number_of_another_length_is_no_value(text: str) -> None:
    assert FORMS["identity_number"](text).problem == "identity_length"


def test_the_longest_number_of_an_identity_paper_counts_and_not_its_date() -> None:
    text = "Căn cước công dân số 070195000789, cấp ngày 10/05/2021"

    assert FORMS["identity_paper"](text).value == "070195000789"


@pytest.mark.parametrize(("text", "value"), [("1.250,5 m²", "1250.5"), ("125 m?", "125"), ("110,7 m2", "110.7")])
def test_areas_have_a_decimal_comma(text: str, value: str) -> None:
    assert FORMS["area"](text).value == value


def test_money_is_grouped_by_points() -> None:
    assert FORMS["money"]("100.000.000 đồng").value == "100000000"


@pytest.mark.parametrize(("text", "value"), [("Nữa", "Nữ"), ("nam", "Nam"), ("Nu", "Nữ")])
def test_sex_is_one_of_two(text: str, value: str) -> None:
    assert FORMS["sex"](text).value == value


def test_what_was_put_right_from_a_list_is_shown() -> None:
    assert FORMS["sex"]("Nữa").problem == "spelling_repaired"
    assert FORMS["nationality"]("Viêt Nam").problem == "spelling_repaired"


@pytest.mark.parametrize(("text", "sure"), [("Lào", True), ("Nam Phi", True), ("Nam", False), ("Vi Nm", False)])
def test_a_part_of_viet_nam_is_no_nationality(text: str, *, sure: bool) -> None:
    assert (FORMS["nationality"](text).problem == "") is sure


@pytest.mark.parametrize("text", ["Hoa Kỳ", "Trung Quốc (Đài Loan)", "I-ta-li-a", "Không quốc tịch", "Áo", "PHÁP"])
def test_listed_countries_are_nationalities(text: str) -> None:
    assert FORMS["nationality"](text) == Parsed(text.capitalize() if text.isupper() else text)


@pytest.mark.parametrize(
    ("text", "value", "problem"),
    [
        ("Wệt Nam", "Việt Nam", "spelling_repaired"),
        ("Ân Độ", "Ấn Độ", "spelling_repaired"),
        ("Thái Lam", "Thái Lan", "spelling_repaired"),
        ("Phụ Nữ", "Phụ Nữ", "nationality_unlisted"),
    ],
)
def test_what_is_no_country_is_shown(text: str, value: str, problem: str) -> None:
    assert FORMS["nationality"](text) == Parsed(value, problem)


def test_a_sex_is_no_nationality() -> None:
    parsed = FORMS["nationality"]("Nữ")

    assert (parsed.value, parsed.problem) == (None, "text_unreadable")


def test_a_people_that_is_not_listed_is_not_taken_for_another() -> None:
    assert FORMS["ethnicity"]("Xuêng").value is None


@pytest.mark.parametrize("text", ["..........", "…………", " : ", "____"])
def test_an_empty_dotted_line_is_no_value(text: str) -> None:
    assert FORMS["text"](text).value is None
    assert FORMS["name"](text).value is None


def test_a_name_with_digits_is_not_a_name() -> None:
    assert FORMS["name"]("NGUYỄN VĂN 4N").problem == "name_unreadable"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("ỦY BAN NHÂN DÂN XÃ TÂN LẬP", "Ủy ban nhân dân xã Tân Lập"),
        ("UBND TỈNH BÀ RỊA - VŨNG TÀU", "Ủy ban nhân dân tỉnh Bà Rịa - Vũng Tàu"),
        ("Ủy ban nhân dân thị trấn Tân Phú, huyện Đồng Phú", "Ủy ban nhân dân thị trấn Tân Phú, huyện Đồng Phú"),
        ("BỘ CÔNG THƯƠNG", "BỘ CÔNG THƯƠNG"),
        ("UBND xã PHÚ LÝ", "Ủy ban nhân dân xã PHÚ LÝ"),
        ("bạn nhân dân xã Thuận Lợi", "Ủy ban nhân dân xã Thuận Lợi"),
        ("ỦY BAN NHÂN HUYỆN BÙ ĐĂNG", "Ủy ban nhân dân huyện Bù Đăng"),
        ("ỦY BAN NHÂN DÂN Í HUYỆN BÙ ĐĂNG", "Ủy ban nhân dân huyện Bù Đăng"),
        ("Ban nhân dân ấp 3, xã Thuận Lợi", "Ban nhân dân ấp 3, xã Thuận Lợi"),
        ("Ban Dân tộc tỉnh Kon Tum", "Ban Dân tộc tỉnh Kon Tum"),
        ("HỘI ĐỒNG NHÂN DÂN TỈNH KON TUM", "Hội đồng nhân dân tỉnh Kon Tum"),
    ],
)
def test_committees_have_one_way_of_writing(text: str, value: str) -> None:
    assert FORMS["agency"](text).value == value


@pytest.mark.parametrize("text", ["bạn nhân dân xã Thuận Lợi", "ỦY BAN NHÂN DÂN Í HUYỆN BÙ ĐĂNG"])
def test_a_committee_that_was_made_whole_is_shown(text: str) -> None:
    assert FORMS["agency"](text).problem == "spelling_repaired"


def test_a_misread_unit_word_is_put_right_and_shown() -> None:
    parsed = FORMS["address"]("tổ 7, xã Hà Mòn, huyên Đăk Hà, tĩnh Kon Tum")

    assert parsed.value == "tổ 7, xã Hà Mòn, huyện Đăk Hà, tỉnh Kon Tum"
    assert parsed.problem == "spelling_repaired"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("mười lăm", 15),
        ("hai mươi mốt", 21),
        ("một nghìn chín trăm chín mươi lăm", 1995),
        ("hai nghìn không trăm linh tư", 2004),
        ("một trăm hai mươi ba triệu bốn trăm năm mươi sáu nghìn bảy trăm lẻ tám", 123456708),
        ("hai tỷ năm trăm triệu", 2_500_000_000),
    ],
)
def test_numbers_in_words(text: str, number: int) -> None:
    assert number_in_words(text) == number


@pytest.mark.parametrize("text", ["", "một hai", "trăm họ", "xyz"])
def test_other_words_are_no_number(text: str) -> None:
    assert number_in_words(text) is None


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("Ngày mười hai tháng năm năm hai nghìn không trăm mười tám", "2018-05-12"),
        ("Ngày mười, tháng sáu, năm hai nghìn không trăm hai mươi ba", "2023-06-10"),
        ("ngày mùng năm tháng tư năm một nghìn chín trăm tám mươi", "1980-04-05"),
        ("tháng giêng năm nay", None),
    ],
)
def test_dates_in_words(text: str, iso: str | None) -> None:
    assert date_in_words(text) == iso


def test_a_comma_in_words() -> None:
    assert str(decimal_in_words("một nghìn hai trăm năm mươi phẩy năm")) == "1250.5"
    assert said_in_words("Một trăm triệu đồng", like="100000000") == "100000000"


@pytest.mark.parametrize(
    ("form", "text", "value"),
    [
        ("agency", "l ỦY BAN NHÂN DÂN HUYỆN CHÂU THÀNH", "Ủy ban nhân dân huyện Châu Thành"),
        ("agency", "là BỘ NỘI VỤ", "BỘ NỘI VỤ"),
        ("nationality", "Việt Nam 7ˆ", "Việt Nam"),
        ("nationality", "Việt", "Việt Nam"),
        ("address", "xã Thuận Lợi, tỉnh Bình Phước°", "xã Thuận Lợi, tỉnh Bình Phước"),
        ("ethnicity", "Xtiễng", "Xtiêng"),
        ("year", "197]", "1971"),
        ("date", "ngày 19 thắng 4 năm:2024", "2024-04-19"),
        ("document_number", "60/2022 s2", "60/2022"),
        ("name", "Huỳnh Minh Nghĩa óc", "Huỳnh Minh Nghĩa"),
        ("name", "LÝ ĐỨC THẮNG, t2 LIRT", "LÝ ĐỨC THẮNG"),
        ("text", "“Họp xét duyệt hồ sơ", "Họp xét duyệt hồ sơ"),
        ("text", "“Tết” năm 2024", "“Tết” năm 2024"),
    ],
)
def test_marks_beside_a_value_are_no_part_of_it(form: str, text: str, value: str) -> None:
    assert FORMS[form](text).value == value


def test_an_apostrophe_is_a_part_of_a_name_and_a_lost_one_is_shown_to_a_person() -> None:
    assert FORMS["name"]("KSOR H'UYÊN") == Parsed("KSOR H'UYÊN")
    assert FORMS["name"]("RAH LAN H NHI") == Parsed("RAH LAN H NHI", "name_unusual")
    assert FORMS["name"]("Y NHÀN") == Parsed("Y NHÀN")


@pytest.mark.parametrize(
    ("form", "text", "value"),
    [
        ("name", "Thượng tá Võ Hoài Nam", "Võ Hoài Nam"),
        ("name", "PGS.TS. Lương Thế Hiển", "Lương Thế Hiển"),
        ("name", "Tôn Thất Tá", "Tôn Thất Tá"),
        ("name", "K'Tiên", "K'Tiên"),
        ("name", "Ông Lê Hoàng Minh Mẫn và bà Lý Thị Sa Mết", "Lê Hoàng Minh Mẫn và bà Lý Thị Sa Mết"),
        ("name", "ÔNG THỊ LỮ", "ÔNG THỊ LỮ"),
        ("name", "Ông Ích Lượng", "Ông Ích Lượng"),
        ("ethnicity", "Bru - Vân Kiều", "Bru - Vân Kiều"),
        ("document_number", "23 Quyển số: 1", "23"),
        ("serial", "VP 00871 CHI NHÁNH VĂN PHÒNG ĐĂNG KÝ", "VP00871"),
        ("serial", "00387 QSDĐ/TL", "00387QSDĐ/TL"),
        ("agency", "UBND xã Thới Quản, huyện Gò Quao", "Ủy ban nhân dân xã Thới Quản, huyện Gò Quao"),
        ("agency", "UBND xã Tân Lập, huyện Đồng Phú, tỉnh, Bình Phước",
         "Ủy ban nhân dân xã Tân Lập, huyện Đồng Phú, tỉnh Bình Phước"),
    ],
)  # fmt: skip
def test_a_value_is_what_stands_between_its_companions(form: str, text: str, value: str) -> None:
    assert FORMS[form](text).value == value


def test_a_name_of_which_the_foot_of_a_letter_was_parted_is_shown() -> None:
    assert FORMS["name"]("THỊ SÀ RƯƠI,").problem
    assert not FORMS["name"]("THỊ SÀ RƯƠL").problem


@pytest.mark.parametrize(
    ("form", "text", "value"),
    [
        ("identity_paper", "CMND số: 280.111.333", "280111333"),
        ("identity_paper", "Hộ chiếu số PD4408172 cấp ngày 01/02/2020", "PD4408172"),
        ("identity_paper", "Hộ chiếu số C1234567", "C1234567"),
        ("identity_paper", "CMND số 371234567 cấp ngày 11.02.2009", "371234567"),
        ("date", "Không rõ ngày, tháng; năm 1929", "1929"),
        ("agency", "UBND TP. PHÚ QUỐC", "Ủy ban nhân dân TP. Phú Quốc"),
        ("agency", "ỦY BAN NHÂN DÂN HUYỆN HỚN QUẢN", "Ủy ban nhân dân huyện Hớn Quản"),
        ("agency", "ỦY BAN NHÂN DÂN XÃ ĐẠ TẺH2", "Ủy ban nhân dân xã Đạ Tẻh 2"),
        ("agency", "PHÒNG PC06", "PHÒNG PC06"),
    ],
)
def test_numbers_years_and_short_unit_words_are_read_as_papers_write_them(form: str, text: str, value: str) -> None:
    assert FORMS[form](text).value == value

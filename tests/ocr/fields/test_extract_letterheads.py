"""Who issued a paper, and what it is about: the lines over the number, and those under the title."""

from dataclasses import replace

import pytest
from kind_reader import codes_of, delivered_kinds, delivered_options, page_text, read_changed
from typed_papers import typed_paper

from domain.models import Extraction
from ocr.fields.extract import extract

COMMITTEE = "              ỦY BAN NHÂN DÂN "
PROVINCE = "               TỈNH BÌNH PHƯỚC  "


def read_head(first: str, second: str, *, number: str) -> Extraction:
    """Return what is read on a decision with two other lines of its letterhead, and another number."""
    return read_changed(
        "decision",
        (COMMITTEE, first.center(len(COMMITTEE) + 12)[: len(COMMITTEE)]),
        (PROVINCE, second.center(len(PROVINCE) + 12)[: len(PROVINCE)]),
        ("1523/QĐ-UBND", number),
    )


def value(found: Extraction, name: str) -> str | None:
    return found.fields[name].value if name in found.fields else None


@pytest.mark.parametrize(
    ("first", "second", "number", "parent", "issuer"),
    [
        ("HĐND XÃ TÂN LẬP", "THƯỜNG TRỰC", "19/QĐ-TT", "Hội đồng nhân dân xã Tân Lập", "THƯỜNG TRỰC"),
        ("TẬP ĐOÀN ĐIỆN LỰC", "TỔNG CÔNG TY PHÍA NAM", "5/QĐ-TCTPN", "TẬP ĐOÀN ĐIỆN LỰC", "TỔNG CÔNG TY PHÍA NAM"),
        ("CÔNG ĐOÀN CƠ SỞ", "TRUNG TÂM Y TẾ", "4/QĐ-CĐCS", None, "CÔNG ĐOÀN CƠ SỞ TRUNG TÂM Y TẾ"),
        ("TRƯỜNG ĐẠI HỌC", "CÔNG AN NHÂN DÂN", "4/QĐ-ĐHCAND", None, "TRƯỜNG ĐẠI HỌC CÔNG AN NHÂN DÂN"),
        ("TRƯỜNG TIỂU HỌC", "TRƯƠNG ĐỊNH", "4/QĐ-THTĐ", None, "TRƯỜNG TIỂU HỌC TRƯƠNG ĐỊNH"),
        ("UBND HUYỆN", "PHONG ĐIỀN", "4/QĐ-UBND", None, "Ủy ban nhân dân huyện Phong Điền"),
        ("TỔNG CỤC HẢI QUAN", "CỤC HẢI QUAN", "4/QĐ-HQ", "TỔNG CỤC HẢI QUAN", "CỤC HẢI QUAN"),
        ("THANH TRA HÀ TĨNH", "ĐOÀN THANH TRA", "4/QĐ-ĐTTr", "THANH TRA HÀ TĨNH", "ĐOÀN THANH TRA"),
        ("UBND TỈNH HÀ TĨNH", "SỞ Y TẾ", "4/QĐ-SYT", "Ủy ban nhân dân tỉnh Hà Tĩnh", "SỞ Y TẾ"),
        ("HUYỆN ĐAN PHƯỢNG", "PHÒNG NỘI VỤ", "4/QĐ-PNV", "HUYỆN ĐAN PHƯỢNG", "PHÒNG NỘI VỤ"),
        ("HỘI NÔNG DÂN HUYỆN", "PHÚ HÒA", "4/QĐ-HND", None, "HỘI NÔNG DÂN HUYỆN PHÚ HÒA"),
        ("HỘI NÔNG DÂN", "BCH XÃ TÂN LẬP", "4/QĐ-HND", "HỘI NÔNG DÂN", "BCH XÃ TÂN LẬP"),
        ("TRƯỜNG ĐẠI HỌC HUẾ", "KHOA MÔI TRƯỜNG", "4/QĐ-KMT", "TRƯỜNG ĐẠI HỌC HUẾ", "KHOA MÔI TRƯỜNG"),
        ("TẬP ĐOÀN BƯU CHÍNH", "BƯU ĐIỆN TỈNH", "4/QĐ-BĐ", "TẬP ĐOÀN BƯU CHÍNH", "BƯU ĐIỆN TỈNH"),
        ("TẬP ĐOÀN BƯU CHÍNH", "VIỄN THÔNG LÀO CAI", "4/QĐ-VTLC", "TẬP ĐOÀN BƯU CHÍNH", "VIỄN THÔNG LÀO CAI"),
        ("BỘ ĐẠI HỌC VÀ THCN", "TRƯƠNG ĐẠI HỌC HUẾ", "4/QĐ-ĐHH", "BỘ ĐẠI HỌC VÀ THCN", "TRƯƠNG ĐẠI HỌC HUẾ"),
        ("CHỦ TỊCH", "UBND XÃ TÂN LẬP", "4/QĐ-UBND", None, "CHỦ TỊCH UBND XÃ TÂN LẬP"),
        ("UBND XÃ TÂN LẬP", "PHONG KINH TẾ", "4/QĐ-PKT", "Ủy ban nhân dân xã Tân Lập", "PHÒNG KINH TẾ"),
    ],
)
def test_where_the_name_of_a_body_begins(first: str, second: str, number: str, parent: str | None, issuer: str) -> None:
    found = read_head(first, second, number=number)

    assert value(found, "issuer_parent") == parent
    assert value(found, "issuer") == issuer


def test_a_decision_named_in_the_letterhead_is_no_title() -> None:
    found = read_head("ĐOÀN THANH TRA THEO", "QUYẾT ĐỊNH SỐ 3/QĐ-TT", number="03/QĐ-ĐTTr")

    assert value(found, "number") == "03/QĐ-ĐTTr"
    assert value(found, "issuer") == "ĐOÀN THANH TRA THEO QUYẾT ĐỊNH SỐ 3/QĐ-TT"


def test_two_ministries_issue_together() -> None:
    found = read_head("BỘ Y TẾ", "BỘ NỘI VỤ", number="28/2012/TTLT-BYT-BNV")

    assert value(found, "issuer") == "BỘ Y TẾ BỘ NỘI VỤ"
    assert "issuer_parent" not in found.fields
    assert ("several_issuers", "issuer") in codes_of(found)


def test_departments_that_issue_together_stand_below_their_committee() -> None:
    found = read_head("UBND TỈNH HƯNG YÊN", "SỞ Y TẾ - SỞ TƯ PHÁP", number="56/QĐLT-SYT-STP")

    assert value(found, "issuer_parent") == "Ủy ban nhân dân tỉnh Hưng Yên"
    assert value(found, "issuer") == "SỞ Y TẾ - SỞ TƯ PHÁP"
    assert ("several_issuers", "issuer") in codes_of(found)


def test_two_departments_below_one_another_are_shown_whatever_the_number_says() -> None:
    found = read_head("SỞ Y TẾ", "SỞ NỘI VỤ", number="28/QĐ-SNV")

    assert {("several_issuers", "issuer"), ("several_issuers", "issuer_parent")} <= codes_of(found)


@pytest.mark.parametrize(
    ("number", "shown"),
    [("125/QĐ-STP", True), ("125/QĐ-UBND", False), ("125/QĐ-UB", False), ("125/2004/QĐ-UBT", False), ("125/QĐ", False)],
)
def test_a_sign_that_does_not_stand_for_the_issuer_shows_that_a_line_was_lost(number: str, shown: bool) -> None:
    found = read_changed("decision", ("1523/QĐ-UBND", number))

    assert (("issuer_sign_unusual", "issuer") in codes_of(found)) == shown


@pytest.mark.parametrize(("number", "shown"), [("05/GV-HCTP", True), ("05/STP-GV", False), ("05/CV-STP", False)])
def test_the_sign_of_a_letter_begins_with_that_of_its_issuer(number: str, shown: bool) -> None:
    found = read_changed("official_letter", ("05/STP-HCTP", number))

    assert (("issuer_sign_unusual", "number") in codes_of(found)) == shown


@pytest.mark.parametrize(
    ("number", "confidence", "shown"),
    [("304/UBND-NG", 0.92, True), ("304/UBND-NC", 0.92, False), ("304/UBND-NG", 0.99, False)],
)
def test_on_a_poor_page_an_unusual_sign_of_who_drew_up_a_letter_is_shown(
    number: str, confidence: float, *, shown: bool
) -> None:
    text = page_text("official_letter").replace("05/STP-HCTP", number).replace("SỞ TƯ PHÁP", "ỦY BAN NHÂN DÂN")

    found = extract(typed_paper(text, confidence=confidence), delivered_kinds(), options=delivered_options())

    assert value(found, "number") == number
    assert (("form_unusual", "number") in codes_of(found)) is shown


@pytest.mark.parametrize(
    "line", ["GIÁM ĐỐC SỞ NỘI VỤ TỈNH BÌNH PHƯỚC", "HIỆU TRƯỞNG TRƯỜNG ĐẠI HỌC", "KHÓA IX, KỲ HỌP THỨ HAI"]
)
def test_a_subject_ends_before_the_one_who_decides(line: str) -> None:
    found = read_changed("decision", ("CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH\n", f"{line}\n"))

    assert (value(found, "subject") or "").endswith("thẩm quyền giải quyết của Sở Tư pháp")
    assert ("part_lost", "subject") not in codes_of(found)


def test_a_subject_in_capitals_that_ends_close_above_a_body_is_shown() -> None:
    first, second = "Về việc phê duyệt danh mục thủ tục hành chính số hóa kết quả\n", "thuộc thẩm quyền giải quyết của"
    found = read_changed("decision", (first, first.upper()), (f"{second} Sở Tư pháp\n\n", "  PHÒNG NỘI VỤ HUYỆN\n\n"))

    assert ("part_lost", "subject") in codes_of(found)


def test_a_subject_that_ends_with_a_full_stop_is_shown() -> None:
    found = read_changed("decision", ("của Sở Tư pháp\n\n", "của Sở Tư pháp.\n\n"))

    assert ("part_lost", "subject") in codes_of(found)


def test_a_letter_of_the_party_says_what_it_is_about_without_a_stroke() -> None:
    found = read_changed("official_letter", ("V/v số hóa sổ hộ tịch và\n", "Về số hóa sổ hộ tịch và\n"))

    assert value(found, "subject") == "Về số hóa sổ hộ tịch và hướng dẫn chứng thực bản sao điện tử"


@pytest.mark.parametrize("parent", ["TỈNH ĐOÀN CÀ MAU", "ĐOÀN TNCS HỒ CHÍ MINH"])
def test_papers_of_the_youth_union_have_a_heading_of_their_own(parent: str) -> None:
    text = page_text("decision").replace("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "   ĐOÀN TNCS HỒ CHÍ MINH")
    text = text.replace("Độc lập - Tự do - Hạnh phúc", "").replace("ỦY BAN NHÂN DÂN      ", parent.ljust(21))
    text = text.replace("TỈNH BÌNH PHƯỚC   ", " BAN THƯỜNG VỤ    ").replace("1523/QĐ-UBND", "15-QĐ/TĐTN")

    found = extract(typed_paper(text), delivered_kinds(), options=delivered_options())

    assert value(found, "issuer_parent") == parent
    assert value(found, "issuer") == "BAN THƯỜNG VỤ"


def test_minutes_that_name_their_matter_in_the_title_are_told_by_their_sign() -> None:
    found = read_changed("minutes", ("    BIÊN BẢN\n", "BIÊN BẢN BÀN GIAO\n"))

    assert (found.kind, value(found, "subject")) == ("minutes", "BÀN GIAO Họp xét duyệt hồ sơ hưởng trợ cấp xã hội")
    assert "kind_doubtful" not in {problem.code for problem in found.problems}


def test_minutes_without_a_number_that_name_their_matter_are_shown() -> None:
    found = read_changed("minutes", ("    BIÊN BẢN\n", "BIÊN BẢN BÀN GIAO\n"), ("Số: 06/BB-HĐXD", ""))

    assert ("kind_doubtful", "") in codes_of(found)


def test_a_title_that_names_the_issuer_is_one() -> None:
    title = "QUYẾT ĐỊNH CỦA ỦY BAN NHÂN DÂN TỈNH"
    found = read_changed("decision", ("              QUYÉT ĐỊNH\n", f" {title}\n"))

    assert (value(found, "subject") or "").startswith("Về việc phê duyệt danh mục")


def test_the_title_of_a_resolution_without_articles_is_sure_where_its_sign_says_the_same() -> None:
    text = page_text("resolution").replace("Điều 1", "1").replace("Căn cứ", "Theo")

    found = extract(typed_paper(text), delivered_kinds(), options=delivered_options())

    assert found.kind == "resolution"
    assert "kind_doubtful" not in {problem.code for problem in found.problems}


@pytest.mark.parametrize("title", ["PHIẾU CHUYỂN", "ĐỀ ÁN SẮP XẾP"])
def test_a_paper_with_a_title_that_is_not_known_is_no_letter_for_sure(title: str) -> None:
    to = "                       Kính gửi:"
    found = read_changed("official_letter", (to, f"{title:^88}\n\n{to}"))

    assert ("kind_doubtful", "") in codes_of(found)


def test_a_letter_is_about_nothing_that_stands_far_below_its_number() -> None:
    end = "           bản sao điện tử\n"
    found = read_changed("official_letter", (end, f"{end}\n\n\n        XÃ TÂN LẬP\n"))

    assert value(found, "subject") == "V/v số hóa sổ hộ tịch và hướng dẫn chứng thực bản sao điện tử"


def test_the_day_of_a_law_is_not_that_of_a_paper_whose_title_was_lost() -> None:
    text = page_text("decision").replace("QUYÉT ĐỊNH\n", "\n").replace("Bình Phước, ngày 05 tháng 8 năm 2022", "")

    found = extract(typed_paper(text), delivered_kinds(), options=delivered_options())

    assert value(found, "issue_date") is None


def test_a_certification_stamp_ends_above_the_head_of_the_paper() -> None:
    stamp = "                                                  Số chứng thực: 2207 Quyển số: 03 SCT/BS"

    found = extract(typed_paper(stamp + page_text("decision")), delivered_kinds(), options=delivered_options())

    assert value(found, "certification_number") == "2207"
    assert (value(found, "issue_date"), value(found, "number")) == ("2022-08-05", "1523/QĐ-UBND")


def test_a_title_below_a_stamp_on_the_right_is_none_of_its_lines() -> None:
    number = "              Số: 1523/QĐ-UBND            Bình Phước, ngày 05 tháng 8 năm 2022\n\n\n"
    stamp = number.rstrip() + "\n" + " " * 44 + "Số chứng thực: 318 Quyển số: 01 SCT/BS\n\n"

    found = read_changed("decision", (number, stamp), ("QUYÉT ĐỊNH\n", "QUYẾT ĐỊNH\n"))

    assert (value(found, "subject") or "").startswith("Về việc phê duyệt danh mục")
    assert value(found, "certification_number") == "318"


def test_a_subject_with_its_usual_words_may_stand_aside_of_a_title_with_marks() -> None:
    title, subject = "                          QUYÉT ĐỊNH\n", "             Về việc phê duyệt danh mục"
    found = read_changed("decision", (title, f"      .:L{title[9:]}"), (subject, subject.lstrip()))

    assert (value(found, "subject") or "").startswith("Về việc phê duyệt danh mục")


def test_the_subject_of_a_plan_may_begin_with_thuc_hien() -> None:
    text = page_text("plan")
    title = next(line for line in text.split("\n") if line.strip() == "KẾ HOẠCH")
    subject = "Thực hiện nhiệm vụ năm học 2019 - 2020"
    middle = title.index("KẾ") + len("KẾ HOẠCH") / 2
    below = " " * round(middle - len(subject) / 2) + subject

    found = extract(
        typed_paper(text.replace(f"{title}\n", f"{title}\n{below}\n")), delivered_kinds(), options=delivered_options()
    )

    assert (value(found, "subject") or "").startswith(subject)


def test_a_letter_has_no_title() -> None:
    found = read_changed("official_letter")

    assert "kind_doubtful" not in {problem.code for problem in found.problems}


def test_a_date_in_figures_stands_behind_its_place() -> None:
    found = read_changed("decision", ("ngày 05 tháng 8 năm 2022", "ngày 05/8/2022"))

    assert (value(found, "issue_place"), value(found, "issue_date")) == ("Bình Phước", "2022-08-05")


def test_the_line_above_says_whose_inspectorate_issued_a_paper() -> None:
    found = read_head("UBND HUYỆN CỜ ĐỎ", "THANH TRA", number="18/QĐ-TTr")

    assert (value(found, "issuer_parent"), value(found, "issuer")) == ("Ủy ban nhân dân huyện Cờ Đỏ", "THANH TRA")
    assert not {code for code, name in codes_of(found) if name == "issuer"}


@pytest.mark.parametrize("city", ["TP. Hồ Chí Minh", "Thành phố Hồ Chí Minh"])
def test_a_city_may_be_called_one_where_a_paper_is_dated(city: str) -> None:
    found = read_changed("decision", ("Bình Phước, ngày", f"{city}, ngày"))

    assert value(found, "issue_place") == city
    assert ("place_doubtful", "issue_place") not in codes_of(found)


def test_the_party_in_a_province_is_no_province() -> None:
    found = read_head("TỈNH ỦY THÁI BÌNH", "", number="08-QĐ/TU")

    assert ("unit_unlisted", "issuer") not in codes_of(found)


def test_an_agency_with_a_word_against_usage_is_shown() -> None:
    found = read_head("BỘ CÔNG AN", "TRƯỜNG MIỄN ĐÔNG", number="8/QĐ-TMĐ")

    assert ("form_unusual", "issuer") in codes_of(found)


@pytest.mark.parametrize("number", ["1523     /QĐ-UBND", "1523 /QĐ-UBND"])
def test_where_the_number_was_filled_in_later_the_date_is_shown_too(number: str) -> None:
    found = read_changed("decision", ("1523/QĐ-UBND     ", number.ljust(17)))

    assert {("number_filled_in", "number"), ("date_filled_in", "issue_date")} <= codes_of(found)


def test_a_letter_of_a_tax_office_is_no_directive_though_its_sign_is_that_of_one() -> None:
    found = read_changed("official_letter", ("05/STP-HCTP", "05/CT-TTHT "), ("SỞ TƯ PHÁP", "CỤC THUẾ  "))

    assert found.kind == "official_letter"
    assert "kind_doubtful" not in {problem.code for problem in found.problems}


def test_a_letter_whose_addressee_was_lost_is_one_all_the_same_and_doubtful() -> None:
    text = (
        page_text("official_letter")
        .replace("05/STP-HCTP", "05/CT-TTHT")
        .replace("Kính gửi:", "gửi:")
        .replace("Nơi nhận", "")
    )

    found = extract(typed_paper(text), delivered_kinds(), options=delivered_options())

    assert found.kind == "official_letter"
    assert ("kind_doubtful", "") in codes_of(found)


def test_what_a_letter_is_about_is_read_behind_half_of_its_usual_sign_and_shown() -> None:
    found = read_changed("official_letter", ("V/v số", "  V số"))

    assert value(found, "subject") == "V số hóa sổ hộ tịch và hướng dẫn chứng thực bản sao điện tử"
    assert found.fields["subject"].doubtful


def test_a_broken_sign_before_what_a_letter_is_about_is_put_right_and_shown() -> None:
    found = read_changed("official_letter", ("V/v số", "V/% số"))

    assert value(found, "subject") == "V/v số hóa sổ hộ tịch và hướng dẫn chứng thực bản sao điện tử"
    assert ("spelling_repaired", "subject") in codes_of(found)


def test_a_letterhead_stands_below_a_motto_in_the_middle_too() -> None:
    motto = ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM".center(100), "Độc lập - Tự do - Hạnh phúc".center(100)]
    head = ["        SỞ THỦY LỢI QUẢNG NINH", "        CÔNG TY THỦY NÔNG", "        Số: 34/BC-CTTN"]
    body = page_text("report").split("\n")[3:]
    found = extract(typed_paper("\n".join([*motto, *head, *body])), delivered_kinds(), options=delivered_options())

    assert value(found, "issuer_parent") == "SỞ THỦY LỢI QUẢNG NINH"
    assert value(found, "issuer") == "CÔNG TY THỦY NÔNG"


def test_where_no_issuer_was_read_the_body_above_it_may_be_lost_too() -> None:
    found = read_changed("decision", (COMMITTEE.strip(), ""), (PROVINCE.strip(), ""))

    assert {("field_missing", "issuer"), ("field_not_found", "issuer_parent")} <= codes_of(found)


def test_a_letterhead_that_begins_below_the_motto_may_have_lost_a_line() -> None:
    found = read_changed(
        "decision", (COMMITTEE.strip(), " " * len(COMMITTEE.strip())), ("TỈNH BÌNH PHƯỚC", "SỞ NỘI VỤ")
    )

    assert value(found, "issuer") == "SỞ NỘI VỤ"
    assert ("field_not_found", "issuer_parent") in codes_of(found)


def test_beside_an_issuer_of_no_list_the_body_above_it_is_asked_for() -> None:
    found = read_head("BỘCÔNGAN", "CÔNG AN TỈNH ĐẮK LẮK", number="12/QĐ-CAT")

    assert ("agency_unlisted", "issuer") in codes_of(found)
    assert ("field_not_found", "issuer_parent") in codes_of(found)


def test_beside_an_issuer_for_which_the_sign_does_not_stand_the_body_above_it_is_asked_for() -> None:
    found = read_head("BƯU CHÍNH VIỆT NAM", "TỈNH LÀO CAI", number="12/QĐ-KTĐT")

    assert {("issuer_sign_unusual", "issuer"), ("field_not_found", "issuer_parent")} <= codes_of(found)


def test_a_mark_before_the_body_above_lends_the_sign_no_letter() -> None:
    found = read_head("i: BỘ QUỐC PHÒNG", "BỘ TƯ LỆNH THÔNG TIN", number="12/QĐ-BTI")

    assert ("issuer_sign_unusual", "number") in codes_of(found)


def test_a_faint_letter_beside_the_letterhead_hides_no_line_of_it() -> None:
    text = page_text("decision").replace(COMMITTEE, "f  " + COMMITTEE[3:])
    (page,) = typed_paper(text)
    words = tuple(replace(word, confidence=0.1) if word.text == "f" else word for word in page.words)

    found = extract([replace(page, words=words)], delivered_kinds(), options=delivered_options())

    assert value(found, "issuer") == "Ủy ban nhân dân tỉnh Bình Phước"


def test_an_event_is_no_body_and_a_divider_no_line_of_a_subject() -> None:
    text = page_text("report").split("\n")
    title = next(i for i, one in enumerate(text) if one.strip() == "BÁO CÁO")
    middle = text[title].index("BÁO") + len("BÁO CÁO") // 2
    lines = ("HỘI THI GIẢNG VIÊN GIỎI CẤP TRƯỜNG", "--oOo--")
    text[title + 1 : title + 3] = [" " * (middle - len(one) // 2) + one for one in lines]

    found = extract(typed_paper("\n".join(text)), delivered_kinds(), options=delivered_options())

    assert value(found, "subject") == "HỘI THI GIẢNG VIÊN GIỎI CẤP TRƯỜNG"


@pytest.mark.parametrize(
    "line", ["Để thuận lợi cho nhân dân, Sở thông báo như sau:", "Thời gian qua, tình hình diễn biến phức tạp."]
)
def test_the_first_line_of_the_body_is_no_part_of_a_subject_though_it_stands_in_the_middle(line: str) -> None:
    subject = "QUY CHẾ LÀM VIỆC CỦA SỞ TƯ PHÁP"
    text = page_text("report").split("\n")
    title = next(i for i, one in enumerate(text) if one.strip() == "BÁO CÁO")
    middle = text[title].index("BÁO") + len("BÁO CÁO") // 2
    text[title + 1 : title + 3] = [" " * (middle - len(one) // 2) + one for one in (subject, line)]

    found = extract(typed_paper("\n".join(text)), delivered_kinds(), options=delivered_options())

    assert value(found, "subject") == subject
    assert ("part_lost", "subject") not in codes_of(found)


def test_a_court_numbers_its_cases_by_their_sort() -> None:
    found = read_head("TÒA ÁN NHÂN DÂN", "QUẬN NINH KIỀU", number="145/2019/QĐST-DS")

    assert value(found, "number") == "145/2019/QĐST-DS"
    assert not {code for code, name in codes_of(found) if name == "number"}

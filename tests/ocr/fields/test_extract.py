import tomllib
from dataclasses import replace
from importlib.resources import files

import pytest
from kind_reader import codes_of, delivered_kinds, delivered_options, page_text, read_changed
from typed_papers import kinds_folder, typed_paper

from domain.errors import InputError
from domain.models import PageText, TextOrigin
from ocr.fields.extract import check_value, extract


def test_every_problem_has_words() -> None:
    words = tomllib.loads((files("configs") / "messages" / "problems.toml").read_text("utf-8"))
    source = "".join(path.read_text("utf-8") for path in (kinds_folder().parents[2] / "ocr").rglob("*.py"))

    for code in ("kind_unknown", "kind_doubtful", "field_missing", "field_not_found", "field_blank", "no_text"):
        assert {"vi", "en"} <= words[code].keys()
    for code in words.keys() - {"kind_unknown", "kind_doubtful", "field_missing", "field_not_found", "field_blank"}:
        assert code in source or code in ("no_text", "form_unusual", "from_machine_lines", "readings_disagree")


def test_a_page_without_text_is_a_blocking_problem() -> None:
    blank = PageText(number=1, width=10, height=10, dpi=300, origin=TextOrigin.NONE, words=(), text="")

    found = extract((blank,), delivered_kinds(), options=delivered_options())

    assert found.kind == "unknown"
    assert [(p.code, p.blocking) for p in found.problems] == [("no_text", True)]


def test_a_paper_that_cannot_be_told_is_a_blocking_problem() -> None:
    found = extract(typed_paper("Xin chào\nđây là một trang giấy"), delivered_kinds(), options=delivered_options())

    assert found.kind == "unknown"
    assert [(p.code, p.blocking) for p in found.problems] == [("kind_unknown", True)]


@pytest.mark.parametrize("title", ["GIẤY CHỨNG SINH", "GIẤY BÁO TỬ", "TỜ KHAI ĐĂNG KÝ KHAI SINH"])
def test_papers_that_look_alike_are_not_taken_for_one_another(title: str) -> None:
    name = "death_extract" if "TỬ" in title else "birth_certificate"
    old = "TRÍCH LỤC KHAI TỬ" if "TỬ" in title else "GIẤY KHAI SINH"

    assert read_changed(name, (f" {old}\n", f" {title}\n")).kind == "unknown"


def test_words_that_are_only_mentioned_do_not_make_the_kind() -> None:
    found = read_changed("decision", ("- Bộ Tư pháp;", "- GIẤY KHAI SINH, TRÍCH LỤC KHAI TỬ của công dân;"))

    assert found.kind == "decision"


@pytest.mark.parametrize("title", ["QUYÉT ĐỊNH", "QUYÊT ĐỊNH", "QUYET DINH", "Q U Y Ế T ĐỊNH"])
def test_a_misread_title_is_still_told(title: str) -> None:
    assert read_changed("decision", ("QUYÉT ĐỊNH", title)).kind == "decision"


def test_a_speck_before_a_title_is_no_label() -> None:
    permit = read_changed("construction_permit", ("GIẤY PHÉP XÂY DỰNG\n", "-i:GHẤY PHÉP XÂY DỰNG\n"))

    assert permit.kind == "construction_permit"


def test_a_title_that_was_not_read_leaves_the_kind_to_a_person() -> None:
    found = read_changed("birth_certificate", (" GIẤY KHAI SINH\n", " \n"))

    assert found.kind == "birth_certificate"
    assert ("kind_doubtful", "") in codes_of(found)
    assert found.fields["holder_name"].value == "LÊ NGỌC MINH ANH"


def test_a_required_field_that_is_missing_blocks_and_is_not_guessed() -> None:
    found = read_changed("birth_certificate", ("Họ, chữ đệm, tên: LÊ NGỌC MINH ANH", ""))

    assert found.fields["holder_name"].value is None
    assert [p.blocking for p in found.problems if p.field_name == "holder_name"] == [True]


def test_the_stamp_of_a_certification_gives_neither_number_nor_date() -> None:
    found = read_changed("birth_certificate")

    assert found.fields["number"].value == "45/2019"
    assert found.fields["certification_number"].value == "2817"
    assert all("2023" not in (one.value or "") for one in found.fields.values())


def test_a_certification_number_that_is_none_is_shown() -> None:
    found = read_changed("birth_certificate", ("2817", "37g"))

    assert found.fields["certification_number"].needs_review
    assert ("form_unusual", "certification_number") in codes_of(found)


def test_the_block_of_an_electronic_signature_is_not_the_paper() -> None:
    block = "Người ký: CỔNG THÔNG TIN ĐIỆN TỬ\nCơ quan: VĂN PHÒNG\nThời gian ký: 28.04.2026 15:49:15 +07:00\n"

    found = read_changed("decision", ("\n\n\n", f"\n{block}"))

    assert found.fields["issue_date"].value == "2022-08-05"
    assert found.fields["issuer"].value == "Ủy ban nhân dân tỉnh Bình Phước"


def test_a_blank_number_and_day_are_said_and_shown() -> None:
    found = read_changed("decision", ("Số: 1523/QĐ-UBND", "Số:     /QĐ-UBND"), ("ngày 05 tháng 8", "ngày    tháng 8"))

    assert {("number_blank", "number"), ("date_day_blank", "issue_date")} <= codes_of(found)
    assert found.fields["number"].value is None
    assert found.fields["number"].doubtful
    assert found.fields["number"].box is not None
    assert found.fields["issue_date"].value == "2022-08"
    assert found.fields["issue_date"].doubtful


def test_a_handwritten_number_is_left_open_with_its_place() -> None:
    found = read_changed("decision", ("Số: 1523/QĐ-UBND", "Só: ÝZ  /QĐ-UBND"))

    number = found.fields["number"]
    assert (number.value, number.doubtful) == (None, True)
    assert number.box is not None
    assert number.box.x0 < 0.3


def test_a_date_that_cannot_be_read_is_shown_with_its_place() -> None:
    found = read_changed("decision", ("Bình Phước, ngày 05 tháng 8 năm 2022", "Bình Phước, IhÔlitð0 ĐẾN Í"))

    day = found.fields["issue_date"]
    assert (day.value, day.doubtful) == (None, True)
    assert day.box is not None
    assert day.box.x0 > 0.4
    assert ("field_missing", "issue_date") in codes_of(found)


@pytest.mark.parametrize("place", ["Sóc Trăng", "Sông Mã", "Bình Sơn"])
def test_a_place_that_begins_like_the_label_of_the_number_is_whole(place: str) -> None:
    found = read_changed("decision", ("Bình Phước, ngày 05 tháng 8 năm 2022", f"{place}, ngày 05 tháng 8 năm 2022"))

    assert found.fields["issue_place"].value == place


def test_a_name_whose_beginning_was_lost_is_shown() -> None:
    found = read_changed("decision", ("Trần Văn Mạnh", "    Nhật Tân "))

    assert ("name_unusual", "signer_name") in codes_of(found)


def test_half_a_number_is_left_open() -> None:
    found = read_changed("decision", ("Số: 1523/QĐ-UBND", "Số: 2              "))

    assert (found.fields["number"].value, found.fields["number"].doubtful) == (None, True)


@pytest.mark.parametrize(
    ("name", "change", "problem"),
    [
        ("birth_certificate", ("12/05/2019", "12/06/2019"), ("words_disagree", "birth_date")),
        ("birth_certificate", ("0703 1900 0123", "0701 1900 0123"), ("identity_year", "holder_id")),
        ("birth_certificate", ("0703 1900 0123", "0702 1900 0123"), ("identity_sex", "holder_id")),
        ("birth_certificate", ("0703 1900 0123", "0003 1900 0123"), ("identity_province", "holder_id")),
        ("birth_certificate", ("0703 1900 0123", "0703 1900 012"), ("identity_length", "holder_id")),
        ("birth_certificate", ("20/05/2019", "20/05/2018"), ("dates_out_of_order", "birth_date")),
        ("birth_certificate", ("TRẦN THỊ HỒNG", "TRẦN THỊ HÔNG"), ("name_unusual", "mother_name")),
        ("birth_certificate", ("TRẦN THỊ HỒNG", "TRẤN THỊ HỒNG"), ("spelling_repaired", "mother_name")),
        ("birth_certificate", ("cha: LÊ VĂN KHOA", "cha: LÊ VÂN KHOA"), ("spelling_repaired", "father_name")),
        ("decision", ("1523/QĐ-UBND", "1523/TB-UBND"), ("number_sign_unusual", "number")),
        ("decision", ("2022\n", "2025\n"), ("unit_out_of_time", "issuer")),
        ("decision", ("TỈNH BÌNH PHƯỚC", "TỈNH BÌNH PHƯỢNG"), ("unit_unlisted", "issuer")),
        ("decision", ("05 tháng 8", "35 tháng 8"), ("date_impossible", "issue_date")),
        ("decision", ("\n\n", "\n  MẬT\n\n"), ("secret_mark", "")),
        ("household_business", ("PHÒNG TÀI CHÍNH", "PHÒNG TÀ CHÍNH "), ("agency_unlisted", "issuer")),
        ("land_use_certificate", ("hai trăm năm mươi phẩy năm", "hai trăm năm mươi"), ("words_disagree", "area")),
        ("land_use_certificate", ("CH 00123", "BK 123456"), ("numbers_swapped", "number")),
        ("construction_permit", ("8,4 m", "84 m"), ("storeys_unusual", "height")),
        ("land_use_certificate", ("năm 2013", "năm 2005"), ("era_unusual", "issue_date")),
        ("household_business", ("Một trăm triệu", "Hai trăm triệu"), ("words_disagree", "capital")),
        ("household_business", ("44A8001234", "0100109107"), ("tax_code_digit", "number")),
        ("identity_card", ("0123<<1", "0124<<1"), ("mrz_digit", "number")),
        ("identity_card", ("birth: 01/01/1990", "birth: 01/02/1990"), ("mrz_disagrees", "birth_date")),
        ("death_extract", ("tháng ba năm", "tháng tư năm"), ("words_disagree", "death_date")),
    ],
)
def test_what_cannot_be_true_is_marked_and_not_repaired(
    name: str,
    change: tuple[str, str],
    problem: tuple[str, str],
) -> None:
    if name == "decision" and problem[0] == "unit_out_of_time":
        change = ("8 năm 2022", "8 năm 2025")

    found = read_changed(name, change)

    assert problem in codes_of(found)
    assert not problem[1] or found.fields[problem[1]].doubtful


def test_the_code_of_a_card_is_compared_with_what_is_printed() -> None:
    code = "070190000123||Trần Thị Mai|01011990|Nữ|Ấp 2, Tân Lập, Đồng Phú, Bình Phước|11052021"

    found = read_changed("identity_card", codes=(code,))

    assert ("card_code_disagrees", "issue_date") in codes_of(found)
    assert ("card_code_disagrees", "holder_name") not in codes_of(found)


def test_the_code_of_a_card_says_nothing_of_another_paper() -> None:
    name = read_changed("birth_certificate").fields["holder_name"].value
    code = f"070190000123||{name}|01011990|Nam|Ấp 2, Tân Lập, Đồng Phú, Bình Phước|11052021"

    assert read_changed("birth_certificate", codes=(code,)) == read_changed("birth_certificate")


def test_a_heading_below_an_address_is_no_part_of_it() -> None:
    printed = "Chỗ ở hiện tại: ............................................................."
    address = "Chỗ ở hiện tại: số nhà 15, tổ 9, ấp 1B, phường Thạch Bàn, quận Long Biên, thành phố Hà Nội"

    found = read_changed("household_business", (f"{printed}\n\n", f"{address}\n     TRƯỞNG PHÒNG\n"))

    assert found.fields["contact_address"].value == address.removeprefix("Chỗ ở hiện tại: ")


def test_a_card_number_that_was_not_read_comes_from_the_machine_lines_and_is_shown() -> None:
    found = read_changed("identity_card", ("Số / No.: 0701 9000 0123", ""))

    assert found.fields["number"].value == "070190000123"
    assert found.fields["number"].doubtful
    assert ("from_machine_lines", "number") in codes_of(found)


def test_changes_after_issue_put_the_holder_in_doubt() -> None:
    change = "     IV. Những thay đổi sau khi cấp giấy chứng nhận\n     Chuyển nhượng cho bà Lê Thị Lan\n"

    found = read_changed("land_use_certificate", ("     Số vào sổ cấp GCN", f"{change}\n\n     Số vào sổ cấp GCN"))

    assert ("later_changes", "holder_name") in codes_of(found)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("birth_date", "12/5/2019", "2019-05-12"),
        ("birth_date", "2019-05-12", "2019-05-12"),
        ("holder_id", "0703 1900 0123", "070319000123"),
        ("sex", "nữ", "Nữ"),
        ("home_town", "", ""),
        ("holder_name", "Lê  Ngọc Minh Anh", "Lê Ngọc Minh Anh"),
        ("ethnicity", "Xuêng", "Xuêng"),
        ("certification_number", "318", "318"),
        ("certification_number", "0318 SCT/BS", "0318 SCT/BS"),
        ("certification_number", "", ""),
    ],
)
def test_what_a_person_types_is_normalized(name: str, text: str, value: str) -> None:
    assert check_value(delivered_kinds(), "birth_certificate", name, text) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("birth_date", "hôm qua"),
        ("birth_date", "31/02/2019"),
        ("holder_id", "123"),
        ("sex", "?"),
        ("holder_name", " "),
        ("certification_number", "37g"),
    ],
)
def test_what_a_person_types_wrongly_is_refused_with_an_example(name: str, text: str) -> None:
    with pytest.raises(InputError, match="hãy nhập"):
        check_value(delivered_kinds(), "birth_certificate", name, text)


def test_a_field_that_the_kind_has_not_is_refused() -> None:
    with pytest.raises(InputError, match="không có trường"):
        check_value(delivered_kinds(), "decision", "mother_name", "x")


def test_a_person_can_say_what_kind_it_is() -> None:
    text = page_text("notice").replace("THÔNG BÁO", "")
    said = replace(delivered_options(), kind="notice")

    found = extract(typed_paper(text), delivered_kinds(), options=said)

    assert (found.kind, found.kind_confidence) == ("notice", 1.0)
    assert found.fields["number"].value == "45/TB-STNMT"


DIPLOMA = "\n".join(
    (
        "              CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "                 Độc lập - Tự do - Hạnh phúc",
        "              GIÁM ĐỐC SỞ GIÁO DỤC VÀ ĐÀO TẠO",
        "",
        "           BẰNG TỐT NGHIỆP TRUNG HỌC PHỔ THÔNG",
        "",
        "     Cho ông: Trần Văn Nam",
        "     Ngày sinh: 02/03/1990",
        "     Học sinh trường: THPT Tân Lập",
        "     {year}",
        "     Số hiệu: B 0123456",
        "     Số vào sổ gốc cấp bằng: 12/THPT/2008",
    )
)


@pytest.mark.parametrize(("year", "asked"), [("Năm tốt nghiệp: 2008", False), ("", True)])
def test_a_field_that_stands_with_another_is_looked_for_where_that_one_is(year: str, asked: bool) -> None:
    found = extract(typed_paper(DIPLOMA.format(year=year)), delivered_kinds(), options=delivered_options())

    assert found.kind == "diploma"
    assert (("field_not_found", "graduation_year") in codes_of(found)) is asked


def test_a_number_before_a_printed_sign_is_read_and_shown() -> None:
    found = read_changed("decision", ("Số: 1523/QĐ-UBND", "Số: 453    /QĐ-UBND"))

    assert found.fields["number"].value == "453/QĐ-UBND"
    assert ("number_filled_in", "number") in codes_of(found)


def test_the_sign_of_a_committee_is_given_as_it_is_spelled_and_shown() -> None:
    found = read_changed("decision", ("Số: 1523/QĐ-UBND", "Số: 1523/QĐ-UBNĐ"))

    assert found.fields["number"].value == "1523/QĐ-UBND"
    assert ("spelling_repaired", "number") in codes_of(found)


@pytest.mark.parametrize("number", ["1523QĐ-UBND", "1523/QĐ--UBND"])
def test_a_number_whose_signs_were_misread_is_put_right(number: str) -> None:
    assert read_changed("decision", ("1523/QĐ-UBND", number)).fields["number"].value == "1523/QĐ-UBND"


def test_a_letter_without_its_list_of_recipients_is_told_by_what_it_is_about() -> None:
    found = read_changed("official_letter", ("Nơi nhận:", "nhậm:"))

    assert found.kind == "official_letter"
    assert found.fields["number"].value == "05/STP-HCTP"


def test_a_paper_whose_title_was_lost_is_told_by_the_sign_in_its_number_and_shown() -> None:
    found = read_changed("decision", ("QUYÉT ĐỊNH\n", "\n"), ("QUYẾT ĐỊNH:", ""))

    assert found.kind == "decision"
    assert ("kind_doubtful", "") in codes_of(found)


def test_a_subject_that_goes_on_out_of_its_middle_is_shown() -> None:
    line = "thuộc thẩm quyền giải quyết của Sở Tư pháp\n"

    found = read_changed("decision", (f"                  {line}", f"        {line}"))

    assert ("part_lost", "subject") in codes_of(found)


def test_a_sign_at_the_end_of_a_number_tells_the_kind_too() -> None:
    assert read_changed("construction_permit", ("GIẤY PHÉP XÂY DỰNG\n", "\n")).kind == "construction_permit"


@pytest.mark.parametrize(("day", "shown"), [("ngày 30 tháng 6 năm 2025", False), ("ngày 02 tháng 7 năm 2025", True)])
def test_an_agency_that_was_not_there_on_the_day_is_shown(day: str, shown: bool) -> None:
    district = ("               TỈNH BÌNH PHƯỚC  ", "               HUYỆN ĐỒNG PHÚ   ")

    found = read_changed("decision", ("ngày 05 tháng 8 năm 2022", day), district)

    assert (("agency_out_of_time", "issuer") in codes_of(found)) == shown


@pytest.mark.parametrize(("confidence", "shown"), [(0.97, False), (0.93, True)])
def test_a_blank_that_is_in_order_is_shown_on_a_page_that_was_read_badly(confidence: float, shown: bool) -> None:
    text = page_text("birth_certificate")
    home = next(line for line in text.split("\n") if "Quê quán:" in line)

    paper = typed_paper(text.replace(home, home[: home.index(":") + 1]), confidence=confidence)
    found = extract(paper, delivered_kinds(), options=delivered_options())

    assert (("field_blank", "home_town") in codes_of(found)) == shown
    assert found.fields["home_town"].doubtful == shown

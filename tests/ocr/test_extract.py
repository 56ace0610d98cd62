import tomllib
from dataclasses import replace
from importlib.resources import files

import pytest
from typed_papers import kinds_folder, typed_paper

from domain.errors import InputError
from domain.models import Extraction, PageText, TextOrigin
from ocr.confidence import load_calibration
from ocr.extract import ExtractOptions, check_value, extract
from ocr.kinds import KindLibrary, load_kinds
from ocr.units import load_units


@pytest.fixture(scope="module")
def kinds() -> KindLibrary:
    return load_kinds(files("configs") / "kinds")


@pytest.fixture(scope="module")
def options() -> ExtractOptions:
    configs = files("configs")
    return ExtractOptions(
        calibration=load_calibration(configs / "calibration.toml"), units=load_units(configs / "units")
    )


class Reader:
    """Reads the test papers with words changed."""

    def __init__(self, kinds: KindLibrary, options: ExtractOptions) -> None:
        self.kinds, self.options = kinds, options

    def __call__(self, name: str, *changes: tuple[str, str], codes: tuple[str, ...] = ()) -> Extraction:
        text = (kinds_folder() / name / "page.txt").read_text("utf-8")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        return extract(typed_paper(text), self.kinds, options=self.options, codes=codes)


@pytest.fixture(scope="module")
def read(kinds: KindLibrary, options: ExtractOptions) -> Reader:
    return Reader(kinds, options)


def codes(found: Extraction) -> set[tuple[str, str]]:
    return {(problem.code, problem.field_name) for problem in found.problems}


def test_every_problem_has_words() -> None:
    words = tomllib.loads((files("configs") / "messages" / "problems.toml").read_text("utf-8"))
    source = "".join(
        path.read_text("utf-8")
        for folder in ("ocr", "ocr/checks", "ocr/parsers")
        for path in (kinds_folder().parents[2] / folder).glob("*.py")
    )

    for code in ("kind_unknown", "kind_doubtful", "field_missing", "field_not_found", "field_blank", "no_text"):
        assert {"vi", "en"} <= words[code].keys()
    for code in words.keys() - {"kind_unknown", "kind_doubtful", "field_missing", "field_not_found", "field_blank"}:
        assert code in source or code in ("no_text", "form_unusual", "from_machine_lines", "readings_disagree")


def test_a_page_without_text_is_a_blocking_problem(kinds: KindLibrary, options: ExtractOptions) -> None:
    blank = PageText(number=1, width=10, height=10, dpi=300, origin=TextOrigin.NONE, words=(), text="")

    found = extract((blank,), kinds, options=options)

    assert found.kind == "unknown"
    assert [(p.code, p.blocking) for p in found.problems] == [("no_text", True)]


def test_a_paper_that_cannot_be_told_is_a_blocking_problem(kinds: KindLibrary, options: ExtractOptions) -> None:
    found = extract(typed_paper("Xin chào\nđây là một trang giấy"), kinds, options=options)

    assert found.kind == "unknown"
    assert [(p.code, p.blocking) for p in found.problems] == [("kind_unknown", True)]


@pytest.mark.parametrize("title", ["GIẤY CHỨNG SINH", "GIẤY BÁO TỬ", "TỜ KHAI ĐĂNG KÝ KHAI SINH"])
def test_papers_that_look_alike_are_not_taken_for_one_another(title: str, read: Reader) -> None:
    name = "death_extract" if "TỬ" in title else "birth_certificate"
    old = "TRÍCH LỤC KHAI TỬ" if "TỬ" in title else "GIẤY KHAI SINH"

    assert read(name, (f" {old}\n", f" {title}\n")).kind == "unknown"


def test_words_that_are_only_mentioned_do_not_make_the_kind(read: Reader) -> None:
    found = read("decision", ("- Bộ Tư pháp;", "- GIẤY KHAI SINH, TRÍCH LỤC KHAI TỬ của công dân;"))

    assert found.kind == "decision"


@pytest.mark.parametrize("title", ["QUYÉT ĐỊNH", "QUYÊT ĐỊNH", "QUYET DINH", "Q U Y Ế T ĐỊNH"])
def test_a_misread_title_is_still_told(title: str, read: Reader) -> None:
    assert read("decision", ("QUYÉT ĐỊNH", title)).kind == "decision"


def test_a_title_that_was_not_read_leaves_the_kind_to_a_person(read: Reader) -> None:
    found = read("birth_certificate", (" GIẤY KHAI SINH\n", " \n"))

    assert found.kind == "birth_certificate"
    assert ("kind_doubtful", "") in codes(found)
    assert found.fields["holder_name"].value == "LÊ NGỌC MINH ANH"


def test_a_required_field_that_is_missing_blocks_and_is_not_guessed(read: Reader) -> None:
    found = read("birth_certificate", ("Họ, chữ đệm, tên: LÊ NGỌC MINH ANH", ""))

    assert found.fields["holder_name"].value is None
    assert [p.blocking for p in found.problems if p.field_name == "holder_name"] == [True]


def test_the_stamp_of_a_certification_gives_neither_number_nor_date(read: Reader) -> None:
    found = read("birth_certificate")

    assert found.fields["number"].value == "45/2019"
    assert found.fields["certification_number"].value == "2817"
    assert all("2023" not in (one.value or "") for one in found.fields.values())


def test_the_block_of_an_electronic_signature_is_not_the_paper(read: Reader) -> None:
    block = "Người ký: CỔNG THÔNG TIN ĐIỆN TỬ\nCơ quan: VĂN PHÒNG\nThời gian ký: 28.04.2026 15:49:15 +07:00\n"

    found = read("decision", ("\n\n\n", f"\n{block}"))

    assert found.fields["issue_date"].value == "2022-08-05"
    assert found.fields["issuer"].value == "Ủy ban nhân dân tỉnh Bình Phước"


def test_a_blank_number_and_day_are_said_and_shown(read: Reader) -> None:
    found = read("decision", ("Số: 1523/QĐ-UBND", "Số:     /QĐ-UBND"), ("ngày 05 tháng 8", "ngày    tháng 8"))

    assert {("number_blank", "number"), ("date_day_blank", "issue_date")} <= codes(found)
    assert found.fields["number"].value is None
    assert found.fields["number"].doubtful
    assert found.fields["number"].box is not None
    assert found.fields["issue_date"].value == "2022-08"
    assert found.fields["issue_date"].doubtful


def test_a_handwritten_number_is_left_open_with_its_place(read: Reader) -> None:
    found = read("decision", ("Số: 1523/QĐ-UBND", "Só: ÝZ  /QĐ-UBND"))

    number = found.fields["number"]
    assert (number.value, number.doubtful) == (None, True)
    assert number.box is not None
    assert number.box.x0 < 0.3


def test_a_date_that_cannot_be_read_is_shown_with_its_place(read: Reader) -> None:
    found = read("decision", ("Bình Phước, ngày 05 tháng 8 năm 2022", "Bình Phước, IhÔlitð0 ĐẾN Í"))

    day = found.fields["issue_date"]
    assert (day.value, day.doubtful) == (None, True)
    assert day.box is not None
    assert day.box.x0 > 0.4
    assert ("field_missing", "issue_date") in codes(found)


@pytest.mark.parametrize("place", ["Sóc Trăng", "Sông Mã", "Bình Sơn"])
def test_a_place_that_begins_like_the_label_of_the_number_is_whole(place: str, read: Reader) -> None:
    found = read("decision", ("Bình Phước, ngày 05 tháng 8 năm 2022", f"{place}, ngày 05 tháng 8 năm 2022"))

    assert found.fields["issue_place"].value == place


def test_a_name_whose_beginning_was_lost_is_shown(read: Reader) -> None:
    found = read("decision", ("Trần Văn Mạnh", "    Nhật Tân "))

    assert ("name_unusual", "signer_name") in codes(found)


def test_half_a_number_is_left_open(read: Reader) -> None:
    found = read("decision", ("Số: 1523/QĐ-UBND", "Số: 2              "))

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
        ("birth_certificate", ("cha: LÊ VĂN KHOA", "cha: LÊ VÂN KHOA"), ("spelled_two_ways", "father_name")),
        ("decision", ("1523/QĐ-UBND", "1523/TB-UBND"), ("number_sign_unusual", "number")),
        ("decision", ("2022\n", "2025\n"), ("unit_out_of_time", "issuer")),
        ("decision", ("TỈNH BÌNH PHƯỚC", "TỈNH BÌNH PHƯỢNG"), ("unit_unlisted", "issuer")),
        ("decision", ("05 tháng 8", "35 tháng 8"), ("date_impossible", "issue_date")),
        ("decision", ("\n\n", "\n  MẬT\n\n"), ("secret_mark", "")),
        ("household_business", ("PHÒNG TÀI CHÍNH", "PHÒNG TÀ CHÍNH "), ("agency_unlisted", "issuer")),
        ("land_use_certificate", ("hai trăm năm mươi phẩy năm", "hai trăm năm mươi"), ("words_disagree", "area")),
        ("land_use_certificate", ("CH 00123", "BK 123456"), ("numbers_swapped", "number")),
        ("land_use_certificate", ("năm 2013", "năm 2005"), ("era_unusual", "issue_date")),
        ("household_business", ("Một trăm triệu", "Hai trăm triệu"), ("words_disagree", "capital")),
        ("household_business", ("44A8001234", "0100109107"), ("tax_code_digit", "number")),
        ("identity_card", ("0123<<1", "0124<<1"), ("mrz_digit", "number")),
        ("identity_card", ("birth: 01/01/1990", "birth: 01/02/1990"), ("mrz_disagrees", "birth_date")),
        ("death_extract", ("tháng ba năm", "tháng tư năm"), ("words_disagree", "death_date")),
    ],
)
def test_what_cannot_be_true_is_marked_and_not_repaired(
    name: str, change: tuple[str, str], problem: tuple[str, str], read: Reader
) -> None:
    if name == "decision" and problem[0] == "unit_out_of_time":
        change = ("8 năm 2022", "8 năm 2025")

    found = read(name, change)

    assert problem in codes(found)
    assert not problem[1] or found.fields[problem[1]].doubtful


def test_the_code_of_a_card_is_compared_with_what_is_printed(read: Reader) -> None:
    code = "070190000123||Trần Thị Mai|01011990|Nữ|Ấp 2, Tân Lập, Đồng Phú, Bình Phước|11052021"

    found = read("identity_card", codes=(code,))

    assert ("card_code_disagrees", "issue_date") in codes(found)
    assert ("card_code_disagrees", "holder_name") not in codes(found)


def test_the_code_of_a_card_says_nothing_of_another_paper(read: Reader) -> None:
    name = read("birth_certificate").fields["holder_name"].value
    code = f"070190000123||{name}|01011990|Nam|Ấp 2, Tân Lập, Đồng Phú, Bình Phước|11052021"

    assert read("birth_certificate", codes=(code,)) == read("birth_certificate")


def test_a_heading_below_an_address_is_no_part_of_it(read: Reader) -> None:
    printed = "Chỗ ở hiện tại: ............................................................."
    address = "Chỗ ở hiện tại: số nhà 15, tổ 9, ấp 1B, phường Thạch Bàn, quận Long Biên, thành phố Hà Nội"

    found = read("household_business", (f"{printed}\n\n", f"{address}\n     TRƯỞNG PHÒNG\n"))

    assert found.fields["contact_address"].value == address.removeprefix("Chỗ ở hiện tại: ")


def test_a_card_number_that_was_not_read_comes_from_the_machine_lines_and_is_shown(read: Reader) -> None:
    found = read("identity_card", ("Số / No.: 0701 9000 0123", ""))

    assert found.fields["number"].value == "070190000123"
    assert found.fields["number"].doubtful
    assert ("from_machine_lines", "number") in codes(found)


def test_changes_after_issue_put_the_holder_in_doubt(read: Reader) -> None:
    change = "     IV. Những thay đổi sau khi cấp giấy chứng nhận\n     Chuyển nhượng cho bà Lê Thị Lan\n"

    found = read("land_use_certificate", ("     Số vào sổ cấp GCN", f"{change}\n\n     Số vào sổ cấp GCN"))

    assert ("later_changes", "holder_name") in codes(found)


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
    ],
)
def test_what_a_person_types_is_normalized(name: str, text: str, value: str, kinds: KindLibrary) -> None:
    assert check_value(kinds, "birth_certificate", name, text) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [("birth_date", "hôm qua"), ("birth_date", "31/02/2019"), ("holder_id", "123"), ("sex", "?"), ("holder_name", " ")],
)
def test_what_a_person_types_wrongly_is_refused_with_an_example(name: str, text: str, kinds: KindLibrary) -> None:
    with pytest.raises(InputError, match="hãy nhập"):
        check_value(kinds, "birth_certificate", name, text)


def test_a_field_that_the_kind_has_not_is_refused(kinds: KindLibrary) -> None:
    with pytest.raises(InputError, match="không có trường"):
        check_value(kinds, "decision", "mother_name", "x")


def test_a_person_can_say_what_kind_it_is(kinds: KindLibrary, options: ExtractOptions) -> None:
    text = (kinds_folder() / "notice" / "page.txt").read_text("utf-8").replace("THÔNG BÁO", "")
    said = ExtractOptions(calibration=options.calibration, units=options.units, kind="notice")

    found = extract(typed_paper(text), kinds, options=said)

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
def test_a_field_that_stands_with_another_is_looked_for_where_that_one_is(
    year: str, asked: bool, kinds: KindLibrary, options: ExtractOptions
) -> None:
    found = extract(typed_paper(DIPLOMA.format(year=year)), kinds, options=options)

    assert found.kind == "diploma"
    assert (("field_not_found", "graduation_year") in codes(found)) is asked


def test_a_title_that_begins_in_mid_phrase_is_shown(read: Reader) -> None:
    found = read("decision", ("KT. CHỦ TỊCH\n", "    TRƯỞNG, CHỦ NHIỆM\n"), ("PHÓ CHỦ TỊCH\n", "       VIÊN\n"))

    assert found.fields["signer_title"].value == "TRƯỞNG CHỦ NHIỆM VIÊN"
    assert ("form_unusual", "signer_title") in codes(found)
    assert found.fields["signer_title"].doubtful


def test_a_title_that_says_a_word_twice_is_left_open(read: Reader) -> None:
    found = read("decision", ("KT. CHỦ TỊCH\n", "    TRƯỞNG, CHỦ NHIỆM\n"), ("PHÓ CHỦ TỊCH\n", "       NHIỆM\n"))

    assert found.fields["signer_title"].value is None
    assert found.fields["signer_title"].doubtful


@pytest.mark.parametrize(("confidence", "shown"), [(0.97, False), (0.93, True)])
def test_a_chairman_without_his_committee_is_shown_on_a_page_that_was_read_badly(
    confidence: float, shown: bool, kinds: KindLibrary, options: ExtractOptions
) -> None:
    text = (kinds_folder() / "decision" / "page.txt").read_text("utf-8").replace("TM. ỦY BAN NHÂN DÂN", "")

    found = extract(typed_paper(text, confidence=confidence), kinds, options=options)

    assert (("part_lost", "signer_title") in codes(found)) == shown


def test_a_name_that_does_not_stand_below_the_title_is_shown(read: Reader) -> None:
    found = read("decision", ("   Trần Văn Mạnh", "           Văn Mạnh"))

    assert ("part_lost", "signer_name") in codes(found)


def test_a_line_of_the_title_that_stands_aside_is_shown(read: Reader) -> None:
    found = read("decision", ("PHÓ CHỦ TỊCH\n", "    PHÓ CHỦ TỊCH\n"))

    assert ("part_lost", "signer_title") in codes(found)


def test_the_deputys_line_that_was_not_read_is_filled_in_and_shown(read: Reader) -> None:
    found = read("decision", ("PHÓ CHỦ TỊCH\n", "\n"))

    assert found.fields["signer_title"].value == "KT. CHỦ TỊCH PHÓ CHỦ TỊCH"
    assert ("title_completed", "signer_title") in codes(found)


def test_one_word_of_the_name_is_shown_with_its_place(read: Reader) -> None:
    found = read("decision", ("   Trần Văn Mạnh", "           Mạnh"))

    name = found.fields["signer_name"]
    assert (name.value, name.doubtful, name.raw) == (None, True, "Mạnh")
    assert name.box is not None


def test_a_name_is_made_whole_from_the_list_of_recipients_and_shown(read: Reader) -> None:
    found = read("decision", ("   Trần Văn Mạnh", "           Mạnh"), ("- Bộ Tư pháp;", "- PCN Trần Văn Mạnh;"))

    assert found.fields["signer_name"].value == "Trần Văn Mạnh"
    assert ("name_completed", "signer_name") in codes(found)


@pytest.mark.parametrize("name", ["H'Hen Niê", "Công Tằng Tôn Nữ Thị Mỹ Linh", "Y Moan Ênuôl"])
def test_unusual_names_of_signers_are_read(name: str, read: Reader) -> None:
    found = read("decision", ("   Trần Văn Mạnh", f"   {name}"))

    assert found.fields["signer_name"].value == name


def test_a_number_before_a_printed_sign_is_read_and_shown(read: Reader) -> None:
    found = read("decision", ("Số: 1523/QĐ-UBND", "Số: 453    /QĐ-UBND"))

    assert found.fields["number"].value == "453/QĐ-UBND"
    assert ("number_filled_in", "number") in codes(found)


def test_the_sign_of_a_committee_is_given_as_it_is_spelled_and_shown(read: Reader) -> None:
    found = read("decision", ("Số: 1523/QĐ-UBND", "Số: 1523/QĐ-UBNĐ"))

    assert found.fields["number"].value == "1523/QĐ-UBND"
    assert ("spelling_repaired", "number") in codes(found)


@pytest.mark.parametrize("number", ["1523QĐ-UBND", "1523/QĐ--UBND"])
def test_a_number_whose_signs_were_misread_is_put_right(number: str, read: Reader) -> None:
    assert read("decision", ("1523/QĐ-UBND", number)).fields["number"].value == "1523/QĐ-UBND"


def test_a_letter_without_its_list_of_recipients_is_told_by_what_it_is_about(read: Reader) -> None:
    found = read("official_letter", ("Nơi nhận:", "nhậm:"))

    assert found.kind == "official_letter"
    assert found.fields["number"].value == "05/STP-HCTP"


def test_a_paper_whose_title_was_lost_is_told_by_the_sign_in_its_number_and_shown(read: Reader) -> None:
    found = read("decision", ("QUYÉT ĐỊNH\n", "\n"), ("QUYẾT ĐỊNH:", ""))

    assert found.kind == "decision"
    assert ("kind_doubtful", "") in codes(found)


def test_a_name_in_capitals_behind_a_label_is_no_title(read: Reader) -> None:
    found = read("birth_certificate", (" GIẤY KHAI SINH\n", " \n"), ("LÊ NGỌC MINH ANH", "ĐỖ CÔNG ĐIỆN"))

    assert found.kind == "birth_certificate"


@pytest.mark.parametrize(("day", "shown"), [("ngày 30 tháng 6 năm 2025", False), ("ngày 02 tháng 7 năm 2025", True)])
def test_an_agency_that_was_not_there_on_the_day_is_shown(day: str, shown: bool, read: Reader) -> None:
    district = ("               TỈNH BÌNH PHƯỚC  ", "               HUYỆN ĐỒNG PHÚ   ")

    found = read("decision", ("ngày 05 tháng 8 năm 2022", day), district)

    assert (("agency_out_of_time", "issuer") in codes(found)) == shown


@pytest.mark.parametrize(("confidence", "shown"), [(0.97, False), (0.93, True)])
def test_a_blank_that_is_in_order_is_shown_on_a_page_that_was_read_badly(
    confidence: float, shown: bool, kinds: KindLibrary, options: ExtractOptions
) -> None:
    text = (kinds_folder() / "birth_certificate" / "page.txt").read_text("utf-8")
    home = next(line for line in text.split("\n") if "Quê quán:" in line)

    paper = typed_paper(text.replace(home, home[: home.index(":") + 1]), confidence=confidence)
    found = extract(paper, kinds, options=options)

    assert (("field_blank", "home_town") in codes(found)) == shown
    assert found.fields["home_town"].doubtful == shown


def test_a_column_whose_label_was_lost_is_told_by_the_one_beside_it(read: Reader) -> None:
    found = read("marriage_certificate", ("Họ, chữ đệm, tên vợ:", "Ho, cnu oem, ien CÔ:"))

    whole = read("marriage_certificate")
    names = ("wife_birth_date", "wife_ethnicity", "wife_residence", "husband_birth_date")
    assert [found.fields[n].value for n in names] == [whole.fields[n].value for n in names]
    assert found.fields["wife_name"].value is None


def test_a_label_is_known_though_its_colon_was_misread(read: Reader) -> None:
    home = "ấp 2, xã Đức Liễu, huyện Bù Đăng, tỉnh Bình Phước"

    found = read("household_business", ("Chỗ ở hiện tại:", f"Chủ ở hiện tại; {home}"))

    assert found.fields["contact_address"].value == home


def test_a_colon_behind_the_last_word_before_a_number_makes_no_label_of_it(read: Reader) -> None:
    found = read("marriage_certificate", ("dân số 070194000321", "dân số: 070194000321"))

    assert found.fields["wife_id"].value == "070194000321"
    assert found.fields["number"].value == "12/2020"


def test_marks_between_a_label_and_the_value_below_it_are_passed_over(
    kinds: KindLibrary, options: ExtractOptions
) -> None:
    text = (kinds_folder() / "marriage_certificate" / "page.txt").read_text("utf-8")
    (page,) = typed_paper(text.replace("tên vợ:      ", "tên vợ: is xa"))
    words = [replace(word, confidence=0.2) if word.text in ("is", "xa") else word for word in page.words]

    found = extract([replace(page, words=tuple(words))], kinds, options=options)

    assert found.fields["wife_name"].value == "NGUYỄN THỊ HOA MAI"


def test_an_address_that_breaks_off_with_a_comma_is_shown(read: Reader) -> None:
    found = read("household_business", ("Chỗ ở hiện tại:", "Chỗ ở hiện tại: tổ 6,"))

    assert ("part_lost", "contact_address") in codes(found)


def test_a_name_with_the_letters_of_a_printed_word_is_no_label(read: Reader) -> None:
    found = read("marriage_certificate", ("NGUYỄN THỊ HOA MAI", "VÕ HỒNG ĐÀO       "))

    assert found.fields["wife_name"].value == "VÕ HỒNG ĐÀO"


def test_columns_of_a_page_that_lies_aslant_are_read_row_by_row(kinds: KindLibrary, options: ExtractOptions) -> None:
    (page,) = typed_paper((kinds_folder() / "marriage_certificate" / "page.txt").read_text("utf-8"))
    columns = (replace(word, line=2 * word.line + (word.box.x0 > 0.45)) for word in page.words)
    words = [
        replace(word, box=word.box._replace(y0=word.box.y0 - 0.02 * word.box.x0, y1=word.box.y1 - 0.02 * word.box.x0))
        for word in columns
    ]

    whole, slanted = (extract([each], kinds, options=options) for each in (page, replace(page, words=tuple(words))))

    assert {n: f.value for n, f in slanted.fields.items()} == {n: f.value for n, f in whole.fields.items()}


def test_a_cards_name_whose_label_was_lost_is_told_by_the_machine_lines(read: Reader) -> None:
    whole = read("identity_card")

    found = read("identity_card", ("Họ và tên / Full name:", "HỘ PUlt"))

    assert found.fields["holder_name"].value == whole.fields["holder_name"].value
    assert ("label_lost", "holder_name") in codes(found)

import re
from collections.abc import Mapping
from dataclasses import replace

import pytest
from kind_reader import delivered_kinds, delivered_options, page_text
from typed_papers import NOTICE, typed_page, typed_paper

from domain.models import Box, Extraction, Field, PageText, Word
from ocr.fields.checks.context import CheckContext
from ocr.fields.checks.shape import shape
from ocr.fields.checks.spelling import spelled_two_ways
from ocr.fields.choice import choose_spellings, count_spellings
from ocr.fields.confidence import Evidence
from ocr.fields.confirm import Confirmation, wanted_words
from ocr.fields.extract import extract
from ocr.fields.kinds import FieldRule
from ocr.fields.known import against_usage, listed_words, strange_words
from ocr.fields.labels import Reading
from ocr.fields.lines import Piece
from ocr.fields.second_reading import pairs_otherwise, plain

KINDS, OPTIONS = delivered_kinds(), delivered_options()


def said(page: PageText, second: Mapping[str, str]) -> PageText:
    """Return a page of which another model read the same but for some words."""
    return replace(page, words=tuple(replace(w, second=second.get(w.text, w.text)) for w in page.words))


def pieces(*texts: str) -> tuple[Piece, ...]:
    """Return words of a line, read with some doubt."""
    boxes = [Box(x0=0.1 * i, y0=0.1, x1=0.1 * i + 0.05, y1=0.12) for i in range(len(texts))]
    words = [Word(text=t, confidence=0.9, box=b, line=0, block=0) for t, b in zip(texts, boxes, strict=True)]
    return tuple(Piece(word.text, word, 1, word.box) for word in words)


def codes(found: Extraction, name: str) -> set[str]:
    return {problem.code for problem in found.problems if problem.field_name == name}


@pytest.mark.parametrize(
    ("first", "second", "agreed"),
    [("Ea T'ling", "Ea T’ling", True), ("Ea T'ling", "Ea Tling", False), ("'Ea Kly", "Ea Kly", True)],
)
def test_an_apostrophe_within_a_word_is_a_letter_and_others_are_specks(
    first: str, second: str, *, agreed: bool
) -> None:
    assert (plain(first) == plain(second)) is agreed


def test_what_two_models_read_is_surer_than_what_one_did() -> None:
    page = typed_page(NOTICE, confidence=0.93)
    once = extract([page], KINDS, options=OPTIONS)
    agreed = extract([said(page, {})], KINDS, options=OPTIONS)

    assert agreed.fields["signer_name"].confidence > once.fields["signer_name"].confidence
    assert agreed.fields["number"].confidence > once.fields["number"].confidence
    assert not agreed.fields["number"].doubtful


@pytest.mark.parametrize(("raw", "shown"), [("", False), ("Bình", False), ("Bính", True), ("Binh", True)])
def test_a_name_with_the_diacritics_of_the_second_model_is_not_borne_out_by_it(raw: str, *, shown: bool) -> None:
    page = said(typed_page(NOTICE, confidence=0.93), {})
    words = tuple(replace(w, raw=raw) if w.text == "Bình" else w for w in page.words)

    found = extract([replace(page, words=words)], KINDS, options=OPTIONS)

    assert found.fields["signer_name"].value == "Trần Văn Bình"
    assert found.fields["signer_name"].doubtful is shown


def test_other_digits_in_the_second_reading_are_shown_to_a_person() -> None:
    found = extract([said(typed_page(NOTICE), {"12/TB-UBND": "72/TB-UBND"})], KINDS, options=OPTIONS)

    assert found.fields["number"].value == "12/TB-UBND"
    assert codes(found, "number") == {"readings_disagree"}
    assert found.fields["number"].doubtful


@pytest.mark.parametrize(("second", "shown"), [("8,", True), ("", True), ("3", False)])
def test_another_figure_in_an_address_is_shown(second: str, *, shown: bool) -> None:
    home = "Nơi cư trú: Thôn 3, xã Tân Lập, huyện Đồng Phú, tỉnh Bình Phước"
    text = page_text("birth_certificate")
    assert home in text
    (page,) = typed_paper(re.sub(r"Nơi cư trú: \.+", home, text))  # both parents live there: it stands twice

    found = extract([said(page, {"3,": second})], KINDS, options=OPTIONS)

    for name in ("mother_residence", "father_residence"):
        assert ("readings_disagree" in codes(found, name)) is shown


def test_a_spelling_that_the_second_model_and_the_list_of_names_give_is_taken() -> None:
    found = extract([said(typed_page(NOTICE), {"Đỉnh": "Đinh"})], KINDS, options=OPTIONS)

    assert found.fields["subject"].value == "Về việc tiếp công dân của bà Đinh Thị Mai"
    assert found.fields["subject"].raw == "Về việc tiếp công dân của bà Đỉnh Thị Mai"


@pytest.mark.parametrize(
    ("first", "second", "shown"),
    [
        ("Trần", "Lê Trần", True),
        ("Trần", ". ND Trần", False),
        ("Trần", "Trẩn", True),
        ("Bình", "Bình An", True),
        ("Bình", "Bình .", False),
    ],
)
def test_a_syllable_more_beside_a_value_is_a_part_that_may_be_lost(first: str, second: str, *, shown: bool) -> None:
    found = extract([said(typed_page(NOTICE), {first: second})], KINDS, options=OPTIONS)

    assert found.fields["signer_name"].value == "Trần Văn Bình"
    assert found.fields["signer_name"].doubtful is shown


@pytest.mark.parametrize(("page", "shown"), [(1.0, True), (2.0, False)])
def test_on_a_poor_page_a_name_of_which_a_word_is_not_clear_is_shown(page: float, *, shown: bool) -> None:
    family, calibration = "name", OPTIONS.calibration
    evidence = Evidence(family=family, pieces=pieces("Phan", "Thanh", "Yên"), repeated=0.5, agreed=True, page=page)
    place = replace(evidence, of_list=True)

    assert (calibration.probability(evidence) < calibration.threshold(family)) is shown
    assert calibration.probability(place) >= calibration.threshold(family)


def test_the_last_word_of_a_name_is_a_given_name() -> None:
    page = typed_page(NOTICE.replace("Trần Văn Bình", "Trần Thị Ngần"))

    found = extract([said(page, {"Ngần": "Ngân"})], KINDS, options=OPTIONS)

    assert found.fields["signer_name"].value == "Trần Thị Ngân"
    assert found.fields["signer_name"].doubtful


def test_a_name_in_another_spelling_than_the_first_reading_is_shown_though_the_second_has_it() -> None:
    page = typed_page(NOTICE.replace("Trần Văn Bình", "Trần Văn Tuần"))

    found = extract([said(page, {"Tuần": "Tuân"})], KINDS, options=OPTIONS)

    assert found.fields["signer_name"].value == "Trần Văn Tuân"
    assert found.fields["signer_name"].doubtful


def test_without_a_second_reading_an_odd_name_stays_as_it_is_and_is_shown() -> None:
    found = extract([typed_page(NOTICE)], KINDS, options=OPTIONS)

    assert found.fields["subject"].value == "Về việc tiếp công dân của bà Đỉnh Thị Mai"
    assert "name_unusual" in codes(found, "subject")


def test_only_words_of_values_are_read_once_more() -> None:
    page = typed_page(NOTICE, confidence=0.93)

    wanted = wanted_words(page, Confirmation(kinds=KINDS, extraction=OPTIONS))

    texts = {word.text for word in page.words if word.box in wanted}
    assert {"12/TB-UBND", "Trần", "Văn", "Bình"} <= texts
    assert not texts & {"CỘNG", "THÔNG", "thông", "lịch"}


@pytest.mark.parametrize(("page", "asked"), [(0.99, True), (0.85, False)])
def test_a_faint_word_is_read_once_more_where_the_page_reads_well(page: float, *, asked: bool) -> None:
    read = typed_page(NOTICE, confidence=page)
    read = replace(read, words=tuple(replace(w, confidence=0.4) if w.text == "Bình" else w for w in read.words))

    wanted = wanted_words(read, Confirmation(kinds=KINDS, extraction=OPTIONS))

    assert ("Bình" in {word.text for word in read.words if word.box in wanted}) is asked


def test_of_a_later_page_the_signature_is_read_once_more() -> None:
    page = typed_page("\n".join(("", "", "", *NOTICE.split("\n")[-4:])), confidence=0.93)

    wanted = wanted_words(page, Confirmation(kinds=KINDS, extraction=OPTIONS))

    assert {word.text for word in page.words if word.box in wanted} == {"CHỦ", "TỊCH", "Trần", "Văn", "Bình"}


@pytest.mark.parametrize(
    ("kind", "name", "value", "odd"),
    [
        ("notice", "signer_title", "KT. CHỦ TỊCH", True),
        ("notice", "signer_title", "KT. CHỦ TỊCH PHÓ CHỦ TỊCH", False),
        ("notice", "signer_title", "TM. ỦY BAN NHÂN DÂN", True),
        ("birth_certificate", "holder_name", "TRẦN KIM QUỲNH la", True),
        ("birth_certificate", "holder_name", "Trần Kim Quỳnh", False),
        ("household_business", "business_name", "TẠP HÓA.TRỊNH VĂN HÙNG", True),
        ("household_business", "business_name", "TẠP HÓA TRỊNH VĂN HÙNG", False),
        ("land_use_certificate", "residence", "ấp xã Đức Liễu, huyện Bù Đăng, tỉnh Bình Phước", True),
        ("land_use_certificate", "residence", "ấp 1, xã.Đức Liễu, huyện Bù Đăng, tỉnh Bình Phước", True),
        ("land_use_certificate", "residence", "ấp 1, xã Đức Liễu, huyện Bù Đăng, tỉnh Bình Phước", False),
        ("land_use_certificate", "residence", "ấp Chợ, xã Đức Liễu, huyện Bù Đăng, tỉnh Bình Phước", False),
        ("identity_card", "residence", "Ấp 4", True),
        ("identity_card", "residence", "Tổ 5, Thôn 2", True),
        ("identity_card", "residence", "Ấp 4, Thuận Lợi, Đồng Phú, Bình Phước", False),
        ("identity_card", "residence", "Thôn 2 xã Ea Tiêu, Cư Kuin, Đắk Lắk", False),
        ("identity_card", "residence", "12 Lê Lợi, Bến Thành, Quận 1, TP. Hồ Chí Minh", False),
        ("birth_certificate", "birth_place", "Trung tâm Y tế huyện", True),
        ("birth_certificate", "birth_place", "Trung tâm Y tế huyện Tân", True),
        ("birth_certificate", "birth_place", "Trung tâm Y tế huyện Tân Lập, tỉnh Kon Tum", False),
        ("diploma", "register_number", "216/THP1/1998", True),
        ("diploma", "register_number", "216/THPT/1998", False),
        ("resolution", "number", "12/2011/QH13", False),
        ("decision", "number", "04/QĐ-UBNDĐ", True),
        ("land_use_certificate", "register_number", "V.P00882", True),
        ("land_use_certificate", "register_number", "VP00882", False),
        ("construction_permit", "land_paper", "Giấy chứng nhận quyền sử dụng đất số CH.00801", True),
        ("construction_permit", "land_paper", "Giấy chứng nhận quyền sử dụng đất số CH 00801", False),
        ("decision", "number", "04/QĐ-UBND", False),
        ("land_use_certificate", "residence", "xã Thuận Lợi, huyện-Đồng Phú, tỉnh Bình Phước", True),
        ("construction_permit", "works", "Nhà trợ cho thuê", True),
        ("construction_permit", "works", "Nhà trọ cho thuê", False),
        ("land_use_certificate", "use_term", "Lâu đài", True),
        ("land_use_certificate", "use_term", "Lâu dài", False),
        ("land_use_certificate", "use_term", "đến ngày, 15 tháng 10 năm 2043", True),
        ("official_letter", "subject", "cung cấp hồ sơ", True),
        ("official_letter", "subject", "V/v cung cấp hồ sơ", False),
    ],
)
def test_values_that_lost_a_part_are_shown(kind: str, name: str, value: str, odd: bool) -> None:
    fields = {name: Field(name=name, value=value, confidence=1.0, doubtful=False)}
    context = CheckContext(kind=KINDS.get(kind), fields=fields, spoken={}, units=OPTIONS.units)

    assert [p.code for p in shape(context)] == (["form_unusual"] if odd else [])


def test_an_address_without_a_province_is_odd_only_where_others_have_one() -> None:
    whole = Field(name="mother_residence", value="xã Tân Lập, tỉnh Kon Tum", confidence=1.0, doubtful=False)
    cut = Field(name="father_residence", value="xã Tân Lập", confidence=1.0, doubtful=False)
    kind = KINDS.get("birth_certificate")

    def problems(*fields: Field) -> list[str]:
        named = {field.name: field for field in fields}
        return [p.field_name for p in shape(CheckContext(kind=kind, fields=named, spoken={}, units=OPTIONS.units))]

    assert problems(whole, cut) == ["father_residence"]
    assert problems(cut) == []


def test_words_on_both_sides_of_a_number_are_no_pair() -> None:
    context = CheckContext(
        kind=KINDS.get("construction_permit"),
        fields={"works_place": Field(name="works_place", value="thửa đất số 9, tờ 2", confidence=1, doubtful=False)},
        spoken={},
        units=OPTIONS.units,
        lines=("thửa đất số 9, tờ 2", "số 8, tổ 4"),
    )

    assert not spelled_two_ways(context)


@pytest.mark.parametrize(("agreed", "times", "shown"), [(True, 1, False), (True, 2, True), (False, 1, True)])
def test_the_rarer_spelling_counts_only_against_what_one_model_read(agreed: bool, times: int, shown: bool) -> None:
    context = CheckContext(
        kind=KINDS.get("notice"),
        fields={
            "issue_place": Field(name="issue_place", value="Tân Lập", raw="Tân Lập", confidence=1.0, doubtful=False)
        },
        spoken={},
        units=OPTIONS.units,
        lines=(*(("xã Tân Lập",) * 5), *(("Tân Lấp",) * times)),
        agreed=frozenset({"issue_place"}) if agreed else frozenset(),
    )

    assert bool(spelled_two_ways(context)) is shown


@pytest.mark.parametrize(("elsewhere", "shown"), [("TRANG,", True), ("TRẠNG,", False), ("TRANH", False), (None, False)])
def test_a_name_that_another_model_reads_otherwise_elsewhere_is_shown(elsewhere: str | None, shown: bool) -> None:
    page = typed_page("Tên hộ: CÀ PHÊ THANH TRẠNG\nChủ hộ: TRỊNH THANH TRẠNG")
    words = list(page.words)
    place = next(i for i, word in enumerate(words) if word.text == "TRẠNG")
    words[place] = replace(words[place], second=elsewhere)
    name = Field(name="holder_name", value="TRỊNH THANH TRẠNG", raw="", confidence=1.0, doubtful=False)
    context = CheckContext(
        kind=KINDS.get("household_business"),
        fields={"holder_name": name},
        spoken={},
        units=OPTIONS.units,
        others=pairs_otherwise([replace(page, words=tuple(words))]),
    )

    assert bool(spelled_two_ways(context)) is shown


def test_spellings_are_counted_by_their_letters() -> None:
    found = count_spellings([("tân", "lập"), ("tân", "lấp"), ("tân", "lập")])

    assert found.times["tân", "lập"] == 2
    assert found.like["tan", "lap"] == {("tân", "lập"), ("tân", "lấp")}


@pytest.mark.parametrize(
    ("value", "rule", "listed"),
    [
        ("Trần Thị Mai", FieldRule(name="n", form="name"), (True, True, True)),
        ("Trần Thị Mãai", FieldRule(name="n", form="name"), (True, True, False)),
        ("tổ 2, xã Đăk Mar, huyện Đăk Hà, tỉnh Kon Tum", FieldRule(name="a", form="address"), (True,) * 11),
        ("tổ 2, xã Tân Láp, tỉnh Kon Tum", FieldRule(name="a", form="address"),
         (True, True, True, False, False, True, True, True)),
        ("Ủy ban nhân dân xã Tân Lập", FieldRule(name="a", form="agency"), (True,) * 5 + (False, False)),
        ("lâu dài", FieldRule(name="t", known=("Lâu dài",)), (True, True)),
        ("lâu đài", FieldRule(name="t", known=("Lâu dài",)), (False, False)),
        ("bảo hiểm y tế của Mai", FieldRule(name="t", form="text"), (True, True, True, True, False, False)),
        ("bảo hiêm y tế", FieldRule(name="t", form="text"), (False, False, True, True)),
        ("y tế", FieldRule(name="t", form="text", known=("Lâu dài",)), (False, False)),
    ],
)  # fmt: skip
def test_which_words_are_known_in_their_place(value: str, rule: FieldRule, listed: tuple[bool, ...]) -> None:
    assert listed_words(value, rule, OPTIONS.units) == listed


@pytest.mark.parametrize(("value", "count"), [("THPT Đăk Hà", 0), ("Trường THCS", 0), ("Trường THCZ", 1)])
def test_short_forms_are_no_strange_words(value: str, count: int) -> None:
    assert strange_words(value, [False] * len(value.split())) == count


def test_a_usual_pair_of_words_with_other_diacritics_is_put_right_and_shown() -> None:
    page = typed_page(NOTICE.replace("tiếp công dân của bà Đỉnh Thị Mai", "hiện trạng sử đụng đất của xã"))

    found = extract([said(page, {})], KINDS, options=OPTIONS)

    assert found.fields["subject"].value == "Về việc hiện trạng sử dụng đất của xã"
    assert "spelling_repaired" in codes(found, "subject")


def test_other_diacritics_in_the_second_reading_of_a_name_are_shown() -> None:
    found = extract([said(typed_page(NOTICE), {"Văn": "Ván"})], KINDS, options=OPTIONS)

    assert found.fields["signer_name"].value == "Trần Văn Bình"
    assert "spelled_otherwise" in codes(found, "signer_name")


def test_a_number_that_only_the_second_model_could_read_is_taken_and_shown() -> None:
    page = typed_page(NOTICE.replace("12/TB-UBND", "I2{TB-UBND"))

    found = extract([said(page, {"I2{TB-UBND": "12/TB-UBND"})], KINDS, options=OPTIONS)

    assert found.fields["number"].value == "12/TB-UBND"
    assert codes(found, "number") == {"readings_disagree"}


def test_a_number_filled_in_on_which_two_readings_differ_is_left_open() -> None:
    page = typed_page(NOTICE.replace("12/TB-UBND", "2    /TB-UBND"))

    found = extract([said(page, {"2": "21"})], KINDS, options=OPTIONS)

    assert (found.fields["number"].value, found.fields["number"].doubtful) == (None, True)


def test_a_number_filled_in_that_the_other_model_read_in_one_word_with_its_sign_is_the_same() -> None:
    page = typed_page(NOTICE.replace("12/TB-UBND", "12   /TB-UBND"))

    found = extract([said(page, {"12": "", "/TB-UBND": "12/TB-UBND"})], KINDS, options=OPTIONS)

    assert (found.fields["number"].value, found.fields["number"].doubtful) == ("12/TB-UBND", True)


def test_a_figure_read_with_doubt_on_a_bad_page_is_shown_though_two_models_agree() -> None:
    def number_of(page_confidence: float) -> bool:
        page = typed_page(NOTICE, confidence=page_confidence)
        words = tuple(replace(w, confidence=0.83) if w.text == "12/TB-UBND" else w for w in page.words)
        return extract([said(replace(page, words=words), {})], KINDS, options=OPTIONS).fields["number"].doubtful

    assert number_of(0.88)
    assert not number_of(0.97)


@pytest.mark.parametrize(
    ("text", "odd"),
    [
        ("niêm yết công khai hồ sơ cấp giấy chứng nhận", False),
        ("thủ tục hành chinh nhà nước", True),
        ("báo cáo quý III năm 2024", False),
        ("ý kiến của ông Lương Gia Định về giá", False),
    ],
)
def test_usual_pairs_count_only_where_no_other_usual_pair_holds_the_word(text: str, odd: bool) -> None:
    assert against_usage(text) is odd


def test_of_two_usual_words_with_the_same_letters_the_one_that_was_read_stays() -> None:
    reading = Reading(FieldRule(name="works"), pieces("nhà", "trọ", "công", "nhân"))

    chosen = choose_spellings(reading, count_spellings([]), OPTIONS.units)

    assert chosen.text == "nhà trọ công nhân"


@pytest.mark.parametrize(("confidence", "chosen"), [(0.35, "THPT Đăk Hà"), (0.9, "THPT Đấk Hà")])
def test_of_a_faint_word_the_other_models_spelling_is_taken(confidence: float, chosen: str) -> None:
    school, name, end = pieces("THPT", "Đấk", "Hà")
    word = replace(name.word, confidence=confidence, second="Đăk")
    reading = Reading(FieldRule(name="school"), (school, replace(name, word=word), end))
    read = count_spellings([("thpt", "đấk"), ("đấk", "hà")])

    assert choose_spellings(reading, read, OPTIONS.units).text == chosen


@pytest.mark.parametrize(
    ("read", "second", "chosen"),
    [
        ("HÃNG", "HĂNG", "HẰNG"),
        ("HÃNG", "HÃNG", "HÃNG"),
        ("HỌA", "HÕA", "HỌA"),  # there are Hoa, Hòa, Hóa, Hỏa
    ],
)
def test_of_two_readings_that_are_no_names_the_only_name_between_them_is_taken(
    read: str, second: str, chosen: str
) -> None:
    family, middle, given = pieces("HỒ", "KIM", read)
    reading = Reading(
        FieldRule(name="holder_name", form="name"),
        (family, middle, replace(given, word=replace(given.word, second=second))),
    )

    paper = count_spellings([("hồ", "kim"), ("kim", read.lower())])

    assert choose_spellings(reading, paper, OPTIONS.units).text == f"HỒ KIM {chosen}"


def test_a_title_that_was_misread_below_changes_none_above_the_title() -> None:
    below = [("hiệu", "trương")] * 2
    own = [("hiệu", "trưởng"), ("trưởng", "trường")]
    rule = FieldRule(name="issuer", form="agency", source="above_title")

    chosen = choose_spellings(
        Reading(rule, pieces("HIỆU", "TRƯỞNG", "TRƯỜNG")), count_spellings(own + below), OPTIONS.units
    )

    assert chosen.text == "HIỆU TRƯỞNG TRƯỜNG"

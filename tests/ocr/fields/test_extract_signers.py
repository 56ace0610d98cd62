"""Titles and names of those who signed, where stamps and signatures lie over them."""

from dataclasses import replace

import pytest
from kind_reader import codes_of, delivered_kinds, delivered_options, page_text, read_changed
from typed_papers import typed_paper

from ocr.fields.extract import extract


def test_a_title_that_begins_in_mid_phrase_is_shown() -> None:
    found = read_changed("decision", ("KT. CHỦ TỊCH\n", "    TRƯỞNG, CHỦ NHIỆM\n"), ("PHÓ CHỦ TỊCH\n", "       VIÊN\n"))

    assert found.fields["signer_title"].value == "TRƯỞNG CHỦ NHIỆM VIÊN"
    assert ("form_unusual", "signer_title") in codes_of(found)
    assert found.fields["signer_title"].doubtful


def test_a_title_that_says_a_word_twice_is_left_open() -> None:
    found = read_changed(
        "decision", ("KT. CHỦ TỊCH\n", "    TRƯỞNG, CHỦ NHIỆM\n"), ("PHÓ CHỦ TỊCH\n", "       NHIỆM\n")
    )

    assert found.fields["signer_title"].value is None
    assert found.fields["signer_title"].doubtful


@pytest.mark.parametrize(("confidence", "shown"), [(0.97, False), (0.93, True)])
def test_a_chairman_without_his_committee_is_shown_on_a_page_that_was_read_badly(
    confidence: float, shown: bool
) -> None:
    text = page_text("decision").replace("TM. ỦY BAN NHÂN DÂN", "")

    found = extract(typed_paper(text, confidence=confidence), delivered_kinds(), options=delivered_options())

    assert (("part_lost", "signer_title") in codes_of(found)) == shown


def test_a_name_that_does_not_stand_below_the_title_is_shown() -> None:
    found = read_changed("decision", ("   Trần Văn Mạnh", "           Văn Mạnh"))

    assert ("part_lost", "signer_name") in codes_of(found)


def test_a_line_of_the_title_that_stands_aside_is_shown() -> None:
    found = read_changed("decision", ("PHÓ CHỦ TỊCH\n", "    PHÓ CHỦ TỊCH\n"))

    assert ("part_lost", "signer_title") in codes_of(found)


def test_the_deputys_line_that_was_not_read_is_filled_in_and_shown() -> None:
    found = read_changed("decision", ("PHÓ CHỦ TỊCH\n", "\n"))

    assert found.fields["signer_title"].value == "KT. CHỦ TỊCH PHÓ CHỦ TỊCH"
    assert ("title_completed", "signer_title") in codes_of(found)


def test_one_word_of_the_name_is_shown_with_its_place() -> None:
    found = read_changed("decision", ("   Trần Văn Mạnh", "           Mạnh"))

    name = found.fields["signer_name"]
    assert (name.value, name.doubtful, name.raw) == (None, True, "Mạnh")
    assert name.box is not None


def test_a_name_is_made_whole_from_the_list_of_recipients_and_shown() -> None:
    found = read_changed("decision", ("   Trần Văn Mạnh", "           Mạnh"), ("- Bộ Tư pháp;", "- PCN Trần Văn Mạnh;"))

    assert found.fields["signer_name"].value == "Trần Văn Mạnh"
    assert ("name_completed", "signer_name") in codes_of(found)


@pytest.mark.parametrize("name", ["H'Hen Niê", "Công Tằng Tôn Nữ Thị Mỹ Linh", "Y Moan Ênuôl"])
def test_unusual_names_of_signers_are_read(name: str) -> None:
    found = read_changed("decision", ("   Trần Văn Mạnh", f"   {name}"))

    assert found.fields["signer_name"].value == name


def test_a_name_in_capitals_behind_a_label_is_no_title() -> None:
    found = read_changed("birth_certificate", (" GIẤY KHAI SINH\n", " \n"), ("LÊ NGỌC MINH ANH", "ĐỖ CÔNG ĐIỆN"))

    assert found.kind == "birth_certificate"


@pytest.mark.parametrize(
    "before", ["PGS.TS. ", "BSCKII. ", "Đại tá ", "ThS. BS. ", "Ks. ", "YS. ", "PTS. ", "Đại tá, TS. "]
)
def test_degrees_and_ranks_are_no_part_of_a_name(before: str) -> None:
    name = "                                                         Trần Văn Mạnh"
    found = read_changed("decision", (name, f"{before}Trần Văn Mạnh".rjust(len(name) + (len(before) + 1) // 2)))

    assert found.fields["signer_name"].value == "Trần Văn Mạnh"
    assert ("part_lost", "signer_name") not in codes_of(found)


def test_a_title_that_breaks_off_at_and_goes_on() -> None:
    found = read_changed(
        "decision", ("KT. CHỦ TỊCH\n", "TRƯỞNG PHÒNG VẬT TƯ VÀ\n"), ("PHÓ CHỦ TỊCH\n", " TRANG THIẾT BỊ Y TẾ\n")
    )

    assert (found.fields["signer_title"].value or "").endswith("TRANG THIẾT BỊ Y TẾ")


def test_a_deputy_of_a_party_committee_signs_on_its_behalf() -> None:
    found = read_changed("decision", ("   KT. CHỦ TỊCH\n", "T/M BAN THƯỜNG VỤ\n"), ("PHÓ CHỦ TỊCH\n", " PHÓ BÍ THƯ\n"))

    assert found.fields["signer_title"].value == "T/M BAN THƯỜNG VỤ PHÓ BÍ THƯ"
    assert ("form_unusual", "signer_title") not in codes_of(found)


def test_two_who_sign_side_by_side_are_shown() -> None:
    found = read_changed("circular", ("Nơi nhận:  ", "KT. BỘ TRƯỞNG"), ("- Như trên;  ", "  THỨ TRƯỞNG "))

    assert {("several_signers", "signer_title"), ("several_signers", "signer_name")} <= codes_of(found)


@pytest.mark.parametrize(("left", "right", "shown"), [("THƯ KÝ   ", "CHỦ TỌA", False), ("CHỦ TỌA  ", "THƯ KÝ ", True)])
def test_a_secretary_beside_the_chairman_is_no_second_signer(left: str, right: str, shown: bool) -> None:
    found = read_changed("minutes", ("Nơi nhận:", left), ("CHỦ TỌA\n", f"{right}\n"))

    assert (("several_signers", "signer_name") in codes_of(found)) == shown


COPY = """
       ỦY BAN NHÂN DÂN                                SAO Y
           XÃ TÂN LẬP
         Số: 09/SY-UBND               Tân Lập, ngày 02 tháng 8 năm 2023

        Nơi nhận:                                          TL. CHỦ TỊCH
        - Lưu: VT.                                         CÔNG CHỨC

                                                         Mã Văn Thức
"""
ANNEX = """\f
                                 PHỤ LỤC
                    DANH MỤC THỦ TỤC HÀNH CHÍNH

          NGƯỜI LẬP BIỂU                                TRƯỞNG PHÒNG

           Lê Thị Hoa                                   Vương Đình Phú
"""


@pytest.mark.parametrize("more", [COPY, ANNEX])
def test_who_copied_a_paper_or_drew_up_its_annex_is_not_its_signer(more: str) -> None:
    found = extract(typed_paper(page_text("decision") + more), delivered_kinds(), options=delivered_options())

    assert found.fields["signer_title"].value == "KT. CHỦ TỊCH PHÓ CHỦ TỊCH"
    assert found.fields["signer_name"].value == "Trần Văn Mạnh"


def test_who_signed_an_annex_is_shown_where_the_title_beside_the_recipients_was_lost() -> None:
    text = page_text("decision").replace("KT. CHỦ TỊCH\n", "\n").replace("PHÓ CHỦ TỊCH\n", "\n")

    found = extract(typed_paper(text + ANNEX), delivered_kinds(), options=delivered_options())

    assert found.fields["signer_name"].value == "Vương Đình Phú"
    assert {("part_lost", "signer_title"), ("part_lost", "signer_name")} <= codes_of(found)


@pytest.mark.parametrize(("title", "shown"), [("  CHỦ TỊCH\n", True), ("CHỦ TỊCH\n", False)])
def test_a_title_of_one_line_that_stands_right_of_the_name_may_have_lost_its_beginning(
    title: str, *, shown: bool
) -> None:
    found = read_changed("decision", ("KT. CHỦ TỊCH\n", title), ("PHÓ CHỦ TỊCH\n", "\n"))

    assert (("part_lost", "signer_title") in codes_of(found)) == shown


def test_a_title_of_one_line_above_no_name_is_shown() -> None:
    found = read_changed("decision", ("Trần Văn Mạnh", ""), ("KT. CHỦ TỊCH\n", "CHỦ TỊCH\n"), ("PHÓ CHỦ TỊCH\n", "\n"))

    assert ("part_lost", "signer_title") in codes_of(found)


def test_another_office_in_brackets_shows_the_title() -> None:
    found = read_changed(
        "decision", ("- Bộ Tư pháp;", "- Bộ Tư pháp;                                (PHÓ CHỦ TỊCH HĐND)")
    )

    assert ("part_lost", "signer_title") in codes_of(found)


def test_a_deputys_title_in_small_letters_is_a_part_of_one() -> None:
    found = read_changed("decision", ("   KT. CHỦ TỊCH\n", "K/T CHỦ TỊCH\n"), ("PHÓ CHỦ TỊCH\n", "Phó Chủ tịch\n"))

    assert found.fields["signer_title"].value == "K/T CHỦ TỊCH Phó Chủ tịch"


def test_a_list_of_recipients_may_say_to_whom_the_paper_is_sent() -> None:
    text = page_text("decision").replace("Nơi nhận:", "Nơi gửi: ").replace("SAO Y", "")
    found = extract(typed_paper(text + COPY.replace("SAO Y", "     ")), delivered_kinds(), options=delivered_options())

    assert found.fields["signer_name"].value == "Trần Văn Mạnh"


@pytest.mark.parametrize("behalf", ["TM. BAN KIỂM PHIẾU\n", "TM: BAN KIỂM PHIẾU\n"])
def test_a_body_that_ends_like_an_office_is_none(behalf: str) -> None:
    found = read_changed("decision", ("   KT. CHỦ TỊCH\n", behalf), ("PHÓ CHỦ TỊCH\n", "  TRƯỞNG BAN\n"))

    assert found.fields["signer_title"].value == "TM. BAN KIỂM PHIẾU TRƯỞNG BAN"


def test_a_short_form_without_its_stop_belongs_to_the_title_and_is_shown() -> None:
    found = read_changed("decision", ("KT. CHỦ TỊCH\n", "TM BAN THƯỜNG VỤ\n"), ("PHÓ CHỦ TỊCH\n", "  PHÓ BÍ THƯ\n"))

    assert found.fields["signer_title"].value == "TM. BAN THƯỜNG VỤ PHÓ BÍ THƯ"
    assert found.fields["signer_title"].doubtful


def test_a_secretary_of_a_committee_without_it_is_shown() -> None:
    found = read_changed("decision", ("KT. CHỦ TỊCH\n", "   BÍ THƯ\n"), ("PHÓ CHỦ TỊCH\n", "\n"))

    assert found.fields["signer_title"].value == "BÍ THƯ"
    assert ("form_unusual", "signer_title") in codes_of(found)


def test_a_faint_degree_before_a_name_leaves_it_below_the_middle_of_its_title() -> None:
    text = page_text("decision").replace("     Trần Văn Mạnh", "ThS. Trần Văn Mạnh")
    (page,) = typed_paper(text)
    words = tuple(replace(word, confidence=0.3) if word.text == "ThS." else word for word in page.words)

    found = extract([replace(page, words=words)], delivered_kinds(), options=delivered_options())

    assert found.fields["signer_name"].value == "Trần Văn Mạnh"

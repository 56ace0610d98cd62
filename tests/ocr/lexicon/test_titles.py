import pytest

from ocr.lexicon.titles import read_title, repeats_itself


@pytest.mark.parametrize(
    "title",
    [
        "CHỦ TỊCH",
        "KT. CHỦ TỊCH PHÓ CHỦ TỊCH",
        "TM. ỦY BAN NHÂN DÂN KT. CHỦ TỊCH PHÓ CHỦ TỊCH",
        "KT. BỘ TRƯỞNG THỨ TRƯỞNG",
        "KT. BỘ TRƯỞNG, CHỦ NHIỆM PHÓ CHỦ NHIỆM",
        "TL. CHỦ TỊCH KT. CHÁNH VĂN PHÒNG PHÓ CHÁNH VĂN PHÒNG",
        "TUQ. GIÁM ĐỐC TRƯỞNG PHÒNG",
        "Q. GIÁM ĐỐC",
        "KT. GIÁM ĐỐC PHÓ GIÁM ĐỐC THƯỢNG TÁ",
        "CÔNG CHỨC TƯ PHÁP HỘ TỊCH",
        "P. GIÁM ĐỐC",
        "KT. HIỆU TRƯỞNG P. HIỆU TRƯỞNG",
        "PHÓ GIÁM ĐỐC PHỤ TRÁCH",
        "QUYỀN CỤC TRƯỞNG",
        "P. GIÁM ĐỐC BẢO TÀNG",
        "TM. UỶ BAN NHÂN DÂN CHỦ TỊCH",
        "T/M BAN CHẤP HÀNH BÍ THƯ",
        "T/M ỦY BAN KIỂM TRA PHÓ CHỦ NHIỆM THƯỜNG TRỰC",
        "KT. BỘ TRƯỞNG BỘ THƯƠNG MẠI THỨ TRƯỞNG",
        "TM. BAN THƯỜNG TRỰC PHÓ CHỦ TỊCH",
        "TL. BAN THƯỜNG VỤ TỈNH ĐOÀN CHÁNH VĂN PHÒNG",
        "GIÁM ĐỐC CÔNG TY",
    ],
)
def test_a_whole_title_stays_as_it_was_read(title: str) -> None:
    found = read_title(title)

    assert (found.text, found.whole, found.repaired) == (title, True, False)


@pytest.mark.parametrize(
    "title",
    [
        "TRƯỞNG CHỦ NHIỆM NHIỆM",
        "TRƯỞNG",
        "TƯỚNG",
        "PHÓ CHỦ TỊCH",
        "TM. ỦY BAN NHÂN DÂN",
        "TL. CHỦ TỊCH",
        "KT. CHỦ TỊCH PHÓ GIÁM ĐỐC",
        "THƯỢNG TÁ",
        "CHỦ TỊCH VĂN MINH",
        "BÍ THƯ",
        "PHÓ BÍ THƯ THƯỜNG TRỰC",
        "TL. BAN THƯỜNG VỤ",
    ],
)
def test_a_title_that_lost_a_part_is_not_whole(title: str) -> None:
    assert not read_title(title).whole


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("CHỦ TICH", "CHỦ TỊCH"),
        ("GHỦ TỊCH", "CHỦ TỊCH"),
        ("KT. CHỦ TỊCH PHÓ CHỦ TỊCH TÔ", "KT. CHỦ TỊCH PHÓ CHỦ TỊCH"),
        ("TM. BẠN THƯỜNG VỤ PHÓ BÍ THƯ", "TM. BAN THƯỜNG VỤ PHÓ BÍ THƯ"),
        ("P GIÁM ĐỐC", "GIÁM ĐỐC"),
    ],
)
def test_a_misread_word_and_a_mark_behind_the_title_are_put_right_and_said(title: str, text: str) -> None:
    found = read_title(title)

    assert (found.text, found.whole, found.repaired) == (text, True, True)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("KT. CHỦ TỊCH", "KT. CHỦ TỊCH PHÓ CHỦ TỊCH"),
        ("KT. BỘ TRƯỞNG", "KT. BỘ TRƯỞNG THỨ TRƯỞNG"),
        ("KT. CHỦ TỊCH CHỦ TỊCH", "KT. CHỦ TỊCH PHÓ CHỦ TỊCH"),
    ],
)
def test_the_deputy_who_signs_is_filled_in_and_said(title: str, text: str) -> None:
    found = read_title(title)

    assert (found.text, found.completed, found.whole) == (text, True, False)


def test_the_number_of_a_unit_stays_and_is_shown() -> None:
    found = read_title("TUQ. VIỆN TRƯỞNG TRƯỞNG PHÒNG 1")

    assert (found.text, found.whole) == ("TUQ. VIỆN TRƯỞNG TRƯỞNG PHÒNG 1", False)


def test_the_name_of_an_agency_stays_as_it_is_though_its_words_are_alike() -> None:
    assert read_title("CHI NHÁNH VĂN PHÒNG ĐĂNG KÝ ĐẤT ĐAI").text == "CHI NHÁNH VĂN PHÒNG ĐĂNG KÝ ĐẤT ĐAI"


@pytest.mark.parametrize(
    ("read", "title"),
    [
        ("KT. BỘ TRƯỞNG, CHỦ NHIỆM f©qHÙ NHIỆM", "KT. BỘ TRƯỞNG, CHỦ NHIỆM PHÓ CHỦ NHIỆM"),
        ("KT. BỘ TRƯỞNG, CHỦ NHIỆM oP Ủ NHIỆM", "KT. BỘ TRƯỞNG, CHỦ NHIỆM PHÓ CHỦ NHIỆM"),
    ],
)
def test_a_deputys_title_of_which_the_end_was_read_is_completed(read: str, title: str) -> None:
    found = read_title(read)

    assert (found.text, found.completed) == (title, True)


@pytest.mark.parametrize("read", ["KT. CHỦ NHIỆM oP Ủ ĐỐC", "CHỦ NHIỆM oP NHIỆM", "KT. CHỦ NHIỆM a b c d NHIỆM"])
def test_nothing_is_completed_that_ends_otherwise_or_too_late(read: str) -> None:
    assert not read_title(read).completed


@pytest.mark.parametrize(
    ("title", "repeated"),
    [
        ("TRƯỞNG CHỦ NHIỆM NHIỆM", True),
        ("KT. CHỦ NHIỆM PHÓ CHỦ NHIỆM", False),
        ("CHỦ TỊCH", False),
        ("", False),
        ("TUQ. HIỆU TRƯỞNG TRƯỞNG PHÒNG ĐÀO TẠO", False),
        ("KT. HIỆU TRƯỞNG TRƯỞNG PHÒNG ĐÀO TẠO", True),
    ],
)
def test_a_word_that_follows_itself_is_told(title: str, *, repeated: bool) -> None:
    assert repeats_itself(title) is repeated

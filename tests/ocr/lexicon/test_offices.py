from ocr.lexicon.offices import begins_office, is_of_title, office_at, office_of


def test_an_office_that_is_the_agency_itself_is_told_by_it() -> None:
    assert office_of("TƯỚNG", "THỦ TƯỚNG CHÍNH PHỦ") == "THỦ TƯỚNG"
    assert office_of("TƯỚNG", "BỘ QUỐC PHÒNG") == ""


def test_words_of_titles_are_known_without_their_first_ones() -> None:
    assert is_of_title("TỊCH")
    assert not is_of_title("VÕ VĂN HIẾU")


def test_a_misread_office_is_put_right_but_no_beginning_of_another_name() -> None:
    found = office_at(["GHÁNH", "VĂN", "PHÒNG"], 0)

    assert found is not None
    assert (found.text, found.words, found.repaired) == ("CHÁNH VĂN PHÒNG", 3, True)
    assert office_at(["NHÁNH", "VĂN", "PHÒNG"], 0) is None


def test_a_rank_begins_no_office() -> None:
    assert begins_office("HIỆU TRƯỞNG TRƯỜNG THCS TÂN LẬP")
    assert not begins_office("ĐẠI TÁ")

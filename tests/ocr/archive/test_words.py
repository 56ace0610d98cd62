from datetime import date

import pytest

from ocr.archive.words import date_in_words, number_in_words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "không"),
        (4, "bốn"),
        (10, "mười"),
        (14, "mười bốn"),
        (15, "mười lăm"),
        (20, "hai mươi"),
        (21, "hai mươi mốt"),
        (24, "hai mươi tư"),
        (25, "hai mươi lăm"),
        (11, "mười một"),
        (101, "một trăm linh một"),
        (110, "một trăm mười"),
        (555, "năm trăm năm mươi lăm"),
        (1000, "một nghìn"),
        (1995, "một nghìn chín trăm chín mươi lăm"),
        (2005, "hai nghìn không trăm linh năm"),
        (2026, "hai nghìn không trăm hai mươi sáu"),
        (1_000_021, "một triệu không trăm hai mươi mốt"),
        (176_000, "một trăm bảy mươi sáu nghìn"),
    ],
)
def test_a_number_is_said_as_people_say_it(value, words):
    assert number_in_words(value) == words


@pytest.mark.parametrize("value", [-1, 10**12])
def test_a_number_out_of_range_is_an_error(value):
    with pytest.raises(ValueError, match="out of range"):
        number_in_words(value)


def test_a_date_is_said_with_its_customary_words():
    assert date_in_words(date(2026, 4, 5)) == "ngày mùng năm tháng tư năm hai nghìn không trăm hai mươi sáu"
    assert date_in_words(date(2026, 1, 10)) == "ngày mùng mười tháng một năm hai nghìn không trăm hai mươi sáu"
    assert date_in_words(date(2025, 12, 24)) == (
        "ngày hai mươi tư tháng mười hai năm hai nghìn không trăm hai mươi lăm"
    )

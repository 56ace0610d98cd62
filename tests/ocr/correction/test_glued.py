import pytest

from ocr.correction.glued import apart, parted
from ocr.page.reading_order import PlacedWord


def line(text: str, confidence: float = 0.9) -> list[PlacedWord]:
    return [
        PlacedWord(text=word, confidence=confidence, left=100 * i, top=0, right=100 * i + 90, bottom=30, line=0)
        for i, word in enumerate(text.split())
    ]


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        ("Thờigian Mứctiền(đồng)", "Thời gian Mức tiền (đồng)"),
        ("Từtháng5 đến", "Từ tháng 5 đến"),
        ("LÊ KIMNHUNG", "LÊ KIM NHUNG"),
        ("tỉnh KonTum.", "tỉnh Kon Tum."),
    ],
)
def test_syllables_that_only_vietnamese_has_come_apart(read: str, printed: str) -> None:
    assert " ".join(word.text for word in parted(line(read))) == printed


@pytest.mark.parametrize(
    "text",
    [
        "Place of origin, location and condition",
        "Position: domain media online",
        "Công ty Phone, nhạc cụ piano",
        "Campuchia, Inđônêxia, Philíppin",
        "ông Phêrô, bà Maria, ông Đaminh",
        "KIM SA PHONE",
        "PHƯỜNG ĐẠ HUOAI",
        "xã Rơchâm, huyện Krông Pắc",
        "địa chỉ thưviện@donvi.example.vn",
    ],
)
def test_foreign_words_and_names_stay_whole(text: str) -> None:
    assert " ".join(word.text for word in parted(line(text))) == text


def test_a_sure_word_stays_whole() -> None:
    assert [word.text for word in parted(line("Thờigian", 0.96))] == ["Thờigian"]


def test_a_number_behind_a_word_of_dates_comes_apart_where_it_lies() -> None:
    first, second = apart(line("ngày23")[0])

    assert (first.text, second.text, first.raw) == ("ngày", "23", "ngày23")
    assert first.right == second.left == 60


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        ("03tầng", "03 tầng"),
        ("12tháng.", "12 tháng."),
        ("500kg", "500kg"),
        ("20B", "20B"),
        ("450m²", "450m²"),
        ("4tang", "4tang"),
    ],
)
def test_a_number_comes_apart_from_the_word_that_it_counts(read: str, printed: str) -> None:
    assert " ".join(word.text for word in apart(line(read)[0])) == printed

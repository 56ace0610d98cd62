import pytest

from ocr.correction.context import settle_names
from ocr.page.reading_order import PlacedWord


def line(text: str, number: int = 0, confidence: float = 0.9) -> list[PlacedWord]:
    return [
        PlacedWord(text=word, confidence=confidence, left=100 * i, top=0, right=100 * i + 90, bottom=30, line=number)
        for i, word in enumerate(text.split())
    ]


def settled(*texts: str, confidence: float = 0.9) -> list[str]:
    words = settle_names([word for number, text in enumerate(texts) for word in line(text, number, confidence)])
    return [" ".join(word.text for word in words if word.line == number) for number in range(len(texts))]


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        ("đối với bà Định Thanh Nhung, sinh ngày", "đối với bà Đinh Thanh Nhung, sinh ngày"),
        ("Đỉnh Thị Yến", "Đinh Thị Yến"),
        ("1. Họ và tên: NGUYÊN HỒNG DIỄM", "1. Họ và tên: NGUYỄN HỒNG DIỄM"),
        ("Họ, chữ đệm, tên: Vợ VĂN KHÁNH", "Họ, chữ đệm, tên: VÕ VĂN KHÁNH"),
        ("ĐÕ QUỐC ĐẠT", "ĐỖ QUỐC ĐẠT"),
    ],
)
def test_a_family_name_that_does_not_exist_is_the_only_one_with_its_letters(read: str, printed: str) -> None:
    assert settled(read) == [printed]


@pytest.mark.parametrize(
    "text",
    [
        "Lam Sơn, ngày 5 tháng 3",  # a commune, not a person
        "xã Định Hòa, huyện Lai Vung",
        "Công ty Nguyên Hồng Diễm",
        "Vù Thị Lan",  # Vũ or Vừ
        "Nguyên Hồng",
        "theo quy định Thanh tra",
        "Y Nguyên Niê",
        "Xã Bình An, ngày 05 tháng 6",  # no family name Xa
        "PHƯỜNG TÂN HÒA",
        "Quê quán: Hòa Hiệp Nam, Liên Chiểu, Đà Nẵng",
    ],
)
def test_what_may_be_right_is_left_as_it_was_read(text: str) -> None:
    assert settled(text) == [text]


def test_a_sure_word_stays() -> None:
    assert settled("Đỉnh Thị Yến", confidence=0.98) == ["Đỉnh Thị Yến"]


def test_what_was_read_is_kept_and_shown_to_a_person() -> None:
    first = settle_names(line("Đỉnh Thị Yến"))[0]

    assert (first.text, first.raw) == ("Đinh", "Đỉnh")
    assert first.confidence < 0.5


def test_a_place_is_spelled_as_on_the_rest_of_the_page() -> None:
    assert settled(
        "HUYỆN ĐẮK HÀ", "Đàk Hà, ngày 24 tháng 4", "thôn 9, xã Đăk Mar, huyện Đăk Hà, tỉnh Kon Tum", "tại huyện Đăk Hà"
    ) == [
        "HUYỆN ĐĂK HÀ",
        "Đăk Hà, ngày 24 tháng 4",
        "thôn 9, xã Đăk Mar, huyện Đăk Hà, tỉnh Kon Tum",
        "tại huyện Đăk Hà",
    ]


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        (
            "xã Thanh Hưng, huyện Giồng Riêng, tỉnh Kiên Giang",
            "xã Thạnh Hưng, huyện Giồng Riềng, tỉnh Kiên Giang",
        ),
        ("tại HUYỆN GIÔNG RIỀNG, TỈNH KIÊN GIANG", "tại HUYỆN GIỒNG RIỀNG, TỈNH KIÊN GIANG"),
        ("tỉnh Kiên Giang Giồng Riêng, ngày 5 tháng 3", "tỉnh Kiên Giang Giồng Riêng, ngày 5 tháng 3"),
        ("huyện Giồng Riêng", "huyện Giồng Riêng"),  # nobody says where it lies
        ("xã Nghĩa Vịnh, huyện Đồng Phú, tỉnh Bình Phước", "xã Nghĩa Vịnh, huyện Đồng Phú, tỉnh Bình Phước"),
    ],
)
def test_a_place_that_is_listed_nowhere_is_the_only_one_it_can_be(read: str, printed: str) -> None:
    assert settled(read) == [printed]


def test_a_place_before_a_date_is_one_of_where_the_paper_is_at_home() -> None:
    texts = settled("ỦY BAN NHÂN DÂN TỈNH KIÊN GIANG", "Giồng Riêng, ngày 5 tháng 3 năm 2024")

    assert texts[1] == "Giồng Riềng, ngày 5 tháng 3 năm 2024"


def test_a_sure_word_of_a_place_stays_and_one_put_right_is_shown() -> None:
    text = "huyện Giồng Riêng, tỉnh Kiên Giang"
    word = next(word for word in settle_names(line(text)) if word.raw)

    assert (word.text, word.raw) == ("Riềng,", "Riêng,")
    assert word.confidence < 0.5
    assert settled(text, confidence=0.98) == [text]


def test_all_places_are_shown_where_one_was_read_otherwise() -> None:
    texts = ["xã Tân Lập, huyện", "xã Tân Lập, huyện", "xã Tân Lấp, huyện"]
    words = settle_names([word for number, text in enumerate(texts) for word in line(text, number)])

    assert {word.text for word in words if word.confidence < 0.5} == {"Tân", "Lập,"}


def test_one_other_spelling_does_not_outweigh() -> None:
    texts = ["xã Tân Lập, huyện", "xã Tân Lấp, huyện"]

    assert settled(*texts) == texts


def test_persons_with_like_names_stay_apart() -> None:
    texts = ["bà Nguyễn Thị Lan", "bà Nguyễn Thị Lan", "bà Nguyễn Thị Lân"]

    assert settled(*texts) == texts


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        ("TĨNH KON TUM", "TỈNH KON TUM"),
        ("huyện Đăk Hà, tính Kon Tụm", "huyện Đăk Hà, tỉnh Kon Tum"),
        ("tỉnh Kiền Giang.", "tỉnh Kiên Giang."),
    ],
)
def test_a_province_behind_its_word_is_spelled_as_in_the_list(read: str, printed: str) -> None:
    assert settled(read) == [printed]


@pytest.mark.parametrize("text", ["tính Kiên, Giang", "ước tính An Giang Thành", "tỉnh Bình Dướng Hạ"])
def test_other_words_behind_it_stay(text: str) -> None:
    assert settled(text)[0].split()[0] == text.split()[0]


@pytest.mark.parametrize(
    ("read", "printed"),
    [("guyễn Minh Cường", "Nguyễn Minh Cường"), ("gô Đức Toàn", "Ngô Đức Toàn"), ("inh Thành Bảo", "inh Thành Bảo")],
)
def test_a_family_name_without_its_initial_is_completed_where_only_one_can_be(read: str, printed: str) -> None:
    assert settled(read) == [printed]

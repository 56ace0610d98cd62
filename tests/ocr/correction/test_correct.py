import pytest

from ocr.correction.correct import correct
from ocr.page.reading_order import PlacedWord


def line(text: str, confidence: float = 0.9) -> list[PlacedWord]:
    words = text.split()
    return [
        PlacedWord(text=word, confidence=confidence, left=100 * i, top=0, right=100 * i + 90, bottom=30, line=0)
        for i, word in enumerate(words)
    ]


def corrected(text: str, confidence: float = 0.9) -> str:
    return " ".join(word.text for word in correct(line(text, confidence)))


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        ("TGĐ\u00d0 Cổng", "TGĐ Cổng"),  # one letter, read as two that look the same
        ("\u00d0ồng Phú", "Đồng Phú"),
        ("QUYÉT ĐỊNH", "QUYẾT ĐỊNH"),
        ("CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIÊT NAM", "CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        ("Điều L. Bãi bỏ", "Điều 1. Bãi bỏ"),
        ("Điều l. Phê duyệt", "Điều 1. Phê duyệt"),
        ("ngày23 tháng l] năm 2025", "ngày 23 tháng 11 năm 2025"),
        ("Đề án 0G/CP của", "Đề án 06/CP của"),
        ("øóp phân thúc đấy", "góp phần thúc đẩy"),
        ("sinh ngày 0l/O2/1990,", "sinh ngày 01/02/1990,"),
        ("số 07532499963],", "số 075324999631,"),
        ("diện tích 120,5 m?, sàn", "diện tích 120,5 m², sàn"),
        ("TDVNM0869991202091086999120<<0", "IDVNM0869991202091086999120<<0"),
        ("DOAN<<VAN<L0NG<<<<<<<<<<<<<<<<", "DOAN<<VAN<LONG<<<<<<<<<<<<<<<<"),
        ("số 4⁄/NQ-HĐND", "số 4/NQ-HĐND"),
        ("'Quốc tịch: Việt Nam", "Quốc tịch: Việt Nam"),
        ("thường trú: tố 9, xã", "thường trú: tổ 9, xã"),
        ("- Lưu: VI, TNMT.", "- Lưu: VT, TNMT."),
        ("tích: 743,6 m2?", "tích: 743,6 m²"),
        ("Independence- Freedom - Happiness", "Independence - Freedom - Happiness"),
        ("LÊ KIMNHUNG", "LÊ KIM NHUNG"),
        ("cấp GCN: CHÍ 08951", "cấp GCN: CH 08951"),
        ("Độc lập - Tự đo - Hạnh phúc", "Độc lập - Tự do - Hạnh phúc"),
        ("Thờigian Mứctiền(đồng)", "Thời gian Mức tiền (đồng)"),
        ("Từtháng5 đến sinhngày13/04/1969,", "Từ tháng 5 đến sinh ngày 13/04/1969,"),
        ("tỉnh KonTum.", "tỉnh Kon Tum."),
    ],
)
def test_known_misreadings_are_put_right(read: str, printed: str) -> None:
    assert corrected(read) == printed


@pytest.mark.parametrize(
    "text",
    [
        "Ủy ban nhân dân",
        "UỶ BAN NHÂN DÂN",
        "Cộng hoà xã hội chủ nghĩa Việt Nam",
        "số GB/2025-X",
        "Ông Đinh Văn Chỉ",
        "IOS/QĐ",
        "Chương I",
        "ngày hai mươi bốn tháng mười một",
        "Nguyễn Thanh Hoa",
        "tại chính quyền địa phương",
        "TRẦN VĂN HOA",
        "Họ và tên: TRẦN THỊ CHI PHI",
        "Chữ ký của bà Tô Trinh",
        "thị trấn Hương Sơn, tỉnh Trảng Bom",
        "quận Tri Tôn, phường An Nhơn",
        "xã Thạch Hà, tỉnh Mỹ Đức",
        "tổ 4, thôn II, xã Đắk Ui",
        "số nhà 12B/3 đường Lê Lợi",
        "Quyết định số 12B/2024/QĐ-UBND",
        "ỦY BAN NHÂN DÂN PHƯỜNG AN LẠC",
        "ỦY BAN NHÂN DÂN XÃ AN HỘI ĐÔNG",
        "ỦY BAN NHÂN DÂN THỊ TRẤN VÂN HÒA",
        "quy định tại khoản 1 Điều 3",
        "Tổng công ty Điện lực",
        "bị mất bằng tốt nghiệp",
        "dịch vụ lưu trú du lịch",
        "cần bố trí vốn",
        "ghi vào sổ chứng thực",
        "theo chu kỳ kiểm định",
        "các khóa học ngắn hạn",
    ],
)
def test_what_is_right_or_unknown_is_left_as_printed(text: str) -> None:
    assert corrected(text) == text


def test_a_certain_word_is_not_touched() -> None:
    assert corrected("chỉ phí", confidence=0.96) == "chỉ phí"
    assert corrected("chỉ phí", confidence=0.9) == "chi phí"


def test_a_long_phrase_outweighs_the_confidence_of_one_syllable() -> None:
    assert corrected("Ủy bạn nhân dân xã", 0.97) == "Ủy ban nhân dân xã"
    assert corrected("một người bạn nhân từ", 0.97) == "một người bạn nhân từ"


def test_a_correction_keeps_what_was_read() -> None:
    words = correct(line("QUYÉT ĐỊNH:"))

    assert [(word.text, word.raw) for word in words] == [("QUYẾT", "QUYÉT"), ("ĐỊNH:", "")]


@pytest.mark.parametrize("text", ["12B/QĐ-UBND", "thôn II", "hộ chiếu I1234567"])
def test_what_may_be_a_digit_or_a_letter_is_shown_to_a_person(text: str) -> None:
    assert correct(line(text))[-1].confidence < 0.5


def test_a_syllable_that_was_given_other_diacritics_is_less_sure() -> None:
    (first, second), name = correct(line("chỉ phí")), correct(line("tỉnh Thanh Hòa", 0.55))

    assert (first.text, first.raw) == ("chi", "chỉ") and first.confidence < 0.8 < second.confidence
    assert (name[2].text, name[2].raw) == ("Hóa", "Hòa") and name[2].confidence < 0.5


def test_two_phrases_with_the_same_letters_decide_nothing() -> None:
    assert corrected("tinh binh") == "tinh binh"


def test_a_page_printed_without_diacritics_is_given_none() -> None:
    text = (
        "UY BAN NHAN DAN TINH BINH PHUOC NANG CAO HIEU QUA CUNG CAP SU DUNG DICH VU CONG TRUC TUYEN O TINH BINH PHUOC"
    )

    assert corrected(text + " CHU TICH UY BAN NHAN DAN", confidence=0.7) == text + " CHU TICH UY BAN NHAN DAN"


def test_an_acute_for_a_hook_is_put_right_in_known_phrases_and_doubted_however_sure_it_was_read() -> None:
    words = correct(line("được bố sung và thay đối khi cấp tính", confidence=0.97))

    assert " ".join(word.text for word in words) == "được bổ sung và thay đổi khi cấp tính"
    assert words[1].confidence <= 0.7

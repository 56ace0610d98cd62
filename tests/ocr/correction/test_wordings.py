from itertools import pairwise

import pytest

from ocr.correction.wordings import restore_wordings
from ocr.page.reading_order import PlacedWord


def line(text: str, confidence: float) -> list[PlacedWord]:
    return [
        PlacedWord(text=word, confidence=confidence, left=100 * i, top=0, right=100 * i + 90, bottom=30, line=0)
        for i, word in enumerate(text.split())
    ]


def restored(text: str, confidence: float = 0.6) -> str:
    return " ".join(word.text for word in restore_wordings(line(text, confidence)))


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        ("Độc lập : Tự dg - Hạnh phúc", "Độc lập - Tự do - Hạnh phúc"),
        ("Họ, chữ đệm,tênvợ. LÊ KIM", "Họ, chữ đệm, tên vợ: LÊ KIM"),
        ("SOCIALISY REPUBI ÍC OF VIET AM", "SOCIALIST REPUBLIC OF VIET NAM"),
        ("Số vào số gốc cấp bằng; 019/THPT/2008", "Số vào sổ gốc cấp bằng: 019/THPT/2008"),
        ("- VỊ trí xây đựng: thửa", "- Vị trí xây dựng: thửa"),
        ("số định danh cả nhân 091083999199,", "số định danh cá nhân 091083999199,"),
        ("6. Những thay đối sau khi cấp Giấy chứng nhận:", "6. Những thay đổi sau khi cấp Giấy chứng nhận:"),
    ],
)
def test_a_wording_that_was_nearly_read_is_given_as_it_is_printed(read: str, printed: str) -> None:
    assert restored(read) == printed


@pytest.mark.parametrize(
    "read",
    [
        "Họ, chữ đệm, tên người cha: TẠ MINH HÙNG",
        "Họ, chữ đệm, tên người mẹ: LÝ THU VY",
        "CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Iidepende+e - Frrekwm Fax.",
        "Nơi đăng ký khai tử: xã Hà Mòn",
    ],
)
def test_another_wording_or_another_spelling_is_left_as_it_is(read: str) -> None:
    assert restored(read) == read


@pytest.mark.parametrize(
    "printed",
    [
        "Họ và tên: Lò Văn Ún",
        "Họ và tên: HOÀNG VĂN THÁI",
        "Họ và tên HỒ VĂN BÉ",
        "Họ và tên: Hà Tùng Văn",
        "Họ và tên: thôn 10, xã Ia Chim",
        "Năm sinh: Danh Sa Rinh",
        "Giàng Chử Hương",
        "Địa chỉ: từ đó",
        "Cấp cho (chủ đầu tư): Âu Văn Quế",
    ],
)
def test_what_is_filled_in_is_never_taken_for_a_part_of_a_label(printed: str) -> None:
    assert restored(printed, confidence=0.9) == printed


def test_what_was_read_surely_is_left() -> None:
    assert restored("Độc lập : Tự dg - Hạnh phúc", confidence=0.96) == "Độc lập : Tự dg - Hạnh phúc"


def test_one_label_is_not_taken_for_another() -> None:
    assert "chồng" not in restored("Họ, chữ đệm, tên vợ: LÊ KIM NHUNG")
    assert restored("Họ; chữ đệm, tên người chạ: TẠ MINH") == "Họ, chữ đệm, tên người cha: TẠ MINH"


def test_places_and_raw_texts_stay_with_what_was_read() -> None:
    words = restore_wordings(line("Họ, chữ đệm,tênvợ. LÊ", 0.6))

    assert [(word.left, word.right) for word in words][-1] == (300, 390)
    assert words[0].left == 0 and all(a.right <= b.left for a, b in pairwise(words))
    assert words[2].raw == "Họ, chữ đệm,tênvợ." and words[-1].raw == ""


def test_a_heading_within_a_sentence_keeps_small_letters() -> None:
    assert restored("3. Giao Ủy ban nhândân xã") == "3. Giao Ủy ban nhân dân xã"

import pytest

from ocr.correction.usage import as_used
from ocr.page.reading_order import PlacedWord


def line(text: str, confidence: float = 0.97, gap: int = 10) -> list[PlacedWord]:
    words = text.split()
    width = 90 + gap
    return [
        PlacedWord(text=word, confidence=confidence, left=width * i, top=0, right=width * i + 90, bottom=30, line=0)
        for i, word in enumerate(words)
    ]


def used(text: str, confidence: float = 0.97) -> str:
    return " ".join(word.text for word in as_used(line(text, confidence)))


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        ("thường trú: tố 9, xã", "thường trú: tổ 9, xã"),
        ("ngày 18 thắng 02 năm 2023", "ngày 18 tháng 02 năm 2023"),
        ("Hà Mòn, ngây 08 tháng 11", "Hà Mòn, ngày 08 tháng 11"),
        ("Số: 1263/STP-LL/TP", "Số: 1263/STP-LLTP"),
        ("- Latu: VT, KTHT.", "- Lưu: VT, KTHT."),
        ("- Lưu: VT,", "- Lưu: VT."),
        ("H. Thửa đất, nhà ở", "II. Thửa đất, nhà ở"),
        ("- Thủ tướng (để bíc);", "- Thủ tướng (để b/c);"),
        ("Chông", "Chồng"),
        ("Chủ ở hiện tại: ấp 2", "Chỗ ở hiện tại: ấp 2"),
        ("sinh: 28/ 10/1975.", "sinh: 28/10/1975."),
        ("ký: 1 1/05/2023", "ký: 11/05/2023"),
    ],
)
def test_words_are_given_as_they_are_used_there(read: str, printed: str) -> None:
    assert used(read) == printed


@pytest.mark.parametrize(
    "text",
    [
        "H. Châu Thành",
        "ông Chông đã",
        "Chủ ở nhà",
        "Nhà cho ở hiện trạng",
        "H. Thừa Lưu",
        "tố cáo của",
        "khởi tố 3 bị can, truy tố 12 người",
        "thắng 3 trận",
        "cây bíc); để bíc",
        "- Lưu: VT, VHXH.",
        "số 1 11/05/2023",
        "tổ 1 31/12/20",
    ],
)
def test_words_that_may_stand_there_stay(text: str) -> None:
    assert used(text) == text


def test_a_date_of_two_parts_is_less_sure_than_either() -> None:
    _, date = as_used(line("ngày 28/ 10/1975"))

    assert (date.text, date.raw) == ("28/10/1975", "28/ 10/1975")
    assert date.confidence < 0.9


def test_figures_far_apart_are_no_date() -> None:
    assert [word.text for word in as_used(line("1 1/05/2023", gap=60))] == ["1", "1/05/2023"]

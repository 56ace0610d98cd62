import pytest

from ocr.correction.specks import Around, around_lines, without_specks
from ocr.lexicon.phrases import follows
from ocr.page.reading_order import PlacedWord


def line(text: str, confidence: float = 0.9) -> list[PlacedWord]:
    words = text.split()
    return [
        PlacedWord(text=word, confidence=confidence, left=100 * i, top=0, right=100 * i + 90, bottom=30, line=0)
        for i, word in enumerate(words)
    ]


def cleaned(text: str, confidence: float = 0.9) -> str:
    around = Around(items=frozenset({4}))
    return " ".join(word.text for word in without_specks(line(text, confidence), follows, around))


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        ("đúng chế độ; kịp.thời báo", "đúng chế độ; kịp thời báo"),
        ("cá nhân.có ý.kiến khác", "cá nhân có ý kiến khác"),
        ("sửa đổi;bổ:$ung", "sửa đổi;bổ:$ung"),
        ("được niêm yết:công khai", "được niêm yết công khai"),
        ("được niêm:yết công khai", "được niêm yết công khai"),
        ("xã Tân Phước,.huyện Đồng Phú", "xã Tân Phước, huyện Đồng Phú"),
        ("ngày 17 tháng 5.năm 2021", "ngày 17 tháng 5 năm 2021"),
        ("ngày 21 tháng 6 năm;2022", "ngày 21 tháng 6 năm 2022"),
        ("tờ bản đồ số 12,ấp 4, xã", "tờ bản đồ số 12, ấp 4, xã"),
        ("cư trú: thôn.3, xã", "cư trú: thôn 3, xã"),
        ("xã.Xuân Hiệp, huyện. Xuân Lộc", "xã Xuân Hiệp, huyện Xuân Lộc"),
        ("Chỗ. ở hiện tại: tổ 9", "Chỗ ở hiện tại: tổ 9"),
        ("GIẤY PHÉP. XÂY DỰNG", "GIẤY PHÉP XÂY DỰNG"),
        ("NGÔ THANH.TRANG", "NGÔ THANH TRANG"),
        ("UBND XÃ ¿ĐỨC LIỄU", "UBND XÃ ĐỨC LIỄU"),
        ("/¿iIXÁC NHẬN:", "XÁC NHẬN:"),
        ("..XÁC NHẬN:", "XÁC NHẬN:"),
        ("-!XÁC NHẬN:", "XÁC NHẬN:"),
        ("_''XÁC NHẬN:", "XÁC NHẬN:"),
        (".QUYẾT ĐỊNH:", "QUYẾT ĐỊNH:"),
        ("_TM. ỦY BAN NHÂN DÂN", "TM. ỦY BAN NHÂN DÂN"),
        ('"Thời gian hỗ trợ', "Thời gian hỗ trợ"),
        ("3: Ngành, nghề kinh doanh:", "3. Ngành, nghề kinh doanh:"),
        ("thi hành Quyết định này,/.", "thi hành Quyết định này./."),
    ],
)
def test_signs_that_cannot_be_printed_there_are_specks(read: str, printed: str) -> None:
    assert cleaned(read) == printed


@pytest.mark.parametrize(
    "text",
    [
        "Ngày chín. Tháng hai",
        "KT. CHỦ TỊCH",
        "-XÁC NHẬN:",
        "/QĐ-UBND ngày 5",
        ".NET CƠ BẢN",
        "IXÁC NHẬN:",
        "các xã, phường. Thời hạn báo cáo",
        "trên địa bàn huyện. Sở Tài chính",
        "5, Luật Đất đai năm 2013",
        "12, Đường Hùng Vương",
        "“Điều 5. Trình tự thực hiện",
        "sửa đổi như sau: “Hộ gia đình",
        "TP. Hồ Chí Minh",
        "tr. đồng",
        "của quận: Ba Đình",
        "gồm: các phòng",
        "về việc:thu hồi",
        "bằng chữ: một trăm",
        "được sử dụng để: làm thủ tục",
        "Nơi cư trú: tại xã",
        "b. tờ bản đồ",
        "thư điện tử: ubnd@binhphuoc.gov.vn",
        "trang sohoa.com và",
        "số 12.500 đồng",
        "tờ số 1,5 ha",
        "2, Điều 5 của Luật",
        'gọi là "Quy chế" này',
        "phát động phong trào “Cả nước chung tay",
        "1, Thành phố Hồ Chí Minh",
        "Lưu: VT, KTHT.",
    ],
)
def test_signs_that_may_be_printed_there_stay(text: str) -> None:
    assert cleaned(text) == text


def test_a_semicolon_that_was_read_surely_stays() -> None:
    assert cleaned("thủ tục; hành chính", 0.97) == "thủ tục; hành chính"
    assert cleaned("thủ tục; hành chính", 0.8) == "thủ tục hành chính"


def test_a_word_without_its_speck_is_less_sure_and_keeps_what_was_read() -> None:
    word, *_ = without_specks(line("chính. về trật tự"), follows, Around())

    assert (word.text, word.raw) == ("chính", "chính.")
    assert word.confidence < 0.9


def test_words_that_come_apart_lie_side_by_side_where_the_one_lay() -> None:
    first, second = without_specks(line("kịp.thời"), follows, Around())

    assert (first.left, second.right) == (0, 90)
    assert first.right <= second.left
    assert first.raw == second.raw == "kịp.thời"


def test_a_mark_before_a_quotation_that_ends_on_a_later_line_stays() -> None:
    lines = [line("“Gia đình văn hóa, ấp"), line("văn hóa” năm 2024"), line('"Giới tính: Nam')]
    around = around_lines(lines)

    assert [one.quoted for one in around] == [True, False, False]
    assert without_specks(lines[0], follows, around[0])[0].text == "“Gia"
    assert without_specks(lines[2], follows, around[2])[0].text == "Giới"


def test_a_number_is_an_item_only_beside_another_item_of_the_list() -> None:
    item = line("2, Tổ chức thực hiện")

    assert without_specks(item, follows, Around(items=frozenset({1})))[0].text == "2."
    assert without_specks(item, follows, Around(items=frozenset({5})))[0].text == "2,"

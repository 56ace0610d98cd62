from ocr.page.reading_order import PlacedWord, arrange, page_text


def words(*lines: tuple[float, float, str]) -> list[PlacedWord]:
    """Lines by left edge, top and text, in print of 10 pixels a letter and 30 a line."""
    found = []
    for number, (left, top, text) in enumerate(lines):
        for word in text.split():
            found.append(
                PlacedWord(
                    text=word,
                    confidence=0.9,
                    left=left,
                    top=top,
                    right=left + 10 * len(word),
                    bottom=top + 30,
                    line=number,
                )
            )
            left += 10 * len(word) + 10
    return found


def text(*lines: tuple[float, float, str]) -> list[str]:
    return [line for line in page_text(arrange(words(*lines))).splitlines() if line]


BODY = "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015; " * 2


def test_the_sides_of_a_letterhead_are_read_one_after_the_other() -> None:
    head = [
        (100, 100, "ỦY BAN NHÂN DÂN"),
        (600, 100, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        (100, 140, "XÃ TÂN PHƯỚC"),
        (650, 145, "Độc lập - Tự do - Hạnh phúc"),
        (120, 220, "Số: 12/QĐ-UBND"),
        (600, 220, "Tân Phước, ngày 2 tháng 3 năm 2025"),
    ]

    assert text(*head, (100, 400, BODY)) == [head[i][2] for i in (0, 2, 4, 1, 3, 5)] + [BODY.strip()]


def test_a_letterhead_in_one_line_of_the_reader_is_parted() -> None:
    line = words((100, 100, "THỦ TƯỚNG CHÍNH PHỦ"), (330, 100, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"))
    joined = [PlacedWord(**{name: getattr(w, name) for name in w.__slots__} | {"line": 0}) for w in line]

    assert page_text(arrange(joined)).split("\n\n")[0].strip() == "THỦ TƯỚNG CHÍNH PHỦ"


def test_receivers_and_signer_are_read_one_after_the_other() -> None:
    foot = [
        (100, 800, "Nơi nhận:"),
        (700, 800, "TM. ỦY BAN NHÂN DÂN"),
        (100, 835, "- Như Điều 3;"),
        (760, 840, "CHỦ TỊCH"),
        (100, 870, "- Lưu: VT."),
        (740, 1000, "Tạ Thị Thủy"),
    ]

    assert text((100, 600, BODY), *foot) == [BODY.strip()] + [foot[i][2] for i in (0, 2, 4, 1, 3, 5)]


def test_rows_of_a_form_are_read_across() -> None:
    rows = [
        (100, 100, "Năm sinh: 1999"),
        (500, 100, "Dân tộc: Kinh"),
        (900, 100, "Quốc tịch: Việt Nam"),
        (100, 150, "Nơi cấp: Hà Nội"),
        (500, 150, "Ngày cấp: 2/3/2020"),
    ]

    assert text(*rows) == [row[2] for row in rows]


def test_specks_beside_the_rows_of_a_form_part_no_columns() -> None:
    left = [(100, 300 + 60 * i, f"Nhãn {i}: giá trị") for i in range(7)]
    right = [(600, 300 + 60 * i, f"Nhãn bên {i}: giá trị") for i in (1, 2, 3)]
    below = [(700, 520, "Ngày ký"), (700, 560, "Chức vụ"), (700, 655, "Họ tên")]
    specks = [(560, 330 + 60 * i, ".") for i in (1, 2)]

    read = text(*left, *right, *below, *specks)

    assert read.index("Nhãn bên 1: giá trị") < read.index("Nhãn 2: giá trị")


def test_the_rows_of_a_form_above_a_signature_block_are_read_across() -> None:
    form = [(100, 300, "Ngày sinh: 1"), (600, 300, "Nơi sinh: 2"), (100, 360, "Giới tính: 3"), (600, 360, "Dân tộc: 4")]
    foot = [(100, 570, "Số hiệu: 5"), (100, 620, "Số vào sổ: 6")]
    block = [(650, 420, "ngày 1"), (650, 460, "GIÁM ĐỐC"), (680, 605, "Lý Hữu Hùng"), (650, 530, "marks")]
    speck = (900, 280, "cy cỡ")

    assert text(speck, *form, *foot, *block) == [
        speck[2],
        *("Ngày sinh: 1", "Nơi sinh: 2", "Giới tính: 3", "Dân tộc: 4"),
        *("Số hiệu: 5", "Số vào sổ: 6"),
        *("ngày 1", "GIÁM ĐỐC", "marks", "Lý Hữu Hùng"),
    ]


def test_a_form_with_long_values_is_no_running_text() -> None:
    left = [
        "Ngày sinh: 17 tháng 3 năm 1977",
        "Giới tính: Nam",
        "Học sinh trường: THPT Đăk Hà",
        "Năm: 1998",
        "Số: B 0747169",
    ]
    right = ["Nơi sinh: Kon Tum", "Dân tộc: Xơ Đăng", "Xếp loại: Trung bình", "Hình thức: Chính quy", "Hạng: Ba"]
    long = " và theo hồ sơ gốc lưu tại trường"
    rows = [(left[i] + long, right[i] + long) for i in range(5)] + [("Ghi chú: không" + long, "Lần cấp: 1" + long)]
    lines = [(x, 300 + 60 * i, text) for i, row in enumerate(rows) for x, text in zip((100, 900), row, strict=True)]

    assert text(*lines) == [part for row in rows for part in row]


def test_a_title_below_the_letterhead_follows_it() -> None:
    found = text(
        (100, 100, "ỦY BAN NHÂN DÂN"),
        (600, 100, "Độc lập - Tự do - Hạnh phúc"),
        (620, 240, "QUYẾT ĐỊNH"),
        (100, 300, BODY),
    )

    assert found == ["ỦY BAN NHÂN DÂN", "Độc lập - Tự do - Hạnh phúc", "QUYẾT ĐỊNH", BODY.strip()]


def test_no_words_make_no_text() -> None:
    assert page_text(arrange([])) == ""


def test_three_columns_of_running_text_are_read_one_after_the_other() -> None:
    column = [
        "Kho lưu trữ của huyện đã",
        "chỉnh lý hơn hai nghìn hồ",
        "sơ của năm năm vừa qua và",
        "quét ở ba trăm điểm, kiểm",
    ]
    column = [*column, "tra từng trang trước khi", "đưa vào hệ thống chung"]
    page = [
        (100 + 350 * place, 300 + 40 * row + 3 * place, f"{place}{row} {line}")
        for row, line in enumerate(column)
        for place in range(3)
    ]

    read = text((300, 100, "BẢN TIN VĂN THƯ"), *page)

    assert [line.split()[0] for line in read[1:]] == [f"{place}{row}" for place in range(3) for row in range(6)]

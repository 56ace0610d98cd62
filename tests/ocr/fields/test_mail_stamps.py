"""Stamps of incoming mail: their number and day are never the paper's, and what is the paper's is never theirs."""

from importlib.resources import files

import numpy as np
import pytest
from PIL import Image
from typed_papers import typed_page

from domain.models import Extraction
from ocr.fields.confidence import load_calibration
from ocr.fields.extract import ExtractOptions, extract
from ocr.fields.kinds import KindLibrary, load_kinds
from ocr.fields.lines import read_lines
from ocr.fields.mail_stamps import mail_stamps
from ocr.lexicon.units import load_units
from ocr.samples.fonts import find_fonts
from ocr.samples.mail_stamp import VIOLET, MailStamp, put_mail_stamp
from ocr.samples.sheet import BLACK, RED, Color

CONFIGS = files("configs")
OPTIONS = ExtractOptions(
    calibration=load_calibration(CONFIGS / "calibration.toml"), units=load_units(CONFIGS / "units")
)
HEAD = (
    "      ỦY BAN NHÂN DÂN            CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "      HUYỆN TÂN LẬP                  Độc lập - Tự do - Hạnh phúc",
)
BODY = (
    "",
    "                                  KẾ HOẠCH",
    "                  Về việc tiếp nhận, xử lý văn bản đến năm 2024",
    "",
    "     Ủy ban nhân dân huyện Tân Lập lập kế hoạch xử lý văn bản đến như sau, từ tháng này.",
)
END = (
    "                                                       CHỦ TỊCH",
    "",
    "                                                    Trần Văn Bình",
)
STAMPED = (
    "      Số: 12/KH-UBND                      Tân Lập, ngày 05 tháng 4 năm 2024",
    "",
    "                                                     VĂN PHÒNG HUYỆN ỦY",
    "                                                     ĐẾN     Số: 2748",
    "                                                             Ngày: 28/05/2024",
    "                                                     Chuyển: ..............",
    "                                                     Lưu hồ sơ số: ........",
)


@pytest.fixture(scope="module")
def kinds() -> KindLibrary:
    return load_kinds(CONFIGS / "kinds")


def read(kinds: KindLibrary, *lines: str) -> Extraction:
    return extract([typed_page("\n".join(lines))], kinds, options=OPTIONS)


def stamped(*lines: str) -> list[str]:
    return [part.text for _, part in mail_stamps(read_lines([typed_page("\n".join(lines))]))]


def test_number_and_day_of_a_stamp_are_not_those_of_the_paper(kinds: KindLibrary) -> None:
    found = read(kinds, *HEAD, *STAMPED, *BODY, *END)

    assert (found.fields["number"].value, found.fields["issue_date"].value) == ("12/KH-UBND", "2024-04-05")


def test_a_paper_whose_number_was_not_read_does_not_take_that_of_a_stamp(kinds: KindLibrary) -> None:
    found = read(
        kinds,
        "      CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "           Độc lập - Tự do - Hạnh phúc",
        "   ĐẾN   Số: 2748",
        "         Ngày: 28/05/2024",
        "   Chuyển: ..........",
        "                  GIẤY KHAI SINH",
        "",
        "  Họ, chữ đệm, tên: PHAN ĐÌNH TOÀN",
        "  Ngày, tháng, năm sinh: 09/02/2023",
        "  Giới tính: Nam       Dân tộc: Kinh      Quốc tịch: Việt Nam",
        "  Số định danh cá nhân: 070223999639",
        *END,
    )

    assert found.kind == "birth_certificate"
    assert found.fields["number"].value is None
    assert found.fields["registration_date"].value is None


@pytest.mark.parametrize(
    "stamp",
    [
        STAMPED[3:],
        ("   ĐẾN     Số: ........", "           Ngày: ......", "   Chuyển: ........"),
        ("   CÔNG VĂN ĐẾN", "   Giờ ........ Ngày 29/4", "   Kính chuyển ........."),
        ("   ĐẾN     Giờ: 8 giờ 15", "           Ngày: 28/4/2026"),
        ("           Số: 966", "   ĐEN     Ngày: 25.7.25", "   Kính chuyển: ........"),
        ("           Ngày: 28/05/2024", "   Chuyển: .......", "   Lưu hồ sơ số: ........."),
    ],
)
def test_stamps_of_all_forms_are_told(stamp: tuple[str, ...]) -> None:
    found = stamped(*HEAD, STAMPED[0], "", *stamp, *BODY, *END)

    assert len(found) >= len(stamp)
    assert not any("KH-UBND" in text or "tháng" in text for text in found)


@pytest.mark.parametrize(
    "paper",
    [
        (*HEAD, STAMPED[0], *BODY, *END),
        (*HEAD, STAMPED[0], "", "              KẾ HOẠCH", "         CHUYỂN ĐỔI SỐ", "     ĐẾN NGÀY 31/12/2025", *END),
        (*HEAD, STAMPED[0], "", "          QUY CHẾ QUẢN LÝ", "           VĂN BẢN ĐẾN", *BODY[2:], *END),
        (*HEAD, STAMPED[0], *BODY, "     Ngày đến: 12/3/2024", "     Số đến: 45", "     Chuyển: Phòng Nội vụ", *END),
        (
            *HEAD,
            STAMPED[0],
            *BODY,
            "  Số đến     Ngày đến    Chuyển    Ghi chú",
            "  45         12/3/2024   Phòng Nội vụ",
            *END,
        ),
        ("     Số: 45", "     Ngày: 12/3/2024", "     Chuyển: Phòng Nội vụ", *BODY, *END),
    ],
)
def test_words_of_the_paper_are_no_stamp(paper: tuple[str, ...]) -> None:
    assert stamped(*paper) == []


def test_a_number_below_the_stamp_stays_the_papers() -> None:
    found = stamped(*HEAD, "   ĐẾN     Ngày: 28/05/2024", "   Chuyển: ........", "", "   Số: 45/2023", *BODY, *END)

    assert not any("45" in text for text in found)


@pytest.mark.parametrize("color", [BLACK, RED, VIOLET])
@pytest.mark.parametrize("turn", [0.0, 3.0])
def test_a_stamp_is_drawn_as_ink_over_the_page(color: Color, turn: float) -> None:
    page = Image.new("RGB", (1240, 1754), "white")
    page.paste((0, 0, 0), (300, 300, 340, 340))
    stamp = MailStamp(x=100, y=100, number="2748", day="28/05/2024", color=color, turn=turn)

    drawn = np.asarray(put_mail_stamp(page.copy(), stamp, find_fonts(), dpi=150))

    inked = (drawn != np.asarray(page)).any(axis=2)
    rows, columns = np.nonzero(inked)
    assert 48 < np.ptp(columns) / 150 * 25.4 < 54  # a frame 50 mm wide, turned
    assert rows.min() >= 100 * 150 / 72 - 1
    assert np.abs(drawn[inked].min(axis=0).astype(int) - np.array(color)).max() < 40
    assert (drawn[300:340, 300:340] <= 1).all()  # print under ink stays dark

"""Land use certificates: the form of 2009 (two of its four sides) and the two-page form of 2025 with a QR code."""

import random as chance
from dataclasses import dataclass
from datetime import date

from ocr.samples.fonts import Fonts
from ocr.samples.offices import Office, district_committee, make_head, province_department, signer_fields
from ocr.samples.paper import Paper, put_ink, set_country, set_frame
from ocr.samples.people import Officer, Person, make_day
from ocr.samples.sheet import MILLIMETRE, RED, Code, Emblem, Frame, Style
from ocr.samples.typeset import LEADING, Margins, PaperWriter
from ocr.samples.words import letter_date, number_words

_FRAME = (200, 110, 120)
_TITLE_2009 = ("GIẤY CHỨNG NHẬN", "QUYỀN SỬ DỤNG ĐẤT", "QUYỀN SỞ HỮU NHÀ Ở VÀ TÀI SẢN KHÁC GẮN LIỀN VỚI ĐẤT")
_TITLE_2025 = ("GIẤY CHỨNG NHẬN", "QUYỀN SỬ DỤNG ĐẤT, QUYỀN SỞ HỮU TÀI SẢN GẮN LIỀN VỚI ĐẤT")
_PURPOSES = (("Đất ở tại nông thôn", "Lâu dài"), ("Đất trồng cây lâu năm", "đến ngày 15 tháng 10 năm 2043"))
_NOTHING_ELSE = (
    "2. Nhà ở: -/-",
    "3. Công trình xây dựng khác: -/-",
    "4. Rừng sản xuất là rừng trồng: -/-",
    "5. Cây lâu năm: -/-",
    "6. Ghi chú: Không",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parcel:
    number: int
    map_sheet: int
    address: str
    area: float
    purpose: str
    term: str
    origin: str

    @property
    def figures(self) -> str:
        """The area as printed."""
        return f"{self.area:.1f}".replace(".", ",")

    @property
    def words(self) -> str:
        """The area in words, as printed."""
        whole, tenth = divmod(round(self.area * 10), 10)
        text = f"{number_words(whole)} phẩy {number_words(tenth)} mét vuông"
        return text[0].upper() + text[1:]


def make_land_use_certificate(random: chance.Random, fonts: Fonts, owner: Person) -> Paper:
    """Return the owner's certificate, in the form of 2009 or of 2025."""
    purpose, term = random.choice(_PURPOSES)
    parcel = _Parcel(
        number=random.randint(8, 640),
        map_sheet=random.randint(2, 74),
        address=owner.home.address,
        area=random.randint(900, 18_000) / 10 + 0.1,
        purpose=purpose,
        term=term,
        origin="Nhà nước giao đất có thu tiền sử dụng đất",
    )
    writer = PaperWriter(fonts, margins=Margins(left=24 * MILLIMETRE, right=22 * MILLIMETRE, top=20 * MILLIMETRE))
    writer.number_pages = False
    maker = _make_2009 if random.random() < 0.6 else _make_2025
    fields = maker(writer, random, owner, parcel)
    common = {
        "holder_name": owner.name.upper(),
        "parcel_number": str(parcel.number),
        "map_sheet": str(parcel.map_sheet),
        "parcel_address": parcel.address,
        "area": f"{parcel.area:.1f}".removesuffix(".0"),
        "use_purpose": purpose,
        "use_term": term,
        "use_origin": parcel.origin,
    }
    return Paper(
        kind="land_use_certificate",
        slug="giay-chung-nhan-quyen-su-dung-dat",
        sheets=writer.finish(),
        fields={**common, **fields},
        owner=owner,
    )


def _make_2009(writer: PaperWriter, random: chance.Random, owner: Person, parcel: _Parcel) -> dict[str, str]:
    office = district_committee(owner.home)
    day = make_day(random, date(2011, 2, 1), date(2024, 7, 20))
    serial = f"{random.choice('BCD')}{random.choice('ABDEHKMNPT')} {random.randint(100_000, 999_999)}"
    register = f"CH {random.randint(10, 9_900):05d}"
    identity = f"999{random.randint(0, 999_999):06d}"
    officer = make_head(random, "CHỦ TỊCH", above="")
    _set_cover_2009(writer, owner, identity, serial)
    writer.new_page()
    _set_parcel_2009(writer, parcel)
    writer.skip(12)
    _set_block(writer, random, office, officer, day)
    writer.line(f"Số vào sổ cấp GCN: {register}", writer.bold(13), x=writer.left, align=0.0)
    return {
        "number": serial.replace(" ", ""),
        "register_number": register.replace(" ", ""),
        "birth_year": str(owner.birth_date.year),
        "holder_id": identity,
        "residence": owner.residence,
        "use_form": "Sử dụng riêng",
        **_block_fields(office, officer, day),
    }


def _set_cover_2009(writer: PaperWriter, owner: Person, identity: str, serial: str) -> None:
    _frame(writer)
    set_country(writer)
    writer.put(Emblem(x=writer.center, y=writer.y + 48, radius=38))
    writer.skip(96)
    for line, size in zip(_TITLE_2009, (22, 20, 13), strict=True):
        writer.line(line, Style(face=writer.bold().face, size=size, color=RED))
    writer.skip(16)
    writer.paragraph("**I. Người sử dụng đất, chủ sở hữu nhà ở và tài sản khác gắn liền với đất**", indent=0, gap=8)
    for text in (
        f"{owner.address_word.capitalize()}: {owner.name.upper()}",
        f"Năm sinh: {owner.birth_date.year}",
        f"CMND số: {identity}",
        f"Địa chỉ thường trú: {owner.residence}",
    ):
        writer.paragraph(text, indent=20, gap=4)
    writer.y = writer.bottom - 24
    writer.line(serial, Style(face=writer.bold().face, size=17, color=RED), x=writer.right, align=1.0)


def _set_parcel_2009(writer: PaperWriter, parcel: _Parcel) -> None:
    _frame(writer)
    writer.paragraph("**II. Thửa đất, nhà ở và tài sản khác gắn liền với đất**", indent=0)
    writer.paragraph("**1. Thửa đất:**", indent=14, gap=3)
    for text in (
        f"a) Thửa đất số: {parcel.number}, tờ bản đồ số: {parcel.map_sheet}",
        f"b) Địa chỉ: {parcel.address}",
        f"c) Diện tích: {parcel.figures} m², (bằng chữ: {parcel.words})",
        "d) Hình thức sử dụng: Sử dụng riêng",
        f"đ) Mục đích sử dụng: {parcel.purpose}",
        f"e) Thời hạn sử dụng: {parcel.term}",
        f"g) Nguồn gốc sử dụng: {parcel.origin}",
    ):
        writer.paragraph(text, indent=28, gap=2)
    for text in _NOTHING_ELSE:
        writer.paragraph(text, indent=14, gap=2)


def _make_2025(writer: PaperWriter, random: chance.Random, owner: Person, parcel: _Parcel) -> dict[str, str]:
    office = province_department(owner.home, "SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG")
    day = make_day(random, date(2025, 3, 3), date(2025, 6, 25))
    serial = f"A{random.choice('ABC')} {random.randint(1_000_000, 9_999_999):08d}"
    register = f"VP {random.randint(10, 9_900):05d}"
    officer = make_head(random, "GIÁM ĐỐC")
    _set_front_2025(writer, owner, parcel, (serial, register))
    writer.skip(8)
    _set_block(writer, random, office, officer, day)
    writer.y = writer.bottom - 22
    writer.line(serial, Style(face=writer.bold().face, size=16, color=RED), x=writer.left, align=0.0)
    _set_back_2025(writer, random, parcel, register)
    return {
        "number": serial.replace(" ", ""),
        "register_number": register.replace(" ", ""),
        "holder_id": owner.personal_number,
        "use_form": "Sử dụng riêng",
        **_block_fields(office, officer, day),
    }


def _set_front_2025(writer: PaperWriter, owner: Person, parcel: _Parcel, numbers: tuple[str, str]) -> None:
    _frame(writer)
    writer.put(
        Code(
            x=writer.right - 62,
            y=writer.margins.top - 14,
            width=62,
            height=62,
            text="|".join(numbers),
        )
    )
    set_country(writer)
    writer.put(Emblem(x=writer.center, y=writer.y + 30, radius=26))
    writer.skip(64)
    for line, size in zip(_TITLE_2025, (20, 12.5), strict=True):
        writer.line(line, Style(face=writer.bold().face, size=size, color=RED))
    writer.skip(10)
    for text in (
        "**1. Người sử dụng đất, chủ sở hữu tài sản gắn liền với đất:**",
        f"{owner.address_word.capitalize()}: {owner.name.upper()}",
        f"Căn cước công dân số: {owner.personal_number}",
        "**2. Thông tin thửa đất:**",
        f"a. Thửa đất số: {parcel.number}",
        f"b. Tờ bản đồ số: {parcel.map_sheet}",
        f"c. Diện tích: {parcel.figures} m²",
        f"d. Loại đất: {parcel.purpose}",
        f"đ. Thời hạn sử dụng đất: {parcel.term}",
        "e. Hình thức sử dụng: Sử dụng riêng",
        f"g. Địa chỉ: {parcel.address}",
        f"h. Nguồn gốc sử dụng: {parcel.origin}",
        "**3. Thông tin tài sản gắn liền với đất:** -/-",
    ):
        writer.paragraph(text, indent=0 if text.startswith("**") else 16, gap=2)


def _set_back_2025(writer: PaperWriter, random: chance.Random, parcel: _Parcel, register: str) -> None:
    writer.new_page()
    _frame(writer)
    writer.paragraph("**4. Sơ đồ thửa đất, tài sản gắn liền với đất**", indent=0)
    _plan(writer, random, parcel.number)
    writer.paragraph("**5. Ghi chú:** Không", indent=0)
    writer.paragraph("**6. Những thay đổi sau khi cấp Giấy chứng nhận:**", indent=0)
    writer.y = writer.bottom - 22
    writer.line(f"Số vào sổ cấp Giấy chứng nhận: {register}", writer.bold(13), x=writer.left, align=0.0)


def _frame(writer: PaperWriter) -> None:
    set_frame(writer, _FRAME, (9, 3.0), (11.5, 0.8))


def _plan(writer: PaperWriter, random: chance.Random, number: int) -> None:
    """Draw a parcel's outline with its number."""
    x0, y0 = writer.left + 60, writer.y + 20
    x1, y1 = x0 + random.uniform(180, 260), y0 + random.uniform(150, 230)
    writer.put(Frame(x0=x0, y0=y0, x1=x1, y1=y1, width=1.4))
    writer.put_line(str(number), writer.bold(15), (x0 + x1) / 2, (y0 + y1) / 2, align=0.5)
    writer.record(str(number))
    writer.y = y1 + 24


def _set_block(writer: PaperWriter, random: chance.Random, office: Office, officer: Officer, day: date) -> None:
    """Set place and date, the agency, title and name at the right, signed and stamped."""
    x, step = writer.left + 0.7 * (writer.right - writer.left), 13 * LEADING
    lines = [
        (f"{office.seat}, {letter_date(day)}", writer.italic(13)),
        *((line, writer.bold(13)) for line in (*office.lines, *officer.title.split("\n"))),
    ]
    for text, style in lines:
        writer.y += step
        writer.put_line(text, style, x, writer.y, align=0.5)
    writer.y += 25 * MILLIMETRE
    writer.put_line(officer.name, writer.bold(13.5), x, writer.y, align=0.5)
    put_ink(writer, random, (x, writer.y), office.rim)
    writer.record("\n".join([*(text for text, _ in lines), officer.name]))
    writer.skip(8)


def _block_fields(office: Office, officer: Officer, day: date) -> dict[str, str]:
    return {
        "issue_place": office.seat,
        "issue_date": day.isoformat(),
        "issuer": office.name,
        **signer_fields(officer),
    }

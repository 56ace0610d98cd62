"""A registration certificate of a household business, with a table of its lines of business."""

import random as chance
from datetime import date

from ocr.samples.fonts import Fonts
from ocr.samples.offices import district_division, make_head, signer_fields
from ocr.samples.paper import Paper, SignatureBlock, set_letterhead, set_signature, trait_fields
from ocr.samples.people import Person, make_day
from ocr.samples.typeset import Column, PaperWriter
from ocr.samples.words import date_figures, letter_date, number_words

_LINES = (
    (("Bán lẻ lương thực, thực phẩm trong các cửa hàng chuyên doanh", "4722"), "TẠP HÓA"),
    (("Sửa chữa mô tô, xe máy", "4542"), "SỬA XE"),
    (("Nhà hàng và các dịch vụ ăn uống phục vụ lưu động", "5610"), "QUÁN CƠM"),
)
_SECOND = (("Bán lẻ đồ uống trong các cửa hàng chuyên doanh", "4723"), ("Dịch vụ phục vụ đồ uống", "5630"))


def make_household_business(random: chance.Random, fonts: Fonts, owner: Person) -> Paper:
    """Return the certificate of the owner's shop."""
    office = district_division(owner.home, "PHÒNG TÀI CHÍNH - KẾ HOẠCH")
    day = make_day(random, date(2021, 2, 1), date(2025, 6, 20))
    number = f"44A8{random.randint(1, 99999):06d}"
    main, word = random.choice(_LINES)
    name = f"{word} {owner.name.upper()}"
    capital = random.choice((50, 80, 120, 200, 350)) * 1_000_000
    issued = make_day(random, date(2020, 8, 1), date(2021, 1, 20))
    officer = make_head(random, "TRƯỞNG PHÒNG")
    writer = PaperWriter(fonts)
    set_letterhead(writer, office.letterhead(number, day))
    writer.skip(16)
    writer.line("GIẤY CHỨNG NHẬN ĐĂNG KÝ HỘ KINH DOANH", writer.bold(15))
    writer.line(f"Đăng ký lần đầu, {letter_date(day)}", writer.italic(13))
    writer.skip(8)
    _set_business(writer, owner, name, (main, random.choice(_SECOND)))
    _set_holder(writer, owner, capital, issued)
    writer.skip(10)
    set_signature(writer, random, SignatureBlock(officer=officer, rim=office.rim))
    fields = {
        **office.fields(number, day),
        "registration_date": day.isoformat(),
        "business_name": name,
        "business_place": owner.residence,
        "capital": str(capital),
        "holder_name": owner.name.upper(),
        "birth_date": owner.birth_date.isoformat(),
        **trait_fields(owner),
        "holder_id": owner.personal_number,
        "residence": owner.residence,
        "contact_address": owner.residence,
        **signer_fields(officer),
    }
    return Paper(
        kind="household_business", slug="dang-ky-ho-kinh-doanh", sheets=writer.finish(), fields=fields, owner=owner
    )


def _set_business(
    writer: PaperWriter, owner: Person, name: str, lines: tuple[tuple[str, str], tuple[str, str]]
) -> None:
    """Set name, place and lines of business, each with its code."""
    writer.paragraph(f"**1. Tên hộ kinh doanh (ghi bằng chữ in hoa):** {name}", indent=0)
    writer.paragraph(f"**2. Địa điểm kinh doanh:** {owner.residence}", indent=0)
    writer.paragraph("Điện thoại:                Fax:                Email:", indent=0)
    writer.paragraph("**3. Ngành, nghề kinh doanh:**", indent=0)
    writer.table(
        (
            Column(title="STT", share=0.1, align=0.5),
            Column(title="Tên ngành", share=0.68),
            Column(title="Mã ngành", share=0.22, align=0.5),
        ),
        (("1", lines[0][0], f"{lines[0][1]} (Chính)"), ("2", *lines[1])),
    )


def _set_holder(writer: PaperWriter, owner: Person, capital: int, issued: date) -> None:
    """Set the capital and whose shop it is."""
    capital_words = number_words(capital)
    money = f"{capital:,}".replace(",", ".")
    for text in (
        f"**4. Vốn kinh doanh:** {money} đồng",
        f"Bằng chữ: {capital_words[0].upper()}{capital_words[1:]} đồng",
        f"**5. Họ và tên chủ hộ kinh doanh:** {owner.name.upper()}",
        f"Giới tính: {owner.sex}",
        f"Sinh ngày: {date_figures(owner.birth_date)}",
        f"Dân tộc: {owner.ethnicity}",
        "Quốc tịch: Việt Nam",
        f"Số giấy chứng thực cá nhân: {owner.personal_number}",
        f"Ngày cấp: {date_figures(issued)}",
        f"Nơi đăng ký hộ khẩu thường trú: {owner.residence}",
        f"Chỗ ở hiện tại: {owner.residence}",
    ):
        writer.paragraph(text, indent=0, gap=3)

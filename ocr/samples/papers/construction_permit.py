"""A construction permit of a district's People's Committee."""

import random as chance
from datetime import date

from ocr.samples.fonts import Fonts
from ocr.samples.offices import district_committee, make_head, signer_fields
from ocr.samples.paper import Paper, set_letterhead, set_signature
from ocr.samples.people import Person, make_day
from ocr.samples.typeset import PaperWriter

_WORKS = ("Nhà ở riêng lẻ", "Nhà ở kết hợp kinh doanh", "Nhà trọ cho thuê")


def make_construction_permit(random: chance.Random, fonts: Fonts, owner: Person) -> Paper:
    """Return a permit for the owner's house."""
    place, office = owner.home, district_committee(owner.home)
    day = make_day(random, date(2021, 2, 1), date(2025, 6, 20))
    number = f"{random.randint(3, 320):02d}/GPXD"
    works = random.choice(_WORKS)
    parcel, sheet = random.randint(12, 480), random.randint(2, 60)
    ground = random.randint(600, 1400) / 10
    floors = random.randint(1, 3)
    total = round(ground * floors, 1)
    density, factor = f"{random.randint(40, 80)}%", f"{random.randint(8, 22) / 10:.1f}".replace(".", ",")
    height, level = f"{floors * 3.6 + 1.2:.1f}m".replace(".", ","), f"+0,{random.randint(15, 60)}m"
    works_place = f"thửa đất số {parcel}, tờ bản đồ số {sheet}, {owner.residence}"
    land = f"Giấy chứng nhận quyền sử dụng đất số CH {random.randint(100, 9900):05d}"
    officer = make_head(random, "CHỦ TỊCH", above="TM. ỦY BAN NHÂN DÂN")
    writer = PaperWriter(fonts)
    set_letterhead(writer, office.letterhead(number, day))
    writer.skip(18)
    writer.line("GIẤY PHÉP XÂY DỰNG", writer.bold(16))
    writer.line("(Sử dụng cho nhà ở riêng lẻ)", writer.plain(13))
    writer.skip(8)
    honorific = owner.address_word.capitalize()
    for text in (
        f"1. Cấp cho: {honorific} {owner.name}",
        f"Địa chỉ: {owner.residence}",
        f"2. Được phép xây dựng công trình: {works}",
        f"- Vị trí xây dựng: {works_place}",
        f"- Cốt nền xây dựng công trình: {level}",
        f"- Mật độ xây dựng: {density}",
        f"- Hệ số sử dụng đất: {factor}",
        "- Chỉ giới xây dựng: trùng chỉ giới đường đỏ",
        f"- Diện tích xây dựng tầng 1: {_figures(ground)} m²",
        f"- Tổng diện tích sàn: {_figures(total)} m²",
        f"- Chiều cao công trình: {height}",
        f"- Số tầng: {floors:02d} tầng",
        f"3. Giấy tờ về đất: {land}",
        "4. Giấy phép này có hiệu lực khởi công xây dựng trong thời hạn 12 tháng kể từ ngày cấp; quá thời hạn trên "
        "thì phải "
        "đề nghị gia hạn giấy phép xây dựng.",
    ):
        writer.paragraph(text, gap=4)
    writer.skip(10)
    beside = ("Nơi nhận:", "- Chủ đầu tư;", f"- UBND {place.commune};", "- Lưu: VT, KTHT.")
    set_signature(writer, random, officer, rim=office.rim, beside=beside)
    fields = {
        **office.fields(number, day),
        "holder_name": owner.name,
        "residence": owner.residence,
        "works": works,
        "works_place": works_place,
        "foundation_level": level,
        "density": density,
        "land_use_factor": factor,
        "building_line": "trùng chỉ giới đường đỏ",
        "ground_floor_area": _plain(ground),
        "floor_area": _plain(total),
        "height": height,
        "floors": f"{floors:02d} tầng",
        "land_paper": land,
        **signer_fields(officer),
    }
    return Paper(
        kind="construction_permit", slug="giay-phep-xay-dung", sheets=writer.finish(), fields=fields, owner=owner
    )


def _figures(area: float) -> str:
    return f"{area:.1f}".replace(".", ",")


def _plain(area: float) -> str:
    return f"{area:.1f}".removesuffix(".0")

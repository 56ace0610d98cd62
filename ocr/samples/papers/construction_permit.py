"""A construction permit of a district's People's Committee."""

import random as chance
from datetime import date

from ocr.samples.fonts import Fonts
from ocr.samples.offices import district_committee, make_head, signer_fields
from ocr.samples.paper import Paper, SignatureBlock, set_letterhead, set_signature
from ocr.samples.people import Person, make_day
from ocr.samples.typeset import PaperWriter

_WORKS = ("Nhà ở riêng lẻ", "Nhà ở kết hợp kinh doanh", "Nhà trọ cho thuê")


def make_construction_permit(random: chance.Random, fonts: Fonts, owner: Person) -> Paper:
    """Return a permit for the owner's house."""
    office = district_committee(owner.home)
    day = make_day(random, date(2021, 2, 1), date(2025, 6, 20))
    number = f"{random.randint(3, 320):02d}/GPXD"
    house = _make_house(random, owner)
    officer = make_head(random, "CHỦ TỊCH", above="TM. ỦY BAN NHÂN DÂN")
    writer = PaperWriter(fonts)
    set_letterhead(writer, office.letterhead(number, day))
    writer.skip(18)
    writer.line("GIẤY PHÉP XÂY DỰNG", writer.bold(16))
    writer.line("(Sử dụng cho nhà ở riêng lẻ)", writer.plain(13))
    writer.skip(8)
    for text in (
        f"1. Cấp cho: {owner.address_word.capitalize()} {owner.name}",
        f"Địa chỉ: {owner.residence}",
        *(f"{label} {value}" for label, value in house.values()),
        "4. Giấy phép này có hiệu lực khởi công xây dựng trong thời hạn 12 tháng kể từ ngày cấp; quá thời hạn trên thì "
        "phải đề nghị gia hạn giấy phép xây dựng.",
    ):
        writer.paragraph(text, gap=4)
    writer.skip(10)
    beside = ("Nơi nhận:", "- Chủ đầu tư;", f"- UBND {owner.home.commune};", "- Lưu: VT, KTHT.")
    set_signature(writer, random, SignatureBlock(officer=officer, rim=office.rim, beside=beside))
    fields = {
        **office.fields(number, day),
        "holder_name": owner.name,
        "residence": owner.residence,
        **{name: _normalized(value) for name, (_, value) in house.items()},
        **signer_fields(officer),
    }
    return Paper(
        kind="construction_permit", slug="giay-phep-xay-dung", sheets=writer.finish(), fields=fields, owner=owner
    )


def _make_house(random: chance.Random, owner: Person) -> dict[str, tuple[str, str]]:
    """Return label and value of what is permitted, by field."""
    ground, floors = random.randint(600, 1400) / 10, random.randint(1, 3)
    parcel = f"thửa đất số {random.randint(12, 480)}, tờ bản đồ số {random.randint(2, 60)}"
    return {
        "works": ("2. Được phép xây dựng công trình:", random.choice(_WORKS)),
        "works_place": ("- Vị trí xây dựng:", f"{parcel}, {owner.residence}"),
        "foundation_level": ("- Cốt nền xây dựng công trình:", f"+0,{random.randint(15, 60)}m"),
        "density": ("- Mật độ xây dựng:", f"{random.randint(40, 80)}%"),
        "land_use_factor": ("- Hệ số sử dụng đất:", _figures(random.randint(8, 22) / 10)),
        "building_line": ("- Chỉ giới xây dựng:", "trùng chỉ giới đường đỏ"),
        "ground_floor_area": ("- Diện tích xây dựng tầng 1:", f"{_figures(ground)} m²"),
        "floor_area": ("- Tổng diện tích sàn:", f"{_figures(ground * floors)} m²"),
        "height": ("- Chiều cao công trình:", f"{_figures(floors * 3.6 + 1.2)}m"),
        "floors": ("- Số tầng:", f"{floors:02d} tầng"),
        "land_paper": (
            "3. Giấy tờ về đất:",
            f"Giấy chứng nhận quyền sử dụng đất số CH {random.randint(100, 9900):05d}",
        ),
    }


def _figures(number: float) -> str:
    return f"{number:.1f}".replace(".", ",")


def _normalized(value: str) -> str:
    """Return an area as a plain decimal number, and any other value as printed."""
    if not value.endswith(" m²"):
        return value
    return value.removesuffix(" m²").replace(",", ".").removesuffix(".0")

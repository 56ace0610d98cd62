"""Administrative papers that share a layout: directives, circulars, plans, reports, minutes and submissions."""

import random as chance
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from ocr.samples.fonts import Fonts
from ocr.samples.offices import Office, commune_committee, district_committee, make_head, signer_fields
from ocr.samples.paper import Paper, PaperMaker, SignatureBlock, set_letterhead, set_signature
from ocr.samples.people import Person, make_day
from ocr.samples.sheet import Rule
from ocr.samples.typeset import PaperWriter
from ocr.samples.words import letter_date


@dataclass(frozen=True, slots=True, kw_only=True)
class _Model:
    """What tells one of these papers from the others."""

    title: str
    slug: str
    sign: str
    """In its number."""
    subjects: tuple[str, ...]
    """With `{year}` and `{place}` where they stand in it."""
    body: tuple[str, ...]
    """Paragraphs, with the names that `_facts` gives in braces."""
    addressee: str = ""
    ministry: bool = False


_MODELS: Mapping[str, _Model] = MappingProxyType(
    {
        "directive": _Model(
            title="CHỈ THỊ",
            slug="chi-thi",
            sign="CT-UBND",
            subjects=(
                "Về việc tăng cường công tác phòng cháy, chữa cháy rừng mùa khô năm {year}",
                "Về việc chấn chỉnh kỷ luật, kỷ cương hành chính",
                "Về việc tổ chức đón Tết Nguyên đán năm {year}",
            ),
            body=(
                "Thời gian qua, việc thực hiện các quy định của pháp luật trên địa bàn {unit} đã có chuyển biến "
                "tích cực; tuy nhiên vẫn còn một số tồn tại, hạn chế cần được khắc phục.",
                "Để thực hiện tốt các nhiệm vụ được giao, Chủ tịch Ủy ban nhân dân {unit} yêu cầu:",
                "1. Thủ trưởng các phòng, ban chuyên môn tổ chức quán triệt nội dung Chỉ thị này đến toàn thể cán bộ, "
                "công chức, viên chức thuộc quyền quản lý.",
                "2. Công chức phụ trách phối hợp với {hamlet} kiểm tra, báo cáo kết quả trước {until}.",
                "3. Chỉ thị này có hiệu lực kể từ ngày ký./.",
            ),
        ),
        "circular": _Model(
            title="THÔNG TƯ",
            slug="thong-tu",
            sign="TT-BNV",
            subjects=(
                "Hướng dẫn chế độ báo cáo định kỳ trong lĩnh vực văn thư, lưu trữ",
                "Quy định về thời hạn bảo quản tài liệu hình thành trong hoạt động của cơ quan",
                "Sửa đổi, bổ sung một số quy định về tuyển dụng công chức",
            ),
            body=(
                "Căn cứ Luật Ban hành văn bản quy phạm pháp luật ngày 22 tháng 6 năm 2015;",
                "Theo đề nghị của Vụ trưởng Vụ Pháp chế;",
                "Bộ trưởng Bộ Nội vụ ban hành Thông tư.",
                "**Điều 1.** Phạm vi điều chỉnh: Thông tư này quy định về trình tự, thời hạn và trách nhiệm của các cơ "
                "quan, tổ chức có liên quan.",
                "**Điều 2.** Thông tư này có hiệu lực thi hành kể từ {until}.",
                "**Điều 3.** Trong quá trình thực hiện, nếu có vướng mắc, các cơ quan phản ánh về Bộ để được "
                "hướng dẫn./.",
            ),
            ministry=True,
        ),
        "plan": _Model(
            title="KẾ HOẠCH",
            slug="ke-hoach",
            sign="KH-UBND",
            subjects=(
                "Số hóa hồ sơ, kết quả giải quyết thủ tục hành chính năm {year}",
                "Kiểm tra công tác cải cách hành chính năm {year}",
                "Tiêm phòng vắc xin cho đàn gia súc, gia cầm đợt 1 năm {year}",
            ),
            body=(
                "I. MỤC ĐÍCH, YÊU CẦU",
                "1. Nâng cao hiệu quả quản lý nhà nước trên địa bàn {unit}, phục vụ tốt hơn cho người dân và doanh "
                "nghiệp.",
                "2. Việc tổ chức thực hiện phải tiết kiệm, đúng tiến độ, rõ trách nhiệm của từng cá nhân.",
                "II. NỘI DUNG VÀ TỔ CHỨC THỰC HIỆN",
                "1. Công chức Văn phòng - Thống kê chủ trì, phối hợp với {hamlet} triển khai từ nay đến {until}.",
                "2. Kinh phí thực hiện được bố trí trong dự toán năm {year} của Ủy ban nhân dân {unit}./.",
            ),
        ),
        "report": _Model(
            title="BÁO CÁO",
            slug="bao-cao",
            sign="BC-UBND",
            subjects=(
                "Tình hình kinh tế - xã hội năm {year}, phương hướng nhiệm vụ năm sau",
                "Kết quả tiếp công dân, giải quyết khiếu nại, tố cáo năm {year}",
                "Công tác đăng ký và quản lý hộ tịch năm {year}",
            ),
            body=(
                "Thực hiện chế độ báo cáo định kỳ, Ủy ban nhân dân {unit} báo cáo kết quả như sau:",
                "I. KẾT QUẢ ĐẠT ĐƯỢC",
                "Trong kỳ đã tiếp nhận {count} hồ sơ, giải quyết đúng hạn {done} hồ sơ; không có hồ sơ quá hạn do lỗi "
                "chủ quan của công chức.",
                "II. KHÓ KHĂN, VƯỚNG MẮC",
                "Trang thiết bị chưa đồng bộ; một số người dân ở {hamlet} còn ít sử dụng dịch vụ công trực tuyến.",
                "III. PHƯƠNG HƯỚNG",
                "Tiếp tục rà soát, đơn giản hóa thủ tục và đẩy mạnh tuyên truyền đến {until}./.",
            ),
        ),
        "minutes": _Model(
            title="BIÊN BẢN",
            slug="bien-ban",
            sign="BB-UBND",
            subjects=(
                "Họp xét duyệt hồ sơ đề nghị trợ giúp xã hội",
                "Kiểm tra hiện trạng sử dụng đất của hộ gia đình",
                "Bàn giao hồ sơ, tài liệu lưu trữ năm {year}",
            ),
            body=(
                "Hôm nay, {day}, tại trụ sở Ủy ban nhân dân {unit}, chúng tôi gồm:",
                "1. Đại diện Ủy ban nhân dân {unit}: ông {officer}.",
                "2. Đại diện {hamlet}: {owner}, sinh năm {born}.",
                "Nội dung: các bên đã xem xét hồ sơ, đối chiếu với thực tế và thống nhất những nội dung nêu trên.",
                "Biên bản được lập thành hai bản có giá trị như nhau, đã đọc lại cho mọi người cùng nghe và ký tên./.",
            ),
        ),
        "submission": _Model(
            title="TỜ TRÌNH",
            slug="to-trinh",
            sign="TTr-UBND",
            subjects=(
                "Về việc phê duyệt dự toán mua sắm thiết bị số hóa năm {year}",
                "Về việc đề nghị hỗ trợ kinh phí sửa chữa đường giao thông nông thôn",
                "Về việc điều chỉnh kế hoạch sử dụng đất năm {year}",
            ),
            body=(
                "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;",
                "Ủy ban nhân dân {unit} kính trình cấp có thẩm quyền xem xét các nội dung sau:",
                "1. Sự cần thiết: hiện trạng chưa đáp ứng nhu cầu của người dân, nhất là tại {hamlet}.",
                "2. Kinh phí dự kiến: {count} triệu đồng, thời gian thực hiện đến {until}.",
                "Ủy ban nhân dân {unit} kính đề nghị xem xét, quyết định./.",
            ),
            addressee="Ủy ban nhân dân {above}",
        ),
    }
)


def _ministry() -> Office:
    return Office(lines=("BỘ NỘI VỤ",), name="BỘ NỘI VỤ", rim=("BỘ NỘI VỤ", "VIỆT NAM"), seat="Hà Nội")


def _make(kind: str, random: chance.Random, fonts: Fonts, owner: Person) -> Paper:
    model, place = _MODELS[kind], owner.home
    office = _ministry() if model.ministry else random.choice((commune_committee, district_committee))(place)
    unit = office.name.removeprefix("Ủy ban nhân dân ")
    day = make_day(random, date(2021, 2, 1), date(2025, 6, 20))
    number = f"{random.randint(2, 390):02d}{f'/{day.year}' if model.ministry else ''}/{model.sign}"
    officer = make_head(random, "BỘ TRƯỞNG") if model.ministry else make_head(random, "CHỦ TỊCH")
    facts = {
        "unit": unit,
        "above": place.province if unit.startswith("huyện") else place.district,
        "hamlet": owner.hamlet,
        "owner": f"{owner.address_word} {owner.name}",
        "officer": officer.name,
        "born": str(owner.birth_date.year),
        "year": str(day.year + 1),
        "day": letter_date(day),
        "until": letter_date(day + timedelta(days=60)),
        "count": str(random.randint(120, 890)),
        "done": str(random.randint(100, 120)),
    }
    subject = random.choice(model.subjects).format(**facts)
    writer = PaperWriter(fonts)
    set_letterhead(writer, office.letterhead(number, day))
    writer.skip(18)
    writer.line(model.title, writer.bold(14))
    writer.centered(subject, writer.bold(14), 340)
    writer.put(Rule(x0=writer.center - 40, y0=writer.y + 3, x1=writer.center + 40, y1=writer.y + 3))
    writer.skip(16)
    if model.addressee:
        writer.line(f"Kính gửi: {model.addressee.format(**facts)}.")
        writer.skip(8)
    for text in model.body:
        writer.paragraph(text.format(**facts))
    writer.skip(10)
    beside = ("Nơi nhận:", "- Như trên;", f"- Trưởng {owner.hamlet};", "- Lưu: VT.")
    set_signature(writer, random, SignatureBlock(officer=officer, rim=office.rim, beside=beside))
    fields = {**office.fields(number, day), "subject": subject, **signer_fields(officer)}
    return Paper(kind=kind, slug=model.slug, sheets=writer.finish(), fields=fields, owner=owner)


def _maker(kind: str) -> PaperMaker:
    def make(random: chance.Random, fonts: Fonts, owner: Person) -> Paper:
        return _make(kind, random, fonts, owner)

    return make


ADMINISTRATIVE: Mapping[str, PaperMaker] = MappingProxyType({kind: _maker(kind) for kind in _MODELS})
"""Makers of these papers by their kind."""

"""A resolution of a district's People's Council."""

import random as chance
from datetime import date

from ocr.samples.fonts import Fonts
from ocr.samples.offices import district_council, make_head, signer_fields
from ocr.samples.paper import Paper, SignatureBlock, set_letterhead, set_signature
from ocr.samples.people import Person, make_day
from ocr.samples.sheet import Rule
from ocr.samples.typeset import PaperWriter
from ocr.samples.words import letter_date

_TOPICS = (
    "dự toán thu, chi ngân sách nhà nước năm {year}",
    "kế hoạch đầu tư công trung hạn giai đoạn 2021 - 2025",
    "nhiệm vụ phát triển kinh tế - xã hội năm {year}",
)


def make_resolution(random: chance.Random, fonts: Fonts, owner: Person) -> Paper:
    """Return a resolution of the council at the owner's home."""
    place, office = owner.home, district_council(owner.home)
    day = make_day(random, date(2021, 7, 1), date(2024, 12, 20))
    number = f"{random.randint(2, 60):02d}/NQ-HĐND"
    subject = f"Về {random.choice(_TOPICS).format(year=day.year + 1)}"
    officer = make_head(random, "CHỦ TỊCH")
    session = random.randint(3, 18)
    writer = PaperWriter(fonts)
    set_letterhead(writer, office.letterhead(number, day))
    writer.skip(18)
    writer.line("NGHỊ QUYẾT", writer.bold(14))
    writer.centered(subject, writer.bold(14), 340)
    writer.put(Rule(x0=writer.center - 40, y0=writer.y + 3, x1=writer.center + 40, y1=writer.y + 3))
    writer.skip(14)
    writer.line(f"HỘI ĐỒNG NHÂN DÂN {place.district.upper()}", writer.bold(13.5))
    writer.line(f"KHÓA XII, KỲ HỌP THỨ {session}", writer.bold(13.5))
    writer.skip(8)
    for text in (
        "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;",
        "Căn cứ Luật Ngân sách nhà nước ngày 25 tháng 6 năm 2015;",
        f"Xét Tờ trình số {random.randint(20, 190)}/TTr-UBND của Ủy ban nhân dân {place.district}; báo cáo thẩm tra "
        f"của Ban Kinh "
        "tế - Xã hội và ý kiến thảo luận của đại biểu Hội đồng nhân dân tại kỳ họp.",
    ):
        writer.paragraph(text, writer.italic(), gap=4)
    writer.line("QUYẾT NGHỊ:", writer.bold(14))
    writer.skip(4)
    for text in (
        f"**Điều 1.** Thông qua nội dung {subject[3:]} của {place.district} theo Tờ trình của Ủy ban nhân dân "
        f"{place.district}.",
        f"**Điều 2.** Giao Ủy ban nhân dân {place.district} tổ chức thực hiện; Thường trực, các Ban và đại biểu Hội "
        f"đồng nhân "
        "dân giám sát việc thực hiện Nghị quyết này.",
        f"Nghị quyết này đã được Hội đồng nhân dân {place.district} khóa XII, kỳ họp thứ {session} thông qua "
        f"{letter_date(day)} và có hiệu lực kể từ ngày thông qua./.",
    ):
        writer.paragraph(text)
    writer.skip(10)
    beside = ("Nơi nhận:", f"- TT.HĐND {place.province};", f"- UBND {place.district};", "- Lưu: VT.")
    set_signature(writer, random, SignatureBlock(officer=officer, rim=office.rim, beside=beside))
    fields = {**office.fields(number, day), "subject": subject, **signer_fields(officer)}
    return Paper(kind="resolution", slug="nghi-quyet", sheets=writer.finish(), fields=fields, owner=owner)

"""A notice of a district's People's Committee."""

import random as chance
from datetime import date, timedelta

from ocr.samples.fonts import Fonts
from ocr.samples.offices import district_committee, make_head, signer_fields
from ocr.samples.paper import Paper, SignatureBlock, set_letterhead, set_signature
from ocr.samples.people import Person, make_day
from ocr.samples.sheet import Rule
from ocr.samples.typeset import PaperWriter
from ocr.samples.words import letter_date

_TOPICS = ("tiếp công dân định kỳ", "niêm yết công khai hồ sơ cấp giấy chứng nhận", "thu hồi đất để làm đường liên xã")


def make_notice(random: chance.Random, fonts: Fonts, owner: Person) -> Paper:
    """Return a notice that names the owner."""
    place, office = owner.home, district_committee(owner.home)
    day = make_day(random, date(2021, 2, 1), date(2025, 5, 20))
    number = f"{random.randint(5, 480):02d}/TB-UBND"
    subject = f"Về việc {random.choice(_TOPICS)}"
    officer = make_head(random, "CHỦ TỊCH", above="TM. ỦY BAN NHÂN DÂN")
    writer = PaperWriter(fonts)
    set_letterhead(writer, office.letterhead(number, day))
    writer.skip(18)
    writer.line("THÔNG BÁO", writer.bold(14))
    writer.centered(subject, writer.bold(14), 340)
    writer.put(Rule(x0=writer.center - 40, y0=writer.y + 3, x1=writer.center + 40, y1=writer.y + 3))
    writer.skip(18)
    until = letter_date(day + timedelta(days=15))
    for text in (
        f"Căn cứ quy định của pháp luật và đề nghị của Ủy ban nhân dân {place.commune}, Ủy ban nhân dân "
        f"{place.district} thông "
        f"báo về trường hợp của {owner.address_word} {owner.name}, sinh năm {owner.birth_date.year}, cư trú tại "
        f"{owner.residence}, như sau:",
        f"1. Hồ sơ được niêm yết công khai tại trụ sở Ủy ban nhân dân {place.commune} trong thời hạn 15 ngày, đến "
        f"hết {until}.",
        "2. Tổ chức, cá nhân có ý kiến khác gửi văn bản về Bộ phận tiếp nhận và trả kết quả trong thời hạn nói trên; "
        "quá "
        "thời hạn, mọi khiếu nại về sau sẽ không được xem xét theo thủ tục này.",
        f"3. Giao Ủy ban nhân dân {place.commune} thông báo trên hệ thống truyền thanh và lập biên bản kết thúc niêm "
        f"yết./.",
    ):
        writer.paragraph(text)
    writer.skip(10)
    beside = ("Nơi nhận:", f"- UBND {place.commune};", "- Các phòng, ban liên quan;", "- Lưu: VT, TNMT.")
    set_signature(writer, random, SignatureBlock(officer=officer, rim=office.rim, beside=beside))
    fields = {**office.fields(number, day), "subject": subject, **signer_fields(officer)}
    return Paper(kind="notice", slug="thong-bao", sheets=writer.finish(), fields=fields, owner=owner)

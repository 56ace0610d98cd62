"""An official letter of a commune's People's Committee: no title, `V/v` under the number, an addressee."""

import random as chance
from datetime import date

from ocr.samples.fonts import Fonts
from ocr.samples.offices import commune_committee, make_head, signer_fields
from ocr.samples.paper import Paper, SignatureBlock, set_letterhead, set_signature
from ocr.samples.people import Person, make_day
from ocr.samples.typeset import PaperWriter
from ocr.samples.words import date_figures, letter_date

_TOPICS = (
    "xác minh thông tin cư trú của công dân",
    "cung cấp hồ sơ đất đai phục vụ giải quyết đơn",
    "đề nghị cấp lại thẻ bảo hiểm y tế",
)


def make_official_letter(random: chance.Random, fonts: Fonts, owner: Person) -> Paper:
    """Return a letter that concerns the owner."""
    place, office = owner.home, commune_committee(owner.home)
    day = make_day(random, date(2021, 2, 1), date(2025, 6, 20))
    number = f"{random.randint(4, 690):02d}/UBND-{random.choice(('VX', 'KT', 'TP', 'NC'))}"
    about = f"V/v {random.choice(_TOPICS)}"
    received = make_day(random, min(date(day.year, 1, 2), day), day)
    officer = make_head(random, "CHỦ TỊCH", above="TM. ỦY BAN NHÂN DÂN")
    writer = PaperWriter(fonts)
    set_letterhead(writer, office.letterhead(number, day, about))
    writer.skip(18)
    writer.line(f"Kính gửi: {random.choice(('Công an', 'Văn phòng UBND', 'Phòng Tư pháp'))} {place.district}.")
    writer.skip(10)
    who = f"{owner.address_word} {owner.name}"
    for text in (
        f"Ủy ban nhân dân {place.commune} nhận được đơn đề ngày {date_figures(received)} của {who}, sinh năm "
        f"{owner.birth_date.year}, số định danh cá nhân {owner.personal_number}, hiện cư trú tại {owner.residence}.",
        f"Qua kiểm tra hồ sơ lưu trữ và ý kiến của Trưởng {owner.hamlet}, Ủy ban nhân dân {place.commune} nhận thấy "
        f"nội dung "
        f"trình bày của {who} là phù hợp với thực tế tại địa phương. Việc giải quyết thuộc thẩm quyền của quý cơ quan.",
        f"Ủy ban nhân dân {place.commune} kính đề nghị quý cơ quan xem xét, giải quyết và thông báo kết quả bằng văn "
        f"bản "
        f"trước {letter_date(date(day.year, 12, 20))} để trả lời công dân theo quy định./.",
    ):
        writer.paragraph(text)
    writer.skip(12)
    beside = ("Nơi nhận:", "- Như trên;", "- CT, các PCT UBND xã;", "- Lưu: VT.")
    set_signature(writer, random, SignatureBlock(officer=officer, rim=office.rim, beside=beside))
    fields = {**office.fields(number, day), "subject": about, **signer_fields(officer)}
    return Paper(kind="official_letter", slug="cong-van", sheets=writer.finish(), fields=fields, owner=owner)

"""A decision of a commune's People's Committee on monthly social support, two pages."""

import random as chance
from dataclasses import replace
from datetime import date

from ocr.samples.fonts import Fonts
from ocr.samples.offices import commune_committee, make_head, signer_fields
from ocr.samples.paper import Paper, SignatureBlock, set_letterhead, set_signature
from ocr.samples.people import Person, make_day
from ocr.samples.sheet import Rule
from ocr.samples.typeset import Column, PaperWriter
from ocr.samples.words import date_figures, number_words

_SUBJECTS = (
    ("trợ cấp xã hội hàng tháng", "hưởng trợ cấp xã hội hàng tháng"),
    ("hỗ trợ xóa nhà tạm, nhà dột nát", "nhận kinh phí hỗ trợ xóa nhà tạm, nhà dột nát"),
    ("công nhận hộ thoát nghèo", "được công nhận hộ thoát nghèo và hưởng hỗ trợ sản xuất"),
)


def make_decision(random: chance.Random, fonts: Fonts, owner: Person) -> Paper:
    """Return a decision about the owner."""
    return _make(random, fonts, owner, dated=True)


def make_undated_decision(random: chance.Random, fonts: Fonts, owner: Person) -> Paper:
    """Return a decision whose number and date were left blank, to be written by hand, and were not."""
    return _make(random, fonts, owner, dated=False)


def _make(random: chance.Random, fonts: Fonts, owner: Person, *, dated: bool) -> Paper:
    place, office = owner.home, commune_committee(owner.home)
    day = make_day(random, date(2021, 2, 1), date(2025, 6, 20))
    number = f"{random.randint(3, 480):02d}/QĐ-UBND"
    topic, granted = random.choice(_SUBJECTS)
    subject = f"Về việc {topic} đối với {owner.address_word} {owner.name}"
    officer = make_head(random, "CHỦ TỊCH")
    writer = PaperWriter(fonts)
    head = office.letterhead(number, day)
    set_letterhead(writer, head if dated else replace(head, number="        /QĐ-UBND", day=None))
    writer.skip(14)
    writer.line("QUYẾT ĐỊNH", writer.bold(14))
    writer.centered(subject, writer.bold(14), 340)
    writer.put(Rule(x0=writer.center - 45, y0=writer.y + 3, x1=writer.center + 45, y1=writer.y + 3))
    writer.skip(16)
    writer.line(f"CHỦ TỊCH ỦY BAN NHÂN DÂN {place.commune.upper()}", writer.bold(13.5))
    writer.skip(8)
    _set_grounds(writer, random, owner, day)
    writer.skip(4)
    writer.line("QUYẾT ĐỊNH:", writer.bold(14))
    writer.skip(6)
    _set_articles(writer, random, owner, granted)
    recipients = (
        "Nơi nhận:",
        "- Như Điều 4;",
        f"- Thường trực Đảng ủy, HĐND {place.commune};",
        f"- Phòng Lao động - TB&XH {place.district};",
        f"- Trưởng {owner.hamlet};",
        "- Lưu: VT, VHXH.",
    )
    set_signature(writer, random, SignatureBlock(officer=officer, rim=office.rim, beside=recipients))
    fields = {**office.fields(number, day), "subject": subject, **signer_fields(officer)}
    if not dated:
        fields = {name: value for name, value in fields.items() if name not in ("number", "issue_date")}
    return Paper(kind="decision", slug="quyet-dinh", sheets=writer.finish(), fields=fields, owner=owner)


def _set_grounds(writer: PaperWriter, random: chance.Random, owner: Person, day: date) -> None:
    style = writer.italic()
    place = owner.home
    council = random.randint(4, 19)
    for ground in (
        "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015; Luật sửa đổi, bổ sung một số điều của "
        "Luật Tổ chức Chính phủ và Luật Tổ chức chính quyền địa phương ngày 22 tháng 11 năm 2019;",
        "Căn cứ Nghị định số 20/2021/NĐ-CP ngày 15 tháng 3 năm 2021 của Chính phủ quy định chính sách trợ giúp xã hội "
        "đối với đối tượng bảo trợ xã hội;",
        f"Căn cứ Nghị quyết số {council}/NQ-HĐND của Hội đồng nhân dân {place.commune} về dự toán thu, chi ngân sách "
        f"năm {day.year};",
        f"Theo đề nghị của công chức Văn hóa - Xã hội và biên bản họp của {owner.hamlet}, {place.commune}.",
    ):
        writer.paragraph(ground, style, gap=4)


def _set_articles(writer: PaperWriter, random: chance.Random, owner: Person, granted: str) -> None:
    place = owner.home
    amount = 360_000 * random.choice((1, 2, 3, 5))
    start = random.randint(1, 12)
    writer.paragraph(
        f"**Điều 1.** Quyết định cho {owner.address_word} **{owner.name}**, sinh ngày "
        f"{date_figures(owner.birth_date)}, số định danh cá nhân {owner.personal_number}, dân tộc {owner.ethnicity}, "
        f"nơi thường trú: {owner.residence}, {granted}, theo danh mục sau đây:"
    )
    writer.table(
        (
            Column(title="TT", share=0.08, align=0.5),
            Column(title="Nội dung hỗ trợ", share=0.46),
            Column(title="Thời gian", share=0.22, align=0.5),
            Column(title="Mức tiền (đồng)", share=0.24, align=1.0),
        ),
        (
            ("1", "Hỗ trợ hàng tháng theo đối tượng", f"Từ tháng {start}", _money(amount)),
            ("2", "Hỗ trợ chi phí chăm sóc, nuôi dưỡng tại cộng đồng", "Một lần", _money(amount * 2)),
            ("3", "Cấp thẻ bảo hiểm y tế theo quy định", "Hàng năm", "0"),
            ("", "Tổng cộng", "", _money(amount * 3)),
        ),
    )
    words = number_words(amount * 3)
    writer.paragraph(f"Số tiền ghi bằng chữ: {words[0].upper()}{words[1:]} đồng.", writer.italic())
    who = f"{owner.address_word} {owner.name}"
    for text in (
        f"**Điều 2.** Kinh phí thực hiện được bảo đảm từ nguồn ngân sách nhà nước đã giao cho Ủy ban nhân dân "
        f"{place.commune} và các nguồn kinh phí huy động hợp pháp khác. Việc chi trả được thực hiện qua tài khoản của "
        f"người thụ hưởng hoặc qua đơn vị cung cấp dịch vụ chi trả trên địa bàn {place.district}.",
        f"**Điều 3.** Giao công chức Tài chính - Kế toán phối hợp với công chức Văn hóa - Xã hội hướng dẫn {who} "
        "hoàn thiện hồ sơ, mở sổ theo dõi, thực hiện thanh toán, quyết toán đúng chế độ hiện hành; kịp thời "
        "báo cáo Ủy ban nhân dân xã khi người thụ hưởng thay đổi nơi cư trú hoặc không còn đủ điều kiện.",
        f"**Điều 4.** Quyết định này có hiệu lực thi hành kể từ ngày ký. Công chức Văn phòng - Thống kê, Trưởng "
        f"{owner.hamlet}, các đơn vị, cá nhân có liên quan và {who} chịu trách nhiệm "
        "thi hành Quyết định này./.",
    ):
        writer.paragraph(text)
    writer.skip(8)


def _money(amount: int) -> str:
    return f"{amount:,}".replace(",", ".")

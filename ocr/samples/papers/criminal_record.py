"""A criminal record, form 1, by a province's department of justice."""

import random as chance
from datetime import date

from ocr.samples.fonts import Fonts
from ocr.samples.offices import make_head, province_department, signer_fields
from ocr.samples.paper import Paper, SignatureBlock, set_letterhead, set_signature
from ocr.samples.people import Person, make_day
from ocr.samples.typeset import Cell, PaperWriter
from ocr.samples.words import date_figures


def make_criminal_record(random: chance.Random, fonts: Fonts, owner: Person) -> Paper:
    """Return the owner's record, which holds nothing."""
    place, office = owner.home, province_department(owner.home, "SỞ TƯ PHÁP")
    day = make_day(random, date(2021, 4, 1), date(2025, 2, 20))
    number = f"{random.randint(100, 4200)}/STP-LLTP"
    issued = date_figures(make_day(random, date(2020, 8, 1), date(2021, 3, 20)))
    officer = make_head(random, "GIÁM ĐỐC")
    writer = PaperWriter(fonts)
    set_letterhead(writer, office.letterhead(number, day))
    writer.skip(22)
    writer.line("PHIẾU LÝ LỊCH TƯ PHÁP SỐ 1", writer.bold(16))
    writer.skip(10)
    writer.paragraph("Căn cứ Luật Lý lịch tư pháp ngày 17 tháng 6 năm 2009;", writer.italic(), gap=8)
    writer.line("XÁC NHẬN:", writer.bold(14))
    writer.skip(4)
    for label, value in (
        ("1. Họ và tên:", owner.name.upper()),
        ("2. Giới tính:", owner.sex),
        ("3. Ngày, tháng, năm sinh:", date_figures(owner.birth_date)),
        ("4. Nơi sinh:", place.address),
        ("5. Quốc tịch:", "Việt Nam"),
        ("6. Nơi thường trú:", owner.residence),
        ("7. Giấy tờ tùy thân:", f"Căn cước công dân số {owner.personal_number}, cấp ngày {issued}"),
        ("8. Tình trạng án tích:", "Không có án tích"),
    ):
        writer.form_row(Cell(label=label, value=value))
    writer.skip(18)
    beside = ("Nơi nhận:", "- Như mục 1;", "- Lưu: HSLLTP.")
    set_signature(writer, random, SignatureBlock(officer=officer, rim=office.rim, beside=beside))
    fields = {
        **office.fields(number, day),
        "record_form": "SỐ 1",
        "holder_name": owner.name.upper(),
        "sex": owner.sex,
        "birth_date": owner.birth_date.isoformat(),
        "birth_place": place.address,
        "nationality": "Việt Nam",
        "residence": owner.residence,
        "holder_id": owner.personal_number,
        "criminal_status": "Không có án tích",
        **signer_fields(officer),
    }
    return Paper(
        kind="criminal_record", slug="phieu-ly-lich-tu-phap", sheets=writer.finish(), fields=fields, owner=owner
    )

"""A confirmation of marital status, one page: letterhead, form rows, validity and purpose."""

import random as chance
from datetime import date

from ocr.samples.fonts import Fonts
from ocr.samples.offices import commune_committee, make_head, signer_fields
from ocr.samples.paper import Paper, SignatureBlock, set_letterhead, set_signature, set_traits, trait_fields
from ocr.samples.people import Person, make_day
from ocr.samples.typeset import Cell, PaperWriter
from ocr.samples.words import date_figures

_PURPOSES = (
    "đăng ký kết hôn",
    "làm thủ tục mua bán nhà ở và quyền sử dụng đất",
    "bổ sung hồ sơ vay vốn tại ngân hàng",
)
_STATES = (
    "Chưa đăng ký kết hôn với ai",
    "Đã ly hôn theo Quyết định của Tòa án nhân dân, hiện tại chưa đăng ký kết hôn với ai",
)


def make_marital_status(random: chance.Random, fonts: Fonts, owner: Person) -> Paper:
    """Return the confirmation for the owner."""
    office = commune_committee(owner.home)
    day = make_day(random, date(2023, 1, 5), date(2025, 6, 20))
    number = f"{random.randint(2, 260):02d}/UBND-XNTTHN"
    purpose, state = random.choice(_PURPOSES), random.choice(_STATES)
    issued = make_day(random, date(2021, 3, 1), date(2022, 12, 30))
    officer = make_head(random, "CHỦ TỊCH")
    writer = PaperWriter(fonts)
    set_letterhead(writer, office.letterhead(number, day))
    writer.skip(24)
    writer.line("GIẤY XÁC NHẬN TÌNH TRẠNG HÔN NHÂN", writer.bold(16))
    writer.skip(12)
    _set_rows(writer, owner, (issued, day), state)
    writer.skip(6)
    validity = "Giấy này có giá trị sử dụng trong thời hạn 6 tháng, kể từ ngày cấp, được sử dụng để:"
    writer.paragraph(f"{validity} {purpose}.")
    writer.skip(14)
    set_signature(writer, random, SignatureBlock(officer=officer, rim=office.rim))
    fields = {
        **office.fields(number, day),
        "holder_name": owner.name.upper(),
        "birth_date": owner.birth_date.isoformat(),
        **trait_fields(owner),
        "holder_id": owner.personal_number,
        "residence": owner.residence,
        "marital_status": state,
        "purpose": purpose,
        **signer_fields(officer),
    }
    sheets = writer.finish()
    return Paper(kind="marital_status", slug="xac-nhan-tinh-trang-hon-nhan", sheets=sheets, fields=fields, owner=owner)


def _set_rows(writer: PaperWriter, owner: Person, days: tuple[date, date], state: str) -> None:
    """Set request and confirmation; the days are those of the identity card and of the paper."""
    issued, day = days
    since = owner.birth_date.replace(year=owner.birth_date.year + 18, day=min(owner.birth_date.day, 28))
    request = f"về việc cấp Giấy xác nhận tình trạng hôn nhân cho {owner.address_word}: {owner.name}"
    writer.form_row(Cell(label="Xét đề nghị của ông/bà:", value=f"{owner.name}, {request}"))
    writer.skip(4)
    writer.line("XÁC NHẬN:", writer.bold(14))
    writer.skip(4)
    writer.form_row(Cell(label="Họ, chữ đệm, tên:", value=owner.name.upper()), hand=writer.bold())
    writer.form_row(Cell(label="Ngày, tháng, năm sinh:", value=date_figures(owner.birth_date)))
    set_traits(writer, owner)
    identity = f"Căn cước công dân số {owner.personal_number}, cấp ngày {date_figures(issued)}"
    writer.form_row(Cell(label="Giấy tờ tùy thân:", value=identity))
    writer.form_row(Cell(label="Nơi cư trú:", value=owner.residence))
    writer.form_row(Cell(label="Trong thời gian cư trú tại:", value=owner.home.address))
    writer.form_row(
        Cell(label="Từ ngày", value=date_figures(since), share=0.45),
        Cell(label="đến ngày", value=date_figures(day), share=0.55),
    )
    writer.form_row(Cell(label="Tình trạng hôn nhân:", value=f"{state}."))

"""A marriage certificate: wife and husband in two columns, in a frame."""

import random as chance
from datetime import date
from functools import partial

from ocr.samples.fonts import Fonts
from ocr.samples.offices import commune_committee, make_head, signer_fields
from ocr.samples.paper import Paper, SignatureBlock, set_country, set_frame, set_signature
from ocr.samples.people import Person, make_day, make_person
from ocr.samples.sheet import MILLIMETRE, Emblem, Scribble
from ocr.samples.typeset import LEADING, Cell, Margins, PaperWriter
from ocr.samples.words import date_figures

_FRAME = (176, 84, 92)


def make_marriage_certificate(random: chance.Random, fonts: Fonts, owner: Person) -> Paper:
    """Return the certificate of the owner's marriage."""
    place, office = owner.home, commune_committee(owner.home)
    other = "Nữ" if owner.sex == "Nam" else "Nam"
    spouse = make_person(random, born=(owner.birth_date.year - 4, owner.birth_date.year + 4), sex=other)
    wife, husband = (owner, spouse) if owner.sex == "Nữ" else (spouse, owner)
    day = make_day(random, date(2021, 3, 1), date(2025, 6, 15))
    number = f"{random.randint(1, 190):02d}/{day.year}"
    issued = make_day(random, date(2020, 8, 1), date(2021, 2, 20))
    officer = make_head(random, "CHỦ TỊCH")
    writer = PaperWriter(fonts, margins=Margins(left=20 * MILLIMETRE, right=19 * MILLIMETRE, top=22 * MILLIMETRE))
    writer.leaders_under = True
    set_frame(writer, _FRAME, (10, 2.4), (12, 0.7))
    set_country(writer)
    writer.put(Emblem(x=writer.center, y=writer.y + 26, radius=21))
    writer.skip(54)
    writer.line("GIẤY CHỨNG NHẬN KẾT HÔN", writer.bold(22))
    writer.line(f"Số: {number}", writer.plain(13.5))
    writer.skip(12)
    _set_couple(writer, wife, husband, date_figures(issued))
    writer.form_row(Cell(label="Nơi đăng ký kết hôn:", value=f"Ủy ban nhân dân {place.address}"))
    writer.form_row(Cell(label="Ngày, tháng, năm đăng ký:", value=date_figures(day)))
    writer.skip(8)
    _set_signers(writer, random, wife, husband)
    set_signature(
        writer, random, SignatureBlock(officer=officer, rim=office.rim, above="NGƯỜI KÝ GIẤY CHỨNG NHẬN KẾT HÔN")
    )
    fields = {
        "number": number,
        **_person_fields("wife", wife),
        **_person_fields("husband", husband),
        "registration_place": f"Ủy ban nhân dân {place.address}",
        "registration_date": day.isoformat(),
        **signer_fields(officer),
    }
    return Paper(
        kind="marriage_certificate", slug="giay-chung-nhan-ket-hon", sheets=writer.finish(), fields=fields, owner=owner
    )


def _set_couple(writer: PaperWriter, wife: Person, husband: Person, issued: str) -> None:
    top, middle, ends, columns = writer.y, writer.center, [], []
    for word, person, x0, x1 in (
        ("vợ", wife, writer.left, middle - 8),
        ("chồng", husband, middle + 8, writer.right),
    ):
        writer.y = top
        columns.append(writer.in_column(x0, x1, partial(_set_person, writer, word, person, issued)))
        ends.append(writer.y)
    writer.side_by_side(*columns)
    writer.y = max(ends) + 6


def _set_person(writer: PaperWriter, word: str, person: Person, issued: str) -> None:
    writer.form_row(Cell(label=f"Họ, chữ đệm, tên {word}:"), gap=1)
    writer.form_row(Cell(label="", value=person.name.upper()), hand=writer.bold())
    writer.form_row(Cell(label="Ngày, tháng, năm sinh:", value=date_figures(person.birth_date)))
    writer.form_row(Cell(label="Dân tộc:", value=person.ethnicity))
    writer.form_row(Cell(label="Quốc tịch:", value="Việt Nam"))
    writer.form_row(Cell(label="Nơi cư trú:", value=person.residence))
    writer.form_row(
        Cell(label="Giấy tờ tùy thân:", value=f"Căn cước công dân số {person.personal_number}, cấp ngày {issued}")
    )


def _set_signers(writer: PaperWriter, random: chance.Random, wife: Person, husband: Person) -> None:
    """Set wife's and husband's own signatures side by side."""
    step, height = 12 * LEADING, 15 * MILLIMETRE
    columns = []
    for word, person, share in (("Vợ", wife, 0.25), ("Chồng", husband, 0.75)):
        x = writer.left + share * (writer.right - writer.left)
        writer.put_line(word, writer.bold(12), x, writer.y + step, align=0.5)
        name_y = writer.y + step + height + 10
        writer.put(Scribble(x=x - 60, y=writer.y + step + 2, width=120, height=height, seed=random.getrandbits(32)))
        writer.put_line(person.name, writer.plain(12.5), x, name_y, align=0.5)
        columns.append([word, person.name])
    writer.side_by_side(*columns)
    writer.y += step + height + 16


def _person_fields(role: str, person: Person) -> dict[str, str]:
    return {
        f"{role}_name": person.name.upper(),
        f"{role}_birth_date": person.birth_date.isoformat(),
        f"{role}_ethnicity": person.ethnicity,
        f"{role}_nationality": "Việt Nam",
        f"{role}_residence": person.residence,
        f"{role}_id": person.personal_number,
    }

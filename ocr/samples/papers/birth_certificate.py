"""A birth certificate in the form of TT 04/2020/TT-BTP, one page with dotted leaders in a frame."""

import random as chance
from datetime import date, timedelta

from ocr.samples.fonts import Fonts
from ocr.samples.offices import commune_committee, make_head, signer_fields
from ocr.samples.paper import Paper, put_ink, set_country, set_frame, set_traits, trait_fields
from ocr.samples.people import Person, make_day, make_person
from ocr.samples.sheet import MILLIMETRE, Emblem
from ocr.samples.typeset import LEADING, Cell, Margins, PaperWriter
from ocr.samples.words import date_figures, date_words

_FRAME = (176, 84, 92)


def make_birth_certificate(random: chance.Random, fonts: Fonts, owner: Person) -> Paper:
    """Return the birth certificate of a child of the owner's family; the child is its holder."""
    place, office = owner.home, commune_committee(owner.home)
    spouse = make_person(
        random, born=(owner.birth_date.year - 3, owner.birth_date.year + 3), sex=_other(owner.sex), home=place
    )
    mother, father = (owner, spouse) if owner.sex == "Nữ" else (spouse, owner)
    child = make_person(random, born=(2022, 2024), family=father.name.split()[0], home=place)
    registered = child.birth_date + timedelta(days=random.randint(3, 50))
    number = f"{random.randint(1, 320):02d}/{registered.year}"
    declarant = random.choice((mother, father))
    officer = make_head(random, "CHỦ TỊCH")
    writer = PaperWriter(fonts, margins=Margins(left=24 * MILLIMETRE, right=22 * MILLIMETRE, top=24 * MILLIMETRE))
    writer.leaders_under = True
    set_frame(writer, _FRAME, (11, 2.4), (13, 0.7))
    set_country(writer)
    writer.put(Emblem(x=writer.center, y=writer.y + 26, radius=21))
    writer.skip(50)
    _set_number(writer, number)
    writer.line("GIẤY KHAI SINH", writer.bold(24))
    writer.skip(10)
    birth_place = f"Trung tâm Y tế {place.district}, {place.province}"
    _set_child(writer, child, birth_place)
    _set_parent(writer, "mẹ", mother)
    _set_parent(writer, "cha", father)
    agency = f"Ủy ban nhân dân {place.address}"
    issued = make_day(random, date(2021, 5, 1), child.birth_date)
    _set_registration(writer, declarant, issued, (agency, date_figures(registered)))
    _set_signer(writer, random, officer.name, officer.title.split("\n"), office.rim)
    fields = {
        "number": number,
        "registration_date": registered.isoformat(),
        "holder_name": child.name.upper(),
        "birth_date": child.birth_date.isoformat(),
        **trait_fields(child),
        "birth_place": birth_place,
        "home_town": place.address,
        "holder_id": child.personal_number,
        **_parent_fields("mother", mother),
        **_parent_fields("father", father),
        "declarant_name": declarant.name,
        "issuer": agency,
        **signer_fields(officer),
    }
    return Paper(kind="birth_certificate", slug="giay-khai-sinh", sheets=writer.finish(), fields=fields, owner=owner)


def _other(sex: str) -> str:
    return "Nữ" if sex == "Nam" else "Nam"


def _set_number(writer: PaperWriter, number: str) -> None:
    text = f"Số: {number}"
    writer.put_line(text, writer.plain(13.5), writer.right, writer.y - 18, align=1.0)
    writer.record(text)


def _set_child(writer: PaperWriter, child: Person, birth_place: str) -> None:
    style = writer.bold()
    writer.form_row(Cell(label="Họ, chữ đệm, tên:", value=child.name.upper()), hand=style)
    writer.form_row(Cell(label="Ngày, tháng, năm sinh:", value=date_figures(child.birth_date)))
    writer.form_row(Cell(label="ghi bằng chữ:", value=date_words(child.birth_date)))
    set_traits(writer, child)
    writer.form_row(Cell(label="Nơi sinh:", value=birth_place))
    writer.form_row(Cell(label="Quê quán:", value=child.home.address))
    writer.form_row(Cell(label="Số định danh cá nhân:", value=child.personal_number))


def _set_parent(writer: PaperWriter, word: str, parent: Person) -> None:
    writer.form_row(Cell(label=f"Họ, chữ đệm, tên người {word}:", value=parent.name.upper()))
    writer.form_row(
        Cell(label="Năm sinh:", value=str(parent.birth_date.year), share=0.28),
        Cell(label="Dân tộc:", value=parent.ethnicity, share=0.34),
        Cell(label="Quốc tịch:", value="Việt Nam", share=0.38),
    )
    writer.form_row(Cell(label="Nơi cư trú:", value=parent.residence))


def _set_registration(writer: PaperWriter, declarant: Person, issued: date, registered: tuple[str, str]) -> None:
    """Set who declared the birth, and where and when it was registered."""
    writer.form_row(Cell(label="Họ, chữ đệm, tên người đi khai sinh:", value=declarant.name))
    writer.form_row(
        Cell(
            label="Giấy tờ tùy thân:",
            value=f"Căn cước công dân số {declarant.personal_number}, Cục Cảnh sát quản lý hành chính về trật tự xã "
            f"hội cấp ngày {date_figures(issued)}",
        )
    )
    writer.form_row(Cell(label="Nơi đăng ký khai sinh:", value=registered[0]))
    writer.form_row(Cell(label="Ngày, tháng, năm đăng ký:", value=registered[1]))


def _set_signer(writer: PaperWriter, random: chance.Random, name: str, titles: list[str], rim: tuple[str, str]) -> None:
    x, step = writer.left + 0.7 * (writer.right - writer.left), 13 * LEADING
    writer.skip(6)
    lines = ["NGƯỜI KÝ GIẤY KHAI SINH", *titles]
    for i, line in enumerate(lines):
        writer.put_line(line, writer.bold(12.5), x, writer.y + (i + 1) * step - 4, align=0.5)
    name_y = writer.y + len(lines) * step + 25 * MILLIMETRE
    writer.put_line(name, writer.bold(13), x, name_y, align=0.5)
    put_ink(writer, random, (x, name_y), rim)
    writer.record("\n".join([*lines, name]))
    writer.y = name_y + 6


def _parent_fields(role: str, parent: Person) -> dict[str, str]:
    return {
        f"{role}_name": parent.name.upper(),
        f"{role}_birth_year": str(parent.birth_date.year),
        f"{role}_ethnicity": parent.ethnicity,
        f"{role}_nationality": "Việt Nam",
        f"{role}_residence": parent.residence,
    }

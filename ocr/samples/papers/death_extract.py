"""An extract from the register of deaths, with two numbers and two dates."""

import random as chance
from datetime import date, timedelta

from ocr.samples.fonts import Fonts
from ocr.samples.offices import commune_committee, make_head, signer_fields
from ocr.samples.paper import Paper, SignatureBlock, set_letterhead, set_signature, set_traits, trait_fields
from ocr.samples.people import Person, make_day, make_person
from ocr.samples.typeset import Cell, PaperWriter
from ocr.samples.words import date_figures, date_words, letter_date

_CAUSES = ("Bệnh già", "Tai biến mạch máu não", "Suy tim")


def make_death_extract(random: chance.Random, fonts: Fonts, owner: Person) -> Paper:
    """Return the extract about an old relative of the owner."""
    place, office = owner.home, commune_committee(owner.home)
    dead = make_person(random, born=(1932, 1950), family=owner.name.split()[0], home=place)
    died = make_day(random, date(2021, 1, 5), date(2025, 3, 1))
    registered = died + timedelta(days=random.randint(1, 12))
    day = registered + timedelta(days=random.randint(0, 60))
    number = f"{random.randint(1, 400):02d}/{day.year}/TLKT-BS"
    entry = f"{random.randint(1, 120):02d}/{registered.year}"
    cause = random.choice(_CAUSES)
    death_place = f"{dead.hamlet}, {place.address}"
    officer = make_head(random, "CHỦ TỊCH")
    writer = PaperWriter(fonts)
    set_letterhead(writer, office.letterhead(number, day))
    writer.skip(22)
    writer.line("TRÍCH LỤC KHAI TỬ", writer.bold(17))
    writer.line("(BẢN SAO)", writer.bold(14))
    writer.skip(10)
    hour = f"{random.randint(0, 23):02d} giờ {random.randint(0, 59):02d} phút"
    _set_rows(writer, dead, f"{hour}, {letter_date(died)}", date_words(died))
    writer.form_row(Cell(label="Nơi chết:", value=death_place))
    writer.form_row(Cell(label="Nguyên nhân chết:", value=cause))
    writer.form_row(Cell(label="Đã được đăng ký khai tử tại:", value=f"Ủy ban nhân dân {place.address}"))
    writer.form_row(
        Cell(label="Số:", value=entry, share=0.4), Cell(label="ngày", value=date_figures(registered), share=0.6)
    )
    writer.form_row(Cell(label="Thực hiện trích lục từ:", value="Cơ sở dữ liệu hộ tịch điện tử"))
    writer.skip(14)
    set_signature(writer, random, SignatureBlock(officer=officer, rim=office.rim, above="NGƯỜI KÝ TRÍCH LỤC"))
    fields = {
        **office.fields(number, day),
        "holder_name": dead.name.upper(),
        "birth_date": dead.birth_date.isoformat(),
        **trait_fields(dead),
        "holder_id": dead.personal_number,
        "death_date": died.isoformat(),
        "death_place": death_place,
        "death_cause": cause,
        "registration_place": f"Ủy ban nhân dân {place.address}",
        "registration_number": entry,
        "registration_date": registered.isoformat(),
        **signer_fields(officer),
    }
    return Paper(kind="death_extract", slug="trich-luc-khai-tu", sheets=writer.finish(), fields=fields, owner=owner)


def _set_rows(writer: PaperWriter, dead: Person, died: str, in_words: str) -> None:
    writer.form_row(Cell(label="Họ, chữ đệm, tên:", value=dead.name.upper()), hand=writer.bold())
    writer.form_row(Cell(label="Ngày, tháng, năm sinh:", value=date_figures(dead.birth_date)))
    set_traits(writer, dead)
    writer.form_row(Cell(label="Số định danh cá nhân:", value=dead.personal_number))
    writer.form_row(Cell(label="Giấy tờ tùy thân:", value=f"Căn cước công dân số {dead.personal_number}"))
    writer.form_row(Cell(label="Đã chết vào lúc:", value=died))
    writer.form_row(Cell(label="ghi bằng chữ:", value=in_words))

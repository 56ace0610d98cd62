"""A diploma of a secondary school, landscape, its serial number in red."""

import random as chance
from datetime import date

from ocr.samples.fonts import Fonts
from ocr.samples.offices import make_head, province_department, signer_fields
from ocr.samples.paper import COUNTRY, MOTTO, Paper, put_ink, set_frame
from ocr.samples.people import Person, make_day
from ocr.samples.sheet import A4, MILLIMETRE, RED, Rule, Style
from ocr.samples.typeset import LEADING, Cell, Margins, PaperWriter
from ocr.samples.words import date_figures, letter_date

_FRAME = (186, 140, 60)
_TITLE = "BẰNG TỐT NGHIỆP TRUNG HỌC PHỔ THÔNG"


def make_diploma(random: chance.Random, fonts: Fonts, owner: Person) -> Paper:
    """Return the owner's diploma."""
    place, office = owner.home, province_department(owner.home, "SỞ GIÁO DỤC VÀ ĐÀO TẠO")
    year = max(owner.birth_date.year + 18, 1998)
    day = make_day(random, date(year, 8, 1), date(year, 9, 30))
    number = f"B {random.randint(1, 999999):07d}"
    register = f"{random.randint(1, 480):03d}/THPT/{year}"
    school = f"THPT {place.district_name}"
    officer = make_head(random, "GIÁM ĐỐC")
    issuer = f"GIÁM ĐỐC SỞ GIÁO DỤC VÀ ĐÀO TẠO {place.province.upper()}"
    writer = PaperWriter(
        fonts, margins=Margins(left=30 * MILLIMETRE, right=30 * MILLIMETRE, top=20 * MILLIMETRE, bottom=15 * MILLIMETRE)
    )
    writer.leaders_under = True
    writer.size = (A4[1], A4[0])
    set_frame(writer, _FRAME, (9, 4.0), (12, 1.0))
    _set_head(writer, issuer)
    grade = random.choice(("Khá", "Giỏi", "Trung bình"))
    _set_rows(writer, owner, (school, grade, str(year)))
    _set_foot(writer, random, (number, register), (f"{office.seat}, {letter_date(day)}", officer.title, officer.name))
    put_ink(writer, random, (writer.left + 0.76 * (writer.right - writer.left), writer.y), office.rim)
    fields = {
        "issuer": issuer,
        "degree": _TITLE,
        "holder_name": owner.name,
        "birth_date": owner.birth_date.isoformat(),
        "birth_place": place.province_name,
        "sex": owner.sex,
        "ethnicity": owner.ethnicity,
        "school": school,
        "graduation_year": str(year),
        "grade": grade,
        "number": number.replace(" ", ""),
        "register_number": register,
        "issue_place": office.seat,
        "issue_date": day.isoformat(),
        **signer_fields(officer),
    }
    return Paper(kind="diploma", slug="bang-tot-nghiep", sheets=writer.finish(), fields=fields, owner=owner)


def _set_head(writer: PaperWriter, issuer: str) -> None:
    writer.line(COUNTRY, writer.bold(14))
    writer.line(MOTTO, writer.bold(14))
    writer.put(Rule(x0=writer.center - 80, y0=writer.y + 1, x1=writer.center + 80, y1=writer.y + 1))
    writer.skip(8)
    writer.line(issuer, writer.bold(14))
    writer.line("cấp", writer.italic(13))
    writer.line(_TITLE, Style(face=writer.bold().face, size=23, color=RED))
    writer.skip(8)


def _set_rows(writer: PaperWriter, owner: Person, schooling: tuple[str, str, str]) -> None:
    """Set whose diploma it is, and their school, grade and year."""
    school, grade, year = schooling
    name = f"{owner.address_word.capitalize()}: "
    writer.form_row(Cell(label=f"Cho {name.lower().strip()}", value=owner.name), hand=writer.bold(15))
    writer.form_row(
        Cell(label="Ngày sinh:", value=date_figures(owner.birth_date), share=0.5),
        Cell(label="Nơi sinh:", value=owner.home.province_name, share=0.5),
    )
    writer.form_row(
        Cell(label="Giới tính:", value=owner.sex, share=0.5), Cell(label="Dân tộc:", value=owner.ethnicity, share=0.5)
    )
    writer.form_row(
        Cell(label="Học sinh trường:", value=school, share=0.5),
        Cell(label="Xếp loại tốt nghiệp:", value=grade, share=0.5),
    )
    writer.form_row(Cell(label="Năm tốt nghiệp:", value=year, share=0.5))


def _set_foot(
    writer: PaperWriter, random: chance.Random, numbers: tuple[str, str], signed: tuple[str, str, str]
) -> None:
    """Set the two numbers at the left, place, date and signer at the right; the name's baseline becomes `y`."""
    dated, title, name = signed
    titles, step = title.split("\n"), 13 * LEADING
    x, top = writer.left + 0.76 * (writer.right - writer.left), writer.y + 2
    writer.put_line(dated, writer.italic(13), x, top + step, align=0.5)
    for i, line in enumerate(titles, 2):
        writer.put_line(line, writer.bold(13), x, top + i * step, align=0.5)
    name_y = top + (len(titles) + 1) * step + 22 * MILLIMETRE
    writer.put_line(name, writer.bold(13.5), x, name_y, align=0.5)
    red = Style(face=writer.bold().face, size=13.5, color=RED)
    label_width = writer.width("Số hiệu: ", writer.style)
    writer.put_line("Số hiệu:", writer.style, writer.left, name_y - step)
    writer.put_line(numbers[0], red, writer.left + label_width, name_y - step)
    second = f"Số vào sổ gốc cấp bằng: {numbers[1]}"
    writer.put_line(second, writer.style, writer.left, name_y)
    writer.side_by_side([f"Số hiệu: {numbers[0]}", second], [dated, *titles, name])
    writer.y = name_y

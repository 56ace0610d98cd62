"""A chip card of 2021, front and back on one sheet as a flatbed scanner sees them: QR code, two languages, MRZ."""

import random as chance
from dataclasses import dataclass
from datetime import date

from ocr.samples.fonts import Face, Family, Fonts
from ocr.samples.mrz import make_mrz
from ocr.samples.paper import COUNTRY, MOTTO, Paper
from ocr.samples.people import Person, make_day
from ocr.samples.sheet import BLACK, MILLIMETRE, RED, Code, Color, Emblem, Frame, Style
from ocr.samples.typeset import PaperWriter
from ocr.samples.words import date_figures

_WIDTH, _HEIGHT = 85.6 * MILLIMETRE, 53.98 * MILLIMETRE
_GROUND: Color = (214, 232, 226)
_SHADE: Color = (168, 178, 182)
_HEAD = "CỤC TRƯỞNG CỤC CẢNH SÁT"
_ISSUER = f"{_HEAD} QUẢN LÝ HÀNH CHÍNH VỀ TRẬT TỰ XÃ HỘI"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Card:
    owner: Person
    issued: date
    expires: date | None
    """None for a card without end."""
    sign: str
    """What the person is recognized by."""


def make_identity_card(random: chance.Random, fonts: Fonts, owner: Person) -> Paper:
    """Return the owner's card."""
    issued = make_day(random, date(2021, 5, 1), date(2024, 6, 20))
    expires = _expiry(owner, issued)
    sans = Style(face=Face(Family.SANS), size=6.4)
    writer = PaperWriter(fonts, style=sans)
    writer.number_pages = False
    left, top = 30 * MILLIMETRE, 30 * MILLIMETRE
    sign = f"Nốt ruồi C.{random.randint(1, 3)}cm sau mép {random.choice(('trái', 'phải'))}"
    card = _Card(owner=owner, issued=issued, expires=expires, sign=sign)
    _draw_front(writer, card, (left, top))
    _draw_back(writer, card, (left, top + _HEIGHT + 16 * MILLIMETRE))
    fields = {
        "number": owner.personal_number,
        "holder_name": owner.name.upper(),
        "birth_date": owner.birth_date.isoformat(),
        "sex": owner.sex,
        "nationality": "Việt Nam",
        "home_town": _short(owner),
        "residence": f"{owner.hamlet.capitalize()}, {_short(owner)}",
        "issue_date": issued.isoformat(),
        "issuer": _ISSUER,
    }
    if expires is not None:
        fields["valid_until"] = expires.isoformat()
    return Paper(kind="identity_card", slug="can-cuoc-cong-dan", sheets=writer.finish(), fields=fields, owner=owner)


def _expiry(owner: Person, issued: date) -> date | None:
    """Return when the card ends: at 25, 40 or 60 years of age, or never."""
    for age in (25, 40, 60):
        end = owner.birth_date.replace(year=owner.birth_date.year + age, day=min(owner.birth_date.day, 28))
        if end > issued.replace(year=issued.year + 2, day=min(issued.day, 28)):
            return end
    return None


def _short(owner: Person) -> str:
    """Return the home as cards have it: names without the words for commune, district and province."""
    place = owner.home
    return f"{place.name}, {place.district_name}, {place.province_name}"


def _draw_front(writer: PaperWriter, card: _Card, corner: tuple[float, float]) -> None:
    x, y = corner
    _ground(writer, x, y)
    middle = x + 119
    for i, (text, style) in enumerate(
        (
            (COUNTRY, writer.bold(6.5)),
            (MOTTO, writer.bold(6.3)),
            ("SOCIALIST REPUBLIC OF VIET NAM", writer.plain(5.4)),
            ("Independence - Freedom - Happiness", writer.plain(5.4)),
        )
    ):
        writer.put_line(text, style, middle, y + 11 + i * 8, align=0.5)
        writer.record(text)
    title = Style(face=writer.bold().face, size=9.5, color=RED)
    writer.put_line("CĂN CƯỚC CÔNG DÂN", title, middle, y + 47, align=0.5)
    writer.put_line("Citizen Identity Card", writer.plain(5.6), middle, y + 54, align=0.5)
    writer.record("CĂN CƯỚC CÔNG DÂN")
    writer.record("Citizen Identity Card")
    writer.put(Emblem(x=x + 24, y=y + 25, radius=15))
    writer.put(
        Frame(x0=x + 8, y0=y + 54, x1=x + 62, y1=y + 128, fill=(196, 208, 216), color=_SHADE),
        Frame(x0=x + 22, y0=y + 66, x1=x + 48, y1=y + 96, fill=_SHADE, color=_SHADE),
        Frame(x0=x + 14, y0=y + 100, x1=x + 56, y1=y + 128, fill=_SHADE, color=_SHADE),
    )
    writer.put(Code(x=x + _WIDTH - 43, y=y + 5, width=38, height=38, text=_card_code(card)))
    _set_rows(writer, card.owner, (x + 70, y + 66))
    ends = date_figures(card.expires) if card.expires else "Không thời hạn"
    writer.put_line("Có giá trị đến / Date of expiry:", writer.plain(4.6), x + 5, y + 137)
    writer.put_line(ends, writer.plain(6.4), x + 5, y + 146)
    writer.record("Có giá trị đến / Date of expiry:")
    writer.record(ends)


def _set_rows(writer: PaperWriter, owner: Person, corner: tuple[float, float]) -> None:
    """Set labels in two languages and what stands behind or below them."""
    start, top = corner
    small, value = writer.style, writer.plain(7.6)
    rows = (
        (("Số / No.:", owner.personal_number, writer.bold(10)),),
        (("Họ và tên / Full name:", "", value),),
        (("", owner.name.upper(), writer.bold(8)),),
        (("Ngày sinh / Date of birth:", date_figures(owner.birth_date), value),),
        (("Giới tính / Sex:", owner.sex, value), ("Quốc tịch / Nationality:", "Việt Nam", value)),
        (("Quê quán / Place of origin:", "", value),),
        (("", _short(owner), value),),
        (("Nơi thường trú / Place of residence:", f"{owner.hamlet.capitalize()},", value),),
        (("", _short(owner), value),),
    )
    for i, row in enumerate(rows):
        baseline, at, texts = top + i * 10, start, []
        for label, text, style in row:
            for part, used in ((label, small), (text, style)):
                if part:
                    writer.put_line(part, used, at, baseline)
                    at += writer.width(part + " ", used)
                    texts.append(part)
        writer.record(" ".join(texts))


def _draw_back(writer: PaperWriter, card: _Card, corner: tuple[float, float]) -> None:
    x, y = corner
    _ground(writer, x, y)
    lines = (
        ("Đặc điểm nhận dạng / Personal identification:", writer.style),
        (card.sign, writer.plain(7.4)),
        (f"Ngày, tháng, năm / Date, month, year: {date_figures(card.issued)}", writer.style),
        (_HEAD, writer.bold(6.4)),
        ("QUẢN LÝ HÀNH CHÍNH VỀ TRẬT TỰ XÃ HỘI", writer.bold(6.4)),
    )
    for i, (text, style) in enumerate(lines):
        writer.put_line(text, style, x + 10, y + 14 + i * 10)
        writer.record(text)
    writer.put(Frame(x0=x + _WIDTH - 58, y0=y + 8, x1=x + _WIDTH - 36, y1=y + 34, color=_SHADE))
    mono = Style(face=Face(Family.MONO, bold=True), size=12.2, color=BLACK)
    zone = make_mrz(
        card.owner.personal_number,
        birth_date=card.owner.birth_date,
        sex=card.owner.sex,
        expires=card.expires or date(2099, 12, 31),
        name=card.owner.name,
    )
    for i, line in enumerate(zone):
        writer.put_line(line, mono, x + 11, y + _HEIGHT - 42 + i * 15)
        writer.record(line)


def _ground(writer: PaperWriter, x: float, y: float) -> None:
    writer.put(Frame(x0=x, y0=y, x1=x + _WIDTH, y1=y + _HEIGHT, fill=_GROUND, color=(150, 170, 164)))


def _card_code(card: _Card) -> str:
    owner = card.owner
    born, given = owner.birth_date.strftime("%d%m%Y"), card.issued.strftime("%d%m%Y")
    residence = f"{owner.hamlet.capitalize()}, {_short(owner)}"
    return f"{owner.personal_number}||{owner.name}|{born}|{owner.sex}|{residence}|{given}"

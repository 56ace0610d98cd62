"""A sample paper: its sheets and the truth about it, and what papers have in common."""

import random as chance
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ocr.samples.fonts import Fonts
from ocr.samples.people import Officer, Person
from ocr.samples.sheet import MILLIMETRE, Color, Frame, Rule, Scribble, Sheet, Stamp
from ocr.samples.typeset import LEADING, Cell, PaperWriter, Span, joined
from ocr.samples.words import letter_date

COUNTRY = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A paper before it is printed and scanned."""

    kind: str
    slug: str
    """For the file's name."""
    sheets: tuple[Sheet, ...]
    fields: Mapping[str, str]
    """The values that are to be read from it, normalized, by field name."""
    owner: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """The top of an administrative document (NĐ 30/2020, Appendix I)."""

    parent: tuple[str, ...]
    """The superior agency, a line each; may be empty."""
    issuer: tuple[str, ...]
    number: str
    place: str
    day: date | None
    about: str = ""
    """What a letter is about, under its number: `V/v …`."""


PaperMaker = Callable[[chance.Random, Fonts, Person], Paper]


def set_letterhead(writer: PaperWriter, head: Letterhead) -> None:
    """Set agency and number at the left, country, motto, place and date at the right."""
    left_x = writer.left + 0.22 * (writer.right - writer.left)
    right_x = writer.left + 0.70 * (writer.right - writer.left)
    upper = [(line, writer.plain(12.5)) for line in head.parent] + [(line, writer.bold(12.5)) for line in head.issuer]
    dated = letter_date(head.day) if head.day else "ngày     tháng     năm"
    right = [(COUNTRY, writer.bold(12.5)), (MOTTO, writer.bold(13))]
    rows = max(len(upper), len(right))
    step = 13 * LEADING
    top = writer.y
    for lines, x in ((upper, left_x), (right, right_x)):
        for i, (text, style) in enumerate(lines):
            writer.put_line(text, style, x, top + (i + 1) * step - 4, align=0.5)
    _rule_under(writer, left_x, top + len(upper) * step + 1, 0.3 * writer.width(*upper[-1]))
    _rule_under(writer, right_x, top + 2 * step + 1, writer.width(MOTTO, writer.bold(13)))
    last = top + (rows + 1.35) * step
    number, place = f"Số: {head.number}", f"{head.place}, {dated}"
    writer.put_line(number, writer.plain(13), left_x, last - 4, align=0.5)
    writer.put_line(place, writer.italic(13), right_x, last - 4, align=0.5)
    about = _set_about(writer, head.about, left_x, last)
    left = [text for text, _ in upper] + [""] * (rows - len(upper))
    gap = [""] * (rows - len(right))
    writer.side_by_side([*left, number, *about], [COUNTRY, MOTTO, *gap, " ".join(place.split())])
    writer.y = last + 10 + len(about) * 12 * LEADING


def _set_about(writer: PaperWriter, about: str, x: float, y: float) -> list[str]:
    """Set what a letter is about, in narrow centred lines under its number."""
    if not about:
        return []
    style = writer.plain(12)
    lines = [joined(words) for words, _ in writer.wrap((Span(about, style),), 165)]
    for i, line in enumerate(lines, 1):
        writer.put_line(line, style, x, y + i * 12 * LEADING - 2, align=0.5)
    return lines


def set_country(writer: PaperWriter) -> None:
    """Set country and motto in the middle, as forms of the civil status have them."""
    writer.line(COUNTRY, writer.bold(13))
    writer.line(MOTTO, writer.bold(13.5))
    _rule_under(writer, writer.center, writer.y + 1, writer.width(MOTTO, writer.bold(13.5)))
    writer.skip(6)


def set_frame(writer: PaperWriter, color: Color, *lines: tuple[float, float]) -> None:
    """Draw frames around the page; each with its distance from the edge in millimetres and its width in points."""
    width, height = writer.size
    for distance, line in lines:
        inset = distance * MILLIMETRE
        writer.put(Frame(x0=inset, y0=inset, x1=width - inset, y1=height - inset, width=line, color=color))


def set_traits(writer: PaperWriter, person: Person) -> None:
    """Set the row of sex, people and nationality that forms of the civil status have."""
    writer.form_row(
        Cell(label="Giới tính:", value=person.sex, share=0.28),
        Cell(label="Dân tộc:", value=person.ethnicity, share=0.34),
        Cell(label="Quốc tịch:", value="Việt Nam", share=0.38),
    )


def trait_fields(person: Person) -> dict[str, str]:
    """Return the fields of that row."""
    return {"sex": person.sex, "ethnicity": person.ethnicity, "nationality": "Việt Nam"}


def _rule_under(writer: PaperWriter, x: float, y: float, width: float) -> None:
    writer.put(Rule(x0=x - width / 2, y0=y, x1=x + width / 2, y1=y, width=0.8))


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureBlock:
    """Who signs, how it is stamped, and who receives a copy."""

    officer: Officer
    rim: tuple[str, str]
    """Text of the stamp's upper and lower rim."""
    above: str = ""
    """First line over the title, e.g. `NGƯỜI KÝ TRÍCH LỤC`."""
    beside: Sequence[str] = ()
    """Lines at the left, the first of them in bold type."""


def set_signature(writer: PaperWriter, random: chance.Random, block: SignatureBlock) -> None:
    """Set the signer's title and name at the right, signed and stamped, and the recipients at the left."""
    officer, beside = block.officer, block.beside
    titles = [line for line in (block.above, *officer.title.split("\n")) if line]
    step = 13 * LEADING
    writer.need(step * (len(titles) + 1) + 34 * MILLIMETRE)
    top, x = writer.y, writer.left + 0.74 * (writer.right - writer.left)
    for i, title in enumerate(titles):
        writer.put_line(title, writer.bold(13), x, top + (i + 1) * step - 4, align=0.5)
    name_y = top + len(titles) * step + 27 * MILLIMETRE
    writer.put_line(officer.name, writer.bold(13.5), x, name_y, align=0.5)
    for i, line in enumerate(beside):
        style = writer.plain(11)
        if i == 0:
            style = writer.bold(12)
        writer.put_line(line, style, writer.left, top + (i + 1) * 11 * LEADING, align=0.0)
    put_ink(writer, random, (x, name_y), block.rim)
    if beside:
        writer.side_by_side(list(beside), [*titles, officer.name])
    else:
        writer.record("\n".join([*titles, officer.name]))
    writer.y = max(name_y, top + len(beside) * 11 * LEADING) + 8


def put_ink(writer: PaperWriter, random: chance.Random, name_at: tuple[float, float], rim: tuple[str, str]) -> None:
    """Sign over the name at this place and stamp a third of the signature, at its left (NĐ 30/2020, II.8a)."""
    x, y = name_at
    height = 20 * MILLIMETRE
    writer.put(
        Scribble(
            x=x - 26 * MILLIMETRE + random.uniform(-6, 6),
            y=y - height - 4,
            width=56 * MILLIMETRE,
            height=height,
            seed=random.getrandbits(32),
        ),
        Stamp(
            x=x - random.uniform(20, 25) * MILLIMETRE,
            y=y - random.uniform(9, 14) * MILLIMETRE,
            radius=17.5 * MILLIMETRE,
            ring=rim[0],
            foot=rim[1],
            turn=random.uniform(-9, 9),
            seed=random.getrandbits(32),
        ),
    )

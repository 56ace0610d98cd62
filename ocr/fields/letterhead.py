"""The common layout of administrative papers: letterhead, number, place and date, title and subject (NĐ 30/2020)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ocr.fields.bodies import begins_below, begins_body, count_above, fold_words, of_equals
from ocr.fields.classify import TitleMatch
from ocr.fields.lines import Line, Piece, join, trim
from ocr.lexicon.matching import phrase, squeeze
from ocr.lexicon.offices import begins_office

_YOUTH_UNION = "ĐOÀN TNCS HỒ CHÍ MINH"
_MOTTOS = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "ĐẢNG CỘNG SẢN VIỆT NAM", _YOUTH_UNION)
_RIGHT_HALF = 0.45
"""Of the page's width: the middle of place and date lies right of it."""
_FAINT = 0.5
"""Word confidence under which a letter that stands alone is a mark."""
_LEFT_OF = 0.6
"""Of the page's width: a letterhead below a motto in the middle ends left of it."""
_LOWER = 0.8
"""In heights of a line: a letterhead begins at most so far below the motto beside it."""
_SPECK = 0.1
"""Of the page's width: what stands beside the subject and is narrower is none of its lines."""
_PLACE_WORDS = 4
"""Words of a place that stands before a date, at most, where its comma was not read as one."""
_LOWER_MOTTO = "Độc lập - Tự do - Hạnh phúc"
_NUMBER = re.compile(r"^\W*(?:s[oóôõọỏốồổỗộ6]|8[oóôố])\s*[:.;]?(?=\W|\d|$)", re.IGNORECASE)
_SIGN = re.compile(r"/(?:[0-9]{4}/)?[A-ZĐ][A-Za-zĐđ]*(?:-[A-ZĐ][A-Za-zĐđ&]*)*")
_ABOUT = re.compile(r"^\W*(?:v\s*/\s*v?|về)(?=\W|$)", re.IGNORECASE)
_ABOUT_BROKEN = re.compile(r"^V\s")
"""`V/v` of which the first letter was read; only below a number."""
_DAY = re.compile(r"ng[aàảãáạâầấẩẫậăắằẳẵặ]y(?=\W|\d|_|$)", re.IGNORECASE)
_FIGURES = re.compile(r"[0-3]?[0-9][/-][01]?[0-9][/-][12][0-9]{3}(?!\d)")
_MONTH = re.compile(r"th[aáảãàạâăắằẳẵặấầẩẫậ]ng\b", re.IGNORECASE)
_BODY = (
    "can cu",
    "kinh gui",
    "xet ",
    "theo de nghi",
    "thuc hien",
    "dieu 1",
    "nhan dip",
    "chuong i",
    "phan i",
    "noi nhan",
    "hom nay",
)
_BELOW_HEAD = ("cancu", "homnay", "noinhan")
"""What the lines below a head without a title begin with."""
_TO = re.compile(r"(?<!\w)k[ií]nh[\s\-:]*g[uưửừứữự]i\s*:", re.IGNORECASE)
"""Before the addressee, which may stand behind the last line of a stamp."""
_OF_PLAN = "thuc hien "
"""What a plan's subject can begin with too, centered below the title: `Thực hiện nhiệm vụ năm học 2019 - 2020`."""
_CENTERED, _SHORT_OF = 0.015, 0.05
"""Of the page's width: the middle of a centered line lies near the title's, its end so far from that of the text."""
_OF_MEETING = re.compile(r"(?:Thời gian|Địa điểm|Thành phần)[^:]{0,20}:", re.IGNORECASE)
"""What the minutes of a meeting begin with."""
_JOINT = re.compile(r"/(?:TT|NQ|KH|CT|QC|HD|CTr|BB|TB|QĐ)LT(?![A-ZĐ])")
"""A sign of papers that several bodies issue together: `163/2013/TTLT-BTC-BNV`."""
_DIVIDER = re.compile(r"[\W_]*[oO0]{1,4}[\W_]*")
"""What stands below a subject on older papers: `--oOo--`."""
_LEADING = 2.4
"""In heights of a line: the lines of a subject stand no further below one another."""
_FEWEST_OF_LINE = 3
"""Words of a line in capitals below a subject in small letters from which it is no part of it."""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What stands at the head of a paper, in pieces of its lines; empty where nothing was found."""

    parent: tuple[Piece, ...] = ()
    issuer: tuple[Piece, ...] = ()
    parent_lost: bool = False
    """Whether a line above the issuer was lost: the motto begins a line higher, or no issuer was found at all."""
    several_issuers: bool = False
    """Whether bodies of one rank stand below one another, of which each may have issued the paper."""
    number: tuple[Piece, ...] = ()
    number_line: tuple[Piece, ...] = ()
    """The line of the number with its label, also where no number stands; empty where there is no label."""
    number_filled_in: bool = False
    """Whether the sign stands after a gap that was left for the number: someone filled it in later, maybe by hand."""
    beside_number: tuple[Piece, ...] = ()
    """What stands right of the number, where place and date belong, read or not."""
    about: tuple[Piece, ...] = ()
    """Of an official letter, under the number: `V/v …`."""
    place: tuple[Piece, ...] = ()
    date: tuple[Piece, ...] = ()
    subject: tuple[Piece, ...] = ()
    """Under the title."""
    subject_in_doubt: bool = False
    """Whether a line below it may belong to it, or its last one may not."""


def read_letterhead(lines: Sequence[Line], title: TitleMatch | None) -> Letterhead:
    """Return the head of a paper."""
    head = _head(lines, title)
    edge = _edge(head)
    left = [part for line in head for part in _left(line, edge)] if edge else _below_motto(head)
    bodies, number, about = _left_column(left)
    if number is None and edge is None:
        number = next((part for line in head for part in line.parts if _NUMBER.match(part.text)), None)
    sign = _sign_behind_gap(head, number)
    if number is not None and sign:
        number = number.cut((*number.pieces, *sign))
    place, day = place_and_date(head)
    subject, goes_on = _subject(lines, title) if title else ((), False)
    joint = len(bodies) > 1 and number is not None and _JOINT.search(number.text) is not None
    own = count_above(bodies) if joint else -1
    return Letterhead(
        parent=tuple(p for body in bodies[:own] for p in body),
        issuer=tuple(p for body in bodies[own:] for p in body),
        parent_lost=_is_line_lost(head, bodies),
        several_issuers=joint or of_equals(bodies),
        number=_behind_label(number),
        number_line=trim(number.pieces) if number else (),
        number_filled_in=bool(sign) or _has_gap(number),
        beside_number=_beside(head, number),
        about=about,
        place=place,
        date=day,
        subject=subject,
        subject_in_doubt=goes_on,
    )


def _sign_behind_gap(head: Sequence[Line], number: Line | None) -> tuple[Piece, ...]:
    """Return the sign (`/TB-UBND`) that is printed after a gap for the number, empty where there is none."""
    if number is None:
        return ()
    for line in head:
        for part, following in pairwise(line.parts):
            if part.pieces[0] is number.pieces[0] and _SIGN.fullmatch(following.pieces[0].text):
                return following.pieces[:1]
    return ()


def _has_gap(number: Line | None) -> bool:
    """Return whether figures stand apart from the sign behind them: `06 /CT-UBND` was printed with room for them."""
    pairs = pairwise(number.pieces) if number is not None else ()
    return any(one.text.isdigit() and _SIGN.fullmatch(other.text) for one, other in pairs)


def _beside(head: Sequence[Line], number: Line | None) -> tuple[Piece, ...]:
    if number is None:
        return ()
    lines = (line for line in head if any(piece in line.pieces for piece in number.pieces))
    return tuple(p for line in lines for p in line.pieces if p.box.x0 > number.box.x1)


def _head(lines: Sequence[Line], title: TitleMatch | None) -> list[Line]:
    """Return the lines above the title, or above the addressee."""
    if not lines:
        return []
    if title is not None:
        return [line for line in lines[: title.first] if line.page == lines[0].page]
    head = []
    for line in lines:
        start = squeeze(line.text)
        if line.page != lines[0].page or line.box.y0 > 0.5 or start.startswith(("kinhgui", *_BELOW_HEAD)):
            break
        if _TO.search(line.text):
            break
        head.append(line)
    return head


def _edge(head: Sequence[Line]) -> float | None:
    """Return where the right column of the letterhead begins, None if the motto stands alone."""
    for line in head:
        for text in (*_MOTTOS, _LOWER_MOTTO):
            for match in line.find(phrase(text)):
                x0 = line.pieces[line.first_piece(match)].box.x0
                x1 = line.pieces[line.after(match)[0]].box.x1
                if (x0 + x1) / 2 > 0.56:
                    return x0 - 0.005
                if text != _YOUTH_UNION:  # which stands over its own bodies on the left too
                    return None
    return None


def _below_motto(head: Sequence[Line]) -> list[Line]:
    """Return what stands on the left below a motto in the middle of the page, if a body is named there."""
    first = next((i for i, line in enumerate(head) if _has_motto(line)), len(head))
    below = [
        part for line in head[first + 1 :] for part in line.parts if part.box.x1 < _LEFT_OF and not _has_motto(part)
    ]
    named = (i for i, part in enumerate(below) if part.capital and begins_body(trim(part.pieces)))
    return below[next(named, len(below)) :]


def _has_motto(line: Line) -> bool:
    return any(line.find(phrase(text)) for text in (*_MOTTOS, _LOWER_MOTTO))


def _is_line_lost(head: Sequence[Line], bodies: Sequence[Sequence[Piece]]) -> bool:
    """Return whether the letterhead begins a line lower than the motto beside it, or names no body at all."""
    tops = [line for line in head if any(line.find(phrase(text)) for text in _MOTTOS)]
    if not bodies or not tops:
        return not bodies
    motto = [p for p in tops[0].pieces if p.box.x0 > _RIGHT_HALF]
    lower = bodies[0][0].box.y0 - min(p.box.y0 for p in motto) if motto else 0.0
    return lower > _LOWER * tops[0].height


def _left(line: Line, edge: float) -> list[Line]:
    """Return the part of a line that stands in the left column."""
    parts = [part for part in line.parts if (part.box.x0 + part.box.x1) / 2 < edge or part.box.x0 < edge - 0.12]
    parts = [part for part in parts if not _is_mark(part)] or parts
    kept = []
    for part in parts:
        pieces = tuple(p for p in part.pieces if p.box.x0 < edge)
        pieces = _before_date(pieces)
        if any(not p.blank for p in pieces):
            kept.append(part.cut(pieces))
    return kept[:1]


def _is_mark(part: Line) -> bool:
    """Return whether a part of a line is one faint letter: a mark beside the letterhead hid a line of it."""
    return all(p.word.confidence < _FAINT and len(p.text) == 1 for p in part.pieces)


def _before_date(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """Return what stands before a place and date that were read on the same line."""
    for index, piece in enumerate(pieces):
        if index and _DAY.match(piece.text) and any(_MONTH.match(p.text) for p in pieces[index:]):
            start = index
            while start and not pieces[start - 1].text.endswith(("/", "-")) and pieces[start - 1].text[:1].isupper():
                start -= 1
                if re.search(r"[/\-]", pieces[start].text) or re.search(r"\d", pieces[start].text):
                    start += 1
                    break
            return pieces[:start]
    return pieces


def _left_column(left: Sequence[Line]) -> tuple[list[list[Piece]], Line | None, tuple[Piece, ...]]:
    """Return the bodies named in the letterhead, the line of the number, and what the letter is about."""
    bodies: list[list[Piece]] = []
    number: Line | None = None
    about: list[Piece] = []
    for part in left:
        folded = " ".join(part.text.split())
        if number is None and _NUMBER.match(folded):
            number = part
        elif number is None and part.capital:
            solid = trim(part.pieces)
            if not bodies or begins_below(solid, bodies[-1]):
                bodies.append([])
            bodies[-1] += solid
        elif (
            _ABOUT.match(folded)
            or (number and _ABOUT_BROKEN.match(folded))
            or (about and part.box.y0 - about[-1].box.y1 < _LEADING * part.height)
        ):
            about += part.pieces
        elif about:
            break  # what stands further below is a stamp's
    return bodies, number, trim(about)


def _behind_label(number: Line | None) -> tuple[Piece, ...]:
    if number is None:
        return ()
    pieces = [p for p in number.pieces if not (p.blank and p.text.strip(":;.") == "")]
    found = _NUMBER.match(pieces[0].text) if pieces else None
    if found and found.end() < len(pieces[0].text):
        first = pieces[0]
        return trim([Piece(first.text[found.end() :], first.word, first.page, first.box), *pieces[1:]])
    return trim(pieces[1:])


def place_and_date(lines: Sequence[Line]) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Return place and date of the first line that says `<place>, ngày … tháng … năm …` on the right."""
    for line in lines:
        for start, piece in enumerate(line.pieces):
            behind = line.pieces[start + 1 : start + 5]
            in_figures = bool(behind) and _FIGURES.match(behind[0].text) is not None
            if not _DAY.match(piece.text) or not (in_figures or any(_MONTH.match(p.text) for p in behind)):
                continue
            day = _to_the_year(line.pieces[start:])
            place = next(part.pieces for part in line.parts if piece in part.pieces)
            place = place[: place.index(piece)]
            if fold_words(join(place)).startswith(_BODY):
                continue  # `Căn cứ Nghị định số 32/CP ngày 04 tháng 4 năm 1994`
            middle = (day[0].box.x0 + day[-1].box.x1) / 2
            name = bool(place) and len(place) <= _PLACE_WORDS and all(p.text[:1].isupper() for p in place)
            if middle > _RIGHT_HALF and (name or not any(p.text.endswith(":") for p in place)):
                named = name or any(p.text.endswith((",", ".", ";")) for p in place)  # a comma is easily misread
                return _place_only(place) if named else (), day
    return (), ()


def _to_the_year(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """Return the pieces of a date to its year, and no more."""
    end = next((i for i, p in enumerate(pieces) if re.search(r"\d{4}", p.text)), min(len(pieces) - 1, 6))
    return pieces[: end + 1]


def _place_only(place: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """Return the pieces of a place name, without a number that was read on the same line."""
    numbered = [i for i, p in enumerate(place) if re.search(r"\d.*[/\-]|/|^S[ốóô](?![^\W\d_])", p.text)]
    return trim(place[numbered[-1] + 1 :] if numbered else place)


def _subject(lines: Sequence[Line], title: TitleMatch) -> tuple[tuple[Piece, ...], bool]:
    """Return the centred lines under the title, to the body of the paper, and whether others may belong to them.

    No subject ends with a full stop: such a last line may be the body's first one.
    """
    box, found = title.part.box, list[Line]()
    middle, bottom = (box.x0 + box.x1) / 2, box.y1
    right = max(line.box.x1 for line in lines if line.page == title.part.page)
    doubt = False
    for whole in lines[title.last + 1 :]:
        line = min(whole.parts, key=lambda part: abs((part.box.x0 + part.box.x1) / 2 - middle))
        solid = trim(line.pieces)
        if line.page != title.part.page or not solid or line.box.y0 - bottom > _LEADING * line.height:
            break
        part = line.cut(solid)
        capital = bool(found) and all(one.capital for one in found)
        if _names_issuer(part):
            doubt = capital and part.box.y0 - bottom < line.height
            break
        begins = f"{fold_words(line.text)} "
        centered = abs((part.box.x0 + part.box.x1) / 2 - middle) < _CENTERED and part.box.x1 < right - _SHORT_OF
        plan = not found and centered and begins.startswith(_OF_PLAN)
        if (begins.startswith(_BODY) and not plan) or _OF_MEETING.match(part.text) or part.text.endswith(":"):
            break
        if _DIVIDER.fullmatch(part.text):
            break
        if found and not capital and part.capital and len(part.pieces) >= _FEWEST_OF_LINE:
            break  # the one who decides, or a heading
        if capital and not part.capital and part.text[:1].isalpha() and len(part.pieces) > _FEWEST_OF_LINE:
            doubt = not part.text.endswith((".", ";", ","))
            break  # the first line of the body, which the middle of the page happens to divide
        named = not found and _ABOUT.match(part.text) is not None  # also below a title with marks before it
        aside = 0.0 if named else abs((part.box.x0 + part.box.x1) / 2 - middle)
        if aside > 0.06 and part.box.x1 - part.box.x0 < _SPECK:
            continue  # a mark beside the subject, e.g. of a stamp
        if aside > 0.06 or (aside > 0.015 and part.box.x1 > right - 0.015):
            doubt = bool(found) and solid[0].text[:1].islower() and part.box.y0 - bottom < line.height
            break
        found.append(part)
        bottom = part.box.y1
    pieces = (*title.rest, *(piece for part in found for piece in part.pieces))
    return pieces, doubt or (bool(pieces) and pieces[-1].text.endswith("."))


def body_above(lines: Sequence[Line], title: TitleMatch | None) -> tuple[Piece, ...]:
    """Return the agency that is named in capitals above the title, as on diplomas; above all else if it has none."""
    found: list[Piece] = []
    for line in lines[: title.first] if title else lines:
        motto = any(line.find(phrase(text)) for text in (*_MOTTOS, _LOWER_MOTTO))
        solid = trim(line.pieces)
        if not motto and line.capital and (found or begins_body(solid) or _office_of_body(solid)):
            found += solid
        elif found and not title:
            break
    return tuple(found)


def _office_of_body(pieces: Sequence[Piece]) -> bool:
    """Return whether an office is named with its body on one line: `GIÁM ĐỐC SỞ GIÁO DỤC VÀ ĐÀO TẠO`."""
    return any(begins_body(pieces[count:]) for count in (2, 3) if len(pieces) > count + 2)


def _names_issuer(line: Line) -> bool:
    """Return whether a line names who decides: a body, or an office (`GIÁM ĐỐC SỞ NỘI VỤ`)."""
    return line.capital and (begins_body(trim(line.pieces)) or begins_office(line.text))

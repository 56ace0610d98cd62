"""Who signed a paper: title and name in the signature block."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from ocr.fields.bodies import begins_body
from ocr.fields.letterhead import place_and_date
from ocr.fields.lines import Line, Piece, trim, union
from ocr.fields.signer_names import AROUND, FAINT, is_rest_of_name, name_only, without_degrees
from ocr.lexicon.matching import squeeze
from ocr.lexicon.offices import begins_office, is_of_title
from ocr.lexicon.title_items import names_office

_FOR = re.compile(r"^\W*(?:(?:TM|KT|TL|TUQ|Q)\s*[.,:;]|(?:T/M|K/T|T/L|T/UQ)(?!\w))", re.IGNORECASE)
_OFFICES = (
    "chutich", "phochutich", "giamdoc", "phogiamdoc", "botruong", "thutruong", "thutuong", "phothutuong", "chanh",
    "phochanh", "truong", "photruong", "hieutruong", "phohieutruong", "hieupho", "cuctruong", "phocuctruong",
    "chicuctruong", "phochicuctruong", "tongcuctruong", "vutruong", "chunhiem", "phochunhiem", "tonggiamdoc",
    "congchuc", "nguoiky", "nguoithuchien", "bithu", "phobithu", "chutoa", "thuky", "vientruong", "phovientruong",
    "uyvien", "nguoilap", "daidien", "congchungvien", "trungta", "thuongta", "daita", "thieuta", "thieutuong",
    "canbo",
)  # fmt: skip
_HEADINGS = ("nguoiky", "nguoithuchien")
_COPIES = frozenset({"saoy", "saoybanchinh", "saoluc", "trichsao"})
"""Headings of what stands below a paper that someone else copied: letterhead, date and signature of that one."""
_NO_NAMES = _COPIES | {"quyetdinh", "quyetnghi", "noinhan"}
_RECIPIENTS = ("noinhan", "noigui")
"""Before the list of recipients; papers of before 2004 have the second one too."""
_RUNNING = 0.6
"""Of the page's width: a longer line is running text."""
_NAMED = re.compile(r"[^\W\d_]+(?:['’?][^\W\d_]+)*")
"""A word of a name, with the apostrophes of `H'Hen` and `K'Brẻo`, that are also read as question marks."""
_ASSISTANTS = ("thuky", "nguoi", "ketoan", "canbo", "congchuc", "thuquy")
"""Beginnings of the titles of those who sign beside the one who answers for a paper: `THƯ KÝ`, `NGƯỜI LẬP BIỂU`."""
_OPEN_END = re.compile(r"\sVÀ$")
"""Of a line of a title that the next one goes on with: `TRƯỞNG PHÒNG VẬT TƯ VÀ`."""
_FEW_WORDS = 4
"""Words of a deputy's title in small letters."""
_FEW = 3
_BESIDE = 0.08
"""Of the page's height: the list of recipients begins at most so far below the title."""
_ABOVE = 0.06
"""Of the page's height: place and date stand no further above the title."""
_REACH = 0.30
"""Of the page's height: the name stands no further below the title."""
_ASIDE = 0.14
"""Of the page's width: the middle of the name stands no further beside that of the title."""
_OFF_CENTER = 0.012
"""Of the page's width: a line of the block whose middle is further from that of the others has lost a part."""
_OFF_CENTER_NAME = 0.016
_LEVEL = 0.03
"""Of the page's height: a title of which only a part was read stands so near the height of the list of recipients."""
_DIM = 0.3
"""Word confidence under which small letters at the ends of a line are marks of the signature."""
_PITCH = 2.5
"""In heights of a line: the next line of a title begins no further below the beginning of one."""
_GAP = 3.0
"""In heights of a line: words of a name stand no further apart."""


@dataclass(frozen=True, slots=True)
class SignatureBlock:
    """The signature block; empty where nothing was found."""

    office: tuple[Piece, ...] = ()
    """The whole title, e.g. `KT. CHỦ TỊCH PHÓ CHỦ TỊCH`, without headings such as `NGƯỜI KÝ TRÍCH LỤC`."""
    name: tuple[Piece, ...] = ()
    agency: tuple[Piece, ...] = ()
    """For whom it was signed, where the title says so: `TM. ỦY BAN NHÂN DÂN …`, `SỞ …`."""
    place: tuple[Piece, ...] = ()
    """Of the line `<place>, ngày …` above the title."""
    date: tuple[Piece, ...] = ()
    office_in_doubt: bool = False
    """Whether the lines of the block do not stand below one another: a part of one, as under a stamp, was not read."""
    name_in_doubt: bool = False
    """The same for the name, or it is no whole name."""
    several: bool = False
    """Whether someone of no lower standing signed on the left."""


def read_signature_block(lines: Sequence[Line]) -> SignatureBlock:
    """Return title and name of the signer from the last signature block of a paper."""
    parts = [_plain(part) for line in lines for part in line.parts if any(not p.blank for p in part.pieces)]
    opening = _opening(parts)
    if opening is None:
        return SignatureBlock()
    block = _titles(parts, opening)
    name, is_broken = _name(parts, block[-1])
    above = [line for line in lines if _just_above(line, parts[opening])]
    late = _behind_recipients(parts, parts[opening])
    place, day = place_and_date(above[::-1])
    offices = [_without_marks(part) for part in _offices(block)]
    lines_aside, name_aside = _aside([*block[: len(block) - len(offices)], *offices], name)
    return SignatureBlock(
        office=tuple(p for part in offices for p in trim(part.pieces)),
        name=without_degrees(name),
        agency=_agency(block[:-1]),
        place=place,
        date=day,
        office_in_doubt=lines_aside or late or (not name and len(block) == 1) or _goes_on_in_brackets(parts, block[-1]),
        name_in_doubt=bool(name) and (name_aside or is_broken or late),
        several=_signed_on_the_left(parts, block),
    )


def _behind_recipients(parts: Sequence[Line], title: Line) -> bool:
    """Return whether the list of recipients stands on an earlier page, or far above: an annex or a copy is signed here.

    The paper's own title, which stands beside that list, was not read then.
    """
    lists = [part for part in parts if squeeze(part.text).startswith(_RECIPIENTS)]
    earlier = (p for p in lists if p.page < title.page or (p.page == title.page and title.box.y0 - p.box.y0 > _REACH))
    return bool(lists) and next(earlier, None) is lists[-1]


def _goes_on_in_brackets(parts: Sequence[Line], last: Line) -> bool:
    """Return whether another office of the signer stands in brackets below a title: `(PHÓ CHỦ TỊCH UBND)`."""
    below = (p for p in parts if p.page == last.page and 0 < p.box.y0 - last.box.y0 < _PITCH * last.height)
    return any(_on_the_right(p) and p.text.startswith("(") and p.capital and names_office(p.text) for p in below)


def _signed_on_the_left(parts: Sequence[Line], block: Sequence[Line]) -> bool:
    """Return whether a title stands on the left at the height of the block that is not that of an assistant."""
    first, last = block[0], block[-1]
    beside = (
        part
        for part in parts
        if part.page == first.page and abs(part.box.y0 - first.box.y0) < (last.box.y1 - first.box.y0) + first.height
        if _middle(part.pieces) < 0.5 and part.box.x1 < first.box.x0 and _is_title(part)
    )
    main = not squeeze(first.text).startswith(_ASSISTANTS)
    return any(not main or not squeeze(part.text).startswith(_ASSISTANTS) for part in beside)


def _plain(part: Line) -> Line:
    """Return a part of a line without specks at its ends, and marks that were read as figures or letters with doubt."""
    pieces = list(trim(part.pieces))
    for end in (0, -1):
        while len(pieces) > 1 and _is_speck(pieces[end]):
            del pieces[end]
    return part.cut(pieces)


def _is_speck(piece: Piece) -> bool:
    letters = [char for char in piece.text if char.isalpha()]
    faint = piece.word.confidence < FAINT and len(letters) < 2
    return faint or (piece.word.confidence < _DIM and not any(char.isupper() for char in letters)) or piece.blank


def _aside(block: Sequence[Line], name: tuple[Piece, ...]) -> tuple[bool, bool]:
    """Return whether the lines of the title, and whether the name, do not stand below one another's middles."""
    middles = [_middle(trim(part.pieces)) for part in block if trim(part.pieces)]
    if not middles:
        return False, False
    center = median(middles)
    title = max(abs(middle - center) for middle in middles) > _OFF_CENTER
    aside = bool(name) and min(abs(_middle(name) - middle) for middle in (center, *middles[-1:])) > _OFF_CENTER_NAME
    lost = bool(name) and len(middles) == 1 and center - _middle(name) > _OFF_CENTER  # a `Q.` before it
    return title or lost or (aside and len(middles) == 1), aside


def _middle(pieces: Sequence[Piece]) -> float:
    box = union(piece.box for piece in pieces)
    return (box.x0 + box.x1) / 2


def _without_marks(part: Line) -> Line:
    """Return a line of a title without faint words at its ends that can stand in no title."""
    pieces = list(trim(part.pieces))
    for end in (0, -1):
        while len(pieces) > 1 and not _names_body(part) and _is_mark(pieces[end]):
            del pieces[end]
    return part.cut(pieces)


def _is_mark(piece: Piece) -> bool:
    return piece.word.confidence < FAINT and not is_of_title(piece.text) and not _FOR.match(piece.text)


def _offices(block: Sequence[Line]) -> Sequence[Line]:
    """Return the lines of the title itself, without headings and without a body that is named above the office."""
    kept = [part for part in block if not squeeze(part.text).startswith(_HEADINGS)]
    first = next((i for i, part in enumerate(kept) if _is_title(part)), 0)
    return kept[first:]


def _just_above(line: Line, title: Line) -> bool:
    return line.page == title.page and 0 < title.box.y0 - line.box.y0 < _ABOVE


def _names_body(part: Line) -> bool:
    """Return whether a line of a title names the body and not yet the office."""
    found = _FOR.match(part.text)
    acting = found is not None and not found.group().strip().upper().startswith(("TM", "T/M"))
    return not acting and not squeeze(part.text).startswith(_OFFICES)


def _agency(block: Sequence[Line]) -> tuple[Piece, ...]:
    """Return the body that the title names above the office, without `TM.`."""
    pieces: list[Piece] = []
    for part in block:
        if not _names_body(part):
            break
        pieces += trim(part.pieces)[1 if _FOR.match(part.text) else 0 :]
    return tuple(pieces)


def _opening(parts: Sequence[Line]) -> int | None:
    """Return the index of the first line of the paper's own signature block on the right of a page."""
    candidates = [
        i for i, part in enumerate(parts) if _on_the_right(part) and _is_title(part) and _at_the_end(parts, i)
    ]
    if not candidates:
        return _beginning_lost(parts)
    copied = next((i for i, part in enumerate(parts) if squeeze(part.text) in _COPIES), len(parts))
    candidates = [i for i in candidates if i < copied] or candidates
    first = _beside_recipients(parts, candidates)
    for index in [i for i in candidates if i <= first][::-1]:
        near = parts[first].box.y0 - parts[index].box.y1 < 2.2 * parts[first].height
        close = parts[index].page == parts[first].page and parts[first].box.y0 - parts[index].box.y0 < 0.12
        if close and (near or _FOR.match(parts[index].text)):
            first = index
    return _body_above(parts, first)


def _beside_recipients(parts: Sequence[Line], candidates: Sequence[int]) -> int:
    """Return the last line of the title that stands beside the first list of recipients, else the last of all.

    Behind it others may sign: whoever drew up an annex, or whoever copied the paper (`SAO Y`).
    """
    lists = [(p.page, p.box.y0) for p in parts if squeeze(p.text).startswith(_RECIPIENTS) and p.box.x0 < 0.5]
    for page, y0 in lists:
        beside = [i for i in candidates if parts[i].page == page and -_LEVEL < parts[i].box.y0 - y0 < _BESIDE]
        if beside:
            return beside[-1]
    return candidates[-1]


def _beginning_lost(parts: Sequence[Line]) -> int | None:
    """Return the index of a line that can only be the rest of a title, at the height of the list of recipients."""
    heights = [(p.page, p.box.y0) for p in parts if squeeze(p.text).startswith(_RECIPIENTS)]
    found = (
        i
        for i, part in enumerate(parts)
        if _on_the_right(part) and part.capital and is_of_title(part.text) and _at_the_end(parts, i)
        if any(page == part.page and abs(part.box.y0 - y0) < _LEVEL for page, y0 in heights)
    )
    return next(found, None)


def _body_above(parts: Sequence[Line], first: int) -> int:
    """Return the index of the line that begins the name of the signing body right above a title, else the title's."""
    index = first
    while index and _stands_on(parts[index - 1], parts[index]):
        index -= 1
        if begins_body(trim(parts[index].pieces)):
            return index
    return first


def _stands_on(part: Line, other: Line) -> bool:
    near = part.page == other.page and 0 < other.box.y0 - part.box.y0 < 2.4 * other.height
    return near and _on_the_right(part) and part.capital


def _at_the_end(parts: Sequence[Line], index: int) -> bool:
    """Return whether no running text follows on the page, and the recipients, if any, stand beside."""
    part = parts[index]
    below = [p for p in parts if p.page == part.page and p.box.y0 > part.box.y1]
    running = sum(p.box.x1 - p.box.x0 > _RUNNING for p in below)
    lists = [p.box.y0 for p in parts if p.page == part.page and squeeze(p.text).startswith(_RECIPIENTS)]
    beside = any(abs(y0 - part.box.y0) < _BESIDE for y0 in lists)
    return running < _FEW and (beside or all(y0 < part.box.y0 for y0 in lists))


def _on_the_right(part: Line) -> bool:
    return (part.box.x0 + part.box.x1) / 2 > 0.5 and part.box.x0 > 0.3


def _is_title(part: Line) -> bool:
    text = part.text
    return part.capital and (_FOR.match(text) is not None or squeeze(text).startswith(_OFFICES) or names_office(text))


def _titles(parts: Sequence[Line], first: int) -> list[Line]:
    """Return the lines of the title: in capitals, close below one another, in one column."""
    block = [parts[first]]
    for part in parts[first + 1 :]:
        if part.page != block[-1].page or part.box.y0 - block[-1].box.y1 > 2.2 * block[-1].height:
            break
        if not _on_the_right(part) or part.text.startswith("("):
            continue
        open_end = _OPEN_END.search(block[-1].text) is not None
        if _FOR.match(block[-1].text) and _is_deputy_in_small_letters(part):
            block.append(part)
            break
        if not part.capital or not (open_end or _goes_on(part) or all(_names_body(b) for b in block)):
            break
        block.append(part)
    return block


def _is_deputy_in_small_letters(part: Line) -> bool:
    """Return whether a line is an office in small letters, as below `K/T BỘ TRƯỞNG` on older papers: `Thứ trưởng`."""
    text = " ".join(piece.text for piece in trim(part.pieces))
    small = not part.capital and text[1:2].islower()
    return small and len(text.split()) <= _FEW_WORDS and squeeze(text).startswith(_OFFICES) and begins_office(text)


def _goes_on(part: Line) -> bool:
    """Return whether a line in capitals belongs to a title, though its beginning may have been lost."""
    return _is_title(part) or is_of_title(part.text) or names_office(part.text)


def _name(parts: Sequence[Line], last: Line) -> tuple[tuple[Piece, ...], bool]:
    """Return what can be the signer's name below the title, the lowest, and whether it is none that can be whole."""
    middle = (last.box.x0 + last.box.x1) / 2
    whole, broken = [], []
    end = _next_block(parts, last)
    for number, part in enumerate(parts):
        below = part.box.y0 - last.box.y1
        if part.page != last.page or not 0 <= below < end or abs(_middle(part.pieces) - middle) > _ASIDE:
            continue
        solid = name_only(trim(_with_rest(parts, number, middle)))
        words = [AROUND.sub("", p.text) for p in without_degrees(solid)]
        if squeeze(part.text) in _NO_NAMES or (part.capital and _goes_on(part)):
            continue
        if 2 <= len(words) <= 7 and all(_NAMED.fullmatch(w) and w[0].isupper() and len(w) < 8 for w in words):
            whole.append(solid)
        elif len(words) <= 6 and is_rest_of_name(words):
            broken.append(solid)
    return (whole[-1], False) if whole else (broken[-1], True) if broken else ((), False)


def _next_block(parts: Sequence[Line], last: Line) -> float:
    """Return how far below a title the name can stand: not below what another paper or signer begins with."""
    below = (p for p in parts if p.page == last.page and p.box.y0 - last.box.y1 > _LEVEL)
    opens = (p for p in below if squeeze(p.text).startswith(_RECIPIENTS) or (_on_the_right(p) and _is_title(p)))
    return min((p.box.y0 - last.box.y1 for p in opens), default=_REACH)


def _with_rest(parts: Sequence[Line], number: int, middle: float) -> tuple[Piece, ...]:
    """Return the words of a part, with those behind a gap if both together stand nearer below the title's middle."""
    part = parts[number]
    for other in parts[number + 1 : number + 2]:
        both = (*part.pieces, *other.pieces)
        level = other.page == part.page and abs(other.box.y0 - part.box.y0) < 0.5 * part.height
        near = 0 < (other.box.x0 - part.box.x1) * part.aspect < _GAP * part.height
        if level and near and abs(_middle(both) - middle) < min(_OFF_CENTER, abs(_middle(part.pieces) - middle)):
            return both
    return part.pieces

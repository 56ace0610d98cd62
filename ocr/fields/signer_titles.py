"""The lines of a signature block that say which office the signer holds, and for whom they sign."""

import re
from collections.abc import Sequence

from ocr.fields.bodies import begins_body
from ocr.fields.lines import Line, Piece, trim
from ocr.fields.signature_lines import FAINT, LEVEL, RECIPIENTS, on_the_right
from ocr.lexicon.matching import squeeze
from ocr.lexicon.offices import begins_office, is_of_title
from ocr.lexicon.title_items import names_office

_FOR = re.compile(r"^\W*(?:(?:TM|KT|TL|TUQ|Q)\s*[.,:;]|(?:TM|KT|TL|TUQ)\s|(?:T/M|K/T|T/L|T/UQ)(?!\w))", re.IGNORECASE)
_OFFICES = (
    "chutich", "phochutich", "giamdoc", "phogiamdoc", "botruong", "thutruong", "thutuong", "phothutuong", "chanh",
    "phochanh", "truong", "photruong", "hieutruong", "phohieutruong", "hieupho", "cuctruong", "phocuctruong",
    "chicuctruong", "phochicuctruong", "tongcuctruong", "vutruong", "chunhiem", "phochunhiem", "tonggiamdoc",
    "congchuc", "nguoiky", "nguoithuchien", "bithu", "phobithu", "chutoa", "thuky", "vientruong", "phovientruong",
    "uyvien", "nguoilap", "daidien", "congchungvien", "trungta", "thuongta", "daita", "thieuta", "thieutuong",
    "canbo",
)  # fmt: skip
_HEADINGS = ("nguoiky", "nguoithuchien")
COPIES = frozenset({"saoy", "saoybanchinh", "saoluc", "trichsao"})
"""Headings of what stands below a paper that someone else copied: letterhead, date and signature of that one."""
_RUNNING = 0.6
"""Of the page's width: a longer line is running text."""
_OPEN_END = re.compile(r"\sVÀ$")
"""Of a line of a title that the next one goes on with: `TRƯỞNG PHÒNG VẬT TƯ VÀ`."""
_FEW_WORDS = 4
"""Words of a deputy's title in small letters."""
_FEW = 3
_BESIDE = 0.08
"""Of the page's height: the list of recipients begins at most so far below the title."""


def find_opening(parts: Sequence[Line]) -> int | None:
    """Return the index of the first line of the paper's own signature block on the right of a page."""
    candidates = [i for i, part in enumerate(parts) if on_the_right(part) and is_title(part) and _at_the_end(parts, i)]
    if not candidates:
        return _beginning_lost(parts)
    copied = next((i for i, part in enumerate(parts) if squeeze(part.text) in COPIES), len(parts))
    candidates = [i for i in candidates if i < copied] or candidates
    first = _beside_recipients(parts, candidates)
    for index in [i for i in candidates if i <= first][::-1]:
        near = parts[first].box.y0 - parts[index].box.y1 < 2.2 * parts[first].height
        close = parts[index].page == parts[first].page and parts[first].box.y0 - parts[index].box.y0 < 0.12
        if close and (near or _FOR.match(parts[index].text)):
            first = index
    return _body_above(parts, first)


def title_lines(parts: Sequence[Line], first: int) -> list[Line]:
    """Return the lines of the title: in capitals, close below one another, in one column."""
    block = [parts[first]]
    for part in parts[first + 1 :]:
        if part.page != block[-1].page or part.box.y0 - block[-1].box.y1 > 2.2 * block[-1].height:
            break
        if not on_the_right(part) or part.text.startswith("("):
            continue
        open_end = _OPEN_END.search(block[-1].text) is not None
        if _FOR.match(block[-1].text) and _is_deputy_in_small_letters(part):
            block.append(part)
            break
        if not part.capital or not (open_end or goes_on(part) or all(_names_body(b) for b in block)):
            break
        block.append(part)
    return block


def offices_of(block: Sequence[Line]) -> Sequence[Line]:
    """Return the lines of the title itself, without headings and without a body that is named above the office."""
    kept = [part for part in block if not squeeze(part.text).startswith(_HEADINGS)]
    first = next((i for i, part in enumerate(kept) if is_title(part)), 0)
    return kept[first:]


def agency_of(block: Sequence[Line]) -> tuple[Piece, ...]:
    """Return the body that the title names above the office, without `TM.`."""
    pieces: list[Piece] = []
    for part in block:
        if not _names_body(part):
            break
        pieces += trim(part.pieces)[1 if _FOR.match(part.text) else 0 :]
    return tuple(pieces)


def is_title(part: Line) -> bool:
    """Return whether a line in capitals says for whom someone signs, or names an office."""
    text = part.text
    return part.capital and (_FOR.match(text) is not None or squeeze(text).startswith(_OFFICES) or names_office(text))


def goes_on(part: Line) -> bool:
    """Return whether a line in capitals belongs to a title, though its beginning may have been lost."""
    return is_title(part) or is_of_title(part.text) or names_office(part.text)


def without_marks(part: Line) -> Line:
    """Return a line of a title without faint words at its ends that can stand in no title."""
    pieces = list(trim(part.pieces))
    for end in (0, -1):
        while len(pieces) > 1 and not _names_body(part) and _is_mark(pieces[end]):
            del pieces[end]
    return part.cut(pieces)


def _is_mark(piece: Piece) -> bool:
    return piece.word.confidence < FAINT and not is_of_title(piece.text) and not _FOR.match(piece.text)


def _names_body(part: Line) -> bool:
    """Return whether a line of a title names the body and not yet the office."""
    found = _FOR.match(part.text)
    acting = found is not None and not found.group().strip().upper().startswith(("TM", "T/M"))
    return not acting and not squeeze(part.text).startswith(_OFFICES)


def _beside_recipients(parts: Sequence[Line], candidates: Sequence[int]) -> int:
    """Return the last line of the title that stands beside the first list of recipients, else the last of all.

    Behind it others may sign: whoever drew up an annex, or whoever copied the paper (`SAO Y`).
    """
    lists = [(p.page, p.box.y0) for p in parts if squeeze(p.text).startswith(RECIPIENTS) and p.box.x0 < 0.5]
    for page, y0 in lists:
        beside = [i for i in candidates if parts[i].page == page and -LEVEL < parts[i].box.y0 - y0 < _BESIDE]
        if beside:
            return beside[-1]
    return candidates[-1]


def _beginning_lost(parts: Sequence[Line]) -> int | None:
    """Return the index of a line that can only be the rest of a title, at the height of the list of recipients."""
    heights = [(p.page, p.box.y0) for p in parts if squeeze(p.text).startswith(RECIPIENTS)]
    found = (
        i
        for i, part in enumerate(parts)
        if on_the_right(part) and part.capital and is_of_title(part.text) and _at_the_end(parts, i)
        if any(page == part.page and abs(part.box.y0 - y0) < LEVEL for page, y0 in heights)
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
    return near and on_the_right(part) and part.capital


def _at_the_end(parts: Sequence[Line], index: int) -> bool:
    """Return whether no running text follows on the page, and the recipients, if any, stand beside."""
    part = parts[index]
    below = [p for p in parts if p.page == part.page and p.box.y0 > part.box.y1]
    running = sum(p.box.x1 - p.box.x0 > _RUNNING for p in below)
    lists = [p.box.y0 for p in parts if p.page == part.page and squeeze(p.text).startswith(RECIPIENTS)]
    beside = any(abs(y0 - part.box.y0) < _BESIDE for y0 in lists)
    return running < _FEW and (beside or all(y0 < part.box.y0 for y0 in lists))


def _is_deputy_in_small_letters(part: Line) -> bool:
    """Return whether a line is an office in small letters, as below `K/T BỘ TRƯỞNG` on older papers: `Thứ trưởng`."""
    text = " ".join(piece.text for piece in trim(part.pieces))
    small = not part.capital and text[1:2].islower()
    return small and len(text.split()) <= _FEW_WORDS and squeeze(text).startswith(_OFFICES) and begins_office(text)

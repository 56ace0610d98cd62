"""Who signed a paper: title and name in the signature block."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ocr.letterhead import begins_body, place_and_date
from ocr.lines import Line, Piece, trim
from ocr.matching import squeeze

_FOR = re.compile(r"^\W*(?:TM|KT|TL|TUQ|Q)\s*[.,]", re.IGNORECASE)
_OFFICES = (
    "chutich", "phochutich", "giamdoc", "phogiamdoc", "botruong", "thutruong", "thutuong", "phothutuong", "chanh",
    "phochanh", "truong", "photruong", "hieutruong", "phohieutruong", "hieupho", "cuctruong", "phocuctruong",
    "chicuctruong", "phochicuctruong", "tongcuctruong", "vutruong", "chunhiem", "phochunhiem", "tonggiamdoc",
    "congchuc", "nguoiky", "nguoithuchien", "bithu", "phobithu", "chutoa", "thuky", "vientruong", "phovientruong",
    "uyvien", "nguoilap", "daidien", "congchungvien", "trungta", "thuongta", "daita", "thieuta", "thieutuong",
    "canbo",
)  # fmt: skip
_AROUND = re.compile(r"^[\W_]+|[\W_]+$")
_HEADINGS = ("nguoiky", "nguoithuchien")
_NO_NAMES = frozenset({"quyetdinh", "quyetnghi", "noinhan"})
_RUNNING = 0.6
"""Of the page's width: a longer line is running text."""
_FEW = 3
_BESIDE = 0.08
"""Of the page's height: the list of recipients begins at most so far below the title."""
_ABOVE = 0.06
"""Of the page's height: place and date stand no further above the title."""
_REACH = 0.30
"""Of the page's height: the name stands no further below the title."""


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


def read_signature_block(lines: Sequence[Line]) -> SignatureBlock:
    """Return title and name of the signer from the last signature block of a paper."""
    parts = [part for line in lines for part in line.parts if any(not p.blank for p in part.pieces)]
    opening = _opening(parts)
    if opening is None:
        return SignatureBlock()
    block = _titles(parts, opening)
    names = _names(parts, block[-1])
    above = [line for line in lines if _just_above(line, parts[opening])]
    place, day = place_and_date(above[::-1])
    return SignatureBlock(
        office=tuple(p for part in _offices(block) for p in trim(part.pieces)),
        name=names[0] if names else (),
        agency=_agency(block[:-1]),
        place=place,
        date=day,
    )


def _offices(block: Sequence[Line]) -> Sequence[Line]:
    """Return the lines of the title itself, without headings and without a body that is named above the office."""
    kept = [part for part in block if not squeeze(part.text).startswith(_HEADINGS)]
    first = next((i for i, part in enumerate(kept) if _is_title(part)), len(kept))
    return kept[first:]


def _just_above(line: Line, title: Line) -> bool:
    return line.page == title.page and 0 < title.box.y0 - line.box.y0 < _ABOVE


def _names_body(part: Line) -> bool:
    """Return whether a line of a title names the body and not yet the office."""
    found = _FOR.match(part.text)
    acting = found is not None and not found.group().strip().upper().startswith("TM")
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
    """Return the index of the first line of the last signature block on the right of a page."""
    candidates = [
        i for i, part in enumerate(parts) if _on_the_right(part) and _is_title(part) and _at_the_end(parts, i)
    ]
    if not candidates:
        return None
    first = candidates[-1]
    for index in candidates[::-1]:
        near = parts[first].box.y0 - parts[index].box.y1 < 2.2 * parts[first].height
        close = parts[index].page == parts[first].page and parts[first].box.y0 - parts[index].box.y0 < 0.12
        if close and (near or _FOR.match(parts[index].text)):
            first = index
    return _body_above(parts, first)


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
    """Return whether no running text follows on the page, and the recipients do not stand far below."""
    part = parts[index]
    below = [p for p in parts if p.page == part.page and p.box.y0 > part.box.y1]
    running = sum(p.box.x1 - p.box.x0 > _RUNNING for p in below)
    recipients = [p for p in below if squeeze(p.text).startswith("noinhan")]
    return running < _FEW and all(p.box.y0 - part.box.y0 < _BESIDE for p in recipients)


def _on_the_right(part: Line) -> bool:
    return (part.box.x0 + part.box.x1) / 2 > 0.5 and part.box.x0 > 0.3


def _is_title(part: Line) -> bool:
    text = part.text
    return part.capital and (_FOR.match(text) is not None or squeeze(text).startswith(_OFFICES))


def _titles(parts: Sequence[Line], first: int) -> list[Line]:
    """Return the lines of the title: in capitals, close below one another, in one column."""
    block = [parts[first]]
    for part in parts[first + 1 :]:
        if part.page != block[-1].page or part.box.y0 - block[-1].box.y1 > 2.2 * block[-1].height:
            break
        if not _on_the_right(part) or part.text.startswith("("):
            continue
        if not part.capital or not (_is_title(part) or all(_names_body(b) for b in block)):
            break
        block.append(part)
    return block


def _names(parts: Sequence[Line], last: Line) -> list[tuple[Piece, ...]]:
    """Return what can be the signer's name below the title, the likeliest first."""
    middle = (last.box.x0 + last.box.x1) / 2
    found = []
    for part in parts:
        below = part.box.y0 - last.box.y1
        if part.page != last.page or not 0 <= below < _REACH or abs((part.box.x0 + part.box.x1) / 2 - middle) > 0.14:
            continue
        solid = trim(part.pieces)
        words = [_AROUND.sub("", p.text) for p in solid]
        if 2 <= len(words) <= 6 and all(w.isalpha() and w[0].isupper() and len(w) < 8 for w in words):
            if squeeze(part.text) in _NO_NAMES or (part.capital and _is_title(part)):
                continue
            found.append(solid)
    return found[::-1]

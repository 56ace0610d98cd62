"""Who signed a paper: title and name in the signature block."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from ocr.fields.letterhead import place_and_date
from ocr.fields.lines import Line, Piece, trim
from ocr.fields.signature_lines import OFF_CENTER, REACH, RECIPIENTS, middle_of, on_the_right, plain
from ocr.fields.signer_names import find_name, without_degrees
from ocr.fields.signer_titles import agency_of, find_opening, is_title, offices_of, title_lines, without_marks
from ocr.lexicon.matching import squeeze
from ocr.lexicon.title_items import names_office

_ASSISTANTS = ("thuky", "nguoi", "ketoan", "canbo", "congchuc", "thuquy")
"""Beginnings of the titles of those who sign beside the one who answers for a paper: `THƯ KÝ`, `NGƯỜI LẬP BIỂU`."""
_ABOVE = 0.06
"""Of the page's height: place and date stand no further above the title."""
_OFF_CENTER_NAME = 0.016
_PITCH = 2.5
"""In heights of a line: the next line of a title begins no further below the beginning of one."""


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
    parts = [plain(part) for line in lines for part in line.parts if any(not p.blank for p in part.pieces)]
    opening = find_opening(parts)
    if opening is None:
        return SignatureBlock()
    block = title_lines(parts, opening)
    name, is_broken = find_name(parts, block[-1])
    above = [line for line in lines if _just_above(line, parts[opening])]
    late = _behind_recipients(parts, parts[opening])
    place, day = place_and_date(above[::-1])
    offices = [without_marks(part) for part in offices_of(block)]
    lines_aside, name_aside = _aside([*block[: len(block) - len(offices)], *offices], name)
    return SignatureBlock(
        office=tuple(p for part in offices for p in trim(part.pieces)),
        name=without_degrees(name),
        agency=agency_of(block[:-1]),
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
    lists = [part for part in parts if squeeze(part.text).startswith(RECIPIENTS)]
    earlier = (p for p in lists if p.page < title.page or (p.page == title.page and title.box.y0 - p.box.y0 > REACH))
    return bool(lists) and next(earlier, None) is lists[-1]


def _goes_on_in_brackets(parts: Sequence[Line], last: Line) -> bool:
    """Return whether another office of the signer stands in brackets below a title: `(PHÓ CHỦ TỊCH UBND)`."""
    below = (p for p in parts if p.page == last.page and 0 < p.box.y0 - last.box.y0 < _PITCH * last.height)
    return any(on_the_right(p) and p.text.startswith("(") and p.capital and names_office(p.text) for p in below)


def _signed_on_the_left(parts: Sequence[Line], block: Sequence[Line]) -> bool:
    """Return whether a title stands on the left at the height of the block that is not that of an assistant."""
    first, last = block[0], block[-1]
    beside = (
        part
        for part in parts
        if part.page == first.page and abs(part.box.y0 - first.box.y0) < (last.box.y1 - first.box.y0) + first.height
        if middle_of(part.pieces) < 0.5 and part.box.x1 < first.box.x0 and is_title(part)
    )
    main = not squeeze(first.text).startswith(_ASSISTANTS)
    return any(not main or not squeeze(part.text).startswith(_ASSISTANTS) for part in beside)


def _aside(block: Sequence[Line], name: tuple[Piece, ...]) -> tuple[bool, bool]:
    """Return whether the lines of the title, and whether the name, do not stand below one another's middles."""
    middles = [middle_of(trim(part.pieces)) for part in block if trim(part.pieces)]
    if not middles:
        return False, False
    center = median(middles)
    title = max(abs(middle - center) for middle in middles) > OFF_CENTER
    aside = bool(name) and min(abs(middle_of(name) - middle) for middle in (center, *middles[-1:])) > _OFF_CENTER_NAME
    lost = bool(name) and len(middles) == 1 and center - middle_of(name) > OFF_CENTER  # a `Q.` before it
    return title or lost or (aside and len(middles) == 1), aside


def _just_above(line: Line, title: Line) -> bool:
    return line.page == title.page and 0 < title.box.y0 - line.box.y0 < _ABOVE

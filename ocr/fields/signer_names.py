"""The signer's name below a title: without marks, degrees and ranks, and whether it is the rest of one."""

import re
from collections.abc import Sequence

from ocr.fields.lines import Line, Piece, join, trim
from ocr.fields.parsers.names import DEGREES, RANKS
from ocr.fields.signature_lines import FAINT, LEVEL, OFF_CENTER, REACH, RECIPIENTS, middle_of, on_the_right
from ocr.fields.signer_titles import COPIES, goes_on, is_title
from ocr.lexicon.matching import squeeze

_AROUND = re.compile(r"^[\W_]+|[\W_]+$")
_DEGREE = re.compile(rf"(?:(?:{DEGREES}|Th|S)[Il12]{{0,2}}[.,]+)+", re.IGNORECASE)
_RANK = re.compile(rf"{RANKS}[.,]?", re.IGNORECASE)
_NO_NAMES = COPIES | {"quyetdinh", "quyetnghi", "noinhan"}
_NAMED = re.compile(r"[^\W\d_]+(?:['’?][^\W\d_]+)*")
"""A word of a name, with the apostrophes of `H'Hen` and `K'Brẻo`, that are also read as question marks."""
_ASIDE = 0.14
"""Of the page's width: the middle of the name stands no further beside that of the title."""
_GAP = 3.0
"""In heights of a line: words of a name stand no further apart."""


def find_name(parts: Sequence[Line], last: Line) -> tuple[tuple[Piece, ...], bool]:
    """Return what can be the signer's name below the title, the lowest, and whether it is none that can be whole."""
    middle = (last.box.x0 + last.box.x1) / 2
    whole, broken = [], []
    end = _next_block(parts, last)
    for number, part in enumerate(parts):
        below = part.box.y0 - last.box.y1
        if part.page != last.page or not 0 <= below < end or abs(middle_of(part.pieces) - middle) > _ASIDE:
            continue
        solid = _name_only(trim(_with_rest(parts, number, middle)))
        words = [_AROUND.sub("", p.text) for p in without_degrees(solid)]
        if squeeze(part.text) in _NO_NAMES or (part.capital and goes_on(part)):
            continue
        if 2 <= len(words) <= 7 and all(_NAMED.fullmatch(w) and w[0].isupper() and len(w) < 8 for w in words):
            whole.append(solid)
        elif len(words) <= 6 and _is_rest_of_name(words):
            broken.append(solid)
    return (whole[-1], False) if whole else (broken[-1], True) if broken else ((), False)


def _name_only(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """Return the pieces of a name without faint marks before and behind it, as of the signature."""
    kept = [piece for piece in pieces if not piece.blank]
    for end in (0, -1):
        while len(kept) > 2 and kept[end].word.confidence < FAINT and _is_mark(kept[end].text):
            del kept[end]
    return tuple(kept)


def _is_mark(text: str) -> bool:
    return not _AROUND.sub("", text).istitle() and not _DEGREE.fullmatch(text)


def without_degrees(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """Return the pieces of a name without the degrees or the rank before it."""
    kept = list(pieces)
    while len(kept) > 2:
        ranked = len(kept) > 3 and _RANK.fullmatch(join(kept[:2])) is not None
        if not ranked and not _DEGREE.fullmatch(kept[0].text):
            break
        del kept[: 2 if ranked else 1]
    return tuple(kept)


def _is_rest_of_name(words: Sequence[str]) -> bool:
    """Return whether words are a name but for the beginning of the first one, or the last word of one."""
    spelled = all(word.isalpha() and len(word) < 8 for word in words) and all(w[0].isupper() for w in words[1:])
    return spelled and bool(words) and (len(words) > 1 or (words[0].istitle() and len(words[0]) > 2))


def _next_block(parts: Sequence[Line], last: Line) -> float:
    """Return how far below a title the name can stand: not below what another paper or signer begins with."""
    below = (p for p in parts if p.page == last.page and p.box.y0 - last.box.y1 > LEVEL)
    opens = (p for p in below if squeeze(p.text).startswith(RECIPIENTS) or (on_the_right(p) and is_title(p)))
    return min((p.box.y0 - last.box.y1 for p in opens), default=REACH)


def _with_rest(parts: Sequence[Line], number: int, middle: float) -> tuple[Piece, ...]:
    """Return the words of a part, with those behind a gap if both together stand nearer below the title's middle."""
    part = parts[number]
    for other in parts[number + 1 : number + 2]:
        both = (*part.pieces, *other.pieces)
        level = other.page == part.page and abs(other.box.y0 - part.box.y0) < 0.5 * part.height
        near = 0 < (other.box.x0 - part.box.x1) * part.aspect < _GAP * part.height
        if level and near and abs(middle_of(both) - middle) < min(OFF_CENTER, abs(middle_of(part.pieces) - middle)):
            return both
    return part.pieces

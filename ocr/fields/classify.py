"""What kind of paper it is, by its title and its substance."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ocr.fields.kinds import UNKNOWN, Kind, KindLibrary
from ocr.fields.lines import Line, Piece, join, trim
from ocr.lexicon.matching import phrase

_TITLE_REACH = 0.62
"""A title stands above this fraction of the first page."""
_ONE_LINE = 19
"""Letters up to which a title stands on one line."""
_COVERS = 0.6
"""A title fills at least this share of its part of the line."""
_MANY_PHRASES = 4
"""Phrases of substance from which a kind is told, with doubt, though its title could not be read."""
_WITHOUT_TITLE = 0.75
_BY_ITS_FORM = 0.9
"""Probability of a kind whose title was lost and that is told by phrases of its form that no other paper has."""
_SOUND = 20
"""Letters of such a phrase of which one may be misread."""
_VERY_SHORT = 3
"""Letters of a phrase that could stand anywhere by chance, like `V/v`."""
_BY_ITS_SIGN = 0.6
"""Probability of a kind that only the sign in the paper's number tells."""
_SIGN_REACH = 0.3
"""The number stands above this fraction of the first page."""
_SIGN = re.compile(r"\d\s*[/-](?:\d{4}/)?([A-ZĐ]{2}[A-Za-zđ]{0,2})(?=[/-]|\s|$)")
_NUMBER = re.compile(r"\W*S[ốôóo]\s*[:.]")
_ABOUT = re.compile(r"\W*[Vv]\s*/\s*v(?=\W|$)")
_NEXT = 2.4
"""In heights of a line: what a letter is about begins no further below its number."""
_LEFT_COLUMN = 0.4
"""Of the page's width: the middle of the letterhead's left column lies left of it, that of a title right of it."""
_WITH_ITS_SIGN = 0.97
"""Probability of a kind of which the title and the sign in the number stand on the paper."""
_OF = "của"
"""Behind a title, before its issuer: `QUYẾT ĐỊNH CỦA ỦY BAN NHÂN DÂN TỈNH …`, as papers before 2005 have it."""
_LABEL = re.compile(r"[^\W\d_]{2}\s*:")
"""A speck before a title, as `-i:`, is none."""
_MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
_RUNNING = 0.6
"""Of the page's width: what is longer is running text."""
_OFF_CENTER = 0.1
"""Of the page's width: the middle of a title with its matter is no further from that of the page."""
_ENOUGH_SUBSTANCE = 0.75
"""Share of the phrases of its substance by which an untitled paper is told."""


@dataclass(frozen=True, slots=True)
class TitleMatch:
    """A title found on a paper."""

    kind: Kind
    first: int
    """Index of its first line."""
    last: int
    part: Line
    """The words of the title on its last line."""
    quality: float
    """1 where every letter agrees (but for diacritics)."""
    letters: int
    """Length of the title that was looked for."""
    rest: tuple[Piece, ...] = ()
    """What stands behind the title on its line and says what the paper is about: `BIÊN BẢN` and `BÀN GIAO TÀI SẢN`."""


@dataclass(frozen=True, slots=True)
class Classification:
    """The kind of a paper."""

    kind: Kind | None
    confidence: float
    title: TitleMatch | None = None


def classify(lines: Sequence[Line], kinds: KindLibrary) -> Classification:
    """Return the kind whose title and substance stand on the paper; no kind where none is sure enough."""
    top = [line for line in lines if lines and line.page == lines[0].page and line.box.y0 < _TITLE_REACH]
    found = [match for kind in kinds.kinds.values() for match in _titles(top, kind)]
    found += _joined(top, kinds)
    scored = [(_score(match, lines), match) for match in found]
    if scored:
        score, best = max(scored, key=lambda item: item[0])
        if best.kind.code == UNKNOWN:
            return Classification(None, score[-1], best)
        return Classification(best.kind, max(score[-1], _by_its_sign(best, lines, kinds)), best)
    untitled = _untitled(lines, kinds)
    if untitled.confidence < _WITHOUT_TITLE:
        longer = next((match for kind in kinds.kinds.values() for match in _with_matter(top, kind)), None)
        if longer is not None:
            return Classification(longer.kind, max(_WITHOUT_TITLE, _by_its_sign(longer, lines, kinds)), longer)
    return untitled


def _by_its_sign(match: TitleMatch, lines: Sequence[Line], kinds: KindLibrary) -> float:
    """Return the probability of a kind of which title and sign agree, 0 where the sign does not tell it."""
    return _WITH_ITS_SIGN * match.quality if _kind_of_sign(lines, kinds) is match.kind else 0.0


def _score(match: TitleMatch, lines: Sequence[Line]) -> tuple[float, float, float]:
    """Return what speaks for a title: the longest that fits, substance, and the probability that it is right."""
    share = substance(match.kind, lines)
    certain = match.quality * (0.9 + 0.1 * share) if share >= 0.3 else match.quality * 0.75
    return round(match.letters * match.quality * (0.5 + share / 2)), -match.part.box.y0, certain


def substance(kind: Kind, lines: Sequence[Line]) -> float:
    """Return the share of a kind's phrases that stand on the paper; 1 where it names none."""
    wanted = kind.recognition.substance
    if not wanted:
        return 1.0
    return sum(any(_stands(text.strip(), lines) for text in one.split("|")) for one in wanted) / len(wanted)


def _stands(text: str, lines: Sequence[Line]) -> bool:
    """Return whether a phrase stands on the paper; a very short one only at the beginning of a part of a line."""
    wanted = phrase(text)
    if len(wanted.letters) > _VERY_SHORT:
        return any(line.find(wanted) for line in lines)
    return any(match.start == 0 for line in lines for part in line.parts for match in part.find(wanted))


def _titles(lines: Sequence[Line], kind: Kind) -> Iterable[TitleMatch]:
    """Yield where the kind's titles stand, in capitals and filling their part of the line."""
    for text in kind.recognition.titles:
        wanted = phrase(text)
        for index, line in enumerate(lines):
            for part in line.parts:
                if kind.number_signs and _above_number(part, lines[index + 1 :]):
                    continue
                for match in part.find(wanted):
                    words = part.cut(part.pieces[part.first_piece(match) : part.after(match)[0] + 1])
                    labeled = _LABEL.search(join(part.pieces[: part.first_piece(match)])) is not None
                    behind = part.pieces[part.after(match)[0] + 1 :]
                    fills = len(wanted.letters) >= _COVERS * _capital_letters(part) or _names_its_issuer(behind)
                    if words.capital and fills and not labeled:
                        quality = 1 - match.distance / len(wanted.letters)
                        yield TitleMatch(kind, index, index, part, quality, len(wanted.letters))


def _above_number(part: Line, below: Sequence[Line]) -> bool:
    """Return whether a part stands above the number in the left column, among the lines that name the issuer.

    `ĐOÀN THANH TRA THEO / QUYẾT ĐỊNH SỐ 34/QĐ-TTr / Số: 03/BC-ĐTTr`: no title stands there.
    """
    if _middle(part) > _LEFT_COLUMN:
        return False
    left = (other for line in below for other in line.parts[:1] if _middle(other) < _LEFT_COLUMN)
    return any(_NUMBER.match(other.text) and _SIGN.search(other.text) for other in left)


def _middle(part: Line) -> float:
    return (part.box.x0 + part.box.x1) / 2


def _names_its_issuer(behind: Sequence[Piece]) -> bool:
    return len(behind) > 1 and behind[0].text.lower() == _OF and behind[0].text.isupper()


def _with_matter(lines: Sequence[Line], kind: Kind) -> Iterable[TitleMatch]:
    """Yield where a title begins a line in capitals in the middle of the page, and what the paper is about follows."""
    for text in kind.recognition.titles if kind.number_signs else ():
        wanted = phrase(text)
        for index, line in enumerate(lines):
            for part in line.parts:
                match = next((m for m in part.find(wanted) if m.start == 0), None)
                centred = abs((part.box.x0 + part.box.x1) / 2 - 0.5) < _OFF_CENTER
                if match is not None and part.capital and centred:
                    rest = trim(part.pieces[part.after(match)[0] + 1 :])
                    quality = 1 - match.distance / len(wanted.letters)
                    yield TitleMatch(kind, index, index, part, quality, len(wanted.letters), rest)


def _joined(lines: Sequence[Line], kinds: KindLibrary) -> Iterable[TitleMatch]:
    """Yield the titles that run on from one line to the next."""
    titles = [(kind, phrase(text)) for kind in kinds.kinds.values() for text in kind.recognition.titles]
    longer = [(kind, wanted) for kind, wanted in titles if len(wanted.letters) > _ONE_LINE]
    for index, (line, following) in enumerate(pairwise(lines)):
        for upper in (part for part in line.parts if part.capital):
            for lower in (part for part in following.parts if part.capital):
                both = Line(upper.page, upper.pieces + lower.pieces, upper.height, upper.aspect)
                for kind, wanted in longer:
                    match = next((m for m in both.find(wanted) if both.after(m)[0] >= len(upper.pieces)), None)
                    if match and len(wanted.letters) >= _COVERS * len(both.searchable.letters):
                        quality = 1 - match.distance / len(wanted.letters)
                        yield TitleMatch(kind, index, index + 1, lower, quality, len(wanted.letters))


def _capital_letters(line: Line) -> int:
    """Return how many letters the words in capitals of a line have."""
    return sum(len(p.text) for p in line.pieces if p.text.isupper())


def _untitled(lines: Sequence[Line], kinds: KindLibrary) -> Classification:
    """Return the kind told by substance alone: sure where it never has a title, doubtful where its title was lost."""
    told = [k for k in kinds.kinds.values() if k.recognition.untitled or len(k.recognition.substance) >= _MANY_PHRASES]
    shares = [(substance(kind, lines), kind) for kind in told]
    share, best = max(shares, key=lambda item: item[0], default=(0.0, None))
    letter = best is not None and best.recognition.untitled and share > 0 and _is_letter(lines)
    signed = None if letter else _kind_of_sign(lines, kinds)
    if letter and share < _ENOUGH_SUBSTANCE:
        return Classification(best, _BY_ITS_SIGN)
    if best is None or share < _ENOUGH_SUBSTANCE or (best.recognition.untitled and signed):
        return Classification(signed, _BY_ITS_SIGN) if signed else Classification(None, 0.0)
    if best.recognition.untitled:
        return Classification(best, _BY_ITS_SIGN if _bears_title(lines) else 0.7 + 0.29 * share)
    return Classification(best, _BY_ITS_FORM if share == 1 and _certain(best, lines) else _WITHOUT_TITLE * share)


def _is_letter(lines: Sequence[Line]) -> bool:
    """Return whether the left column says below the number what the paper is about, as that of a letter does alone.

    Its sign is its issuer's then: `2291/CT-TTHT` of a `CỤC THUẾ` is no directive.
    """
    left = [part for line in lines if line.page == lines[0].page for part in line.parts if _middle(part) < _LEFT_COLUMN]
    return any(
        _NUMBER.match(one.text) and _ABOUT.match(other.text) and other.box.y0 - one.box.y0 < _NEXT * one.height
        for one, other in pairwise(left)
    )


def _bears_title(lines: Sequence[Line]) -> bool:
    """Return whether words in capitals stand alone in the middle, above the body, where no other title was known."""
    top = [line for line in lines if line.page == lines[0].page and line.box.y0 < _TITLE_REACH]
    wide = (i for i, line in enumerate(top) for p in line.parts if p.box.x1 - p.box.x0 > _RUNNING and not p.capital)
    end = next(wide, len(top))
    parts = [part for line in top[:end] for part in line.parts]
    return any(_is_heading(part) and not _of_letterhead(part, top[:end]) for part in parts)


def _is_heading(part: Line) -> bool:
    centred = abs((part.box.x0 + part.box.x1) / 2 - 0.5) < _OFF_CENTER
    return centred and part.capital and sum(p.text.isupper() and len(p.text) > 1 for p in part.pieces) > 1


def _of_letterhead(part: Line, lines: Sequence[Line]) -> bool:
    """Return whether something stands beside a part of a line, or it is the motto."""
    beside = next(line for line in lines if part in line.parts)
    return len(beside.parts) > 1 or bool(part.find(phrase(_MOTTO)))


def _kind_of_sign(lines: Sequence[Line], kinds: KindLibrary) -> Kind | None:
    """Return the kind that the sign in the paper's number is of, e.g. `123/QĐ-UBND`, if one alone is."""
    top = (line for line in lines if line.page == lines[0].page and line.box.y0 < _SIGN_REACH)
    found = next((sign for line in top if (sign := _SIGN.search(line.text))), None)
    told = [kind for kind in kinds.kinds.values() if found and found[1] in kind.number_signs]
    return told[0] if len(told) == 1 else None


def told_by_form(lines: Sequence[Line], kinds: KindLibrary) -> Kind | None:
    """Return the kind of which a phrase of its form stands on a page of a paper, None where none does."""
    return next((kind for kind in kinds.kinds.values() if _certain(kind, lines)), None)


def _certain(kind: Kind, lines: Sequence[Line]) -> bool:
    """Return whether a phrase that stands on no other paper is there, but for hardly a letter."""
    wanted = [phrase(text) for text in kind.recognition.certain]
    return any(m.distance <= len(text.letters) // _SOUND for text in wanted for line in lines for m in line.find(text))

"""Numbers that two models read differently: a third reading, with the alphabet of numbers only, decides between them.

That alphabet makes figures of smears too. So the third reading counts only where it has, sign by sign, what one of the
others read there without being made to.
"""

import re
from collections.abc import Sequence

from domain.models import Word
from domain.vietnamese import fold, nfc
from ocr.fields.lines import Piece, join
from ocr.fields.parsers.parsed import digits_for_letters

ALPHABET = "0123456789/.,-ABCDEGHIKLMNOPQRSTUVXY"
"""Figures, what stands between them, and the capitals of signs such as `QD-UBND`; with figures alone, those are read
as figures as well."""
MODEL = "eng"
"""Tesseract's model for English: it errs elsewhere than the Vietnamese ones."""
PURE = frozenset({"date", "year", "identity_number", "identity_paper", "tax_code", "integer", "area", "money"})
"""Forms of values in which only figures count, whatever letters stand beside them."""
_UNIT = re.compile(r"m\s*[2²]")
SURE = 0.9
"""Word confidence from which two models that agree on figures are right on a poor page too."""
_RUN = re.compile(r"[0-9]+")
_LETTER = re.compile(r"[^\W\d_]")
_AROUND = re.compile(r"^[\W_]+|[\W_]+$")
_LIKE = {"0": "OQD", "1": "ILT", "2": "Z", "5": "S", "6": "G", "8": "B"}
"""Letters that the third reading may have for a figure."""


def runs(text: str) -> tuple[str, ...]:
    """Return the runs of figures in a text in their order, without the 2 of `m2`."""
    return tuple(_RUN.findall(_UNIT.sub(" ", nfc(text).replace("⁄", "/"))))


def is_replaced(word: Word) -> bool:
    """Return whether a word has figures that the first model did not read, so that the second model's say nothing new.

    Figures that the first model took for letters like them, or read together with the next word, are its own.
    """
    if not word.raw:
        return False
    own, first = "".join(runs(word.text)), "".join(runs(digits_for_letters(nfc(word.raw))))
    return own not in "".join(runs(word.raw)) and own not in first


def is_third_wanted(word: Word, form: str, *, poor: bool) -> bool:
    """Return whether a word of a value of this form is read a third time: two models differ, or err alike.

    Args:
        word: With its second reading.
        form: Of the value.
        poor: Whether the page is blurred, so that two models can take a figure for the same other one.
    """
    unsure = poor and word.second is not None and bool(runs(word.text)) and word.confidence < SURE
    return unsure or is_disputed(word, form)


def is_contradicted(word: Word) -> bool:
    """Return whether the third reading has as many signs as the first, and another figure among them."""
    third, own = _bare(word.figures or ""), _bare(word.text)
    return len(third) == len(own) and any(
        a != b and a.isdigit() and b.isdigit() for a, b in zip(third, own, strict=True)
    )


def is_borne_out(word: Word, form: str) -> bool:
    """Return whether all three models read the same in a word of a value of this form."""
    return word.second is not None and not is_disputed(word, form) and _speaks_for(word, word.text)


def is_disputed(word: Word, form: str) -> bool:
    """Return whether two models read a word of a value of this form differently, and one of them read figures."""
    if word.second is None or not (runs(word.text) or runs(word.second)):
        return False
    if form in PURE:
        return runs(word.text) != runs(word.second)
    return _bare(word.text) != _bare(word.second)


def same_figures(pieces: Sequence[Piece]) -> bool:
    """Return whether two models read the same figures in the words of a value, and at least one."""
    words = _words(pieces)
    first = [run for word in words for run in runs(word.text)]
    return bool(first) and first == [run for word in words for run in runs(word.second or "")]


def without_outvoted(pieces: Sequence[Piece], form: str) -> str | None:
    """Return what the second model read for a value, but the first reading of words for which the third speaks too.

    None where there are none.
    """
    texts, changed = [], False
    for word in _words(pieces):
        kept = is_disputed(word, form) and bool(runs(word.text)) and _speaks_for(word, word.text)
        changed = changed or kept
        texts.append(join(p for p in pieces if p.word is word) if kept else word.second or "")
    return " ".join(texts) if changed else None


def outvoted(pieces: Sequence[Piece], form: str) -> str | None:
    """Return a value as the second and the third reading have it, against the first; None where they do not agree.

    Figures that are a part of the first reading's prove nothing: two models can lose the same one. The letters stay
    those of the first reading where the second has the same ones but for diacritics.
    """
    texts, changed = [], False
    for word in _words(pieces):
        own = join(p for p in pieces if p.word is word)
        if not is_disputed(word, form):
            texts.append(own)
            continue
        second = word.second or ""
        lost = "".join(runs(second)) in "".join(runs(word.text)) and runs(second) != runs(word.text)
        if not runs(second) or lost or not _speaks_for(word, second):
            return None
        changed = True
        texts.append(_with_runs(own, runs(second)) if _alike(own, second) else second)
    return " ".join(texts) if changed else None


def _speaks_for(word: Word, text: str) -> bool:
    """Return whether the third reading has a text sign by sign, but for letters where that has figures like them.

    It does not if it has the other reading of the two as it is.
    """
    third, wanted = _bare(word.figures or ""), _bare(text)
    if third != wanted and third in (_bare(word.text), _bare(word.second or "")):
        return False
    return len(third) == len(wanted) and all(
        a == b or a in _LIKE.get(b, "") for a, b in zip(third, wanted, strict=True)
    )


def _bare(text: str) -> str:
    """Return a text in capitals without diacritics, blanks and signs around its words."""
    plain = fold(_UNIT.sub("m", nfc(text).replace("⁄", "/"))).upper()
    return "".join(_AROUND.sub("", word) for word in plain.split())


def _words(pieces: Sequence[Piece]) -> list[Word]:
    return [piece.word for index, piece in enumerate(pieces) if not index or piece.word is not pieces[index - 1].word]


def _alike(own: str, second: str) -> bool:
    """Return whether two texts have the same letters, and as many runs of figures but other ones."""
    other = runs(own) != runs(second) and len(runs(own)) == len(runs(second))
    return other and _letters(own) == _letters(second)


def _letters(text: str) -> str:
    return fold("".join(_LETTER.findall(nfc(text))))


def _with_runs(text: str, figures: Sequence[str]) -> str:
    """Return a text with other runs of figures in the places of its own."""
    rest = iter(figures)
    return _RUN.sub(lambda found: next(rest, found.group()), text)

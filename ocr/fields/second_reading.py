"""What another model read where the words of a value stand, compared with the value."""

import re
from collections.abc import Sequence
from itertools import pairwise

from domain.models import PageText, Word
from domain.vietnamese import fold, nfc
from ocr.fields.figures import (
    PURE,
    SURE,
    is_borne_out,
    is_contradicted,
    is_disputed,
    is_replaced,
    runs,
    same_figures,
    without_outvoted,
)
from ocr.fields.labels import Reading
from ocr.fields.lines import Piece, join
from ocr.fields.parsers.forms import FAMILIES, FORMS
from ocr.fields.parsers.parsed import Parsed
from ocr.lexicon.syllables import is_syllable

_WORD = re.compile(r"[^\W\d_]+")
_EDGES = ".,;:!'`\"“”‘’()[]{}|_~«»<>-–—=•*"
_STRAY = re.compile(r"[_~`]|(?<![^\W\d_])'|'(?![^\W\d_])")
"""Specks that were taken for signs."""


def agrees(reading: Reading, parsed: Parsed) -> bool | None:
    """Return whether another model read the same value.

    None where it was not asked for every word, where a third one has, against it, the figures of the first, or where
    its diacritics stand in the place of the first one's already, so that it agrees with itself: False for names.
    False for numbers too that the first model read otherwise, or of which the third one has another figure.
    """
    if not reading.pieces or any(piece.word.second is None for piece in reading.pieces):
        return None
    form, second = reading.rule.form, second_text(reading.pieces)
    in_figures = FAMILIES.get(form, "figures") == "figures"
    if in_figures and any(is_replaced(piece.word) or is_contradicted(piece.word) for piece in reading.pieces):
        return False
    if not in_figures and any(_has_other_diacritics(piece.word) for piece in reading.pieces):
        return False if form == "name" else None
    if not in_figures and plain(second) == plain(reading.text):
        return True
    if _gives(second, parsed, form) or (form in PURE and parsed.value is not None and same_figures(reading.pieces)):
        return True
    settled = without_outvoted(reading.pieces, form) if in_figures else None
    return None if settled is not None and _gives(settled, parsed, form) else False


def borne_out(reading: Reading) -> bool:
    """Return whether a third model read the same figures in each word of which one of the first two is not sure."""
    words, form = [piece.word for piece in reading.pieces], reading.rule.form
    return all(is_borne_out(word, form) or (word.confidence >= SURE and not is_disputed(word, form)) for word in words)


def _has_other_diacritics(word: Word) -> bool:
    """Return whether a word has the letters that the first model read, and the other model's diacritics."""
    own, first, other = (_WORD.findall(nfc(text or "").lower()) for text in (word.text, word.raw, word.second))
    return own == other and own != first and list(map(fold, own)) == list(map(fold, first))


def pairs_otherwise(pages: Sequence[PageText]) -> frozenset[tuple[str, str]]:
    """Return two words that follow one another, in small letters, as another model read them with other diacritics."""
    found = set()
    for page in pages:
        for one, other in pairwise(page.words):
            read = _second_spelling(one), _second_spelling(other)
            if one.line == other.line and all(read) and read != (_bare(one.text), _bare(other.text)):
                found.add(read)
    return frozenset(found)


def _second_spelling(word: Word) -> str:
    """Return how another model spelled the letters of a word, else how it was read; empty where it is no word."""
    own, second = _bare(word.text), _bare(word.second or "")
    spelled = second if fold(second) == fold(own) else own
    return spelled if spelled.isalpha() else ""


def _bare(text: str) -> str:
    return text.strip(".,;:").lower()


def _gives(text: str, parsed: Parsed, form: str) -> bool:
    other = FORMS[form](text).value
    return other is not None and parsed.value is not None and plain(other) == plain(parsed.value)


def spelled_otherwise(reading: Reading) -> bool:
    """Return whether another model read a word with the same letters and other diacritics, or the first one had."""
    for piece in reading.pieces:
        if _has_other_diacritics(piece.word):
            return True
        own, other = (_WORD.findall(nfc(text).lower()) for text in (piece.text, piece.word.second or ""))
        if any(word not in other and fold(word) in map(fold, other) for word in own):
            return True
    return False


def found_more(reading: Reading) -> bool:
    """Return whether another model read a syllable more before the first word of a value or behind the last one.

    It sees the blank paper beside them too (`ocr/fields/confirm.py`): a word may have been lost there.
    """
    pieces = reading.pieces
    return bool(pieces) and (_goes_on(pieces[0], before=True) or _goes_on(pieces[-1], before=False))


def has_other_figures(reading: Reading) -> bool:
    """Return whether another model read other figures, or none, in a word with figures, as the `2` of `thôn 2`."""
    words = (piece.word for piece in reading.pieces if runs(piece.text))
    return any(word.second is not None and runs(word.second) != runs(word.text) for word in words)


def _goes_on(piece: Piece, *, before: bool) -> bool:
    own, other = (_WORD.findall(nfc(text).lower()) for text in (piece.text, piece.word.second or ""))
    if len(own) != 1 or plain(piece.text) != plain(piece.word.text) or other.count(own[0]) != 1:
        return False
    at = other.index(own[0])
    beside = other[at - 1 : at] if before else other[at + 1 : at + 2]
    return any(len(word) > 1 and is_syllable(word) for word in beside)


def second_text(pieces: tuple[Piece, ...]) -> str:
    """Return what the other model read; of a word that is only in part the value, that part where it read the same."""
    texts: list[str] = []
    for index, piece in enumerate(pieces):
        if index and piece.word is pieces[index - 1].word:
            continue
        own = join(p for p in pieces if p.word is piece.word)
        second = piece.word.second or ""
        same = plain(second) in (plain(piece.word.text), plain(" ".join([*texts, piece.word.text])))  # of a gap, both
        same = same and own in piece.word.text  # and not put right since
        texts.append(own if same else second)
    return " ".join(texts)


def plain(text: str) -> str:
    """Return the letters, digits and signs of a text without blanks, and without signs around its words.

    Apostrophes between letters stay, as in `Ea T'ling`.
    """
    plain = _STRAY.sub("", text.replace("⁄", "/").replace("’", "'"))
    return "".join(word.strip(_EDGES) for word in plain.split()).casefold()

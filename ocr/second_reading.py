"""What another model read where the words of a value stand, compared with the value."""

import re

from domain.vietnamese import fold, nfc
from ocr.labels import Reading
from ocr.lines import Piece, join
from ocr.parsers.forms import FAMILIES, FORMS
from ocr.parsers.parsed import Parsed

_WORD = re.compile(r"[^\W\d_]+")
_EDGES = ".,;:!'`\"“”‘’()[]{}|_~«»<>-–—=•*"


def agrees(reading: Reading, parsed: Parsed) -> bool | None:
    """Return whether another model read the same value, None where it was not asked for every word."""
    if not reading.pieces or any(piece.word.second is None for piece in reading.pieces):
        return None
    second = second_text(reading.pieces)
    if FAMILIES.get(reading.rule.form, "figures") != "figures" and _plain(second) == _plain(reading.text):
        return True
    other = FORMS[reading.rule.form](second).value
    return other is not None and parsed.value is not None and _plain(other) == _plain(parsed.value)


def spelled_otherwise(reading: Reading) -> bool:
    """Return whether another model read a word with the same letters and other diacritics."""
    for piece in reading.pieces:
        own, other = (_WORD.findall(nfc(text).lower()) for text in (piece.text, piece.word.second or ""))
        if any(word not in other and fold(word) in map(fold, other) for word in own):
            return True
    return False


def second_text(pieces: tuple[Piece, ...]) -> str:
    """Return what the other model read; of a word that is only in part the value, that part where it read the same."""
    texts: list[str] = []
    for index, piece in enumerate(pieces):
        if index and piece.word is pieces[index - 1].word:
            continue
        own = join(p for p in pieces if p.word is piece.word)
        second = piece.word.second or ""
        same = _plain(second) == _plain(piece.word.text) and own in piece.word.text  # and not put right since
        texts.append(own if same else second)
    return " ".join(texts)


def _plain(text: str) -> str:
    """Return the letters, digits and signs of a text without blanks, and without signs around its words."""
    return "".join(re.sub(r"[_~`'’]", "", word.strip(_EDGES)) for word in text.replace("⁄", "/").split()).casefold()

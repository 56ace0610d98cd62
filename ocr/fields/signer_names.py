"""The words of a signer's name: without marks, degrees and ranks, and whether they are the rest of one."""

import re
from collections.abc import Sequence

from ocr.fields.lines import Piece, join
from ocr.fields.parsers.names import DEGREES, RANKS

AROUND = re.compile(r"^[\W_]+|[\W_]+$")
FAINT = 0.5
"""Word confidence under which a word at the end of a title or name that is of none is a mark of the signature."""
_DEGREE = re.compile(rf"(?:(?:{DEGREES}|Th|S)[Il12]{{0,2}}[.,]+)+", re.IGNORECASE)
_RANK = re.compile(RANKS, re.IGNORECASE)


def name_only(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """Return the pieces of a name without faint marks before and behind it, as of the signature."""
    kept = [piece for piece in pieces if not piece.blank]
    for end in (0, -1):
        while len(kept) > 2 and kept[end].word.confidence < FAINT and not AROUND.sub("", kept[end].text).istitle():
            del kept[end]
    return tuple(kept)


def without_degrees(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """Return the pieces of a name without the degrees or the rank before it."""
    kept = list(pieces)
    while len(kept) > 2 and _DEGREE.fullmatch(kept[0].text):
        del kept[0]
    return tuple(kept[2:] if len(kept) > 3 and _RANK.fullmatch(join(kept[:2])) else kept)


def is_rest_of_name(words: Sequence[str]) -> bool:
    """Return whether words are a name but for the beginning of the first one, or the last word of one."""
    spelled = all(word.isalpha() and len(word) < 8 for word in words) and all(w[0].isupper() for w in words[1:])
    return spelled and bool(words) and (len(words) > 1 or (words[0].istitle() and len(words[0]) > 2))

"""Vietnamese text: one normal form, and folding for comparison."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

_WHITE_SPACE = re.compile(r"\s+")
_BEYOND = "\u2000"
"""Behind all letters with diacritics; signs follow."""


def nfc(text: str) -> str:
    """Return the text in Unicode's composed form (NFC), in which all of our text is kept."""
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """Return the text without diacritics, in lower case, white space as single blanks: for search and comparison."""
    bare = without_diacritics(text)
    return (bare if bare.isalnum() else _WHITE_SPACE.sub(" ", bare).strip()).lower()


def without_diacritics(text: str) -> str:
    """Return the text with its letters alone, `d` for `đ`."""
    if text.isascii():
        return text
    return text.translate(_bare_letters()) if max(text) < _BEYOND else "".join(map(_bare, text))


def _bare(letter: str) -> str:
    decomposed = unicodedata.normalize("NFD", letter.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


@cache
def _bare_letters() -> Mapping[int, str]:
    """Return what stands for each letter and mark that Vietnamese texts can have, where it is another one."""
    letters = map(chr, range(ord(_BEYOND)))
    return {ord(letter): bare for letter in letters if (bare := _bare(letter)) != letter}

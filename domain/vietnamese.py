"""Vietnamese text: one normal form, and folding for comparison."""

import re
import unicodedata

_WHITE_SPACE = re.compile(r"\s+")


def nfc(text: str) -> str:
    """Return the text in Unicode's composed form (NFC), in which all of our text is kept."""
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """Return the text without diacritics, in lower case, white space as single blanks: for search and comparison."""
    decomposed = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return _WHITE_SPACE.sub(" ", bare).strip().lower()

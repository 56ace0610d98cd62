"""The invisible text over a page image: every word where it stands, for search, copying and screen readers."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby, pairwise

import numpy as np

from domain.models import PageText, Word
from domain.vietnamese import nfc
from ocr.archive.drawing import Rect, number, numbers

INVISIBLE_FONT = "F0"
_GLYPH_WIDTH = 0.5
"""Of the glyphless font, in sizes."""
_FORBIDDEN = frozenset("\ufeff\ufffe\uffff\u00ad")


def characters_of(texts: Iterable[PageText]) -> Mapping[str, int]:
    """Return the code (from 1) of every character that the text layers use."""
    used = sorted({c for text in texts for word in text.words for c in _clean(word.text)} | {" "})
    return {character: code for code, character in enumerate(used, start=1)}


def draw_text_layer(text: PageText, codes: Mapping[str, int], page: Rect) -> str:
    """Return the operators that set the words of a page invisibly; `page` is where its image lies."""
    words = [w for w in text.words if _clean(w.text)]
    if not words:
        return ""
    lines = [list(group) for _, group in groupby(words, key=lambda w: (w.block, w.line))]
    return "\n".join(("q BT 3 Tr", *(_line(line, codes, page) for line in lines), "ET Q\n"))


def _line(words: Sequence[Word], codes: Mapping[str, int], page: Rect) -> str:
    size = max(1.0, max(w.box.y1 - w.box.y0 for w in words) * page.height)
    bottoms = _base_line(words)
    shown = [f"/{INVISIBLE_FONT} {number(size)} Tf"]
    for index, word in enumerate(words):
        content = _clean(word.text)
        width = max(0.1, (word.box.x1 - word.box.x0) * page.width)
        x, y = page.x0 + word.box.x0 * page.width, page.y1 - bottoms[index] * page.height
        shown.append(f"1 0 0 1 {numbers(x, y)} Tm {_stretch(width, len(content), size)} Tz <{_hex(content, codes)}> Tj")
        if index + 1 < len(words):
            gap = (words[index + 1].box.x0 - word.box.x1) * page.width
            shown.append(f"{_stretch(max(gap, 0.1 * size), 1, size)} Tz <{_hex(' ', codes)}> Tj")
    return "\n".join(shown)


def _base_line(words: Sequence[Word]) -> list[float]:
    """The bottom of each word, smoothed along the line so that descenders do not make it jump."""
    bottoms = [w.box.y1 for w in words]
    centers = [(w.box.x0 + w.box.x1) / 2 for w in words]
    if len(words) < 4 or any(after <= before for before, after in pairwise(centers)):
        return [max(bottoms)] * len(words)
    slope, start = np.polyfit(centers, bottoms, 1)
    return [float(start + slope * center) for center in centers]


def _stretch(width: float, glyphs: int, size: float) -> str:
    return number(100 * width / (glyphs * _GLYPH_WIDTH * size))


def _hex(text: str, codes: Mapping[str, int]) -> str:
    return "".join(f"{codes[c]:04x}" for c in text)


def _clean(text: str) -> str:
    return "".join(c for c in nfc(text) if c not in _FORBIDDEN and ord(c) >= 0x20 and not 0xD800 <= ord(c) <= 0xDFFF)

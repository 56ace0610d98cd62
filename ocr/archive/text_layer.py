"""The invisible text over a page image: every word where it stands, for search, copying and screen readers."""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby, pairwise

from domain.models import PageText, Word
from domain.vietnamese import nfc
from ocr.archive.drawing import Rect

INVISIBLE_FONT = "F0"
_GLYPH_WIDTH = 0.5
"""Of the glyphless font, in sizes."""
_UNWRITABLE = re.compile("[\x00-\x1f\x7f\xad\ud800-\udfff\ufeff\ufffe\uffff]")
"""Characters that mean nothing in a text layer, or that PDF/A-2u forbids there."""


def characters_of(texts: Iterable[PageText]) -> Mapping[str, str]:
    """Return the code of every character that the text layers use, as four hexadecimal digits, from 0001."""
    used = set().union(" ", *(_clean(word.text) for text in texts for word in text.words))
    return {character: f"{code:04x}" for code, character in enumerate(sorted(used), start=1)}


def draw_text_layer(text: PageText, codes: Mapping[str, str], page: Rect) -> str:
    """Return the operators that set the words of a page invisibly; `page` is where its image lies."""
    words = [(word, content) for word in text.words if (content := _clean(word.text))]
    if not words:
        return ""
    lines = [list(group) for _, group in groupby(words, key=lambda pair: (pair[0].block, pair[0].line))]
    return "\n".join(("q BT 3 Tr", *(_line(line, codes, page) for line in lines), "ET Q\n"))


def _line(words: Sequence[tuple[Word, str]], codes: Mapping[str, str], page: Rect) -> str:
    size = max(1.0, max(word.box.y1 - word.box.y0 for word, _ in words) * page.height)
    shown = [f"/{INVISIBLE_FONT} {size:.2f} Tf"]
    space = codes[" "]
    per_glyph = 100 / (_GLYPH_WIDTH * size)
    ends = [after.box.x0 for after, _ in words[1:]]
    for index, ((word, content), bottom) in enumerate(zip(words, _base_line([w for w, _ in words]), strict=True)):
        box = word.box
        x, y = page.x0 + box.x0 * page.width, page.y1 - bottom * page.height
        stretch = max(0.1, (box.x1 - box.x0) * page.width) / len(content) * per_glyph
        code = "".join([codes[c] for c in content])
        shown.append(f"1 0 0 1 {x:.2f} {y:.2f} Tm {stretch:.2f} Tz <{code}> Tj")
        if index < len(ends):
            gap = max(0.1 * size, (ends[index] - box.x1) * page.width)
            shown.append(f"{gap * per_glyph:.2f} Tz <{space}> Tj")
    return "\n".join(shown)


def _base_line(words: Sequence[Word]) -> list[float]:
    """The bottom of each word, smoothed along the line so that descenders do not make it jump."""
    bottoms = [w.box.y1 for w in words]
    centers = [(w.box.x0 + w.box.x1) / 2 for w in words]
    if len(words) < 4 or any(after <= before for before, after in pairwise(centers)):
        return [max(bottoms)] * len(words)
    middle, level = sum(centers) / len(words), sum(bottoms) / len(words)
    spread = sum((center - middle) ** 2 for center in centers)
    slope = sum((c - middle) * (b - level) for c, b in zip(centers, bottoms, strict=True)) / spread
    return [level + slope * (center - middle) for center in centers]


def _clean(text: str) -> str:
    return _UNWRITABLE.sub("", nfc(text))

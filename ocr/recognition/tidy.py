"""The engine's words without what is no text: dot leaders, rules, frames, specks, scribbles."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import pairwise

from domain.vietnamese import nfc
from ocr.page.reading_order import PlacedWord
from ocr.tools import EngineWord

_LEADERS = re.compile(r"[.…_·•~=\-–—]{3,}|…")
_STROKE = re.compile(r"[\W_]*[iIlìíịỉĩÌÍỊỈĨïj|1!]{1,2}[\W_]*")
"""What a frame's upright lines are taken for."""
_KEPT_SIGNS = re.compile(r"[-–—/&+*%:;,.()\[\]\"'“”‘’«»§°]{1,3}")
_NOTHING_THERE = re.compile(r"[-–—~=\"'«»]{1,2}[/⁄][-–—~=\"'«»;]{1,2}")
"""What `-/-` is read as, which forms have for nothing."""
_ACCENTS = re.compile("[\u02b0-\u02ff]+")
"""Marks of letters that stand alone, which are specks."""
_FRAME_BEHIND = re.compile(r"(?<=[^\W\d_]{2})[.,:;'_]+\|[|.,:;'_]*$")
"""Specks and a part of a frame behind letters; a stroke right behind them, or behind figures, can be one of them."""
LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_SURE_STROKE = 0.9
"""Word confidence from which a lone stroke is a number or a letter, e.g. of a page."""
LEAST_OF_LINE = 0.35
"""Confidence of its best word below which a line is no text but a scribble or a stamp."""


def tidy(words: Sequence[EngineWord]) -> Sequence[PlacedWord]:
    """Return the words without dot leaders, rules and specks, in Unicode's composed form."""
    lines = {key: number for number, key in enumerate(dict.fromkeys(word.line for word in words))}
    kept: list[PlacedWord] = []
    for word in words:
        text = nfc(_LEADERS.sub(" ", _ACCENTS.sub("", word.text))).strip()
        text = _FRAME_BEHIND.sub("", text)
        text = "-/-" if _NOTHING_THERE.fullmatch(text) else text
        if not text or _is_mark(text, word.confidence):
            continue
        kept += _parts(
            PlacedWord(
                text=" ".join(text.split()),
                confidence=word.confidence,
                left=word.left,
                top=word.top,
                right=word.right,
                bottom=word.bottom,
                line=lines[word.line],
            )
        )
    kept = _without_overlaps(kept)
    best: dict[int, float] = {}
    for placed in kept:
        best[placed.line] = max(best.get(placed.line, 0.0), placed.confidence)
    strokes = {line for line in best if all(_STROKE.fullmatch(word.text) for word in kept if word.line == line)}
    return [placed for placed in kept if best[placed.line] >= LEAST_OF_LINE and not _is_lone(placed, strokes)]


def _without_overlaps(words: Sequence[PlacedWord]) -> list[PlacedWord]:
    """Return the words, in the engine's order, with those cut that are said to reach over the next one on their line.

    The engine's box of a word that it doubts can be as wide as two words more, which would then change places with it.
    """
    cut = [replace(w, right=n.left) if _reaches_over(w, n) else w for w, n in pairwise(words)]
    return [*cut, *words[-1:]]


def _reaches_over(word: PlacedWord, following: PlacedWord) -> bool:
    if following.line != word.line or len(LETTER_OR_DIGIT.findall(following.text)) < 2:
        return False
    return word.left < following.left and following.right < word.right


def _parts(word: PlacedWord) -> list[PlacedWord]:
    """Return the words of one in which a rule between them was read; addresses of mail are left alone."""
    texts = [text for text in word.text.split("_") if LETTER_OR_DIGIT.search(text)]
    if len(texts) < 2 or "@" in word.text:
        return [word]
    step = (word.right - word.left) / len(word.text)
    found, start = [], 0
    for text in texts:
        start = word.text.index(text, start)
        left = word.left + step * start
        found.append(replace(word, text=text, left=left, right=left + step * len(text), raw=word.text))
        start += len(text)
    return found


def _is_lone(word: PlacedWord, strokes: Collection[int]) -> bool:
    """Return whether a word stands on a line of mere strokes and is narrow as these are, e.g. a part of a frame."""
    return word.line in strokes and (word.confidence < _SURE_STROKE or word.bottom - word.top > 3 * _width(word))


def _width(word: PlacedWord) -> float:
    return max(1.0, word.right - word.left)


def _is_mark(text: str, confidence: float) -> bool:
    """Return whether a word is no text but a rule, a frame or a speck."""
    if LETTER_OR_DIGIT.search(text) or text == "-/-":
        return False
    return _KEPT_SIGNS.fullmatch(text) is None or confidence < 0.5


def is_text(words: Sequence[PlacedWord]) -> bool:
    """Return whether there is a convincing word at all; stamps and scribbles give single doubtful ones."""
    convincing = [word for word in words if word.confidence >= 0.7 and len(LETTER_OR_DIGIT.findall(word.text)) >= 2]
    return len(convincing) >= 2

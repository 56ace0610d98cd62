"""The machine-readable lines of identity cards, read once more with their own alphabet (ICAO 9303, TD1)."""

import re
from collections.abc import Sequence
from dataclasses import replace

from domain.vietnamese import fold
from ocr.page.reading_order import PlacedWord
from ocr.picture.raster import Picture
from ocr.recognition.unread import unread_regions
from ocr.snippets import read_snippets, snippet_options
from ocr.symbols.mrz import check_digit
from ocr.tools import EngineWord

_Box = tuple[float, float, float, float]
"""Left, top, right, bottom, in pixels of the page."""
_MODEL = "eng"
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<"
_WIDTH = 30
_LINES = 3
_ROW = re.compile(r"(?=.*<<|.*VNM)[A-ZĐ0-9<«]{15,}")
_DIGIT = "[0-9OQDIZSGB]"
_FIRST = re.compile(rf"(IDVNM)({_DIGIT}{{22}})<{{1,2}}({_DIGIT})[A-Z]?")
_SECOND = re.compile(rf"({_DIGIT}{{7}})([MF<])({_DIGIT}{{7}})VNM<+({_DIGIT}?)")
_DIGIT_OF = str.maketrans("OQDIZSGB", "00012568")
"""Letters that are taken for digits; where only digits stand, and their check digits agree, they were digits."""
_NAMES = re.compile(r"([A-Z]+(?:<[A-Z]+)*<<[A-Z]+(?:<[A-Z]+)*?)<[<K]*")
"""Fillers at the end are also read as K."""
_PROVEN = 0.97
"""Confidence of a line whose check digits, or whose name elsewhere on the card, are right."""

_LEAST_STRETCH = 10
"""Times its height, the length of a row of ink that may be such a line; 30 letters are some 20 times as long."""
_ALIGNED = 0.15
"""Inches by which the ends of rows may differ that stand below each other."""
_UNPROVEN = 0.5
"""Most confidence of a line that was not read before and is not proven."""


def reread_machine_lines(
    words: Sequence[PlacedWord], picture: Picture, dpi: float, *, timeout: float
) -> tuple[PlacedWord, ...]:
    """Return the words of a page with its machine-readable lines as their check digits prove them.

    A line that cannot be proven stays as it was read, and is added with little confidence where it was not read at all;
    a name line is proven by the name printed on the same page.

    Raises:
        MissingTool: Tesseract or its English model is not installed.
        ToolTimeout: the engine took longer than allowed.
        ToolFailed: the engine ended with an error.
    """
    rows = [word for word in words if _ROW.fullmatch(word.text)]
    boxes = [(row.left, row.top, row.right, row.bottom) for row in rows] or _rows_without_words(words, picture, dpi)
    if not boxes:
        return tuple(words)
    tall = max(bottom - top for _, top, _, bottom in boxes)
    left, right = min(box[0] for box in boxes) - tall, max(box[2] for box in boxes) + tall
    beyond = tall * (1 + 2 * max(0, _LINES - len(boxes)))
    top = min(box[1] for box in boxes) - beyond
    bottom = max(box[3] for box in boxes) + beyond
    x, y = max(0, int(left)), max(0, int(top))
    crop = picture[y : int(bottom), x : int(right)]
    engine = snippet_options(_MODEL, dpi=dpi, timeout=timeout, alphabet=_ALPHABET)
    again: dict[tuple[int, int, int], list[EngineWord]] = {}
    for word in read_snippets(crop, options=engine):
        again.setdefault(word.line, []).append(word)
    result = list(words)
    for line in again.values():
        text = "".join(word.text for word in sorted(line, key=lambda word: word.left))
        above, below = min(word.top for word in line) + y, max(word.bottom for word in line) + y
        old = next((row for row in rows if row.top < (above + below) / 2 < row.bottom), None)
        proven = _proven(text, old.text if old else "", words)
        if proven is None and (old is not None or not (_FIRST.fullmatch(text) or _SECOND.fullmatch(text))):
            continue
        if old is not None and proven is not None:
            raw = "" if proven == old.text else old.raw or old.text
            result[result.index(old)] = replace(old, text=proven, confidence=_PROVEN, raw=raw)
        else:
            number = max(word.line for word in result) + 1
            result.append(
                PlacedWord(
                    text=proven or text,
                    confidence=_PROVEN if proven else min(_UNPROVEN, *(word.confidence for word in line)),
                    left=min(word.left for word in line) + x,
                    top=above,
                    right=max(word.right for word in line) + x,
                    bottom=below,
                    line=number,
                )
            )
    return tuple(result)


def _rows_without_words(words: Sequence[PlacedWord], picture: Picture, dpi: float) -> list[_Box]:
    """Return the boxes of two or three rows of ink, one below the other, that may be lines that were not read."""
    rows: list[_Box] = [
        (left, top, right, bottom)
        for left, top, right, bottom in unread_regions(picture, words, dpi)
        if right - left >= _LEAST_STRETCH * (bottom - top)
    ]
    for first in rows:
        block = [
            row
            for row in rows
            if abs(row[0] - first[0]) < _ALIGNED * dpi
            and abs(row[2] - first[2]) < _ALIGNED * dpi
            and 0 <= row[1] - first[1] < _LINES * (first[3] - first[1])
        ]
        if 1 < len(block) <= _LINES:
            return block
    return []


def _proven(text: str, old: str, words: Sequence[PlacedWord]) -> str | None:
    """Return a line of 30 characters if it is proven, else None."""
    first = _FIRST.fullmatch(text)
    if first:
        digits, last = first[2].translate(_DIGIT_OF), first[3].translate(_DIGIT_OF)
        number = digits[10:]
        sound = digits[9] == str(check_digit(digits[:9])) and last == str(check_digit(number))
        return f"{first[1]}{digits}<<{last}" if sound and digits[:9] == number[3:] else None
    second = _SECOND.fullmatch(text)
    if second:
        birth, expiry = second[1].translate(_DIGIT_OF), second[3].translate(_DIGIT_OF)
        last = second[4].translate(_DIGIT_OF) or old[-1:]
        sound = all(date[6] == str(check_digit(date[:6])) for date in (birth, expiry))
        head = f"{birth}{second[2]}{expiry}VNM"
        return head.ljust(_WIDTH - 1, "<") + last if sound and last.isdigit() and len(last) == 1 else None
    names = _NAMES.fullmatch(text)
    if names and len(names[1]) < _WIDTH:
        for name in (names[1], names[1].rstrip("K")):
            if _is_printed(name.split("<"), words):
                return name.ljust(_WIDTH, "<")
    return None


def _is_printed(names: Sequence[str], words: Sequence[PlacedWord]) -> bool:
    """Return whether a name stands on the page too, word after word, whatever its diacritics."""
    wanted = [name.lower() for name in names if name]
    read = [fold(word.text) for word in words]
    return any(read[place : place + len(wanted)] == wanted for place in range(len(read)))

"""The machine-readable lines of identity cards, read once more with their own alphabet (ICAO 9303, TD1)."""

import re
from collections.abc import Sequence
from dataclasses import replace

from domain.vietnamese import fold
from ocr.checks.mrz import check_digit
from ocr.raster import Picture, picture_as_pnm
from ocr.reading_order import PlacedWord
from ocr.tools import EngineOptions, EngineWord, read_words

_MODEL = "eng"
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<"
_BLOCK = 6
"""Page segmentation mode: one block of lines."""
_WIDTH = 30
_LINES = 3
_ROW = re.compile(r"(?=.*<<|.*VNM)[A-ZĐ0-9<«]{15,}")
_FIRST = re.compile(r"(IDVNM\d{10}\d{12})<{1,2}(\d)[A-Z]?")
_SECOND = re.compile(r"(\d{7}[MF<]\d{7}VNM)<+(\d?)")
_NAMES = re.compile(r"([A-Z]+(?:<[A-Z]+)*<<[A-Z]+(?:<[A-Z]+)*?)<[<K]*")
"""Fillers at the end are also read as K."""
_PROVEN = 0.97
"""Confidence of a line whose check digits, or whose name elsewhere on the card, are right."""

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
    if not rows:
        return tuple(words)
    tall = max(row.bottom - row.top for row in rows)
    left, right = min(row.left for row in rows) - tall, max(row.right for row in rows) + tall
    top = min(row.top for row in rows) - tall * (1 + 2 * max(0, _LINES - len(rows)))
    bottom = max(row.bottom for row in rows) + tall
    x, y = max(0, int(left)), max(0, int(top))
    crop = picture[y : int(bottom), x : int(right)]
    engine = EngineOptions(
        language=_MODEL,
        segmentation=_BLOCK,
        dpi=round(dpi),
        timeout=timeout,
        variables=(("tessedit_char_whitelist", _ALPHABET),),
    )
    again: dict[tuple[int, int, int], list[EngineWord]] = {}
    for word in read_words(picture_as_pnm(crop), options=engine):
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


def _proven(text: str, old: str, words: Sequence[PlacedWord]) -> str | None:
    """Return a line of 30 characters if it is proven, else None."""
    first = _FIRST.fullmatch(text)
    if first:
        head, number = first[1], first[1][15:]
        sound = head[14] == str(check_digit(head[5:14])) and first[2] == str(check_digit(number))
        return f"{head}<<{first[2]}" if sound and head[5:14] == number[3:] else None
    second = _SECOND.fullmatch(text)
    if second:
        head, last = second[1], second[2] or old[-1:]
        sound = head[6] == str(check_digit(head[:6])) and head[14] == str(check_digit(head[8:14]))
        return head.ljust(_WIDTH - 1, "<") + last if sound and last.isdigit() and len(last) == 1 else None
    names = _NAMES.fullmatch(text)
    if names and len(names[1]) < _WIDTH and _is_printed(names[1].split("<"), words):
        return names[1].ljust(_WIDTH, "<")
    return None


def _is_printed(names: Sequence[str], words: Sequence[PlacedWord]) -> bool:
    """Return whether a name stands on the page too, word after word, whatever its diacritics."""
    wanted = [name.lower() for name in names if name]
    read = [fold(word.text) for word in words]
    return any(read[place : place + len(wanted)] == wanted for place in range(len(read)))

"""A second opinion on the lines that were read with doubt, and on ink that was not read at all."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from domain.vietnamese import fold
from ocr.lexicon.phrases import follows
from ocr.lexicon.syllables import is_syllable
from ocr.page.reading_order import PlacedWord
from ocr.picture.raster import Picture
from ocr.recognition.unread import unread_regions, unread_small_print

_PALEST = 228
"""Gray from which ink is left out; of 180 to 240 this lost the fewest letters on archive pages."""
_MOST_REGIONS = 8
_GAP = 0.12
"""Inches of white between two crops on the sheet."""
_LEGAL_BONUS = 0.08
_KNOWN_BONUS = 0.1
_BEFORE_FIGURES = frozenset({"ngày", "tháng", "năm"})
_TALLER = 1.25
_SAME_PLACE = 0.5
_FLAT = 0.5
"""Share of a word's height up to which another one's place is no place of letters."""
_INSIDE = 0.8
"""Share of a word of the second reading that lies in one of the first, if it is a part of it."""
_AGREED = 0.5
_DISPUTED = 0.9
_FEWEST_SOUND, _MOSTLY = 3, 0.6
"""So many words, and such a share, of a line must be read well for its numbers and names to be believed as well."""
_LEAST_NEW = 0.75
_INITIALS = re.compile(r"[A-ZĐ]{2,6}[.,;]?")
_SURE_INITIALS = 0.9
"""Word confidence from which capitals that are no syllable were not made of smears."""
_LABEL = re.compile(r"[Ss]ố[:.]?")
_SIGNED_NUMBER = re.compile(r"[0-9]*[A-ZĐ0-9.]*[/-][A-ZĐa-zđ0-9&/.-]+")
"""The number of a paper, or what is printed of it: `145/2019/QĐST-DS`, `/TB-UBND`."""


@dataclass(frozen=True, slots=True)
class Crop:
    """A part of the page on the sheet that is read again."""

    left: int
    """On the page, in pixels."""
    top: int
    right: int
    bottom: int
    offset: int
    """Of its upper edge on the sheet, in pixels."""
    line: int | None
    """Of the words that it repeats; None for ink that was not read."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Crops of a page, one below the other, to be read in one call."""

    picture: Picture
    crops: tuple[Crop, ...]


def without_pale_ink(picture: Picture) -> Picture:
    """Return a prepared picture with its palest ink white, so that the second model sees it otherwise than the first.

    That is print that shows through from the back, and the grain of paper; print that has faded gets a little thinner.
    """
    table = np.clip(np.arange(256) * 255.0 / _PALEST, 0, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(picture, table), dtype=np.uint8)


def make_sheet(
    picture: Picture,
    words: Sequence[PlacedWord],
    dpi: float,
    *,
    doubt: float,
    most_lines: int,
    whole_lines: bool = False,
    small_print: bool = False,
    ink: Picture | None = None,
) -> Sheet | None:
    """Return the most doubtful lines and the unread regions of a page as one picture; None where there are none.

    Args:
        ink: the picture in which unread regions are looked for, if not the one that is cut: faded lines with pale ink.
        doubt: word confidence below which a word is doubtful.
        most_lines: how many lines are looked at again, the most doubtful first.
        whole_lines: whether all of a doubtful line is put there, not only what stands around its doubtful words.
        small_print: whether letters of half the usual size are looked for where nothing was read.
    """
    lines = _doubtful_lines(words, dpi, doubt, most_lines, whole=whole_lines)
    seen = picture if ink is None else ink
    unread = unread_small_print(seen, words, dpi) if small_print else unread_regions(seen, words, dpi)
    most = 2 * _MOST_REGIONS if small_print else _MOST_REGIONS
    parts = [*lines, *((*region, None) for region in unread[:most])]
    if not parts:
        return None
    height, width = picture.shape[:2]
    gap = round(_GAP * dpi)
    crops, strips, offset = [], [], gap
    sheet_width = max(right - left for left, _, right, _, _ in parts) + 2 * gap
    for left, top, right, bottom, line in parts:
        left, top, right, bottom = max(0, left), max(0, top), min(width, right), min(height, bottom)
        if right - left < 8 or bottom - top < 8:
            continue
        strip = np.full((bottom - top + gap, sheet_width), 255, dtype=np.uint8)
        strip[: bottom - top, gap : gap + right - left] = picture[top:bottom, left:right]
        crops.append(Crop(left - gap, top, right, bottom, offset, line))
        strips.append(strip)
        offset += strip.shape[0]
    white = np.full((gap, sheet_width), 255, dtype=np.uint8)
    return Sheet(np.vstack([white, *strips]), tuple(crops)) if strips else None


def merge(words: Sequence[PlacedWord], sheet: Sheet, second: Sequence[PlacedWord]) -> tuple[PlacedWord, ...]:
    """Return the words with the second reading of the sheet, whose words are in its pixels, weighed in."""
    by_line: dict[int, list[PlacedWord]] = {}
    new: list[PlacedWord] = []
    next_line = max((word.line for word in words), default=-1) + 1
    seen = list(on_page(sheet, second))
    alone = [placed for crop, placed in seen if crop.line is None]
    convincing = {placed.line for placed in alone if _is_convincing(placed)}
    sound = {line for line in convincing if _is_sound([placed for placed in alone if placed.line == line])}
    numbered = {placed.line for placed in alone if placed.line in convincing and _LABEL.fullmatch(placed.text)}
    for crop, placed in seen:
        if crop.line is not None:
            by_line.setdefault(crop.line, []).append(placed)
        elif (
            _is_convincing(placed)
            or (placed.line in convincing and _is_dash(placed))
            or (placed.line in convincing and _is_initials(placed))
            or (placed.line in sound and any(map(str.isalnum, placed.text)))
        ) and not any(_covers(other, placed) for other in new):
            new.append(replace(placed, line=next_line + placed.line))
        elif placed.line in numbered and _is_signed_number(placed) and not any(_covers(o, placed) for o in new):
            sure = placed.confidence * _DISPUTED  # a figure more or less makes another number
            new.append(replace(placed, line=next_line + placed.line, confidence=sure))
    found = {index: other for index, word in enumerate(words) for other in new if _is_misplaced(word, other)}
    words = [_agreed(word, found[index]) if index in found else word for index, word in enumerate(words)]
    new = [other for other in new if other not in found.values()]
    merged = [
        part
        for place, word in enumerate(words)
        for part in _parts(word, by_line.get(word.line, ()), _beside(words, place))
    ]
    return (*merged, *new)


def _is_misplaced(word: PlacedWord, other: PlacedWord) -> bool:
    """Return whether a word was given the place of a flat mark, e.g. of dots, right beside where it was read again."""
    tall, wide = other.bottom - other.top, other.right - other.left
    return (
        word.text == other.text
        and word.bottom - word.top < _FLAT * tall
        and max(word.top, other.top) - min(word.bottom, other.bottom) < tall
        and min(word.right, other.right) - max(word.left, other.left) > _SAME_PLACE * wide
    )


def _agreed(word: PlacedWord, other: PlacedWord) -> PlacedWord:
    """Return a word that was read twice alike, where it was read the second time."""
    sure = min(0.99, word.confidence + _AGREED * (1 - word.confidence) * other.confidence)
    return replace(other, line=word.line, confidence=sure, raw=word.raw)


def _beside(words: Sequence[PlacedWord], place: int) -> tuple[str, str]:
    """Return the letters of the words before and behind one on its line, empty where there is none."""
    around = (words[at] if 0 <= at < len(words) else None for at in (place - 1, place + 1))
    before, behind = (_letters(w.text).lower() if w and w.line == words[place].line else "" for w in around)
    return before, behind


def on_page(sheet: Sheet, words: Iterable[PlacedWord]) -> Iterator[tuple[Crop, PlacedWord]]:
    """Yield the words of a sheet at their places on the page, with the crop that each stands on."""
    for word in words:
        crop = _crop_of(sheet, word)
        if crop is not None:
            yield (
                crop,
                replace(
                    word,
                    left=word.left + crop.left,
                    right=word.right + crop.left,
                    top=word.top - crop.offset + crop.top,
                    bottom=word.bottom - crop.offset + crop.top,
                ),
            )


def _doubtful_lines(
    words: Sequence[PlacedWord], dpi: float, doubt: float, most: int, *, whole: bool
) -> list[tuple[int, int, int, int, int | None]]:
    lines: dict[int, list[PlacedWord]] = {}
    for word in words:
        lines.setdefault(word.line, []).append(word)
    worst = {number: min(map(_trust, line)) for number, line in lines.items()}
    chosen = sorted((number for number in lines if worst[number] < doubt), key=lambda number: worst[number])[:most]
    return [
        _box(lines[number] if whole else _around_doubt(lines[number], doubt), round(0.03 * dpi), number)
        for number in chosen
    ]


def _around_doubt(line: Sequence[PlacedWord], doubt: float) -> Sequence[PlacedWord]:
    """Return the part of a line from the word before its first doubtful one to the word after its last."""
    ordered = sorted(line, key=lambda word: word.left)
    places = [place for place, word in enumerate(ordered) if _trust(word) < doubt]
    first, last = places[0], places[-1]
    tall = max(word.bottom - word.top for word in ordered[first : last + 1])
    before = [word for word in ordered[max(0, first - 1) : first] if _is_near(word, tall)]
    return [
        *before,
        *ordered[first : last + 1],
        *(word for word in ordered[last + 1 : last + 2] if _is_near(word, tall)),
    ]


def _is_near(word: PlacedWord, tall: float) -> bool:
    """Return whether a word is not so tall that smaller ones beside it are read as badly as before."""
    return word.bottom - word.top <= _TALLER * tall


def _box(words: Sequence[PlacedWord], margin: int, line: int) -> tuple[int, int, int, int, int | None]:
    return (
        int(min(word.left for word in words)) - 2 * margin,
        int(min(word.top for word in words)) - margin,
        int(max(word.right for word in words)) + 2 * margin,
        int(max(word.bottom for word in words)) + margin,
        line,
    )


def _trust(word: PlacedWord) -> float:
    """Return the word's confidence, less for letters that are no syllable."""
    letters = _letters(word.text)
    odd = len(letters) > 1 and letters.isalpha() and letters.islower() and not is_syllable(letters)
    return word.confidence - (0.15 if odd else 0.0)


def _crop_of(sheet: Sheet, word: PlacedWord) -> Crop | None:
    middle = (word.top + word.bottom) / 2
    return next((crop for crop in sheet.crops if crop.offset <= middle <= crop.offset + crop.bottom - crop.top), None)


def _covers(other: PlacedWord, word: PlacedWord) -> bool:
    middle_x, middle_y = (word.left + word.right) / 2, (word.top + word.bottom) / 2
    return other.left <= middle_x <= other.right and other.top <= middle_y <= other.bottom


def _is_convincing(word: PlacedWord) -> bool:
    letters = _letters(word.text)
    return word.confidence >= _LEAST_NEW and len(letters) > 1 and (is_syllable(letters) or letters.isdigit())


def _is_sound(line: Sequence[PlacedWord]) -> bool:
    """Return whether most words of a line that no word covered are read well, so that no other is left out."""
    written = [word for word in line if any(map(str.isalnum, word.text))]
    return sum(map(_is_convincing, written)) >= max(_FEWEST_SOUND, _MOSTLY * len(written))


def _is_signed_number(word: PlacedWord) -> bool:
    return word.confidence >= _LEAST_NEW and _SIGNED_NUMBER.fullmatch(word.text) is not None


def _is_initials(word: PlacedWord) -> bool:
    """Return whether a word is a short form in capitals, as of who keeps a copy: `VT`, `VHXH`."""
    return word.confidence >= _SURE_INITIALS and _INITIALS.fullmatch(word.text) is not None


def _is_dash(word: PlacedWord) -> bool:
    return word.text == "-" and word.confidence >= _LEAST_NEW


def _parts(word: PlacedWord, others: Sequence[PlacedWord], beside: tuple[str, str]) -> Sequence[PlacedWord]:
    """Return a word as two readings have it, in parts where the second one has parted words that were read as one."""
    inside = sorted((other for other in others if _lies_in(other, word)), key=lambda other: other.left)
    if len(inside) > 1 and _bare("".join(other.text for other in inside)) == _bare(word.text):
        confidence = min(0.99, word.confidence + _AGREED * (1 - word.confidence) * min(o.confidence for o in inside))
        return [replace(other, line=word.line, raw=word.text, confidence=confidence) for other in inside]
    return [_weighed(word, others, beside)]


def _bare(text: str) -> str:
    return fold("".join(filter(str.isalnum, text)))


def _lies_in(other: PlacedWord, word: PlacedWord) -> bool:
    shared = min(word.right, other.right) - max(word.left, other.left)
    return shared >= _INSIDE * (other.right - other.left)


def _weighed(word: PlacedWord, others: Sequence[PlacedWord], beside: tuple[str, str]) -> PlacedWord:
    """Return a word as two readings have it: surer where they agree, the better one where they do not."""
    at_place = [other for other in others if _overlap(word, other) >= _SAME_PLACE]
    if len(at_place) != 1:
        return word
    other = at_place[0]
    if other.text == word.text:
        return replace(word, confidence=min(0.99, word.confidence + _AGREED * (1 - word.confidence) * other.confidence))
    if _letters(other.text) == _letters(word.text):
        return word  # they differ in a point or comma, where the first model is the better one
    if _has_more_signs(_letters(word.text), _letters(other.text)):
        return replace(word, confidence=word.confidence * _DISPUTED)
    if (
        _bare(word.text)
        and _bare(word.text) in _bare(other.text)
        and _lies_in(word, other)
        and not _lies_in(other, word)
    ):
        return word  # it was read together with the word beside it
    narrow = other.right - other.left < _INSIDE * (word.right - word.left)
    lost = narrow and len(_letters(other.text)) < len(_letters(word.text))  # it read only a part of the word
    if _weight(other, beside) > _weight(word, beside) and not lost:
        return replace(word, text=other.text, raw=word.raw or word.text, confidence=other.confidence * _DISPUTED)
    return replace(word, confidence=word.confidence * _DISPUTED)


def _has_more_signs(text: str, other: str) -> bool:
    """Return whether a number has another one's figures and more signs, which are easily lost: `4,8m`, `48m`."""
    figures = "".join(filter(str.isalnum, text))
    return any(map(str.isdigit, figures)) and figures == "".join(filter(str.isalnum, other)) and len(text) > len(other)


def _overlap(word: PlacedWord, other: PlacedWord) -> float:
    """Return the shared share of the wider of two words, so that only words of like extent are compared."""
    shared = min(word.right, other.right) - max(word.left, other.left)
    return shared / max(word.right - word.left, other.right - other.left, 1.0)


def _letters(text: str) -> str:
    return text.strip(".,;:()\"'-/")


def _weight(word: PlacedWord, beside: tuple[str, str]) -> float:
    """Return the word's confidence, more for a syllable, and for one that is known beside its neighbors."""
    letters = _letters(word.text)
    legal = letters.isdigit() or is_syllable(letters)
    known = follows(beside[0], letters.lower()) or follows(letters.lower(), beside[1])
    known |= letters.isdigit() and beside[0] in _BEFORE_FIGURES
    return word.confidence + (_LEGAL_BONUS if legal else 0.0) + (_KNOWN_BONUS if known else 0.0)

"""English on bilingual forms, e.g. identity cards: small print that the Vietnamese model cannot read.

What the English model reads is evidence only for wordings that are the same on every paper; no value is taken from it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from ocr.correction.edits import align, least_edits
from ocr.lexicon.matching import squeeze
from ocr.lexicon.syllables import looks_syllabic
from ocr.lexicon.wordings import printed_wordings
from ocr.page.reading_order import PlacedWord
from ocr.picture.raster import Picture
from ocr.recognition.second_look import make_sheet, on_page
from ocr.recognition.tidy import tidy
from ocr.recognition.told_by_place import told_by_place
from ocr.snippets import read_snippets, snippet_options

_MODEL = "eng"
_LEAST_ENGLISH = 3
"""Different English words of forms on a page that is bilingual."""
_DOUBTFUL = 0.9
"""Word confidence below which a line is read once more."""
_MOST_LINES = 16
_FARTHEST = 0.4
"""Edits for each letter of a wording, up to which it is what was read."""
_FARTHEST_BOTH = 0.45
"""The same for one in two languages, whose English part must be nearer."""
_FARTHEST_ENGLISH = 0.35
"""The same for its English part alone, which the model must have read better."""
_LONG = 18
"""Letters; no other text is by chance as near to a longer English part as `_FARTHEST`."""
_LEAST_LETTERS = 7
"""Shorter English parts must have been read without an edit."""
_SHORT = 9
"""Letters; shorter wordings must begin a line, and a number must follow."""
_BEFORE_NUMBER = re.compile(r"(.\D{2,5}|.\d?\D{2,4})(?:\d{9,}|$)")
_IDENTITY = re.compile(r"\d{12}(?!\d)")
_FIGURES = re.compile(r"\d\D?\d\D?\d")
"""Of a value; single letters of a wording may be misread as figures."""
_FARTHEST_HALF = 0.42
"""Edits for each letter of an English part, if the ink before it is as long as the other part."""
_LEAST_HALF = 10
"""Letters of an English part that says alone which wording it is."""
_UNLIKE = 0.3
"""By how much the ink before it may be longer or shorter than the other part, as a share of that."""
_NEARER = 2
"""Edits by which it must be nearer than any other."""
_CLEAR = 0.75
"""Word confidence from which nothing else stands there."""
_NARROWER = 0.8
"""Times the length of a wording, which is not what stands on less room."""
_INK = 200
_FARTHEST_HEADING = 0.25
"""Edits for each letter of a heading in Vietnamese that the English model read."""
_HEADINGS = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
_CONFIDENCE = 0.8
"""Of words that only the English reading, and the form, speak for."""


_Box = tuple[float, float, float, float]
"""Left, top, right, bottom, in pixels of the page."""


@dataclass(frozen=True, slots=True)
class _Printed:
    """A wording, and where it stands on the page."""

    tokens: tuple[str, ...]
    box: _Box


@dataclass(frozen=True, slots=True)
class _Label:
    tokens: tuple[str, ...]
    letters: str
    english: str
    """Letters of its English part."""


def read_english(
    words: Sequence[PlacedWord], picture: Picture, dpi: float, *, timeout: float
) -> tuple[PlacedWord, ...]:
    """Return the words of a page with the wordings of a bilingual form as they are printed; `raw` keeps what was read.

    Only lines that were read with doubt, and ink that was not read, are read once more.

    Raises:
        MissingTool: Tesseract or its English model is not installed.
        ToolTimeout: the engine took longer than allowed.
        ToolFailed: the engine ended with an error.
    """
    if len(_english_words() & {squeeze(word.text) for word in words}) < _LEAST_ENGLISH:
        return tuple(words)
    sheet = make_sheet(picture, words, dpi, doubt=_DOUBTFUL, most_lines=_MOST_LINES, whole_lines=True, small_print=True)
    if sheet is None:
        return tuple(words)
    engine = snippet_options(_MODEL, dpi=dpi, timeout=timeout)
    lines: dict[tuple[int, int], list[PlacedWord]] = {}
    unread = {crop.offset for crop in sheet.crops if crop.line is None}
    for crop, word in on_page(sheet, tidy(read_snippets(sheet.picture, options=engine))):
        lines.setdefault((crop.offset, word.line), []).append(word)
    result = list(words)
    readings = [(line, offset not in unread) for (offset, _), line in lines.items()]
    for line, whole in [*readings, *((line, True) for line in _doubtful_lines(words))]:
        for found in _wordings_on(sorted(line, key=lambda word: word.left), whole=whole):
            _put(found, result)
    for line in lines.values():
        for found in _halves_on(sorted(line, key=lambda word: word.left), result, picture):
            _put(found, result)
    for text, box in told_by_place(result, picture):
        _put(_Printed(tuple(text.split()), box), result)
    return tuple(result)


def _doubtful_lines(words: Sequence[PlacedWord]) -> list[list[PlacedWord]]:
    """Return the lines as they were read first: the Vietnamese model sometimes comes nearer."""
    lines: dict[int, list[PlacedWord]] = {}
    for word in words:
        lines.setdefault(word.line, []).append(word)
    return [line for line in lines.values() if min(word.confidence for word in line) < _DOUBTFUL]


def _wordings_on(line: Sequence[PlacedWord], *, whole: bool) -> Iterator[_Printed]:
    """Yield the wordings that were read on a line; the nearest of those that overlap, no short ones of parts."""
    letters, owners = "", []
    for number, word in enumerate(line):
        own = squeeze(word.text)
        letters += own
        owners += [number] * len(own)
    found = []
    for label in _labels():
        if not whole and len(label.letters) < _SHORT:
            continue
        place = (_short if len(label.letters) < _SHORT else _long)(label, letters, owners)
        if place is not None:
            distance, first, last = place
            found.append((2 * distance - len(label.letters), first, last, label))
    chosen: set[int] = set()
    for _, first, last, label in sorted(found, key=lambda one: one[0]):
        if chosen.isdisjoint(range(first, last + 1)):
            chosen |= set(range(first, last + 1))
            yield _Printed(label.tokens, _box_of(line[first : last + 1]))


def _halves_on(line: Sequence[PlacedWord], words: Sequence[PlacedWord], picture: Picture) -> Iterator[_Printed]:
    """Yield the wording of which only the English part was read, with ink before it as long as the other part.

    It must be nearer than any other that was not found yet, and none of the words that stand there may have been read
    clearly.
    """
    known = squeeze(" ".join(word.text for word in words))
    letters, owners = "", []
    for number, word in enumerate(line):
        own = squeeze(word.text)
        letters += own
        owners += [number] * len(own)
    halves: dict[str, list[_Label]] = {}
    for label in _labels():
        if label.english != label.letters and len(label.english) >= _LEAST_HALF and label.english not in known:
            halves.setdefault(label.english, []).append(label)
    edits = sorted((least_edits(english, letters), english) for english in halves)
    if len(edits) < 2 or edits[0][0] > _FARTHEST_HALF * len(edits[0][1]) or edits[1][0] - edits[0][0] < _NEARER:
        return
    english = edits[0][1]
    places = [place for place in align(english, letters)[1] if place is not None]
    left, top, right, bottom = _box_of(line[owners[places[0]] : owners[places[-1]] + 1])
    start = _start_of_ink((left, top, right, bottom), picture)
    before = (left - start) / (right - left)
    label = min(halves[english], key=lambda one: abs(_before_english(one) - before))
    if abs(_before_english(label) - before) > _UNLIKE * _before_english(label):
        return
    clear = [word for word in words if word.confidence >= _CLEAR and top < (word.top + word.bottom) / 2 < bottom]
    if not any(start < (word.left + word.right) / 2 < right for word in clear):
        yield _Printed(label.tokens, (start, top, right, bottom))


def _before_english(label: _Label) -> float:
    """Return how many times its English part the other part of a wording is long."""
    other, english = " ".join(label.tokens).split(" / ")
    return (len(other) + len(" / ")) / len(english)


def _start_of_ink(box: _Box, picture: Picture) -> float:
    """Return where the ink begins that ends at the left side of a box, without a gap as wide as the box is high."""
    left, top, _, bottom = (int(value) for value in box)
    inked = np.any(picture[max(0, top) : bottom, : max(0, left)] < _INK, axis=0).tolist()
    start = left
    for place in range(left - 1, max(-1, start - len(inked)), -1):
        if inked[place]:
            start = place
        elif start - place > bottom - top:
            break
    return float(start)


def _long(label: _Label, letters: str, owners: Sequence[int]) -> tuple[int, int, int] | None:
    """Return the edits between a wording and a line, and the first and last of the words that were read for it."""
    if least_edits(label.english, letters) > _allowed(label.english):
        return None
    distance, places = align(label.letters, letters)
    taken = [place for place in places if place is not None]
    if not taken:
        return None
    first, last = owners[taken[0]], owners[taken[-1]]
    before = letters[owners.index(first) : taken[0]]
    behind = letters[taken[-1] + 1 : len(owners) - owners[::-1].index(last)]
    if _FIGURES.search(before + behind):
        return None  # its value was read as one word with it
    distance += len(before) + len(behind)
    farthest = _FARTHEST if label.english == label.letters else _FARTHEST_BOTH
    farthest = _FARTHEST_HEADING if " ".join(label.tokens) in _HEADINGS else farthest
    return (distance, first, last) if distance <= farthest * len(label.letters) else None


def _short(label: _Label, letters: str, owners: Sequence[int]) -> tuple[int, int, int] | None:
    """Return the same for a short wording, which must begin the line; its English part ends right before a number.

    Before an identity number, which no other label stands, that part may be misread.
    """
    read = _BEFORE_NUMBER.match(letters)
    if read is None:
        return None
    told = read[1][0] == label.letters[0] and _IDENTITY.match(letters, read.end(1))
    if not told and not read[1].endswith(label.english):
        return None
    distance = least_edits(label.letters, read[1])
    size = len(read[1])
    whole_words = size == len(letters) or owners[size] != owners[size - 1]
    return (distance, 0, owners[size - 1]) if whole_words and distance <= len(label.letters) / 2 else None


def _allowed(english: str) -> float:
    """Return the most edits with which an English wording counts as read."""
    if len(english) < _LEAST_LETTERS:
        return 0
    return (_FARTHEST if len(english) >= _LONG else _FARTHEST_ENGLISH) * len(english)


def _put(wording: _Printed, words: list[PlacedWord]) -> None:
    """Put a wording in the place of the doubtful words that stand there."""
    left, top, right, bottom = wording.box
    row = [word for word in words if top < (word.top + word.bottom) / 2 < bottom]
    old = [word for word in row if left < (word.left + word.right) / 2 < right]
    if len({word.line for word in old}) > 1:
        return
    if old:
        line = sorted((word for word in row if word.line == old[0].line), key=lambda word: word.left)
        first, last = line.index(old[0]), line.index(old[-1])
        first -= _shared([line[:first][-n:] for n in range(first + 1)], [wording.tokens[:n] for n in range(first + 1)])
        after = range(len(line) - last)
        last += _shared([line[last + 1 :][:n] for n in after], [wording.tokens[-n:] for n in after])
        read = line[first : last + 1]
        old = _to_colon(read, wording.tokens)
        right = right if len(old) == len(read) else min(right, old[-1].right)
    if any(_FIGURES.search(word.text) and _reaches(word, left, right) for word in row):
        return
    if not old and any(_overlaps(word, wording.box) for word in words):
        return
    if not old and wording.tokens[-1].endswith(":") and not _stands_over(wording.box, words):
        return  # a label without what stands behind or below it would say that nothing does
    if old and (all(word.confidence >= _DOUBTFUL for word in old) or [w.text for w in old] == [*wording.tokens]):
        return
    if _lacks_room(wording, old):
        return
    place = words.index(old[0]) if old else len(words)
    number = old[0].line if old else max(word.line for word in words) + 1
    box = _joined((left, top, right, bottom), old)
    made = _spread(wording.tokens, box, number, " ".join(word.raw or word.text for word in old))
    words[:] = [word for word in words[:place] if word not in old] + made + [w for w in words[place:] if w not in old]


def _lacks_room(wording: _Printed, old: Sequence[PlacedWord]) -> bool:
    """Return whether words that were read clearly stand closer than those of a wording would: another one is printed.

    `Nơi sinh (Place of birth)` is no `Nơi đăng ký khai sinh / Place of birth`.
    """
    text = " ".join(wording.tokens)
    if len(squeeze(text)) < _SHORT or not old or any(word.confidence < _CLEAR for word in old):
        return False
    left, _, right, _ = _joined(wording.box, old)
    step = sum(word.right - word.left for word in old) / sum(len(word.text) for word in old)
    return right - left < _NARROWER * step * len(text)


def _to_colon(words: list[PlacedWord], tokens: Sequence[str]) -> list[PlacedWord]:
    """Return the words that were read for a label without its value: those up to the last colon."""
    if not tokens[-1].endswith(":") or len(squeeze(" ".join(tokens))) < _SHORT:
        return words  # of a short one a number stands behind, which is no part of it
    ends = [number for number, word in enumerate(words, 1) if word.text.endswith(":")]
    return words[: ends[-1]] if ends else words


def _stands_over(box: _Box, words: Sequence[PlacedWord]) -> bool:
    """Return whether figures that were read clearly stand right below the left half of a box."""
    left, top, right, bottom = box
    return any(
        left - (bottom - top) < word.left < (left + right) / 2
        and bottom - (bottom - top) / 2 < (word.top + word.bottom) / 2 < bottom + 2 * (bottom - top)
        and word.confidence >= _CLEAR
        and _FIGURES.search(word.text)
        for word in words
    )


def _reaches(word: PlacedWord, left: float, right: float) -> bool:
    """Return whether more than the edge of a word lies between two places."""
    return min(word.right, right) - max(word.left, left) > 0.1 * (word.right - word.left)


def _overlaps(word: PlacedWord, box: _Box) -> bool:
    """Return whether more than the edges of a word and of a box lie over one another."""
    left, top, right, bottom = box
    high = min(word.bottom, bottom) - max(word.top, top)
    return _reaches(word, left, right) and high > 0.5 * min(word.bottom - word.top, bottom - top)


def _shared(parts: Sequence[Sequence[PlacedWord]], ends: Sequence[Sequence[str]]) -> int:
    """Return the number of words of the longest part that is read for an end of a wording; the first is empty."""
    for size in range(len(parts) - 1, 0, -1):
        read, printed = squeeze(" ".join(word.text for word in parts[size])), squeeze(" ".join(ends[size]))
        if len(read) == len(printed) and sum(a != b for a, b in zip(read, printed, strict=True)) * 3 <= len(read):
            return size
    return 0


def _spread(tokens: Sequence[str], box: _Box, line: int, raw: str) -> list[PlacedWord]:
    """Return the words of a wording side by side in a box, each as wide as its letters are many."""
    left, top, right, bottom = box
    step = (right - left) / len(" ".join(tokens))
    made, start = [], 0
    for token in tokens:
        made.append(
            PlacedWord(
                text=token,
                confidence=_CONFIDENCE,
                left=left + step * start,
                top=top,
                right=left + step * (start + len(token)),
                bottom=bottom,
                line=line,
                raw=raw,
            )
        )
        start += len(token) + 1
    return made


def _box_of(words: Iterable[PlacedWord]) -> _Box:
    boxes = [(word.left, word.top, word.right, word.bottom) for word in words]
    return (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes))


def _joined(box: _Box, words: Sequence[PlacedWord]) -> _Box:
    if not words:
        return box
    other = _box_of(words)
    return (min(box[0], other[0]), min(box[1], other[1]), max(box[2], other[2]), max(box[3], other[3]))


@cache
def _labels() -> tuple[_Label, ...]:
    labels: dict[str, _Label] = {}
    for tokens in printed_wordings():
        parts, letters = " ".join(tokens).split(" / "), squeeze(" ".join(tokens))
        foreign = sum(map(looks_syllabic, map(squeeze, tokens))) * 2 < len(tokens)
        if len(parts) == 2 or (foreign and len(letters) >= _SHORT) or " ".join(tokens) in _HEADINGS:
            labels.setdefault(letters, _Label(tokens, letters, squeeze(parts[-1])))
    return tuple(labels.values())


@cache
def _english_words() -> frozenset[str]:
    """Return the words of forms that are no Vietnamese syllables."""
    words = {squeeze(token) for label in _labels() for token in label.tokens}
    return frozenset(word for word in words if len(word) >= 4 and not looks_syllabic(word))

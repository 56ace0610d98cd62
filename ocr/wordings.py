"""What a form prints the same on every paper, put right as a whole where it was read with doubt: labels, headings."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

from domain.vietnamese import fold, nfc
from ocr.reading_order import PlacedWord
from ocr.syllables import strip_tone

_LEAST_LETTERS = 9
"""Shorter wordings are too much like other words."""
_DOUBTFUL = 0.93
"""Word confidence below which letters and signs may be changed."""
_FARTHEST = 0.2
"""Edits for each letter of a wording, up to which it is what was read."""
_FARTHEST_WORD = 0.4
"""The same for each of its words, so that one label is not taken for another."""
_LETTER = re.compile(r"[^\W_]")
_EDGES = re.compile(r"^(\W*)(.*?)(\W*)$")


@dataclass(frozen=True, slots=True)
class _Wording:
    tokens: tuple[str, ...]
    letters: str
    """All its letters, without diacritics, in lower case."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A wording on a line: which letter of the line stands for each of its own, and which are too many."""

    wording: _Wording
    places: tuple[int | None, ...]
    distance: int
    first: int
    """Number of the first of the words that were read for it."""
    last: int


def restore_wordings(line: Sequence[PlacedWord]) -> list[PlacedWord]:
    """Return a line's words with doubtful wordings of forms as they are printed; `raw` keeps what was read.

    Words that were read surely stay as they are. Of wordings that overlap the one with most letters is taken; where
    two are equally near, none.
    """
    words = list(line)
    if all(word.confidence >= _DOUBTFUL for word in words):
        return words
    found = sorted(_all_found(words), key=lambda one: (one.distance > 0, -_gain(one), one.distance))
    chosen: list[_Found] = []
    for place, one in enumerate(found):
        rivals = [other for other in found[:place] + found[place + 1 :] if _equally_near(one, other)]
        if not rivals and not any(_overlap(one, other) for other in chosen):
            chosen.append(one)
    for one in sorted(chosen, key=lambda one: -one.first):
        words[one.first : one.last + 1] = _printed(words[one.first : one.last + 1], one.wording)
    return words


def _all_found(words: Sequence[PlacedWord]) -> Iterator[_Found]:
    read, owners = _letters_of(words)
    for number in sorted({number for word in words for number in _by_word().get(_letters(word.text), ())}):
        wording = _wordings()[number]
        if wording.letters not in read and len(read) < (1 - _FARTHEST) * len(wording.letters):
            continue
        if _least_edits(wording.letters, read) > _FARTHEST * len(wording.letters):
            continue
        distance, places = _align(wording.letters, read)
        taken = [place for place in places if place is not None]
        if not taken:
            continue
        first, last = owners[taken[0]], owners[taken[-1]]
        whole_words = owners.index(first) == taken[0] and len(owners) - owners[::-1].index(last) - 1 == taken[-1]
        if whole_words and _may_be(wording, read, places, owners, words):
            yield _Found(wording, places, distance, first, last)


def _may_be(
    wording: _Wording, read: str, places: Sequence[int | None], owners: Sequence[int], words: Sequence[PlacedWord]
) -> bool:
    """Return whether only doubtful words would change, none of the wording's words into a quite different one."""
    start = 0
    for token in wording.tokens:
        letters = _letters(token)
        own = range(start, start + len(letters))
        wrong = [place for place in own if places[place] is None or wording.letters[place] != read[places[place] or 0]]
        if len(wrong) > max(1, _FARTHEST_WORD * len(letters)):
            return False
        start += len(letters)
    right = {place for ours, place in enumerate(places) if place is not None and wording.letters[ours] == read[place]}
    taken = [place for place in places if place is not None]
    changed = {owners[place] for place in range(taken[0], taken[-1] + 1) if place not in right}
    return all(words[number].confidence < _DOUBTFUL for number in changed)


def _equally_near(one: _Found, other: _Found) -> bool:
    same = one.wording.letters == other.wording.letters
    alike = abs(len(one.wording.letters) - len(other.wording.letters)) <= 2
    return not same and alike and _overlap(one, other) and one.distance > 0 and _gain(one) <= _gain(other) + 1


def _gain(found: _Found) -> int:
    return len(found.wording.letters) - found.distance


def _overlap(one: _Found, other: _Found) -> bool:
    return one.first <= other.last and other.first <= one.last


def _printed(read: Sequence[PlacedWord], wording: _Wording) -> list[PlacedWord]:
    """Return a wording's tokens at the places of the words that were read for it."""
    upper = sum(word.text.isupper() for word in read) * 2 > len(read)
    tokens = [token.upper() if upper else token for token in wording.tokens]
    tokens[-1] = _with_end_of(tokens[-1], read[-1].text)
    if len(tokens) == len(read):
        return [_as_printed(word, token) for word, token in zip(read, tokens, strict=True)]
    if all(
        _letters(a) == _letters(b.text) for a, b in zip(filter(_letters, tokens), _with_letters(read), strict=False)
    ):
        printed = iter([token for token in tokens if _letters(token)])
        return [_as_printed(word, next(printed)) if _letters(word.text) else word for word in read]
    left, width = read[0].left, read[-1].right - read[0].left
    total = len(" ".join(tokens))
    made, start = [], 0
    for token in tokens:
        made.append(
            PlacedWord(
                text=token,
                confidence=min(word.confidence for word in read),
                left=left + width * start / total,
                top=min(word.top for word in read),
                right=left + width * (start + len(token)) / total,
                bottom=max(word.bottom for word in read),
                line=read[0].line,
                raw=" ".join(word.raw or word.text for word in read),
            )
        )
        start += len(token) + 1
    return made


def _with_end_of(token: str, read: str) -> str:
    """Return a token with its sign at the end if what was read has one there, and with the one read if it has none."""
    own, other = _EDGES.fullmatch(token), _EDGES.fullmatch(read.rstrip("_"))
    if own is None or other is None:
        return token
    return own[1] + own[2] + (own[3] if own[3] and other[3] else other[3])


def _with_letters(words: Sequence[PlacedWord]) -> list[PlacedWord]:
    return [word for word in words if _letters(word.text)]


def _as_printed(word: PlacedWord, token: str) -> PlacedWord:
    """Return a word as the wording has it; a sure one, its case, and the place of its tone mark stay as printed."""
    if _letters(word.text) != _letters(token):
        return replace(word, text=token, raw=word.raw or word.text)
    if word.confidence >= _DOUBTFUL:
        return word
    read, printed = _EDGES.fullmatch(word.text), _EDGES.fullmatch(token)
    if read is None or printed is None or len(read.group(2)) != len(printed.group(2)):
        return word
    middle = "".join(b.upper() if a.isupper() else b.lower() for a, b in zip(read[2], printed[2], strict=True))
    if strip_tone(read[2].lower()) == strip_tone(printed[2].lower()):
        middle = read[2]
    if middle.isupper() and not printed[2].isupper() and len(middle) > 1:
        middle = middle[0] + middle[1:].lower()  # one word alone in capitals
    text = _with_end_of(printed[1] + middle + printed[3], word.text)
    return word if text == word.text else replace(word, text=text, raw=word.raw or word.text)


def _letters(text: str) -> str:
    return "".join(_LETTER.findall(fold(text)))


def _letters_of(words: Sequence[PlacedWord]) -> tuple[str, list[int]]:
    """Return all letters of a line without diacritics, and for each the number of its word."""
    parts = [_letters(word.text) for word in words]
    return "".join(parts), [number for number, part in enumerate(parts) for _ in part]


def _least_edits(pattern: str, text: str) -> int:
    """Return the least edits between a pattern and any part of a text (Myers 1999, with the columns in one integer)."""
    masks: dict[str, int] = {}
    for place, letter in enumerate(pattern):
        masks[letter] = masks.get(letter, 0) | 1 << place
    last = 1 << (len(pattern) - 1)
    rising, falling, distance = (last << 1) - 1, 0, len(pattern)
    least = distance
    for letter in text:
        match = masks.get(letter, 0)
        same = (((match & rising) + rising) ^ rising) | match | falling
        up, down = falling | ~(same | rising), rising & same
        distance += bool(up & last) - bool(down & last)
        up, down = up << 1, down << 1
        rising, falling = (down | ~(same | up)) & ((last << 1) - 1), up & same
        least = min(least, distance)
    return least


def _align(pattern: str, text: str) -> tuple[int, tuple[int | None, ...]]:
    """Return the least edits between a pattern and any part of a text, and the place of each of its letters there."""
    columns = len(text) + 1
    costs = [[0] * columns]
    for row, letter in enumerate(pattern, 1):
        above, here = costs[-1], [row]
        for column in range(1, columns):
            same = above[column - 1] + (letter != text[column - 1])
            here.append(min(same, above[column] + 1, here[-1] + 1))
        costs.append(here)
    column = min(range(columns), key=lambda place: costs[-1][place])
    distance, row = costs[-1][column], len(pattern)
    places: list[int | None] = [None] * row
    while row:
        if column and costs[row][column] == costs[row - 1][column - 1] + (pattern[row - 1] != text[column - 1]):
            row, column = row - 1, column - 1
            places[row] = column
        elif costs[row][column] == costs[row - 1][column] + 1:
            row -= 1
        else:
            column -= 1
    return distance, tuple(places)


@cache
def _wordings() -> tuple[_Wording, ...]:
    reading = resources.files("configs").joinpath("reading", "wordings.txt").read_text("utf-8")
    texts = [line for line in reading.splitlines() if line and not line.startswith("#")]
    for file in sorted(resources.files("configs").joinpath("kinds").iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            kind = tomllib.loads(file.read_text("utf-8"))
            texts += kind.get("stops", ())
            texts += [label for field in kind.get("field", ()) for label in field.get("labels", ())]
    found = {wording.letters: wording for wording in map(_wording, map(nfc, texts))}
    return tuple(wording for wording in found.values() if len(wording.letters) >= _LEAST_LETTERS)


def _wording(text: str) -> _Wording:
    return _Wording(tuple(text.split()), _letters(text))


@cache
def _by_word() -> dict[str, list[int]]:
    """Return the numbers of the wordings by each of their words of three and more letters."""
    found: dict[str, list[int]] = {}
    for number, wording in enumerate(_wordings()):
        for word in {_letters(token) for token in wording.tokens}:
            if len(word) >= 3:
                found.setdefault(word, []).append(number)
    return found

"""What a form prints the same on every paper, put right as a whole where it was read with doubt: labels, headings."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from itertools import accumulate, zip_longest

from domain.vietnamese import fold, nfc
from ocr.correction.edits import align, least_edits
from ocr.lexicon.syllables import looks_syllabic, strip_tone
from ocr.page.reading_order import PlacedWord

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
    forms: tuple[tuple[str, ...], ...] = ()
    """The tokens of all wordings with these letters; they differ in signs or diacritics."""
    telling: frozenset[int] = frozenset()
    """Numbers of the tokens that alone tell it from another wording, e.g. `vợ` from `chồng`, or from none there."""


@dataclass(frozen=True, slots=True)
class _Line:
    """The letters of a line without diacritics; for each the number of its word, and whether it is a capital."""

    letters: str
    owners: tuple[int, ...]
    capital: tuple[bool, ...]
    colons: frozenset[int]
    """How many letters stand before each colon."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A wording on a line: which letter of the line stands for each of its own, and which are too many."""

    wording: _Wording
    places: tuple[int | None, ...]
    distance: int
    first: int
    """Number of the first of the words that were read for it."""
    last: int


def printed_wordings() -> tuple[tuple[str, ...], ...]:
    """Return the words of each label and heading of the forms, with their signs, the short ones too."""
    return tuple(wording.tokens for wording in _all_wordings())


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
        read = words[one.first : one.last + 1]
        words[one.first : one.last + 1] = _printed(read, _nearest_form(one.wording, read))
    return words


def _all_found(words: Sequence[PlacedWord]) -> Iterator[_Found]:
    line = _line_of(words)
    read, owners = line.letters, line.owners
    for number in sorted({number for word in words for number in _by_word().get(_letters(word.text), ())}):
        wording = _wordings()[number]
        if wording.letters not in read and len(read) < (1 - _FARTHEST) * len(wording.letters):
            continue
        if least_edits(wording.letters, read) > _FARTHEST * len(wording.letters):
            continue
        distance, places = align(wording.letters, read)
        taken = [place for place in places if place is not None]
        if not taken:
            continue
        first, last = owners[taken[0]], owners[taken[-1]]
        whole_words = owners.index(first) == taken[0] and len(owners) - owners[::-1].index(last) - 1 == taken[-1]
        if whole_words and _may_be(wording, line, places, words):
            yield _Found(wording, places, distance, first, last)


def _may_be(wording: _Wording, line: _Line, places: Sequence[int | None], words: Sequence[PlacedWord]) -> bool:
    """Return whether only doubtful words would change, none of them into a quite different one."""
    right = [
        place is not None and letter == line.letters[place]
        for letter, place in zip(wording.letters, places, strict=True)
    ]
    taken = [place for place in places if place is not None]
    span = range(taken[0], taken[-1] + 1)
    start, capitals = 0, sum(line.capital[place] for place in span) * 2 > len(span)
    for number, token in enumerate(wording.tokens):
        own = range(start, start + len(_letters(token)))
        start = own.stop
        wrong = sum(not right[place] for place in own)
        if wrong > max(1, _FARTHEST_WORD * len(own)):
            return False
        if wrong and _is_filled_in(wording, number, [places[place] for place in own], line, capitals=capitals):
            return False
    if _goes_past_colon(wording, line, places, right):
        return False
    correct = {place for ours, place in enumerate(places) if right[ours]}
    changed = {line.owners[place] for place in span if place not in correct}
    return all(words[number].confidence < _DOUBTFUL for number in changed)


def _is_filled_in(wording: _Wording, number: int, places: Sequence[int | None], line: _Line, *, capitals: bool) -> bool:
    """Return whether what was read for a word of a wording may be a value: a name, or another wording's word."""
    read = [place for place in places if place is not None]
    if not read:
        return number in wording.telling
    if number and not capitals and line.capital[read[0]] and wording.tokens[number][:1].islower():
        return True
    return number in wording.telling and looks_syllabic(line.letters[read[0] : read[-1] + 1])


def _goes_past_colon(wording: _Wording, line: _Line, places: Sequence[int | None], right: Sequence[bool]) -> bool:
    """Return whether letters differ behind a colon that the wording does not have: a value begins there."""
    ends = accumulate(len(_letters(token)) for token in wording.tokens)
    signs = {end for end, token in zip(ends, wording.tokens, strict=True) if not token[-1].isalnum()}
    first, last = places[0], places[-1]
    for colon in line.colons:
        before = sum(place is not None and place < colon for place in places)
        inside = (first is None or first < colon) and (last is None or colon <= last) and 0 < before < len(places)
        if inside and before not in signs and not all(right[before:]):
            return True
    return False


def _nearest_form(wording: _Wording, read: Sequence[PlacedWord]) -> _Wording:
    """Return the form of a wording that is most like what was read."""
    texts = [word.text for word in read]
    form = min(wording.forms, key=lambda tokens: sum(a != b for a, b in zip_longest(tokens, texts)))
    return replace(wording, tokens=form)


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
    if not upper and all(map(str.isupper, tokens)):  # a heading within a sentence
        tokens = [token.lower() for token in tokens]
        tokens[0] = tokens[0].capitalize() if read[0].text[:1].isupper() else tokens[0]
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


def _line_of(words: Sequence[PlacedWord]) -> _Line:
    letters: list[str] = []
    owners: list[int] = []
    capital: list[bool] = []
    colons = set()
    for number, word in enumerate(words):
        for char in word.text:
            if char in ":;":
                colons.add(len(letters))
            for letter in _letters(char):
                letters.append(letter)
                owners.append(number)
                capital.append(char.isupper())
    return _Line("".join(letters), tuple(owners), tuple(capital), frozenset(colons))


def _all_wordings() -> list[_Wording]:
    reading = resources.files("configs").joinpath("reading", "wordings.txt").read_text("utf-8")
    texts = [line for line in reading.splitlines() if line and not line.startswith("#")]
    for file in sorted(resources.files("configs").joinpath("kinds").iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            kind = tomllib.loads(file.read_text("utf-8"))
            texts += kind.get("stops", ())
            texts += [label for field in kind.get("field", ()) for label in field.get("labels", ())]
    return list(map(_wording, dict.fromkeys(map(nfc, texts))))


@cache
def _wordings() -> tuple[_Wording, ...]:
    known = _all_wordings()
    telling = _telling(known)
    found: dict[str, _Wording] = {}
    for one in known:
        other = found.get(one.letters, one)
        found[one.letters] = replace(
            one,
            forms=(*other.forms, one.tokens),
            telling=frozenset(telling[one.tokens]) | other.telling,
        )
    return tuple(wording for wording in found.values() if len(wording.letters) >= _LEAST_LETTERS)


def _telling(wordings: Sequence[_Wording]) -> Mapping[tuple[str, ...], set[int]]:
    """Return by its tokens which of them alone tell a wording from another one, or are more than another one has."""
    words = {one.tokens: tuple(map(_letters, one.tokens)) for one in wordings}
    shorter = set(words.values())
    without: dict[tuple[tuple[str, ...], int], set[str]] = {}
    for own in words.values():
        for place, word in enumerate(own):
            without.setdefault(((*own[:place], "", *own[place + 1 :]), place), set()).add(word)
    found: dict[tuple[str, ...], set[int]] = {}
    for tokens, own in words.items():
        found[tokens] = {
            place for place in range(len(own)) if len(without[((*own[:place], "", *own[place + 1 :]), place)]) > 1
        }
        for cut in range(1, len(own)):
            first, rest = own[:cut], own[cut:]
            found[tokens] |= set(range(cut, len(own))) if first in shorter and _is_little(rest) else set()
            found[tokens] |= set(range(cut)) if rest in shorter and _is_little(first) else set()
    return found


def _is_little(words: Sequence[str]) -> bool:
    return sum(map(len, words)) < _LEAST_LETTERS


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

"""What a form prints the same on every paper, put right as a whole where it was read with doubt: labels, headings."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, zip_longest

from ocr.correction.edits import align, least_edits
from ocr.lexicon.syllables import is_syllable, looks_syllabic, strip_tone
from ocr.lexicon.wordings import FARTHEST, Wording, known_wordings, letters_of, wordings_by_word
from ocr.page.reading_order import PlacedWord

_DOUBTFUL = 0.93
"""Word confidence below which letters and signs may be changed."""
_LETTERS_TO_EDIT = 5
"""Letters of a word for each edit; one is allowed in shorter ones, so that no other word is taken for it."""
_TELLING_WORDS = 3
"""Words that were read as they are printed, from which they outweigh one that was read as another Vietnamese word."""
_OPENING, _CLOSING = re.compile('["“«(]'), re.compile('["”»)]')
"""Signs that specks are not taken for so easily as for others."""
_EDGES = re.compile(r"^(\W*)(.*?)(\W*)$")


@dataclass(frozen=True, slots=True)
class _Line:
    """The letters of a line without diacritics; for each the number of its word, and whether it is a capital."""

    letters: str
    owners: tuple[int, ...]
    capital: tuple[bool, ...]
    colons: frozenset[int]
    """How many letters stand before each colon."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Token:
    """What was read for one word of a wording."""

    letters: int
    """How many it has."""
    read: Sequence[int]
    """The places of the letters of the line that stand for them."""
    texts: Sequence[str]
    """The words in which these are."""
    wrong: int
    """Letters that were read otherwise, or not at all."""
    edits: int
    """These and the letters that are too many."""

    def is_near(self) -> bool:
        """Return whether it differs in so little that no other word can have been printed."""
        if self.edits > max(1, self.letters // _LETTERS_TO_EDIT) or (self.letters and not self.read):
            return False
        return not self.edits or len(self.texts) < 2 or not any(looks_syllabic(_inside(text)) for text in self.texts)


@dataclass(frozen=True, slots=True)
class _Found:
    """A wording on a line: which letter of the line stands for each of its own, and which are too many."""

    wording: Wording
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
        read = words[one.first : one.last + 1]
        after = words[one.last + 1].text if one.last + 1 < len(words) else ""
        words[one.first : one.last + 1] = _printed(read, _nearest_form(one.wording, read), after)
    return words


def _all_found(words: Sequence[PlacedWord]) -> Iterator[_Found]:
    line = _line_of(words)
    read, owners = line.letters, line.owners
    for number in sorted({number for word in words for number in wordings_by_word().get(letters_of(word.text), ())}):
        wording = known_wordings()[number]
        if wording.letters not in read and len(read) < (1 - FARTHEST) * len(wording.letters):
            continue
        if not any(part in read for part in wording.parts):
            continue
        if least_edits(wording.letters, read) > FARTHEST * len(wording.letters):
            continue
        distance, places = align(wording.letters, read)
        taken = [place for place in places if place is not None]
        if not taken:
            continue
        first, last = owners[taken[0]], owners[taken[-1]]
        whole_words = owners.index(first) == taken[0] and len(owners) - owners[::-1].index(last) - 1 == taken[-1]
        if whole_words and _may_be(wording, line, places, words):
            yield _Found(wording, places, distance, first, last)


def _may_be(wording: Wording, line: _Line, places: Sequence[int | None], words: Sequence[PlacedWord]) -> bool:
    """Return whether only doubtful words would change, none of them into a quite different one."""
    right = [
        place is not None and letter == line.letters[place]
        for letter, place in zip(wording.letters, places, strict=True)
    ]
    taken = {place for place in places if place is not None}
    span = range(min(taken), max(taken) + 1)
    extra = [line.owners[place] for place in span if place not in taken]
    if len(set(extra)) < len(extra) or _goes_past_colon(wording, line, places, right):
        return False
    capitals = sum(line.capital[place] for place in span) * 2 > len(span)
    others = 0
    for number, token in enumerate(_tokens_read(wording, line, places, words)):
        if not token.is_near():
            return False
        spelled = all(_is_spelled(text, wording.tokens[number]) for text in token.texts)
        if not spelled and _is_filled_in(wording, number, token, line, capitals=capitals):
            return False
        others += token.edits > 0 and any(is_syllable(_inside(text)) for text in token.texts)
    if others > 1 or (others and len(wording.tokens) <= _TELLING_WORDS):
        return False
    correct = {place for ours, place in enumerate(places) if right[ours]}
    changed = {line.owners[place] for place in span if place not in correct}
    return all(words[number].confidence < _DOUBTFUL for number in changed)


def _is_spelled(text: str, token: str) -> bool:
    return strip_tone(_inside(text).lower()) == strip_tone(_inside(token).lower())


def _inside(text: str) -> str:
    """Return a word without the signs around it."""
    return _EDGES.sub(r"\2", text)


def _tokens_read(
    wording: Wording, line: _Line, places: Sequence[int | None], words: Sequence[PlacedWord]
) -> Iterator[_Token]:
    """Yield what was read for each word of a wording."""
    taken = {place for place in places if place is not None}
    extra = [line.owners[place] for place in range(min(taken), max(taken) + 1) if place not in taken]
    start = 0
    for token in wording.tokens:
        own = range(start, start + len(letters_of(token)))
        start = own.stop
        found = [(letter, places[letter]) for letter in own]
        read = [place for _, place in found if place is not None]
        right = sum(place is not None and wording.letters[letter] == line.letters[place] for letter, place in found)
        numbers = sorted({line.owners[place] for place in read})
        yield _Token(
            letters=len(own),
            read=read,
            texts=[words[number].text for number in numbers],
            wrong=len(own) - right,
            edits=len(own) - right + sum(number in numbers for number in extra),
        )


def _is_filled_in(wording: Wording, number: int, token: _Token, line: _Line, *, capitals: bool) -> bool:
    """Return whether what was read for a word of a wording may be a value: a name, or another wording's word."""
    if not token.read:
        return False
    first, last = token.read[0], token.read[-1]
    if number and not capitals and line.capital[first] and wording.tokens[number][:1].islower():
        return True
    return token.wrong > 0 and number in wording.telling and looks_syllabic(line.letters[first : last + 1])


def _goes_past_colon(wording: Wording, line: _Line, places: Sequence[int | None], right: Sequence[bool]) -> bool:
    """Return whether letters differ behind a colon that the wording does not have: a value begins there."""
    ends = accumulate(len(letters_of(token)) for token in wording.tokens)
    signs = {end for end, token in zip(ends, wording.tokens, strict=True) if not token[-1].isalnum()}
    first, last = places[0], places[-1]
    for colon in line.colons:
        before = sum(place is not None and place < colon for place in places)
        inside = (first is None or first < colon) and (last is None or colon <= last) and 0 < before < len(places)
        if inside and before not in signs and not all(right[before:]):
            return True
    return False


def _nearest_form(wording: Wording, read: Sequence[PlacedWord]) -> Wording:
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


def _printed(read: Sequence[PlacedWord], wording: Wording, after: str) -> list[PlacedWord]:
    """Return a wording's tokens at the places of the words that were read for it.

    Args:
        after: The word behind them, empty at the end of the line.
    """
    upper = sum(word.text.isupper() for word in read) * 2 > len(read)
    tokens = [token.upper() if upper else token for token in wording.tokens]
    if not upper and all(map(str.isupper, tokens)):  # a heading within a sentence
        tokens = [token.lower() for token in tokens]
        tokens[0] = tokens[0].capitalize() if read[0].text[:1].isupper() else tokens[0]
    in_sentence = tokens[0][:1].isupper() and read[0].text[:1].islower()
    before_value = (after[:1].isupper() and not upper) or after[:1].isdigit()
    signed = not in_sentence and (before_value or not tokens[-1].endswith(":"))
    tokens[-1] = _with_end_of(tokens[-1], read[-1].text, signed=signed)
    if len(tokens) == len(read):
        return [
            _as_printed(word, token, signed=not in_sentence) for word, token in zip(read[:-1], tokens[:-1], strict=True)
        ] + [_as_printed(read[-1], tokens[-1], signed=signed)]
    if all(
        letters_of(a) == letters_of(b.text)
        for a, b in zip(filter(letters_of, tokens), _with_letters(read), strict=False)
    ):
        printed = iter([token for token in tokens if letters_of(token)])
        return [_as_printed(word, next(printed), signed=signed) if letters_of(word.text) else word for word in read]
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


def _with_end_of(token: str, read: str, *, signed: bool) -> str:
    """Return a token with the signs at the end of what was read, or with its own if these may stand for them."""
    own, other = _EDGES.fullmatch(token), _EDGES.fullmatch(read.rstrip("_"))
    if own is None or other is None:
        return token
    closed = _CLOSING.search(other[3]) is not None and _CLOSING.search(own[3]) is None
    replaced = own[3] and other[3] and (signed or own[3] in other[3]) and not closed
    return own[1] + own[2] + (own[3] if replaced else other[3])


def _with_letters(words: Sequence[PlacedWord]) -> list[PlacedWord]:
    return [word for word in words if letters_of(word.text)]


def _as_printed(word: PlacedWord, token: str, *, signed: bool) -> PlacedWord:
    """Return a word as the wording has it; a sure one, its case, and the place of its tone mark stay as printed."""
    read, printed = _EDGES.fullmatch(word.text), _EDGES.fullmatch(token)
    if read is None or printed is None:
        return word
    middle = printed[2]
    if letters_of(word.text) == letters_of(token):
        if word.confidence >= _DOUBTFUL or len(read[2]) != len(printed[2]):
            return word
        middle = "".join(b.upper() if a.isupper() else b.lower() for a, b in zip(read[2], printed[2], strict=True))
        if strip_tone(read[2].lower()) == strip_tone(printed[2].lower()):
            middle = read[2]
        if middle.isupper() and not printed[2].isupper() and len(middle) > 1:
            middle = middle[0] + middle[1:].lower()  # one word alone in capitals
    opened = read[1] if _OPENING.search(read[1]) else printed[1] if read[1] else ""
    text = _with_end_of(opened + middle + printed[3], word.text, signed=signed)
    return word if text == word.text else replace(word, text=text, raw=word.raw or word.text)


def _line_of(words: Sequence[PlacedWord]) -> _Line:
    letters: list[str] = []
    owners: list[int] = []
    capital: list[bool] = []
    colons = set()
    for number, word in enumerate(words):
        for char in word.text:
            if char in ":;":
                colons.add(len(letters))
            for letter in letters_of(char):
                letters.append(letter)
                owners.append(number)
                capital.append(char.isupper())
    return _Line("".join(letters), tuple(owners), tuple(capital), frozenset(colons))

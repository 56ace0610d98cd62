"""Between several spellings of a word with the same letters, the one that most speaks for; never in silence."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace

from domain.vietnamese import fold
from ocr.fields.known import usual_spellings
from ocr.fields.labels import Reading
from ocr.fields.lines import Piece
from ocr.lexicon.syllables import is_syllable
from ocr.lexicon.units import Units

_WORD = re.compile(r"[^\W\d_]+")
_HONORIFICS = frozenset({"ông", "bà"})
_OWN, _SECOND, _LISTED, _ONCE_MORE, _MOST = 1.0, 0.8, 2.0, 0.6, 4
"""What speaks for a spelling: that it was read, that another model read it, that names are spelled so, and each time
that it stands beside the same word elsewhere on the paper, up to a number of times."""
_FAINT, _SECOND_OF_FAINT = 0.5, 1.2
"""Word confidence of a word that is no syllable, as in names of the uplands, under which another model's reading speaks
more for a spelling than its own, and how much."""
_FEW = 2
"""So many known spellings of a word are weighed though nobody read them; a list of names is no such set."""


@dataclass(frozen=True, slots=True)
class Spellings:
    """How each two words that follow one another are spelled on a paper, and how often."""

    times: Mapping[tuple[str, str], int]
    like: Mapping[tuple[str, str], frozenset[tuple[str, str]]]
    """By their letters without diacritics."""
    words: Mapping[str, int] = field(default_factory=dict)
    """How often each word stands beside another."""
    alike: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """The words by their letters without diacritics."""


def count_spellings(pairs: Iterable[tuple[str, str]]) -> Spellings:
    """Return the spellings of pairs of words in small letters."""
    times = Counter(pairs)
    like: dict[tuple[str, str], frozenset[tuple[str, str]]] = {}
    for pair in times:
        folded = fold(pair[0]), fold(pair[1])
        like[folded] = like.get(folded, frozenset()) | {pair}
    words = Counter[str]()
    for (first, _), count in times.items():
        words[first] += count
    alike: dict[str, frozenset[str]] = {}
    for word in words:
        alike[fold(word)] = alike.get(fold(word), frozenset()) | {word}
    return Spellings(times, like, words, alike)


def choose_spellings(reading: Reading, spellings: Spellings, units: Units) -> Reading:
    """Return a reading with the likeliest spelling of each of its words; only diacritics change."""
    words = [_small(piece) for piece in reading.pieces]
    pieces = list(reading.pieces)
    for index, piece in enumerate(reading.pieces):
        if words[index]:
            before = words[index - 1] if index else ""
            after = words[index + 1] if index + 1 < len(words) else ""
            school = reading.rule.source == "above_title"  # `HIỆU TRƯỞNG TRƯỜNG …`: no Mr. Trương Trường
            listed = frozenset[str]() if school else _list_of(reading, words, index, units)
            if reading.rule.form == "text" or school:
                listed |= usual_spellings(before, words[index], after)
            place = _Place(
                words[index],
                before,
                after,
                listed,
                of_person=reading.rule.form == "name",
                faint=piece.word.confidence < _FAINT and not is_syllable(words[index]),
            )
            best = place.best(_second(piece), spellings)
            if best != words[index]:
                pieces[index] = replace(piece, text=_spelled(piece.text, best))
    return reading if pieces == list(reading.pieces) else replace(reading, pieces=tuple(pieces))


@dataclass(frozen=True, slots=True)
class _Place:
    """A word between its neighbors, in small letters; a neighbor may be empty."""

    word: str
    before: str
    after: str
    names: frozenset[str]
    """Spellings that are known here; empty where any word can stand."""
    of_person: bool
    """Whether it is a word of a person's name, so that it is one of `names` unless that is rare."""
    faint: bool
    """Whether it was read with so much doubt that another model's reading counts more."""

    def best(self, second: str, spellings: Spellings) -> str:
        """Return the spelling that most speaks for; the word's own where two are equal."""
        candidates = {self.word, *self._on_paper(spellings)} | ({second} if fold(second) == fold(self.word) else set())
        candidates |= self.names if len(self.names) <= _FEW else self._between(second)
        if len(candidates) == 1:
            return self.word
        return max(sorted(candidates), key=lambda c: (self._weight(c, second, spellings), c == self.word))

    def _between(self, second: str) -> Set[str]:
        """Return the only name with the letters of two readings that are none themselves: `Hãng`, `Hăng` of `Hằng`."""
        differ = second != self.word and fold(second) == fold(self.word)
        if not self.of_person or not differ or {second, self.word} & self.names:
            return frozenset()
        like = {name for name in self.names if fold(name) == fold(self.word)}
        return like if len(like) == 1 else frozenset()

    def _on_paper(self, spellings: Spellings) -> Iterable[str]:
        if self.before:
            yield from (p[1] for p in spellings.like.get((fold(self.before), fold(self.word)), ()))
        if self.after:
            yield from (p[0] for p in spellings.like.get((fold(self.word), fold(self.after)), ()))
        if not is_syllable(self.word):  # a name of the uplands like `Đăk`: wherever it stands
            yield from spellings.alike.get(fold(self.word), ())

    def _weight(self, spelling: str, second: str, spellings: Spellings) -> float:
        own = spelling == self.word
        times = spellings.times.get((self.before, spelling), 0) - (own and bool(self.before))
        times += spellings.times.get((spelling, self.after), 0) - (own and bool(self.after))
        if not is_syllable(self.word):
            times += spellings.words.get(spelling, 0) - own
        weight = _OWN * own + _ONCE_MORE * min(times, _MOST)
        weight += (_SECOND_OF_FAINT if self.faint else _SECOND) * (spelling == second)
        return weight + _LISTED * (spelling in self.names)


def _list_of(reading: Reading, words: Sequence[str], index: int, units: Units) -> frozenset[str]:
    """Return the names of which one stands in a place, empty for any word."""
    if reading.rule.form == "name":
        if index == len(words) - 1 and index:
            return units.given_names  # rare family names as `Ngần` stand for no `Ngân`
        return units.given_names | units.family_names if index else units.family_names
    capital = reading.pieces[index].text[:1].isupper()
    after = words[index + 1] if index + 1 < len(words) else ""
    named = after in units.given_names or (index and words[index - 1] in _HONORIFICS)
    if named and capital and reading.pieces[index].text[-1].isalpha():
        return units.family_names
    return frozenset()


def _small(piece: Piece) -> str:
    """Return the word of a piece in small letters, empty where it is no single word."""
    found = _WORD.findall(piece.text)
    return found[0].lower() if len(found) == 1 else ""


def _second(piece: Piece) -> str:
    """Return what another model read for a word, in small letters; empty where that is no single word."""
    found = _WORD.findall(piece.word.second or "")
    return found[0].lower() if len(found) == 1 else ""


def _spelled(text: str, word: str) -> str:
    """Return the text of a piece with its word in another spelling, in capitals as it was."""

    def anew(found: re.Match[str]) -> str:
        old = found.group()
        return word.upper() if old.isupper() and len(old) > 1 else word.capitalize() if old[0].isupper() else word

    return _WORD.sub(anew, text, count=1)

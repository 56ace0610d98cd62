"""Diacritics of names, put right where the rest of the name or of the page tells them; what was read is kept beside.

Such a name may still be a rare one that was read right: its confidence is so low then that a person looks at it.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib import resources

from domain.vietnamese import fold, nfc
from ocr.lexicon.gazetteer import gazetteer, spelled
from ocr.lexicon.named_places import Surroundings, place_itself, places_in, surroundings
from ocr.lexicon.phrases import follows
from ocr.lexicon.place_names import NamedPlace, Standing
from ocr.page.reading_order import PlacedWord

_NAME_WORD = re.compile(r"^(\W*)([^\W\d_]+)(\W*)$")
_CERTAIN = 0.975
"""Word confidence from which a word is left as it was read."""
_UNSURE = 0.45
"""Most confidence of a word that was given other diacritics, so that a person looks at it."""
_MOST_WORDS = 5
"""Of a person's name."""
_FORMS_OF_ADDRESS = frozenset({"bà", "ông", "ông/bà", "anh", "chị", "em", "cháu", "con", "cô", "chú"})
_UNITS = frozenset({"xã", "phường", "trấn", "huyện", "quận", "phố", "tỉnh"})
"""Words before the name of a place; the last one of `thị trấn`, `thành phố`."""
_LEAST_TIMES = 2
"""How often the usual spelling of a place stands on a page at least."""
_OUTWEIGHS = 1.5
"""Times the confidence of any other spelling, what the usual one must have."""


def settle_names(words: Sequence[PlacedWord]) -> tuple[PlacedWord, ...]:
    """Return the words of a page with family names and names of places as they are spelled.

    A family name that does not exist is given the diacritics of the only one with its letters. A place that stands
    elsewhere on the page in another spelling, more often and read more surely, is given that one; then a person looks
    at all of them, since a model errs the same way again and again. A district or commune that is not listed is given
    the spelling of the only one that it can be.
    """
    lines: dict[int, list[PlacedWord]] = {}
    for word in words:
        lines.setdefault(word.line, []).append(word)
    lines = {number: _with_provinces(line) for number, line in lines.items()}
    settled = [_with_family_names(sorted(line, key=lambda word: word.left)) for line in lines.values()]
    around = surroundings(tuple(_text(line) for line in settled))
    settled = [_with_listed_places(line, around) for line in settled]
    usual = _usual_places(settled)
    return tuple(word for line in settled for word in _with_places(line, usual))


def _with_listed_places(line: Sequence[PlacedWord], around: Surroundings) -> list[PlacedWord]:
    """Return a line with places that are listed nowhere in the only spelling with their letters."""
    result, text = list(line), _text(line)
    named = list(places_in(text, around))
    for first, last in _places(line):
        name = " ".join(_letters(word) for word in line[first:last])
        start = text.find(name, _start(line, first))
        if all(not one.start <= start < one.end for one in named) and start >= 0:
            named.append(replace(place_itself(name, around), start=start, end=start + len(name)))
    for one in named:
        if one.standing is Standing.ALIKE and (one.within or not one.elsewhere):
            _spell(result, one)
    return result


def _spell(line: list[PlacedWord], place: NamedPlace) -> None:
    """Give the words of a name the spelling of the list, if it has as many and none of them was read for certain."""
    own = [i for i in range(len(line)) if place.start <= _start(line, i) < place.end]
    texts = place.listed.split()
    if len(own) != len(texts):
        return
    read = [_letters(line[i]) for i in own]
    changed = [(i, text, old) for i, text, old in zip(own, texts, read, strict=True) if old.lower() != text.lower()]
    if all(line[i].confidence < _CERTAIN for i, _, _ in changed):
        for i, text, old in changed:
            line[i] = _spelled(line[i], text.upper() if old.isupper() else text)


def _text(line: Sequence[PlacedWord]) -> str:
    return " ".join(word.text for word in line)


def _start(line: Sequence[PlacedWord], index: int) -> int:
    """Return where a word begins in the text of its line."""
    return sum(len(word.text) + 1 for word in line[:index])


def _with_provinces(line: Sequence[PlacedWord]) -> list[PlacedWord]:
    """Return a line with provinces behind `tỉnh`, and that word itself, as they are spelled."""
    result = sorted(line, key=lambda word: word.left)
    for place, word in enumerate(result):
        if fold(_letters(word)) != "tinh" or len(result) < place + 3:
            continue
        spelled = _provinces().get(_key(result[place + 1 : place + 3]), ())
        sure = not spelled or word.text[-1:] in ",.;:" or result[place + 1].text[-1:] in ",.;:"
        for own, text in zip(range(place, place + 3), () if sure else ("tỉnh", *spelled), strict=False):
            read = _letters(result[own])
            if read.lower() != text and result[own].confidence < _CERTAIN:
                result[own] = _spelled(result[own], text if read.islower() else _cased(text, read))
    return result


def _cased(text: str, read: str) -> str:
    return text.upper() if read.isupper() else text.title()


def _with_family_names(line: Sequence[PlacedWord]) -> list[PlacedWord]:
    result = list(line)
    for first, last in _runs(line):
        run = [_letters(word) for word in line[first:last]]
        if line[first].confidence >= _CERTAIN or not _is_person(run, line[first - 1].text if first else ""):
            continue
        names = _family_names().get(fold(run[0]), ())
        if len(names) == 1 and (run[0].lower() != names[0] or not _alike_in_case(run)):
            result[first] = _spelled(line[first], names[0].upper() if run[1].isupper() else names[0].title())
    whole = _without_initial(result)
    return [_spelled(result[0], whole), *result[1:]] if whole else result


def _without_initial(line: Sequence[PlacedWord]) -> str:
    """Return the family name of which a line has all but the first letter, as where a stamp lies over it."""
    read = [_letters(word) for word in line]
    if not 2 <= len(read) <= _MOST_WORDS or not read[0].islower() or line[0].confidence >= _CERTAIN:
        return ""
    if not all(text.istitle() and text.lower() in _given_names() for text in read[1:]):
        return ""
    names = [name for names in _family_names().values() for name in names if name[1:] == nfc(read[0])]
    return names[0].title() if len(names) == 1 else ""


def _with_places(line: Sequence[PlacedWord], usual: Mapping[str, Sequence[str]]) -> list[PlacedWord]:
    result = list(line)
    for first, last in _places(line):
        spelled = usual.get(_key(line[first:last]), ())
        for place, text in zip(range(first, last), spelled, strict=False):
            result[place] = replace(line[place], confidence=min(line[place].confidence, _UNSURE))
            if line[place].confidence < _CERTAIN:
                result[place] = _spelled(result[place], _cased(text, _letters(line[place])))
    return result


def _usual_places(lines: Iterable[Sequence[PlacedWord]]) -> dict[str, Sequence[str]]:
    """Return how places of two and three words that are spelled in several ways are to be spelled, by their letters."""
    weights: dict[str, dict[tuple[str, ...], list[float]]] = {}
    for line in lines:
        for first, last in _places(line):
            spelled = tuple(_letters(word).lower() for word in line[first:last])
            sure = min(word.confidence for word in line[first:last])
            weights.setdefault(_key(line[first:last]), {}).setdefault(spelled, []).append(sure)
    usual: dict[str, Sequence[str]] = {}
    for key, spellings in weights.items():
        best, *others = sorted(spellings, key=lambda one: -sum(spellings[one]))
        against = max((sum(spellings[other]) for other in others), default=0.0)
        if others and len(spellings[best]) >= _LEAST_TIMES and sum(spellings[best]) > _OUTWEIGHS * against:
            usual[key] = best
    return usual


def _places(line: Sequence[PlacedWord]) -> Iterator[tuple[int, int]]:
    """Yield the names of two and three words that stand behind a word such as `xã`, or before a date."""
    for first, last in _runs(line):
        before = line[first - 1].text.lower() if first else ""
        while first < last and _letters(line[first]).lower() in _UNITS:
            before, first = _letters(line[first]).lower(), first + 1
        dated = line[last - 1].text.endswith(",") and last < len(line) and fold(line[last].text) == "ngay"
        if last - first in (2, 3) and (before in _UNITS or dated):
            yield first, last


def _runs(line: Sequence[PlacedWord]) -> Iterator[tuple[int, int]]:
    """Yield from where to past where words with a capital follow one another, with a sign behind the last one only."""
    first: int | None = None
    for place, word in enumerate(line):
        part = _NAME_WORD.match(word.text)
        named = part is not None and part[2][0].isupper()
        if first is not None and (part is None or not named or part[1]):
            yield first, place
            first = None
        if part is not None and named:
            first = place if first is None else first
            if part[3]:
                yield first, place + 1
                first = None
    if first is not None:
        yield first, len(line)


def _is_person(run: Sequence[str], before: str) -> bool:
    """Return whether a run of words is a person's name whatever its first word is."""
    if run[0].lower() in _UNITS or _is_listed(" ".join(run)):
        return False
    addressed_so = run[0].lower() in _FORMS_OF_ADDRESS and not _alike_in_case(run)  # Ông HỒ VĂN NAM
    if addressed_so or (len(run) > 1 and follows(run[0].lower(), run[1].lower())):  # TỔ CHỨC HỘI THI
        return False
    addressed = before.lower() in _FORMS_OF_ADDRESS
    if not (addressed or not before or before.endswith(":")) or not 3 - addressed <= len(run) <= _MOST_WORDS:
        return False
    return _alike_in_case(run[1:]) and all(text.lower() in _given_names() for text in run[1:])


def _is_listed(name: str) -> bool:
    """Return whether a place is spelled so."""
    return any(spelled(place.name) == spelled(name) for place in gazetteer().alike(name))


def _alike_in_case(texts: Sequence[str]) -> bool:
    return all(text.isupper() for text in texts) or all(text.istitle() for text in texts)


def _spelled(word: PlacedWord, text: str) -> PlacedWord:
    part = _NAME_WORD.match(word.text)
    if part is None or part[2] == text:
        return word
    confidence = min(word.confidence, _UNSURE)
    return replace(word, text=part[1] + text + part[3], raw=word.raw or word.text, confidence=confidence)


def _letters(word: PlacedWord) -> str:
    part = _NAME_WORD.match(word.text)
    return part[2] if part else word.text


def _key(words: Sequence[PlacedWord]) -> str:
    return " ".join(fold(_letters(word)) for word in words)


@cache
def _names() -> Mapping[str, Sequence[str]]:
    return tomllib.loads(resources.files("configs").joinpath("units", "names.toml").read_text("utf-8"))


@cache
def _family_names() -> Mapping[str, Sequence[str]]:
    """Return the family names in small letters, by their letters without diacritics."""
    found: dict[str, list[str]] = {}
    for name in _names()["family"]:
        found.setdefault(fold(name), []).append(nfc(name.lower()))
    return found


@cache
def _provinces() -> Mapping[str, Sequence[str]]:
    """Return the two words of the provinces that have two, in small letters, by their letters without diacritics."""
    text = resources.files("configs").joinpath("units", "provinces.toml").read_text("utf-8")
    names = [nfc(province["name"].lower()).split() for province in tomllib.loads(text)["province"]]
    return {fold(" ".join(name)): name for name in names if len(name) == 2}


@cache
def _given_names() -> frozenset[str]:
    return frozenset(nfc(name.lower()) for name in _names()["given"])

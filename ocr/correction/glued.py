"""Words that were read as one, taken apart where Vietnamese or a list of names says where; foreign words stay whole."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from importlib import resources
from itertools import pairwise

from domain.vietnamese import nfc
from ocr.lexicon.gazetteer import gazetteer, spelled
from ocr.lexicon.phrases import follows
from ocr.lexicon.syllables import is_syllable, looks_syllabic
from ocr.page.reading_order import PlacedWord

_NUMBERED = re.compile(r"^(ngày|tháng|năm|Điều|điều|Ngày)(\d{1,4}[.,:;]?)$")
_COUNTED = re.compile(r"^(\d{1,4})([^\W\d_]{3,}[.,:;)]?)$")
_DASHED = re.compile(r"^([^\W\d_]{2,})([-–])$")
_RUNS = re.compile(r"[^\W\d_]+|\d[^a-zA-ZÀ-ỹ(]*|[^\w]+|_+")
_ADDRESS = re.compile(r"@|://|www|\.[a-z]{2,4}(?:\W|$)", re.IGNORECASE)
"""Parts of addresses of mail and of pages on the Internet."""
_SHORTEST = 5
_CERTAIN = 0.95
"""Word confidence from which a word is left as it was read."""
_OWN_TONES = ("\u0300", "\u0303", "\u0309", "\u0323")
"""Tones that words and names from other languages do not bear when they are spelled as Vietnamese ones."""


def apart(word: PlacedWord) -> list[PlacedWord]:
    """Return a word apart from the number or dash that was glued to it, or from the number that it counts: `03tầng`."""
    glued = _NUMBERED.match(word.text) or _DASHED.match(word.text) or _counted(word.text)
    if glued is None:
        return [word]
    cut = word.left + (word.right - word.left) * len(glued.group(1)) / len(word.text)
    first = replace(word, text=glued.group(1), right=cut, raw=word.text)
    return [first, replace(word, text=glued.group(2), left=cut, raw=word.text)]


def _counted(text: str) -> re.Match[str] | None:
    """Return a number and the Vietnamese word in small letters that was glued to it."""
    found = _COUNTED.match(text)
    counted = found[2].rstrip(".,:;)") if found else ""
    return found if counted.islower() and not counted.isascii() and is_syllable(counted) else None


def parted(line: Sequence[PlacedWord]) -> list[PlacedWord]:
    """Return the words of a line with those apart that were read as one, and the figures behind them.

    Only where there is one way to do so, and the syllables bear tones as no foreign word does, are known to follow
    one another, or are a place's or a person's name.
    """
    return [part for place, word in enumerate(line) for part in _parted(word, line[place - 1].text if place else "")]


def _parted(word: PlacedWord, before: str) -> list[PlacedWord]:
    texts = _parts(word.text, before) if word.confidence < _CERTAIN and not _ADDRESS.search(word.text) else []
    if len(texts) < 2:
        return [word]
    step = (word.right - word.left) / sum(map(len, texts))
    made, left = [], word.left
    for text in texts:
        right = left + step * len(text)
        made.append(replace(word, text=text, left=left, right=right, raw=word.raw or word.text))
        left = right
    return made


def _parts(text: str, before: str) -> list[str]:
    """Return the words that were glued together to a text, as few as can be; none where that is not sure."""
    runs = _RUNS.findall(text)
    if not any(run.isalpha() and _is_glued(run) for run in runs):
        return []
    parts = [""]
    for run in runs:
        if not run.isalpha():
            parts += [run] if (run[0].isdigit() or run[0] == "(") and parts[-1] else []
            parts[-1] += "" if parts[-1] == run else run
            continue
        ways = sorted(_ways(run), key=len) if _is_glued(run) else [(run,)]
        if not ways or (len(ways) > 1 and len(ways[0]) == len(ways[1])):
            return []
        if len(ways[0]) > 1 and not _belong_together(ways[0], before):
            return []
        parts[-1] += ways[0][0]
        parts += ways[0][1:]
    return parts


def _is_glued(letters: str) -> bool:
    return len(letters) >= _SHORTEST and not looks_syllabic(letters)


def _ways(letters: str) -> Iterator[tuple[str, ...]]:
    """Yield the ways to part letters into legal syllables of two and more letters.

    Capitals and small letters stay apart, but for the first letter of a syllable; one with a capital and without a
    diacritic may be of a foreign name.
    """
    if is_syllable(letters) and (letters.isupper() or letters[1:].islower()):
        yield (letters,)
    for cut in range(2, len(letters) - 1):
        first, rest = letters[:cut], letters[cut:]
        alike = first[0].isupper() == rest[0].isupper() or not first.isascii()
        if alike and is_syllable(first) and (first.isupper() or first[1:].islower()):
            yield from ((first, *others) for others in _ways(rest))


def _belong_together(syllables: Sequence[str], before: str) -> bool:
    """Return whether syllables are Vietnamese words, not a foreign word that has their letters: `location`, `Phêrô`."""
    if any(map(_is_own, syllables)) or all(follows(a.lower(), b.lower()) for a, b in pairwise(syllables)):
        return True
    name = " ".join(syllables)
    if any(spelled(place.name) == spelled(name) for place in gazetteer().alike(name)):
        return syllables[-1][0].isupper()
    named = before.isalpha() and before.lower() in _names() and before[0].isupper() and syllables[-1][0].isupper()
    return named and all(syllable.lower() in _names() for syllable in syllables)


def _is_own(syllable: str) -> bool:
    """Return whether a syllable bears a tone that no foreign word has; `Philíppin` and `Neáng` have an acute."""
    marks = unicodedata.normalize("NFD", syllable)
    return any(tone in marks for tone in _OWN_TONES)


@cache
def _names() -> frozenset[str]:
    """Return the syllables of persons' names in small letters."""
    names = tomllib.loads(resources.files("configs").joinpath("units", "names.toml").read_text("utf-8"))
    return frozenset(nfc(name.lower()) for name in (*names["family"], *names["given"]))

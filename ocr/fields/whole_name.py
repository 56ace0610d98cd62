"""A signer's name of which a part was not read, made whole from elsewhere on the paper. Never in silence."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import takewhile

from domain.vietnamese import nfc
from ocr.lexicon.matching import distance, squeeze
from ocr.lexicon.units import Units

_WORD = re.compile(r"[^\W\d_]+")
_RUN = re.compile(r"[^\W\d_]+(?: [^\W\d_]+)+")
_SHORTEST, _LONGEST = 3, 5
"""Words of a name."""


def is_partial(text: str, units: Units) -> bool:
    """Return whether a name has lost a part: it does not begin with a family name, or has fewer than three words."""
    words = nfc(text).lower().split()
    return len(words) < _SHORTEST or words[0] not in units.family_names


def make_whole(text: str, lines: Iterable[str], units: Units) -> str:
    """Return the only name on the paper that has the words of a partial one; else with its family name; else nothing.

    Args:
        text: What was read of the name.
        lines: The parts of the paper's lines.
        units: For the family names.
    """
    words = _WORD.findall(nfc(text))
    broken = bool(words) and words[0].lower() not in units.family_names | units.given_names
    kept = words[1:] if broken else words
    found = {name for line in lines for name in _names(nfc(line), units) if _fits(name.split(), words, kept)}
    if len(found) == 1:
        return found.pop()
    family = _family(words[0], units) if broken and len(words) > 2 else ""
    return " ".join([family, *words[1:]]) if family else ""


def part_glued(text: str, units: Units) -> str:
    """Return a name of which words were read as one, in its words; empty where there is no or more than one way."""
    words = nfc(text).split()
    glued = [word for word in words if word.isalpha() and word.isupper() and word.lower() not in units.given_names]
    if not glued:
        return ""
    known = units.given_names | units.family_names
    ways: list[list[str]] = [[]]
    for number, word in enumerate(words):
        first = units.family_names if number == 0 else known
        ways = [[*way, *parts] for way in ways for parts in _ways(word.lower(), first, known)]
    parted = {" ".join(way).upper() for way in ways if _SHORTEST <= len(way) <= _LONGEST}
    return parted.pop() if len(parted) == 1 and nfc(text) not in parted else ""


def _ways(letters: str, first: Collection[str], others: Collection[str]) -> Iterator[list[str]]:
    """Yield the ways in which letters are names one after the other; a word that is no name only as a whole."""
    for end in range(1, len(letters) + 1):
        if letters[:end] in first:
            if end == len(letters):
                yield [letters]
            else:
                yield from ([letters[:end], *rest] for rest in _ways(letters[end:], others, others))


def _names(line: str, units: Units) -> Iterable[str]:
    """Yield the names in a line: words with capitals that begin with a family name."""
    for found in _RUN.finditer(line):
        words = found.group().split()
        for start in range(len(words) - 2):
            if words[start].lower() in units.family_names and words[start].istitle():
                name = list(takewhile(str.istitle, words[start : start + _LONGEST]))
                yield from (" ".join(name[:end]) for end in range(_SHORTEST, len(name) + 1))


def _fits(name: Sequence[str], words: Sequence[str], kept: Sequence[str]) -> bool:
    """Return whether a longer name ends or begins with the words that were read, its broken first word being near."""
    if not kept or len(name) < max(len(words), _SHORTEST) or list(name) == list(words):
        return False
    if len(kept) == len(words):
        return name[-len(kept) :] == list(kept) or name[: len(kept)] == list(kept)
    if name[-len(kept) :] == list(kept):
        first = name[-len(kept) - 1]
        return distance(squeeze(first), squeeze(words[0]), 2) <= 2
    near = distance(squeeze(name[0]), squeeze(words[0]), 1) <= 1
    return near and name[1 : 1 + len(kept)] == list(kept)


def _family(word: str, units: Units) -> str:
    """Return the only family name that a word is but for one or two letters before it; empty for none."""
    small = word.lower()
    ends = [name for name in units.family_names if name.endswith(small) and len(name) - len(small) in (1, 2)]
    return ends[0].capitalize() if len(ends) == 1 else ""

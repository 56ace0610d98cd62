"""Phrases found in lines of recognized text, through lost diacritics, odd spaces and misread letters."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from domain.vietnamese import without_diacritics

_LETTERS_OR_DIGITS = re.compile(r"[^\W_]+")
_EXACT_BELOW = 7
"""Phrases shorter than this many letters must stand exactly (but for diacritics)."""


def squeeze(text: str) -> str:
    """Return the letters and digits of a text without diacritics and blanks, in lower case."""
    return without_diacritics("".join(_LETTERS_OR_DIGITS.findall(text))).lower()


def runs(text: str) -> Iterator[tuple[str, int]]:
    """Yield each run of letters and digits, folded, with the place in the text where it ends."""
    for found in _LETTERS_OR_DIGITS.finditer(text):
        yield without_diacritics(found.group()).lower(), found.end()


def parts_of(letters: str, borne: int) -> tuple[tuple[int, str], ...]:
    """Return one part more than letters may be misread, each with its place: one of them is then read as it is."""
    cuts = [len(letters) * part // (borne + 1) for part in range(borne + 2)]
    return tuple((first, letters[first:last]) for first, last in pairwise(cuts))


def _trigrams(text: str) -> frozenset[str]:
    return frozenset(text[i : i + 3] for i in range(len(text) - 2))


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words to look for, as they are printed on forms."""

    text: str
    """As written in the configuration."""
    letters: str
    """Squeezed."""
    trigrams: frozenset[str]
    tolerance: int
    """Number of misread, lost or extra letters that are borne."""
    parts: tuple[tuple[int, str], ...]
    """Parts of its letters, of which one stands as it is wherever the phrase does."""
    colon: bool
    """Whether it counts only where a colon follows, or at the start of a line."""


@lru_cache(maxsize=4096)
def phrase(text: str) -> Phrase:
    """Return the phrase for a text of the configuration; a colon at its end demands one on the paper."""
    letters = squeeze(text)
    tolerance = 0 if len(letters) < _EXACT_BELOW else min(1 + (len(letters) - _EXACT_BELOW) // 7, 5)
    colon = text.rstrip().endswith(":")
    return Phrase(text, letters, _trigrams(letters), tolerance, parts_of(letters, tolerance), colon)


@dataclass(frozen=True, slots=True)
class Searchable:
    """A text prepared for searching: its letters, and where its words begin and end among them."""

    letters: str
    starts: tuple[int, ...]
    ends: frozenset[int]
    trigrams: frozenset[str]


def searchable(words: Sequence[str]) -> Searchable:
    """Return folded words prepared for searching."""
    starts, ends, place = [], [], 0
    for word in words:
        starts.append(place)
        place += len(word)
        ends.append(place)
    letters = "".join(words)
    return Searchable(letters, tuple(starts), frozenset(ends), _trigrams(letters))


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase found in a text, as places among its letters."""

    start: int
    end: int
    distance: int
    """Number of letters in which they differ."""


def find(wanted: Phrase, text: Searchable) -> list[Match]:
    """Return where a phrase stands in a text, whole words only, the best of those that overlap, from left to right."""
    if not wanted.letters or len(text.letters) + wanted.tolerance < len(wanted.letters):
        return []
    if not any(part in text.letters for _, part in wanted.parts):
        return []
    if len(wanted.trigrams - text.trigrams) > 3 * wanted.tolerance:
        return []
    matches = (_match_at(wanted, text, start) for start in _possible_starts(wanted, text))
    found: list[Match] = []
    for match in sorted((m for m in matches if m), key=lambda m: (m.distance, m.start)):
        if all(match.end <= other.start or other.end <= match.start for other in found):
            found.append(match)
    return sorted(found, key=lambda m: m.start)


def _possible_starts(wanted: Phrase, text: Searchable) -> Sequence[int]:
    """Return the places of words where a phrase may begin: near one of its parts."""
    found: set[int] = set()
    for first, part in wanted.parts:
        place = text.letters.find(part)
        while place >= 0:
            low = bisect_left(text.starts, place - first - wanted.tolerance)
            found.update(text.starts[low : bisect_right(text.starts, place - first + wanted.tolerance)])
            place = text.letters.find(part, place + 1)
    return sorted(found)


def _match_at(wanted: Phrase, text: Searchable, start: int) -> Match | None:
    end = start + len(wanted.letters)
    if end in text.ends and text.letters.startswith(wanted.letters, start):
        return Match(start, end, 0)
    if not wanted.tolerance:
        return None
    window = text.letters[start : end + wanted.tolerance]
    best: Match | None = None
    for length, distance in _prefix_distances(wanted.letters, window, wanted.tolerance):
        if start + length in text.ends and (best is None or distance < best.distance):
            best = Match(start, start + length, distance)
    return best


@lru_cache(maxsize=4096)
def _masks(text: str) -> Mapping[str, int]:
    """Return for each letter of a text the bits of its places."""
    found: dict[str, int] = {}
    for place, letter in enumerate(text):
        found[letter] = found.get(letter, 0) | 1 << place
    return found


def _prefix_distances(wanted: str, window: str, limit: int) -> list[tuple[int, int]]:
    """Return (length, distance) of the beginnings of the window that are within the limit of the wanted letters.

    A column of the table of distances is one integer for its rises and one for its falls (Myers 1999, Hyyrö 2003).
    """
    if not wanted:
        return [(length, length) for length in range(1, min(limit, len(window)) + 1)]
    masks, full, last = _masks(wanted), (1 << len(wanted)) - 1, 1 << (len(wanted) - 1)
    rising, falling, apart = full, 0, len(wanted)
    found = []
    for length, letter in enumerate(window, 1):
        match = masks.get(letter, 0)
        same = (((match & rising) + rising) ^ rising) | match | falling
        up, down = falling | ~(same | rising), rising & same
        apart += bool(up & last) - bool(down & last)
        if apart <= limit:
            found.append((length, apart))
        elif apart - len(window) + length > limit:
            break
        up, down = up << 1 | 1, down << 1
        rising, falling = (down | ~(same | up)) & full, up & same & full
    return found


def distance(one: str, other: str, limit: int) -> int:
    """Return the number of letters in which two texts differ, or `limit` + 1 where it is more than that."""
    if abs(len(one) - len(other)) > limit or (one and not other):
        return limit + 1
    if one == other:
        return 0
    if limit == 1:
        return 1 if _differ_in_one(one, other) else 2
    found = _prefix_distances(one, other, limit)
    return found[-1][1] if found and found[-1][0] == len(other) else limit + 1


def _differ_in_one(one: str, other: str) -> bool:
    place = next(
        (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    if len(one) == len(other):
        return one[place + 1 :] == other[place + 1 :]
    longer, shorter = (one, other) if len(one) > len(other) else (other, one)
    return longer[place + 1 :] == shorter[place:]

"""Phrases found in lines of recognized text, through lost diacritics, odd spaces and misread letters."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

_LETTERS_OR_DIGITS = re.compile(r"[^\W_]+")
_EXACT_BELOW = 7
"""Phrases shorter than this many letters must stand exactly (but for diacritics)."""


@lru_cache(maxsize=4096)
def _fold_letter(letter: str) -> str:
    decomposed = unicodedata.normalize("NFD", letter.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).lower()


def squeeze(text: str) -> str:
    """Return the letters and digits of a text without diacritics and blanks, in lower case."""
    return "".join(_fold_letter(c) for run in _LETTERS_OR_DIGITS.findall(text) for c in run)


def runs(text: str) -> Iterator[tuple[str, int]]:
    """Yield each run of letters and digits, folded, with the place in the text where it ends."""
    for found in _LETTERS_OR_DIGITS.finditer(text):
        yield "".join(map(_fold_letter, found.group())), found.end()


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
    colon: bool
    """Whether it counts only where a colon follows, or at the start of a line."""


@lru_cache(maxsize=4096)
def phrase(text: str) -> Phrase:
    """Return the phrase for a text of the configuration; a colon at its end demands one on the paper."""
    letters = squeeze(text)
    tolerance = 0 if len(letters) < _EXACT_BELOW else min(1 + (len(letters) - _EXACT_BELOW) // 7, 5)
    return Phrase(text, letters, _trigrams(letters), tolerance, text.rstrip().endswith(":"))


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
    if len(wanted.trigrams - text.trigrams) > 3 * wanted.tolerance:
        return []
    matches = (_match_at(wanted, text, start) for start in text.starts)
    found: list[Match] = []
    for match in sorted((m for m in matches if m), key=lambda m: (m.distance, m.start)):
        if all(match.end <= other.start or other.end <= match.start for other in found):
            found.append(match)
    return sorted(found, key=lambda m: m.start)


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


def _prefix_distances(wanted: str, window: str, limit: int) -> list[tuple[int, int]]:
    """Return (length, distance) of the beginnings of the window that are within the limit of the wanted letters."""
    row = list(range(len(window) + 1))
    for i, letter in enumerate(wanted, 1):
        before, row[0] = row[0], i
        for j, other in enumerate(window, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (letter != other))
        if min(row) > limit:
            return []
    return [(length, distance) for length, distance in enumerate(row) if length and distance <= limit]


def distance(one: str, other: str, limit: int) -> int:
    """Return the number of letters in which two texts differ, or `limit` + 1 where it is more than that."""
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    for length, found in _prefix_distances(one, other, limit):
        if length == len(other):
            return found
    return limit + 1 if one or other else 0

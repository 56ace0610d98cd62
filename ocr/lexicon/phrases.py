"""Phrases of administrative papers, as they are spelled (`configs/reading/phrases.txt`, `other_phrases.txt`)."""

import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import NamedTuple

from domain.vietnamese import fold, nfc


class Phrase(NamedTuple):
    """A phrase in small letters; names begin with a capital in the list."""

    syllables: tuple[str, ...]
    is_name: bool
    commas: frozenset[int]
    """Numbers of the syllables behind which a comma stands."""
    is_other: bool
    """Of `other_phrases.txt`: beside another phrase with its letters it only keeps what was read as it is spelled."""


def follows(first: str, second: str) -> bool:
    """Return whether a known phrase has two words, one after the other without a sign between them."""
    return (first, second) in _known_pairs()


@cache
def _known_pairs() -> frozenset[tuple[str, str]]:
    return frozenset(
        pair
        for phrases in known_phrases().values()
        for phrase in phrases
        for place, pair in enumerate(pairwise(phrase.syllables))
        if place not in phrase.commas
    )


@cache
def known_phrases() -> Mapping[tuple[str, ...], tuple[Phrase, ...]]:
    """Return the known phrases by their letters without diacritics; the first two of longer ones lead to them."""
    found: dict[tuple[str, ...], set[Phrase]] = {}
    folder = resources.files("configs").joinpath("reading")
    texts = [folder.joinpath(name).read_text("utf-8") for name in ("phrases.txt", "other_phrases.txt")]
    for is_other, line in ((bool(number), line) for number, text in enumerate(texts) for line in text.splitlines()):
        syllables = tuple(re.findall(r"[^\W\d_]+", nfc(line))) if not line.startswith("#") else ()
        if len(syllables) > 1:
            signs = re.findall(r"[^\W\d_]+([^\w ]*)", nfc(line))
            commas = frozenset(place for place, sign in enumerate(signs) if "," in sign)
            phrase = Phrase(tuple(map(str.lower, syllables)), syllables[0].istitle(), commas, is_other)
            letters = tuple(map(fold, syllables))
            found.setdefault(letters, set()).add(phrase)
            found.setdefault(letters[:2], set())
    return {letters: tuple(sorted(phrases)) for letters, phrases in found.items()}

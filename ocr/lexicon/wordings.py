"""What a form prints the same on every paper: labels of the kinds and headings (`configs/reading/wordings.txt`)."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

from domain.vietnamese import fold, nfc
from ocr.lexicon.matching import parts_of

FARTHEST = 0.2
"""Edits for each letter of a wording, up to which it is what was read."""
_LEAST_LETTERS = 9
"""Shorter wordings are too much like other words."""
_LETTER = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class Wording:
    """A label or heading."""

    tokens: tuple[str, ...]
    letters: str
    """All its letters, without diacritics, in lower case."""
    parts: tuple[str, ...] = ()
    """Parts of its letters, of which one stands as it is wherever a fifth of them at most was misread."""
    forms: tuple[tuple[str, ...], ...] = ()
    """The tokens of all wordings with these letters; they differ in signs or diacritics."""
    telling: frozenset[int] = frozenset()
    """Numbers of the tokens that alone tell it from another wording, e.g. `vợ` from `chồng`, or from none there."""


def printed_wordings() -> tuple[tuple[str, ...], ...]:
    """Return the words of each label and heading of the forms, with their signs, the short ones too."""
    return tuple(wording.tokens for wording in _all_wordings())


def letters_of(text: str) -> str:
    """Return the letters and figures of a text, without diacritics, in lower case."""
    return "".join(_LETTER.findall(fold(text)))


def _all_wordings() -> list[Wording]:
    reading = resources.files("configs").joinpath("reading", "wordings.txt").read_text("utf-8")
    texts = [line for line in reading.splitlines() if line and not line.startswith("#")]
    for file in sorted(resources.files("configs").joinpath("kinds").iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            kind = tomllib.loads(file.read_text("utf-8"))
            texts += kind.get("stops", ())
            texts += [label for field in kind.get("field", ()) for label in field.get("labels", ())]
    return list(map(_wording, dict.fromkeys(map(nfc, texts))))


@cache
def known_wordings() -> tuple[Wording, ...]:
    """Return the wordings that are long enough to be told from other words; those with the same letters are one."""
    known = _all_wordings()
    telling = _telling(known)
    found: dict[str, Wording] = {}
    for one in known:
        other = found.get(one.letters, one)
        found[one.letters] = replace(
            one,
            forms=(*other.forms, one.tokens),
            telling=frozenset(telling[one.tokens]) | other.telling,
        )
    return tuple(wording for wording in found.values() if len(wording.letters) >= _LEAST_LETTERS)


def _telling(wordings: Sequence[Wording]) -> Mapping[tuple[str, ...], set[int]]:
    """Return by its tokens which of them alone tell a wording from another one, or are more than another one has."""
    words = {one.tokens: tuple(map(letters_of, one.tokens)) for one in wordings}
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


def _wording(text: str) -> Wording:
    letters = letters_of(text)
    parts = tuple(part for _, part in parts_of(letters, int(FARTHEST * len(letters))))
    return Wording(tuple(text.split()), letters, parts)


@cache
def wordings_by_word() -> dict[str, list[int]]:
    """Return the numbers of the wordings by each of their words of three and more letters."""
    found: dict[str, list[int]] = {}
    for number, wording in enumerate(known_wordings()):
        for word in {letters_of(token) for token in wording.tokens}:
            if len(word) >= 3:
                found.setdefault(word, []).append(number)
    return found

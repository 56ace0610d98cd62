"""Fields that a form need not have, whose label stands on the paper but was misread beyond knowing."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import pairwise

from ocr.fields.kinds import Kind
from ocr.lexicon.matching import distance, phrase, squeeze

_LABELED = re.compile(r"\W*([^:;]{5,80})[:;]\s*\w")
"""A part of a line that begins with a label, and has something behind it."""
_ALONE = re.compile(r"\W*([^:;]{5,80}):\W*$")
"""A part that is a label, with its value below or in another column."""
_FARTHEST = 1 / 3
"""Edits for each letter of a label, up to which it may be what was read."""
_LEAST_LETTERS = 6


def lost_labels(kind: Kind, lines: Sequence[str], found: Collection[str]) -> frozenset[str]:
    """Return the names of fields that were not found though a line begins much like one of their labels, or is one.

    Args:
        kind: The paper's kind.
        lines: The parts of the paper's lines.
        found: Names of the fields that were found.
    """
    names: dict[str, set[str]] = {}
    for rule in kind.fields:
        for label in rule.labels:
            names.setdefault(squeeze(label), set()).add(rule.name)
    fixed = {phrase(text).letters for text in kind.stops}
    fixed |= {phrase(text).letters for section in kind.sections for text in (*section.starts, *section.ends)}
    lost: set[str] = set()
    for part, after in pairwise(lines):
        alone = _ALONE.match(part)
        own = names.get(squeeze(alone[1]), set()) if alone and ":" not in after else set[str]()
        lost |= own if own.isdisjoint(found) else set()
    for letters in _beginnings(lines):
        away = {label: distance(label, letters, _limit(label)) for label in {*names, *fixed}}
        near = sorted((edits, label) for label, edits in away.items() if edits <= _limit(label))
        if near and names.get(near[0][1], set()).isdisjoint(found):
            lost |= names.get(near[0][1], set())
    return frozenset(lost)


def _beginnings(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        begun = _LABELED.match(line)
        letters = squeeze(begun[1]) if begun else ""
        if len(letters) >= _LEAST_LETTERS:
            yield letters


def _limit(label: str) -> int:
    return int(len(label) * _FARTHEST)

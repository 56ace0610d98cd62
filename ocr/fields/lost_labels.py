"""Fields that a form need not have, whose label stands on the paper misread, or in words that nobody has told us."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import pairwise

from ocr.fields.kinds import Kind
from ocr.fields.lines import Line
from ocr.lexicon.matching import distance, phrase, squeeze

_LABELED = re.compile(r"\W*([^:;]{5,80})[:;]\s*\w")
"""A part of a line that begins with a label, and has something behind it."""
_ALONE = re.compile(r"\W*([^:;]{5,80}):\W*$")
"""A part that is a label, with its value below or in another column."""
_FARTHEST = 1 / 3
"""Edits for each letter of a label, up to which it may be what was read."""
_LEAST_LETTERS = 6
_SHORTEST = 4
_UNTOLD = re.compile(r"[\W_]*(?:(?:\d{1,2}|[IVX]{1,3}|[a-zđ])[.)]+\s*)?([^\W\d_][^:;.,]{2,60}?)\s*:(?=\s|$)")
"""A part of a line that begins like a label of a form, its number before it, or the full stop behind a lost one."""
_SURE = 0.85
"""Least confidence of each word of a label that is none that its kind has."""
_LETTERS_AN_EDIT = 7
"""Letters of a label of which one may be read otherwise where it was read well."""
_FEWEST_UNTOLD = 2
"""So many of them tell a form that the kind does not describe."""


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


def untold_fields(kind: Kind, lines: Sequence[Line]) -> frozenset[str]:
    """Return the fields that may stand on a paper in other words, none on a form that its kind describes.

    A form with several labels that are none of its kind, though they were read well, may name any field otherwise, also
    one that a paper of the kind need not have.
    """
    sections = (text for s in kind.sections for text in (*s.starts, *s.heads, *s.ends))
    marks = (text for era in kind.eras for text in era.marks)
    labels = (label for rule in kind.fields for label in rule.labels)
    told = [letters for text in (*labels, *kind.stops, *sections, *marks) if len(letters := squeeze(text)) >= _SHORTEST]
    parts = (_untold(part) for line in lines for part in line.parts)
    found = {letters for letters in parts if letters and not any(_is_like(one, letters) for one in told)}
    absent = {rule.name for rule in kind.fields if rule.source == "label" and rule.may_be_absent}
    return frozenset(absent if len(found) >= _FEWEST_UNTOLD else ())


def _untold(part: Line) -> str:
    """Return the letters of a label with a colon that a part begins with, empty where there is none that is sure."""
    begun = _UNTOLD.match(part.text)
    if begun is None or not begun[1][0].isupper() or begun[1].isupper():
        return ""
    sure = all(piece.word.confidence >= _SURE for piece in part.pieces[: len(begun[0].split())])
    letters = squeeze(begun[1])
    return letters if sure and len(letters) >= _SHORTEST else ""


def _is_like(told: str, letters: str) -> bool:
    """Return whether letters that were read well are a label, but for a letter in seven, or a part of one."""
    limit = len(told) // _LETTERS_AN_EDIT
    return told in letters or letters in told or distance(told, letters, limit) <= limit


def _beginnings(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        begun = _LABELED.match(line)
        letters = squeeze(begun[1]) if begun else ""
        if len(letters) >= _LEAST_LETTERS:
            yield letters


def _limit(label: str) -> int:
    return int(len(label) * _FARTHEST)

"""Diacritics that were probably misread: names against lists, and words against their like on the same paper."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import pairwise

from domain.models import Problem
from domain.vietnamese import fold
from ocr.checks.context import CheckContext, doubt

_WORD = re.compile(r"[^\W\d_]+")
_PERSON = re.compile(r"\b(?:ông|bà)\s+([^\W\d_]+)(?=\s+[^\W\d_])", re.IGNORECASE)
_SHORT_NAME = 2
_HONORIFICS = frozenset({"và", "ông", "bà", "nội", "ngoại", "con"})


def spelled_two_ways(context: CheckContext) -> list[Problem]:
    """Return a problem for each field with two words that stand elsewhere on the paper with other diacritics."""
    seen = spellings(context.lines)
    problems = []
    for name, one in context.fields.items():
        pairs = pairwise(words(one.raw)) if one.value else ()
        if any(len(seen[_folded(pair)]) > 1 for pair in pairs):
            problems.append(doubt("spelled_two_ways", name))
    return problems


def names(context: CheckContext) -> list[Problem]:
    """Return a problem for each person's name that differs from the known names in its diacritics only,
    begins with a given name, or has two words only.
    """
    family, given = context.units.family_names, context.units.given_names
    folded_family, folded_given = set(map(fold, family)), set(map(fold, given))
    problems = []
    for name, one in context.fields.items():
        people = [words(one.value or "")] if name.endswith("_name") and name != "business_name" else []
        firsts = [w[0] for w in people if w] + [m.lower() for m in _PERSON.findall(one.value or "")]
        rest = [w for person in people for w in person[1:]]
        odd = any(w not in family and w not in _HONORIFICS and fold(w) in folded_family for w in firsts)
        odd |= any(w in given and w not in family and w not in _HONORIFICS for w in firsts)  # its beginning was lost
        odd |= any(w not in given and w not in family and fold(w) in folded_given for w in rest)
        odd |= any(len(person) == _SHORT_NAME for person in people)  # a part of it may have been lost
        if odd:
            problems.append(doubt("name_unusual", name))
    return problems


def spellings(lines: Iterable[str]) -> Mapping[tuple[str, str], set[tuple[str, str]]]:
    """Return how each two words that follow one another are spelled on the paper, by their letters."""
    seen: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    for line in lines:
        if "<" in line:
            continue  # machine-readable lines have no diacritics
        for pair in pairwise(words(line)):
            seen[_folded(pair)].add(pair)
    return seen


def words(text: str) -> list[str]:
    """Return the words of a text in small letters."""
    return [word.lower() for word in _WORD.findall(text)]


def _folded(pair: tuple[str, str]) -> tuple[str, str]:
    return fold(pair[0]), fold(pair[1])

"""Diacritics that were probably misread: names against lists, and words against their like on the same paper."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from itertools import pairwise

from domain.models import Problem
from domain.vietnamese import fold
from ocr.fields.checks.context import CheckContext, doubt

_WORD = re.compile(r"[^\W\d_]+")
_FIGURES = re.compile(r"\d+")
_PERSON = re.compile(r"\b(?:ông|bà)\s+([^\W\d_]+)(?=\s+[^\W\d_])", re.IGNORECASE)
_CUT_SHORT = re.compile(r"\b(?:ông|bà)\s+(?:[A-ZÀ-ỸĐ][^\W\d_]*\s*){1,2}$")
"""A person's name of one or two words at the end of a text: the next line may have been lost."""
_SHORT_NAME, _WHOLE_NAME = 2, 3
_CLOSED = frozenset({"sex", "ethnicity", "nationality"})
"""Forms whose values are of a list, whatever else stands on the paper."""
_OUTWEIGHED = 4
"""Times that a spelling stands on the paper for each time of another one, from which the other one is a slip."""
_CONFUSABLE = frozenset("\u0301\u0303\u0309")
"""Sắc, ngã and hỏi: both models take one for another in small print, and no list tells of a rare name which it is."""
_SURE = 0.997
"""Confidence of a name from which its marks are large enough to be told."""
_HONORIFICS = frozenset({"và", "ông", "bà", "nội", "ngoại", "con"})


def spelled_two_ways(context: CheckContext) -> list[Problem]:
    """Return a problem for each field with two words that stand elsewhere on the paper with other diacritics.

    None where another model read the same and another spelling stands far less often: models err in the same way.
    Of a person's name, as another model read it elsewhere counts too: of two given names both are listed.
    What was read in the place of the value itself, before it was put right, does not count.
    """
    times = Counter(pair for line in context.lines if "<" not in line for pair in pairs(line))
    like: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    for pair in times:
        like[_folded(pair)].add(pair)
    problems = []
    for name, one in context.fields.items():
        rule = context.kind.rule(name)
        if not one.value or (rule is not None and rule.form in _CLOSED):
            continue
        agreed, value = name in context.agreed, pairs(one.value)
        elsewhere = times - (Counter(pairs(one.raw)) - Counter(value))
        of_person = rule is not None and rule.form == "name"
        otherwise = {_folded(pair) for pair in context.others - set(value)} if of_person else set()
        if any(
            _folded(pair) in otherwise or _disputed(pair, like[_folded(pair)], elsewhere, agreed=agreed)
            for pair in value
        ):
            problems.append(doubt("spelled_two_ways", name))
    return problems


def _disputed(
    pair: tuple[str, str], like: set[tuple[str, str]], times: Mapping[tuple[str, str], int], *, agreed: bool
) -> bool:
    others = max((times[other] for other in like if other != pair), default=0)
    return others > 0 and (not agreed or _OUTWEIGHED * others >= times.get(pair, 0))


def names(context: CheckContext) -> list[Problem]:
    """Return a problem for each person's name that differs from the known names in its diacritics only,
    begins with no family name, or has two words only, or a rare word whose tone is easily misread.
    """
    family, given = context.units.family_names, context.units.given_names
    folded_family, folded_given = set(map(fold, family)), set(map(fold, given))
    problems = []
    for name, one in context.fields.items():
        people = [words(one.value or "")] if name.endswith("_name") and name != "business_name" else []
        firsts = [w[0] for w in people if w] + [m.lower() for m in _PERSON.findall(one.value or "")]
        rest = [w for person in people for w in person[1:]]
        if name == "business_name":
            firsts += _owner(words(one.value or ""), family, given)[:1]
        odd = any(w not in family and w not in _HONORIFICS and fold(w) in folded_family for w in firsts)
        odd |= any(w in given and w not in family and w not in _HONORIFICS for w in firsts)  # its beginning was lost
        odd |= any(w and w[0] not in family for w in people)  # `Bài` for `Bùi`: both models take the one for the other
        odd |= any(w not in given and w not in family and fold(w) in folded_given for w in rest)
        rare = (w for w in rest if fold(w) not in folded_given and fold(w) not in folded_family)
        odd |= one.confidence < _SURE and any(map(_has_confusable_tone, rare))
        odd |= not people and _CUT_SHORT.search(one.value or "") is not None
        odd |= any(len(person) == _SHORT_NAME for person in people)  # a part of it may have been lost
        if odd:
            problems.append(doubt("name_unusual", name))
    return problems


def _has_confusable_tone(word: str) -> bool:
    return not _CONFUSABLE.isdisjoint(unicodedata.normalize("NFD", word))


def _owner(spelled: list[str], family: Collection[str], given: Collection[str]) -> list[str]:
    """Return the owner's name of three or four words with which that of a business often ends; empty for none."""
    last = spelled[-_WHOLE_NAME:]
    if len(last) < _WHOLE_NAME or not all(word in given for word in last[1:]):
        return []
    before = spelled[-_WHOLE_NAME - 1 : -_WHOLE_NAME]
    return before + last if before and before[0] in family else last


def words(text: str) -> list[str]:
    """Return the words of a text in small letters."""
    return [word.lower() for word in _WORD.findall(text)]


def pairs(text: str) -> list[tuple[str, str]]:
    """Return the words of a text, in small letters, each with the one behind it; none across figures."""
    return [pair for part in _FIGURES.split(text) for pair in pairwise(words(part))]


def _folded(pair: tuple[str, str]) -> tuple[str, str]:
    return fold(pair[0]), fold(pair[1])

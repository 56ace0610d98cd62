"""Names of places in a text: what follows unit words, or the parts of an address that ends with a province."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from domain.vietnamese import nfc
from ocr.lexicon.gazetteer import COMMUNE, DISTRICT, PROVINCE, gazetteer

_UNIT = re.compile(
    r"(?<!\w)(?P<unit>xã|phường|thị trấn|đặc khu|huyện|quận|thị xã|thành phố|tỉnh|TP\.?)\s+(?=\w)", re.IGNORECASE
)
_WORD = re.compile(r"(?:[^\W\d_]+(?:['’][^\W\d_]+)*|\d{1,2}(?![\w/]))")
_PIECE, _DASH = re.compile(r"\S+"), re.compile(r"[-–]")
_LEVELS = {
    "tỉnh": (PROVINCE,), "thành phố": (PROVINCE, DISTRICT), "huyện": (DISTRICT,), "quận": (DISTRICT,),
    "thị xã": (DISTRICT,), "xã": (COMMUNE,), "phường": (COMMUNE,), "thị trấn": (COMMUNE,),
    "đặc khu": (COMMUNE, DISTRICT),
}  # fmt: skip
_NO_NAMES = re.compile(r"(?:hội|viên|ủy|uỷ|đội|đoàn|trưởng|hóa|hoá)\b", re.IGNORECASE)
"""What follows a unit word that is no name: `xã hội`, `huyện ủy`."""
_LINKS = re.compile(r"\s*[,;–-]?\s*(?:[HT]\.\s*)?")
_LONGEST = 6
"""Words of a name; `Văn Miếu - Quốc Tử Giám` has six with its dash."""
NEXT = (DISTRICT, COMMUNE)
"""Levels of a place that stands before a province without a unit word."""


class Standing(Enum):
    """What the list says of a name."""

    LISTED = "listed"
    """It lies where the paper says, and nothing else there has its letters."""
    RIVALED = "rivaled"
    """It lies there, and so does another place with the same letters."""
    KNOWN = "known"
    """There is such a place somewhere, or the paper spells it a little otherwise than the list."""
    ALIKE = "alike"
    """There is none, and just one spelling with the same letters."""
    NEAR = "near"
    """There is none, and just one spelling with one letter changed."""
    UNSURE = "unsure"
    """There is none, and several that it could be."""
    ASTRAY = "astray"
    """It lies somewhere else than the paper says."""
    UNLISTED = "unlisted"
    """There is none, and none like it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPlace:
    """A name in a text, and what the list says of it."""

    start: int
    end: int
    """Where the name stands in the text, without its unit word."""
    name: str
    """As it stands there."""
    levels: tuple[int, ...]
    unit: str
    """Its unit word in small letters; empty where it has none."""
    begin: int
    """Where that stands; `start` where it has none."""
    standing: Standing = Standing.UNLISTED
    listed: str = ""
    """How the list spells it, where that is told."""
    whole: bool = True
    """Whether no other words with a capital follow it."""
    within: bool = False
    """Whether the text itself says where it lies."""
    elsewhere: bool = False
    """Whether a place in another part of the country is spelled so."""
    parents: tuple[tuple[str, str], ...] = ()
    """Where the places lie that it can be, as the gazetteer has it."""


def named_in(text: str) -> list[NamedPlace]:
    """Return what follows unit words in a text, from left to right."""
    found = []
    for match in _UNIT.finditer(text):
        start, end = match.end(), _name_end(text, match.end())
        if end > start and not _NO_NAMES.match(text, start):
            unit = nfc(match["unit"].lower().rstrip(".").replace("tp", "thành phố"))
            found.append(
                NamedPlace(
                    start=start, end=end, name=text[start:end], levels=_LEVELS[unit], unit=unit, begin=match.start()
                )
            )
    return found


def _name_end(text: str, start: int) -> int:
    """Return where words with a capital, or numbers, that follow one another from a place in a text end."""
    end = start
    for piece in _PIECE.finditer(text, start):
        word = _WORD.match(piece[0])
        if word is None and end > start and _DASH.fullmatch(piece[0]):
            continue
        if word is None or piece[0][0].islower() or (end > start and _UNIT.match(text, piece.start())):
            break
        end = piece.start() + word.end()
        if word.end() < len(piece[0]):
            break
    return end


def unmarked_in(text: str) -> list[NamedPlace]:
    """Return the last parts of an address without unit words that ends with a province: `Đồng Phú, Bình Phước`."""
    parts = [(match.start(), match.end()) for match in re.finditer(r"[^,\s][^,]*", text)]
    names = [(start, text[start:end].rstrip(" .;")) for start, end in parts]
    if len(names) < 2 or not any(place.level == PROVINCE for place in gazetteer().alike(names[-1][1])):
        return []
    found: list[NamedPlace] = []
    steps = ((PROVINCE,), NEXT, (COMMUNE,))
    for (start, name), levels in zip(reversed(names[-3:]), steps, strict=False):
        marked = named_in(name)[:1]
        end = _name_end(name, 0)
        if marked and marked[0].levels[-1] in levels:
            one = marked[0]
            found.insert(0, replace(one, start=start + one.start, end=start + one.end, begin=start + one.begin))
        elif end == len(name):
            found.insert(0, NamedPlace(start=start, end=start + end, name=name, levels=levels, unit="", begin=start))
        else:
            break
    return found


def chains(named: Sequence[NamedPlace], text: str) -> list[list[NamedPlace]]:
    """Return names that follow one another from a commune up, each in the next one."""
    found: list[list[NamedPlace]] = []
    for one in named:
        last = found[-1][-1] if found else None
        rises = last is not None and min(one.levels) < min(last.levels)
        if last is not None and rises and _LINKS.fullmatch(text[last.end : one.begin]):
            found[-1].append(one)
        else:
            found.append([one])
    return found


def beginnings(name: str) -> Iterable[tuple[int, str]]:
    """Return a name and its beginnings in whole words, the longest first, with where each ends."""
    ends = [match.end() for match in _PIECE.finditer(name) if not _DASH.fullmatch(match[0])][:_LONGEST]
    return [(end, name[:end]) for end in reversed(ends)]

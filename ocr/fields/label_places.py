"""Where the printed labels of a form stand in its lines."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from domain.vietnamese import nfc
from ocr.fields.kinds import Kind
from ocr.fields.lines import Line
from ocr.lexicon.matching import Match, phrase

_SHORT = 4
"""Letters up to which a label may stand in capitals though it is not printed so."""
_LONG = 14
"""Letters from which a label that was misread needs no colon at the start of a line."""
_BREAKABLE = 10
"""Letters that a label has at least to be looked for across a line break."""
ENUMERATOR = re.compile(r"[0-9IVX]{1,3}[.)]|[a-zđ][.)]|[-+•*]")
"""What stands before the items of a list."""


@dataclass(frozen=True, slots=True)
class LabelPlace:
    """A phrase of the form found on the paper."""

    line: int
    match: Match
    text: str
    first: int
    """Index of its first piece."""
    last: int
    offset: int
    """Where it ends in its last piece."""


def find_places(flow: Sequence[Line], kind: Kind) -> list[LabelPlace]:
    """Return where the phrases of the form stand; of two that overlap, the longer one."""
    heads = {text for section in kind.sections for text in section.heads}
    named = {label for rule in kind.fields for label in rule.labels} | set(kind.stops)
    texts = sorted(
        named | {text for section in kind.sections for text in (*section.starts, *section.heads, *section.ends)}
    )
    found: list[LabelPlace] = []
    for number, line in enumerate(flow):
        candidates = [place for text in texts for place in in_line(number, line, text)]
        candidates = [place for place in candidates if not (place.text in kind.stops and _within_value(line, place))]
        candidates = [place for place in candidates if place.text not in heads or _stands_alone(line, place)]
        candidates = [place for place in candidates if not _takes_in_value(line, place, candidates)]
        if number and flow[number - 1].page == line.page:
            before = flow[number - 1]
            uppers = [before, *(before.parts[:1] if len(before.parts) > 1 else ())]  # another column stands beside
            both = [(upper, upper.cut((*upper.pieces, *line.pieces))) for upper in uppers]
            broken = [pair for text in texts for upper, two in both for pair in _broken(number, upper, two, text)]
            candidates += [end for _, end in broken]
            longest = min((start for start, _ in broken), key=lambda start: start.match.start, default=None)
            if longest is not None and _begins_label(before, longest):
                within = range(longest.first, longest.last + 1)
                found = [p for p in found if not (p.line == number - 1 and p.last in within)] + [longest]
        candidates.sort(key=lambda c: (c.match.start - c.match.end + 2 * c.match.distance, c.match.start))
        kept: list[LabelPlace] = []
        for candidate in candidates:
            if all(_same(candidate, k) or _apart(candidate, k) for k in kept):
                kept.append(candidate)
        found += sorted(kept, key=lambda c: c.first)
    return [place for place in found if not (_said_again(flow, place, found) or _repeats(flow, place, found))]


def _repeats(flow: Sequence[Line], place: LabelPlace, places: Sequence[LabelPlace]) -> bool:
    """Return whether a phrase without a colon, on the first line under its label, is a value that repeats its words."""
    above = [p for p in places if p.text == place.text and p.line == place.line - 1]
    return bool(above) and has_colon(flow, above[-1]) and not has_colon(flow, place)


def has_colon(flow: Sequence[Line], place: LabelPlace) -> bool:
    """Return whether a colon stands behind a phrase."""
    line = flow[place.line]
    following = line.pieces[place.last + 1].text if place.last + 1 < len(line.pieces) else ""
    return ":" in line.pieces[place.last].text[place.offset :] or following.startswith(":")


def _said_again(flow: Sequence[Line], place: LabelPlace, places: Sequence[LabelPlace]) -> bool:
    """Return whether a phrase stands in small letters behind a comma, and above as it is printed: within a value."""
    above = flow[place.line - 1 : place.line] if not place.first else ()
    before = flow[place.line].pieces[: place.first] or (above[0].pieces if above else ())
    if not before or not before[-1].text.endswith(",") or not _is_small(flow, place):
        return False
    return any(p.text == place.text and p.line < place.line and not _is_small(flow, p) for p in places)


def _is_small(flow: Sequence[Line], place: LabelPlace) -> bool:
    """Return whether a phrase that is printed with a capital begins with a small letter."""
    first = flow[place.line].pieces[place.first].text.lstrip("(")
    return place.text.lstrip("0123456789.IVX ")[:1].isupper() and first[:1].islower()


def in_line(number: int, line: Line, text: str) -> list[LabelPlace]:
    """Return where a phrase stands as a label in a line."""
    found = (LabelPlace(number, m, text, line.first_piece(m), *line.after(m)) for m in line.find(phrase(text)))
    return [place for place in found if _is_label(line, place) and not _takes_in_colon(line, place)]


def _takes_in_colon(line: Line, place: LabelPlace) -> bool:
    """Return whether a phrase takes in a colon and a word of the value: `Họ và tên: VÕ` is no `Họ và tên vợ`."""
    if ":" in place.text.rstrip(":"):
        return False
    pairs = pairwise(line.pieces[place.first : place.last + 1])
    return any(a.text.endswith(":") and (place.match.distance or not b.text[0].islower()) for a, b in pairs)


def _takes_in_value(line: Line, place: LabelPlace, others: Sequence[LabelPlace]) -> bool:
    """Return whether a shorter label ends with a colon in the midst of a phrase, which takes in a word of its value."""
    return any(
        other.first == place.first and other.last < place.last and line.pieces[other.last].text.endswith(":")
        for other in others
    )


def _stands_alone(line: Line, place: LabelPlace) -> bool:
    """Return whether nothing else stands on the line of a phrase."""
    return all(
        p.blank or ENUMERATOR.fullmatch(p.text) for p in (*line.pieces[: place.first], *line.pieces[place.last + 1 :])
    )


def _within_value(line: Line, place: LabelPlace) -> bool:
    """Return whether a phrase that is printed with a capital stands in small letters behind a word of a value."""
    before = line.pieces[: place.first]
    runs_on = bool(before) and before[-1].text[-1].isalpha() and not line.starts_part(place.first)
    return runs_on and _is_small([line], replace(place, line=0))


def _begins_label(line: Line, start: LabelPlace) -> bool:
    """Return whether the first words of a phrase stand where a label can begin, and not within a value."""
    before = line.pieces[: start.first]
    marked = not before or line.starts_part(start.first) or ENUMERATOR.fullmatch(before[-1].text) is not None
    return marked or before[-1].text[-1] in ".,;"


def _broken(number: int, before: Line, both: Line, text: str) -> list[tuple[LabelPlace, LabelPlace]]:
    """Return where a phrase with a colon begins at the end of a line and ends at the beginning of the next one.

    With the place of its first words, which name no field.

    Args:
        number: Of the second line.
        before: The first one.
        both: The words of the two.
        text: The phrase.
    """
    wanted = phrase(text)
    if not wanted.colon or len(wanted.letters) < _BREAKABLE:
        return []
    skipped, letters = len(before.pieces), len(before.searchable.letters)
    for match in both.find(wanted):
        last, offset = both.after(match)
        if match.start < letters < match.end:
            rest = both.pieces[last].text[offset:]
            if rest.lstrip().startswith(":"):
                end = Match(0, match.end - letters, match.distance)
                start = Match(match.start, letters, match.distance)
                first = both.first_piece(match)
                return [
                    (
                        LabelPlace(number - 1, start, "", first, skipped - 1, len(before.pieces[-1].text)),
                        LabelPlace(number, end, text, 0, last - skipped, offset),
                    )
                ]
    return []


def _same(one: LabelPlace, other: LabelPlace) -> bool:
    return (one.match.start, one.match.end) == (other.match.start, other.match.end)


def _apart(one: LabelPlace, other: LabelPlace) -> bool:
    return one.match.end <= other.match.start or other.match.end <= one.match.start


def _is_label(line: Line, place: LabelPlace) -> bool:
    """Return whether a phrase stands as a label: at the start of a part of the line, or before a colon."""
    rest = line.pieces[place.last].text[place.offset :]
    following = line.pieces[place.last + 1].text if place.last + 1 < len(line.pieces) else ""
    colon = rest.lstrip(" )").startswith(":") or (not rest.strip() and following.startswith(":"))
    lone = len(place.text) <= _SHORT and place.text[0].isupper() and line.pieces[place.first].text[0].islower()
    if colon and lone and not line.starts_part(place.first):
        return False  # the last word before a value, e.g. `Căn cước công dân số:`
    if colon or (rest.lstrip(" )").startswith(";") and line.starts_part(place.first)):
        return True
    found = "".join(p.text for p in line.pieces[place.first : place.last + 1])
    alike = len(found) <= _SHORT and nfc(found).casefold() != nfc(place.text).casefold()
    if alike and following and not line.starts_part(place.last + 1):
        return False  # another word with the same letters, e.g. the family name Võ for Vợ
    if found.isupper() and not place.text.isupper() and len(found) > _SHORT:
        return False  # a heading, not a label of a form
    if place.text[0].isupper() and found.lstrip("(-+•* ")[:1].islower() and place.first:
        return False  # the same words within a value
    numbered = place.first and ENUMERATOR.fullmatch(line.pieces[place.first - 1].text)
    starts = line.starts_part(place.first) or bool(numbered)
    wanted = phrase(place.text)
    return starts and not (wanted.colon and place.match.distance and len(wanted.letters) < _LONG)

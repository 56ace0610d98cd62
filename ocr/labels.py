"""What stands behind the printed labels of a form."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from ocr.kinds import FieldRule, Kind, Section
from ocr.lines import Line, Piece, join, trim
from ocr.matching import Match, phrase

_WIDE = 2.5
"""In heights of a line: a gap after which something else begins, once a value has begun."""
_SHORT = 4
"""Letters up to which a label may stand in capitals though it is not printed so."""
_RIGHT_COLUMN = 0.35
"""Of the page's width: a right column begins right of it."""
_FIRST_LINES = 4
"""Lines on which a section at the right begins at the latest, where another begins at the left."""
_LONG = 14
"""Letters from which a label that was misread needs no colon at the start of a line."""
_BREAKABLE = 10
"""Letters that a label has at least to be looked for across a line break."""
_FAINT = 0.5
"""Word confidence under which so few letters alone on a line are a mark."""
_FEW_LETTERS = 2
_INDENT = 0.02
"""Of the page's width: a value under its label may begin so much further left."""
_ENUMERATOR = re.compile(r"[0-9IVX]{1,3}[.)]|[a-zđ][.)]|[-+•*]")
_NEXT_LINE = 2.6
"""In heights of a line: the greatest distance from one line of a value to the next."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read for a field, before it is normalized."""

    rule: FieldRule
    pieces: tuple[Piece, ...]
    """Empty where the label stands and nothing behind it."""
    label: tuple[Piece, ...] = ()
    distance: int = 0
    """Letters in which the label differs from its printed form."""
    doubt: str = ""
    """Code of what is wrong with where it stands; empty for nothing."""

    @property
    def text(self) -> str:
        """What was read, with single blanks."""
        return join(self.pieces)


@dataclass(frozen=True, slots=True)
class _Place:
    """A phrase of the form found on the paper."""

    line: int
    match: Match
    text: str
    first: int
    """Index of its first piece."""
    last: int
    offset: int
    """Where it ends in its last piece."""


def read_labels(lines: Sequence[Line], kind: Kind) -> list[Reading]:
    """Return one reading for each label rule whose label was found, in the order of the rules."""
    flow = arrange(lines, kind.sections)
    places = _places(flow, kind)
    bound = _bind(places, kind)
    return [
        Reading(rule, narrow(rule, _value(flow, places, place, rule)), _label(flow, place), place.match.distance)
        for rule, place in bound
    ]


def arrange(lines: Sequence[Line], sections: Sequence[Section]) -> list[Line]:
    """Return the lines so that sections that are printed side by side come one after the other."""
    flow: list[Line] = []
    index = 0
    while index < len(lines):
        edge = _side_by_side(lines[index : index + _FIRST_LINES], sections)
        if edge is None:
            if not _is_speck(lines[index]):
                flow.append(lines[index])
            index += 1
            continue
        end = _end_of_columns(lines, index, sections)
        for x0, x1 in ((0.0, edge), (edge, 1.0)):
            columns = [line.within(x0, x1) for line in lines[index:end]]
            filled = [line for line in columns if any(not p.blank for p in line.pieces) and not _is_speck(line)]
            margin = max((line.box.x1 for line in filled), default=x1)
            flow += [replace(line, margin=margin) for line in filled]
        index = end
    return flow


def _is_speck(line: Line) -> bool:
    """Return whether a line is nothing but a mark that was read as a letter or two with doubt."""
    letters = [char for piece in line.pieces for char in piece.text if char.isalnum()]
    doubtful = all(piece.word.confidence < _FAINT for piece in line.pieces)
    return doubtful and len(letters) <= _FEW_LETTERS and not any(char.isdigit() for char in letters)


def _side_by_side(lines: Sequence[Line], sections: Sequence[Section]) -> float | None:
    """Return where the right one of two sections begins that begin on the first of some lines.

    One of their labels may have been lost, and what stands at the right may be a little lower.
    """
    starts, line = [], lines[0]
    for section in (s for s in sections if s.column):
        found = [p.first for text in section.starts for p in _in_line(0, line, text) if line.starts_part(p.first)]
        if found:
            starts.append(line.pieces[min(found)].box.x0)
    if not starts:
        return None
    if max(starts) > _RIGHT_COLUMN:
        return max(starts) - 0.01
    return next(
        (
            part.box.x0 - 0.01
            for one in lines
            for part in one.parts
            if part.box.x0 > _RIGHT_COLUMN and one.page == line.page
        ),
        None,
    )


def _end_of_columns(lines: Sequence[Line], start: int, sections: Sequence[Section]) -> int:
    phrases = [phrase(text) for section in sections for text in section.ends]
    for index in range(start + 1, len(lines)):
        if lines[index].page != lines[start].page or any(lines[index].find(p) for p in phrases):
            return index
    return len(lines)


def _places(flow: Sequence[Line], kind: Kind) -> list[_Place]:
    """Return where the phrases of the form stand; of two that overlap, the longer one."""
    named = {label for rule in kind.fields for label in rule.labels} | set(kind.stops)
    texts = sorted(named | {text for section in kind.sections for text in (*section.starts, *section.ends)})
    found: list[_Place] = []
    for number, line in enumerate(flow):
        candidates = [place for text in texts for place in _in_line(number, line, text)]
        if number and flow[number - 1].page == line.page:
            before = flow[number - 1]
            both = before.cut((*before.pieces, *line.pieces))
            candidates += [place for text in texts for place in _broken(number, before, both, text)]
        candidates.sort(key=lambda c: (c.match.start - c.match.end + 2 * c.match.distance, c.match.start))
        kept: list[_Place] = []
        for candidate in candidates:
            if all(_same(candidate, k) or _apart(candidate, k) for k in kept):
                kept.append(candidate)
        found += sorted(kept, key=lambda c: c.first)
    return found


def _in_line(number: int, line: Line, text: str) -> list[_Place]:
    """Return where a phrase stands as a label in a line."""
    found = (_Place(number, m, text, line.first_piece(m), *line.after(m)) for m in line.find(phrase(text)))
    return [place for place in found if _is_label(line, place)]


def _broken(number: int, before: Line, both: Line, text: str) -> list[_Place]:
    """Return where a phrase with a colon begins at the end of a line and ends at the beginning of the next one."""
    wanted = phrase(text)
    if not wanted.colon or len(wanted.letters) < _BREAKABLE:
        return []
    skipped, letters = len(before.pieces), len(before.searchable.letters)
    for match in both.find(wanted):
        last, offset = both.after(match)
        if match.start < letters < match.end:
            rest = both.pieces[last].text[offset:]
            if rest.lstrip().startswith(":"):
                return [_Place(number, Match(0, match.end - letters, match.distance), text, 0, last - skipped, offset)]
    return []


def _same(one: _Place, other: _Place) -> bool:
    return (one.match.start, one.match.end) == (other.match.start, other.match.end)


def _apart(one: _Place, other: _Place) -> bool:
    return one.match.end <= other.match.start or other.match.end <= one.match.start


def _is_label(line: Line, place: _Place) -> bool:
    """Return whether a phrase stands as a label: at the start of a part of the line, or before a colon."""
    rest = line.pieces[place.last].text[place.offset :]
    following = line.pieces[place.last + 1].text if place.last + 1 < len(line.pieces) else ""
    colon = rest.lstrip(" )").startswith(":") or (not rest.strip() and following.startswith(":"))
    if colon:
        return True
    found = "".join(p.text for p in line.pieces[place.first : place.last + 1])
    if found.isupper() and not place.text.isupper() and len(found) > _SHORT:
        return False  # a heading, not a label of a form
    if place.text[0].isupper() and found.lstrip("(-+•* ")[:1].islower() and place.first:
        return False  # the same words within a value
    numbered = place.first and _ENUMERATOR.fullmatch(line.pieces[place.first - 1].text)
    starts = line.starts_part(place.first) or bool(numbered)
    wanted = phrase(place.text)
    return starts and not (wanted.colon and place.match.distance and len(wanted.letters) < _LONG)


def _bind(places: Sequence[_Place], kind: Kind) -> list[tuple[FieldRule, _Place]]:
    """Return for each label rule the first place of one of its labels in its section."""
    starts = {text: s.name for s in kind.sections for text in s.starts}
    ends = {text for s in kind.sections for text in s.ends}
    section, located = kind.sections[0].name if kind.sections else "", []
    for place in sorted(places, key=lambda p: (p.line, p.first, p.text not in starts and p.text not in ends)):
        if place.text in ends:
            section = ""
        section = starts.get(place.text, section)
        located.append((section, place))
    bound: list[tuple[FieldRule, _Place]] = []
    taken: set[tuple[int, int]] = set()
    for rule in kind.fields:
        if rule.source != "label":
            continue
        fitting = (p for s, p in located if p.text in rule.labels and rule.section in ("", s))
        first = next((p for p in fitting if rule.take or (p.line, p.first) not in taken), None)
        if first is not None:
            taken.add((first.line, first.first))
            bound.append((rule, first))
    return bound


def _label(flow: Sequence[Line], place: _Place) -> tuple[Piece, ...]:
    return flow[place.line].pieces[place.first : place.last + 1]


def _value(flow: Sequence[Line], places: Sequence[_Place], place: _Place, rule: FieldRule) -> tuple[Piece, ...]:
    """Return the pieces of a value: to the next label, and on the following lines as far as the rule and paper say."""
    line = flow[place.line]
    pieces = list(_behind(line, place, places, through=bool(rule.take)))
    later = [p.first for p in places if p.line == place.line and p.first > place.last]
    before = [p for p in line.pieces[: place.first] if not (p.blank or _ENUMERATOR.fullmatch(p.text))]
    beside = line.starts_part(place.first) or any(p.line == place.line and p.first < place.first for p in places)
    x0 = line.pieces[place.first].box.x0 - _INDENT if rule.short_lines or (before and beside) else 0.0
    x1 = line.pieces[min(later)].box.x0 - 0.01 if later else 1.0
    ended = bool(later) and not rule.below
    number = place.line
    for _ in range(rule.lines - 1 + (rule.below and not trim(pieces))):
        following = _under(flow[number + 1], x0, x1) if number + 1 < len(flow) else None
        if ended or following is None or not _goes_on(flow, number, following, pieces, rule):
            break
        labels = [p.first for p in places if p.line == number + 1]
        stops = [flow[number + 1].pieces[first] for first in labels]
        first_label = next((i for i, p in enumerate(following.pieces) if p in stops), len(following.pieces))
        if all(p.blank or _ENUMERATOR.fullmatch(p.text) for p in following.pieces[:first_label]):
            break
        if rule.short_lines and pieces and not pieces[-1].text.endswith(","):
            pieces[-1] = replace(pieces[-1], text=f"{pieces[-1].text},")
        pieces += _to_gap(following, first_label)
        ended = first_label < len(following.pieces)
        number += 1
    return trim(pieces)


def _to_gap(line: Line, end: int) -> Sequence[Piece]:
    """Return the pieces of a line before a place, and before a wide gap behind which something else stands."""
    solid = [i for i, piece in enumerate(line.pieces[:end]) if not piece.blank]
    for left, right in pairwise(solid):
        if (line.pieces[right].box.x0 - line.pieces[left].box.x1) * line.aspect > _WIDE * line.height:
            return line.pieces[:right]
    return line.pieces[:end]


def _under(line: Line, x0: float, x1: float) -> Line:
    """Return what can continue a value that began between two places: parts there, or text from the left."""
    right = [piece for part in line.parts if part.box.x0 >= x0 for piece in part.pieces]
    return (line.cut(right) if right else line).within(0.0, x1)


def _behind(line: Line, place: _Place, places: Sequence[_Place], *, through: bool) -> Iterable[Piece]:
    """Yield what stands between a label and the next one on its line."""
    stop = min((p.first for p in places if p.line == place.line and p.first > place.last), default=len(line.pieces))
    ending = line.pieces[place.last]
    rest = ending.text[place.offset :].lstrip(" :.)")
    if rest.strip(".…_-– ") and any(c.isalnum() for c in rest):
        share = (len(ending.text) - len(rest)) / len(ending.text)
        x0 = ending.box.x0 + share * (ending.box.x1 - ending.box.x0)
        yield Piece(rest, ending.word, ending.page, ending.box._replace(x0=x0))
    pieces = line.pieces[place.last + 1 : stop]
    begun = False
    for left, right in pairwise((None, *pieces)):
        if right is None:
            continue
        if (
            left is not None
            and begun
            and not through
            and (right.box.x0 - left.box.x1) * line.aspect > _WIDE * line.height
        ):
            return
        begun = begun or not right.blank
        yield right


def _goes_on(flow: Sequence[Line], number: int, following: Line, pieces: Sequence[Piece], rule: FieldRule) -> bool:
    """Return whether the next line continues a value: near below, and its first word had no room here."""
    line = flow[number]
    if following.page != line.page or not trim(following.pieces):
        return False
    if _level(following) - _level(line) > _NEXT_LINE * max(line.height, following.height):
        return False
    if not trim(pieces):
        return rule.below
    first = trim(following.pieces)[0]
    if _ENUMERATOR.fullmatch(first.text):
        return False
    if rule.short_lines or line.text.endswith(",") or first.text[0].islower() or first.text[0].isdigit():
        return True
    right = line.margin or max(other.box.x1 for other in flow if other.page == line.page and _column(other, line))
    return line.box.x1 + (first.box.x1 - first.box.x0) + 0.4 * line.height / line.aspect > right - 0.02


def _level(line: Line) -> float:
    """Return the height at which most words of a line stand, whatever a single one that was read too tall."""
    return median((piece.box.y0 + piece.box.y1) / 2 for piece in line.pieces)


def _column(one: Line, other: Line) -> bool:
    return one.box.x0 < other.box.x1 and other.box.x0 < one.box.x1


def narrow(rule: FieldRule, pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """Return the pieces of a value that the rule takes."""
    if not rule.take or not pieces:
        return pieces
    found = re.search(rule.take, join(pieces), re.IGNORECASE)
    if found is None:
        return pieces
    kept, place, last = [], 0, None
    for piece in pieces:
        place += 0 if last is None or last is piece.word else 1
        start, place, last = place, place + len(piece.text), piece.word
        a, b = max(start, found.start(1)), min(place, found.end(1))
        if a < b:
            kept.append(Piece(piece.text[a - start : b - start], piece.word, piece.page, piece.box))
    return trim(kept)

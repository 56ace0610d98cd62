"""What stands behind the printed labels of a form."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ocr.fields.cells import (
    CELL_GAP,
    HEADED,
    INDENT,
    NEXT_LINE,
    goes_on_in_cell,
    is_aligned,
    is_right_above,
    level,
    stands_under_label,
)
from ocr.fields.columns import arrange, implied_sections
from ocr.fields.kinds import FieldRule, Kind
from ocr.fields.label_places import ENUMERATOR, LabelPlace, find_places, has_colon
from ocr.fields.lines import Line, Piece, join, trim
from ocr.lexicon.syllables import is_syllable

_WIDE = 2.5
"""In heights of a line: a gap after which something else begins, once a value has begun."""
_BELOW = 3.5
"""The same from a label to a value that its form has below it, e.g. the name on an identity card."""
_FAINT = 0.65
"""Word confidence under which a few letters between such a label and its value are no part of it."""
_FEW_LETTERS = 7
_EXPLAINED = re.compile(r"(?:\d{1,2}\s*)?(?:\([^():]{2,80}\)\s*)?(?:\d{1,2}\s*)?:(?=\s|$)|\(\d{1,2}\)\s*:?(?=\s|$)")
"""What stands between a label and its colon: an explanation in brackets, the number of a footnote."""
_IN_ENGLISH = re.compile(r"(?:/ ?)?[A-Z][A-Za-z.]*(?: [A-Za-z.]+){0,4} ?:(?=\s|$)")
_AT_PROVINCE = re.compile(r"(?:tỉnh|thành phố|TP\.?) \S+(?: \S+){0,3}$")
_FEWEST_OVER, _MOST_OVER = 5, 0.6
"""So many labels, and such a share of all, stand alone above a line without labels in forms that have values there."""
_ITEM = re.compile(r"\d{1,2}[.)]|[a-zđ][.)]")
_REST_OF_LABEL = re.compile(r"(?:\S+\s+){0,7}[^\W\d_]+\s*:(?=\s|$)")
_FREE_FORMS = frozenset({"text", "name", "address", "agency"})


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


def read_labels(lines: Sequence[Line], kind: Kind) -> list[Reading]:
    """Return one reading for each label rule whose label was found, in the order of the rules."""
    flow = arrange(lines, kind.sections)
    places = find_places(flow, kind)
    bound = _bind(flow, places, kind)
    over = _stand_over_values(flow, places)
    readings = []
    for rule, place in bound:
        below = over and _is_bare(flow, places, place)
        pieces, passed_over = _value(flow, places, place, replace(rule, below=True) if below else rule)
        doubt = "part_lost" if passed_over and pieces else ""
        doubt = doubt or (
            "field_blank"
            if not pieces and (_may_be_below(flow, places, place) or _is_joint(flow, places, place))
            else ""
        )
        doubt = doubt or ("form_unusual" if _runs_into_label(flow, place, rule, pieces) else "")
        label = _label(flow, place)
        readings.append(Reading(rule, narrow(rule, pieces), label, place.match.distance, doubt))
    return readings


def _stand_over_values(flow: Sequence[Line], places: Sequence[LabelPlace]) -> bool:
    """Return whether most labels of a form stand alone, each above a line without labels: their values."""
    labeled = {place.line for place in places}
    over = [
        place
        for place in places
        if _is_bare(flow, places, place)
        and place.line + 1 < len(flow)
        and place.line + 1 not in labeled
        and is_right_above(flow[place.line], flow[place.line + 1])
    ]
    return len(over) >= _FEWEST_OVER and len(over) >= _MOST_OVER * len(places)


def _is_bare(flow: Sequence[Line], places: Sequence[LabelPlace], place: LabelPlace) -> bool:
    """Return whether nothing stands behind a label, to the next one or the end of its line."""
    return not trim(list(_behind(flow[place.line], place, places, through=False)))


def _bind(flow: Sequence[Line], places: Sequence[LabelPlace], kind: Kind) -> list[tuple[FieldRule, LabelPlace]]:
    """Return for each label rule the first place of one of its labels in its section."""
    implied = implied_sections(flow, places, kind.sections)
    waiting = sorted(implied)
    starts = {text: s.name for s in kind.sections for text in (*s.starts, *s.heads)}
    ends = {text for s in kind.sections for text in s.ends}
    section, located = kind.sections[0].name if kind.sections else "", []
    for place in sorted(places, key=lambda p: (p.line, p.first, p.text not in starts and p.text not in ends)):
        while waiting and waiting[0] <= place.line:
            section = implied[waiting.pop(0)]
        if place.text in ends:
            section = ""
        section = starts.get(place.text, section)
        located.append((section, place))
    bound: list[tuple[FieldRule, LabelPlace]] = []
    taken: set[tuple[int, int]] = set()
    for rule in kind.fields:
        if rule.source != "label":
            continue
        fitting = [p for s, p in located if p.text in rule.labels and rule.section in ("", s)]
        first = next((p for p in fitting if rule.take or (p.line, p.first) not in taken), None)
        if first is not None and rule.required and not rule.below and _is_heading(flow, first):
            first = next((p for p in fitting if p.text != first.text and not _is_heading(flow, p)), first)
        if first is not None:
            first = next((p for p in fitting if _follows(flow, first, p)), first)
            taken.add((first.line, first.first))
            bound.append((rule, first))
    return bound


def _is_heading(flow: Sequence[Line], place: LabelPlace) -> bool:
    """Return whether a label ends its line, with a colon and nothing behind it, e.g. `5. Chủ hộ kinh doanh:`."""
    line = flow[place.line]
    return place.last == len(line.pieces) - 1 and line.pieces[place.last].text[place.offset :].strip() == ":"


def _follows(flow: Sequence[Line], place: LabelPlace, other: LabelPlace) -> bool:
    """Return whether another label of a value stands right behind one: `Chỉ giới đường đỏ, chỉ giới xây dựng:`."""
    between = flow[place.line].pieces[place.last + 1 : other.first]
    rest = flow[place.line].pieces[place.last].text[place.offset :]
    return (
        place.line == other.line
        and place.last < other.first
        and all(piece.blank for piece in between)
        and not any(map(str.isalnum, rest))
        and ":" not in rest
    )


def _label(flow: Sequence[Line], place: LabelPlace) -> tuple[Piece, ...]:
    return flow[place.line].pieces[place.first : place.last + 1]


def _value(
    flow: Sequence[Line], places: Sequence[LabelPlace], place: LabelPlace, rule: FieldRule
) -> tuple[tuple[Piece, ...], bool]:
    """Return the pieces of a value: to the next label, and on the following lines as far as the rule and paper say.

    With whether marks between the label and the value were passed over, or the value goes on behind its last line.
    """
    line = flow[place.line]
    pieces = list(_behind(line, place, places, through=bool(rule.take)))
    passed_over = rule.below and bool(trim(pieces)) and _is_noise(pieces)
    if passed_over:
        pieces = []
    above = _beside_first_half(flow, places, place)
    if above and not _stands_close(line, place, trim(pieces)):
        passed_over |= bool(trim(pieces)) and not is_aligned(above, trim(pieces))
        pieces = [*above, *pieces]
    later = [p.first for p in places if p.line == place.line and p.first > place.last]
    before = [p for p in line.pieces[: place.first] if not (p.blank or ENUMERATOR.fullmatch(p.text))]
    beside = line.starts_part(place.first) or any(p.line == place.line and p.first < place.first for p in places)
    x0 = line.pieces[place.first].box.x0 - INDENT if rule.short_lines or (before and beside) else 0.0
    x1 = line.pieces[min(later)].box.x0 - 0.01 if later else 1.0
    ended = bool(later) and not rule.below
    number = place.line
    below = rule.below or (not trim(pieces) and not ended and place.last == len(line.pieces) - 1)
    explained, under_label = _is_open(pieces), False
    labeled = {p.line for p in places}
    while rule.below and not trim(pieces) and number + 1 < len(flow) and number + 1 not in labeled:
        if not _is_noise(_under(flow[number + 1], x0, x1).pieces):
            break
        number, passed_over = number + 1, True
    beside_it = sorted({p.first for p in places if p.line == place.line}) if rule.below else []
    most = rule.lines - 1 + (explained or (below and not trim(pieces)))
    for count in range(most + 1):
        following = _under(flow[number + 1], x0, x1) if number + 1 < len(flow) else None
        if following is not None and not count and len(flow[number + 1].parts) == len(beside_it) > 1:
            following = flow[number + 1].parts[beside_it.index(place.first)]  # as many values as labels above them
        if ended or following is None:
            break
        alone = not trim(pieces) and number + 1 not in labeled and stands_under_label(flow, place, following)
        in_cell = goes_on_in_cell(flow, number, place, following, pieces)
        if not (alone or in_cell or _goes_on(flow, number, following, pieces, rule, below=below)):
            break
        under_label |= alone and not rule.below
        labels = [p.first for p in places if p.line == number + 1]
        stops = [flow[number + 1].pieces[first] for first in labels]
        first_label = next((i for i, p in enumerate(following.pieces) if p in stops), len(following.pieces))
        if all(p.blank or ENUMERATOR.fullmatch(p.text) for p in following.pieces[:first_label]):
            break
        if count == most:
            passed_over |= rule.form in _FREE_FORMS and not rule.take
            break
        if rule.short_lines and pieces and not pieces[-1].text.endswith(","):
            pieces[-1] = replace(pieces[-1], text=f"{pieces[-1].text},")
        taken = _to_gap(following, first_label)
        passed_over |= not trim(pieces) and _goes_on_behind(following, len(taken), first_label)
        pieces += taken
        ended = first_label < len(following.pieces)
        number += 1
    whole = ended or rule.take or join(trim(pieces)) in rule.known or _AT_PROVINCE.search(join(trim(pieces)))
    passed_over |= rule.form in _FREE_FORMS and not whole and _has_orphan(flow, number, labeled, pieces)
    value = _unexplained(trim(pieces))
    return trim(_untranslated(value, colon=has_colon(flow, place))), passed_over or under_label


def _stands_close(line: Line, place: LabelPlace, value: Sequence[Piece]) -> bool:
    """Return whether a value stands right behind its label, so that the label has no cell of its own."""
    gap = value[0].box.x0 - line.pieces[place.last].box.x1 if value else 1.0
    return gap * line.aspect <= CELL_GAP * line.height


def _beside_first_half(flow: Sequence[Line], places: Sequence[LabelPlace], place: LabelPlace) -> Sequence[Piece]:
    """Return what stands beside the first words of a label that is broken in its cell, up to the next label there."""
    half = next((p for p in places if p.line == place.line - 1 and not p.text and not place.first), None)
    if half is None:
        return ()
    line = flow[half.line]
    behind = line.pieces[half.last + 1 : half.last + 2]
    apart = bool(behind) and (behind[0].box.x0 - line.pieces[half.last].box.x1) * line.aspect > CELL_GAP * line.height
    return trim(list(_behind(line, half, places, through=False))) if apart else ()


def _has_orphan(flow: Sequence[Line], number: int, labeled: Collection[int], pieces: Sequence[Piece]) -> bool:
    """Return whether between a value and the next label one line stands that no label names: of the value, perhaps."""
    next_label = next((n for n in (number + 2, number + 3) if n in labeled), 0)  # a mark may stand between as a line
    if not next_label or number + 1 in labeled or not trim(pieces):
        return False
    line, below, after = flow[number], flow[number + 1], flow[number + 2]
    first = trim(below.pieces)[:1]
    written = bool(first) and not HEADED.match(first[0].text) and ":" not in below.text and not _is_noise(below.pieces)
    near = is_right_above(line, below) and is_right_above(below, after)
    return written and near and below.capital == join(trim(pieces)).isupper()


def _may_be_below(flow: Sequence[Line], places: Sequence[LabelPlace], place: LabelPlace) -> bool:
    """Return whether a label without a value ends its line, and something without a label stands close below."""
    line = flow[place.line]
    if place.last < len(line.pieces) - 1 or place.line + 1 >= len(flow):
        return False
    below = flow[place.line + 1]
    first = min((p.first for p in places if p.line == place.line + 1), default=len(below.pieces))
    return is_right_above(line, below) and bool(trim(below.pieces[:first])) and not below.capital


def _is_joint(flow: Sequence[Line], places: Sequence[LabelPlace], place: LabelPlace) -> bool:
    """Return whether two labels stand before one colon, and their values behind it: `Dân tộc / Quốc tịch: Kinh`."""
    others = [p for p in places if p.line == place.line and p.first > place.last and p.text != place.text]
    return any(_follows(flow, place, other) for other in others)


def _is_open(pieces: Sequence[Piece]) -> bool:
    """Return whether an explanation in brackets begins behind a label and ends on the next line."""
    text = join(trim(pieces))
    return text.startswith("(") and ")" not in text and ":" not in text


def _unexplained(pieces: Sequence[Piece]) -> Sequence[Piece]:
    """Return the pieces of a value without the explanation or footnote between its label and the colon."""
    found = _EXPLAINED.match(join(pieces))
    return _between(pieces, found.end(), len(join(pieces))) if found else pieces


def _untranslated(pieces: Sequence[Piece], *, colon: bool) -> Sequence[Piece]:
    """Return the pieces of a value without the label in English between it and the Vietnamese one.

    Behind a colon, which may be a stroke that was misread, only where it has two words, of which one is foreign, and a
    value follows.
    """
    text = join(pieces)
    found = _IN_ENGLISH.match(text)
    if found is None or (colon and not (_is_foreign(found[0].strip(" /:")) and text[found.end() :].strip())):
        return pieces
    return _between(pieces, found.end(), len(text))


def _is_foreign(label: str) -> bool:
    words = label.lower().split()
    return len(words) > 1 and not all(map(is_syllable, words))


def _runs_into_label(flow: Sequence[Line], place: LabelPlace, rule: FieldRule, pieces: Sequence[Piece]) -> bool:
    """Return whether a colon that a label is printed with stands some words behind it: it is a longer label."""
    colon = has_colon(flow, place) or not place.text.endswith(":")
    return not colon and rule.form in _FREE_FORMS and _REST_OF_LABEL.match(join(pieces)) is not None


def _is_noise(pieces: Sequence[Piece]) -> bool:
    """Return whether pieces are marks that were read as a few letters, e.g. print from the back of the sheet."""
    letters = [char for piece in pieces for char in piece.text if char.isalnum()]
    return all(piece.word.confidence < _FAINT for piece in pieces) and len(letters) <= _FEW_LETTERS


def _to_gap(line: Line, end: int) -> Sequence[Piece]:
    """Return the pieces of a line before a place, and before a wide gap behind which something else stands."""
    solid = [i for i, piece in enumerate(line.pieces[:end]) if not piece.blank]
    for left, right in pairwise(solid):
        if (line.pieces[right].box.x0 - line.pieces[left].box.x1) * line.aspect > _WIDE * line.height:
            return line.pieces[:right]
    return line.pieces[:end]


def _goes_on_behind(line: Line, taken: int, end: int) -> bool:
    """Return whether more stands behind a gap in the line below a label, as in the head of a table."""
    return any(not piece.blank for piece in line.pieces[taken:end])


def _under(line: Line, x0: float, x1: float) -> Line:
    """Return what can continue a value that began between two places: parts there, or text from the left."""
    right = [piece for part in line.parts if part.box.x0 >= x0 for piece in part.pieces]
    return (line.cut(right) if right else line).within(0.0, x1)


def _behind(line: Line, place: LabelPlace, places: Sequence[LabelPlace], *, through: bool) -> Iterable[Piece]:
    """Yield what stands between a label and the next one on its line."""
    stop = min((p.first for p in places if p.line == place.line and p.first > place.last), default=len(line.pieces))
    ending = line.pieces[place.last]
    rest = ending.text[place.offset :].lstrip(" :.)")
    if rest.strip(".…_-– ") and any(c.isalnum() for c in rest):
        share = (len(ending.text) - len(rest)) / len(ending.text)
        x0 = ending.box.x0 + share * (ending.box.x1 - ending.box.x0)
        yield Piece(rest, ending.word, ending.page, ending.box._replace(x0=x0))
    pieces = line.pieces[place.last + 1 : stop]
    numbered = place.first > 0 and _ITEM.fullmatch(line.pieces[place.first - 1].text) is not None
    if numbered and stop < len(line.pieces) and len(trim(pieces)) > 1 and _ITEM.fullmatch(trim(pieces)[-1].text):
        pieces = trim(pieces)[:-1]  # the number of the item beside it
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


def _goes_on(
    flow: Sequence[Line], number: int, following: Line, pieces: Sequence[Piece], rule: FieldRule, *, below: bool
) -> bool:
    """Return whether the next line continues a value: near below, and its first word had no room here."""
    line = flow[number]
    if following.page != line.page or not trim(following.pieces):
        return False
    farthest = _BELOW if rule.below and not trim(pieces) else NEXT_LINE
    if level(following) - level(line) > farthest * max(line.height, following.height):
        return False
    if not trim(pieces) and rule.below:
        return True
    if not trim(pieces) and not below:
        return False
    first = trim(following.pieces)[0]
    if ENUMERATOR.fullmatch(first.text) or (following.text.isupper() and not join(trim(pieces)).isupper()):
        return False  # a heading, e.g. the title of the one who signs
    if not trim(pieces):
        return _has_no_room(flow, line, first)
    if rule.short_lines or line.text.endswith(",") or first.text[0].islower() or first.text[0].isdigit():
        return True
    return _has_no_room(flow, line, first)


def _has_no_room(flow: Sequence[Line], line: Line, first: Piece) -> bool:
    """Return whether a word had no room at the end of a line."""
    column = (other.box.x1 for other in flow if other.page == line.page and _column(other, line))
    right = line.margin or max(column, default=line.box.x1)  # a line without width overlaps none, not even itself
    width = max(first.box.x1 - first.box.x0, first.word.box.x1 - first.word.box.x0)
    return line.box.x1 + width + 0.4 * line.height / line.aspect > right - 0.02


def _column(one: Line, other: Line) -> bool:
    return one.box.x0 < other.box.x1 and other.box.x0 < one.box.x1


def narrow(rule: FieldRule, pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """Return the pieces of a value that the rule takes."""
    if not rule.take or not pieces:
        return pieces
    found = re.search(rule.take, join(pieces), re.IGNORECASE)
    if found is None:
        return () if rule.source == "title" else pieces
    return trim(_between(pieces, found.start(1), found.end(1)))


def _between(pieces: Sequence[Piece], start: int, end: int) -> Sequence[Piece]:
    """Return what of pieces stands between two places of their text."""
    kept, place, last = [], 0, None
    for piece in pieces:
        place += 0 if last is None or last is piece.word else 1
        begin, place, last = place, place + len(piece.text), piece.word
        a, b = max(begin, start), min(place, end)
        if a < b:
            kept.append(Piece(piece.text[a - begin : b - begin], piece.word, piece.page, piece.box))
    return kept

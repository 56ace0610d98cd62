"""From what was read for a field to its value: parsed, put right from lists, made whole where a part was lost."""

import re
from collections.abc import Sequence

from ocr.fields.figures import outvoted, without_outvoted
from ocr.fields.kinds import FieldRule, Kind
from ocr.fields.labels import Reading
from ocr.fields.lines import join
from ocr.fields.parsers.forms import FAMILIES, FORMS
from ocr.fields.parsers.names import parse_office
from ocr.fields.parsers.numbers import with_known_sign
from ocr.fields.parsers.parsed import Parsed
from ocr.fields.repair import put_right
from ocr.fields.second_reading import agrees, plain, second_text
from ocr.fields.whole_name import is_partial, make_whole, part_glued
from ocr.lexicon.matching import squeeze
from ocr.lexicon.named_places import surroundings
from ocr.lexicon.offices import office_of
from ocr.lexicon.syllables import is_syllable
from ocr.lexicon.titles import read_title, repeats_itself
from ocr.lexicon.units import Units

_UNNAMED = re.compile(r" TRUNG TÂM$")
"""A centre has a name: its line below is lost."""
_WITHOUT_STOP = re.compile(r"(?<!\S)(?:TM|KT|TL|TUQ)(?!\S)")
"""A short form that has lost its stop, or its stroke (`T/M`): which of them, nobody knows."""


def value_of(reading: Reading, kind: Kind, *, units: Units, lines: Sequence[str], issuer: str) -> Parsed:
    """Return the value of a field, marked wherever it is not simply what was read.

    Args:
        reading: What was read, each word in its likeliest spelling.
        kind: The paper's kind.
        units: Provinces, agencies and names.
        lines: The parts of the paper's lines, where the same name can stand once more.
        issuer: Who issued the paper; empty where that was not read.
    """
    parsed = _parse(reading.text, reading.rule, kind)
    around, sure = surroundings(tuple(lines)), agrees(reading, parsed) is True
    parsed = put_right(parsed, reading.rule, units, around=around, sure=sure)
    parted = part_glued(parsed.value or reading.text, units) if reading.rule.form == "name" else ""
    parsed = Parsed(parted, "spelling_repaired") if parted else parsed
    office = office_of(reading.text, issuer) if reading.rule.source == "signer_title" and issuer else ""
    if office:
        return Parsed(office, "title_completed")
    if reading.rule.source == "signer" and (parsed.value is None or is_partial(parsed.value, units)):
        whole = make_whole(reading.text, lines, units)
        parsed = Parsed(whole, "name_completed") if whole else parsed
    if reading.rule.form == "name" and parsed.value is not None and is_partial(parsed.value, units):
        whole = _with_beginning(reading, parsed.value, units)
        parsed = Parsed(whole, "name_completed") if whole else parsed
    parsed = _second_choice(reading, parsed, kind)
    if reading.doubt == "number_filled_in" and (agrees(reading, parsed) is False or _is_disputed(reading)):
        return Parsed(None, "number_unreadable")  # what fills a gap may be written by hand
    return parsed


def agreement(reading: Reading, parsed: Parsed, *, units: Units, lines: Sequence[str]) -> bool | None:
    """Return whether another model read the same value, None where it was not asked for every word.

    It counts as the same where the list of places puts right what that model read: if the value was read as it is.
    """
    agreed = agrees(reading, parsed)
    as_read = all(piece.text in piece.word.text and not piece.word.raw for piece in reading.pieces)
    if agreed is not False or parsed.problem or not as_read or reading.rule.form not in ("address", "agency"):
        return agreed
    other = FORMS[reading.rule.form](second_text(reading.pieces))
    other = put_right(other, reading.rule, units, around=surroundings(tuple(lines)), sure=True)
    return other.value is not None and plain(other.value) == plain(parsed.value or "")


def _parse(text: str, rule: FieldRule, kind: Kind) -> Parsed:
    parsed = _parse_title(text) if rule.source == "signer_title" else FORMS[rule.form](text)
    if rule.source == "number" and kind.number_signs and (parsed.value or "").isdigit():
        return Parsed(None, "number_unreadable")  # the sign was not read: the rest may be lost too
    if rule.source == "number" and parsed.value is not None:
        parsed = with_known_sign(parsed, kind.number_signs)
    if parsed.value is not None and rule.pattern and not re.fullmatch(rule.pattern, parsed.value):
        return Parsed(parsed.value, "form_unusual")
    return parsed


def _with_beginning(reading: Reading, name: str, units: Units) -> str:
    """Return a name with the family name before it that only another model read; empty where it read none.

    Args:
        reading: What was read for the name.
        name: Its value.
        units: The family names.
    """
    if any(piece.word.second is None for piece in reading.pieces):
        return ""
    other = put_right(FORMS["name"](second_text(reading.pieces)), reading.rule, units).value or ""
    family, _, rest = other.partition(" ")
    same = squeeze(rest) == squeeze(name)  # in other diacritics too, of which the first reading is as good
    return f"{family} {name}" if same and family.lower() in units.family_names else ""


def _second_choice(reading: Reading, parsed: Parsed, kind: Kind) -> Parsed:
    """Return what another model read, marked as disputed, where nothing could be made of the first reading.

    The same for numbers of which a third reading has the figures of the second one.
    """
    if not reading.pieces or any(p.word.second is None for p in reading.pieces):
        return _unless_nonsense(parsed) if reading.rule.source == "signer_title" else parsed
    if reading.rule.source == "signer_title":
        return _second_title(reading, parsed)
    pieces, form = reading.pieces, reading.rule.form
    texts = [outvoted(pieces, form)] if FAMILIES.get(form, "figures") == "figures" else []
    texts += [without_outvoted(pieces, form), second_text(pieces)] if parsed.value is None else []
    for text in filter(None, texts):
        other = _parse(text, reading.rule, kind)
        if form == "name" and not all(map(is_syllable, (other.value or "").split())):
            continue  # marks of a stamp or signature, read as letters
        if other.value is not None and other.value != parsed.value and not other.problem:
            return Parsed(other.value, "readings_disagree")
    return parsed


def _second_title(reading: Reading, parsed: Parsed) -> Parsed:
    """Return the title of a signer as another model read it, if that one is whole or can be made so, else the first."""
    if parsed.value is not None and (parsed.problem == "title_completed" or read_title(parsed.value).whole):
        return parsed
    bare = parse_office(second_text(reading.pieces)).value
    title = read_title(bare) if bare else None
    if title is not None and (title.whole or title.completed):
        return Parsed(title.text, "title_completed")
    return _unless_nonsense(parsed)


def _unless_nonsense(parsed: Parsed) -> Parsed:
    """Return a title, none where it cannot be one at all."""
    return Parsed(None, "part_lost") if parsed.value and repeats_itself(parsed.value) else parsed


def _is_disputed(reading: Reading) -> bool:
    """Return whether another model read other letters or figures for a word."""
    asked = [piece.word for piece in reading.pieces if piece.word.second is not None]
    if len(asked) == len(reading.pieces) and squeeze(second_text(reading.pieces)) == squeeze(join(reading.pieces)):
        return False  # though it took two words for one
    return any(squeeze(word.second or "") != squeeze(word.text) for word in asked)


def _parse_title(text: str) -> Parsed:
    """Return the title of a signer; what was put right from the list of offices, or completed, is marked."""
    bare = parse_office(text).value
    if bare is None:
        return Parsed(None, "empty")
    title = read_title(bare)
    if _UNNAMED.search(bare):
        return Parsed(title.text, "part_lost")
    repaired = title.repaired or _WITHOUT_STOP.search(text) is not None
    if title.text == bare.replace(" - ", " ") and not repaired:  # the dash between two fields of work is a part of it
        return Parsed(bare)
    return Parsed(title.text, "title_completed" if title.completed else "spelling_repaired" if repaired else "")

"""Names of agencies in one form of writing."""

import re

from ocr.fields.parsers.parsed import Parsed, clean
from ocr.lexicon.matching import squeeze

_COUNCILS = {
    "uybannhandan": "Ủy ban nhân dân",
    "hoidongnhandan": "Hội đồng nhân dân",
    "ubnd": "Ủy ban nhân dân",
    "hdnd": "Hội đồng nhân dân",
}
_MARK = 2
"""Letters of a mark that was read into a name in capitals."""
_UNITS = {
    "tinh": "tỉnh", "thanhpho": "thành phố", "quan": "quận", "huyen": "huyện", "thixa": "thị xã", "xa": "xã",
    "phuong": "phường", "thitran": "thị trấn", "dackhu": "đặc khu", "thon": "thôn", "ap": "ấp", "khupho": "khu phố",
    "to": "tổ",
}  # fmt: skip

_NUMBERED = re.compile(r"(?<!\w)([^\W\d_]{3,})([1-9]\d?)$")
"""A number close behind the last word of a name, which is a unit's: `XÃ ĐẠ TẺH2`. No syllable ends in a figure."""
_SHORT_UNIT = re.compile(r"(?:TP|TX|TT|H|Q|P|X)\.")
_COMMITTEE = ("uy", "ban", "nhan", "dan")
_WHOLE = ("Ủy", "ban", "nhân", "dân")
_OF_COMMITTEES = frozenset(_UNITS) - {"thon", "ap", "khupho", "to"}


def parse_agency(text: str) -> Parsed:
    """Return the name of an agency; of People's Committees and Councils in small letters, others as printed."""
    bare = clean(text)
    if not bare or not re.search(r"[^\W\d_]{2}", bare):
        return Parsed(None, "empty" if not bare else "text_unreadable")
    words = _with_committee(_without_marks(_NUMBERED.sub(r"\1 \2", bare).split(" ")))
    marked = words != bare.split(" ")
    head, rest = _head(words)
    if not head:
        return Parsed(" ".join(words), "spelling_repaired" if marked else "")
    changed = head.casefold() != " ".join(words[: len(words) - len(rest)]).casefold() and len(rest) < len(words) - 1
    body, repaired = _units(rest)
    return Parsed(" ".join([head, *body]), "spelling_repaired" if changed or repaired or marked else "")


def _without_marks(words: list[str]) -> list[str]:
    """Return the words of a name in capitals without the small letters that marks beside it were read as."""
    upper = [word for word in words if word.isupper() or not word.isalpha()]
    small = [word for word in words if word.islower() and len(word) <= _MARK and squeeze(word) not in _UNITS]
    return upper if len(upper) > 1 and len(upper) + len(small) == len(words) else words


def _with_committee(words: list[str]) -> list[str]:
    """Return a name with `Ủy ban nhân dân` whole before its unit, where it lost a word or a mark stands in it."""
    unit = next((i for i in range(2, min(len(words), len(_COMMITTEE) + 2)) if _unit_at(words, i)), 0)
    head = [squeeze(word) for word in words[:unit]]
    own = [word for word in _COMMITTEE if word in head]
    marks = [word for word in head if word not in own]
    if tuple(head) == _COMMITTEE or len(own) < 2 or _COMMITTEE[1] not in own or own != [w for w in head if w in own]:
        return words
    return words if len(marks) > 1 or any(len(mark) > _MARK for mark in marks) else [*_WHOLE, *words[unit:]]


def _unit_at(words: list[str], index: int) -> bool:
    """Return whether the word for a unit that has such a committee, or two words for it, stand at a place."""
    return any(squeeze("".join(words[index : index + count])) in _OF_COMMITTEES for count in (2, 1))


def parse_address(text: str) -> Parsed:
    """Return an address as printed; misspelled words for units of administration before a name are put right."""
    bare = clean(text)
    if not bare:
        return Parsed(None, "empty")
    parts = [_unit_word(part) for part in bare.split(", ")]
    value = ", ".join(part for part, _ in parts)
    if len(value.split()) < 2:
        return Parsed(value, "form_unusual")
    return Parsed(value, "spelling_repaired" if any(changed for _, changed in parts) else "")


def _unit_word(part: str) -> tuple[str, bool]:
    """Return a part of an address with the right unit word at its beginning, and whether that was another one."""
    words = part.split(" ")
    for count in (2, 1):
        unit = _UNITS.get(squeeze("".join(words[:count]))) if len(words) > count else None
        if unit and words[count][:1].isupper() | words[count][:1].isdigit():
            found = " ".join(words[:count])
            return (part, False) if found.lower() == unit else (" ".join([unit, *words[count:]]), True)
    return part, False


def _head(words: list[str]) -> tuple[str, list[str]]:
    for count in (4, 1):
        head = _COUNCILS.get(squeeze("".join(words[:count])))
        if head:
            return head, words[count:]
    return "", words


def _units(words: list[str]) -> tuple[list[str], bool]:
    """Return the words of a place with its unit words in small letters, and whether a misspelled one was put right."""
    shown, repaired, index = list[str](), False, 0
    upper = all(w.isupper() or not w.isalpha() for w in words)
    while index < len(words):
        for count in (2, 1):
            group = words[index : index + count]
            unit = _UNITS.get(squeeze("".join(group))) if len(group) == count else None
            if (
                unit
                and index + count < len(words)
                and _is_unit_word(" ".join(group), unit, named=index > 0, upper=upper)
            ):
                shown.append(unit)
                repaired |= " ".join(group).casefold().strip(",") != unit
                index += count
                break
        else:
            shown.append(_title_case(words[index]) if upper else words[index])
            index += 1
    return shown, repaired


def _is_unit_word(text: str, unit: str, *, named: bool, upper: bool) -> bool:
    """Return whether a word is that for a unit, in another spelling at most, and not a part of a name: `Thới Quản,`."""
    if text.casefold().rstrip(",") == unit:
        return True
    if text.casefold().startswith("quản"):  # a name: the hook stands where the dot of `quận` does not
        return False
    return not text.endswith(",") and (upper or not named or not text[0].isupper())


def _title_case(word: str) -> str:
    if _SHORT_UNIT.fullmatch(word):
        return word
    return word[:1].upper() + word[1:].lower()

"""What closed lists put right: provinces, names of people, agencies, usual values. Never in silence."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import lru_cache

from domain.vietnamese import fold, nfc
from ocr.fields.kinds import FieldRule
from ocr.fields.parsers.parsed import Parsed
from ocr.lexicon.gazetteer import gazetteer, spelled
from ocr.lexicon.matching import distance, squeeze
from ocr.lexicon.named_places import Surroundings, place_itself, places_in
from ocr.lexicon.place_names import NamedPlace, Standing, named_in
from ocr.lexicon.syllables import is_syllable, strip_tone
from ocr.lexicon.units import Units

_BROKEN_ABOUT = re.compile(r"^V/[^\w\s] ")
"""`V/v` of which the second letter was read as a sign: `V/%`."""
_REST = 3
"""Letters that are taken for marks behind the name of a province."""
_PROVINCE = re.compile(r"(?<=\btỉnh )([^\W\d_]+(?: [^\W\d_]+)?)(?=$|,)", re.IGNORECASE)
_BEFORE_UNIT = re.compile(r"(?<=[\w])\s*,?[;:.?]\s*(?=(?:tỉnh|huyện|quận|thị xã|thành phố|xã|phường|thị trấn) \w)")
"""A comma between two units that was read as another sign."""
_UNITS_APART = re.compile(
    r"\b((?:xã|phường|thị trấn|huyện|quận|thị xã)(?: [A-ZÀ-ỸĐ][^\W\d_]*){1,3})"
    r" ((?:huyện|quận|thị xã|thành phố|tỉnh) [A-ZÀ-ỸĐ])"
)
"""Two units between which a comma was lost, where others have one."""
_BEHIND_UNIT = re.compile(r"\b(xã|phường|thị trấn|huyện|quận|thị xã|thành phố|tỉnh)[,.;:] (?=[A-ZÀ-ỸĐ])")
"""A speck between the word for a unit and its name."""
_LOW_QUOTE = re.compile(r"(?<=\w) ?„ ?(?=\w)")
"""A comma that was read as a quotation mark."""
_IN_NAME = re.compile(r"(?<=[a-zà-ỹđ])[.;:] (?=[A-ZÀ-ỸĐ][a-zà-ỹđ]+$)")
"""A mark between the two words of a province at the end."""
_BEFORE_MATTER = re.compile(r"^\W*(?!Về )\S{1,3} việc (?=\w)")
"""`Về việc`, whose first word was misread, where the subject begins with it."""
_MATTER = re.compile(r"^\W*việc (?=\w)")
"""The same where the first word was lost."""
_GROUP = re.compile(r"^(?:16|1ổ|t6|lổ)(?= \d{1,2}, )", re.IGNORECASE)
"""The word `tổ` at the beginning of an address, read as figures; other diacritics: `ocr/correction/usage.py`."""
_AT_END = re.compile(r"\btỉnh ([^,]+)$")
_GLUED = re.compile(r"(?<![^\W\d_])(tổ|thôn|ấp|xóm|khóm|khu phố|số|đội)(?=\d)", re.IGNORECASE)
_UNIT = re.compile(r"\b[Tt](?:ính|inh|ình|ĩnh|ịnh)(?= [A-ZÀ-ỸĐ])|\bT(?:ÍNH|INH|ÌNH|ĨNH|ỊNH)(?= [A-ZÀ-ỸĐ])")
"""The word `tỉnh` with another tone, before a name."""
_DISTRICT = re.compile(r"(?<=, )[^\w\s]?[\"“c]huyện (?=[A-ZÀ-ỸĐ])")
"""The word `huyện` behind a speck that was read as a letter or as a quotation mark."""
_OF_NAME = re.compile(r"(?<!\w)(?:xã|phường|trấn|huyện|quận|phố|hà) $", re.IGNORECASE)
"""What stands before a name that only looks like that word: `huyện Tịnh Biên`, `Hà Tĩnh`."""
_LONG = 5
"""Letters of a province of which one may be misread."""
_LAST_MARK = re.compile(r"(?<=\w)[.,;]? [^\W\d_](?=$)|\s*[\"“”„'‘’»«]+$")
_LETTERED = re.compile(r" [yY]$|^(?:Trường|Trạm|Nhà trẻ|Tổ|Đội)\b.* [A-EĐ]$", re.IGNORECASE)
"""Names that end with a letter: `Chăn nuôi và Thú y`, `Trường Tiểu học Tân Lập A`."""
_SINGLE_MARK = re.compile(r"(?<=[^\W\d_]) [:;|] (?=[^\W\d_])")
"""A mark between two words, which was read where a line ends or a leader stands."""
_QUOTE = re.compile(r"[\"'“”„‘’»«]")
_AFTER_WORD = re.compile(rf"(?<=\w){_QUOTE.pattern}(?=[ ,]|$)")
_Y = re.compile(r"\b([yY])([^\W\d_]{2,})\b")
_SIGNS = re.compile(r"[^\w\s]+")
_SCHOOL = re.compile(r"(?:^|Trường )(?:THPT|THCS|Trung học phổ thông|Trung học cơ sở|Tiểu học)\W? ([^,]+)$")
"""A school, which is often named after its commune or district."""
_LONG_END = 20
"""Letters of a usual value with which another value may end."""
_TWICE = re.compile(r"(?<= )(\d+), \1(?=,)")
"""A number of a group or hamlet that was read twice."""
_WITH_MIDDLE_NAME = 3
"""Words of a name that has one."""
_BEFORE_A = frozenset({"hờ", "ly", "chá", "sổng", "hạng", "tráng"})
"""Family names of the Mông that are like frequent ones but for their marks, before a middle name of theirs."""
_MIDDLE_NAMES = ("thị", "văn")
_COMMON = frozenset({
    "nguyễn", "trần", "lê", "phạm", "hoàng", "huỳnh", "phan", "vũ", "võ", "đặng", "bùi", "đỗ", "hồ", "ngô", "dương",
    "lý", "đinh", "trương", "trịnh", "mai",
})  # fmt: skip
"""Family names of about nine in ten people."""
_NOT_OF_UNIT = re.compile(r"(?:xã|phường|huyện|quận|thị trấn|đường|thôn|ấp)$", re.IGNORECASE)
_COUNTRY = "Việt Nam"
"""Behind the province in the addresses of forms of businesses."""
_NOWHERE = Surroundings()


def put_right(
    parsed: Parsed, rule: FieldRule, units: Units, *, around: Surroundings = _NOWHERE, sure: bool = False
) -> Parsed:
    """Return a value with what a closed list puts right, marked so that a person looks at it.

    Args:
        parsed: The value.
        rule: What it is.
        units: Provinces, agencies and names.
        around: The provinces and districts that the paper names.
        sure: Whether two models read the same; a place elsewhere in the country, or one of no list, may be meant then.
    """
    if parsed.value is None:
        return parsed
    value = parsed.value
    if rule.form in ("address", "agency"):
        value = _listed(_place(value, units, sure=sure), around, address=rule.form == "address", sure=sure)
        value = _agency(value, units, sure=sure) if rule.form == "agency" else value
    elif rule.form == "name":
        value = _name(value, units, sure=sure)
    elif rule.source == "place":
        value = _respelled(value, [place_itself(value, around)], sure=sure)
    elif rule.form == "text":
        value = _BEFORE_MATTER.sub("Về việc ", value) if rule.source == "about" else value
        value = _BROKEN_ABOUT.sub("V/v ", value) if rule.source == "about" else value
        value = _MATTER.sub("Về việc ", value) if rule.source in ("about", "subject") else value
        value = _school(_listed(value, around, address=False, sure=True), around)
        value = _SINGLE_MARK.sub(" ", _glued_y(_without_lone_quote(value)))
        value = _usual(value, rule.known) if rule.known else value
    return parsed if value == parsed.value else Parsed(value, "spelling_repaired")


def _place(value: str, units: Units, *, sure: bool) -> str:
    """Return an address or an agency's name with its province as it is spelled, and nothing behind the province."""
    names = [unit.name for unit in units.provinces]
    if not sure:
        value = _BEHIND_UNIT.sub(r"\1 ", value)
        value = _UNITS_APART.sub(r"\1, \2", value) if ", " in value else value
    value = _GROUP.sub("tổ", _IN_NAME.sub(" ", _LOW_QUOTE.sub(", ", value)))
    value = _BEFORE_UNIT.sub(", ", _GLUED.sub(r"\1 ", value))
    value = _TWICE.sub(r"\1", value)
    value = _UNIT.sub(lambda m: m.group() if _OF_NAME.search(value, 0, m.start()) else _tinh(m.group()), value)
    value = _without_rest(_DISTRICT.sub("huyện ", value), units)
    value = _AT_END.sub(lambda m: f"tỉnh {_without_letter(m[1], names)}", value)
    value = _PROVINCE.sub(lambda m: _province(m.group(), names), value)
    head, comma, last = value.rpartition(", ")
    return f"{head}, {_known(last, names)}" if comma and not _NOT_OF_UNIT.search(head) else value


def _tinh(read: str) -> str:
    return "TỈNH" if read.isupper() else "tỉnh"


def _listed(value: str, around: Surroundings, *, address: bool, sure: bool) -> str:
    """Return a text with its districts and communes as the list spells the only one that each can be."""
    return _respelled(value, places_in(value, around, address=address), sure=sure)


def _school(value: str, around: Surroundings) -> str:
    """Return a school with the place after which it is named as it is listed where the paper is at home.

    Only where a word of it is no syllable, as `Đấk` for `Đăk`: schools are named after people too.
    """
    found = _SCHOOL.search(value)
    if found is None or all(is_syllable(word.lower()) for word in found[1].split()):
        return value
    named = replace(place_itself(found[1], around), start=found.start(1), end=found.end(1))
    return _respelled(value, [named] if named.whole else [], sure=True)


def _respelled(value: str, places: Sequence[NamedPlace], *, sure: bool) -> str:
    for place in reversed(places):
        told = place.standing is Standing.ALIKE and (place.within or not (sure and place.elsewhere))
        if told or (place.standing is Standing.NEAR and not sure):
            right = place.listed.upper() if place.name.isupper() else place.listed
            value = value[: place.start] + right + value[place.end :]
    return value


def _without_letter(text: str, names: Collection[str]) -> str:
    """Return the province that stands in a text beside single letters or signs; the text itself where none does."""
    letters = squeeze(" ".join(word for word in text.split() if len(word) > 1))
    like = {name for name in names if squeeze(name) == letters}
    if len(like) != 1 or (" " in text and squeeze(text) == letters):
        return text
    return like.pop().upper() if text.isupper() else like.pop()


def _province(text: str, names: Collection[str]) -> str:
    """Return the only province with the same letters but for diacritics, or but for one letter; else the text."""
    right = _known(text, names)
    if right == text and len(squeeze(text)) >= _LONG and squeeze(text) not in {squeeze(name) for name in names}:
        near = {name for name in names if distance(squeeze(name), squeeze(text), 1) <= 1}
        right = near.pop() if len(near) == 1 else text
    return right.upper() if text.isupper() else right


def _without_rest(value: str, units: Units) -> str:
    """Return a value without what stands behind the province at its end: marks, or words of another column."""
    names = {unit.name for unit in units.provinces}
    parts = [part.strip() for part in value.split(",")]
    ends = [i for i, part in enumerate(parts) if i and part.removeprefix("tỉnh ") in names]
    if ends and parts[ends[-1] + 1 :] == [_COUNTRY]:
        return value
    if ends and len(value.split(", ")) != len(parts[: ends[-1] + 1]):
        value = ", ".join(parts[: ends[-1] + 1])
    for name in sorted(names, key=len, reverse=True):
        head, found, rest = value.rpartition(f"tỉnh {name}")
        if found and rest[:1] in (" ", ".") and (rest.strip().isupper() or len(rest) <= _REST) and "," not in rest:
            return head + found
    return value


def _agency(value: str, units: Units, *, sure: bool) -> str:
    """Return an agency's name without a mark at its end, and in the spelling of the list where it is a known one."""
    named = named_in(value)[-1:]
    lettered = any(spelled(place.name) == spelled(one.name) for one in named for place in gazetteer().alike(one.name))
    lettered = (lettered and named[0].end == len(value)) or _LETTERED.search(value) is not None
    value = value if lettered or sure else _LAST_MARK.sub("", value)
    head, _, last = value.rpartition(" ")
    is_name = squeeze(head) in units.agency_types and is_syllable(last.lower())  # `ĐẠI HỌC HUẾ`
    if (
        len(last) <= _REST
        and not is_name
        and nfc(head).lower() in units.agencies
        and nfc(value).lower() not in units.agencies
    ):
        value = head if not any(name.startswith(f"{nfc(value).lower()}") for name in units.agencies) else value
    known = _by_letters(units.agencies).get(squeeze(value), frozenset())
    if len(known) != 1 or nfc(value).lower() in known:
        return value
    right = next(iter(known))
    return right.upper() if value.isupper() else value


def _name(value: str, units: Units, *, sure: bool) -> str:
    """Return a person's name with its family name, and words whose first letter is `d` or `đ`, as they are spelled.

    Of a name that two models read alike only a family name that is nearly one of the most common ones: neither given
    names nor rare family names are a closed list.
    """
    words = value.split(" ")
    upland = len(words) >= _WITH_MIDDLE_NAME and words[1] == "A" and words[0].lower() in _BEFORE_A
    family = words[0].lower() if upland else _like(words[0], units.family_names)
    if sure:
        return " ".join([_cased(words[0], family) if family in _COMMON else words[0], *words[1:]])
    given = units.given_names | units.family_names
    if len(words) >= _WITH_MIDDLE_NAME and words[0].lower() in units.family_names:
        words[1] = _like_others(words[1], _middle_name(words[1].lower()), words[-1])
    return " ".join([_cased(words[0], family), *(_cased(word, _stroked(word.lower(), given)) for word in words[1:])])


def _middle_name(word: str) -> str:
    """Return the usual middle name that a word is but for a letter, where it is no syllable; else the word."""
    if is_syllable(word):
        return word
    like = [name for name in _MIDDLE_NAMES if distance(squeeze(name), squeeze(word), 1) <= 1]
    return like[0] if len(like) == 1 else word


def _like(word: str, names: Collection[str]) -> str:
    """Return the only name that has the letters of a word but for diacritics, or else but for its tone or stroke."""
    small = word.lower()
    if small in names or len(small) == 1:  # `A Brôl`: of one letter nothing is left to compare
        return small
    like = _by_letters(tuple(sorted(names))).get(fold(small), frozenset())
    stroked = _stroked(small, names)
    if len(like) != 1 and stroked != small:
        return stroked
    toned = {name for name in like if strip_tone(name)[0] == strip_tone(small)[0]}
    rounder = (
        {name for name in names if len(name) == len(small) and _like_round(name, small)} if not like else set[str]()
    )
    alike = (like, toned, {name for name in like if name[0] == small[0]}, rounder)
    return next((next(iter(one)) for one in alike if len(one) == 1), small)


def _like_round(name: str, word: str) -> bool:
    """Return whether a name is a word but for `o` read as `a`, under the same tone: `Võ`, `Vã`."""
    differ = [(strip_tone(a), strip_tone(b)) for a, b in zip(name, word, strict=True) if a != b]
    return (
        len(differ) == 1
        and differ[0][0][1] == differ[0][1][1]
        and differ[0][0][0] in "oôơ"
        and differ[0][1][0] in "aăâ"
    )


def _stroked(word: str, names: Collection[str]) -> str:
    """Return a word with `d` for `đ` or the reverse at its beginning if only that is a name, else the word."""
    other = {"d": "đ", "đ": "d"}.get(word[:1], "") + word[1:]
    return other if word not in names and word[:1] in "dđ" and other in names else word


def _without_lone_quote(value: str) -> str:
    """Return a text without a quotation mark behind a word, if it is the only one."""
    return _AFTER_WORD.sub("", value) if len(_QUOTE.findall(value)) == 1 else value


def _glued_y(value: str) -> str:
    """Return a text with `y` apart from the syllable that was glued to it: `y tế`."""
    return _Y.sub(
        lambda m: m[0] if is_syllable(m[0].lower()) or not is_syllable(m[2].lower()) else f"{m[1]} {m[2]}", value
    )


def _usual(value: str, known: Collection[str]) -> str:
    """Return the usual value with the letters of a value, if they differ in signs, diacritics or a mark at the end."""
    head, _, last = value.rpartition(" ")
    if len(last) < _REST and nfc(head).casefold() in {nfc(text).casefold() for text in known}:
        return head
    value = _usual_end(value, known)
    like = {text for text in known if squeeze(text) == squeeze(value)}
    return like.pop() if len(like) == 1 and nfc(value).casefold() not in {nfc(t).casefold() for t in like} else value


def _usual_end(value: str, known: Collection[str]) -> str:
    """Return a value whose end is a usual value but for its signs with that end as it is usual."""
    for text in sorted(known, key=len, reverse=True):
        letters = squeeze(text)
        if len(letters) < _LONG_END or len(letters) >= len(squeeze(value)) or not squeeze(value).endswith(letters):
            continue
        start = next(i for i in range(len(value) - 1, -1, -1) if squeeze(value[i:]) == letters)
        same = nfc(value[start:]).casefold() == nfc(text).casefold() or _bare_words(value[start:]) != _bare_words(text)
        return value if same else value[:start] + value[start] + text[1:]
    return value


def _bare_words(text: str) -> str:
    """Return the words of a text in small letters, without the signs between them."""
    return " ".join(_SIGNS.sub(" ", nfc(text)).casefold().split())


def _known(text: str, names: Collection[str]) -> str:
    """Return the only known name with the same letters but for diacritics; else the text itself."""
    like = _by_letters(tuple(sorted(set(names)))).get(squeeze(text), frozenset())
    return text if len(like) != 1 or text.lower() in {n.lower() for n in like} else next(iter(like))


@lru_cache(maxsize=16)
def _by_letters(names: tuple[str, ...]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for name in names:
        found[squeeze(name)] = found.get(squeeze(name), frozenset()) | {name}
    return found


def _like_others(old: str, new: str, other: str) -> str:
    """Return a word of a name in capitals if another word of it is; the old one where only its case would change."""
    return old if new == old.lower() else new.upper() if other.isupper() else new.capitalize()


def _cased(old: str, new: str) -> str:
    if new.lower() == old.lower():
        return old
    return new.upper() if old.isupper() else new.capitalize()

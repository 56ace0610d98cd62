"""Numbers of papers, personal identity numbers, tax codes: digits and signs, joined."""

import re
import unicodedata
from collections.abc import Sequence

from domain.vietnamese import fold
from ocr.fields.parsers.parsed import Parsed, clean, digits_for_letters
from ocr.lexicon.matching import distance

_BOOK = re.compile(r"[\s,;.–-]*\bquy[eểêẻ]n\s+s[ốôoóỗ]\b.*$", re.IGNORECASE)
"""The book of the register behind a number."""
_JOINTS = re.compile(r"\s*([/\-.])\s*")
_COMMITTEE = re.compile(r"(?<=[/-])(?:UBN[DĐ]|H[DĐ]N[DĐ])(?![^\W\d_])")
_LABEL = re.compile(r"^(?:số|só|sô|sỏ|sồ|sổ|so|no)\s*[:.]\s*", re.IGNORECASE)
_DOCUMENT = re.compile(
    r"(?P<number>[0-9]{1,6}[A-Za-z]?)(?P<sign>(?:/[0-9]{4})?(?:[/\-][0-9A-ZÀ-ỴĐ][0-9A-Za-zÀ-ỹĐđ&]*)*)"
)
_CITY_PARTY = "/Th.U"
"""In the numbers of the Party in a town: `22-CT/Th.U`."""
_IN_BRACKETS = re.compile(r"(?<=[A-ZĐ])\([0-9A-ZĐ][0-9A-Za-zĐđ]{0,5}\)$")
"""The unit that drew a paper up, behind the sign: `1190/TB-CSGT(Đ2)`."""
_DASHES = re.compile(r"-{2,}")
_STROKE_LOST = re.compile(r"([0-9]{1,6})([A-ZĐ]{2}[A-Za-zĐđ]*(?:-[A-ZĐ][A-Za-zĐđ]*)+)")
"""A number whose stroke before the sign was not read: `26NQ-HĐND`."""
_TWICE = re.compile(r"([0-9]{1,6}) (?=\1/)(.+)")
"""A number before a gap that was read once more with its sign: `41 41/NQ-HĐND`."""
_SPACED = re.compile(r"[0-9]{1,6} [A-ZĐ]{2,5}(?:-[A-ZĐ]{2,7})?/[A-ZĐ]{2}[A-Za-zĐđ]{0,4}")
"""A number without a stroke before its sign, as offices wrote them until about 2000: `31 BC/BT`, `214 NN-TCCB/QĐ`."""
_DOTTED = re.compile(r"[0-9]{1,6}[A-Za-z]?(?:/[0-9]{4})?/[A-ZĐ]{2}[A-Za-zĐđ]*(?:[.\-][A-ZĐ]{2}[A-Za-zĐđ]*)+")
"""A number with a full stop in its sign, as papers before 2004 have it, unless it is a dash that was misread."""
_MARKED = re.compile(r"([0-9]+/\S+) \S{1,3}")
"""A number and a mark behind it."""
_BLANK_DOCUMENT = re.compile(r"(?:/[0-9]{4})?[/\-][A-ZĐ][\w&]*(?:[/\-][A-ZĐ][\w&]*)*")
_WORDS_BEHIND = re.compile(r"(?: [^\W\d_]{2,}){3,}$")
_BY_THREES = re.compile(r"(?<![\d.])\d{3}(?:\.\d{3}){2,3}(?![\d.]*\d)")
_NOT_DIGIT = re.compile(r"[^0-9]")
_GROUPED = re.compile(r"[0-9OolISBZ|][0-9OolISBZ|\s.\-]*")


def parse_document_number(text: str) -> Parsed:
    """Return the number and sign of a paper as printed, without blanks: `123/QĐ-UBND`."""
    bare = _JOINTS.sub(r"\1", _BOOK.sub("", _LABEL.sub("", clean(text))))
    twice = _TWICE.fullmatch(bare)
    if twice and _DOCUMENT.fullmatch(twice[2]):
        return Parsed(twice[2], "digits_repaired")
    if _SPACED.fullmatch(bare):
        return Parsed(bare, "form_unusual")
    bare = _DASHES.sub("-", re.sub(r"(?<=\d)\s+(?=\d)", "", bare))
    if not bare:
        return Parsed(None, "number_blank")
    glued = _STROKE_LOST.fullmatch(bare)
    if glued:
        return Parsed(f"{glued[1]}/{glued[2]}", "digits_repaired")
    if _DOCUMENT.fullmatch(_IN_BRACKETS.sub("", bare).replace(_CITY_PARTY, "/TU")):
        return Parsed(bare)
    if _DOTTED.fullmatch(bare):
        return Parsed(bare, "digits_repaired")
    marked = _MARKED.fullmatch(bare)
    if marked and _DOCUMENT.fullmatch(marked[1]):
        return Parsed(marked[1], "digits_repaired")
    if _BLANK_DOCUMENT.fullmatch(bare.replace(" ", "")):
        return Parsed(None, "number_blank")
    repaired = re.match(r"[0-9OolISBZ|\s]+(?=[/\-]|$)", bare)
    if repaired:
        joined = re.sub(r"\s", "", digits_for_letters(repaired.group())) + bare[repaired.end() :]
        if _DOCUMENT.fullmatch(joined):
            return Parsed(joined, "digits_repaired")
    return Parsed(None, "number_unreadable")


def with_known_sign(parsed: Parsed, signs: Sequence[str]) -> Parsed:
    """Return a number whose first sign is one of its kind's but for a letter with that sign, marked.

    The signs of people's committees and councils are given as they are spelled, whether `D` or `Đ` was read.
    """
    value = _COMMITTEE.sub(_committee, parsed.value or "")
    if value != (parsed.value or ""):
        parsed = Parsed(value, "spelling_repaired")
    found = re.fullmatch(r"([0-9]+[A-Za-z]?/(?:[0-9]{4}/)?)(\w+)(-.*|)", value)
    if found is None or found[2] in signs:
        return parsed
    near = [sign for sign in signs if len(sign) > 2 and distance(sign, found[2], 1) <= 1]
    return Parsed(f"{found[1]}{near[0]}{found[3]}", "digits_repaired") if near else parsed


def _committee(found: re.Match[str]) -> str:
    return "UBND" if found.group().startswith("U") else "HĐND"


def parse_serial(text: str) -> Parsed:
    """Return a serial or register number as printed: letters, digits and signs without blanks."""
    bare = _BOOK.sub("", _LABEL.sub("", clean(text)))
    words = _WORDS_BEHIND.search(bare)
    if words and re.search(r"\d", bare[: words.start()]):  # of another column
        found = parse_serial(bare[: words.start()])
        return Parsed(found.value, found.problem or "form_unusual")
    bare = re.sub(r"\s+", "", _JOINTS.sub(r"\1", bare))
    if not bare:
        return Parsed(None, "number_blank")
    if not re.fullmatch(r"[0-9A-Za-zÀ-ỹĐđ/.\-]+", bare) or not re.search(r"[0-9]", bare):
        return Parsed(None, "number_unreadable")
    plain = unicodedata.normalize("NFD", bare)
    if any(unicodedata.combining(c) for c in plain):  # no serial has diacritics: a mark or a letter was misread
        return Parsed(bare, "form_unusual")
    return Parsed(bare)


def parse_identity_number(text: str) -> Parsed:
    """Return a personal number of 12 digits, or an old one of 9, joined."""
    bare = clean(text)
    if not bare:
        return Parsed(None, "empty")
    joined = max((_join(m.group()) for m in _GROUPED.finditer(bare)), key=len, default="")
    digits = digits_for_letters(joined)
    if len(digits) not in (9, 12):
        return Parsed(None, "identity_length")
    return Parsed(digits, "" if digits == joined else "digits_repaired")


def parse_identity_paper(text: str) -> Parsed:
    """Return the number of the identity paper that a line names, e.g. `Căn cước công dân số 0700… cấp ngày …`."""
    bare = clean(text)
    if not bare:
        return Parsed(None, "empty")
    bare = _BY_THREES.sub(lambda found: found.group().replace(".", ""), bare)
    groups = [_join(m.group()) for m in re.finditer(r"[0-9](?:[0-9\s]*[0-9])", bare)]
    fitting = [g for g in groups if len(g) in (9, 12)]
    if fitting:
        return Parsed(max(fitting, key=len))
    passport = re.search(r"\b(?:[A-Z]{1,2}[0-9]{7}|[A-Z][0-9]{8})\b", bare)
    return Parsed(passport.group()) if passport else Parsed(None, "identity_length")


def parse_tax_code(text: str) -> Parsed:
    """Return a tax or business code: 10 digits, 10 and 3 after a hyphen, or 12."""
    bare = re.sub(r"\s", "", clean(text))
    if not bare:
        return Parsed(None, "empty")
    found = re.fullmatch(r"([0-9]{10})(?:-?([0-9]{3}))?|([0-9]{12})", bare)
    if found is None:
        return Parsed(None, "tax_code_length")
    return Parsed(found[3] or (f"{found[1]}-{found[2]}" if found[2] else found[1]))


def parse_integer(text: str) -> Parsed:
    """Return a whole number, e.g. of a parcel or a map sheet."""
    bare = clean(text)
    if not bare:
        return Parsed(None, "empty")
    found = re.fullmatch(r"(?:so\s*:?\s*)?([0-9]{1,7})", fold(bare))
    return Parsed(found[1]) if found else Parsed(None, "number_unreadable")


def _join(text: str) -> str:
    return re.sub(r"[\s.\-]", "", text)

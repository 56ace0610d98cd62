"""Values that cannot be whole as they were read: a title without its second half, an address that breaks off."""

import re
from collections.abc import Sequence

from domain.models import Problem
from domain.vietnamese import nfc
from ocr.fields.checks.context import CheckContext, doubt
from ocr.fields.kinds import FieldRule
from ocr.fields.known import against_usage
from ocr.lexicon.matching import distance, squeeze
from ocr.lexicon.titles import read_title

_UNIT_AT_END = re.compile(
    r"(?:^|[\s,])(?:tỉnh|thành phố|huyện|quận|thị xã|thị trấn|phường|xã|ấp|thôn|khu phố|bản|buôn|làng)$"
    r"|(?:^|[\s,])(?:tỉnh|huyện|thị xã|phường|xã) [^\W\d_]+$"
    r"|(?:^|[\s,])(?:tỉnh|huyện|thị xã) [^\W\d_]+,"
    r"|(?:^|[\s,])(?:[Tt]ổ|[Tt]hôn|[Ấấ]p|[Xx]óm|[Kk]hóm|[Kk]hu phố|[Bb]uôn|[Bb]ản|[Ll]àng),? (?:xã|phường|thị trấn) "
)
_BELOW_COMMUNE = r"(?:tổ|thôn|ấp|xóm|khóm|khu phố|buôn|bản|làng|đội|số|ngõ|hẻm|đường)\b[^,]*"
_NO_COMMUNE = re.compile(rf"{_BELOW_COMMUNE}(?:, ?{_BELOW_COMMUNE})*", re.IGNORECASE)
"""An address that names nothing above a hamlet or street: the rest of it was lost."""
_ABOUT = re.compile(r"V/v|Về việc", re.IGNORECASE)
_PROVINCE = re.compile(r"\b(?:tỉnh|thành phố|TP\.?) \w")
_COMMUNE = re.compile(r"\b(?:xã|phường|thị trấn) \w")
"""An address with a commune and without a province has lost its end where others on the paper have one."""
_HOMES = ("residence", "home_town", "contact_address")
"""Ends of the names of fields that say where people live."""
_OF_UNIT = re.compile(r"(?:[UỦ][yỷ] ban|Hội đồng) nhân dân ", re.IGNORECASE)
"""Agencies behind which only the name of a place stands, which is held against the list of places."""
_GLUED = re.compile(r"[^\W\d_]{2},[^\W\d_]")
_SPECK = re.compile(
    r"(?:[^\W\d_]{3}|\b(?:xã|ấp|tổ|số|bà))[.;:][^\W\d_]{2}|\b(?:ông|bà|anh|chị|cháu)(?: [^\W\d_]+){1,3}[:;] [^\W\d_]"
)
"""A speck between two words that was read as a sign: `TẠP HÓA.TRỊNH VĂN HÙNG`, `bà Ngô Ngọc: Vy`."""
_BROKEN_OFF = re.compile(
    r"\b(?:chưa|không|và|của|các|với|tại|theo|là|do|cho|về|hoặc|từ|đến|để|được|bị|đã|sẽ|thì|mà)$|[,(]$"
)
"""Words after which a text goes on."""
_BROKEN_FIGURE = re.compile(r"\s[:;|]\s|\d[;:]\d|\b(?:ngày|tháng|năm)[,.;]")
_FOREIGN = re.compile(r"[:;]|\d{5}|\d/\d+/|(?:xã|huyện|tỉnh|phường|quận)(?: [^\W\d_]+ [-–]|[-–][^\W\d_])")
"""Of numbers and dates that were read into a place, and of a mark within its name or before it."""
_ODD_SIGN = re.compile(r"[/-](?:[A-ZĐ]{2,}[01]|(?:UBND|HĐND)[A-ZĐ])(?=$|[/-])")
"""A sign in a number whose last letter was read as a digit, or with a speck behind it: `216/THP1/1998`."""
_PARTED = re.compile(r"\b[A-ZĐ]{1,3}\.(?:[A-ZĐ]\d|\d{4})")
"""A speck between the letters before a serial, or behind them: `V.P00882`, `CH.00801`."""
_NO_SIGN = re.compile(r"[#*|\\=^~_<>{}¬¦§°º¤]")
"""Signs that no name, place or text of a paper is written with: specks."""
_DOUBLED = re.compile(r"\b([^\W\d_]+) \1\b", re.IGNORECASE)
"""A word of a name twice: two models parted the words otherwise."""
_FEWEST_KNOWN = 4
"""Letters that a value has at least to be held against usual ones that differ from it in a quarter of them."""


def shape(context: CheckContext) -> list[Problem]:
    """Return a problem for each value that has lost a part, or is a usual one but for its diacritics."""
    problems = []
    rules = {name: rule for name in context.fields if (rule := context.kind.rule(name)) is not None}
    addresses = [name for name in rules if name.endswith(_HOMES) and context.value(name)]
    whole = {name for name in addresses if _PROVINCE.search(context.value(name))}
    for name, rule in rules.items():
        value = nfc(context.value(name))
        cut = name in addresses and name not in whole and bool(whole) and _COMMUNE.search(value) is not None
        if value and (cut or _is_odd(value, rule)):
            problems.append(doubt("form_unusual", name))
    return problems


def _is_odd(value: str, rule: FieldRule) -> bool:
    if rule.source == "signer_title":
        return not read_title(value).whole
    if rule.name.endswith("number") and (_ODD_SIGN.search(value) or _PARTED.search(value)):
        return True
    if rule.form in ("name", "text", "address", "agency") and _is_specked(value):
        return True
    if rule.name == "subject" and value[0].islower():
        return True  # its beginning was lost
    if rule.source == "about":
        return not _ABOUT.match(value)
    if rule.form == "address" and _NO_COMMUNE.fullmatch(value) and not _COMMUNE.search(value):
        return True
    if rule.form == "agency" and not _OF_UNIT.match(value) and against_usage(value):
        return True
    if rule.form in ("address", "agency"):
        return any(pattern.search(value) for pattern in (_UNIT_AT_END, _GLUED, _FOREIGN))
    if rule.form == "name":
        return _mixed(value.split()) or _DOUBLED.search(value) is not None
    if rule.form == "text" and any(pattern.search(value) for pattern in (_BROKEN_OFF, _BROKEN_FIGURE, _PARTED)):
        return True
    if rule.form == "text" and against_usage(value, rule.known):
        return True
    return bool(rule.known) and _nearly(value, rule.known)


def _is_specked(value: str) -> bool:
    """Return whether a value has a sign that none is written with, or one bracket without the other."""
    return bool(_SPECK.search(value) or _NO_SIGN.search(value)) or value.count("(") != value.count(")")


def _mixed(words: Sequence[str]) -> bool:
    """Return whether some words of a name stand in capitals and others do not begin with one."""
    return any(w.isupper() and len(w) > 1 for w in words) and not all(w.isupper() for w in words)


def _nearly(value: str, known: Sequence[str]) -> bool:
    """Return whether a value is a usual one but for diacritics and a few letters, or the beginning of one."""
    letters, usual = squeeze(value), {nfc(text).casefold() for text in known}
    if len(letters) < _FEWEST_KNOWN or value.casefold() in usual:
        return False
    if any(text.startswith(f"{value.casefold()} ") for text in usual):
        return True  # the rest of the line was lost
    return any(distance(squeeze(text), letters, len(letters) // 4) <= len(letters) // 4 for text in known)

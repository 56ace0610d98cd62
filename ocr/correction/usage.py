"""Words that papers spell in one way where they stand: before numbers, in dates, in codes of offices."""

import re
from collections.abc import Sequence
from dataclasses import replace

from domain.vietnamese import fold
from ocr.page.reading_order import PlacedWord

_CERTAIN = 0.95
"""Word confidence from which a word that may stand there is left as it was read."""
_GROUP = frozenset({"tố", "tồ", "tô", "tỗ", "tộ", "tõ", "tỏ"})
_CHARGED = frozenset({"khởi", "truy", "công"})
"""Before `tố`: `khởi tố 3 bị can`."""
_GROUP_NUMBER = re.compile(r"^\d{1,2}[A-Z]?[.,;:]?$")
_LAND_REGISTER = re.compile(r"^CH[IÍÌỈĨỊ]$")
_LAND_NUMBER = re.compile(r"^\d{5}\b")
_DAY = re.compile(r"^\d{1,2}$")
_YEAR = re.compile(r"^\d{4}\b")
_JUDICIAL = re.compile(r"LL/TP(?![^\W_])")
"""`LLTP`, the records of convictions."""
_TO_REPORT = re.compile(r"^b[íìỉil1|]c(?=[);,.]|$)")
"""`b/c`, for a report, behind `(để` in the list of who receives a paper."""
_MONTH, _DATE = "tháng", "ngày"
_FILED = frozenset({"lưu:", "lựu:", "lau:", "latu:", "luu:"})
_OFFICE_FILE = re.compile(r"^VT[.,;]?$")
_PART = re.compile(r"^H[.,]$")
_DATE_START = re.compile(r"^[0-3]$|^\d{1,2}/[01]?$|^\d{1,2}/\d{1,2}/$")
_DATE_END = re.compile(r"^[\d/]+[.,;:']*$")
_WHOLE_DATE = re.compile(r"^[0-3]\d/[01]\d/[12]\d{3}[.,;:']*$")
_NARROW = 0.6
"""Times their height: parts of a date are no farther apart; the figure 1 leaves white beside it."""
_JOINED = 0.9
"""Times the confidence of the less sure of two parts, what a date has that was put together from them."""
_SPOUSE = "Chồng"
_LAND = "thua dat"


def as_used(line: Sequence[PlacedWord]) -> list[PlacedWord]:
    """Return the words of a line, from left to right, as they are used where they stand; `raw` keeps what was read.

    `tổ`, as in addresses, `chỗ ở hiện tại`, `tháng` and `ngày` in dates, `CH` in the registers of land certificates,
    `LLTP`, `Lưu: VT`, `(để b/c)`; dates that were read in two parts are put together.
    """
    words = _with_whole_dates(line)
    for place, word in enumerate(words):
        before = words[place - 1].text if place else ""
        after = [other.text for other in words[place + 1 : place + 4]]
        words[place] = _changed(word, _used(word, before, after, alone=len(words) == 1))
    return words


def _used(word: PlacedWord, before: str, after: Sequence[str], *, alone: bool) -> str:
    text, following = word.text, (*after, "", "", "")
    if (
        text in _GROUP
        and before.lower() not in _CHARGED
        and _GROUP_NUMBER.match(following[0])
        and (word.confidence < _CERTAIN or text in ("tố", "tõ"))
    ):
        return "tổ"
    if word.confidence < _CERTAIN and _LAND_REGISTER.match(text) and _LAND_NUMBER.match(following[0]):
        return "CH"
    if fold(text) == "thang" and text.islower() and _DAY.match(before) and _DAY.match(following[0]):
        return _MONTH
    if fold(text) == "ngay" and text.islower() and _DAY.match(following[0]) and fold(following[1]) == "thang":
        return _DATE
    if fold(text) in ("chu", "cho") and following[:2] == ("ở", "hiện") and fold(following[2])[:3] in ("tai", "nay"):
        return "Chỗ" if text.istitle() else "chỗ"
    if fold(text) == "chong" and alone and text.istitle():
        return _SPOUSE
    if text.lower() in _FILED and not text.isupper() and following[0].startswith("VT"):
        return "Lưu:"
    if _OFFICE_FILE.match(text) and before == "Lưu:" and not after:
        return "VT."
    if _PART.match(text) and not before and f"{fold(following[0])} {fold(following[1])[:3]}" == _LAND:
        return "II."
    if before == "(để":
        return _TO_REPORT.sub("b/c", text)
    return _JUDICIAL.sub("LLTP", text)


def _with_whole_dates(line: Sequence[PlacedWord]) -> list[PlacedWord]:
    words: list[PlacedWord] = []
    for word in line:
        last = words[-1] if words else None
        if last is not None and _is_one_date(last, word):
            words[-1] = replace(
                last,
                text=last.text + word.text,
                confidence=_JOINED * min(last.confidence, word.confidence),
                right=word.right,
                top=min(last.top, word.top),
                bottom=max(last.bottom, word.bottom),
                raw=f"{last.raw or last.text} {word.raw or word.text}",
            )
        else:
            words.append(word)
    return words


def _is_one_date(left: PlacedWord, right: PlacedWord) -> bool:
    if not (_DATE_START.match(left.text) and _DATE_END.match(right.text) and _WHOLE_DATE.match(left.text + right.text)):
        return False
    return right.left - left.right < _NARROW * max(left.bottom - left.top, right.bottom - right.top)


def _changed(word: PlacedWord, text: str) -> PlacedWord:
    return word if text == word.text else replace(word, text=text, raw=word.raw or word.text)

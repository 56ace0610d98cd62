"""The words of a signer's title as its items: short forms (`KT`), offices, ranks and bodies."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from domain.vietnamese import nfc
from ocr.lexicon.matching import squeeze
from ocr.lexicon.offices import SHORT_FORMS, is_word_of_offices, office_at
from ocr.lexicon.syllables import is_syllable

_JOINTLY = (
    "ỦY BAN NHÂN DÂN", "HỘI ĐỒNG NHÂN DÂN", "BAN THƯỜNG VỤ", "BAN CHẤP HÀNH", "BAN THƯỜNG TRỰC", "BAN GIÁM HIỆU",
    "ĐOÀN CHỦ TỊCH", "HỘI ĐỒNG QUẢN TRỊ", "HỘI ĐỒNG THÀNH VIÊN", "HỘI ĐỒNG TRƯỜNG", "ỦY BAN KIỂM TRA",
)  # fmt: skip
"""Bodies on whose behalf someone signs, as they are spelled."""
_BODIES = (
    "uy ban", "ubnd", "vu ", "hoi dong", "hdnd", "chinh phu", "ban ", "so ", "phong ", "cong an", "van phong", "cuc ",
    "chi cuc", "tong cuc", "vien ", "toa an", "trung tam", "truong ", "benh vien", "dang uy", "thuong truc", "bo ",
    "doan ", "hoi ", "to chuc", "thanh tra", "doan chu tich", "chu toa", "quoc hoi", "thanh uy", "tinh uy", "huyen uy",
    "bao tang", "xi nghiep", "buu dien", "nong truong", "nha may", "cong ty", "tong cong ty", "tinh doan", "chi bo",
    "dang bo", "hoc vien", "chi nhanh", "kho bac", "bao hiem", "ngan hang", "lien doan", "cong doan", "quan khu",
    "su doan", "trung doan", "lu doan",
)  # fmt: skip
"""Beginnings of the bodies on whose behalf, or of which, someone signs."""

_MINISTER, _MINISTRY = "BỘ TRƯỞNG", "bo"


@dataclass(frozen=True, slots=True)
class Item:
    """A part of a title."""

    sort: str
    """`short`, `office`, `rank`, `body` or `strange`."""
    text: str
    comma: bool = False
    repaired: bool = False

    @property
    def short(self) -> str:
        """The short form without its stroke, empty for anything else."""
        return self.text.replace("/", "") if self.sort == "short" else ""


def title_items(words: Sequence[str]) -> list[Item]:
    """Return the items that the words of a title are."""
    found: list[Item] = []
    index = 0
    while index < len(words):
        bare = re.sub(r"^\W+|\W+$", "", words[index])
        if bare.upper() in SHORT_FORMS:
            found.append(Item("short", bare.upper()))
            index += 1
            continue
        taken = office_at(words, index)
        if taken is not None and taken.repaired and found and found[-1].sort == "body" and _spelled(words[index]):
            taken = None  # `BAN KIỂM PHIẾU`, `TRƯỞNG BAN` name no `HIỆU TRƯỞNG`
        if taken is not None and taken.repaired and _names_ministry(words, index, found):
            taken = None
        if taken is not None:
            sort, comma = "rank" if taken.is_rank else "office", words[index + taken.words - 1].endswith(",")
            found.append(Item(sort, taken.text, comma, taken.repaired))
            index += taken.words
            continue
        item = Item("strange", bare)
        if found and found[-1].sort == "body":
            found[-1] = Item("body", f"{found[-1].text} {bare}")
        else:
            found.append(Item("body", bare) if _begins_body(words, index, found) else item)
        index += 1
    return [_as_spelled(item) if item.sort == "body" else item for item in found]


def names_office(text: str) -> bool:
    """Return whether an office is named in a text."""
    return any(item.sort == "office" for item in title_items(nfc(text).split()))


def _as_spelled(body: Item) -> Item:
    """Return a body that is known but for marks on its letters as it is spelled."""
    words = body.text.split()
    for name in _JOINTLY:
        count = len(name.split())
        own = " ".join(words[:count])
        if own.isupper() and squeeze(own) == squeeze(name):
            if own in (name, name.replace("ỦY", "UỶ")):
                return body
            return Item("body", " ".join([name, *words[count:]]), body.comma, repaired=True)
    return body


def _spelled(word: str) -> bool:
    """Return whether a word is a syllable of no office: it is hardly a misread one then."""
    return is_syllable(word.lower()) and not is_word_of_offices(word)


def _names_ministry(words: Sequence[str], index: int, before: Sequence[Item]) -> bool:
    """Return whether a minister's ministry is named: `BỘ TRƯỞNG BỘ THƯƠNG MẠI` is no minister twice."""
    minister = bool(before) and before[-1].sort == "office" and before[-1].text.endswith(_MINISTER)
    return minister and squeeze(words[index]) == _MINISTRY and all(map(_is_spelled, words[index : index + 2]))


def _is_spelled(word: str) -> bool:
    return is_syllable(word.lower())


def _begins_body(words: Sequence[str], index: int, before: Sequence[Item]) -> bool:
    """Return whether the words name the body behind `TM.` or behind an office that has one."""
    rest = " ".join(squeeze(word) for word in words[index:]) + " "
    return bool(before) and before[-1].short != "KT" and rest.startswith(_BODIES)

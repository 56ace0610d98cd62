"""The titles of those who sign, word by word: who signs for whom, and whether a title is whole (NĐ 30/2020, App. I)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise, zip_longest

from domain.vietnamese import fold, nfc
from ocr.lexicon.matching import distance, squeeze
from ocr.lexicon.syllables import is_syllable

_HEADS = (
    "CHỦ TỊCH", "GIÁM ĐỐC", "TỔNG GIÁM ĐỐC", "BỘ TRƯỞNG", "THỦ TƯỚNG", "THỐNG ĐỐC", "CHỦ NHIỆM", "CHÁNH VĂN PHÒNG",
    "CHÁNH THANH TRA", "TỔNG THANH TRA", "TỔNG KIỂM TOÁN", "CHÁNH ÁN", "VIỆN TRƯỞNG", "HIỆU TRƯỞNG", "CỤC TRƯỞNG",
    "CHI CỤC TRƯỞNG", "TỔNG CỤC TRƯỞNG", "VỤ TRƯỞNG", "TRƯỞNG PHÒNG", "TRƯỞNG BAN", "TRƯỞNG CÔNG AN", "BÍ THƯ",
    "TỔNG BIÊN TẬP", "ĐỘI TRƯỞNG", "TRẠM TRƯỞNG", "TRƯỞNG TRẠM", "TRƯỞNG KHOA", "TRƯỞNG THÔN", "TRƯỞNG ẤP",
    "TỔ TRƯỞNG", "TRƯỞNG CHI NHÁNH", "TRƯỞNG ĐẠI DIỆN", "CHỈ HUY TRƯỞNG", "TƯ LỆNH", "TRƯỞNG ĐOÀN", "HẠT TRƯỞNG",
    "ĐỒN TRƯỞNG", "TỔNG LÃNH SỰ",
)  # fmt: skip
_OWN_DEPUTIES = {
    "BỘ TRƯỞNG": ("THỨ TRƯỞNG", "PHÓ BỘ TRƯỞNG"),
    "HIỆU TRƯỞNG": ("PHÓ HIỆU TRƯỞNG", "HIỆU PHÓ"),
    "CHÁNH VĂN PHÒNG": ("PHÓ CHÁNH VĂN PHÒNG", "PHÓ VĂN PHÒNG"),
}
_FIRST_DEPUTY = "THƯỜNG TRỰC"
"""Behind a deputy's title: `PHÓ CHỦ TỊCH THƯỜNG TRỰC`."""
_IN_CHARGE = "PHỤ TRÁCH"
"""Behind the title of a deputy who signs without `KT.` while there is no head."""
_SHORT_DEPUTY = "P. "
"""Of a deputy: `P. GIÁM ĐỐC`; a letter without the stop is a mark."""
_WITH_FIGURES = ("PHÒNG", "BAN", "KHOA", "ĐỘI TRƯỞNG", "TRẠM TRƯỞNG", "TRƯỞNG TRẠM", "TỔ TRƯỞNG", "VỤ TRƯỞNG")
"""Ends of offices behind which the number of the unit can stand: `TRƯỞNG PHÒNG 1`."""
_JOINTLY = (
    "ỦY BAN NHÂN DÂN", "HỘI ĐỒNG NHÂN DÂN", "BAN THƯỜNG VỤ", "BAN CHẤP HÀNH", "BAN THƯỜNG TRỰC", "BAN GIÁM HIỆU",
    "ĐOÀN CHỦ TỊCH", "HỘI ĐỒNG QUẢN TRỊ", "HỘI ĐỒNG THÀNH VIÊN", "HỘI ĐỒNG TRƯỜNG", "ỦY BAN KIỂM TRA",
)  # fmt: skip
"""Bodies on whose behalf someone signs, as they are spelled."""
_OTHERS = (
    "CHỦ TỌA", "CHỦ TOẠ", "CHỦ TRÌ", "THƯ KÝ", "ỦY VIÊN", "UỶ VIÊN", "ĐẠI DIỆN", "CÔNG CHỨNG VIÊN", "CÔNG CHỨC",
    "CÔNG CHỨC TƯ PHÁP", "CÔNG CHỨC TƯ PHÁP HỘ TỊCH", "CÔNG CHỨC TƯ PHÁP - HỘ TỊCH", "CÁN BỘ", "CÁN BỘ TƯ PHÁP",
    "THẨM PHÁN", "KẾ TOÁN TRƯỞNG", "NGƯỜI LẬP", "NGƯỜI LẬP BIỂU", "NGƯỜI LẬP BIÊN BẢN", "NGƯỜI GHI BIÊN BẢN",
    "THỦ TRƯỞNG CƠ QUAN", "THỦ TRƯỞNG ĐƠN VỊ",
)  # fmt: skip
_RANKS = tuple(
    f"{level} {rank}" for level in ("THIẾU", "TRUNG", "THƯỢNG", "ĐẠI") for rank in ("ÚY", "UÝ", "TÁ", "TƯỚNG")
)
_SHORT = frozenset({"TM", "KT", "TL", "TUQ", "Q", "T/M", "K/T", "T/L", "T/UQ"})
"""The strokes are those of the Party's papers (Hướng dẫn 36-HD/VPTW of 2018)."""
_FOR_OTHERS = ("TL", "TUQ")
"""Behind these and an office the one who signs has an office of his own."""
_JOINT_BODIES = ("ban thuong vu", "ban chap hanh", "doan chu tich")
"""Bodies of the Party and of the unions on whose behalf a deputy signs without `KT.`."""
_BODIES = (
    "uy ban", "ubnd", "vu ", "hoi dong", "hdnd", "chinh phu", "ban ", "so ", "phong ", "cong an", "van phong", "cuc ",
    "chi cuc", "tong cuc", "vien ", "toa an", "trung tam", "truong ", "benh vien", "dang uy", "thuong truc", "bo ",
    "doan ", "hoi ", "to chuc", "thanh tra", "doan chu tich", "chu toa", "quoc hoi", "thanh uy", "tinh uy", "huyen uy",
    "bao tang", "xi nghiep", "buu dien", "nong truong", "nha may",
)  # fmt: skip
"""Beginnings of the bodies on whose behalf, or of which, someone signs."""
_STOP = re.compile(r"\.\s*")
_LONGEST = 7
"""Words of an office."""
_ENOUGH = 7
"""Letters of an office of which one may be misread."""
_REST = 3
"""Letters behind a whole title, or words before the last one of a deputy's, that are taken for marks."""


@dataclass(frozen=True, slots=True)
class Title:
    """The title of a signer as it was understood."""

    text: str
    whole: bool
    """Whether nothing is missing: every word is known in its place, and who signs for another has both titles."""
    repaired: bool = False
    """Whether a word was put right from the list of offices."""
    completed: bool = False
    """Whether the title of the deputy, who alone can sign `KT.`, was added: its line was not read."""


@dataclass(frozen=True, slots=True)
class _Item:
    sort: str
    """`short`, `office`, `rank`, `body` or `strange`."""
    text: str
    comma: bool = False
    repaired: bool = False

    @property
    def short(self) -> str:
        """The short form without its stroke, empty for anything else."""
        return self.text.replace("/", "") if self.sort == "short" else ""


def read_title(text: str) -> Title:
    """Return what a title says, in the words of the list of offices."""
    items = _items([word for word in nfc(text).split() if re.search(r"\w", word)])
    rest = len(items) > 1 and items[-1].sort == "strange" and len(items[-1].text) <= _REST
    if rest and not _is_numbered(items) and _is_whole(items[:-1]):
        return Title(_text(items[:-1]), whole=True, repaired=True)
    if len(items) > 1 and items[0].sort == "strange" and len(items[0].text) <= _REST and _is_whole(items[1:]):
        return Title(_text(items[1:]), whole=True, repaired=True)
    missing = _missing_deputy(items)
    if missing:
        acting = items[:-1] if items[-2].sort == "office" else items
        return Title(f"{_text(acting)} {missing}", whole=False, repaired=True, completed=True)
    heads, half = _half_deputy(items)
    if half:
        return Title(f"{_text(items[:heads])} {half}", whole=False, repaired=True, completed=True)
    return Title(_text(items), whole=_is_whole(items), repaired=any(item.repaired for item in items))


def _is_numbered(items: Sequence[_Item]) -> bool:
    """Return whether a title ends with the number of a unit; it may be a mark, but is not left out."""
    return items[-1].text.isdigit() and items[-2].text.upper().endswith(_WITH_FIGURES)


def office_of(text: str, agency: str) -> str:
    """Return the office that ends with what was read of a title and is the agency itself (`THỦ TƯỚNG`), or nothing."""
    read = " ".join(nfc(text).upper().split())
    found = [name for name in _HEADS if name.endswith(f" {read}") and agency.upper().startswith(f"{name} ")]
    return found[0] if len(found) == 1 else ""


def is_of_title(text: str) -> bool:
    """Return whether all words of a text in capitals can stand in a title, though its first ones may have been lost."""
    words = [squeeze(word) for word in text.split() if squeeze(word)]
    return bool(words) and all(word in _vocabulary() for word in words) and any(len(word) > 2 for word in words)


def names_office(text: str) -> bool:
    """Return whether an office is named in a text."""
    return any(item.sort == "office" for item in _items(nfc(text).split()))


def begins_office(text: str) -> bool:
    """Return whether a text begins with the name of an office, e.g. `HIỆU TRƯỞNG TRƯỜNG …`."""
    words = nfc(text).split()
    taken = _office_at(words, 0) if words else None
    return taken is not None and taken[0].sort == "office"


def _items(words: Sequence[str]) -> list[_Item]:
    found: list[_Item] = []
    index = 0
    while index < len(words):
        bare = re.sub(r"^\W+|\W+$", "", words[index])
        if bare.upper() in _SHORT:
            found.append(_Item("short", bare.upper()))
            index += 1
            continue
        taken = _office_at(words, index)
        if taken is not None and taken[0].repaired and found and found[-1].sort == "body" and _spelled(words[index]):
            taken = None  # `BAN KIỂM PHIẾU`, `TRƯỞNG BAN` name no `HIỆU TRƯỞNG`
        if taken is not None:
            item, count = taken
            found.append(item)
            index += count
            continue
        item = _Item("strange", bare)
        if found and found[-1].sort == "body":
            found[-1] = _Item("body", f"{found[-1].text} {bare}")
        else:
            found.append(_Item("body", bare) if _begins_body(words, index, found) else item)
        index += 1
    return [_as_spelled(item) if item.sort == "body" else item for item in found]


def _as_spelled(body: _Item) -> _Item:
    """Return a body that is known but for marks on its letters as it is spelled."""
    words = body.text.split()
    for name in _JOINTLY:
        count = len(name.split())
        own = " ".join(words[:count])
        if own.isupper() and squeeze(own) == squeeze(name):
            if own in (name, name.replace("ỦY", "UỶ")):
                return body
            return _Item("body", " ".join([name, *words[count:]]), body.comma, repaired=True)
    return body


def _spelled(word: str) -> bool:
    """Return whether a word is a syllable of no office: it is hardly a misread one then."""
    return is_syllable(word.lower()) and squeeze(word) not in _vocabulary()


def _begins_body(words: Sequence[str], index: int, before: Sequence[_Item]) -> bool:
    """Return whether the words name the body behind `TM.` or behind an office that has one."""
    rest = " ".join(squeeze(word) for word in words[index:]) + " "
    return bool(before) and before[-1].short != "KT" and rest.startswith(_BODIES)


def _office_at(words: Sequence[str], index: int) -> tuple[_Item, int] | None:
    """Return the longest office or rank that begins at a word, and how many words it has."""
    for fuzzy in (False, True):
        for count in range(min(_LONGEST, len(words) - index), 0, -1):
            own = words[index : index + count]
            if count > 1 and any(word.strip(".").upper() in _SHORT for word in own[1:]):
                continue
            letters = squeeze(" ".join(own))
            name = _by_letters().get(letters) if not fuzzy else _nearest(own)
            if name is not None and name.startswith(_SHORT_DEPUTY) and not own[0].upper().startswith("P."):
                continue
            if fuzzy and name in _RANKS and all(is_syllable(word.lower()) for word in own):
                continue  # `TRUNG TÂM` is no `TRUNG TÁ`
            if fuzzy and squeeze(own[0]) == "nhanh":
                continue  # `CHI NHÁNH VĂN PHÒNG` is no `CHÁNH VĂN PHÒNG`
            if name is not None:
                read = " ".join(re.sub(r"^\W+|\W+$", "", word) for word in own if re.search(r"\w", word))
                sort = "rank" if name in _RANKS else "office"
                right = fuzzy or _STOP.sub(" ", read).casefold() not in _spellings(name)
                short = name.startswith(_SHORT_DEPUTY)
                shown = name if right or short or read.isupper() else read
                return _Item(sort, shown, comma=own[-1].endswith(","), repaired=right), count
    return None


def _spellings(name: str) -> frozenset[str]:
    """Return a name in small letters with both ways to place its tone marks, and without its dash."""
    plain = name.replace(" - ", " ").replace(_SHORT_DEPUTY, "P ").casefold()
    return frozenset({plain, *(n.replace(" - ", " ").casefold() for n in _all() if squeeze(n) == squeeze(name))})


def _is_whole(items: Sequence[_Item]) -> bool:
    """Return whether a title begins at its beginning and ends at its end, and nothing between is missing."""
    bare = [item for item in items if item.sort != "rank"]
    if not bare or any(item.sort == "strange" for item in bare):
        return False
    index, acting, joint = 0, tuple[str, ...](), False
    while index < len(bare):
        item = bare[index]
        if item.short == "TM":
            index += 2 if index + 1 < len(bare) and bare[index + 1].sort == "body" else len(bare) + 1
            joint = index <= len(bare) and fold(bare[index - 1].text).startswith(_JOINT_BODIES)
        elif item.sort == "short":
            heads, index = _heads(bare, index + 1)
            if not heads or (item.short != "Q" and index == len(bare)):
                return False
            acting = heads if item.short == "KT" else ()
        elif item.sort == "office":
            heads, index = _heads(bare, index)
            deputies = [deputy for head in acting for deputy in _deputies(head)]
            fits = any(h in deputies for h in heads) if acting else joint or not any(map(_is_deputy, heads))
            return fits and index == len(bare)
        else:
            return False
    return index == len(bare) and bare[-1].sort == "office"


def _heads(items: Sequence[_Item], index: int) -> tuple[tuple[str, ...], int]:
    """Return the offices from a place on that one person holds (`BỘ TRƯỞNG, CHỦ NHIỆM`), and the place behind them."""
    heads: list[str] = []
    while index < len(items) and items[index].sort == "office":
        heads.append(items[index].text.upper())
        index += 1
        more = items[index - 1].comma
        if index < len(items) and items[index].sort == "body":
            index += 1
        if not more:
            break
    return tuple(heads), index


def _missing_deputy(items: Sequence[_Item]) -> str:
    """Return the deputy's title where a title ends with `KT.` and one head, or that head again: `PHÓ` was lost."""
    if len(items) > 2 and items[-1].text == items[-2].text:
        items = items[:-1]
    ends = len(items) > 1 and items[-2].sort == "short" and items[-2].text == "KT" and items[-1].sort == "office"
    if not ends or not items[-1].text.isupper() or any(item.sort == "strange" for item in items):
        return ""
    return next(iter(_deputies(items[-1].text)), "")


def _half_deputy(items: Sequence[_Item]) -> tuple[int, str]:
    """Return a deputy's title of which only marks and the last word were read, behind `KT.` and the heads, or nothing.

    With the number of items before it.
    """
    heads = next((index for index, item in enumerate(items) if item.sort == "strange"), len(items))
    rest = items[heads:]
    acting = heads > 1 and items[0].short == "KT" and all(item.sort == "office" for item in items[1:heads])
    if not acting or not 0 < len(rest) <= _REST or any(item.sort != "strange" for item in rest):
        return heads, ""
    deputy = next(iter(_deputies(items[heads - 1].text.upper())), "")
    return heads, deputy if deputy and squeeze(deputy.split()[-1]) == squeeze(rest[-1].text) else ""


def repeats_itself(text: str) -> bool:
    """Return whether a word follows itself in a title: what stood between is lost, and with it who signed for whom.

    Not where one office ends and another begins with it: `TUQ. HIỆU TRƯỞNG TRƯỞNG PHÒNG ĐÀO TẠO`.
    """
    spelled = text.split()
    words = [squeeze(word) for word in spelled]
    return any(
        one == other
        and one
        and not (_ends_office(spelled[: index + 1]) and begins_office(" ".join(spelled[index + 1 :])))
        for index, (one, other) in enumerate(pairwise(words))
    )


def _ends_office(words: Sequence[str]) -> bool:
    """Return whether words are the short form for someone else's signature and that one's whole office."""
    items = _items(words)
    return len(items) == 2 and items[0].short in _FOR_OTHERS and items[1].sort == "office"


def _deputies(head: str) -> tuple[str, ...]:
    own = _OWN_DEPUTIES.get(head, (f"PHÓ {head}",) if head in _HEADS else ())
    short = (_SHORT_DEPUTY + head,) if own else ()
    return (*own, *(f"{deputy} {_FIRST_DEPUTY}" for deputy in own), *short)


def _is_deputy(office: str) -> bool:
    """Return whether an office is a deputy's who signs for the head; `P. GIÁM ĐỐC` does so without `KT.` too."""
    return not office.startswith(_SHORT_DEPUTY) and any(office in _deputies(head) for head in _HEADS)


def _text(items: Sequence[_Item]) -> str:
    """Return a title in one form of writing; of its commas only those between offices that one person holds."""
    texts = []
    for item, after in zip_longest(items, items[1:]):
        double = item.comma and after is not None and after.sort == "office" and not _is_deputy(after.text)
        stop = "." if item.sort == "short" and "/" not in item.text else "," if double else ""
        texts.append(item.text + stop)
    return " ".join(texts)


@cache
def _all() -> tuple[str, ...]:
    deputies = [deputy for head in _HEADS for deputy in _deputies(head)]
    in_charge = [f"{deputy} {_IN_CHARGE}" for deputy in deputies if not deputy.endswith(_FIRST_DEPUTY)]
    acting = [f"QUYỀN {head}" for head in _HEADS]
    return tuple(dict.fromkeys((*_HEADS, *deputies, *in_charge, *acting, *_OTHERS, *_RANKS)))


@cache
def _by_letters() -> dict[str, str]:
    return {squeeze(name): name for name in reversed(_all())}


def _nearest(words: Sequence[str]) -> str | None:
    """Return the only office that differs from some words in one letter of one of them."""
    bare = [re.sub(r"^\W+|\W+$", "", word).upper() for word in words]
    if len("".join(bare)) < _ENOUGH:
        return None
    near = [" ".join(name) for name in _by_length().get(len(bare), ()) if _one_letter_off(name, bare)]
    return near[0] if len(near) == 1 else None


def _one_letter_off(name: Sequence[str], words: Sequence[str]) -> bool:
    other = [(a, b) for a, b in zip(name, words, strict=True) if a != b]
    return len(other) == 1 and distance(squeeze(other[0][0]), squeeze(other[0][1]), 1) <= 1


@cache
def _by_length() -> dict[int, list[list[str]]]:
    """Return the words of the offices by how many they are."""
    found: dict[int, list[list[str]]] = {}
    for name in _all():
        if not name.startswith(_SHORT_DEPUTY):
            found.setdefault(len(name.split()), []).append(name.split())
    return found


@cache
def _vocabulary() -> frozenset[str]:
    return frozenset(fold(word) for name in _all() for word in name.replace("-", " ").split())

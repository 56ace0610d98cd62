"""The offices of those who sign: of heads, of their deputies and of others, and where one stands among words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

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
_OTHERS = (
    "CHỦ TỌA", "CHỦ TOẠ", "CHỦ TRÌ", "THƯ KÝ", "ỦY VIÊN", "UỶ VIÊN", "ĐẠI DIỆN", "CÔNG CHỨNG VIÊN", "CÔNG CHỨC",
    "CÔNG CHỨC TƯ PHÁP", "CÔNG CHỨC TƯ PHÁP HỘ TỊCH", "CÔNG CHỨC TƯ PHÁP - HỘ TỊCH", "CÁN BỘ", "CÁN BỘ TƯ PHÁP",
    "THẨM PHÁN", "KẾ TOÁN TRƯỞNG", "NGƯỜI LẬP", "NGƯỜI LẬP BIỂU", "NGƯỜI LẬP BIÊN BẢN", "NGƯỜI GHI BIÊN BẢN",
    "THỦ TRƯỞNG CƠ QUAN", "THỦ TRƯỞNG ĐƠN VỊ",
)  # fmt: skip
_RANKS = tuple(
    f"{level} {rank}" for level in ("THIẾU", "TRUNG", "THƯỢNG", "ĐẠI") for rank in ("ÚY", "UÝ", "TÁ", "TƯỚNG")
)
SHORT_FORMS = frozenset({"TM", "KT", "TL", "TUQ", "Q", "T/M", "K/T", "T/L", "T/UQ"})
"""Of who signs for whom; the strokes are those of the Party's papers (Hướng dẫn 36-HD/VPTW of 2018)."""
_NO_BEGINNING = "nhanh"
"""No misread beginning of an office: `CHI NHÁNH VĂN PHÒNG` is no `CHÁNH VĂN PHÒNG`."""
_STOP = re.compile(r"\.\s*")
_LONGEST = 7
"""Words of an office."""
_ENOUGH = 7
"""Letters of an office of which one may be misread."""


@dataclass(frozen=True, slots=True)
class Office:
    """An office, or a rank, that stands among words."""

    text: str
    words: int
    """How many words it has."""
    is_rank: bool = False
    repaired: bool = False
    """Whether a word was put right from the list of offices."""


def office_of(text: str, agency: str) -> str:
    """Return the office that ends with what was read of a title and is the agency itself (`THỦ TƯỚNG`), or nothing."""
    read = " ".join(nfc(text).upper().split())
    found = [name for name in _HEADS if name.endswith(f" {read}") and agency.upper().startswith(f"{name} ")]
    return found[0] if len(found) == 1 else ""


def is_of_title(text: str) -> bool:
    """Return whether all words of a text in capitals can stand in a title, though its first ones may have been lost."""
    words = [squeeze(word) for word in text.split() if squeeze(word)]
    return bool(words) and all(word in _vocabulary() for word in words) and any(len(word) > 2 for word in words)


def is_word_of_offices(word: str) -> bool:
    """Return whether a word stands in the name of an office or rank."""
    return squeeze(word) in _vocabulary()


def begins_office(text: str) -> bool:
    """Return whether a text begins with the name of an office, e.g. `HIỆU TRƯỞNG TRƯỜNG …`."""
    words = nfc(text).split()
    taken = office_at(words, 0) if words else None
    return taken is not None and not taken.is_rank


def office_at(words: Sequence[str], index: int) -> Office | None:
    """Return the longest office or rank that begins at a word."""
    for fuzzy in (False, True):
        for count in range(min(_LONGEST, len(words) - index), 0, -1):
            own = words[index : index + count]
            if count > 1 and any(word.strip(".").upper() in SHORT_FORMS for word in own[1:]):
                continue
            name = _nearest(own) if fuzzy else _by_letters().get(squeeze(" ".join(own)))
            if name is None or (name.startswith(_SHORT_DEPUTY) and not own[0].upper().startswith("P.")):
                continue
            if fuzzy and name in _RANKS and all(is_syllable(word.lower()) for word in own):
                continue  # `TRUNG TÂM` is no `TRUNG TÁ`
            if fuzzy and squeeze(own[0]) == _NO_BEGINNING:
                continue
            return _as_read(name, own, repaired=fuzzy)
    return None


def _as_read(name: str, own: Sequence[str], *, repaired: bool) -> Office:
    """Return an office as its words spell it, or as the list does where they spell it otherwise."""
    read = " ".join(re.sub(r"^\W+|\W+$", "", word) for word in own if re.search(r"\w", word))
    right = repaired or _STOP.sub(" ", read).casefold() not in _spellings(name)
    listed = right or name.startswith(_SHORT_DEPUTY) or read.isupper()
    return Office(name if listed else read, len(own), is_rank=name in _RANKS, repaired=right)


def _spellings(name: str) -> frozenset[str]:
    """Return a name in small letters with both ways to place its tone marks, and without its dash."""
    plain = name.replace(" - ", " ").replace(_SHORT_DEPUTY, "P ").casefold()
    return frozenset({plain, *(n.replace(" - ", " ").casefold() for n in _all() if squeeze(n) == squeeze(name))})


def deputies_of(head: str) -> tuple[str, ...]:
    """Return the titles of the deputies of a head, none for any other office."""
    own = _OWN_DEPUTIES.get(head, (f"PHÓ {head}",) if head in _HEADS else ())
    short = (_SHORT_DEPUTY + head,) if own else ()
    return (*own, *(f"{deputy} {_FIRST_DEPUTY}" for deputy in own), *short)


def is_deputy(office: str) -> bool:
    """Return whether an office is a deputy's who signs for the head; `P. GIÁM ĐỐC` does so without `KT.` too."""
    return not office.startswith(_SHORT_DEPUTY) and any(office in deputies_of(head) for head in _HEADS)


@cache
def _all() -> tuple[str, ...]:
    deputies = [deputy for head in _HEADS for deputy in deputies_of(head)]
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

"""The titles of those who sign, word by word: who signs for whom, and whether a title is whole (NĐ 30/2020, App. I)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest

from domain.vietnamese import fold, nfc
from ocr.lexicon.matching import squeeze
from ocr.lexicon.offices import begins_office, deputies_of, is_deputy
from ocr.lexicon.title_items import Item, title_items

_WITH_FIGURES = ("PHÒNG", "BAN", "KHOA", "ĐỘI TRƯỞNG", "TRẠM TRƯỞNG", "TRƯỞNG TRẠM", "TỔ TRƯỞNG", "VỤ TRƯỞNG")
"""Ends of offices behind which the number of the unit can stand: `TRƯỞNG PHÒNG 1`."""
_FOR_OTHERS = ("TL", "TUQ")
"""Behind these and an office the one who signs has an office of his own."""
_JOINT_BODIES = ("ban thuong vu", "ban chap hanh", "ban thuong truc", "uy ban kiem tra", "doan chu tich")
"""Bodies of the Party, the Front and the unions on whose behalf a deputy signs without `KT.`."""
_OF_COMMITTEES = ("BÍ THƯ",)
"""Offices of which the holders, and their deputies, sign on behalf of a committee: `T/M BAN THƯỜNG VỤ`."""
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


def read_title(text: str) -> Title:
    """Return what a title says, in the words of the list of offices."""
    items = title_items([word for word in nfc(text).split() if re.search(r"\w", word)])
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


def _is_numbered(items: Sequence[Item]) -> bool:
    """Return whether a title ends with the number of a unit; it may be a mark, but is not left out."""
    return items[-1].text.isdigit() and items[-2].text.upper().endswith(_WITH_FIGURES)


def _is_whole(items: Sequence[Item]) -> bool:
    """Return whether a title begins at its beginning and ends at its end, and nothing between is missing."""
    bare = [item for item in items if item.sort != "rank"]
    if not bare or any(item.sort == "strange" for item in bare):
        return False
    index, acting, joint = 0, tuple[str, ...](), False
    for_others = bare[0].sort == "short"
    while index < len(bare):
        item = bare[index]
        if item.short == "TM":
            index += 2 if index + 1 < len(bare) and bare[index + 1].sort == "body" else len(bare) + 1
            joint = index <= len(bare) and fold(bare[index - 1].text).startswith(_JOINT_BODIES)
        elif item.short in _FOR_OTHERS and index + 2 < len(bare) and bare[index + 1].sort == "body":
            index, acting = index + 2, ()
        elif item.sort == "short":
            heads, index = _heads(bare, index + 1)
            if not heads or (item.short != "Q" and index == len(bare)):
                return False
            acting = heads if item.short == "KT" else ()
        elif item.sort == "office":
            heads, index = _heads(bare, index)
            deputies = [deputy for head in acting for deputy in deputies_of(head)]
            if not for_others and heads[0].removeprefix("PHÓ ").startswith(_OF_COMMITTEES):
                return False
            fits = any(h in deputies for h in heads) if acting else joint or not any(map(is_deputy, heads))
            return fits and index == len(bare)
        else:
            return False
    return index == len(bare) and bare[-1].sort == "office"


def _heads(items: Sequence[Item], index: int) -> tuple[tuple[str, ...], int]:
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


def _missing_deputy(items: Sequence[Item]) -> str:
    """Return the deputy's title where a title ends with `KT.` and one head, or that head again: `PHÓ` was lost."""
    if len(items) > 2 and items[-1].text == items[-2].text:
        items = items[:-1]
    ends = len(items) > 1 and items[-2].sort == "short" and items[-2].text == "KT" and items[-1].sort == "office"
    if not ends or not items[-1].text.isupper() or any(item.sort == "strange" for item in items):
        return ""
    return next(iter(deputies_of(items[-1].text)), "")


def _half_deputy(items: Sequence[Item]) -> tuple[int, str]:
    """Return a deputy's title of which only marks and the last word were read, behind `KT.` and the heads, or nothing.

    With the number of items before it.
    """
    heads = next((index for index, item in enumerate(items) if item.sort == "strange"), len(items))
    rest = items[heads:]
    acting = heads > 1 and items[0].short == "KT" and all(item.sort == "office" for item in items[1:heads])
    if not acting or not 0 < len(rest) <= _REST or any(item.sort != "strange" for item in rest):
        return heads, ""
    deputy = next(iter(deputies_of(items[heads - 1].text.upper())), "")
    return heads, deputy if deputy and squeeze(deputy.split()[-1]) == squeeze(rest[-1].text) else ""


def _ends_office(words: Sequence[str]) -> bool:
    """Return whether words are the short form for someone else's signature and that one's whole office."""
    items = title_items(words)
    return len(items) == 2 and items[0].short in _FOR_OTHERS and items[1].sort == "office"


def _text(items: Sequence[Item]) -> str:
    """Return a title in one form of writing; of its commas only those between offices that one person holds."""
    texts = []
    for item, after in zip_longest(items, items[1:]):
        double = item.comma and after is not None and after.sort == "office" and not is_deputy(after.text)
        stop = "." if item.sort == "short" and "/" not in item.text else "," if double else ""
        texts.append(item.text + stop)
    return " ".join(texts)

"""Names of people, sex, ethnicity, nationality, and plain text."""

import re

from ocr.matching import distance, squeeze
from ocr.parsers.parsed import Parsed, clean

_NAME = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*(?: [^\W\d_]+(?:['’\-][^\W\d_]+)*){1,7}")
_HONORIFIC = re.compile(r"^(?:ông/bà|ông \(bà\)|ông|bà|anh|chị)\s*[:.]?\s+(?=\S)", re.IGNORECASE)
_UNKNOWN_PARENT = {"khongxacdinh", "khongro"}
SEXES = ("Nam", "Nữ")
ETHNICITIES = (
    "Kinh", "Tày", "Thái", "Hoa", "Khmer", "Khơ-me", "Mường", "Nùng", "Mông", "H'Mông", "Hmông", "Dao", "Gia Rai",
    "Gia-rai", "Jrai", "Ngái", "Ê-đê", "Ê Đê", "Ba Na", "Ba-na", "Bana", "Xơ Đăng", "Xơ-đăng", "Sán Chay", "Cơ Ho",
    "Cơ-ho", "Chăm", "Sán Dìu", "Hrê", "Mnông", "M'Nông", "M'nông", "Ra Glai", "Ra-glai", "Xtiêng", "S'Tiêng",
    "S'tiêng", "Stiêng", "X'tiêng", "Bru Vân Kiều", "Bru-Vân Kiều", "Thổ", "Giáy", "Cơ Tu", "Cơ-tu", "Gié Triêng",
    "Giẻ Triêng", "Gié-Triêng", "Mạ", "Khơ Mú", "Co", "Tà Ôi", "Tà-ôi", "Chơ Ro", "Chơ-ro", "Kháng", "Xinh Mun",
    "Xinh-mun", "Hà Nhì", "Chu Ru", "Chu-ru", "Lào", "La Chí", "La Ha", "Phù Lá", "La Hủ", "Lự", "Lô Lô", "Chứt",
    "Mảng", "Pà Thẻn", "Cơ Lao", "Cống", "Bố Y", "Si La", "Pu Péo", "Brâu", "Ơ Đu", "Rơ Măm",
)  # fmt: skip


def parse_text(text: str) -> Parsed:
    """Return a text with single blanks and without leaders."""
    bare = clean(text)
    return Parsed(bare) if bare else Parsed(None, "empty")


def parse_name(text: str) -> Parsed:
    """Return a person's name as printed."""
    bare = _HONORIFIC.sub("", clean(text))
    if not bare:
        return Parsed(None, "empty")
    if squeeze(bare) in _UNKNOWN_PARENT:
        return Parsed(None, "empty")
    return Parsed(bare) if _NAME.fullmatch(bare) else Parsed(None, "name_unreadable")


def parse_sex(text: str) -> Parsed:
    """Return `Nam` or `Nữ`."""
    return _choice(text, SEXES, "sex_unreadable")


def parse_ethnicity(text: str) -> Parsed:
    """Return the name of one of the peoples of Vietnam as printed; another one has a problem."""
    return _choice(text, ETHNICITIES, "ethnicity_unlisted")


def parse_nationality(text: str) -> Parsed:
    """Return a nationality."""
    bare = clean(text)
    if not bare:
        return Parsed(None, "empty")
    if distance("vietnam", squeeze(bare), 1) <= 1:
        return Parsed("Việt Nam", "" if bare.casefold() == "việt nam" else "spelling_repaired")
    return Parsed(bare) if re.fullmatch(r"[^\W\d_]+(?:[ \-][^\W\d_]+)*", bare) else Parsed(None, "text_unreadable")


def _choice(text: str, choices: tuple[str, ...], problem: str) -> Parsed:
    bare = clean(text)
    if not bare:
        return Parsed(None, "empty")
    for choice in choices:
        if bare.casefold() == choice.casefold():
            return Parsed(choice)
    letters = squeeze(bare)
    near = [c for c in choices if distance(squeeze(c), letters, 1) <= (1 if len(letters) > 2 else 0)]
    exact = [c for c in near if squeeze(c) == letters]
    if len(exact) == 1 or (not exact and len(near) == 1):
        return Parsed((exact or near)[0], "spelling_repaired")
    return Parsed(None, problem)

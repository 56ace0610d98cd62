"""Names of people, sex, ethnicity, nationality, and plain text."""

import re
from typing import Final

from domain.vietnamese import fold
from ocr.fields.parsers.parsed import Parsed, clean
from ocr.lexicon.countries import countries
from ocr.lexicon.matching import distance, squeeze

_NAME = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*(?: [^\W\d_]+(?:['’\-][^\W\d_]+)*){1,7}")
_COUPLE = re.compile(rf"{_NAME.pattern} và (?:vợ là |chồng là )?(?:ông|bà) {_NAME.pattern}")
_ORGANIZATION = re.compile(
    r"(?:tổng công ty|công ty|doanh nghiệp|hợp tác xã|liên hiệp|ngân hàng|tập đoàn|chi nhánh|trường|trung tâm"
    r"|ban quản lý|ủy ban nhân dân|ubnd|hộ kinh doanh|quỹ|nhà thờ|giáo xứ|chùa|bệnh viện|viện|sở|phòng) \S+ \S",
    re.IGNORECASE,
)
"""What an organization's name begins with, where a paper is issued to one."""
_LONE_NAME = re.compile(r"[HKYRNMC]['’][^\W\d_]{2,}")
"""Names of one word, as peoples of the Central Highlands bear them: `K'Tiên`."""
DEGREES: Final = "GS|PGS|PTSKH|PTS|TSKH|TS|ThS|CN|KS|KTS|LS|BS|BSCK|CK|DS|DSCK|YS|ĐD|KTV|NHS|NGND|NGƯT|TTND|TTƯT"
"""Degrees and honorary titles before a name, as a part of a pattern; of doctors a grade follows, e.g. `BSCKII`."""
RANKS: Final = "(?:thiếu|trung|thượng|đại) (?:úy|uý|tá|tướng)"
"""Ranks of the army and the police, the same."""
_DEGREE = re.compile(rf"^(?:(?:{DEGREES})I{{0,2}}\b[.,\s]*)+(?=\S)")
_RANK = re.compile(rf"^{RANKS}\s+(?=\S)", re.IGNORECASE)
_LOST_APOSTROPHE = re.compile(r"(?<![^\W\d_])([HKMNRY])\?(?=[^\W\d_]{2})")
"""Of names of the uplands: `H?Nhiếc`; a question mark stands in no name."""
_HONORIFIC = re.compile(r"^(?:ông/bà|ông \(bà\)|ông(?! (?:thị|ích)\b)|bà|anh|chị)\s*[:.]?\s+(?=\S)", re.IGNORECASE)
"""`Ông` before `Thị` or `Ích` is a family name."""
_AROUND = re.compile(r"^[\W_]+|[\W_]+$")
_LETTERS = re.compile(r"[^\W\d_]+")
_NAME_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_VOWELS = frozenset("aeiouy")
_OF_TWO = re.compile(r"((?:^| )[A-ZÀ-ỸĐ]{2,} [A-ZÀ-ỸĐ]{2,}) ?([–-]) ?((?!PHÓ|NHÂN)[A-ZÀ-ỸĐ]{2,} [A-ZÀ-ỸĐ]{2,})")
"""The dash between two fields of work in a title: `CÔNG CHỨC TƯ PHÁP - HỘ TỊCH`."""
_FOR = re.compile(r"\b(TM|KT|TL|TUQ|Q)\s*[.,]\s*", re.IGNORECASE)
_BEHIND_DEPUTY = re.compile(r"\bPHÓ\s*[–-]\s*(?=\w)")
"""A speck: the office follows at once."""
_DEPUTY = "P."
"""Before the head's office: `P. GIÁM ĐỐC`."""
_SHORT_FORMS = frozenset({"TM", "KT", "TL", "TUQ", "Q", "TS", "ThS", "BS", "PGS", "GS"})
_UNKNOWN_PARENT = {"khongxacdinh", "khongro"}
SEXES = ("Nam", "Nữ")
ETHNICITIES = (
    "Kinh", "Tày", "Thái", "Hoa", "Khmer", "Khơ-me", "Mường", "Nùng", "Mông", "H'Mông", "Hmông", "Dao", "Gia Rai",
    "Gia-rai", "Jrai", "Ngái", "Ê-đê", "Ê Đê", "Ba Na", "Ba-na", "Bana", "Xơ Đăng", "Xơ-đăng", "Sán Chay", "Cơ Ho",
    "Cơ-ho", "Chăm", "Sán Dìu", "Hrê", "Mnông", "M'Nông", "M'nông", "Ra Glai", "Ra-glai", "Xtiêng", "S'Tiêng",
    "S'tiêng", "Stiêng", "X'tiêng", "Bru Vân Kiều", "Bru-Vân Kiều",
    "Bru - Vân Kiều", "Thổ", "Giáy", "Cơ Tu", "Cơ-tu", "Gié Triêng",
    "Giẻ Triêng", "Gié-Triêng", "Mạ", "Khơ Mú", "Co", "Tà Ôi", "Tà-ôi", "Chơ Ro", "Chơ-ro", "Kháng", "Xinh Mun",
    "Xinh-mun", "Hà Nhì", "Chu Ru", "Chu-ru", "Lào", "La Chí", "La Ha", "Phù Lá", "La Hủ", "Lự", "Lô Lô", "Chứt",
    "Mảng", "Pà Thẻn", "Cơ Lao", "Cống", "Bố Y", "Si La", "Pu Péo", "Brâu", "Ơ Đu", "Rơ Măm",
)  # fmt: skip

_HOME = "vietnam"
_SHORT = 3
"""Letters of a word behind a name that is taken for a mark."""
_IN_TWO_WORDS = {"Bana": "Ba Na"}
"""Blanks are easily lost; the list of peoples (QĐ 421-TCTK/1979) has these names in two words."""


def parse_text(text: str) -> Parsed:
    """Return a text with single blanks and without leaders."""
    bare = clean(text)
    return Parsed(bare) if bare else Parsed(None, "empty")


def parse_name(text: str) -> Parsed:
    """Return a person's name as printed."""
    bare = _HONORIFIC.sub("", _RANK.sub("", _DEGREE.sub("", _AROUND.sub("", clean(text)))))
    if not bare:
        return Parsed(None, "empty")
    if _LOST_APOSTROPHE.search(bare):
        return Parsed(parse_name(_LOST_APOSTROPHE.sub(r"\1'", bare)).value, "spelling_repaired")
    if _ORGANIZATION.match(bare):
        return Parsed(bare)
    if _LONE_NAME.fullmatch(bare):
        return Parsed(bare, "name_unusual")
    if squeeze(bare) in _UNKNOWN_PARENT:
        return Parsed(None, "empty")
    name = _in_capitals(bare)
    if name:  # marks and small letters behind a name in capitals are no part of it
        return Parsed(name, "spelling_repaired")
    head, _, last = bare.rpartition(" ")
    if last.islower() and len(last) <= _SHORT and head.istitle() and _NAME.fullmatch(head):
        return Parsed(head, "spelling_repaired")  # a mark was read as small letters
    if not (_NAME.fullmatch(bare) or _COUPLE.fullmatch(bare)):
        return Parsed(None, "name_unreadable")
    lone = any(len(word) == 1 and fold(word) not in _VOWELS for word in bare.split())
    lone = lone or re.search(r"[Il][,.;_]$", text.rstrip()) is not None  # the foot of an L: `RƯƠI,` for `RƯƠL`
    return Parsed(bare, "name_unusual" if lone else "")  # `H NHI`: the apostrophe of `H'NHI` was lost


def _in_capitals(text: str) -> str:
    """Return the name in capitals with which a text begins, empty where it is the whole text or there is none."""
    words = text.split()
    letters = [_NAME_WORD.match(word) for word in words]
    count = next((i for i, found in enumerate(letters) if found is None or not found.group().isupper()), len(words))
    kept = [found.group() for found in letters[:count] if found is not None]
    broken = next((i + 1 for i, word in enumerate(kept) if word != words[i]), count)
    name = " ".join(kept[:broken])
    ended = broken > 0 and kept[broken - 1] != words[broken - 1]  # by a sign
    digits = broken < len(words) and not ended and re.match(r"\w*\d", words[broken])  # a letter was taken for a digit
    return name if broken > 1 and name != text and len(text) - len(name) > 1 and not digits else ""


def parse_office(text: str) -> Parsed:
    """Return the title of an office as printed, without stray marks: `KT. CHỦ TỊCH PHÓ CHỦ TỊCH`."""
    bare = _FOR.sub(lambda found: f"{found[1].upper()}. ", clean(text))
    bare = _OF_TWO.sub(r"\1 \2 \3", _BEHIND_DEPUTY.sub("PHÓ ", bare))
    bare_words = (word for word in bare.split() if re.search(r"\w|^[–-]$", word))
    words = [word if word == _DEPUTY else re.sub(r"^[^\w(]+|[^\w),]+$", "", word) or "-" for word in bare_words]
    words = [
        word for i, word in enumerate(words) if word != "-" or _OF_TWO.search(" ".join(words[max(0, i - 2) : i + 3]))
    ]
    bare = " ".join(f"{word}." if word in _SHORT_FORMS else word for word in words)
    return Parsed(bare) if bare else Parsed(None, "empty")


def parse_sex(text: str) -> Parsed:
    """Return `Nam` or `Nữ`."""
    return _choice(text, SEXES, "sex_unreadable")


def parse_ethnicity(text: str) -> Parsed:
    """Return the name of one of the peoples of Vietnam as printed; another one has a problem."""
    parsed = _choice(text, ETHNICITIES, "ethnicity_unlisted")
    return Parsed(_IN_TWO_WORDS.get(parsed.value or "", parsed.value), parsed.problem)


def parse_nationality(text: str) -> Parsed:
    """Return the name of a country; one that is not listed as it was read, with a problem."""
    bare = clean(text)
    if not bare:
        return Parsed(None, "empty")
    if bare.casefold() == "nữ":
        return Parsed(None, "text_unreadable")  # the sex, which cards print beside it
    lost = fold(bare).startswith("vi") or bare.casefold() == "nam"  # of `Việt Nam`, or of `Nam Phi`
    listed = _choice(bare, countries(), "nationality_unlisted")
    if not listed.problem or (listed.value is not None and not lost):
        return listed
    of_home = distance(_HOME, squeeze(bare), 2) <= 2 or re.fullmatch(r"việt(?: nam .{1,3})?", bare, re.IGNORECASE)
    if of_home:  # with a mark behind it, or without its end: of no other country's name is `Việt` a word
        return Parsed("Việt Nam", "spelling_repaired")
    if lost or not re.fullmatch(r"[^\W\d_]+(?:[ \-][^\W\d_]+)*", bare):
        return Parsed(bare if lost else None, "text_unreadable")
    return Parsed(bare, "nationality_unlisted")


def _choice(text: str, choices: tuple[str, ...], problem: str) -> Parsed:
    bare = clean(text)
    if not bare:
        return Parsed(None, "empty")
    for choice in choices:
        if bare.casefold() == choice.casefold():
            return Parsed(choice)
    letters = squeeze(bare)
    limit = 0 if len(letters) <= 2 else 1
    near = [c for c in choices if distance(squeeze(c), letters, 1) <= limit]
    exact = [c for c in near if squeeze(c) == letters]
    exact = [c for c in exact if fold(c) == fold(bare)] or exact  # of several ways to write one, the one that was read
    if len(exact) == 1 or (not exact and len({squeeze(c) for c in near}) == 1):  # of two ways to write one, the first
        return Parsed((exact or near)[0], "spelling_repaired")
    return Parsed(None, problem)

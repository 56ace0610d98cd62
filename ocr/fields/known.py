"""Which words of a value are known to be spelled so in their place: of names, units, provinces, usual phrases."""

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from importlib import resources
from itertools import pairwise

from domain.vietnamese import fold, nfc
from ocr.fields.kinds import FieldRule
from ocr.lexicon.named_places import Surroundings, is_told, place_itself, places_in
from ocr.lexicon.syllables import is_syllable
from ocr.lexicon.units import Units

_UNIT_WORDS = frozenset(
    {"tỉnh", "huyện", "quận", "phường", "xã", "ấp", "thôn", "tổ", "bản", "buôn", "làng", "xóm", "đường", "số", "khóm"}
)
_UNIT_PAIRS = frozenset(
    {
        ("thành", "phố"),
        ("thị", "xã"),
        ("thị", "trấn"),
        ("khu", "phố"),
        ("tổ", "dân"),
        ("dân", "phố"),
        ("đặc", "khu"),
        ("thửa", "đất"),
        ("lô", "đất"),
        ("tờ", "bản"),
        ("bản", "đồ"),
    }
)
_OFFICES = frozenset({
    "kt", "tm", "tl", "tuq", "q", "phó", "chủ", "tịch", "giám", "đốc", "trưởng", "phòng", "ban", "bộ", "thứ", "thủ",
    "tướng", "chánh", "văn", "hiệu", "cục", "vụ", "chi", "tổng", "viện", "kiểm", "sát", "án", "tòa", "toà", "công",
    "chứng", "viên", "hộ", "tư", "pháp", "chức", "nhân", "dân", "ủy", "uỷ", "hội", "đồng", "nhiệm", "thanh", "tra",
    "bí", "thư", "ký", "tọa", "toạ", "kế", "toán", "quyền", "p", "phụ", "trách", "t", "m", "k", "l", "uq",
    "chấp", "hành", "thường", "trực", "thẩm", "phán", "thống", "khoa", "đoàn", "huy", "chỉ", "lệnh", "đội", "trạm",
})  # fmt: skip
"""Words of the titles of those who sign."""
_FIGURES = re.compile(r"[\d.,/\-]*\d[\d.,/\-]*")
_USUAL = re.compile(r"[\w/.,;:&+%°²³\-–()]*")
_WORD, _ANY_WORD = re.compile(r"[^\W_]+"), re.compile(r"\S+")
_ABBREVIATIONS = frozenset({
    "thpt", "thcs", "ubnd", "hđnd", "ubmttq", "bhyt", "bhxh", "bhtn", "tnhh", "tmcp", "dntn", "htx", "hkd", "cmnd",
    "cccd", "gcn", "gcnqsdđ", "qsdđ", "qsh", "tthc", "gtgt", "gpxd", "gplx", "tttt", "tnmt", "gdđt", "ch", "cs", "ql",
    "đt", "tl",
})  # fmt: skip
"""Short forms that stand in capitals: no syllables, and nothing strange."""
_FREE = frozenset({"quý"})
"""Words that stand beside any other: a quarter of a year, a form of address."""


_NOWHERE = Surroundings()


def listed_words(value: str, rule: FieldRule, units: Units, around: Surroundings = _NOWHERE) -> tuple[bool, ...]:
    """Return for each word of a value whether it is known to be spelled so where it stands.

    Args:
        value: The value.
        rule: What it is.
        units: Provinces, agencies and names.
        around: The provinces and districts that the paper names.
    """
    words = [_bare(word) for word in value.split()]
    if rule.known and _phrase(value) in {_phrase(text) for text in rule.known}:
        return tuple(True for _ in words)
    if rule.source == "signer_title":
        return tuple(all(part in _OFFICES for part in _WORD.findall(word)) for word in words)
    if rule.form in ("sex", "ethnicity", "nationality"):
        return tuple(True for _ in words)  # of a closed list, or a problem
    if rule.form == "name":
        return tuple(word in units.given_names or word in units.family_names for word in words)
    if rule.form in ("address", "agency"):
        told = _told(value, around, address=rule.form == "address")
        return tuple(map(any, zip(_of_place(words, units), told, strict=True)))
    if rule.source == "place":
        return tuple(is_told(place_itself(value, around)) for _ in words)
    free = rule.form == "text" and not rule.known
    return _in_usual_pairs(words) if free else tuple(False for _ in words)


def _in_usual_pairs(words: Sequence[str]) -> tuple[bool, ...]:
    """Return which words stand beside a word that they usually stand beside."""
    found = [False] * len(words)
    for index, pair in enumerate(pairwise(words)):
        if pair in _usual_pairs().get((fold(pair[0]), fold(pair[1])), ()):
            found[index] = found[index + 1] = True
    return tuple(found)


def _told(value: str, around: Surroundings, *, address: bool) -> tuple[bool, ...]:
    """Return for each word of a value whether it is of a place that is listed where the paper says it lies."""
    places = [one for one in places_in(value, around, address=address) if is_told(one)]
    starts = [match.start() for match in _ANY_WORD.finditer(value)]
    return tuple(any(place.start <= start < place.end for place in places) for start in starts)


def strange_words(value: str, listed: Sequence[bool]) -> int:
    """Return how many words of a value are neither listed nor syllables, figures or signs in capitals."""
    words = (_bare(word) for word, known in zip(value.split(), listed, strict=True) if not known)
    return sum(_is_strange(word) for word in words)


def _is_strange(word: str) -> bool:
    if word in _ABBREVIATIONS:
        return False
    return (not is_syllable(word)) if word.isalpha() else _USUAL.fullmatch(word) is None


def _of_place(words: Sequence[str], units: Units) -> tuple[bool, ...]:
    """Return which words of an address or of an agency's name are figures, unit words, a known body or province."""
    known = [word in _UNIT_WORDS or _FIGURES.fullmatch(word) is not None or word == "" for word in words]
    for index, pair in enumerate(pairwise(words)):
        if pair in _UNIT_PAIRS:
            known[index] = known[index + 1] = True
    bodies = _phrases(units.agencies)
    for count in range(len(words), 1, -1):
        if " ".join(filter(None, words[:count])) in bodies:
            known[:count] = [True] * count
            break
    names = {tuple(nfc(unit.name).lower().split()) for unit in units.provinces}
    for count in (1, 2, 3):
        if tuple(words[-count:]) in names and len(words) > count:
            known[-count:] = [True] * count
    return tuple(known)


def against_usage(text: str, known: Sequence[str] = ()) -> bool:
    """Return whether two words of a text are a usual pair of words but for their diacritics.

    Words that are spelled as usual beside their other neighbor say nothing: `hồ sơ cấp` is no `sổ cấp`.

    Args:
        text: A value, or a part of one.
        known: Usual values of its field, whose pairs of words are usual there.
    """
    spelled = _WORD.findall(nfc(text))
    words, usual, here = _words(text), _usual_pairs(), _by_letters(tuple(known))
    for index, pair in enumerate(pairwise(words)):
        letters = fold(pair[0]), fold(pair[1])
        others = usual.get(letters, frozenset()) | here.get(letters, frozenset())
        if not others or pair in others or _FREE & {*pair} or _of_name(spelled, index):
            continue
        left, right = words[max(0, index - 1) : index + 1], words[index + 1 : index + 3]
        first = all(other[0] == pair[0] for other in others) or _is_usual(left)
        second = all(other[1] == pair[1] for other in others) or _is_usual(right)
        if not (first and second):
            return True
    return False


def _of_name(words: Sequence[str], index: int) -> bool:
    """Return whether a word and the next one are of a name, three words with a capital: `Lương Gia Định`."""
    around = words[max(0, index - 1) : index + 3]
    return any(all(map(str.istitle, around[start : start + 3])) for start in range(len(around) - 2))


def _is_usual(words: Sequence[str]) -> bool:
    """Return whether words are two that usually stand so."""
    return len(words) == 2 and (words[0], words[1]) in _usual_pairs().get((fold(words[0]), fold(words[1])), ())


def usual_spellings(before: str, word: str, after: str) -> frozenset[str]:
    """Return how a word, in small letters, is usually spelled beside one of its neighbors; empty if not known."""
    if word in _FREE:
        return frozenset()
    usual, letters = _usual_pairs(), fold(word)
    behind = {pair[1] for pair in usual.get((fold(before), letters), ()) if pair[0] == before}
    return frozenset(behind | {pair[0] for pair in usual.get((letters, fold(after)), ()) if pair[1] == after})


@cache
def _usual_pairs() -> Mapping[tuple[str, str], frozenset[tuple[str, str]]]:
    """Return the pairs of words of the phrases of administrative papers, by their letters; names of places left out."""
    lines = resources.files("configs").joinpath("reading", "phrases.txt").read_text("utf-8").splitlines()
    return _by_letters(tuple(line for line in lines if line[:1].islower()))


@lru_cache(maxsize=256)
def _by_letters(phrases: tuple[str, ...]) -> Mapping[tuple[str, str], frozenset[tuple[str, str]]]:
    """Return the pairs of words of phrases, in small letters, by their letters without diacritics."""
    found: dict[tuple[str, str], frozenset[tuple[str, str]]] = {}
    for phrase in phrases:
        for pair in pairwise(_words(phrase)):
            letters = fold(pair[0]), fold(pair[1])
            found[letters] = found.get(letters, frozenset()) | {pair}
    return found


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(nfc(text))]


@lru_cache(maxsize=8)
def _phrases(texts: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(_phrase, texts))


def _bare(word: str) -> str:
    return nfc(word).lower().strip(".,;:()\"'“”-–")


def _phrase(text: str) -> str:
    return " ".join(filter(None, map(_bare, text.split())))

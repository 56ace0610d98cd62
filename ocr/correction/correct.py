"""Misreadings of Vietnamese print put right where the picture supports it; what was read first is kept beside."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from itertools import pairwise

from domain.vietnamese import fold
from ocr.correction.context import settle_names
from ocr.correction.glued import apart, parted
from ocr.correction.mottoes import with_dashes
from ocr.correction.specks import Around, around_lines, without_specks
from ocr.correction.usage import as_used
from ocr.correction.wordings import restore_wordings
from ocr.lexicon.phrases import Phrase, follows, known_phrases
from ocr.lexicon.syllables import is_syllable, strip_tone
from ocr.page.reading_order import PlacedWord

_ETH_BESIDE = re.compile("(?<=Đ)\u00d0|\u00d0(?=Đ)|(?<=đ)\u00f0|\u00f0(?=đ)")
"""The Icelandic letter beside the Vietnamese one that looks the same: one letter, read twice."""
_STRANGE = str.maketrans(
    {
        "\u00d0": "Đ",
        "\u00f0": "đ",
        "ø": "g",
        "ƒ": "f",
        "⁄": "/",
        "∕": "/",
        "ı": "i",
        "¡": "i",
        "ſ": "f",
        "ﬁ": "fi",
        "ﬂ": "fl",
    }
)
_DIGITS = str.maketrans("OoÓlIL|]GSBZ", "000111116582")
_NUMBER_HEAD = re.compile(r"^(?=[^/]*\d)([\dOoÓlI|\]GSBZ]+)(?=/)")
_LETTERED = re.compile(r"^(?:[1-9]\d*|0\d+)[IGSBZ](?=[/.,;]|$)")
"""A number with a letter behind, as houses and papers have them, or with a digit that was taken for one."""
_LETTERED_SERIAL = re.compile(r"^[IO]\d+[.,;:]*$")
_LENGTHS = frozenset({9, 10, 12, 13})
"""Of identity numbers, tax codes and telephone numbers, which have no letters."""
_WITH_ROMAN = frozenset({"thôn", "ấp", "tổ"})
_ROMAN = re.compile(r"^I{1,2}[.,:;)]*$")
_DATE = re.compile(r"^(?=.*\d)([\dOoÓlI|\]]{1,2})([/-])([\dOoÓlI|\]]{1,2})\2([\dOoÓlI|\]]{4})(\D*)$")
_LONG_NUMBER = re.compile(r"^(?=(?:[^\d]*\d){6})([\dOolI|\]]{7,})([.,;:]*)$")
_BEFORE_NUMBERS = frozenset({"điều", "khoản", "ngày", "tháng", "năm", "tổ", "thôn", "ấp"})
_LONE_NUMBER = re.compile(r"^([\dlIL|\]]{1,2})([.,:;)]*)$")
_STRAY = re.compile(r"^['‘’`]+(?=\w)(?!.*['’])")
_QUOTED = re.compile(r"['’]\W*$")
_OFFICE_FILE = re.compile(r"^V[FIÍÌỈĨỊY1l]([.,;]*)$")
"""Misreadings of `VT`, the records office, which keeps the original of every paper: `Lưu: VT`."""
_SQUARE = re.compile(r"^m[2²]?\?([.,;)]*)$")
_MACHINE_LINE = re.compile(r"^(?=.*<<)[A-Z0-9<]{25,}$")
_CARD_LINE = re.compile(r"^[IT1L]DVNM(?=\d)")
_NAME_LINE = re.compile(r"^[A-Z0158]+<+[A-Z0158]")
_LETTERS_OF_NAMES = str.maketrans("0158", "OISB")
_SYLLABLE = re.compile(r"^(\W*)([^\W\d_]+)(\W*)$")
_BREAK = re.compile(r"[,.;:()]")
_DASHES = frozenset("-–—")
_ENOUGH_LETTERS = 100
_LEAST_MARKED = 0.12
"""Share of letters with a diacritic; Vietnamese has 0.25 and more, also where some were misread."""
_LONGEST_PHRASE = 8
_FEW_SYLLABLES = 3
"""Phrases with more of them are told from what only looks like them, whatever their capitals."""
_UNITS = frozenset({"xã", "phường", "huyện", "quận", "tỉnh"})
_OF_COMMUNES = frozenset({"xã", "phường", "trấn"})
_LONGEST_NAME = 5
"""Words of a person's name."""
_FORMS_OF_ADDRESS = frozenset({"bà", "ông", "anh", "chị", "em", "cháu"})
_REPLACED = 0.7
"""Most confidence of a syllable that could have been printed as it was read, but was given other diacritics."""
_REPLACED_NAME = 0.45
"""The same for names of places, so that a person looks at it in any case."""
_UNSURE = 0.45
"""Confidence of what can be a digit or a letter, so that a person looks at it."""
_CERTAIN = 0.93
"""Word confidence from which a word that is a syllable is left as it was read."""
_CERTAIN_IN_LONG = 0.99
"""The same within a phrase of three and more syllables, which says more than the engine's confidence."""
_ALIKE = ("\u0301", "\u0309")
"""Acute, for the hook above: in small print they differ in a pixel, and both models are sure of the wrong one."""
_CERTAIN_NAME = 0.6
"""The same for names of places: people have nearly the same names."""


@dataclass(frozen=True, slots=True)
class _Spelled:
    """A syllable: its letters without tone, and the tone; one form for both ways to place the mark."""

    bare: str
    tone: str


def correct(words: Sequence[PlacedWord]) -> tuple[PlacedWord, ...]:
    """Return the words with strange letters, digits and diacritics put right; a corrected word keeps its `raw` text."""
    found: list[PlacedWord] = []
    for word in words:
        found += apart(word)
    lines: dict[int, list[PlacedWord]] = {}
    for word in found:
        lines.setdefault(word.line, []).append(word)
    if _lost_diacritics(found):
        return tuple(word for line in lines.values() for word in _with_plain_signs(line))
    plain = [sorted(_with_plain_signs(line), key=lambda word: word.left) for line in lines.values()]
    pairs = zip(plain, around_lines(plain), strict=True)
    return settle_names([word for line, around in pairs for word in _corrected_line(line, around)])


def _lost_diacritics(words: Sequence[PlacedWord]) -> bool:
    """Return whether a page was printed without diacritics, so that none may be given to it."""
    letters = "".join(char for word in words for char in word.text if char.isalpha())
    marked = sum(fold(char) != char.lower() for char in letters)
    return len(letters) >= _ENOUGH_LETTERS and marked < _LEAST_MARKED * len(letters)


def _with_plain_signs(line: Sequence[PlacedWord]) -> list[PlacedWord]:
    """Return the words of a line without strange letters, and with digits where only numbers stand."""
    quoted = any(_QUOTED.search(word.text) for word in line)
    words = [_changed(word, _letters(word.text, quoted=quoted)) for word in line]
    return [_with_digits(word, words[index - 1].text if index else "") for index, word in enumerate(words)]


def _corrected_line(line: Sequence[PlacedWord], around: Around) -> list[PlacedWord]:
    words = without_specks(line, follows, around)
    return as_used(parted(_phrases(restore_wordings(with_dashes(words)))))


def _changed(word: PlacedWord, text: str) -> PlacedWord:
    return word if text == word.text else replace(word, text=text, raw=word.raw or word.text)


def _letters(text: str, *, quoted: bool) -> str:
    """Replace letters that Vietnamese print does not have by those they are misread for."""
    plain = _ETH_BESIDE.sub("", text).translate(_STRANGE)
    plain = plain if quoted else _STRAY.sub("", plain)
    return plain.replace("//", "/") if "⁄" in text else plain


def _with_digits(word: PlacedWord, before: str) -> PlacedWord:
    """Return a word with digits where only a number can stand; what can be a letter too stays, and is not sure."""
    serial = _LETTERED_SERIAL.match(word.text) and len(word.text.rstrip(".,;:")) not in _LENGTHS
    if serial or _LETTERED.match(word.text) or (before.lower() in _WITH_ROMAN and _ROMAN.match(word.text)):
        return replace(word, confidence=min(word.confidence, _UNSURE))
    return _changed(word, _number(word.text, before))


def _number(text: str, before: str) -> str:
    """Read look-alike letters as digits where only a number can stand."""
    date = _DATE.match(text)
    if date:
        return text[: date.start(5)].translate(_DIGITS) + date.group(5)
    head = _NUMBER_HEAD.match(text)
    if head:
        return head.group(1).translate(_DIGITS) + text[head.end() :]
    long = _LONG_NUMBER.match(text)
    if long:
        return long.group(1).translate(_DIGITS) + long.group(2)
    square = _SQUARE.match(text)
    if square and before[-1:].isdigit():
        return "m²" + square.group(1)
    if _MACHINE_LINE.match(text):
        return _machine_line(text)
    kept = _OFFICE_FILE.match(text)
    if kept and fold(before) == "luu:":
        return "VT" + kept.group(1)
    lone = _LONE_NUMBER.match(text)
    if lone and before.lower() in _BEFORE_NUMBERS:
        return lone.group(1).translate(_DIGITS) + lone.group(2)
    return text


def _machine_line(text: str) -> str:
    """Put right what an identity card's machine-readable line cannot have: its start, and digits in the names."""
    if _CARD_LINE.match(text):
        return "ID" + text[2:]
    return text.translate(_LETTERS_OF_NAMES) if _NAME_LINE.match(text) and "VNM<" not in text else text


def _phrases(words: Sequence[PlacedWord]) -> list[PlacedWord]:
    """Give doubtful words the diacritics of the only known phrase that has the same letters, across dashes too."""
    known = known_phrases()
    result = list(words)
    own = [number for number, word in enumerate(words) if word.text not in _DASHES]
    parts = [_SYLLABLE.match(words[number].text) for number in own]
    read = [part.group(2).lower() if part else "" for part in parts]
    folded = [fold(syllable) for syllable in read]
    index = 0
    while index < len(own) - 1:
        phrase = _phrase_at(known, read, folded, index) if (folded[index], folded[index + 1]) in known else None
        if phrase is None or not _may_stand(phrase, parts, index):
            index += 1
            continue
        if phrase.is_other:
            index += len(phrase.syllables) - 1
            continue
        differ = _differing(read[index:], phrase)
        if differ == len(phrase.syllables) and all(map(is_syllable, read[index : index + differ])):
            index += 1  # other words with the same letters
            continue
        for place, syllable in enumerate(phrase.syllables, index):
            result[own[place]] = _with_diacritics(words[own[place]], parts[place], syllable, phrase, alone=differ == 1)
        index += len(phrase.syllables)
    return result


def _phrase_at(
    known: Mapping[tuple[str, ...], tuple[Phrase, ...]], read: Sequence[str], folded: Sequence[str], index: int
) -> Phrase | None:
    """Return the longest phrase that the words at a place can only be."""
    for size in range(min(_LONGEST_PHRASE, len(folded) - index), 1, -1):
        last = index + size - 1
        candidates = known.get(tuple(folded[index : last + 1]), ())
        others = [phrase for phrase in candidates if phrase.is_other]
        kept = [phrase for phrase in others if _differing(read[index : last + 1], phrase) <= (size > 2)]
        if kept:
            return kept[0]
        usual = [phrase for phrase in candidates if not phrase.is_other]
        if len(usual) == 1 and not _is_torn(known, usual[0], read[index : last + 2], folded[last : last + 2]):
            return usual[0]
    return None


def _is_torn(
    known: Mapping[tuple[str, ...], tuple[Phrase, ...]], phrase: Phrase, read: Sequence[str], behind: Sequence[str]
) -> bool:
    """Return whether a phrase's last word begins another one as it was read: `có quan | hệ`, `diện tích sản | xuất`.

    Args:
        read: The words that may be the phrase, and the one behind them.
        behind: The letters of the last two of these.
    """
    size = len(phrase.syllables)
    first = 0 if size == 2 else size - 1  # of longer ones the rest tells that they are meant
    same = all(_spelled(a) == _spelled(b) for a, b in zip(read[first:size], phrase.syllables[first:], strict=True))
    other = known.get(tuple(behind), ())
    return not same and any(_spelled(p.syllables[0]) == _spelled(read[size - 1]) for p in other)


def _may_stand(phrase: Phrase, parts: Sequence[re.Match[str] | None], index: int) -> bool:
    """Return whether a phrase can stand at a place: no sign within it, in small letters, and no part of a name."""
    size = len(phrase.syllables)
    found = [part for part in parts[index : index + size] if part]
    if any(
        _BREAK.search(left.group(3) + right.group(1)) and not (left.group(3) == "," and place in phrase.commas)
        for place, (left, right) in enumerate(pairwise(found))
    ):
        return False
    texts = [part.group(2) for part in found]
    run = _capital_run(parts, index)
    run = run[1:] if run and run[0].lower() in _FORMS_OF_ADDRESS else run
    named = 2 <= len(run) <= _LONGEST_NAME and run[0].lower() in _family_names() and len(run) > size
    if all(text.isupper() for text in texts):
        before = [part.group(2).lower() for part in parts[max(0, index - 2) : index] if part]
        of_place = size == 2 and not _OF_COMMUNES.isdisjoint(before)  # XÃ AN HỘI ĐÔNG, THỊ TRẤN VÂN HÒA
        if of_place or (texts[0].lower() in _UNITS and texts[0].lower() != phrase.syllables[0]):
            return False  # PHƯỜNG AN LẠC is no `phương án`
        return not named and not _is_filled_in(parts, index)
    if phrase.is_name:
        return not named and all(text[0].isupper() for text in texts)
    large = sum(text[0].isupper() for text in texts[1:])
    return size > _FEW_SYLLABLES or large == 0 or (size == _FEW_SYLLABLES and large == 1 and texts[-1].islower())


def _capital_run(parts: Sequence[re.Match[str] | None], index: int) -> Sequence[str]:
    """Return the words around a place that begin with a capital letter, without signs between them."""

    def goes_on(left: re.Match[str] | None, right: re.Match[str] | None) -> bool:
        if left is None or right is None or _BREAK.search(left.group(3) + right.group(1)):
            return False
        return left.group(2)[0].isupper() and right.group(2)[0].isupper()

    first = last = index
    while first and goes_on(parts[first - 1], parts[first]):
        first -= 1
    while last + 1 < len(parts) and goes_on(parts[last], parts[last + 1]):
        last += 1
    return [part.group(2) for part in parts[first : last + 1] if part]


def _is_filled_in(parts: Sequence[re.Match[str] | None], index: int) -> bool:
    """Return whether words in capitals stand behind a label in small letters."""
    return any(part is not None and not part.group(2).isupper() and ":" in part.group(3) for part in parts[:index])


def _differing(read: Sequence[str], phrase: Phrase) -> int:
    """Return how many syllables of a phrase were read otherwise."""
    return sum(_spelled(a) != _spelled(b) for a, b in zip(read, phrase.syllables, strict=False))


def _with_diacritics(
    word: PlacedWord, part: re.Match[str] | None, syllable: str, phrase: Phrase, *, alone: bool
) -> PlacedWord:
    """Return a word with the diacritics of a phrase's syllable; `alone` if the others were read as they are there."""
    if part is None:
        return word
    read, name = part.group(2), phrase.is_name
    long = len(phrase.syllables) >= _FEW_SYLLABLES
    small = (
        alone
        and not name
        and strip_tone(read.lower())[0] == strip_tone(syllable)[0]
        and _tones(read, syllable) == _ALIKE
    )
    certain = _CERTAIN_NAME if name else _CERTAIN_IN_LONG if long or small else _CERTAIN
    if word.confidence >= certain and is_syllable(read):
        return word
    if _spelled(read.lower()) == _spelled(syllable) or len(read) != len(syllable):
        return word
    cased = "".join(new.upper() if old.isupper() else new for old, new in zip(read, syllable, strict=True))
    if is_syllable(read):
        word = replace(word, confidence=min(word.confidence, _REPLACED_NAME if name else _REPLACED))
    return _changed(word, part.group(1) + cased + part.group(3))


def _tones(read: str, printed: str) -> tuple[str, str]:
    return strip_tone(read.lower())[1], strip_tone(printed)[1]


@cache
def _family_names() -> frozenset[str]:
    names = tomllib.loads(resources.files("configs").joinpath("units", "names.toml").read_text("utf-8"))
    return frozenset(name.lower() for name in names["family"])


def _spelled(syllable: str) -> _Spelled:
    return _Spelled(*strip_tone(syllable))

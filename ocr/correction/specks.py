"""Specks that were read as signs within words and between them, told by what cannot be printed there."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from ocr.lexicon.gazetteer import gazetteer, spelled
from ocr.lexicon.syllables import is_syllable
from ocr.lexicon.wordings import printed_wordings
from ocr.page.reading_order import PlacedWord

_GLUED = re.compile(r"^(\W*)([^\W\d_]+)([.,:;'$]{1,2})([^\W\d_]+)(\W*)$")
_AFTER_FIGURE = re.compile(r"^(\d{1,4})([.,;:])([^\W\d_]+\W*)$")
_BEFORE_FIGURE = re.compile(r"^([^\W\d_]+)([.;:,])(\d{1,4}[.,;:]?)$")
_OF_DATES = frozenset({"ngày", "tháng", "năm"})
_ENDED = re.compile(r"^(\W*)([^\W\d_]+)([.:;])$")
_STRANGE_START = re.compile(r"^[¿¡_]+(?=[^\W_])(?!.*@)")
_HEADING = re.compile(
    r"^(?P<specks>(?=[-'\"“]*[.,:;!_`¿¡/\\|])[-.,:;!_'`¿¡/\\|\"“]+[iIlj1|]{0,2})(?P<word>[^\W\d_]{2,})$"
)
"""A word of a heading behind what was read for specks: signs that stand before none, and thin strokes."""
_OPENED = re.compile(r"^[\"“]['\"“]?(?=\w)")
_CLOSED = re.compile(r"[\"”]\W*$")
_ITEM = re.compile(r"^(\d{1,2})[,:;]$")
_NUMBERED = re.compile(r"^(\d{1,2})[.):;,]$")
_NO_ITEMS = frozenset({
    "điều", "khoản", "điểm", "mục", "chương", "phần", "luật", "bộ", "nghị", "thôn", "ấp", "khóm", "khu", "xóm", "đường",
    "phường", "xã", "quận", "huyện", "tỉnh",
})  # fmt: skip
"""Words in citations and addresses, behind a number that stands on a new line for want of room: `Điều 5, Luật …`."""
_END_OF_PAPER = re.compile(r"[.,:;]/[.,]$")
_UNITS = frozenset({"xã", "phường", "trấn", "huyện", "quận", "tỉnh", "phố", "thôn", "ấp"})
"""Words behind which a name stands, not the end of a sentence."""
_OF_ADDRESSES = frozenset({"com", "net", "org", "gov", "edu", "vn", "info"})
"""Ends of names on the Internet, some of which look like syllables."""
_ALONE = frozenset({"ở", "ý", "ủy"})
"""Words of a single letter, or such that no sentence ends with, that no abbreviation is."""
_QUOTED_PART = re.compile(r"[\"“](?:Điều|Khoản|Mục|Chương|Phụ|[0-9]+[.)]|[a-zđ][.)])")
"""With it a quotation of several lines begins, as in decisions that amend others."""
_LONGEST_NAME = 4
"""Words of a name of a place."""
_LONGEST_QUOTATION = 12
"""Lines of a quotation whose end is looked for."""
_LATER_MARK = 0.8
"""Word confidence below which a mark within a line is a speck, if no quotation ends behind it."""
_DOUBTFUL = 0.93
_LESS = 0.9
"""Times its confidence, what a word has of which a sign was taken for a speck."""
_WIDE = 2.0
"""Times their height: words that are farther apart do not follow one another."""

_Follows = Callable[[str, str], bool]
"""Whether a word is known to follow another one, both in small letters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What other lines of a page say about the signs of one of them."""

    items: frozenset[int] = frozenset()
    """Numbers with which lines begin as items of a list do, whatever sign was read behind them: `2.`, `3)`."""
    quoted: bool = False
    """Whether a quotation that begins on the line ends on a later one."""


def around_lines(lines: Sequence[Sequence[PlacedWord]]) -> list[Around]:
    """Return for each line of a page, its words from left to right, what the others say."""
    numbers = [_NUMBERED.match(line[0].text) for line in lines if len(line) > 1 and line[1].text[:1].isupper()]
    items = frozenset(int(number[1]) for number in numbers if number)
    found: list[Around] = []
    for place in range(len(lines)):
        later = (word.text for line in lines[place + 1 : place + 1 + _LONGEST_QUOTATION] for word in line)
        mark = next((text for text in later if _OPENED.match(text) or _CLOSED.search(text)), "")
        found.append(Around(items=items, quoted=bool(mark) and not _OPENED.match(mark)))
    return found


def without_specks(line: Sequence[PlacedWord], follows: _Follows, around: Around) -> list[PlacedWord]:
    """Return the words of a line without signs that are specks; `raw` keeps what was read.

    A full stop before a small letter is one, and a colon or semicolon within words that are known to belong together
    and end no label of a form.
    Two words with a speck between them come apart.
    """
    words = [part for word in line for part in _apart(word, follows)]
    words[:1] = [_without_before_heading(word, words[1:2], follows) for word in words[:1]]
    closed = max((place for place, word in enumerate(words) if _CLOSED.search(word.text)), default=-1)
    for place, word in enumerate(words):
        after = words[place + 1] if place + 1 < len(words) else None
        quoted = around.quoted or place <= closed
        words[place] = _without(word, after, follows, place=place, line=words, around=replace(around, quoted=quoted))
    return words


def _without_before_heading(word: PlacedWord, after: Sequence[PlacedWord], follows: _Follows) -> PlacedWord:
    """Return the first word of a line in capitals without specks that were read as signs and strokes before it.

    The next word must be known to follow it, in capitals too: `/¿iIXÁC NHẬN:`.
    """
    glued = _HEADING.match(word.text)
    following = after[0].text.rstrip(".,:;") if after else ""
    if glued is None or word.confidence >= _DOUBTFUL or not (following.isupper() and is_syllable(following)):
        return word
    text = glued["word"]
    if not (text.isupper() and is_syllable(text) and follows(text.lower(), following.lower())):
        return word
    left = word.left + (word.right - word.left) * glued.start("word") / len(word.text)
    confidence = word.confidence * _LESS
    return replace(word, text=text, left=left, confidence=confidence, raw=word.raw or word.text)


def _apart(word: PlacedWord, follows: _Follows) -> Iterator[PlacedWord]:
    """Yield the two words of one in which a speck, or a comma, stands between them; any other as it is."""
    texts = _texts(word.text, follows)
    if not texts:
        yield word
        return
    step = (word.right - word.left) / len(word.text)
    cut = word.left + step * len(texts[0])
    confidence = word.confidence * _LESS
    raw = word.raw or word.text
    yield replace(word, text=texts[0], right=cut, confidence=confidence, raw=raw)
    start = word.right - step * len(texts[1])
    yield replace(word, text=texts[1], left=start, confidence=confidence, raw=raw)


def _texts(text: str, follows: _Follows) -> tuple[str, str] | None:
    dated = _BEFORE_FIGURE.match(text)
    if dated and (dated[1].lower() in _OF_DATES or (dated[2] == "." and dated[1].islower() and _is_word(dated[1]))):
        return dated[1], dated[3]
    figure = _AFTER_FIGURE.match(text)
    if figure and figure[3][:2].islower() and _is_word(figure[3].rstrip(".,;:")):
        return figure[1] + ("," if figure[2] == "," else ""), figure[3]
    glued = _GLUED.match(text)
    if glued is None:
        return None
    before, first, signs, second, behind = glued.groups()
    alike = second.islower() or (first.isupper() and second.isupper()) or (first in _UNITS and second.istitle())
    if not alike or not (_is_word(first) and _is_word(second)) or second.lower() in _OF_ADDRESSES:
        return None
    if signs == "." or follows(first.lower(), second.lower()):
        kept = ""
    elif "," in signs:
        kept = ","
    else:
        return None
    return before + first + kept, second + behind


def _without(
    word: PlacedWord,
    after: PlacedWord | None,
    follows: _Follows,
    *,
    place: int,
    line: Sequence[PlacedWord],
    around: Around,
) -> PlacedWord:
    text = _STRANGE_START.sub("", word.text)
    quoted = around.quoted or _QUOTED_PART.match(text) is not None or (place > 0 and line[place - 1].text.endswith(":"))
    if word.confidence < (_LATER_MARK if place else _DOUBTFUL) and not quoted:
        text = _OPENED.sub("", text)
    if after is None:
        text = _END_OF_PAPER.sub("./.", text)
    else:
        item = _ITEM.match(text) if place == 0 else None
        listed = item is not None and not around.items.isdisjoint({int(item[1]) - 1, int(item[1]) + 1})
        if item and listed and after.text[:1].isupper() and _is_item(after.text):
            text = f"{item[1]}."
        ended = _ENDED.match(text)
        near = after.left - word.right < _WIDE * (word.bottom - word.top)
        doubted = ended is not None and (ended[3] == "." or word.confidence < _DOUBTFUL)
        if (
            ended
            and near
            and doubted
            and (_goes_on(ended, after, follows) or _is_before_name(ended, line[place + 1 :]))
        ):
            text = text[:-1]
    return (
        word
        if text == word.text
        else replace(word, text=text, confidence=word.confidence * _LESS, raw=word.raw or word.text)
    )


def _is_item(text: str) -> bool:
    letters = text.strip(".,;:")
    return is_syllable(letters) and letters[1:].islower() and letters.lower() not in _NO_ITEMS


def _goes_on(ended: re.Match[str], after: PlacedWord, follows: _Follows) -> bool:
    """Return whether no sentence and no abbreviation ends before the next word."""
    own, other = ended[2], after.text.rstrip(".,;:)")
    if not (_is_word(own) and other.isalpha() and is_syllable(other)):
        return False
    known = follows(own.lower(), other.lower())
    if ended[3] == ":" and f"{own.lower()}:" in _ends_of_labels():
        return False
    if other.islower():
        return ended[3] == "." or known
    return known and own.isupper() and other.isupper()


def _is_before_name(ended: re.Match[str], behind: Sequence[PlacedWord]) -> bool:
    """Return whether a full stop stands between a unit word and a listed name of two and more words.

    Anything else with a capital begins a sentence: `trên địa bàn huyện. Sở Tài chính`.
    """
    if ended[2] not in _UNITS or ended[3] != ".":
        return False
    texts = [word.text.rstrip(".,;:)") for word in behind[:_LONGEST_NAME]]
    names = (" ".join(texts[:size]) for size in range(2, len(texts) + 1))
    return any(spelled(place.name) == spelled(name) for name in names for place in gazetteer().alike(name))


@cache
def _ends_of_labels() -> frozenset[str]:
    """Return the last words of the labels of forms, with the colon behind them, in small letters."""
    return frozenset(tokens[-1].lower() for tokens in printed_wordings() if tokens[-1].endswith(":"))


def _is_word(text: str) -> bool:
    """Return whether letters are a syllable, and no abbreviation of one letter."""
    return is_syllable(text) and (len(text) > 1 or text.lower() in _ALONE)

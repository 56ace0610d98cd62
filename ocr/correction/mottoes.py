"""The dashes of mottoes, e.g. between `Độc lập` and `Tự do`, which fade, or are taken for other signs."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from ocr.lexicon.matching import squeeze
from ocr.lexicon.wordings import printed_wordings
from ocr.page.reading_order import PlacedWord

_ROOM = 0.6
"""Times the height of a word, the white that holds a dash."""


def with_dashes(line: Sequence[PlacedWord]) -> list[PlacedWord]:
    """Return the words with the dashes of mottoes that were lost, or taken for other signs, where there is room."""
    words = list(line)
    for tokens in _dashed():
        wanted = [squeeze(token) for token in tokens if squeeze(token)]
        own = [place for place, word in enumerate(words) if squeeze(word.text)]
        read = [squeeze(words[place].text) for place in own]
        start = next((at for at in range(len(read)) if read[at : at + len(wanted)] == wanted), None)
        if start is None:
            continue
        behind = [number for number, token in enumerate(filter(squeeze, tokens)) if _is_before_dash(tokens, token)]
        for number in reversed(behind):
            left, right = own[start + number], own[start + number + 1]
            words[left : right + 1] = _dashed_pair(words[left], words[left + 1 : right], words[right])
    return words


def _is_before_dash(tokens: Sequence[str], token: str) -> bool:
    place = tokens.index(token) + 1
    return place < len(tokens) and not squeeze(tokens[place])


def _dashed_pair(left: PlacedWord, signs: Sequence[PlacedWord], right: PlacedWord) -> list[PlacedWord]:
    """Return two words with a dash between them, if there is one sign or room for one."""
    gap = right.left - left.right
    if any(sign.text in ("-", "–", "—") for sign in signs) or len(signs) > 1 or gap < _ROOM * (left.bottom - left.top):
        return [left, *signs, right]
    text = left.text.rstrip(".,:;'")
    first = left if text == left.text else replace(left, text=text, raw=left.raw or left.text)
    dash = replace(
        left,
        text="-",
        raw=signs[0].raw or signs[0].text if signs else "",
        confidence=min(left.confidence, right.confidence),
        left=left.right + gap / 3,
        right=right.left - gap / 3,
    )
    return [first, dash, right]


@cache
def _dashed() -> tuple[tuple[str, ...], ...]:
    """Return the wordings with dashes between words and no slash, e.g. the motto."""
    return tuple(tokens for tokens in printed_wordings() if "-" in tokens and "/" not in tokens)

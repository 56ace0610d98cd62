"""What a parser makes of a text, and the cleaning that all of them share."""

import re
from dataclasses import dataclass

from domain.vietnamese import nfc

_LEADERS = re.compile(r"\.{2,}|…+|_{2,}|\s(?:[._·•~*'`|ˆ^=¬‹›<>«»\\]+|[\-–—]{2,})(?=\s|$)|^[\s.\-–—_·•~*'`|:;,]+")
_TAIL = re.compile(r"[\s.,;:\-–—_·•~*'`|…°ºª˚ˆ¨´¬=^\\]+$")
_STRAY_STOP = re.compile(r"(?<=[a-zà-ỹ]{2})\.(?= [a-zà-ỹ])")
_OPENING = re.compile(r"^[ˆ„“”\"‘’«»‚´¨˜]+\s*(?=\w)")
_CLOSING = re.compile(r"[“”\"’»]")
_STRAY_BEFORE = re.compile(r"(?<=\s)[.,;:'`~^*]+(?=[^\W\d_])")
"""Specks that were read as signs before a word."""
_BLANKS = re.compile(r"\s+")
_DIGIT_LOOK_ALIKES = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1", "|": "1", "S": "5", "B": "8", "Z": "2"})


@dataclass(frozen=True, slots=True)
class Parsed:
    """A normalized value, or why there is none."""

    value: str | None
    """None where nothing certain could be made of the text."""
    problem: str = ""
    """Code of what is wrong; a value with a problem must be looked at by a person."""


def clean(text: str) -> str:
    """Return a text in NFC with single blanks, without leaders and without stray marks at its ends."""
    bare = _LEADERS.sub(" ", nfc(text))
    bare = _LEADERS.sub(" ", _BLANKS.sub(" ", bare)).strip()
    bare = _TAIL.sub("", _STRAY_STOP.sub("", _STRAY_BEFORE.sub("", bare)))
    if not _CLOSING.search(bare[1:]):
        bare = _OPENING.sub("", bare)  # a speck before the first letter
    return _BLANKS.sub(" ", bare).strip()


def digits_for_letters(text: str) -> str:
    """Return a text with letters that are easily read for digits as those digits."""
    return text.translate(_DIGIT_LOOK_ALIKES)

"""How far a text that was read is from the truth: strict, and free of the order of its lines."""

import re
import unicodedata
from collections.abc import Hashable, Sequence
from itertools import product

_SAME_SIGNS = str.maketrans({"–": "-", "—": "-", "−": "-", "“": '"', "”": '"', "‘": "'", "’": "'", "…": "..."})
_LEADERS = re.compile(r"[._]{3,}")


def normalize(text: str) -> str:
    """Return the text in NFC, dashes and quotes of one form, without dot leaders, white space as single blanks."""
    plain = unicodedata.normalize("NFC", text).translate(_SAME_SIGNS)
    return " ".join(_LEADERS.sub(" ", plain).split())


def distance(first: Sequence[Hashable], second: Sequence[Hashable]) -> int:
    """Return the least number of insertions, deletions and replacements between two sequences (Myers, Hyyrö)."""
    return _scan(first, second, anywhere=False)


def best_place(pattern: Sequence[Hashable], text: Sequence[Hashable]) -> int:
    """Return the least distance between a pattern and any part of a text."""
    return _scan(pattern, text, anywhere=True)


def strict_errors(read: str, segments: Sequence[Sequence[str]], *, most: int = 81) -> tuple[int, int]:
    """Return the distance to the nearest legal reading order, and that reading's length.

    Args:
        segments: each with its legal readings.
        most: how many orders are tried.
    """
    orders = list(product(*segments))[:most]
    measured = [
        (distance(normalize(" ".join(order)), normalize(read)), len(normalize(" ".join(order)))) for order in orders
    ]
    return min(measured)


def free_errors(read: str, lines: Sequence[str]) -> tuple[int, int]:
    """Return the errors of the lines, each at its best place in what was read, and their length."""
    text = normalize(read)
    wanted = [line for line in map(normalize, lines) if line]
    return sum(min(best_place(line, text), len(line)) for line in wanted), sum(map(len, wanted))


def word_errors(read: str, segments: Sequence[Sequence[str]], *, most: int = 81) -> tuple[int, int]:
    """Return the word errors against the nearest legal reading order, and its number of words."""
    words = normalize(read).split()
    orders = [normalize(" ".join(order)).split() for order in list(product(*segments))[:most]]
    return min((distance(order, words), len(order)) for order in orders)


def _scan(pattern: Sequence[Hashable], text: Sequence[Hashable], *, anywhere: bool) -> int:
    size = len(pattern)
    if size == 0:
        return 0 if anywhere else len(text)
    places: dict[Hashable, int] = {}
    for index, item in enumerate(pattern):
        places[item] = places.get(item, 0) | 1 << index
    mask, last = (1 << size) - 1, 1 << (size - 1)
    positive, negative, score = mask, 0, size
    best = score
    for item in text:
        equal = places.get(item, 0)
        diagonal = (((equal & positive) + positive) ^ positive) | equal | negative
        rise, fall = negative | (~(diagonal | positive) & mask), positive & diagonal
        score += bool(rise & last) - bool(fall & last)
        rise = (rise << 1 | (0 if anywhere else 1)) & mask
        positive = (fall << 1 | (~(diagonal | rise) & mask)) & mask
        negative = rise & diagonal
        best = min(best, score)
    return best if anywhere else score

"""Wordings of bilingual forms too small to be read, told by the wording beside them and by how much ink stands there.

Nothing is told where words were read clearly, and no value.
"""

import re
from collections.abc import Iterator, Sequence

import numpy as np

from ocr.lexicon.matching import squeeze
from ocr.page.reading_order import PlacedWord
from ocr.picture.raster import Picture

Box = tuple[float, float, float, float]
"""Left, top, right, bottom, in pixels of the page."""

_NATION, _MOTTO = "SOCIALIST REPUBLIC OF VIET NAM", "Independence - Freedom - Happiness"
_BELOW = (
    ("Độc lập - Tự do - Hạnh phúc", _NATION, 0.87, 1.36),
    (_NATION, _MOTTO, 0.8, 1.25),
    ("CĂN CƯỚC CÔNG DÂN", "Citizen Identity Card", 0.45, 0.8),
)
"""Lines of bilingual headings, each with the one below it, and how many times as wide as itself that one is."""
_RESIDENCE, _EXPIRY = "Nơi thường trú / Place of residence:", "Có giá trị đến / Date of expiry:"
"""Labels of citizen identity cards that stand on one line, the second one left of the first, over its date."""
_CLEAR = 0.75
"""Word confidence from which nothing else stands there."""
_INK = 200
_NEAREST, _NEXT = 1.2, 5.0
"""Widths of a letter between the middles of two lines of a heading: where the ink of the second one is looked for."""
_LOWEST, _HIGHEST = 0.5, 2.5
"""The same: how high a line of print is."""
_WIDEST = 1.4
"""How many times as wide one of two lines of a heading is as the other at most."""
_OFF_MIDDLE = 0.05
"""By how much their middles lie apart at most, as a share of their width."""
_BESIDE = (0.4, 1.1)
"""How many times as wide the label of the expiry is as the one beside it; it is printed smaller."""
_FIGURES = re.compile(r"\d\D?\d\D?\d")


def told_by_place(words: Sequence[PlacedWord], picture: Picture) -> Iterator[tuple[str, Box]]:
    """Yield the wordings of a bilingual form that stand where nothing was read clearly, each with its box."""
    known = squeeze(" ".join(word.text for word in words))
    places = {text: _place_of(text, words) for upper, lower, _, _ in _BELOW for text in (upper, lower)}
    pairs = [(upper, lower, least, most, True) for upper, lower, least, most in _BELOW]
    pairs += [(_MOTTO, _NATION, 1 / most, 1 / least, False) for _, lower, least, most in _BELOW if lower == _MOTTO]
    for one, other, least, most, down in pairs:
        place = places[one]
        if place is None or squeeze(other) in known or places[other] is not None:
            continue
        box = _line_beyond(place, len(one), words, picture, down=down)
        if box is None or not _is_below_middle(place, box) or _is_read(box, words):
            continue
        if least <= (box[2] - box[0]) / (place[2] - place[0]) <= most:
            places[other] = box
            yield other, box
    place = _place_of(_RESIDENCE, words)
    if place is not None and squeeze(_EXPIRY) not in known:
        box = _left_of(place, picture)
        wide = (box[2] - box[0]) / (place[2] - place[0])
        if _BESIDE[0] <= wide <= _BESIDE[1] and not _is_read(box, words) and _is_over_figures(box, words):
            yield _EXPIRY, box


def _place_of(text: str, words: Sequence[PlacedWord]) -> Box | None:
    """Return where a wording was read, word by word on one line; None where it was not."""
    tokens = text.split()
    for start in range(len(words) - len(tokens) + 1):
        run = words[start : start + len(tokens)]
        if [word.text for word in run] == tokens and len({word.line for word in run}) == 1:
            return (
                min(w.left for w in run),
                min(w.top for w in run),
                max(w.right for w in run),
                max(w.bottom for w in run),
            )
    return None


def _line_beyond(place: Box, letters: int, words: Sequence[PlacedWord], picture: Picture, *, down: bool) -> Box | None:
    """Return the box of the line of ink below a wording, or above it; None where there is none."""
    left, top, right, bottom = place
    middle, letter = (top + bottom) / 2, (right - left) / letters
    sign = 1 if down else -1
    edges = sorted((middle + sign * _NEAREST * letter, middle + sign * _NEXT * letter))
    for word in words:  # not into the next line that was read
        own = (word.top + word.bottom) / 2
        if _is_clear(word) and min(word.right, right) > max(word.left, left) and edges[0] < own < edges[1]:
            edges = [edges[0], max(edges[0], word.top)] if down else [min(edges[1], word.bottom), edges[1]]
    reach = _WIDEST * (right - left) / 2
    x0, x1 = max(0, round((left + right) / 2 - reach)), round((left + right) / 2 + reach)
    y0, y1 = max(0, round(edges[0])), round(edges[1])
    ink = picture[y0:y1, x0:x1] < _INK
    rows = _longest_run(np.asarray(ink.sum(axis=1) >= letters / 3).tolist(), 1)
    if rows is None or not _LOWEST * letter <= rows[1] - rows[0] <= _HIGHEST * letter:
        return None
    columns = _longest_run(np.any(ink[rows[0] : rows[1]], axis=0).tolist(), round(3 * letter))
    return (x0 + columns[0], y0 + rows[0], x0 + columns[1], y0 + rows[1]) if columns else None


def _longest_run(marks: Sequence[bool], gap: int) -> tuple[int, int] | None:
    """Return the start and end of the longest run of marks that stand no more than a gap apart; None without marks."""
    runs: list[tuple[int, int]] = []
    for place, mark in enumerate(marks):
        if mark:
            near = runs and place - runs[-1][1] < gap
            runs[-1:] = [(runs[-1][0], place + 1)] if near else [*runs[-1:], (place, place + 1)]
    return max(runs, key=lambda run: run[1] - run[0], default=None)


def _is_below_middle(one: Box, other: Box) -> bool:
    """Return whether two lines stand below one another's middles."""
    return abs((one[0] + one[2]) - (other[0] + other[2])) / 2 <= _OFF_MIDDLE * (one[2] - one[0])


def _left_of(place: Box, picture: Picture) -> Box:
    """Return the box of the ink left of a wording on its line, up to a gap of two heights; without width if none."""
    left, top, _, bottom = place
    inked = np.any(picture[max(0, round(top)) : round(bottom), : max(0, round(left) - 2)] < _INK, axis=0).tolist()
    end = next((at for at in range(len(inked) - 1, -1, -1) if inked[at]), 0)
    start = end
    for at in range(end, -1, -1):
        if inked[at]:
            start = at
        elif start - at > bottom - top:
            break
    return float(start), top, float(end + 1), bottom


def _is_clear(word: PlacedWord) -> bool:
    """Return whether a word was read clearly; dashes and strokes that were are a part of any line."""
    return word.confidence >= _CLEAR and sum(map(str.isalnum, word.text)) > 1


def _is_read(box: Box, words: Sequence[PlacedWord]) -> bool:
    """Return whether a clear word stands in a box."""
    left, top, right, bottom = box
    return any(
        _is_clear(word) and left < (word.left + word.right) / 2 < right and top < (word.top + word.bottom) / 2 < bottom
        for word in words
    )


def _is_over_figures(box: Box, words: Sequence[PlacedWord]) -> bool:
    """Return whether figures, or the words for none, were read right below the left half of a box."""
    left, top, right, bottom = box
    tall = bottom - top
    return any(
        left - tall < word.left < (left + right) / 2
        and bottom - tall / 2 < (word.top + word.bottom) / 2 < bottom + 2 * tall
        and (_FIGURES.search(word.text) or word.text == "Không")
        for word in words
    )

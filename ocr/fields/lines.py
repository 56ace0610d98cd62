"""The lines of a paper as the eye sees them, from the places of its words."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from statistics import median

from domain.models import Box, PageText, TextOrigin, Word
from domain.vietnamese import nfc
from ocr.lexicon.matching import Match, Phrase, Searchable, find, runs, searchable

_PIECES = re.compile(r"(?:\.{2,}|…+|_{2,})[.…_]*|(?<=\d):(?=\d)|(?:(?!\.{2,}|…|_{2,}|(?<!\d):|:(?!\d)).)+:*|:+")
_LEADER = re.compile(r"[.…_]{2,}|…|[|]")
_NOTHING = re.compile(r"[\W_ˆˇˉºª]*")
_CAPITAL = 0.75
"""Share of capitals from which a line is taken for written in them."""
_WIDE_GAP = 1.5
"""In heights of a line: a wider gap sets two parts of a line apart."""
_LEAST_HALF = 3
"""Words in each half of a line that tells how far the lines of the page fall from left to right."""
_LEAST_LINES = 3
"""Lines that must tell it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A word or a part of one: words are cut after a colon and at leaders."""

    text: str
    word: Word
    page: int
    box: Box
    """Of the piece itself, from its share of the word's letters."""

    @property
    def blank(self) -> bool:
        """Whether it has neither letter nor digit: leaders, rules, specks."""
        return _NOTHING.fullmatch(self.text) is not None


@dataclass(frozen=True)
class Line:
    """What stands side by side on a page, from left to right."""

    page: int
    pieces: tuple[Piece, ...]
    height: float
    """Of its letters, as a fraction of the page's height."""
    aspect: float
    """Width of the page divided by its height."""
    margin: float | None = None
    """Where its column ends on the right, if it stands in one."""

    @cached_property
    def box(self) -> Box:
        """The box around all of its pieces."""
        return union(p.box for p in self.pieces)

    @cached_property
    def capital(self) -> bool:
        """Whether it is written in capitals."""
        letters = [c for p in self.pieces for c in p.text if c.isalpha()]
        return bool(letters) and sum(c.isupper() for c in letters) >= _CAPITAL * len(letters)

    @cached_property
    def text(self) -> str:
        """Its words with single blanks."""
        return join(self.pieces)

    @cached_property
    def _ends(self) -> tuple[tuple[int, int, int], ...]:
        """Of each run of letters: place of its end among the letters, index of its piece, place in the piece."""
        found, place = [], 0
        for index, piece in enumerate(self.pieces):
            for run, end in runs(piece.text):
                place += len(run)
                found.append((place, index, end))
        return tuple(found)

    @cached_property
    def searchable(self) -> Searchable:
        """Its letters, prepared for searching."""
        return searchable([run for piece in self.pieces for run, _ in runs(piece.text)])

    def find(self, wanted: Phrase) -> list[Match]:
        """Return where the phrase stands."""
        return find(wanted, self.searchable)

    def first_piece(self, match: Match) -> int:
        """Return the index of the piece in which a match begins."""
        return next(index for place, index, _ in self._ends if place > match.start)

    def after(self, match: Match) -> tuple[int, int]:
        """Return the index of the piece in which a match ends, and the place in that piece."""
        return next((index, end) for place, index, end in self._ends if place >= match.end)

    def starts_part(self, index: int) -> bool:
        """Return whether a piece is the first of the line or stands after a wide gap or leaders."""
        if all(p.blank for p in self.pieces[:index]) or _LEADER.match(self.pieces[index - 1].text):
            return True
        return self._gap(self.pieces[index - 1], self.pieces[index]) > _WIDE_GAP * self.height

    def _gap(self, left: Piece, right: Piece) -> float:
        """Return the gap between two pieces in fractions of the page's height."""
        return (right.box.x0 - left.box.x1) * self.aspect

    @cached_property
    def parts(self) -> tuple["Line", ...]:
        """The parts of the line that are set apart by wide gaps."""
        cuts = [0]
        for index, (left, right) in enumerate(pairwise(self.pieces), 1):
            if self._gap(left, right) > _WIDE_GAP * self.height:
                cuts.append(index)
        bounds = [*cuts, len(self.pieces)]
        if len(bounds) == 2:
            return (self,)
        return tuple(self.cut(self.pieces[a:b]) for a, b in pairwise(bounds))

    def within(self, x0: float, x1: float) -> "Line":
        """Return the part whose pieces have their middle between two places."""
        return self.cut(tuple(p for p in self.pieces if x0 <= (p.box.x0 + p.box.x1) / 2 < x1))

    def cut(self, pieces: Sequence[Piece]) -> "Line":
        """Return the line with some of its pieces only."""
        return Line(self.page, tuple(pieces), self.height, self.aspect, self.margin)


def union(boxes: Iterable[Box]) -> Box:
    """Return the smallest box around others; there must be one."""
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return Box(min(x0), min(y0), max(x1), max(y1))


def trim(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Return the pieces without leaders and specks at the ends; `%`, `±` and `+` stay beside a figure."""
    kept = [index for index, piece in enumerate(pieces) if not piece.blank]
    if not kept:
        return ()
    first, last = kept[0], kept[-1] + 1
    first -= first > 0 and pieces[first - 1].text in ("±", "+") and pieces[first].text[0].isdigit()
    last += last < len(pieces) and pieces[last].text.rstrip(",.;") == "%" and pieces[last - 1].text[-1].isdigit()
    return tuple(pieces[first:last])


def box_of(pieces: Sequence[Piece]) -> Box | None:
    """Return the box around pieces of one page, None for no pieces."""
    return union(p.box for p in pieces) if pieces else None


def join(pieces: Iterable[Piece]) -> str:
    """Return the text of pieces, with a blank between words."""
    text, last = "", None
    for piece in pieces:
        text += ("" if last is None or last is piece.word else " ") + piece.text
        last = piece.word
    return text


def read_lines(pages: Iterable[PageText]) -> list[Line]:
    """Return the lines of a paper from top to bottom, whatever the order in which its words were read."""
    shown = [page for page in pages if page.origin is not TextOrigin.NONE]
    return [line for page in shown for words in _sides(page) for line in _page_lines(page, words)]


def _sides(page: PageText) -> list[Sequence[Word]]:
    """Return the words of a page; of two pages on one sheet those of the left one and of the right one."""
    if "two_pages" not in page.findings:
        return [page.words]
    reached, widest, middle = 0.0, 0.0, 0.5
    for word in sorted(page.words, key=lambda each: each.box.x0):
        gap, place = word.box.x0 - reached, (word.box.x0 + reached) / 2
        if gap > widest and 0.4 <= place <= 0.6:
            widest, middle = gap, place
        reached = max(reached, word.box.x1)
    return [[word for word in page.words if (word.box.x0 < middle) == left] for left in (True, False)]


def _page_lines(page: PageText, words: Sequence[Word]) -> list[Line]:
    groups: dict[tuple[int, int], list[Word]] = {}
    for word in words:
        if word.text.strip():
            groups.setdefault((word.block, word.line), []).append(replace(word, text=nfc(word.text)))
    slope = _slope(groups.values())
    rows: list[list[list[Word]]] = []
    for group in sorted(groups.values(), key=lambda words: _middle(words, slope)):
        home = next((row for row in reversed(rows[-3:]) if _side_by_side(row, group, slope)), None)
        if home is None:
            rows.append([group])
        else:
            home.append(group)
    aspect = page.width / page.height if page.height else 0.7
    found = [_line(page.number, [w for group in row for w in group], aspect) for row in rows]
    return [line for line in found if any(not p.blank for p in line.pieces)]


def _slope(groups: Iterable[Sequence[Word]]) -> float:
    """Return by how much the lines of a page fall from left to right, in heights of the page for each width of it."""
    slopes = []
    for group in groups:
        line = sorted(group, key=lambda w: w.box.x0)
        first, last = line[: len(line) // 2], line[(len(line) + 1) // 2 :]
        if len(first) >= _LEAST_HALF:
            (x0, y0), (x1, y1) = (
                (median(w.box.x0 + w.box.x1 for w in half) / 2, median(w.box.y0 + w.box.y1 for w in half) / 2)
                for half in (first, last)
            )
            slopes.append((y1 - y0) / (x1 - x0) if x1 > x0 else 0.0)
    return median(slopes) if len(slopes) >= _LEAST_LINES else 0.0


def _side_by_side(row: list[list[Word]], group: list[Word], slope: float) -> bool:
    """Return whether a group of words continues a row: at the same height, and nowhere over its words."""
    own = union(w.box for w in group)
    for other in row:
        theirs = union(w.box for w in other)
        overlap = min(own.x1, theirs.x1) - max(own.x0, theirs.x0)
        if overlap > 0.3 * min(own.x1 - own.x0, theirs.x1 - theirs.x0):
            return False
    nearest = min(row, key=lambda other: abs(union(w.box for w in other).x0 - own.x0))
    height = min(_height(nearest), _height(group))
    return abs(_middle(nearest, slope) - _middle(group, slope)) < 0.5 * height


def _middle(words: Sequence[Word], slope: float) -> float:
    """Return how high words stand where their line meets the left edge of the page."""
    return median((w.box.y0 + w.box.y1) / 2 - slope * (w.box.x0 + w.box.x1) / 2 for w in words)


def _height(words: list[Word]) -> float:
    return median(w.box.y1 - w.box.y0 for w in words)


def _line(page: int, words: list[Word], aspect: float) -> Line:
    ordered = sorted(words, key=lambda w: w.box.x0)
    pieces = [piece for word in ordered for piece in _pieces(word, page)]
    return Line(page, tuple(pieces), _height(ordered), aspect)


def _pieces(word: Word, page: int) -> Iterator[Piece]:
    width = (word.box.x1 - word.box.x0) / len(word.text)
    for found in _PIECES.finditer(word.text):
        box = word.box._replace(x0=word.box.x0 + width * found.start(), x1=word.box.x0 + width * found.end())
        yield Piece(found.group(), word, page, box)

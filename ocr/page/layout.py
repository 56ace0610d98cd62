"""Placed words become the words, text and tables of a page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from domain.models import Box, Table, Word
from ocr.page.reading_order import Block, PlacedWord, page_text
from ocr.page.tables import Part, TableBlock, arrange_parts
from ocr.page.two_pages import find_gutter
from ocr.picture.rules import Grid

ToPage = Callable[[float, float, float, float], tuple[float, float, float, float]]
"""Takes a rectangle of the picture that was read to the page, both in pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What stands on a page, in reading order."""

    words: tuple[Word, ...]
    placed: tuple[PlacedWord, ...]
    """The same words where they stand on the picture that was read."""
    text: str
    tables: tuple[Table, ...]
    two_pages: bool
    """Whether the page is two, side by side; the left one is read first."""


def lay_out(
    words: Sequence[PlacedWord], grids: Sequence[Grid], *, size: tuple[int, int], dpi: float, to_page: ToPage
) -> Layout:
    """Return words in reading order, with the tables among them.

    Args:
        grids: The ruled tables of the picture.
        size: Width and height of picture and page, in pixels.
        dpi: Resolution of both.
        to_page: How places of the picture become places of the page.
    """

    def to_box(left: float, top: float, right: float, bottom: float) -> Box:
        x0, y0, x1, y1 = to_page(left, top, right, bottom)
        return Box(max(0.0, x0 / size[0]), max(0.0, y0 / size[1]), min(1.0, x1 / size[0]), min(1.0, y1 / size[1]))

    middle = find_gutter(words, size, dpi)
    sides = [float("-inf"), float("inf")] if middle is None else [float("-inf"), middle, float("inf")]
    parts: list[Part] = []
    for start, end in pairwise(sides):
        own = [word for word in words if start <= (word.left + word.right) / 2 < end]
        parts += arrange_parts(own, [grid for grid in grids if start <= _center(grid) < end])
    found = _words(parts, to_box)
    return Layout(
        words=tuple(word for word, _ in found),
        placed=tuple(placed for _, placed in found),
        text="\n".join(part.text() if isinstance(part, TableBlock) else page_text([part]) for part in parts),
        tables=tuple(part.table(to_box) for part in parts if isinstance(part, TableBlock)),
        two_pages=middle is not None,
    )


def _center(grid: Grid) -> float:
    return (min(place.left for place in grid) + max(place.right for place in grid)) / 2


def _words(parts: Sequence[Part], to_box: Callable[[float, float, float, float], Box]) -> list[tuple[Word, PlacedWord]]:
    words: list[tuple[Word, PlacedWord]] = []
    number = 0
    for block, part in enumerate(parts):
        lines: Block = tuple(line for row in part.rows for line in row) if isinstance(part, TableBlock) else part
        for line in lines:
            for word in line.words:
                box = to_box(word.left, word.top, word.right, word.bottom)
                found = Word(
                    text=word.text, confidence=word.confidence, box=box, line=number, block=block, raw=word.raw
                )
                words.append((found, word))
            number += 1
    return words

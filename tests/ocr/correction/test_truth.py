"""Words that were read right stay so, however doubtful the engine was of them."""

import random
from pathlib import Path

import pytest

from ocr.correction.correct import correct
from ocr.page.reading_order import PlacedWord

_LINES = (Path(__file__).parents[2] / "data" / "true_lines.txt").read_text("utf-8")
_LETTER, _BLANK, _HEIGHT = 24, 13, 40
"""Pixels, as at 300 dpi."""


def pages() -> list[list[str]]:
    text = "\n".join(line for line in _LINES.splitlines() if not line.startswith("#"))
    return [page.splitlines() for page in text.strip().split("\n\n")]


def placed(lines: list[str], chance: random.Random) -> list[PlacedWord]:
    words: list[PlacedWord] = []
    for number, line in enumerate(lines):
        left = 200
        for text in line.split():
            right, top = left + _LETTER * len(text), 60 * number
            words.append(
                PlacedWord(
                    text=text,
                    confidence=chance.uniform(0.3, 0.99),
                    left=left,
                    top=top,
                    right=right,
                    bottom=top + _HEIGHT,
                    line=number,
                )
            )
            left = right + _BLANK
    return words


@pytest.mark.parametrize("draw", [1, 2])
def test_no_right_word_is_changed(draw: int) -> None:
    changed: list[tuple[str, str]] = []
    for number, lines in enumerate(pages()):
        words = correct(placed(lines, random.Random(f"{draw}/{number}")))
        for place, line in enumerate(lines):
            own = sorted((word for word in words if word.line == place), key=lambda word: word.left)
            read = " ".join(word.text for word in own)
            changed += [(line, read)] if read != " ".join(line.split()) else []

    assert changed == []


def test_there_are_enough_lines_to_say_so() -> None:
    assert sum(map(len, pages())) > 300

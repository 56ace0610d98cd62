"""Wordings of cards too small to be read: told by the wordings beside them where there is ink for them, never else."""

from dataclasses import replace

import numpy as np
import pytest

from ocr.page.reading_order import PlacedWord
from ocr.picture.raster import Picture
from ocr.recognition.told_by_place import told_by_place

NATION, MOTTO = "SOCIALIST REPUBLIC OF VIET NAM", "Independence - Freedom - Happiness"
RESIDENCE, EXPIRY = "Nơi thường trú / Place of residence:", "Có giá trị đến / Date of expiry:"


def line(text: str, left: float, top: float, *, number: int, letter: float = 8.5) -> list[PlacedWord]:
    words, start = [], 0
    for token in text.split():
        x = left + letter * start
        words.append(
            PlacedWord(
                text=token,
                confidence=0.9,
                left=x,
                top=top,
                right=x + letter * len(token),
                bottom=top + 13,
                line=number,
            )
        )
        start += len(token) + 1
    return words


def sheet(*ink: tuple[int, int, int, int]) -> Picture:
    """A white picture with rows of upright strokes in boxes of left, top, right and bottom."""
    picture = np.full((400, 900), 255, dtype=np.uint8)
    for left, top, right, bottom in ink:
        picture[top:bottom, left:right:3] = 60
    return picture


HEADING = line(NATION, 440, 299, number=1)
BELOW_HEADING = (442, 325, 690, 333)


def test_the_line_below_the_name_of_the_country_is_the_motto() -> None:
    told = list(told_by_place(HEADING, sheet(BELOW_HEADING)))

    assert [text for text, _ in told] == [MOTTO]
    assert told[0][1] == pytest.approx(BELOW_HEADING, abs=3)


@pytest.mark.parametrize(
    "ink",
    [(), ((442, 325, 540, 333),), ((560, 325, 800, 333),), ((442, 325, 690, 360),)],
    ids=["none", "short", "aside", "tall"],
)
def test_without_ink_of_its_size_in_its_place_nothing_is_told(ink: tuple[tuple[int, int, int, int], ...]) -> None:
    assert list(told_by_place(HEADING, sheet(*ink))) == []


@pytest.mark.parametrize(("confidence", "told"), [(0.3, [MOTTO]), (0.9, [])])
def test_clear_words_in_its_place_are_left_alone(confidence: float, told: list[str]) -> None:
    read = [replace(word, confidence=confidence) for word in line("Iviepersdeoce HAg4", 445, 322, number=2)]

    assert [text for text, _ in told_by_place([*HEADING, *read], sheet(BELOW_HEADING))] == told


def test_what_was_read_elsewhere_is_not_told_again() -> None:
    assert list(told_by_place([*HEADING, *line(MOTTO, 100, 100, number=2)], sheet(BELOW_HEADING))) == []


@pytest.mark.parametrize(("below", "told"), [("17/01/2030", [EXPIRY]), ("Không", [EXPIRY]), ("Thôn", [])])
def test_the_label_left_of_the_residence_is_that_of_the_expiry_where_its_date_stands_below(
    below: str, told: list[str]
) -> None:
    words = [*line(RESIDENCE, 432, 100, number=1, letter=7.4), *line(below, 252, 128, number=2)]

    assert [text for text, _ in told_by_place(words, sheet((250, 102, 414, 112)))] == told

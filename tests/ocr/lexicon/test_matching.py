import random

import pytest

from ocr.lexicon.matching import distance, find, phrase, runs, searchable


def edits(one: str, other: str) -> int:
    """The table of distances as textbooks have it."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
    return row[-1]


@pytest.mark.parametrize("limit", [0, 1, 2, 4])
def test_the_distance_is_that_of_the_table(limit: int) -> None:
    chance = random.Random(limit)
    for _ in range(500):
        one = "".join(chance.choices("abc", k=chance.randint(1, 9)))
        other = "".join(chance.choices("abc", k=chance.randint(1, 9)))

        assert distance(one, other, limit) == min(edits(one, other), limit + 1), (one, other)


@pytest.mark.parametrize(
    ("line", "places"),
    [
        ("Họ và tên chồng: An", [(0, 12)]),
        ("Ho và tẽn chỏng", [(0, 12)]),
        ("Hẹ và tên chống và Họ và tên chồng", [(0, 12), (14, 26)]),
        ("và tên chồng", []),
        ("ghi rõ Họ vả tén chòng, " + "một hai ba " * 50, [(5, 17)]),
    ],
)
def test_a_phrase_is_found_through_misread_letters(line: str, places: list[tuple[int, int]]) -> None:
    found = find(phrase("Họ và tên chồng"), searchable([run for run, _ in runs(line)]))

    assert [(match.start, match.end) for match in found] == places

"""The words of values."""

import pytest

from pipeline.messages import value_words


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("issue_date", "2024-09-17", "17/09/2024"),
        ("husband_birth_date", "1990-08", "08/1990"),
        ("birth_date", "1969", "1969"),
        ("valid_until", "2034-01-05", "05/01/2034"),
        ("issue_date", "không rõ", "không rõ"),
        ("number", "2024-09-17", "2024-09-17"),
        ("number", "05-12-2019", "05-12-2019"),
    ],
)
def test_dates_stand_with_their_day_first_and_numbers_as_they_are(name: str, value: str, words: str) -> None:
    assert value_words(name, value) == words

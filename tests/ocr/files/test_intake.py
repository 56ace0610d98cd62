import math

import pytest

from ocr.files.intake import plausible_dpi


@pytest.mark.parametrize(
    ("dpi", "width", "height", "expected"),
    [
        (300, 2480, 3508, 300),
        (600, 2024, 1276, 600),  # an identity card
        (300, 4961, 7016, 300),  # A2
        (1200, 1654, 2339, 200),  # A4 at 200 dpi, whatever its file says
        (2975, 1654, 2339, 200),
        (0, 1654, 2339, 200),
        (72, 3000, 4000, 342),  # a photo by a phone
    ],
)
def test_a_resolution_that_no_paper_has_is_estimated_from_a4(
    dpi: float, width: int, height: int, expected: int
) -> None:
    longest = math.inf if expected == 300 else 20.0

    assert plausible_dpi(dpi, width, height, longest=longest) == expected

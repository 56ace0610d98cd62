import numpy as np

from ocr.picture.components import find_components


def test_what_stands_together_is_one_corners_joined() -> None:
    ink = np.zeros((20, 40), dtype=np.uint8)
    ink[2:6, 3:10] = 255
    ink[6, 10] = 255
    ink[15:18, 30:32] = 255

    assert sorted(find_components(ink)) == [(3, 2, 8, 5, 29), (30, 15, 2, 3, 6)]


def test_a_picture_in_dots_has_as_many_as_it_has_dots() -> None:
    dots = np.zeros((600, 600), dtype=np.uint8)
    dots[::2, ::2] = 255

    assert len(find_components(dots)) == 90_000
    assert find_components(np.zeros((5, 5), dtype=np.uint8)) == []

import cv2
import numpy as np
import pytest
from drawn_pages import LINES, draw
from PIL import Image

from ocr.picture.raster import Picture, smaller
from ocr.picture.skew import find_skew


@pytest.fixture(scope="module")
def page() -> Picture:
    return np.array(draw(LINES).convert("L"), dtype=np.uint8)


def test_a_straight_page_is_left_as_it_is(page: Picture) -> None:
    assert find_skew(page) == 0.0


@pytest.mark.parametrize("degrees", [0.15, -0.5, 1.3, -2.7, 5.4])
def test_the_slant_is_told_to_a_twentieth_of_a_degree(page: Picture, degrees: float) -> None:
    height, width = page.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)
    turned = cv2.warpAffine(page, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)

    assert find_skew(np.asarray(turned, dtype=np.uint8)) == pytest.approx(degrees, abs=0.05)


@pytest.mark.parametrize("degrees", [0.0, -1.3])
def test_a_shadow_over_a_corner_does_not_turn_a_page(page: Picture, degrees: float) -> None:
    turned = np.asarray(Image.fromarray(page).rotate(-degrees, fillcolor=255), dtype=np.float64)
    height, width = page.shape
    down, across = np.mgrid[0:height, 0:width]
    light = 1 - 0.6 / (1 + np.exp(-(across + down - 0.55 * (height + width)) / 40))

    assert find_skew(np.asarray(turned * light, dtype=np.uint8)) == pytest.approx(degrees, abs=0.1)


@pytest.mark.parametrize("degrees", [-33, 12, 20])
def test_a_page_that_lies_far_aslant_is_straightened_where_that_is_asked_for(page: Picture, degrees: int) -> None:
    turned = np.asarray(Image.fromarray(page).rotate(-degrees, expand=True, fillcolor=255), dtype=np.uint8)

    assert find_skew(turned, widest=44.0) == pytest.approx(degrees, abs=0.1)


@pytest.mark.parametrize("size", [(1, 1), (3, 5000), (5000, 3), (400, 300)])
def test_nothing_is_told_of_pictures_without_lines(size: tuple[int, int]) -> None:
    assert find_skew(np.full(size, 255, np.uint8)) == 0.0
    assert find_skew(np.zeros(size, np.uint8)) == 0.0


@pytest.mark.parametrize("size", [(1, 1), (7, 300), (620, 877), (1240, 1754)])
def test_a_smaller_copy_is_as_dark(page: Picture, size: tuple[int, int]) -> None:
    small = smaller(page, *size)

    assert small.shape == size[::-1]
    assert float(small.mean()) == pytest.approx(float(page.mean()), abs=8)

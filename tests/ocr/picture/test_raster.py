import io

import numpy as np
import pytest
from PIL import Image

from ocr.picture.raster import picture_as_tiff


@pytest.mark.parametrize("size", [(1, 1), (3, 5), (5, 4), (640, 479)])
def test_a_picture_comes_back_from_its_tiff_file(size: tuple[int, int]) -> None:
    picture = np.random.default_rng(1).integers(0, 256, size, dtype=np.uint8)

    with Image.open(io.BytesIO(picture_as_tiff(picture[:, ::-1]))) as opened:
        assert opened.mode == "L"
        assert np.array_equal(np.asarray(opened), picture[:, ::-1])

import os

import numpy as np
import pytest
from drawn_pages import LINES, draw, jpeg_image, jpeg_pdf, saved
from PIL import Image

from domain.errors import DamagedDocument
from ocr.files.sources import Limits, open_source, read_pages
from ocr.picture.complaints import overhear
from ocr.picture.raster import decode


def grainy() -> Image.Image:
    page = np.asarray(draw(LINES, dpi=150), dtype=np.float64) * 0.93
    return Image.fromarray((page + np.random.default_rng(1).normal(0, 2, page.shape)).clip(0, 255).astype(np.uint8))


def test_a_jpeg_with_bytes_wiped_in_its_midst_is_refused_and_its_decoder_stays_silent(
    capfd: pytest.CaptureFixture[str],
) -> None:
    page = grainy()
    data = saved(page, "JPEG", quality=85)
    middle = len(data) // 2

    with pytest.raises(DamagedDocument, match="bị hỏng"):
        decode(jpeg_image(data[:middle] + b"\x55" * 2000 + data[middle + 2000 :], page))

    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(("mode", "dpi"), [("CMYK", (150, 150)), ("L", (204, 98))])
def test_a_jpeg_that_is_not_kept_as_it_is_is_looked_through_too(mode: str, dpi: tuple[int, int]) -> None:
    data = saved(grainy().convert(mode), "JPEG", quality=85, dpi=dpi)
    middle, limits = len(data) // 2, Limits()
    corrupt = data[:middle] + b"\x55" * 2000 + data[middle + 2000 :]

    assert len(list(read_pages(open_source("a.jpg", data, limits=limits), limits=limits))) == 1
    with pytest.raises(DamagedDocument):
        list(read_pages(open_source("a.jpg", corrupt, limits=limits), limits=limits))


def test_a_corrupt_jpeg_in_cmyk_within_a_pdf_is_refused() -> None:
    page = grainy().convert("CMYK")
    data, limits = saved(page, "JPEG", quality=85), Limits()
    middle = len(data) // 2
    corrupt = data[:middle] + b"\x55" * 2000 + data[middle + 2000 :]

    for stream, whole in ((data, True), (corrupt, False)):
        source = open_source("a.pdf", jpeg_pdf(page, stream=stream), limits=limits)
        if whole:
            assert len(list(read_pages(source, limits=limits))) == 1
        else:
            with pytest.raises(DamagedDocument, match="Trang 1"):
                list(read_pages(source, limits=limits))


def test_filling_before_the_end_of_a_jpeg_does_no_harm(capfd: pytest.CaptureFixture[str]) -> None:
    page = grainy()
    data = saved(page, "JPEG")

    picture = decode(jpeg_image(data[:-2] + bytes(16) + data[-2:], page))

    assert picture.shape == (page.height, page.width)
    assert capfd.readouterr().err == ""


def test_what_others_say_meanwhile_is_shown(capfd: pytest.CaptureFixture[str]) -> None:
    with overhear() as complaints:
        os.write(2, b"Corrupt JPEG data: bad Huffman code\nthe disk is full\n")

    assert complaints == ["bad Huffman code"]
    assert capfd.readouterr().err == "the disk is full\n"

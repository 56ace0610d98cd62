import os

import numpy as np
import pytest
from drawn_pages import LINES, draw, saved
from PIL import Image

from domain.errors import DamagedDocument
from domain.models import ColorModel, ImageEncoding, PageImage
from ocr.picture.complaints import overhear
from ocr.picture.raster import decode

pytestmark = pytest.mark.skipif(not hasattr(os, "memfd_create"), reason="nothing can be overheard here")


def page_of(data: bytes, picture: Image.Image) -> PageImage:
    return PageImage(
        number=1,
        width=picture.width,
        height=picture.height,
        dpi=150,
        rotation=0,
        encoding=ImageEncoding.JPEG,
        color=ColorModel.GRAY,
        data=data,
    )


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
        decode(page_of(data[:middle] + b"\x55" * 2000 + data[middle + 2000 :], page))

    assert capfd.readouterr().err == ""


def test_filling_before_the_end_of_a_jpeg_does_no_harm(capfd: pytest.CaptureFixture[str]) -> None:
    page = grainy()
    data = saved(page, "JPEG")

    picture = decode(page_of(data[:-2] + bytes(16) + data[-2:], page))

    assert picture.shape == (page.height, page.width)
    assert capfd.readouterr().err == ""


def test_what_others_say_meanwhile_is_shown(capfd: pytest.CaptureFixture[str]) -> None:
    with overhear() as complaints:
        os.write(2, b"Corrupt JPEG data: bad Huffman code\nthe disk is full\n")

    assert complaints == ["bad Huffman code"]
    assert capfd.readouterr().err == "the disk is full\n"

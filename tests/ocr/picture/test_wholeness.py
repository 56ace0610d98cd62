import io

import numpy as np
import pytest
from drawn_pages import LINES, draw, jpeg_image, saved
from PIL import Image

from domain.errors import DamagedDocument
from ocr.files.sources import Limits, open_source, read_pages
from ocr.picture.fax import code_fax
from ocr.picture.raster import decode, encode_g4
from ocr.picture.wholeness import is_fax_cut_short, is_longer_than_coded, jpeg_end

NOISE = np.random.default_rng(1)


def scan(foot: int = 0, *, mode: str = "L") -> Image.Image:
    """A page with the grain of paper, and a last part without any."""
    page = np.asarray(draw(LINES, dpi=150), dtype=np.float64) * 0.93
    page = np.rint(page + NOISE.normal(0, 2, page.shape)).clip(0, 255)
    page[len(page) - foot :] = 238
    return Image.fromarray(page.astype(np.uint8)).convert(mode)


def test_a_jpeg_file_ends_with_its_first_picture_whatever_a_phone_appends() -> None:
    picture = saved(scan(), "JPEG")
    preview = saved(draw(height=1), "JPEG")

    assert jpeg_end(picture + b"SEFT" * 2000) == len(picture)
    assert jpeg_end(picture + preview) == len(picture)
    assert jpeg_end(picture[:-2]) is None
    assert jpeg_end(saved(scan(), "JPEG", progressive=True)[:-2]) is None


def test_a_preview_within_a_jpeg_file_is_not_its_end() -> None:
    exif = Image.Exif()
    exif[0x9286] = saved(draw(height=1), "JPEG")

    picture = saved(scan(), "JPEG", exif=exif)

    assert jpeg_end(picture) == len(picture)
    assert jpeg_end(picture[: len(picture) // 2]) is None


def test_what_a_phone_appends_is_not_kept_and_the_photo_is_read() -> None:
    picture = saved(scan(), "JPEG")

    source = open_source("a.jpg", picture + bytes(200_000), limits=Limits())
    (page,) = read_pages(source, limits=Limits())

    assert page.image.data == picture


@pytest.mark.parametrize("mode", ["L", "RGB"])
@pytest.mark.parametrize("quality", [50, 90])
def test_a_jpeg_that_lost_its_last_part_but_not_its_end_is_refused(mode: str, quality: int) -> None:
    page = scan(mode=mode)
    data = saved(page, "JPEG", quality=quality)

    with pytest.raises(DamagedDocument, match="cắt cụt"):
        decode(jpeg_image(data[: len(data) // 2] + b"\xff\xd9", page))


@pytest.mark.parametrize("options", [{"quality": 50}, {"quality": 90, "optimize": True}, {"restart_marker_rows": 1}])
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_a_page_with_an_even_foot_is_no_page_that_lost_its_last_part(options: dict[str, int], mode: str) -> None:
    page = scan(400, mode=mode)

    picture = decode(jpeg_image(saved(page, "JPEG", **options), page))

    assert picture.shape[:2] == (page.height, page.width)


def bilevel() -> Image.Image:
    return draw(LINES, dpi=150).convert("1", dither=Image.Dither.NONE)


def test_a_fax_stream_that_breaks_off_is_told_by_what_was_made_of_it() -> None:
    whole = np.asarray(bilevel().convert("L"))
    half = whole.copy()
    half[250:] = 255
    data = encode_g4(bilevel())

    assert len(code_fax(whole < 128)) == len(data)
    assert not is_fax_cut_short(data, whole)
    assert not is_fax_cut_short(data + bytes(5000), whole)
    assert is_fax_cut_short(data, half)
    assert is_longer_than_coded(len(data), len(code_fax(half < 128)))


@pytest.mark.parametrize("strips", [1, 5])
@pytest.mark.parametrize("ground", [0, 1])
def test_a_fax_with_zeros_in_the_place_of_its_code_is_refused_and_a_whole_one_is_not(strips: int, ground: int) -> None:
    page = bilevel()
    rows = -(-page.height // strips)
    whole = saved(page, "TIFF", compression="group4", dpi=(150, 150), tiffinfo={262: ground, 278: rows})
    with Image.open(io.BytesIO(whole)) as opened:
        place, size = opened.tag_v2[273][0], opened.tag_v2[279][0]  # type: ignore[attr-defined]  # TIFF has tags
    lost = whole[: place + size // 3] + bytes(size - size // 3) + whole[place + size :]

    (page_scan,) = read_pages(open_source("a.tif", whole, limits=Limits()), limits=Limits())

    assert decode(page_scan.image).shape == (page.height, page.width)
    with pytest.raises(DamagedDocument, match="trang 1 bị hỏng"):
        for broken in read_pages(open_source("a.tif", lost, limits=Limits()), limits=Limits()):
            decode(broken.image)


def test_strips_that_their_writer_filled_up_are_no_lost_ones() -> None:
    assert not is_longer_than_coded(1800, 1000, strips=100)
    assert is_longer_than_coded(1800, 1000, strips=2)

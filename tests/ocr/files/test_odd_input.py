import io
import random

import numpy as np
import pikepdf
import pytest
from drawn_pages import LINES, draw, jpeg_pdf, pdf_of, saved
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from domain.errors import DocumentError
from domain.models import ImageEncoding, PageImage, PageText
from ocr.files.sources import Limits, open_source, read_pages
from ocr.picture.raster import decode
from ocr.recognition.recognize import ReadOptions, recognize

ORIGINALS = {
    "a.pdf": jpeg_pdf(draw(height=2)),
    "a.tif": saved(draw(height=2).convert("1"), "TIFF", compression="group4"),
    "a.png": saved(draw(height=2), "PNG"),
    "a.jpg": saved(draw(height=2), "JPEG"),
}


def images(name: str, data: bytes) -> list[PageImage]:
    return [page.image for page in read_pages(open_source(name, data, limits=Limits()), limits=Limits())]


def read(image: Image.Image, dpi: int = 150) -> PageText:
    (page,) = images("a.png", saved(image, "PNG", dpi=(dpi, dpi)))
    return recognize(page, options=ReadOptions())


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(sorted(ORIGINALS)),
    st.integers(0, 2**32),
    st.integers(0, 8),
    st.sampled_from(["change", "cut", "double", "swap"]),
)
def test_broken_files_are_read_or_refused_in_one_line(name: str, seed: int, size: int, how: str) -> None:
    data, chance = bytearray(ORIGINALS[name]), random.Random(seed)
    place = chance.randrange(len(data))
    if how == "cut":
        del data[place : place + 2**size * 8]
    elif how == "double":
        data[place:place] = data[place : place + 2**size * 4]
    elif how == "swap":
        other = chance.randrange(len(data))
        data[place : place + size], data[other : other + size] = data[other : other + size], data[place : place + size]
    else:
        for _ in range(size + 1):
            data[chance.randrange(len(data))] = chance.randrange(256)

    try:
        for image in images(name, bytes(data)):
            decode(image)
    except DocumentError as refusal:
        assert str(refusal) and "\n" not in str(refusal)


@pytest.mark.parametrize("kind", ["JPEG2000", "GIF", "BMP", "WEBP"])
def test_other_image_formats_are_refused_with_what_to_do(kind: str) -> None:
    with pytest.raises(DocumentError, match="PDF, TIFF, PNG hoặc JPEG"):
        images("anh", saved(draw(mode="RGB", height=2), kind))


def test_a_jpeg_2000_page_of_a_pdf_is_kept_without_loss() -> None:
    scan = draw(height=2)
    values = {"/Width": scan.width, "/Height": scan.height, "/Filter": pikepdf.Name.JPXDecode}

    (image,) = images("a.pdf", pdf_of(saved(scan, "JPEG2000", irreversible=False), values, box=(595, 144)))

    assert image.encoding is not ImageEncoding.JPEG
    assert np.array_equal(decode(image), np.asarray(scan))


@pytest.mark.parametrize("depth", [1, 8])
def test_a_palette_page_of_a_pdf_is_kept_without_loss(depth: int) -> None:
    scan = draw(height=2)
    table = b"\xff\xff\xff\x14\x14\x14"
    dark = np.asarray(scan) < 128
    rows = np.packbits(dark, axis=1) if depth == 1 else dark.astype(np.uint8)
    values = {
        "/Width": scan.width,
        "/Height": scan.height,
        "/BitsPerComponent": depth,
        "/ColorSpace": pikepdf.Array([pikepdf.Name.Indexed, pikepdf.Name.DeviceRGB, 1, pikepdf.String(table)]),
    }

    (image,) = images("a.pdf", pdf_of(rows.tobytes(), values, box=(595, 144)))

    found = decode(image)
    gray = found if found.ndim == 2 else found[:, :, 0]
    assert np.array_equal(gray < 128, dark)


def test_a_16_bit_page_of_a_pdf_is_read_as_8_bits() -> None:
    scan = np.asarray(draw(height=2))
    values = {
        "/Width": scan.shape[1],
        "/Height": scan.shape[0],
        "/BitsPerComponent": 16,
        "/ColorSpace": pikepdf.Name.DeviceGray,
    }

    (image,) = images("a.pdf", pdf_of((scan.astype(">u2") * 257).tobytes(), values, box=(595, 144)))

    assert np.abs(decode(image).astype(int) - scan).max() <= 1


def test_an_image_in_a_form_is_found_and_taken_as_it_is() -> None:
    plain = jpeg_pdf(draw(), box=(595, 432))
    with pikepdf.open(io.BytesIO(plain)) as pdf:
        form = pdf.make_stream(
            pdf.pages[0].Contents.read_bytes(),
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Form,
            BBox=[0, 0, 595, 432],
            Resources=pdf.pages[0].Resources,
        )
        pdf.pages[0].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Fm0=form))
        pdf.pages[0].Contents = pdf.make_stream(b"q 1 0 0 1 0 0 cm /Fm0 Do Q")
        holder = io.BytesIO()
        pdf.save(holder)

    (image,) = images("a.pdf", holder.getvalue())

    assert image.data == saved(draw(), "JPEG", quality=90)


@pytest.mark.tools
def test_a_torn_page_gives_the_text_that_is_left() -> None:
    page = draw(LINES, dpi=150)
    ImageDraw.Draw(page).polygon([(900, 0), (700, 300), (1000, 620), (860, 900), (1240, 900), (1240, 0)], fill=30)

    assert "Độc lập" in read(page).text


@pytest.mark.tools
def test_two_pages_on_one_sheet_are_read_one_after_the_other() -> None:
    left, right = (
        draw(["Điều 1. Phê duyệt kế hoạch", "số hóa hồ sơ"] * 4),
        draw(["Điều 2. Ban hành quy định", "về văn thư"] * 4),
    )
    sheet = Image.new("L", (left.width * 2, left.height), "white")
    sheet.paste(left, (0, 0))
    sheet.paste(right, (left.width, 0))

    text = read(sheet, 200).text

    assert text.rindex("số hóa hồ sơ") < text.index("Điều 2.")


def test_what_a_mask_hides_of_a_scan_is_not_taken() -> None:
    scan = np.asarray(draw(["Số tiền: 5.000.000 đồng"], height=2), dtype=np.uint8)
    values = {
        "/Width": scan.shape[1],
        "/Height": scan.shape[0],
        "/BitsPerComponent": 8,
        "/ColorSpace": pikepdf.Name.DeviceGray,
    }
    (plain,) = images("a.pdf", pdf_of(scan.tobytes(), values, box=(595, 144)))
    (masked,) = images("a.pdf", pdf_of(scan.tobytes(), {**values, "/Mask": pikepdf.Array([0, 200])}, box=(595, 144)))

    assert decode(plain).min() == 0
    assert decode(masked).min() > 190

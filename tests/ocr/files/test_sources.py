import io
import random
import struct
import zlib

import numpy as np
import pikepdf
import pypdfium2
import pytest
from drawn_pages import draw, jpeg_pdf, pdf_of, saved
from PIL import Image, ImageDraw

from domain.errors import DamagedDocument, EncryptedDocument, InputError, OversizedDocument, UnsupportedDocument
from domain.models import ColorModel, ImageEncoding, PageImage
from ocr.files.sources import Limits, PageScan, open_source, read_pages, signed_pdf
from ocr.picture.raster import decode, encode_g4, tiff_around_g4, upright

LIMITS = Limits()


def pages(name: str, data: bytes) -> list[PageScan]:
    return list(read_pages(open_source(name, data, limits=LIMITS), limits=LIMITS))


def only_image(name: str, data: bytes) -> PageImage:
    (page,) = pages(name, data)
    return page.image


def resaved(pdf: bytes, **options: object) -> bytes:
    holder = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        opened.save(holder, **options)  # type: ignore[arg-type]
    return holder.getvalue()


def samples(image: PageImage) -> np.ndarray:
    return decode(image)


def close(first: np.ndarray, second: np.ndarray) -> bool:
    return first.shape == second.shape and float(np.abs(first.astype(int) - second.astype(int)).mean()) < 2


def empty_pdf() -> bytes:
    holder = io.BytesIO()
    pikepdf.new().save(holder)
    return holder.getvalue()


def png_header(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


BAD = {
    "empty": ("a.pdf", b"", DamagedDocument),
    "text": ("a.txt", b"Xin chao", UnsupportedDocument),
    "word": ("a.docx", b"PK\x03\x04" + b"\0" * 100, UnsupportedDocument),
    "webp": ("a.webp", b"RIFF\x10\0\0\0WEBPVP8 ", UnsupportedDocument),
    "renamed": ("a.pdf", saved(draw(), "PNG"), UnsupportedDocument),
    "cut PDF": ("a.pdf", jpeg_pdf(draw())[:-3000], DamagedDocument),
    "cut PNG": ("a.png", saved(draw(), "PNG")[:-500], DamagedDocument),
    "cut JPEG": ("a.jpg", saved(draw(), "JPEG")[:-20000], DamagedDocument),
    "cut TIFF": ("a.tif", saved(draw(), "TIFF")[:5000], DamagedDocument),
    "no pages": ("a.pdf", empty_pdf(), DamagedDocument),
    "password": (
        "a.pdf",
        resaved(jpeg_pdf(draw()), encryption=pikepdf.Encryption(user="x", owner="y")),
        EncryptedDocument,
    ),
    "locked": (
        "a.pdf",
        resaved(jpeg_pdf(draw()), encryption=pikepdf.Encryption(user="", owner="y")),
        EncryptedDocument,
    ),
    "wide": ("a.png", saved(Image.new("L", (10_000, 300), "white"), "PNG"), OversizedDocument),
    "tiny": ("a.png", saved(Image.new("L", (1, 1)), "PNG"), OversizedDocument),
    "huge PNG": ("a.png", png_header(60_000, 60_000), OversizedDocument),
    "noise": ("a.tif", b"II*\0" + random.Random(1).randbytes(3000), DamagedDocument),
    "PDF noise": ("a.pdf", b"%PDF-1.7\n" + random.Random(1).randbytes(3000) + b"\n%%EOF", DamagedDocument),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_refused_in_one_line(case: str) -> None:
    name, data, error = BAD[case]

    with pytest.raises(error) as refusal:
        pages(name, data)

    assert "\n" not in str(refusal.value)
    assert "xin" in str(refusal.value)


def test_a_file_over_the_limit_of_bytes_is_refused() -> None:
    with pytest.raises(OversizedDocument):
        open_source("a.png", saved(draw(), "PNG"), limits=Limits(bytes=1000))


def test_too_many_pages_are_refused() -> None:
    frames = [draw(height=2), draw(height=2), draw(height=2)]
    data = saved(frames[0], "TIFF", save_all=True, append_images=frames[1:])

    with pytest.raises(OversizedDocument):
        open_source("a.tif", data, limits=Limits(pages=2))


def test_a_stream_that_unpacks_to_too_much_is_refused() -> None:
    bomb = zlib.compress(zlib.compress(b"\0" * 340_000_000, 9), 9)
    values = {"/Width": 2000, "/Height": 2000, "/BitsPerComponent": 8, "/ColorSpace": pikepdf.Name.DeviceGray}
    filters = {"/Filter": pikepdf.Array([pikepdf.Name.FlateDecode, pikepdf.Name.FlateDecode])}

    with pytest.raises(OversizedDocument):
        pages("a.pdf", pdf_of(bomb, {**values, **filters}))


def test_an_object_stream_that_unpacks_to_too_much_is_refused_before_the_file_is_opened() -> None:
    packed = zlib.compress(b" " * 340_000_000, 9)
    head = b"%%PDF-1.7\n1 0 obj\n<</Type /ObjStm /N 1 /First 5 /Filter /FlateDecode /Length %d>>\nstream\n" % len(
        packed
    )

    with pytest.raises(OversizedDocument):
        open_source("a.pdf", head + packed + b"\nendstream\nendobj\nstartxref\n0\n%%EOF", limits=LIMITS)


def test_a3_at_600_dpi_passes() -> None:
    page = Image.new("1", (7016, 9921), 1)

    image = only_image("a.tif", saved(page, "TIFF", compression="group4", dpi=(600, 600)))

    assert (image.width, image.height, image.dpi) == (7016, 9921, 600)


def test_a_jpeg_page_of_a_pdf_is_taken_as_it_is() -> None:
    scan = draw(mode="RGB")

    image = only_image("a.pdf", jpeg_pdf(scan))

    assert image.data == saved(scan, "JPEG", quality=90)
    assert (image.encoding, image.color, image.rotation) == (ImageEncoding.JPEG, ColorModel.RGB, 0)
    assert image.dpi == pytest.approx(200, abs=1)


G4 = {"/BitsPerComponent": 1, "/ColorSpace": pikepdf.Name.DeviceGray, "/Filter": pikepdf.Name.CCITTFaxDecode}


@pytest.mark.parametrize(("black_is_1", "decode"), [(False, None), (True, [1, 0]), (True, None), (False, [1, 0])])
def test_a_fax_page_of_a_pdf_looks_the_same_whatever_its_polarity(black_is_1: bool, decode: list[int] | None) -> None:
    scan = draw().convert("1")
    shown_dark = black_is_1 == (decode is not None)
    stream = encode_g4(scan if shown_dark else Image.eval(scan.convert("L"), lambda v: 255 - v).convert("1"))
    values = {**G4, "/Width": scan.width, "/Height": scan.height}
    values["/DecodeParms"] = pikepdf.Dictionary(K=-1, Columns=scan.width, BlackIs1=black_is_1)
    if decode is not None:
        values["/Decode"] = pikepdf.Array(decode)

    image = only_image("a.pdf", pdf_of(stream, values))

    assert np.array_equal(samples(image), np.asarray(scan.convert("L")))
    assert image.color is ColorModel.BILEVEL
    assert (image.data == stream) == shown_dark


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_the_rotation_of_page_and_image_add_up(rotate: int, turned: int) -> None:
    scan = draw(height=3)
    stored = scan.rotate(turned + rotate, expand=True)  # counterclockwise; page and matrix turn it back
    width, height = (595, 216) if rotate % 180 == 0 else (216, 595)
    matrix = {
        0: f"{width} 0 0 {height} 0 0",
        90: f"0 {-height} {width} 0 0 {height}",
        180: f"{-width} 0 0 {-height} {width} {height}",
        270: f"0 {height} {-width} 0 {width} 0",
    }[turned]

    image = only_image("a.pdf", jpeg_pdf(stored, box=(width, height), matrix=matrix, rotate=rotate))

    assert image.rotation == (rotate + turned) % 360
    assert close(upright(decode(image), image.rotation), np.asarray(scan))


def test_a_mirrored_image_is_drawn_as_the_page_shows_it() -> None:
    scan = draw(height=3)
    mirrored = scan.transpose(Image.Transpose.FLIP_TOP_BOTTOM)

    image = only_image("a.pdf", jpeg_pdf(mirrored, box=(595, 216), matrix="595 0 0 -216 0 216"))

    shown = Image.fromarray(decode(image)).convert("L").resize(scan.size)
    assert float(np.abs(np.asarray(shown, int) - np.asarray(scan, int)).mean()) < 8


@pytest.mark.parametrize("mode", ["CMYK", "P", "I;16", "LA", "1"])
def test_images_of_all_modes_are_taken_without_loss(mode: str) -> None:
    scan = draw(height=3)
    stored = scan.convert("RGB").convert(mode) if mode in ("CMYK", "P") else scan.convert(mode)
    if mode == "I;16":
        stored = Image.fromarray(np.asarray(scan, np.uint16) * 257)
    kind = "TIFF" if mode == "CMYK" else "PNG"

    image = only_image("a.tif" if kind == "TIFF" else "a.png", saved(stored, kind))

    found = decode(image)
    gray = found if found.ndim == 2 else np.asarray(Image.fromarray(found).convert("L"))
    expected = scan.convert("1").convert("L") if mode == "1" else scan
    assert close(gray, np.asarray(expected))


def test_a_cmyk_jpeg_of_a_pdf_is_decoded() -> None:
    image = only_image("a.pdf", jpeg_pdf(draw(mode="RGB").convert("CMYK")))

    assert image.encoding is ImageEncoding.FLATE
    assert close(np.asarray(Image.fromarray(decode(image)).convert("L")), np.asarray(draw()))


def test_all_frames_of_a_tiff_come_in_order() -> None:
    frames = [draw([str(number)], height=2) for number in range(3)]
    data = saved(frames[0], "TIFF", save_all=True, append_images=frames[1:], dpi=(200, 200))

    found = pages("a.tif", data)

    assert [page.image.number for page in found] == [1, 2, 3]
    assert all(np.array_equal(decode(page.image), np.asarray(frame)) for page, frame in zip(found, frames, strict=True))


def test_a_fax_frame_of_a_tiff_is_taken_as_it_is() -> None:
    scan = draw().convert("1")
    strip = encode_g4(scan)

    image = only_image("a.tif", tiff_around_g4(strip, scan.width, scan.height))

    assert image.data == strip
    assert np.array_equal(decode(image), np.asarray(scan.convert("L")))


@pytest.mark.parametrize(("orientation", "turned"), [(1, 0), (3, 180), (6, 90), (8, 270)])
def test_a_photo_is_turned_as_its_camera_says(orientation: int, turned: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = saved(draw().rotate(turned, expand=True), "JPEG", exif=exif, quality=95)

    image = only_image("a.jpg", data)

    assert image.data == data
    assert close(upright(decode(image), image.rotation), np.asarray(draw()))


def test_a_resolution_that_no_page_has_is_estimated_from_a4() -> None:
    image = only_image("a.jpg", saved(Image.new("L", (2480, 3508), "white"), "JPEG", dpi=(72, 72)))

    assert image.dpi == pytest.approx(300, abs=1)


def test_unequal_fax_resolution_is_made_square() -> None:
    scan = draw(height=8).convert("1")
    data = saved(scan.resize((scan.width, scan.height // 2)), "TIFF", compression="group4", dpi=(200, 100))

    image = only_image("a.tif", data)

    assert (image.width, image.height, image.dpi) == (scan.width, scan.height, 200)


def test_a_corrupt_frame_is_named() -> None:
    frames = [draw(height=2), draw(height=2)]
    data = bytearray(saved(frames[0], "TIFF", save_all=True, append_images=frames[1:], compression="jpeg"))
    second = data.rindex(b"\xff\xd8\xff")
    data[second : second + 400] = b"\0" * 400

    with pytest.raises(DamagedDocument, match="trang 2"):
        pages("a.tif", bytes(data))


def test_an_unsigned_pdf_carries_no_signature() -> None:
    assert not signed_pdf(open_source("a.pdf", jpeg_pdf(draw()), limits=LIMITS))


def test_a_filled_signature_field_is_found_below_other_fields() -> None:
    with pikepdf.open(io.BytesIO(jpeg_pdf(draw()))) as pdf:
        signature = pikepdf.Dictionary(FT=pikepdf.Name.Sig, V=pikepdf.Dictionary(Type=pikepdf.Name.Sig))
        parent = pikepdf.Dictionary(T="a", Kids=pikepdf.Array([signature]))
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([parent]))
        holder = io.BytesIO()
        pdf.save(holder)

    assert signed_pdf(open_source("a.pdf", holder.getvalue(), limits=LIMITS))


def test_folders_in_a_name_are_left_out() -> None:
    assert open_source("../../x/y.png", saved(draw(), "PNG"), limits=LIMITS).name == "y.png"


def test_random_damage_is_read_or_refused_and_nothing_else() -> None:
    chance = random.Random(7)
    originals = [
        ("a.pdf", jpeg_pdf(draw(height=3))),
        ("a.tif", saved(draw(height=2), "TIFF", compression="tiff_lzw")),
        ("a.png", saved(draw(height=2), "PNG")),
        ("a.jpg", saved(draw(height=2), "JPEG")),
    ]
    for name, data in originals:
        for _ in range(40):
            broken = bytearray(data)
            for _ in range(chance.randint(1, 12)):
                broken[chance.randrange(min(len(broken), 3000) if chance.random() < 0.7 else len(broken))] = (
                    chance.randrange(256)
                )
            try:
                for page in pages(name, bytes(broken)):
                    decode(page.image)
            except InputError as refusal:
                assert "\n" not in str(refusal)


@pytest.mark.parametrize("white", [1, 255])
@pytest.mark.parametrize("drawn", [True, False])
def test_a_fax_stream_is_shown_by_another_decoder_as_the_picture_is(white: int, drawn: bool) -> None:
    picture = Image.new("1", (320, 200), white)
    if drawn:
        ImageDraw.Draw(picture).rectangle((40, 30, 120, 90), fill=0)
    values = {**G4, "/Width": 320, "/Height": 200}
    values["/DecodeParms"] = pikepdf.Dictionary(K=-1, Columns=320, Rows=200)

    with pypdfium2.PdfDocument(pdf_of(encode_g4(picture), values, box=(320, 200))) as pdf:
        shown = pdf[0].render(scale=1).to_pil().convert("L")

    assert np.array_equal(np.asarray(shown) > 128, np.asarray(picture))

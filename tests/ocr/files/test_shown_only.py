"""What a page of a PDF does not show is neither read nor kept; what it shows beside its scan is."""

import io
import zlib
from collections.abc import Callable

import numpy as np
import pikepdf
import pytest
from drawn_pages import draw, jpeg_pdf, pdf_of, saved

from domain.models import ImageEncoding
from ocr.files.sources import Limits, PageScan, open_source, read_pages
from ocr.picture.raster import decode
from ocr.samples.fonts import find_fonts
from ocr.samples.pdf import write_born_digital
from ocr.samples.running_text import typeset_text

TEXT = "Căn cứ Luật Tổ chức chính quyền địa phương, theo đề nghị của Giám đốc Sở Tư pháp. " * 6
BOX = (595, 432)


@pytest.fixture(scope="module")
def born_digital() -> bytes:
    fonts = find_fonts()
    return write_born_digital(typeset_text(TEXT, fonts), fonts)


@pytest.fixture(scope="module")
def scanned() -> bytes:
    return jpeg_pdf(draw(), box=BOX)


def first_page(pdf: bytes) -> PageScan:
    return next(read_pages(open_source("a.pdf", pdf, limits=Limits()), limits=Limits()))


def changed(pdf: bytes, change: Callable[[pikepdf.Pdf, pikepdf.Page], None]) -> bytes:
    holder = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        change(opened, opened.pages[0])
        opened.save(holder)
    return holder.getvalue()


def with_words(pdf: bytes, drawing: bytes) -> bytes:
    """A page with more words, drawn in Helvetica that the page calls `/Other`."""

    def change(opened: pikepdf.Pdf, page: pikepdf.Page) -> None:
        fonts = {"/Type": pikepdf.Name.Font, "/Subtype": pikepdf.Name.Type1, "/BaseFont": pikepdf.Name.Helvetica}
        page.Resources.Font["/Other"] = opened.make_indirect(pikepdf.Dictionary(fonts))
        page.contents_add(b"q", prepend=True)
        page.contents_add(b"Q q " + drawing + b" Q")

    return changed(pdf, change)


@pytest.mark.parametrize(
    "drawing",
    [
        b"BT /Other 12 Tf 1 g 60 200 Td (666) Tj ET",
        b"BT /Other 12 Tf 3 Tr 60 200 Td (666) Tj ET",
        b"BT /Other 1 Tf 60 200 Td (666) Tj ET",
        b"BT /Other 12 Tf -300 200 Td (666) Tj ET",
        b"BT /Other 12 Tf 60 2000 Td (666) Tj ET",
    ],
    ids=["white", "invisible", "tiny", "left of the page", "above the page"],
)
def test_a_layer_with_a_word_that_nobody_can_see_is_not_believed(born_digital: bytes, drawing: bytes) -> None:
    assert first_page(with_words(born_digital, drawing)).layer is None


def test_letters_upon_letters_are_not_believed(born_digital: bytes) -> None:
    layer = first_page(born_digital).layer
    assert layer is not None
    box = layer.words[3].box
    place = box.x0 * layer.width * 72 / layer.dpi, (layer.height * (1 - box.y1)) * 72 / layer.dpi + 4

    page = first_page(with_words(born_digital, b"BT /Other 12 Tf %f %f Td (HH) Tj ET" % place))

    assert page.layer is None


def test_a_page_that_lies_sideways_is_read_from_its_picture(born_digital: bytes) -> None:
    def turn(_: pikepdf.Pdf, page: pikepdf.Page) -> None:
        page.Rotate = 90

    assert first_page(changed(born_digital, turn)).layer is None


def test_layers_that_are_off_make_a_text_that_is_not_believed(born_digital: bytes) -> None:
    def hide(opened: pikepdf.Pdf, page: pikepdf.Page) -> None:
        layer = opened.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name=pikepdf.String("nháp")))
        opened.Root.OCProperties = pikepdf.Dictionary(OCGs=[layer], D=pikepdf.Dictionary(OFF=[layer]))

    assert first_page(changed(born_digital, hide)).layer is None


def test_what_a_crop_box_hides_of_a_scan_is_not_read(scanned: bytes) -> None:
    def crop(_: pikepdf.Pdf, page: pikepdf.Page) -> None:
        page.CropBox = [0, 0, BOX[0], 0.92 * BOX[1]]

    image = first_page(changed(scanned, crop)).image

    assert image.height / image.width == pytest.approx(0.92 * BOX[1] / BOX[0], rel=0.01)


@pytest.mark.parametrize(("path", "kept"), [(b"0 0 595 432 re", True), (b"0 0 595 300 re", False)])
def test_what_a_path_clips_of_a_scan_is_not_read(scanned: bytes, path: bytes, kept: bool) -> None:
    def clip(_: pikepdf.Pdf, page: pikepdf.Page) -> None:
        page.contents_add(path + b" W n", prepend=True)

    image = first_page(changed(scanned, clip)).image

    assert (image.encoding is ImageEncoding.JPEG) == kept
    top = decode(image)[: image.height // 5]
    assert bool((top < 100).any()) == kept


def noted(pdf: bytes, flags: int, kind: pikepdf.Name) -> bytes:
    def note(opened: pikepdf.Pdf, page: pikepdf.Page) -> None:
        looks = opened.make_stream(b"0 g 0 0 60 20 re f")
        looks.stream_dict.update(
            {"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Form, "/BBox": [0, 0, 60, 20]}
        )
        values = {"/Type": pikepdf.Name.Annot, "/Subtype": kind, "/Rect": [400, 30, 460, 50], "/F": flags}
        values |= {"/FT": pikepdf.Name.Sig} if kind == pikepdf.Name.Widget else {}
        page.Annots = [opened.make_indirect(pikepdf.Dictionary({**values, "/AP": pikepdf.Dictionary(N=looks)}))]
        opened.Root.AcroForm = pikepdf.Dictionary(Fields=page.Annots)

    return changed(pdf, note)


@pytest.mark.parametrize(
    ("flags", "kind", "shown"),
    [
        (4, pikepdf.Name.Stamp, True),
        (4, pikepdf.Name.FreeText, True),
        (2, pikepdf.Name.FreeText, False),
        (4, pikepdf.Name.Widget, False),
    ],
    ids=["a stamp", "a note", "a hidden note", "an electronic signature"],
)
def test_a_stamp_or_note_upon_a_scan_is_not_lost(
    scanned: bytes, flags: int, kind: pikepdf.Name, *, shown: bool
) -> None:
    image = first_page(noted(scanned, flags, kind)).image

    assert (image.encoding is not ImageEncoding.JPEG) == shown
    picture = decode(image)
    corner = picture[round(0.9 * picture.shape[0]) : round(0.92 * picture.shape[0]), round(0.7 * picture.shape[1])]
    assert bool((corner < 100).all()) == shown


def test_a_mask_is_painted_in_its_color() -> None:
    scan = draw(height=2)
    dark = np.asarray(scan) < 128
    values = {
        "/Width": scan.width,
        "/Height": scan.height,
        "/BitsPerComponent": 1,
        "/ImageMask": True,
        "/Decode": pikepdf.Array([1, 0]),
        "/Filter": pikepdf.Name.FlateDecode,
    }
    pdf = pdf_of(zlib.compress(np.packbits(dark, axis=1).tobytes()), values, box=(595, 144))

    picture = decode(first_page(pdf).image)

    assert float((picture < 128).mean()) == pytest.approx(float(dark.mean()), rel=0.2)


def test_a_scan_with_a_link_is_taken_as_it_is(scanned: bytes) -> None:
    def link(opened: pikepdf.Pdf, page: pikepdf.Page) -> None:
        values = {
            "/Type": pikepdf.Name.Annot,
            "/Subtype": pikepdf.Name.Link,
            "/Rect": [9, 9, 99, 99],
            "/Border": [0] * 3,
        }
        page.Annots = [opened.make_indirect(pikepdf.Dictionary(values))]

    assert first_page(changed(scanned, link)).image.data == saved(draw(), "JPEG", quality=90)

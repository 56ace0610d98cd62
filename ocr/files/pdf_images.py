"""The full-page image of a PDF page that is a scan: found, placed, and taken out as it is."""

import math
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

from domain.models import ColorModel, ImageEncoding
from ocr.picture.raster import EncodedImage, check_jpeg, encode, open_picture

_FULL_PAGE = 0.85
_HIDDEN_TEXT = {pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP}
_JPEG = b"\xff\xd8\xff"
_FLATE = ("/FlateDecode", "/Fl")
_DEVICE_COLORS = {
    "/DeviceGray": ColorModel.GRAY,
    "/G": ColorModel.GRAY,
    "/CalGray": ColorModel.GRAY,
    "/DeviceRGB": ColorModel.RGB,
    "/RGB": ColorModel.RGB,
    "/CalRGB": ColorModel.RGB,
}
_WHOLE_IMAGE = 0.98
"""Share of an image that a page must show: sizes of pages are rounded."""
_GOOD_PART = 0.3
_Area = tuple[float, float, float, float]
_Matrix = tuple[float, float, float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedImage:
    """An image on a PDF page."""

    handle: pypdfium2.PdfImage
    width: int
    """In pixels."""
    height: int
    rotation: int | None
    """Clockwise degrees that turn the stored image as the page shows it; None where it stands askew or mirrored."""
    dpi: float
    share: float
    """Of the page's area that it covers."""
    plain: bool
    """Whether it has neither a soft mask nor transparency."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageContent:
    """What a PDF page shows."""

    scan: PlacedImage | None
    """The image that covers the page, where nothing else shows."""
    images: tuple[PlacedImage, ...]
    """All images that show."""
    text_objects: int
    """Number of text objects that show."""
    hidden_texts: int = 0
    """Number of text objects that do not show, though a program that takes the page's text finds them."""
    over_text: tuple[pypdfium2.PdfObject, ...] = ()
    """What is painted over text, and may hide it."""


def page_content(page: pypdfium2.PdfPage) -> PageContent:
    """Return what shows on a page; what a full-page image covers, and invisible text, does not show."""
    images: list[PlacedImage] = []
    texts: list[_Area] = []
    over: list[pypdfium2.PdfObject] = []
    others = hidden = 0
    for item in page.get_objects(max_depth=8):
        if item.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            image = _place(page, item)
            if image.share >= _FULL_PAGE and image.plain:
                hidden += len(texts)
                images, texts, others = [], [], 0
            images.append(image)
            over += [item] if _lies_over(item, texts) else []
        elif item.type == pdfium.FPDF_PAGEOBJ_TEXT:
            shown = pdfium.FPDFTextObj_GetTextRenderMode(item) not in _HIDDEN_TEXT
            texts += [_area(item)] if shown and _has_area(item) else []
            hidden += not shown and _has_area(item)
        elif item.type == pdfium.FPDF_PAGEOBJ_SHADING or (item.type == pdfium.FPDF_PAGEOBJ_PATH and _is_painted(item)):
            others += 1
            over += [item] if _lies_over(item, texts) else []
    only = images[0] if len(images) == 1 and not texts and not others else None
    scan = only if only is not None and only.share >= _FULL_PAGE and only.plain and only.rotation is not None else None
    return PageContent(
        scan=scan, images=tuple(images), text_objects=len(texts), hidden_texts=hidden, over_text=tuple(over)
    )


def _area(item: pypdfium2.PdfObject) -> _Area:
    """Return the left, bottom, right and top end of an object on its page."""
    left, bottom, right, top = item.get_bounds()
    corners = [(x, y) for x in (left, right) for y in (bottom, top)]
    container = item.container
    while container is not None:
        matrix = container.get_matrix()
        corners = [matrix.on_point(x, y) for x, y in corners]
        container = container.container
    xs, ys = zip(*corners, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _lies_over(item: pypdfium2.PdfObject, texts: Sequence[_Area]) -> bool:
    """Return whether an object lies over a good part of the height of a text, as no line below it does."""
    if not texts:
        return False
    left, bottom, right, top = _area(item)
    return any(
        min(right, x1) > max(left, x0) and min(top, y1) - max(bottom, y0) > _GOOD_PART * (y1 - y0)
        for x0, y0, x1, y1 in texts
    )


def take_stream(page: pikepdf.Page, image: PlacedImage) -> EncodedImage | None:
    """Return the image's stream as it is where the archive can hold it so, else decoded without loss.

    None for a mask that is no picture of its own, but says where the page is painted in some color, and for an image
    of which a mask shows only parts: what it hides must not be read, and without it nothing may be left but black.

    Raises:
        ValueError: A part of its samples is corrupt.
    """
    raw = bytes(image.handle.get_data())
    stored = next(
        (
            candidate
            for candidate in _image_streams(page.obj, set())
            if candidate.get("/Width") == image.width
            and candidate.get("/Height") == image.height
            and candidate.read_raw_bytes() == raw
        ),
        None,
    )
    taken = _as_is(stored, raw, image) if stored is not None else None
    if taken is None and stored is not None and (bool(stored.get("/ImageMask", False)) or _is_masked(stored)):
        return None
    if taken is None and raw.startswith(_JPEG):
        check_jpeg(raw)
    return taken if taken is not None else _decoded(image)


def _place(page: pypdfium2.PdfPage, item: pypdfium2.PdfObject) -> PlacedImage:
    assert isinstance(item, pypdfium2.PdfImage)
    matrix = item.get_matrix()
    container = item.container
    while container is not None:
        matrix = matrix.multiply(container.get_matrix())
        container = container.container
    a, b, c, d, e, f = (float(value) for value in matrix.get())
    width, height = (int(value) for value in item.get_px_size())
    across, down = math.hypot(a, b), math.hypot(c, d)
    dpi = 72 * max(width / max(across, 1e-6), height / max(down, 1e-6))
    # a blend or soft mask anywhere makes the picture depend on what lies below it
    plain = not pdfium.FPDFPageObj_HasTransparency(item) and not _is_clipped(item)
    rotation = _quarter_turn((a, b, c, d, e, f))
    shown = None if rotation is None else (rotation + page.get_rotation()) % 360
    return PlacedImage(
        handle=item,
        width=width,
        height=height,
        rotation=shown,
        dpi=dpi,
        share=_share(page, (a, b, c, d, e, f)),
        plain=plain,
    )


def _is_clipped(item: pypdfium2.PdfObject) -> bool:
    """Return whether a path hides a good part of an object; one that is no mere rectangle counts as hiding some."""
    left, bottom, right, top = item.get_bounds()
    clip = pdfium.FPDFPageObj_GetClipPath(item)
    for path in range(max(0, pdfium.FPDFClipPath_CountPaths(clip))):
        xs, ys = [], []
        x, y = pdfium.c_float(), pdfium.c_float()
        for segment in range(max(0, pdfium.FPDFClipPath_CountPathSegments(clip, path))):
            if pdfium.FPDFPathSegment_GetPoint(pdfium.FPDFClipPath_GetPathSegment(clip, path, segment), x, y):
                xs.append(x.value)
                ys.append(y.value)
        if len({round(value) for value in xs}) > 2 or len({round(value) for value in ys}) > 2 or not xs:
            return True
        shown = max(0.0, min(right, max(xs)) - max(left, min(xs))) * max(0.0, min(top, max(ys)) - max(bottom, min(ys)))
        if shown < _WHOLE_IMAGE * (right - left) * (top - bottom):
            return True
    return False


def _quarter_turn(matrix: _Matrix) -> int | None:
    a, b, c, d, _, _ = matrix
    size = max(abs(a), abs(b), abs(c), abs(d), 1e-9)
    straight, turned = max(abs(b), abs(c)) < 0.01 * size, max(abs(a), abs(d)) < 0.01 * size
    if a * d - b * c <= 0 or not (straight or turned):
        return None
    if straight:
        return 0 if a > 0 else 180
    return 270 if b > 0 else 90


def _share(page: pypdfium2.PdfPage, matrix: _Matrix) -> float:
    a, b, c, d, e, f = matrix
    left, bottom, right, top = page.get_cropbox()
    xs, ys = (e, e + a, e + c, e + a + c), (f, f + b, f + d, f + b + d)
    across = min(right, max(xs)) - max(left, min(xs))
    down = min(top, max(ys)) - max(bottom, min(ys))
    page_area, image_area = abs((right - left) * (top - bottom)), (max(xs) - min(xs)) * (max(ys) - min(ys))
    covered = max(0.0, across) * max(0.0, down)
    # an image of which the page shows only a part is no scan of this page: what it hides must not be read
    return 0.0 if covered < _WHOLE_IMAGE * image_area else covered / max(page_area, 1e-6)


def _has_area(item: pypdfium2.PdfObject) -> bool:
    left, bottom, right, top = item.get_bounds()
    return bool(right - left > 0.5 and top - bottom > 0.5)


def _is_painted(item: pypdfium2.PdfObject) -> bool:
    fill, stroke = pdfium.c_int(), pdfium.c_int()
    pdfium.FPDFPath_GetDrawMode(item, fill, stroke)
    return bool(fill.value or stroke.value) and _has_area(item)


def _image_streams(holder: pikepdf.Object, seen: set[tuple[int, int]]) -> Iterator[pikepdf.Stream]:
    resources = holder.get("/Resources")
    objects = resources.get("/XObject") if resources is not None else None
    for item in objects.values() if objects is not None else ():
        if not isinstance(item, pikepdf.Stream) or item.objgen in seen:
            continue
        seen.add(item.objgen)
        if item.get("/Subtype") == "/Image":
            yield item
        elif item.get("/Subtype") == "/Form":
            yield from _image_streams(item, seen)


def _as_is(stored: pikepdf.Stream, raw: bytes, image: PlacedImage) -> EncodedImage | None:
    filters = stored.get("/Filter")
    if isinstance(filters, pikepdf.Array):
        filters = filters[0] if len(filters) == 1 else None
    name = str(filters) if filters is not None else ""
    if _is_masked(stored):
        return None
    if name in ("/DCTDecode", "/DCT"):
        return _jpeg(stored, raw, image)
    if name in ("/CCITTFaxDecode", "/CCF"):
        return _g4(stored, raw, image)
    return _flate(stored, raw, image) if name in _FLATE else None


def _is_masked(stored: pikepdf.Stream) -> bool:
    return any(key in stored for key in ("/SMask", "/Mask"))


def _jpeg(stored: pikepdf.Stream, raw: bytes, image: PlacedImage) -> EncodedImage | None:
    if _color(stored) is None or "/DecodeParms" in stored or not _decode_is(stored, inverted=False):
        return None
    with open_picture(raw) as opened:
        mode, size = opened.mode, opened.size
    if size != (image.width, image.height) or mode not in ("L", "RGB"):
        return None
    color = ColorModel.GRAY if mode == "L" else ColorModel.RGB
    if color is not _color(stored):
        return None
    return EncodedImage(width=image.width, height=image.height, encoding=ImageEncoding.JPEG, color=color, data=raw)


def _g4(stored: pikepdf.Stream, raw: bytes, image: PlacedImage) -> EncodedImage | None:
    parameters = stored.get("/DecodeParms", pikepdf.Dictionary())
    if isinstance(parameters, pikepdf.Array):
        parameters = parameters[0]
    mask = bool(stored.get("/ImageMask", False))
    plain = (mask and _fills_black(image)) or _color(stored) is ColorModel.GRAY
    whole = int(parameters.get("/Columns", 1728)) == image.width and int(parameters.get("/K", 0)) < 0
    inverted = _decode_is(stored, inverted=True)
    dark_runs = bool(parameters.get("/BlackIs1", False)) == inverted
    if not plain or not whole or parameters.get("/EncodedByteAlign", False) or not dark_runs:
        return None
    return EncodedImage(
        width=image.width, height=image.height, encoding=ImageEncoding.CCITT_G4, color=ColorModel.BILEVEL, data=raw
    )


def _flate(stored: pikepdf.Stream, raw: bytes, image: PlacedImage) -> EncodedImage | None:
    color = _color(stored)
    if color is None or int(stored.get("/BitsPerComponent", 0)) != 8 or not _decode_is(stored, inverted=False):
        return None
    data = raw
    if "/DecodeParms" in stored:
        data = zlib.compress(stored.read_bytes(), 3)
    return EncodedImage(width=image.width, height=image.height, encoding=ImageEncoding.FLATE, color=color, data=data)


def _color(stored: pikepdf.Stream) -> ColorModel | None:
    space = stored.get("/ColorSpace")
    if isinstance(space, pikepdf.Array) and len(space) > 0:
        if str(space[0]) == "/ICCBased":
            return {1: ColorModel.GRAY, 3: ColorModel.RGB}.get(int(space[1].get("/N", 0)))
        space = space[0]
    return _DEVICE_COLORS.get(str(space))


def _decode_is(stored: pikepdf.Stream, *, inverted: bool) -> bool:
    decode = stored.get("/Decode")
    if decode is None:
        return not inverted
    first = float(decode[0])
    return first == 1.0 if inverted else all(float(value) == index % 2 for index, value in enumerate(decode))


def _fills_black(image: PlacedImage) -> bool:
    red, green, blue, alpha = (pdfium.c_uint() for _ in range(4))
    pdfium.FPDFPageObj_GetFillColor(image.handle, red, green, blue, alpha)
    return bool(max(red.value, green.value, blue.value) < 64)


def _decoded(image: PlacedImage) -> EncodedImage:
    picture = image.handle.get_bitmap().to_pil()
    picture = picture if picture.mode in ("L", "1") else picture.convert("RGB")
    if picture.mode == "RGB":
        red, green, blue = picture.split()
        if red.tobytes() == green.tobytes() == blue.tobytes():
            picture = red
    if picture.mode == "L" and not any(picture.histogram()[1:255]):
        picture = picture.convert("1", dither=Image.Dither.NONE)
    return encode(picture)

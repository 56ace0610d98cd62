"""Pages of image files: TIFF (many frames), PNG and JPEG, taken as they are where the archive can hold them so."""

import io
import struct
import warnings
import zlib
from collections.abc import Iterator

import numpy as np
from PIL import Image, ImageOps, TiffImagePlugin, UnidentifiedImageError

from domain.errors import DamagedDocument, OversizedDocument
from domain.models import ColorModel, ImageEncoding, PageImage, Source
from ocr.files.intake import Limits, PageScan, check_size, plausible_dpi
from ocr.picture.fax import code_fax
from ocr.picture.raster import EncodedImage, check_jpeg, encode, flatten
from ocr.picture.wholeness import is_longer_than_coded, jpeg_end

_ORIENTATION = 0x0112
_ROTATIONS = {3: 180, 6: 90, 8: 270}
_MIRRORED = {2, 4, 5, 7}
_LEAST_DPI = 50.0
_GROUP_4 = 4
"""The compression of TIFF that is CCITT Group 4."""
_BROKEN = (OSError, ValueError, SyntaxError, struct.error, zlib.error, EOFError, KeyError, IndexError, TypeError)


def check_image(source: Source, *, limits: Limits) -> None:
    """Refuse an image file that is damaged, too big or has too many frames, without decoding it.

    Raises:
        DamagedDocument: it is cut short or corrupt.
        OversizedDocument: it has too many frames or pixels.
    """
    if source.media_type == "image/png" and b"IEND" not in source.data[-64:]:
        raise _cut_short()
    if source.media_type == "image/jpeg" and jpeg_end(source.data) is None:
        raise _cut_short()
    with _opened(source) as image:
        frames = _frame_count(image, source)
        if frames > limits.pages:
            raise OversizedDocument(
                f"Tệp có {frames} trang, nhiều hơn mức cho phép {limits.pages}; xin tách thành nhiều tệp."
            )
        check_size(image.width, image.height, 1, limits)


def read_image_pages(source: Source, *, limits: Limits) -> Iterator[PageScan]:
    """Yield the frames of an image file, one decoded at a time.

    Raises:
        DamagedDocument: a frame is cut short or corrupt.
        OversizedDocument: a frame has too many pixels.
    """
    with _opened(source) as image:
        for index in range(_frame_count(image, source)):
            try:
                page = _frame(image, source, index, limits)
            except _BROKEN as e:
                raise _damaged_frame(index + 1) from e
            yield PageScan(image=page)


def _frame(image: Image.Image, source: Source, index: int, limits: Limits) -> PageImage:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of small faults that do not hinder reading
        image.seek(index)
        check_size(image.width, image.height, index + 1, limits)
        return _page(image, source, index + 1)


def _opened(source: Source) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of small faults that do not hinder reading
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return Image.open(io.BytesIO(source.data), formats=("TIFF", "PNG", "JPEG", "MPO"))
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as e:
        raise OversizedDocument("Ảnh có quá nhiều điểm ảnh; xin quét lại ở 300 dpi, tối đa khổ A3.") from e
    except (UnidentifiedImageError, *_BROKEN) as e:
        raise DamagedDocument("Tệp ảnh bị hỏng, không mở được; xin quét hoặc chụp lại.") from e


def _frame_count(image: Image.Image, source: Source) -> int:
    if source.media_type == "image/jpeg":
        return 1  # what phones append is a preview or another exposure
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return int(getattr(image, "n_frames", 1))
    except _BROKEN as e:
        raise DamagedDocument("Tệp TIFF bị hỏng, không đếm được số trang; xin quét lại.") from e


def _page(image: Image.Image, source: Source, number: int) -> PageImage:
    horizontal, vertical = _resolution(image)
    orientation = int(image.getexif().get(_ORIENTATION, 1))
    stream = None if orientation in _MIRRORED else _stream_as_is(image, source)
    if stream is not None and 0.9 < horizontal / vertical < 1.1:
        rotation, dpi = _ROTATIONS.get(orientation, 0), (horizontal + vertical) / 2
    else:
        if source.media_type == "image/jpeg":
            check_jpeg(source.data[: jpeg_end(source.data)])
        stream, rotation, dpi = _encoded(image, orientation, horizontal, vertical)
    return PageImage(
        number=number,
        width=stream.width,
        height=stream.height,
        dpi=plausible_dpi(dpi if dpi >= _LEAST_DPI else 0.0, stream.width, stream.height),
        rotation=rotation,
        encoding=stream.encoding,
        color=stream.color,
        data=stream.data,
    )


def _encoded(
    image: Image.Image, orientation: int, horizontal: float, vertical: float
) -> tuple[EncodedImage, int, float]:
    if isinstance(image, TiffImagePlugin.TiffImageFile) and image.tag_v2.get(259) == _GROUP_4:
        _check_fax(image)
    picture = flatten(ImageOps.exif_transpose(image) if orientation in _MIRRORED else image)
    dpi = max(horizontal, vertical)
    if not 0.9 < horizontal / vertical < 1.1:  # a fax: the pixels are no squares
        size = (round(picture.width * dpi / horizontal), round(picture.height * dpi / vertical))
        picture = picture.resize(size, Image.Resampling.NEAREST if picture.mode == "1" else Image.Resampling.BICUBIC)
    stream = encode(picture)
    return stream, 0 if orientation in _MIRRORED else _ROTATIONS.get(orientation, 0), dpi


def _stream_as_is(image: Image.Image, source: Source) -> EncodedImage | None:
    if source.media_type == "image/jpeg" and image.mode in ("L", "RGB"):
        color = ColorModel.GRAY if image.mode == "L" else ColorModel.RGB
        return EncodedImage(
            width=image.width,
            height=image.height,
            encoding=ImageEncoding.JPEG,
            color=color,
            data=source.data[: jpeg_end(source.data)],
        )
    if isinstance(image, TiffImagePlugin.TiffImageFile):
        return _g4_strip(image, source)
    return None


def _g4_strip(image: TiffImagePlugin.TiffImageFile, source: Source) -> EncodedImage | None:
    tags = image.tag_v2
    offsets, counts = tags.get(273, ()), tags.get(279, ())
    if (
        tags.get(259) != _GROUP_4
        or tags.get(262) != 0
        or tags.get(266, 1) != 1
        or len(offsets) != 1
        or len(counts) != 1
    ):
        return None
    image.load()  # a corrupt strip is found here
    return EncodedImage(
        width=image.width,
        height=image.height,
        encoding=ImageEncoding.CCITT_G4,
        color=ColorModel.BILEVEL,
        data=source.data[offsets[0] : offsets[0] + counts[0]],
    )


def _check_fax(image: TiffImagePlugin.TiffImageFile) -> None:
    """Refuse a frame of which strips are corrupt: their decoder leaves out what is behind the fault."""
    black_is_zero = image.tag_v2.get(262) == 1  # then white is coded as black
    samples = np.asarray(image.convert("L"), dtype=np.uint8)
    counts, rows = image.tag_v2.get(279, ()), min(int(image.tag_v2.get(278, image.height)), image.height)
    coded = code_fax(samples >= 128 if black_is_zero else samples < 128, rows=rows)
    if is_longer_than_coded(sum(counts), len(coded), strips=len(counts)):
        raise ValueError("the code of a strip breaks off")


def _resolution(image: Image.Image) -> tuple[float, float]:
    try:
        horizontal, vertical = (float(value) for value in image.info.get("dpi", (0.0, 0.0)))
    except (TypeError, ValueError, ZeroDivisionError):
        horizontal = vertical = 0.0
    if horizontal > 0 and vertical > 0 and horizontal < 1e5 and vertical < 1e5:
        return horizontal, vertical
    return 1.0, 1.0


def _cut_short() -> DamagedDocument:
    return DamagedDocument("Tệp ảnh bị cắt cụt, thiếu phần cuối; xin sao chép lại từ máy quét hoặc quét lại.")


def _damaged_frame(number: int) -> DamagedDocument:
    return DamagedDocument(f"Ảnh của trang {number} bị hỏng hoặc bị cắt cụt; xin quét lại trang này.")

"""Page images and pictures in memory: decode, encode, rotate."""

import io
import struct
import zlib
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, UnidentifiedImageError

from domain.errors import DamagedDocument
from domain.models import ColorModel, ImageEncoding, PageImage
from ocr.picture.complaints import overhear
from ocr.picture.fax import code_fax
from ocr.picture.wholeness import is_fax_cut_short, is_jpeg_cut_short, jpeg_end

Picture = npt.NDArray[np.uint8]
"""Samples from the top: rows x columns (gray) or rows x columns x 3 (red, green, blue); 0 is dark."""

_QUARTER_TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodedImage:
    """An image stream and what its samples mean."""

    width: int
    height: int
    encoding: ImageEncoding
    color: ColorModel
    data: bytes


def decode(image: PageImage) -> Picture:
    """Return the samples of a page image as stored, without its rotation.

    Raises:
        DamagedDocument: the stream is cut short or corrupt.
    """
    try:
        if image.encoding is ImageEncoding.JPEG:
            picture = _decode_jpeg(image.data)
        elif image.encoding is ImageEncoding.CCITT_G4:
            picture = _decode_g4(image)
        else:
            picture = _decode_flate(image)
    except (OSError, ValueError, SyntaxError, zlib.error, cv2.error) as e:
        raise _damaged(image) from e
    if picture.shape[:2] != (image.height, image.width):
        raise _damaged(image)
    return picture


def upright(picture: Picture, rotation: int) -> Picture:
    """Return a picture turned clockwise by 0, 90, 180 or 270 degrees."""
    turn = _QUARTER_TURNS.get(rotation % 360)
    return picture if turn is None else np.asarray(cv2.rotate(picture, turn), dtype=np.uint8)


def smaller(picture: Picture, width: int, height: int) -> Picture:
    """Return a copy of at most the picture's size, in pixels, whose samples are means of those they cover.

    It is halved as often as possible first: a whole page takes a third of the time of one step that is no whole number.
    """
    while picture.shape[1] >= 2 * width and picture.shape[0] >= 2 * height:
        rows, columns = picture.shape[0] // 2, picture.shape[1] // 2
        even = picture[: 2 * rows, : 2 * columns]
        picture = np.asarray(cv2.resize(even, (columns, rows), interpolation=cv2.INTER_AREA), dtype=np.uint8)
    if picture.shape[:2] == (height, width):
        return picture
    return np.asarray(cv2.resize(picture, (width, height), interpolation=cv2.INTER_LINEAR), dtype=np.uint8)


def scaled_down(picture: Picture, scale: float) -> Picture:
    """Return a copy of a share of the picture's size, at least one pixel wide and high; see `smaller`."""
    height, width = picture.shape[:2]
    return smaller(picture, max(1, round(width * scale)), max(1, round(height * scale)))


def gray_page(image: PageImage) -> Picture:
    """Return a page image upright and gray.

    Raises:
        DamagedDocument: the image cannot be decoded.
    """
    if image.encoding is ImageEncoding.JPEG:
        coded = np.frombuffer(image.data, dtype=np.uint8)
        gray = cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE | cv2.IMREAD_IGNORE_ORIENTATION) if coded.size else None
        if gray is not None and gray.shape == (image.height, image.width):
            return upright(np.asarray(gray, dtype=np.uint8), image.rotation)
    picture = upright(decode(image), image.rotation)
    return picture if picture.ndim == 2 else np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def encode(image: Image.Image) -> EncodedImage:
    """Return a Pillow image of any mode as a lossless stream: bilevel as CCITT G4, else gray or RGB as Flate."""
    image = flatten(image)
    if image.mode == "1":
        return EncodedImage(
            width=image.width,
            height=image.height,
            encoding=ImageEncoding.CCITT_G4,
            color=ColorModel.BILEVEL,
            data=encode_g4(image),
        )
    return EncodedImage(
        width=image.width,
        height=image.height,
        encoding=ImageEncoding.FLATE,
        color=ColorModel.GRAY if image.mode == "L" else ColorModel.RGB,
        data=zlib.compress(image.tobytes(), 3),
    )


def flatten(image: Image.Image) -> Image.Image:
    """Return the image in mode 1, L or RGB: 16-bit scaled to 8, palette and CMYK converted, transparency on white."""
    if image.mode in ("1", "L", "RGB"):
        return image
    if image.mode.startswith(("I", "F")):
        return _eight_bits(image)
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        colored = image.convert("RGBA")
        ground = Image.new("RGBA", image.size, (255, 255, 255, 255))
        return Image.alpha_composite(ground, colored).convert("L" if image.mode == "LA" else "RGB")
    return image.convert("RGB")


def encode_g4(image: Image.Image) -> bytes:
    """Return a bilevel image as one CCITT Group 4 stream in which black runs are the dark pixels."""
    # a pixel of mode 1 may hold any number but 0 for white
    return code_fax(~np.asarray(image, dtype=np.bool_))


def tiff_around_g4(data: bytes, width: int, height: int) -> bytes:
    """Return a TIFF file around a CCITT Group 4 stream whose black runs are the dark pixels."""
    return _tiff_around(data, width, height, bits=1, compression=4, photometric=0)


def picture_as_tiff(picture: Picture) -> bytes:
    """Return a gray picture as an uncompressed TIFF file: Tesseract reads PGM pixel by pixel, and PNG has to unpack."""
    height, width = picture.shape[:2]
    samples = np.ascontiguousarray(picture).tobytes()
    return _tiff_around(samples, width, height, bits=8, compression=1, photometric=1)


def _tiff_around(data: bytes, width: int, height: int, *, bits: int, compression: int, photometric: int) -> bytes:
    entries = (
        (256, 4, 1, width),
        (257, 4, 1, height),
        (258, 3, 1, bits),
        (259, 3, 1, compression),
        (262, 3, 1, photometric),
        (273, 4, 1, 8),
        (277, 3, 1, 1),
        (278, 4, 1, height),
        (279, 4, 1, len(data)),
    )
    padded = data + b"\0" * (len(data) % 2)
    table = struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return struct.pack("<2sHI", b"II", 42, 8 + len(padded)) + padded + table + struct.pack("<I", 0)


def check_jpeg(data: bytes) -> None:
    """Look through a JPEG file of any color model for samples that cannot be read.

    Raises:
        ValueError: A part of the samples is corrupt, which other decoders make up in silence.
    """
    _read_jpeg(data, cv2.IMREAD_REDUCED_GRAYSCALE_8)


def _read_jpeg(data: bytes, how: int) -> cv2.typing.MatLike | None:
    with overhear() as complaints:
        picture = cv2.imdecode(np.frombuffer(data, np.uint8), how | cv2.IMREAD_IGNORE_ORIENTATION)
    if complaints:
        raise ValueError(f"a part of the samples is made up: {complaints[0]}")
    return picture


def _decode_jpeg(data: bytes) -> Picture:
    if jpeg_end(data) is None:
        raise ValueError("no end of image")
    picture = _read_jpeg(data, cv2.IMREAD_UNCHANGED)
    if picture is None or (picture.ndim == 3 and picture.shape[2] != 3):
        raise ValueError("not a gray or color JPEG")
    if picture.ndim == 3:
        picture = cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)
    samples = np.asarray(picture, dtype=np.uint8)
    if is_jpeg_cut_short(data, samples):
        raise ValueError("the end of the samples is missing")
    return samples


def _decode_g4(image: PageImage) -> Picture:
    with Image.open(io.BytesIO(tiff_around_g4(image.data, image.width, image.height))) as opened:
        bits = np.asarray(opened.convert("L"), dtype=np.uint8)
    if is_fax_cut_short(image.data, bits):
        raise ValueError("the code breaks off")
    return np.asarray(255 - bits, dtype=np.uint8) if image.black_is_1 else bits


def _decode_flate(image: PageImage) -> Picture:
    channels = 3 if image.color is ColorModel.RGB else 1
    row = (image.width + 7) // 8 if image.color is ColorModel.BILEVEL else image.width * channels
    samples = inflate(image.data, row * image.height)
    if len(samples) < row * image.height:
        raise ValueError("rows are missing")
    rows = np.frombuffer(samples, np.uint8).reshape(image.height, row)
    if image.color is ColorModel.BILEVEL:
        bits = np.unpackbits(rows, axis=1)[:, : image.width]
        return np.asarray((1 - bits if image.black_is_1 else bits) * 255, dtype=np.uint8)
    return rows.reshape(image.height, image.width, 3) if channels == 3 else rows


def inflate(data: bytes, limit: int) -> bytes:
    """Return the first `limit` bytes that a zlib stream unpacks to.

    Raises:
        zlib.error: the stream is corrupt.
    """
    return zlib.decompressobj().decompress(data, limit)


def _eight_bits(image: Image.Image) -> Image.Image:
    samples = np.asarray(image, dtype=np.float64)
    top = float(samples.max(initial=0.0))
    if image.mode.startswith("I;16") or (image.mode == "I" and top > 255):
        samples = samples / 257.0
    elif image.mode == "F" and 0 < top <= 1.0:
        samples = samples * 255.0
    return Image.fromarray(np.clip(np.rint(samples), 0, 255).astype(np.uint8), "L")


def _damaged(image: PageImage) -> DamagedDocument:
    return DamagedDocument(f"Ảnh của trang {image.number} bị hỏng hoặc bị cắt cụt; xin quét lại trang này.")


def open_picture(data: bytes) -> Image.Image:
    """Return a Pillow image over bytes, not yet decoded.

    Raises:
        DamagedDocument: the bytes are no image that can be read.
    """
    try:
        return Image.open(io.BytesIO(data))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, struct.error) as e:
        raise DamagedDocument("Tệp ảnh bị hỏng, không mở được; xin quét hoặc chụp lại.") from e

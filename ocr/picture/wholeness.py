"""Whether an image stream is whole: decoders give what they have, and blank paper for the rest, without a word."""

import cv2
import numpy as np
import numpy.typing as npt

from ocr.picture.fax import code_fax

_Samples = npt.NDArray[np.uint8]

_END, _LONE = 0xD9, (0x01, 0xD8)
_FRAMES, _RESTARTS, _SCAN = (0xC0, 0xC1), 0xDD, 0xDA
_BLOCK = 64
"""Samples of a block; each takes two bits at least, one for its level and one for its end."""
_LEAST_FLAT = 0.03
"""Share of a picture, of one shade down to its foot, that is worth a look."""
_LEAST_TAIL, _MOST_TAIL, _LONGEST_STEP = 128, 4096, 48
"""Bytes: of the coded end that are looked at, and after which the code of equal blocks repeats."""
_LEAST_CODE = 0.97
"""Share of a fax stream's length that its picture takes when it is coded anew: others code it but for a few bytes."""
_FAX_END = "000000000001" * 2
_MARGIN, _FILLING = 64, 8
"""Bytes by which streams of the same picture may differ, and with which writers may fill up each strip."""


def jpeg_end(data: bytes) -> int | None:
    """Return where the first picture of a JPEG file ends, None where it is cut short.

    Phones append previews, films and notes of their own to it.
    """
    for marker, place in _markers(data):
        if marker == _END:
            return place
    return None


def is_jpeg_cut_short(data: bytes, picture: _Samples) -> bool:
    """Return whether a JPEG stream lost its last part though it ends as it should, e.g. in a failed copy.

    Decoders repeat the last shade then, down to the foot. Where a page is so even, its code repeats itself, what was
    cut off in the midst of print does not. A page of pure white is believed: there the two look alike.
    """
    last = picture[-1, -1]
    flat = _flat_rows(picture, last) * picture.shape[1]
    if flat < _LEAST_FLAT * picture.shape[0] * picture.shape[1] or bool((last == 0).all() or (last == 255).all()):
        return False
    start = end = 0
    for marker, place in _markers(data):
        if marker == _END:
            end = place - 2
            break
        if marker == _RESTARTS or (marker not in _FRAMES and 0xC0 < marker < 0xD0 and marker not in (0xC4, 0xC8, 0xCC)):
            return False  # restarts and progressive scans are coded otherwise
        if marker == _SCAN:
            start = place
    tail = data[start:end].replace(b"\xff\x00", b"\xff")[-min(_MOST_TAIL, flat // _BLOCK // 4) : -2]
    if len(tail) < _LEAST_TAIL:
        return False
    return not any(tail[step:] == tail[:-step] for step in range(1, _LONGEST_STEP + 1))


def is_fax_cut_short(data: bytes, picture: _Samples) -> bool:
    """Return whether a CCITT Group 4 stream of one strip breaks off, so that the foot of its picture is blank.

    A copy that failed holds zeros from somewhere on, and lacks the mark of the end that stands before mere filling.

    Args:
        picture: As it was decoded, 0 and 255, 255 being white.
    """
    if _flat_rows(picture, picture[-1, -1]) < _LEAST_FLAT * picture.shape[0]:
        return False
    coded = data.rstrip(b"\0")
    if len(data) - len(coded) > _MARGIN:
        return _FAX_END not in "".join(f"{byte:08b}" for byte in coded[-8:] + b"\0\0")
    return is_longer_than_coded(len(coded), len(code_fax(picture < 128)))


def is_longer_than_coded(stored: int, coded: int, *, strips: int = 1) -> bool:
    """Return whether the stored fax streams of so many strips hold more than what was made of them, both in bytes."""
    return coded < _LEAST_CODE * stored - _MARGIN - _FILLING * strips


def _markers(data: bytes) -> list[tuple[int, int]]:
    """Return the markers of the first picture of a JPEG file, and where what belongs to each ends."""
    found: list[tuple[int, int]] = []
    place, marks = 2, _marks(data)
    while (at := int(np.searchsorted(marks, place))) < len(marks):
        marker, place = data[marks[at] + 1], int(marks[at]) + 2
        if marker not in (_END, *_LONE):
            length = int.from_bytes(data[place : place + 2])
            if length < 2 or place + length > len(data):
                break
            place += length
        found.append((marker, place))
        if marker == _END:
            break
    return found


def _marks(data: bytes) -> npt.NDArray[np.intp]:
    """Return where bytes of 255 stand before a marker: before no stuffed byte, no filling and no restart."""
    samples = np.frombuffer(data, np.uint8)
    places = np.flatnonzero(samples[:-1] == 0xFF)
    behind = samples[places + 1]
    marks: npt.NDArray[np.intp] = places[(behind != 0) & (behind != 0xFF) & (behind & 0xF8 != 0xD0)]
    return marks


def _flat_rows(picture: _Samples, shade: npt.NDArray[np.uint8] | np.uint8) -> int:
    """Return how many rows at the foot of a picture are of one shade."""
    rows = len(picture)
    for step in (1, 8, 64, rows):
        part = picture[max(0, rows - step) :]
        differs = cv2.absdiff(part, np.full_like(part, shade)).reshape(len(part), -1).any(axis=1)
        if differs.any():
            return len(part) - 1 - int(np.flatnonzero(differs)[-1])
    return rows

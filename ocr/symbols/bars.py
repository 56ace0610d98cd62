"""Barcodes by their ink: Code 39, Code 128 and PDF417 are looked for only where a page is evenly dark.

On a whole page they would take several times as long as QR codes. Bars are the same all along: made smooth in that
direction and large, they are read through grain, faded ink and print of the other side.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import zxingcpp

from ocr.picture.raster import Picture

_COARSE_DPI = 50
_DARK = 0.85
"""Of the brightness of the paper around: half of it is white between the bars, and all is paler on old paper."""
_PAPER = 0.3
"""Inches around a place in which there is paper somewhere."""
_GAP = 0.14
"""Inches that bars may stand apart."""
_TALL, _WIDE = 0.17, 0.4
"""Inches that a code has at least; lines of text are less tall, and white above and below."""
_QUIET = 0.2
"""Inches around a code that are read too."""
_LARGEST = 4.5
"""Inches: what is larger in both directions is a picture or a frame."""
_MOST = 8
"""Places of a page that are looked at."""
_BARS = 1.6
"""Times as much change across bars as along them: 1.7 to 5 on made codes, less than that in most words and stamps."""
_SMOOTH = 0.045
"""Inches along the bars over which they are made even."""
_LOOKING_DPI = 150
_ALONG = 7
"""Pixels at that resolution over which grain is made even."""
_READING_DPI = 800
_STACKED_SCALE = 2.0
_LINEAR, _STACKED = "Code39,Code128", "PDF417"
_LEAST = re.compile(r"[0-9A-Z][0-9A-Z $%+./-]{3,}[0-9A-Z]")
"""Five characters and more of a Code 39, which has no check digit; two short bars can look like a shorter one."""
_POSTAL = re.compile(r"[A-Z]{2}([0-9]{8})([0-9])[A-Z]{2}")
_POSTAL_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """A barcode, and where it stands."""

    text: str
    format: zxingcpp.BarcodeFormat
    left: float
    """In pixels of the page."""
    top: float
    right: float
    bottom: float


def read_bars(gray: Picture, dpi: float) -> Iterator[Bars]:
    """Yield the barcodes of an upright gray page, each once.

    Args:
        gray: The page, dark on light.
        dpi: Its resolution; no codes are found on one that is not known (0).
    """
    if dpi <= _COARSE_DPI:
        return
    found: set[str] = set()
    for left, top, right, bottom in _dark_places(gray, dpi)[:_MOST]:
        margin = _QUIET * dpi
        part = gray[
            max(0, round(top - margin)) : round(bottom + margin), max(0, round(left - margin)) : round(right + margin)
        ]
        for barcode in _read(np.ascontiguousarray(part), dpi):
            if barcode.text not in found and _is_sound(barcode):
                found.add(barcode.text)
                yield Bars(text=barcode.text, format=barcode.format, left=left, top=top, right=right, bottom=bottom)


def _dark_places(gray: Picture, dpi: float) -> list[tuple[float, float, float, float]]:
    """Return the boxes of what is dark without white rows in it, the largest first, in pixels."""
    scale = _COARSE_DPI / dpi
    small = np.asarray(cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    around = round(_PAPER * _COARSE_DPI)
    paper = np.asarray(cv2.dilate(small, np.ones((around, around), np.uint8)), dtype=np.float32)
    dark = np.asarray(small < _DARK * paper, dtype=np.uint8)
    filled = _filled(dark) | _filled(dark.T).T
    count, _, stats, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(filled))
    boxes = [
        (left / scale, top / scale, (left + wide) / scale, (top + tall) / scale)
        for left, top, wide, tall, _ in np.asarray(stats)[1:count].tolist()
        if min(wide, tall) < _LARGEST * _COARSE_DPI
    ]
    return sorted(boxes, key=lambda box: (box[0] - box[2]) * (box[3] - box[1]))


def _filled(dark: Picture) -> Picture:
    """Return what is dark over the height and width of a code, with the white between upright bars."""
    closing = np.ones((1, round(_GAP * _COARSE_DPI)), np.uint8)
    opening = np.ones((round(_TALL * _COARSE_DPI), round(_WIDE * _COARSE_DPI)), np.uint8)
    closed = cv2.morphologyEx(np.ascontiguousarray(dark), cv2.MORPH_CLOSE, closing)
    return np.asarray(cv2.morphologyEx(closed, cv2.MORPH_OPEN, opening), dtype=np.uint8)


def _read(part: Picture, dpi: float) -> list[zxingcpp.Barcode]:
    """Return the codes on a part of a page, if there are bars on it."""
    across, along = _changes(part, dpi)
    if max(across, along) < _BARS * min(across, along):
        return []
    scale, length = max(1.0, _READING_DPI / dpi), max(1, round(_SMOOTH * dpi))
    even = np.asarray(cv2.blur(part, (1, length) if across > along else (length, 1)), dtype=np.uint8)
    return _codes(_enlarged(even, scale), _LINEAR) or _codes(_enlarged(part, min(scale, _STACKED_SCALE)), _STACKED)


def _changes(part: Picture, dpi: float) -> tuple[float, float]:
    """Return how much the picture changes from left to right and from top to bottom, without its grain."""
    scale = min(1.0, _LOOKING_DPI / dpi)
    small = np.asarray(cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.float32)
    even = cv2.blur(small, (1, _ALONG)), cv2.blur(small, (_ALONG, 1))
    return float(np.std(np.diff(even[0], axis=1))), float(np.std(np.diff(even[1], axis=0)))


def _enlarged(part: Picture, scale: float) -> Picture:
    return np.asarray(cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC), dtype=np.uint8)


def _codes(part: Picture, formats: str) -> list[zxingcpp.Barcode]:
    wanted = zxingcpp.barcode_formats_from_str(formats)
    return list(zxingcpp.read_barcodes(np.ascontiguousarray(part), wanted, try_invert=False))


def _is_sound(barcode: zxingcpp.Barcode) -> bool:
    """Return whether a code can be one: long enough, or with a check digit, which postal numbers have in any case."""
    if barcode.format == zxingcpp.BarcodeFormat.Code39 and not _LEAST.fullmatch(barcode.text):
        return False
    postal = _POSTAL.fullmatch(barcode.text)
    return postal is None or postal[2] == postal_digit(postal[1])


def postal_digit(digits: str) -> str:
    """Return the check digit of the eight figures of a postal item (UPU S10)."""
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(digits, _POSTAL_WEIGHTS, strict=True)) % 11
    return str({10: 0, 11: 5}.get(rest, rest))

"""Marker pens over print, and cells printed in a light color: bands that are brighter in one color than in gray."""

import cv2
import numpy as np

from ocr.picture.raster import Picture, scaled_down

_COARSE_DPI = 75
_LIGHT = 0.75
"""Of the paper's brightness: what the brightest color of a band has; that of a pen's or a stamp's ink is darker."""
_COLORED = 0.16
"""Of the paper's brightness: by how much the darkest color of a band is darker than its brightest."""
_BAND = 7
"""Pixels of the coarse copy, 2.4 mm: bands are wider both ways, strokes of print and what parts them are narrower."""
_MIDDLE = 5
"""Pixels of the coarse copy, of which the middle one in brightness is ground where print stands."""
_EDGE = 4
"""Pixels of the coarse copy by which bands are widened, half of them at each side: their ends are blurred."""
_SHADE = (80, 216)
"""Brightness of the ground of gray bands, white being 255: what is darker bears white print, or is a picture."""
_LEAST_LONG = 20
"""Pixels of the coarse copy by which a gray band is longer than wide bands have to be: gaps of bold letters are not."""
_SLENDER, _MOST_PICTURE = 2.5, 150
"""Times its breadth, the length of a gray band, and pixels of the coarse copy, 5 cm, that emblems and photos have."""
_PRINTED = 0.75
"""Of the brightness of a band's ground, what half of the band has at least; if its print is white, half is darker."""
_MOST = 0.5
"""Share of a page: if more is colored, it is its paper or a picture."""


def without_highlights(gray: Picture, picture: Picture, dpi: float) -> Picture:
    """Return the gray copy of a color picture with light bands of color as bright as their brightest color is.

    Yellow vanishes in red light anyway, green and blue are dark in it, and pink would be taken for red print.

    Args:
        gray: The copy, of the picture's size.
        picture: Red, green and blue.
        dpi: Of both.
    """
    scale = min(1.0, _COARSE_DPI / dpi)
    bands = _bands(scaled_down(picture, scale))
    if bands is None:
        return gray
    height, width = gray.shape
    cleared = np.array(gray)
    outlines, _ = cv2.findContours(bands, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    for outline in outlines:
        left, top, wide, tall = cv2.boundingRect(outline)
        mask = np.ascontiguousarray(bands[top : top + tall, left : left + wide])
        rows = slice(int(top / scale), min(height, int((top + tall) / scale)))
        columns = slice(int(left / scale), min(width, int((left + wide) / scale)))
        size = (columns.stop - columns.start, rows.stop - rows.start)
        within = cv2.resize(mask, size, interpolation=cv2.INTER_NEAREST) > 0
        brightest = _brightest(picture[rows, columns])
        cleared[rows, columns] = np.where(within, np.maximum(gray[rows, columns], brightest), gray[rows, columns])
    return cleared


def without_shades(even: Picture, dpi: float) -> Picture:
    """Return a gray picture on white ground with gray bands as white: marker pens in gray scans, shaded cells.

    Args:
        even: The picture, its paper white.
        dpi: Of the picture.
    """
    small = scaled_down(even, min(1.0, _COARSE_DPI / dpi))
    kernel = np.ones((_BAND, _BAND), np.uint8)
    ground = cv2.dilate(small, kernel)
    mask = np.asarray(cv2.inRange(ground, *_SHADE), dtype=np.uint8)
    if not cv2.countNonZero(mask):
        return even
    bands = np.zeros_like(mask)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=4)
    for number, (left, top, wide, tall, _) in enumerate(np.asarray(stats)[1:count].tolist(), start=1):
        part = (slice(top, top + tall), slice(left, left + wide))
        own = labels[part] == number
        long, short = max(wide, tall), min(wide, tall)
        is_band = long >= _LEAST_LONG and (long >= _SLENDER * short or long > _MOST_PICTURE)
        if is_band and np.median(small[part][own]) >= _PRINTED * np.median(ground[part][own]):
            bands[part][own] = 255
    if not cv2.countNonZero(bands):
        return even
    reach = _BAND + _EDGE
    near = cv2.dilate(bands, np.ones((reach, reach), np.uint8))
    shade = np.where(near > 0, cv2.erode(ground, kernel), 255).astype(np.uint8)
    full = cv2.resize(shade, (even.shape[1], even.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(even, full, scale=255.0), dtype=np.uint8)


def _bands(small: Picture) -> Picture | None:
    """Return a mask of the light bands of color of a coarse copy, None where there are none."""
    paper = np.maximum(np.median(small[::8, ::8].reshape(-1, 3), axis=0), 1)
    even = np.asarray(cv2.transform(small, np.diag(255.0 / paper)), dtype=np.uint8)
    ground = np.asarray(cv2.dilate(even, np.ones((_BAND, _BAND), np.uint8)), dtype=np.uint8)
    brightest, darkest = _brightest(ground), 255 - _brightest(255 - ground)
    bands = (brightest >= 255 * _LIGHT) & (cv2.subtract(brightest, darkest) >= 255 * _COLORED)
    if not bands.any():
        return None
    # the most of a band is its ground: of white print upon something dark it is not what is light
    bands &= np.asarray(cv2.medianBlur(_brightest(even), _MIDDLE)) >= 255 * _LIGHT
    if not 0 < bands.mean() <= _MOST:
        return None
    mask = bands.astype(np.uint8)
    reach = _BAND + _EDGE
    return np.asarray(cv2.dilate(mask, np.ones((reach, reach), np.uint8)), dtype=np.uint8)


def _brightest(picture: Picture) -> Picture:
    red, green, blue = cv2.split(picture)
    return np.asarray(cv2.max(cv2.max(red, green), blue), dtype=np.uint8)

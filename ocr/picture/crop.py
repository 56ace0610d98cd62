"""A part of a page as a picture, for a person who has to decide what stands there."""

import cv2
import numpy as np

from domain.models import Box, PageImage
from ocr.picture.raster import Picture, decode, upright

_WHOLE_PAGE_HEIGHT = 1400
_FRAME = (220, 0, 0)
"""Red, green and blue."""


def crop(image: PageImage, part: Box | None, *, framed: Box | None = None) -> bytes:
    """Return a part of the upright page as a PNG, the whole page (smaller) without one.

    Args:
        framed: A thin red frame is drawn around it.

    Raises:
        DamagedDocument: the image cannot be decoded.
    """
    picture = upright(decode(image), image.rotation)
    height, width = picture.shape[:2]
    if framed is not None:
        picture = _with_frame(picture, framed)
    if part is None:
        scale = min(1.0, _WHOLE_PAGE_HEIGHT / height)
        picture = np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    else:
        top, bottom = max(round(part.y0 * height), 0), max(round(part.y1 * height), 1)
        left, right = max(round(part.x0 * width), 0), max(round(part.x1 * width), 1)
        picture = picture[top:bottom, left:right]
    shown = picture if picture.ndim == 2 else cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
    _, encoded = cv2.imencode(".png", shown)
    return encoded.tobytes()


def _with_frame(picture: Picture, box: Box) -> Picture:
    """Return the picture in colors with the frame just outside of the box."""
    height, width = picture.shape[:2]
    colored = cv2.cvtColor(picture, cv2.COLOR_GRAY2RGB) if picture.ndim == 2 else picture.copy()
    thick = max(round(height / 1200), 1)
    corners = (round(box.x0 * width), round(box.y0 * height)), (round(box.x1 * width), round(box.y1 * height))
    return np.asarray(cv2.rectangle(np.ascontiguousarray(colored), *corners, _FRAME, thick), np.uint8)

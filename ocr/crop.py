"""A part of a page as a picture, for a person who has to decide what stands there."""

import cv2

from domain.models import Box, PageImage
from ocr.raster import decode, upright

_MARGIN = 0.012
"""Of the page's height, around the part."""
_WHOLE_PAGE_HEIGHT = 1400


def crop(image: PageImage, box: Box | None) -> bytes:
    """Return the part of the upright page as a PNG, a little wider than the box; the whole page without one.

    Raises:
        DamagedDocument: the image cannot be decoded.
    """
    picture = upright(decode(image), image.rotation)
    height, width = picture.shape[:2]
    if box is None:
        scale = min(1.0, _WHOLE_PAGE_HEIGHT / height)
        part = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    else:
        margin = round(_MARGIN * height)
        top, bottom = round(box.y0 * height) - margin, round(box.y1 * height) + margin
        left, right = round(box.x0 * width) - 2 * margin, round(box.x1 * width) + 2 * margin
        part = picture[max(top, 0) : max(bottom, 1), max(left, 0) : max(right, 1)]
    shown = part if part.ndim == 2 else cv2.cvtColor(part, cv2.COLOR_RGB2BGR)
    _, encoded = cv2.imencode(".png", shown)
    return encoded.tobytes()

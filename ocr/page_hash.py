"""The look of a page as a 64-bit number: alike for two scans of one paper, far apart for different papers."""

import cv2
import numpy as np

from domain.models import PageImage
from ocr.raster import decode, upright

_SIDE = 32
_LOW = 8


def page_hash(image: PageImage) -> int:
    """Return the perceptual hash of a page image, unsigned.

    It is the signs of the 8 x 8 lowest frequencies of a discrete cosine transform of the upright page at
    32 x 32 pixels, compared with their median (Zauner, Implementation and Benchmarking of Perceptual Image Hash
    Functions, 2010). Two scans of one page differ in few bits; count them by Hamming distance.

    Raises:
        DamagedDocument: the image cannot be decoded.
    """
    picture = upright(decode(image), image.rotation)
    gray = picture if picture.ndim == 2 else cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(gray, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
    low = cv2.dct(small)[:_LOW, :_LOW].ravel()
    bits = low > np.median(low[1:])
    return int.from_bytes(np.packbits(bits).tobytes())

"""By how much the lines of a page are aslant: sums of ink along leaning lines are sharpest where these are its own."""

import math

import cv2
import numpy as np
import numpy.typing as npt

from ocr.picture.raster import Picture, smaller

_LARGEST = 6.0
_SMALLEST = 0.08
"""Degrees; the engine minds no less, and turning a page would only blur it."""
_ROWS, _COLUMNS = 1400, 280
"""Least size of the copy that is looked at: fine where lines lie above one another, coarse along them."""
_FIRST_STAGE = (0.5, 4.0, 12_000)
"""Degrees a step, rows a sum, and about how many places of ink count."""
_STAGES = ((0.4, 0.1, 2.0, 16_000), (0.08, 0.02, 1.0, 30_000))
"""Degrees to both sides of the best so far, and then the same."""
_FAINTEST = 40
_DARKEST = 160
_LEAST_INK = 200
_BLOCKS, _BLOCK = (56, 80), 5
"""Columns and rows of a copy of blocks; the brightest of so many by so many blocks is the ground around."""
_SHADE, _SHADED = 0.8, 0.05
"""Of the paper's brightness: ground that lies in a shadow, or is no paper; and its share of a page that matters."""
_TALLEST = 41
"""Rows of the coarse copy: what is dark over more of them is no line of print."""

_Numbers = npt.NDArray[np.float32]


def find_skew(gray: Picture, *, widest: float = _LARGEST) -> float:
    """Return the degrees, counterclockwise, to turn a picture by so that its lines stand level; 0 for hardly any.

    Args:
        gray: The picture.
        widest: Degrees to both sides that are tried.

    On clean pages turned by 0 to 2.5 degrees it is off by 0.02 degrees (root of the mean square), by 0.1 at most.
    """
    small = _coarse_along_lines(gray)
    ink = _ink(small)
    rows, columns = np.nonzero(ink >= max(_FAINTEST, int(ink.mean() * 2)))
    if len(rows) < _LEAST_INK:
        return 0.0
    weights = np.minimum(ink[rows, columns], _DARKEST).astype(np.float32)
    wider = (gray.shape[1] / small.shape[1]) / (gray.shape[0] / small.shape[0])
    best = 0.0
    for reach, step, thick, most in ((widest, *_FIRST_STAGE), *_STAGES):
        some = slice(None, None, -(-len(rows) // most))
        down, across = rows[some].astype(np.float32) / thick, columns[some].astype(np.float32) * (wider / thick)
        angles = np.arange(best - reach, best + reach + step / 2, step)
        scores = [_sharpness(down, across, weights[some], float(angle)) for angle in angles]
        best = float(angles[int(np.argmax(scores))])
    return 0.0 if abs(best) < _SMALLEST or abs(best) >= widest else best


def _ink(small: Picture) -> Picture:
    """Return how dark a coarse copy is; if a part lies in a shadow, against the ground above and below each place."""
    blocks = cv2.resize(small, _BLOCKS, interpolation=cv2.INTER_AREA)
    ground = cv2.dilate(blocks, np.ones((_BLOCK, _BLOCK), np.uint8))
    if float((ground < _SHADE * np.percentile(ground, 95)).mean()) < _SHADED:
        return np.asarray(255 - small, dtype=np.uint8)
    return np.asarray(cv2.morphologyEx(small, cv2.MORPH_BLACKHAT, np.ones((_TALLEST, 1), np.uint8)), dtype=np.uint8)


def _coarse_along_lines(gray: Picture) -> Picture:
    """Return a smaller copy: no row more than is needed, and as few columns as do."""
    height, width = gray.shape[:2]
    halves = 2 ** max(0, int(math.log2(max(1.0, height / _ROWS))))
    small = smaller(gray, max(1, width // halves), max(1, height // halves))
    along = max(1, small.shape[1] // _COLUMNS)
    size = (max(1, small.shape[1] // along), small.shape[0])
    return np.asarray(cv2.resize(small, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _sharpness(down: _Numbers, across: _Numbers, weights: _Numbers, angle: float) -> float:
    """Return how sharply the rows' ink sums rise and fall when the picture is turned by an angle.

    Ink counts for the two rows it lies between, by its share in each: whole rows would favor angles that are none.
    """
    places = down - across * np.float32(math.tan(math.radians(angle)))
    places -= places.min()
    above = places.astype(np.int32)
    shares = weights * (places - above)
    count = int(above.max()) + 2
    sums = np.bincount(above, weights=weights - shares, minlength=count)
    sums[1:] += np.bincount(above, weights=shares, minlength=count)[:-1]
    steps = np.diff(sums)
    return float(steps @ steps)

"""Red print told from red stamps: titles and serial numbers are to be read, stamps are not."""

from collections.abc import Iterator

import cv2
import numpy as np
import numpy.typing as npt

from ocr.picture.raster import Picture, scaled_down

_Box = tuple[int, int, int, int]
"""Left, top, width, height."""
_COARSE_DPI = 100
_REDNESS = 45
"""By how much red must outweigh green, beyond what it does on the paper itself."""
_FADED = 22
"""The same for what counts as red where there is redder print near: letters fade within a word."""
_LEAST_INK = 40
"""Pixels at the coarse resolution; less red is no word."""
_JOINED = 9
"""Pixels at the coarse resolution across which letters are joined to a row."""
_JOINED_ALONG = 9
"""The same along the rows of what may be several of them, one close below the other."""
_TALLEST_ROW = 50
"""Half an inch, at the coarse resolution; stamps and frames are taller."""
_MARGIN = 8
"""Pixels at the coarse resolution around a row."""
_AT_ENDS = 1.2
"""Times its height, how far a row may go on in letters that came out pale."""
_LEAST_PARAGRAPH = 1.2
"""Times its height, the width of parts of several rows; stamps are round, or have a frame."""
_LEAST_STRETCH = 1.8
"""Times its height, the length of a row of letters."""
_LONGEST_STAMP = 500
"""Five inches, at the coarse resolution; what is longer and as empty as a frame is one, or what is left of it."""
_MOST_INK_OF_FRAME = 0.08
"""Share of its box."""
_SPANS = 0.9
"""Share of the width and height of a stamp that its frame has."""
_LEAN = 0.04
"""Times the longer side, how far the sides of a frame may lie from those of its box."""
_WHOLE_SIDE = 0.8
"""Share of its length along which each side of a framed stamp can be seen."""
_DARK = 120
_MOST_DARK = 0.12
"""Brightness of the red channel below which other ink lies there, and its most share of a row of a framed stamp.

Numbers are filled in by hand, but a line of print below would be read as one with the stamp."""


def gray_with_red_print(picture: Picture, dpi: float) -> Picture:
    """Return a color picture in gray: the red channel, in which stamps vanish, with rows of red letters kept dark."""
    red, green = picture[:, :, 0], picture[:, :, 1]
    scale = min(1.0, _COARSE_DPI / dpi)
    small = scaled_down(picture, scale)
    surplus = np.asarray(cv2.subtract(small[:, :, 0], small[:, :, 1]), dtype=np.uint8)
    paper = int(np.median(surplus[::4, ::4]))
    gray = np.array(red)
    clear = _redder(surplus, paper + _REDNESS)
    if cv2.countNonZero(clear) < _LEAST_INK:
        return gray
    dark = np.asarray(small[:, :, 0] < _DARK)
    for left, top, wide, tall in _rows(_redder(surplus, paper + _FADED), dark):
        if not clear[top : top + tall, left : left + wide].any():
            continue
        further = round(_AT_ENDS * min(wide, tall))
        across, down = (max(_MARGIN, further), _MARGIN) if wide >= tall else (_MARGIN, max(_MARGIN, further))
        part = (
            slice(max(0, int((top - down) / scale)), int((top + tall + down) / scale)),
            slice(max(0, int((left - across) / scale)), int((left + wide + across) / scale)),
        )
        lifted = cv2.add(green[part], np.full_like(green[part], paper))
        gray[part] = np.minimum(red[part], lifted)
    return gray


def _redder(surplus: Picture, than: int) -> Picture:
    return np.asarray(cv2.threshold(surplus, min(254, than), 255, cv2.THRESH_BINARY)[1], dtype=np.uint8)


def _rows(mask: Picture, dark: npt.NDArray[np.bool_]) -> list[_Box]:
    """Return the boxes of rows of letters that stand apart from stamps and frames, whatever way they run.

    Rectangular stamps are rows of letters in a frame, as those of certified copies; none of a row that lies over print.
    """
    rows: list[_Box] = []
    stamps: list[_Box] = []
    for box, short, long in _shapes(mask, _JOINED, _JOINED):
        if short > _TALLEST_ROW:
            framed = _rows_in_frame(mask, box)
            together = [row for row in framed if _share(dark, row) <= _MOST_DARK] or _rows_of_paragraph(mask, box)
            rows += together
            if not together:
                stamps.append(box)
        elif _is_row(short, long):
            rows.append(box)
    return [row for row in rows if not any(_overlap(row, stamp) for stamp in stamps if not _is_frame(stamp, mask))]


def _rows_in_frame(mask: Picture, box: _Box) -> list[_Box]:
    """Return the rows of letters within a rectangular stamp, also one with two frames; none of any other shape."""
    left, top, wide, tall = box
    if _is_frame(box, mask):
        return []
    part = np.ascontiguousarray(mask[top : top + tall, left : left + wide])
    count, labels, stats, _ = cv2.connectedComponentsWithStats(part, connectivity=8)
    sizes = np.asarray(stats)[:count]
    spans = (sizes[:, cv2.CC_STAT_WIDTH] > _SPANS * wide) & (sizes[:, cv2.CC_STAT_HEIGHT] > _SPANS * tall)
    for label in np.flatnonzero(spans[1:]) + 1:
        frame = np.asarray(labels == label)
        if not _is_rectangle(frame):
            continue
        part[frame] = 0
        rows: list[_Box] = []
        for (x, y, w, h), short, long in _shapes(part, _JOINED_ALONG, 1):
            found = (x, y, w, h)
            inside = [found] if _is_row(short, long) and short <= _TALLEST_ROW else _rows_in_frame(part, found)
            rows += [(left + a, top + b, c, d) for a, b, c, d in inside]
        return rows
    return []


def _is_rectangle(frame: npt.NDArray[np.bool_]) -> bool:
    """Return whether a shape can be seen along all sides of its box, from which it may lean away a little."""
    near = max(2, round(_LEAN * max(frame.shape)))
    across = frame[:near].any(axis=0), frame[-near:].any(axis=0)
    down = frame[:, :near].any(axis=1), frame[:, -near:].any(axis=1)
    return min(float(side.mean()) for side in (*across, *down)) >= _WHOLE_SIDE


def _share(dark: npt.NDArray[np.bool_], box: _Box) -> float:
    left, top, wide, tall = box
    return float(dark[top : top + tall, left : left + wide].mean())


def _rows_of_paragraph(mask: Picture, box: _Box) -> list[_Box]:
    """Return the rows of which a tall shape is made, e.g. a title of two lines; none where it is a stamp or a frame."""
    left, top, wide, tall = box
    if _is_frame(box, mask) or max(wide, tall) < _LEAST_PARAGRAPH * min(wide, tall):
        return []
    part = np.ascontiguousarray(mask[top : top + tall, left : left + wide])
    rows: list[_Box] = []
    for (x, y, w, h), short, long in _shapes(part, *((_JOINED_ALONG, 1) if wide > tall else (1, _JOINED_ALONG))):
        if short > _TALLEST_ROW:
            return []
        if _is_row(short, long):
            rows.append((left + x, top + y, w, h))
    return rows


def _shapes(mask: Picture, across: int, down: int) -> Iterator[tuple[_Box, float, float]]:
    """Yield the box, the short and the long side of every shape that is left when gaps of letters are closed."""
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (across, down))
    contours, relations = cv2.findContours(cv2.dilate(mask, kernel), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    if relations is None:
        return
    for contour, (_, _, _, around) in zip(contours, np.asarray(relations)[0].tolist(), strict=True):
        if around != -1:
            continue  # the edge of a hole
        short, long = sorted(cv2.minAreaRect(contour)[1])
        left, top, wide, tall = cv2.boundingRect(contour)
        yield (left, top, wide, tall), short - min(across, down), long - max(across, down)


def _is_row(short: float, long: float) -> bool:
    return short >= 5 and long >= _LEAST_STRETCH * short


def _is_frame(box: _Box, mask: Picture) -> bool:
    """Return whether a box is the frame of the page, or a part of it."""
    left, top, wide, tall = box
    if wide * tall > 0.3 * mask.size:
        return True
    ink = cv2.countNonZero(np.ascontiguousarray(mask[top : top + tall, left : left + wide]))
    return max(wide, tall) > _LONGEST_STAMP and ink < _MOST_INK_OF_FRAME * wide * tall


def _overlap(box: _Box, other: _Box) -> bool:
    across = min(box[0] + box[2], other[0] + other[2]) > max(box[0], other[0])
    return across and min(box[1] + box[3], other[1] + other[3]) > max(box[1], other[1])

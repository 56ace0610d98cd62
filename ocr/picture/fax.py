"""CCITT Group 4, the code of bilevel scans (ITU-T T.6)."""

import io

import numpy as np
import numpy.typing as npt
from PIL import Image, TiffImagePlugin

_STRIP_OFFSETS, _STRIP_LENGTHS, _ROWS_PER_STRIP = 273, 279, 278


def code_fax(dark: npt.NDArray[np.bool_], *, rows: int = 0) -> bytes:
    """Return the streams of a picture's strips, one behind the other, in which black runs are the dark pixels.

    Args:
        dark: Rows x columns.
        rows: Of a strip; 0 for a single one.
    """
    holder = io.BytesIO()
    # in a TIFF whose zero is black the white pixels are the fax code's black runs: hand over the negative
    negative = Image.fromarray(dark)
    negative.save(holder, "TIFF", compression="group4", tiffinfo={_ROWS_PER_STRIP: rows or len(dark)})
    data = holder.getvalue()
    with TiffImagePlugin.TiffImageFile(io.BytesIO(data)) as written:
        places = zip(written.tag_v2[_STRIP_OFFSETS], written.tag_v2[_STRIP_LENGTHS], strict=True)
        return b"".join(data[start : start + length] for start, length in places)

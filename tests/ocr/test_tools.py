import numpy as np
import pytest
from drawn_pages import LINES, draw

from ocr.picture.raster import picture_as_tiff
from ocr.tools import EngineOptions, EngineWord, read_words, snippet_options

pytestmark = pytest.mark.tools


def text(words: tuple[EngineWord, ...]) -> str:
    return " ".join(word.text for word in words)


def test_a_whole_page_is_also_tried_as_white_on_black_and_lines_cut_out_of_it_are_not() -> None:
    black = picture_as_tiff(255 - np.asarray(draw(LINES[3:4], height=1.0)))

    page = read_words(black, options=EngineOptions(dpi=200))
    snippet = read_words(black, options=snippet_options("Vietnamese", dpi=200, timeout=60))

    assert "Tờ trình số 125/TTr-STP." in text(page)
    assert "trình" not in text(snippet)

import numpy as np
import pytest
from drawn_pages import LINES, draw

from domain.errors import MissingTool, ToolTimeout
from ocr.picture.raster import Picture, picture_as_tiff
from ocr.snippets import read_snippets, snippet_options
from ocr.tools import EngineOptions, EngineWord, read_words

pytestmark = pytest.mark.tools

WAYS = [("Vietnamese", ""), ("eng", "0123456789/-"), ("vie", ""), ("eng", ""), ("Vietnamese", "")]
"""Models and alphabets, in an order in which one call could disturb the next one."""


def snippet(lines: slice = slice(0, 4), height: float = 3.0) -> Picture:
    return np.asarray(draw(LINES[lines], height=height), dtype=np.uint8)


def text(words: tuple[EngineWord, ...]) -> str:
    return " ".join(word.text for word in words)


def test_the_library_reads_what_the_program_reads_whatever_was_read_before() -> None:
    ways = [snippet_options(model, dpi=200, timeout=60, alphabet=alphabet) for model, alphabet in WAYS]
    ways.append(EngineOptions(segmentation=6, dpi=200))

    here = [read_snippets(snippet(), options=way) for way in ways]

    assert here == [read_words(picture_as_tiff(snippet()), options=way) for way in ways]
    assert "Tờ trình" in text(here[0])
    assert here[1] != here[3]


def test_a_whole_page_is_also_tried_as_white_on_black_and_lines_cut_out_of_it_are_not() -> None:
    black = 255 - snippet(slice(3, 4), height=1.0)

    page = read_words(picture_as_tiff(black), options=EngineOptions(dpi=200))
    lines = read_snippets(black, options=snippet_options("Vietnamese", dpi=200, timeout=60))

    assert "Tờ trình số 125/TTr-STP." in text(page)
    assert "trình" not in text(lines)


@pytest.mark.parametrize("size", [(1, 1), (1, 400), (400, 2), (3, 3)])
def test_a_picture_with_no_room_for_a_letter_has_no_words(size: tuple[int, int]) -> None:
    picture = np.full(size, 255, dtype=np.uint8)

    assert read_snippets(picture, options=snippet_options("Vietnamese", dpi=200, timeout=60)) == ()


def test_what_takes_too_long_is_given_up_and_the_next_picture_is_read() -> None:
    with pytest.raises(ToolTimeout):
        read_snippets(snippet(), options=snippet_options("Vietnamese", dpi=200, timeout=0.001))

    assert "Tờ trình" in text(read_snippets(snippet(), options=snippet_options("Vietnamese", dpi=200, timeout=60)))


def test_a_missing_model_is_named() -> None:
    with pytest.raises(MissingTool, match="tesseract-ocr-xyz"):
        read_snippets(snippet(), options=snippet_options("xyz", dpi=200, timeout=60))


def test_nothing_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    for model in ("Vietnamese", "abc", "eng"):
        try:
            read_snippets(snippet(), options=snippet_options(model, dpi=200, timeout=60))
        except MissingTool:
            continue

    assert capfd.readouterr() == ("", "")

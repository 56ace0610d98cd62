import io
import multiprocessing
import os
import signal
from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest
from drawn_pages import draw, jpeg_pdf, saved
from hostile_pdfs import nested_forms, nested_patterns
from killing import killing
from PIL import Image

from domain.errors import DamagedDocument, OversizedDocument
from domain.models import Source
from ocr.files.page_process import PageProcess, read_apart
from ocr.files.sources import Limits, open_source, read_pages

LIMITS = Limits(page_seconds=3, page_memory=300 * 2**20)
ENDLESS = {"nested forms": nested_forms(5, 10), "nested patterns": nested_patterns(3, 3)}


def source(data: bytes, name: str = "a.pdf") -> Source:
    return open_source(name, data, limits=LIMITS)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.pdf", jpeg_pdf(draw())),
        ("a.tif", saved(draw().convert("1"), "TIFF", compression="group4", dpi=(200, 200))),
        ("a.png", saved(draw(height=2).convert("P"), "PNG")),
    ],
)
def test_pages_come_as_they_would_without_a_process(name: str, data: bytes) -> None:
    given = source(data, name)

    assert list(read_apart(given, limits=LIMITS)) == list(read_pages(given, limits=LIMITS))


@pytest.mark.parametrize("what", ENDLESS)
def test_a_page_that_takes_forever_is_refused_and_the_next_file_read(what: str) -> None:
    with closing(PageProcess(LIMITS)) as process:
        with pytest.raises(DamagedDocument, match="Trang 1 mất hơn 3 giây") as refusal:
            list(process.read_pages(source(ENDLESS[what])))
        after = list(process.read_pages(source(jpeg_pdf(draw()))))

    assert "\n" not in str(refusal.value)
    assert len(after) == 1
    assert not multiprocessing.active_children()


def test_a_file_whose_pages_take_too_long_together_is_refused_and_the_next_file_read() -> None:
    frames = [draw([str(number)], height=2) for number in range(4)]
    given = source(saved(frames[0], "TIFF", save_all=True, append_images=frames[1:], dpi=(200, 200)), "a.tif")
    strict = replace(LIMITS, file_seconds=1e-9, usual_page_seconds=0)

    refused = pytest.raises(DamagedDocument, match="quá nhiều thời gian")

    with closing(PageProcess(strict)) as process, refused as refusal:
        list(process.read_pages(given))
    with closing(PageProcess(replace(strict, usual_page_seconds=60, file_seconds=60))) as process:
        found = list(process.read_pages(given))

    assert "\n" not in str(refusal.value)
    assert len(found) == 4


def test_a_page_that_eats_all_memory_is_refused_and_the_next_file_read() -> None:
    limits = Limits(page_seconds=60, page_memory=150 * 2**20)

    with closing(PageProcess(limits)) as process:
        with pytest.raises(DamagedDocument, match="bộ nhớ"):
            list(process.read_pages(source(nested_forms(7, 10))))
        after = list(process.read_pages(source(jpeg_pdf(draw()))))

    assert len(after) == 1


def test_a_refusal_comes_through_and_the_process_lives_on() -> None:
    wide = jpeg_pdf(Image.new("L", (40, 12_000), "white"), box=(595, 5000))

    with closing(PageProcess(LIMITS)) as process:
        assert len(list(process.read_pages(source(jpeg_pdf(draw()))))) == 1
        first = multiprocessing.active_children()
        with pytest.raises(OversizedDocument, match="quá lớn"):
            list(process.read_pages(source(wide)))
        assert len(list(process.read_pages(source(jpeg_pdf(draw()))))) == 1
        assert multiprocessing.active_children() == first


def test_a_process_killed_once_costs_nothing() -> None:
    frames = [draw([str(number)], height=2) for number in range(4)]
    data = saved(frames[0], "TIFF", save_all=True, append_images=frames[1:], dpi=(200, 200))

    with closing(PageProcess(LIMITS)) as process:
        pages = process.read_pages(source(data, "a.tif"))
        found = [next(pages)]
        (child,) = multiprocessing.active_children()
        assert child.pid is not None
        os.kill(child.pid, signal.SIGKILL)
        found += pages

    assert [scan.image.number for scan in found] == [1, 2, 3, 4]


def test_a_process_that_died_between_two_files_costs_nothing() -> None:
    with closing(PageProcess(LIMITS)) as process:
        list(process.read_pages(source(jpeg_pdf(draw()))))
        (child,) = multiprocessing.active_children()
        child.kill()
        child.join()

        assert len(list(process.read_pages(source(jpeg_pdf(draw()))))) == 1


def test_a_file_that_kills_its_process_twice_is_refused() -> None:
    refused = pytest.raises(DamagedDocument, match="Trang 1 làm chương trình mở tệp dừng đột ngột")

    with closing(PageProcess(LIMITS)) as process, killing(2) as killed, refused:
        list(process.read_pages(source(ENDLESS["nested forms"])))

    assert len(killed) == 2


@pytest.mark.parametrize("closed", [True, False])
def test_a_file_that_is_left_in_the_midst_mixes_with_no_other(closed: bool) -> None:
    frames = [draw([str(number)], height=2) for number in range(3)]
    data = saved(frames[0], "TIFF", save_all=True, append_images=frames[1:], dpi=(200, 200))

    with closing(PageProcess(LIMITS)) as process:
        left = process.read_pages(source(data, "a.tif"))
        next(left)
        if closed:
            left.close()
        begun = process.read_pages(source(data, "a.tif"))
        next(begun)
        left.close()
        (scan,) = process.read_pages(source(saved(draw(), "PNG"), "b.png"))
        begun.close()
        again = list(process.read_pages(source(saved(draw(), "PNG"), "b.png")))

    assert scan.image.height == draw().height
    assert again == [scan]
    assert not multiprocessing.active_children()


def test_a3_in_color_at_600_dpi_needs_no_more_memory_than_is_allowed() -> None:
    shades = np.tile(np.arange(250, dtype=np.uint8), (9900, 28))
    picture = Image.merge("CMYK", [Image.fromarray(shades)] * 4)
    holder = io.BytesIO()
    picture.save(holder, "TIFF", dpi=(600, 600))
    limits = Limits()
    given = open_source("a.tif", holder.getvalue(), limits=limits)

    (scan,) = read_apart(given, limits=limits)

    assert (scan.image.width, scan.image.height) == picture.size

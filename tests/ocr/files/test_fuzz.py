"""Good files, broken in many ways: each is read or refused in one line; none crashes, hangs or is read as nothing.

The short run goes with the suite; `make test-slow` takes thousands of them.
"""

import io
import random
import re
from collections.abc import Callable, Iterator
from contextlib import closing

import numpy as np
import pikepdf
import pytest
from drawn_pages import LINES, draw, jbig2, jpeg_pdf, pdf_of, saved
from PIL import Image

from domain.errors import InputError
from ocr.files.page_process import PageProcess
from ocr.files.sources import Limits, open_source
from ocr.page.page_problems import reading_problems
from ocr.picture.raster import decode, encode_g4
from ocr.recognition.recognize import ReadOptions, recognize
from ocr.samples.fonts import find_fonts
from ocr.samples.papers.decision import make_decision
from ocr.samples.pdf import write_born_digital
from ocr.samples.people import make_person

LIMITS = Limits(page_seconds=20, page_memory=700 * 2**20)
G4 = {"/BitsPerComponent": 1, "/ColorSpace": pikepdf.Name.DeviceGray}


def originals() -> dict[str, bytes]:
    page, chance = draw(height=2), random.Random(3)
    bilevel = page.convert("1")
    size = {"/Width": page.width, "/Height": page.height}
    fax = {**size, **G4, "/Filter": pikepdf.Name.CCITTFaxDecode}
    fax["/DecodeParms"] = pikepdf.Dictionary(K=-1, Columns=page.width, Rows=page.height)
    fonts = find_fonts()
    digital = write_born_digital(make_decision(chance, fonts, make_person(chance)).sheets[:1], fonts)
    frames = [draw([line], height=2) for line in LINES[:3]]
    return {
        "jpeg.pdf": jpeg_pdf(page),
        "packed.pdf": packed(jpeg_pdf(page, box=(595, 144)), pikepdf.ObjectStreamMode.generate),
        "fax.pdf": pdf_of(encode_g4(bilevel), fax, box=(595, 144)),
        "jbig2.pdf": pdf_of(jbig2(bilevel), {**size, **G4, "/Filter": pikepdf.Name.JBIG2Decode}, box=(595, 144)),
        "jpx.pdf": pdf_of(saved(page, "JPEG2000"), {**size, "/Filter": pikepdf.Name.JPXDecode}, box=(595, 144)),
        "digital.pdf": digital,
        "open.pdf": packed(digital, pikepdf.ObjectStreamMode.disable, plain=True),
        "fax.tif": saved(bilevel, "TIFF", compression="group4", dpi=(200, 200)),
        "lzw.tif": saved(page, "TIFF", compression="tiff_lzw"),
        "frames.tif": saved(frames[0], "TIFF", save_all=True, append_images=frames[1:], compression="jpeg"),
        "deflate.tif": saved(page.convert("RGB"), "TIFF", compression="tiff_adobe_deflate"),
        "gray.png": saved(page, "PNG"),
        "palette.png": saved(page.convert("P"), "PNG"),
        "deep.png": saved(Image.fromarray(np.asarray(page, np.uint16) * 257), "PNG"),
        "gray.jpg": saved(page, "JPEG"),
        "cmyk.jpg": saved(page.convert("RGB").convert("CMYK"), "JPEG"),
        "steps.jpg": saved(page.convert("RGB"), "JPEG", progressive=True),
    }


def packed(pdf: bytes, mode: pikepdf.ObjectStreamMode, *, plain: bool = False) -> bytes:
    """The same PDF written another way; plain: its streams unpacked, so that its operators can be broken too."""
    holder = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        opened.save(holder, object_stream_mode=mode, compress_streams=not plain, qdf=plain)
    return holder.getvalue()


def flip(data: bytearray, chance: random.Random, _other: bytes) -> None:
    for _ in range(chance.randint(1, 40)):
        data[place(data, chance)] = chance.randrange(256)


def cut(data: bytearray, chance: random.Random, _other: bytes) -> None:
    start = place(data, chance)
    del data[start : start + chance.choice((1, 7, 64, 900, len(data)))]


def splice(data: bytearray, chance: random.Random, other: bytes) -> None:
    start, length = place(data, chance), chance.choice((4, 60, 800, 9000))
    source = chance.randrange(len(other))
    data[start : start + chance.choice((0, length))] = other[source : source + length]


def repeat(data: bytearray, chance: random.Random, _other: bytes) -> None:
    start, length = place(data, chance), chance.choice((1, 16, 300, 5000))
    data[start:start] = data[start : start + length] * chance.choice((1, 2, 50))


def wipe(data: bytearray, chance: random.Random, _other: bytes) -> None:
    start, length = place(data, chance), chance.choice((2, 30, 600))
    data[start : start + length] = bytes([chance.choice((0, 255, 32))]) * len(data[start : start + length])


def number(data: bytearray, chance: random.Random, _other: bytes) -> None:
    """Write another number into the structure, where there is one."""
    found = list(re.finditer(rb"(?<![\w.])\d{1,6}(?![\w.])", data[:20_000])) or [None]
    chosen = chance.choice(found)
    if chosen is not None:
        value = chance.choice((b"0", b"-1", b"1", b"65536", b"99999", b"2147483647", b"4294967296"))
        data[chosen.start() : chosen.end()] = value


MUTATIONS: list[Callable[[bytearray, random.Random, bytes], None]] = [flip, cut, splice, repeat, wipe, number]


def place(data: bytearray, chance: random.Random) -> int:
    """Rather in the head or the foot, where the structure is."""
    if not data:
        data += b"\0"
    ends = min(2000, len(data))
    where = chance.random()
    if where < 0.4:
        return chance.randrange(ends)
    return len(data) - 1 - chance.randrange(ends) if where < 0.6 else chance.randrange(len(data))


def broken(count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    chance, files = random.Random(seed), originals()
    names = sorted(files)
    for index in range(count):
        name = names[index % len(names)]
        data = bytearray(files[name])
        for _ in range(chance.choice((1, 1, 1, 2, 4))):
            chance.choice(MUTATIONS)(data, chance, files[chance.choice(names)])
        yield name, bytes(data)


def take_all(files: Iterator[tuple[str, bytes]]) -> tuple[int, int]:
    """Take the files apart; return how many gave pages and how many were refused."""
    taken = refused = 0
    with closing(PageProcess(LIMITS)) as process:
        for name, data in files:
            try:
                source = open_source(name, data, limits=LIMITS)
                pages = [decode(scan.image).shape for scan in process.read_pages(source)]
            except InputError as refusal:
                assert str(refusal).strip() and "\n" not in str(refusal)
                refused += 1
            else:
                assert pages and all(min(shape[:2]) >= LIMITS.smallest_side for shape in pages)
                taken += 1
    return taken, refused


def test_every_good_file_is_taken() -> None:
    assert take_all(iter(originals().items())) == (len(originals()), 0)


def test_broken_files_are_taken_or_refused() -> None:
    taken, refused = take_all(broken(240, seed=11))

    assert taken > 20
    assert refused > 20


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", range(8))
def test_thousands_of_broken_files_are_taken_or_refused(seed: int) -> None:
    taken, refused = take_all(broken(600, seed=1000 + seed))

    assert taken + refused == 600


@pytest.mark.tools
def test_what_is_left_of_broken_pages_is_read_or_said_to_be_unread() -> None:
    read = 0
    with closing(PageProcess(LIMITS)) as process:
        for name, data in broken(51, seed=5):
            try:
                scans = list(process.read_pages(open_source(name, data, limits=LIMITS)))
                texts = [
                    scan.layer or recognize(scan.image, options=ReadOptions(second_language="")) for scan in scans[:1]
                ]
            except InputError:
                continue
            for text in texts:
                assert any(word.confidence > 0.7 for word in text.words) or reading_problems([text])
                read += 1
            if read >= 6:
                break

    assert read >= 6

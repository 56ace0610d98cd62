"""Whether memory stays flat over many pages: resident size of this process and its workers while a long PDF is read.

    python -m bench.memory [--pages 1000] [--jobs 2]

The PDF is made on the spot: every page is one bilevel image with two lines of text.
"""

import argparse
import io
import os
from collections.abc import Iterator
from pathlib import Path

import pikepdf
from PIL import Image, ImageDraw

from bench.image_pages import add_image_page
from ocr.files.sources import Limits, open_source
from ocr.picture.raster import encode
from ocr.recognition.recognize import ReadOptions
from ocr.samples.fonts import Face, find_fonts
from pipeline.batch import ReadingPlan, read_papers

_WIDTH, _HEIGHT, _DPI = 900, 240, 150
_MIB = 1024


def main() -> None:
    """Read the pages and print the resident sizes after every tenth of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args()
    source = open_source("long.pdf", long_pdf(given.pages), limits=Limits())
    plan = ReadingPlan(limits=Limits(), options=ReadOptions(), jobs=given.jobs)
    done = 0

    def on_page(_name: str, _number: int) -> None:
        nonlocal done
        done += 1
        if done in (10, 50) or done % max(1, given.pages // 10) == 0:
            sizes = sorted(resident(process) for process in descendants(os.getpid()))
            print(f"| {done} | {resident(os.getpid())} | {sizes[-given.jobs :]} |", flush=True)

    print("| pages | this process, MiB | greatest below it, MiB |\n| --- | --- | --- |")
    for paper in read_papers([source], plan, on_page=on_page):
        print(f"\n{len(paper.pages)} pages, {sum(bool(page.words) for page in paper.pages)} with text; {paper.error}")


def long_pdf(count: int) -> bytes:
    """Return a PDF of this many small pages, no two alike."""
    pdf = pikepdf.new()
    font = find_fonts().at(Face(), 30)
    for number in range(1, count + 1):
        picture = Image.new("1", (_WIDTH, _HEIGHT), 255)
        pen = ImageDraw.Draw(picture)
        pen.text((60, 50), f"Điều {number}. Quyết định này có hiệu lực thi hành", fill=0, font=font)
        pen.text((60, 120), "kể từ ngày ký ban hành và thay thế quyết định trước.", fill=0, font=font)
        stream = encode(picture)
        add_image_page(
            pdf,
            stream.data,
            size=(_WIDTH, _HEIGHT),
            dpi=_DPI,
            BitsPerComponent=1,
            ColorSpace=pikepdf.Name.DeviceGray,
            Filter=pikepdf.Name.CCITTFaxDecode,
            DecodeParms=pikepdf.Dictionary(K=-1, Columns=_WIDTH, Rows=_HEIGHT),
        )
    holder = io.BytesIO()
    pdf.save(holder)
    return holder.getvalue()


def descendants(process: int) -> Iterator[int]:
    """Yield the processes that a process started, and those that these started."""
    for children in Path(f"/proc/{process}/task").glob("*/children"):
        for child in _text(children).split():
            yield int(child)
            yield from descendants(int(child))


def resident(process: int) -> int:
    """Return a process's resident size in MiB, 0 where it has ended."""
    lines = _text(Path(f"/proc/{process}/status")).splitlines()
    line = next((line for line in lines if line.startswith("VmRSS")), "VmRSS: 0 kB")
    return int(line.split()[1]) // _MIB


def _text(path: Path) -> str:
    """Return what a file of a process says, nothing where the process has ended."""
    try:
        return path.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


if __name__ == "__main__":
    main()

"""Pages for measuring: fictional papers and running text at one level of quality, with their truth."""

import random as chance
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from itertools import cycle, islice
from pathlib import Path

import numpy as np
from PIL import Image

from ocr.samples.degrade import LEVELS, degrade
from ocr.samples.draw import draw_sheet
from ocr.samples.fonts import Fonts, find_fonts
from ocr.samples.mail_stamp import make_mail_stamp
from ocr.samples.people import make_person
from ocr.samples.running_text import typeset_text
from ocr.samples.sheet import Sheet
from ocr.samples.writer import PAPERS, SampleTruth, scan_pages, truth_of


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchPage:
    """A page as the scanner gives it, and what it says."""

    name: str
    data: bytes = field(repr=False)
    """JPEG, as the scanner of the level writes it."""
    dpi: int
    lines: tuple[str, ...]
    segments: tuple[tuple[str, ...], ...]
    """Each with its legal readings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchPaper:
    """A whole paper as the scanner gives it, and what is to be read from it."""

    name: str
    pages: tuple[BenchPage, ...]
    truth: SampleTruth


def bench_papers(
    *,
    level: str,
    count: int,
    seed: int,
    kinds: Sequence[str] = (),
    font_folder: Path | None = None,
    received: bool = False,
) -> Iterator[BenchPaper]:
    """Yield papers of the kinds in turn (of all kinds if none is given); the same seed gives the same papers.

    Args:
        level: A name in `LEVELS`.
        count: How many.
        seed: Of all chances.
        kinds: Names in `PAPERS`.
        font_folder: Where fonts are looked for first.
        received: Whether they bear the stamp of the office that received them.
    """
    fonts = find_fonts(font_folder)
    for number, kind in enumerate(islice(cycle(kinds or tuple(PAPERS)), count)):
        random = chance.Random(f"bench/{seed}/{number}")
        paper = PAPERS[kind](random, fonts, make_person(random))
        scanner = np.random.default_rng(random.getrandbits(64))
        stamp = make_mail_stamp(random) if received else None
        pages = scan_pages(paper, fonts, level=level, random=scanner, received=stamp)
        name = f"{number:03d}-{paper.slug}"
        yield BenchPaper(
            name=name,
            pages=tuple(_page(f"{name}-{i}", page, paper.sheets[i - 1], level) for i, page in enumerate(pages, 1)),
            truth=truth_of(paper, level),
        )


def bench_text(text: str, *, level: str, seed: int, font_folder: Path | None = None) -> Iterator[BenchPage]:
    """Yield the pages of a running text."""
    fonts = find_fonts(font_folder)
    scanner = np.random.default_rng(seed)
    sheets = typeset_text(text, fonts)
    for number, sheet in enumerate(sheets, 1):
        back = _draw(sheets[number % len(sheets)], fonts, level)
        page = degrade(_draw(sheet, fonts, level), level=level, random=scanner, back=back)
        yield _page(f"text-{number}", page, sheet, level)


def bench_pages(
    *, level: str, count: int, seed: int, texts: Sequence[str] = (), font_folder: Path | None = None
) -> Iterator[BenchPage]:
    """Yield this many pages: those of papers and, where texts are given, as many of the texts in turn."""
    papers = (page for paper in _endless(level, seed, font_folder) for page in paper.pages)
    running = [bench_text(text, level=level, seed=seed + i, font_folder=font_folder) for i, text in enumerate(texts)]
    prose = (page for pages in zip(*running, strict=False) for page in pages)
    for number in range(count):
        page = next(prose, None) if texts and number % 2 else None
        yield page or next(papers)


def _endless(level: str, seed: int, font_folder: Path | None) -> Iterator[BenchPaper]:
    start = seed
    while True:
        yield from bench_papers(level=level, count=len(PAPERS), seed=start, font_folder=font_folder)
        start += 1_000_003


def _draw(sheet: Sheet, fonts: Fonts, level: str) -> Image.Image:
    return draw_sheet(sheet, fonts, dpi=LEVELS[level].dpi)


def _page(name: str, picture: Image.Image, sheet: Sheet, level: str) -> BenchPage:
    out, setting = BytesIO(), LEVELS[level]
    picture.save(out, "JPEG", quality=setting.quality, dpi=(setting.dpi, setting.dpi))
    return BenchPage(name=name, data=out.getvalue(), dpi=setting.dpi, lines=sheet.lines, segments=sheet.segments)

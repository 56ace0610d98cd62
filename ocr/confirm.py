"""The words of values that are not sure yet, read once more by another model: agreement makes them sure."""

import logging
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from domain.errors import MissingTool
from domain.models import Box, PageImage, PageText, TextOrigin, Word
from domain.vietnamese import nfc
from ocr.classify import told_by_form
from ocr.confidence import Evidence
from ocr.extract import ExtractOptions, extract_with_evidence
from ocr.kinds import KindLibrary
from ocr.lines import Piece, read_lines
from ocr.prepare import Preparation, prepare
from ocr.raster import Picture, decode, picture_as_tiff, upright
from ocr.recognize import ReadOptions
from ocr.red_ink import gray_with_red_print
from ocr.signer import read_signature_block
from ocr.tools import EngineOptions, EngineWord, read_words

log = logging.getLogger(__name__)

_BLOCK = 6
"""Page segmentation mode: one block of lines."""
_GAP = 0.12
"""Inches of white between two strips on the sheet, and beside them."""
_MARGIN = 0.03
"""Inches around a strip."""
_BESIDE = 0.7
"""Inches left and right of a strip that are read too, to the next word: something may have been lost there."""
_SAME_HEIGHT = 0.5
"""Share of a word's height that another shares with it if they stand on one line."""
_FAR = 2.5
"""In heights of a line: words further apart go onto strips of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """What is needed to know which words matter."""

    kinds: KindLibrary
    extraction: ExtractOptions
    everything: bool = False
    """Whether all values are read once more, and not only those that it can make sure: to calibrate."""


def confirm(page: PageText, image: PageImage, *, options: ReadOptions, confirmation: Confirmation) -> PageText:
    """Return a recognized page whose words of unsure values say what the second model reads in their places.

    Args:
        page: As it was recognized.
        image: The page's picture.
        options: How it was read; without a second model the page is returned as it is.
        confirmation: What is needed to know which words matter.

    Raises:
        ToolTimeout: The engine took longer than allowed.
        ToolFailed: The engine ended with an error.
    """
    if page.origin is not TextOrigin.OCR or not options.second_language:
        return page
    strips = _strips(page, wanted_words(page, confirmation))
    if not strips:
        return page
    cv2.setNumThreads(1)  # pages run in parallel, each in its own process
    decoded = decode(image)
    stored = decoded if decoded.ndim == 2 else gray_with_red_print(decoded, image.dpi)
    sheet = _sheet(page, strips, prepare(upright(stored, page.rotation), image.dpi), image.dpi)
    engine = EngineOptions(
        language=options.second_language, segmentation=_BLOCK, dpi=round(image.dpi), timeout=options.timeout
    )
    try:
        second = read_words(picture_as_tiff(sheet.picture), options=engine)
    except MissingTool as missing:
        log.warning("no second reading: %s", missing)
        return page
    said = {box: text for strip in sheet.strips for box, text in _said(strip, second).items()}
    words = tuple(replace(word, second=said[word.box]) if word.box in said else word for word in page.words)
    return replace(page, words=words)


def wanted_words(page: PageText, confirmation: Confirmation) -> frozenset[Box]:
    """Return the boxes of the words whose second reading can make a value sure."""
    options, lines = confirmation.extraction, read_lines([page])
    found, evidence = extract_with_evidence([page], confirmation.kinds, options=options)
    if not found.fields and (kind := told_by_form(lines, confirmation.kinds)) is not None:
        found, evidence = extract_with_evidence([page], confirmation.kinds, options=replace(options, kind=kind.code))
    if not found.fields:  # a later page of a paper: who signed it
        block = read_signature_block(lines)
        return _boxes((*block.office, *block.name, *block.place, *block.date))
    if confirmation.everything:
        return _boxes(p for one in evidence.values() for p in one.pieces)
    values = {name for name, one in found.fields.items() if one.value is not None}
    unsure = (one for name, one in evidence.items() if name in values and _matters(one, options))
    return _boxes(p for one in unsure for p in one.pieces)


def _matters(evidence: Evidence, options: ExtractOptions) -> bool:
    """Return whether a value is surer if another model reads the same; of closed lists, whether it is not sure yet."""
    sure = options.calibration.threshold(evidence.family)
    if evidence.confirmed or (evidence.family == "choice" and options.calibration.probability(evidence) >= sure):
        return False
    return options.calibration.probability(replace(evidence, agreed=True)) >= sure


def _boxes(pieces: Iterable[Piece]) -> frozenset[Box]:
    return frozenset(piece.word.box for piece in pieces)


@dataclass(frozen=True, slots=True)
class _Strip:
    """Words that stand side by side, on the sheet that is read."""

    words: tuple[Word, ...]
    places: tuple[tuple[float, float], ...]
    """Left and right end of each word on the sheet, in pixels."""
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class _Sheet:
    picture: Picture
    strips: tuple[_Strip, ...]


def _strips(page: PageText, wanted: frozenset[Box]) -> list[tuple[Word, ...]]:
    """Return the wanted words, those that follow one another on a line together."""
    aspect = page.width / page.height if page.height else 0.7
    lines: dict[tuple[int, int], list[Word]] = {}
    for word in page.words:
        lines.setdefault((word.block, word.line), []).append(word)
    strips: list[tuple[Word, ...]] = []
    for line in lines.values():
        run: list[Word] = []
        for word in sorted(line, key=lambda w: w.box.x0):
            far = bool(run) and (word.box.x0 - run[-1].box.x1) * aspect > _FAR * (word.box.y1 - word.box.y0)
            if run and (far or word.box not in wanted):
                strips.append(tuple(run))
                run = []
            if word.box in wanted:
                run.append(word)
        if run:
            strips.append(tuple(run))
    return strips


def _sheet(page: PageText, strips: Sequence[tuple[Word, ...]], preparation: Preparation, dpi: float) -> _Sheet:
    """Return the strips one below the other."""
    gap, cuts = round(_GAP * dpi), []
    for words in strips:
        places = [_on_picture(word.box, preparation) for word in words]
        left, right = _reach(page, words, dpi)
        cuts.append((words, places, _frame(places, left, right, preparation.picture, dpi)))
    width = max(right - left for _, _, (left, _, right, _) in cuts) + 2 * gap
    rows, found, offset = [np.full((gap, width), 255, dtype=np.uint8)], [], gap
    for words, places, (left, top, right, bottom) in cuts:
        row = np.full((bottom - top + gap, width), 255, dtype=np.uint8)
        row[: bottom - top, gap : gap + right - left] = preparation.picture[top:bottom, left:right]
        ends = tuple((x0 - left + gap, x1 - left + gap) for x0, _, x1, _ in places)
        found.append(_Strip(words, ends, offset, offset + bottom - top))
        rows.append(row)
        offset += row.shape[0]
    return _Sheet(np.vstack(rows), tuple(found))


def _frame(
    places: Sequence[tuple[float, float, float, float]], left: float, right: float, picture: Picture, dpi: float
) -> tuple[int, int, int, int]:
    """Return what is cut out for words at these places, in pixels, with so much beside them; never empty."""
    height, width = picture.shape[:2]
    margin = _MARGIN * dpi
    x0 = max(0, min(width - 2, math.floor(min(p[0] for p in places) - left)))
    y0 = max(0, min(height - 2, math.floor(min(p[1] for p in places) - margin)))
    x1 = min(width, math.ceil(max(p[2] for p in places) + right))
    y1 = min(height, math.ceil(max(p[3] for p in places) + margin))
    return x0, y0, max(x1, x0 + 2), max(y1, y0 + 2)


def _reach(page: PageText, words: Sequence[Word], dpi: float) -> tuple[float, float]:
    """Return how many pixels left and right of words are free of others, to the limit."""
    first, last = words[0].box, words[-1].box
    left, right = first.x0, 1 - last.x1
    for word in page.words:
        box = word.box
        if box.x1 <= first.x0 and _beside(box, first):
            left = min(left, first.x0 - box.x1)
        if box.x0 >= last.x1 and _beside(box, last):
            right = min(right, box.x0 - last.x1)
    return _within(left * page.width, dpi), _within(right * page.width, dpi)


def _within(room: float, dpi: float) -> float:
    """Return how much of the room beside words is read, in pixels: not to the edge of the next word."""
    margin = 2 * _MARGIN * dpi
    return min(_BESIDE * dpi, max(margin / 2, room - margin))


def _beside(box: Box, other: Box) -> bool:
    shared = min(box.y1, other.y1) - max(box.y0, other.y0)
    return shared > _SAME_HEIGHT * min(box.y1 - box.y0, other.y1 - other.y0)


def _on_picture(box: Box, preparation: Preparation) -> tuple[float, float, float, float]:
    """Return where a box of the page lies on the straightened picture, in pixels."""
    height, width = preparation.picture.shape[:2]
    angle = math.radians(preparation.skew)
    cosine, sine = math.cos(angle), math.sin(angle)
    x, y = ((box.x0 + box.x1) - 1) * width / 2, ((box.y0 + box.y1) - 1) * height / 2
    middle_x, middle_y = x * cosine + y * sine + width / 2, y * cosine - x * sine + height / 2
    half_width, half_height = (box.x1 - box.x0) * width / 2, (box.y1 - box.y0) * height / 2
    return middle_x - half_width, middle_y - half_height, middle_x + half_width, middle_y + half_height


def _said(strip: _Strip, second: Sequence[EngineWord]) -> Mapping[Box, str]:
    """Return what was read in the place of each word of a strip; what stands under no word goes to the nearest one."""
    texts: list[list[str]] = [[] for _ in strip.words]
    for word in sorted(second, key=lambda w: w.left):
        if strip.top <= (word.top + word.bottom) / 2 <= strip.bottom:
            nearest = max(range(len(texts)), key=lambda i: _overlap(strip.places[i], (word.left, word.right)))
            texts[nearest].append(nfc(word.text))
    return {word.box: " ".join(text) for word, text in zip(strip.words, texts, strict=True)}


def _overlap(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the pixels that two stretches share; less than zero where they lie apart."""
    return min(one[1], other[1]) - max(one[0], other[0])

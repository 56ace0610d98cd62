"""The words of values that are not sure yet, read once more by another model: agreement makes them sure.

Numbers that the two read differently, and doubtful ones of poor pages, are read a third time, with their own alphabet
(`ocr/fields/figures.py`).
"""

import logging
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import mean

import numpy as np

from domain.errors import MissingTool
from domain.models import Box, PageText, TextOrigin
from domain.vietnamese import nfc
from ocr.fields.classify import told_by_form
from ocr.fields.confidence import POOR_PAGE, Evidence, doubt_of
from ocr.fields.extract import ExtractOptions, extract_with_evidence
from ocr.fields.figures import ALPHABET, MODEL, is_third_wanted
from ocr.fields.kinds import FieldRule, KindLibrary
from ocr.fields.lines import read_lines
from ocr.fields.parsers.forms import FAMILIES
from ocr.fields.signer import read_signature_block
from ocr.lexicon.titles import read_title
from ocr.page.reading_order import PlacedWord
from ocr.picture.raster import Picture
from ocr.recognition.recognize import ReadOptions, Recognized
from ocr.snippets import read_snippets, snippet_options
from ocr.tools import EngineOptions, EngineWord

log = logging.getLogger(__name__)

_GAP = 0.12
"""Inches of white between two strips on the sheet, and beside them."""
_MARGIN = 0.03
"""Inches around a strip."""
_BESIDE = 0.7
"""Inches left and right of a strip that are read too, to the next word: something may have been lost there."""
_SAME_HEIGHT = 0.5
"""Share of a word's height that another shares with it if they stand on one line."""
_POOR = 1.3
"""Mean doubt of a page's words, on the scale of `doubt_of`, under which two models can err alike in a figure."""
_FAINT = 0.6
"""Word confidence under which two readings of a word mostly differed already."""
_FAR = 2.5
"""In heights of a line: words further apart go onto strips of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """What is needed to know which words matter."""

    kinds: KindLibrary
    extraction: ExtractOptions
    everything: bool = False
    """Whether all values are read once more, and not only those that it can make sure: to calibrate."""


def confirm(read: Recognized, *, options: ReadOptions, confirmation: Confirmation) -> PageText:
    """Return a recognized page whose words of unsure values say what the second model reads in their places.

    Args:
        read: The page as it was recognized; the second model reads the same copy of it.
        options: How it was read; without a second model the page is returned as it is.
        confirmation: What is needed to know which words matter.

    Raises:
        ToolTimeout: The engine took longer than allowed.
        ToolFailed: The engine ended with an error.
    """
    page = read.page
    if page.origin is not TextOrigin.OCR or not options.second_language:
        return page
    forms = _wanted(page, confirmation)
    engine = snippet_options(options.second_language, dpi=read.dpi, timeout=options.timeout)
    try:
        said = _read_again(read, frozenset(forms), engine)
        page = replace(page, words=tuple(replace(w, second=said.get(i)) for i, w in enumerate(page.words)))
        numbers = [w for w in page.words if FAMILIES.get(forms.get(w.box, "text"), "figures") == "figures"]
        poor = mean(doubt_of(word.confidence) for word in page.words) < _POOR
        unsure = frozenset(word.box for word in numbers if is_third_wanted(word, forms[word.box], poor=poor))
        engine = snippet_options(MODEL, dpi=read.dpi, timeout=options.timeout, alphabet=ALPHABET)
        said = _read_again(read, unsure, engine)
    except MissingTool as missing:
        log.warning("values are not read again: %s", missing)
        return page
    return replace(page, words=tuple(replace(w, figures=said.get(i)) for i, w in enumerate(page.words)))


def wanted_words(page: PageText, confirmation: Confirmation) -> frozenset[Box]:
    """Return the boxes of the words whose second reading can make a value sure, or give one where there is none."""
    return frozenset(_wanted(page, confirmation))


def _wanted(page: PageText, confirmation: Confirmation) -> Mapping[Box, str]:
    """Return the boxes of the words that are read again, each with the form of its value."""
    options, lines = confirmation.extraction, read_lines([page])
    found, evidence = extract_with_evidence([page], confirmation.kinds, options=options)
    if not found.fields and (kind := told_by_form(lines, confirmation.kinds)) is not None:
        found, evidence = extract_with_evidence([page], confirmation.kinds, options=replace(options, kind=kind.code))
    if not found.fields:  # a later page of a paper: who signed it
        block = read_signature_block(lines)
        pieces = (*block.office, *block.name, *block.place, *block.date)
        return {piece.word.box: "date" if piece in block.date else "text" for piece in pieces}
    wanted = {name: one for name, one in evidence.items() if confirmation.everything or name in found.fields}
    rules = {name: rule for name in wanted if (rule := confirmation.kinds.get(found.kind).rule(name)) is not None}
    if not confirmation.everything:
        values = {name: found.fields[name].value for name in wanted}
        broken = {name for name, value in values.items() if _is_broken(value, rules.get(name))}
        wanted = {n: one for n, one in wanted.items() if n in broken or _matters(values[n], one, options)}
    forms = {name: rule.form for name, rule in rules.items()}
    return {piece.word.box: forms.get(name, "text") for name, one in wanted.items() for piece in one.pieces}


def _is_broken(value: str | None, rule: FieldRule | None) -> bool:
    """Return whether a value is the title of a signer that has lost a part, e.g. under a stamp."""
    return bool(value) and rule is not None and rule.source == "signer_title" and not read_title(value or "").whole


def _matters(value: str | None, evidence: Evidence, options: ExtractOptions) -> bool:
    """Return whether a value can be surer, or another one, if another model reads the same, or something else.

    Values of closed lists only if they are not sure yet; others that will be shown anyway only where single words of a
    page that reads well are faint, of which the other model's reading may be the right one.
    """
    if evidence.confirmed:
        return False
    if value is None or evidence.family == "figures":
        return True
    sure = options.calibration.threshold(evidence.family)
    if evidence.family == "choice" and options.calibration.probability(evidence) >= sure:
        return False
    faint = min((piece.word.confidence for piece in evidence.pieces), default=1.0) < _FAINT
    return (faint and evidence.page >= POOR_PAGE) or (
        options.calibration.probability(replace(evidence, agreed=True)) >= sure
    )


@dataclass(frozen=True, slots=True)
class _Strip:
    """Words that stand side by side, on the sheet that is read."""

    words: tuple[int, ...]
    """Their places in the page's words."""
    ends: tuple[tuple[float, float], ...]
    """Left and right end of each word on the sheet, in pixels."""
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class _Sheet:
    picture: Picture
    strips: tuple[_Strip, ...]


def _read_again(read: Recognized, wanted: frozenset[Box], engine: EngineOptions) -> Mapping[int, str]:
    """Return what an engine reads where words stand that are wanted, by their places in the page's words."""
    strips = _strips(read, wanted)
    if not strips:
        return {}
    sheet = _sheet(read, strips)
    again = read_snippets(sheet.picture, options=engine)
    return {index: text for strip in sheet.strips for index, text in _said(strip, again).items()}


def _strips(read: Recognized, wanted: frozenset[Box]) -> list[tuple[int, ...]]:
    """Return the wanted words, those that follow one another on a line together, as their places in the page's."""
    lines: dict[tuple[int, int], list[int]] = {}
    for index, word in enumerate(read.page.words):
        lines.setdefault((word.block, word.line), []).append(index)
    strips: list[tuple[int, ...]] = []
    for line in lines.values():
        run: list[int] = []
        for index in sorted(line, key=lambda each: read.placed[each].left):
            place, is_wanted = read.placed[index], read.page.words[index].box in wanted
            far = bool(run) and place.left - read.placed[run[-1]].right > _FAR * (place.bottom - place.top)
            if run and (far or not is_wanted):
                strips.append(tuple(run))
                run = []
            if is_wanted:
                run.append(index)
        if run:
            strips.append(tuple(run))
    return strips


def _sheet(read: Recognized, strips: Sequence[tuple[int, ...]]) -> _Sheet:
    """Return the strips one below the other."""
    gap = round(_GAP * read.dpi)
    cuts = [_frame([read.placed[index] for index in strip], read) for strip in strips]
    width = max(right - left for left, _, right, _ in cuts) + 2 * gap
    rows, found, offset = [np.full((gap, width), 255, dtype=np.uint8)], [], gap
    for strip, (left, top, right, bottom) in zip(strips, cuts, strict=True):
        row = np.full((bottom - top + gap, width), 255, dtype=np.uint8)
        row[: bottom - top, gap : gap + right - left] = read.picture[top:bottom, left:right]
        words = (read.placed[index] for index in strip)
        ends = tuple((word.left - left + gap, word.right - left + gap) for word in words)
        found.append(_Strip(strip, ends, offset, offset + bottom - top))
        rows.append(row)
        offset += row.shape[0]
    return _Sheet(np.vstack(rows), tuple(found))


def _frame(words: Sequence[PlacedWord], read: Recognized) -> tuple[int, int, int, int]:
    """Return what is cut out of the picture for words of a line, in pixels, with what lies beside them; never empty."""
    height, width = read.picture.shape[:2]
    margin, (before, behind) = _MARGIN * read.dpi, _reach(words[0], words[-1], read)
    x0 = max(0, min(width - 2, math.floor(min(word.left for word in words) - before)))
    y0 = max(0, min(height - 2, math.floor(min(word.top for word in words) - margin)))
    x1 = min(width, math.ceil(max(word.right for word in words) + behind))
    y1 = min(height, math.ceil(max(word.bottom for word in words) + margin))
    return x0, y0, max(x1, x0 + 2), max(y1, y0 + 2)


def _reach(first: PlacedWord, last: PlacedWord, read: Recognized) -> tuple[float, float]:
    """Return how many pixels left and right of words are free of others, to the limit."""
    left, right = first.left, read.picture.shape[1] - last.right
    for word in read.placed:
        if word.right <= first.left and _beside(word, first):
            left = min(left, first.left - word.right)
        if word.left >= last.right and _beside(word, last):
            right = min(right, word.left - last.right)
    return _within(left, read.dpi), _within(right, read.dpi)


def _within(room: float, dpi: float) -> float:
    """Return how much of the room beside words is read, in pixels: not to the edge of the next word."""
    margin = 2 * _MARGIN * dpi
    return min(_BESIDE * dpi, max(margin / 2, room - margin))


def _beside(word: PlacedWord, other: PlacedWord) -> bool:
    shared = min(word.bottom, other.bottom) - max(word.top, other.top)
    return shared > _SAME_HEIGHT * min(word.bottom - word.top, other.bottom - other.top)


def _said(strip: _Strip, second: Sequence[EngineWord]) -> Mapping[int, str]:
    """Return what was read in the place of each word of a strip; what stands under no word goes to the nearest one."""
    texts: list[list[str]] = [[] for _ in strip.words]
    for word in sorted(second, key=lambda w: w.left):
        if strip.top <= (word.top + word.bottom) / 2 <= strip.bottom:
            nearest = max(range(len(texts)), key=lambda i: _overlap(strip.ends[i], (word.left, word.right)))
            texts[nearest].append(nfc(word.text))
    return {index: " ".join(text) for index, text in zip(strip.words, texts, strict=True)}


def _overlap(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the pixels that two stretches share; less than zero where they lie apart."""
    return min(one[1], other[1]) - max(one[0], other[0])

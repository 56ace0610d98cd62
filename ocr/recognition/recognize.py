"""Page image in, text with the place and confidence of every word out."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from domain.errors import MissingTool, ToolTimeout
from domain.models import ColorModel, PageImage, PageText, TextOrigin
from ocr.correction.correct import correct
from ocr.page.layout import lay_out
from ocr.page.reading_order import PlacedWord
from ocr.picture.photo import Flattened, flatten_photo, on_photo
from ocr.picture.polarity import as_dark_print
from ocr.picture.prepare import Preparation, in_gray, prepare
from ocr.picture.raster import Picture, decode, picture_as_tiff, upright
from ocr.picture.sheet_edges import is_incomplete
from ocr.picture.skew import find_skew
from ocr.recognition.bilingual import read_english
from ocr.recognition.ink import bears_text, wordless
from ocr.recognition.machine_lines import reread_machine_lines
from ocr.recognition.raised import raise_figures
from ocr.recognition.second_look import make_sheet, merge, without_pale_ink
from ocr.recognition.tidy import LEAST_OF_LINE, LETTER_OR_DIGIT, is_text, tidy
from ocr.recognition.unread import unread_regions
from ocr.snippets import read_snippets, snippet_options
from ocr.tools import EngineOptions, EngineWord, read_orientation, read_words

log = logging.getLogger(__name__)

_COLUMN = 4
"""Page segmentation mode: one column of lines, none of which runs upwards."""
_SHORTEST_STACK = 3
_STACKED = 2.5
"""Times its width, the height of a line that runs upwards."""
_BLOCK = 6
"""Page segmentation mode: one block of lines."""
_MORE = 1.03
"""Times the weight of a reading, what another one must have to take its place."""
_LONG = 1.5
"""Inches; shorter rows of marks under no word are noise, or are read on the sheet of the second look."""
_MOST_LOST = 8.0
"""Inches of rows that may lie under no word before the layout counts as wrong."""
_ORIENTATION_DPI = 150
_SURE_ORIENTATION = 3.0
"""Tesseract's own measure; small copies of short pages give less and are tried in all four turns."""
_MOST_UPENDED = 0.2
"""Share of words taller than wide: the engine reads lines that run up or down, but in a wrong order."""
_TURNS = (0, 90, 180, 270)
_ASLANT, _MOST_ASLANT = 5.9, 44.0
"""Degrees: further aslant than what is tried on every page, and the most that is tried where the text looks wrong."""
_COARSE_DPI = 90
"""Below this a page is read from a copy of twice the size."""
_FAX_WIDTH = 1728
"""Pixels of a fax line of A4, 204 to the inch (ITU-T T.4)."""
_FAX_ROWS = (1040, 1190)
"""Rows of a sheet of letter size or A4 at 98 to the inch; a sheet lying on its side would have 1,220 and more."""
_FAX_DPI = 204
_FAX_STRETCH = _FAX_DPI / 98
_MIRRORED = 2.0
"""Times the weight of the page as it is, what it must have in a mirror to count as reversed."""
_FEW_WORDS = 10
"""A page with fewer is not looked at in a mirror, and is not read where much else stands on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """How pages are read."""

    language: str = "vie"
    """Tesseract's model."""
    timeout: float = 120.0
    """Seconds that one call of the engine may take."""
    find_rotation: bool = True
    """Whether a page whose text looks wrong is tried upside down and sideways."""
    second_language: str = "Vietnamese"
    """Tesseract's model for the second opinion on doubtful lines; empty for none."""
    doubt: float = 0.8
    """Word confidence below which a line is looked at again."""
    most_lines: int = 8
    """How many lines of a page are looked at again."""
    good_confidence: float = 0.8
    """Word confidence from which a word counts as well read."""
    good_share: float = 0.5
    """Share of well read words below which the text looks wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognized:
    """A page's text, and the copy of the page that was read."""

    page: PageText
    picture: Picture
    """Gray, straight and clean; a photographed sheet flattened, a page of few pixels at twice its size."""
    dpi: float
    """Of the picture."""
    placed: tuple[PlacedWord, ...] = ()
    """The words of the page, one for one, where they stand on the picture."""


@dataclass(frozen=True, slots=True)
class _Reading:
    rotation: int
    preparation: Preparation
    words: tuple[EngineWord, ...]


def recognize(image: PageImage, *, options: ReadOptions) -> PageText:
    """Return the text of a page image, in reading order; a page without text has origin `NONE`.

    Raises:
        DamagedDocument: the image cannot be decoded.
        MissingTool: Tesseract or its model is not installed.
        ToolTimeout: the engine took longer than allowed.
        ToolFailed: the engine ended with an error.
    """
    return recognize_with_copy(image, options=options).page


def recognize_with_copy(image: PageImage, *, options: ReadOptions) -> Recognized:
    """Return the text of a page image, and the copy of it that was read; raises what `recognize` raises."""
    cv2.setNumThreads(1)  # pages run in parallel, each in its own process
    decoded = decode(image)
    flat = flatten_photo(decoded) if image.color is not ColorModel.BILEVEL else None
    sheet = _recognize_flat(flat, image, options) if flat is not None else None
    read = sheet if sheet is not None and sheet.page.words else _recognize_at_size(decoded, image, options)
    if is_incomplete(decoded) if flat is None else flat.torn:
        return _with_finding(read, "torn_page")
    return read


def _with_finding(read: Recognized, code: str) -> Recognized:
    return replace(read, page=replace(read.page, findings=(*read.page.findings, code)))


def _recognize(decoded: Picture, image: PageImage, options: ReadOptions) -> Recognized:
    dark_print = as_dark_print(decoded, image.dpi)
    read = _recognize_dark_print(dark_print, image, options)
    return read if dark_print is decoded else _with_finding(read, "negative_page")


def _recognize_dark_print(decoded: Picture, image: PageImage, options: ReadOptions) -> Recognized:
    stored = in_gray(decoded, image.dpi)
    reading = _read(stored, image, image.rotation, options)
    if _looks_wrong(reading.words, options):
        if not reading.words and not wordless(decoded, reading.preparation.picture, image.dpi):
            return _textless(image, reading, "")
        if options.find_rotation:
            reading = _turned(stored, image, _straightened(stored, image, reading, options), options)
    reading = _read_otherwise(reading, image, options)
    if _looks_wrong(reading.words, options) and _is_mirrored(reading, image.dpi, options):
        # a blank page may show the print on its back, which is reversed too, but pale
        found = "mirrored_page" if bears_text(decoded) else wordless(decoded, reading.preparation.picture, image.dpi)
        return _textless(image, reading, found)
    words = tidy(reading.words)
    if options.second_language and is_text(words):
        words = _looked_at_again(words, reading.preparation.picture, image, options)
    words = correct(_with_special_print(words, reading.preparation.picture, image.dpi, options))
    few = len(words) < _FEW_WORDS or not is_text(words)
    found = wordless(decoded, reading.preparation.picture, image.dpi) if few else ""
    if not is_text(words):
        return _assemble(image, reading, (), found)
    return _assemble(image, reading, words, "unreadable_page" if found == "unreadable_page" else "")


def _recognize_flat(flat: Flattened, image: PageImage, options: ReadOptions) -> Recognized:
    height, width = flat.picture.shape[:2]
    read = _recognize_at_size(flat.picture, replace(image, width=width, height=height, dpi=flat.dpi), options)
    page = on_photo(read.page, flat, (image.width, image.height))
    return replace(read, page=replace(page, dpi=image.dpi))


def _recognize_at_size(decoded: Picture, image: PageImage, options: ReadOptions) -> Recognized:
    """Return the text of a page; one with too small letters is read from a larger copy."""
    if _is_flat_fax(image):
        return _recognize_flat_fax(decoded, image, options)
    if image.dpi >= _COARSE_DPI:
        return _recognize(decoded, image, options)
    larger = np.asarray(cv2.resize(decoded, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC), dtype=np.uint8)
    height, width = larger.shape[:2]
    read = _recognize(larger, replace(image, dpi=2 * image.dpi, width=width, height=height), options)
    page = replace(read.page, dpi=image.dpi, width=read.page.width // 2, height=read.page.height // 2)
    return replace(read, page=page)


def _is_flat_fax(image: PageImage) -> bool:
    """Return whether a page is a fax of coarse resolution that does not say so: its letters are half as high."""
    fewest, most = _FAX_ROWS
    return image.color is ColorModel.BILEVEL and image.width == _FAX_WIDTH and fewest <= image.height <= most


def _recognize_flat_fax(decoded: Picture, image: PageImage, options: ReadOptions) -> Recognized:
    """Return the text of a page, read from a copy with square pixels; the page stays as it came."""
    size = (image.width, round(image.height * _FAX_STRETCH))
    square = np.asarray(cv2.resize(decoded, size, interpolation=cv2.INTER_CUBIC), dtype=np.uint8)
    read = _recognize(square, replace(image, dpi=_FAX_DPI, height=size[1]), options)
    height, width = upright(decoded, read.page.rotation).shape[:2]
    return replace(read, page=replace(read.page, dpi=image.dpi, width=width, height=height))


def unread_page(image: PageImage) -> PageText:
    """Return the page of an image whose text nobody wants to know."""
    sideways = image.rotation in (90, 270)
    return PageText(
        number=image.number,
        width=image.height if sideways else image.width,
        height=image.width if sideways else image.height,
        dpi=image.dpi,
        rotation=image.rotation,
        origin=TextOrigin.NONE,
        words=(),
        text="",
    )


def _looked_at_again(
    words: Sequence[PlacedWord], picture: Picture, image: PageImage, options: ReadOptions
) -> Sequence[PlacedWord]:
    paler = picture if image.color is ColorModel.BILEVEL else without_pale_ink(picture)
    sheet = make_sheet(paler, words, image.dpi, doubt=options.doubt, most_lines=options.most_lines, ink=picture)
    if sheet is None:
        return words
    engine = snippet_options(options.second_language, dpi=image.dpi, timeout=options.timeout)
    try:
        second = read_snippets(sheet.picture, options=engine)
    except (MissingTool, ToolTimeout) as e:
        log.warning("no second opinion: %s", e)
        return words
    return merge(words, sheet, tidy(second))


def _with_special_print(
    words: Sequence[PlacedWord], picture: Picture, dpi: float, options: ReadOptions
) -> Sequence[PlacedWord]:
    try:
        words = read_english(words, picture, dpi, timeout=options.timeout)
        words = reread_machine_lines(words, picture, dpi, timeout=options.timeout)
    except MissingTool as missing:
        log.warning("English and machine-readable lines are read like other text: %s", missing)
    return raise_figures(words, picture)


def _straightened(stored: Picture, image: PageImage, reading: _Reading, options: ReadOptions) -> _Reading:
    """Return the better of the reading and one of the page straightened by more degrees than scans usually need."""
    skew = find_skew(upright(stored, reading.rotation), widest=_MOST_ASLANT)
    if abs(skew) < _ASLANT:
        return reading
    other = _read(stored, image, reading.rotation, options, skew=skew)
    return other if _weight(other.words) > _weight(reading.words) or not _weight(reading.words) else reading


def _read(
    stored: Picture, image: PageImage, rotation: int, options: ReadOptions, *, skew: float | None = None
) -> _Reading:
    preparation = prepare(upright(stored, rotation), image.dpi, skew=skew)
    engine = EngineOptions(language=options.language, dpi=round(image.dpi), timeout=options.timeout)
    return _Reading(rotation, preparation, read_words(picture_as_tiff(preparation.picture), options=engine))


def _read_otherwise(reading: _Reading, image: PageImage, options: ReadOptions) -> _Reading:
    """Return a reading in which the layout of the page was taken right, where the first one took it wrong."""
    engine = EngineOptions(language=options.language, dpi=round(image.dpi), timeout=options.timeout)
    words, picture = reading.words, reading.preparation.picture
    try:
        if _has_stack(words):
            level = read_words(picture_as_tiff(picture), options=replace(engine, segmentation=_COLUMN))
            words = level if _weight(level) > 0.95 * _weight(words) else words
        for mode in (_COLUMN, _BLOCK):
            if not _lost_lines(words, picture, image.dpi):
                break
            other = read_words(picture_as_tiff(picture), options=replace(engine, segmentation=mode))
            words = other if _weight(other) > _MORE * _weight(words) else words
    except ToolTimeout as timeout:
        log.warning("page %d stays as it was read first: %s", image.number, timeout)
    return replace(reading, words=words)


def _lost_lines(words: Sequence[EngineWord], picture: Picture, dpi: float) -> bool:
    """Return whether the page's layout was taken wrong, so that whole lines of letters lie under no word."""
    clear = [word for word in words if word.confidence >= LEAST_OF_LINE]
    if not clear:
        return False  # upside down, or no text at all
    lost = [right - left for left, _, right, _ in unread_regions(picture, clear, dpi)]
    return sum(width for width in lost if width > _LONG * dpi) > _MOST_LOST * dpi


def _has_stack(words: Sequence[EngineWord]) -> bool:
    """Return whether a column, e.g. of item numbers, was taken for a line that runs upwards."""
    lines: dict[tuple[int, int, int], list[EngineWord]] = {}
    for word in words:
        lines.setdefault(word.line, []).append(word)
    return any(
        len(line) >= _SHORTEST_STACK
        and max(word.bottom for word in line) - min(word.top for word in line)
        > _STACKED * (max(word.right for word in line) - min(word.left for word in line))
        for line in lines.values()
    )


def _turned(stored: Picture, image: PageImage, reading: _Reading, options: ReadOptions) -> _Reading:
    """Return the better of the reading and one of the page turned as a small copy of it is read best."""
    turn = _best_turn(*_small_copy(reading.preparation.picture, image.dpi, options))
    if turn == 0:
        return reading
    rotation = (reading.rotation + turn) % 360
    far = abs(reading.preparation.skew) >= _ASLANT  # or lines that run upwards were taken for lines that lie aslant
    skew = find_skew(upright(stored, rotation), widest=_MOST_ASLANT) if far else None
    other = _read(stored, image, rotation, options, skew=skew)
    return other if _weight(other.words) > _weight(reading.words) else reading


def _is_mirrored(reading: _Reading, dpi: float, options: ReadOptions) -> bool:
    """Return whether a small copy of a page is read far better in a mirror."""
    if len(reading.words) < _FEW_WORDS:
        return False
    small, engine = _small_copy(reading.preparation.picture, dpi, options)
    mirrored = np.asarray(cv2.flip(small, 1), dtype=np.uint8)
    turned = upright(mirrored, _best_turn(mirrored, engine))
    return _weight(read_words(picture_as_tiff(turned), options=engine)) > _MIRRORED * _weight(reading.words)


def _small_copy(picture: Picture, dpi: float, options: ReadOptions) -> tuple[Picture, EngineOptions]:
    scale = min(1.0, _ORIENTATION_DPI / dpi)
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    engine = EngineOptions(language=options.language, dpi=round(dpi * scale), timeout=options.timeout)
    return np.asarray(small, dtype=np.uint8), engine


def _best_turn(small: Picture, engine: EngineOptions) -> int:
    found = read_orientation(picture_as_tiff(small), options=engine)
    if found is not None and found[1] >= _SURE_ORIENTATION:
        return found[0]
    weights = {turn: _weight(read_words(picture_as_tiff(upright(small, turn)), options=engine)) for turn in _TURNS}
    return max(weights, key=lambda turn: weights[turn])


def _looks_wrong(words: Sequence[EngineWord], options: ReadOptions) -> bool:
    letters = [word for word in words if len(LETTER_OR_DIGIT.findall(word.text)) > 1]
    good = sum(word.confidence >= options.good_confidence and not _is_upended(word) for word in letters)
    upended = sum(map(_is_upended, letters))
    return not letters or good < options.good_share * len(letters) or upended > _MOST_UPENDED * len(letters)


def _is_upended(word: EngineWord) -> bool:
    return len(word.text) >= 3 and word.bottom - word.top > word.right - word.left


def _weight(words: Sequence[EngineWord]) -> float:
    good = [word for word in words if word.confidence >= 0.6 and len(word.text) > 1 and not _is_upended(word)]
    return sum(len(word.text) * word.confidence for word in good)


def _textless(image: PageImage, reading: _Reading, finding: str) -> Recognized:
    page = replace(unread_page(image), findings=(finding,) if finding else ())
    return Recognized(page=page, picture=reading.preparation.picture, dpi=image.dpi)


def _assemble(image: PageImage, reading: _Reading, words: Sequence[PlacedWord], finding: str) -> Recognized:
    preparation = reading.preparation
    height, width = preparation.picture.shape[:2]
    layout = lay_out(words, preparation.grids, size=(width, height), dpi=image.dpi, to_page=preparation.to_page)
    findings = ("two_pages" if layout.two_pages else "", finding)
    page = PageText(
        number=image.number,
        width=width,
        height=height,
        dpi=image.dpi,
        rotation=reading.rotation,
        origin=TextOrigin.OCR if layout.words else TextOrigin.NONE,
        words=layout.words,
        text=layout.text,
        tables=layout.tables,
        findings=tuple(filter(None, findings)),
    )
    return Recognized(page=page, picture=preparation.picture, dpi=image.dpi, placed=layout.placed)

"""The text that a PDF page carries, taken only where it is what the page shows."""

import logging
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

import cv2
import numpy as np
from pdfplumber.page import Page

from domain.errors import MissingTool, ToolFailed, ToolTimeout
from domain.models import PageImage, PageText, TextOrigin
from domain.vietnamese import nfc
from ocr.lexicon.syllables import is_syllable
from ocr.page.layout import lay_out
from ocr.page.reading_order import PlacedWord
from ocr.picture.raster import Picture
from ocr.picture.rules import find_grids
from ocr.snippets import read_snippets
from ocr.tools import EngineOptions, EngineWord

log = logging.getLogger(__name__)

_LETTERS = re.compile(r"[^\W\d_]+")
_VIETNAMESE = re.compile(r"[àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ]", re.IGNORECASE)
_UNREADABLE = re.compile(r"[\ufffd\ue000-\uf8ff]|\(cid:\d+\)")
_LEAST_LETTERS = 40
_LEAST_DIACRITICS = 0.08
_LEAST_SYLLABLES = 0.75
_MOST_UNREADABLE = 0.005
_MOST_EMPTY_WORDS = 0.02
_PALEST = 235
"""Brightness of ink that can just be seen."""
_MOST_UPENDED = 0.2
"""Share of letters that may stand on their side, e.g. in a margin; more, and the page lies sideways."""
_OVERPRINTED = 0.5
"""Share of a letter's width, and of its height, on which another one stands, if only one of them can be seen."""
_BAND = 6.0
_SMALLEST = 3.0
"""Points: the height of bands in which letters are compared, and that of letters that anyone can read."""
_MOST_STRAY_LETTERS = 2
_MODELS = ("vie", "Vietnamese")
_BLOCK, _SECONDS = 6, 20.0
_MOST_FIGURES = 150
_BETWEEN, _AROUND, _ROW = 0.12, 0.03, 6.0
"""Inches between words on the sheet on which figures are read, around them, and the length of its rows."""
_FIGURE = 0.08
"""Inches: the height of figures in small print; list marks are smaller."""
_NEAR = 0.6
"""Inches between a word and what was pasted beside it."""
_LIKE_LINE = 1.6
"""Times the height of a word, what stands on its line."""
_Place = tuple[int, int, int, int]


def read_layer(page: Page, drawing: Picture, image: PageImage) -> PageText | None:
    """Return a page's own text, None where it is not what the page shows.

    Args:
        drawing: the page drawn in gray, as `image` holds it.
    """
    if _lies_sideways(page) or _is_overprinted(page) or any(0 < char["size"] < _SMALLEST for char in page.chars):
        return None
    placed = _words(page, image)
    if (
        not placed
        or not looks_vietnamese([word.text for word in placed])
        or not _matches_ink(placed, drawing, image.dpi)
        or not _figures_agree(placed, drawing, image.dpi)
    ):
        return None
    return assemble(placed, image, drawing)


def assemble(placed: Sequence[PlacedWord], image: PageImage, drawing: Picture | None = None) -> PageText:
    """Return words of a text layer, in pixels of the page image, as the text of the page.

    Args:
        drawing: the page drawn in gray, to find its ruled tables.
    """
    layout = lay_out(
        placed,
        () if drawing is None else find_grids(drawing, image.dpi),
        size=(image.width, image.height),
        dpi=image.dpi,
        to_page=lambda left, top, right, bottom: (left, top, right, bottom),
    )
    return PageText(
        number=image.number,
        width=image.width,
        height=image.height,
        dpi=image.dpi,
        origin=TextOrigin.TEXT_LAYER,
        words=layout.words,
        text=layout.text,
        tables=layout.tables,
        findings=("two_pages",) if layout.two_pages else (),
    )


def looks_vietnamese(words: Sequence[str]) -> bool:
    """Return whether words are Vietnamese in Unicode: with diacritics, of legal syllables, without unreadable signs.

    An English model run over Vietnamese loses the diacritics; TCVN3 and VNI show as other letters with accents.
    """
    text = nfc(" ".join(words))
    letters = sum(c.isalpha() for c in text)
    if letters < _LEAST_LETTERS or len(_UNREADABLE.findall(text)) > _MOST_UNREADABLE * len(text):
        return False
    tokens = [token for token in _LETTERS.findall(text) if len(token) > 1 and not (token.isupper() and len(token) < 6)]
    legal = sum(is_syllable(token) for token in tokens)
    return len(_VIETNAMESE.findall(text)) >= _LEAST_DIACRITICS * letters and legal >= _LEAST_SYLLABLES * max(
        1, len(tokens)
    )


def _lies_sideways(page: Page) -> bool:
    """Return whether a good part of the letters stands on its side: pdfplumber takes their lines for columns."""
    upended = sum(not char["upright"] for char in page.chars)
    return upended > _MOST_UPENDED * len(page.chars)


def _is_overprinted(page: Page) -> bool:
    """Return whether letters or figures stand on one another, of which the page can show only one."""
    bands: dict[int, list[tuple[float, float, float, float]]] = {}
    for char in page.chars:
        if char["upright"] and char["text"].isalnum() and char["x1"] > char["x0"]:
            middle = (char["top"] + char["bottom"]) / 2
            bands.setdefault(int(middle // _BAND), []).append((char["x0"], char["x1"], middle, char["height"]))
    return any(
        min(one[1], other[1]) - other[0] > _OVERPRINTED * min(one[1] - one[0], other[1] - other[0])
        and abs(one[2] - other[2]) < _OVERPRINTED * min(one[3], other[3])
        for band in bands
        for one, other in pairwise(sorted([*bands[band], *bands.get(band + 1, ())]))
    )


def _words(page: Page, image: PageImage) -> list[PlacedWord]:
    left, top, right, bottom = (float(value) for value in page.cropbox or page.bbox)
    across, down = image.width / max(right - left, 1.0), image.height / max(bottom - top, 1.0)
    found = page.extract_words(x_tolerance_ratio=0.2)
    placed: list[PlacedWord] = []
    line, middle = -1, float("-inf")
    for word in found:
        if not word["top"] <= middle <= word["bottom"]:
            line += 1
        middle = (word["top"] + word["bottom"]) / 2
        placed.append(
            PlacedWord(
                text=nfc(word["text"]),
                confidence=1.0,
                left=(word["x0"] - left) * across,
                top=(word["top"] - top) * down,
                right=(word["x1"] - left) * across,
                bottom=(word["bottom"] - top) * down,
                line=line,
            )
        )
    return placed


def _matches_ink(words: Sequence[PlacedWord], drawing: Picture, dpi: float) -> bool:
    """Return whether there is ink under every word, and no ink of the size of letters beside the words."""
    ink = np.asarray(cv2.threshold(drawing, 160, 255, cv2.THRESH_BINARY_INV)[1], dtype=np.uint8)
    height, width = ink.shape[:2]
    outside = ink.copy()
    empty = 0
    visible = drawing < _PALEST
    for word in words:
        left, right = max(0, int(word.left)), max(0, min(width, int(word.right) + 1))
        top, bottom = max(0, int(word.top)), max(0, min(height, int(word.bottom) + 1))
        empty += not ink[top:bottom, left:right].any()
        if any(map(str.isalnum, word.text)) and not visible[top:bottom, left:right].any():
            return False  # white, in a layer that is off, or beside the page
        margin = int(0.3 * (bottom - top))
        outside[max(0, top - margin) : bottom + margin, max(0, left - margin) : right + margin] = 0
    if empty > _MOST_EMPTY_WORDS * len(words):
        return False
    count, _, stats, _ = cv2.connectedComponentsWithStats(outside, connectivity=8)
    sizes = np.asarray(stats)[1:count]
    smallest, largest = 0.05 * dpi, 0.3 * dpi
    tall, wide = sizes[:, cv2.CC_STAT_HEIGHT], sizes[:, cv2.CC_STAT_WIDTH]
    letters = (tall >= smallest) & (tall <= largest) & (wide >= 0.01 * dpi) & (wide <= largest)
    if int(letters.sum()) > _MOST_STRAY_LETTERS:
        return False
    return not any(_is_beside(box, words, dpi) for box in sizes[letters & (tall >= _FIGURE * dpi)].tolist())


def _figures_agree(words: Sequence[PlacedWord], drawing: Picture, dpi: float) -> bool:
    """Return whether the figures of a layer are those that the page shows: a font may say one and draw another.

    Two models must read the same other figures before a page is not believed.
    """
    picked = [word for word in words if any(map(str.isdigit, word.text))][:_MOST_FIGURES]
    doubted: dict[PlacedWord, str] = {}
    try:
        for model in _MODELS:
            if picked:
                read = _read_figures(picked, drawing, dpi, model)
                picked = [word for word in picked if _differ(word, read[word], doubted)]
                doubted = {word: read[word] for word in picked}
    except MissingTool as missing:
        log.warning("figures of a text layer are not compared with the page by two models: %s", missing)
    except (ToolFailed, ToolTimeout) as e:
        log.warning("a text layer is not used: %s", e)
        return False
    return not doubted


def _read_figures(words: Sequence[PlacedWord], drawing: Picture, dpi: float, model: str) -> Mapping[PlacedWord, str]:
    """Return the digits that a model reads in the place of each word."""
    sheet, places = _sheet_of(words, drawing, dpi)
    engine = EngineOptions(language=model, segmentation=_BLOCK, dpi=round(dpi), timeout=_SECONDS)
    read = read_snippets(sheet, options=engine)
    texts = ("".join(other.text for other in _within(place, read)) for place in places)
    return {word: _digits(text) for word, text in zip(words, texts, strict=True)}


def _sheet_of(words: Sequence[PlacedWord], drawing: Picture, dpi: float) -> tuple[Picture, list[_Place]]:
    """Return the words side by side in rows, and the left, top, right and bottom end of each, in pixels."""
    gap, margin, width = round(_BETWEEN * dpi), round(_AROUND * dpi), round(_ROW * dpi)
    height = max(int(word.bottom - word.top) for word in words) + 2 * margin + 2
    sheet = np.full((gap + (len(words) + 1) * (height + gap), width + 2 * gap), 255, dtype=np.uint8)
    x, y, places = gap, gap, []
    for word in words:
        left, top = max(0, int(word.left) - margin), max(0, int(word.top) - margin)
        crop = drawing[top : int(word.bottom) + margin, left : min(int(word.right) + margin, left + width)]
        if x + crop.shape[1] > gap + width:
            x, y = gap, y + height + gap
        sheet[y : y + crop.shape[0], x : x + crop.shape[1]] = crop
        places.append((x, y, x + crop.shape[1], y + crop.shape[0]))
        x += crop.shape[1] + gap
    return sheet[: y + height + gap], places


def _within(place: _Place, read: Sequence[EngineWord]) -> list[EngineWord]:
    left, top, right, bottom = place
    found = (w for w in read if left <= (w.left + w.right) / 2 <= right and top <= (w.top + w.bottom) / 2 <= bottom)
    return sorted(found, key=lambda word: word.left)


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isascii() and char.isdigit())


def _differ(word: PlacedWord, read: str, before: Mapping[PlacedWord, str]) -> bool:
    """Return whether as many other figures were read, the same as before; what was lost or glued does not count."""
    own = _digits(word.text)
    return len(own) == len(read) and own != read and before.get(word, read) == read


def _is_beside(stray: Sequence[int], words: Sequence[PlacedWord], dpi: float) -> bool:
    """Return whether a stray letter, as left, top, width and height, stands on the line of a word and near it."""
    left, top, wide, tall = stray[:4]
    middle = top + tall / 2
    return any(
        word.top < middle < word.bottom
        and max(word.left - left - wide, left - word.right) < _NEAR * dpi
        and tall < _LIKE_LINE * (word.bottom - word.top)
        for word in words
    )

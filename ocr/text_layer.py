"""The text that a PDF page carries, taken only where it is what the page shows."""

import re
from collections.abc import Sequence

import cv2
import numpy as np
from pdfplumber.page import Page

from domain.models import PageImage, PageText, TextOrigin
from domain.vietnamese import nfc
from ocr.layout import lay_out
from ocr.raster import Picture
from ocr.reading_order import PlacedWord
from ocr.rules import find_grids
from ocr.syllables import is_syllable

_LETTERS = re.compile(r"[^\W\d_]+")
_VIETNAMESE = re.compile(r"[àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ]", re.IGNORECASE)
_UNREADABLE = re.compile(r"[\ufffd\ue000-\uf8ff]|\(cid:\d+\)")
_LEAST_LETTERS = 40
_LEAST_DIACRITICS = 0.08
_LEAST_SYLLABLES = 0.75
_MOST_UNREADABLE = 0.005
_MOST_EMPTY_WORDS = 0.02
_MOST_STRAY_LETTERS = 2
_FIGURE = 0.08
"""Inches: the height of figures in small print; list marks are smaller."""
_NEAR = 0.6
"""Inches between a word and what was pasted beside it."""
_LIKE_LINE = 1.6
"""Times the height of a word, what stands on its line."""


def read_layer(page: Page, drawing: Picture, image: PageImage) -> PageText | None:
    """Return a page's own text, None where it is not what the page shows.

    Args:
        drawing: the page drawn in gray, as `image` holds it.
    """
    placed = _words(page, image)
    if (
        not placed
        or not looks_vietnamese([word.text for word in placed])
        or not _matches_ink(placed, drawing, image.dpi)
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
    for word in words:
        left, right = max(0, int(word.left)), min(width, int(word.right) + 1)
        top, bottom = max(0, int(word.top)), min(height, int(word.bottom) + 1)
        empty += not ink[top:bottom, left:right].any()
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

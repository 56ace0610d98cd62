"""What is wrong with the pages of a paper as they were read, for a person to look at."""

import re
from collections.abc import Iterator, Sequence

from domain.models import PageText, Problem, TextOrigin, Word
from domain.vietnamese import fold

_WELL_READ = 0.7
"""Word confidence from which a word counts as read without doubt."""
_MOST_DOUBTFUL = 0.25
"""Share of doubtful words from which a page was not read well enough to rely on."""
_LEAST_DPI = 145.0
"""Letters of 13 points are too small to be read well below this; 150 dpi scans measure a little less."""
_FEW_WORDS = 6
_MOTTO = "cong hoa xa hoi chu nghia"
"""Stands once at the head of a paper."""
_LOWER_MOTTO = re.compile(r"doc lap\W+tu do\W+hanh phuc")
"""Stands below it; a passport bears the other one on several pages without it."""
_BLOCKING = ("mirrored_page", "unreadable_page", "negative_page", "two_papers")
"""Findings that a person has to decide on; the others are said only."""
_SAYING_NOTHING_OF_TEXT = frozenset({"torn_page", "negative_page"})
"""Findings that do not say why a page has no words."""


def reading_problems(pages: Sequence[PageText]) -> tuple[Problem, ...]:
    """Return what a person must know of the pages beside what their text says, in the order of the pages.

    A page that was read with doubt blocks the paper until a person decided; the others are said only.
    """
    return tuple(problem for page in pages for problem in _problems(page))


def _problems(page: PageText) -> Iterator[Problem]:
    for code in _with_papers(page):
        yield Problem(code=code, page=page.number, values={"page": str(page.number)}, blocking=code in _BLOCKING)
    if page.origin is TextOrigin.NONE or not page.words:
        if set(page.findings) - _SAYING_NOTHING_OF_TEXT:
            return
        yield Problem(code="blank_page", page=page.number, values={"page": str(page.number)}, blocking=False)
        return
    if page.origin is not TextOrigin.OCR:
        return
    doubtful = _doubtful_share(page.words)
    if doubtful > _MOST_DOUBTFUL and len(page.words) >= _FEW_WORDS:
        values = {"page": str(page.number), "share": str(round(100 * doubtful))}
        yield Problem(code="low_text_confidence", page=page.number, values=values)
    if page.rotation:
        values = {"page": str(page.number), "degrees": str(page.rotation)}
        yield Problem(code="page_turned", page=page.number, values=values, blocking=False)
    if 0 < page.dpi < _LEAST_DPI:
        values = {"page": str(page.number), "dpi": str(round(page.dpi))}
        yield Problem(code="low_resolution", page=page.number, values=values, blocking=False)


def _with_papers(page: PageText) -> Sequence[str]:
    """Return the findings of a page, and whether its words are those of several papers."""
    text = fold(page.text)
    if text.count(_MOTTO) < 2 or ("two_pages" not in page.findings and len(_LOWER_MOTTO.findall(text)) < 2):
        return page.findings
    return (*(code for code in page.findings if code != "two_pages"), "two_papers")


def _doubtful_share(words: Sequence[Word]) -> float:
    """Return the share of words that were read with doubt, among those that have letters or digits."""
    spelled = [word for word in words if any(map(str.isalnum, word.text))]
    return sum(word.confidence < _WELL_READ for word in spelled) / max(1, len(spelled))

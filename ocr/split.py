"""A scanned stack becomes papers: by separator sheets, by titles and letterheads, by printed page numbers."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import pairwise

from domain.models import PageImage, PageText, Problem, TextOrigin
from domain.vietnamese import fold
from ocr.fields.classify import TitleMatch, classify
from ocr.fields.kinds import KindLibrary
from ocr.fields.lines import Line, read_lines
from ocr.fields.signer import read_signature_block
from ocr.lexicon.matching import phrase
from ocr.picture.raster import gray_page
from ocr.recognition.ink import ink_share
from ocr.symbols.codes import Code, CodeUse, Separator, codes_in, parse_separator

PROBLEMS = (
    "blank_page_left_out",
    "paper_all_blank",
    "page_number_unexpected",
    "paper_may_begin",
    "separator_unreadable",
    "several_papers",
)
"""Codes of what is said of where papers begin and end."""
_MOTTOS = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "ĐẢNG CỘNG SẢN VIỆT NAM")
_LOWER_MOTTO = "Độc lập - Tự do - Hạnh phúc"
_HEAD = 0.35
"""A letterhead stands above this fraction of a page."""
_TITLE_HEAD = 0.30
_SEPARATOR_TITLE = "TỜ PHÂN CÁCH GIẤY TỜ"
_SEPARATOR_CODE = "SOHOA:SEP:"
_ANNEXES = ("PHỤ LỤC", "DANH SÁCH", "BIỂU", "MẪU SỐ", "BẢNG", "SƠ ĐỒ", "KÈM THEO", "MỤC LỤC")
"""What heads a page that follows the signature of its paper."""
_ANNEXED = re.compile(r"kem theo .{0,60}?so:? ?(\d+ ?/ ?\S+)")
"""What heads e.g. a regulation that a decision puts in force, folded: the number of that decision."""
_OWN_NUMBER = re.compile(r"so ?[:.]? ?(\d+ ?/ ?\S+)")
_NUMBER_TOP, _NUMBER_BOTTOM = 0.10, 0.90
_NUMBER = re.compile(r"\W*(?:trang\s*)?(\d{1,3})(?:\s*(?:/|trên|of)\s*(\d{1,3}))?\W*", re.IGNORECASE)


class SplitReason(StrEnum):
    """Why a paper begins where it does."""

    SEPARATOR = "separator"
    TITLE = "title"
    LETTERHEAD = "letterhead"
    FIRST_PAGE = "first_page"
    """Nothing says that a paper begins, but the stack does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitOptions:
    """How stacks are split."""

    by_titles: bool = True
    """Whether a title or letterhead begins a paper; otherwise only separator sheets do."""
    most_ink: float = 0.0006
    """Share of a blank page that dust may darken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageMarks:
    """What a page image shows beside its text."""

    codes: tuple[Code, ...]
    ink: float
    """Share of the page that is dark, without its edges."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperSpan:
    """The pages of a stack that make up one paper."""

    page_numbers: tuple[int, ...]
    """In their order in the stack, without blank pages and separator sheets; empty where only blank pages stand."""
    blank_pages: tuple[int, ...] = ()
    """Blank pages among or behind them; left out, never lost: the source keeps them."""
    separator: Separator | None = None
    """What the sheet before it says: owner, dossier and procedure that the paper inherits."""
    separator_pages: tuple[int, ...] = ()
    reason: SplitReason
    problems: tuple[Problem, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class _Page:
    number: int
    blank: bool
    separator: Separator | None
    start: SplitReason | None
    printed: int | None
    """The page number printed on it."""
    heads: SplitReason | None
    """What says that a paper begins on it, though its number says otherwise."""
    signed: bool
    """Whether somebody signed on it."""
    follows: bool
    """Whether it says that it follows the signature of its paper."""
    own_number: str
    """The number in its letterhead, folded and without blanks; empty for none."""
    annexed_to: str
    """The number of the paper that it says it is annexed to, in the same form; empty for none."""
    unreadable: bool
    """Whether it is a separator sheet whose code could not be read, or said different things."""


def look(image: PageImage) -> PageMarks:
    """Return the codes on a page image and how much ink is on it.

    Raises:
        DamagedDocument: the image cannot be decoded.
    """
    gray = gray_page(image)
    return PageMarks(codes=codes_in(gray, dpi=image.dpi), ink=ink_share(gray))


def separator_of(marks: PageMarks) -> Separator | None:
    """Return what a page says as a separator sheet, None if it is none."""
    said = (parse_separator(code.text) for code in marks.codes if code.use is CodeUse.SEPARATOR)
    return next((separator for separator in said if separator is not None), None)


def is_blank(text: PageText, marks: PageMarks, options: SplitOptions) -> bool:
    """Return whether nothing stands on a page: no words, no codes, no stamp, nothing that could not be read."""
    empty = text.origin is TextOrigin.NONE and not text.findings
    return empty and not marks.codes and marks.ink <= options.most_ink


def split(
    pages: Sequence[PageText],
    marks: Mapping[int, PageMarks],
    kinds: KindLibrary,
    *,
    options: SplitOptions | None = None,
) -> tuple[PaperSpan, ...]:
    """Return the papers of a stack; every page is in exactly one of them, as page, blank page or separator.

    Args:
        pages: The text of every page of the stack, in order.
        marks: What `look` saw on each page, by page number.
        kinds: The known kinds, whose titles begin papers.
        options: How to split.
    """
    chosen = options or SplitOptions()
    seen = [_see(page, marks.get(page.number, PageMarks(codes=(), ink=1.0)), kinds, chosen) for page in pages]
    spans: list[list[_Page]] = []
    for page in seen:
        if _begins(page, spans[-1] if spans else []):
            spans.append([])
        spans[-1].append(page)
    return _with_lost_separators([_span(span) for span in spans], {page.number for page in seen if page.unreadable})


def several_papers(pages: Sequence[PageText], kinds: KindLibrary) -> tuple[Problem, ...]:
    """Return a problem where the pages of one paper have titles or separator sheets of further ones.

    A letterhead alone is none: a regulation that a decision puts in force may have one.
    """
    begun = [
        (*span.separator_pages, *span.page_numbers)[0]
        for span in split(pages, {}, kinds)
        if span.reason in (SplitReason.SEPARATOR, SplitReason.TITLE)
    ]
    further = [number for number in begun if number != pages[0].number]
    if not further:
        return ()
    return (Problem(code="several_papers", values={"pages": ", ".join(map(str, further))}),)


def _begins(page: _Page, current: Sequence[_Page]) -> bool:
    """Return whether a page begins a new span behind the pages of the current one."""
    if not current:
        return True
    if page.separator is not None:
        return any(other.separator is None for other in current)
    if page.start is None or page.blank:
        return False
    if page.annexed_to and any(page.annexed_to == other.own_number for other in current):
        return False
    return any(not other.blank and other.separator is None for other in current)


def _see(text: PageText, marks: PageMarks, kinds: KindLibrary, options: SplitOptions) -> _Page:
    lines = read_lines([text])
    separator, unreadable = _read_separator(marks, lines)
    printed = _printed_number(lines)
    start = None
    if options.by_titles and separator is None and (printed is None or printed[0] == 1):
        start = _start(lines, kinds)
        if start is None and printed is not None and printed[1]:
            start = SplitReason.TITLE
    signer = read_signature_block(lines)
    head = [fold(line.text) for line in lines if line.box.y0 < _HEAD]
    own = next(filter(None, map(_OWN_NUMBER.match, head)), None)
    annexed = _ANNEXED.search(" ".join(head))
    return _Page(
        number=text.number,
        blank=is_blank(text, marks, options),
        separator=separator,
        start=start,
        printed=printed[0] if printed else None,
        heads=_start(lines, kinds) if options.by_titles and start is None and separator is None else None,
        signed=bool(signer.name and signer.office),
        follows=any(line.find(phrase(text)) for line in lines if line.box.y0 < _HEAD for text in _ANNEXES),
        own_number=_bare(own.group(1)) if own else "",
        annexed_to=_bare(annexed.group(1)) if annexed else "",
        unreadable=unreadable,
    )


def _bare(number: str) -> str:
    return number.replace(" ", "").rstrip(".,;)")


def _read_separator(marks: PageMarks, lines: Sequence[Line]) -> tuple[Separator | None, bool]:
    """Return what a page says as a separator sheet, and whether its code is lost or says different things."""
    said = {code.text.strip() for code in marks.codes if code.use is CodeUse.SEPARATOR}
    separator = separator_of(marks)
    if separator is not None:
        return separator, len(said) > 1
    titled = any(line.find(phrase(_SEPARATOR_TITLE)) for line in lines)
    foreign = any(code.text.strip().upper().startswith(_SEPARATOR_CODE) for code in marks.codes)
    return (Separator(), True) if titled or foreign else (None, False)


def _start(lines: Sequence[Line], kinds: KindLibrary) -> SplitReason | None:
    """Return what says that a paper begins on a page: a letterhead, or a title of its own near the top."""
    head = [line for line in lines if line.box.y0 < _HEAD]
    found = classify(lines, kinds)
    if any(line.find(phrase(text)) for line in head for text in (*_MOTTOS, _LOWER_MOTTO)):
        return SplitReason.TITLE if found.title is not None else SplitReason.LETTERHEAD
    if found.kind is not None and found.title is not None and _stands_alone(found.title):
        return SplitReason.TITLE
    return None


def _stands_alone(title: TitleMatch) -> bool:
    """Return whether a title heads a page; `QUYẾT ĐỊNH:` with a colon stands in the middle of a decision."""
    text = title.part.text.rstrip()
    return title.part.box.y0 < _TITLE_HEAD and title.quality > 0.9 and not text.endswith((":", ";", ","))


def _printed_number(lines: Sequence[Line]) -> tuple[int, bool] | None:
    """Return the page number printed at the head or foot, and whether it says of how many."""
    for line in lines:
        if line.box.y1 > _NUMBER_TOP and line.box.y0 < _NUMBER_BOTTOM:
            continue
        found = _NUMBER.fullmatch(line.text)
        if found and (not found.group(2) or int(found.group(1)) <= int(found.group(2))):
            return int(found.group(1)), bool(found.group(2))
    return None


def _span(pages: Sequence[_Page]) -> PaperSpan:
    separators = [page for page in pages if page.separator is not None]
    kept = [page for page in pages if page.separator is None and not page.blank]
    blank = tuple(page.number for page in pages if page.separator is None and page.blank)
    separator = separators[-1].separator if separators else None
    reason = kept[0].start if kept and kept[0].start else SplitReason.FIRST_PAGE
    return PaperSpan(
        page_numbers=tuple(page.number for page in kept),
        blank_pages=blank,
        separator=separator,
        separator_pages=tuple(page.number for page in separators),
        reason=SplitReason.SEPARATOR if separator is not None else reason,
        problems=tuple(_problems(kept, blank)),
    )


def _with_lost_separators(spans: Sequence[PaperSpan], unreadable: Collection[int]) -> tuple[PaperSpan, ...]:
    """Return the papers with a problem where the sheet before them could not be read: they may belong elsewhere."""
    result, lost = [], 0
    for span in spans:
        if span.separator_pages:
            lost = span.separator_pages[-1] if span.separator_pages[-1] in unreadable else 0
        values = {"page": str(lost)}
        said = (Problem(code="separator_unreadable", page=lost, values=values),) if lost else ()
        result.append(replace(span, problems=(*said, *span.problems)))
    return tuple(result)


def _problems(kept: Sequence[_Page], blank: Sequence[int]) -> list[Problem]:
    problems = [Problem(code="blank_page_left_out", page=number, blocking=False) for number in blank]
    if not kept:
        problems.append(Problem(code="paper_all_blank"))
    for place, page in enumerate(kept, 1):
        if page.printed is not None and page.printed not in (place, place + len(blank)):
            values = {"page": str(page.number), "printed": str(page.printed), "expected": str(place)}
            problems.append(Problem(code="page_number_unexpected", page=page.number, values=values))
    for before, page in pairwise(kept):
        if page.heads is not None or (before.signed and page.printed is None and not page.follows):
            values = {"page": str(page.number)}
            blocking = page.heads is not None
            problems.append(Problem(code="paper_may_begin", page=page.number, values=values, blocking=blocking))
    return problems

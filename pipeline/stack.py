"""A scanned stack becomes papers, each with its pages and where it belongs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from domain.errors import DamagedDocument
from domain.models import Draft, DraftStatus, Filing, PageText, Problem
from ocr.fields.kinds import KindLibrary
from ocr.split import PageMarks, PaperSpan, SplitOptions, split
from ocr.symbols.codes import Separator


@dataclass(frozen=True, slots=True, kw_only=True)
class StackedPaper:
    """One paper of a stack."""

    pages: tuple[PageText, ...]
    """With their numbers in the stack."""
    filing: Filing
    part: int
    """From 1."""
    parts: int
    problems: tuple[Problem, ...]


def split_stack(
    pages: Sequence[PageText],
    marks: Mapping[int, PageMarks],
    filing: Filing,
    kinds: KindLibrary,
    *,
    options: SplitOptions,
) -> Iterator[StackedPaper | DamagedDocument]:
    """Yield the papers of a stack in order; where there should be one and is none, what a person has to look at.

    A separator sheet says where all papers behind it belong, up to the next sheet; what it does not say is as for the
    whole stack.

    Args:
        pages: The text of every page.
        marks: What `look` saw on each page, by page number.
        filing: Where the stack belongs.
        kinds: The known kinds.
        options: How to split.
    """
    by_number = {page.number: page for page in pages}
    spans = split(pages, marks, kinds, options=options)
    parts = sum(bool(span.page_numbers) for span in spans)
    part, inherited = 0, filing
    for span in spans:
        if span.separator is not None:
            inherited = _inherit(filing, span.separator)
        if not span.page_numbers:
            yield DamagedDocument(_nothing(span))
            continue
        part += 1
        yield StackedPaper(
            pages=tuple(by_number[number] for number in span.page_numbers),
            filing=inherited,
            part=part,
            parts=parts,
            problems=span.problems,
        )


def is_whole(drafts: Sequence[Draft]) -> bool:
    """Return whether these drafts of a file are all that it gives, so that it need not be read again.

    A process that was killed may have left some papers of a stack without a draft. A file all of whose drafts were
    set aside is read again.
    """
    kept = [draft for draft in drafts if draft.status is not DraftStatus.DISCARDED]
    if not kept:
        return False
    parts = kept[0].parts
    there = {draft.part for draft in drafts if draft.parts == parts}
    return not parts or len(there) == parts


def _inherit(filing: Filing, separator: Separator) -> Filing:
    other = bool(separator.owner_id) and separator.owner_id != filing.owner_id
    return replace(
        filing,
        owner_id=separator.owner_id or filing.owner_id,
        owner_name="" if other else filing.owner_name,
        dossier=separator.dossier or filing.dossier,
        procedure=separator.procedure or filing.procedure,
    )


def _nothing(span: PaperSpan) -> str:
    blank = ", ".join(map(str, span.blank_pages))
    if not span.separator_pages:
        return f"Tập quét chỉ có trang trắng (trang {blank}); kiểm tra xem có đặt ngược mặt giấy không."
    sheet = span.separator_pages[-1]
    if blank:
        return (
            f"Sau tờ phân cách ở trang {sheet} chỉ có trang trắng (trang {blank}); kiểm tra xem có quét sót giấy không."
        )
    return f"Sau tờ phân cách ở trang {sheet} không có giấy nào; kiểm tra xem có quét sót giấy không."

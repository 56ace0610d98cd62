"""Digitize: files become drafts, with their text, kind, fields and problems."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from domain.errors import DamagedDocument, DocumentError
from domain.models import (
    Draft,
    DraftStatus,
    Extraction,
    Filing,
    PageText,
    SignatureReport,
    Source,
)
from ocr.extract import extract
from ocr.sources import signed_pdf
from pipeline.batch import read_papers
from pipeline.intake import PaperFile, draft_identifier, find_papers, open_paper
from pipeline.progress import OnPage
from pipeline.review import settle
from pipeline.services import Reader, Services
from pipeline.shelf import find_draft, save_new_draft
from pipeline.trust import source_signatures


@dataclass(frozen=True, slots=True, kw_only=True)
class Digitized:
    """What became of one file."""

    source: str
    """The file as it was named."""
    draft: Draft | None = None
    duplicate: bool = False
    """Whether it was drafted or certified before; `draft` is the one that was made then."""
    signatures: tuple[SignatureReport, ...] = ()
    """Of a PDF that came signed."""
    error: DocumentError | None = None

    @property
    def status(self) -> str:
        """`ready`, `needs_review`, `failed` or `duplicate`."""
        if self.draft is None:
            return "failed"
        return "duplicate" if self.duplicate else self.draft.status.value


def recognize_file(path: Path, services: Reader, *, on_page: OnPage | None = None) -> tuple[PageText, ...]:
    """Return the text of a file's pages; nothing is stored.

    Raises:
        DocumentError: The file cannot be read.
    """
    source = open_paper(path, services.plan.limits)
    read = next(iter(read_papers([source], services.plan, on_page=on_page)))
    if read.error is not None:
        raise read.error
    return read.pages


def extract_file(path: Path, services: Reader, *, on_page: OnPage | None = None) -> Extraction:
    """Return what a file is and says; nothing is stored.

    Raises:
        DocumentError: The file cannot be read.
    """
    pages = recognize_file(path, services, on_page=on_page)
    return extract(pages, services.kinds, options=services.extraction)


def digitize(
    paths: Sequence[Path], filing: Filing, services: Services, *, on_page: OnPage | None = None
) -> Iterator[Digitized]:
    """Yield what became of each paper, in order; each draft is stored before it is yielded.

    A paper that was digitized before is not read again, whatever its name. A paper that fails does not stop the
    others.

    Raises:
        InputError: A path does not exist.
        MissingTool: Tesseract or its language data is not installed.
        StorageError: A draft cannot be stored; what was yielded is safe.
    """
    papers = list(find_papers(paths, filing))
    waiting: list[PaperFile] = []
    known: dict[int, Digitized] = {}

    def sources() -> Iterator[Source | DocumentError]:
        for position, paper in enumerate(papers):
            opened = open_paper(paper.path, services.plan.limits)
            earlier = find_draft(opened.sha256, services) if isinstance(opened, Source) else None
            if earlier is not None:
                known[position] = Digitized(source=str(paper.path), draft=earlier, duplicate=True)
                continue
            waiting.append(paper)
            yield opened

    position = 0
    for read in read_papers(sources(), services.plan, on_page=on_page):
        while position in known:
            yield known.pop(position)
            position += 1
        yield _store(waiting.pop(0), read.source, read.pages, read.error, services)
        position += 1
    for left in sorted(known):
        yield known[left]


def _store(
    paper: PaperFile,
    source: Source | None,
    pages: tuple[PageText, ...],
    error: DocumentError | None,
    services: Services,
) -> Digitized:
    if source is not None and error is None and not pages:
        error = DamagedDocument("Tệp không có trang nào; quét lại.")
    if error is not None or source is None:
        return Digitized(source=str(paper.path), error=error)
    again = find_draft(source.sha256, services)
    if again is not None:
        return Digitized(source=str(paper.path), draft=again, duplicate=True)
    draft = make_draft(source, pages, paper.filing, services)
    save_new_draft(draft, source, services)
    signatures = source_signatures(source, services) if draft.signed_source else ()
    return Digitized(source=str(paper.path), draft=draft, signatures=signatures)


def make_draft(source: Source, pages: tuple[PageText, ...], filing: Filing, services: Services) -> Draft:
    """Return the draft of a paper that was read."""
    numbers = tuple(page.number for page in pages)
    draft = Draft(
        id=draft_identifier(source.sha256, numbers),
        source_name=source.name,
        source_sha256=source.sha256,
        media_type=source.media_type,
        page_numbers=numbers,
        signed_source=signed_pdf(source),
        filing=replace(filing, unit=filing.unit or services.settings.office.unit),
        pages=pages,
        extraction=extract(pages, services.kinds, options=services.extraction),
        created_at=services.clock(),
        created_by=services.user,
        status=DraftStatus.NEEDS_REVIEW,
    )
    return settle(draft)

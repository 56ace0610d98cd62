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
from ocr.fields.confirm import Confirmation
from ocr.fields.extract import extract
from ocr.files.sources import signed_pdf
from ocr.page.page_problems import reading_problems
from ocr.split import SplitOptions, several_papers
from pipeline.batch import Glance, ReadingPlan, ReadPaper, read_papers
from pipeline.catalog import note_catalog
from pipeline.intake import PaperFile, draft_identifier, find_papers, open_paper
from pipeline.present_papers import note_present
from pipeline.progress import OnPage
from pipeline.review import settle
from pipeline.services import Reader, Services
from pipeline.shelf import find_drafts, save_new_draft
from pipeline.stack import StackedPaper, is_whole, split_stack
from pipeline.trust import source_signatures


@dataclass(frozen=True, slots=True, kw_only=True)
class Digitized:
    """What became of one paper: a file, or a part of a scanned stack."""

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


def recognize_file(
    path: Path, services: Reader, *, on_page: OnPage | None = None, confirmed: bool = False
) -> tuple[PageText, ...]:
    """Return the text of a file's pages; nothing is stored.

    Args:
        confirmed: Whether the words of values are read once more where that can make them sure.

    Raises:
        DocumentError: The file cannot be read.
    """
    source, plan = open_paper(path, services.plan.limits), _plan(services)
    plan = plan if confirmed else replace(plan, confirmation=None)
    (read,) = read_papers([source], plan, on_page=on_page)  # to its end, so that the workers end too
    if read.error is not None:
        raise read.error
    return read.pages


def extract_file(path: Path, services: Reader, *, on_page: OnPage | None = None) -> Extraction:
    """Return what a file is and says; nothing is stored.

    Raises:
        DocumentError: The file cannot be read.
    """
    pages = recognize_file(path, services, on_page=on_page, confirmed=True)
    return extract(pages, services.kinds, options=services.extraction)


def digitize(
    paths: Sequence[Path], filing: Filing, services: Services, *, stack: bool = False, on_page: OnPage | None = None
) -> Iterator[Digitized]:
    """Yield what became of each paper, in order; each draft is stored before it is yielded.

    A paper that was digitized before is not read again, whatever its name. A paper that fails does not stop the
    others.

    Args:
        stack: Whether each file is a stack of papers, to be split.

    Raises:
        InputError: A path does not exist.
        MissingTool: Tesseract or its language data is not installed.
        StorageError: A draft cannot be stored; what was yielded is safe.
    """
    papers = list(find_papers(paths, filing))
    waiting: list[PaperFile] = []
    known: dict[int, tuple[Draft, ...]] = {}

    def sources() -> Iterator[Source | DocumentError]:
        for position, paper in enumerate(papers):
            opened = paper.refused or open_paper(paper.path, services.plan.limits)
            earlier = find_drafts(opened.sha256, services) if isinstance(opened, Source) else ()
            if is_whole(earlier):
                known[position] = earlier
                continue
            waiting.append(paper)
            yield opened

    position = 0
    for read in read_papers(sources(), _plan(services, stack=stack), on_page=on_page):
        while position in known:
            yield from _duplicates(papers[position], known.pop(position))
            position += 1
        yield from _store(waiting.pop(0), read, services, stack=stack)
        position += 1
    for left in sorted(known):
        yield from _duplicates(papers[left], known[left])


def _plan(services: Reader, *, stack: bool = False) -> ReadingPlan:
    """Return how to read, with what is to be looked for beside the text, and values read once more."""
    glance = Glance(stack=stack, coded_phrases=services.kinds.coded_phrases)
    confirmation = Confirmation(kinds=services.kinds, extraction=services.extraction)
    return replace(services.plan, glance=glance, confirmation=confirmation)


def _duplicates(paper: PaperFile, drafts: Sequence[Draft]) -> Iterator[Digitized]:
    """Yield the drafts that were made earlier and not set aside since."""
    for draft in drafts:
        if draft.status is not DraftStatus.DISCARDED:
            yield Digitized(source=str(paper.path), draft=draft, duplicate=True)


def _store(paper: PaperFile, read: ReadPaper, services: Services, *, stack: bool) -> Iterator[Digitized]:
    """Store the drafts of a file, and yield what became of each."""
    name, source, error = str(paper.path), read.source, read.error
    if source is not None and error is None and not read.pages:
        error = DamagedDocument("Tệp không có trang nào; quét lại.")
    if error is not None or source is None:
        yield Digitized(source=name, error=error)
        return
    again = find_drafts(source.sha256, services)
    if is_whole(again):
        yield from _duplicates(paper, again)
        return
    if not stack or signed_pdf(source):
        yield _keep(name, source, _whole_draft(source, read.pages, paper.filing, services), services)
        return
    setting = services.settings.split
    options = SplitOptions(by_titles=setting.by_titles, most_ink=setting.most_ink)
    for part in split_stack(read.pages, read.marks, paper.filing, services.kinds, options=options):
        if isinstance(part, DocumentError):
            yield Digitized(source=name, error=part)
        else:
            yield _keep(name, source, _part_draft(source, part, services), services)


def _keep(name: str, source: Source, draft: Draft, services: Services) -> Digitized:
    kept = save_new_draft(draft, source, services)
    signatures = source_signatures(source, services) if kept.signed_source else ()
    return Digitized(source=name, draft=kept, duplicate=kept.created_at != draft.created_at, signatures=signatures)


def _part_draft(source: Source, paper: StackedPaper, services: Services) -> Draft:
    draft = make_draft(source, paper.pages, paper.filing, services)
    problems = (*draft.extraction.problems, *paper.problems)
    extraction = replace(draft.extraction, problems=problems)
    return settle(replace(draft, part=paper.part, parts=paper.parts, extraction=extraction))


def _whole_draft(source: Source, pages: tuple[PageText, ...], filing: Filing, services: Services) -> Draft:
    """Return the draft of a file that is one paper; where it seems to be several, a person decides."""
    draft = make_draft(source, pages, filing, services)
    further = several_papers(pages, services.kinds) if not draft.signed_source else ()
    return settle(replace(draft, extraction=replace(draft.extraction, problems=(*draft.extraction.problems, *further))))


def make_draft(source: Source, pages: tuple[PageText, ...], filing: Filing, services: Services) -> Draft:
    """Return the draft of a paper that was read."""
    found = extract(pages, services.kinds, options=services.extraction)
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
        extraction=replace(found, problems=(*found.problems, *reading_problems(pages))),
        created_at=services.clock(),
        created_by=services.user,
        status=DraftStatus.NEEDS_REVIEW,
    )
    return settle(note_catalog(note_present(draft, services), services))

"""Reading many papers side by side: pages in parallel, papers in order, one bad page failing only its own paper."""

import logging
import os
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from contextlib import closing
from dataclasses import dataclass, field, replace
from importlib import import_module
from types import TracebackType
from typing import Self

from domain.errors import ConfigurationError, DocumentError, MissingTool, ToolFailed
from domain.models import PageImage, PageText, Source
from ocr.fields.confirm import Confirmation, confirm
from ocr.files.page_process import PageProcess
from ocr.files.sources import Limits, PageScan
from ocr.files.workers import worker_context
from ocr.picture.page_hash import page_hash
from ocr.recognition.recognize import ReadOptions, recognize_with_copy, unread_page
from ocr.split import PageMarks, look, separator_of
from ocr.symbols.codes import may_bear_code, read_codes
from ocr.tools import engine_problems
from pipeline.progress import OnPage
from pipeline.worker_life import end_with_parent

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """What is looked for on a page beside its text; each costs time, so nothing is by default."""

    stack: bool = False
    """Whether codes and ink of every page are wanted, as they are to split a stack."""
    coded_phrases: tuple[str, ...] = ()
    """What papers say that bear a code; on a page that says so it is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRead:
    """What came of a page."""

    text: PageText
    marks: PageMarks | None = None
    """Only where a stack is to be split."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingPlan:
    """How papers are read."""

    limits: Limits
    options: ReadOptions
    jobs: int = 0
    """Pages read at once; 0: one for each processor core."""
    cluster: str = ""
    """Address of a Dask scheduler; empty: this machine's cores."""
    glance: Glance = Glance()
    confirmation: Confirmation | None = None
    """What is needed to read unsure values once more; None where only the text is wanted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPaper:
    """A paper's text, or why it could not be read."""

    source: Source | None
    pages: tuple[PageText, ...] = ()
    marks: Mapping[int, PageMarks] = field(default_factory=dict)
    """By page number; only where stacks are to be split."""
    error: DocumentError | None = None


def read_papers(
    papers: Iterable[Source | DocumentError], plan: ReadingPlan, *, on_page: OnPage | None = None
) -> Iterator[ReadPaper]:
    """Yield each paper's pages, in the order of the papers.

    A few pages a worker are under way at any time, so memory does not grow with the batch. A paper that takes its
    worker down is tried once more alone; if that fails too, only that paper is lost.

    Raises:
        MissingTool: Tesseract or its model is not installed.
    """
    with _Workers(plan) as workers:
        queue: deque[_Reading] = deque()
        for paper in papers:
            reading = _Reading(error=paper) if isinstance(paper, DocumentError) else _Reading(source=paper)
            queue.append(reading)
            reading.begin(workers, on_page)
            while queue and queue[0].finished:
                yield queue.popleft().result(workers)
        while queue:
            yield queue.popleft().result(workers)


def read_page(
    image: PageImage, *, options: ReadOptions, glance: Glance, confirmation: Confirmation | None = None
) -> PageRead:
    """Return the text of a page image, its look, and what else is wanted; a separator sheet is not read."""
    marks = look(image) if glance.stack else None
    if marks is not None and separator_of(marks) is not None:
        return PageRead(text=unread_page(image), marks=marks)
    read = recognize_with_copy(image, options=options)
    text = read.page if confirmation is None else confirm(read, options=options, confirmation=confirmation)
    return _glanced(replace(image, rotation=text.rotation), text, marks, glance)


def _glanced(image: PageImage, text: PageText, marks: PageMarks | None, glance: Glance) -> PageRead:
    """Return the text of an upright page with its look and codes."""
    text = replace(text, look=page_hash(image))
    if marks is not None:
        text = replace(text, codes=tuple(code.text for code in marks.codes))
    elif may_bear_code(text.text, glance.coded_phrases):
        text = replace(text, codes=tuple(code.text for code in read_codes(image)))
    return PageRead(text=text, marks=marks)


class _Workers:
    """An executor with a bounded number of pages under way, which can be started anew, and who takes files apart."""

    def __init__(self, plan: ReadingPlan) -> None:
        self.plan = plan
        self.jobs = plan.jobs or os.cpu_count() or 1
        self.files = PageProcess(plan.limits)
        self._executor: Executor | None = None
        self._under_way: set[Future[PageRead]] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.files.close()
        if self._executor is not None:
            self._executor.shutdown(wait=kind is None, cancel_futures=True)

    def submit(self, image: PageImage) -> Future[PageRead]:
        """Hand a page to a worker, waiting until there is room for it."""
        while len(self._under_way) >= 3 * self.jobs:
            _, self._under_way = wait(self._under_way, return_when=FIRST_COMPLETED)
        if self._executor is None:
            for problem in engine_problems((self.plan.options.language,)):
                raise problem
            self._executor = _open_executor(self.plan, self.jobs)
        plan = self.plan
        future = self._executor.submit(
            read_page, image, options=plan.options, glance=plan.glance, confirmation=plan.confirmation
        )
        self._under_way.add(future)
        return future

    def restart(self) -> None:
        """Give up the broken executor; the next page opens a new one."""
        if self._executor is not None:
            self._executor.shutdown(wait=False, cancel_futures=True)
        self._executor = None
        self._under_way = set()


@dataclass(slots=True, kw_only=True)
class _Reading:
    """One paper on its way."""

    source: Source | None = None
    error: DocumentError | None = None
    pages: list[PageRead | Future[PageRead]] = field(default_factory=list)
    interrupted: bool = False
    """Whether a worker died while the pages were handed out, so that some are missing."""

    @property
    def finished(self) -> bool:
        return all(isinstance(page, PageRead) or page.done() for page in self.pages)

    def begin(self, workers: _Workers, on_page: OnPage | None) -> None:
        """Submit all pages; a worker that died meanwhile is found out by `result`."""
        if self.source is None:
            return
        try:
            with closing(workers.files.read_pages(self.source)) as scans:
                for scan in scans:
                    page = _own_text(scan, workers.plan.glance) or workers.submit(scan.image)
                    self.pages.append(page)
                    if on_page is not None:
                        _tell(page, self.source.name, scan.image.number, on_page)
        except MissingTool:
            raise
        except DocumentError as e:
            self.error = e
        except BrokenExecutor:
            self.interrupted = True

    def result(self, workers: _Workers) -> ReadPaper:
        """Wait for all pages; a paper whose worker died is read again, alone."""
        if self.error is not None or self.source is None:
            return ReadPaper(source=self.source, error=self.error)
        try:
            pages = tuple(page if isinstance(page, PageRead) else page.result() for page in self.pages)
        except DocumentError as e:
            return ReadPaper(source=self.source, error=e)
        except (BrokenExecutor, CancelledError):
            self.interrupted = True
        if self.interrupted:
            workers.restart()
            return self._alone(self.source, workers)
        return _paper(self.source, pages)

    @staticmethod
    def _alone(source: Source, workers: _Workers) -> ReadPaper:
        try:
            with closing(workers.files.read_pages(source)) as scans:
                pages = tuple(
                    _own_text(scan, workers.plan.glance) or workers.submit(scan.image).result() for scan in scans
                )
        except DocumentError as e:
            return ReadPaper(source=source, error=e)
        except BrokenExecutor as e:
            workers.restart()
            log.warning("reading one paper kills its worker (SHA-256 %s): %s", source.sha256, e)
            message = f"{source.name}: tiến trình đọc bị dừng đột ngột hai lần (thiếu bộ nhớ?); quét lại tệp này."
            return ReadPaper(source=source, error=ToolFailed(message))
        return _paper(source, pages)


def _paper(source: Source, pages: tuple[PageRead, ...]) -> ReadPaper:
    marks = {page.text.number: page.marks for page in pages if page.marks is not None}
    return ReadPaper(source=source, pages=tuple(page.text for page in pages), marks=marks)


def _own_text(scan: PageScan, glance: Glance) -> PageRead | None:
    if scan.layer is None:
        return None
    return _glanced(scan.image, scan.layer, look(scan.image) if glance.stack else None, glance)


def _tell(page: PageRead | Future[PageRead], name: str, number: int, on_page: OnPage) -> None:
    if isinstance(page, PageRead):
        on_page(name, number)
    else:
        page.add_done_callback(lambda _: on_page(name, number))


def _open_executor(plan: ReadingPlan, jobs: int) -> Executor:
    if plan.cluster:
        return _cluster_executor(plan.cluster)
    return ProcessPoolExecutor(jobs, mp_context=worker_context(), initializer=end_with_parent)


def _cluster_executor(address: str) -> Executor:
    try:
        distributed = import_module("distributed")
    except ImportError as e:
        raise ConfigurationError("reading.cluster cần gói thêm: pip install 'sohoa[cluster]'.") from e
    try:
        executor: Executor = distributed.Client(address, timeout="10s").get_executor(pure=False)
    except OSError as e:
        raise ConfigurationError(f"Không kết nối được cụm máy đọc {address}: {e}.") from e
    return executor

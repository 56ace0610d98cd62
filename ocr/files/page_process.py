"""Files taken apart in a process of their own: what hangs, crashes or eats memory there costs one paper only."""

import logging
import os
import resource
import signal
import time
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from domain.errors import DamagedDocument, DocumentError, ToolTimeout
from domain.models import Source
from ocr.files.intake import Limits, PageScan
from ocr.files.sources import read_pages
from ocr.files.workers import worker_context

log = logging.getLogger(__name__)

_START_SECONDS = 120.0
_COPIES = 4
"""How many times the bytes of a file may lie in the process."""


class _Ended(Exception):
    """The process ended by itself or was killed."""


class PageProcess:
    """A process that takes files apart one after the other; started when needed, and anew after a file ended it."""

    def __init__(self, limits: Limits, *, layers: bool = True) -> None:
        """Keep what is allowed, and whether the text that pages bring is wanted too."""
        self._limits = limits
        self._layers = layers
        self._running: _Running | None = None
        self._busy = False

    def read_pages(self, source: Source) -> Generator[PageScan, None, None]:
        """Yield the pages of a source one by one, as `ocr.files.sources.read_pages` does.

        A process that dies is started once more, in case that the file was not to blame. One file at a time: to begin
        another ends the one before.

        Raises:
            DamagedDocument: a page is cut short or corrupt, takes too long, or ends the process twice; or all of them
                together take too long.
            OversizedDocument: a page has too many pixels or unpacks to too much.
            ToolTimeout: the process does not start.
        """
        done = 0
        for attempt in (1, 2):
            try:
                with closing(self._pages(source, done)) as pages:
                    for scan in pages:
                        yield scan
                        done = scan.image.number
                return
            except _Ended as e:
                log.warning("taking a file apart ended its process (SHA-256 %s, try %d): %s", source.sha256, attempt, e)
        raise DamagedDocument(
            f"Trang {done + 1} làm chương trình mở tệp dừng đột ngột (tệp hỏng hoặc cần quá nhiều bộ nhớ); "
            "xin in ra giấy rồi quét lại."
        )

    def _pages(self, source: Source, done: int) -> Generator[PageScan, None, None]:
        """Yield the pages behind those that are done; the process is given up where it was left in the midst."""
        if self._busy:
            self.close()
        running, number, finished = self._running or self._start(), done + 1, False
        waited, first = 0.0, number
        connection, self._busy = running.connection, True
        try:
            connection.send((replace(source, data=b""), done))
            connection.send_bytes(source.data)
            while True:
                begun = time.monotonic()
                if not connection.poll(self._limits.page_seconds):
                    raise DamagedDocument(
                        f"Trang {number} mất hơn {self._limits.page_seconds:.0f} giây để mở nên đã dừng; "
                        "xin in ra giấy rồi quét lại."
                    )
                waited += time.monotonic() - begun
                if waited > self._limits.file_seconds + self._limits.usual_page_seconds * (number - first):
                    raise DamagedDocument(
                        f"Tệp mất quá nhiều thời gian để mở ({waited / 60:.0f} phút mà mới được {number - 1} trang) "
                        "nên đã dừng; xin tách thành nhiều tệp, hoặc in ra giấy rồi quét lại."
                    )
                answer: PageScan | DocumentError | None = connection.recv()
                if not isinstance(answer, PageScan):
                    break
                yield answer
                number = answer.image.number + 1
            finished = True
        except (EOFError, OSError) as e:
            running.process.join(1)
            raise _Ended(f"exit code {running.process.exitcode}") from e
        finally:
            if finished:
                self._busy = False
            elif self._running is running:
                self.close()
        if answer is not None:
            raise answer

    def _start(self) -> "_Running":
        context = worker_context()
        ours, theirs = context.Pipe()
        quiet = not log.isEnabledFor(logging.DEBUG)
        arguments = (theirs, self._limits, self._layers, quiet)
        process = context.Process(target=_serve, args=arguments, daemon=True)  # type: ignore[attr-defined]  # every context has it
        process.start()
        theirs.close()
        self._running = _Running(process, ours)
        try:
            if not ours.poll(_START_SECONDS):
                raise ToolTimeout("Máy quá bận, chưa mở được tệp; xin thử lại sau.")
            ours.recv()  # it is ready
        except (EOFError, OSError) as e:
            self.close()
            raise _Ended("at its start") from e
        except ToolTimeout:
            self.close()
            raise
        return self._running

    def close(self) -> None:
        """End the process, whatever it does."""
        if self._running is not None:
            self._running.connection.close()
            self._running.process.kill()
            self._running.process.join()
        self._running, self._busy = None, False


@dataclass(frozen=True, slots=True)
class _Running:
    process: BaseProcess
    connection: Connection


def read_apart(source: Source, *, limits: Limits) -> Iterator[PageScan]:
    """Yield the pages of a source one by one, taken out in a process of its own, without the text that they bring.

    Raises:
        DamagedDocument: a page is cut short or corrupt, takes too long, or ends the process twice.
        OversizedDocument: a page has too many pixels or unpacks to too much.
        ToolTimeout: the process does not start.
    """
    with closing(PageProcess(limits, layers=False)) as process:
        yield from process.read_pages(source)


def _serve(connection: Connection, limits: Limits, layers: bool, quiet: bool) -> None:
    """Take apart what comes in until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who is interrupted ends this process
    if quiet:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # what libraries complain of while they end
    started = _address_space()
    connection.send(True)  # ready
    while True:
        try:
            source, done = connection.recv()
            source = replace(source, data=connection.recv_bytes())
        except EOFError:
            return
        if started:
            most = started + limits.page_memory + _COPIES * len(source.data)
            resource.setrlimit(resource.RLIMIT_AS, (most, resource.getrlimit(resource.RLIMIT_AS)[1]))
        try:
            for scan in read_pages(source, limits=limits, layers=layers):
                if scan.image.number > done:
                    connection.send(scan)
            connection.send(None)
        except DocumentError as refusal:
            connection.send(refusal)
        except BrokenPipeError:
            return


def _address_space() -> int:
    """Return the bytes of address space that this process has, 0 where the system does not say."""
    said = Path("/proc/self/statm")
    return int(said.read_text().split()[0]) * resource.getpagesize() if said.exists() else 0

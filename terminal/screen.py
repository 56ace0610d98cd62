"""The screen: tables and progress for a person, one JSON object a line for a program; exit codes."""

import getpass
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table
from rich.text import Text

from domain.errors import (
    ConfigurationError,
    DocumentError,
    InputError,
    SigningError,
    SigningKeyUnavailable,
    StorageError,
    ToolError,
)
from domain.wording import harmless
from pipeline.serial import JsonObject

DONE, NO, USAGE, BUG, INTERRUPTED = 0, 1, 2, 70, 130
EXIT_CODES: tuple[tuple[type[DocumentError], int], ...] = (
    (InputError, 3),
    (ConfigurationError, 4),
    (ToolError, 5),
    (SigningError, 6),
    (StorageError, 7),
)


_ROLES = {"certifier": "người chứng thực", "agency": "cơ quan", "scanner": "người số hóa"}


def exit_code(error: DocumentError) -> int:
    """Return the exit code that stands for an error, as the README lists them."""
    return next((code for kind, code in EXIT_CODES if isinstance(error, kind)), BUG)


@dataclass(slots=True)
class Screen:
    """Standard output for results, standard error for the rest."""

    as_json: bool = False
    out: Console = field(default_factory=lambda: Console(highlight=False, soft_wrap=not sys.stdout.isatty()))
    err: Console = field(
        default_factory=lambda: Console(stderr=True, highlight=False, soft_wrap=not sys.stderr.isatty())
    )
    _moving: Progress | None = field(default=None, init=False)
    """What moves on the last line of the terminal; only its own console can print above of it."""

    def json(self, value: JsonObject) -> None:
        """Print an object in one line."""
        sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
        sys.stdout.flush()

    def show(self, value: JsonObject, text: str) -> None:
        """Print a result: the object for a program, the text for a person."""
        if self.as_json:
            self.json(value)
        else:
            self.line(text)

    def line(self, text: str = "", *, style: str = "") -> None:
        """Print a line of the result; tabs stay tabs for a program that reads it."""
        if self.out.is_terminal:
            self._terminal.print(Text(_visible(text), style=style))
        else:
            self.out.file.write(f"{_visible(text)}\n")  # rich turns tabs into spaces

    def note(self, text: str) -> None:
        """Print a line beside the result."""
        self.err.print(Text(_visible(text)))

    def error(self, error: DocumentError | str, about: str = "") -> None:
        """Print what went wrong, in one line."""
        text = f"{about}: {error}" if about else str(error)
        self.err.print(Text("Lỗi: ", style="bold red") + Text(" ".join(_visible(text).split("\n")), style="default"))

    def ask_pin(self, role: str) -> str:
        """Ask for the PIN of a key, without showing it.

        Raises:
            SigningKeyUnavailable: Nobody is there to ask.
        """
        if not sys.stdin.isatty():
            raise SigningKeyUnavailable(
                "Cần mã PIN của khóa ký; đặt SOHOA_PIN hoặc signing.pin_file, hoặc chạy tại bàn phím."
            )
        with self._still():
            return getpass.getpass(f"Mã PIN ({_ROLES.get(role, role)}): ", stream=sys.stderr)

    def table(self, heads: Sequence[str], rows: Iterable[Sequence[str]], *, empty: str) -> None:
        """Print rows under their heads: aligned on a terminal, parted by tabs otherwise."""
        listed = [[" ".join(_visible(cell).split()) for cell in row] for row in rows]
        if not listed:
            self.note(empty)
        elif not self.out.is_terminal:
            for row in [heads, *listed]:
                self.line("\t".join(row))
        else:
            table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
            for head in heads:
                table.add_column(head, overflow="fold")
            for row in listed:
                table.add_row(*map(Text, row))
            self._terminal.print(table)

    @property
    def _terminal(self) -> Console:
        return self.out if self._moving is None else self.err

    @contextmanager
    def _still(self) -> Iterator[None]:
        """Let nothing move while somebody types."""
        moving = self._moving
        if moving is not None:
            moving.stop()
        yield
        if moving is not None:
            moving.start()

    @contextmanager
    def pages(self, title: str, *, papers: int = 1) -> Iterator["Pages"]:
        """Show pages being read: a moving line on a terminal, a plain line each otherwise, nothing for a program.

        Args:
            papers: How many papers there are.
        """
        if self.as_json or not self.err.is_terminal:
            yield Pages(title, None if self.as_json else self.note, None)
            return
        how_far = (TextColumn("{task.fields[papers]} giấy tờ,"),) if papers > 1 else ()
        pages = TextColumn("{task.completed} trang")
        columns = (SpinnerColumn(), *how_far, pages, TimeElapsedColumn(), TextColumn("{task.description}"))
        with self._progress(*columns) as progress:
            task = progress.add_task(title, total=None, papers=f"0/{papers}")
            yield Pages(title, None, (progress, task), papers)

    @contextmanager
    def steps(self, title: str, total: int | None) -> Iterator["Steps"]:
        """Show how many of so many things are done."""
        if self.as_json or not self.err.is_terminal:
            yield Steps(None)
            return
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with self._progress(*columns) as progress:
            yield Steps((progress, progress.add_task(title, total=total)))

    @contextmanager
    def _progress(self, *columns: ProgressColumn) -> Iterator[Progress]:
        with Progress(*columns, console=self.err, transient=True) as progress:
            self._moving = progress
            try:
                yield progress
            finally:
                self._moving = None


def _visible(text: str) -> str:
    return harmless(text, keep="\n\t\f")


@dataclass(frozen=True, slots=True)
class Pages:
    """How far the reading is; called with a paper's name and the number of a page that was read, from any thread."""

    title: str
    note: Callable[[str], None] | None
    shown: tuple[Progress, TaskID] | None
    papers: int = 1

    def __call__(self, name: str, number: int) -> None:
        """Count a page."""
        if self.note is not None:
            self.note(f"{self.title} {name}, trang {number}")
        if self.shown is not None:
            progress, task = self.shown
            progress.update(task, advance=1, description=f"{self.title} {name}")

    def paper(self, number: int) -> None:
        """Say how many papers are done."""
        if self.shown is not None:
            progress, task = self.shown
            progress.update(task, papers=f"{number}/{self.papers}")


@dataclass(frozen=True, slots=True)
class Steps:
    """A count that goes up on the terminal."""

    shown: tuple[Progress, TaskID] | None

    def advance(self) -> None:
        """Count one more."""
        if self.shown is not None:
            progress, task = self.shown
            progress.advance(task)

"""The one place where other programs are started: Tesseract, through pytesseract."""

import os
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytesseract
from pytesseract.pytesseract import run_tesseract

from domain.errors import MissingTool, ToolFailed, ToolTimeout

_MODEL_PACKAGES = {
    "vie": "tesseract-ocr-vie",
    "osd": "tesseract-ocr-osd",
    "Vietnamese": "tesseract-ocr-script-viet",
}
_WORD = "5"
"""Level of a word in Tesseract's table of what it found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineOptions:
    """How Tesseract is called."""

    language: str = "vie"
    """Name of a model, as `tesseract --list-langs` shows it."""
    segmentation: int = 3
    """Tesseract's page segmentation mode: 3 a page, 6 a block, 7 a line, 8 a word."""
    dpi: int = 300
    timeout: float = 120.0
    """Seconds that one call may take."""
    variables: Sequence[tuple[str, str]] = ()
    """Further engine variables, by name."""


@dataclass(frozen=True, slots=True)
class EngineWord:
    """A word as the engine reports it, in pixels of the picture it was given."""

    text: str
    confidence: float
    """From 0 to 1."""
    left: int
    top: int
    right: int
    bottom: int
    block: int
    """Number of its block, as the engine counts them."""
    line: tuple[int, int, int]
    """Block, paragraph and line number."""


def read_words(picture: bytes, *, options: EngineOptions) -> tuple[EngineWord, ...]:
    """Return the words that Tesseract finds in a picture (TIFF, PNM or PNG bytes), in its order.

    Raises:
        MissingTool: Tesseract or the model is not installed.
        ToolTimeout: it took longer than allowed.
        ToolFailed: it ended with an error.
    """
    return tuple(parse_words(_run(picture, "tsv", options, "-c tessedit_create_tsv=1")))


def read_orientation(picture: bytes, *, options: EngineOptions) -> tuple[int, float] | None:
    """Return the clockwise degrees that turn a picture upright and Tesseract's confidence, None where it cannot tell.

    Raises:
        MissingTool: Tesseract or its orientation model is not installed.
        ToolTimeout: it took longer than allowed.
    """
    try:
        report = _run(picture, "osd", options, "--psm 0")
    except ToolFailed:
        return None
    values = dict(line.split(": ", 1) for line in report.splitlines() if ": " in line)
    return int(values["Rotate"]), float(values["Orientation confidence"])


def parse_words(table: str) -> Iterator[EngineWord]:
    """Yield the words of a table as Tesseract writes it (TSV), with or without its head."""
    for row in table.splitlines():
        level, _, block, paragraph, line, _, left, top, width, height, sure, text = row.split("\t", 11)
        if level != _WORD or not text.strip():
            continue
        x, y, place = int(left), int(top), (int(block), int(paragraph), int(line))
        confidence = max(0.0, min(1.0, float(sure) / 100))
        yield EngineWord(text.strip(), confidence, x, y, x + int(width), y + int(height), place[0], place)


def engine_version() -> str:
    """Return the version of Tesseract's program, e.g. `5.3.0`; empty where it is missing."""
    said = _said("--version")
    return said.split()[1] if said and said.startswith("tesseract ") else ""


def limit_threads() -> None:
    """Have Tesseract use one thread, in this process and in programs: with more it is five times slower."""
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")


def engine_problems(languages: Iterable[str] = ("vie", "osd")) -> tuple[MissingTool, ...]:
    """Return what is missing to read papers, one error each with what to install; empty where all is there."""
    listed = _said("--list-langs")  # pytesseract's own list leaves out models in capital letters
    if listed is None:
        return (_missing_program(),)
    installed = {line.strip().rpartition("/")[2] for line in listed.splitlines()}
    return tuple(_missing_model(name) for name in languages if name.rpartition("/")[2] not in installed)


def engine_failed() -> ToolFailed:
    """Return the error for an engine that ended with one."""
    return ToolFailed("Chương trình nhận dạng chữ Tesseract báo lỗi; xin thử lại, nếu vẫn lỗi thì báo quản trị.")


def engine_too_slow(seconds: float) -> ToolTimeout:
    """Return the error for a call of the engine that took longer than these."""
    return ToolTimeout(f"Nhận dạng một trang quá {seconds:.0f} giây nên đã dừng; xin quét lại trang này rõ hơn.")


def _said(question: str) -> str | None:
    """Return what Tesseract's program prints when asked about itself; None where it is missing."""
    command = [pytesseract.pytesseract.tesseract_cmd, question]
    try:
        done = subprocess.run(command, capture_output=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode("utf-8", "replace")


def _run(picture: bytes, extension: str, options: EngineOptions, extra: str) -> str:
    limit_threads()
    variables = "".join(f" -c {name}={value}" for name, value in options.variables)
    mode = "" if extension == "osd" else f"--psm {options.segmentation} "
    language = "osd" if extension == "osd" else options.language
    config = f"{mode}--dpi {options.dpi} {extra}{variables}"
    with tempfile.TemporaryDirectory(prefix="sohoa-") as folder:
        source = Path(folder, "page")
        source.write_bytes(picture)
        base = Path(folder, "words")
        try:
            run_tesseract(str(source), str(base), extension, language, config, timeout=options.timeout)
        except pytesseract.TesseractNotFoundError as e:
            raise _missing_program() from e
        except pytesseract.TesseractError as e:
            if "Failed loading language" in str(e) or "Error opening data file" in str(e):
                raise _missing_model(language) from e
            raise engine_failed() from e
        except RuntimeError as e:
            raise engine_too_slow(options.timeout) from e
        return base.with_suffix(f".{extension}").read_text("utf-8")


def _missing_program() -> MissingTool:
    return MissingTool(
        "Chưa cài chương trình nhận dạng chữ Tesseract; xin cài: apt install tesseract-ocr tesseract-ocr-vie."
    )


def _missing_model(name: str) -> MissingTool:
    package = _MODEL_PACKAGES.get(name, f"tesseract-ocr-{name}")
    return MissingTool(f"Tesseract chưa có dữ liệu ngôn ngữ «{name}»; xin cài: apt install {package}.")

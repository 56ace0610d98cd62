"""The one place where other programs are started: Tesseract, through pytesseract."""

import csv
import os
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
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


def snippet_options(language: str, *, dpi: float, timeout: float, alphabet: str = "") -> EngineOptions:
    """Return how lines cut out of a page are read, one below the other: as one block, none as white on black.

    What was read with doubt is doubtful anew, and each such line would be read twice.

    Args:
        language: The model.
        dpi: Of the picture.
        timeout: Seconds that the call may take.
        alphabet: The only characters that may be read; empty for all that the model knows.
    """
    variables = [("tessedit_do_invert", "0")]
    if alphabet:
        variables.append(("tessedit_char_whitelist", alphabet))
    return EngineOptions(language=language, segmentation=6, dpi=round(dpi), timeout=timeout, variables=tuple(variables))


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
    table = _run(picture, "tsv", options, "-c tessedit_create_tsv=1")
    return tuple(_words(table.splitlines()))


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


def engine_problems(languages: Iterable[str] = ("vie", "osd")) -> tuple[MissingTool, ...]:
    """Return what is missing to read papers, one error each with what to install; empty where all is there."""
    try:
        listed = subprocess.run(  # pytesseract's own list leaves out models in capital letters
            [pytesseract.pytesseract.tesseract_cmd, "--list-langs"], capture_output=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return (_missing_program(),)
    installed = {line.strip().rpartition("/")[2] for line in listed.stdout.decode("utf-8", "replace").splitlines()}
    return tuple(_missing_model(name) for name in languages if name.rpartition("/")[2] not in installed)


def _run(picture: bytes, extension: str, options: EngineOptions, extra: str) -> str:
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")  # with more threads Tesseract is five times slower
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
            raise ToolFailed(
                "Chương trình nhận dạng chữ Tesseract báo lỗi; xin thử lại, nếu vẫn lỗi thì báo quản trị."
            ) from e
        except RuntimeError as e:
            raise ToolTimeout(
                f"Nhận dạng một trang quá {options.timeout:.0f} giây nên đã dừng; xin quét lại trang này rõ hơn."
            ) from e
        return base.with_suffix(f".{extension}").read_text("utf-8")


def _words(lines: Iterable[str]) -> Iterable[EngineWord]:
    for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
        text = (row["text"] or "").strip()
        if row["level"] != "5" or not text:
            continue
        left, top, width, height = (int(row[name]) for name in ("left", "top", "width", "height"))
        block, paragraph, line = (int(row[name]) for name in ("block_num", "par_num", "line_num"))
        confidence = max(0.0, min(1.0, float(row["conf"]) / 100))
        yield EngineWord(text, confidence, left, top, left + width, top + height, block, (block, paragraph, line))


def _missing_program() -> MissingTool:
    return MissingTool(
        "Chưa cài chương trình nhận dạng chữ Tesseract; xin cài: apt install tesseract-ocr tesseract-ocr-vie."
    )


def _missing_model(name: str) -> MissingTool:
    package = _MODEL_PACKAGES.get(name, f"tesseract-ocr-{name}")
    return MissingTool(f"Tesseract chưa có dữ liệu ngôn ngữ «{name}»; xin cài: apt install {package}.")

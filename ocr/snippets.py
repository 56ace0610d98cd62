"""Lines cut out of a page, read by Tesseract's library within this process: its program takes longer to start than to
read them.

Whole pages are left to the program (`ocr/tools.py`): to find the lines of a spoiled page can take any time, and a
program can be ended. Where the library is missing, or is not of the program's version, the program reads the lines too.
"""

import atexit
import ctypes
import math
import os
import threading
from functools import cache

import numpy as np

from ocr.picture.raster import Picture, picture_as_tiff
from ocr.tools import (
    EngineOptions,
    EngineWord,
    engine_failed,
    engine_too_slow,
    engine_version,
    limit_threads,
    parse_words,
    read_words,
)

_LIBRARY = "libtesseract.so.5"
_POINTER = ctypes.c_void_p
_SIGNATURES = {
    "TessVersion": (ctypes.c_char_p, ()),
    "TessBaseAPICreate": (_POINTER, ()),
    "TessBaseAPIDelete": (None, (_POINTER,)),
    "TessBaseAPIInit2": (ctypes.c_int, (_POINTER, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_int)),
    "TessBaseAPISetVariable": (ctypes.c_int, (_POINTER, ctypes.c_char_p, ctypes.c_char_p)),
    "TessBaseAPISetPageSegMode": (None, (_POINTER, ctypes.c_int)),
    "TessBaseAPISetImage": (None, (_POINTER, _POINTER, *(ctypes.c_int,) * 4)),
    "TessBaseAPISetSourceResolution": (None, (_POINTER, ctypes.c_int)),
    "TessBaseAPIRecognize": (ctypes.c_int, (_POINTER, _POINTER)),
    "TessBaseAPIGetTsvText": (_POINTER, (_POINTER, ctypes.c_int)),
    "TessBaseAPIClear": (None, (_POINTER,)),
    "TessDeleteText": (None, (_POINTER,)),
    "TessMonitorCreate": (_POINTER, ()),
    "TessMonitorDelete": (None, (_POINTER,)),
    "TessMonitorSetDeadlineMSecs": (None, (_POINTER, ctypes.c_int)),
}
"""Functions of Tesseract's C interface (`tesseract/capi.h`): what each returns and takes."""
_DEFAULT_ENGINE = 3
"""Of a model's recognizers the one that the program takes (`OEM_DEFAULT`)."""
_USUAL = {"tessedit_do_invert": "1", "tessedit_char_whitelist": ""}
"""What the variables are that calls set: they stay set for the next call."""
_SMALLEST = 3
"""Pixels; the program says of smaller pictures what is wrong with them."""
_TURN = threading.Lock()
"""An engine reads one picture at a time."""


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


def read_snippets(picture: Picture, *, options: EngineOptions) -> tuple[EngineWord, ...]:
    """Return the words that Tesseract finds in lines cut out of a page, in its order: those that its program finds.

    Raises:
        MissingTool: Tesseract or the model is not installed.
        ToolTimeout: it took longer than allowed.
        ToolFailed: it ended with an error.
    """
    known = all(name in _USUAL for name, _ in options.variables)
    engine = _engine(options.language) if known and min(picture.shape) >= _SMALLEST else None
    if engine is None:
        return read_words(picture_as_tiff(picture), options=options)
    with _TURN:
        return engine.read(picture, options)


class _Engine:
    """A model in this process."""

    def __init__(self, library: ctypes.CDLL, handle: int) -> None:
        self._library = library
        self._handle = handle

    def read(self, picture: Picture, options: EngineOptions) -> tuple[EngineWord, ...]:
        call, handle = self._library, self._handle
        samples = np.ascontiguousarray(picture)
        height, width = samples.shape
        for name, value in {**_USUAL, **dict(options.variables)}.items():
            call.TessBaseAPISetVariable(handle, name.encode(), value.encode())
        call.TessBaseAPISetPageSegMode(handle, options.segmentation)
        call.TessBaseAPISetImage(handle, samples.ctypes.data, width, height, 1, width)
        call.TessBaseAPISetSourceResolution(handle, options.dpi)
        monitor = call.TessMonitorCreate()
        try:
            call.TessMonitorSetDeadlineMSecs(monitor, math.ceil(1000 * options.timeout))
            if call.TessBaseAPIRecognize(handle, monitor) != 0:
                raise engine_too_slow(options.timeout)
            table = call.TessBaseAPIGetTsvText(handle, 0)
            if not table:
                raise engine_failed()
            try:
                return tuple(parse_words(ctypes.string_at(table).decode("utf-8")))
            finally:
                call.TessDeleteText(table)
        finally:
            call.TessMonitorDelete(monitor)
            call.TessBaseAPIClear(handle)


@cache
def _engine(language: str) -> _Engine | None:
    """Return a model, loaded once; None where the library or the model is missing."""
    library = _library()
    if library is None:
        return None
    handle = library.TessBaseAPICreate()
    atexit.register(library.TessBaseAPIDelete, handle)
    library.TessBaseAPISetVariable(handle, b"debug_file", os.devnull.encode())  # what it tells of every picture
    if library.TessBaseAPIInit2(handle, None, language.encode(), _DEFAULT_ENGINE) != 0:
        return None
    return _Engine(library, handle)


@cache
def _library() -> ctypes.CDLL | None:
    """Return Tesseract's library, None where there is none that reads as the program does."""
    limit_threads()
    try:
        library = ctypes.CDLL(_LIBRARY)
        for name, (result, arguments) in _SIGNATURES.items():
            function = getattr(library, name)
            function.restype, function.argtypes = result, arguments
    except (OSError, AttributeError):
        return None
    return library if library.TessVersion().decode() == engine_version() else None

"""What the JPEG decoder complains of: on standard error only, while it makes up the part that it could not read."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

_SIGN = b"Corrupt JPEG data: "
_HARMLESS = b"extraneous bytes before marker"
"""Filling that some cameras and scanners leave between the parts of a file."""
_ERRORS = 2
_ONE_AT_A_TIME = Lock()


@contextmanager
def overhear() -> Iterator[list[str]]:
    """Collect what the JPEG decoder says of samples that it could not read, instead of showing it.

    The list is filled when the context ends; it stays empty where standard error is closed. What others say meanwhile
    is shown afterwards.
    """
    told: list[str] = []
    if not _has_errors():
        yield told
        return
    with _ONE_AT_A_TIME, tempfile.TemporaryFile(buffering=0) as heard:
        shown = os.dup(_ERRORS)
        os.dup2(heard.fileno(), _ERRORS)
        try:
            yield told
        finally:
            os.dup2(shown, _ERRORS)
            os.close(shown)
            heard.seek(0)
            for line in heard.read().splitlines(keepends=True):
                if not line.startswith(_SIGN):
                    os.write(_ERRORS, line)
                elif _HARMLESS not in line:
                    told.append(line.removeprefix(_SIGN).decode("ascii", "replace").strip())


def _has_errors() -> bool:
    try:
        os.fstat(_ERRORS)
    except OSError:
        return False
    return True

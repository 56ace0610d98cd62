"""Standard output and standard error, whatever they are connected to, and the log."""

import contextlib
import logging
import os
import sys
from pathlib import Path

from domain.errors import ConfigurationError

_PACKAGES = ("ocr", "signing", "storage", "pipeline", "portal")


def prepare_streams() -> None:
    """Let both streams take any text; one that was closed takes it and forgets it."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115  # open until the end
        stream = getattr(sys, name)
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


def abandon_output() -> None:
    """Forget what is still to be written to a standard output that nobody takes, so that leaving does not complain."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def start_logging(level: str) -> None:
    """Log our own packages to standard error from a level on, and of others only errors.

    Raises:
        ConfigurationError: There is no such level.
    """
    known = logging.getLevelNamesMapping()
    if level.upper() not in known:
        raise ConfigurationError(f"SOHOA_LOG “{level}” sai; dùng DEBUG, INFO, WARNING hoặc ERROR.")
    logging.basicConfig(level=logging.ERROR, stream=sys.stderr)
    for package in _PACKAGES:
        logging.getLogger(package).setLevel(level.upper())

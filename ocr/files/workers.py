"""The process from which those are forked that take files apart and read pages."""

import multiprocessing
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import forkserver
from multiprocessing.context import BaseContext

_PRELOADED = ["ocr.files.page_process", "ocr.fields.confirm"]
_FORKSERVER = "forkserver"


def worker_context() -> BaseContext:
    """Return how processes are started here, and begin to start what they are forked from.

    That is never a process that has used OpenCV: they would hang.
    """
    start_ahead()
    methods = multiprocessing.get_all_start_methods()
    return multiprocessing.get_context(_FORKSERVER if _FORKSERVER in methods else "spawn")


def start_ahead() -> None:
    """Begin to start the process that workers are forked from, if it does not run, and do not wait for it.

    It takes half a second to load what they need, in which its parent can load what its own command needs.
    """
    if _FORKSERVER in multiprocessing.get_all_start_methods():
        forkserver.set_forkserver_preload(_PRELOADED)
        with _interrupts_ignored():
            forkserver.ensure_running()


@contextmanager
def _interrupts_ignored() -> Iterator[None]:
    """Have a process that is started meanwhile ignore Ctrl+C: who loads modules would tell of it line by line."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)

"""Workers from their start, before they are needed, to their end, with the process that started them."""

import multiprocessing
import os
import signal
import threading
from multiprocessing.process import BaseProcess

from ocr.files.workers import start_ahead


def start_readers_ahead() -> None:
    """Begin to start what reading takes, while this process loads the rest; to be called before that is imported."""
    start_ahead()


def end_with_parent() -> None:
    """End this process as soon as its parent ends, or is interrupted; to be called once, at its start.

    Workers hold both ends of the queue from which they take their work, so one whose parent was killed would wait for
    ever, with all its memory and whatever its parent wrote to.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where workers are forked from
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_behind, args=(parent,), daemon=True).start()


def _end_behind(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)

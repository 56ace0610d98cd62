"""Workers that do not outlive the process that started them, however it ended."""

import multiprocessing
import os
import threading
from multiprocessing.process import BaseProcess


def end_with_parent() -> None:
    """End this process as soon as its parent ends; to be called once, at its start.

    Workers hold both ends of the queue from which they take their work, so one whose parent was killed would wait for
    ever, with all its memory and whatever its parent wrote to.
    """
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_behind, args=(parent,), daemon=True).start()


def _end_behind(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)

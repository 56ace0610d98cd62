"""A killer of processes that are started while a test runs."""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess


@contextmanager
def killing(times: int, chosen: Callable[[BaseProcess], bool] = lambda _: True) -> Iterator[list[int]]:
    """Kill so many of the chosen processes that are started meanwhile, each as soon as it is there."""
    killed: list[int] = []
    over = threading.Event()

    def kill() -> None:
        while len(killed) < times and not over.is_set():
            for process in multiprocessing.active_children():
                if process.pid is not None and process.pid not in killed and chosen(process) and len(killed) < times:
                    os.kill(process.pid, signal.SIGKILL)
                    killed.append(process.pid)
            time.sleep(0.005)

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        yield killed
    finally:
        over.set()
        thread.join()

import os
import subprocess
import sys

INTERRUPTED = """
import os, signal
from ocr.files.workers import start_ahead, worker_context
signal.signal(signal.SIGINT, signal.default_int_handler)
start_ahead()
try:
    os.killpg(0, signal.SIGINT)
    signal.pause()
except KeyboardInterrupt:
    worker = worker_context().Process(target=print, args=("a worker",))
    worker.start()
    worker.join()
"""


def test_what_workers_are_forked_from_is_not_ended_by_an_interrupt_and_says_nothing_of_it() -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-c", INTERRUPTED]
    done = subprocess.run(
        command, env=environment, start_new_session=True, capture_output=True, text=True, timeout=60, check=True
    )

    assert (done.stdout, done.stderr) == ("a worker\n", "")

"""A batch that is killed or stopped in its midst is finished by the same command: nothing lost, nothing twice."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import run_sohoa
from drawn_pages import LINES, draw

from terminal.screen import INTERRUPTED

pytestmark = [pytest.mark.tools, pytest.mark.slow, pytest.mark.timeout(600)]

PAPERS = 8
STARTED = """
import signal
from cli import main
signal.signal(signal.SIGINT, signal.default_int_handler)  # shells take it from what they run in the background
main()
"""


def drafted(home: Path) -> list[str]:
    return [draft["draft_id"] for draft in run_sohoa(home, "review", "list", "--all", "--json").objects]


def children_of(process: int) -> list[int]:
    """The processes that it started, and those that they started."""
    found: list[int] = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
        if parent == process:
            found += [int(entry.name), *children_of(int(entry.name))]
    return found


def ended(process: int) -> bool:
    try:
        return (Path("/proc") / str(process) / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_the_same_command_goes_on_where_the_batch_ended(how: signal.Signals, tmp_path: Path) -> None:
    folder, home = tmp_path / "HS-01", tmp_path / "home"
    folder.mkdir()
    for number in range(PAPERS):
        draw((*LINES, f"Giấy tờ thứ {number + 1}."), dpi=150).save(folder / f"{number:02d}.png", dpi=(150, 150))
    assert run_sohoa(home, "init").code == 0
    command = [sys.executable, "-c", STARTED, "digitize", str(folder), "--jobs", "2", "--json"]
    environment = {**os.environ, "SOHOA_HOME": str(home), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, start_new_session=True) as running:
        assert running.stdout is not None
        reported = [running.stdout.readline() for _ in range(2)]
        below = children_of(running.pid)
        running.send_signal(how)
        reported += running.stdout.readlines()
        code = running.wait()

    before = drafted(home)
    again = run_sohoa(home, "digitize", folder, "--jobs", "2", "--json").objects

    assert code == (INTERRUPTED if how is signal.SIGINT else -how)
    assert len(before) >= len([line for line in reported if line.endswith(b"\n")]) >= 2
    assert len(before) < PAPERS
    assert {paper["draft_id"] for paper in again if paper["status"] == "duplicate"} == set(before)
    assert len({paper["draft_id"] for paper in again}) == len(again) == len(drafted(home)) == PAPERS
    assert len([path for path in (home / "store" / "sources").rglob("*") if path.is_file()]) == PAPERS
    assert run_sohoa(home, "audit").code == 0
    assert below
    while not all(map(ended, below)):  # the time limit of the test is that of the wait
        time.sleep(0.1)

"""Disks that take nothing more: the command run over a data directory on a read-only or a full one."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from conftest import Outcome

Commands = Callable[[Sequence[Sequence[object]]], list[Outcome]]
"""Runs commands one after the other, in one process of its own."""

_ROOT = Path(__file__).parent.parent
_PROGRAM = """
import dataclasses, json, pathlib, sys
from conftest import run_sohoa
outcomes = [run_sohoa(pathlib.Path(sys.argv[1]), *each) for each in json.load(sys.stdin)]
json.dump([dataclasses.asdict(each) for each in outcomes], sys.stdout)
"""
_READ_ONLY = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"'
_FULL = """
size=$(du -sk "$0" | cut -f1) && copy=$(mktemp -d) && trap 'umount "$copy" && rmdir "$copy"' EXIT
mount -t tmpfs -o size=$((size + 1024))k full "$copy" && cp -r "$0/." "$copy/" && mount --bind "$copy" "$0"
cat /dev/zero > "$0/filler" 2> /dev/null
"$@"
code=$?
umount "$0"
exit $code
"""


@contextmanager
def read_only(home: Path) -> Iterator[Commands]:
    """Give commands over a data directory that cannot be written.

    It is mounted read-only, in a mount name space of the commands alone. Where that is not allowed, nobody has the
    right to write any of its folders; root gives the power to ignore that up.
    """
    if mounts := _mounts():
        yield lambda commands: _run([*mounts, _READ_ONLY, str(home)], home, commands)
        return
    bound = ["setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override"] if os.geteuid() == 0 else []
    modes = {path: path.stat().st_mode for path in (home, *home.rglob("*"))}
    try:
        for path, mode in modes.items():
            path.chmod(mode & ~0o222)
        yield lambda commands: _run(bound, home, commands)
    finally:
        for path, mode in modes.items():
            path.chmod(mode)


@contextmanager
def full(home: Path) -> Iterator[Commands]:
    """Give commands over a data directory on a disk without a free block; what they write is lost.

    The disk is in memory, in a mount name space of the commands alone. Where that is not allowed, the system refuses
    to let any file grow: the same path through our code.
    """
    if mounts := _mounts():
        yield lambda commands: _run([*mounts, _FULL, str(home)], home, commands)
    else:
        yield lambda commands: _run(["prlimit", "--fsize=64"], home, commands)


@cache
def _mounts() -> tuple[str, ...]:
    """Return how a shell is started that may mount for itself, empty where nobody lets us."""
    for more in ((), ("--user", "--map-root-user")):
        start = ("unshare", *more, "--mount", "sh", "-c")
        if subprocess.run([*start, "mount -t tmpfs none /mnt"], capture_output=True, check=False).returncode == 0:
            return start
    return ()


def _run(before: list[str], home: Path, commands: Sequence[Sequence[object]]) -> list[Outcome]:
    done = subprocess.run(
        [*before, sys.executable, "-c", _PROGRAM, str(home)],
        input=json.dumps([[str(part) for part in command] for command in commands]),
        env={**os.environ, "PYTHONPATH": f"{_ROOT}{os.pathsep}{_ROOT / 'tests'}"},
        cwd=_ROOT,
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    return [Outcome(**each) for each in json.loads(done.stdout)]

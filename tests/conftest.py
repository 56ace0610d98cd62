"""Fixtures that every part of the suite may use: the command over a data directory, and sample dossiers."""

import contextlib
import fcntl
import io
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

import cli
from pipeline.sample import write_sample_dossiers

os.environ.setdefault("OMP_THREAD_LIMIT", "1")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run of the command left behind."""

    code: int
    out: str
    err: str

    @property
    def objects(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


Run = Callable[..., Outcome]


def run_sohoa(home: Path, *arguments: object, **variables: str) -> Outcome:
    """Run the command over a data directory, and return what a user would see."""
    out, err = io.StringIO(), io.StringIO()
    environment = {"SOHOA_HOME": str(home), "SOHOA_USER": "Người Kiểm Thử", **variables}
    with patch.dict(os.environ, environment), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            cli.main(list(map(str, arguments)))
            code = 0
        except SystemExit as e:
            code = int(e.code or 0)
    return Outcome(code, out.getvalue(), err.getvalue())


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A data directory that is not made yet."""
    return tmp_path / "home"


@pytest.fixture
def sohoa(home: Path) -> Run:
    """The command over the data directory."""
    return lambda *arguments, **variables: run_sohoa(home, *arguments, **variables)


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """Return a folder that one process makes for all that test side by side; not to be changed by a test."""
    base = factory.getbasetemp()
    together = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, made = together / name, together / f"{name}.made"
    with (together / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            made.touch()
    return folder


def write_samples(folder: Path) -> None:
    write_sample_dossiers(folder, seed=1)


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample dossiers."""
    return made_once(tmp_path_factory, "samples", write_samples)


@pytest.fixture(scope="session")
def reviewed(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with two drafts that are ready to be certified; not to be changed by a test."""
    folder = made_once(tmp_path_factory, "reviewed", lambda folder: review(samples, folder))
    return Path(shutil.copytree(folder / "home", tmp_path_factory.mktemp("reviewed") / "home"))


@dataclass(frozen=True, slots=True)
class Road:
    """A data directory in which two papers were taken the whole road."""

    home: Path
    digitized: list[dict[str, Any]]
    certified: list[dict[str, Any]]

    def run(self, *arguments: object, **variables: str) -> Outcome:
        return run_sohoa(self.home, *arguments, **variables)

    @property
    def file(self) -> Path:
        return Path(self.certified[0]["file"])


@pytest.fixture(scope="session")
def road(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Road:
    """Papers that were digitized, reviewed and certified; not to be changed by a test."""
    before = made_once(tmp_path_factory, "reviewed", lambda folder: review(samples, folder))
    folder = made_once(tmp_path_factory, "road", lambda folder: take_the_road(before, folder))
    # Even to look at a paper writes the log, so each process that tests has a copy of its own.
    home = Path(shutil.copytree(folder / "home", tmp_path_factory.mktemp("road") / "home"))
    digitized = json.loads((before / "digitized.json").read_text("utf-8"))
    certified = (folder / "certified.json").read_text("utf-8").replace(str(folder / "home"), str(home))
    return Road(home, digitized, json.loads(certified))


def review(samples: Path, folder: Path) -> None:
    """Digitize and review a scanned and a born-digital paper."""
    home = folder / "home"
    assert run_sohoa(home, "init").code == 0
    papers = [next(samples.glob("*/01-quyet-dinh.pdf")), next(samples.glob("*/02-xac-nhan*.pdf"))]
    digitized = run_sohoa(home, "digitize", *papers, "--owner", "070167999893", "--json").objects
    for paper in digitized:  # one field by name: a paper that was read surely would leave nothing to confirm
        assert run_sohoa(home, "review", "approve", paper["draft_id"], "--field", "issue_date").code == 0
        if paper["status"] == "needs_review":
            assert run_sohoa(home, "review", "approve", paper["draft_id"]).code == 0
    (folder / "digitized.json").write_text(json.dumps(digitized), "utf-8")


def take_the_road(reviewed: Path, folder: Path) -> None:
    """Certify the papers that were reviewed."""
    shutil.copytree(reviewed / "home", folder / "home")
    certified = run_sohoa(folder / "home", "certify", "--ready", "--json")
    assert certified.code == 0, certified.err
    (folder / "certified.json").write_text(json.dumps(certified.objects), "utf-8")

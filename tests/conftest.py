"""Fixtures that every part of the suite may use: the command over a data directory, and sample dossiers."""

import contextlib
import io
import json
import os
from collections.abc import Callable, Iterator
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


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample dossiers."""
    folder = tmp_path_factory.mktemp("samples")
    write_sample_dossiers(folder, seed=1)
    return folder


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
def road(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Road]:
    """Papers that were digitized, reviewed and certified; not to be changed by a test."""
    yield take_the_road(samples, tmp_path_factory.mktemp("road") / "home")


def take_the_road(samples: Path, home: Path) -> Road:
    """Digitize, review and certify a scanned and a born-digital paper."""
    assert run_sohoa(home, "init").code == 0
    papers = [next(samples.glob("*/01-quyet-dinh.pdf")), next(samples.glob("*/02-xac-nhan*.pdf"))]
    digitized = run_sohoa(home, "digitize", *papers, "--owner", "070167999893", "--json").objects
    for paper in digitized:  # one field by name: a paper that was read surely would leave nothing to confirm
        assert run_sohoa(home, "review", "approve", paper["draft_id"], "--field", "issue_date").code == 0
        if paper["status"] == "needs_review":
            assert run_sohoa(home, "review", "approve", paper["draft_id"]).code == 0
    certified = run_sohoa(home, "certify", "--ready", "--json")
    assert certified.code == 0, certified.err
    return Road(home, digitized, certified.objects)

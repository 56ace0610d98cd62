"""A data directory with reviewed drafts, made once; every test works on a copy of its own."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import Outcome, run_sohoa
from tools.verapdf.judge import VeraPdf, open_verapdf

Sohoa = Callable[..., Outcome]


@pytest.fixture(scope="session")
def reviewed(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with two drafts that are ready to be certified; not to be changed by a test."""
    home = tmp_path_factory.mktemp("reviewed") / "home"
    assert run_sohoa(home, "init").code == 0
    papers = [next(samples.glob("*/01-quyet-dinh.pdf")), next(samples.glob("*/02-xac-nhan*.pdf"))]
    for paper in run_sohoa(home, "digitize", *papers, "--owner", "070167999893", "--json").objects:
        assert run_sohoa(home, "review", "approve", paper["draft_id"]).code == 0
    return home


@pytest.fixture
def desk(reviewed: Path, tmp_path: Path) -> Path:
    """A copy of that data directory, for the test alone."""
    shutil.copytree(reviewed, tmp_path / "desk")
    return tmp_path / "desk"


@pytest.fixture
def at_desk(desk: Path) -> Sohoa:
    """The command over that copy."""
    return lambda *arguments, **variables: run_sohoa(desk, *arguments, **variables)


@pytest.fixture
def drafts(at_desk: Sohoa) -> list[str]:
    """The identifiers of its drafts, oldest first."""
    return [draft["draft_id"] for draft in at_desk("review", "list", "--json").objects]


@pytest.fixture(scope="session")
def verapdf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VeraPdf]:
    """A running PDF/A validator."""
    with open_verapdf(tmp_path_factory.mktemp("verapdf")) as judge:
        yield judge

"""The data directory with reviewed drafts: every test works on a copy of its own."""

import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import Outcome, run_sohoa
from tools.verapdf.judge import VeraPdf, open_verapdf

from ocr.samples.fonts import find_fonts
from ocr.samples.papers.marital_status import make_marital_status
from ocr.samples.pdf import write_born_digital
from ocr.samples.people import make_person

Sohoa = Callable[..., Outcome]


@pytest.fixture(scope="session")
def another(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A paper of another person than the reviewed ones, born digital: it is read without recognition."""
    chance, fonts = random.Random(9), find_fonts()
    file = tmp_path_factory.mktemp("another") / "01-xac-nhan.pdf"
    file.write_bytes(write_born_digital(make_marital_status(chance, fonts, make_person(chance)).sheets, fonts))
    return file


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

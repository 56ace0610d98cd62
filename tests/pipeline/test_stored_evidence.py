"""The independent checker follows the chain of a paper as it lies in the store, run as a program of its own."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Road, Run

pytestmark = pytest.mark.tools

CHECKER = Path(__file__).parents[2] / "docs" / "check_evidence.py"


def stored_paper(home: Path, document_id: str) -> Path:
    """Return the folder of a paper in the store."""
    (folder,) = (path for path in (home / "store" / "owners").rglob(document_id) if path.is_dir())
    return folder


def check(folder: Path, home: Path) -> "subprocess.CompletedProcess[str]":
    """Run the checker with the published keys and the newest status list, nothing of ours on its path."""
    lists = sorted((home / "store").rglob("status/*.cbor"))
    command = [sys.executable, str(CHECKER), str(folder), str(home / "seal-keys.json"), *map(str, lists[-1:])]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, cwd=home)


def test_the_chain_of_each_stored_paper_holds(road: Road) -> None:
    said = []
    for paper in road.certified:
        done = check(stored_paper(road.home, paper["document_id"]), road.home)
        said.append(done.stdout)

        assert done.returncode == 0, done.stdout + done.stderr
        assert done.stdout.endswith("Every link holds.\n")
        assert "Người Kiểm Thử: certify certified_copy" in done.stdout
    assert "Người Kiểm Thử: confirm" in "".join(said)


PLACES = {
    "copy.pdf": b"stream",
    "text.json": b'],"text":"',
    "evidence.json": b'"stream_sha256": "',
    "source/0001": b"stream",
}
"""What stands just before a byte of which the chain speaks."""


@pytest.mark.parametrize("name", PLACES)
def test_one_byte_changed_in_the_store_breaks_the_chain(name: str, road: Road, tmp_path: Path) -> None:
    folder = tmp_path / "paper"
    shutil.copytree(stored_paper(road.home, road.certified[0]["document_id"]), folder)
    changed = next(path for path in sorted(folder.rglob("*")) if f"content/{name}" in path.as_posix())
    data = changed.read_bytes()
    place = data.index(PLACES[name]) + len(PLACES[name]) + 1
    changed.chmod(0o600)
    changed.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])

    done = check(folder, road.home)

    assert done.returncode == 1
    assert "BROKEN" in done.stdout
    assert done.stderr == ""


def test_the_chain_holds_over_augmentation_and_breaks_at_withdrawal(
    at_desk: Run, drafts: list[str], desk: Path
) -> None:
    done = at_desk("certify", drafts[0], "--json", SOHOA_SIGNING__LEVEL="B-T").objects[0]
    folder = stored_paper(desk, done["document_id"])
    low = check(folder, desk)
    at_desk("augment")
    raised = check(folder, desk)

    at_desk("withdraw", done["document_id"], "--reason", "cấp nhầm")

    withdrawn = check(folder, desk)
    assert (low.returncode, raised.returncode) == (0, 0), low.stdout + raised.stdout
    assert "it begins with the file as it was signed at" in raised.stdout
    assert withdrawn.returncode == 1
    assert "WITHDRAWN" in withdrawn.stdout

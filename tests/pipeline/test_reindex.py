import shutil
from pathlib import Path

import pytest
from conftest import Road, run_sohoa

pytestmark = pytest.mark.tools


@pytest.fixture
def copied(road: Road, tmp_path: Path) -> Path:
    home = tmp_path / "copied"
    shutil.copytree(road.home, home)
    return home


def test_the_database_is_rebuilt_from_the_store_with_nothing_different(copied: Path) -> None:
    before = run_sohoa(copied, "warehouse", "list", "--all", "--json").out
    drafts = run_sohoa(copied, "review", "list", "--all", "--json").out
    for path in copied.glob("sohoa.db*"):
        path.unlink()

    outcome = run_sohoa(copied, "reindex", "--json")

    assert outcome.code == 0
    assert run_sohoa(copied, "warehouse", "list", "--all", "--json").out == before
    assert run_sohoa(copied, "review", "list", "--all", "--json").out == drafts


def test_the_register_goes_on_after_the_last_number(copied: Path, another: Path) -> None:
    for path in copied.glob("sohoa.db*"):
        path.unlink()
    run_sohoa(copied, "reindex")
    (draft,) = run_sohoa(copied, "digitize", another, "--json").objects
    run_sohoa(copied, "review", "approve", draft["draft_id"])

    (done,) = run_sohoa(copied, "certify", "--ready", "--json").objects

    assert done["register_number"].startswith("03/")


def test_an_index_that_says_something_else_is_told_and_put_right(copied: Path, road: Road) -> None:
    first = road.certified[0]["document_id"]
    run_sohoa(copied, "withdraw", first, "--reason", "thử")
    for path in copied.glob("sohoa.db*"):
        path.unlink()
    for path in road.home.glob("sohoa.db*"):
        shutil.copy(path, copied / path.name)

    (outcome,) = run_sohoa(copied, "reindex", "--json").objects

    assert outcome["changed"] == [first]
    assert run_sohoa(copied, "verify", first, "--json").objects[0]["verdict"] == "withdrawn"


def test_a_damaged_paper_is_named(copied: Path, road: Road) -> None:
    first = road.certified[0]["document_id"]
    (stored,) = (copied / "store").rglob(f"{first}/v1/content/metadata.json")
    stored.chmod(0o600)
    stored.write_bytes(stored.read_bytes().replace(b"decision", b"decisiom"))

    outcome = run_sohoa(copied, "reindex", "--json")

    assert outcome.code == 1
    assert outcome.objects[0]["damaged"] == [first]

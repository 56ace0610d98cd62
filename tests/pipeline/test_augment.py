from pathlib import Path

import pytest
from conftest import Run

pytestmark = pytest.mark.tools


def certify_low(samples: Path, sohoa: Run) -> dict[str, str]:
    sohoa("init")
    (draft,) = sohoa("digitize", next(samples.glob("*/02-xac-nhan*.pdf")), "--json").objects
    sohoa("review", "approve", draft["draft_id"])
    (done,) = sohoa("certify", "--ready", "--json", SOHOA_SIGNING__LEVEL="B-B").objects
    return done


def test_a_copy_below_its_level_is_raised_later_and_both_files_are_genuine(
    samples: Path, sohoa: Run, tmp_path: Path
) -> None:
    done = certify_low(samples, sohoa)
    early = Path(done["file"])
    assert done["level"] == "B-B"

    (raised,) = sohoa("augment", "--json").objects

    (got,) = sohoa("warehouse", "get", done["document_id"], "--out", tmp_path / "out", "--json").objects
    assert (raised["before"], raised["level"]) == ("B-B", "B-LTA")
    assert raised["sha256"] == got["sha256"] != done["sha256"]
    assert sohoa("verify", got["file"], "--json").objects[0]["verdict"] == "genuine"
    earlier = sohoa("verify", early, "--json").objects[0]
    assert earlier["verdict"] == "genuine"
    assert "earlier_state" in [reason["code"] for reason in earlier["reasons"]]


def test_a_file_cut_back_to_an_earlier_revision_is_altered(samples: Path, sohoa: Run, tmp_path: Path) -> None:
    done = certify_low(samples, sohoa)
    sohoa("augment")
    whole = Path(done["file"]).read_bytes()
    cut = tmp_path / "cut.pdf"
    cut.write_bytes(whole[: whole[:-10].rfind(b"%%EOF") + 6])

    assert sohoa("verify", cut, "--json").objects[0]["verdict"] == "altered"


def test_nothing_is_raised_twice(samples: Path, sohoa: Run) -> None:
    certify_low(samples, sohoa)
    sohoa("augment")

    again = sohoa("augment", "--json")

    assert (again.objects, again.code) == ([], 0)

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from attacks import ATTACKS
from certified_copies import CertifiedCopy, make_copy, open_authority

from domain.models import Decision, PadesLevel, RecordState, TextOrigin
from domain.models import PageText as Page
from pipeline.evidence import Evidence, page_evidence, signed_state, write_evidence
from pipeline.serial import to_json
from signing.seal_keys import write_key_set
from signing.status_list import make_status_list

NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
CHECKER = Path(__file__).parents[2] / "docs" / "check_evidence.py"


@pytest.fixture(scope="module")
def certified(tmp_path_factory: pytest.TempPathFactory) -> CertifiedCopy:
    return make_copy(open_authority(tmp_path_factory.mktemp("evidence") / "authority", NOW), NOW)


@pytest.fixture
def paper(certified: CertifiedCopy, tmp_path: Path) -> Path:
    """A folder with a paper as it is stored, beside the published keys and two status lists."""
    texts = tuple(
        Page(number=n, width=620, height=877, dpi=75, origin=TextOrigin.OCR, words=(), text=f"Trang {n}\n")
        for n in (1, 2)
    )
    decision = Decision(at=NOW, by="nguyen.a", action="approve")
    evidence = Evidence(
        document_id=certified.content.document_id,
        register_number=certified.content.register_number,
        source_file="source-1.pdf",
        source_sha256=hashlib.sha256(b"scan").hexdigest(),
        source_size=4,
        pages=page_evidence(certified.images, texts),
        content_sha256=certified.content.content_sha256,
        decisions=(decision,),
        fields={},
        checklist={"22.1": False},
        seal=certified.seal,
        composed_sha256=hashlib.sha256(certified.composed).hexdigest(),
        signed=(signed_state(certified.pdf, PadesLevel.B_LTA, NOW, None),),
    )
    record = {"id": certified.content.document_id, "seal": certified.seal, "sha256": certified.expected.sha256}
    folder = tmp_path / "paper"
    folder.mkdir()
    (folder / "source-1.pdf").write_bytes(b"scan")
    (folder / "copy.pdf").write_bytes(certified.pdf)
    (folder / "text.json").write_text(to_json(texts), "utf-8")
    (folder / "evidence.json").write_bytes(write_evidence(evidence))
    (folder / "metadata.json").write_text(json.dumps(record), "utf-8")
    (tmp_path / "keys.json").write_bytes(write_key_set(certified.seal_keys))
    for name, states in (("good", {}), ("bad", {certified.content.status_index: RecordState.WITHDRAWN})):
        listed = make_status_list(
            states, size=1 << 17, number=1, issued_at=NOW, valid_for=timedelta(days=9999), key=certified.seal_key
        )
        (tmp_path / f"{name}.cbor").write_bytes(listed)
    return folder


def check(paper: Path, *more: str) -> subprocess.CompletedProcess[str]:
    arguments = [str(paper), str(paper.parent / "keys.json"), *(str(paper.parent / name) for name in more)]
    command = [sys.executable, str(CHECKER), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_the_whole_chain_of_a_certified_paper_holds(paper: Path) -> None:
    done = check(paper, "good.cbor")

    assert done.stderr == ""
    assert done.stdout.count("  holds ") == 14
    assert done.stdout.endswith("Every link holds.\n")
    assert done.returncode == 0


def change_text(paper: Path) -> None:
    text = (paper / "text.json").read_text("utf-8")
    (paper / "text.json").write_text(text.replace("Trang 1", "Trang 9"), "utf-8")


def change_source(paper: Path) -> None:
    (paper / "source-1.pdf").write_bytes(b"other")


def change_file(paper: Path) -> None:
    (paper / "copy.pdf").write_bytes(ATTACKS["isa_replaced_page"]((paper / "copy.pdf").read_bytes()))


def change_number(paper: Path) -> None:
    evidence = json.loads((paper / "evidence.json").read_text("utf-8"))
    (paper / "evidence.json").write_text(json.dumps(evidence | {"register_number": "13/2026"}), "utf-8")


def change_seal(paper: Path) -> None:
    evidence = json.loads((paper / "evidence.json").read_text("utf-8"))
    (paper / "evidence.json").write_text(json.dumps(evidence | {"seal": evidence["seal"][:-8]}), "utf-8")


def add_ground(paper: Path) -> None:
    evidence = json.loads((paper / "evidence.json").read_text("utf-8"))
    (paper / "evidence.json").write_text(json.dumps(evidence | {"checklist": {"22.3": True}}), "utf-8")


def lose_file(paper: Path) -> None:
    (paper / "copy.pdf").unlink()


def break_file(paper: Path) -> None:
    (paper / "copy.pdf").write_bytes(b"%PDF-1.7 broken")


@pytest.mark.parametrize(
    "change",
    [change_text, change_source, change_file, change_number, change_seal, add_ground, lose_file, break_file],
)
def test_a_broken_link_is_named_without_a_trace(change: Callable[[Path], None], paper: Path) -> None:
    change(paper)
    done = check(paper)

    assert done.returncode == 1
    assert "BROKEN" in done.stdout
    assert done.stderr == ""


def test_a_withdrawn_paper_breaks_the_chain(paper: Path) -> None:
    done = check(paper, "bad.cbor")

    assert done.returncode == 1
    assert "WITHDRAWN" in done.stdout


def test_the_newest_version_of_a_stored_object_is_checked(paper: Path) -> None:
    content = paper / "v1" / "content"
    content.mkdir(parents=True)
    names = [path.name for path in paper.iterdir() if path.is_file()]
    for name in names:
        (paper / name).rename(content / name)
    state = {name: [name] for name in names}
    manifest = {name: [f"v1/content/{name}"] for name in names}
    inventory = {"head": "v1", "manifest": manifest, "versions": {"v1": {"state": state}}}
    (paper / "inventory.json").write_text(json.dumps(inventory), "utf-8")

    assert check(paper).returncode == 0

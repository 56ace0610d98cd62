import json
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key

from domain.models import RecordState, SealContent
from signing.seal import read_seal
from signing.seal_keys import key_id_of, read_key_set
from signing.status_list import read_status_list

DATA = Path(__file__).parents[1] / "data" / "seal"
CHECKER = Path(__file__).parents[2] / "docs" / "verify_seal.py"
KEYS = read_key_set((DATA / "keys.json").read_bytes())
VECTORS = json.loads((DATA / "seals.json").read_text("utf-8"))
LIST = DATA / "status-list.cbor"


def check(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", str(CHECKER), str(DATA / "keys.json"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def by_name(vector: dict[str, str]) -> str:
    return vector["name"]


@pytest.mark.parametrize("vector", VECTORS["good"], ids=by_name)
def test_a_good_seal_of_the_vectors_says_what_is_written_there(vector) -> None:
    content = dict(vector["content"], certified_on=date.fromisoformat(vector["content"]["certified_on"]))

    assert read_seal(vector["seal"], KEYS).content == SealContent(**content)


@pytest.mark.parametrize("vector", VECTORS["bad"], ids=by_name)
def test_a_bad_seal_of_the_vectors_is_refused_for_the_reason_that_is_written_there(vector) -> None:
    assert read_seal(vector["seal"], KEYS).reason.code == vector["reason"]


def test_the_private_key_of_the_vectors_is_the_one_that_their_readme_gives_away() -> None:
    key = derive_private_key(int.from_bytes(b"sohoa test vector key, not secre", "big"), SECP256R1())

    assert key_id_of(key.public_key()) == KEYS.keys[0].key_id
    assert "`sohoa test vector key, not secre`" in (DATA / "README.md").read_text("utf-8")


def test_the_status_list_of_the_vectors_says_what_their_readme_says() -> None:
    found = read_status_list(LIST.read_bytes(), KEYS)

    assert (found.number, found.issued_at, found.size) == (812, datetime(2026, 11, 21, 9, 30, tzinfo=UTC), 131072)
    assert found.state(5).state is RecordState.SUSPENDED
    assert found.state(70001).state is RecordState.WITHDRAWN
    assert found.state(131071).state is RecordState.SUPERSEDED
    assert found.state(6).state is RecordState.IN_FORCE


def test_the_independent_checker_imports_nothing_of_ours() -> None:
    source = CHECKER.read_text("utf-8")
    assert not [
        name for name in ("signing", "domain", "pipeline") if f"import {name}" in source or f"from {name}" in source
    ]


@pytest.mark.parametrize("vector", VECTORS["good"], ids=by_name)
def test_the_independent_checker_reads_every_good_seal(vector) -> None:
    done = check(f"https://kho.example.vn/v/{vector['content']['document_id']}#{vector['seal']}")

    assert done.returncode == 0
    assert vector["content"]["document_id"] in done.stdout
    assert vector["content"]["content_sha256"] in done.stdout
    assert vector["content"]["holder"] in done.stdout


@pytest.mark.parametrize("vector", VECTORS["bad"], ids=by_name)
def test_the_independent_checker_refuses_every_bad_seal_without_a_trace(vector) -> None:
    done = check(vector["seal"])

    assert done.returncode == 1
    assert done.stdout.startswith("NOT ACCEPTED")
    assert "Traceback" not in done.stderr


def test_the_independent_checker_knows_what_was_withdrawn() -> None:
    withdrawn, in_force = VECTORS["good"][0]["seal"], VECTORS["good"][1]["seal"]

    assert check(withdrawn, str(LIST)).returncode == 1
    assert "WITHDRAWN" in check(withdrawn, str(LIST)).stdout
    assert check(in_force, str(LIST)).returncode == 0
    assert check(in_force, str(DATA / "keys.json")).returncode == 1


def test_the_independent_checker_sees_a_seal_on_another_papers_link(tmp_path: Path) -> None:
    code = tmp_path / "code.txt"
    code.write_text(f"https://kho.example.vn/v/fedcba9876543210#{VECTORS['good'][0]['seal']}\n")
    done = check(str(code))

    assert done.returncode == 1
    assert "another paper" in done.stdout

"""Real keys by settings alone: a key file and a token, a time-stamp server and OCSP on loopback."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from conftest import Outcome, run_sohoa
from cryptography import x509
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from signing_pki import Pki, running_pki

from domain.errors import WrongPin
from pipeline.certify import certify_batch
from pipeline.refusal import declared
from pipeline.services import open_services

pytestmark = pytest.mark.tools

MODULE = "/usr/lib/softhsm/libsofthsm2.so"
PIN = "123456"


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pki]:
    """A public key infrastructure that answers on loopback."""
    with running_pki(tmp_path_factory.mktemp("pki"), datetime.now(UTC)) as running:
        yield running


@pytest.fixture
def office(desk: Path, pki: Pki) -> Path:
    """A data directory whose keys are files, without anything of the demonstration."""
    for name in ("certifier", "agency"):
        write_key_file(desk / f"{name}.p12", pki, name)
    for folder, name in (("signers", "root"), ("timestamps", "root"), ("intermediates", "interm")):
        (desk / "trust" / folder).mkdir(parents=True)
        (desk / "trust" / folder / f"{name}.der").write_bytes(pki.certificate(name))
    seal = run_sohoa(desk, "keys", "new", "--json").objects[0]["file"]
    write_settings(desk, pki, seal=f"file:{seal}", agency="pkcs12:agency.p12")
    return desk


def write_key_file(path: Path, pki: Pki, name: str) -> None:
    certificate = x509.load_der_x509_certificate(pki.certificate(name))
    key = pki.private_key(name)
    path.write_bytes(
        pkcs12.serialize_key_and_certificates(b"ky", key, certificate, None, BestAvailableEncryption(PIN.encode()))
    )


def write_settings(home: Path, pki: Pki, *, seal: str, agency: str) -> None:
    lines = [
        "[signing]",
        'certifier = "pkcs12:certifier.p12"',
        f'agency = "{agency}"',
        'scanner = "pkcs12:certifier.p12"',
        f'seal = "{seal}"',
        f'timestamp = "{pki.tsa_url}"',
        "timestamp_tries = 1",
        "timestamp_seconds = 20",
    ]
    (home / "sohoa.toml").write_text("\n".join(lines) + "\n", "utf-8")


def reasons(outcome: Outcome) -> list[str]:
    return [reason["code"] for reason in outcome.objects[0]["reasons"]]


def test_keys_in_files_certify_by_settings_alone(office: Path) -> None:
    outcome = run_sohoa(office, "certify", "--ready", "--json", SOHOA_PIN=PIN)

    first, second = outcome.objects
    checked = run_sohoa(office, "verify", first["file"], "--json")
    assert [paper["level"] for paper in (first, second)] == ["B-LTA", "B-LTA"], outcome.err
    assert checked.objects[0]["verdict"] == "genuine"
    assert "demonstration" not in reasons(checked)
    assert [each["signer"] for each in checked.objects[0]["signatures"]][:2] == [
        "Thử nghiệm certifier",
        "Thử nghiệm agency",
    ]


def test_a_wrong_pin_ends_the_run_and_is_tried_once(office: Path, drafts: list[str]) -> None:
    asked: list[str] = []

    def ask(role: str) -> str:
        asked.append(role)
        return "000000"

    with open_services(home=office) as services, pytest.raises(WrongPin):
        list(certify_batch(drafts, services, checklist=declared([]), ask_pin=ask))
    outcome = run_sohoa(office, "certify", "--ready", "--json", SOHOA_PIN="000000")

    assert asked == ["certifier"]
    assert outcome.code == 6
    assert outcome.err.count("Lỗi:") == 1
    assert run_sohoa(office, "register", "totals", "--json").objects == []


def test_a_batch_asks_for_each_key_once(office: Path, drafts: list[str]) -> None:
    asked: list[str] = []

    def ask(role: str) -> str:
        asked.append(role)
        return PIN

    with open_services(home=office) as services:
        done = list(certify_batch(drafts, services, checklist=declared([]), ask_pin=ask))

    assert [result.error for result in done] == [None, None]
    assert asked == ["certifier", "agency"]


def test_without_a_time_stamp_server_the_level_is_lower_and_raised_later(office: Path, drafts: list[str]) -> None:
    closed = "http://127.0.0.1:9/tsa"
    low = run_sohoa(office, "certify", drafts[0], "--json", SOHOA_PIN=PIN, SOHOA_SIGNING__TIMESTAMP=closed).objects[0]
    still = run_sohoa(office, "verify", low["file"], "--json")

    (raised,) = run_sohoa(office, "augment", "--json").objects

    assert (low["level"], raised["level"]) == ("B-B", "B-LTA")
    assert low["shortfall"]
    assert still.objects[0]["verdict"] != "altered"
    (got,) = run_sohoa(office, "warehouse", "get", low["document_id"], "--out", office / "out", "--json").objects
    assert run_sohoa(office, "verify", got["file"], "--json").objects[0]["verdict"] == "genuine"


def test_real_and_demonstration_keys_are_not_mixed(office: Path) -> None:
    outcome = run_sohoa(office, "certify", "--ready", SOHOA_PIN=PIN, SOHOA_SIGNING__AGENCY="demo:agency")

    assert outcome.code == 4
    assert "trình diễn" in outcome.err


@pytest.fixture
def token(office: Path, pki: Pki, tmp_path: Path) -> dict[str, str]:
    """A token with the agency's key; gives the environment in which a program finds it."""
    (tmp_path / "tokens").mkdir()
    (tmp_path / "softhsm2.conf").write_text(f"directories.tokendir = {tmp_path / 'tokens'}\nlog.level = ERROR\n")
    environment = {**os.environ, "SOFTHSM2_CONF": str(tmp_path / "softhsm2.conf"), "SOHOA_HOME": str(office)}
    certificate = tmp_path / "agency.der"
    certificate.write_bytes(x509.load_der_x509_certificate(pki.certificate("agency")).public_bytes(Encoding.DER))
    key = str(pki.folder / "agency.pem")
    written = ["--write-object", str(certificate), "--type", "cert", "--label", "ky", "--id", "01"]
    login = ["--token-label", "coquan", "--login", "--pin", PIN]
    for command in (
        ["softhsm2-util", "--init-token", "--free", "--label", "coquan", "--pin", PIN, "--so-pin", "87654321"],
        ["softhsm2-util", "--import", key, "--token", "coquan", "--label", "ky", "--id", "01", "--pin", PIN],
        ["pkcs11-tool", "--module", MODULE, *login, *written],
    ):
        subprocess.run(command, check=True, capture_output=True, timeout=60, env=environment)
    seal = next(office.glob("*seal*.pem"), None) or next(path for path in office.rglob("*.pem") if "seal" in path.name)
    address = f"pkcs11:token=coquan;object=ky?module-path={MODULE}"
    write_settings(office, pki, seal=f"file:{seal.relative_to(office).as_posix()}", agency=address)
    return environment


def program(environment: dict[str, str], *arguments: str, pin: str) -> "subprocess.CompletedProcess[str]":
    """Run the command as a program of its own: a token's library is loaded once in a process."""
    command = [sys.executable, "-m", "cli", *arguments]
    root = Path(__file__).parents[2]
    return subprocess.run(
        command,
        cwd=root,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env={**environment, "SOHOA_PIN": pin},
    )


def test_a_key_in_a_token_certifies_a_batch(token: dict[str, str], office: Path) -> None:
    refused = program(token, "certify", "--ready", "--json", pin="654321")
    done = program(token, "certify", "--ready", "--json", pin=PIN)

    outcome = Outcome(done.returncode, done.stdout, done.stderr)
    assert (refused.returncode, refused.stdout) == (6, "")
    assert [paper["level"] for paper in outcome.objects] == ["B-LTA", "B-LTA"], done.stderr
    assert all(run_sohoa(office, "verify", paper["file"]).code == 0 for paper in outcome.objects[:1])


def test_a_token_that_is_not_there_is_told(token: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "softhsm2.conf").write_text(f"directories.tokendir = {tmp_path}\n")

    done = program(token, "certify", "--ready", "--json", pin=PIN)

    assert done.returncode == 6
    assert done.stderr.count("Lỗi:") == 1
    assert "Traceback" not in done.stderr

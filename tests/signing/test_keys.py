import asyncio
import base64
import json
import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

import pkcs11
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from pkcs11.constants import Attribute, CertificateType, ObjectClass
from signing_judges import long_term_valid
from signing_pki import Pki, running_csc, serve

from domain.errors import CertificateUnusable, ConfigurationError, SigningKeyUnavailable, WrongPin
from domain.models import PadesLevel
from signing.keys import KeyOptions, SigningKey, loaded_key, open_signing_key
from signing.pades import SignatureField, SignatureRequest, SignedCopy, SignerRole, SigningServices, sign_copy
from signing.signing_key import require_match

MODULE = "/usr/lib/softhsm/libsofthsm2.so"
MakePdf = Callable[..., bytes]


class Pin:
    """Answers with a PIN and counts how often it was asked."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.asked = 0

    def __call__(self) -> str:
        self.asked += 1
        return self.text


@dataclass(frozen=True)
class Token:
    label: str
    folder: Path

    def address(self, name: str) -> str:
        return f"pkcs11:token={self.label};object={name}?module-path={MODULE}"


@pytest.fixture(scope="session")
def softhsm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep SoftHSM's tokens in a folder of our own; the library reads this once in a process."""
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    yield folder
    del os.environ["SOFTHSM2_CONF"]


@pytest.fixture(scope="session")
def token(softhsm: Path, pki: Pki) -> Token:
    return make_token(softhsm, pki, "sohoa-test", ("agency", "rsa", "revoked"))


def make_token(folder: Path, pki: Pki, label: str, names: tuple[str, ...]) -> Token:
    """Make a token with keys and certificates of the infrastructure."""
    before = set((folder / "tokens").iterdir())
    utility(["--init-token", "--free", "--label", label, "--pin", "123456", "--so-pin", "87654321"])
    for number, name in enumerate(names, 1):
        key = str(pki.folder / f"{name}.pem")
        utility(["--import", key, "--token", label, "--label", name, "--id", f"{number:02d}", "--pin", "123456"])
    library = pkcs11.lib(MODULE)
    library.reinitialize()
    with library.get_token(token_label=label).open(user_pin="123456", rw=True) as session:
        for number, name in enumerate(names, 1):
            write_certificate(session, name, bytes([number]), pki.certificate(name))
        write_certificate(session, "interm", b"\x09", pki.certificate("interm"))
    (made,) = set((folder / "tokens").iterdir()) - before
    return Token(label, made)


def utility(arguments: list[str]) -> None:
    subprocess.run(["softhsm2-util", *arguments], check=True, capture_output=True, timeout=30)


def write_certificate(session: pkcs11.Session, name: str, identifier: bytes, data: bytes) -> None:
    session.create_object(
        {
            Attribute.CLASS: ObjectClass.CERTIFICATE,
            Attribute.CERTIFICATE_TYPE: CertificateType.X_509,
            Attribute.TOKEN: True,
            Attribute.LABEL: name,
            Attribute.ID: identifier,
            Attribute.SUBJECT: x509.load_der_x509_certificate(data).subject.public_bytes(),
            Attribute.VALUE: data,
        }
    )


@pytest.fixture
def sign(make_pdf: MakePdf, pki_services: SigningServices) -> Callable[[SigningKey], SignedCopy]:
    def make(key: SigningKey) -> SignedCopy:
        role = SignerRole(key=key, field=SignatureField(name="Scanner"))
        request = SignatureRequest(signers=(role,), level=PadesLevel.B_LTA, at=datetime.now(UTC))
        return sign_copy(make_pdf(), request=request, services=pki_services)

    return make


Sign = Callable[[SigningKey], SignedCopy]


def holds(copy: SignedCopy, pki: Pki) -> bool:
    return copy.level is PadesLevel.B_LTA and long_term_valid(copy.pdf, pki.roots, datetime.now(UTC))


@pytest.mark.parametrize("name", ["agency", "rsa"])
def test_a_key_in_a_file_signs(name: str, pki: Pki, sign: Sign, tmp_path: Path) -> None:
    path = write_pkcs12(pki, name, tmp_path, b"m\xe1\xba\xadt kh\xe1\xba\xa9u")
    pin = Pin("mật khẩu")

    with open_signing_key(f"pkcs12:{path}", pin=pin) as key:
        assert holds(sign(key), pki)

    assert pin.asked == 1


def write_pkcs12(pki: Pki, name: str, folder: Path, password: bytes) -> Path:
    data = pkcs12.serialize_key_and_certificates(
        name.encode(),
        pki.private_key(name),
        x509.load_der_x509_certificate(pki.certificate(name)),
        [x509.load_der_x509_certificate(pki.certificate("interm"))],
        BestAvailableEncryption(password),
    )
    path = folder / "key.p12"
    path.write_bytes(data)
    return path


def test_a_wrong_password_of_a_file_is_told(pki: Pki, tmp_path: Path) -> None:
    path = write_pkcs12(pki, "agency", tmp_path, b"right")
    pin = Pin("wrong")

    with pytest.raises(WrongPin, match="Mật khẩu"):
        open_signing_key(f"pkcs12:{path}", pin=pin)
    assert pin.asked == 1


def test_a_file_that_is_not_there_and_an_address_of_no_known_form_are_told(tmp_path: Path) -> None:
    with pytest.raises(SigningKeyUnavailable, match=r"missing\.p12"):
        open_signing_key(f"pkcs12:{tmp_path / 'missing.p12'}")
    for address in ("agency.p12", "pkcs11:token=x", "csc:https://sign.example", "csc:?credential=a"):
        with pytest.raises(ConfigurationError):
            open_signing_key(address)


@pytest.mark.tools
@pytest.mark.parametrize("name", ["agency", "rsa"])
def test_a_key_in_a_token_signs_a_batch_with_one_pin(name: str, token: Token, sign: Sign, pki: Pki) -> None:
    pin = Pin("123456")

    with open_signing_key(token.address(name), pin=pin) as key:
        copies = [sign(key) for _ in range(2)]

    assert all(holds(copy, pki) for copy in copies)
    assert pin.asked == 1


@pytest.mark.tools
def test_many_threads_queue_for_one_session(token: Token, sign: Sign, pki: Pki) -> None:
    copies: list[SignedCopy] = []

    with open_signing_key(token.address("agency"), pin=Pin("123456")) as key:
        threads = [threading.Thread(target=lambda: copies.append(sign(key))) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert len(copies) == 4
    assert all(holds(copy, pki) for copy in copies)


@pytest.mark.tools
def test_two_keys_of_one_token_sign_side_by_side(token: Token) -> None:
    made: list[tuple[SigningKey, bytes]] = []

    def sign_often(key: SigningKey) -> None:
        for _ in range(300):
            made.append((key, asyncio.run(key.signer.async_sign_raw(b"data", "sha256"))))

    with (
        open_signing_key(token.address("agency"), pin=Pin("123456")) as one,
        open_signing_key(token.address("rsa"), pin=Pin("123456")) as other,
    ):
        threads = [threading.Thread(target=sign_often, args=(key,)) for key in (one, other)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert len(made) == 600
    for key, signature in made:
        require_match(signature, b"data", certificate=key.certificate, digest_algorithm="sha256")


@pytest.mark.tools
def test_a_wrong_pin_is_tried_once_only(token: Token) -> None:
    pin = Pin("000000")

    with pytest.raises(WrongPin):
        open_signing_key(token.address("agency"), pin=pin)
    assert pin.asked == 1


@pytest.mark.tools
def test_what_is_missing_is_told(token: Token) -> None:
    wrong_token = f"pkcs11:token=nobody;object=agency?module-path={MODULE}"
    pin = Pin("123456")

    with pytest.raises(SigningKeyUnavailable, match="thiết bị"):
        open_signing_key(wrong_token, pin=pin)
    with pytest.raises(SigningKeyUnavailable, match="thư viện"):
        open_signing_key("pkcs11:object=agency?module-path=/nowhere/lib.so", pin=pin)
    assert pin.asked == 0
    with pytest.raises(SigningKeyUnavailable, match="khóa"):
        open_signing_key(token.address("nobody"), pin=pin)


@pytest.mark.tools
def test_a_token_that_is_pulled_out_stops_the_batch(softhsm: Path, pki: Pki, sign: Sign) -> None:
    pulled = make_token(softhsm, pki, "sohoa-pulled", ("agency",))
    pin = Pin("123456")
    key = open_signing_key(pulled.address("agency"), pin=pin)
    assert holds(sign(key), pki)

    shutil.rmtree(pulled.folder)

    for _ in range(2):
        with pytest.raises(SigningKeyUnavailable, match="rút"):
            sign(key)
    assert pin.asked == 1
    pkcs11.lib(MODULE).reinitialize()  # as a new process would: SoftHSM does not get over a token that vanished


@pytest.mark.tools
def test_a_revoked_certificate_in_a_token_does_not_sign(token: Token, sign: Sign) -> None:
    with open_signing_key(token.address("revoked"), pin=Pin("123456")) as key, pytest.raises(CertificateUnusable):
        sign(key)


def test_a_remote_key_signs(pki: Pki, sign: Sign) -> None:
    with running_csc(pki.config) as url, open_signing_key(f"csc:{url}?credential=vn/agency") as key:
        copies = [sign(key) for _ in range(2)]

    assert all(holds(copy, pki) for copy in copies)
    assert key.certificate.issuer in [each.subject for each in key.chain]


def test_a_remote_service_that_is_gone_is_told(pki: Pki, sign: Sign) -> None:
    with running_csc(pki.config) as url:
        key = open_signing_key(f"csc:{url}?credential=vn/agency")
        with pytest.raises(SigningKeyUnavailable):
            open_signing_key(f"csc:{url}?credential=vn/nobody")

    with pytest.raises(SigningKeyUnavailable, match="từ xa"):
        sign(key)
    with pytest.raises(SigningKeyUnavailable, match="từ xa"):
        open_signing_key(f"csc:{url}?credential=vn/agency", options=KeyOptions())


class ScriptedService:
    """A remote service that answers each method with what it was told to, and counts the calls."""

    def __init__(self, pki: Pki, **answers: tuple[str, object]) -> None:
        info = {
            "key": {"status": "enabled", "algo": ["1.2.840.10045.4.3.2"], "len": 256},
            "cert": {"certificates": [base64.b64encode(pki.certificate("agency")).decode()]},
        }
        self.answers = {"info": ("200 OK", info), "authorize": ("200 OK", {"SAD": "x"}), **answers}
        self.calls: list[str] = []

    def __call__(self, environment: WSGIEnvironment, start: StartResponse) -> list[bytes]:
        method = environment["PATH_INFO"].rpartition("/")[2]
        self.calls.append(method)
        status, answer = self.answers[method]
        start(status, [("Content-Type", "application/json")])
        return [json.dumps(answer).encode()]


def test_a_pin_that_a_remote_service_refuses_is_sent_once_only(pki: Pki, sign: Sign) -> None:
    service = ScriptedService(pki, authorize=("400 Bad Request", {"error": "invalid_pin"}))
    pin = Pin("000000")

    with serve(service) as url, open_signing_key(f"csc:{url}?credential=a", pin=pin) as key:
        for _ in range(2):
            with pytest.raises(WrongPin):
                sign(key)

    assert service.calls == ["info", "authorize"]
    assert pin.asked == 1


@pytest.mark.parametrize(
    "answer",
    [
        {"signatures": [base64.b64encode(bytes(70)).decode()]},
        {"signatures": ["not base64!"]},
        {"signatures": []},
        {"error": "server_error"},
        ["nothing"],
    ],
)
def test_a_remote_service_that_returns_no_signature_of_the_key_is_told(answer: object, pki: Pki, sign: Sign) -> None:
    service = ScriptedService(pki, signHash=("200 OK", answer))

    with (
        serve(service) as url,
        open_signing_key(f"csc:{url}?credential=a") as key,
        pytest.raises(SigningKeyUnavailable),
    ):
        sign(key)

    assert service.calls.count("signHash") == 1


def test_a_certificate_of_another_key_is_told(pki: Pki) -> None:
    with pytest.raises(SigningKeyUnavailable, match="không khớp"):
        loaded_key(pki.private_key("agency"), pki.certificate("certifier"), [])


@pytest.mark.slow
@pytest.mark.tools
def test_a_thousand_certifications_use_one_session(
    token: Token, pki_services: SigningServices, make_pdf: MakePdf
) -> None:
    pin = Pin("123456")
    pdf = make_pdf()
    levels = set()

    with open_signing_key(token.address("agency"), pin=pin) as key:
        role = SignerRole(key=key, field=SignatureField(name="Scanner"))
        for _ in range(1000):
            request = SignatureRequest(signers=(role,), level=PadesLevel.B_B, at=datetime.now(UTC))
            levels.add(sign_copy(pdf, request=request, services=pki_services).level)

    assert levels == {PadesLevel.B_B}
    assert pin.asked == 1

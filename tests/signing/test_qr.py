import random
from datetime import date

import numpy as np
import pytest
import zxingcpp
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import ConfigurationError, InputError, UnsupportedDocument
from domain.models import SealContent
from signing.qr import QrMatrix, ScannedCode, judge_host, parse_code, qr_matrix, seal_room, verification_link
from signing.seal import make_seal
from signing.seal_keys import seal_key

ID = "0123456789abcdef"
HOST = "kho.tinhmau.example.vn"
LINK = f"https://{HOST}/v/{ID}"


def seal_of(size: int, seed: int = 1) -> str:
    return "".join(random.Random(seed).choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", k=(size * 8 + 4) // 5))


def picture(matrix: QrMatrix, scale: int = 3) -> np.ndarray:
    dark = np.pad(np.array(matrix), 4)
    return np.kron(np.where(dark, 0, 255), np.ones((scale, scale))).astype(np.uint8)


def read(matrix: QrMatrix) -> str:
    (code,) = zxingcpp.read_barcodes(picture(matrix))
    return code.text


@pytest.mark.parametrize("size", [100, 150, 188, 210])
def test_a_reader_gets_link_and_seal_back(size: int) -> None:
    seal = seal_of(size, size)
    text = read(qr_matrix(LINK, seal))

    assert text == f"{LINK}#{seal}"
    assert parse_code(text) == ScannedCode(host=HOST, document_id=ID, seal=seal)


def test_a_real_seal_is_read_from_a_code_of_at_most_version_14() -> None:
    key = seal_key(derive_private_key(7, SECP256R1()), issuer="UBND xã Tân Tiến")
    content = SealContent(
        document_id=ID,
        issuer=key.issuer,
        key_id=key.key_id.hex(),
        kind="marital_status",
        number="128/UBND-XNTTHN",
        issue_date="2026-11-20",
        register_number="12/2026-SCTĐT/BS",
        certified_on=date(2026, 11, 21),
        holder="Nguyễn V* A*",
        status_index=70001,
        content_sha256="5d" * 32,
    )
    seal = make_seal(content, key, room=seal_room(LINK))
    matrix = qr_matrix(LINK, seal)

    assert len(matrix) <= 17 + 4 * 14
    assert parse_code(read(matrix)).seal == seal


@pytest.mark.parametrize("host", ["a.vn", HOST, "x" * 40 + ".example.vn", "127.0.0.1:8000"])
@pytest.mark.parametrize("version", [9, 10, 12, 14, 16])
def test_the_room_for_a_seal_is_exactly_what_fits(host: str, version: int) -> None:
    link = verification_link(host, ID)
    room = seal_room(link, maximum_version=version)

    assert len(qr_matrix(link, seal_of(room), maximum_version=version)) == 17 + 4 * version
    with pytest.raises(InputError):
        qr_matrix(link, seal_of(room + 1), maximum_version=version)


def test_what_no_code_can_hold_is_refused() -> None:
    with pytest.raises(InputError):
        qr_matrix(LINK, "A" * 5000)


def test_the_link_is_written_in_lower_case() -> None:
    assert verification_link("KHO.Tinhmau.example.VN", ID) == LINK


@pytest.mark.parametrize("host", ["", "a b", "https://kho.vn", "kho.vn/", "tỉnh.vn", "kho.vn:", "-kho.vn", "u@kho.vn"])
def test_a_host_that_is_no_host_name_is_a_wrong_setting(host: str) -> None:
    with pytest.raises(ConfigurationError):
        verification_link(host, ID)


def test_an_identifier_that_is_none_makes_no_link() -> None:
    with pytest.raises(ConfigurationError):
        verification_link(HOST, "../../etc/passwd")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"  {LINK}\n", ScannedCode(host=HOST, document_id=ID, seal="")),
        (f"https://{HOST}/v/{ID}/", ScannedCode(host=HOST, document_id=ID, seal="")),
        (f"HTTPS://{HOST.upper()}/v/{ID.upper()}#ABC", ScannedCode(host=HOST, document_id=ID, seal="ABC")),
        ("http://127.0.0.1:8000/v/" + ID, ScannedCode(host="127.0.0.1:8000", document_id=ID, seal="")),
        (ID, ScannedCode(host="", document_id=ID, seal="")),
        ("O123-4567-89AB-CDEF", ScannedCode(host="", document_id=ID, seal="")),
        ("A" * 80, ScannedCode(host="", document_id="", seal="A" * 80)),
    ],
)
def test_what_was_scanned_or_typed_is_understood(text: str, code: ScannedCode) -> None:
    assert parse_code(text) == code


@pytest.mark.parametrize(
    "text",
    ["", "hello", "https://example.vn/", f"https://{HOST}/v/", f"https://{HOST}/v/short", f"ftp://{HOST}/v/{ID}",
     f"javascript:alert(1)//v/{ID}", "https://[::1/v/" + ID, f"https://{HOST}:99999999/v/{ID}", "001099012345|x|y",
     f"https://{HOST}/v/{ID}/../../admin", f"{LINK}#" + "A" * 5000],
)  # fmt: skip
def test_what_is_no_code_of_ours_is_refused(text: str) -> None:
    with pytest.raises(UnsupportedDocument):
        parse_code(text)


def test_a_user_name_that_looks_like_our_host_does_not_hide_where_the_link_leads() -> None:
    assert parse_code(f"https://{HOST}@evil.example/v/{ID}").host == "evil.example"


@pytest.mark.parametrize(
    ("host", "code"),
    [
        (HOST, "host_ours"),
        ("kho.tinhmau.examp1e.vn", "host_look_alike"),
        ("kho.tlnhmau.example.vn", "host_look_alike"),
        ("kho-tinhmau.example.vn", "host_look_alike"),
        ("kho.tinhmau.exarnple.vn", "host_look_alike"),
        ("kho.tinhmau.example.vn.evil.com", "host_look_alike"),
        ("kho.tinhmau.example.com", "host_look_alike"),
        ("kho.tịnhmau.example.vn", "host_look_alike"),
        ("xn--kho-tnhmau.example.vn", "host_look_alike"),
        ("kho.tinhmau.example.vn:8443", "host_look_alike"),
        ("tracuu.tinhkhac.gov.vn", "host_foreign"),
        ("evil.com", "host_foreign"),
    ],
)
def test_hosts_that_only_look_like_ours_are_named_as_such(host: str, code: str) -> None:
    reason = judge_host(host, frozenset({HOST, "sohoa.example.vn"}))

    assert reason.code == code
    assert reason.good == (code == "host_ours")


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=80) | st.text(max_size=60).map(lambda rest: f"https://{HOST}/v/{ID}{rest}"))
def test_no_text_at_all_makes_the_reading_of_a_code_break_off(text: str) -> None:
    try:
        code = parse_code(text)
    except UnsupportedDocument:
        return
    judge_host(code.host, frozenset({HOST}))

    assert code.document_id or code.seal

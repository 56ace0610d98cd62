import base64
from dataclasses import replace
from datetime import date

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, SECP384R1, derive_private_key, generate_private_key
from cwt import COSE, COSEKey
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import ConfigurationError, InputError
from domain.models import SealContent
from signing.cbor import CborFault, decode, encode
from signing.cose import SIGN1_TAG, read_message, sign_message, signature_holds
from signing.seal import make_seal, mask_name, read_seal
from signing.seal_keys import (
    KeyUse,
    PublishedKey,
    SealKey,
    SealKeySet,
    key_id_of,
    published_key,
    read_key_set,
    seal_key,
    write_key_set,
)

KEY = seal_key(derive_private_key(0x5EA1, SECP256R1()), issuer="UBND xã Tân Tiến")
KEYS = SealKeySet((published_key(KEY, unit="H05.12", valid_from=date(2026, 1, 1)),))
CONTENT = SealContent(
    document_id="0123456789abcdef",
    issuer="UBND xã Tân Tiến",
    key_id=KEY.key_id.hex(),
    kind="birth_certificate",
    number="45/2026",
    issue_date="2026-11-20",
    register_number="12/2026-SCTĐT/BS",
    certified_on=date(2026, 11, 21),
    holder="Nguyễn V* A*",
    status_index=70001,
    content_sha256="5d" * 32,
)
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def pack(data: bytes) -> str:
    return base64.b32encode(data).rstrip(b"=").decode()


def unpack(text: str) -> bytes:
    return base64.b32decode(text + "=" * (-len(text) % 8))


def signed(payload: object, key: SealKey = KEY) -> str:
    return pack(sign_message(cbor2.dumps(payload, canonical=True), key=key.private_key, key_id=key.key_id))


def payload_of(content: SealContent = CONTENT) -> dict[int, object]:
    payload = cbor2.loads(read_message(unpack(make_seal(content, KEY))).payload)
    assert isinstance(payload, dict)
    return payload


def test_a_seal_says_what_was_sealed() -> None:
    reading = read_seal(make_seal(CONTENT, KEY), KEYS)

    assert reading.content == CONTENT
    assert (reading.reason.code, reading.reason.good) == ("seal_holds", True)


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@settings(max_examples=60, deadline=None)
@given(
    st.builds(
        SealContent,
        document_id=st.text("0123456789abcdefghjkmnpqrstvwxyz", min_size=16, max_size=16),
        issuer=st.just(CONTENT.issuer),
        key_id=st.just(CONTENT.key_id),
        kind=texts,
        number=texts,
        issue_date=st.sampled_from(["", "2026", "2026-11", "2026-11-20", "0999-01-01", "20/11/2026", "tháng 11"]),
        register_number=texts,
        certified_on=st.dates(date(2026, 1, 1), date(9999, 12, 31)),
        holder=texts,
        status_index=st.integers(0, 2**40),
        content_sha256=st.binary(min_size=32, max_size=32).map(bytes.hex),
        extra=st.dictionaries(texts, texts, max_size=4),
    )
)
def test_whatever_is_sealed_comes_back_the_same(content: SealContent) -> None:
    assert read_seal(make_seal(content, KEY), KEYS).content == content


def test_any_character_changed_breaks_the_seal() -> None:
    seal = make_seal(CONTENT, KEY)
    changed = [seal[:i] + ("A" if seal[i] != "A" else "B") + seal[i + 1 :] for i in range(len(seal))]

    assert not [text for text in changed if read_seal(text, KEYS).holds]


def test_any_bit_changed_breaks_the_seal() -> None:
    data = unpack(make_seal(CONTENT, KEY))
    codes = set()
    for bit in range(len(data) * 8):
        flipped = bytearray(data)
        flipped[bit // 8] ^= 1 << (bit % 8)
        codes.add(read_seal(pack(bytes(flipped)), KEYS).reason.code)

    assert "seal_holds" not in codes
    assert codes <= {
        "seal_bad_signature", "seal_malformed", "seal_truncated", "seal_unknown_key", "seal_future_version"
    }  # fmt: skip


@pytest.mark.parametrize("cut", [1, 2, 5, 50, 200])
def test_a_seal_that_is_cut_short_is_called_truncated(cut: int) -> None:
    data = unpack(make_seal(CONTENT, KEY))

    assert read_seal(pack(data[:-cut]), KEYS).reason.code == "seal_truncated"


def test_every_shorter_text_is_refused() -> None:
    seal = make_seal(CONTENT, KEY)

    assert not [n for n in range(len(seal)) if read_seal(seal[:n], KEYS).holds]


@pytest.mark.parametrize("text", ["", "AAAA", "seal", "ÀÁ", "A" * 5000, "=" * 8, "A" * 64, "0189"])
def test_what_is_no_seal_at_all_is_refused(text: str) -> None:
    assert read_seal(text, KEYS).reason.code in ("seal_truncated", "seal_malformed")


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=120))
def test_garbage_never_raises(data: bytes) -> None:
    assert not read_seal(pack(bytes([SIGN1_TAG]) + data), KEYS).holds
    assert not read_seal(pack(data), KEYS).holds


def test_deeply_nested_garbage_never_raises() -> None:
    assert read_seal(pack(bytes([SIGN1_TAG]) + b"\x81" * 2000), KEYS).reason.code == "seal_malformed"


def test_lower_case_or_bits_beyond_the_end_make_no_second_text_of_the_same_seal() -> None:
    seal = make_seal(replace(CONTENT, holder="Nguyễn V* B*1"), KEY)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    twin = seal[:-1] + alphabet[alphabet.index(seal[-1]) ^ 1]

    assert len(seal) % 8 != 0
    assert read_seal(seal, KEYS).holds
    assert not read_seal(seal.lower(), KEYS).holds
    assert not read_seal(twin, KEYS).holds


def test_the_other_form_of_the_signature_makes_no_second_seal() -> None:
    data = unpack(make_seal(CONTENT, KEY))
    s = int.from_bytes(data[-32:], "big")
    twin = data[:-32] + (ORDER - s).to_bytes(32, "big")
    message = read_message(twin)

    assert signature_holds(message, KEY.private_key.public_key(), strict=False)
    assert read_seal(pack(twin), KEYS).reason.code == "seal_bad_signature"


def test_a_seal_of_an_unknown_key_names_that_key() -> None:
    other = seal_key(generate_private_key(SECP256R1()), issuer="Ai đó")
    reading = read_seal(make_seal(CONTENT, other), KEYS)

    assert reading.reason.code == "seal_unknown_key"
    assert reading.reason.values == {"key": other.key_id.hex()}


def test_a_stranger_who_claims_a_published_key_is_found_out() -> None:
    forged = SealKey(key_id=KEY.key_id, private_key=generate_private_key(SECP256R1()), issuer=KEY.issuer)

    assert read_seal(make_seal(CONTENT, forged), KEYS).reason.code == "seal_bad_signature"


def test_a_key_for_status_lists_makes_no_seals() -> None:
    keys = SealKeySet((published_key(KEY, valid_from=date(2026, 1, 1), uses=[KeyUse.STATUS_LIST]),))

    assert read_seal(make_seal(CONTENT, KEY), keys).reason.code == "seal_unknown_key"


def test_a_signed_message_of_another_content_type_is_no_seal() -> None:
    payload = read_message(unpack(make_seal(CONTENT, KEY))).payload
    message = sign_message(payload, key=KEY.private_key, key_id=KEY.key_id, content_type="text/plain")

    assert read_seal(pack(message), KEYS).reason.code == "seal_bad_signature"


def test_a_later_version_is_told_from_a_broken_seal() -> None:
    reading = read_seal(signed({**payload_of(), 0: 2, 11: "new"}), KEYS)

    assert reading.reason.code == "seal_future_version"
    assert reading.reason.values == {"version": "2"}


def test_another_algorithm_is_called_a_later_version() -> None:
    parts = cbor2.loads(unpack(make_seal(CONTENT, KEY))).value
    parts[0] = cbor2.dumps({1: -8, 4: KEY.key_id}, canonical=True)

    assert read_seal(pack(cbor2.dumps(cbor2.CBORTag(18, parts))), KEYS).reason.code == "seal_future_version"


@pytest.mark.parametrize(
    "change",
    [
        {1: b"short"},
        {1: "0123456789abcdef"},
        {2: 7},
        {2: ""},
        {4: 202},
        {4: "2026-11-20"},
        {6: -1},
        {6: 10**9},
        {8: "3"},
        {9: b"x" * 31},
        {10: {"a": 1}},
        {10: ["a"]},
        {11: 0},
    ],
)
def test_a_payload_out_of_form_is_refused_though_it_is_signed(change: dict[int, object]) -> None:
    assert read_seal(signed({**payload_of(), **change}), KEYS).reason.code == "seal_malformed"


@pytest.mark.parametrize("missing", [1, 6, 8, 9])
def test_a_payload_without_what_it_must_have_is_refused(missing: int) -> None:
    payload = payload_of()
    del payload[missing]

    assert read_seal(signed(payload), KEYS).reason.code == "seal_malformed"


def test_bytes_after_the_seal_are_refused() -> None:
    assert read_seal(pack(unpack(make_seal(CONTENT, KEY)) + b"\x00"), KEYS).reason.code == "seal_malformed"


@pytest.mark.parametrize(
    ("day", "code"), [(date(2026, 11, 22), "seal_holds"), (date(2026, 11, 19), "seal_from_future")]
)
def test_a_seal_from_the_future_is_refused(day: date, code: str) -> None:
    assert read_seal(make_seal(CONTENT, KEY), KEYS, on=day).reason.code == code


def test_a_seal_dated_outside_of_its_keys_time_is_refused() -> None:
    early = make_seal(replace(CONTENT, certified_on=date(2025, 12, 31)), KEY)

    assert read_seal(early, KEYS).reason.code == "seal_key_out_of_time"


def test_old_seals_are_read_after_the_key_was_rotated_and_new_ones_of_the_old_key_are_not() -> None:
    successor = seal_key(generate_private_key(SECP256R1()), issuer=KEY.issuer)
    rotated = KEYS.with_key(
        published_key(successor, unit="H05.12", valid_from=date(2026, 12, 1)), rotated_on=date(2026, 12, 1)
    )
    late = replace(CONTENT, certified_on=date(2026, 12, 2))

    assert read_seal(make_seal(CONTENT, KEY), rotated).holds
    assert read_seal(make_seal(late, successor), rotated).holds
    assert read_seal(make_seal(late, KEY), rotated).reason.code == "seal_key_out_of_time"


def test_no_seal_of_a_compromised_key_is_believed_whatever_its_date() -> None:
    (key,) = KEYS.keys
    keys = SealKeySet((replace(key, compromised=True),))

    assert read_seal(make_seal(CONTENT, KEY), keys).reason.code == "seal_key_compromised"


def test_a_published_key_set_reads_back_the_same() -> None:
    again = read_key_set(write_key_set(KEYS))

    assert write_key_set(again) == write_key_set(KEYS)
    assert read_seal(make_seal(CONTENT, KEY), again).content == CONTENT


@pytest.mark.parametrize(
    "data",
    [b"", b"{}", b"[]", b'{"format": "x", "keys": []}', b'{"format": "sohoa-seal-keys/1", "keys": [{}]}', b"\xff"],
)
def test_a_file_that_is_no_key_set_is_refused(data: bytes) -> None:
    with pytest.raises(ConfigurationError):
        read_key_set(data)


def test_a_key_set_with_two_keys_of_one_name_is_refused() -> None:
    with pytest.raises(ConfigurationError):
        read_key_set(write_key_set(SealKeySet(KEYS.keys * 2)))
    with pytest.raises(ConfigurationError):
        KEYS.with_key(KEYS.keys[0])


def test_a_point_that_is_not_on_the_curve_is_refused() -> None:
    data = write_key_set(KEYS).replace(b'"x": "', b'"x": "A')

    with pytest.raises(ConfigurationError):
        read_key_set(data)


def test_only_keys_on_p256_make_seals() -> None:
    key = generate_private_key(SECP384R1())

    with pytest.raises(ConfigurationError):
        make_seal(CONTENT, SealKey(key_id=key_id_of(key.public_key()), private_key=key, issuer=""))


@pytest.mark.parametrize("change", [{"document_id": "x"}, {"content_sha256": "5d"}, {"status_index": -1}])
def test_content_that_cannot_be_sealed_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(InputError):
        make_seal(replace(CONTENT, **change), KEY)  # type: ignore[arg-type]


def test_texts_are_shortened_until_the_seal_fits_and_the_rest_stays() -> None:
    long = replace(CONTENT, holder="Nguyễn " * 8, number="Số 45/2026 " * 6)
    seal = make_seal(long, KEY, room=217)
    content = read_seal(seal, KEYS).content

    assert content is not None
    assert len(unpack(seal)) <= 217
    assert content.number.endswith("…")
    assert replace(content, holder=long.holder, number=long.number) == long


def test_what_cannot_be_made_to_fit_is_refused() -> None:
    with pytest.raises(InputError):
        make_seal(replace(CONTENT, extra={"hệ thống": "x" * 200}), KEY, room=217)


def test_a_typical_seal_fits_beside_a_typical_link_as_it_is() -> None:
    assert len(unpack(make_seal(CONTENT, KEY))) <= 217


def test_the_masked_name_shows_one_letter_of_all_but_the_family_name() -> None:
    assert mask_name("Nguyễn Thị  Ánh") == "Nguyễn T* Á*"
    assert mask_name("") == ""


def test_another_implementation_of_cose_reads_the_seal() -> None:
    key = COSEKey.new(_cose_key(KEYS.keys[0]))
    payload = COSE.new().decode(unpack(make_seal(CONTENT, KEY)), keys=key)

    assert cbor2.loads(payload)[1] == bytes.fromhex("00443214c74254b635cf")


def test_a_seal_made_by_another_implementation_of_cose_is_read() -> None:
    private = COSEKey.new({**_cose_key(KEYS.keys[0]), -4: (0x5EA1).to_bytes(32, "big")})
    payload = read_message(unpack(make_seal(CONTENT, KEY))).payload
    for _ in range(40):
        message = COSE.new().encode(payload, private, protected={1: -7, 4: KEY.key_id})
        if int.from_bytes(message[-32:], "big") <= ORDER // 2:
            break

    assert read_seal(pack(message), KEYS).content == CONTENT


def test_the_example_of_rfc_9052_verifies() -> None:
    # RFC 9052, C.2.1; the key "11" of C.7.1
    example = bytes.fromhex(
        "d28443a10126a10442313154546869732069732074686520636f6e74656e742e"
        "58408eb33e4ca31d1c465ab05aac34cc6b23d58fef5c083106c4d25a91aef0b0117e2af9a291aa32e14ab834dc56ed2a223444547e01f11d3b0916e5a4c345cacb36"
    )
    public = PublishedKey(
        key_id=b"11",
        issuer="",
        valid_from=date(2022, 8, 1),
        public_key=read_key_set(
            b'{"format": "sohoa-seal-keys/1", "keys": [{"key_id": "3131", "issuer": "", "valid_from": "2022-08-01",'
            b'"uses": ["seal"], "public_key": {"kty": "EC", "crv": "P-256",'
            b'"x": "usWxHK2PmfnHKwXPS54m0kTcGJ90UiglWiGahtagnv8",'
            b'"y": "IBOL-C3BttVivg-lSreASjpkttcsz-1rb7btKLv8EX4"}}]}'
        )
        .keys[0]
        .public_key,
    )
    protected, unprotected, payload, signature = cbor2.loads(example).value
    message = replace(
        read_message(sign_message(payload, key=KEY.private_key, key_id=b"11")), protected=protected, signature=signature
    )

    assert unprotected == {4: b"11"}
    assert signature_holds(message, public.public_key, strict=False)
    assert not signature_holds(replace(message, payload=b"This is the content!"), public.public_key, strict=False)


cbor_values = st.recursive(
    st.integers(-(2**64), 2**64 - 1) | st.binary(max_size=40) | texts,
    # keys of one kind in a map: cbor2 still sorts mixed ones as RFC 7049 did
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.integers(0, 30), inner, max_size=4)
        | st.dictionaries(texts, inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(cbor_values)
def test_our_reader_of_cbor_agrees_with_cbor2(value: object) -> None:
    encoded = cbor2.dumps(value, canonical=True)

    try:
        assert decode(encoded) == value
    except CborFault as e:
        assert "deep" in str(e)


@pytest.mark.parametrize(
    "data",
    [
        "1800",
        "190001",
        "1b0000000000000001",
        "5800",
        "9f01ff",
        "a2010102",
        "a201010101",
        "a202010101",
        "f6",
        "f5",
        "f90000",
        "c000",
        "d8184100",
        "a1f501",
        "61ff",
        "1c",
        "0000",
        "a1810101",
    ],
)
def test_cbor_in_any_but_the_one_form_is_refused(data: str) -> None:
    with pytest.raises(CborFault):
        decode(bytes.fromhex(data))


def test_encoding_is_deterministic() -> None:
    assert encode({9: b"", 1: "a", 4: [1, -1]}) == encode({4: [1, -1], 9: b"", 1: "a"})


def _cose_key(key: PublishedKey) -> dict[int, object]:
    numbers = key.public_key.public_numbers()
    x, y = numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big")
    return {1: 2, 2: key.key_id, 3: -7, -1: 1, -2: x, -3: y}

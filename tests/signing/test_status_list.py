import base64
import zlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key, generate_private_key

from domain.errors import ConfigurationError, InputError
from domain.models import RecordState, SealContent
from signing.cose import sign_message
from signing.seal import make_seal, read_seal
from signing.seal_keys import KeyUse, SealKey, SealKeySet, published_key, seal_key
from signing.status_list import (
    CONTENT_TYPE,
    MINIMUM_SIZE,
    StatusListRefused,
    draw_index,
    list_size,
    make_status_list,
    read_status_list,
)

KEY = seal_key(derive_private_key(0x11571, SECP256R1()), issuer="Sở Tư pháp tỉnh Mẫu")
KEYS = SealKeySet((published_key(KEY, valid_from=date(2026, 1, 1)),))
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
STATES = {0: RecordState.WITHDRAWN, 1: RecordState.SUPERSEDED, 777: RecordState.SUSPENDED, 4095: RecordState.EXPIRED}


def make(number: int = 812, at: datetime = NOW, key: SealKey = KEY) -> bytes:
    return make_status_list(STATES, size=4096, number=number, issued_at=at, valid_for=timedelta(hours=1), key=key)


def refusal(data: bytes, keys: SealKeySet = KEYS, **options: object) -> str:
    with pytest.raises(StatusListRefused) as caught:
        read_status_list(data, keys, **options)  # type: ignore[arg-type]
    assert not caught.value.reason.good
    return caught.value.reason.code


def signed(change: dict[int, object], content_type: str = CONTENT_TYPE) -> bytes:
    payload = {0: 1, 1: 3, 2: int(NOW.timestamp()), 3: int(NOW.timestamp()) + 60, 4: 10, 5: zlib.compress(bytes(5))}
    return sign_message(
        cbor2.dumps({**payload, **change}, canonical=True),
        key=KEY.private_key,
        key_id=KEY.key_id,
        content_type=content_type,
    )


def test_every_state_is_found_at_its_place_and_all_other_papers_hold() -> None:
    found = read_status_list(make(), KEYS, at=NOW)

    assert {index: found.state(index).state for index in STATES} == STATES
    assert {found.state(index).state for index in range(4096) if index not in STATES} == {RecordState.IN_FORCE}
    assert (found.state(5).number, found.state(5).issued_at, found.issuer) == (812, NOW, KEY.issuer)


def test_a_list_says_when_it_is_stale() -> None:
    found = read_status_list(make(), KEYS, at=NOW)

    assert not found.is_stale(NOW + timedelta(minutes=59))
    assert found.is_stale(NOW + timedelta(minutes=61))


def test_a_paper_beyond_the_end_of_the_list_is_not_called_in_force() -> None:
    with pytest.raises(StatusListRefused) as caught:
        read_status_list(make(), KEYS).state(4096)

    assert caught.value.reason.code == "status_list_too_short"


def test_any_bit_changed_is_refused() -> None:
    data = make()
    codes = set()
    for bit in range(len(data) * 8):
        flipped = bytearray(data)
        flipped[bit // 8] ^= 1 << (bit % 8)
        codes.add(refusal(bytes(flipped)))

    assert "status_list_bad_signature" in codes


@pytest.mark.parametrize("size", [0, 1, 20, 100])
def test_a_list_that_is_cut_short_is_refused(size: int) -> None:
    assert refusal(make()[:size]) in ("status_list_truncated", "status_list_malformed")


def test_an_older_list_than_was_seen_is_refused_and_the_same_one_is_not() -> None:
    assert refusal(make(811), newest_seen=812) == "status_list_rolled_back"
    assert read_status_list(make(812), KEYS, newest_seen=812).number == 812


def test_a_list_from_the_future_is_refused_but_for_a_clock_that_is_a_little_slow() -> None:
    assert refusal(make(at=NOW + timedelta(minutes=6)), at=NOW) == "status_list_from_future"
    assert read_status_list(make(at=NOW + timedelta(minutes=4)), KEYS, at=NOW).number == 812


def test_a_list_of_a_strange_key_or_of_a_key_for_seals_is_refused() -> None:
    seals_only = SealKeySet((published_key(KEY, valid_from=date(2026, 1, 1), uses=[KeyUse.SEAL]),))
    forged = SealKey(key_id=KEY.key_id, private_key=generate_private_key(SECP256R1()), issuer="")

    assert refusal(make(key=seal_key(generate_private_key(SECP256R1()), issuer=""))) == "status_list_unknown_key"
    assert refusal(make(), seals_only) == "status_list_unknown_key"
    assert refusal(make(key=forged)) == "status_list_bad_signature"


def test_a_list_of_a_compromised_or_retired_key_is_refused() -> None:
    (key,) = KEYS.keys

    assert refusal(make(), SealKeySet((replace(key, compromised=True),))) == "seal_key_compromised"
    assert refusal(make(), SealKeySet((replace(key, valid_to=date(2026, 11, 1)),))) == "seal_key_out_of_time"


def test_a_key_that_is_published_from_today_on_in_vietnam_signs_a_list_of_yesterday_evening_in_utc() -> None:
    keys = SealKeySet((published_key(KEY, valid_from=date(2026, 11, 22)),))
    evening = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)

    assert read_status_list(make(at=evening), keys, at=evening).number == 812
    assert refusal(make(at=evening - timedelta(days=1)), keys) == "seal_key_out_of_time"


def test_a_seal_is_no_status_list_and_a_status_list_is_no_seal() -> None:
    content = SealContent(
        document_id="0123456789abcdef",
        issuer="",
        key_id="",
        kind="",
        number="",
        issue_date="",
        register_number="",
        certified_on=date(2026, 11, 21),
        holder="",
        status_index=0,
        content_sha256="00" * 32,
    )
    seal = make_seal(content, KEY)
    list_as_text = base64.b32encode(make()).rstrip(b"=").decode()

    assert refusal(base64.b32decode(seal + "=" * (-len(seal) % 8))) == "status_list_bad_signature"
    assert not read_seal(list_as_text, KEYS).holds


@pytest.mark.parametrize(
    "change",
    [{0: 2}, {1: "3"}, {4: 0}, {4: 9}, {4: 12}, {4: 1 << 40}, {5: b"junk"}, {5: zlib.compress(bytes(5))[:-1]},
     {5: zlib.compress(bytes(5)) + b"x"}, {5: zlib.compress(b"\x05" * 5)}, {5: zlib.compress(bytes(10**6))}, {6: 1},
     {2: 1 << 62}],
)  # fmt: skip
def test_a_list_out_of_form_is_refused_though_it_is_signed(change: dict[int, object]) -> None:
    assert read_status_list(signed({}), KEYS).size == 10
    if change == {4: 9}:
        assert read_status_list(signed(change), KEYS).size == 9
    else:
        assert refusal(signed(change)) == "status_list_malformed"


def test_a_place_outside_of_the_list_is_a_wrong_size() -> None:
    with pytest.raises(ConfigurationError):
        make_status_list({8: RecordState.WITHDRAWN}, size=8, number=1, issued_at=NOW, key=KEY)
    with pytest.raises(ConfigurationError):
        make_status_list({}, size=1 << 40, number=1, issued_at=NOW, key=KEY)


def test_a_list_of_a_million_papers_is_small() -> None:
    states = {index * 1009: RecordState.WITHDRAWN for index in range(1000)}
    data = make_status_list(states, size=1 << 20, number=1, issued_at=NOW, key=KEY)

    assert len(data) < 10_000
    assert read_status_list(data, KEYS).state(1009 * 999).state is RecordState.WITHDRAWN


def test_places_are_drawn_from_those_that_are_free() -> None:
    numbers = iter([3, 3, 5, 0])

    assert draw_index({3, 5}, size=8, random_below=lambda size: next(numbers)) == 0
    with pytest.raises(ConfigurationError):
        draw_index(range(8), size=8, random_below=lambda size: 0)


@pytest.mark.parametrize(
    ("papers", "size"),
    [(0, MINIMUM_SIZE), (MINIMUM_SIZE // 2, MINIMUM_SIZE), (MINIMUM_SIZE // 2 + 1, 2 * MINIMUM_SIZE)],
)
def test_at_least_half_of_a_list_is_free(papers: int, size: int) -> None:
    assert list_size(papers) == size


def test_a_refusal_is_an_error_of_input_with_a_message() -> None:
    with pytest.raises(InputError, match="danh sách trạng thái"):
        read_status_list(b"", KEYS)

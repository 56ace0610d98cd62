"""The status list: which certified papers do not hold any more, signed, for anyone to download.

A paper has a random place in it that only its seal names: the list tells nothing about papers that one does not hold.
The format is in `docs/seal.md`.
"""

import zlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from domain.errors import ConfigurationError, InputError
from domain.models import Reason, RecordState, StatusAnswer
from signing.cbor import CborFault, CborTruncated, CborValue, decode, encode
from signing.cose import read_message, sign_message, signature_holds
from signing.seal_keys import KeyUse, SealKey, SealKeySet

CONTENT_TYPE = "application/sohoa-status-list+cbor"
VERSION = 1
MINIMUM_SIZE = 1 << 17
MAXIMUM_SIZE = 1 << 27
"""Places; 64 MiB when unpacked."""
CLOCK_TOLERANCE = timedelta(minutes=5)
_DAY_BEFORE_AND_AFTER = (timedelta(days=-1), timedelta(), timedelta(days=1))
"""Keys are published for days of the office's time zone; a list says its time in UTC."""
_STATES = (
    RecordState.IN_FORCE,
    RecordState.WITHDRAWN,
    RecordState.SUSPENDED,
    RecordState.SUPERSEDED,
    RecordState.EXPIRED,
)
"""Four bits a place; the first three as in the IETF's token status list (valid, invalid, suspended)."""
_VERSION, _NUMBER, _ISSUED, _NEXT, _SIZE, _BITS = range(6)


class StatusListRefused(InputError):
    """A status list that cannot be believed; `reason` says why, for the answer."""

    def __init__(self, message: str, reason: Reason) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusList:
    """A status list whose signature was found to hold."""

    number: int
    """Rises with every list."""
    issued_at: datetime
    next_update: datetime
    """When a newer list is due."""
    size: int
    """Places."""
    issuer: str
    places: bytes = field(repr=False)
    """Two places a byte, the even one in the low half."""

    def state(self, index: int) -> StatusAnswer:
        """Return what the list says about the paper at a place.

        Raises:
            StatusListRefused: the list has no such place, so that it is older than the paper.
        """
        if not 0 <= index < self.size:
            raise _refused("status_list_too_short", number=str(self.number))
        code = (self.places[index // 2] >> (4 * (index % 2))) & 15
        return StatusAnswer(number=self.number, issued_at=self.issued_at, state=_STATES[code])

    def is_stale(self, at: datetime) -> bool:
        """Return whether a newer list was due before this time."""
        return at > self.next_update


def list_size(papers: int) -> int:
    """Return how many places a list for so many papers has: a power of two, at most half of it taken."""
    size = MINIMUM_SIZE
    while size < 2 * papers:
        size *= 2
    return size


def draw_index(taken: Collection[int], *, size: int, random_below: Callable[[int], int]) -> int:
    """Return a random place that is not taken.

    Args:
        random_below: gives a random number from 0 up to, without, its argument, e.g. `secrets.randbelow`.

    Raises:
        ConfigurationError: every place is taken.
    """
    if len(taken) >= size:
        raise ConfigurationError("Danh sách trạng thái đã đầy. Vui lòng tăng kích thước danh sách trong cấu hình.")
    while (index := random_below(size)) in taken:
        pass
    return index


def make_status_list(
    states: Mapping[int, RecordState],
    *,
    size: int,
    number: int,
    issued_at: datetime,
    valid_for: timedelta = timedelta(days=1),
    key: SealKey,
) -> bytes:
    """Return a signed list; places that are not mentioned are in force.

    Raises:
        ConfigurationError: a place lies outside of the list, or the list is too large.
    """
    if not 0 < size <= MAXIMUM_SIZE or any(not 0 <= index < size for index in states):
        raise ConfigurationError(
            f"Danh sách trạng thái không chứa được vị trí ngoài {size} chỗ. Vui lòng tăng kích thước."
        )
    places = bytearray((size + 1) // 2)
    for index, state in states.items():
        places[index // 2] |= _STATES.index(state) << (4 * (index % 2))
    payload: dict[int | str, CborValue] = {
        _VERSION: VERSION,
        _NUMBER: number,
        _ISSUED: int(issued_at.timestamp()),
        _NEXT: int((issued_at + valid_for).timestamp()),
        _SIZE: size,
        _BITS: zlib.compress(bytes(places), 9),
    }
    return sign_message(encode(payload), key=key.private_key, key_id=key.key_id, content_type=CONTENT_TYPE)


def read_status_list(data: bytes, keys: SealKeySet, *, at: datetime | None = None, newest_seen: int = 0) -> StatusList:
    """Return the list if it is one of these keys' and unchanged.

    Args:
        at: the time now; a list from the future is refused.
        newest_seen: number of the newest list that was ever seen; an older one is refused.

    Raises:
        StatusListRefused: it cannot be believed.
    """
    try:
        message = read_message(data)
        key = keys.find(message.key_id, KeyUse.STATUS_LIST)
        if key is None:
            raise _refused("status_list_unknown_key", key=message.key_id.hex()[:16])
        if message.content_type != CONTENT_TYPE or not signature_holds(message, key.public_key):
            raise _refused("status_list_bad_signature", issuer=key.issuer)
        if key.compromised:
            raise _refused("seal_key_compromised", issuer=key.issuer)
        found = _parse(decode(message.payload), key.issuer)
    except CborTruncated as e:
        raise _refused("status_list_truncated") from e
    except (CborFault, zlib.error, OverflowError, OSError) as e:
        raise _refused("status_list_malformed") from e
    if not any(key.covers(found.issued_at.date() + shift) for shift in _DAY_BEFORE_AND_AFTER):
        raise _refused("seal_key_out_of_time", issuer=key.issuer, day=found.issued_at.strftime("%d/%m/%Y"))
    if found.number < newest_seen:
        raise _refused("status_list_rolled_back", number=str(found.number), newest=str(newest_seen))
    if at is not None and found.issued_at > at + CLOCK_TOLERANCE:
        raise _refused("status_list_from_future", number=str(found.number))
    return found


def _parse(payload: CborValue, issuer: str) -> StatusList:
    match payload:
        case {
            0: 1,
            1: int() as number,
            2: int() as issued,
            3: int() as next_update,
            4: int() as size,
            5: bytes() as packed,
            **rest,
        } if not rest and 0 < size <= MAXIMUM_SIZE:
            pass
        case _:
            raise CborFault("not the payload of a status list")
    unpacker = zlib.decompressobj()
    places = unpacker.decompress(packed, (size + 1) // 2 + 1)
    if len(places) != (size + 1) // 2 or not unpacker.eof or unpacker.unused_data:
        raise CborFault("the places do not unpack to the size of the list")
    if places.translate(None, _known_pairs()):
        raise CborFault("a state that is not known here")
    return StatusList(
        number=number,
        issued_at=datetime.fromtimestamp(issued, UTC),
        next_update=datetime.fromtimestamp(next_update, UTC),
        size=size,
        issuer=issuer,
        places=places,
    )


def _known_pairs() -> bytes:
    """Return the bytes that hold two known states."""
    return bytes(high << 4 | low for high in range(len(_STATES)) for low in range(len(_STATES)))


def _refused(code: str, **values: str) -> StatusListRefused:
    message = "Không dùng được danh sách trạng thái này. Vui lòng tải lại danh sách mới nhất từ cơ quan cấp."
    return StatusListRefused(message, Reason(code=code, good=False, values=values))

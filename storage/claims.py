"""Claims: who writes an object now, for how long, and whether that process still lives."""

import json
import logging
import os
import secrets
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.errors import DocumentError, ObjectCorrupt, ObjectExists, ObjectMissing, StorageError, StoreUnavailable
from storage.keys import check_key, check_prefix, key_segment, sha512_of
from storage.objects import ObjectStore

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimOptions:
    """How long writers keep others out and how long they wait."""

    lease_seconds: float = 600
    """After this time a claim counts as abandoned, wherever its holder is."""
    patience_seconds: float = 60
    """How long to wait for another writer."""
    pause_seconds: float = 0.05
    """Between two looks whether the other one has finished."""


class Purpose(StrEnum):
    """What a writer is about to do, so that another one can bring it to an end."""

    CREATE = "create"
    EXTEND = "extend"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A writer's right to an object for some time."""

    root: str
    purpose: Purpose
    holder: str
    """Random, of the `Claims` that made it."""
    host: str
    """Where the holder runs."""
    process: int
    """The holder's process number there."""
    token: str
    """Random, of this claim."""
    expires: datetime
    """When it counts as abandoned in any case."""


class Claims:
    """Objects that say who is writing what; made on condition, so that one writer only holds a claim."""

    def __init__(
        self,
        store: ObjectStore,
        *,
        now: Callable[[], datetime],
        pause: Callable[[float], None],
        prefix: str = "claims/",
        options: ClaimOptions | None = None,
    ) -> None:
        self._store = store
        self._now = now
        self._pause = pause
        self._prefix = check_prefix(prefix)
        self._options = options or ClaimOptions()
        self._holder = secrets.token_hex(8)
        self._held: set[str] = set()

    @contextmanager
    def hold(self, root: str, purpose: Purpose, *, settle: Callable[[Claim], object]) -> Iterator[None]:
        """Keep every other writer out.

        Args:
            settle: Brings what a claim's holder began to an end, one way or the other. Called for a claim that is
                taken over from a holder that is gone, and for our own if the writing fails; if it fails too,
                the claim stays for the next run.

        Raises:
            StoreUnavailable: another writer does not finish, or the store cannot be reached.
        """
        key = self._prefix + key_segment(root)
        mine, content, left = self._take(key, root, purpose)
        try:
            if left is not None:
                settle(left)
            try:
                yield
            except DocumentError:
                with suppress(StorageError):
                    settle(mine)
                    self._give_back(key, mine, content)
                raise
            self._give_back(key, mine, content)
        finally:
            self._held.discard(mine.token)

    def abandoned(self) -> tuple[Claim, ...]:
        """Return the claims of holders that are gone."""
        return tuple(claim for claim in self._readable() if self._is_abandoned(claim))

    def _readable(self) -> Iterator[Claim]:
        """Yield all claims; a damaged one, or a foreign file, keeps nobody from working and is left to the audit."""
        for stat in tuple(self._store.list(self._prefix)):
            try:
                there = self._read(stat.key)
            except (ObjectCorrupt, ValueError):
                log.warning("%s is no claim that can be read", stat.key)
            else:
                if there is not None:
                    yield there[0]

    def _take(self, key: str, root: str, purpose: Purpose) -> tuple[Claim, bytes, Claim | None]:
        give_up = self._now() + timedelta(seconds=self._options.patience_seconds)
        while True:
            mine = self._new(root, purpose)
            content = _written(mine)
            self._held.add(mine.token)
            try:
                self._store.put(key, content)
                return mine, content, None
            except ObjectExists:
                pass
            if (there := self._read(key)) is None:
                continue
            if self._is_abandoned(there[0]) and self._take_over(key, content, there[1]):
                return mine, content, there[0]
            self._held.discard(mine.token)
            if self._now() > give_up:
                raise StoreUnavailable("Một tiến trình khác đang ghi cùng giấy tờ này quá lâu; hãy chờ rồi chạy lại.")
            self._pause(self._options.pause_seconds)

    def _take_over(self, key: str, mine: bytes, there: bytes) -> bool:
        try:
            self._store.replace(key, mine, expected_sha512=sha512_of(there))
        except (ObjectExists, ObjectMissing):
            return False
        return True

    def _give_back(self, key: str, mine: Claim, content: bytes) -> None:
        """End our claim; late in its lease, as clocks differ, only after a look whether another writer has it now."""
        if self._now() > mine.expires - timedelta(seconds=self._options.lease_seconds / 2):
            there = self._read(key)
            if there is None or there[1] != content:
                return
        self._store.delete(key)

    def _new(self, root: str, purpose: Purpose) -> Claim:
        return Claim(
            root=root,
            purpose=purpose,
            holder=self._holder,
            host=socket.gethostname(),
            process=os.getpid(),
            token=secrets.token_hex(8),
            expires=self._now() + timedelta(seconds=self._options.lease_seconds),
        )

    def _read(self, key: str) -> tuple[Claim, bytes] | None:
        try:
            content = self._store.get(key)
        except ObjectMissing:
            return None
        return _parsed(key, content), content

    def _is_abandoned(self, claim: Claim) -> bool:
        if self._now() > claim.expires:
            return True
        if claim.holder == self._holder:
            return claim.token not in self._held
        return claim.host == socket.gethostname() and not _is_alive(claim.process)


def _written(claim: Claim) -> bytes:
    return json.dumps({**asdict(claim), "expires": claim.expires.isoformat()}).encode("utf-8")


def _parsed(key: str, content: bytes) -> Claim:
    try:
        values = json.loads(content)
        return Claim(
            root=check_key(values["root"]),
            purpose=Purpose(values["purpose"]),
            holder=str(values["holder"]),
            host=str(values["host"]),
            process=int(values["process"]),
            token=str(values["token"]),
            expires=datetime.fromisoformat(values["expires"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise ObjectCorrupt(
            f"Tệp «{key}» trong kho lưu trữ bị hỏng; hãy báo quản trị viên kiểm tra rồi xóa tệp."
        ) from error


def _is_alive(process: int) -> bool:
    if os.name == "nt":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True

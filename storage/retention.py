"""How long papers must be kept: times and holds, as objects beside the papers, so that every back end obeys them."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from domain.errors import NotReady, ObjectCorrupt
from domain.identifiers import new_identifier
from domain.terms import PERMANENT
from storage.keys import sha512_of
from storage.objects import ObjectStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """An order that forbids the deletion of a paper."""

    id: str
    at: str
    """ISO 8601."""
    by: str
    reason: str


class Retention:
    """What must not be deleted yet. A back end with locks of its own refuses by itself as well."""

    def __init__(self, store: ObjectStore, *, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    def keep_until(self, document_id: str, last: date) -> None:
        """Record the last day on which a paper must be kept; the latest of several days counts."""
        self._store.put(f"retention/{document_id}/{last.isoformat()}", b"", retain_until=_end(last))

    def locked_until(self, document_id: str) -> datetime | None:
        """Return the last moment of the last day on which a paper must be kept, None if there is none.

        Raises:
            ObjectCorrupt: a record has a name that is no day.
        """
        last = self.kept_until(document_id)
        return None if last is None else _end(last)

    def hold(self, document_id: str, *, by: str, reason: str) -> str:
        """Forbid the deletion of a paper until the hold is lifted; return the hold's identifier."""
        identifier = new_identifier()
        content = {"at": self._now().isoformat(), "by": by, "reason": reason}
        self._store.put(_hold_key(document_id, identifier), _hold_bytes(content))
        return identifier

    def list_holds(self, document_id: str) -> tuple[Hold, ...]:
        """Return the holds on a paper, with who made them and why.

        Raises:
            ObjectCorrupt: one of them cannot be read.
        """
        return tuple(self._read_hold(document_id, identifier) for identifier in self.holds(document_id))

    def restore_hold(self, document_id: str, hold: Hold) -> None:
        """Put a hold back as it was; a second time is no change."""
        content = {"at": hold.at, "by": hold.by, "reason": hold.reason}
        self._store.put(_hold_key(document_id, hold.id), _hold_bytes(content))

    def _read_hold(self, document_id: str, identifier: str) -> Hold:
        try:
            told = read_hold(self._store.get(_hold_key(document_id, identifier)))
            return Hold(id=identifier, at=told["at"], by=told["by"], reason=told["reason"])
        except ValueError as error:
            raise ObjectCorrupt(
                f"Lệnh giữ {identifier} của giấy tờ {document_id} bị hỏng; hãy báo quản trị viên kiểm tra kho."
            ) from error

    def lift(self, document_id: str, hold: str) -> None:
        """End a hold; a second time is no change."""
        self._store.delete(_hold_key(document_id, hold))

    def holds(self, document_id: str) -> tuple[str, ...]:
        """Return the identifiers of the holds on a paper."""
        return tuple(stat.key.rpartition("/")[2].split(".")[0] for stat in self._store.list(f"holds/{document_id}/"))

    def kept_until(self, document_id: str) -> date | None:
        """Return the last day on which a paper must not be deleted.

        Raises:
            ObjectCorrupt: a record has a name that is no day.
        """
        names = [stat.key.rpartition("/")[2] for stat in self._store.list(f"retention/{document_id}/")]
        try:
            return max((date.fromisoformat(name) for name in names), default=None)
        except ValueError as error:
            raise ObjectCorrupt(
                f"Thời hạn lưu giữ của giấy tờ {document_id} bị hỏng; hãy báo quản trị viên kiểm tra kho."
            ) from error

    def require_deletable(self, document_id: str, *, promised: date | None = None) -> None:
        """Check that a paper may be deleted now.

        Args:
            promised: Until when it is kept by its own record; the later day counts.

        Raises:
            NotReady: its time is not over or somebody holds it.
        """
        until = max((day for day in (self.kept_until(document_id), promised) if day is not None), default=None)
        if until == PERMANENT:
            raise NotReady(f"Giấy tờ {document_id} phải lưu giữ vĩnh viễn; không được phép xóa.")
        if until is not None and self._now().astimezone(UTC).date() <= until:
            raise NotReady(f"Giấy tờ {document_id} phải lưu giữ đến hết ngày {until:%d/%m/%Y}; chưa được phép xóa.")
        if self.holds(document_id):
            raise NotReady(f"Giấy tờ {document_id} đang được giữ để xem xét; hãy gỡ lệnh giữ trước khi xóa.")


def read_hold(data: bytes) -> dict[str, str]:
    """Return what a hold says: `at`, `by` and `reason`. Holds of older releases have no digest.

    Raises:
        ValueError: it was changed.
    """
    told = json.loads(data)
    digest = told.pop("sha512", None) if isinstance(told, dict) else None
    if not isinstance(told, dict) or told.keys() != {"at", "by", "reason"}:
        raise ValueError("not a hold")
    if digest is not None and digest != sha512_of(_plain(told)):
        raise ValueError("not the hold that was written")
    return {name: str(value) for name, value in told.items()}


def _hold_bytes(content: dict[str, str]) -> bytes:
    return _plain({**content, "sha512": sha512_of(_plain(content))})


def _plain(content: dict[str, str]) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode("utf-8")


def _end(last: date) -> datetime:
    return datetime.combine(last, time.max, UTC)


def _hold_key(document_id: str, hold: str) -> str:
    return f"holds/{document_id}/{hold}.json"

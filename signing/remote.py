"""Calls to services over HTTP, with limits for time, tries, size and calls at once."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import urllib3

from domain.errors import ToolError, ToolFailed, ToolTimeout

_PORTION = 65536
_TEMPORARY = frozenset({408, 429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceOptions:
    """How a service is called."""

    timeout: float = 180.0
    """Seconds until the whole answer must be there."""
    tries: int = 3
    pause: float = 2.0
    """Seconds before the second try; doubled before each further one."""
    at_once: int = 4
    """Calls that run at the same time at most."""
    size_limit: int = 32 * 1024 * 1024
    """Bytes of an answer at most."""
    rest: float = 300.0
    """Seconds for which a service that failed at every try is not called again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request."""

    url: str
    body: bytes | None = None
    """Posted; None asks with GET."""
    headers: Mapping[str, str] = field(default_factory=dict)


class Refused(ToolFailed):
    """The service answered that it does not do it; another try would not change that."""

    def __init__(self, message: str, *, status: int, body: bytes) -> None:
        super().__init__(message)
        self.status = status
        self.body = body


class Service:
    """Calls services with the same limits. Can be used by many threads."""

    def __init__(self, options: ServiceOptions) -> None:
        self._options = options
        self._slots = threading.BoundedSemaphore(options.at_once)
        self._pool = urllib3.PoolManager(maxsize=options.at_once, retries=False)
        self._resting: dict[str, float] = {}

    def fetch(self, call: Call) -> bytes:
        """Return the body of the answer.

        Raises:
            ToolTimeout: If no answer came in time.
            ToolFailed: If the service cannot be reached or answers with an error.
        """
        key = call.url.partition("?")[0]
        if self._resting.get(key, 0.0) > time.monotonic():
            raise ToolFailed("Dịch vụ vừa không trả lời; hệ thống sẽ gọi lại sau ít phút.")
        error: ToolError | None = None
        for number in range(self._options.tries):
            if number:
                time.sleep(self._options.pause * 2 ** (number - 1))
            with self._slots:
                try:
                    return self._once(call)
                except _NotWorthAnother as e:
                    raise e.error from e
                except ToolError as e:
                    error = e
        self._resting[key] = time.monotonic() + self._options.rest
        raise error or ToolFailed("Dịch vụ chưa được gọi; hãy đặt số lần thử từ 1 trở lên.")

    def _once(self, call: Call) -> bytes:
        limit = time.monotonic() + self._options.timeout
        try:
            response = self._pool.request(
                "GET" if call.body is None else "POST",
                call.url,
                body=call.body,
                headers=dict(call.headers),
                timeout=urllib3.Timeout(total=self._options.timeout),
                preload_content=False,
                redirect=False,
            )
            complete = False
            try:
                data = self._read(response, limit)
                complete = True
            finally:
                response.release_conn() if complete else response.close()
        except (urllib3.exceptions.TimeoutError, TimeoutError) as e:
            raise ToolTimeout(
                f"Dịch vụ không trả lời trong {self._options.timeout:g} giây; hệ thống sẽ thử lại sau."
            ) from e
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as e:
            raise ToolFailed("Không kết nối được dịch vụ; hãy kiểm tra mạng và địa chỉ dịch vụ.") from e
        if response.status != 200:
            failed = ToolFailed(f"Dịch vụ báo lỗi (mã {response.status}); hãy thử lại sau hoặc báo quản trị viên.")
            if response.status in _TEMPORARY:
                raise failed
            raise _NotWorthAnother(Refused(str(failed), status=response.status, body=data))
        return data

    def _read(self, response: urllib3.BaseHTTPResponse, limit: float) -> bytes:
        data = bytearray()
        while portion := response.read1(_PORTION):
            data += portion
            if len(data) > self._options.size_limit:
                raise _NotWorthAnother(ToolFailed("Dịch vụ trả lời quá dài; hãy báo quản trị viên."))
            if time.monotonic() > limit:
                raise TimeoutError
        return bytes(data)


class _NotWorthAnother(Exception):
    """An answer that another try would not change."""

    def __init__(self, error: ToolFailed) -> None:
        super().__init__(str(error))
        self.error = error

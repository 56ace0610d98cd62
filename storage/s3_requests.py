"""Requests to an S3 service: signed as a whole, with our own time-outs and our own retries."""

import base64
import hashlib
import logging
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar
from urllib.parse import quote, urlencode, urlsplit, urlunsplit
from xml.etree import ElementTree

import urllib3
from minio import Minio
from minio.credentials.credentials import Credentials
from minio.error import InvalidResponseError, MinioException, S3Error, ServerError
from minio.signer import sign_v4_s3
from urllib3.exceptions import HTTPError, SSLError

from domain.errors import ConfigurationError, StoreUnavailable

log = logging.getLogger(__name__)

Result = TypeVar("Result")

_AGAIN = frozenset(
    [
        "BadDigest",
        "ConditionalRequestConflict",
        "InternalError",
        "OperationAborted",
        "RequestTimeout",
        "ServerBusy",
        "ServiceUnavailable",
        "SlowDown",
        "SlowDownRead",
        "SlowDownWrite",
        "TooManyRequests",
        "XAmzContentSHA256Mismatch",
    ]
)
_FULL = frozenset(["EntityTooLarge", "InsufficientCapacity", "QuotaExceeded", "XMinioStorageFull"])
_REFUSED = frozenset(["AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken"])
_NOT_SET_UP = frozenset(["NoSuchBucket", "InvalidBucketName", "PermanentRedirect", "AuthorizationHeaderMalformed"])


@dataclass(frozen=True, slots=True, kw_only=True)
class S3Options:
    """Where the bucket is and how it is used."""

    endpoint: str
    """Host and port."""
    bucket: str
    access_key: str
    secret_key: str = field(repr=False)
    secure: bool = True
    """Whether to speak TLS."""
    region: str = "us-east-1"
    prefix: str = ""
    """What all keys begin with, empty or ending with a slash: so several archives fit into a bucket."""
    link_endpoint: str = ""
    """Host and port in download links, where the public reaches the service by another name."""
    encryption: str = ""
    """`AES256` or `aws:kms`: the service encrypts what it keeps. Empty: as the bucket is set up."""
    lock_mode: str = ""
    """`GOVERNANCE` or `COMPLIANCE`: papers with a retention time are locked. Empty: no locks."""
    connect_seconds: float = 5
    read_seconds: float = 60
    tries: int = 5
    """How often to ask before giving up."""
    pause_seconds: float = 0.2
    """Before the second try; doubled before each one more."""
    parallel: int = 8
    """Requests at once for one paper."""
    part_bytes: int = 16 << 20
    """Objects above this size are sent in parts of it (at least 5 MiB)."""


class S3Failed(Exception):
    """The service said no, with a code that the caller can judge."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code


@dataclass(frozen=True, slots=True)
class Answer:
    """What the service answered to a signed request."""

    headers: Mapping[str, str]
    body: bytes


class S3Requests:
    """One service with its connections."""

    def __init__(self, options: S3Options, *, pause: Callable[[float], None]) -> None:
        self._options = options
        self._pause = pause
        self._pool = urllib3.PoolManager(
            maxsize=options.parallel,
            retries=False,
            timeout=urllib3.Timeout(connect=options.connect_seconds, read=options.read_seconds),
            ssl_context=ssl.create_default_context() if options.secure else None,
        )
        self._credentials = Credentials(options.access_key, options.secret_key)
        self._scheme = "https" if options.secure else "http"

    def client(self, endpoint: str = "") -> Minio:
        """Return a client of the service; only call it through `ask`."""
        options = self._options
        return Minio(
            endpoint or options.endpoint,
            access_key=options.access_key,
            secret_key=options.secret_key,
            secure=options.secure,
            region=options.region,
            http_client=self._pool,
        )

    def close(self) -> None:
        """End all connections."""
        self._pool.clear()

    def ask(self, action: Callable[[], Result]) -> Result:
        """Do it, again where trying again can help.

        Raises:
            S3Failed: the service said no.
            StoreUnavailable: it did not answer in the end, or is full.
            ConfigurationError: it does not let us in, or has no such bucket.
        """
        delay = self._options.pause_seconds
        for attempt in range(1, self._options.tries + 1):
            try:
                return action()
            except (HTTPError, MinioException, OSError, S3Failed) as error:
                failure = error
                if not _helps_again(error):
                    break
                log.info("try %d of %d at %s: %s", attempt, self._options.tries, self._options.endpoint, type(error))
            if attempt < self._options.tries:
                self._pause(delay)
                delay *= 2
        raise self._explained(failure) from failure

    def send(
        self,
        method: str,
        key: str,
        *,
        body: bytes = b"",
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send a request about an object with every header and the body's digest signed.

        Raises:
            S3Failed: the service said no.
            StoreUnavailable: it did not answer in the end, or is full.
            ConfigurationError: it does not let us in, or has no such bucket.
        """
        return self.ask(lambda: self._send(method, key, body, query or {}, headers or {}))

    def _send(self, method: str, key: str, body: bytes, query: Mapping[str, str], headers: Mapping[str, str]) -> Answer:
        path = quote(f"/{self._options.bucket}/{key}", safe="/-_.~")
        url = urlsplit(
            f"{self._scheme}://{self._options.endpoint}{path}?{urlencode(sorted(query.items()))}".rstrip("?")
        )
        now, digest = datetime.now(UTC), hashlib.sha256(body)
        signed = sign_v4_s3(
            method=method,
            url=url,
            region=self._options.region,
            headers={
                **headers,
                **({"x-amz-checksum-sha256": base64.b64encode(digest.digest()).decode()} if method == "PUT" else {}),
                "Host": url.netloc,
                "x-amz-content-sha256": digest.hexdigest(),
                "x-amz-date": now.strftime("%Y%m%dT%H%M%SZ"),
            },
            credentials=self._credentials,
            content_sha256=digest.hexdigest(),
            date=now,
        )
        answer = self._pool.urlopen(method, urlunsplit(url), body=body, headers=signed)
        if answer.status >= 300 or (answer.data and xml_text(answer.data, "Code")):
            raise S3Failed(answer.status, xml_text(answer.data, "Code"))
        return Answer(headers=dict(answer.headers), body=answer.data)

    def _explained(self, error: Exception) -> Exception:
        code, status = _code(error), _status(error)
        where = f"Dịch vụ lưu trữ {self._options.endpoint}"
        if code in _FULL or status == 507:
            return StoreUnavailable(f"{where} đã đầy; hãy báo quản trị viên tăng dung lượng rồi chạy lại.")
        if code in _NOT_SET_UP:
            return ConfigurationError(f"{where} không có ngăn «{self._options.bucket}»; hãy kiểm tra cấu hình.")
        if code in _REFUSED and code != "AccessDenied":
            return ConfigurationError(f"{where} từ chối khóa truy cập; hãy kiểm tra cấu hình khóa S3.")
        if isinstance(error, SSLError):
            return ConfigurationError(f"{where} không có chứng thư TLS được tin cậy; hãy kiểm tra cấu hình.")
        if status >= 500 or not status or _helps_again(error):
            return StoreUnavailable(
                f"{where} không trả lời hoặc báo lỗi ({code or type(error).__name__}); hãy chạy lại sau."
            )
        return S3Failed(status, code)


def _helps_again(error: Exception) -> bool:
    if isinstance(error, SSLError):
        return False
    if isinstance(error, HTTPError | OSError):
        return True
    return _code(error) in _AGAIN or _status(error) in (408, 409, 429, 500, 502, 503, 504)


def _code(error: Exception) -> str:
    if isinstance(error, S3Error | S3Failed):
        return error.code or ""
    return ""


def _status(error: Exception) -> int:
    if isinstance(error, S3Failed):
        return error.status
    if isinstance(error, S3Error):
        return int(error.response.status)
    if isinstance(error, ServerError):
        return int(error.status_code)
    if isinstance(error, InvalidResponseError):
        return int(error._code)  # the only place where minio keeps the status
    return 0


def xml_text(xml: bytes, name: str) -> str:
    """Return the text of the first element with this name, whatever its name space; empty if there is none."""
    try:
        root = ElementTree.fromstring(xml)
    except ElementTree.ParseError:
        return ""
    return next((e.text or "" for e in root.iter() if e.tag.rpartition("}")[2] == name), "")

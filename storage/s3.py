"""An S3 bucket as object store: conditional writes, checksums both ways, versions, locks and links."""

import secrets
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import groupby, islice, takewhile
from urllib.parse import quote

from minio.commonconfig import ENABLED, GOVERNANCE
from minio.datatypes import Object
from minio.retention import Retention
from minio.versioningconfig import VersioningConfig
from urllib3 import BaseHTTPResponse
from urllib3.exceptions import HTTPError

from domain.errors import ConfigurationError, ObjectCorrupt, ObjectExists, ObjectMissing, StoreUnavailable
from domain.models import ObjectRef
from storage.keys import check_key, check_prefix, reference, require_digest, sha512_of
from storage.objects import ObjectStat
from storage.s3_requests import S3Failed, S3Options, S3Requests, xml_text

_PIECE = 1 << 20
_PAGE = 1000
_SMALLEST_PART = 5 << 20
_DIGEST = "x-amz-meta-sha512"
_NOT_THERE = {"If-None-Match": "*"}
_MISSING = frozenset({"NoSuchKey", "NoSuchVersion", "MethodNotAllowed"})
_CONDITION_FAILED = 412
_LONGEST_LOCK = timedelta(days=36_500)
"""What Amazon allows for a bucket's own rule; who promises to keep something for longer has it locked so long."""


class S3Store:
    """Objects in a bucket with versioning; each carries the SHA-512 of its bytes, which is checked on every read."""

    def __init__(self, options: S3Options, *, pause: Callable[[float], None]) -> None:
        self._options = options
        self._prefix = check_prefix(options.prefix)
        self._requests = S3Requests(options, pause=pause)
        self._client = self._requests.client()
        self._trees = ThreadPoolExecutor(options.parallel)
        self._parts = ThreadPoolExecutor(options.parallel)
        self._linking = self._requests.client(options.link_endpoint)

    @property
    def atomic_trees(self) -> bool:
        """False: a bucket shows each object as it comes."""
        return False

    def prepare(self) -> None:
        """Make the bucket if it is not there, switch versioning on, and try what we rely on.

        Raises:
            ConfigurationError: the service does not let us in, or lacks what we need.
            StoreUnavailable: it cannot be reached.
        """
        bucket = self._options.bucket
        try:
            if not self._requests.ask(lambda: self._client.bucket_exists(bucket)):
                self._requests.ask(lambda: self._client.make_bucket(bucket, object_lock=bool(self._options.lock_mode)))
            self._requests.ask(lambda: self._client.set_bucket_versioning(bucket, VersioningConfig(ENABLED)))
            if self._options.lock_mode:
                self._requests.ask(lambda: self._client.get_object_lock_config(bucket))
        except S3Failed as error:
            raise ConfigurationError(
                f"Ngăn «{bucket}» không dùng được (phiên bản hoặc khóa lưu giữ, {error.code}); hãy xem docs/storage.md."
            ) from error
        self._try_conditions()

    def close(self) -> None:
        """End all connections and threads."""
        self._trees.shutdown()
        self._parts.shutdown()
        self._requests.close()

    def put(self, key: str, data: bytes, *, retain_until: datetime | None = None) -> ObjectRef:
        """Create an object; the same bytes again are no change."""
        made = reference(check_key(key), data)
        while not self._create(key, data, {**_NOT_THERE, **self._headers(made.sha512, retain_until)}):
            with suppress(ObjectMissing):  # deleted at this moment: then the name is free again
                if self._digest_of(key) != made.sha512:
                    raise _exists(key)
                break
        return made

    def put_tree(self, prefix: str, objects: Mapping[str, bytes]) -> None:
        """Create objects where nothing has this prefix, side by side, and the last one when all others are there."""
        there = {stat.key.removeprefix(prefix) for stat in self.list(check_prefix(prefix))}
        if not there <= objects.keys():
            raise _exists(prefix)
        *first, last = objects
        writes = [self._trees.submit(self.put, prefix + key, objects[key]) for key in first]
        wait(writes)
        for write in writes:
            write.result()
        self.put(prefix + last, objects[last])

    def replace(self, key: str, data: bytes, *, expected_sha512: str) -> ObjectRef:
        """Put other bytes under a key that holds the bytes of this digest."""
        made = reference(check_key(key), data)
        there, tag = self._load(key)
        if sha512_of(there) == made.sha512:
            return made
        if sha512_of(there) != expected_sha512:
            raise _exists(key)
        try:
            self._write(key, data, {"If-Match": tag, **self._headers(made.sha512, None)})
        except S3Failed as error:
            if error.status != _CONDITION_FAILED:
                raise self._refused(key, error) from error
            if self._digest_of(key) != made.sha512:
                raise _exists(key) from error
        return made

    def get(self, key: str, *, sha512: str = "") -> bytes:
        """Return the bytes of an object, checked against the digest that it carries and the one that is given."""
        data, _ = self._load(check_key(key))
        require_digest(key, data, sha512)
        return data

    def read(self, key: str, *, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """Yield the bytes of an object, or a range of them; where the connection is cut, go on at that place."""
        stat, tag = self._stat(check_key(key))
        place, end = start, stat.size if length is None else min(stat.size, start + length)
        cuts = 0
        while place < end:
            response = self._open(key, place, end - place, tag)
            try:
                while piece := response.read(_PIECE):
                    place += len(piece)
                    yield piece
            except HTTPError as error:
                cuts += 1
                if cuts == self._options.tries:
                    raise StoreUnavailable(
                        f"Dịch vụ lưu trữ {self._options.endpoint} ngắt kết nối giữa chừng; hãy chạy lại sau."
                    ) from error
            finally:
                response.close()
                response.release_conn()

    def stat(self, key: str) -> ObjectStat:
        """Return what is known of an object."""
        return self._stat(check_key(key))[0]

    def exists(self, key: str) -> bool:
        """Return whether there is such an object."""
        try:
            self._stat(check_key(key))
        except ObjectMissing:
            return False
        return True

    def list(self, prefix: str = "") -> Iterator[ObjectStat]:
        """Yield all objects behind the prefix in the order of their keys; where a page fails, it is asked for again."""
        full, last = self._prefix + check_prefix(prefix), ""
        while True:
            page = self._requests.ask(partial(self._page, full, last))
            for found in page:
                last = found.object_name or ""
                yield ObjectStat(key=last.removeprefix(self._prefix), size=found.size or 0)
            if len(page) < _PAGE:
                return

    def folders(self, prefix: str = "") -> Iterator[str]:
        """Yield the names of what stands one level behind the prefix with a slash after it, in the order of keys."""
        # Not by the service's own grouping: SeaweedFS goes on showing folders whose objects are all deleted.
        paths = (stat.key.removeprefix(prefix) for stat in self.list(prefix))
        yield from (name for name, _ in groupby(path.partition("/")[0] for path in paths if "/" in path))

    def delete(self, key: str) -> None:
        """Take all versions of an object away, if it is there: the oldest first, so that a lock saves them all."""
        name = self._prefix + check_key(key)
        try:
            for version in reversed(self._requests.ask(partial(self._versions, name))):
                self._requests.ask(partial(self._client.remove_object, self._options.bucket, name, version))
        except S3Failed as error:
            raise self._refused(key, error) from error

    def delete_tree(self, prefix: str) -> None:
        """Take everything behind a prefix away, one after the other."""
        for stat in tuple(self.list(prefix)):
            self.delete(stat.key)

    def clean(self, *, older_than: datetime) -> int:
        """Do nothing: unfinished uploads are taken away by a life-cycle rule of the bucket."""
        return 0

    def lock(self, prefix: str, *, until: datetime) -> None:
        """Lock every version behind the prefix until this time; nothing where locks are not configured."""
        retention = Retention(self._options.lock_mode or GOVERNANCE, _allowed(until))
        self._lock_each(prefix, lambda name, version: self._client.set_object_retention(*name, retention, version))

    def hold(self, prefix: str, *, held: bool) -> None:
        """Put a legal hold on everything behind the prefix, or lift it; nothing where locks are not configured."""
        client = self._client
        act = client.enable_object_legal_hold if held else client.disable_object_legal_hold
        self._lock_each(prefix, lambda name, version: act(*name, version))

    def link(self, key: str, *, seconds: int, name: str = "") -> str:
        """Return a link by which anyone can download the object for so long, under that file name."""
        disposition = f"attachment; filename*=UTF-8''{quote(name, safe='')}" if name else "attachment"
        self._stat(check_key(key))
        return self._linking.presigned_get_object(
            self._options.bucket,
            self._prefix + key,
            expires=timedelta(seconds=seconds),
            response_headers={"response-content-disposition": disposition},
        )

    def _headers(self, sha512: str, retain_until: datetime | None) -> dict[str, str]:
        headers = {_DIGEST: sha512, "Content-Type": "application/octet-stream"}
        if self._options.encryption:
            headers["x-amz-server-side-encryption"] = self._options.encryption
        if retain_until is not None and self._options.lock_mode:
            headers["x-amz-object-lock-mode"] = self._options.lock_mode
            headers["x-amz-object-lock-retain-until-date"] = f"{_allowed(retain_until):%Y-%m-%dT%H:%M:%SZ}"
        return headers

    def _create(self, key: str, data: bytes, headers: Mapping[str, str]) -> bool:
        try:
            self._write(key, data, headers)
        except S3Failed as error:
            if error.status != _CONDITION_FAILED:
                raise self._refused(key, error) from error
            return False
        return True

    def _write(self, key: str, data: bytes, headers: Mapping[str, str]) -> None:
        if len(data) > max(self._options.part_bytes, _SMALLEST_PART):
            self._write_parts(self._prefix + key, data, headers)
        else:
            self._requests.send("PUT", self._prefix + key, body=data, headers=headers)

    def _write_parts(self, name: str, data: bytes, headers: Mapping[str, str]) -> None:
        """Send a large object in parts, side by side; the condition is checked when they are put together."""
        size = max(self._options.part_bytes, _SMALLEST_PART)
        conditions = {header: value for header, value in headers.items() if header.startswith("If-")}
        begin = {header: value for header, value in headers.items() if header not in conditions}
        answer = self._requests.send("POST", name, query={"uploads": ""}, headers=begin)
        upload = xml_text(answer.body, "UploadId")

        def send(number: int) -> str:
            part = data[(number - 1) * size : number * size]
            sent = self._requests.send("PUT", name, body=part, query={"partNumber": str(number), "uploadId": upload})
            tag = next(value for header, value in sent.headers.items() if header.lower() == "etag")
            return f"<Part><PartNumber>{number}</PartNumber><ETag>{tag}</ETag></Part>"

        try:
            parts = list(self._parts.map(send, range(1, -(-len(data) // size) + 1)))
            body = f"<CompleteMultipartUpload>{''.join(parts)}</CompleteMultipartUpload>".encode("ascii")
            self._requests.send("POST", name, body=body, query={"uploadId": upload}, headers=conditions)
        except (S3Failed, StoreUnavailable):
            self._abort(name, upload)
            raise

    def _abort(self, name: str, upload: str) -> None:
        try:
            self._requests.send("DELETE", name, query={"uploadId": upload})
        except (S3Failed, StoreUnavailable):
            return  # the bucket's life-cycle rule for unfinished uploads takes it away

    def _load(self, key: str) -> tuple[bytes, str]:
        """Return the bytes, checked against the digest that the object carries, and its entity tag."""

        def load() -> tuple[bytes, str, str]:
            response = self._client.get_object(self._options.bucket, self._prefix + key)
            try:
                data = response.read()
            finally:
                response.close()
                response.release_conn()
            return data, response.headers.get(_DIGEST, ""), response.headers.get("etag", "")

        try:
            data, digest, tag = self._requests.ask(load)
        except S3Failed as error:
            raise self._refused(key, error) from error
        require_digest(key, data, digest)
        return data, tag

    def _open(self, key: str, start: int, length: int, tag: str) -> BaseHTTPResponse:
        def load() -> BaseHTTPResponse:
            return self._client.get_object(
                self._options.bucket,
                self._prefix + key,
                offset=start,
                length=length,
                request_headers={"If-Match": tag},
            )

        try:
            return self._requests.ask(load)
        except S3Failed as error:
            if error.status == _CONDITION_FAILED:
                raise ObjectCorrupt(f"«{key}» đã thay đổi trong khi đang đọc; hãy thử lại.") from error
            raise self._refused(key, error) from error

    def _stat(self, key: str) -> tuple[ObjectStat, str]:
        try:
            found = self._requests.ask(partial(self._client.stat_object, self._options.bucket, self._prefix + key))
        except S3Failed as error:
            raise self._refused(key, error) from error
        return ObjectStat(key=key, size=found.size or 0), found.etag or ""

    def _digest_of(self, key: str) -> str:
        try:
            return sha512_of(self._load(key)[0])
        except ObjectCorrupt:
            return ""

    def _page(self, prefix: str, last: str) -> tuple[Object, ...]:
        found = self._client.list_objects(self._options.bucket, prefix, recursive=True, start_after=last)
        return tuple(islice(found, _PAGE))

    def _versions(self, name: str) -> tuple[str, ...]:
        found = self._client.list_objects(self._options.bucket, name, recursive=True, include_version=True)
        same = takewhile(lambda item: item.object_name == name, found)
        return tuple(item.version_id or "null" for item in same)

    def _lock_each(self, prefix: str, act: Callable[[tuple[str, str], str | None], None]) -> None:
        """Do something to the lock of every version behind a prefix, side by side."""
        if not self._options.lock_mode:
            return
        bucket, full = self._options.bucket, self._prefix + check_prefix(prefix)

        def versions() -> tuple[Object, ...]:
            return tuple(self._client.list_objects(bucket, full, recursive=True, include_version=True))

        try:
            found = [item for item in self._requests.ask(versions) if not item.is_delete_marker]
            writes = [
                self._trees.submit(self._requests.ask, partial(act, (bucket, item.object_name or ""), item.version_id))
                for item in found
            ]
            wait(writes)
            for write in writes:
                write.result()
        except S3Failed as error:
            raise self._refused(prefix, error) from error

    def _refused(self, key: str, error: S3Failed) -> Exception:
        if error.status == 404 or error.code in _MISSING:
            return ObjectMissing(f"Không có «{key}» trong kho lưu trữ; hãy kiểm tra lại mã hoặc báo quản trị viên.")
        return StoreUnavailable(
            f"Dịch vụ lưu trữ từ chối «{key}» ({error.code or error.status}): thiếu quyền hoặc đang bị khóa lưu giữ."
        )

    def _try_conditions(self) -> None:
        """Make sure that the service keeps the conditions on which two writers depend."""
        key = f"probe/{secrets.token_hex(8)}"
        try:
            self.put(key, b"1")
            try:
                self.put(key, b"2")
            except ObjectExists:
                pass
            else:
                raise ConfigurationError(
                    f"Dịch vụ lưu trữ {self._options.endpoint} bỏ qua If-None-Match; hãy xem docs/storage.md."
                )
            self.replace(key, b"3", expected_sha512=sha512_of(b"1"))
        finally:
            self.delete(key)


def _allowed(until: datetime) -> datetime:
    """Return the time, or an earlier one where it is further away than services allow."""
    return min(until.astimezone(UTC), datetime.now(UTC) + _LONGEST_LOCK)


def _exists(key: str) -> ObjectExists:
    return ObjectExists(f"Trong kho lưu trữ đã có «{key}» với nội dung khác; dữ liệu đã lưu không bao giờ bị ghi đè.")

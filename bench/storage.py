"""What storing a certified paper costs, on a directory and on S3: `PYTHONPATH=tests python -m bench.storage`.

The bucket is on a SeaweedFS server that is started for the run, on the same cores as we are.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from minio import Minio
from servers import S3Server, open_bucket, s3_server  # type: ignore[import-not-found]  # of the tests

from storage.objects import DirectoryStore, ObjectStore
from storage.ocfl_inventory import VersionNote
from storage.papers import COPY, EVIDENCE, FIELDS, METADATA, TEXT, PaperAddress, PaperArchive, source_name

NOTE = VersionNote(message="bench", user="bench", at=datetime(2026, 11, 21, tzinfo=UTC))


def paper() -> Mapping[str, bytes]:
    """Return files as a paper of 5 scanned pages has them."""
    return {
        COPY: os.urandom(1_100_000),
        source_name(1, "application/pdf"): os.urandom(1_000_000),
        TEXT: os.urandom(60_000),
        FIELDS: os.urandom(6_000),
        EVIDENCE: os.urandom(8_000),
        METADATA: os.urandom(3_000),
    }


def measure(store: ObjectStore, papers: int) -> tuple[list[float], list[float], list[float]]:
    """Return the milliseconds of storing papers, of adding a version, and of reading the copy back."""
    archive = PaperArchive(store, owner_key=bytes(32), now=lambda: datetime.now(UTC), pause=time.sleep)
    archive.initialize()
    stored, extended, read = [], [], []
    for number in range(papers):
        address = PaperAddress(document_id=f"{number:016d}", owner_id=str(number))
        files = paper()
        begun = time.perf_counter()
        archive.store_paper(address, files, NOTE)
        written = time.perf_counter()
        archive.append_version(address, {METADATA: b"{}", COPY: files[COPY] + b"\n"}, NOTE)
        again = time.perf_counter()
        archive.read_paper(address, COPY)
        stored.append((written - begun) * 1000)
        extended.append((again - written) * 1000)
        read.append((time.perf_counter() - again) * 1000)
    return stored, extended, read


def plain_files(folder: Path, papers: int) -> list[float]:
    """Return the milliseconds of writing the same bytes as bare files, one after the other, each with fsync."""
    times = []
    for number in range(papers):
        files = paper()
        begun = time.perf_counter()
        for name, data in files.items():
            path = folder / "plain" / str(number) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        times.append((time.perf_counter() - begun) * 1000)
    return times


def plain_objects(server: S3Server, bucket: str, papers: int) -> list[float]:
    """Return the milliseconds of putting the same bytes with the bare client, one after the other."""
    client = Minio(server.endpoint, server.access_key, server.secret_key, secure=False, region="us-east-1")
    times = []
    for number in range(papers):
        files = paper()
        begun = time.perf_counter()
        for name, data in files.items():
            client.put_object(bucket, f"plain/{number}/{name}", BytesIO(data), len(data))
        times.append((time.perf_counter() - begun) * 1000)
    return times


def show(name: str, bar: int, times: tuple[list[float], list[float], list[float]], plain: list[float]) -> None:
    """Print medians and 95th percentiles, and how storing compares with the bare writes."""
    for what, values in zip(("store a paper", "add a version", "read the copy"), times, strict=True):
        middle, high = statistics.median(values), statistics.quantiles(values, n=20)[-1]
        limit = f"   bar {bar} ms" if what == "store a paper" else ""
        print(f"{name:10} {what:14} median {middle:6.1f} ms   95 % {high:6.1f} ms{limit}")
    bare = statistics.median(plain)
    ratio = statistics.median(times[0]) / bare
    print(f"{name:10} bare writes    median {bare:6.1f} ms   storing takes {ratio:.2f} times that")


def main() -> None:
    """Measure both back ends."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--papers", type=int, default=100)
    papers = parser.parse_args().papers
    with tempfile.TemporaryDirectory() as folder:
        measured = measure(DirectoryStore(Path(folder)), papers)
        show("directory", 50, measured, plain_files(Path(folder), papers))
    with s3_server() as server:
        store = open_bucket(server)
        measured = measure(store, papers)
        client_bucket = "bench-plain"
        open_bucket(server, bucket=client_bucket).close()
        show("S3", 150, measured, plain_objects(server, client_bucket, papers))
        store.close()


if __name__ == "__main__":
    main()

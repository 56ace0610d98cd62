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
from pathlib import Path

from servers import open_bucket, s3_server  # type: ignore[import-not-found]  # of the tests

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


def show(name: str, bar: int, times: tuple[list[float], list[float], list[float]]) -> None:
    """Print medians and 95th percentiles."""
    for what, values in zip(("store a paper", "add a version", "read the copy"), times, strict=True):
        middle, high = statistics.median(values), statistics.quantiles(values, n=20)[-1]
        limit = f"   bar {bar} ms" if what == "store a paper" else ""
        print(f"{name:10} {what:14} median {middle:6.1f} ms   95 % {high:6.1f} ms{limit}")


def main() -> None:
    """Measure both back ends."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--papers", type=int, default=100)
    papers = parser.parse_args().papers
    with tempfile.TemporaryDirectory() as folder:
        show("directory", 50, measure(DirectoryStore(Path(folder)), papers))
    with s3_server() as server:
        store = open_bucket(server)
        show("S3", 150, measure(store, papers))
        store.close()


if __name__ == "__main__":
    main()

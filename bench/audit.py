"""How fast the fixity audit is, against `sha512sum` on the same files: `python -m bench.audit [--papers 300]`.

Both read the same archive from the page cache, one after the other, three times; the best time of each counts.
"""

import argparse
import os
import subprocess
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from storage.audit import AuditOptions, audit
from storage.objects import DirectoryStore
from storage.ocfl_inventory import VersionNote
from storage.papers import COPY, EVIDENCE, FIELDS, METADATA, TEXT, PaperAddress, PaperArchive, source_name

ROUNDS = 3


def make_archive(folder: Path, papers: int) -> None:
    """Fill an archive with papers of 5 scanned pages (random bytes: digests do not care)."""
    archive = PaperArchive(DirectoryStore(folder), owner_key=bytes(32), now=lambda: datetime.now(UTC), pause=time.sleep)
    archive.initialize()
    note = VersionNote(message="bench", user="bench", at=datetime.now(UTC))
    for number in range(papers):
        files = {
            COPY: os.urandom(1_100_000),
            source_name(1, "application/pdf"): os.urandom(1_000_000),
            TEXT: os.urandom(60_000),
            FIELDS: os.urandom(6_000),
            EVIDENCE: os.urandom(8_000),
            METADATA: os.urandom(3_000),
        }
        archive.store_paper(PaperAddress(document_id=f"{number:016d}", owner_id=str(number % 100)), files, note)


def best_of(action: Callable[[], object]) -> float:
    """Return the shortest time in seconds."""
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        action()
        times.append(time.perf_counter() - begun)
    return min(times)


def main() -> None:
    """Print both speeds and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--papers", type=int, default=300)
    parser.add_argument("--workers", type=int, default=AuditOptions().workers)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_archive(folder, arguments.papers)
        files = [str(path) for path in folder.rglob("*") if path.is_file()]
        megabytes = sum(Path(path).stat().st_size for path in files) / 1e6
        command = ["xargs", "-0", "sha512sum"]
        given = "\0".join(files).encode()
        plain = best_of(lambda: subprocess.run(command, input=given, check=True, stdout=subprocess.DEVNULL))
        options = AuditOptions(workers=arguments.workers)
        ours = best_of(lambda: audit(DirectoryStore(folder), options=options))
        alone = best_of(lambda: audit(DirectoryStore(folder), options=AuditOptions(workers=1)))
    print(f"{len(files)} files, {megabytes:.0f} MB")
    print(f"sha512sum            {megabytes / plain:7.0f} MB/s")
    print(f"audit, 1 worker      {megabytes / alone:7.0f} MB/s  {plain / alone:6.2f} times sha512sum")
    ratio = f"{plain / ours:6.2f} times sha512sum (bar: 0.70)"
    print(f"audit, {options.workers} workers     {megabytes / ours:7.0f} MB/s  {ratio}")


if __name__ == "__main__":
    main()

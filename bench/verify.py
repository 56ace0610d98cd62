"""How long verification takes: a seal offline, a certified file, a status list. With --table, what other viewers say.

    python -m bench.verify [--pages 5] [--table]

Everything is made on the spot with a demonstration authority. One ES256 verification and the hash of the file are there
to compare with.
"""

import argparse
import hashlib
import logging
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.hashes import SHA256

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from attacks import ATTACKS  # type: ignore[import-not-found]  # of the tests, beside the packages
from certified_copies import (  # type: ignore[import-not-found]  # of the tests
    make_copy,
    open_authority,
    trust_of,
)

from domain.models import RecordState
from signing.seal import make_seal, read_seal
from signing.status_list import make_status_list, read_status_list
from signing.validate import check_own_copy, validate_signatures, verdict_of


def measure(what: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Return the median and the worst processor time of a call, in milliseconds."""
    times = []
    for _ in range(rounds):
        start = time.process_time()
        what()
        times.append((time.process_time() - start) * 1000)
    return statistics.median(times), max(times)


def figures(folder: Path, pages: int) -> None:
    """Print the times."""
    now = datetime.now(UTC).replace(microsecond=0)
    authority = open_authority(folder / "authority", now)
    copy = make_copy(authority, now, pages=pages)
    trust = trust_of(authority)
    key, public = copy.seal_key.private_key, copy.seal_key.private_key.public_key()
    signature = key.sign(b"x" * 150, ECDSA(SHA256()))
    states = {index * 997: RecordState.WITHDRAWN for index in range(1000)}
    listed = make_status_list(states, size=1 << 20, number=1, issued_at=now, key=copy.seal_key)
    read = read_status_list(listed, copy.seal_keys)
    own = replace(copy.expected)
    rows = {
        "one ES256 verification": (lambda: public.verify(signature, b"x" * 150, ECDSA(SHA256())), 500),
        "SHA-256 of the file": (lambda: hashlib.sha256(copy.pdf).hexdigest(), 50),
        "make a seal": (lambda: make_seal(copy.content, copy.seal_key), 300),
        "verify a seal offline": (lambda: read_seal(copy.seal, copy.seal_keys), 500),
        "read a status list of 1,048,576 places": (lambda: read_status_list(listed, copy.seal_keys), 50),
        "look a paper up in it": (lambda: read.state(70001), 500),
        "verify a file": (lambda: check_own_copy(copy.pdf, expected=own, trust=trust, at=now), 15),
        "report on its signatures": (lambda: validate_signatures(copy.pdf, trust=trust, at=now), 15),
    }
    print(
        f"file: {pages} pages, {len(copy.pdf):,} bytes; seal: {len(copy.seal)} characters; list: {len(listed):,} bytes"
    )
    print(f"{'what':42} {'median ms':>10} {'worst ms':>10}")
    for name, (what, rounds) in rows.items():
        median, worst = measure(what, rounds)
        print(f"{name:42} {median:10.3f} {worst:10.3f}")


def table(folder: Path) -> None:
    """Print what each viewer says about each attack, as a table for docs/verification.md."""
    now = datetime.now(UTC).replace(microsecond=0)
    authority = open_authority(folder / "attacked", now)
    copy = make_copy(authority, now)
    trust = trust_of(authority)
    print("| attack | poppler pdfsig | mutool sign | what mutool shows | we, without the register | why |")
    print("| --- | --- | --- | --- | --- | --- |")
    original = folder / "original.pdf"
    original.write_bytes(copy.pdf)
    shown = rendering(original)
    for name, attack in {"none": bytes, **ATTACKS}.items():
        forged = attack(copy.pdf)
        path = folder / f"{name}.pdf"
        path.write_bytes(forged)
        reasons = check_own_copy(forged, expected=replace(copy.expected, sha256=""), trust=trust, at=now)
        against = ", ".join(dict.fromkeys(reason.code for reason in reasons if not reason.good))
        seen = rendering(path)
        difference = "nothing" if seen == b"" else "the same" if seen == shown else "**something else**"
        verdict = verdict_of(reasons).value
        print(f"| {name} | {poppler(path)} | {mupdf(path)} | {difference} | {verdict} | {against} |")


def run(*command: str) -> tuple[str, bytes]:
    """Return what a program prints."""
    done = subprocess.run(command, capture_output=True, timeout=60, check=False)
    return done.stdout.decode("utf-8", "replace") + done.stderr.decode("utf-8", "replace"), done.stdout


def poppler(path: Path) -> str:
    """Return what `pdfsig` says: how many signatures it finds valid, and whether of the whole document."""
    text, _ = run("pdfsig", "-nocert", str(path))
    found, valid = text.count("Signature #"), text.count("Signature is Valid")
    whole = text.count("\n  - Total document signed")
    return f"{valid} of {found} valid, {whole} over the whole file" if found else "no signature found"


def mupdf(path: Path) -> str:
    """Return what `mutool sign -v` says: how many signatures it finds valid."""
    text, _ = run("mutool", "sign", "-v", str(path))
    found = text.count("Verifying signature")
    valid = len(re.findall(r"(?i)the signature is valid|no changes|document is unchanged", text))
    first = next((line.strip() for line in text.splitlines() if "error" in line.lower()), "no signature found")
    return f"{valid} of {found} valid" if found else first[:60]


def rendering(path: Path) -> bytes:
    """Return the pages as `mutool draw` shows them."""
    _, picture = run("mutool", "draw", "-r", "40", "-F", "png", "-o", "-", str(path))
    return picture


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=5)
    parser.add_argument("--table", action="store_true")
    arguments = parser.parse_args()
    logging.disable(logging.CRITICAL)
    folder = Path(tempfile.mkdtemp())
    try:
        if arguments.table:
            table(folder)
        else:
            figures(folder, arguments.pages)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Check the chain of evidence of one certified paper, from the scan to the signed file, without our program.

    python check_evidence.py FOLDER KEYS.json [STATUS_LIST]

FOLDER is the paper as it is stored (an OCFL object, or any folder with its newest `evidence.json`, `copy.pdf`,
`text.json`, `metadata.json` and source file), KEYS.json the published key set. Needs Python 3.9, `cbor2`,
`cryptography`, `pikepdf`, and `verify_seal.py` beside it. Exit code: 0 every link of the chain holds, 1 one does not,
2 wrong use.

The signatures in the file are for other judges: `openssl cms -verify -cades`, any PDF reader (docs/verification.md).
"""

import hashlib
import json
import re
import sys
import zlib
from pathlib import Path

import cbor2
import pikepdf
from verify_seal import Refused, document_id, read_seal, show_state

FAULTS = (pikepdf.PdfError, cbor2.CBORDecodeError, ValueError, KeyError, TypeError, OSError, zlib.error)
CONTENT_DIGEST = b"sohoa content digest 1\n"


class Chain:
    """Prints each link, and remembers whether all hold."""

    def __init__(self) -> None:
        self.whole = True

    def link(self, holds: bool, what: str) -> None:
        """Note one link."""
        print(f"  {'holds ' if holds else 'BROKEN'}  {what}")
        self.whole = self.whole and holds


def sha256(data: bytes) -> str:
    """Return the digest in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def newest_files(folder: Path) -> "dict[str, Path]":
    """Return the files of the newest version by name; an OCFL inventory says where each lies."""
    inventory = folder / "inventory.json"
    if not inventory.is_file():
        return {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    stored = json.loads(inventory.read_text("utf-8"))
    state = stored["versions"][stored["head"]]["state"]
    return {name: folder / stored["manifest"][digest][0] for digest, names in state.items() for name in names}


def page_streams(pdf: Path) -> "list[bytes]":
    """Return the image stream of each page as it stands in the file; pages without an image do not count."""
    with pikepdf.open(pdf) as document:
        resources = [page.obj.get("/Resources", {}).get("/XObject", {}) for page in document.pages]
        return [images[name].read_raw_bytes() for images in resources for name in images.keys()]  # noqa: SIM118


def check_scan(chain: Chain, evidence: dict, files: "dict[str, Path]") -> None:
    """Check the file that came in, the page images and the text."""
    source = files[evidence["source_file"]].read_bytes()
    untouched = sha256(source) == evidence["source_sha256"]
    chain.link(untouched, f"the file that came in is untouched ({evidence['source_file']})")
    streams = [hashlib.sha256(stream).digest() for stream in page_streams(files["copy.pdf"])]
    chain.link(
        [digest.hex() for digest in streams] == [page["stream_sha256"] for page in evidence["pages"]],
        f"the {len(streams)} page images in the certified file are those that were scanned",
    )
    content = sha256(CONTENT_DIGEST + b"".join(streams))
    chain.link(content == evidence["content_sha256"], "their content digest is the one on record")
    texts = {page["number"]: page["text"] for page in json.loads(files["text.json"].read_text("utf-8"))}
    chain.link(
        all(sha256(texts.get(page["number"], "").encode()) == page["text_sha256"] for page in evidence["pages"]),
        "the text is the one that was read",
    )


def check_people(chain: Chain, evidence: dict) -> None:
    """Check that nothing spoke against certifying, and print who decided."""
    refused = [ground for ground, applied in evidence["checklist"].items() if applied]
    chain.link(not refused, "no ground of refusal applied (NĐ 23/2015 Art. 22)")
    for decision in evidence["decisions"]:
        print(f"          {decision['at']} {decision['by']}: {decision['action']} {decision['subject']}")


def check_seal(chain: Chain, evidence: dict, keys: dict, status_list: "Path | None") -> None:
    """Check the seal against the record, and the paper against the status list."""
    try:
        content, key = read_seal(evidence["seal"], keys)
    except (Refused, *FAULTS) as error:
        chain.link(False, f"the seal: {error}")
        return
    chain.link(True, f"the seal is genuine, issued by {key['issuer']}")
    chain.link(content[9].hex() == evidence["content_sha256"], "it seals these page images")
    paper, number = evidence["document_id"], evidence["register_number"]
    chain.link(document_id(content[1]) == paper, f"it is the seal of this paper ({paper})")
    chain.link(content.get(5, "") == number, f"it bears the register number {number}")
    if status_list is not None:
        chain.link(show_state(status_list.read_bytes(), keys, content[8]), "the paper is in force by the status list")


def check_file(chain: Chain, evidence: dict, files: "dict[str, Path]") -> None:
    """Check the signed file, and that it grew only at its end from what was composed."""
    pdf = files["copy.pdf"].read_bytes()
    newest = evidence["signed"][-1]
    chain.link(sha256(pdf) == newest["sha256"], f"the certified file is as it was signed last ({newest['level']})")
    for state in evidence["signed"][:-1]:
        same = sha256(pdf[: state["size"]]) == state["sha256"]
        chain.link(same, f"it begins with the file as it was signed at {state['at']}")
    ends = [found.end() for found in re.finditer(rb"startxref\s+\d+\s+%%EOF\r?\n?", pdf)]
    begins = any(sha256(pdf[:end]) == evidence["composed_sha256"] for end in ends)
    chain.link(begins, "it begins with the file as it was composed before signing")
    ranges = re.findall(rb"/ByteRange ?\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]", pdf)
    covered = max((int(each[2]) + int(each[3]) for each in ranges), default=0)
    chain.link(covered == len(pdf), f"the last of {len(ranges)} signatures covers the file to its last byte")
    record = json.loads(files["metadata.json"].read_text("utf-8"))
    recorded = (record["sha256"], record["seal"], record["id"])
    same = recorded == (newest["sha256"], evidence["seal"], evidence["document_id"])
    chain.link(same, "the record names the same file, seal and paper")


def main(arguments: "list[str]") -> int:
    """Run the program."""
    if len(arguments) not in (2, 3) or not Path(arguments[0]).is_dir():
        print(__doc__, file=sys.stderr)
        return 2
    chain = Chain()
    try:
        files = newest_files(Path(arguments[0]))
        evidence = json.loads(files["evidence.json"].read_text("utf-8"))
        keys = json.loads(Path(arguments[1]).read_text("utf-8"))
        if evidence["format"] != "sohoa-evidence/1":
            print(f"unknown format of evidence: {evidence['format']}")
            return 1
        print(f"Evidence of {evidence['document_id']}")
        check_scan(chain, evidence, files)
        check_people(chain, evidence)
        check_seal(chain, evidence, keys, Path(arguments[2]) if len(arguments) == 3 else None)
        check_file(chain, evidence, files)
    except (Refused, *FAULTS) as error:
        chain.link(False, f"the chain cannot be followed any further: {type(error).__name__} {error}")
    print("Every link holds." if chain.whole else "THE CHAIN IS BROKEN.")
    return 0 if chain.whole else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The evidence of a copy: one JSON file that ties scan, text, decisions, seal and signed file together."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.models import Decision, PadesLevel, PageImage, PageText
from pipeline.serial import from_json, to_data

FORMAT = "sohoa-evidence/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageEvidence:
    """One page of the paper."""

    number: int
    """In the source."""
    stream_sha256: str
    """Of the image stream as it stands in the copy."""
    text_sha256: str
    """Of the text that was read, in UTF-8."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedState:
    """The file after one act of signing."""

    sha256: str
    size: int
    level: PadesLevel
    at: datetime
    renew_before: datetime | None = None
    """When the archive time-stamp must be renewed; None below B-LTA."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What an independent script can check again (`docs/check_evidence.py`)."""

    format: str = FORMAT
    document_id: str
    register_number: str
    source_file: str
    """Name of the file as it came in, in the stored object."""
    source_sha256: str
    source_size: int
    stack_sha256: str = ""
    """Of the scanned stack that the paper was taken from, whose other pages are other papers: then the source holds
    the image streams of this paper's pages as they are in the stack. Empty where the source is the file as it came."""
    stack_pages: tuple[int, ...] = ()
    """The paper's pages in the stack."""
    pages: tuple[PageEvidence, ...]
    content_sha256: str
    decisions: tuple[Decision, ...]
    fields: Mapping[str, str]
    checklist: Mapping[str, bool]
    """By ground of refusal: whether it applied (NĐ 23/2015 Art. 22); all are false."""
    seal: str
    composed_sha256: str
    """Of the PDF/A before it was signed."""
    signed: tuple[SignedState, ...]
    """From the signing to the newest archive time-stamp."""


def page_evidence(images: Sequence[PageImage], texts: Sequence[PageText]) -> tuple[PageEvidence, ...]:
    """Return the digests of each page."""
    by_number = {page.number: page.text for page in texts}
    return tuple(
        PageEvidence(
            number=image.number,
            stream_sha256=hashlib.sha256(image.data).hexdigest(),
            text_sha256=hashlib.sha256(by_number.get(image.number, "").encode()).hexdigest(),
        )
        for image in images
    )


def signed_state(pdf: bytes, level: PadesLevel, at: datetime, renew_before: datetime | None) -> SignedState:
    """Return the state of a file that was just signed or time-stamped."""
    digest = hashlib.sha256(pdf).hexdigest()
    return SignedState(sha256=digest, size=len(pdf), level=level, at=at, renew_before=renew_before)


def with_state(evidence: Evidence, state: SignedState) -> Evidence:
    """Return the evidence with one state more."""
    return replace(evidence, signed=(*evidence.signed, state))


def write_evidence(evidence: Evidence) -> bytes:
    """Return the evidence as the JSON that is stored."""
    return (json.dumps(to_data(evidence), ensure_ascii=False, indent=1) + "\n").encode()


def read_evidence(data: bytes) -> Evidence:
    """Return stored evidence.

    Raises:
        ObjectCorrupt: It is not what `write_evidence` wrote.
    """
    return from_json(Evidence, data)

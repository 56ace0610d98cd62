"""Augment: raise copies whose signatures fell short to the level asked for, and renew archive time-stamps."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.errors import DocumentError, InputError, SigningError
from domain.models import PadesLevel, Record
from pipeline.certify import paper_address
from pipeline.desk import open_signing_services
from pipeline.evidence import read_evidence, signed_state, with_state, write_evidence
from pipeline.reindex import read_paper
from pipeline.serial import from_json, to_json
from pipeline.services import Services
from signing.longterm import augment
from signing.services import SigningServices
from storage.index import iterate_records, save_record
from storage.ocfl_inventory import VersionNote
from storage.papers import COPY, EVIDENCE, METADATA, StoredPaper

RENEWAL_MARGIN = timedelta(days=180)
"""An archive time-stamp is renewed this long before its certificate expires."""

_ORDER = tuple(PadesLevel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Augmented:
    """What became of a copy."""

    record: Record
    before: PadesLevel
    shortfall: str = ""
    error: DocumentError | None = None


def augment_copies(services: Services, *, renew: bool = False) -> Iterator[Augmented]:
    """Yield what became of each copy that is below the level the settings ask for.

    Each is stored before it is yielded; run again, it goes on with what is still below. A copy that cannot be raised
    now is left as it is.

    Args:
        renew: Also renew the archive time-stamps that end soon.

    Raises:
        ConfigurationError: The services are not set up.
        StorageError: The store cannot be used.
    """
    wanted = services.settings.signing.level
    signing = open_signing_services(services)
    with services.database.reading() as transaction:
        records = list(iterate_records(transaction))
    for record in reversed(records):
        low = _ORDER.index(record.level) < _ORDER.index(wanted)
        if low or (renew and _is_due(record, services, services.clock())):
            yield _augment(record, services, signing, renew=not low)


def _is_due(record: Record, services: Services, now: datetime) -> bool:
    if record.level is not PadesLevel.B_LTA:
        return False
    evidence = read_evidence(services.archive.read_paper(paper_address(record), EVIDENCE))
    due = evidence.signed[-1].renew_before
    return due is not None and due - RENEWAL_MARGIN <= now


def _augment(record: Record, services: Services, signing: SigningServices, *, renew: bool) -> Augmented:
    address = paper_address(record)
    pdf = services.archive.read_paper(address, COPY)
    stored = from_json(Record, services.archive.read_paper(address, METADATA))
    if stored.sha256 != record.sha256:  # an earlier run stored it and died before indexing it
        _index(stored, services)
        return Augmented(record=stored, before=record.level)
    now = services.clock()
    try:
        done = augment(pdf, services=signing, at=now, level=services.settings.signing.level, renew=renew)
    except (SigningError, InputError) as e:
        return Augmented(record=record, before=record.level, error=e)
    shortfall = "; ".join(services.messages.reason(reason) for reason in done.shortfalls)
    if done.pdf == pdf:
        return Augmented(record=record, before=record.level, shortfall=shortfall)
    raised = replace(stored, level=done.level, sha256=hashlib.sha256(done.pdf).hexdigest(), size=len(done.pdf))
    evidence = read_evidence(services.archive.read_paper(address, EVIDENCE))
    evidence = with_state(evidence, signed_state(done.pdf, done.level, now, done.renew_before))
    changes = {COPY: done.pdf, EVIDENCE: write_evidence(evidence), METADATA: to_json(raised).encode()}
    note = VersionNote(message=f"augmented to {done.level.value}", user=services.user, at=now)
    services.archive.append_version(address, changes, note)
    _index(raised, services)
    return Augmented(record=raised, before=record.level, shortfall=shortfall)


def _index(record: Record, services: Services) -> None:
    root = services.archive.locate(paper_address(record))
    entry, _ = read_paper(StoredPaper(document_id=record.id, root=root), services)
    with services.database.transaction() as transaction:
        save_record(transaction, entry)

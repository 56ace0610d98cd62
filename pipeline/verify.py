"""Verify: is this paper, file or code genuine, unaltered and in force? A forgery is an answer, not an error."""

import hashlib
import re
from dataclasses import replace

from domain.errors import DocumentError, UnknownDocument, UnsupportedDocument
from domain.models import Reason, Record, RecordState, SealContent, Verdict, Verification
from ocr.symbols.codes import find_codes
from pipeline.certify import paper_address
from pipeline.desk import published_keys
from pipeline.evidence import SignedState, read_evidence
from pipeline.layout import signature_fields
from pipeline.services import Services
from pipeline.trust import trust_store
from signing.qr import ScannedCode, judge_host
from signing.qr import parse_code as parse_code
from signing.seal import read_seal
from signing.validate import (
    ExpectedCopy,
    ExpectedSigner,
    inspect_own_copy,
    validate_signatures,
    verdict_of,
)
from storage.index import RecordFilter, find_record, list_records
from storage.papers import EVIDENCE
from storage.status_places import current_status_list

_LINK = re.compile(rb"https?://[A-Za-z0-9.:-]+/v/([0-9a-hjkmnp-tv-z]{16})")
_STATE_VERDICTS = {
    RecordState.IN_FORCE: Verdict.GENUINE,
    RecordState.EXPIRED: Verdict.GENUINE,
    RecordState.WITHDRAWN: Verdict.WITHDRAWN,
    RecordState.SUPERSEDED: Verdict.SUPERSEDED,
    RecordState.SUSPENDED: Verdict.UNDECIDED,
}


def verify_text(text: str, services: Services) -> Verification:
    """Return the answer about a scanned or typed text: a link, a link with seal, a seal, or an identifier.

    Raises:
        UnsupportedDocument: It is none of them.
    """
    return verify_code(parse_code(text), services)


def verify_code(code: ScannedCode, services: Services) -> Verification:
    """Return the answer about a code by the register."""
    reasons: list[Reason] = []
    document_id = code.document_id
    if code.host:
        reasons.append(judge_host(code.host, _own_hosts(services)))
    seal = None
    if code.seal:
        reading = read_seal(code.seal, published_keys(services.home), on=services.clock().date())
        reasons.append(reading.reason)
        seal = reading.content
        document_id = document_id or (seal.document_id if seal else "")
        if seal is not None and document_id != seal.document_id:
            reasons.append(_bad("seal_of_another_paper", document_id=seal.document_id))
    record = _find(document_id, services)
    if record is None:
        reasons.append(_bad("document_unknown", document_id=document_id or "?"))
    elif code.seal and seal is not None and seal.document_id == record.id:
        same = code.seal == record.seal
        reasons.append(Reason(code="seal_matches_register" if same else "seal_differs_from_register", good=same))
    return _answer(document_id, record, reasons, services, seal=seal)


def verify_file(data: bytes, services: Services) -> Verification:
    """Return the answer about a file: one of our copies, a picture of a code, or somebody else's document."""
    digest = hashlib.sha256(data).hexdigest()
    record = _find_by_digest(digest, services) or _find_named(data, services)
    if record is not None:
        return _verify_copy(data, digest, record, services)
    return _verify_foreign(data, services) if b"%PDF-" in data[:1024] else _verify_picture(data, services)


def _verify_copy(data: bytes, digest: str, record: Record, services: Services) -> Verification:
    """One of our copies, or what became of it: every check of the signatures, and the register's digest."""
    reasons: list[Reason] = []
    level = record.level
    earlier = None if digest == record.sha256 else _issued_state(digest, record, services)
    if earlier is not None:
        level = earlier.level
        reasons.append(Reason(code="earlier_state", good=True))
    expected = ExpectedCopy(
        signers=expected_signers(record),
        level=level,
        sha256=digest if earlier is not None else record.sha256,
    )
    check = inspect_own_copy(data, expected=expected, trust=trust_store(services), at=services.clock())
    answer = _answer(record.id, record, [*reasons, *check.reasons], services)
    return replace(answer, signatures=check.signatures)


def expected_signers(record: Record) -> tuple[ExpectedSigner, ...]:
    """Return who must have signed a copy: the certificates that did when it was made."""
    fields = signature_fields(record.form)
    return tuple(ExpectedSigner(field_name=n, certificate_sha256=record.signers.get(n, "")) for n in fields)


def _verify_foreign(data: bytes, services: Services) -> Verification:
    """A PDF that is not ours: its signatures are checked all the same, by the roots that are configured."""
    named = _named_ids(data)
    reasons = [_bad("document_unknown", document_id=named[0]) if named else _bad("file_not_ours")]
    try:
        signatures = validate_signatures(data, trust=trust_store(services), at=services.clock())
    except DocumentError:
        signatures = ()
        reasons.append(_bad("file_unreadable"))
    if signatures:
        count = str(sum(not report.is_timestamp for report in signatures))
        reasons.append(Reason(code="signatures_found", good=True, values={"count": count}))
    return Verification(
        verdict=Verdict.UNKNOWN,
        reasons=tuple(reasons),
        document_id=named[0] if named else "",
        signatures=signatures,
        as_of=services.clock(),
    )


def _verify_picture(data: bytes, services: Services) -> Verification:
    """A photo or scan: the code on it is checked; whether the paper around it is the same, a person must see.

    Where none is found nothing is known of the paper: the photo of a genuine one may be blurred.
    """
    try:
        codes = [code.text for code in find_codes(data)]
    except DocumentError:
        codes = []
    for text in codes:
        try:
            answer = verify_code(parse_code(text), services)
        except UnsupportedDocument:
            continue
        return replace(answer, reasons=(*answer.reasons, Reason(code="picture_compare", good=True)))
    return Verification(verdict=Verdict.UNDECIDED, reasons=(_bad("no_code_in_picture"),), as_of=services.clock())


def _answer(
    document_id: str,
    record: Record | None,
    reasons: list[Reason],
    services: Services,
    *,
    seal: SealContent | None = None,
) -> Verification:
    """Return the verdict that the reasons and the record's state amount to."""
    found = verdict_of(reasons)
    if record is not None:
        reasons = [*reasons, state_reason(record, services)]
        if record.demonstration:
            reasons.append(Reason(code="demonstration", good=True))
    if record is None:
        verdict = Verdict.UNKNOWN
    else:
        verdict = _STATE_VERDICTS[state_now(record, services)] if found is Verdict.GENUINE else found
    with services.database.reading() as transaction:
        listed = current_status_list(transaction)
    return Verification(
        verdict=verdict,
        reasons=tuple(reasons),
        document_id=document_id,
        as_of=services.clock(),
        status_list=listed.number if listed else None,
        record=record,
        seal=seal,
    )


def state_now(record: Record, services: Services) -> RecordState:
    """Return the state of a paper at this moment: in force ends with its last valid day."""
    today = services.clock().astimezone(services.zone).date()
    over = record.valid_until is not None and record.valid_until < today
    return RecordState.EXPIRED if record.state is RecordState.IN_FORCE and over else record.state


def state_reason(record: Record, services: Services) -> Reason:
    """Return what the register says about the state of a paper."""
    state = state_now(record, services)
    moment = record.state_at or record.certified_at
    ended = record.valid_until.strftime("%d/%m/%Y") if record.valid_until else ""
    values = {
        "ended": ended,
        "agency": record.agency,
        "number": record.register_number,
        "day": moment.astimezone(services.zone).strftime("%d/%m/%Y"),
        "reason": record.state_reason,
        "successor": record.superseded_by,
    }
    return Reason(code=f"register_{state.value}", good=state is RecordState.IN_FORCE, values=values)


def _issued_state(digest: str, record: Record, services: Services) -> SignedState | None:
    """Return the state in which a file with this digest was issued before its time-stamp was renewed."""
    evidence = read_evidence(services.archive.read_paper(paper_address(record), EVIDENCE))
    return next((state for state in evidence.signed if state.sha256 == digest), None)


def _find(document_id: str, services: Services) -> Record | None:
    try:
        with services.database.reading() as transaction:
            return find_record(transaction, document_id)
    except UnknownDocument:
        return None


def _find_by_digest(digest: str, services: Services) -> Record | None:
    with services.database.reading() as transaction:
        return next(iter(list_records(transaction, RecordFilter(sha256=digest), limit=1).records), None)


def _find_named(data: bytes, services: Services) -> Record | None:
    """Return the record that a file names in its metadata and signatures, also where it was changed elsewhere."""
    return next(filter(None, (_find(name, services) for name in _named_ids(data))), None)


def _named_ids(data: bytes) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found.decode() for found in _LINK.findall(data)))


def _own_hosts(services: Services) -> frozenset[str]:
    return frozenset((services.settings.site.host, *services.settings.site.also))


def _bad(code: str, **values: str) -> Reason:
    return Reason(code=code, good=False, values=values)

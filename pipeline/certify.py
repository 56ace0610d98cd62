"""Certify: a reviewed draft becomes a numbered, sealed, twice signed and stored copy."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from domain.errors import CertificationRefused, DocumentError, InputError, NotReady, ObjectExists
from domain.models import Draft, DraftStatus, IssueForm, PadesLevel, PageImage, Record, Source
from ocr.archive.compose import ComposedCopy, compose
from ocr.archive.digest import content_digest
from ocr.files.sources import read_pages
from pipeline.catalog import catalog_problems
from pipeline.desk import AskPin, Desk, open_desk
from pipeline.evidence import Evidence, page_evidence, signed_state, write_evidence
from pipeline.excerpt import own_paper
from pipeline.layout import code_version, describe_copy, layout_options, seal_content, signature_request
from pipeline.output import write_output
from pipeline.promise import Promise, confirmed_values, make_promise, owner_of
from pipeline.refusal import CHECKLIST
from pipeline.retention import last_day, later
from pipeline.review import open_fields, open_problems
from pipeline.serial import from_json, to_json
from pipeline.services import Services
from pipeline.shelf import load_newest_draft, save_draft
from signing.pades import sign_copy
from signing.qr import qr_matrix, seal_room, verification_link
from signing.seal import make_seal
from storage.index import IndexEntry, save_record
from storage.ocfl_inventory import VersionNote
from storage.papers import COPY, EVIDENCE, FIELDS, METADATA, TEXT, PaperAddress, source_name
from storage.register import EntryState, RegisterEntry, find_entry_of_draft, issue

REGISTER = "register.json"
"""In the paper's object: its line in the register."""
ISSUED = "issued"
"""Folder of the data directory in which copies are put for handing out; the store keeps its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certified:
    """A certified copy, and its bytes to hand out."""

    record: Record
    pdf: bytes
    shortfall: str = ""
    """Why the signatures are of a lower level than was asked for."""


def certify(
    draft_id: str, services: Services, desk: Desk, *, checklist: Mapping[str, bool], form: IssueForm | None = None
) -> Certified:
    """Return the certified copy of a draft, after it is stored and listed.

    The draft's number, document identifier, form of issue and place in the status list are reserved first and kept,
    so that a try after a crash goes on with them: nothing is numbered or issued twice.

    Args:
        checklist: By ground of refusal (`CHECKLIST`), whether it applies.
        form: What is issued; None for what an earlier try began with, else for what the settings say.

    Raises:
        NotReady: Fields or problems of the draft are open.
        CertificationRefused: A ground of refusal applies.
        SigningError: It could not be signed; the number stays reserved for this draft.
        StorageError: It could not be stored; the number stays reserved for this draft.
    """
    draft = load_newest_draft(draft_id, services)
    _require_certifiable(draft, checklist)
    draft, promise = make_promise(draft, form, services)
    address = PaperAddress(document_id=promise.document_id, owner_id=owner_of(draft, services)[0])
    if services.archive.holds(address):
        certified = _stored(address, services)
    else:
        try:
            certified = _issue(draft, promise, address, services, desk, checklist)
        except ObjectExists:  # somebody else issued it while it was signed here; theirs is the copy
            certified = _stored(address, services)
    _list(draft, certified.record, promise, services)
    return certified


@dataclass(frozen=True, slots=True, kw_only=True)
class CertifyResult:
    """What became of one draft of a batch."""

    draft_id: str
    certified: Certified | None = None
    file: Path | None = None
    """Where the copy was put for handing out."""
    error: DocumentError | None = None
    warnings: tuple[str, ...] = ()
    """What the catalogue says against the codes that the paper is filed under, in words."""


def certify_batch(
    draft_ids: Sequence[str],
    services: Services,
    *,
    checklist: Mapping[str, bool],
    form: IssueForm | None = None,
    folder: Path | None = None,
    ask_pin: AskPin | None = None,
) -> Iterator[CertifyResult]:
    """Yield what became of each draft, in order; all are signed in one session of the keys.

    A draft that cannot be certified does not stop the others. A key that is gone, or a store that cannot be
    written, stops the batch: what was yielded is safe, and the next run goes on.

    Args:
        form: What is issued; None for what the settings say.
        folder: Where the copies are put for handing out; None for `issued` in the data directory.
        ask_pin: Asks a person for the PIN of a key, once for the whole batch.

    Raises:
        ConfigurationError: The keys are not set up.
        SigningError: The key is gone.
        StorageError: The store cannot be used.
    """
    with open_desk(services, ask_pin=ask_pin) as desk:
        for draft_id in draft_ids:
            try:
                done = certify(draft_id, services, desk, checklist=checklist, form=form)
                file = hand_out(done, folder or services.home / ISSUED)
            except InputError as e:
                yield CertifyResult(draft_id=draft_id, error=e)
            else:
                warnings = _warnings(done.record, services)
                yield CertifyResult(draft_id=draft_id, certified=done, file=file, warnings=warnings)


def _warnings(record: Record, services: Services) -> tuple[str, ...]:
    problems = catalog_problems(record.filing, record.fields.get("issue_date", ""), services)
    return tuple(services.messages.problem(problem) for problem in problems)


def hand_out(certified: Certified, folder: Path) -> Path:
    """Write a copy into a folder, under its document identifier, and return its path.

    Raises:
        StoreUnavailable: The folder cannot be written.
    """
    return write_output(folder / f"{certified.record.id}.pdf", certified.pdf)


def paper_address(record: Record) -> PaperAddress:
    """Return where a record's paper is in the archive."""
    return PaperAddress(document_id=record.id, owner_id=record.filing.owner_id)


def _stored(address: PaperAddress, services: Services) -> Certified:
    """Return the copy that is in the archive."""
    record = from_json(Record, services.archive.read_paper(address, METADATA))
    return Certified(record=record, pdf=services.archive.read_paper(address, COPY))


def _require_certifiable(draft: Draft, checklist: Mapping[str, bool]) -> None:
    if draft.status is DraftStatus.DISCARDED:
        raise NotReady(f"Bản nháp {draft.id} đã bị loại bỏ.")
    still_open = len(open_fields(draft)) + len(open_problems(draft))
    if draft.status is not DraftStatus.CERTIFIED and still_open:
        raise NotReady(f"Bản nháp {draft.id} còn {still_open} chỗ phải xem lại; chạy `sohoa review show {draft.id}`.")
    if refused := [ground for ground in CHECKLIST if checklist.get(ground, True)]:
        raise CertificationRefused(
            f"Không chứng thực bản nháp {draft.id}: căn cứ {', '.join(refused)} NĐ 23/2015; ghi lý do và trả lại giấy."
        )


def _issue(
    draft: Draft,
    promise: Promise,
    address: PaperAddress,
    services: Services,
    desk: Desk,
    checklist: Mapping[str, bool],
) -> Certified:
    """Compose, seal, sign and store."""
    source = Source(
        name=draft.source_name,
        media_type=draft.media_type,
        data=services.archive.load_source(draft.source_sha256),
        sha256=draft.source_sha256,
    )
    own = own_paper(draft, source, page_images(draft, source, services), desk.fonts)
    draft, source, images = own.draft, own.source, own.images
    unsigned = _record(draft, promise, content_digest(images), services, desk)
    record, composed = _compose(draft, source, images, unsigned, services, desk)
    request = signature_request(record, composed, services, desk)
    signed = sign_copy(composed.pdf, request=request, services=desk.signing)
    record = replace(
        record,
        signers={role.field.name: role.key.certificate.sha256.hex() for role in request.signers},
        level=signed.level,
        sha256=hashlib.sha256(signed.pdf).hexdigest(),
        size=len(signed.pdf),
    )
    source_file = source_name(1, source.media_type)
    evidence = Evidence(
        document_id=record.id,
        register_number=record.register_number,
        source_file=source_file,
        source_sha256=source.sha256,
        source_size=len(source.data),
        stack_sha256=own.stack_sha256,
        stack_pages=own.stack_pages,
        pages=page_evidence(images, draft.pages),
        content_sha256=record.content_sha256,
        decisions=draft.decisions,
        fields=record.fields,
        checklist=dict(checklist),
        seal=record.seal,
        composed_sha256=hashlib.sha256(composed.pdf).hexdigest(),
        signed=(signed_state(signed.pdf, signed.level, record.certified_at, signed.renew_before),),
    )
    files = {
        source_file: source.data,
        COPY: signed.pdf,
        TEXT: to_json(draft.pages).encode(),
        FIELDS: to_json(draft.extraction).encode(),
        EVIDENCE: write_evidence(evidence),
        METADATA: to_json(record).encode(),
    }
    if promise.entry is not None:
        issued = replace(promise.entry, state=EntryState.ISSUED, document_id=record.id, issued_at=record.certified_at)
        files[REGISTER] = to_json(issued).encode()
        _require_number(promise.entry, services)
    note = VersionNote(message="certified", user=services.user, at=record.certified_at)
    services.archive.store_paper(address, files, note, kept_until=record.kept_until)
    shortfall = "; ".join(services.messages.reason(reason) for reason in signed.shortfalls)
    return Certified(record=record, pdf=signed.pdf, shortfall=shortfall)


def _require_number(entry: RegisterEntry, services: Services) -> None:
    """Refuse to store what somebody took the number away from while it was signed."""
    with services.database.reading() as transaction:
        held = find_entry_of_draft(transaction, entry.application.draft_id)
    if held is None or held.number != entry.number:
        raise NotReady(f"Số chứng thực {entry.register_number} vừa bị hủy; chạy lại `sohoa certify` để lấy số mới.")


def page_images(draft: Draft, source: Source, services: Services) -> tuple[PageImage, ...]:
    """Return the page images of a draft, turned as they were read; digitizing has shown that they can be taken."""
    wanted = set(draft.page_numbers)
    turned = {page.number: page.rotation for page in draft.pages}
    scans = read_pages(source, limits=services.plan.limits, layers=False)
    images = (scan.image for scan in scans if scan.image.number in wanted)
    return tuple(replace(image, rotation=turned.get(image.number, image.rotation)) for image in images)


def _record(draft: Draft, promise: Promise, digest: str, services: Services, desk: Desk) -> Record:
    """Return the record as far as it is known before composing: without seal, level and file."""
    kind, values = services.kinds.get(draft.extraction.kind), confirmed_values(draft)
    owner_id, owner_name = owner_of(draft, services)
    office, now = services.settings.office, services.clock()
    return Record(
        id=promise.document_id,
        draft_id=draft.id,
        form=promise.form,
        filing=replace(draft.filing, owner_id=owner_id, owner_name=owner_name),
        kind=kind.code,
        title=kind.describe(values),
        fields=values,
        page_count=len(draft.page_numbers),
        register_number=promise.entry.register_number if promise.entry else "",
        book=promise.entry.book_name if promise.entry else "",
        certified_at=now,
        certifier=office.certifier_name,
        agency=office.name,
        level=PadesLevel.B_B,
        sha256="",
        size=0,
        content_sha256=digest,
        seal="",
        url=verification_link(services.settings.site.host, promise.document_id),
        status_index=promise.status_index,
        valid_until=kind.valid_until(values),
        kept_until=_kept_until(promise.document_id, kind.code, now.astimezone(services.zone).date(), services),
        demonstration=desk.demonstration,
    )


def _kept_until(document_id: str, kind: str, today: date, services: Services) -> date | None:
    """Return until when a paper is kept; what an earlier try promised, by the table as it stood then, still holds."""
    now = last_day(services.settings.store.retention, kind, today)
    return later(now, services.archive.retention.kept_until(document_id))


def _compose(
    draft: Draft, source: Source, images: tuple[PageImage, ...], record: Record, services: Services, desk: Desk
) -> tuple[Record, ComposedCopy]:
    """Return the sealed record and the copy that is to be signed."""
    content, version = seal_content(record, services), code_version(services)
    seal = make_seal(content, desk.seal_key, room=seal_room(record.url, maximum_version=version))
    record = replace(record, seal=seal)
    embedded = source if draft.signed_source or services.settings.issue.embed_source else None
    qr = qr_matrix(record.url, seal, maximum_version=version)
    description = describe_copy(record, draft, services, desk, qr=qr, embedded=embedded)
    return record, compose(images, draft.pages, copy=description, fonts=desk.fonts, options=layout_options(services))


def _list(draft: Draft, record: Record, promise: Promise, services: Services) -> None:
    """Put a stored copy into the index and the register, and close its draft."""
    entry = IndexEntry(
        record=record,
        text="\n".join(page.text for page in draft.pages),
        source_sha256=draft.source_sha256,
        page_hashes=tuple(page.look for page in draft.pages),
        object_key=services.archive.locate(paper_address(record)),
    )
    with services.database.transaction() as transaction:
        save_record(transaction, entry)
        if promise.entry is not None:
            issue(transaction, promise.entry, record.id, now=record.certified_at)
    if draft.status is not DraftStatus.CERTIFIED:
        closed = replace(draft, revision=draft.revision + 1, status=DraftStatus.CERTIFIED, document_id=record.id)
        save_draft(closed, services)

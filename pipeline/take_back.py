"""Taking back: certified papers of a package become papers of this warehouse again, with all that belongs to them."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from domain.errors import (
    CertificationRefused,
    DamagedDocument,
    DocumentError,
    InputError,
    NotReady,
    ObjectCorrupt,
    ObjectExists,
    UnknownDocument,
    UnsupportedDocument,
)
from domain.identifiers import is_document_id
from domain.models import Draft, PageText, Record, RecordState, Source, Verdict
from pipeline.certify import REGISTER, paper_address
from pipeline.evidence import Evidence, read_evidence
from pipeline.journal import access, logged
from pipeline.package_history import DRAFT, History, read_history
from pipeline.present import record_object
from pipeline.sealed_values import against_signed
from pipeline.serial import JsonObject, from_json, from_json_list, to_json
from pipeline.services import Services
from pipeline.status import publish_status
from pipeline.trust import trust_store
from pipeline.verify import expected_signers
from signing.validate import ExpectedCopy, inspect_own_copy, verdict_of
from storage.access_log import append_log
from storage.database import Transaction
from storage.drafts import save_draft
from storage.import_packages import ImportedPaper, read_package
from storage.index import IndexEntry, find_record, save_record
from storage.papers import COPY, EVIDENCE, FIELDS, METADATA, TEXT
from storage.register import EntryState, RegisterEntry, entry_with_number
from storage.register_restore import restore_entries
from storage.status_places import holder_of_place

_NAMES = re.compile(r"copy\.pdf|(text|fields|evidence|metadata|register)\.json|source/\d{4}\.[a-z0-9]{2,4}")
_NEEDED = (COPY, TEXT, FIELDS, EVIDENCE, METADATA)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    """What became of a paper of a package."""

    name: str
    """What it is called there."""
    record: Record | None = None
    known: bool = False
    """Whether it was here already, just so."""
    error: DocumentError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Paper:
    """A paper of a package, after everything about it was found to fit together."""

    record: Record
    evidence: Evidence
    pages: tuple[PageText, ...]
    line: RegisterEntry | None
    draft: Draft | None
    history: History
    versions: tuple[dict[str, bytes], ...]


def take_back(path: Path, services: Services) -> Iterator[TakenBack]:
    """Yield what became of each paper of a package that `sohoa export` wrote; run again, it goes on.

    A paper is taken back if its files fit together, its signatures hold by the certificates that are trusted here, and
    its register number and its place in the status list are free. The copy stays as it was, byte for byte.

    Raises:
        InputError: It is no package, or damaged.
        StorageError: It cannot be read, or a paper cannot be stored; what was yielded is safe.
    """
    ended = False
    for imported in read_package(path):
        try:
            paper = _read(imported, services)
            known = _store(paper, services)
        except (InputError, ObjectCorrupt) as e:
            yield TakenBack(name=imported.name, error=e)
        else:
            ended = ended or paper.record.state is not RecordState.IN_FORCE
            yield TakenBack(name=imported.name, record=paper.record, known=known)
    if ended:
        publish_status(services)


def taken_object(taken: TakenBack) -> JsonObject:
    """Return what `sohoa import --certified` prints for a paper."""
    if taken.record is None:
        return {"name": taken.name, "document_id": None, "status": "failed", "error": str(taken.error)}
    return {"name": taken.name, "status": "known" if taken.known else "taken", **record_object(taken.record)}


def _read(imported: ImportedPaper, services: Services) -> _Paper:
    """Return a paper, after every part was compared with the others and the signatures were checked.

    Raises:
        InputError: Something does not fit; the message names the paper.
        ObjectCorrupt: A file of it is not of the form that it should be.
    """
    if missing := [name for name in _NEEDED if name not in imported.files]:
        raise UnsupportedDocument(
            f"{imported.name}: không phải giấy đã chứng thực do `sohoa export` ghi (thiếu {missing[0]}); "
            "bỏ --certified để nhận thành bản nháp."
        )
    record = from_json(Record, imported.files[METADATA])
    history, versions = read_history(imported.files, record)
    if not is_document_id(record.id) or not all(is_document_id(hold.id) for hold in history.holds):
        raise DamagedDocument(f"{imported.name}: mã giấy tờ hoặc mã lệnh giữ không đúng dạng; xin lại gói.")
    if strange := sorted(name for files in versions for name in files if not _NAMES.fullmatch(name)):
        raise DamagedDocument(f"{record.id}: gói có tệp lạ «{strange[0][:60]}»; xin lại gói.")
    newest = versions[-1]
    paper = _Paper(
        record=record,
        evidence=read_evidence(newest[EVIDENCE]),
        pages=from_json_list(PageText, newest[TEXT]),
        line=from_json(RegisterEntry, newest[REGISTER]) if REGISTER in newest else None,
        draft=from_json(Draft, imported.files[DRAFT]) if DRAFT in imported.files else None,
        history=history,
        versions=versions,
    )
    if not _fits(paper, newest):
        raise DamagedDocument(f"{record.id}: các phần của giấy tờ trong gói không khớp nhau; xin lại gói từ nơi gửi.")
    _require_signed(paper, newest[COPY], services)
    _require_told(record, newest[COPY], services)
    return paper


def _fits(paper: _Paper, files: Mapping[str, bytes]) -> bool:
    """Whether the parts of a paper tell of the same one."""
    record, evidence, line, draft = paper.record, paper.evidence, paper.line, paper.draft
    source = files.get(evidence.source_file, b"")
    number = line is not None and (line.register_number, line.document_id, line.state) == (
        record.register_number,
        record.id,
        EntryState.ISSUED,
    )
    return (
        files[METADATA] == to_json(record).encode()
        and hashlib.sha256(files[COPY]).hexdigest() == record.sha256
        and len(files[COPY]) == record.size
        and hashlib.sha256(source).hexdigest() == evidence.source_sha256
        and (evidence.document_id, evidence.content_sha256) == (record.id, record.content_sha256)
        and (evidence.register_number, dict(evidence.fields)) == (record.register_number, dict(record.fields))
        and number == bool(record.register_number)
        and (draft is None or (draft.id, draft.document_id) == (record.draft_id, record.id))
    )


def _require_signed(paper: _Paper, pdf: bytes, services: Services) -> None:
    record = paper.record
    expected = ExpectedCopy(signers=expected_signers(record), level=record.level, sha256=record.sha256)
    check = inspect_own_copy(pdf, expected=expected, trust=trust_store(services), at=services.clock())
    verdict = verdict_of(check.reasons)
    if verdict is not Verdict.GENUINE:
        against = "; ".join(services.messages.reason(reason) for reason in check.reasons if not reason.good)
        hint = " Thêm chứng thư của nơi cấp vào signing.trust rồi nhận lại." if verdict is Verdict.UNDECIDED else ""
        raise CertificationRefused(f"{record.id}: chữ ký không được công nhận ở đây: {against.rstrip('.')}.{hint}")


def _require_told(record: Record, pdf: bytes, services: Services) -> None:
    against = against_signed(record, pdf, services)
    if against is not None:
        hint = " Chép seal-keys.json của nơi cấp vào rồi nhận lại." if against.code == "seal_unknown_key" else ""
        raise CertificationRefused(f"{record.id}: {services.messages.reason(against)}{hint}")


def _store(paper: _Paper, services: Services) -> bool:
    """Store a paper with its versions, and list it; return whether it was here already, just so."""
    record = paper.record
    with services.database.reading() as transaction:
        _require_free(transaction, paper)
        with suppress(UnknownDocument):
            if find_record(transaction, record.id) == record:
                return True
    _store_versions(paper, services)
    _store_draft(paper, services)
    entry = IndexEntry(
        record=record,
        text="\n".join(page.text for page in paper.pages),
        source_sha256=paper.evidence.stack_sha256 or paper.evidence.source_sha256,
        page_hashes=tuple(page.look for page in paper.pages),
        object_key=services.archive.locate(paper_address(record)),
    )
    with logged(services) as transaction:
        _require_free(transaction, paper)
        save_record(transaction, entry)
        if paper.line is not None:
            restore_entries(transaction, [paper.line])
        if paper.draft is not None:
            save_draft(transaction, paper.draft, to_json(paper.draft))
        append_log(transaction, access(services, "import", record), now=services.clock())
    return False


def _require_free(transaction: Transaction, paper: _Paper) -> None:
    """Refuse what would give a number, a place or an identifier to two papers."""
    record, line = paper.record, paper.line
    with suppress(UnknownDocument):
        here = find_record(transaction, record.id)
        if here.content_sha256 != record.content_sha256:
            raise NotReady(f"Mã {record.id} là của giấy tờ khác ở đây; không nhận.")
        if here != record:
            raise NotReady(f"Giấy tờ {record.id} ở đây đã thay đổi so với trong gói; không nhận đè lên.")
    if line is not None:
        taken = entry_with_number(transaction, unit=line.unit, year=line.year, act=line.act, number=line.number)
        if taken is not None and taken.document_id != record.id:
            raise NotReady(f"Số {record.register_number} trong sổ ở đây đã là của bản khác; không nhận {record.id}.")
    if holder_of_place(transaction, record.status_index) not in (None, record.draft_id):
        raise NotReady(f"Chỗ của {record.id} trong danh sách trạng thái ở đây đã có bản khác dùng; không nhận.")


def _store_versions(paper: _Paper, services: Services) -> None:
    archive, address, history = services.archive, paper_address(paper.record), paper.history
    if archive.holds(address):
        there = archive.inventory(address).versions
        if [dict(version.state) for version in there] != [dict(past.files) for past in history.versions[: len(there)]]:
            raise ObjectExists(f"Kho đã có giấy tờ {paper.record.id} với nội dung khác; không nhận đè lên.")
        stored = len(there)
    else:
        archive.store_paper(address, paper.versions[0], history.versions[0].note, kept_until=history.kept_until)
        stored = 1
    for number in range(stored, len(paper.versions)):
        before, files = paper.versions[number - 1], paper.versions[number]
        archive.append_version(
            address,
            {name: data for name, data in files.items() if before.get(name) != data},
            history.versions[number].note,
            removed=before.keys() - files.keys(),
            expected_head=number,
        )
    for hold in history.holds:
        archive.restore_hold(address, hold)


def _store_draft(paper: _Paper, services: Services) -> None:
    """Keep the draft and, where it is the whole file that came in, the scan: it is known when it comes again."""
    draft, evidence = paper.draft, paper.evidence
    if draft is None:
        return
    if not evidence.stack_sha256:
        data = paper.versions[-1][evidence.source_file]
        source = Source(name=draft.source_name, media_type=draft.media_type, data=data, sha256=evidence.source_sha256)
        services.archive.store_source(source)
    services.archive.store_draft(draft.id, draft.revision, to_json(draft).encode())

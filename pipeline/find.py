"""Find: is this paper in the warehouse already, and in force? By words, fields, owner and kind, or by its scan."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from domain.errors import DocumentError, InputError
from domain.models import Record, RecordState
from ocr.archive.digest import content_digest
from ocr.files.page_process import read_apart
from ocr.picture.page_hash import page_hash
from pipeline.catalog import issuer_names
from pipeline.digitize import extract_file
from pipeline.intake import open_paper
from pipeline.journal import access, log_looks, logged
from pipeline.same_paper import Sameness, compare
from pipeline.services import Services
from pipeline.share import ReuseEvent, keep_reuse
from storage.access_log import append_log
from storage.database import Transaction
from storage.index import RecordFilter, find_record, list_records
from storage.owners import numbers_of
from storage.reuse import Intake, Likeness, PresentPaper, ReuseWay, find_present
from storage.search import SearchQuery, search_records
from storage.validity import state_on

_DEEPEST = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is looked for; all parts must hold, an empty part is not asked."""

    text: str = ""
    owner_id: str = ""
    kind: str = ""
    number: str = ""
    issuer: str = ""
    """As printed, or as the unit that came from it or before it is called."""
    dossier: str = ""
    issue_date: str = ""
    """ISO, possibly partial."""
    fields: Mapping[str, str] = field(default_factory=dict)
    file: Path | None = None
    """A scan: is this paper here already?"""
    page: int = 1
    size: int = 20
    purpose: str = ""

    @property
    def one_paper(self) -> bool:
        """Whether a certain paper is asked for, so that the answer is: it is here, or it is not."""
        return self.file is not None or bool(self.owner_id and self.kind) or bool(self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A paper that was found."""

    record: Record
    likeness: Likeness | None
    """Why it may be the one that was asked for; None where it was found by words or fields."""
    state: RecordState
    """Today, also before the states were turned over."""

    @property
    def in_force(self) -> bool:
        """Whether it holds today."""
        return self.state is RecordState.IN_FORCE

    @property
    def is_itself(self) -> bool:
        """Whether it is the paper whose scan was given, not only one that fits what was asked."""
        return self.likeness in (Likeness.SAME_CONTENT, Likeness.SAME_SOURCE, Likeness.SAME_PAPER)

    @property
    def only_alike(self) -> bool:
        """Whether it may as well be another paper of the same form."""
        return self.likeness is Likeness.ALIKE


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPage:
    """A part of what was found, best first."""

    found: tuple[Found, ...]
    more: bool
    """Whether there are further ones."""
    issuers: tuple[str, ...] = ()
    """Other names under which the issuer was looked for too, folded: long, short, before and after reforms."""

    @property
    def is_yes(self) -> bool:
        """Whether the answer is yes: what was asked for is here for certain."""
        return any(not each.only_alike for each in self.found)


def find(wanted: Wanted, services: Services) -> FoundPage:
    """Return the papers that are asked for, best first; whose papers are shown is logged before.

    A scan whose pages only look like those of a paper is read: a paper of another number, date or holder is left out.

    Raises:
        InputError: Nothing is asked, the kind is not known, or the file cannot be read.
        DocumentError: The engine that reads the file is missing or failed.
        StorageError: The database cannot be read, or the access could not be logged.
    """
    if wanted.kind and wanted.kind not in services.kinds:
        raise InputError(f"Không có loại giấy tờ “{wanted.kind}”; xem các mã loại trong configs/kinds.")
    if wanted.page < 1 or wanted.page * wanted.size > _DEEPEST:
        raise InputError("Số trang không hợp lệ; thêm từ khóa, loại giấy tờ hoặc ngày để tìm hẹp hơn.")
    today = services.clock().astimezone(services.zone).date()
    intake = _intake(wanted.file, services) if wanted.file is not None else None
    present: tuple[Found, ...] = ()
    page = FoundPage(found=(), more=False)
    with services.database.reading() as transaction:
        issuers = issuer_names(transaction, wanted.issuer)[1:] if wanted.issuer and intake is None else ()
        if intake is not None:
            intake = replace(intake, owner_id=wanted.owner_id, kind=wanted.kind)
            present = _present(transaction, intake, today)
        elif wanted.text or wanted.fields:
            page = _searched(transaction, wanted, today)
        else:
            page = _listed(transaction, wanted, today)
    if wanted.file is not None:
        page = _page(_told_apart(present, wanted.file, services), wanted)
    owners = dict.fromkeys(each.record.filing.owner_id for each in page.found) or {wanted.owner_id: None}
    purpose, detail = wanted.purpose, f"{len(page.found)} papers"
    looked = [access(services, "find", owner_id=owner, purpose=purpose, detail=detail) for owner in owners]
    log_looks(services, looked)
    return replace(page, issuers=issuers)


def use(document_id: str, services: Services, *, dossier: str = "", procedure: str = "", purpose: str = "") -> Record:
    """Count that a paper of the warehouse stands in for one to be handed in.

    Raises:
        InputError: The paper does not hold today.
        UnknownDocument: There is no such paper.
        StorageError: It could not be kept.
    """
    now = services.clock()
    with logged(services) as transaction:
        record = find_record(transaction, document_id)
        if state_on(record, now.astimezone(services.zone).date()) is not RecordState.IN_FORCE:
            raise InputError(f"Giấy tờ {document_id} không còn hiệu lực nên không dùng lại được; yêu cầu bản mới.")
        event = ReuseEvent(
            document_id=record.id,
            way=ReuseWay.FOUND,
            unit=services.settings.office.unit,
            procedure=procedure or record.filing.procedure,
            dossier=dossier,
            at=now,
        )
        told = access(services, "use", record, purpose=purpose, detail=dossier)
        keep_reuse(transaction, event, append_log(transaction, told, now=now), services)
    return record


def _intake(path: Path, services: Services) -> Intake:
    source = open_paper(path, services.plan.limits)
    if isinstance(source, DocumentError):
        raise source
    images = [scan.image for scan in read_apart(source, limits=services.plan.limits)]
    return Intake(
        source_sha256=source.sha256,
        content_sha256=content_digest(images),
        page_hashes=tuple(page_hash(image) for image in images),
    )


def _present(transaction: Transaction, intake: Intake, today: date) -> tuple[Found, ...]:
    return tuple(_found(paper, today) for paper in find_present(transaction, intake, today=today))


def _told_apart(present: tuple[Found, ...], file: Path, services: Services) -> tuple[Found, ...]:
    """Return the papers that a scan can be: those that look like it only if what it says does not speak against it."""
    if any(each.in_force and not each.only_alike for each in present):
        return tuple(each for each in present if not each.only_alike)
    if not any(each.only_alike for each in present):
        return present
    read = extract_file(file, services)
    told = [(each, compare(read, each.record, services.kinds)) for each in present]
    same = [
        replace(each, likeness=Likeness.SAME_PAPER) if each.only_alike and said is Sameness.SAME else each
        for each, said in told
        if not (each.only_alike and said is Sameness.OTHER)
    ]
    return tuple(sorted(same, key=lambda each: each.only_alike))


def _found(paper: PresentPaper, today: date) -> Found:
    return Found(record=paper.record, likeness=paper.likeness, state=state_on(paper.record, today))


def _page(found: tuple[Found, ...], wanted: Wanted) -> FoundPage:
    first = (wanted.page - 1) * wanted.size
    return FoundPage(found=found[first : first + wanted.size], more=len(found) > first + wanted.size)


def _searched(transaction: Transaction, wanted: Wanted, today: date) -> FoundPage:
    query = SearchQuery(text=wanted.text, fields=wanted.fields, chosen=_filter(transaction, wanted))
    page = search_records(transaction, query, limit=wanted.size, offset=(wanted.page - 1) * wanted.size)
    return FoundPage(found=_plain(page.records, wanted, today), more=page.more)


def _listed(transaction: Transaction, wanted: Wanted, today: date) -> FoundPage:
    chosen = _filter(transaction, wanted)
    if chosen == RecordFilter():
        raise InputError("Xin nêu điều cần tìm: từ khóa, --owner, --kind, --number, --issuer, --dossier, --date.")
    records = list_records(transaction, chosen, limit=wanted.page * wanted.size + 1).records
    return _page(_plain(records, wanted, today), wanted)


def _plain(records: tuple[Record, ...], wanted: Wanted, today: date) -> tuple[Found, ...]:
    likeness = Likeness.SAME_KIND if wanted.owner_id and wanted.kind else None
    return tuple(Found(record=record, likeness=likeness, state=state_on(record, today)) for record in records)


def _filter(transaction: Transaction, wanted: Wanted) -> RecordFilter:
    return RecordFilter(
        owner_ids=numbers_of(transaction, wanted.owner_id) if wanted.owner_id else (),
        kind=wanted.kind,
        number=wanted.number,
        issuers=issuer_names(transaction, wanted.issuer) if wanted.issuer else (),
        dossier=wanted.dossier,
        issue_date=wanted.issue_date,
    )

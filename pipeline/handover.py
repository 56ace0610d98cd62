"""Hand-over and taking over: packages (BagIt, E-ARK) out of the warehouse, those of others into drafts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from domain.errors import DocumentError, InputError, UnsupportedDocument
from domain.models import DraftStatus, Filing, Problem, Record, Source
from domain.vietnamese import fold
from ocr.files.sources import open_source
from pipeline.batch import read_papers
from pipeline.certify import paper_address
from pipeline.digitize import Digitized, make_draft
from pipeline.evidence import read_evidence
from pipeline.journal import access, log_accesses
from pipeline.messages import Messages
from pipeline.package_history import history_files
from pipeline.present import problem_object
from pipeline.progress import OnPage
from pipeline.serial import JsonObject
from pipeline.services import Services
from pipeline.shelf import find_drafts, save_new_draft
from storage.export_bagit import export_bag
from storage.export_eark import export_document, export_dossier
from storage.import_folder import read_folder
from storage.import_packages import ImportedPaper, read_package
from storage.index import find_record
from storage.packages import Package, PackagePaper, package_name
from storage.papers import EVIDENCE

FORMATS = ("bagit", "eark")
_FILING = {
    "owner_id": ("owner_id", "owner", "so dinh danh", "chu giay to", "cccd", "ma so thue"),
    "owner_name": ("owner_name", "owner name", "ho ten", "ten chu giay to"),
    "dossier": ("dossier", "ma ho so", "ho so", "arcfilecode"),
    "procedure": ("procedure", "ma thu tuc", "thu tuc"),
    "unit": ("unit", "don vi", "ma don vi"),
}
"""Columns that say where a paper belongs, without diacritics."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What became of a paper of a package or folder."""

    name: str
    """What it is called there."""
    digitized: Digitized | None
    """None where there was nothing to take in."""
    told: Mapping[str, str]
    """What the package says of it, for the one who reviews the draft; never taken over unread."""
    problems: tuple[Problem, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether no draft came of it."""
        return self.digitized is None or self.digitized.draft is None


def export(document_ids: Sequence[str], services: Services, *, form: str, folder: Path, purpose: str = "") -> Path:
    """Write papers into one package in a folder and return its path; each paper is logged before.

    Raises:
        InputError: The format is not known, or no paper is named.
        UnknownDocument: There is no such paper.
        StorageError: A file is damaged, or the package cannot be written.
    """
    if form not in FORMATS or not document_ids:
        raise InputError(f"Nêu mã giấy tờ và --format {' hoặc '.join(FORMATS)}.")
    with services.database.reading() as transaction:
        records = [find_record(transaction, each) for each in dict.fromkeys(document_ids)]
    log_accesses(services, [access(services, "export", each, purpose=purpose, detail=form) for each in records])
    dossiers = {record.filing.dossier for record in records}
    code = dossiers.pop() if len(dossiers) == 1 and "" not in dossiers else records[0].id
    office = services.settings.office
    package = Package(
        code=code,
        at=services.clock().astimezone(services.zone),
        agency=office.name,
        fields={"arcFileCode": code, "title": _title(records), "totalDoc": str(len(records)), "language": "Tiếng Việt"},
    )
    papers = (_paper(record, services) for record in records)
    alone = form == "eark" and len(records) == 1
    kind = "bagit" if form == "bagit" else "AIP_tailieu" if alone else "AIP_hoso"
    target = folder / f"{kind}_{package_name(code)}.zip"
    if form == "bagit":
        export_bag(target, papers, package)
    elif alone:
        export_document(target, next(papers), package)
    else:
        export_dossier(target, papers, package)
    return target


def take_over(
    path: Path, filing: Filing, services: Services, *, table: Path | None = None, on_page: OnPage | None = None
) -> Iterator[Imported]:
    """Yield what became of each paper of a package, or of a folder with a table; each becomes a draft.

    Raises:
        InputError: It is no package, or damaged.
        StorageError: It cannot be read, or a draft cannot be stored; what was yielded is safe.
    """
    if path.is_dir() and table is None:
        raise InputError("Thư mục cần kèm bảng CSV (--csv), hoặc dùng `sohoa digitize` cho thư mục hồ sơ.")
    papers = read_folder(path, table) if table is not None else read_package(path)
    for paper in papers:
        yield _take_in(paper, filing, services, on_page)


def imported_object(imported: Imported, messages: Messages) -> JsonObject:
    """Return what `sohoa import` prints for a paper."""
    done = imported.digitized
    return {
        "name": imported.name,
        "draft_id": done.draft.id if done is not None and done.draft is not None else None,
        "status": done.status if done is not None else "failed",
        "error": str(done.error) if done is not None and done.error is not None else None,
        "told": dict(imported.told),
        "problems": [problem_object(problem, messages) for problem in imported.problems],
    }


def _take_in(paper: ImportedPaper, filing: Filing, services: Services, on_page: OnPage | None) -> Imported:
    """Draft one paper: from its scan where the package has one, else from its copy."""
    told = {name: value for name, value in paper.fields.items() if value}
    scans = sorted(name for name in paper.files if name.startswith("source/"))
    chosen = next(iter([*scans, *(name for name in paper.files if name == "copy.pdf"), *sorted(paper.files)]), "")
    if not chosen:
        return Imported(name=paper.name, digitized=None, told=told, problems=paper.problems)
    name = chosen.rpartition("/")[2]
    try:
        source = open_source(name, paper.files[chosen], limits=services.plan.limits)
        done = _draft(source, paper.name, _filing(told, filing), services, on_page)
    except InputError as e:
        done = Digitized(source=paper.name, error=e)
    return Imported(name=paper.name, digitized=done, told=told, problems=paper.problems)


def _draft(source: Source, name: str, filing: Filing, services: Services, on_page: OnPage | None) -> Digitized:
    kept = (draft for draft in find_drafts(source.sha256, services) if draft.status is not DraftStatus.DISCARDED)
    earlier = next(kept, None)
    if earlier is not None:
        return Digitized(source=name, draft=earlier, duplicate=True)
    (read,) = read_papers([source], services.plan, on_page=on_page)  # to its end, so that the workers end too
    error: DocumentError | None = read.error
    if error is None and not read.pages:
        error = UnsupportedDocument("Tệp không có trang nào; xin lại gói.")
    if error is not None:
        return Digitized(source=name, error=error)
    draft = make_draft(source, read.pages, filing, services)
    return Digitized(source=name, draft=save_new_draft(draft, source, services))


def _filing(told: Mapping[str, str], given: Filing) -> Filing:
    """Return where a paper belongs: as given, else as the package says."""
    known = {fold(name): value for name, value in told.items()}
    found = {
        part: next((known[name] for name in names if known.get(name)), "")
        for part, names in _FILING.items()
        if not getattr(given, part)
    }
    return replace(given, **{part: value for part, value in found.items() if value})


def _paper(record: Record, services: Services) -> PackagePaper:
    archive, address = services.archive, paper_address(record)
    names = archive.inventory(address).head.state
    evidence = read_evidence(archive.read_paper(address, EVIDENCE))
    issued = record.fields.get("issue_date", "")
    parts = issued.split("-")
    return PackagePaper(
        document_id=record.id,
        files={name: archive.read_paper(address, name) for name in names} | history_files(record, services),
        fields={
            "typeName": services.kind_title(record.kind),
            "codeNumber": record.fields.get("number", ""),
            "issuedDate": "/".join(reversed(parts)) if len(parts) == 3 else "",
            "organName": record.fields.get("issuer", ""),
            "subject": record.title,
            "language": "Tiếng Việt",
            "numberOfPage": str(record.page_count),
            "format": "PDF/A",
            "inforSign": f"{record.certifier}; {record.agency}; PAdES {record.level.value}",
            "arcFileCode": record.filing.dossier,
        },
        digitized_at=min((decision.at for decision in evidence.decisions), default=record.certified_at),
        certified_at=record.certified_at,
    )


def _title(records: Sequence[Record]) -> str:
    return records[0].title if len(records) == 1 else f"Hồ sơ gồm {len(records)} giấy tờ: {records[0].title}, …"

"""Download links: a short-lived address at the store's service, by which one file of a paper is fetched without us."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from domain.errors import InputError, ObjectMissing
from domain.models import Record
from pipeline.certify import paper_address
from pipeline.journal import access, log_looks
from pipeline.services import Services
from storage.index import find_record
from storage.papers import COPY, EVIDENCE, FIELDS, METADATA, TEXT

SOURCE = "source"
PARTS = {"copy": COPY, SOURCE: "source/", "text": TEXT, "fields": FIELDS, "evidence": EVIDENCE, "metadata": METADATA}
"""What can be fetched of a paper, by name; the source's file ends as it came in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A download link; whoever holds it can fetch the file, so it is shown to the one who asked and never logged."""

    document_id: str
    part: str
    file_name: str
    """Under which a browser saves it."""
    sha512: str
    """Of the file, to compare it with."""
    expires_at: datetime
    url: str = field(repr=False)


def link_life(services: Services, minutes: int = 0) -> timedelta:
    """Return for how long a link works: as long as asked, or as the settings say.

    Raises:
        InputError: More is asked than the settings allow.
    """
    store = services.settings.store
    if minutes > store.link_most_minutes:
        raise InputError(f"Liên kết chỉ được dùng nhiều nhất {store.link_most_minutes} phút (store.link_most_minutes).")
    return timedelta(minutes=minutes or min(store.link_minutes, store.link_most_minutes))


def link_paper(document_id: str, services: Services, *, part: str = "copy", life: timedelta, purpose: str = "") -> Link:
    """Return a link to a file of a paper, for the office that keeps it; who asked, and why, is logged before.

    Raises:
        InputError: The paper has no such part.
        UnknownDocument: There is no such paper.
        NoLink: The store makes none.
        StorageError: The store cannot be reached, or the access could not be logged; then there is no link.
    """
    with services.database.reading() as transaction:
        record = find_record(transaction, document_id)
    link = make_link(record, services, part=part, ends=services.clock() + life)
    seconds = str(int(life.total_seconds()))
    log_looks(services, [access(services, "link", record, purpose=purpose, detail=f"{part} {seconds}s")])
    return link


def make_link(record: Record, services: Services, *, part: str, ends: datetime) -> Link:
    """Return a link that nobody has been told of yet: the caller logs it first.

    Raises:
        InputError: The paper has no such part.
        NoLink: The store makes none.
        StorageError: The store cannot be reached.
    """
    if part not in PARTS:
        raise InputError(f"Giấy tờ không có phần “{part}”; chọn {', '.join(PARTS)}.")
    address = paper_address(record)
    files = services.archive.inventory(address).head.state
    name = next((name for name in sorted(files) if name.startswith(PARTS[part])), "")
    if not name:
        raise ObjectMissing(f"Giấy tờ {record.id} không có phần “{part}” trong kho; chạy `sohoa audit`.")
    ending = name.rpartition(".")[2]
    file_name = f"{record.id}.{ending}" if part == "copy" else f"{record.id}-{part}.{ending}"
    seconds = max(int((ends - services.clock()).total_seconds()), 1)
    url = services.archive.link(address, name, seconds=seconds, file_name=file_name)
    return Link(document_id=record.id, part=part, file_name=file_name, sha512=files[name], expires_at=ends, url=url)

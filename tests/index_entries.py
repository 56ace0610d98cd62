"""Papers of fictional people for the tests of the index."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from domain.models import Filing, IssueForm, PadesLevel, Record
from storage.index import IndexEntry

NOW = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def document_id(number: int) -> str:
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(16)))


def record(number: int = 1, **changes: object) -> Record:
    filing = Filing(
        owner_id="070300000001",
        owner_name="Nguyễn Văn An",
        dossier="H19.001-261121-0001",
        procedure="2.000815",
        unit="H19.15",
    )
    made = Record(
        id=document_id(number),
        draft_id=f"draft{number}",
        form=IssueForm.CERTIFIED_COPY,
        filing=filing,
        kind="birth_certificate",
        title="Giấy khai sinh",
        fields={"number": f"{number}/2024", "issue_date": "2024-05-02", "issuer": "UBND xã Đồng Tâm"},
        page_count=1,
        register_number=f"{number:02d}/2026-SCTĐT/BS",
        certified_at=NOW + timedelta(minutes=number),
        certifier="Trần Thị Bình",
        signers={"Certifier": "ab" * 32},
        agency="UBND xã Đồng Tâm",
        level=PadesLevel.B_LTA,
        sha256=f"{number:064x}",
        size=12345,
        content_sha256=f"{number + 1000:064x}",
        seal="ABC",
        url="https://example.vn/v/x",
        status_index=number,
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # the tests name real fields


def entry(number: int = 1, *, text: str = "", page_hashes: tuple[int, ...] = (), **changes: object) -> IndexEntry:
    made = record(number, **changes)
    return IndexEntry(
        record=made,
        text=text,
        page_hashes=page_hashes,
        source_sha256=f"{number + 2000:064x}",
        object_key=f"objects/{made.id}",
    )

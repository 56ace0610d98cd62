"""The register on paper and in spreadsheets: the columns of the form, and the totals of the year."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta, timezone

from storage.register import BookTotals, EntryState, RegisterEntry

COLUMNS = (
    "Số chứng thực",
    "Quyển số",
    "Ngày, tháng, năm chứng thực",
    "Họ tên, số giấy tờ tùy thân của người yêu cầu chứng thực",
    "Tên của bản chính giấy tờ, văn bản",
    "Họ tên, chức danh người ký chứng thực",
    "Số bản sao đã chứng thực",
    "Số trang",
    "Lệ phí/Phí chứng thực (đồng)",
    "Ghi chú",
)
"""Of the register for copies (NĐ 23/2015, TT 01/2020/TT-BTP), with the book's name before the date."""

_VIETNAM = timezone(timedelta(hours=7))


def register_rows(entries: Iterable[RegisterEntry]) -> Iterator[tuple[str, ...]]:
    """Yield a row of the form for each line, the voided ones with their reason."""
    for entry in entries:
        asked = entry.application
        issued = entry.state is EntryState.ISSUED
        yield (
            f"{entry.number:02d}",
            entry.book_name,
            _day(entry.issued_at if issued else entry.reserved_at),
            ", ".join(part for part in (asked.requester, asked.requester_id) if part),
            asked.title,
            asked.certifier,
            str(asked.copies if issued else 0),
            str(asked.pages),
            str(asked.fee if issued else 0),
            _note(entry),
        )


def write_register_csv(entries: Iterable[RegisterEntry], totals: BookTotals) -> str:
    """Return the register as CSV, with the totals in the last row; spreadsheets open it as it is.

    The text begins with a byte order mark, without which a common spreadsheet spoils Vietnamese letters; a cell that
    a spreadsheet would take for a formula begins with an apostrophe.
    """
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([_harmless(cell) for cell in row] for row in register_rows(entries))
    summary = f"Tổng số: {totals.numbers} số; đã cấp {totals.issued}; hủy {totals.voided}; giữ chỗ {totals.reserved}"
    writer.writerow([summary, "", "", "", "", "", totals.copies, totals.pages, totals.fee, ""])
    return "\ufeff" + sheet.getvalue()


def _day(moment: datetime | None) -> str:
    return "" if moment is None else f"{moment.astimezone(_VIETNAM):%d/%m/%Y}"


def _note(entry: RegisterEntry) -> str:
    if entry.state is EntryState.VOIDED:
        return "; ".join(part for part in (f"Đã hủy: {entry.void_reason}", entry.application.note) if part)
    if entry.state is EntryState.RESERVED:
        return "; ".join(part for part in ("Đang giữ chỗ", entry.application.note) if part)
    return entry.application.note


def _harmless(cell: str) -> str:
    return "'" + cell if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell

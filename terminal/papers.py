"""Copies, records, the register and answers as a person reads them on a terminal."""

import sys
from collections.abc import Iterable, Sequence

from domain.models import Draft, Record, RecordState, Verification
from pipeline.augment import Augmented
from pipeline.certify import CertifyResult
from pipeline.demo import DemoResult
from pipeline.messages import Messages
from pipeline.present import certified_object, verification_object
from pipeline.public import look_of
from pipeline.refusal import CHECKLIST
from pipeline.register import BookSummary, EntryState, RegisterEntry, totals_lines
from pipeline.retention import day_words
from pipeline.services import Services
from pipeline.verify import state_now
from terminal.screen import Screen
from terminal.signatures import signature_lines

STATES = {
    RecordState.IN_FORCE: "còn hiệu lực",
    RecordState.EXPIRED: "hết hạn",
    RecordState.SUPERSEDED: "đã thay thế",
    RecordState.WITHDRAWN: "đã thu hồi",
    RecordState.SUSPENDED: "đang xác minh",
}
_ENTRY_STATES = {
    EntryState.RESERVED: "đang giữ chỗ",
    EntryState.ISSUED: "đã cấp",
    EntryState.VOIDED: "đã hủy",
}
_LOOKS = {
    "genuine": ("TỆP THẬT, CÒN NGUYÊN: do nơi đây cấp, chưa bị sửa.", "bold green"),
    "on_record": ("CÓ TRONG SỔ, CÒN HIỆU LỰC: so từng mục với tờ giấy trước mặt.", "bold green"),
    "sealed": ("TEM THẬT: so từng mục dưới đây với tờ giấy trước mặt.", "bold green"),
    "expired": ("THẬT, NHƯNG ĐÃ HẾT HẠN: do nơi đây cấp, thời hạn sử dụng đã qua.", "bold yellow"),
    "altered": ("ĐÃ BỊ SỬA: không tin được.", "bold red"),
    "withdrawn": ("ĐÃ BỊ THU HỒI: không còn giá trị.", "bold red"),
    "superseded": ("ĐÃ ĐƯỢC THAY THẾ bằng bản mới.", "bold yellow"),
    "unknown": ("KHÔNG CÓ TRONG SỔ: không do nơi đây cấp, theo những gì kiểm tra được.", "bold red"),
    "undecided": ("CHƯA KẾT LUẬN ĐƯỢC.", "bold yellow"),
}


def confirm_checklist(screen: Screen, count: int, messages: Messages) -> bool:
    """Ask whether a ground of refusal applies; without a terminal the command itself is the declaration."""
    if not sys.stdin.isatty():
        return True
    screen.note(f"Chứng thực {count} giấy tờ. Không được chứng thực nếu bản chính thuộc một trong các trường hợp:")
    for ground in CHECKLIST:
        screen.note(f"  {ground}  {messages.text(ground)}")
    screen.err.print("Đã kiểm tra, không giấy tờ nào thuộc các trường hợp trên? [c/K] ", end="", markup=False)
    return sys.stdin.readline().strip().lower() in ("c", "co", "có", "y", "yes")


def show_certified(screen: Screen, result: CertifyResult) -> None:
    """Show what became of a draft."""
    if result.certified is None:
        if screen.as_json:
            screen.json({"draft_id": result.draft_id, "document_id": None, "error": str(result.error)})
        screen.error(result.error or "không chứng thực được", about=result.draft_id)
        return
    record = result.certified.record
    if screen.as_json:
        screen.json({**certified_object(result.certified, result.file), "warnings": list(result.warnings)})
    else:
        number = record.register_number or "không vào sổ"
        screen.line(f"{record.id}  {number}  {record.level.value}  {record.title}")
        screen.line(f"    {result.file}", style="dim")
        if record.kept_until is not None:
            screen.line(f"    lưu giữ đến hết: {day_words(record.kept_until)}", style="dim")
        if result.certified.shortfall:
            screen.note(f"    Mức chữ ký thấp hơn yêu cầu: {result.certified.shortfall}")
        for said in result.warnings:
            screen.note(f"    Lưu ý: {said}")


def show_refused(screen: Screen, draft: Draft, grounds: Sequence[str], reason: str) -> None:
    """Show that certifying was refused, and that it is on record."""
    said = f"{draft.id}  từ chối chứng thực theo {', '.join(grounds)} (Điều 22 NĐ 23/2015): {reason.strip()}"
    screen.show({"draft_id": draft.id, "document_id": None, "refused": list(grounds), "reason": reason.strip()}, said)


def show_entries(screen: Screen, entries: Sequence[RegisterEntry]) -> None:
    """Show lines of the register."""
    rows = [
        (
            entry.register_number,
            _ENTRY_STATES[entry.state],
            entry.application.requester,
            entry.application.title,
            str(entry.application.pages),
            entry.void_reason or entry.document_id,
        )
        for entry in entries
    ]
    heads = ("Số", "Tình trạng", "Người yêu cầu", "Giấy tờ", "Trang", "Mã hoặc lý do hủy")
    screen.table(heads, rows, empty="Sổ chưa có số nào.")


def show_books(screen: Screen, found: Sequence[BookSummary]) -> None:
    """Show the totals of books."""
    for each in found:
        state = f"khóa ngày {each.book.closed_at:%d/%m/%Y}" if each.book.closed_at else f"quyển {each.book.volume:02d}"
        screen.line(f"{each.book.year}-{each.book.act} ({state})", style="bold")
        for line in totals_lines(each.book, each.totals):
            screen.line(f"  {line}")
    if not found:
        screen.note("Chưa có quyển sổ nào.")


def show_answer(screen: Screen, answer: Verification, messages: Messages) -> None:
    """Show a verdict with its reasons."""
    if screen.as_json:
        screen.json(verification_object(answer, messages))
        return
    words, style = _LOOKS[look_of(answer)]
    screen.line(words, style=style)
    if answer.record is not None:
        screen.line(f"{answer.record.title} — {answer.record.agency}")
    elif answer.seal is not None:
        seal = answer.seal
        screen.line(f"{seal.kind} {seal.number} — {seal.holder} — cấp ngày {seal.certified_on:%d/%m/%Y}, {seal.issuer}")
    for reason in answer.reasons:
        screen.line(f"  {'✓' if reason.good else '✗'} {messages.reason(reason)}")
    for line in signature_lines([each for each in answer.signatures if not each.is_timestamp], messages):
        screen.line(f"  {line}")
    screen.line(f"Trả lời lúc {messages.moment(answer.as_of)}", style="dim")


def show_records(screen: Screen, records: Iterable[Record], services: Services) -> None:
    """Show certified papers in a list."""
    rows = [
        (
            record.id,
            STATES[state_now(record, services)],
            record.register_number,
            f"{record.certified_at.astimezone(services.zone):%d/%m/%Y}",
            record.title,
            record.filing.owner_name or record.filing.owner_id,
            day_words(record.kept_until) or "—",
        )
        for record in records
    ]
    heads = ("Mã", "Hiệu lực", "Số chứng thực", "Ngày", "Giấy tờ", "Chủ", "Lưu giữ đến hết")
    screen.table(heads, rows, empty="Kho chưa có giấy tờ nào.")


def show_demo(screen: Screen, result: DemoResult, services: Services) -> None:
    """Show what the demonstration came to: what was certified, one copy, its verdict and its address."""
    screen.line()
    show_records(screen, result.records, services)
    screen.line()
    show_answer(screen, result.answer, services.messages)
    screen.line()
    screen.line(f"Bản chứng thực: {result.file}")
    if result.answer.record is not None:
        screen.line(f"Kết quả:        {result.answer.verdict.value}")
        screen.line(f"Địa chỉ mã QR:  {result.answer.record.url}#{result.answer.record.seal}")
    screen.note(f"Mở trang tra cứu: SOHOA_HOME={services.home} sohoa serve")


def show_augmented(screen: Screen, result: Augmented) -> None:
    """Show what became of a copy that was to be raised."""
    if result.error is not None:
        screen.error(result.error, about=result.record.id)
        return
    screen.line(f"{result.record.id}  {result.before.value} → {result.record.level.value}  {result.shortfall}".rstrip())

"""What the verbs of the warehouse show to a person: papers found, grants, the access log, owners."""

from collections.abc import Sequence

from domain.models import RecordState
from pipeline.access import LogEntry
from pipeline.find import Found, FoundPage, Wanted
from pipeline.owners import OwnerCard
from pipeline.services import Services
from pipeline.share import Grant, GrantDecision, Refusal, Resolved
from terminal.papers import STATES
from terminal.screen import Screen

_DECISIONS = {
    GrantDecision.PENDING: "chờ trả lời",
    GrantDecision.GRANTED: "đồng ý",
    GrantDecision.REFUSED: "không đồng ý",
}


def show_found(screen: Screen, answer: FoundPage, wanted: Wanted, services: Services) -> None:
    """Say whether the paper is here, and show what was found."""
    if not answer.found:
        screen.line("Kho chưa có giấy này." if wanted.one_paper else "Không tìm thấy giấy tờ nào.")
        return
    if wanted.one_paper:
        best = next((each for each in answer.found if each.in_force), answer.found[0])
        screen.line(_sentence(best), style="bold green" if best.in_force else "bold yellow")
    rows = [
        (
            each.record.id,
            STATES[each.state],
            services.messages.text(each.likeness.value) if each.likeness is not None else "",
            each.record.register_number,
            each.record.title,
            each.record.filing.owner_name or each.record.filing.owner_id,
        )
        for each in answer.found
    ]
    screen.table(("Mã", "Hiệu lực", "Giống vì", "Số chứng thực", "Giấy tờ", "Chủ"), rows, empty="")
    if answer.more:
        screen.note(f"Còn nữa: thêm --page {wanted.page + 1}, hoặc tìm hẹp hơn.")


def show_grants(screen: Screen, grants: Sequence[Grant], services: Services) -> None:
    """Show requests for papers and what their owners said."""
    rows = [
        (
            grant.reference,
            "đã rút lại" if grant.revoked_at is not None else _DECISIONS[grant.decision],
            grant.request.document_id,
            grant.request.office,
            grant.request.scope.value,
            f"{grant.request.valid_until.astimezone(services.zone):%d/%m/%Y}",
            str(grant.uses),
            grant.request.purpose,
        )
        for grant in grants
    ]
    heads = ("Mã tham chiếu", "Trả lời", "Giấy tờ", "Cơ quan", "Phạm vi", "Đến hết ngày", "Lần dùng", "Mục đích")
    screen.table(heads, rows, empty="Chưa có đề nghị chia sẻ nào.")


def show_resolved(screen: Screen, answer: Resolved, services: Services) -> None:
    """Show what an office gets for a reference, or why it gets nothing."""
    found = answer.resolution
    if found.refusal is not Refusal.NONE:
        screen.line(services.messages.text(found.refusal.value), style="bold red")
        return
    state = STATES[RecordState(found.state)]
    screen.line(f"{services.kind_title(found.kind)}, {state} ({found.document_id})", style="bold")
    for name, value in found.fields.items():
        screen.line(f"  {services.messages.field(name)}: {value}")
    if answer.file is not None:
        screen.line(f"Bản chứng thực: {answer.file}")


def show_entries(screen: Screen, entries: Sequence[LogEntry], services: Services) -> None:
    """Show lines of the access log."""
    rows = [
        (
            str(entry.number),
            f"{entry.at.astimezone(services.zone):%d/%m/%Y %H:%M:%S}",
            entry.access.actor,
            entry.access.office,
            entry.access.action + ("" if entry.access.outcome == "done" else " (từ chối)"),
            entry.access.document_id,
            entry.access.purpose,
        )
        for entry in entries
    ]
    heads = ("Số", "Lúc", "Ai", "Cơ quan", "Việc", "Giấy tờ", "Mục đích")
    screen.table(heads, rows, empty="Chưa có ai truy cập.")


def show_owner(screen: Screen, card: OwnerCard) -> None:
    """Show an owner with numbers and those who act for them."""
    owner = card.owner
    closed = "" if owner.state.value == "active" else f" — đã đóng để thừa kế: {owner.state_reason}"
    screen.line(f"{owner.name} ({', '.join(card.numbers)}){closed}", style="bold")
    for link in card.links:
        screen.line(f"  {link.relation.value}: {link.person_id}, từ {link.valid_from:%d/%m/%Y}, căn cứ {link.basis}")


def _sentence(found: Found) -> str:
    if found.in_force:
        return f"Giấy này đã có trong Kho, còn hiệu lực: {found.record.id}. Không cần nộp và quét lại."
    return f"Giấy này đã có trong Kho nhưng {STATES[found.state]}: {found.record.id}."

"""What the verbs of the warehouse show to a person: papers found, grants, the access log, owners."""

from collections.abc import Sequence

from domain.models import RecordState
from pipeline.access import LogEntry
from pipeline.autofill import FilledForm
from pipeline.find import Found, FoundPage, Wanted
from pipeline.handover import Imported
from pipeline.link import Link
from pipeline.measures import Measure, OfficerCount
from pipeline.messages import value_words
from pipeline.owners import OwnerCard
from pipeline.present import labelled
from pipeline.retention import day_words
from pipeline.services import Services
from pipeline.share import Grant, GrantDecision, Refusal, Resolved
from pipeline.take_back import TakenBack
from pipeline.warehouse import PaperCard
from terminal.drafts import chance, show_digitized
from terminal.papers import STATES
from terminal.screen import Screen

_DECISIONS = {
    GrantDecision.PENDING: "chờ trả lời",
    GrantDecision.GRANTED: "đồng ý",
    GrantDecision.REFUSED: "không đồng ý",
}


def show_found(screen: Screen, answer: FoundPage, wanted: Wanted, services: Services) -> None:
    """Say whether the paper is here, and show what was found."""
    if answer.issuers:
        screen.note(f"Tìm cả theo các tên khác của nơi cấp: {'; '.join(answer.issuers)}.")
    if not answer.found:
        screen.line("Kho chưa có giấy này." if wanted.one_paper else "Không tìm thấy giấy tờ nào.")
        if wanted.file is not None:
            screen.note("Bản quét mờ, bẩn hoặc bị che có thể không nhận ra; xin tìm thêm bằng --owner hoặc --number.")
        return
    if wanted.one_paper:
        best = max(answer.found, key=lambda each: (each.is_itself, not each.only_alike, each.in_force))
        screen.line(_sentence(best), style="bold green" if best.in_force and answer.is_yes else "bold yellow")
    rows = [
        (
            each.record.id,
            STATES[each.state],
            services.messages.text(each.likeness.value) if each.likeness is not None else "",
            each.record.register_number,
            each.record.title,
            each.record.filing.owner_name or each.record.filing.owner_id,
            day_words(each.record.kept_until) or "—",
        )
        for each in answer.found
    ]
    screen.table(("Mã", "Hiệu lực", "Giống vì", "Số chứng thực", "Giấy tờ", "Chủ", "Lưu giữ đến hết"), rows, empty="")
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
        screen.line(f"  {services.messages.field(name)}: {value_words(name, value)}")
    if answer.file is not None:
        screen.line(f"Bản chứng thực: {answer.file}")
    if answer.link is not None:
        show_link(screen, answer.link, services)


def show_card(screen: Screen, card: PaperCard, services: Services) -> None:
    """Show a paper with its fields, until when it is kept, and what happened to it."""
    record, zone = card.record, services.zone
    screen.line(f"{record.title} ({record.id})", style="bold")
    kept = day_words(card.kept_until)
    rows = [
        ("Hiệu lực", STATES[card.state] + (f": {record.state_reason}" if record.state_reason else "")),
        ("Chủ", " ".join(filter(None, (record.filing.owner_name, record.filing.owner_id)))),
        ("Hồ sơ", record.filing.dossier),
        ("Số chứng thực", record.register_number),
        ("Chứng thực", f"{record.certified_at.astimezone(zone):%d/%m/%Y %H:%M}, {record.certifier}, {record.agency}"),
        ("Bản mới thay thế", record.superseded_by),
        ("Còn giá trị đến hết", day_words(record.valid_until)),
        ("Lưu giữ đến hết", kept or "không có thời hạn lưu giữ"),
        ("Lệnh giữ", ", ".join(card.holds)),
        *labelled(record.fields, services.messages),
    ]
    for label, value in rows:
        if value:
            screen.line(f"  {label}: {value}")
    screen.line("Các lần ghi:")
    for version in card.versions:
        note = version.note
        screen.line(f"  {version.number}. {note.at.astimezone(zone):%d/%m/%Y %H:%M}  {note.message}  {note.user}")


def show_link(screen: Screen, link: Link, services: Services) -> None:
    """Show a download link, and for how long it works."""
    screen.line(link.url)
    ends = f"{link.expires_at.astimezone(services.zone):%H:%M:%S %d/%m/%Y}"
    screen.note(f"{link.file_name}: ai có liên kết này đều tải được đến {ends}; không gửi qua nơi công khai.")


def show_entries(screen: Screen, entries: Sequence[LogEntry], services: Services) -> None:
    """Show lines of the access log."""
    rows = [
        (
            str(entry.number),
            f"{entry.at.astimezone(services.zone):%d/%m/%Y %H:%M:%S}",
            entry.access.actor,
            entry.access.office,
            _action(entry, services) + ("" if entry.access.outcome == "done" else " (bị từ chối)"),
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


def show_imported(screen: Screen, imported: Imported, services: Services) -> None:
    """Show what became of a paper that was taken over."""
    if imported.digitized is not None:
        show_digitized(screen, imported.digitized, services)
    for problem in imported.problems:
        screen.line(f"    {imported.name}: {services.messages.problem(problem)}", style="yellow")


def show_taken(screen: Screen, taken: TakenBack) -> None:
    """Show what became of a certified paper that was taken back."""
    if taken.record is None:
        screen.error(taken.error or "không nhận được", about=taken.name)
        return
    said = "đã có sẵn" if taken.known else "đã nhận lại"
    number = taken.record.register_number or "không vào sổ"
    screen.line(f"{taken.record.id}  {number}  {STATES[taken.record.state]}  {taken.record.title}: {said}")


def show_filled(screen: Screen, filled: FilledForm, services: Services) -> None:
    """Show a form with the source of each value; where papers contradict each other, all that they say."""
    screen.line(filled.form.title["vi"], style="bold")
    rows = []
    for field in filled.fields:
        label = services.messages.field(field.name)
        if field.conflict:
            rows.append((label, "MÂU THUẪN: xem giấy tờ rồi chọn", "", "", ""))
            rows += [
                ("", f"  {value_words(field.name, each.value)}", chance(each.confidence), each.title, each.document_id)
                for each in field.candidates
            ]
        elif field.candidates:
            first = field.candidates[0]
            value = value_words(field.name, field.value)
            rows.append((label, value, chance(first.confidence), first.title, first.document_id))
        else:
            rows.append((label, "— Kho chưa có", "", "", ""))
    screen.table(("Mục", "Giá trị", "Tin cậy", "Theo giấy tờ", "Mã"), rows, empty="")


def show_measures(screen: Screen, measures: Sequence[Measure], officers: Sequence[OfficerCount]) -> None:
    """Show the counts of a month."""
    rows = [
        (each.code, each.unit, each.procedure, _number(each.numerator), _number(each.denominator), str(each.unknown))
        for each in measures
    ]
    heads = ("Chỉ tiêu", "Đơn vị", "Thủ tục", "Tử số", "Mẫu số", "Không rõ")
    screen.table(heads, rows, empty="Tháng này chưa có số liệu.")
    if officers:
        screen.line()
        people = [(each.officer, each.unit, str(each.papers), str(each.pages)) for each in officers]
        screen.table(("Người số hóa", "Đơn vị", "Giấy tờ", "Trang"), people, empty="")


def _number(count: int | None) -> str:
    return "không rõ" if count is None else str(count)


def _action(entry: LogEntry, services: Services) -> str:
    code = f"action_{entry.access.action}"
    return services.messages.text(code) if code in services.messages else entry.access.action


def _sentence(found: Found) -> str:
    if found.only_alike:
        return f"Chưa chắc: {found.record.id} trông giống nhưng máy chưa so được số, ngày và tên; xin tự so với giấy."
    itself = "Giấy này đã có trong Kho" if found.is_itself else "Kho có giấy như vậy"
    if not found.in_force:
        return f"{itself} nhưng {STATES[found.state]}: {found.record.id}."
    rest = "Không cần" if found.is_itself else "Nếu đúng là giấy này thì không cần"
    return f"{itself}, còn hiệu lực: {found.record.id}. {rest} nộp và quét lại."

"""What was read, and drafts, as a person sees them on a terminal: what is open, and why."""

from collections import Counter
from collections.abc import Collection, Sequence

from domain.models import Draft, DraftStatus, Extraction, Field, PageText, Problem
from pipeline.catalog import PROBLEMS as CATALOG_PROBLEMS
from pipeline.digitize import Digitized
from pipeline.messages import Messages, value_words
from pipeline.present import draft_object, page_problems
from pipeline.present_papers import PRESENT
from pipeline.review import KIND, open_problems
from pipeline.services import Reader, Services
from pipeline.shelf import DraftSummary
from terminal.screen import Screen
from terminal.signatures import signature_lines

_STATUS = {
    "ready": "sẵn sàng",
    "needs_review": "cần xem lại",
    "duplicate": "đã có",
    "failed": "không đọc được",
    "certified": "đã chứng thực",
    "discarded": "đã bỏ",
}
_HEADS = ("Trường", "Mã trường", "Giá trị", "Tin cậy")


def show_pages(screen: Screen, pages: Sequence[PageText], messages: Messages) -> None:
    """Show the text of pages, and beside it what is wrong with them: a page without text is said to have none."""
    screen.line("\n\f\n".join(page.text.rstrip("\n") for page in pages))
    for problem in page_problems(pages):
        screen.note(f"! {messages.problem(problem)}")


def show_extraction(screen: Screen, found: Extraction, reader: Reader) -> None:
    """Show kind, fields and problems of a paper."""
    _show_read(screen, found, reader, kind_by="", waiting=found.problems)


def _show_read(
    screen: Screen, found: Extraction, reader: Reader, *, kind_by: str, waiting: Collection[Problem]
) -> None:
    how = f"{kind_by} đã chọn" if kind_by else chance(found.kind_confidence)
    screen.line(f"{reader.kind_title(found.kind)} ({found.kind}, {how})", style="bold")
    about: dict[str, list[str]] = {}
    beside: list[Problem] = []
    for problem in found.problems:
        field = found.fields.get(problem.field_name)
        if field is not None and field.doubtful:
            about.setdefault(problem.field_name, []).append(reader.messages.problem(problem))
        else:
            beside.append(problem)
    rows = [
        (reader.messages.field(name), name, value_words(name, field.value or "—"), _trust(field, about.get(name, ())))
        for name, field in found.fields.items()
    ]
    screen.table(_HEADS, rows, empty="Không có trường nào.")
    for problem in beside:
        label = f"{reader.messages.field(problem.field_name)}: " if problem.field_name else ""
        decided = problem.blocking and problem not in waiting
        mark, style = ("✓", "dim") if decided else ("!", "yellow" if problem.blocking else "dim")
        screen.line(f"{mark} {label}{reader.messages.problem(problem)}", style=style)


def chance(probability: float) -> str:
    """Return a probability in words that never say more than is known: what is not certain is not 100 %."""
    percent = int(100 * probability)
    return "< 1%" if percent < 1 else f"{percent}%" if probability < 0.995 else "> 99%"


def _trust(field: Field, reasons: Sequence[str]) -> str:
    """Return why a person has to look at a field, else how sure it is, or who made it sure."""
    if field.confirmed_by:
        return f"✓ {field.confirmed_by} xác nhận"
    if not field.doubtful:
        return chance(field.confidence)
    unsure = f"đọc chưa chắc ({chance(field.confidence)})." if field.value else "không đọc được."
    return f"← xem lại: {' '.join(reasons) or unsure}"


def show_digitized(screen: Screen, result: Digitized, services: Services) -> None:
    """Show what became of a file, in a line, and what is to be said of its signatures."""
    if result.draft is None:
        screen.error(result.error or "không đọc được", about=result.source)
        return
    found = result.draft.extraction
    title = services.kind_title(found.kind)
    pages = f"  trang {', '.join(map(str, result.draft.page_numbers))}" if result.draft.part else ""
    screen.line(f"{result.draft.id}  {_STATUS[result.status]}  {title}  {result.source}{pages}")
    for problem in found.problems:
        if problem.code in (PRESENT, "blank_page_left_out", "several_papers", *CATALOG_PROBLEMS):
            screen.line(f"    {services.messages.problem(problem)}", style="yellow")
    for line in signature_lines(result.signatures, services.messages):
        screen.line(f"    {line}", style="dim")


def summarize_digitized(screen: Screen, counts: Counter[str]) -> None:
    """Say what came of the batch, by the status of each paper, and what to do next."""
    if not counts:
        screen.note("Không có giấy tờ nào trong những nơi đã nêu.")
        return
    said = ", ".join(f"{counts[status]} {_STATUS[status]}" for status in _STATUS if counts[status])
    screen.note(f"{counts.total()} giấy tờ: {said}.")
    if counts["failed"]:
        screen.note("Tệp không đọc được: xem các dòng “Lỗi” ở trên; sửa hoặc quét lại rồi chạy lại lệnh này.")
    if counts["needs_review"]:
        screen.note("Tiếp theo: `sohoa review list`, xem từng bản bằng `sohoa review show MÃ`.")
    elif counts["ready"]:
        screen.note("Tiếp theo: `sohoa certify --ready`.")


def show_drafts(screen: Screen, drafts: Sequence[DraftSummary], services: Services) -> None:
    """Show drafts in a list, and how many there are."""
    rows = [
        (
            draft.id,
            _STATUS.get(draft.status.value, draft.status.value),
            services.kind_title(draft.kind),
            draft.owner_name or draft.owner_id,
            draft.dossier,
            draft.source_name,
        )
        for draft in drafts
    ]
    heads = ("Bản nháp", "Trạng thái", "Loại", "Chủ giấy tờ", "Hồ sơ", "Tệp")
    screen.table(heads, rows, empty="Không có bản nháp nào đang chờ.")
    counts = Counter(draft.status.value for draft in drafts)
    if len(drafts) > 1:
        said = ", ".join(f"{counts[status]} {_STATUS[status]}" for status in _STATUS if counts[status])
        screen.note(f"{len(drafts)} bản nháp: {said}.")


def show_draft(screen: Screen, draft: Draft, services: Services, *, brief: bool = False) -> None:
    """Show a draft with what is open."""
    if screen.as_json:
        screen.json(draft_object(draft, services.messages))
        return
    status = _STATUS.get(draft.status.value, draft.status.value)
    screen.line(f"{draft.id}  {status}  {draft.source_name}", style="bold")
    if brief:
        return
    owner = " ".join(filter(None, (draft.filing.owner_name, draft.filing.owner_id)))
    screen.line(f"Chủ giấy tờ: {owner or 'chưa ghi'}")
    screen.line(f"Hồ sơ: {draft.filing.dossier or 'chưa ghi'}   Trang: {', '.join(map(str, draft.page_numbers))}")
    chosen = [each.by for each in draft.decisions if each.action == "set" and each.subject == KIND]
    kind_by = chosen[-1] if chosen else ""
    _show_read(screen, draft.extraction, services, kind_by=kind_by, waiting=open_problems(draft))
    if draft.status is DraftStatus.NEEDS_REVIEW:
        screen.note(f"Sửa: sohoa review set {draft.id} MÃ_TRƯỜNG=GIÁ_TRỊ   Đã đúng: sohoa review approve {draft.id}")

"""What is issued: certified, withdrawn, its signatures raised; the key of the seal."""

from pathlib import Path
from typing import Annotated

import typer

from commands.options import DocumentId, Json
from domain.models import IssueForm
from terminal.screen import NO, Screen, exit_code

keys_app = typer.Typer(help="Khóa của tem QR.", no_args_is_help=True)


def certify(
    draft_ids: Annotated[list[str] | None, typer.Argument(metavar="BẢN_NHÁP...", help="Mã các bản nháp.")] = None,
    ready: Annotated[bool, typer.Option("--ready", help="Mọi bản nháp đã sẵn sàng.")] = False,
    form: Annotated[
        IssueForm | None,
        typer.Option(
            help="Hình thức: bản sao chứng thực từ bản chính, bản sao từ sổ gốc, hoặc bản số hóa; mặc định: issue.form."
        ),
    ] = None,
    refuse: Annotated[
        list[str] | None, typer.Option("--refuse", help="Từ chối chứng thực, theo căn cứ 22.1 đến 22.6.")
    ] = None,
    reason: Annotated[str, typer.Option(help="Lý do từ chối (với --refuse), ghi vào hồ sơ.")] = "",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Đã kiểm tra danh mục từ chối, không cần hỏi.")] = False,
    out: Annotated[
        Path | None, typer.Option(help="Thư mục ghi bản đã chứng thực; mặc định: issued trong dữ liệu.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Chứng thực: cấp số, đóng mã QR, ký số, lưu kho và vào sổ; hoặc ghi nhận việc từ chối."""
    from pipeline.certify import certify_batch
    from pipeline.refusal import declared, refuse_drafts
    from pipeline.services import open_services
    from pipeline.shelf import ready_drafts
    from terminal.papers import confirm_checklist, show_certified, show_refused

    screen = Screen(as_json)
    if not draft_ids and (not ready or refuse):
        raise typer.BadParameter("nêu mã bản nháp, hoặc --ready cho mọi bản đã sẵn sàng.")
    with open_services() as services:
        if refuse:
            for draft in refuse_drafts(draft_ids or [], refuse, reason, services):
                show_refused(screen, draft, refuse, reason)
            return
        chosen = list(draft_ids or []) or list(ready_drafts(services))
        if not chosen:
            screen.note("Không có bản nháp nào sẵn sàng; xem `sohoa review list`.")
            return
        checklist = declared([])
        if not yes and not as_json and not confirm_checklist(screen, len(chosen), services.messages):
            raise typer.Exit(NO)
        failed = []
        with screen.steps("Đang chứng thực", len(chosen)) as steps:
            batch = certify_batch(chosen, services, checklist=checklist, form=form, folder=out, ask_pin=screen.ask_pin)
            for result in batch:
                steps.advance()
                if result.error is not None:
                    failed.append(result.error)
                show_certified(screen, result)
    if failed:
        raise typer.Exit(exit_code(failed[0]) if len(chosen) == 1 else NO)


def withdraw(
    document_id: DocumentId,
    reason: Annotated[str, typer.Option(help="Lý do, hiện trên trang tra cứu.")] = "",
    superseded_by: Annotated[str, typer.Option(help="Mã bản mới thay thế.")] = "",
    under_doubt: Annotated[bool, typer.Option("--suspend", help="Chỉ tạm dừng để xác minh.")] = False,
    cleared: Annotated[bool, typer.Option("--resume", help="Xác minh xong: dùng lại được.")] = False,
    as_json: Json = False,
) -> None:
    """Thu hồi một giấy tờ đã chứng thực, ghi nhận bản thay thế, hoặc tạm dừng để xác minh."""
    from pipeline.present import record_object
    from pipeline.services import open_services
    from pipeline.validity import resume, suspend
    from pipeline.withdraw import withdraw as run
    from terminal.papers import STATES

    if under_doubt + cleared + bool(superseded_by) > 1:
        raise typer.BadParameter("chỉ dùng một trong --suspend, --resume, --superseded-by.")
    with open_services() as services:
        if under_doubt or cleared:
            record = (suspend if under_doubt else resume)(document_id, reason, services)
        else:
            record = run(document_id, reason, services, superseded_by=superseded_by)
        following = f" (bản mới {superseded_by})" if superseded_by else ""
        Screen(as_json).show(record_object(record), f"{record.id}: {STATES[record.state]}{following}.")


def augment(
    renew: Annotated[bool, typer.Option("--renew", help="Gia hạn cả dấu thời gian lưu trữ sắp hết hạn.")] = False,
    as_json: Json = False,
) -> None:
    """Nâng các bản ký chưa đủ mức (ví dụ khi dịch vụ dấu thời gian từng gián đoạn); chạy định kỳ được."""
    from pipeline.augment import augment_copies
    from pipeline.present import augmented_object
    from pipeline.services import open_services
    from terminal.papers import show_augmented

    screen = Screen(as_json)
    short = 0
    with open_services() as services:
        for done in augment_copies(services, renew=renew):
            short += bool(done.error or done.shortfall)
            if as_json:
                screen.json(augmented_object(done))
            else:
                show_augmented(screen, done)
    if short:
        raise typer.Exit(NO)


@keys_app.command("new")
def keys_new(as_json: Json = False) -> None:
    """Tạo khóa mới cho tem QR và công bố; khóa cũ hết dùng từ hôm nay nhưng tem cũ vẫn kiểm tra được."""
    from pipeline.services import open_services
    from pipeline.setup import new_seal_key

    screen = Screen(as_json)
    with open_services() as services:
        path = new_seal_key(services).relative_to(services.home)
        screen.show({"file": str(path)}, f'Ghi vào sohoa.toml, mục [signing]: seal = "file:{path.as_posix()}"')

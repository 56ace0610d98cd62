"""`sohoa log`: who looked at whose papers, and whether the log is as it was written."""

from pathlib import Path
from typing import Annotated

import typer

from commands.options import Json, Owner
from terminal.screen import NO, Screen

log_app = typer.Typer(help="Nhật ký truy cập: ai đã xem giấy tờ của ai.", no_args_is_help=True)


@log_app.command("list")
def log_list(
    owner: Owner = "",
    document_id: Annotated[str, typer.Option("--document", help="Mã giấy tờ.")] = "",
    everything: Annotated[bool, typer.Option("--all", help="Của mọi chủ.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="Số dòng.")] = 100,
    before: Annotated[int | None, typer.Option(help="Chỉ các dòng có số nhỏ hơn, để đọc tiếp.")] = None,
    as_json: Json = False,
) -> None:
    """Liệt kê ai đã xem, tìm, lấy giấy tờ; mới nhất trước."""
    from pipeline.access import read_log
    from pipeline.present_warehouse import entry_object
    from pipeline.services import open_services
    from terminal.warehouse import show_entries

    if not owner and not document_id and not everything:
        raise typer.BadParameter("nêu --owner SỐ_ĐỊNH_DANH, --document MÃ, hoặc --all.")
    screen = Screen(as_json)
    with open_services(reading=True) as services:
        entries = read_log(services, owner_id=owner, document_id=document_id, limit=limit, before=before)
        if as_json:
            for entry in entries:
                screen.json(entry_object(entry))
        else:
            show_entries(screen, entries, services)


@log_app.command("verify")
def log_verify(
    heads: Annotated[Path | None, typer.Option(help="Tệp trạng thái đã lưu nơi khác (`log head --json`).")] = None,
    as_json: Json = False,
) -> None:
    """Kiểm tra nhật ký: dòng nào bị xóa, sửa hay đổi chỗ. Có lỗi: mã thoát 1."""
    from pipeline.access import check_log
    from pipeline.present_warehouse import log_check_object, log_finding_text
    from pipeline.services import open_services

    screen = Screen(as_json)
    with open_services(reading=True) as services:
        check = check_log(services, heads)
        said = "nguyên vẹn" if not check.findings else "KHÔNG còn nguyên vẹn"
        text = f"Nhật ký {said}: {check.size} dòng, đối chiếu với kho và {check.heads} trạng thái đã ký."
        screen.show(log_check_object(check, services.messages), text)
        if not as_json:
            for finding in check.findings:
                screen.line(f"  ✗ {log_finding_text(finding, services.messages)}", style="red")
    if check.findings:
        raise typer.Exit(NO)


@log_app.command("head")
def log_head(as_json: Json = False) -> None:
    """Ký trạng thái hiện tại của nhật ký; giữ bản này ở nơi khác để sau đối chiếu."""
    from pipeline.access import head_object, sign_log
    from pipeline.services import open_services

    with open_services() as services:
        head = sign_log(services)
        Screen(as_json).show(head_object(head), f"{head.size} dòng  {head.root.hex()}  {head.at.isoformat()}")

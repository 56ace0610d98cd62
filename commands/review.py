"""`sohoa review`: drafts listed, shown with pictures, put right, approved, set aside."""

from pathlib import Path
from typing import Annotated

import typer

from commands.options import Json
from terminal.screen import Screen

review_app = typer.Typer(help="Xem, sửa và duyệt các bản nháp.", no_args_is_help=True)

DraftId = Annotated[str, typer.Argument(metavar="BẢN_NHÁP", help="Mã bản nháp.")]


@review_app.command("list")
def review_list(
    everything: Annotated[bool, typer.Option("--all", help="Cả bản nháp đã chứng thực và đã bỏ.")] = False,
    as_json: Json = False,
) -> None:
    """Liệt kê các bản nháp đang chờ."""
    from pipeline.present import summary_object
    from pipeline.services import open_services
    from pipeline.shelf import waiting_drafts
    from terminal.drafts import show_drafts

    screen = Screen(as_json)
    with open_services(reading=True) as services:
        listed = waiting_drafts(services, everything=everything)
        if as_json:
            for draft in listed:
                screen.json(summary_object(draft))
        else:
            show_drafts(screen, listed, services)


@review_app.command("show")
def review_show(
    draft_id: DraftId,
    pictures: Annotated[Path | None, typer.Option(help="Thư mục ghi ảnh chỗ phải xem lại của từng trường.")] = None,
    as_json: Json = False,
) -> None:
    """Xem các trường và vấn đề của một bản nháp."""
    from pipeline.pictures import write_pictures
    from pipeline.services import open_services
    from pipeline.shelf import load_draft
    from terminal.drafts import show_draft

    screen = Screen(as_json)
    with open_services(reading=True) as services:
        draft = load_draft(draft_id, services)
        show_draft(screen, draft, services)
        if pictures is not None:
            for name, path in write_pictures(draft, pictures, services):
                screen.note(f"Ảnh {services.messages.field(name)}: {path}")


@review_app.command("set")
def review_set(
    draft_id: DraftId,
    values: Annotated[list[str], typer.Argument(metavar="TRƯỜNG=GIÁ_TRỊ...", help="kind=MÃ_LOẠI đổi loại giấy tờ.")],
    as_json: Json = False,
) -> None:
    """Sửa các trường theo đúng như trên giấy; giá trị trống nghĩa là giấy không ghi."""
    from pipeline.services import open_services
    from pipeline.shelf import set_values
    from terminal.drafts import show_draft

    pairs = [value.partition("=") for value in values]
    if wrong := [name for name, sign, _ in pairs if not sign]:
        raise typer.BadParameter(f"“{wrong[0]}” thiếu dấu =; viết TRƯỜNG=GIÁ_TRỊ, ví dụ holder_name='Nguyễn Văn A'.")
    with open_services() as services:
        changed = set_values(draft_id, [(name.strip(), text.strip()) for name, _, text in pairs], services)
        show_draft(Screen(as_json), changed, services)


@review_app.command("approve")
def review_approve(
    draft_ids: Annotated[list[str], typer.Argument(metavar="BẢN_NHÁP...", help="Mã bản nháp.")],
    fields: Annotated[list[str] | None, typer.Option("--field", help="Chỉ xác nhận trường này.")] = None,
    as_json: Json = False,
) -> None:
    """Xác nhận đã đối chiếu với bản giấy: các giá trị đang hiện là đúng."""
    from pipeline.services import open_services
    from pipeline.shelf import approve_draft
    from terminal.drafts import show_draft

    screen = Screen(as_json)
    with open_services() as services:
        for draft_id in draft_ids:
            show_draft(screen, approve_draft(draft_id, fields or [], services), services, brief=True)


@review_app.command("discard")
def review_discard(
    draft_id: DraftId,
    reason: Annotated[str, typer.Option(help="Lý do.")],
    as_json: Json = False,
) -> None:
    """Loại bỏ một bản nháp; ảnh quét vẫn được giữ."""
    from pipeline.services import open_services
    from pipeline.shelf import discard_draft
    from terminal.drafts import show_draft

    with open_services() as services:
        show_draft(Screen(as_json), discard_draft(draft_id, reason, services), services, brief=True)

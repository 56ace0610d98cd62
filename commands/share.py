"""`sohoa share`: a reference instead of a copy, with purpose, scope, time limit and consent."""

from pathlib import Path
from typing import Annotated

import typer

from commands.options import DocumentId, Json, Owner, Purpose, read_day
from terminal.screen import NO, Screen

share_app = typer.Typer(help="Chia sẻ giấy tờ bằng mã tham chiếu, có sự đồng ý của chủ.", no_args_is_help=True)

Reference = Annotated[str, typer.Argument(metavar="MÃ_THAM_CHIẾU", help="Mã tham chiếu đã cấp.")]
Office = Annotated[str, typer.Option("--office", help="Mã cơ quan dùng giấy tờ.")]
By = Annotated[str, typer.Option("--by", help="Người quyết định; trống: người đang làm việc.")]


@share_app.command("request")
def share_request(
    document_id: DocumentId,
    office: Office,
    purpose: Purpose,
    scope: Annotated[str, typer.Option(help="existence (có giấy, còn hiệu lực), fields hoặc copy.")] = "existence",
    fields: Annotated[list[str] | None, typer.Option("--field", help="Trường cần dùng, với --scope fields.")] = None,
    until: Annotated[str, typer.Option(metavar="NGÀY", help="Ngày cuối được dùng: 2026-12-31.")] = "",
    days: Annotated[int, typer.Option(min=0, help="Số ngày được dùng, nếu không nêu --until.")] = 30,
    dossier: Annotated[str, typer.Option(help="Mã hồ sơ cần giấy này.")] = "",
    as_json: Json = False,
) -> None:
    """Cơ quan đề nghị dùng một giấy tờ; chờ chủ giấy tờ trả lời."""
    from pipeline.present_warehouse import grant_object
    from pipeline.services import open_services
    from pipeline.share import GrantRequest, Scope, request, valid_until

    if scope not in list(Scope):
        raise typer.BadParameter(f"--scope “{scope}” sai; dùng existence, fields hoặc copy.")
    with open_services() as services:
        asked = GrantRequest(
            document_id=document_id,
            office=office,
            purpose=purpose,
            scope=Scope(scope),
            fields=tuple(fields or ()),
            dossier=dossier,
            requested_by=services.user,
            valid_until=valid_until(services, until=read_day(until), days=days),
        )
        grant = request(asked, services)
        text = f"{grant.reference}: chờ chủ giấy tờ trả lời."
        Screen(as_json).show(grant_object(grant), text)


@share_app.command("grant")
def share_grant(
    reference: Reference,
    consent: Annotated[str, typer.Option(help="Căn cứ đồng ý, ví dụ số phiếu đồng ý.")],
    by: By = "",
    as_json: Json = False,
) -> None:
    """Ghi nhận chủ giấy tờ đồng ý."""
    _decide(reference, granted=True, by=by, consent=consent, as_json=as_json)


@share_app.command("refuse")
def share_refuse(
    reference: Reference,
    reason: Annotated[str, typer.Option(help="Lý do, nếu chủ giấy tờ nêu.")] = "",
    by: By = "",
    as_json: Json = False,
) -> None:
    """Ghi nhận chủ giấy tờ không đồng ý."""
    _decide(reference, granted=False, by=by, consent=reason, as_json=as_json)


@share_app.command("revoke")
def share_revoke(reference: Reference, as_json: Json = False) -> None:
    """Chủ giấy tờ rút lại sự đồng ý; từ nay không tra cứu được nữa."""
    from pipeline.present_warehouse import grant_object
    from pipeline.services import open_services
    from pipeline.share import revoke

    with open_services() as services:
        grant = revoke(reference, services)
        Screen(as_json).show(grant_object(grant), f"{grant.reference}: đã rút lại sự đồng ý.")


@share_app.command("resolve")
def share_resolve(
    reference: Reference,
    office: Office,
    out: Annotated[Path | None, typer.Option(help="Thư mục ghi bản chứng thực, với phạm vi copy.")] = None,
    link: Annotated[bool, typer.Option("--link", help="Lấy liên kết tải về, với phạm vi copy và kho S3.")] = False,
    minutes: Annotated[int, typer.Option(min=0, help="Số phút dùng được liên kết; 0: theo store.link_minutes.")] = 0,
    as_json: Json = False,
) -> None:
    """Cơ quan tra cứu mã tham chiếu; mỗi lần đều vào nhật ký. Không được phép: mã thoát 1."""
    from pipeline.link import link_life
    from pipeline.present_warehouse import resolved_object
    from pipeline.services import open_services
    from pipeline.share import Refusal, resolve
    from terminal.warehouse import show_resolved

    screen = Screen(as_json)
    with open_services() as services:
        life = link_life(services, minutes) if link else None
        answer = resolve(reference, services, office=office, folder=out, link_life=life)
        if as_json:
            screen.json(resolved_object(answer, services.messages))
        else:
            show_resolved(screen, answer, services)
    if answer.resolution.refusal is not Refusal.NONE:
        raise typer.Exit(NO)


@share_app.command("list")
def share_list(
    owner: Owner = "",
    document_id: Annotated[str, typer.Option("--document", help="Mã giấy tờ.")] = "",
    office: Annotated[str, typer.Option("--office", help="Mã cơ quan dùng giấy tờ.")] = "",
    as_json: Json = False,
) -> None:
    """Liệt kê các đề nghị chia sẻ và trả lời."""
    from pipeline.present_warehouse import grant_object
    from pipeline.services import open_services
    from pipeline.share import listed
    from terminal.warehouse import show_grants

    screen = Screen(as_json)
    with open_services(reading=True) as services:
        grants = listed(services, owner_id=owner, document_id=document_id, office=office)
        if as_json:
            for grant in grants:
                screen.json(grant_object(grant))
        else:
            show_grants(screen, grants, services)


def _decide(reference: str, *, granted: bool, by: str, consent: str, as_json: bool) -> None:
    from pipeline.present_warehouse import grant_object
    from pipeline.services import open_services
    from pipeline.share import decide

    with open_services() as services:
        grant = decide(reference, services, granted=granted, by=by, consent=consent)
        said = "đồng ý" if granted else "không đồng ý"
        Screen(as_json).show(grant_object(grant), f"{grant.reference}: chủ giấy tờ {said}.")

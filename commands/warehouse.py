"""`sohoa warehouse`: listing, finding, getting and using again what the warehouse holds."""

from pathlib import Path
from typing import Annotated

import typer

from commands.options import DocumentId, Json, Owner, Purpose, read_pairs
from terminal.screen import NO, Screen

warehouse_app = typer.Typer(help="Kho dữ liệu điện tử của tổ chức, cá nhân.", no_args_is_help=True)


@warehouse_app.command("list")
def warehouse_list(
    owner: Owner = "",
    everything: Annotated[bool, typer.Option("--all", help="Giấy tờ của mọi chủ.")] = False,
    purpose: Purpose = "",
    as_json: Json = False,
) -> None:
    """Liệt kê giấy tờ của một chủ."""
    from pipeline.present import record_object
    from pipeline.services import open_services
    from pipeline.warehouse import list_papers
    from terminal.papers import show_records

    if not owner and not everything:
        raise typer.BadParameter("nêu --owner SỐ_ĐỊNH_DANH, hoặc --all cho mọi chủ.")
    screen = Screen(as_json)
    with open_services(reading=True) as services:
        records = list_papers(services, owner_id="" if everything else owner, purpose=purpose)
        if as_json:
            for record in records:
                screen.json(record_object(record))
        else:
            show_records(screen, records, services)


@warehouse_app.command("show")
def warehouse_show(document_id: DocumentId, purpose: Purpose = "", as_json: Json = False) -> None:
    """Xem một giấy tờ: các trường, hiệu lực, lưu giữ đến khi nào, lệnh giữ, các lần ghi; việc xem vào nhật ký."""
    from pipeline.present_warehouse import card_object
    from pipeline.services import open_services
    from pipeline.warehouse import show_paper
    from terminal.warehouse import show_card

    screen = Screen(as_json)
    with open_services(reading=True) as services:
        card = show_paper(document_id, services, purpose=purpose)
        if as_json:
            screen.json(card_object(card))
        else:
            show_card(screen, card, services)


@warehouse_app.command("link")
def warehouse_link(
    document_id: DocumentId,
    part: Annotated[str, typer.Option(help="copy, source, text, fields, evidence hoặc metadata.")] = "copy",
    minutes: Annotated[int, typer.Option(min=0, help="Số phút dùng được; 0: theo store.link_minutes.")] = 0,
    purpose: Purpose = "",
    as_json: Json = False,
) -> None:
    """Tạo liên kết tải về ngắn hạn (chỉ với kho S3); ai xin, vì sao, được ghi vào nhật ký trước."""
    from pipeline.link import link_life, link_paper
    from pipeline.present_warehouse import link_object
    from pipeline.services import open_services
    from terminal.warehouse import show_link

    screen = Screen(as_json)
    with open_services(reading=True) as services:
        life = link_life(services, minutes)
        link = link_paper(document_id, services, part=part, life=life, purpose=purpose)
        if as_json:
            screen.json(link_object(link))
        else:
            show_link(screen, link, services)


@warehouse_app.command("get")
def warehouse_get(
    document_id: Annotated[str, typer.Argument(metavar="[MÃ]", help="Mã giấy tờ; trống: mọi giấy của chủ.")] = "",
    owner: Owner = "",
    out: Annotated[Path, typer.Option(help="Thư mục ghi tệp.")] = Path(),
    purpose: Purpose = "",
    as_json: Json = False,
) -> None:
    """Lấy bản đã chứng thực từ kho ra một thư mục; việc lấy được ghi vào nhật ký trước."""
    from pipeline.services import open_services
    from pipeline.warehouse import get_papers

    if not owner and not document_id:
        raise typer.BadParameter("nêu mã giấy tờ hoặc --owner SỐ_ĐỊNH_DANH.")
    screen = Screen(as_json)
    with open_services(reading=True) as services:
        for record, path in get_papers(services, out, document_id=document_id, owner_id=owner, purpose=purpose):
            value = {"document_id": record.id, "file": str(path), "sha256": record.sha256}
            screen.show(value, f"{record.id}\t{path}")


@warehouse_app.command("find")
def warehouse_find(
    text: Annotated[list[str] | None, typer.Argument(metavar="[TỪ_KHÓA...]", help="Có dấu hoặc không dấu.")] = None,
    owner: Owner = "",
    kind: Annotated[str, typer.Option(help="Mã loại giấy tờ, ví dụ birth_certificate.")] = "",
    number: Annotated[str, typer.Option(help="Số của giấy tờ, như in trên giấy.")] = "",
    issuer: Annotated[str, typer.Option(help="Cơ quan cấp giấy tờ.")] = "",
    dossier: Annotated[str, typer.Option(help="Mã hồ sơ.")] = "",
    issue_date: Annotated[str, typer.Option("--date", help="Ngày cấp: 2023, 2023-05 hoặc 2023-05-17.")] = "",
    fields: Annotated[list[str] | None, typer.Option("--field", metavar="TRƯỜNG=GIÁ_TRỊ")] = None,
    file: Annotated[Path | None, typer.Option(help="Bản quét: giấy này đã có trong Kho chưa?")] = None,
    page: Annotated[int, typer.Option(min=1, help="Trang kết quả.")] = 1,
    size: Annotated[int, typer.Option(min=1, max=100, help="Số kết quả một trang.")] = 20,
    purpose: Purpose = "",
    as_json: Json = False,
) -> None:
    """Tìm giấy tờ: giấy này đã có trong Kho chưa, còn hiệu lực không? Không thấy, chưa chắc: mã thoát 1."""
    from pipeline.find import Wanted, find
    from pipeline.present_warehouse import found_object
    from pipeline.services import open_services
    from terminal.warehouse import show_found

    wanted = Wanted(
        text=" ".join(text or ()),
        owner_id=owner,
        kind=kind,
        number=number,
        issuer=issuer,
        dossier=dossier,
        issue_date=issue_date,
        fields=read_pairs(fields or [], "--field TRƯỜNG=GIÁ_TRỊ"),
        file=file,
        page=page,
        size=size,
        purpose=purpose,
    )
    screen = Screen(as_json)
    with open_services(reading=True) as services:
        answer = find(wanted, services)
        if as_json:
            for found in answer.found:
                screen.json(found_object(found))
        else:
            show_found(screen, answer, wanted, services)
    if not answer.is_yes:
        raise typer.Exit(NO)


@warehouse_app.command("use")
def warehouse_use(
    document_id: DocumentId,
    dossier: Annotated[str, typer.Option(help="Mã hồ sơ dùng lại giấy này.")] = "",
    procedure: Annotated[str, typer.Option(help="Mã thủ tục hành chính.")] = "",
    purpose: Purpose = "",
    as_json: Json = False,
) -> None:
    """Ghi nhận dùng lại giấy tờ đã có trong Kho thay cho việc nộp và quét lại."""
    from pipeline.find import use
    from pipeline.present import record_object
    from pipeline.services import open_services

    with open_services() as services:
        record = use(document_id, services, dossier=dossier, procedure=procedure, purpose=purpose)
        Screen(as_json).show(record_object(record), f"{record.id}: đã ghi nhận dùng lại.")

"""`sohoa catalog`: units and procedures with their dates of effect, loaded and looked up."""

from pathlib import Path
from typing import Annotated

import typer

from commands.options import Json, read_day
from terminal.screen import NO, Screen

catalog_app = typer.Typer(help="Danh mục đơn vị và thủ tục, theo thời gian.", no_args_is_help=True)

Day = Annotated[str, typer.Option("--on", metavar="NGÀY", help="Chỉ những dòng có hiệu lực vào ngày này.")]


@catalog_app.command("load")
def catalog_load(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="[TỆP...]", help="TOML hoặc CSV; trống: bảng tỉnh kèm chương trình.")
    ] = None,
    procedures: Annotated[
        bool, typer.Option("--procedures", help="Tệp CSV là bảng thủ tục, không phải đơn vị.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Nạp bảng đơn vị, thủ tục; nạp lại cùng một tệp thì không có gì thay đổi."""
    from pipeline.catalog import changes_object, load_catalog
    from pipeline.services import open_services
    from terminal.catalog import show_changes

    screen = Screen(as_json)
    with open_services() as services:
        changes = load_catalog(paths or [], services, procedures=procedures)
        if as_json:
            screen.json(changes_object(changes))
        else:
            show_changes(screen, changes)


@catalog_app.command("units")
def catalog_units(
    text: Annotated[list[str] | None, typer.Argument(metavar="[MÃ|TÊN...]", help="Có dấu hoặc không dấu.")] = None,
    on: Day = "",
    level: Annotated[str, typer.Option(help="province, department, district hoặc commune.")] = "",
    parent: Annotated[str, typer.Option(help="Mã đơn vị cấp trên.")] = "",
    as_json: Json = False,
) -> None:
    """Đơn vị nào mang mã hoặc tên này, vào lúc nào, và nay là đơn vị nào. Không có: mã thoát 1."""
    from pipeline.catalog import find_units, unit_object
    from pipeline.services import open_services
    from terminal.catalog import show_units

    screen = Screen(as_json)
    with open_services(reading=True) as services:
        cards = find_units(services, " ".join(text or ()), on=read_day(on), level=level, parent=parent)
    if as_json:
        for card in cards:
            screen.json(unit_object(card))
    else:
        show_units(screen, cards)
    if not cards:
        raise typer.Exit(NO)


@catalog_app.command("dossiers")
def catalog_dossiers(
    table: Annotated[Path, typer.Argument(metavar="TỆP.csv", help="Bảng hồ sơ từ hệ thống một cửa.")],
    as_json: Json = False,
) -> None:
    """Nạp lúc tiếp nhận, hẹn trả, trả kết quả của các hồ sơ, để thống kê đúng hạn và kết quả điện tử."""
    from pipeline.measures import load_dossiers
    from pipeline.services import open_services

    with open_services() as services:
        count = load_dossiers(table, services)
        Screen(as_json).show({"dossiers": count}, f"Đã ghi {count} hồ sơ.")


@catalog_app.command("procedures")
def catalog_procedures(
    text: Annotated[list[str] | None, typer.Argument(metavar="[MÃ|TÊN...]", help="Có dấu hoặc không dấu.")] = None,
    on: Day = "",
    as_json: Json = False,
) -> None:
    """Thủ tục nào mang mã hoặc tên này, và áp dụng từ bao giờ đến bao giờ. Không có: mã thoát 1."""
    from pipeline.catalog import find_procedures, procedure_object
    from pipeline.services import open_services
    from terminal.catalog import show_procedures

    screen = Screen(as_json)
    with open_services(reading=True) as services:
        found = find_procedures(services, " ".join(text or ()), on=read_day(on))
    if as_json:
        for procedure in found:
            screen.json(procedure_object(procedure))
    else:
        show_procedures(screen, found)
    if not found:
        raise typer.Exit(NO)

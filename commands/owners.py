"""`sohoa owners`: whose papers they are, old numbers, who acts for them, and the end of an account."""

from typing import TYPE_CHECKING, Annotated

import typer

from commands.options import Json, read_day
from terminal.screen import Screen

if TYPE_CHECKING:
    from pipeline.owners import OwnerEvent
    from pipeline.services import Services

owners_app = typer.Typer(help="Chủ giấy tờ: số định danh, số cũ, người đại diện.", no_args_is_help=True)

Number = Annotated[str, typer.Argument(metavar="SỐ", help="Số định danh, mã số thuế hoặc mã cơ quan.")]


@owners_app.command("add")
def owners_add(
    number: Number,
    name: Annotated[str, typer.Option(help="Họ tên, hoặc tên tổ chức.")],
    kind: Annotated[str, typer.Option(help="citizen (công dân) hoặc organization (tổ chức).")] = "citizen",
    birth_date: Annotated[str, typer.Option("--birth-date", help="Ngày sinh, hoặc chỉ năm sinh.")] = "",
    as_json: Json = False,
) -> None:
    """Ghi nhận chủ giấy tờ, hoặc sửa họ tên và ngày sinh."""
    from pipeline.owners import Owner, OwnerEvent, OwnerKind
    from pipeline.services import open_services

    _require(kind, tuple(OwnerKind), "--kind")
    with open_services() as services:
        now = services.clock()
        owner = Owner(id=number, kind=OwnerKind(kind), name=name, birth_date=birth_date, registered_at=now)
        _record(OwnerEvent(at=now, by=services.user, owner=owner), services, as_json=as_json)


@owners_app.command("alias")
def owners_alias(
    number: Number,
    alias: Annotated[str, typer.Argument(metavar="SỐ_KHÁC", help="Số cũ hoặc số khác của cùng người.")],
    kind: Annotated[str, typer.Option(help="old_identity, passport, tax, agency hoặc other.")] = "old_identity",
    as_json: Json = False,
) -> None:
    """Ghi nhận số cũ hoặc số khác của chủ giấy tờ, ví dụ CMND 9 số."""
    from pipeline.owners import Alias, NumberKind, OwnerEvent
    from pipeline.services import open_services

    _require(kind, tuple(NumberKind), "--kind")
    with open_services() as services:
        told = Alias(owner_id=number, number=alias, kind=NumberKind(kind))
        _record(OwnerEvent(at=services.clock(), by=services.user, alias=told), services, as_json=as_json)


@owners_app.command("link")
def owners_link(
    number: Number,
    person: Annotated[str, typer.Argument(metavar="SỐ_NGƯỜI_ĐẠI_DIỆN", help="Số của người được thay mặt.")],
    relation: Annotated[str, typer.Option(help="guardian (giám hộ), representative (đại diện) hoặc heir (thừa kế).")],
    basis: Annotated[str, typer.Option(help="Căn cứ: số quyết định, giấy ủy quyền.")],
    first: Annotated[str, typer.Option("--from", metavar="NGÀY", help="Từ ngày; trống: hôm nay.")] = "",
    last: Annotated[str, typer.Option("--until", metavar="NGÀY", help="Đến hết ngày.")] = "",
    as_json: Json = False,
) -> None:
    """Ghi nhận người được thay mặt chủ giấy tờ."""
    from pipeline.owners import OwnerEvent, OwnerLink, Relation
    from pipeline.services import open_services

    _require(relation, tuple(Relation), "--relation")
    with open_services() as services:
        link = OwnerLink(
            owner_id=number,
            person_id=person,
            relation=Relation(relation),
            valid_from=read_day(first) or services.clock().astimezone(services.zone).date(),
            valid_to=read_day(last),
            basis=basis,
        )
        _record(OwnerEvent(at=services.clock(), by=services.user, link=link), services, as_json=as_json)


@owners_app.command("close")
def owners_close(
    number: Number,
    reason: Annotated[str, typer.Option(help="Căn cứ, ví dụ số trích lục khai tử.")],
    as_json: Json = False,
) -> None:
    """Đóng tài khoản để thừa kế (chủ mất, tổ chức giải thể); mọi sự đồng ý chia sẻ được rút lại."""
    from pipeline.owners import Closing, OwnerEvent
    from pipeline.services import open_services

    with open_services() as services:
        closing = Closing(owner_id=number, reason=reason)
        _record(OwnerEvent(at=services.clock(), by=services.user, closing=closing), services, as_json=as_json)


@owners_app.command("show")
def owners_show(number: Number, as_json: Json = False) -> None:
    """Xem chủ giấy tờ theo bất kỳ số nào của họ."""
    from pipeline.owners import show_owner
    from pipeline.present_warehouse import owner_object
    from pipeline.services import open_services
    from terminal import warehouse

    screen = Screen(as_json)
    with open_services(reading=True) as services:
        card = show_owner(number, services)
        if as_json:
            screen.json(owner_object(card))
        else:
            warehouse.show_owner(screen, card)


def _record(event: "OwnerEvent", services: "Services", *, as_json: bool) -> None:
    from pipeline.owners import record_owner
    from pipeline.present_warehouse import owner_object
    from terminal import warehouse

    screen = Screen(as_json)
    card = record_owner(event, services)
    if as_json:
        screen.json(owner_object(card))
    else:
        warehouse.show_owner(screen, card)


def _require(value: str, allowed: tuple[str, ...], option: str) -> None:
    if value not in allowed:
        raise typer.BadParameter(f"{option} “{value}” sai; dùng một trong: {', '.join(allowed)}.")

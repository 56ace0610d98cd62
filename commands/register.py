"""`sohoa register`: the register book, listed, printed, exported, totalled, closed; a number voided."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from commands.options import Json
from terminal.screen import Screen

register_app = typer.Typer(help="Sổ chứng thực.", no_args_is_help=True)

Year = Annotated[int, typer.Option("--year", metavar="NĂM", help="Năm của sổ; mặc định: năm nay.")]
Act = Annotated[str, typer.Option("--act", metavar="KÝ_HIỆU", help="Ký hiệu sổ; mặc định: issue.book.")]


@register_app.command("list")
def register_list(
    year: Year = 0,
    act: Act = "",
    as_json: Json = False,
) -> None:
    """Liệt kê các số trong sổ của một năm."""
    from pipeline.present import entry_object
    from pipeline.register import choose_book, entries_of
    from pipeline.services import open_services
    from terminal.papers import show_entries

    screen = Screen(as_json)
    with open_services(reading=True) as services:
        entries, _ = entries_of(choose_book(services, year=year, act=act), services)
        if as_json:
            for entry in entries:
                screen.json(entry_object(entry))
        else:
            show_entries(screen, entries)


@register_app.command("print")
def register_print(
    out: Annotated[Path, typer.Option(metavar="TỆP.pdf", help="Tệp PDF để in và đóng quyển.")],
    year: Year = 0,
    act: Act = "",
    as_json: Json = False,
) -> None:
    """In sổ chứng thực ra PDF/A, theo các cột của mẫu."""
    from pipeline.register import register_pdf

    _write_book(register_pdf, out, year=year, act=act, as_json=as_json)


@register_app.command("csv")
def register_csv(
    out: Annotated[Path, typer.Option(metavar="TỆP.csv", help="Tệp mở được bằng phần mềm bảng tính.")],
    year: Year = 0,
    act: Act = "",
    as_json: Json = False,
) -> None:
    """Xuất sổ chứng thực ra bảng tính CSV."""
    from pipeline.register import register_csv as run

    _write_book(run, out, year=year, act=act, as_json=as_json)


def _write_book(make: Callable[..., bytes], out: Path, *, year: int, act: str, as_json: bool) -> None:
    from pipeline.output import write_output
    from pipeline.register import choose_book
    from pipeline.services import open_services

    with open_services(reading=True) as services:
        path = write_output(out, make(choose_book(services, year=year, act=act), services))
        Screen(as_json).show({"file": str(path)}, str(path))


@register_app.command("totals")
def register_totals(year: Year = 0, as_json: Json = False) -> None:
    """Tổng số của từng quyển sổ: đã cấp, hủy, giữ chỗ, số bản, số trang."""
    from pipeline.present import book_object
    from pipeline.register import summaries
    from pipeline.services import open_services
    from terminal.papers import show_books

    screen = Screen(as_json)
    with open_services(reading=True) as services:
        found = summaries(services, year=year)
        if as_json:
            for each in found:
                screen.json(book_object(each))
        else:
            show_books(screen, found)


@register_app.command("close")
def register_close(
    year: Annotated[int, typer.Argument(metavar="NĂM", help="Năm của sổ.")],
    act: Act = "",
    as_json: Json = False,
) -> None:
    """Khóa sổ của một năm; tổng số được giữ trong kho."""
    from pipeline.register import choose_book, close_year, totals_lines
    from pipeline.serial import to_data
    from pipeline.services import open_services

    with open_services() as services:
        book = choose_book(services, year=year, act=act)
        closing = close_year(book, services)
        text = "\n".join([f"Đã khóa sổ {book.year}-{book.act}.", *totals_lines(book, closing.totals)])
        Screen(as_json).show(to_data(closing), text)


@register_app.command("void")
def register_void(
    number: Annotated[int, typer.Argument(metavar="SỐ", help="Số thứ tự trong sổ, ví dụ 12.")],
    reason: Annotated[str, typer.Option(help="Lý do hủy, ghi vào cột ghi chú của sổ.")],
    year: Year = 0,
    act: Act = "",
    as_json: Json = False,
) -> None:
    """Hủy một số đã giữ chỗ mà chưa cấp; số vẫn hiện trong sổ cùng lý do."""
    from pipeline.present import entry_object
    from pipeline.register import choose_book, void_number
    from pipeline.services import open_services

    with open_services() as services:
        entry = void_number(number, reason, choose_book(services, year=year, act=act), services)
        Screen(as_json).show(entry_object(entry), f"Đã hủy số {entry.register_number}: {entry.void_reason}")


@register_app.command("volume")
def register_volume(year: Year = 0, act: Act = "", as_json: Json = False) -> None:
    """Mở quyển tiếp theo trong năm; số chạy tiếp."""
    from pipeline.register import choose_book, next_volume
    from pipeline.services import open_services

    with open_services() as services:
        book = next_volume(choose_book(services, year=year, act=act), services)
        Screen(as_json).show({"book": book.name, "volume": book.volume}, f"Đang dùng quyển số {book.name}.")

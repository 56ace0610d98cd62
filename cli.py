"""The command `sohoa`: parse, call a verb, show, exit code."""

import atexit
import gc
import os
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from commands.care import add_care
from commands.catalog import catalog_app
from commands.help import speak_vietnamese
from commands.issue import augment, certify, keys_app, withdraw
from commands.log import log_app
from commands.options import Json, Owner
from commands.owners import owners_app
from commands.register import register_app
from commands.review import review_app
from commands.share import share_app
from commands.verify import verify
from commands.warehouse import warehouse_app
from domain.errors import DocumentError, StorageError
from domain.models import Filing
from domain.wording import system_reason
from terminal.screen import BUG, DONE, INTERRUPTED, NO, USAGE, Screen, exit_code
from terminal.streams import abandon_output, prepare_streams, start_logging
from terminal.usage import is_help, usage_words

app = typer.Typer(
    help="Số hóa giấy tờ và chứng thực bản sao điện tử.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(keys_app, name="keys")
app.add_typer(review_app, name="review")
app.add_typer(warehouse_app, name="warehouse")
app.add_typer(share_app, name="share")
app.add_typer(log_app, name="log")
app.add_typer(owners_app, name="owners")
app.add_typer(catalog_app, name="catalog")
app.add_typer(register_app, name="register")

# Typer does not name this class of its own; every wrong use of the command is one.
_UsageError: type[Exception] = next(each for each in typer.BadParameter.__mro__ if each.__name__ == "UsageError")

_MOST_NEW_OBJECTS = 10_000
"""Before they are looked through for garbage: with the usual 700, loading a command takes a quarter more time."""

Paths = Annotated[list[Path], typer.Argument(metavar="TỆP...", help="Tệp PDF, TIFF, PNG, JPEG hoặc thư mục hồ sơ.")]
File = Annotated[Path, typer.Argument(metavar="TỆP", help="Tệp PDF, TIFF, PNG hoặc JPEG.")]
Jobs = Annotated[int, typer.Option("--jobs", "-j", min=0, help="Số trang đọc cùng lúc; 0: theo số nhân.")]


@app.command()
def init(as_json: Json = False) -> None:
    """Tạo thư mục dữ liệu với kho, cơ sở dữ liệu và bộ khóa TRÌNH DIỄN."""
    from pipeline.settings import data_directory
    from pipeline.setup import initialize

    screen = Screen(as_json)
    home = data_directory()
    made = initialize(home)
    text = f"Đã tạo {home}." if made else f"{home} đã sẵn sàng, không có gì thay đổi."
    screen.show({"home": str(home), "created": made}, text)
    if not as_json and made:
        screen.note("Khóa ký là khóa TRÌNH DIỄN, không có giá trị pháp lý; xem docs/signing.md để dùng khóa thật.")


@app.command()
def sample(
    folder: Annotated[Path, typer.Argument(metavar="THƯ_MỤC", help="Nơi ghi các hồ sơ mẫu.")],
    seed: Annotated[int, typer.Option(help="Số gốc: cùng số thì cùng hồ sơ.")] = 1,
    stack: Annotated[bool, typer.Option("--stack", help="Một tập quét có tờ phân cách, thay vì các hồ sơ.")] = False,
    as_json: Json = False,
) -> None:
    """Tạo các hồ sơ mẫu (người và số liệu hư cấu) để dùng thử."""
    from pipeline.sample import write_sample_dossiers, write_sample_stack

    screen = Screen(as_json)
    written = (write_sample_stack(folder, seed=seed),) if stack else write_sample_dossiers(folder, seed=seed)
    for path in written:
        screen.show({"file": str(path)}, str(path))


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(metavar="THƯ_MỤC", help="Nơi ghi dữ liệu dùng thử.")],
) -> None:
    """Đưa các hồ sơ mẫu đi hết chặng đường: số hóa, duyệt, chứng thực, kiểm tra."""
    _start_readers()
    from pipeline.demo import demo_home, run_demo
    from pipeline.services import open_services
    from terminal.papers import show_demo

    screen = Screen()
    with open_services(home=demo_home(folder.absolute())) as services, screen.pages("Đang đọc") as on_page:
        result = run_demo(folder.absolute(), services, say=screen.note, on_page=on_page)
        show_demo(screen, result, services)


@app.command()
def recognize(file: File, jobs: Jobs = 0, as_json: Json = False) -> None:
    """Đọc chữ trong một tệp; không lưu gì."""
    _start_readers()
    from pipeline.digitize import recognize_file
    from pipeline.present import recognition_object
    from pipeline.services import open_reader
    from terminal.drafts import show_pages

    screen = Screen(as_json)
    reader = open_reader(jobs=jobs)
    with screen.pages("Đang đọc") as on_page:
        pages = recognize_file(file, reader, on_page=on_page)
    if as_json:
        screen.json(recognition_object(str(file), pages, reader.messages))
    else:
        show_pages(screen, pages, reader.messages)


@app.command()
def extract(file: File, jobs: Jobs = 0, as_json: Json = False) -> None:
    """Đọc một tệp rồi cho biết loại giấy tờ và các trường; không lưu gì."""
    _start_readers()
    from pipeline.digitize import extract_file
    from pipeline.present import extraction_object
    from pipeline.services import open_reader
    from terminal.drafts import show_extraction

    screen = Screen(as_json)
    reader = open_reader(jobs=jobs)
    with screen.pages("Đang đọc") as on_page:
        found = extract_file(file, reader, on_page=on_page)
    if as_json:
        screen.json(extraction_object(str(file), found, reader.messages))
    else:
        show_extraction(screen, found, reader)


@app.command()
def digitize(
    paths: Paths,
    owner: Owner = "",
    owner_name: Annotated[str, typer.Option(help="Họ tên hoặc tên tổ chức của chủ giấy tờ.")] = "",
    dossier: Annotated[str, typer.Option(help="Mã hồ sơ.")] = "",
    procedure: Annotated[str, typer.Option(help="Mã thủ tục hành chính.")] = "",
    unit: Annotated[str, typer.Option(help="Mã định danh của đơn vị số hóa.")] = "",
    stack: Annotated[
        bool, typer.Option("--stack", help="Mỗi tệp là một tập nhiều giấy tờ: tách theo tờ phân cách và tiêu đề.")
    ] = False,
    jobs: Jobs = 0,
    as_json: Json = False,
) -> None:
    """Số hóa tệp hoặc thư mục hồ sơ thành các bản nháp."""
    _start_readers()
    from pipeline.digitize import digitize as run
    from pipeline.intake import count_papers
    from pipeline.present import digitized_object
    from pipeline.services import open_services
    from terminal.drafts import show_digitized, summarize_digitized

    screen = Screen(as_json)
    filing = Filing(owner_id=owner, owner_name=owner_name, dossier=dossier, procedure=procedure, unit=unit)
    counts, done = Counter[str](), set[str]()
    failed: DocumentError | None = None
    there = count_papers(paths)
    with open_services(jobs=jobs, create=True) as services, screen.pages("Đang đọc", papers=there) as on_page:
        for result in run(paths, filing, services, stack=stack, on_page=on_page):
            counts[result.status] += 1
            failed = failed or result.error
            done.add(result.source)
            on_page.paper(len(done))
            if as_json:
                screen.json(digitized_object(result, services.messages))
            else:
                show_digitized(screen, result, services)
    if not as_json:
        summarize_digitized(screen, counts)
    if failed is not None:
        raise typer.Exit(exit_code(failed) if counts.total() == 1 else NO)


@app.command()
def separators(
    out: Annotated[Path, typer.Argument(metavar="TỆP_PDF", help="Tệp PDF sẽ ghi.")],
    owner: Owner = "",
    dossier: Annotated[str, typer.Option(help="Mã hồ sơ.")] = "",
    procedure: Annotated[str, typer.Option(help="Mã thủ tục hành chính.")] = "",
    listed: Annotated[
        Path | None, typer.Option("--csv", help="Danh sách, mỗi dòng một tờ; cột dossier, owner, procedure.")
    ] = None,
    as_json: Json = False,
) -> None:
    """In tờ phân cách, đặt trước mỗi giấy tờ khi quét cả tập (sohoa digitize --stack)."""
    from pipeline.separators import write_separators

    sheets = write_separators(out, Filing(owner_id=owner, dossier=dossier, procedure=procedure), listed=listed)
    Screen(as_json).show({"file": str(out), "sheets": sheets}, f"{out}: {sheets} tờ phân cách, khổ A4.")


for verb in (certify, verify, withdraw, augment):
    app.command()(verb)


@app.command()
def reindex(as_json: Json = False) -> None:
    """Dựng lại cơ sở dữ liệu từ kho, rồi so với trước khi dựng."""
    from pipeline.reindex import reindex as run
    from pipeline.serial import to_data
    from pipeline.services import open_services

    screen = Screen(as_json)
    with open_services() as services, screen.steps("Đang đọc kho", None) as steps:
        done = run(services, on_paper=steps.advance)
    text = f"{done.papers} giấy tờ, {done.drafts} bản nháp, {done.lines} dòng sổ chứng thực."
    screen.show(to_data(done), text)
    if not as_json:
        for name, ids in (
            ("khác trước", done.changed),
            ("mới thấy", done.found),
            ("không còn trong kho", done.gone),
            ("hỏng", done.damaged),
        ):
            if ids:
                screen.line(f"{len(ids)} {name}: {', '.join(ids)}", style="yellow")
    if done.gone or done.damaged:
        raise typer.Exit(NO)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Địa chỉ lắng nghe; đặt sau máy chủ HTTPS để mở ra ngoài.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Cổng.")] = 8000,
) -> None:
    """Mở trang tra cứu cho mọi người."""
    from pipeline.services import open_services
    from portal.server import run

    with open_services(reading=True) as services:
        Screen().note(f"Trang tra cứu: http://{host}:{port}/ (Ctrl+C để dừng)")
        run(services, host=host, port=port)


def _start_readers() -> None:
    """Begin to start what reads pages, while the command loads the rest."""
    from pipeline.worker_life import start_readers_ahead

    start_readers_ahead()


add_care(app, warehouse_app)
speak_vietnamese(app)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command and leave with its exit code."""
    gc.set_threshold(_MOST_NEW_OBJECTS)
    atexit.register(gc.freeze)  # to look through all that was loaded once more, only to end, takes half a second
    prepare_streams()
    sys.exit(_run(lambda: app(args=arguments, standalone_mode=False)))


def _run(command: Callable[[], object]) -> int:
    """Return the exit code of a command; whatever happens, the user reads one line and no trace."""
    screen = Screen()
    try:
        start_logging(os.environ.get("SOHOA_LOG", "ERROR"))
        result = command()
        if result == INTERRUPTED:  # the library turned Ctrl+C into this
            raise KeyboardInterrupt
        sys.stdout.flush()
        return result if isinstance(result, int) else DONE
    except typer.Exit as e:
        return e.exit_code
    except _UsageError as e:
        context = getattr(e, "ctx", None)
        if is_help(e):
            screen.note(str(e))
        else:
            screen.error(usage_words(e) + (f"; xem {context.command_path} --help" if context else ""))
        return USAGE
    except (KeyboardInterrupt, typer.Abort):
        screen.note("Đã dừng theo yêu cầu. Những gì đã báo xong đều được giữ; chạy lại lệnh để làm tiếp.")
        return INTERRUPTED
    except DocumentError as e:
        screen.error(e)
        return exit_code(e)
    except BrokenPipeError:
        abandon_output()
        return NO  # never a yes that nobody read
    except OSError as e:
        abandon_output()
        screen.error(f"Không đọc hoặc ghi được {e.filename or 'kết quả'} ({system_reason(e)}).")
        return exit_code(StorageError())
    except Exception as e:  # noqa: BLE001  # the last line of defense: whatever it is, the user gets one line
        screen.error(
            f"lỗi của chương trình ({type(e).__name__}); đặt SOHOA_LOG=DEBUG rồi chạy lại và gửi cho quản trị."
        )
        if os.environ.get("SOHOA_LOG", "").upper() == "DEBUG":
            traceback.print_exc()
        return BUG


if __name__ == "__main__":
    main()

"""The command `sohoa`: parse, call a verb, show, exit code."""

import os
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from commands.care import add_care
from commands.catalog import catalog_app
from commands.log import log_app
from commands.owners import owners_app
from commands.register import register_app
from commands.share import share_app
from commands.warehouse import warehouse_app
from domain.errors import DocumentError, StorageError
from domain.models import Filing, IssueForm
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
review_app = typer.Typer(help="Xem, sửa và duyệt các bản nháp.", no_args_is_help=True)
keys_app = typer.Typer(help="Khóa của tem QR.", no_args_is_help=True)
app.add_typer(keys_app, name="keys")
app.add_typer(review_app, name="review")
app.add_typer(warehouse_app, name="warehouse")
app.add_typer(share_app, name="share")
app.add_typer(log_app, name="log")
add_care(app, warehouse_app)
app.add_typer(owners_app, name="owners")
app.add_typer(catalog_app, name="catalog")
app.add_typer(register_app, name="register")

# Typer does not name this class of its own; every wrong use of the command is one.
_UsageError: type[Exception] = next(each for each in typer.BadParameter.__mro__ if each.__name__ == "UsageError")

Json = Annotated[bool, typer.Option("--json", help="In kết quả dạng JSON, mỗi dòng một đối tượng.")]
Paths = Annotated[list[Path], typer.Argument(metavar="TỆP...", help="Tệp PDF, TIFF, PNG, JPEG hoặc thư mục hồ sơ.")]
File = Annotated[Path, typer.Argument(metavar="TỆP", help="Tệp PDF, TIFF, PNG hoặc JPEG.")]
DraftId = Annotated[str, typer.Argument(metavar="BẢN_NHÁP", help="Mã bản nháp.")]
DocumentId = Annotated[str, typer.Argument(metavar="MÃ", help="Mã giấy tờ đã chứng thực.")]
Jobs = Annotated[int, typer.Option("--jobs", "-j", min=0, help="Số trang đọc cùng lúc; 0: theo số nhân.")]
Owner = Annotated[str, typer.Option("--owner", help="Số định danh, mã số thuế hoặc mã cơ quan của chủ giấy tờ.")]


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
    from pipeline.digitize import recognize_file
    from pipeline.present import recognition_object
    from pipeline.services import open_reader

    screen = Screen(as_json)
    with screen.pages("Đang đọc") as on_page:
        pages = recognize_file(file, open_reader(jobs=jobs), on_page=on_page)
    screen.show(recognition_object(str(file), pages), "\n\f\n".join(page.text.rstrip("\n") for page in pages))


@app.command()
def extract(file: File, jobs: Jobs = 0, as_json: Json = False) -> None:
    """Đọc một tệp rồi cho biết loại giấy tờ và các trường; không lưu gì."""
    from pipeline.digitize import extract_file
    from pipeline.present import extraction_object
    from pipeline.services import open_reader
    from terminal.papers import show_extraction

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
    from pipeline.digitize import digitize as run
    from pipeline.present import digitized_object
    from pipeline.services import open_services
    from terminal.papers import show_digitized, summarize_digitized

    screen = Screen(as_json)
    filing = Filing(owner_id=owner, owner_name=owner_name, dossier=dossier, procedure=procedure, unit=unit)
    results = []
    with open_services(jobs=jobs, create=True) as services, screen.pages("Đang đọc") as on_page:
        for result in run(paths, filing, services, stack=stack, on_page=on_page):
            results.append(result)
            if as_json:
                screen.json(digitized_object(result, services.messages))
            else:
                show_digitized(screen, result, services)
    if not as_json:
        summarize_digitized(screen, results)
    failed = [result.error for result in results if result.error is not None]
    if failed:
        raise typer.Exit(exit_code(failed[0]) if len(results) == 1 else NO)


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


@review_app.command("list")
def review_list(
    everything: Annotated[bool, typer.Option("--all", help="Cả bản nháp đã chứng thực và đã bỏ.")] = False,
    as_json: Json = False,
) -> None:
    """Liệt kê các bản nháp đang chờ."""
    from pipeline.present import summary_object
    from pipeline.services import open_services
    from pipeline.shelf import waiting_drafts
    from terminal.papers import show_drafts

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
    from terminal.papers import show_draft

    screen = Screen(as_json)
    with open_services(reading=True) as services:
        draft = load_draft(draft_id, services)
        show_draft(screen, draft, services)
        if pictures is not None:
            for name, path in write_pictures(draft, pictures, services):
                screen.note(f"{name}: {path}")


@review_app.command("set")
def review_set(
    draft_id: DraftId,
    values: Annotated[list[str], typer.Argument(metavar="TRƯỜNG=GIÁ_TRỊ...", help="kind=MÃ_LOẠI đổi loại giấy tờ.")],
    as_json: Json = False,
) -> None:
    """Sửa các trường theo đúng như trên giấy; giá trị trống nghĩa là giấy không ghi."""
    from pipeline.services import open_services
    from pipeline.shelf import set_values
    from terminal.papers import show_draft

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
    from terminal.papers import show_draft

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
    from terminal.papers import show_draft

    with open_services() as services:
        show_draft(Screen(as_json), discard_draft(draft_id, reason, services), services, brief=True)


@app.command()
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


@app.command()
def verify(
    what: Annotated[str, typer.Argument(metavar="TỆP|ĐƯỜNG_DẪN|MÃ", help="Tệp, nội dung mã QR, hoặc mã giấy tờ.")],
    offline: Annotated[
        bool, typer.Option("--offline", help="Chỉ kiểm tra tem bằng khóa công khai, không tra sổ.")
    ] = False,
    keys: Annotated[Path | None, typer.Option(help="Tệp khóa công khai của nơi cấp (với --offline).")] = None,
    status_list: Annotated[Path | None, typer.Option(help="Danh sách trạng thái đã tải (với --offline).")] = None,
    report: Annotated[
        Path | None, typer.Option(metavar="TỆP.pdf|TỆP.json", help="Ghi phiếu kiểm tra để lưu hồ sơ.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Kiểm tra: giấy tờ, tệp hoặc mã QR này có thật, còn nguyên và còn hiệu lực không?"""
    from domain.models import Verdict
    from pipeline.intake import read_given
    from pipeline.offline import verify_offline
    from pipeline.report_file import code_subject, file_subject, write_report
    from pipeline.services import open_reader, open_services
    from pipeline.verify import verify_file, verify_text
    from terminal.papers import show_answer

    if report is not None and report.suffix.lower() not in (".pdf", ".json"):
        raise typer.BadParameter("phiếu kiểm tra là tệp .pdf hoặc .json.")
    screen = Screen(as_json)
    data = read_given(what)
    subject = file_subject(Path(what).name, data) if data is not None else code_subject(what)
    if offline:
        reader = open_reader()
        answer = verify_offline(data if data is not None else what, keys=keys, status_list=status_list, reader=reader)
        show_answer(screen, answer, reader.messages)
        if report is not None:
            write_report(report, answer, subject, reader, offline=True)
    else:
        with open_services(reading=True) as services:
            answer = verify_file(data, services) if data is not None else verify_text(what, services)
            show_answer(screen, answer, services.messages)
            if report is not None:
                write_report(report, answer, subject, services)
    raise typer.Exit(DONE if answer.verdict is Verdict.GENUINE else NO)


@app.command()
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


@app.command()
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


@keys_app.command("new")
def keys_new(as_json: Json = False) -> None:
    """Tạo khóa mới cho tem QR và công bố; khóa cũ hết dùng từ hôm nay nhưng tem cũ vẫn kiểm tra được."""
    from pipeline.services import open_services
    from pipeline.setup import new_seal_key

    screen = Screen(as_json)
    with open_services() as services:
        path = new_seal_key(services).relative_to(services.home)
        screen.show({"file": str(path)}, f'Ghi vào sohoa.toml, mục [signing]: seal = "file:{path.as_posix()}"')


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


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command and leave with its exit code."""
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

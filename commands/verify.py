"""`sohoa verify`: is this paper, file or code genuine, unaltered and in force?"""

from pathlib import Path
from typing import Annotated

import typer

from commands.options import Json
from terminal.screen import DONE, NO, Screen


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

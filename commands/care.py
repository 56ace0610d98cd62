"""The care of the archive: audit, turn of states, holds and deletion, hand-over, autofill, statistics."""

from pathlib import Path
from typing import Annotated

import typer

from commands.options import DocumentId, Json, Owner, Purpose
from domain.models import Filing
from terminal.screen import NO, Screen

Form = Annotated[str, typer.Argument(metavar="BIỂU_MẪU", help="Mã biểu mẫu trong configs/forms.")]
Dossier = Annotated[str, typer.Option("--dossier", help="Mã hồ sơ.")]


def add_care(app: typer.Typer, warehouse: typer.Typer) -> None:
    """Add these commands to `sohoa` and `sohoa warehouse`."""
    app.command()(audit)
    app.command()(backup)
    app.command()(restore)
    app.command()(upgrade)
    app.command()(autofill)
    app.command()(statistics)
    app.command()(export)
    app.command("import")(take_over)
    warehouse.command()(turn)
    warehouse.command()(delete)
    warehouse.command()(hold)
    warehouse.command()(release)


def audit(
    share: Annotated[float, typer.Option(help="Phần kho được kiểm tra, từ 0 đến 1.")] = 1.0,
    seed: Annotated[str, typer.Option(help="Đổi số này để lấy mẫu khác, ví dụ ngày hôm nay.")] = "",
    resume: Annotated[bool, typer.Option("--resume", help="Làm tiếp lần kiểm tra bị dừng giữa chừng.")] = False,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Số giấy tờ đọc cùng lúc.")] = 4,
    as_json: Json = False,
) -> None:
    """Kiểm tra từng tệp trong kho còn nguyên như khi lưu. Có sai khác: mã thoát 1."""
    from pipeline.audit import AuditOptions, finding_object, finding_text, report_object, run_audit
    from pipeline.services import open_services

    screen = Screen(as_json)
    options = AuditOptions(share=share, seed=seed, workers=workers)
    with open_services(reading=True) as services:
        with screen.steps("Đang kiểm tra kho", None) as steps:
            report = run_audit(services, options, resume=resume, on_paper=steps.advance)
        for finding in report.findings:
            text = finding_text(finding, services.messages)
            screen.show(finding_object(finding, services.messages), f"✗ {text}")
        said = f"{len(report.findings)} chỗ sai" if report.findings else "không có gì sai"
        text = f"Đã kiểm tra {report.papers} giấy tờ, {report.files} tệp, {report.bytes / 2**20:.1f} MB: {said}."
        screen.show(report_object(report), text)
    if report.findings:
        raise typer.Exit(NO)


def backup(
    folder: Annotated[Path, typer.Argument(metavar="THƯ_MỤC", help="Nơi giữ bản sao lưu; chạy lại chỉ chép phần mới.")],
    as_json: Json = False,
) -> None:
    """Sao lưu kho, cơ sở dữ liệu và cấu hình; khóa ký không nằm trong bản sao, hãy giữ riêng."""
    from pipeline.backup import backup as run
    from pipeline.services import open_services

    screen = Screen(as_json)
    with open_services(reading=True) as services:
        done = run(folder, services)
    value = {"folder": str(done.folder), "copied": done.copied, "database": done.database}
    screen.show(value, f"Đã sao lưu vào {done.folder}: {done.copied} tệp mới.")
    if not done.database and not as_json:
        screen.note("Cơ sở dữ liệu PostgreSQL sao lưu bằng pg_dump; xem docs/database.md.")


def restore(
    folder: Annotated[Path, typer.Argument(metavar="THƯ_MỤC", help="Thư mục mà `sohoa backup` đã ghi.")],
    as_json: Json = False,
) -> None:
    """Dựng lại một thư mục dữ liệu trống từ bản sao lưu."""
    from pipeline.backup import restore as run
    from pipeline.serial import to_data
    from pipeline.settings import data_directory

    screen = Screen(as_json)
    home = data_directory()
    done = run(folder, home)
    screen.show(to_data(done), f"Đã dựng lại {home}: {done.papers} giấy tờ, {done.drafts} bản nháp.")
    if not as_json:
        screen.note("Chép khóa ký (authority/, keys/) từ nơi giữ riêng về thư mục này trước khi chứng thực tiếp.")
    if done.damaged:
        raise typer.Exit(NO)


def upgrade(as_json: Json = False) -> None:
    """Đưa cơ sở dữ liệu lên bản sohoa đang chạy, và hoàn tất việc ghi dở; chạy một lần sau khi cài bản mới."""
    from pipeline.services import open_services
    from pipeline.setup import database_revision

    screen = Screen(as_json)
    with open_services() as services:
        revision = database_revision(services)
        screen.show(
            {"home": str(services.home), "database": revision}, f"{services.home}: cơ sở dữ liệu bản {revision}."
        )


def turn(as_json: Json = False) -> None:
    """Chuyển giấy tờ đã qua ngày cuối sang hết hạn; chạy mỗi ngày."""
    from pipeline.present import record_object
    from pipeline.services import open_services
    from pipeline.validity import turn as run

    screen = Screen(as_json)
    count = 0
    with open_services() as services:
        for record in run(services):
            count += 1
            screen.show(record_object(record), f"{record.id}\thết hạn\t{record.title}")
    if not as_json:
        screen.note(f"{count} giấy tờ vừa hết hạn.")


def delete(
    document_id: DocumentId,
    reason: Annotated[str, typer.Option(help="Căn cứ xóa, ví dụ số quyết định tiêu hủy.")],
    as_json: Json = False,
) -> None:
    """Xóa một giấy tờ theo quy định; dòng trong sổ chứng thực vẫn giữ."""
    from pipeline.deletion import delete_paper
    from pipeline.serial import to_data
    from pipeline.services import open_services

    with open_services() as services:
        deletion = delete_paper(document_id, reason, services)
        Screen(as_json).show(to_data(deletion), f"{document_id}: đã xóa khỏi kho; sổ chứng thực vẫn giữ dòng của nó.")


def hold(
    document_id: DocumentId,
    reason: Annotated[str, typer.Option(help="Lý do giữ, ví dụ đang có tranh chấp.")],
    as_json: Json = False,
) -> None:
    """Giữ một giấy tờ: không ai xóa được cho đến khi gỡ lệnh giữ."""
    from pipeline.deletion import hold_paper
    from pipeline.services import open_services

    with open_services() as services:
        held = hold_paper(document_id, reason, services)
        Screen(as_json).show({"document_id": document_id, "hold": held}, f"{document_id}: lệnh giữ {held}")


def release(
    document_id: DocumentId,
    held: Annotated[str, typer.Argument(metavar="LỆNH_GIỮ", help="Mã lệnh giữ.")],
    as_json: Json = False,
) -> None:
    """Gỡ một lệnh giữ."""
    from pipeline.deletion import lift_hold
    from pipeline.services import open_services

    with open_services() as services:
        lift_hold(document_id, held, services)
        Screen(as_json).show({"document_id": document_id, "released": held}, f"{document_id}: đã gỡ lệnh giữ {held}.")


def export(
    document_ids: Annotated[list[str], typer.Argument(metavar="MÃ...", help="Mã các giấy tờ.")],
    form: Annotated[str, typer.Option("--format", help="bagit, hoặc eark (gói AIP theo TT 05/2025/TT-BNV).")] = "bagit",
    out: Annotated[Path, typer.Option(help="Thư mục ghi gói.")] = Path(),
    purpose: Purpose = "",
    as_json: Json = False,
) -> None:
    """Đóng gói giấy tờ để nộp lưu hoặc chuyển giao."""
    from pipeline.handover import export as run
    from pipeline.services import open_services

    with open_services() as services:
        path = run(document_ids, services, form=form, folder=out, purpose=purpose)
        Screen(as_json).show({"file": str(path), "papers": len(set(document_ids))}, str(path))


def take_over(
    package: Annotated[Path, typer.Argument(metavar="GÓI|THƯ_MỤC", help="Gói BagIt, E-ARK (ZIP), hoặc thư mục.")],
    table: Annotated[Path | None, typer.Option("--csv", help="Bảng CSV của thư mục; một cột tên “tệp”.")] = None,
    certified: Annotated[
        bool, typer.Option("--certified", help="Nhận lại nguyên trạng các giấy đã chứng thực trong gói.")
    ] = False,
    owner: Owner = "",
    dossier: Dossier = "",
    as_json: Json = False,
) -> None:
    """Tiếp nhận gói hoặc thư mục của nơi khác thành các bản nháp, hoặc giấy đã chứng thực (--certified)."""
    from pipeline.handover import imported_object
    from pipeline.handover import take_over as run
    from pipeline.services import open_services
    from terminal.warehouse import show_imported

    screen = Screen(as_json)
    if certified:
        if table is not None or owner or dossier:
            raise typer.BadParameter("--certified nhận nguyên trạng: không dùng cùng --csv, --owner, --dossier.")
        _take_back(package, screen)
        return
    failed = 0
    filing = Filing(owner_id=owner, dossier=dossier)
    with open_services(create=True) as services, screen.pages("Đang đọc") as on_page:
        for imported in run(package, filing, services, table=table, on_page=on_page):
            failed += imported.failed
            if as_json:
                screen.json(imported_object(imported, services.messages))
            else:
                show_imported(screen, imported, services)
    if failed:
        raise typer.Exit(NO)


def _take_back(package: Path, screen: Screen) -> None:
    from pipeline.services import open_services
    from pipeline.take_back import take_back, taken_object
    from terminal.warehouse import show_taken

    failed = 0
    with open_services() as services:
        for taken in take_back(package, services):
            failed += taken.error is not None
            if screen.as_json:
                screen.json(taken_object(taken))
            else:
                show_taken(screen, taken)
    if failed:
        raise typer.Exit(NO)


def autofill(
    form: Form,
    owner: Owner,
    dossier: Dossier = "",
    purpose: Purpose = "",
    as_json: Json = False,
) -> None:
    """Điền sẵn biểu mẫu từ giấy tờ còn hiệu lực của chủ; chỗ mâu thuẫn được nêu rõ, không tự chọn."""
    from pipeline.autofill import autofill as run
    from pipeline.autofill import filled_object
    from pipeline.services import open_services
    from terminal.warehouse import show_filled

    screen = Screen(as_json)
    with open_services() as services:
        filled = run(form, owner, services, purpose=purpose, dossier=dossier)
        if as_json:
            screen.json(filled_object(filled, services.messages))
        else:
            show_filled(screen, filled, services)


def statistics(
    year: Annotated[int, typer.Option(help="Năm.")],
    month: Annotated[int, typer.Option(help="Tháng.")],
    unit: Annotated[str, typer.Option(help="Mã đơn vị; trống: mọi đơn vị.")] = "",
    as_json: Json = False,
) -> None:
    """Số liệu của một tháng: tử số và mẫu số của từng chỉ tiêu, chưa tính điểm."""
    from pipeline.measures import measure_object, month_measures, month_officers
    from pipeline.services import open_services
    from terminal.warehouse import show_measures

    screen = Screen(as_json)
    with open_services() as services:
        measures = month_measures(services, year=year, month=month, unit=unit)
        officers = month_officers(services, year=year, month=month, unit=unit)
        if as_json:
            for value in [measure_object(each) for each in measures] + [measure_object(each) for each in officers]:
                screen.json(value)
        else:
            show_measures(screen, measures, officers)

"""Options that several commands have, and what they are read as."""

from datetime import date
from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="In kết quả dạng JSON, mỗi dòng một đối tượng.")]
Owner = Annotated[str, typer.Option("--owner", help="Số định danh, mã số thuế hoặc mã cơ quan của chủ giấy tờ.")]
DocumentId = Annotated[str, typer.Argument(metavar="MÃ", help="Mã giấy tờ đã chứng thực.")]
Purpose = Annotated[str, typer.Option("--purpose", help="Mục đích, ghi vào nhật ký truy cập.")]


def read_pairs(values: list[str], example: str) -> dict[str, str]:
    """Return what was typed as NAME=VALUE."""
    pairs = [value.partition("=") for value in values]
    if wrong := [name for name, sign, _ in pairs if not sign or not name.strip()]:
        raise typer.BadParameter(f"“{wrong[0]}” thiếu dấu =; viết {example}.")
    return {name.strip(): text.strip() for name, _, text in pairs}


def read_day(text: str) -> date | None:
    """Return a day as it was typed, None where nothing was."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as e:
        raise typer.BadParameter(f"“{text}” không phải ngày; viết NĂM-THÁNG-NGÀY, ví dụ 2026-12-31.") from e

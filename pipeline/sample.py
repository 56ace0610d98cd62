"""Sample dossiers for trying things out: fictional papers, and beside them whose they are."""

import json
from pathlib import Path

from domain.errors import InputError
from domain.wording import system_reason
from ocr.samples.stack import make_stack
from ocr.samples.writer import make_samples, write_all, write_once
from pipeline.intake import DOSSIER_FILE


def write_sample_dossiers(folder: Path, *, seed: int) -> tuple[Path, ...]:
    """Write the sample dossiers into a folder and return the papers; the same seed gives the same bytes.

    Raises:
        InputError: The folder holds a file of the same name with other content, or cannot be written.
        ConfigurationError: The fonts are not installed.
    """
    samples = list(make_samples(seed))
    written = write_all(folder, samples)
    owners = {sample.dossier: sample.truth for sample in samples}
    for dossier, truth in owners.items():
        lines = {"owner_id": truth.owner_id, "owner_name": truth.owner_name, "dossier": dossier}
        text = "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in lines.items())
        _write(folder / dossier / DOSSIER_FILE, text)
    return tuple(path for path in written if not path.name.endswith(".truth.json"))


def write_sample_stack(folder: Path, *, seed: int) -> Path:
    """Write a sample stack into a folder, the truth beside it, and return its path; the same seed, the same bytes.

    Raises:
        InputError: The folder holds a file of the same name with other content, or cannot be written.
        ConfigurationError: The fonts are not installed.
    """
    stack = make_stack(seed)
    path = folder / "tap-quet.pdf"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_once(path, stack.data)
        write_once(path.with_name(f"{path.name}.truth.json"), stack.truth.to_json().encode())
    except OSError as e:
        raise InputError(f"Không ghi được {path} ({system_reason(e)}); chọn thư mục khác.") from e
    return path


def _write(path: Path, text: str) -> None:
    if path.exists():
        if path.read_text("utf-8") != text:
            raise InputError(f"{path} đã có với nội dung khác; chọn thư mục khác hoặc xóa tệp này.")
        return
    try:
        temporary = path.with_name(f".{path.name}.tmp")
        temporary.write_text(text, "utf-8")
        temporary.replace(path)
    except OSError as e:
        raise InputError(f"Không ghi được {path} ({system_reason(e)}); chọn thư mục khác.") from e

"""The demonstration: sample dossiers go the whole road with the embedded set-up."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from domain.errors import InputError
from domain.models import Draft, DraftStatus, Filing, Record, Verification
from pipeline.certify import ISSUED, certify_batch
from pipeline.digitize import Digitized, digitize
from pipeline.intake import find_papers
from pipeline.progress import OnPage
from pipeline.refusal import declared
from pipeline.review import open_fields
from pipeline.sample import write_sample_dossiers
from pipeline.services import Services
from pipeline.setup import initialize
from pipeline.shelf import approve_draft, load_draft, ready_drafts, set_values
from pipeline.verify import verify_file
from pipeline.warehouse import list_papers


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoResult:
    """What the demonstration came to."""

    records: tuple[Record, ...]
    file: Path
    """One certified copy."""
    answer: Verification
    """About that copy."""


def run_demo(folder: Path, services: Services, *, say: Callable[[str], None], on_page: OnPage) -> DemoResult:
    """Take the sample dossiers of a folder from scan to verified copy; done again, it changes nothing."""
    say("1. Tạo hồ sơ mẫu (người và số liệu hư cấu)")
    samples = _write_samples(folder)
    say(f"   {len(list(find_papers([samples], Filing())))} giấy tờ trong {samples}")
    say("2. Số hóa: đọc chữ, nhận loại giấy, bóc tách trường")
    for result in digitize([samples], Filing(), services, on_page=on_page):
        say(f"   {result.status:13} {Path(result.source).name}")
        if result.draft is not None and result.draft.status is DraftStatus.NEEDS_REVIEW:
            _look_at_paper(result, services, say)
    say("3. Chứng thực: cấp số, đóng mã QR, hai chữ ký số, lưu kho")
    for done in certify_batch(ready_drafts(services), services, checklist=declared([])):
        if done.certified is None:
            raise done.error or AssertionError("a draft is either certified or refused")
        record = done.certified.record
        say(f"   {record.register_number}  {record.level.value}  {record.title}")
    say("4. Kiểm tra một bản như người nhận")
    records = list_papers(services)
    file = services.home / ISSUED / f"{records[-1].id}.pdf"
    return DemoResult(records=records, file=file, answer=verify_file(file.read_bytes(), services))


def _write_samples(folder: Path) -> Path:
    """Return where the samples are; what an earlier version made differently stays beside them."""
    number = 1
    while True:
        place = folder / f"samples-{number}"
        try:
            write_sample_dossiers(place, seed=1)
        except InputError:
            if not place.exists():
                raise
            number += 1
        else:
            return place


def _look_at_paper(result: Digitized, services: Services, say: Callable[[str], None]) -> None:
    """Decide on what is open as a person with the paper in hand would: here the sample's truth is the paper."""
    assert result.draft is not None
    draft: Draft = result.draft
    truth = json.loads(Path(f"{result.source}.truth.json").read_text("utf-8"))["fields"]
    values = [(field.name, truth.get(field.name, "")) for field in open_fields(draft)]
    if values:
        set_values(draft.id, values, services)
    if load_draft(draft.id, services).status is DraftStatus.NEEDS_REVIEW:
        approve_draft(draft.id, (), services)
    say(f"                 đã xem lại: {', '.join(name for name, _ in values) or 'các vấn đề khác'}")


def demo_home(folder: Path) -> Path:
    """Return the data directory of the demonstration, made ready."""
    home = folder / "data"
    initialize(home)
    return home

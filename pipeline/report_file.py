"""The report of a verification to take along: what was checked, against what, when, with which result."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from domain.models import Reason, Verdict, Verification
from ocr.archive.drawing import QrModules
from ocr.archive.fonts import FontBook, open_fonts
from ocr.archive.report import Finding, Report, Tone, verification_report
from pipeline.output import write_output
from pipeline.present import verification_object
from pipeline.public import PublicAnswer, public_answer
from pipeline.serial import JsonObject
from pipeline.services import Reader
from signing.qr import qr_matrix

FORMAT = "sohoa-report/1"

_TONES = {
    "genuine": Tone.GOOD,
    "on_record": Tone.GOOD,
    "sealed": Tone.GOOD,
    "expired": Tone.UNSURE,
    "undecided": Tone.UNSURE,
    "superseded": Tone.UNSURE,
}
_OPEN = {
    "compare_with_paper",
    "demonstration",
    "no_trusted_root",
    "picture_compare",
    "register_expired",
    "revocation_unknown",
    "status_not_checked",
    "timestamp_no_trusted_root",
}
"""Grounds that leave something to be looked at: neither for nor against the paper."""
_TITLE = "PHIẾU KIỂM TRA GIẤY TỜ ĐIỆN TỬ"
_RULE = (
    "Cơ quan, tổ chức tiếp nhận bản sao đã được chứng thực không được yêu cầu xuất trình bản chính để đối chiếu, trừ "
    "trường hợp có căn cứ về việc bản sao giả mạo, bất hợp pháp thì yêu cầu xuất trình bản chính để đối chiếu hoặc "
    "tiến hành xác minh (khoản 2 Điều 6 Nghị định 23/2015/NĐ-CP)."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What was checked."""

    kind: str
    """`file`, or `code` for a link, a seal or an identifier."""
    name: str
    """The file's name, or the code without its seal."""
    sha256: str = ""
    """Of the file."""
    size: int = 0
    """Of the file, in bytes."""


def file_subject(name: str, data: bytes) -> Subject:
    """Return a file as what was checked."""
    return Subject(kind="file", name=name, sha256=hashlib.sha256(data).hexdigest(), size=len(data))


def code_subject(text: str) -> Subject:
    """Return a code as what was checked; a seal is long and says no more than its paper's identifier."""
    return Subject(kind="code", name=text.partition("#")[0][:200])


def write_report(path: Path, answer: Verification, subject: Subject, reader: Reader, *, offline: bool = False) -> Path:
    """Write the report into a file, for programs where its name ends in `.json`, else for people; return the path.

    Raises:
        StoreUnavailable: It cannot be written.
    """
    build = report_json if path.suffix.lower() == ".json" else report_pdf
    return write_output(path, build(answer, subject, reader, offline=offline))


def report_json(answer: Verification, subject: Subject, reader: Reader, *, offline: bool = False) -> bytes:
    """Return the report for programs, as one JSON document."""
    office = reader.settings.office
    value: JsonObject = {
        "format": FORMAT,
        "subject": {
            "kind": subject.kind,
            "name": subject.name,
            "sha256": subject.sha256 or None,
            "size": subject.size or None,
        },
        "checked_by": {"unit": office.unit, "name": office.name},
        "against": list(_against(answer, offline=offline)),
        **verification_object(answer, reader.messages),
        "rule": _RULE if answer.verdict is Verdict.GENUINE else None,
    }
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def open_report_fonts() -> FontBook:
    """Return the fonts of reports; opening them takes longer than a report, so who makes many keeps them.

    Raises:
        ConfigurationError: They are not installed.
    """
    return open_fonts()


def report_pdf(
    answer: Verification, subject: Subject, reader: Reader, *, offline: bool = False, fonts: FontBook | None = None
) -> bytes:
    """Return the report for people, as PDF/A-2u; names are masked as on the public page."""
    shown = public_answer(answer, reader, compared=subject.kind == "file")
    office = reader.settings.office
    printed = Report(
        letterhead=tuple(filter(None, (office.parent, office.name))),
        title=_TITLE,
        verdict=shown.headline,
        tone=_TONES.get(shown.look, Tone.BAD),
        rows=tuple(_rows(answer, subject, shown, offline=offline)),
        findings=tuple(_findings(answer, shown)),
        rule=_RULE if answer.verdict is Verdict.GENUINE else shown.advice,
        qr=_code(answer),
        qr_caption=(answer.record.url,) if answer.record is not None else (),
        footer=f"sohoa · {office.name} · {answer.as_of.astimezone(reader.zone):%H:%M:%S %d/%m/%Y}",
        demonstration="GIẤY TỜ TRÌNH DIỄN – KHÔNG CÓ GIÁ TRỊ PHÁP LÝ" if shown.demonstration else "",
        created_at=answer.as_of,
    )
    return verification_report(printed, fonts=fonts or open_report_fonts())


def _rows(answer: Verification, subject: Subject, shown: PublicAnswer, *, offline: bool) -> list[tuple[str, str]]:
    size = f"{subject.size:,}".replace(",", ".")
    name = f"Tệp {subject.name} ({size} byte)" if subject.kind == "file" else f"Mã {subject.name}"
    rows = [("Đã kiểm tra", name), ("SHA-256 của tệp", _spaced(subject.sha256))]
    rows += [("Đối chiếu với", "; ".join(_against(answer, offline=offline))), ("Thời điểm", shown.as_of)]
    if shown.title:
        rows.append(("Giấy tờ", shown.title))
    rows += shown.rows
    if answer.record is None and answer.seal is not None:
        seal = answer.seal
        rows += [("Giấy tờ", f"{seal.kind} {seal.number}".strip()), ("Của", seal.holder), ("Nơi cấp", seal.issuer)]
    if answer.document_id:
        rows.append(("Mã giấy tờ", answer.document_id))
    return [(label, value) for label, value in rows if value]


def _against(answer: Verification, *, offline: bool) -> list[str]:
    """Say what the answer rests on."""
    listed = f"danh sách trạng thái số {answer.status_list}" if answer.status_list is not None else ""
    if offline:
        return list(filter(None, ("khóa công khai của nơi cấp (không tra sổ)", listed)))
    parts = ["sổ của nơi cấp tại thời điểm kiểm tra", listed]
    if answer.signatures:
        parts.append("chứng thư gốc được tin cậy tại nơi kiểm tra")
    return list(filter(None, parts))


def _findings(answer: Verification, shown: PublicAnswer) -> list[Finding]:
    found = [
        Finding(tone=_tone(reason), text=line.text) for reason, line in zip(answer.reasons, shown.grounds, strict=True)
    ]
    said = {finding.text for finding in found}
    more = [line for line in shown.signatures if line.text not in said]
    return found + [Finding(tone=Tone.GOOD if line.good else Tone.BAD, text=line.text) for line in more]


def _tone(reason: Reason) -> Tone:
    if reason.code in _OPEN:
        return Tone.UNSURE
    return Tone.GOOD if reason.good else Tone.BAD


def _code(answer: Verification) -> QrModules:
    return qr_matrix(answer.record.url, answer.record.seal) if answer.record is not None else ()


def _spaced(digest: str) -> str:
    return " ".join(digest[start : start + 16] for start in range(0, len(digest), 16))

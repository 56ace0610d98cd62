"""The public answer: what anyone may see of a verification, in plain words, names masked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from domain.models import Record, SignatureReport, Verdict, Verification
from pipeline.messages import value_words
from pipeline.services import Reader
from signing.seal import mask_name

_SHOWN_FIELDS = ("number", "issue_date", "issuer", "subject", "registration_number")
_SENSITIVE = "sensitive"
_ADDRESS = re.compile(r"(?:ông|bà|anh|chị|cháu|cụ|em)", re.IGNORECASE)
"""Forms of address, behind which a name stands."""
_COMPARED = {"digest_equal", "content_equal"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicLine:
    """A ground of the answer in words."""

    text: str
    good: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicAnswer:
    """What the public page and the public API show."""

    verdict: Verdict
    look: str
    """See `look_of`."""
    headline: str
    advice: str
    document_id: str
    title: str
    rows: tuple[tuple[str, str], ...]
    """Label and value."""
    grounds: tuple[PublicLine, ...]
    signatures: tuple[PublicLine, ...]
    as_of: str
    demonstration: bool
    compared: bool
    """Whether a file was compared, not only the register asked."""


def public_answer(
    answer: Verification, reader: Reader, *, language: str = "vi", compared: bool = False
) -> PublicAnswer:
    """Return an answer as anyone may see it, in `vi` or `en`."""
    said = reader.messages
    record = answer.record
    look = look_of(answer)
    return PublicAnswer(
        verdict=answer.verdict,
        look=look,
        headline=said.text(f"verdict_{look}", language),
        advice=said.text(f"advice_{look}", language),
        document_id=answer.document_id,
        title=_title(record, reader, language) if record else "",
        rows=tuple(_rows(record, reader, language)) if record else (),
        grounds=tuple(PublicLine(text=said.reason(r, language), good=r.good) for r in answer.reasons),
        signatures=tuple(_signature(report, reader, language) for report in answer.signatures),
        as_of=_as_of(answer, reader, language),
        demonstration=bool(record and record.demonstration),
        compared=compared,
    )


def look_of(answer: Verification) -> str:
    """Return how an answer is headed: its verdict, but what is genuine is told apart by what was shown to be so.

    `genuine`: a file was compared; `on_record`: the register knows the code; `sealed`: only the seal was at hand;
    `expired`: genuine or on record, but its validity is over.
    """
    if answer.verdict is not Verdict.GENUINE:
        return answer.verdict.value
    codes = {reason.code for reason in answer.reasons}
    if "register_expired" in codes or "status_expired" in codes:
        return "expired"
    if codes & _COMPARED:
        return "genuine"
    return "on_record" if answer.record is not None else "sealed"


def _title(record: Record, reader: Reader, language: str) -> str:
    """Return what kind of paper it is; its full title may name a person."""
    return reader.kind_title(record.kind, language)


def _rows(record: Record, reader: Reader, language: str) -> list[tuple[str, str]]:
    kind = reader.kinds.get(record.kind)
    holder = kind.role("holder_name", record.fields) or record.filing.owner_name
    shown = holder if reader.settings.public.full_holder else mask_name(holder)
    fields: Mapping[str, str] = record.fields if kind.sensitivity != _SENSITIVE else {}
    values = {
        "public_holder": shown,
        **{name: value_words(name, fields[name]) for name in _SHOWN_FIELDS if fields.get(name)},
        "subject": _without_names(fields.get("subject", ""), record, reader),
        "public_register_number": record.register_number,
        "public_certified_at": reader.messages.moment(record.certified_at),
        "public_certifier": record.certifier,
        "public_agency": record.agency,
        "public_pages": str(record.page_count),
        "public_valid_until": f"{record.valid_until:%d/%m/%Y}" if record.valid_until else "",
    }
    if kind.code in ("decision", "resolution") or not kind.roles.get("holder_name"):
        values.pop("public_holder")
    return [(_label(name, reader, language), value) for name, value in values.items() if value]


def _without_names(subject: str, record: Record, reader: Reader) -> str:
    """Return the subject of a paper with the names of persons in it masked."""
    if reader.settings.public.full_holder:
        return subject
    if owner := record.filing.owner_name:
        subject = re.sub(re.escape(owner), lambda found: mask_name(found[0]), subject, flags=re.IGNORECASE)
    shown: list[str] = []
    named = first = False
    for word in subject.split():
        if _ADDRESS.fullmatch(word):
            named = first = True
        elif named and word[:1].isupper() and "*" not in word:
            shown.append(word if first else f"{word[0]}*{',' if word.endswith(',') else ''}")
            first = False
            continue
        else:
            named = False
        shown.append(word)
    return " ".join(shown)


def _label(name: str, reader: Reader, language: str) -> str:
    return reader.messages.text(name, language) if name.startswith("public_") else reader.messages.field(name, language)


def _signature(report: SignatureReport, reader: Reader, language: str) -> PublicLine:
    said = reader.messages
    when = report.timestamped_at or report.signed_at
    if report.valid:
        code = "timestamp_valid" if report.is_timestamp else "signature_valid"
        return PublicLine(
            text=said.text(code, language, {"signer": report.signer, "time": said.moment(when) if when else ""}),
            good=True,
        )
    return PublicLine(text=" ".join(said.reason(r, language) for r in report.problems) or report.signer, good=False)


def _as_of(answer: Verification, reader: Reader, language: str) -> str:
    values = {"time": reader.messages.moment(answer.as_of), "number": str(answer.status_list or "")}
    return reader.messages.text("as_of_list" if answer.status_list else "as_of", language, values)

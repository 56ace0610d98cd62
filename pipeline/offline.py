"""Verify without the register: the seal by the issuer's public keys alone, withdrawal by a downloaded status list."""

from collections.abc import Iterator
from datetime import UTC, datetime, time
from pathlib import Path

from domain.errors import ConfigurationError, InputError, UnsupportedDocument
from domain.models import IssueForm, PadesLevel, Reason, RecordState, SealContent, Verdict, Verification
from domain.wording import system_reason
from ocr.archive.digest import content_digest_of
from ocr.files.page_process import read_apart
from ocr.files.sources import Limits, open_source
from ocr.symbols.codes import find_codes, read_codes
from pipeline.desk import known_signers, published_keys
from pipeline.layout import signature_fields
from pipeline.services import Reader
from pipeline.trust import trust_store
from signing.qr import ScannedCode, judge_host, parse_code
from signing.seal import read_seal
from signing.seal_keys import SealKeySet, read_key_set
from signing.status_list import StatusListRefused, read_status_list
from signing.validate import ExpectedCopy, ExpectedSigner, inspect_own_copy, verdict_of

_VERDICTS = {
    RecordState.WITHDRAWN: Verdict.WITHDRAWN,
    RecordState.SUPERSEDED: Verdict.SUPERSEDED,
    RecordState.SUSPENDED: Verdict.UNDECIDED,
}


def verify_offline(
    what: bytes | str, *, reader: Reader, keys: Path | None = None, status_list: Path | None = None
) -> Verification:
    """Return the answer that a seal gives by itself.

    The answer is as of the day of certification; where a status list is at hand, as of that list.

    Args:
        what: The text of a code; or a picture or PDF that shows one.
        keys: Published keys; None for those of the data directory.
        status_list: A downloaded list; None for none.

    Raises:
        InputError: There is no seal in what was given.
        ConfigurationError: The keys cannot be read.
    """
    code = _scanned(what, reader.plan.limits)
    if not code.seal:
        raise UnsupportedDocument("Mã này không kèm tem; kiểm tra trực tuyến, hoặc quét lại toàn bộ mã QR.")
    key_set = _keys(keys, reader.home)
    now = reader.clock()
    reading = read_seal(code.seal, key_set, on=now.date())
    reasons = [reading.reason]
    if code.host:
        hosts = frozenset((reader.settings.site.host, *reader.settings.site.also))
        reasons.append(judge_host(code.host, hosts))
    seal = reading.content
    if seal is None:
        unknown = reading.reason.code in ("seal_unknown_key", "seal_future_version", "seal_truncated")
        verdict = Verdict.UNKNOWN if unknown else Verdict.ALTERED
        return Verification(verdict=verdict, reasons=tuple(reasons), document_id=code.document_id, as_of=now)
    reasons += _compared(what, code, seal, reader)
    verdict = verdict_of(reason for reason in reasons if reason.code != "signers_not_known")
    if verdict is Verdict.GENUINE and any(reason.code == "signers_not_known" for reason in reasons):
        verdict = Verdict.UNDECIDED  # a trusted root alone does not tell our signers from its other holders
    as_of = datetime.combine(seal.certified_on, time(), UTC)
    number = None
    if verdict is Verdict.GENUINE:
        verdict, as_of, number, ground = _state(seal, key_set, status_list, now, as_of)
        reasons.append(ground)
    return Verification(
        verdict=verdict,
        reasons=tuple(reasons),
        document_id=seal.document_id,
        as_of=as_of,
        status_list=number,
        seal=seal,
    )


def _compared(what: bytes | str, code: ScannedCode, seal: SealContent, reader: Reader) -> Iterator[Reason]:
    """Yield what the seal says about the thing that shows it; the seal alone never vouches for a file."""
    if code.document_id and code.document_id != seal.document_id:
        yield Reason(code="seal_of_another_paper", good=False, values={"document_id": seal.document_id})
    if not (isinstance(what, bytes) and what.startswith(b"%PDF-")):
        yield Reason(code="compare_with_paper", good=True)
        return
    same = content_digest_of(what) == seal.content_sha256
    yield Reason(code="content_equal" if same else "content_differs", good=same)
    form = IssueForm.CERTIFIED_COPY if seal.register_number else IssueForm.DIGITIZED
    known = known_signers(reader)
    signers = tuple(
        ExpectedSigner(field_name=name, certificate_sha256=known.get(name.lower(), ""))
        for name in signature_fields(form)
    )
    if not known:
        yield Reason(code="signers_not_known", good=False)
    expected = ExpectedCopy(signers=signers, level=PadesLevel.B_B)
    now = reader.clock()
    yield from inspect_own_copy(what, expected=expected, trust=trust_store(reader), at=now).reasons


def _state(
    seal: SealContent, keys: SealKeySet, status_list: Path | None, now: datetime, certified: datetime
) -> tuple[Verdict, datetime, int | None, Reason]:
    if status_list is None:
        return Verdict.GENUINE, certified, None, Reason(code="status_not_checked", good=False)
    try:
        listed = read_status_list(status_list.read_bytes(), keys, at=now)
        answer = listed.state(seal.status_index)
    except StatusListRefused as e:
        return Verdict.UNDECIDED, certified, None, e.reason
    except OSError as e:
        raise InputError(f"Không đọc được danh sách trạng thái {status_list} ({system_reason(e)}).") from e
    stamp = answer.issued_at.strftime("%H:%M %d/%m/%Y UTC")
    values = {"number": str(answer.number), "time": stamp}
    ground = Reason(code=f"status_{answer.state.value}", good=answer.state is RecordState.IN_FORCE, values=values)
    return _VERDICTS.get(answer.state, Verdict.GENUINE), answer.issued_at, answer.number, ground


def _keys(path: Path | None, home: Path) -> SealKeySet:
    if path is None:
        found = published_keys(home)
        if not found.keys:
            raise ConfigurationError("Chưa có khóa công khai của nơi cấp; tải /keys.json rồi nêu bằng --keys.")
        return found
    try:
        return read_key_set(path.read_bytes())
    except OSError as e:
        raise InputError(f"Không đọc được tệp khóa công khai {path} ({system_reason(e)}).") from e


def _scanned(what: bytes | str, limits: Limits) -> ScannedCode:
    texts = [what] if isinstance(what, str) else list(_codes(what, limits))
    for text in texts:
        try:
            return parse_code(text)
        except UnsupportedDocument:
            if isinstance(what, str):
                raise
    raise UnsupportedDocument("Không thấy mã QR của hệ thống trong tệp; chụp hoặc quét lại cho rõ toàn bộ mã.")


def _codes(data: bytes, limits: Limits) -> Iterator[str]:
    if not data.startswith(b"%PDF-"):
        yield from (code.text for code in find_codes(data))
        return
    source = open_source("copy.pdf", data, limits=limits)
    for scan in read_apart(source, limits=limits):
        yield from (code.text for code in read_codes(scan.image))

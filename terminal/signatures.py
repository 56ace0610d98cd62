"""The checks of a file's signatures as a person reads them: a line for each who signed, however often."""

from collections.abc import Collection, Iterator, Sequence

from domain.models import Reason, SignatureReport
from pipeline.messages import Messages


def signature_lines(reports: Sequence[SignatureReport], messages: Messages) -> Iterator[str]:
    """Yield what is wrong with the signed file as a whole, then what is to be said of each signer."""
    whole = {reason.code: reason for each in reports for reason in each.problems if "signer" not in reason.values}
    if whole:
        yield f"tệp có {len(reports)} chữ ký số: {_said(whole.values(), messages)}"
    signers: dict[tuple[str, bool], list[SignatureReport]] = {}
    for each in reports:
        signers.setdefault((each.signer, each.is_timestamp), []).append(each)
    for (name, is_timestamp), signed in signers.items():
        own = {reason.code: reason for each in signed for reason in each.problems if reason.code not in whole}
        fine = "hợp lệ." if all(each.valid for each in signed) else "không có vấn đề riêng."
        what = "dấu thời gian" if is_timestamp else "chữ ký"
        yield f"{what} của {name}{_when(signed, messages)}: {_said(own.values(), messages) or fine}"


def _when(signed: Sequence[SignatureReport], messages: Messages) -> str:
    times = [time for each in signed if (time := each.timestamped_at or each.signed_at) is not None]
    last = messages.moment(max(times)) if times else ""
    if len(signed) == 1:
        return f" ({last})" if last else ""
    return f" ({len(signed)} lần ký, lần cuối {last})" if last else f" ({len(signed)} lần ký)"


def _said(reasons: Collection[Reason], messages: Messages) -> str:
    return " ".join(messages.reason(reason) for reason in reasons)

"""What puts a value in doubt as it was read, whatever its probability and whatever else the paper says."""

import re
from collections.abc import Iterator

from ocr.fields.confidence import Evidence
from ocr.fields.kinds import FieldRule, Kind
from ocr.fields.labels import Reading
from ocr.fields.parsers.parsed import Parsed
from ocr.fields.second_reading import found_more, has_other_figures, spelled_otherwise
from ocr.lexicon.matching import squeeze

_COMMITTEE = "uybannhandan"
_STOPS = re.compile(r"[^\W_][:;] ?[^\W_]|[^\W\d_]{3}\. [^\W_]")
"""Stops within a value, which two models make alike of specks and commas of a bad page: `thửa đất số 73; tờ …`."""
_DRAFTER = re.compile(r"/UBND-([^/-]+)$")


def doubts_about(
    reading: Reading, parsed: Parsed, evidence: Evidence, *, kind: Kind, issuer: str, well_read: bool
) -> Iterator[str]:
    """Yield the codes of the problems of a value (`configs/messages/problems.toml`).

    Args:
        reading: What was read for it, each word in its likeliest spelling.
        parsed: The value.
        evidence: What speaks for and against it.
        kind: The paper's kind.
        issuer: Who issued the paper; empty where that was not read.
        well_read: Whether the words of its page are sure in the mean.
    """
    if parsed.problem and parsed.problem != "empty":
        yield parsed.problem
    if parsed.value is None:
        in_order = reading.rule.may_be_blank and well_read  # on a bad page what stands there may have been lost
        in_order = in_order and not reading.doubt
        if parsed.problem == "empty" and not (reading.rule.required or in_order):
            yield "field_not_found" if reading.doubt == "field_not_found" else "field_blank"
        return
    disputed = evidence.agreed is False
    lacks_committee = not well_read and _may_lack_committee(reading.rule, parsed.value, kind, issuer)
    goes_on = disputed and evidence.family in ("name", "text") and found_more(reading)
    if _breaks_off(reading) or lacks_committee or goes_on:
        yield "part_lost"
    if not well_read and evidence.family in ("name", "text") and _STOPS.search(parsed.value):
        yield "form_unusual"
    if not well_read and reading.rule.source == "number" and _has_odd_drafter(parsed.value, kind):
        yield "form_unusual"
    if reading.doubt:
        yield reading.doubt
    differs = evidence.family == "figures" or has_other_figures(reading)
    if disputed and differs and not evidence.confirmed and parsed.problem != "readings_disagree":
        yield "readings_disagree"
    if disputed and reading.rule.form == "name" and spelled_otherwise(reading):
        yield "spelled_otherwise"


def _breaks_off(reading: Reading) -> bool:
    """Return whether an address ends with a comma, so that it went on where nothing was read."""
    return reading.rule.form == "address" and reading.text.rstrip().endswith(",")


def _may_lack_committee(rule: FieldRule, title: str, kind: Kind, issuer: str) -> bool:
    """Return whether a chairman's title stands alone where `TM. ỦY BAN NHÂN DÂN` above it may have been lost."""
    of_committee = kind.rule("subject") is not None and squeeze(issuer).startswith(_COMMITTEE)
    return rule.source == "signer_title" and of_committee and "CHỦ TỊCH" in title and not title.startswith("TM")


def _has_odd_drafter(number: str, kind: Kind) -> bool:
    """Return whether the sign of who drew a letter up is none that is usual: `UBND-NG` for `UBND-NC`."""
    found = _DRAFTER.search(number)
    return bool(kind.drafter_signs) and found is not None and found[1] not in kind.drafter_signs

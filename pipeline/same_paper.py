"""Whether what was read is the paper of a record: papers of one form look alike, but for number, date and holder."""

from collections.abc import Iterator
from enum import Enum

from domain.models import Extraction, Field, Record
from domain.vietnamese import nfc
from ocr.fields.kinds import UNKNOWN, Kind, KindLibrary

TOLD_BY = ("number", "issue_date")
"""What tells papers of one form and owner apart, as roles of the kind."""
_ROLES = (*TOLD_BY, "holder_name")


class Sameness(Enum):
    """What a comparison of a reading with a record says."""

    SAME = "same"
    """All that tells papers apart was read, and is that of the record."""
    OPEN = "open"
    """Too little was read for certain: a person has to compare."""
    OTHER = "other"
    """It is a paper of another kind, number, date or holder."""


def compare(found: Extraction, record: Record, kinds: KindLibrary) -> Sameness:
    """Return whether a paper that was read is that of a record."""
    if record.kind not in kinds or found.kind == UNKNOWN:
        return Sameness.OPEN
    if found.kind != record.kind:
        doubtful = any(problem.code == "kind_doubtful" for problem in found.problems)
        return Sameness.OPEN if doubtful else Sameness.OTHER
    kind = kinds.get(record.kind)
    roles = [role for role in _ROLES if kind.role(role, record.fields)]
    pairs = list(_pairs(roles, kind, found, record))
    if any(field.value and not field.needs_review and not _equal(field.value, kept) for field, kept in pairs):
        return Sameness.OTHER
    told = set(TOLD_BY) <= set(roles) and len(pairs) == len(roles)
    return Sameness.SAME if told and all(_equal(f.value or "", kept) for f, kept in pairs) else Sameness.OPEN


def _pairs(roles: list[str], kind: Kind, found: Extraction, record: Record) -> Iterator[tuple[Field, str]]:
    """Yield each field that was read for one of these roles, with its value in the record."""
    for role in roles:
        read = (found.fields[name] for name in kind.roles.get(role, ()) if name in found.fields)
        field = next((each for each in read if each.value), None)
        if field is not None:
            yield field, kind.role(role, record.fields)


def _equal(first: str, second: str) -> bool:
    return nfc(first).casefold() == nfc(second).casefold()

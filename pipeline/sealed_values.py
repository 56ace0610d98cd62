"""What the issuer signed of a record that came from elsewhere: seal and copy must tell the same values."""

from datetime import timedelta

from domain.models import Reason, Record, SealContent
from ocr.archive.fonts import one_line
from pipeline.desk import published_keys
from pipeline.layout import seal_content
from pipeline.services import Services
from signing.own_title import signed_title
from signing.seal import mask_name, read_seal

_CUT = "…"
"""Ends a text that was shortened to fit in the code."""
_ZONES = timedelta(days=1)
"""Offices may count their days in different time zones."""


def against_signed(record: Record, pdf: bytes, services: Services) -> Reason | None:
    """Return why a record is not what its issuer signed, None where it is.

    The seal tells identifier, page images, register number, day, place in the status list, kind, number, date of issue
    and holder, the last ones cut short where the code had no room; the title of the copy tells number and holder or
    subject in full. Other values are signed nowhere.

    Args:
        record: As it came.
        pdf: Its copy, whose signatures hold.
        services: Knows the published keys and the kinds of paper.
    """
    reading = read_seal(record.seal, published_keys(services.home))
    if reading.content is None:
        return reading.reason
    if not _sealed(reading.content, record, services):
        return Reason(code="seal_tells_otherwise", good=False)
    return None if _titled(signed_title(pdf), record, services) else Reason(code="copy_tells_otherwise", good=False)


def _sealed(sealed: SealContent, record: Record, services: Services) -> bool:
    own = seal_content(record, services)
    holder = services.kinds.get(record.kind).role("holder_name", record.fields)
    return (
        (sealed.document_id, sealed.content_sha256, sealed.status_index)
        == (own.document_id, own.content_sha256, own.status_index)
        and (sealed.register_number, sealed.issue_date) == (own.register_number, own.issue_date)
        and abs(sealed.certified_on - own.certified_on) <= _ZONES
        and _told(sealed.number, own.number)
        and (_told(sealed.holder, holder) or _told(sealed.holder, mask_name(holder)))
        and sealed.kind not in _titles_but(record.kind, services)
    )


def _titled(title: str, record: Record, services: Services) -> bool:
    kind = services.kinds.get(record.kind)
    told = [kind.role(role, record.fields) for role in ("number", "holder_name")]
    return title == one_line(record.title) and (
        record.title == kind.describe(record.fields) or all(one_line(value) in title for value in told)
    )


def _told(sealed: str, own: str) -> bool:
    """Whether a sealed text is this one, or what was left of it in the code."""
    return sealed in ("", own) or (sealed.endswith(_CUT) and own.startswith(sealed.removesuffix(_CUT)))


def _titles_but(code: str, services: Services) -> set[str]:
    """Return the titles of all other kinds; that of the kind itself may have been another one in its day."""
    own = services.kinds.get(code).title["vi"]
    return {kind.title["vi"] for kind in services.kinds.kinds.values()} - {own}

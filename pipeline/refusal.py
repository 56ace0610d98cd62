"""The checklist of originals that may not be certified (NĐ 23/2015 Art. 22)."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from domain.errors import InputError, NotReady
from domain.models import Decision, Draft, DraftStatus
from pipeline.register import void_number_of
from pipeline.services import Services
from pipeline.shelf import load_newest_draft, save_draft

CHECKLIST = ("22.1", "22.2", "22.3", "22.4", "22.5", "22.6")
"""The grounds of refusal, by the clauses of the article; 22.5 is Art. 20 k1 (foreign paper not legalised)."""

REFUSE = "refuse"
"""The decision that a paper is not certified; its subject is the ground."""


def declared(applying: Sequence[str]) -> dict[str, bool]:
    """Return the answers to the checklist where these grounds apply and the others do not.

    Raises:
        InputError: There is no such ground.
    """
    if unknown := sorted(set(applying) - set(CHECKLIST)):
        raise InputError(f"Không có căn cứ {', '.join(unknown)}; chỉ có {', '.join(CHECKLIST)}.")
    return {ground: ground in applying for ground in CHECKLIST}


def refuse(draft_id: str, grounds: Sequence[str], reason: str, services: Services) -> Draft:
    """Keep that a person refused to certify a paper, on which grounds, and return its draft, set aside.

    A number that was reserved for it is voided. The scan, what was read and every decision stay in the store.

    Raises:
        UnknownDocument: There is no such draft.
        InputError: There is no such ground, or none is named.
        NotReady: No reason is given, or the paper is certified already.
    """
    declared(grounds)
    if not grounds or not reason.strip():
        raise NotReady("Xin ghi căn cứ (--refuse) và lý do từ chối (--reason); người yêu cầu có quyền biết.")
    draft = load_newest_draft(draft_id, services)
    if draft.status is DraftStatus.CERTIFIED:
        raise NotReady(f"Bản nháp {draft.id} đã được chứng thực ({draft.document_id}); hãy thu hồi bản đó.")
    at, by = services.clock(), services.user
    refused = [Decision(at=at, by=by, action=REFUSE, subject=ground, after=reason.strip()) for ground in grounds]
    void_number_of(draft, f"từ chối chứng thực: {reason.strip()}", services)
    aside = replace(
        draft,
        revision=draft.revision + 1,
        status=DraftStatus.DISCARDED,
        decisions=(*draft.decisions, *refused),
    )
    return save_draft(aside, services)


def refuse_drafts(draft_ids: Sequence[str], grounds: Sequence[str], reason: str, services: Services) -> Iterator[Draft]:
    """Yield each draft after it was refused, see `refuse`."""
    for draft_id in draft_ids:
        yield refuse(draft_id, grounds, reason, services)

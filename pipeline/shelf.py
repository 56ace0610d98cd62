"""The shelf of drafts: stored first, indexed last; every decision a new revision."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from domain.errors import ObjectExists, ObjectMissing
from domain.models import Draft, DraftStatus, Source
from pipeline.review import KIND, approve, discard, set_field, set_kind
from pipeline.serial import from_json, to_json
from pipeline.services import Services
from storage.drafts import DraftFilter, find_drafts_by_source, list_drafts
from storage.drafts import DraftSummary as DraftSummary
from storage.drafts import load_draft as load_payload
from storage.drafts import save_draft as save_payload

_WAITING = (DraftStatus.READY, DraftStatus.NEEDS_REVIEW)


def find_drafts(source_sha256: str, services: Services) -> tuple[Draft, ...]:
    """Return all drafts that were made from a file with this digest, by the order of their pages."""
    with services.database.reading() as transaction:
        found = find_drafts_by_source(transaction, source_sha256)
    ordered = sorted(found, key=lambda draft: draft.page_numbers)
    return tuple(load_draft(draft.id, services) for draft in ordered)


def load_draft(draft_id: str, services: Services) -> Draft:
    """Return a draft.

    Raises:
        UnknownDocument: There is none with this identifier.
    """
    with services.database.reading() as transaction:
        return from_json(Draft, load_payload(transaction, draft_id))


def load_newest_draft(draft_id: str, services: Services) -> Draft:
    """Return the newest revision of a draft, also one that a killed process stored but did not index.

    Raises:
        UnknownDocument: There is none with this identifier.
    """
    draft = load_draft(draft_id, services)
    if max(services.archive.draft_revisions(draft_id), default=0) > draft.revision:
        draft = from_json(Draft, services.archive.load_draft(draft_id))
        _index(draft, services)
    return draft


def waiting_drafts(services: Services, *, everything: bool = False) -> tuple[DraftSummary, ...]:
    """Return the drafts that wait for a person or for certification, oldest first; or all of them."""
    chosen = DraftFilter() if everything else DraftFilter(statuses=_WAITING)
    listed: list[DraftSummary] = []
    with services.database.reading() as transaction:
        while part := list_drafts(transaction, chosen, limit=1000, offset=len(listed)):
            listed += part
    return tuple(listed)


def ready_drafts(services: Services) -> tuple[str, ...]:
    """Return the identifiers of the drafts that can be certified, oldest first."""
    return tuple(draft.id for draft in waiting_drafts(services) if draft.status is DraftStatus.READY)


def save_new_draft(draft: Draft, source: Source, services: Services) -> Draft:
    """Keep a source and its first draft.

    Where an earlier run stored the draft and died before indexing it, that one is indexed and returned. A discarded
    draft is taken up again as its next revision.
    """
    services.archive.store_source(source)
    revisions = services.archive.draft_revisions(draft.id)
    if revisions:
        stored = from_json(Draft, services.archive.load_draft(draft.id))
        if stored.status is not DraftStatus.DISCARDED:
            _index(stored, services)
            return stored
        draft = replace(draft, revision=max(revisions) + 1, decisions=stored.decisions)
    return save_draft(draft, services)


def save_draft(draft: Draft, services: Services) -> Draft:
    """Keep a new revision of a draft.

    Raises:
        NotReady: Somebody else changed it meanwhile.
    """
    payload = to_json(draft)
    try:
        services.archive.store_draft(draft.id, draft.revision, payload.encode())
    except ObjectExists:
        _catch_up(draft, services)
    _index(draft, services)
    return draft


def change_draft(draft_id: str, change: Callable[[Draft], Draft], services: Services) -> Draft:
    """Keep what a change makes of the newest revision of a draft, and return it."""
    return save_draft(change(load_draft(draft_id, services)), services)


def set_values(draft_id: str, values: Sequence[tuple[str, str]], services: Services) -> Draft:
    """Keep what a person typed for fields of a draft; `kind` changes the kind of the paper.

    Raises:
        UnknownDocument: There is no such draft.
        InputError: There is no such field, or a text is no value of it; then nothing is kept.
    """

    def change(draft: Draft) -> Draft:
        revision = draft.revision
        by, at = services.user, services.clock()
        for name, text in values:
            if name == KIND:
                kinds, options = services.kinds, services.extraction
                draft = set_kind(draft, text, by=by, at=at, kinds=kinds, options=options)
            else:
                draft = set_field(draft, name, text, by=by, at=at, kinds=services.kinds)
        return replace(draft, revision=revision + 1)

    return change_draft(draft_id, change, services)


def approve_draft(draft_id: str, names: Sequence[str], services: Services) -> Draft:
    """Keep that a person found the open fields of a draft to be right, or only those named."""
    return change_draft(
        draft_id, lambda draft: approve(draft, by=services.user, at=services.clock(), names=names), services
    )


def discard_draft(draft_id: str, reason: str, services: Services) -> Draft:
    """Set a draft aside."""
    return change_draft(draft_id, lambda draft: discard(draft, reason, by=services.user, at=services.clock()), services)


def _index(draft: Draft, services: Services) -> None:
    with services.database.transaction() as transaction:
        save_payload(transaction, draft, to_json(draft))


def _catch_up(draft: Draft, services: Services) -> None:
    """Index what a killed process stored but did not index, so that the next look shows it."""
    try:
        newest = from_json(Draft, services.archive.load_draft(draft.id))
    except ObjectMissing:
        return
    if newest != draft:
        _index(newest, services)

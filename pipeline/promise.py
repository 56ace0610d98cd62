"""The promise: number, identifier, place and form, fixed before a draft is signed and kept over every try."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, replace

from domain.errors import NotReady
from domain.identifiers import derived_identifier
from domain.models import Decision, Draft, DraftStatus, IssueForm
from pipeline.reservation import give_number
from pipeline.services import Services
from pipeline.shelf import save_draft
from storage.owners import require_active
from storage.register import Application, RegisterEntry, find_entry_of_draft, open_book
from storage.status_places import reserve_status_index

CERTIFY = "certify"
"""The decision by which a person began to certify; its subject is the form of issue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What is the same each time the same draft is tried."""

    document_id: str
    form: IssueForm
    entry: RegisterEntry | None
    """The line of the register; None for a digitised paper, which has none."""
    status_index: int


def make_promise(draft: Draft, form: IssueForm | None, services: Services) -> tuple[Draft, Promise]:
    """Return the promise for a draft, and the draft with the decision that began it.

    The decision goes into the store first, then the number, and then it is given; a later try finds both.

    Args:
        form: What is to be issued; None for what was promised already, else for what the settings say.

    Raises:
        NotReady: Another form was promised already, the book of the year is closed, or the owner's account is.
    """
    with services.database.reading() as transaction:
        held = find_entry_of_draft(transaction, draft.id)
        if held is None:
            require_active(transaction, owner_of(draft, services)[0])
    chosen = _choose_form(draft, form, held, services)
    if draft.status is not DraftStatus.CERTIFIED and promised_form(draft) is not chosen:
        decision = Decision(at=services.clock(), by=services.user, action=CERTIFY, subject=chosen.value)
        begun = replace(draft, revision=draft.revision + 1, decisions=(*draft.decisions, decision))
        draft = save_draft(begun, services)
    with services.database.transaction() as transaction:
        if chosen is not IssueForm.DIGITIZED and held is None:
            now = services.clock()
            year, unit = now.astimezone(services.zone).year, services.settings.office.unit
            book = open_book(transaction, unit=unit, year=year, act=book_act(chosen, services), now=now)
            held = give_number(transaction, book, _application(draft, services), services, now=now)
        index = reserve_status_index(transaction, draft.id, draw=secrets.randbelow)
    return draft, Promise(document_id=document_id_of(draft, services), form=chosen, entry=held, status_index=index)


def document_id_of(draft: Draft, services: Services) -> str:
    """Return the identifier of the paper that a draft becomes: always the same, and nobody else can tell it.

    One that became a paper, perhaps under the key of another warehouse, says itself which.
    """
    if draft.document_id:
        return draft.document_id
    digest = hmac.new(services.secret, f"document:{draft.id}".encode(), hashlib.sha256).digest()
    return derived_identifier(digest)


def promised_form(draft: Draft) -> IssueForm | None:
    """Return the form that a draft is being issued in, None before anybody began."""
    subjects = [decision.subject for decision in draft.decisions if decision.action == CERTIFY]
    return IssueForm(subjects[-1]) if subjects else None


def _choose_form(draft: Draft, form: IssueForm | None, held: RegisterEntry | None, services: Services) -> IssueForm:
    promised = promised_form(draft)
    fixed = promised if held is not None or draft.status is DraftStatus.CERTIFIED else None
    chosen = fixed or form or promised or services.settings.issue.form
    if form not in (None, chosen):
        number = f", số {held.register_number}" if held is not None else ""
        raise NotReady(
            f"Bản nháp {draft.id} đang được cấp theo hình thức {chosen.value}{number}; "
            "hủy số đó (`sohoa register void`) rồi mới đổi hình thức."
        )
    return chosen


def book_act(form: IssueForm, services: Services) -> str:
    """Return the sign of the books that papers of this form are entered in."""
    issue = services.settings.issue
    return issue.register_copy_book if form is IssueForm.REGISTER_COPY else issue.book


def confirmed_values(draft: Draft) -> dict[str, str]:
    """Return the values of a draft that are certain or confirmed, by field name."""
    return {
        name: field.value for name, field in draft.extraction.fields.items() if field.value and not field.needs_review
    }


def owner_of(draft: Draft, services: Services) -> tuple[str, str]:
    """Return number and name of the owner: as filed, else as the paper itself names its holder."""
    if draft.filing.owner_id:
        return draft.filing.owner_id, draft.filing.owner_name
    kind, values = services.kinds.get(draft.extraction.kind), confirmed_values(draft)
    return kind.role("holder_id", values), draft.filing.owner_name or kind.role("holder_name", values)


def _application(draft: Draft, services: Services) -> Application:
    office = services.settings.office
    owner_id, owner_name = owner_of(draft, services)
    return Application(
        draft_id=draft.id,
        requester=owner_name,
        requester_id=owner_id,
        title=services.kinds.get(draft.extraction.kind).describe(confirmed_values(draft)),
        certifier=f"{office.certifier_name}, {office.certifier_title}",
        pages=len(draft.page_numbers),
    )

"""Papers that are in the warehouse already: said at intake, so that they are reused and not certified again."""

from dataclasses import replace

from domain.models import Draft, Problem, Record
from pipeline.promise import owner_of
from pipeline.same_paper import TOLD_BY
from pipeline.services import Services
from storage.owners import numbers_of
from storage.reuse import Intake, Likeness, find_present

PRESENT = "already_in_warehouse"
"""The problem that a paper seems to be certified already; it names the document and stands in nobody's way."""


def note_present(draft: Draft, services: Services) -> Draft:
    """Return the draft with a problem that names the paper in the warehouse that it seems to be, if there is one.

    It is one of the same kind and owner that is in force, looks nearly the same, and has the same number or date and
    no other one. What could not be read decides nothing; a person decides.
    """
    looks = [page.look for page in draft.pages if page.look]
    if not looks or draft.extraction.kind not in services.kinds:
        return draft
    today = services.clock().astimezone(services.zone).date()
    owner_id = owner_of(draft, services)[0]
    with services.database.reading() as transaction:
        present = find_present(transaction, Intake(page_hashes=looks), today=today)
        owners = numbers_of(transaction, owner_id) if owner_id else ()
    for paper in present:
        record = paper.record
        belongs = not owner_id or record.filing.owner_id in owners
        if paper.in_force and paper.likeness is Likeness.ALIKE and belongs and _same_paper(draft, record, services):
            return _noted(draft, record, services)
    return draft


def _same_paper(draft: Draft, record: Record, services: Services) -> bool:
    if record.kind != draft.extraction.kind:
        return False
    kind = services.kinds.get(record.kind)
    read = {name: field.value or "" for name, field in draft.extraction.fields.items()}
    pairs = [(kind.role(role, read), kind.role(role, record.fields)) for role in TOLD_BY]
    known = [(here, there) for here, there in pairs if here and there]
    return bool(known) and all(here == there for here, there in known)


def _noted(draft: Draft, record: Record, services: Services) -> Draft:
    values = {
        "document": record.id,
        "title": record.title,
        "day": f"{record.certified_at.astimezone(services.zone):%d/%m/%Y}",
    }
    problem = Problem(code=PRESENT, values=values, blocking=False)
    problems = (*draft.extraction.problems, problem)
    return replace(draft, extraction=replace(draft.extraction, problems=problems))

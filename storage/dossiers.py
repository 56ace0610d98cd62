"""Dossiers: what drafts, papers and reuses tell of them, and what the one-stop system says, for what is counted."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, time, timedelta, timezone

from sqlalchemy import func, select, update

from domain.models import DraftStatus, IssueForm
from storage.catalog import Dossier
from storage.database import Transaction, insert_missing, upsert
from storage.tables import dossiers, drafts, records, reuses

CERTIFYING = "2.000815"
"""Procedure of certifying copies: what is certified in such a dossier is its result."""
_VIETNAM = timezone(timedelta(hours=7))
_LATE = time(15)
"""Who applies later in the day gets the copy on the next working day (NĐ 23/2015 Art. 7)."""
_WORKING_DAYS = 5


def derive_dossiers(transaction: Transaction) -> None:
    """Record the dossiers that drafts and reuses name, and what of them is known; what others recorded stays.

    A dossier is *digitized* when a draft was made in it, and *reused* when a paper of the warehouse stood in for one
    of it. Its result is *electronic* when a copy from the register was issued in it, or a certified copy in a dossier
    of certifying. A dossier of certifying is *finished* when none of its drafts waits any more and one was certified,
    at the time of the last copy, and *due* at the end of the day, or of the next working day where it came after
    15:00 (NĐ 23/2015 Art. 7; public holidays are not known here). All else is unknown unless it was told.
    """
    told = select(
        drafts.c.dossier.label("code"),
        func.max(drafts.c.owner_id).label("owner_id"),
        func.max(drafts.c.procedure).label("procedure"),
        func.max(drafts.c.unit).label("unit"),
        func.min(drafts.c.created_at).label("received_at"),
    )
    blank = {"digitized": False, "electronic_result": None, "reused": False, "citizen_data": None}
    rows = transaction.execute(told.where(drafts.c.dossier != "").group_by(drafts.c.dossier)).all()
    insert_missing(transaction, dossiers, [{**row._mapping, **blank} for row in rows])
    used = select(
        reuses.c.dossier.label("code"),
        func.max(reuses.c.procedure).label("procedure"),
        func.max(reuses.c.unit).label("unit"),
        func.min(reuses.c.at).label("received_at"),
    )
    others = transaction.execute(used.where(reuses.c.dossier != "").group_by(reuses.c.dossier)).all()
    insert_missing(transaction, dossiers, [{**row._mapping, "owner_id": "", **blank} for row in others])
    for reached, named in (("digitized", drafts.c.dossier), ("reused", reuses.c.dossier)):
        column = dossiers.c[reached]
        among = dossiers.c.code.in_(select(named).where(named != ""))
        transaction.execute(update(dossiers).where(among, column.is_(False)).values({reached: True}))
    _derive_results(transaction)
    _derive_times(transaction)


def save_told(transaction: Transaction, told: Iterable[Dossier]) -> None:
    """Record what the one-stop system says of dossiers; what was reached here is never taken back."""
    for dossier in told:
        row = transaction.execute(select(dossiers).where(dossiers.c.code == dossier.code)).one_or_none()
        here = {} if row is None else {"digitized": row.digitized, "reused": row.reused}
        upsert(transaction, dossiers, asdict(dossier) | here, keys=["code"])


def _derive_results(transaction: Transaction) -> None:
    certifying = dossiers.c.procedure.startswith(CERTIFYING)
    results = select(records.c.dossier).where(records.c.dossier != "")
    from_register = results.where(records.c.form == IssueForm.REGISTER_COPY.value)
    certified = results.where(records.c.form == IssueForm.CERTIFIED_COPY.value)
    issued = dossiers.c.code.in_(from_register) | (certifying & dossiers.c.code.in_(certified))
    unknown = dossiers.c.electronic_result.is_(None)
    transaction.execute(update(dossiers).where(issued, unknown).values(electronic_result=True))


def _derive_times(transaction: Transaction) -> None:
    """Record when dossiers of certifying were due and finished, where nobody told."""
    c = dossiers.c
    open_ones = (c.due_at.is_(None)) | (c.finished_at.is_(None))
    certifying = select(c.code, c.received_at, c.due_at, c.finished_at).where(
        c.procedure.startswith(CERTIFYING), open_ones
    )
    for row in transaction.execute(certifying).all():
        waiting = (DraftStatus.READY.value, DraftStatus.NEEDS_REVIEW.value)
        left = select(func.count()).where(drafts.c.dossier == row.code, drafts.c.status.in_(waiting))
        last = select(func.max(records.c.certified_at)).where(records.c.dossier == row.code)
        finished = row.finished_at
        if finished is None and transaction.execute(left).scalar() == 0:
            finished = transaction.execute(last).scalar()
        values = {"due_at": row.due_at or _due(row.received_at), "finished_at": finished}
        transaction.execute(update(dossiers).where(c.code == row.code).values(values))


def _due(received: datetime) -> datetime:
    """Return the end of the working day on which a certified copy must be ready."""
    here = received.astimezone(_VIETNAM)
    day = here.date() + timedelta(days=1 if here.time() >= _LATE else 0)
    while day.weekday() >= _WORKING_DAYS:
        day += timedelta(days=1)
    return datetime.combine(day, time.max, _VIETNAM)

"""Dossiers as the drafts, papers and reuses tell of them, for what is counted by dossier."""

from sqlalchemy import func, select, update

from storage.database import Transaction, insert_missing
from storage.tables import dossiers, drafts, records, reuses


def derive_dossiers(transaction: Transaction) -> None:
    """Record the dossiers that drafts and reuses name, and what of them is reached; what others recorded stays."""
    told = select(
        drafts.c.dossier.label("code"),
        func.max(drafts.c.owner_id).label("owner_id"),
        func.max(drafts.c.procedure).label("procedure"),
        func.max(drafts.c.unit).label("unit"),
        func.min(drafts.c.created_at).label("received_at"),
    )
    blank = {"digitized": False, "electronic_result": False, "reused": False, "citizen_data": False}
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
    for reached, named in (
        ("digitized", drafts.c.dossier),
        ("electronic_result", records.c.dossier),
        ("reused", reuses.c.dossier),
    ):
        column = dossiers.c[reached]
        among = dossiers.c.code.in_(select(named).where(named != ""))
        transaction.execute(update(dossiers).where(among, column.is_(False)).values({reached: True}))

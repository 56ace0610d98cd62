"""What the province is measured by: raw numerators and denominators per month, unit and procedure.

The codes are those of the national portal (QĐ 766/QĐ-TTg); scores are left to whoever applies the formula of the day.
What is not known is counted as unknown, in neither number; `docs/statistics.md` has the definition of each measure.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

from sqlalchemy import ColumnElement, Integer, and_, func, or_, select, true

from storage.database import Transaction
from storage.register import EntryState
from storage.tables import dossiers, drafts, procedures, records, register_books, register_entries, synchronizations

VIETNAM = timezone(timedelta(hours=7))
"""Months begin at midnight there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A ratio, kept as its two counts, and how many could not be counted.

    A denominator of 0 means that there is nothing to score, None in both numbers that nothing is known: never a zero.
    """

    code: str
    month: str
    """`2026-11`."""
    unit: str
    """Empty where it is not counted by unit."""
    procedure: str
    numerator: int | None
    denominator: int | None
    unknown: int = 0
    """Dossiers or papers that belong here, or may belong here, and of which it is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerCount:
    """What one person digitized in a month."""

    month: str
    officer: str
    unit: str
    papers: int
    pages: int


def count_month(
    transaction: Transaction, year: int, month: int, *, target: str = "dvcqg", zone: timezone = VIETNAM
) -> tuple[Measure, ...]:
    """Return all measures of a month, by code, unit and procedure.

    Args:
        target: The system whose synchronization counts.
    """
    first, after = _bounds(year, month, zone)
    name = f"{year}-{month:02d}"
    found = [
        *_of_dossiers(transaction, name, first, after),
        *_of_synchronization(transaction, name, first, after, target),
        *_of_copies(transaction, name, first, after),
        _of_procedures(transaction, name, (after - timedelta(seconds=1)).astimezone(zone).date()),
    ]
    return tuple(sorted(found, key=lambda measure: (measure.code, measure.unit, measure.procedure)))


def sum_measures(measures: Sequence[Measure]) -> dict[str, tuple[int, int, int]]:
    """Return numerator, denominator and unknown by code over units, procedures and months."""
    sums: dict[str, tuple[int, int, int]] = {}
    for measure in measures:
        upper, lower, unknown = sums.get(measure.code, (0, 0, 0))
        sums[measure.code] = (
            upper + (measure.numerator or 0),
            lower + (measure.denominator or 0),
            unknown + measure.unknown,
        )
    return sums


def count_officers(
    transaction: Transaction, year: int, month: int, *, zone: timezone = VIETNAM
) -> tuple[OfficerCount, ...]:
    """Return what each person digitized in a month, by unit and name."""
    first, after = _bounds(year, month, zone)
    c = drafts.c
    query = (
        select(c.created_by, c.unit, func.count(), func.sum(c.page_count))
        .where(c.created_at >= first, c.created_at < after)
        .group_by(c.unit, c.created_by)
        .order_by(c.unit, c.created_by)
    )
    name = f"{year}-{month:02d}"
    return tuple(
        OfficerCount(month=name, officer=officer, unit=unit, papers=papers, pages=int(pages))
        for officer, unit, papers, pages in transaction.execute(query)
    )


def _bounds(year: int, month: int, zone: timezone) -> tuple[datetime, datetime]:
    following = (year + 1, 1) if month == 12 else (year, month + 1)
    return datetime(year, month, 1, tzinfo=zone).astimezone(UTC), datetime(*following, 1, tzinfo=zone).astimezone(UTC)


def _of_dossiers(transaction: Transaction, name: str, first: datetime, after: datetime) -> Iterator[Measure]:
    """Yield what is counted of dossiers: of those received in the month, or of those finished in it.

    One that was received in the month or before and of which nobody knows whether it is finished may have been
    finished in the month it was received in: there it is unknown.
    """
    c = dossiers.c
    received = and_(c.received_at >= first, c.received_at < after)
    finished = and_(c.finished_at >= first, c.finished_at < after)
    perhaps = or_(finished, and_(received, c.finished_at.is_(None)))
    on_time = c.finished_at <= c.due_at
    ended = c.finished_at.is_not(None)
    counted: list[tuple[str, ColumnElement[bool], ColumnElement[bool], ColumnElement[bool]]] = [
        ("ORIGINAL_RESULT_AVAILABLE", perhaps, and_(ended, c.electronic_result.is_not(None)), c.electronic_result),
        ("ON_TIME", perhaps, and_(ended, c.due_at.is_not(None)), on_time),
        ("SO_HOA_GIAY_TO_GIAI_QUYET", received, true(), c.digitized == true()),
        ("REUSED_DIGITIZED_DATA", received, true(), c.reused == true()),
        ("CITIZEN_DATA_CONNECTED_DOSSIER", received, c.citizen_data.is_not(None), c.citizen_data),
    ]
    for code, among, known, reached in counted:
        query = (
            select(c.unit, c.procedure, _count(and_(known, reached)), _count(known), func.count())
            .where(among)
            .group_by(c.unit, c.procedure)
        )
        for unit, procedure, upper, lower, total in transaction.execute(query):
            yield _measure(code, name, unit, procedure, (upper, lower, total))


def _of_synchronization(
    transaction: Transaction, name: str, first: datetime, after: datetime, target: str
) -> Iterator[Measure]:
    """Yield of the papers certified in the month how many were passed on; one of which nobody said so is unknown."""
    c = records.c
    passed = and_(synchronizations.c.document_id == c.id, synchronizations.c.target == target)
    known = synchronizations.c.state.is_not(None)
    query = (
        select(c.unit, c.procedure, _count(synchronizations.c.state == "done"), _count(known), func.count())
        .select_from(records.outerjoin(synchronizations, passed))
        .where(c.certified_at >= first, c.certified_at < after)
        .group_by(c.unit, c.procedure)
    )
    for unit, procedure, upper, lower, total in transaction.execute(query):
        yield _measure("SYNCED_WITH_DVCQG_PERSONAL_STORAGE", name, unit, procedure, (upper, lower, total))


def _of_copies(transaction: Transaction, name: str, first: datetime, after: datetime) -> Iterator[Measure]:
    """Of the numbers that the registers gave: how many became a certified copy."""
    c = register_entries.c
    query = (
        select(register_books.c.unit, _count(c.state == EntryState.ISSUED.value), func.count())
        .select_from(register_entries.join(register_books))
        .where(c.reserved_at >= first, c.reserved_at < after)
        .group_by(register_books.c.unit)
    )
    for unit, numerator, denominator in transaction.execute(query):
        yield Measure(
            code="ELECTRONIC_CERTIFIED_COPY",
            month=name,
            unit=unit,
            procedure="",
            numerator=int(numerator),
            denominator=denominator,
        )


def _of_procedures(transaction: Transaction, name: str, last_day: date) -> Measure:
    c = procedures.c
    in_effect = and_(c.valid_from <= last_day, or_(c.valid_to.is_(None), c.valid_to >= last_day))
    query = select(_count(c.citizen_data == true()), func.count()).where(in_effect)
    numerator, denominator = transaction.execute(query).one()
    empty = transaction.execute(select(c.code).limit(1)).first() is None  # nobody loaded the catalogue
    return Measure(
        code="CITIZEN_DATA_CONNECTED_FORMALITY",
        month=name,
        unit="",
        procedure="",
        numerator=None if empty else int(numerator),
        denominator=None if empty else int(denominator),
    )


def _measure(code: str, month: str, unit: str, procedure: str, counts: tuple[int, int, int]) -> Measure:
    """Return a measure of how many, of how many known ones, among how many in all."""
    upper, lower, total = map(int, counts)
    nothing = lower == 0 and total > 0
    return Measure(
        code=code,
        month=month,
        unit=unit,
        procedure=procedure,
        numerator=None if nothing else upper,
        denominator=None if nothing else lower,
        unknown=total - lower,
    )


def _count(reached: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(func.coalesce(reached, False).cast(Integer)), 0)

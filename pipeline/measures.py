"""Measures: what the province is measured by, as raw numerators and denominators."""

from domain.errors import InputError
from pipeline.serial import JsonObject, to_data
from pipeline.services import Services
from storage.dossiers import derive_dossiers
from storage.statistics import Measure as Measure
from storage.statistics import OfficerCount as OfficerCount
from storage.statistics import count_month, count_officers

TARGET = "dvcqg"


def month_measures(services: Services, *, year: int, month: int, unit: str = "") -> tuple[Measure, ...]:
    """Return the measures of a month, those of one unit where it is named; a denominator of 0 is nothing to score.

    Raises:
        InputError: There is no such month.
        StorageError: The database cannot be read.
    """
    _require_month(year, month)
    with services.database.transaction() as transaction:
        derive_dossiers(transaction)
        measures = count_month(transaction, year, month, target=TARGET)
    return tuple(measure for measure in measures if unit in ("", measure.unit))


def month_officers(services: Services, *, year: int, month: int, unit: str = "") -> tuple[OfficerCount, ...]:
    """Return what each person digitized in a month.

    Raises:
        InputError: There is no such month.
        StorageError: The database cannot be read.
    """
    _require_month(year, month)
    with services.database.reading() as transaction:
        counts = count_officers(transaction, year, month)
    return tuple(count for count in counts if unit in ("", count.unit))


def measure_object(measure: Measure | OfficerCount) -> JsonObject:
    """Return what `sohoa statistics` prints in a line."""
    values: JsonObject = to_data(measure)
    return {"type": "measure" if isinstance(measure, Measure) else "officer", **values}


def _require_month(year: int, month: int) -> None:
    if not (2000 <= year <= 9998 and 1 <= month <= 12):
        raise InputError("Tháng không đúng; viết --year 2026 --month 11.")

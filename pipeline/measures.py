"""Measures: what the province is measured by, as raw numerators and denominators."""

from pathlib import Path

from domain.errors import InputError
from pipeline.catalog import read_text
from pipeline.events import DOSSIERS, DossierEvent, keep_event
from pipeline.journal import access, logged
from pipeline.serial import JsonObject, to_data
from pipeline.services import Services
from storage.access_log import append_log
from storage.dossier_files import read_dossiers
from storage.dossiers import derive_dossiers, save_told
from storage.statistics import Measure as Measure
from storage.statistics import OfficerCount as OfficerCount
from storage.statistics import count_month, count_officers

TARGET = "dvcqg"


def load_dossiers(path: Path, services: Services) -> int:
    """Record what the one-stop system says of dossiers, in the store first, and return of how many.

    What is said later of a dossier replaces what was said before; what was reached here is never taken back.

    Raises:
        InputError: The table cannot be read, or is wrong; the message names the line.
        StorageError: It could not be kept.
    """
    told = read_dossiers(path.name, read_text(path), zone=services.zone)
    if not told:
        return 0
    with logged(services) as transaction:
        now = services.clock()
        event = DossierEvent(at=now, by=services.user, dossiers=told)
        save_told(transaction, told)
        entry = append_log(transaction, access(services, "dossier_load", detail=path.name[:100]), now=now)
        keep_event(DOSSIERS, event, entry, services)
    return len(told)


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

"""What the checks of a paper look at."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from domain.models import Field, Problem
from ocr.fields.kinds import Kind
from ocr.lexicon.units import Units


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckContext:
    """A paper as it was read."""

    kind: Kind
    fields: Mapping[str, Field]
    spoken: Mapping[str, str]
    """What stands in words, by the name of the field that says the same in figures."""
    units: Units
    lines: tuple[str, ...] = ()
    """The parts of its lines, from top to bottom."""
    agreed: frozenset[str] = frozenset()
    """Names of the fields that another model read in the same way."""
    others: frozenset[tuple[str, str]] = frozenset()
    """Two words that follow one another as another model read them, where it gave them other diacritics."""
    codes: tuple[str, ...] = ()
    """Texts of the codes on it (QR, barcodes)."""

    def value(self, name: str) -> str:
        """Return a field's value, empty where it has none."""
        one = self.fields.get(name)
        return (one.value or "") if one else ""


def doubt(code: str, name: str, **values: str) -> Problem:
    """Return a problem that makes a field doubtful."""
    return Problem(code=code, field_name=name, values=values, blocking=False)


def day_of(text: str) -> date | None:
    """Return a whole ISO date, None for a partial one."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None

"""Provinces with their dates of effect, and names of people, from the files of `configs/units`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path

from domain.errors import ConfigurationError
from ocr.lexicon.matching import squeeze


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A province or city of the first tier in one period."""

    name: str
    number_prefix: str = ""
    """First three digits of the personal numbers registered there (63 of them, for ever)."""
    code: str = ""
    """Two-digit code of the administrative units."""
    agency_code: str = ""
    """Code of its People's Committee (QĐ 20/2020/QĐ-TTg)."""
    valid_from: date | None = None
    valid_to: date | None = None
    """Last day."""
    successor: str = ""
    """Name of the unit that it was merged into."""

    def holds(self, day: date) -> bool:
        """Return whether the unit existed on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedAgencies:
    """Agencies of which it is known when they were there."""

    begins: tuple[str, ...]
    """Beginnings of their names, in small letters."""
    valid_from: date | None = None
    valid_to: date | None = None
    """Last day."""

    def named(self, agency: str) -> bool:
        """Return whether a name is one of theirs."""
        return f"{agency.lower()} ".startswith(tuple(f"{name} " for name in self.begins))

    def hold(self, day: date) -> bool:
        """Return whether they were there on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class Units:
    """The provinces of every period, and names."""

    provinces: tuple[Unit, ...]
    prefixes: Mapping[str, str]
    """Province names by the first three digits of personal numbers."""
    family_names: frozenset[str] = frozenset()
    """In small letters."""
    given_names: frozenset[str] = frozenset()
    """Common syllables of given names, in small letters."""
    agencies: tuple[str, ...] = ()
    """Beginnings of the names of agencies, in small letters."""
    agency_types: frozenset[str] = frozenset()
    """Letters of what stands before the name of an agency and is none itself, without diacritics and blanks."""
    dated: tuple[DatedAgencies, ...] = ()

    def was_there(self, agency: str, day: date) -> bool:
        """Return whether nothing is known of an agency that says it was not there on a day."""
        return all(one.hold(day) for one in self.dated if one.named(agency))

    def named(self, text: str) -> tuple[Unit, ...]:
        """Return the units whose name a text bears, without regard to diacritics."""
        letters = squeeze(text)
        return tuple(u for u in self.provinces if squeeze(u.name) == letters)

    def with_code(self, code: str, day: date) -> Unit | None:
        """Return the province that bore a code on a day; the same code meant others before 01/07/2025."""
        return next((u for u in self.provinces if u.code == code and u.holds(day)), None)


def load_units(folder: Traversable | Path) -> Units:
    """Return the units and names described in the files of a folder.

    Raises:
        ConfigurationError: The file is missing or wrong.
    """
    file = folder / "provinces.toml"
    try:
        data = tomllib.loads(file.read_text("utf-8"))
        provinces = tuple(Unit(**item) for item in data["province"])
        names = tomllib.loads((folder / "names.toml").read_text("utf-8"))
        family, given = (frozenset(map(str.lower, names[part])) for part in ("family", "given"))
        listed = tomllib.loads((folder / "agencies.toml").read_text("utf-8"))
        agencies = listed["agencies"]
        types = frozenset(map(squeeze, listed["types"]))
        dated = tuple(
            DatedAgencies(**{**item, "begins": tuple(map(str.lower, item["begins"]))}) for item in listed["dated"]
        )
        prefixes = {u.number_prefix: u.name for u in provinces if u.number_prefix}
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError) as e:
        raise ConfigurationError(
            f"Bảng đơn vị hành chính hoặc bảng họ tên bị sai: {e}; hãy cài đặt lại cấu hình."
        ) from e
    return Units(
        provinces=provinces,
        prefixes=prefixes,
        family_names=family,
        given_names=given,
        agencies=tuple(name.lower() for name in agencies),
        agency_types=types,
        dated=dated,
    )

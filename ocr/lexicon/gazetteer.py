"""The provinces, districts and communes of Vietnam, before and since 01/07/2025, by the letters of their names.

The list is that of the package `vietnamadminunits` (docs/decisions/list-of-places.md); its code is never imported.
"""

import re
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from domain.errors import ConfigurationError
from domain.vietnamese import nfc
from ocr.lexicon.matching import distance, squeeze
from ocr.lexicon.syllables import strip_tone

PROVINCE, DISTRICT, COMMUNE = 0, 1, 2
"""Levels of places."""
_PACKAGE = "vietnamadminunits"
_NUMBERED = ("Phường ", "Quận ")
_ROWS = """
SELECT provinceShort, districtShort, wardShort, wardShortKey FROM admin_units_legacy
UNION ALL SELECT provinceShort, '', wardShort, wardShortKey FROM admin_units
"""
_SIGNS = re.compile(r"['’‘`´\-–—\s]+")
_APOSTROPHES, _DASHES = re.compile(r"['’‘`´]"), re.compile(r"\s*[-–—]\s*")
_I = re.compile(r"(?<=[^aeiouyăâêôơư])y$|(?<=^qu)y$")
"""`y` at the end of a syllable that is spelled with `i` as well: `Mỹ`, `Quý`."""
_DAK = frozenset({"đắk", "đăk", "đắc", "đăc", "đak"})
_OTHERWISE = {"mù cang chải": "mù căng chải", "krông pắk": "krông pắc", "krông păk": "krông pắc"}
"""Districts that write their own names otherwise than the list."""
_LEAST_LETTERS = 5
"""Of a name of which one letter may be another one."""


@dataclass(frozen=True, slots=True)
class Place:
    """A unit of administration, with its parents; a commune since 01/07/2025 has no district."""

    level: int
    name: str
    """Without its unit word, in NFC: `Giồng Riềng`, `12` of `Phường 12`."""
    district: str
    """Name of the district that it lies in, or that it is; empty for provinces and for communes without districts."""
    province: str


_Row = tuple[int, str, str, str]
"""What a place is made of, when it is asked for: to make all of them takes longer than to read them."""


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """All places, by the letters of their names without diacritics, blanks and signs."""

    by_letters: Mapping[str, Sequence[_Row]]
    inside: Mapping[tuple[str, str], Sequence[tuple[str, _Row]]]
    """Letters and communes by district and province (the district empty: those without one), districts by ("*",
    province)."""

    def alike(self, name: str) -> Sequence[Place]:
        """Return the places whose names have the letters of a name but for their diacritics."""
        letters = name.lstrip("0") if name.isdigit() else squeeze(name)
        return [Place(*row) for row in self.by_letters.get(letters, ())]

    def near(self, name: str, parents: Iterable[tuple[str, str]]) -> Sequence[Place]:
        """Return the places within districts or provinces (as `inside` has them) that differ in one letter."""
        letters = squeeze(name)
        if len(letters) < _LEAST_LETTERS or not letters.isalpha():
            return []
        among = (one for parent in parents for one in self.inside.get(parent, ()))
        return [Place(*row) for others, row in among if distance(others, letters, 1) == 1]


def spelled(name: str) -> str:
    """Return a name in small letters, so that two are equal if they are spelled alike.

    Where the tone mark stands (`hòa`, `hoà`), which apostrophes and dashes are used, and a leading zero make no
    difference.
    """
    plain = _DASHES.sub(" - ", _APOSTROPHES.sub("'", nfc(name).lower())).lstrip("0")
    return " ".join("".join(strip_tone(word)) for word in plain.split())


def loosely(name: str) -> str:
    """Return the same, so that `Mĩ` and `Mỹ`, a lost blank, hyphen or apostrophe make no difference either."""
    words = [strip_tone(word) for word in _SIGNS.sub(" ", nfc(name).lower()).lstrip("0").split()]
    return "".join(_I.sub("i", bare) + tone for bare, tone in words)


def of_uplands(name: str) -> str:
    """Return the same, so that `Đắk`, `Đăk`, `Đắc` and `Đak` make no difference either: lists differ from papers."""
    words = ["đắk" if word in _DAK else word for word in _SIGNS.sub(" ", nfc(name).lower()).split()]
    return loosely(_OTHERWISE.get(" ".join(words), " ".join(words)))


@cache
def gazetteer() -> Gazetteer:
    """Return the places of the installed list; read once in a process.

    Raises:
        ConfigurationError: The list is not installed, or is not in the form that is known.
    """
    spec = find_spec(_PACKAGE)
    folders = list(spec.submodule_search_locations or ()) if spec else []
    if not folders:
        raise ConfigurationError(f"Chưa cài gói {_PACKAGE} (danh mục đơn vị hành chính); hãy cài đặt lại sohoa.")
    return load_gazetteer(Path(folders[0]) / "data" / "dataset.db")


def load_gazetteer(file: Path) -> Gazetteer:
    """Return the places of a list.

    Raises:
        ConfigurationError: It is not there, or is not in the form that is known.
    """
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            rows = database.execute(_ROWS).fetchall()
    except sqlite3.Error as e:
        raise ConfigurationError(f"Danh mục đơn vị hành chính bị sai: {e}; hãy cài đặt lại {_PACKAGE}.") from e
    return _indexed(rows)


def _indexed(rows: Iterable[tuple[str, str, str | None, str | None]]) -> Gazetteer:
    """Return the places of rows of province, district, commune and the commune's letters."""
    by_letters: dict[str, list[_Row]] = {}
    inside: dict[tuple[str, str], list[tuple[str, _Row]]] = {}
    for (province, district), own in groupby(rows, key=itemgetter(0, 1)):
        parent = _bare(district)
        if parent:
            place = (DISTRICT, parent, parent, province)
            by_letters.setdefault(squeeze(parent), []).append(place)
            inside.setdefault(("*", province), []).append((squeeze(parent), place))
        within = inside.setdefault((parent, province), [])
        for _, _, commune, letters in own:
            if commune:
                plain = letters is not None and letters.isascii() and letters.isalpha() and commune[-1] != ")"
                name = commune if plain else _bare(commune)
                key = letters if letters and plain else squeeze(name)  # where two are alike it keeps diacritics
                place = (COMMUNE, name, parent, province)
                by_letters.setdefault(key, []).append(place)
                within.append((key, place))
    for province in dict.fromkeys(province for _, province in inside):
        by_letters.setdefault(squeeze(province), []).append((PROVINCE, province, "", province))
    return Gazetteer(by_letters, inside)


def _bare(name: str) -> str:
    """Return a name of the list: of `Phường 12` and `Quận 1` the number alone, `Cao Lãnh (Huyện)` without its sort."""
    name = name.partition(" (")[0]
    return name.rpartition(" ")[2] if name[-1:].isdigit() and name.startswith(_NUMBERED) else name

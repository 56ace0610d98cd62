"""Diacritics put right from short closed lists: provinces in addresses, family names of people. Never in silence."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from domain.vietnamese import fold
from ocr.parsers.parsed import Parsed
from ocr.units import Units

_REST = 3
"""Letters that are taken for marks behind the name of a province."""
_PROVINCE = re.compile(r"(?<=\btỉnh )([^\W\d_]+(?: [^\W\d_]+)?)(?=$|,)", re.IGNORECASE)


def put_right(parsed: Parsed, form: str, units: Units) -> Parsed:
    """Return a value with a misread province or family name put right, marked so that a person looks at it."""
    if parsed.value is None:
        return parsed
    value = parsed.value
    if form in ("address", "agency"):
        value = _without_rest(value, units)
        value = _PROVINCE.sub(lambda m: _known(m.group(), (u.name for u in units.provinces)), value)
    elif form == "name":
        first, blank, rest = value.partition(" ")
        value = _cased(first, _known(first.capitalize(), (n.capitalize() for n in units.family_names))) + blank + rest
    return parsed if value == parsed.value else Parsed(value, "spelling_repaired")


def _without_rest(value: str, units: Units) -> str:
    """Return a value without the few letters that stand behind the province at its end: marks that were read."""
    names = {unit.name for unit in units.provinces}
    parts = value.split(", ")
    last = max((i for i, part in enumerate(parts) if i and part.removeprefix("tỉnh ") in names), default=len(parts))
    value = ", ".join(parts[: last + 1])
    for unit in units.provinces:
        head, found, rest = value.rpartition(f"tỉnh {unit.name}")
        if found and rest[:1] in (" ", ".") and len(rest) <= _REST and "," not in rest:
            return head + found
    return value


def _known(text: str, names: Iterable[str]) -> str:
    """Return the only known name with the same letters but for diacritics; else the text itself."""
    like = _by_letters(names).get(fold(text), set())
    return text if len(like) != 1 or text.lower() in {n.lower() for n in like} else next(iter(like))


def _by_letters(names: Iterable[str]) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for name in names:
        found[fold(name)].add(name)
    return found


def _cased(old: str, new: str) -> str:
    return new.upper() if old.isupper() else new if new.lower() != old.lower() else old

"""Places that a text names behind their unit words or as an address, held against the list of places.

What is said of a name depends on where it lies: a commune in the district that stands behind it, else in the districts
and provinces that the paper names.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib import resources

from domain.vietnamese import nfc
from ocr.lexicon.gazetteer import COMMUNE, DISTRICT, PROVINCE, Place, gazetteer, loosely, of_uplands, spelled
from ocr.lexicon.matching import distance
from ocr.lexicon.place_names import NEXT, NamedPlace, Standing, beginnings, chains, named_in, unmarked_in

_ANYWHERE = (PROVINCE, DISTRICT, COMMUNE)
_FOUND = frozenset({Standing.LISTED, Standing.RIVALED, Standing.KNOWN})


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The provinces and districts that a paper names, as far as they are listed."""

    provinces: frozenset[str] = frozenset()
    districts: frozenset[tuple[str, str]] = frozenset()
    """Names of districts and of their provinces."""

    def hold(self, place: Place) -> bool:
        """Return whether a place is, or lies in, one of them."""
        if place.level == COMMUNE and place.district and self.districts:
            return (place.district, place.province) in self.districts
        return place.province in self.provinces

    def parents(self, level: int) -> Iterable[tuple[str, str]]:
        """Return where the places of a level lie, as the gazetteer has it."""
        if level == DISTRICT:
            return [("*", province) for province in self.provinces]
        return [*self.districts, *(("", province) for province in self.provinces)]


def is_told(one: NamedPlace) -> bool:
    """Return whether a name is listed where the paper says, and nothing there differs in its diacritics or one letter.

    Of `Mong Thọ A`, `Xuân Quang 2` the list has the neighbors too: they are never told by it.
    """
    if one.standing is not Standing.LISTED or len(one.name.split()[-1]) == 1 or one.name[-1].isdigit():
        return False
    return not gazetteer().near(one.name, one.parents)


@lru_cache(maxsize=8)
def surroundings(lines: tuple[str, ...]) -> Surroundings:
    """Return the provinces and districts that the lines of a paper name."""
    found = [one for line in lines for one in named_in(line)]
    provinces = {place.province for one in found for place in _exact(one, PROVINCE)}
    districts = set()
    for one in found:
        places = [place for place in _exact(one, DISTRICT) if not provinces or place.province in provinces]
        if len(places) == 1:
            districts.add((places[0].district, places[0].province))
    return Surroundings(frozenset(provinces or {province for _, province in districts}), frozenset(districts))


def places_in(text: str, around: Surroundings, *, address: bool = False) -> tuple[NamedPlace, ...]:
    """Return the places that a text names, with what the list says of each.

    Args:
        text: A value, or a line of a page.
        around: What the paper names elsewhere.
        address: Whether the parts of the text between commas are places without unit words too.
    """
    named = named_in(text)
    if address and not any(one.levels[0] == PROVINCE for one in named):
        named = unmarked_in(text) or named
    judged: list[NamedPlace] = []
    for chain in chains(named, text):
        own = Surroundings()
        for one in reversed(chain):
            found, own = _judge(one, own, around)
            judged.append(found)
    return tuple(sorted(judged, key=lambda one: one.start))


def place_itself(text: str, around: Surroundings) -> NamedPlace:
    """Return what the list says of a text that is wholly the name of a place, of any level."""
    found, _ = _judge(
        NamedPlace(start=0, end=len(text), name=text, levels=_ANYWHERE, unit="", begin=0), Surroundings(), around
    )
    return found


def _exact(one: NamedPlace, level: int) -> list[Place]:
    """Return the places of a level whose spelling a name, or the beginning of it, has; the longest one counts."""
    if level not in one.levels:
        return []
    for _, name in beginnings(one.name):
        found = [p for p in gazetteer().alike(name) if p.level == level and spelled(p.name) == spelled(name)]
        if found:
            return found
    return []


def _judge(one: NamedPlace, own: Surroundings, around: Surroundings) -> tuple[NamedPlace, Surroundings]:
    """Return a name with its standing, and where what stands before it lies."""
    within = bool(own.provinces or own.districts)
    scope = own if within else around
    if one.levels == (PROVINCE,) or (PROVINCE in one.levels and _exact(one, PROVINCE)):
        return _judge_province(one, own)
    for end, name in beginnings(one.name):
        places = [place for place in gazetteer().alike(name) if _can_be(place, one, own)]
        if within and not any(scope.hold(place) or spelled(place.name) == spelled(name) for place in places):
            continue  # what only sounds like it elsewhere says nothing
        if not places:
            continue
        standing, chosen = _standing(name, places, scope, within=within)
        if standing is Standing.KNOWN and not within and not any(map(scope.hold, chosen)) and _near(one, around):
            standing = Standing.UNSURE  # there is one elsewhere, but one like it where the paper is at home
        if end < len(one.name) and " " not in name:
            continue  # one word says little
        found = replace(
            one,
            end=one.start + end,
            name=name,
            standing=standing,
            listed=chosen[0].name if len({spelled(place.name) for place in chosen}) == 1 else "",
            whole=end == len(one.name),
            within=within,
            parents=_parents(chosen),
            elsewhere=standing not in _FOUND and any(spelled(place.name) == spelled(name) for place in places),
        )
        return found, _scope_of(chosen, own)
    near = _near(one, scope)
    if near:
        same = loosely(near[0].name) == loosely(one.name)
        standing = Standing.KNOWN if same else Standing.NEAR
        return replace(one, standing=standing, listed=near[0].name, within=within), _scope_of(near, own)
    return replace(one, within=within), own


def _judge_province(one: NamedPlace, own: Surroundings) -> tuple[NamedPlace, Surroundings]:
    """Return a province as it is listed; those of other times are in a list of their own (`ocr.lexicon.units`)."""
    found = _exact(one, PROVINCE)
    if not found:
        like = [place for place in gazetteer().alike(one.name) if place.level == PROVINCE]
        return replace(one, standing=Standing.KNOWN), _scope_of(like, own)
    end = next(end for end, name in beginnings(one.name) if spelled(name) == spelled(found[0].name))
    listed = replace(one, end=one.start + end, name=one.name[:end], standing=Standing.LISTED, listed=found[0].name)
    return listed, _scope_of(found, own)


def _can_be(place: Place, one: NamedPlace, own: Surroundings) -> bool:
    """Return whether a place is of a level of a name; before a district stands no commune without one.

    And next to a province without a unit word stands no commune that has a district.
    """
    if place.level == COMMUNE and ((own.districts and not place.district) or (one.levels == NEXT and place.district)):
        return False
    return place.level in one.levels


def _standing(
    name: str, places: Sequence[Place], scope: Surroundings, *, within: bool
) -> tuple[Standing, Sequence[Place]]:
    """Return what the list says of a name, and the places that it can mean."""
    inside = [place for place in places if scope.hold(place)]
    exact = [place for place in inside if spelled(place.name) == spelled(name)]
    if exact:
        return (Standing.RIVALED if _rivals(name, inside) else Standing.LISTED), exact
    anywhere = [place for place in places if spelled(place.name) == spelled(name)]
    if inside:
        if any(loosely(place.name) == loosely(name) for place in inside):
            return Standing.KNOWN, [place for place in inside if loosely(place.name) == loosely(name)]
        if any(of_uplands(place.name) == of_uplands(name) for place in inside):
            return Standing.UNSURE, [place for place in inside if of_uplands(place.name) == of_uplands(name)]
        return (Standing.ALIKE if len(_spellings(inside)) == 1 else Standing.UNSURE), inside
    if anywhere:
        merged = [place for place in anywhere if _successors().get(place.province) in scope.provinces]
        return (Standing.ASTRAY if within and not merged else Standing.KNOWN), merged or anywhere
    if any(loosely(place.name) == loosely(name) for place in places):
        return Standing.KNOWN, places
    return Standing.UNSURE, places


@cache
def _successors() -> Mapping[str, str]:
    """Return the provinces that were merged into others, by name: people write old districts with new provinces."""
    text = resources.files("configs").joinpath("units", "provinces.toml").read_text("utf-8")
    return {one["name"]: one["successor"] for one in tomllib.loads(text)["province"] if "successor" in one}


def _rivals(name: str, places: Iterable[Place]) -> bool:
    """Return whether places with the letters of a name are spelled otherwise, and not only a little."""
    return any(loosely(place.name) != loosely(name) for place in places)


def _spellings(places: Iterable[Place]) -> set[str]:
    return {spelled(place.name) for place in places}


def _near(one: NamedPlace, scope: Surroundings) -> Sequence[Place]:
    """Return the places with one spelling that differ from a name in one letter or mark and lie in the scope."""
    parents = [parent for level in one.levels if level for parent in scope.parents(level)]
    near = [place for place in gazetteer().near(one.name, parents) if _differ_once(place.name, one.name)]
    return near if len(_spellings(near)) == 1 else []


def _differ_once(name: str, other: str) -> bool:
    return loosely(name) == loosely(other) or distance(nfc(name).lower(), nfc(other).lower(), 1) == 1


def _parents(places: Iterable[Place]) -> tuple[tuple[str, str], ...]:
    return tuple(("*" if p.level == DISTRICT else p.district, p.province) for p in places if p.level)


def _scope_of(places: Sequence[Place], own: Surroundings) -> Surroundings:
    """Return where the name before lies, if these are the places that the name behind it can mean."""
    if not places:
        return own
    provinces = frozenset(place.province for place in places)
    districts = frozenset((place.district, place.province) for place in places if place.level == DISTRICT)
    return Surroundings(provinces, districts)

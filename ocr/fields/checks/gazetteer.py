"""Districts and communes that are listed nowhere, or not where the paper says they lie."""

import re
from collections.abc import Sequence

from domain.models import Problem
from ocr.fields.checks.context import CheckContext, doubt
from ocr.fields.kinds import FieldRule
from ocr.lexicon.named_places import Surroundings, place_itself, places_in, surroundings
from ocr.lexicon.place_names import NamedPlace, Standing

_TOWN = re.compile(r"^(?:TP|Tp|T\.P)\.? ?(?=\w)|^[Tt]hành phố ")
"""Before the name of a city where a paper was issued: `TP. Hồ Chí Minh`."""
_DOUBTED = frozenset({Standing.ALIKE, Standing.NEAR, Standing.UNSURE})
_LOST = frozenset({Standing.ASTRAY, Standing.UNLISTED})


def places(context: CheckContext) -> list[Problem]:
    """Return a problem for each value with a place that is probably another one.

    That is one of which the list has only others that are like it; that has others like it there, unless two models
    read it alike; that is not listed in the district or province that stands behind it; or not at all.
    """
    around = surroundings(context.lines)
    problems = []
    for name, one in context.fields.items():
        rule = context.kind.rule(name)
        if not one.value or rule is None:
            continue
        agreed = name in context.agreed
        free = rule.form == "text" and rule.source != "place"
        odd = next((p.name for p in _named(one.value, rule, around) if _is_odd(p, agreed=agreed, free=free)), "")
        if odd:
            problems.append(doubt("place_doubtful", name, unit=odd))
    return problems


def _named(value: str, rule: FieldRule, around: Surroundings) -> Sequence[NamedPlace]:
    if rule.source == "place":
        return [place_itself(_TOWN.sub("", value), around)]
    of_place = rule.form in ("address", "agency", "text")
    return places_in(value, around, address=rule.form == "address") if of_place else []


def _is_odd(place: NamedPlace, *, agreed: bool, free: bool) -> bool:
    """Return whether a place is probably another one; in free text other words may follow its name."""
    rivaled = place.standing is Standing.RIVALED and not agreed
    unlisted = not free and (
        place.standing is Standing.UNLISTED or (place.standing is Standing.KNOWN and not place.whole)
    )
    return rivaled or unlisted or place.standing in _DOUBTED or (place.within and place.standing in _LOST)

"""Checks of the fields of a paper against one another and against what is known."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from domain.models import Field, Problem
from ocr.checks.identity import identity_flaws
from ocr.checks.tax_code import tax_code_holds
from ocr.kinds import Kind
from ocr.parsers.spoken import date_in_words, decimal_in_words
from ocr.units import Units


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckContext:
    """What the checks look at."""

    kind: Kind
    fields: Mapping[str, Field]
    spoken: Mapping[str, str]
    """What stands in words, by the name of the field that says the same in figures."""
    units: Units

    def value(self, name: str) -> str:
        """Return a field's value, empty where it has none."""
        one = self.fields.get(name)
        return (one.value or "") if one else ""


def run_checks(context: CheckContext) -> list[Problem]:
    """Return what the checks of the kind, and those of every kind, find."""
    names = ("identity", "words", "tax_code", "order_of_dates", *context.kind.checks)
    return [problem for name in dict.fromkeys(names) for problem in CHECKS[name](context)]


def _identity(context: CheckContext) -> list[Problem]:
    problems = []
    for name, one in context.fields.items():
        if not (name.endswith("_id") and one.value):
            continue
        person = name.removesuffix("_id")
        prefix = "" if person == "holder" else f"{person}_"
        flaws = identity_flaws(
            one.value,
            birth_date=context.value(f"{prefix}birth_date") or context.value(f"{prefix}birth_year"),
            sex=context.value(f"{prefix}sex"),
            prefixes=context.units.prefixes,
        )
        problems += [_doubt(flaw, name) for flaw in flaws]
    return problems


def _words(context: CheckContext) -> list[Problem]:
    """Return a problem for each value that its words contradict or that words could not be read for."""
    problems = []
    for name, words in context.spoken.items():
        value = context.value(name)
        if not value or not words:
            continue
        if re.match(r"\d{4}-", value):
            said = date_in_words(words)
        else:
            number = decimal_in_words(re.sub(r"(?i)\s*(đồng|mét vuông|m2|m²).*$", "", words))
            said = None if number is None else format(number.normalize(), "f")
        if said is not None and said != value:
            problems.append(_doubt("words_disagree", name, figures=value, words=said))
    return problems


def _tax_code(context: CheckContext) -> list[Problem]:
    names = ("tax_code", "business_code")
    return [_doubt("tax_code_digit", n) for n in names if context.value(n) and not tax_code_holds(context.value(n))]


def _order_of_dates(context: CheckContext) -> list[Problem]:
    """Return problems for dates that cannot follow one another."""
    problems = []
    issued = context.value("issue_date") or context.value("registration_date")
    for name in ("birth_date", "registration_date", "death_date"):
        value = context.value(name)
        if issued and value and value > issued[: len(value)]:
            problems.append(_doubt("dates_out_of_order", name))
    return problems


def _doubt(code: str, name: str, **values: str) -> Problem:
    return Problem(code=code, field_name=name, values=values, blocking=False)


def day_of(text: str) -> date | None:
    """Return a whole ISO date, None for a partial one."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


CHECKS: Mapping[str, Callable[[CheckContext], list[Problem]]] = MappingProxyType(
    {"identity": _identity, "words": _words, "tax_code": _tax_code, "order_of_dates": _order_of_dates}
)
"""Checks by the name that a kind gives."""

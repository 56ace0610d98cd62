"""Checks of the fields of a paper against one another and against what is known: the table of them."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from domain.models import Problem
from ocr.fields.checks import gazetteer, machine, papers, shape, spelling
from ocr.fields.checks.context import CheckContext, doubt
from ocr.fields.checks.identity import identity_flaws
from ocr.fields.checks.tax_code import tax_code_holds
from ocr.fields.parsers.spoken import said_in_words

_ALWAYS = (
    "identity",
    "words",
    "tax_code",
    "order_of_dates",
    "number_sign",
    "issuer_sign",
    "agency",
    "agency_name",
    "agency_in_time",
    "province",
    "places",
    "era",
    "marks",
    "names",
    "spelled_two_ways",
    "shape",
)
_SEX_OF = {"wife": "Nữ", "husband": "Nam", "mother": "Nữ", "father": "Nam"}


def run_checks(context: CheckContext) -> list[Problem]:
    """Return what the checks of every kind, and those that the kind names, find."""
    return [p for name in dict.fromkeys((*_ALWAYS, *context.kind.checks)) for p in CHECKS[name](context)]


def _identity(context: CheckContext) -> list[Problem]:
    problems = []
    names = [name for name in context.fields if name.endswith("_id")]
    names += [name for name in ("number",) if context.kind.roles.get("holder_id") == ("number",)]
    for name in names:
        person = name.removesuffix("_id") if name.endswith("_id") else "holder"
        prefix = "" if person == "holder" else f"{person}_"
        flaws = identity_flaws(
            context.value(name),
            birth_date=context.value(f"{prefix}birth_date") or context.value(f"{prefix}birth_year"),
            sex=context.value(f"{prefix}sex") or _SEX_OF.get(person, ""),
            prefixes=context.units.prefixes,
        )
        problems += [doubt(flaw, name) for flaw in flaws]
    return problems


def _words(context: CheckContext) -> list[Problem]:
    """Return a problem for each value that its words contradict; words that cannot be read say nothing."""
    problems = []
    for name, words in context.spoken.items():
        value = context.value(name)
        said = said_in_words(words, like=value) if value else None
        if said is not None and said != value:
            problems.append(doubt("words_disagree", name, figures=value, words=said))
    return problems


def _tax_code(context: CheckContext) -> list[Problem]:
    return [
        doubt("tax_code_digit", name)
        for name in ("tax_code", "business_code")
        if context.value(name) and not tax_code_holds(context.value(name))
    ]


def _business_number(context: CheckContext) -> list[Problem]:
    """Return a problem where the number of a household business has the form of a tax code and no right check digit."""
    value = context.value("number")
    looks = len(value.replace("-", "")) in (10, 13) and value.replace("-", "").isdigit()
    return [doubt("tax_code_digit", "number")] if looks and not tax_code_holds(value) else []


def _order_of_dates(context: CheckContext) -> list[Problem]:
    """Return problems for dates that lie after the paper's own."""
    issued = context.value("issue_date") or context.value("registration_date")
    names = [name for name in context.fields if name.endswith(("birth_date", "birth_year"))]
    return [
        doubt("dates_out_of_order", name)
        for name in (*names, "registration_date", "death_date")
        if issued and context.value(name) and context.value(name)[: len(issued)] > issued[: len(context.value(name))]
    ]


CHECKS: Mapping[str, Callable[[CheckContext], list[Problem]]] = MappingProxyType(
    {
        "identity": _identity,
        "words": _words,
        "tax_code": _tax_code,
        "business_number": _business_number,
        "order_of_dates": _order_of_dates,
        "number_sign": papers.number_sign,
        "issuer_sign": papers.issuer_sign,
        "agency": papers.agency,
        "agency_name": papers.agency_name,
        "agency_in_time": papers.agency_in_time,
        "province": papers.province,
        "places": gazetteer.places,
        "era": papers.era,
        "marks": papers.marks,
        "names": spelling.names,
        "spelled_two_ways": spelling.spelled_two_ways,
        "shape": shape.shape,
        "serial": papers.serial,
        "storeys": papers.storeys,
        "later_changes": papers.later_changes,
        "mrz": machine.machine_lines,
        "card_code": machine.card_code,
    }
)
"""Checks by the name that a kind gives."""

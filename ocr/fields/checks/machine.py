"""What is printed on an identity card against its machine-readable lines and its QR code."""

import re
from collections.abc import Mapping

from domain.models import Problem
from ocr.fields.checks.context import CheckContext, doubt
from ocr.lexicon.matching import squeeze
from ocr.symbols.card_code import read_card_code
from ocr.symbols.mrz import read_machine_lines, read_machine_name

_WRITTEN = ("holder_name", "residence")
_MARKS = re.compile(r"[,.;]+")


def machine_lines(context: CheckContext) -> list[Problem]:
    """Return problems where the machine-readable lines are unsound or say something else."""
    lines = read_machine_lines("\n".join(context.lines))
    name = read_machine_name("\n".join(context.lines))
    printed = squeeze(context.value("holder_name"))
    problems = (
        [doubt("mrz_disagrees", "holder_name", machine=name.upper())] if name and printed not in ("", name) else []
    )
    if lines is None:
        return problems
    if not lines.sound:
        return [*problems, doubt("mrz_digit", "number")]
    said = {"birth_date": lines.birth_date, "sex": lines.sex, "valid_until": lines.valid_until, "number": lines.number}
    return [*problems, *_compare(context, said, "mrz_disagrees")]


def card_code(context: CheckContext) -> list[Problem]:
    """Return problems where the card's QR code says something else."""
    problems: list[Problem] = []
    for text in context.codes:
        code = read_card_code(text)
        if code is not None:
            said = {"number": code.number, "holder_name": code.holder_name, "birth_date": code.birth_date}
            said |= {"sex": code.sex, "issue_date": code.issue_date, "residence": code.residence}
            problems += _compare(context, said, "card_code_disagrees")
    return problems


def said_by_machine(lines: tuple[str, ...], codes: tuple[str, ...]) -> Mapping[str, str]:
    """Return what sound machine-readable lines and card codes say, by field: they carry check digits."""
    said: dict[str, str] = {}
    found = read_machine_lines("\n".join(lines))
    if found is not None and found.sound:
        said |= {"number": found.number, "birth_date": found.birth_date, "sex": found.sex}
        said |= {"valid_until": found.valid_until}
    for code in filter(None, map(read_card_code, codes)):
        said |= {"number": code.number, "birth_date": code.birth_date, "sex": code.sex, "issue_date": code.issue_date}
        said |= {"holder_name": code.holder_name, "residence": code.residence}
    return said


def same_value(name: str, printed: str, machine: str) -> bool:
    """Return whether print and code say the same: names and places letter by letter, but for capitals and commas."""
    if name in _WRITTEN:
        return _plain(printed) == _plain(machine)
    return printed == machine


def _plain(text: str) -> str:
    return " ".join(_MARKS.sub(" ", text).upper().split())


def _compare(context: CheckContext, said: Mapping[str, str], code: str) -> list[Problem]:
    problems = []
    for name, machine in said.items():
        printed = context.value(name)
        if machine and printed and not same_value(name, printed, machine):
            problems.append(doubt(code, name, machine=machine))
    return problems

"""The machine-readable zone of a sample identity card (TD1, ICAO 9303), with its check digits."""

from datetime import date

from domain.vietnamese import fold
from ocr.symbols.mrz import check_digit

_LENGTH = 30


def make_mrz(number: str, *, birth_date: date, sex: str, expires: date, name: str) -> tuple[str, str, str]:
    """Return the three lines of the zone of a card."""
    short = number[-9:]
    first = f"IDVNM{short}{check_digit(short)}{number}<<{check_digit(number)}"
    born, ends = birth_date.strftime("%y%m%d"), expires.strftime("%y%m%d")
    letter = "M" if sex == "Nam" else "F"
    second = f"{born}{check_digit(born)}{letter}{ends}{check_digit(ends)}VNM" + "<" * 11
    covered = first[5:30] + second[:7] + second[8:15] + second[18:29]
    family, *given = fold(name).upper().split()
    third = f"{family}<<{'<'.join(given)}"[:_LENGTH].ljust(_LENGTH, "<")
    return first, f"{second}{check_digit(covered)}", third

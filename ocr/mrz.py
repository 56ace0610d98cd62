"""The machine-readable zone of an identity card (TD1, ICAO 9303), with its check digits."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from domain.vietnamese import fold

_LENGTH = 30
_TO_DIGITS = str.maketrans("OQDUILZSBGAT", "000011258647")
_TO_LETTERS = str.maketrans("01258", "OIZSB")
_FILLERS = re.compile(r"[«‹<＜〈{(\[]|(?<=<)[KEC](?=<)")
_WEIGHTS = (7, 3, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mrz:
    """What the machine-readable zone says."""

    number: str
    """Twelve digits."""
    birth_date: date | None
    sex: str
    """`Nam`, `Nữ`, or empty where it is left open."""
    expires: date | None
    """None for a card that does not expire, or where the zone has no such day."""
    name: str
    """In capitals without diacritics, family name first."""
    failed_checks: tuple[str, ...] = ()
    """Of `number`, `card_number`, `birth_date`, `expires` and `whole`: whose check digit does not fit."""

    @property
    def sound(self) -> bool:
        """Whether every check digit fits."""
        return not self.failed_checks


def read_mrz(lines: Sequence[str]) -> Mrz | None:
    """Return the zone among the lines of a page; None if there is none.

    A letter in a place for digits is taken for the digit it looks like, and the other way round; the check digits
    say whether that was right.
    """
    rows = [_row(line) for line in lines]
    for i in range(len(rows) - 2):
        first, second, third = rows[i : i + 3]
        if first.startswith(("IDVNM", "1DVNM", "IOVNM", "IDVHM")) and _looks_like_second(second) and third:
            return _parse(first, second, third)
    return None


def make_mrz(number: str, *, birth_date: date, sex: str, expires: date, name: str) -> tuple[str, str, str]:
    """Return the three lines of the zone of a card."""
    short = number[-9:]
    first = f"IDVNM{short}{check_digit(short)}{number}<<{check_digit(number)}"
    born, ends = birth_date.strftime("%y%m%d"), expires.strftime("%y%m%d")
    second = f"{born}{check_digit(born)}{'M' if sex == 'Nam' else 'F'}{ends}{check_digit(ends)}VNM" + "<" * 11
    family, *given = fold(name).upper().split()
    third = f"{family}<<{'<'.join(given)}"[:_LENGTH].ljust(_LENGTH, "<")
    return first, second + check_digit(_covered(first, second)), third


def check_digit(text: str) -> str:
    """Return the check digit of a text: weights 7, 3 and 1, letters from A = 10, fillers 0."""
    total = sum(_value(letter) * _WEIGHTS[i % 3] for i, letter in enumerate(text))
    return str(total % 10)


def _value(letter: str) -> int:
    if letter.isdigit():
        return int(letter)
    return ord(letter) - 55 if "A" <= letter <= "Z" else 0


def _row(line: str) -> str:
    """Return a line as one of the zone would be: capitals, digits and fillers; empty where it cannot be one."""
    text = _FILLERS.sub("<", re.sub(r"\s+", "", line.upper()))
    if not re.fullmatch(r"[0-9A-Z<]{24,34}", text):
        return ""
    return text[:_LENGTH].ljust(_LENGTH, "<")


def _looks_like_second(row: str) -> bool:
    digits = sum(letter.isdigit() for letter in row[:15])
    return digits >= 9 and "<<<" in row


def _parse(first: str, second: str, third: str) -> Mrz:
    short, short_check = first[5:14].translate(_TO_DIGITS), first[14].translate(_TO_DIGITS)
    number, number_check = first[15:27].translate(_TO_DIGITS), first[29].translate(_TO_DIGITS)
    born, born_check = second[:6].translate(_TO_DIGITS), second[6].translate(_TO_DIGITS)
    ends, ends_check = second[8:14].translate(_TO_DIGITS), second[14].translate(_TO_DIGITS)
    clean_first = f"IDVNM{short}{short_check}{number}<<{number_check}"
    clean_second = f"{born}{born_check}{second[7]}{ends}{ends_check}VNM" + "<" * 11
    whole = second[29].translate(_TO_DIGITS)
    checks = {
        "number": check_digit(number) == number_check,
        "card_number": check_digit(short) == short_check and number.endswith(short),
        "birth_date": check_digit(born) == born_check,
        "expires": check_digit(ends) == ends_check,
        "whole": check_digit(_covered(clean_first, clean_second)) == whole,
    }
    birth_date = _birth_date(born, number)
    return Mrz(
        number=number,
        birth_date=birth_date,
        sex={"M": "Nam", "F": "Nữ"}.get(second[7], ""),
        expires=None if ends.startswith("99") else _day(2000, ends),
        name=" ".join(_words(third)),
        failed_checks=tuple(name for name, holds in checks.items() if not holds),
    )


def _covered(first: str, second: str) -> str:
    """Return what the last check digit is about (ICAO 9303-5, 4.2.4)."""
    return first[5:30] + second[:7] + second[8:15] + second[18:29]


def _words(row: str) -> Iterator[str]:
    for part in row.translate(_TO_LETTERS).split("<"):
        if part:
            yield part


def _birth_date(text: str, number: str) -> date | None:
    """Return the birthday, in the century that the personal number says."""
    century = 1900 + 100 * (int(number[3]) // 2) if number[3:4].isdigit() else 1900
    return _day(century, text)


def _day(century: int, text: str) -> date | None:
    if not text.isdigit():
        return None
    try:
        return date(century + int(text[:2]), int(text[2:4]), int(text[4:]))
    except ValueError:
        return None

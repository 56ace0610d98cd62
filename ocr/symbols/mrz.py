"""The machine-readable lines of Vietnamese identity cards (ICAO 9303, TD1: 3 lines of 30 characters)."""

import re
from dataclasses import dataclass

_WIDTH = 30
_WEIGHTS = (7, 3, 1)
_FIRST = re.compile(r"[I1lT]DVNM[0-9OIl<]{10}[0-9OIl]{12}<{1,2}[0-9OIl]?")
_SECOND = re.compile(r"[0-9OIl]{7}[MF<][0-9OIl]{7}VNM<*[0-9OIl]?")
_THIRD = re.compile(r"([A-Z]+<<[A-Z]+(?:<[A-Z]+)*)<{2,}")
_LETTERS_AS_DIGITS = str.maketrans("OIlSB", "01158")


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineLines:
    """What the lines say."""

    number: str
    """Twelve digits."""
    birth_date: str
    """ISO; the century is that of the number."""
    sex: str
    """`Nam` or `Nữ`, empty where the card does not say."""
    valid_until: str
    """ISO, empty for a card without end."""
    sound: bool
    """Whether every check digit is right."""


def check_digit(text: str) -> int:
    """Return the check digit of digits, letters and `<` (weights 7, 3, 1)."""
    values = (0 if c == "<" else int(c, 36) for c in text)
    return sum(value * _WEIGHTS[i % 3] for i, value in enumerate(values)) % 10


def read_machine_lines(text: str) -> MachineLines | None:
    """Return the machine-readable lines in a text, None where there are none."""
    rows = [re.sub(r"\s", "", row).replace("«", "<<").replace("‹", "<") for row in text.split("\n")]
    first = next((row for row in rows if _FIRST.match(row)), None)
    second = next((row for row in rows if _SECOND.match(row)), None)
    if first is None or second is None:
        return None
    return parse_machine_lines(_padded(first), _padded(second))


def read_machine_name(text: str) -> str:
    """Return the letters of the holder's name in the third line, in small letters; empty where it was not read."""
    rows = (re.sub(r"\s", "", row) for row in text.split("\n"))
    return next(("".join(found[1].split("<")).lower() for row in rows if (found := _THIRD.fullmatch(row))), "")


def parse_machine_lines(first: str, second: str) -> MachineLines:
    """Return what the first two lines of 30 characters say."""
    first = "IDVNM" + first[5:].translate(_LETTERS_AS_DIGITS)
    second = (
        second[:7].translate(_LETTERS_AS_DIGITS) + second[7] + second[8:15].translate(_LETTERS_AS_DIGITS) + second[15:]
    )
    number, birth, expiry = first[15:27], second[0:6], second[8:14]
    composite = first[5:30] + second[0:7] + second[8:15] + second[18:29]
    checks = (
        (first[5:14], first[14]),
        (number, first[29]),
        (birth, second[6]),
        (expiry, second[14]),
        (composite, second[29].translate(_LETTERS_AS_DIGITS)),
    )
    century = 19 + int(number[3]) // 2 if number[3].isdigit() else 19
    return MachineLines(
        number=number,
        birth_date=f"{century}{birth[:2]}-{birth[2:4]}-{birth[4:6]}",
        sex={"M": "Nam", "F": "Nữ"}.get(second[7], ""),
        valid_until="" if expiry.startswith("9912") or "<" in expiry else f"20{expiry[:2]}-{expiry[2:4]}-{expiry[4:6]}",
        sound=all(digit == str(check_digit(part)) for part, digit in checks) and first[5:14] == number[3:],
    )


def _padded(row: str) -> str:
    """Return a row with 30 characters: fillers that were lost or added stand before its last character."""
    if len(row) == _WIDTH:
        return row
    head, last = (row[:-1], row[-1]) if row[-1:].isdigit() or row[-1:] in "OIl" else (row, "<")
    return head.rstrip("<").ljust(_WIDTH - 1, "<")[: _WIDTH - 1] + last

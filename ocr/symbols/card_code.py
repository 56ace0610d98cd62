"""The QR code of chip cards: number, old number, name, birth date, sex, residence, date of issue, parted by bars."""

import re
from dataclasses import dataclass

_PARTS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class CardCode:
    """What the code of an identity card says."""

    number: str
    old_number: str
    """Nine digits, empty where there was none."""
    holder_name: str
    birth_date: str
    """ISO."""
    sex: str
    residence: str
    issue_date: str
    """ISO."""


def read_card_code(text: str) -> CardCode | None:
    """Return what the text of a code says, None where it is no card's; parts after the seventh are left aside."""
    parts = [part.strip() for part in text.split("|")]
    if len(parts) < _PARTS or not re.fullmatch(r"\d{12}", parts[0]) or not re.fullmatch(r"(\d{9})?", parts[1]):
        return None
    born, issued = _iso(parts[3]), _iso(parts[6])
    if not born or not parts[2]:
        return None
    return CardCode(
        number=parts[0],
        old_number=parts[1],
        holder_name=parts[2],
        birth_date=born,
        sex=parts[4],
        residence=parts[5],
        issue_date=issued,
    )


def _iso(text: str) -> str:
    found = re.fullmatch(r"(\d{2})(\d{2})(\d{4})", text)
    return f"{found[3]}-{found[2]}-{found[1]}" if found else ""

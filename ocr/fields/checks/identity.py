"""Personal identity numbers against province, sex and year of birth (NĐ 137/2015 Art. 13, TT 07/2016/TT-BCA Art. 7)."""

from collections.abc import Mapping

from ocr.fields.parsers.names import SEXES


def identity_flaws(number: str, *, birth_date: str, sex: str, prefixes: Mapping[str, str]) -> tuple[str, ...]:
    """Return codes of what does not fit in a number of 12 digits; an old one of 9 has nothing to check.

    Args:
        number: Digits, joined.
        birth_date: ISO, possibly partial; empty where not known.
        sex: As printed; empty where not known.
        prefixes: Provinces by the first three digits.
    """
    if len(number) != 12 or not number.isdigit():
        return ()
    century = 19 + int(number[3]) // 2
    flaws = []
    if number[:3] not in prefixes:
        flaws.append("identity_province")
    if sex in SEXES and SEXES.index(sex) != int(number[3]) % 2:
        flaws.append("identity_sex")
    if birth_date[:4].isdigit() and birth_date[:4] != f"{century}{number[4:6]}":
        flaws.append("identity_year")
    return tuple(flaws)

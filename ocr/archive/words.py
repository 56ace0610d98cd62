"""Numbers and dates in Vietnamese words, as statements write them out."""

from datetime import date

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_SCALES = ("", "nghìn", "triệu", "tỷ")


def number_in_words(value: int) -> str:
    """Return a number from 0 to 999,999,999,999 in words, e.g. 21 as `hai mươi mốt`."""
    if not 0 <= value < 10**12:
        raise ValueError(f"{value} is out of range")
    if value == 0:
        return _DIGITS[0]
    groups = []
    while value:
        value, group = divmod(value, 1000)
        groups.append(group)
    parts = []
    for scale in range(len(groups) - 1, -1, -1):
        if groups[scale]:
            spoken = _below_thousand(groups[scale], full=scale < len(groups) - 1)
            parts.append(f"{spoken} {_SCALES[scale]}".strip())
    return " ".join(parts)


def date_in_words(day: date) -> str:
    """Return a date in words, e.g. `ngày mùng năm tháng tư năm hai nghìn không trăm hai mươi sáu`."""
    days = f"mùng {number_in_words(day.day)}" if day.day <= 10 else number_in_words(day.day)
    months = {1: "một", 4: "tư"}.get(day.month, number_in_words(day.month))
    return f"ngày {days} tháng {months} năm {number_in_words(day.year)}"


def _below_thousand(value: int, *, full: bool) -> str:
    """The words of a group of three digits; `full` says also its leading zeros."""
    hundreds, rest = divmod(value, 100)
    tens, ones = divmod(rest, 10)
    parts = []
    if hundreds or full:
        parts.append(f"{_DIGITS[hundreds]} trăm")
    if tens == 0 and ones and parts:
        parts.append("linh")
    elif tens == 1:
        parts.append("mười")
    elif tens > 1:
        parts.append(f"{_DIGITS[tens]} mươi")
    if ones:
        parts.append(_ones(ones, after_tens=tens))
    return " ".join(parts)


def _ones(ones: int, *, after_tens: int) -> str:
    if ones == 1 and after_tens > 1:
        return "mốt"
    if ones == 4 and after_tens > 1:
        return "tư"
    if ones == 5 and after_tens > 0:
        return "lăm"
    return _DIGITS[ones]

"""Numbers and dates written out in Vietnamese, as forms ask for them."""

from datetime import date

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_SCALES = ("", "nghìn", "triệu", "tỷ")


def number_words(number: int) -> str:
    """Return a number from 0 to 999,999,999,999 in words."""
    if number == 0:
        return _DIGITS[0]
    groups = []
    while number:
        number, group = divmod(number, 1000)
        groups.append(group)
    parts = []
    for place in range(len(groups) - 1, -1, -1):
        if groups[place]:
            parts.append(_group_words(groups[place], full=place < len(groups) - 1))
            parts.append(_SCALES[place])
    return " ".join(part for part in parts if part)


def _group_words(group: int, *, full: bool) -> str:
    hundreds, rest = divmod(group, 100)
    tens, ones = divmod(rest, 10)
    words = [_DIGITS[hundreds], "trăm"] if hundreds or full else []
    if tens == 0 and ones:
        return " ".join([*words, *(["lẻ"] if words else []), _DIGITS[ones]])
    if tens == 1:
        words.append("mười")
    elif tens:
        words += [_DIGITS[tens], "mươi"]
    if ones:
        words.append(
            {1: "mốt", 5: "lăm"}.get(ones, _DIGITS[ones]) if tens > 1 else "lăm" if ones == 5 else _DIGITS[ones]
        )
    return " ".join(words)


def date_words(day: date) -> str:
    """Return a date as forms have it: `Ngày năm, tháng một, năm hai nghìn không trăm hai mươi ba`."""
    return f"Ngày {number_words(day.day)}, tháng {month_words(day.month)}, năm {number_words(day.year)}"


def month_words(month: int) -> str:
    """Return a month in words; the fourth is `tư`."""
    return "tư" if month == 4 else number_words(month)


def date_figures(day: date) -> str:
    """Return a date as forms have it in figures: dd/mm/yyyy."""
    return day.strftime("%d/%m/%Y")


def letter_date(day: date) -> str:
    """Return a date as letterheads have it (NĐ 30/2020): a leading zero for days under 10 and for months 1 and 2."""
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"

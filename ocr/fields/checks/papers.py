"""Numbers, serials, agencies, generations of forms and marks: what the forms of papers demand."""

import re
from collections.abc import Collection
from datetime import date

from domain.models import Problem
from domain.vietnamese import fold
from ocr.fields.checks.context import CheckContext, day_of, doubt
from ocr.fields.kinds import Era, Kind
from ocr.lexicon.matching import Phrase, find, phrase, runs, searchable, squeeze

_PROVINCE = re.compile(r"\btỉnh (?!ủy |uỷ |đoàn )([^\W\d_][^,;\d]*)", re.IGNORECASE)
_TOWN = re.compile(r"^(?:Ủy ban|Hội đồng) nhân dân thành phố ([^\W\d_][^,;\d]*)", re.IGNORECASE)
_OF_UNIT = re.compile(r"(?:[UỦ][yỷ] ban|Hội đồng) nhân dân\W+", re.IGNORECASE)
_UNIT = re.compile(
    r"(?:(?:tỉnh|thành phố|quận|huyện|thị xã|xã|phường|thị trấn|đặc khu)\b|(?:TP|TX|TT|[QHXP])\b\.?)\W*\w",
    re.IGNORECASE,
)
_DISTRICT = "Ủy ban nhân dân huyện"
_SECRET = frozenset({"MẬT", "TỐI MẬT", "TUYỆT MẬT"})
_NO_COPY = "không được sao chụp"
_REGISTER_COPY = "BS"
"""Sign in the numbers of copies from the register, which are originals themselves."""
_SIGN = re.compile(r"[A-ZĐ][A-Za-zĐđ&]+[0-9]*")
_LETTER = "CV"
"""Sign of official letters of the Party, and of old ones."""
_COMMITTEE_OF = "BB"
"""Minutes bear the signs of councils and committees that stand under no letterhead of their own."""
_COURT = "toaan"
_CASES = frozenset({"DS", "HNGĐ", "KDTM", "LĐ", "HC", "HS", "HSST", "HSPT"})
"""Sorts of cases in the numbers of courts (`145/2019/QĐST-DS`), which bear no sign of the court itself."""
_VOWELS = frozenset("aeiouy")
_LETTERS_ALONE = frozenset("aby")
"""Of names of agencies: `Y TẾ`, `TÂN LẬP A`; others are marks before them."""
_SHORT_FORMS = frozenset({"ubnd", "ub", "ubmttq", "xhcn"})
_MEASURED = re.compile(r"\W*(\d{1,4}(?:[.,]\d{1,2})?)(?!\d)")
_COUNTED = re.compile(r"\d{1,2}")
_LOWEST_STOREY, _HIGHEST_STOREY = 1.5, 25.0
"""Metres of height for each storey, those of halls and of houses with a mezzanine or a roof counted in."""
_OF_PARENT = frozenset({"thanhtra", "vanphong"})
_COPY = re.compile(r"\W*(?:BẢN|BÁN) (?:SAO|PHOTO)\W*")


def number_sign(context: CheckContext) -> list[Problem]:
    """Return a problem where no sign of the kind stands in the number."""
    value, signs = context.value("number"), context.kind.number_signs
    if not value or not signs or set(re.split(r"[/\-]", value)) & set(signs):
        return []
    return [doubt("number_sign_unusual", "number", expected=", ".join(signs))]


def issuer_sign(context: CheckContext) -> list[Problem]:
    """Return problems where no part of the number's sign stands for the issuer (NĐ 30/2020: `QĐ-SNV` of a `SỞ NỘI VỤ`).

    Then a line of the letterhead was lost, and what stands over the issuer was taken for it, or the sign was misread.
    """
    number, issuer = context.value("number"), context.value("issuer")
    if context.kind.rule("subject") is None or not number or not issuer:
        return []
    signs = [sign for sign in re.split(r"[/\-.]", number) if _SIGN.fullmatch(sign)]
    own = signs[1:] if signs and signs[0] in (*context.kind.number_signs, _LETTER) else signs
    own = [sign for sign in own if sign not in _CASES] if squeeze(issuer).startswith(_COURT) else own
    own = own[:1] if context.kind.recognition.untitled else own  # behind it stands who drew the letter up
    initials = _initials(f"{issuer} {context.value('issuer_parent')}")
    if not own or _COMMITTEE_OF in context.kind.number_signs or any(_within(_letters(s), initials) for s in own):
        return []
    return [doubt("issuer_sign_unusual", name, sign="-".join(own)) for name in ("issuer", "number")]


def _initials(name: str) -> str:
    """Return the first letters of the words of a name, of short forms (`UBND`, `THPT`) all letters."""
    found = re.findall(r"[^\W\d_]+", fold(name))
    words = [word for word in found if len(word) > 1 or word in _LETTERS_ALONE]
    return "".join(word[0] if set(word) & _VOWELS and word not in _SHORT_FORMS else word for word in words)


def _letters(sign: str) -> str:
    return fold("".join(char for char in sign if char.isupper()))


def _within(sign: str, initials: str) -> bool:
    """Return whether the letters of a sign stand among others in their order."""
    rest = iter(initials)
    return all(letter in rest for letter in sign)


def serial(context: CheckContext) -> list[Problem]:
    """Return a problem where the serial and the number in the register may have been swapped."""
    number, register = context.value("number"), context.value("register_number")
    if number and ("/" in number or number == register):
        return [doubt("numbers_swapped", "number"), doubt("numbers_swapped", "register_number")]
    return []


def storeys(context: CheckContext) -> list[Problem]:
    """Return problems where no building has storeys of such a height: a comma or a figure was lost."""
    height, floors = _MEASURED.match(context.value("height")), _COUNTED.search(context.value("floors"))
    if height is None or floors is None:
        return []
    each = float(height[1].replace(",", ".")) / max(int(floors[0]), 1)
    if _LOWEST_STOREY <= each <= _HIGHEST_STOREY:
        return []
    return [doubt("storeys_unusual", name, height=height[1]) for name in ("height", "floors")]


def later_changes(context: CheckContext) -> list[Problem]:
    """Return a problem where changes after issue are noted: the holder may be another one now."""
    return [doubt("later_changes", "holder_name")] if context.value("later_changes") else []


def province(context: CheckContext) -> list[Problem]:
    """Return a problem where the issuer's province is not known, or did not exist on the date of the paper."""
    day = day_of(context.value("issue_date") or context.value("registration_date"))
    problems = []
    for name in ("issuer", "issuer_parent", "registration_place"):
        found = _PROVINCE.search(context.value(name))
        if found is None:
            continue
        units = context.units.named(found[1].strip())
        if not units:
            problems.append(doubt("unit_unlisted", name, unit=found[1].strip()))
        elif day and not any(unit.holds(day) for unit in units):
            problems.append(doubt("unit_out_of_time", name, unit=found[1].strip()))
    return problems


def agency(context: CheckContext) -> list[Problem]:
    """Return a problem where the issuer's name begins with no known agency's."""
    return [
        doubt("agency_unlisted", name)
        for name in ("issuer", "issuer_parent")
        if context.value(name) and not context.value(name).lower().startswith(context.units.agencies)
    ]


def agency_name(context: CheckContext) -> list[Problem]:
    """Return a problem for each agency of which only the type was read, or a committee or council of no unit."""
    rules = ((name, context.kind.rule(name)) for name in context.fields)
    names = [name for name, rule in rules if rule is not None and rule.form == "agency" and context.value(name)]
    lacking = [name for name in names if _lacks_name(context.value(name), context.units.agency_types)]
    return [doubt("part_lost", name) for name in lacking if not _named_above(context, name)]


def _named_above(context: CheckContext, name: str) -> bool:
    """Return whether the line above says of whom an issuer is: `UBND HUYỆN CỜ ĐỎ`, `THANH TRA`."""
    return name == "issuer" and squeeze(context.value(name)) in _OF_PARENT and bool(context.value("issuer_parent"))


def _lacks_name(agency: str, types: Collection[str]) -> bool:
    found = _OF_UNIT.match(agency)
    return squeeze(agency) in types or (found is not None and _UNIT.match(agency, found.end()) is None)


def agency_in_time(context: CheckContext) -> list[Problem]:
    """Return a problem where an issuer was not there on the day of the paper: before it was set up, or abolished."""
    day = day_of(context.value("issue_date"))
    names = [name for name in ("issuer", "issuer_parent") if context.value(name)]
    return [
        doubt("agency_out_of_time", name, agency=context.value(name))
        for name in names
        if day and not (context.units.was_there(context.value(name), day) and _town_there(context, name, day))
    ]


def _town_there(context: CheckContext, name: str, day: date) -> bool:
    """Return whether a city that issues is a province, or there were towns under provinces on that day."""
    town = _TOWN.search(context.value(name))
    province = town is not None and bool(context.units.named(town[1].strip()))
    return town is None or province or context.units.was_there(_DISTRICT, day)


def era(context: CheckContext) -> list[Problem]:
    """Return problems where date or number are not those of the form that the marks of the paper show."""
    name = "issue_date" if context.value("issue_date") else "registration_date"
    day, number = day_of(context.value(name)), context.value("number")
    seen = eras_seen(context.kind, context.lines)
    if seen and number and not any(not e.number or re.fullmatch(e.number, number) for e in seen):
        return [doubt("form_unusual", "number")]
    if day is None or not seen:
        return []
    fits = any((e.first is None or e.first <= day) and (e.last is None or day <= e.last) for e in seen)
    return [] if fits else [doubt("era_unusual", name, era=seen[0].name)]


def eras_seen(kind: Kind, lines: tuple[str, ...]) -> list[Era]:
    """Return the generations of the form of which a mark stands on the paper."""
    return [e for e in kind.eras if any(_stands(phrase(mark), lines) for mark in e.marks)]


def marks(context: CheckContext) -> list[Problem]:
    """Return problems for marks that forbid or hinder certification: secrecy, `không được sao chụp`, `BẢN SAO`."""
    problems = []
    secret = any(line.strip(" .:*-") in _SECRET for line in context.lines)
    if secret or _stands(phrase(_NO_COPY), context.lines):
        problems.append(Problem(code="secret_mark"))
    of_the_register = _REGISTER_COPY in re.split(r"[/\-]", context.value("number"))
    if not of_the_register and any(_COPY.fullmatch(line) for line in context.lines):
        problems.append(Problem(code="copy_mark", blocking=False))
    return problems


def _stands(wanted: Phrase, lines: tuple[str, ...]) -> bool:
    return any(find(wanted, searchable([run for run, _ in runs(line)])) for line in lines if len(squeeze(line)) > 2)

"""The stamps of incoming mail that an office puts on the papers it receives (NĐ 30/2020, Annex IV).

`ĐẾN`, its own number and day, to whom the paper goes: none of it belongs to the paper. The form is printed, its blanks
are filled in by hand, and all of it often lies over the letterhead.
"""

import re
from collections.abc import Sequence

from ocr.fields.lines import Line
from ocr.lexicon.matching import squeeze

_NAMES = ("congvanden", "vanbanden")
"""In a line of their own, in capitals."""
_HEAD = 0.45
"""Of the page's height: such stamps stand above it."""
_WIDE, _LEFT, _ABOVE, _BELOW = 0.30, 0.17, 0.05, 0.10
"""Of the page's width and height: how far a stamp reaches right of `ĐẾN`, left of it (`CÔNG VĂN ĐẾN`), above, below."""
_INDENT = 0.03
"""Of the page's width: a number stands no further left of `ĐẾN`."""
_BESIDE = 0.04
"""Of the page's height: number, hour and day stand no further above or below the middle of `ĐẾN`."""
_JUNK = 4
"""Letters that may be read behind `ĐẾN` where the stamp was filled in."""
_LABELS = re.compile(
    r"(?P<number>s[oốôóồỗ]\s*[:.](?!\s*\d*\s*/))|(?P<day>ng[aàáâ]y\s*[:.\d])|(?P<hour>gi[oờơở]\b)"
    r"|(?P<to>(?:k[ií]nh )?chuy[eểê]n\b)|(?P<file>l[uư]u h[oồôổ] s[oơ])|(?P<sign>s[oố] v[aà] k[yý] hi[eệ]u)",
    re.IGNORECASE,
)
_OWN = re.compile(
    r"/\s*(?:[0-9]{4}\s*/\s*)?[A-ZĐ]{2}|th[aáàảãạâ]ng\b.*n[aăâ]m\b|^\W*v\s*/\s*v|^\W*k[ií]nh g[uử]i", re.IGNORECASE
)
"""A number with its sign, a date in words, a subject, an addressee: what no such stamp has."""
_UPPER = ("number", "day", "hour")
"""Labels beside `ĐẾN`; the others stand below it."""
_LAST = ("file",)
_ARRIVED = re.compile(r"(?<!\w)[ĐD][EÊẾÉỀÈỂẺ]N(?!\w)")
"""`ĐẾN` in capitals, whatever was read of its marks."""
_MARKS = " .:;,|_-'\"“”„"
_COUNTRY = ("conghoaxahoi", "doclaptudo", "dangcongsan")
_FEWEST = 2
"""Labels of a stamp that must stand together."""


def mail_stamps(lines: Sequence[Line]) -> list[tuple[int, Line]]:
    """Return the parts of lines that stand on stamps of incoming mail, each with the index of its line.

    A stamp is told by `ĐẾN` at the head of a page, or by its last line, and two of its labels close by, in the order of
    its form. What can be the paper's own, a number with a sign or a date in words, is never among them.
    """
    found: dict[int, tuple[int, Line]] = {}
    parts = [(i, part) for i, line in enumerate(lines) if line.page == lines[0].page for part in line.parts]
    for index, anchor in parts:
        if not _is_anchor(anchor):
            continue
        near = [(number, part) for number, part in parts if _is_near(part, anchor)]
        labels = _labels((index, anchor), near)
        if len(labels) < _FEWEST:
            continue
        low = max(part.box.y1 for _, part in labels.values())
        left = min(anchor.box.x0, *(part.box.x0 for _, part in labels.values())) - _INDENT
        inside = [(n, p) for n, p in near if p.box.x0 > left and anchor.box.y0 <= _middle(p) <= low and not _is_own(p)]
        found |= {id(part): (number, part) for number, part in [(index, anchor), *labels.values(), *inside]}
    return list(found.values())


def _is_anchor(part: Line) -> bool:
    """Return whether a part is `ĐẾN` in capitals, with no more than the first blank of the form behind it.

    Or the last line of the form, which nothing else has.
    """
    if part.box.y0 > _HEAD or part.box.x1 - part.box.x0 > _WIDE:
        return False
    letters = [piece for piece in part.pieces if any(c.isalpha() for c in piece.text)]
    if not letters or not part.pieces:
        return False
    if squeeze(part.text) in _NAMES:
        return part.capital
    rest = _behind_arrived(part.text)
    junk = sum(c.isalnum() for c in rest) <= _JUNK
    arrived = _ARRIVED.fullmatch(letters[0].text.strip(_MARKS)) is not None and (junk or bool(_label_of(rest)))
    return arrived or _label_of(part.text) in _LAST


def _behind_arrived(text: str) -> str:
    """Return what stands behind `ĐẾN` in a text, empty where it does not stand there."""
    found = _ARRIVED.search(text)
    return text[found.end() :] if found else ""


def _is_near(part: Line, anchor: Line) -> bool:
    if part.page != anchor.page or part is anchor:
        return False
    within = anchor.box.x0 - _LEFT <= part.box.x0 and part.box.x1 <= anchor.box.x0 + _WIDE
    return within and anchor.box.y0 - _ABOVE <= part.box.y0 and part.box.y1 <= anchor.box.y1 + _BELOW


def _labels(anchor: tuple[int, Line], near: Sequence[tuple[int, Line]]) -> dict[str, tuple[int, Line]]:
    """Return the parts that begin with a label of the form, by label: the uppermost of each, where its form has it."""
    labels: dict[str, tuple[int, Line]] = {}
    own, last = _label_of(_behind_arrived(anchor[1].text)), _label_of(anchor[1].text) in _LAST
    if own or last:
        labels[own or "file"] = anchor
    for number, part in sorted(near, key=lambda one: one[1].box.y0):
        label, below = _label_of(part.text), _middle(part) - _middle(anchor[1])
        stands = below < 0 if last else abs(below) < _BESIDE if label in _UPPER else below > 0
        indented = label != "number" or last or part.box.x0 > anchor[1].box.x0 - _INDENT
        if label and stands and indented and not _is_own(part):
            labels.setdefault(label, (number, part))
    return labels


def _label_of(text: str) -> str:
    """Return which label of the form a text begins with, empty for none."""
    match = _LABELS.match(text.lstrip(_MARKS))
    if match is None or match.lastgroup is None:
        return ""
    in_title = match.group().isupper() and match.group()[-1] not in ":." and match.string[match.end() :][:1] not in ":."
    return "" if in_title else match.lastgroup


def _middle(part: Line) -> float:
    return (part.box.y0 + part.box.y1) / 2


def _is_own(part: Line) -> bool:
    """Return whether a part can be the paper's own."""
    return _OWN.search(part.text) is not None or squeeze(part.text).startswith(_COUNTRY)

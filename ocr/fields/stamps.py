"""What others put on a paper later: certification stamps, those of incoming mail, blocks of electronic signatures."""

from collections.abc import Sequence
from dataclasses import dataclass

from ocr.fields.lines import Line, Piece, trim
from ocr.fields.mail_stamps import mail_stamps
from ocr.lexicon.matching import phrase, squeeze

_CERTIFICATION = (
    "CHỨNG THỰC BẢN SAO ĐÚNG VỚI BẢN CHÍNH",
    "Số chứng thực",
    "CHỨNG THỰC BẢN SAO TỪ BẢN CHÍNH",
    "SAO Y BẢN CHÍNH",
    "LỜI CHỨNG CỦA",
)
_CERTIFICATION_NUMBER = "Số chứng thực"
_IDENTITY_PAPER = "chứng thực cá nhân"
"""On a form: its holder's `Giấy chứng thực cá nhân`, which is no certification of the copy."""
_BOOK = "Quyển số"
"""Of the register, behind the number on its line."""
_COUNTRY = ("conghoaxahoi", "doclaptudo", "dangcongsan")
"""What the paper's own head begins with: no stamp goes on behind it."""
_SIGNATURE_BLOCK = ("Người ký:", "Thời gian ký:", "Email:", "Cơ quan:", "Ký bởi:", "Ngày ký:", "Chữ ký số")
_REACH = 8
"""Lines that a certification stamp has at most."""
_FRAME, _CENTERED = 0.03, 0.06
"""Of the page's width: its lines begin no further left of the first one, or have nearly its middle; a title has not."""
_PITCH = 3.0
"""In heights of a line: the greatest distance of its lines."""


@dataclass(frozen=True, slots=True)
class SetAside:
    """The lines of the paper itself, and what was stamped on it."""

    lines: tuple[Line, ...]
    certification: tuple[Line, ...]
    """Lines of certification stamps."""


def set_aside(lines: Sequence[Line]) -> SetAside:
    """Return the lines without the stamps of others and signature blocks, and the certification stamps apart."""
    taken: dict[int, list[Line]] = {}
    for index, part in mail_stamps(lines):
        taken.setdefault(index, []).append(part)
    for index, line in enumerate(lines):
        for part in line.parts:
            if any(_opens(part, text) for text in _SIGNATURE_BLOCK):
                taken.setdefault(index, []).append(part.cut(()))
                taken[index][-1] = part
    certification: list[Line] = []
    for index, line in enumerate(lines):
        for part in line.parts:
            if _certifies(part) and part not in taken.get(index, []):
                for number, piece in _stamp(lines, index, part):
                    taken.setdefault(number, []).append(piece)
                    certification.append(piece)
    kept = [_without(line, taken.get(index, [])) for index, line in enumerate(lines)]
    return SetAside(tuple(line for line in kept if line.pieces), tuple(dict.fromkeys(certification)))


def _certifies(part: Line) -> bool:
    """Return whether a part opens a stamp of certification."""
    return any(part.find(phrase(text)) for text in _CERTIFICATION) and not part.find(phrase(_IDENTITY_PAPER))


def _opens(part: Line, text: str) -> bool:
    return any(m.start == 0 for m in part.find(phrase(text)))


def _stamp(lines: Sequence[Line], index: int, anchor: Line) -> list[tuple[int, Line]]:
    """Return the parts under an anchor that stand in its column and close below one another."""
    found, box, bottom = [(index, anchor)], anchor.box, anchor.box.y1
    for number in range(index + 1, min(index + _REACH, len(lines))):
        line = lines[number]
        if line.page != anchor.page or line.box.y0 - bottom > _PITCH * anchor.height:
            break
        if any(squeeze(part.text).startswith(_COUNTRY) for part in line.parts):
            break
        for part in line.parts:
            wide = part.box.x1 - part.box.x0 >= 1.6 * (box.x1 - box.x0)
            if part.box.x0 < box.x1 and part.box.x1 > box.x0 and not wide and _in_column(part, anchor):
                found.append((number, part))
                bottom = part.box.y1
    return found


def _in_column(part: Line, anchor: Line) -> bool:
    """Return whether a part begins within the frame of a stamp, or stands below the anchor's middle."""
    middle, own = (anchor.box.x0 + anchor.box.x1) / 2, (part.box.x0 + part.box.x1) / 2
    return part.box.x0 > anchor.box.x0 - _FRAME or abs(own - middle) < _CENTERED


def _without(line: Line, parts: Sequence[Line]) -> Line:
    gone = {id(piece) for part in parts for piece in part.pieces}
    return line.cut(tuple(p for p in line.pieces if id(p) not in gone)) if gone else line


def certification_number(stamp: Sequence[Line]) -> tuple[Piece, ...]:
    """Return what stands behind `Số chứng thực` on the stamps."""
    for line in stamp:
        for match in line.find(phrase(_CERTIFICATION_NUMBER)):
            last, offset = line.after(match)
            rest = line.pieces[last].text[offset:].strip(" :")
            pieces = line.pieces[last + 1 :] if not rest else line.pieces[last:]
            books = (i for m in line.find(phrase(_BOOK)) if (i := line.first_piece(m)) > last)
            end = min(books, default=len(line.pieces)) - len(line.pieces)
            return trim(pieces[: end or None])
    return ()

"""Where the lines of a signature block stand, and what at their ends is a mark and none of their words."""

from collections.abc import Sequence

from ocr.fields.lines import Line, Piece, trim, union

FAINT = 0.5
"""Word confidence under which a word at the end of a title or name that is of none is a mark of the signature."""
_DIM = 0.3
"""Word confidence under which small letters at the ends of a line are marks of the signature."""
RECIPIENTS = ("noinhan", "noigui")
"""Before the list of recipients; papers of before 2004 have the second one too."""
LEVEL = 0.03
"""Of the page's height: a title of which only a part was read stands so near the height of the list of recipients."""
OFF_CENTER = 0.012
"""Of the page's width: a line of the block whose middle is further from that of the others has lost a part."""
REACH = 0.30
"""Of the page's height: the name stands no further below the title."""


def plain(part: Line) -> Line:
    """Return a part of a line without specks at its ends, and marks that were read as figures or letters with doubt."""
    pieces = list(trim(part.pieces))
    for end in (0, -1):
        while len(pieces) > 1 and _is_speck(pieces[end]):
            del pieces[end]
    return part.cut(pieces)


def middle_of(pieces: Sequence[Piece]) -> float:
    """Return the middle of some words, as a share of the page's width."""
    box = union(piece.box for piece in pieces)
    return (box.x0 + box.x1) / 2


def on_the_right(part: Line) -> bool:
    """Return whether a part of a line stands on the right half of the page."""
    return (part.box.x0 + part.box.x1) / 2 > 0.5 and part.box.x0 > 0.3


def _is_speck(piece: Piece) -> bool:
    letters = [char for char in piece.text if char.isalpha()]
    faint = piece.word.confidence < FAINT and len(letters) < 2
    return faint or (piece.word.confidence < _DIM and not any(char.isupper() for char in letters)) or piece.blank

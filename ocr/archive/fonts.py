"""The fonts of what we print: Times-like faces cut down to Vietnamese, and one without glyphs for invisible text."""

import io
import re
import unicodedata
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from itertools import repeat
from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont, TTLibError
from fontTools.ttLib.scaleUpem import scale_upem

from domain.errors import InputError, MissingTool
from domain.vietnamese import nfc

UNITS_PER_EM = 1000
FONT_FOLDERS = (
    Path("/usr/share/fonts/truetype/liberation2"),
    Path("/usr/share/fonts/truetype/liberation"),
    Path("/usr/share/fonts/liberation-serif"),
    Path("/usr/share/fonts/liberation"),
    Path("/usr/share/fonts/TTF"),
    Path("C:/Windows/Fonts"),
    Path("/System/Library/Fonts/Supplemental"),
    Path("/Library/Fonts"),
)
"""Where the usual systems keep a face with the metrics of Times."""


class FontStyle(StrEnum):
    """The faces we print with."""

    REGULAR = "regular"
    BOLD = "bold"
    ITALIC = "italic"


_FAMILIES: tuple[Mapping[FontStyle, str], ...] = (
    {
        FontStyle.REGULAR: "LiberationSerif-Regular.ttf",
        FontStyle.BOLD: "LiberationSerif-Bold.ttf",
        FontStyle.ITALIC: "LiberationSerif-Italic.ttf",
    },
    {FontStyle.REGULAR: "times.ttf", FontStyle.BOLD: "timesbd.ttf", FontStyle.ITALIC: "timesi.ttf"},
    {
        FontStyle.REGULAR: "Times New Roman.ttf",
        FontStyle.BOLD: "Times New Roman Bold.ttf",
        FontStyle.ITALIC: "Times New Roman Italic.ttf",
    },
)
_RANGES = (
    (0x20, 0x7E),
    (0xA0, 0x17F),  # Western and Central European names
    (0x1A0, 0x1A1),
    (0x1AF, 0x1B0),
    (0x1EA0, 0x1EF9),  # Vietnamese
    (0x2010, 0x2026),
    (0x2030, 0x2030),
    (0x20AB, 0x20AC),
    (0x2116, 0x2116),
    (0x2192, 0x2192),
    (0x2212, 0x2212),
    (0x25A1, 0x25A1),
    (0x25CF, 0x25CF),
)
_MUST_HAVE = "ăâđêôơưĂÂĐÊÔƠƯạằẵểộợửỹỆỮ–…"
_INSTEAD = str.maketrans({"\u2011": "-", "\u00ad": "", "\u2009": " ", "\u202f": " ", "\u200b": "", "\ufeff": ""})
_WHITE_SPACE = re.compile(r"\s+")
_REPLACEMENT = "\u25a1"


@dataclass(frozen=True, slots=True, kw_only=True)
class FontFace:
    """One face, ready to be embedded."""

    name: str
    """PostScript name with its subset tag."""
    program: bytes = field(repr=False)
    """The TrueType file, compressed for FlateDecode."""
    program_length: int
    """In bytes, before compression."""
    glyphs: Mapping[str, int] = field(repr=False)
    """Glyph index by character."""
    widths: tuple[int, ...] = field(repr=False)
    """Advance widths in thousandths of the size, by glyph index."""
    advances: Mapping[str, int] = field(repr=False)
    """The same by character."""
    box: tuple[int, int, int, int]
    """In thousandths of the size."""
    ascent: int
    descent: int
    cap_height: int
    italic_angle: float
    stem: int
    """Width of a vertical stem, in thousandths of the size."""

    def encode(self, text: str) -> str:
        """Return the glyph indexes of the text in hexadecimal digits.

        Raises:
            InputError: The face has no glyph for one of the characters.
        """
        try:
            return "".join(f"{self.glyphs[c]:04x}" for c in text)
        except KeyError as e:
            raise InputError(
                f"Không in được ký tự “{e.args[0]}” trong dòng “{text}”. Vui lòng nhập lại bằng chữ cái La-tinh."
            ) from e

    def width(self, text: str, size: float) -> float:
        """Return how wide the text runs, in the unit of the size."""
        return sum(map(self.advances.get, text, repeat(0))) * size / UNITS_PER_EM


@dataclass(frozen=True, slots=True, kw_only=True)
class FontBook:
    """The faces of one process: opened once, handed to every function that prints."""

    faces: Mapping[FontStyle, FontFace]
    glyphless: bytes = field(repr=False)
    """A TrueType file with one empty glyph half an em wide, not compressed."""

    def width(self, style: FontStyle, text: str, size: float) -> float:
        """Return how wide the text runs, in the unit of the size."""
        return self.faces[style].width(text, size)


def open_fonts(folders: Sequence[Path] = FONT_FOLDERS) -> FontBook:
    """Return the first family of the folders that can write Vietnamese, cut down and scaled for embedding.

    Raises:
        MissingTool: No folder holds such a family.
    """
    for files in _families(folders):
        faces = {style: face_of(path.read_bytes(), style, path.stem) for style, path in files.items()}
        return FontBook(faces=faces, glyphless=_glyphless_font())
    raise MissingTool(
        "Chưa cài phông chữ Liberation Serif có đủ dấu tiếng Việt. "
        "Vui lòng cài gói fonts-liberation2 (Debian 12) hoặc fonts-liberation rồi thử lại."
    )


def printable(fonts: FontBook, text: str) -> str:
    """Return the text on one line with a white square in place of every character that cannot be printed."""
    glyphs = fonts.faces[FontStyle.REGULAR].glyphs
    return "".join(c if c in glyphs else _REPLACEMENT for c in one_line(text))


def one_line(text: str) -> str:
    """Return the text in normal form on one line, without the characters that print as nothing."""
    plain = _WHITE_SPACE.sub(" ", nfc(text).translate(_INSTEAD)).strip()
    return "".join(c for c in plain if unicodedata.category(c) not in ("Cc", "Cf"))


def _families(folders: Sequence[Path]) -> Iterator[Mapping[FontStyle, Path]]:
    for folder in folders:
        for names in _FAMILIES:
            files = {style: folder / name for style, name in names.items()}
            if all(path.is_file() for path in files.values()) and _writes_vietnamese(files[FontStyle.REGULAR]):
                yield files


def _writes_vietnamese(path: Path) -> bool:
    try:
        with TTFont(io.BytesIO(path.read_bytes()), lazy=True) as font:
            characters = font.getBestCmap()
    except (TTLibError, OSError):
        return False
    return all(ord(c) in characters for c in _MUST_HAVE)


@lru_cache(maxsize=6)
def face_of(program: bytes, style: FontStyle, name: str) -> FontFace:
    """Return a TrueType file as a face, cut down and scaled; that takes long, so it is done once for the same bytes.

    Args:
        name: What the face is called where the file does not say it.
    """
    wanted = [code for first, last in _RANGES for code in range(first, last + 1)]
    with TTFont(io.BytesIO(program), recalcTimestamp=False) as font:
        characters = font.getBestCmap()
        postscript_name = font["name"].getDebugName(6) or name
        options = Options(
            hinting=False,
            layout_features=[],
            name_IDs=[],
            notdef_outline=True,
            drop_tables=["FFTM", "GDEF", "GPOS", "GSUB", "gasp", "DSIG", "kern"],
        )
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=wanted)
        subsetter.subset(font)
        scale_upem(font, UNITS_PER_EM)
        out = io.BytesIO()
        font.save(out)
        order = font.getReverseGlyphMap()
        glyphs = {chr(code): order[characters[code]] for code in wanted if code in characters}
        return _measure(font, f"{_TAGS[style]}+{postscript_name.replace(' ', '')}", out.getvalue(), glyphs)


_TAGS: Mapping[FontStyle, str] = {
    FontStyle.REGULAR: "SOHOAR",
    FontStyle.BOLD: "SOHOAB",
    FontStyle.ITALIC: "SOHOAI",
}


def _measure(font: TTFont, name: str, program: bytes, glyphs: Mapping[str, int]) -> FontFace:
    head, os2, metrics = font["head"], font["OS/2"], font["hmtx"]
    widths = tuple(metrics[glyph][0] for glyph in font.getGlyphOrder())
    bold = os2.usWeightClass >= 600
    return FontFace(
        name=name,
        program=zlib.compress(program, 9),
        program_length=len(program),
        glyphs=glyphs,
        widths=widths,
        advances={character: widths[glyph] for character, glyph in glyphs.items()},
        box=(head.xMin, head.yMin, head.xMax, head.yMax),
        ascent=font["hhea"].ascent,
        descent=font["hhea"].descent,
        cap_height=getattr(os2, "sCapHeight", 0) or 662,
        italic_angle=float(font["post"].italicAngle),
        stem=140 if bold else 84,
    )


def _glyphless_font() -> bytes:
    builder = FontBuilder(UNITS_PER_EM, isTTF=True)
    builder.setupGlyphOrder([".notdef", "blank"])
    builder.setupCharacterMap({0x20: "blank"})
    empty = TTGlyphPen(None).glyph()
    builder.setupGlyf({".notdef": empty, "blank": empty})
    builder.setupHorizontalMetrics({".notdef": (500, 0), "blank": (500, 0)})
    builder.setupHorizontalHeader(ascent=1000, descent=0)
    builder.setupNameTable({"familyName": "Sohoa Glyphless", "styleName": "Regular", "psName": "SohoaGlyphless"})
    builder.setupOS2(sTypoAscender=1000, usWinAscent=1000)
    builder.setupPost()
    builder.updateHead(created=0, modified=0)
    builder.font.recalcTimestamp = False
    out = io.BytesIO()
    builder.save(out)
    return out.getvalue()

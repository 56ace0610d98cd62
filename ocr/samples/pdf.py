"""Writing sheets as a PDF with real text, as an office program does: embedded subsets of the fonts, exact ToUnicode."""

from collections.abc import Sequence
from io import BytesIO
from typing import NamedTuple

import pikepdf
from fontTools import subset
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name
from PIL import Image

from ocr.samples.draw import code_matrix
from ocr.samples.fonts import Face, Fonts
from ocr.samples.sheet import Code, Color, Frame, Rule, Sheet, TextRun


class _Embedded(NamedTuple):
    name: str
    codes: dict[str, int]
    """Glyph number of each character."""
    font: Dictionary


def write_born_digital(sheets: Sequence[Sheet], fonts: Fonts) -> bytes:
    """Return a PDF whose text can be copied out; stamps and signatures are left out, as nobody has signed yet."""
    pdf = pikepdf.new()
    runs = [item for sheet in sheets for item in sheet.items if isinstance(item, TextRun)]
    faces = sorted({run.style.face for run in runs}, key=repr)
    embedded = {}
    for i, face in enumerate(faces):
        letters = {letter for run in runs if run.style.face == face for letter in run.text}
        embedded[face] = _embed(pdf, f"/F{i}", fonts, face, letters)
    for sheet in sheets:
        page = pdf.add_blank_page(page_size=(sheet.width, sheet.height))
        images = _images(pdf, sheet)
        page.Contents = pdf.make_stream(_content(sheet, embedded))
        page.Resources = Dictionary(
            Font=Dictionary({item.name: item.font for item in embedded.values()}), XObject=Dictionary(images)
        )
    out = BytesIO()
    pdf.save(out, deterministic_id=True)
    return out.getvalue()


def write_scan(pictures: Sequence[Image.Image], *, dpi: float, quality: int) -> bytes:
    """Return a PDF of colour pages as a scanner writes it: one JPEG a page, no text."""
    pdf = pikepdf.new()
    for picture in pictures:
        size = (picture.width * 72 / dpi, picture.height * 72 / dpi)
        page = pdf.add_blank_page(page_size=size)
        out = BytesIO()
        picture.save(out, "JPEG", quality=quality, dpi=(dpi, dpi))
        image = pdf.make_stream(
            out.getvalue(),
            Type=Name.XObject,
            Subtype=Name.Image,
            Width=picture.width,
            Height=picture.height,
            ColorSpace=Name.DeviceGray if picture.mode == "L" else Name.DeviceRGB,
            BitsPerComponent=8,
            Filter=Name.DCTDecode,
        )
        page.Contents = pdf.make_stream(b"q %.3f 0 0 %.3f 0 0 cm /Im0 Do Q" % size)
        page.Resources = Dictionary(XObject=Dictionary(Im0=image))
    buffer = BytesIO()
    pdf.save(buffer, deterministic_id=True)
    return buffer.getvalue()


def _embed(pdf: pikepdf.Pdf, name: str, fonts: Fonts, face: Face, letters: set[str]) -> _Embedded:
    font = TTFont(fonts.files[face], recalcTimestamp=False)
    options = subset.Options(layout_features=[], hinting=False, notdef_outline=True, recalc_timestamp=False)
    options.drop_tables += ["FFTM"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(text="".join(sorted(letters)))
    subsetter.subset(font)
    program = BytesIO()
    font.save(program, reorderTables=None)
    units = font["head"].unitsPerEm
    codes = {chr(code): font.getGlyphID(glyph) for code, glyph in font.getBestCmap().items()}
    widths = [round(font["hmtx"][glyph][0] * 1000 / units) for glyph in font.getGlyphOrder()]
    base = Name(f"/AAAA{chr(65 + int(name[2:]))}A+{font['name'].getDebugName(6)}")
    box = [round(font["head"].__dict__[key] * 1000 / units) for key in ("xMin", "yMin", "xMax", "yMax")]
    descriptor = Dictionary(
        Type=Name.FontDescriptor, FontName=base, Flags=4, FontBBox=Array(box), ItalicAngle=-12 if face.italic else 0,
        Ascent=891, Descent=-216, CapHeight=662, StemV=140 if face.bold else 80,
        FontFile2=pdf.make_stream(program.getvalue(), Length1=len(program.getvalue())),
    )  # fmt: skip
    descendant = Dictionary(
        Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=base, CIDToGIDMap=Name.Identity, DW=1000,
        CIDSystemInfo=Dictionary(Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("Identity"), Supplement=0),
        FontDescriptor=pdf.make_indirect(descriptor), W=Array([0, Array(widths)]),
    )  # fmt: skip
    whole = Dictionary(
        Type=Name.Font, Subtype=Name.Type0, BaseFont=base, Encoding=Name("/Identity-H"),
        DescendantFonts=Array([pdf.make_indirect(descendant)]), ToUnicode=pdf.make_stream(_to_unicode(codes)),
    )  # fmt: skip
    return _Embedded(name, codes, pdf.make_indirect(whole))


def _to_unicode(codes: dict[str, int]) -> bytes:
    pairs = sorted((code, letter.encode("utf-16-be").hex()) for letter, code in codes.items())
    lines = [
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
        "1 begincodespacerange <0000> <FFFF> endcodespacerange",
    ]
    for start in range(0, len(pairs), 100):
        part = pairs[start : start + 100]
        lines.append(f"{len(part)} beginbfchar")
        lines += [f"<{code:04X}> <{letter}>" for code, letter in part]
        lines.append("endbfchar")
    lines.append("endcmap CMapName currentdict /CMap defineresource pop end end")
    return "\n".join(lines).encode("ascii")


def _images(pdf: pikepdf.Pdf, sheet: Sheet) -> dict[str, pikepdf.Stream]:
    codes = [item for item in sheet.items if isinstance(item, Code)]
    images = {}
    for i, item in enumerate(codes):
        picture = code_matrix(item)
        images[f"/Im{i}"] = pdf.make_stream(
            picture.tobytes(), Type=Name.XObject, Subtype=Name.Image, Width=picture.width, Height=picture.height,
            ColorSpace=Name.DeviceGray, BitsPerComponent=8,
        )  # fmt: skip
    return images


def _content(sheet: Sheet, embedded: dict[Face, _Embedded]) -> bytes:
    parts, code_count = [], 0
    for item in sheet.items:
        if isinstance(item, TextRun):
            parts.append(_text(item, embedded[item.style.face], sheet.height))
        elif isinstance(item, Rule):
            dash = "[0 3.2] 0 d 1 J " if item.dotted else ""
            ends = f"{item.x0:.2f} {sheet.height - item.y0:.2f} m {item.x1:.2f} {sheet.height - item.y1:.2f} l S"
            parts.append(f"q {_color(item.color)} RG {item.width:.2f} w {dash}{ends} Q")
        elif isinstance(item, Frame):
            box = f"{item.x0:.2f} {sheet.height - item.y1:.2f} {item.x1 - item.x0:.2f} {item.y1 - item.y0:.2f} re"
            fill = f"{_color(item.fill)} rg " if item.fill else ""
            parts.append(f"q {fill}{_color(item.color)} RG {item.width:.2f} w {box} {'B' if fill else 'S'} Q")
        elif isinstance(item, Code):
            place = f"{item.width:.2f} 0 0 {item.height:.2f} {item.x:.2f} {sheet.height - item.y - item.height:.2f}"
            parts.append(f"q {place} cm /Im{code_count} Do Q")
            code_count += 1
    return "\n".join(parts).encode("ascii")


def _text(run: TextRun, font: _Embedded, height: float) -> str:
    size = run.style.size
    pieces = []
    words = run.text.split(" ")
    for i, word in enumerate(words):
        blank = " " if i < len(words) - 1 else ""
        glyphs = "".join(f"{font.codes[letter]:04X}" for letter in word + blank)
        pieces.append(f"<{glyphs}>" + (f" {-run.word_space * 1000 / size:.1f}" if blank else ""))
    place = f"{run.x:.2f} {height - run.y:.2f} Td"
    return f"BT {_color(run.style.color)} rg {font.name} {size:.2f} Tf {place} [{' '.join(pieces)}] TJ ET"


def _color(color: Color) -> str:
    return " ".join(f"{channel / 255:.3f}" for channel in color)

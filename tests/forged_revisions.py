"""Revisions appended to a signed PDF as a forger would append them."""

from collections.abc import Callable
from io import BytesIO

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import NameObject, NumberObject, pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

FORGED_TEXT = b"q 1 1 1 rg 0 0 595 842 re f Q BT /F1 40 Tf 72 500 Td (GIA MAO) Tj ET"


def writer_of(pdf: bytes) -> IncrementalPdfFileWriter:
    """Return a writer that appends a revision to the file."""
    return IncrementalPdfFileWriter(BytesIO(pdf))


def written(writer: IncrementalPdfFileWriter) -> bytes:
    """Return the file with the revision."""
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


def first_page(writer: IncrementalPdfFileWriter) -> generic.DictionaryObject:
    """Return the first page, to be changed."""
    return writer.find_page_for_modification(0)[0].get_object()


def page_number(pdf: bytes) -> tuple[int, int]:
    """Return number and generation of the first page."""
    reference = writer_of(pdf).find_page_for_modification(0)[0]
    return reference.idnum, reference.generation


def annotate(
    pdf: bytes, entries: dict[str, generic.PdfObject], writer: IncrementalPdfFileWriter | None = None
) -> bytes:
    """Return the file with an annotation over its first page."""
    writer = writer or writer_of(pdf)
    annotation = generic.DictionaryObject({NameObject(name): value for name, value in entries.items()})
    annotation["/Type"] = pdf_name("/Annot")
    annotation["/Rect"] = generic.ArrayObject(map(NumberObject, (0, 0, 595, 842)))
    page = first_page(writer)
    present = page.get("/Annots", ())
    page["/Annots"] = generic.ArrayObject([*present, writer.add_object(annotation)])
    writer.update_container(page)
    return written(writer)


def forge_signatures(pdf: bytes, change: Callable[[generic.DictionaryObject], object]) -> bytes:
    """Return the file with another text and every signature changed."""
    writer = writer_of(pdf)
    page = first_page(writer)
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=FORGED_TEXT))
    writer.update_container(page)
    for reference in writer.root["/AcroForm"]["/Fields"]:
        signature = reference.get_object().raw_get("/V").get_object()
        change(signature)
        writer.update_container(signature)
    return written(writer)

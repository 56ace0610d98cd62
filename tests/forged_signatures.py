"""Signed PDF files whose signatures themselves were forged: wrapped, made empty, taken out."""

import re

from forged_revisions import forge_signatures, page_number, writer_of, written
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name

_TRAILER = (rb"/Root (\d+) 0 R", rb"/Size (\d+)", rb"/Prev (\d+)")


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
    page, generation = page_number(pdf)
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
    return forge_signatures(pdf, lambda signature: signature.pop("/ByteRange"))


def no_contents(pdf: bytes) -> bytes:
    """Append a revision whose signature objects have no contents."""
    return forge_signatures(pdf, lambda signature: signature.pop("/Contents"))


def null_contents(pdf: bytes) -> bytes:
    """Append a revision whose signature objects hold a zero byte."""
    return forge_signatures(pdf, lambda s: s.update({pdf_name("/Contents"): generic.ByteStringObject(b"\x00")}))


def null_byte_range(pdf: bytes) -> bytes:
    """Append a revision whose signature objects have a null for a byte range."""
    return forge_signatures(pdf, lambda s: s.update({pdf_name("/ByteRange"): generic.NullObject()}))


def no_signature_value(pdf: bytes) -> bytes:
    """Append a revision whose signature fields are empty."""
    writer = writer_of(pdf)
    for reference in writer.root["/AcroForm"]["/Fields"]:
        field = reference.get_object()
        field.pop("/V", None)
        writer.update_container(field)
    return written(writer)


def no_form(pdf: bytes) -> bytes:
    """Append a revision without a form, so that no signature is found."""
    writer = writer_of(pdf)
    writer.root.pop("/AcroForm", None)
    writer.root.pop("/Perms", None)
    writer.update_root()
    return written(writer)

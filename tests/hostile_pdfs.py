"""PDF files that are well-formed and small, and that take a renderer forever or all of its memory."""

import io

import pikepdf

_BOX = [0, 0, 595, 842]


def nested_forms(depth: int, times: int) -> bytes:
    """A page that shows a form, which shows a form so many times, and so on: times ** depth marks in the end."""
    pdf = pikepdf.new()
    inner = pdf.make_stream(
        b"0.5 g 10 10 300 300 re f", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=_BOX
    )
    for _ in range(depth):
        inner = pdf.make_stream(
            b"q 0.99 0 0 0.99 1 1 cm /F Do Q\n" * times,
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Form,
            BBox=_BOX,
            Resources=pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=inner)),
        )
    return _one_page(pdf, pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=inner)), b"/F Do")


def nested_patterns(depth: int, step: int) -> bytes:
    """A page filled with a pattern whose tiles of so many points are each filled with a pattern, and so on."""
    pdf = pikepdf.new()
    body, resources = b"0 0 1 1 re f", pikepdf.Dictionary()
    for _ in range(depth):
        pattern = pdf.make_stream(
            body,
            Type=pikepdf.Name.Pattern,
            PatternType=1,
            PaintType=1,
            TilingType=1,
            BBox=_BOX,
            XStep=step,
            YStep=step,
            Resources=resources,
        )
        body = b"/Pattern cs /P scn 0 0 595 842 re f"
        resources = pikepdf.Dictionary(Pattern=pikepdf.Dictionary(P=pattern))
    return _one_page(pdf, resources, body)


def _one_page(pdf: pikepdf.Pdf, resources: pikepdf.Dictionary, contents: bytes) -> bytes:
    page = pikepdf.Dictionary(
        Type=pikepdf.Name.Page, MediaBox=_BOX, Resources=resources, Contents=pdf.make_stream(contents)
    )
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
    holder = io.BytesIO()
    pdf.save(holder)
    return holder.getvalue()

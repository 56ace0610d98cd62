"""What a file may gain after it was signed, judged twice: by pyHanko's rules made strict, and as qpdf reads it."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from io import BytesIO
from xml.etree import ElementTree

import pikepdf
from asn1crypto import cms
from pyhanko.pdf_utils import generic
from pyhanko.sign.diff_analysis import (
    CatalogModificationRule,
    DiffPolicy,
    DocInfoRule,
    DSSCompareRule,
    FormUpdatingRule,
    MetadataUpdateRule,
    ModificationLevel,
    ObjectStreamRule,
    SigFieldCreationRule,
    SigFieldModificationRule,
    StandardDiffPolicy,
    XrefStreamRule,
)
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

_GROWING = {"/AcroForm", "/DSS", "/Extensions"}
"""Entries of the catalog that change when signatures, evidence and time-stamps are added."""
_DATED = {"/ModDate", "/Producer"}
_DATED_XMP = {
    "{http://ns.adobe.com/xap/1.0/}ModifyDate",
    "{http://ns.adobe.com/xap/1.0/}MetadataDate",
    "{http://ns.adobe.com/pdf/1.3/}Producer",
    "{adobe:ns:meta/}xmptk",
}
"""What the signing library renews in the metadata with every revision."""
_MAXIMUM_DEPTH = 200
_OBJECT = re.compile(rb"\s*(\d{1,9}) (\d{1,5}) obj")


class TooDeep(ValueError):
    """Objects nested more deeply than in any file of ours."""


def own_copy_policy() -> DiffPolicy:
    """Return the rules for copies of ours: signatures, evidence and time-stamps, and nothing else whatsoever.

    Unlike pyHanko's own they allow no form values and no objects without a use. They do allow other metadata, of
    which `changed_pages` then allows only another date.
    """
    level = ModificationLevel.LTA_UPDATES
    return StandardDiffPolicy(
        global_rules=[
            CatalogModificationRule(ignored_keys=_GROWING | {"/Metadata"}),  # type: ignore[no-untyped-call]  # pyHanko's
            DocInfoRule().as_qualified(level),
            MetadataUpdateRule().as_qualified(level),  # type: ignore[no-untyped-call]  # pyHanko's
            XrefStreamRule().as_qualified(level),
            ObjectStreamRule().as_qualified(level),
            DSSCompareRule().as_qualified(level),
        ],
        form_rule=FormUpdatingRule(
            field_rules=[SigFieldCreationRule(), SigFieldModificationRule()]  # type: ignore[no-untyped-call]  # pyHanko's
        ),
        ignore_orphaned_objects=False,
        ignore_identical_objects=False,
    )


def has_stray_bytes(pdf: bytes, signatures: Sequence[EmbeddedPdfSignature]) -> bool:
    """Return whether there are bytes that mean nothing: between what one signature covers and the next revision, or
    behind a signature in the space that is kept for it.
    """
    for signature in signatures:
        if not _is_plain(pdf, signature):
            return True
        end = int(signature.byte_range[2]) + int(signature.byte_range[3])
        if end == len(pdf):
            continue
        found = _OBJECT.match(pdf, end)
        if found is None:
            return True
        reference = generic.Reference(int(found.group(1)), int(found.group(2)))
        revision = signature.signed_revision + 1
        if signature.reader.xrefs.get_historical_ref(reference, revision) != found.start(1):
            return True
    return False


def _is_plain(pdf: bytes, signature: EmbeddedPdfSignature) -> bool:
    """Return whether a signature is written in the one way of our signing library: upper-case digits, then zeros."""
    space = pdf[int(signature.byte_range[1]) : int(signature.byte_range[2])]
    contents = bytes(signature.pkcs7_content)
    end = len(cms.ContentInfo.load(contents).dump())
    return space == b"<%s>" % contents.hex().upper().encode() and not contents[end:].strip(b"\x00")


def changed_pages(before: bytes, after: bytes) -> tuple[int, ...]:
    """Return the numbers of the pages that show something else in one file than in the other, as qpdf reads them.

    0 stands for the document as a whole: other entries in the catalog, other metadata, or another number of pages.

    Raises:
        pikepdf.PdfError: one of them cannot be read.
        TooDeep: its objects are nested too deeply.
    """
    with pikepdf.open(BytesIO(before)) as old, pikepdf.open(BytesIO(after)) as new:
        changed = [
            number
            for number, (one, other) in enumerate(zip(old.pages, new.pages, strict=False), 1)
            if not _same_page(one.obj, other.obj)
        ]
        if len(old.pages) != len(new.pages) or not _same_catalog(old.Root, new.Root) or not _same_information(old, new):
            changed.append(0)
        return tuple(changed)


def _same_catalog(old: pikepdf.Object, new: pikepdf.Object) -> bool:
    keys = {key for root in (old, new) for key in root.keys()} - _GROWING - {"/Pages", "/Metadata"}  # noqa: SIM118  # no mapping
    return all(_digest(old.get(key)) == _digest(new.get(key)) for key in keys)


def _same_information(old: pikepdf.Pdf, new: pikepdf.Pdf) -> bool:
    """Return whether the metadata say the same, but for the date of the last change and the program that made it."""
    information = [_digest(pdf.trailer.get("/Info"), leave=_DATED) for pdf in (old, new)]
    statements = [list(_statements(pdf.Root.get("/Metadata"))) for pdf in (old, new)]
    return information[0] == information[1] and statements[0] == statements[1]


def _statements(stream: pikepdf.Object | None) -> Iterator[tuple[str, list[tuple[str, str]], str]]:
    """Yield what XMP metadata say, element by element."""
    if stream is None:
        return
    data = stream.read_bytes()
    if b"<!" in data:
        raise ValueError("metadata with declarations of their own")
    for element in ElementTree.fromstring(data).iter():
        if element.tag not in _DATED_XMP:
            attributes = sorted((name, value) for name, value in element.items() if name not in _DATED_XMP)
            yield element.tag, attributes, (element.text or "").strip()


def _same_page(old: pikepdf.Object, new: pikepdf.Object) -> bool:
    if _digest(old, leave={"/Annots"}) != _digest(new, leave={"/Annots"}):
        return False
    present = [_digest(each, leave={"/V"}) for each in old.get("/Annots", ())]
    later = list(new.get("/Annots", ()))
    if [_digest(each, leave={"/V"}) for each in later[: len(present)]] != present:
        return False
    return all(_shows_nothing(each) for each in later[len(present) :])


def _shows_nothing(annotation: pikepdf.Object) -> bool:
    """Return whether an annotation is a signature field without a place on the page."""
    rectangle = [float(number) for number in annotation.get("/Rect", (0, 0, 0, 0))]
    empty = rectangle[0] == rectangle[2] or rectangle[1] == rectangle[3]
    return str(annotation.get("/FT", "")) == "/Sig" and empty and "/AP" not in annotation


def _digest(value: object, *, leave: frozenset[str] | set[str] = frozenset()) -> bytes:
    """Return a digest of an object with everything it leads to, except towards the parents."""
    digest = hashlib.sha256()
    met: dict[tuple[int, int], int] = {}

    def feed(item: object, depth: int, left: frozenset[str] | set[str]) -> None:
        if depth > _MAXIMUM_DEPTH:
            raise TooDeep("objects nested too deeply")
        if not isinstance(item, pikepdf.Object):
            digest.update(f"{type(item).__name__} {item};".encode())
            return
        if item.is_indirect:
            if item.objgen in met:
                digest.update(b"met %d;" % met[item.objgen])
                return
            met[item.objgen] = len(met)
        if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == pikepdf.Name.Catalog:
            digest.update(b"catalog;")  # a lock leads back to it; its entries are compared one by one
            return
        if isinstance(item, pikepdf.Stream | pikepdf.Dictionary):
            for key in sorted(set(item.keys()) - left - {"/Parent", "/P"}):
                digest.update(key.encode() + b"=")
                feed(item.get(key), depth + 1, frozenset())
            if isinstance(item, pikepdf.Stream):
                raw = item.read_raw_bytes()
                digest.update(b"stream %d;" % len(raw) + raw)
        elif isinstance(item, pikepdf.Array):
            digest.update(b"[%d" % len(item))
            for each in item:
                feed(each, depth + 1, frozenset())
        else:
            digest.update(item.unparse() + b";")

    feed(value, 0, leave)
    return digest.digest()

"""The content digest: one number for the page images of a paper, before anything is stamped on them."""

import hashlib
import io
from collections.abc import Sequence

import pikepdf

from domain.models import PageImage

_DOMAIN = b"sohoa content digest 1\n"


def content_digest(images: Sequence[PageImage]) -> str:
    r"""Return SHA-256 (lower-case hexadecimal) over the page images in their order.

    The construction, for whoever computes it again from a certified PDF:
    `SHA256("sohoa content digest 1\n" || SHA256(stream of page 1) || SHA256(stream of page 2) || ...)`,
    where a page's stream is its one image XObject as it stands in the file, filter not undone, and the
    inner digests are their 32 raw bytes. Pages without an image (the statement) do not count.
    """
    outer = hashlib.sha256(_DOMAIN)
    for image in images:
        outer.update(hashlib.sha256(image.data).digest())
    return outer.hexdigest()


def content_digest_of(pdf: bytes) -> str:
    """Return the content digest of a certified copy, from the image streams that stand in it; empty if it is none.

    A page of a copy shows one image or none; a file with other pages is no copy.
    """
    outer = hashlib.sha256(_DOMAIN)
    try:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            for page in document.pages:
                images = list(page.Resources.get("/XObject", pikepdf.Dictionary()).values())
                if len(images) > 1 or any(image.Subtype != pikepdf.Name.Image for image in images):
                    return ""
                for image in images:
                    outer.update(hashlib.sha256(image.read_raw_bytes()).digest())
    except (pikepdf.PdfError, AttributeError, KeyError, TypeError, ValueError):
        return ""
    return outer.hexdigest()

"""The content digest: one number for the page images of a paper, before anything is stamped on them."""

import hashlib
from collections.abc import Sequence

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

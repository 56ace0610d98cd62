"""One paper out of a scanned stack: nothing of other people's papers goes into its copy or its folder."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

from domain.models import Draft, Extraction, PageImage, Source
from ocr.archive.excerpt import write_excerpt
from ocr.archive.fonts import FontBook


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPaper:
    """A paper with a source that holds its pages and no others."""

    draft: Draft
    source: Source
    images: tuple[PageImage, ...]
    stack_sha256: str = ""
    """Of the stack that it was taken from; empty where its source is the file as it came in."""
    stack_pages: tuple[int, ...] = ()
    """Its pages in the stack."""


def own_paper(draft: Draft, source: Source, images: tuple[PageImage, ...], fonts: FontBook) -> OwnPaper:
    """Return a paper with its own source, its pages numbered from 1; a paper that is no part of a stack as it is."""
    if not draft.part:
        return OwnPaper(draft=draft, source=source, images=images)
    places = {number: place for place, number in enumerate(draft.page_numbers, 1)}
    own = replace(
        draft,
        page_numbers=tuple(places.values()),
        pages=tuple(replace(page, number=places[page.number]) for page in draft.pages),
        extraction=_moved(draft.extraction, places),
    )
    moved = tuple(replace(image, number=places[image.number]) for image in images)
    data = write_excerpt(moved, title=source.name, created_at=draft.created_at, fonts=fonts)
    excerpt = Source(name=source.name, media_type="application/pdf", data=data, sha256=hashlib.sha256(data).hexdigest())
    return OwnPaper(draft=own, source=excerpt, images=moved, stack_sha256=source.sha256, stack_pages=draft.page_numbers)


def _moved(extraction: Extraction, places: Mapping[int, int]) -> Extraction:
    """Return what was read with the places of its pages; problems of the stack keep naming the stack's pages."""
    fields = {name: replace(one, page=places.get(one.page, 0)) for name, one in extraction.fields.items()}
    return replace(extraction, fields=fields)

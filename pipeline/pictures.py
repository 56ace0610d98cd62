"""Pictures of what a person has to decide on: the place on the paper where each open field stands."""

from collections.abc import Iterator
from pathlib import Path
from statistics import median

from domain.errors import InputError
from domain.models import Box, Draft, Field, PageText, Source
from ocr.picture.crop import crop
from pipeline.certify import page_images
from pipeline.review import open_fields
from pipeline.services import Services

_BESIDE = 0.22
"""Of the page's width, shown left and right of a value: what was lost of its line stands there."""
_LINES = 1.6
"""Heights of a line, shown above and below a value."""
_LINE = 0.012
"""Of the page's height: a line of 13 points, where no word tells it."""
_AT_END = "signer_"
"""What the fields at the end of a paper are called."""


def write_pictures(draft: Draft, folder: Path, services: Services) -> Iterator[tuple[str, Path]]:
    """Write a PNG for each open field of a draft, and yield the field's name and the file.

    It shows the row of the value with what stands beside, above and below, and a frame around what was read: that a
    word was lost is seen only then. A field that was found nowhere is shown by the whole page where it belongs.

    Raises:
        InputError: The folder cannot be written.
        StorageError: The scan cannot be read from the store.
    """
    source = Source(
        name=draft.source_name,
        media_type=draft.media_type,
        data=services.archive.load_source(draft.source_sha256),
        sha256=draft.source_sha256,
    )
    images = {image.number: image for image in page_images(draft, source, services)}
    pages = {page.number: page for page in draft.pages}
    for field in open_fields(draft):
        path = folder / f"{draft.id}-{field.name}.png"
        number = field.page if field.page in images else _likely_page(field, draft)
        part, framed = _around(field, pages.get(number)) if field.page == number else (None, None)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path.write_bytes(crop(images[number], part, framed=framed))
        except OSError as e:
            raise InputError(f"Không ghi được ảnh vào {folder} ({e.strerror}); chọn thư mục khác.") from e
        yield field.name, path


def _likely_page(field: Field, draft: Draft) -> int:
    """Return the page to look for a field that was not found: the first, for who signed the last with text."""
    if not field.name.startswith(_AT_END):
        return draft.pages[0].number
    beside = [f.page for name, f in draft.extraction.fields.items() if name.startswith(_AT_END) and f.page]
    written = [page.number for page in draft.pages if page.words]
    return max(beside or written or [draft.pages[0].number])


def _around(field: Field, page: PageText | None) -> tuple[Box | None, Box | None]:
    """Return the part of the page that is shown for a field, and the frame around what was read."""
    box = field.box
    if box is None:
        return None, None
    heights = [w.box.y1 - w.box.y0 for w in (page.words if page is not None else ()) if _within(w.box, box)]
    line = max(median(heights), _LINE / 2) if heights else _LINE
    part = Box(
        max(box.x0 - _BESIDE, 0.0),
        max(box.y0 - _LINES * line, 0.0),
        min(box.x1 + _BESIDE, 1.0),
        min(box.y1 + _LINES * line, 1.0),
    )
    gap = 0.25 * line
    framed = Box(box.x0 - gap, box.y0 - gap, box.x1 + gap, box.y1 + gap)
    return part, framed


def _within(word: Box, box: Box) -> bool:
    x, y = (word.x0 + word.x1) / 2, (word.y0 + word.y1) / 2
    return box.x0 <= x <= box.x1 and box.y0 <= y <= box.y1

"""Pictures of what a person has to decide on: the place on the paper where each open field stands."""

from collections.abc import Iterator
from pathlib import Path

from domain.errors import InputError
from domain.models import Draft, Source
from ocr.crop import crop
from pipeline.certify import page_images
from pipeline.review import open_fields
from pipeline.services import Services


def write_pictures(draft: Draft, folder: Path, services: Services) -> Iterator[tuple[str, Path]]:
    """Write a PNG for each open field of a draft, and yield the field's name and the file.

    A field that was found nowhere is shown by its whole first page.

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
    first = images[min(images)]
    for field in open_fields(draft):
        path = folder / f"{draft.id}-{field.name}.png"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path.write_bytes(crop(images.get(field.page, first), field.box))
        except OSError as e:
            raise InputError(f"Không ghi được ảnh vào {folder} ({e.strerror}); chọn thư mục khác.") from e
        yield field.name, path

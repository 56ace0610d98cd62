"""What a worker process of the bench does; light to import, as every worker imports it."""

import resource

from domain.models import PageImage, PageText
from ocr.recognize import ReadOptions, recognize


def read_page(image: PageImage) -> tuple[PageText, int]:
    """Return the text of a page, and the greatest resident size of this process or of Tesseract, in KiB."""
    text = recognize(image, options=ReadOptions())
    sizes = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return text, max(sizes)

"""What a worker process of the bench does; light to import, as every worker imports it."""

import resource
from functools import cache
from importlib.resources import files

from domain.models import PageImage, PageText
from ocr.confidence import load_calibration
from ocr.confirm import Confirmation, confirm
from ocr.extract import ExtractOptions
from ocr.kinds import load_kinds
from ocr.recognize import ReadOptions, recognize_with_copy
from ocr.units import load_units


def read_page(image: PageImage) -> tuple[PageText, int]:
    """Return the text of a page, and the greatest resident size of this process or of Tesseract, in KiB.

    It is read as `sohoa digitize` does, the words of values once more by the second model.
    """
    options = ReadOptions()
    text = confirm(recognize_with_copy(image, options=options), options=options, confirmation=_confirmation())
    sizes = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return text, max(sizes)


@cache
def _confirmation() -> Confirmation:
    configs = files("configs")
    return Confirmation(
        kinds=load_kinds(configs / "kinds"),
        extraction=ExtractOptions(
            calibration=load_calibration(configs / "calibration.toml"), units=load_units(configs / "units")
        ),
    )

"""What a worker process of the bench does; light to import, as every worker imports it."""

import os
import resource
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from domain.models import PageImage, PageText
from ocr.fields.confidence import load_calibration
from ocr.fields.confirm import Confirmation, confirm
from ocr.fields.extract import ExtractOptions
from ocr.fields.kinds import load_kinds
from ocr.lexicon.units import load_units
from ocr.recognition.recognize import ReadOptions, recognize_with_copy


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkedPage:
    """A page's text, and what its worker has used up so far."""

    text: PageText
    worker: int
    """Its process number."""
    cpu: float
    """Seconds of the worker and of what it started, since it started."""
    memory: int
    """Greatest resident size of the worker or of what it started, KiB."""


def read_page(image: PageImage) -> WorkedPage:
    """Return the text of a page, read as `sohoa digitize` does: the words of values once more by the second model."""
    options = ReadOptions()
    text = confirm(recognize_with_copy(image, options=options), options=options, confirmation=_confirmation())
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return WorkedPage(
        text=text,
        worker=os.getpid(),
        cpu=sum(usage.ru_utime + usage.ru_stime for usage in usages),
        memory=max(usage.ru_maxrss for usage in usages),
    )


@cache
def _confirmation() -> Confirmation:
    configs = files("configs")
    return Confirmation(
        kinds=load_kinds(configs / "kinds"),
        extraction=ExtractOptions(
            calibration=load_calibration(configs / "calibration.toml"), units=load_units(configs / "units")
        ),
    )

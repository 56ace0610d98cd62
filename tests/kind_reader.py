"""The kinds that are delivered, and a reader of the test papers of each with words changed."""

from functools import cache
from importlib.resources import files

from typed_papers import kinds_folder, typed_paper

from domain.models import Extraction
from ocr.fields.confidence import load_calibration
from ocr.fields.extract import ExtractOptions, extract
from ocr.fields.kinds import KindLibrary, load_kinds
from ocr.lexicon.units import load_units


@cache
def delivered_kinds() -> KindLibrary:
    """Return the kinds of `configs/kinds`."""
    return load_kinds(files("configs") / "kinds")


@cache
def delivered_options() -> ExtractOptions:
    """Return how fields are read, with the calibration and the lists that are delivered."""
    configs = files("configs")
    return ExtractOptions(
        calibration=load_calibration(configs / "calibration.toml"), units=load_units(configs / "units")
    )


def page_text(kind: str) -> str:
    """Return the text of a kind's test paper."""
    return (kinds_folder() / kind / "page.txt").read_text("utf-8")


def read_changed(kind: str, *changes: tuple[str, str], codes: tuple[str, ...] = ()) -> Extraction:
    """Return what is read on a kind's test paper with words changed (each a text that stands there, and another)."""
    text = page_text(kind)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return extract(typed_paper(text), delivered_kinds(), options=delivered_options(), codes=codes)


def codes_of(found: Extraction) -> set[tuple[str, str]]:
    """Return the problems of a paper, each with its field."""
    return {(problem.code, problem.field_name) for problem in found.problems}

"""A sample stack: papers of two people as a clerk lays them into the feeder, with separator sheets and a blank back."""

import json
import random as chance
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image

from ocr.samples.degrade import LEVELS, degrade
from ocr.samples.fonts import Fonts, find_fonts
from ocr.samples.people import Person, make_person
from ocr.samples.writer import PAPERS, SampleTruth, encode_pages, scan_pages, truth_of
from ocr.separators import separator_image
from ocr.symbols.codes import Separator

_LEVEL = "office_300"
_PAPERS = (("decision",), ("birth_certificate", "marital_status"))
"""The papers of each owner; a separator sheet lies before the first of them, the others have their titles alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StackTruth:
    """What lies in a stack."""

    papers: Mapping[tuple[int, ...], SampleTruth]
    """By the numbers of their pages."""
    separators: Mapping[int, Separator]
    """By page number."""
    blank_pages: tuple[int, ...]

    def to_json(self) -> str:
        """Return the truth as it stands beside the stack."""
        content = {
            "papers": [
                {
                    "pages": list(pages),
                    "kind": truth.kind,
                    "fields": dict(truth.fields),
                    "owner_id": truth.owner_id,
                    "owner_name": truth.owner_name,
                }
                for pages, truth in self.papers.items()
            ],
            "separators": {
                str(page): {"dossier": s.dossier, "owner": s.owner_id} for page, s in self.separators.items()
            },
            "blank_pages": list(self.blank_pages),
        }
        return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleStack:
    """A scanned stack as a PDF."""

    data: bytes = field(repr=False)
    truth: StackTruth


def make_stack(seed: int, *, font_folder: Path | None = None) -> SampleStack:
    """Return a stack of three papers on seven pages; the same seed gives the same bytes.

    Raises:
        ConfigurationError: there are no fonts with Vietnamese letters.
    """
    fonts = find_fonts(font_folder)
    pages: list[Image.Image] = []
    papers: dict[tuple[int, ...], SampleTruth] = {}
    separators: dict[int, Separator] = {}
    blank: list[int] = []
    for number, kinds in enumerate(_PAPERS, 1):
        random = chance.Random(f"stack/{seed}/{number}")
        owner = make_person(random)
        scanner = np.random.default_rng(random.getrandbits(64))
        separator = Separator(dossier=f"TAP-{seed:02d}-{number:02d}", owner_id=owner.personal_number)
        sheet = separator_image(separator, fonts, dpi=LEVELS[_LEVEL].dpi).convert("RGB")
        pages.append(degrade(sheet, level=_LEVEL, random=scanner))
        separators[len(pages)] = separator
        for kind in kinds:
            truth, scanned = _paper(kind, owner, fonts, random, scanner)
            papers[tuple(range(len(pages) + 1, len(pages) + len(scanned) + 1))] = truth
            pages += scanned
        if number == 1:
            pages.append(degrade(Image.new("RGB", sheet.size, "white"), level=_LEVEL, random=scanner))
            blank.append(len(pages))
    return SampleStack(
        data=encode_pages(pages, "pdf", level=_LEVEL),
        truth=StackTruth(papers=papers, separators=separators, blank_pages=tuple(blank)),
    )


def _paper(
    kind: str, owner: Person, fonts: Fonts, random: chance.Random, scanner: np.random.Generator
) -> tuple[SampleTruth, tuple[Image.Image, ...]]:
    paper = PAPERS[kind](random, fonts, owner)
    return truth_of(paper, _LEVEL), scan_pages(paper, fonts, level=_LEVEL, random=scanner)

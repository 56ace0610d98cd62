"""Sample dossiers: fictional papers, printed, signed, stamped and scanned, with the truth beside each."""

import json
import os
import random as chance
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from types import MappingProxyType

import numpy as np
from PIL import Image

from domain.errors import InputError
from domain.vietnamese import fold
from ocr.samples.degrade import LEVELS, degrade
from ocr.samples.draw import draw_sheet
from ocr.samples.fonts import Fonts, find_fonts
from ocr.samples.mail_stamp import MailStamp, put_mail_stamp
from ocr.samples.paper import Paper, PaperMaker
from ocr.samples.papers.administrative import ADMINISTRATIVE
from ocr.samples.papers.birth_certificate import make_birth_certificate
from ocr.samples.papers.construction_permit import make_construction_permit
from ocr.samples.papers.criminal_record import make_criminal_record
from ocr.samples.papers.death_extract import make_death_extract
from ocr.samples.papers.decision import make_decision
from ocr.samples.papers.diploma import make_diploma
from ocr.samples.papers.household_business import make_household_business
from ocr.samples.papers.identity_card import make_identity_card
from ocr.samples.papers.land_use_certificate import make_land_use_certificate
from ocr.samples.papers.marital_status import make_marital_status
from ocr.samples.papers.marriage_certificate import make_marriage_certificate
from ocr.samples.papers.notice import make_notice
from ocr.samples.papers.official_letter import make_official_letter
from ocr.samples.papers.resolution import make_resolution
from ocr.samples.pdf import write_born_digital, write_scan
from ocr.samples.people import make_person

BORN_DIGITAL = "born_digital"
"""Level of a paper that was never printed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleTruth:
    """What a sample says, known because we made it."""

    kind: str
    fields: Mapping[str, str]
    """Normalized values by field name."""
    owner_id: str
    owner_name: str
    pages: tuple[tuple[str, ...], ...]
    """The lines of each page."""
    segments: tuple[tuple[tuple[str, ...], ...], ...]
    """For each page its segments, for each segment its legal readings (several where columns stand side by side)."""
    level: str

    def to_json(self) -> str:
        """Return the truth as it stands beside the sample."""
        segments = [[alts[0] if len(alts) == 1 else {"alts": list(alts)} for alts in page] for page in self.segments]
        content = {
            "kind": self.kind,
            "fields": dict(self.fields),
            "owner_id": self.owner_id,
            "owner_name": self.owner_name,
            "pages": [list(lines) for lines in self.pages],
            "segments": segments,
            "level": self.level,
        }
        return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A scanned-looking paper as a file."""

    dossier: str
    """Name of the folder that it belongs in: one owner's dossier."""
    name: str
    """Of the file, without folders."""
    media_type: str
    data: bytes = field(repr=False)
    truth: SampleTruth


PAPERS: Mapping[str, PaperMaker] = MappingProxyType(
    {
        "birth_certificate": make_birth_certificate,
        "construction_permit": make_construction_permit,
        "criminal_record": make_criminal_record,
        "death_extract": make_death_extract,
        "decision": make_decision,
        "diploma": make_diploma,
        "household_business": make_household_business,
        "identity_card": make_identity_card,
        "land_use_certificate": make_land_use_certificate,
        "marital_status": make_marital_status,
        "marriage_certificate": make_marriage_certificate,
        "notice": make_notice,
        "official_letter": make_official_letter,
        "resolution": make_resolution,
        **ADMINISTRATIVE,
    }
)
"""The papers that can be made, by their kind."""


@dataclass(frozen=True, slots=True)
class _Plan:
    kind: str
    level: str
    form: str


_DOSSIERS: tuple[tuple[_Plan, ...], ...] = (
    (_Plan("decision", "office_300", "pdf"), _Plan("birth_certificate", "office_300", "jpg")),
    (_Plan("marital_status", "office_300", "png"), _Plan("decision", "office_300", "tiff")),
    (_Plan("birth_certificate", "archive_300", "pdf"), _Plan("marital_status", BORN_DIGITAL, "pdf")),
)


def make_samples(seed: int, *, font_folder: Path | None = None) -> Iterator[Sample]:
    """Yield the papers of a few dossiers; the same seed gives the same bytes.

    Raises:
        ConfigurationError: there are no fonts with Vietnamese letters.
    """
    fonts = find_fonts(font_folder)
    for number, plans in enumerate(_DOSSIERS, 1):
        owner = make_person(chance.Random(f"{seed}/{number}"))
        dossier = f"ho-so-{number:02d}-{fold(owner.name).replace(' ', '-')}"
        for place, plan in enumerate(plans, 1):
            random = chance.Random(f"{seed}/{number}/{place}")
            paper = PAPERS[plan.kind](random, fonts, owner)
            scanner = np.random.default_rng(random.getrandbits(64))
            yield _scan(paper, plan, fonts, (dossier, f"{place:02d}-{paper.slug}"), scanner)


def scan_pages(
    paper: Paper, fonts: Fonts, *, level: str, random: np.random.Generator, received: MailStamp | None = None
) -> tuple[Image.Image, ...]:
    """Return the pages of a paper as a scanner of this level gives them, at the level's resolution.

    Args:
        paper: The paper.
        fonts: To draw it with.
        level: How bad the scan is.
        random: Where the scanner's chances come from.
        received: The stamp of the office that received it, on its first page.
    """
    clean = [draw_sheet(sheet, fonts, dpi=LEVELS[level].dpi) for sheet in paper.sheets]
    if received is not None:
        clean[0] = put_mail_stamp(clean[0], received, fonts, dpi=LEVELS[level].dpi)
    backs = clean[1:] + clean[:1]
    return tuple(degrade(page, level=level, random=random, back=back) for page, back in zip(clean, backs, strict=True))


def truth_of(paper: Paper, level: str) -> SampleTruth:
    """Return the truth about a paper."""
    return SampleTruth(
        kind=paper.kind,
        fields=paper.fields,
        owner_id=paper.owner.personal_number,
        owner_name=paper.owner.name,
        pages=tuple(sheet.lines for sheet in paper.sheets),
        segments=tuple(sheet.segments for sheet in paper.sheets),
        level=level,
    )


def write_samples(folder: Path, *, seed: int, font_folder: Path | None = None) -> tuple[Path, ...]:
    """Write the sample dossiers into a folder, the truth beside each file; return the papers' paths.

    Raises:
        ConfigurationError: there are no fonts with Vietnamese letters.
        InputError: a file of the same name and other content is there, or the folder cannot be written.
    """
    return write_all(folder, make_samples(seed, font_folder=font_folder))


def write_all(folder: Path, samples: Iterable[Sample]) -> tuple[Path, ...]:
    """Write samples into a folder, as `write_samples` does."""
    written = []
    for sample in samples:
        path = folder / sample.dossier / sample.name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_once(path, sample.data)
            write_once(path.with_name(f"{path.name}.truth.json"), sample.truth.to_json().encode())
        except OSError as e:
            raise InputError(
                f"Không ghi được vào thư mục {folder}; vui lòng kiểm tra quyền ghi và dung lượng còn trống."
            ) from e
        written.append(path)
    return tuple(written)


def _scan(paper: Paper, plan: _Plan, fonts: Fonts, place: tuple[str, str], random: np.random.Generator) -> Sample:
    dossier, stem = place
    if plan.level == BORN_DIGITAL:
        data = write_born_digital(paper.sheets, fonts)
    else:
        data = encode_pages(scan_pages(paper, fonts, level=plan.level, random=random), plan.form, level=plan.level)
    return Sample(
        dossier=dossier,
        name=f"{stem}.{plan.form}",
        media_type=_MEDIA_TYPES[plan.form],
        data=data,
        truth=truth_of(paper, plan.level),
    )


_MEDIA_TYPES = {"pdf": "application/pdf", "tiff": "image/tiff", "png": "image/png", "jpg": "image/jpeg"}


def encode_pages(pages: Sequence[Image.Image], form: str, *, level: str) -> bytes:
    """Return pages as a file: a PDF of JPEGs, a bilevel TIFF (CCITT G4), a PNG or a JPEG (of the first page)."""
    setting = LEVELS[level]
    if form == "pdf":
        return write_scan(pages, dpi=setting.dpi, quality=setting.quality)
    out, dpi = BytesIO(), (setting.dpi, setting.dpi)
    if form == "tiff":
        first, *rest = [_bilevel(page) for page in pages]
        first.save(out, "TIFF", compression="group4", dpi=dpi, save_all=True, append_images=rest)
    elif form == "png":
        pages[0].save(out, "PNG", dpi=dpi, compress_level=3)
    else:
        pages[0].save(out, "JPEG", dpi=dpi, quality=setting.quality)
    return out.getvalue()


def _bilevel(page: Image.Image) -> Image.Image:
    return page.convert("L").point(lambda value: 255 if value > 168 else 0).convert("1")


def write_once(path: Path, data: bytes) -> None:
    """Write a file under a temporary name and rename it; a file with the same bytes may be there already."""
    if path.exists():
        if path.is_file() and path.read_bytes() == data:
            return
        raise InputError(f"Đã có sẵn tệp {path} với nội dung khác; vui lòng chọn một thư mục trống để ghi giấy tờ mẫu.")
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".sample-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(temporary).replace(path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise

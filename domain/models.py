"""The values that flow from a scan to a certified copy; all of them frozen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple


class Box(NamedTuple):
    """A rectangle in fractions of the upright page, from its top left corner."""

    x0: float
    y0: float
    x1: float
    y1: float


# ---------------------------------------------------------------- what comes in


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file as it came in; never changed."""

    name: str
    """The file's name without folders."""
    media_type: str
    """As found in the bytes, e.g. `application/pdf`; never taken from the name."""
    data: bytes = field(repr=False)
    sha256: str
    """Of `data`, in lower-case hexadecimal digits."""


class ImageEncoding(StrEnum):
    """How the stream of a page image is encoded, as PDF names it (ISO 32000-1, 7.4)."""

    JPEG = "jpeg"
    """DCTDecode."""
    CCITT_G4 = "ccitt_g4"
    """CCITTFaxDecode, K = -1, no end-of-line marks, black pixels are 0 bits unless `black_is_1`."""
    FLATE = "flate"
    """FlateDecode of rows of samples from the top, no predictor."""


class ColorModel(StrEnum):
    """What the samples of an image mean."""

    BILEVEL = "bilevel"
    GRAY = "gray"
    RGB = "rgb"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageImage:
    """One page as it was scanned: the image that is archived, untouched by the preparation for reading."""

    number: int
    """From 1, in the paper."""
    width: int
    """In pixels, as stored, before `rotation`."""
    height: int
    dpi: float
    rotation: int = 0
    """Clockwise degrees that turn the stored image upright: 0, 90, 180 or 270."""
    encoding: ImageEncoding
    color: ColorModel
    black_is_1: bool = False
    """Only for bilevel images: a 1 bit is black (PDF's BlackIs1)."""
    data: bytes = field(repr=False)
    """The encoded stream; its SHA-256 stands for the page in the content digest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """Where a paper belongs: whose it is and in which dossier it came."""

    owner_id: str = ""
    """Personal number, or tax or agency code; empty where it is not known."""
    owner_name: str = ""
    dossier: str = ""
    procedure: str = ""
    unit: str = ""
    """Agency code of the unit that digitises."""
    submission: str = "original"
    """Form of what was handed in (TT 01/2023 Art. 4): `original`, `register_copy`, `certified_copy`, `compared`."""


# ---------------------------------------------------------------- what was read


class TextOrigin(StrEnum):
    """Where the text of a page comes from."""

    OCR = "ocr"
    TEXT_LAYER = "text_layer"
    """The file's own text, checked to be real."""
    NONE = "none"
    """A blank page, or one with stamps only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word on a page."""

    text: str
    confidence: float
    """From 0 to 1."""
    box: Box
    line: int
    """Index of its line in reading order, from 0."""
    block: int = 0
    """Index of its block (column, table, letterhead side) in reading order, from 0."""
    raw: str = ""
    """As first read, where spelling or context put it right; else empty."""
    second: str | None = None
    """What another model read in its place, with what it read beside; None where it was not asked."""
    figures: str | None = None
    """What a third model, which knows figures only, read in its place; None where the two did not differ in figures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell of a table."""

    text: str
    """Its lines with single blanks between them; empty where nothing stands."""
    box: Box
    column: int
    """Of its left side, from 0."""
    rows: int = 1
    """How many rows it spans."""
    columns: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table on a page, ruled or with clear columns."""

    box: Box
    rows: tuple[tuple[Cell, ...], ...]
    """From the top down; a cell that spans several rows stands in its first one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    """The text of one page, with every word's place."""

    number: int
    width: int
    """In pixels of the upright page."""
    height: int
    dpi: float
    rotation: int = 0
    """Clockwise degrees by which the scan was turned to be read."""
    origin: TextOrigin
    words: tuple[Word, ...]
    """In reading order."""
    text: str
    """NFC; lines end with a newline, blocks are set apart by an empty line, cells of a table's row by a tab."""
    look: int = 0
    """Perceptual hash of the page image, 64 bits, unsigned; 0 where it was not taken."""
    codes: tuple[str, ...] = ()
    """Texts of the QR codes and barcodes on the page, where they were looked for."""
    tables: tuple[Table, ...] = ()
    findings: tuple[str, ...] = ()
    """Codes of the problems that reading the image found beside its text, e.g. `mirrored_page`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that a person must look at. Its words are in `configs/messages`, under its code."""

    code: str
    field_name: str = ""
    """Name of the field it is about, if it is about one."""
    page: int = 0
    """Page number it is about, 0 for the whole paper."""
    values: Mapping[str, str] = field(default_factory=dict)
    """What the message mentions, by the names of its placeholders."""
    blocking: bool = True
    """Whether a person must decide before the paper can be certified."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One value read from a paper."""

    name: str
    value: str | None
    """Normalized (dates are ISO, numbers joined); None where nothing certain could be made of `raw`."""
    raw: str = ""
    """As printed; empty where nothing stands."""
    confidence: float
    """Probability from 0 to 1 that `value` is what the paper says."""
    page: int = 0
    box: Box | None = None
    doubtful: bool
    """Whether a person has to look at it."""
    confirmed_by: str = ""
    """Who decided on it, empty if nobody has."""

    @property
    def needs_review(self) -> bool:
        """Whether it is doubtful and nobody has decided on it."""
        return self.doubtful and not self.confirmed_by


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """What a paper is and says."""

    kind: str
    """Code of the kind, `unknown` where it could not be told."""
    kind_confidence: float
    fields: Mapping[str, Field]
    problems: tuple[Problem, ...] = ()


class DraftStatus(StrEnum):
    """How far a draft is."""

    READY = "ready"
    NEEDS_REVIEW = "needs_review"
    CERTIFIED = "certified"
    DISCARDED = "discarded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a person decided in the review; kept as evidence."""

    at: datetime
    by: str
    action: str
    """`set`, `confirm`, `accept` (a problem), `approve` (the whole draft) or `discard`."""
    subject: str = ""
    """Name of the field, `kind`, or code of the problem."""
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A paper that was read and is not yet certified. Every decision makes a new revision."""

    id: str
    revision: int = 1
    source_name: str
    source_sha256: str
    media_type: str
    page_numbers: tuple[int, ...]
    """Pages of the source that make up the paper, from 1."""
    part: int = 0
    """Which paper of a scanned stack it is, from 1; 0 where the source is one paper."""
    parts: int = 0
    """How many papers the stack has."""
    signed_source: bool = False
    """Whether the source is a PDF that carries signatures: it is kept byte for byte."""
    filing: Filing
    pages: tuple[PageText, ...]
    extraction: Extraction
    decisions: tuple[Decision, ...] = ()
    created_at: datetime
    created_by: str
    status: DraftStatus
    document_id: str = ""
    """Of the record that it became."""


# ---------------------------------------------------------------- what is certified


class IssueForm(StrEnum):
    """The three kinds of issue."""

    DIGITIZED = "digitized"
    """Digitised paper, signed by the one who scanned it (TT 01/2023 Art. 8)."""
    CERTIFIED_COPY = "certified_copy"
    """Chứng thực bản sao điện tử từ bản chính (NĐ 45/2020 Art. 10)."""
    REGISTER_COPY = "register_copy"
    """Bản sao điện tử từ sổ gốc (NĐ 23/2015 Arts 16 and 17)."""


class PadesLevel(StrEnum):
    """Baseline levels of ETSI EN 319 142-1."""

    B_B = "B-B"
    B_T = "B-T"
    B_LT = "B-LT"
    B_LTA = "B-LTA"


class RecordState(StrEnum):
    """Whether a certified paper holds."""

    IN_FORCE = "in_force"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    SUSPENDED = "suspended"
    """Under verification."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectRef:
    """An object in the store."""

    key: str
    size: int
    """In bytes."""
    sha512: str
    """Lower-case hexadecimal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A certified paper: the index's row; the store holds the same as `metadata.json`."""

    id: str
    """Random, 16 lower-case characters of Crockford's base32."""
    draft_id: str
    form: IssueForm
    filing: Filing
    kind: str
    title: str
    fields: Mapping[str, str]
    """The confirmed values by field name."""
    page_count: int
    register_number: str
    """As printed, e.g. `12/2026-SCTĐT/BS`; empty for a digitised paper."""
    book: str = ""
    """As printed after "Quyển số", e.g. `01/2026-SCTĐT/BS`."""
    certified_at: datetime
    certifier: str
    agency: str
    signers: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 of each signer's certificate, by the name of the signature field."""
    level: PadesLevel
    sha256: str
    """Of the signed file as it stands now."""
    size: int
    content_sha256: str
    """Content digest of the page images before stamping; stands in the seal too."""
    seal: str
    """The seal in base32, as printed."""
    url: str
    """The verification link without the seal."""
    status_index: int
    """Place in the status list."""
    state: RecordState = RecordState.IN_FORCE
    state_reason: str = ""
    state_at: datetime | None = None
    superseded_by: str = ""
    valid_until: date | None = None
    kept_until: date | None = None
    """Last day on which it must not be deleted, as promised when it was certified; `PERMANENT` for ever."""
    demonstration: bool = False
    """Signed by the demonstration authority: worth nothing outside of tests."""


# ---------------------------------------------------------------- what is answered


class Verdict(StrEnum):
    """The answer to the public question."""

    GENUINE = "genuine"
    ALTERED = "altered"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    UNKNOWN = "unknown"
    """Not issued here, as far as can be seen."""
    UNDECIDED = "undecided"
    """Could not be checked to the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One ground of an answer. Its words are in `configs/messages`, under its code."""

    code: str
    good: bool
    """Whether it speaks for the paper."""
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureReport:
    """The technical check of one signature or document time-stamp in a PDF."""

    field_name: str
    signer: str
    """Common name from the certificate."""
    issuer: str
    serial: str
    """The certificate's serial number, hexadecimal."""
    is_timestamp: bool = False
    revision: int
    """Of the file, from 1."""
    intact: bool
    """The signed bytes are unchanged and the cryptography holds."""
    trusted: bool
    """The certificate leads to a configured trust root and was good at the signing time."""
    level: PadesLevel | None = None
    signed_at: datetime | None = None
    """As the signer claims."""
    timestamped_at: datetime | None = None
    """As a time-stamp proves."""
    covers_whole_file: bool
    problems: tuple[Reason, ...] = ()

    @property
    def valid(self) -> bool:
        """Whether it is intact, trusted and nothing speaks against it."""
        return self.intact and self.trusted and not self.problems


@dataclass(frozen=True, slots=True, kw_only=True)
class SealContent:
    """What the seal in the QR code says, after its signature was found to hold."""

    document_id: str
    issuer: str
    """Name of the issuing agency as its key is published."""
    key_id: str
    """Hexadecimal."""
    kind: str
    number: str
    issue_date: str
    """ISO, possibly partial."""
    register_number: str
    certified_on: date
    holder: str
    """Name of the holder, masked by default."""
    status_index: int
    content_sha256: str
    extra: Mapping[str, str] = field(default_factory=dict)
    """The fields of TT 01/2023 Art. 26 where that profile is switched on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusAnswer:
    """What a status list says about a document."""

    number: int
    """Of the list, rising."""
    issued_at: datetime
    state: RecordState


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """The answer to: is this genuine, unaltered and in force?"""

    verdict: Verdict
    reasons: tuple[Reason, ...]
    document_id: str = ""
    signatures: tuple[SignatureReport, ...] = ()
    as_of: datetime
    status_list: int | None = None
    """Number of the status list that was asked."""
    record: Record | None = None
    """Only where the register is at hand; front ends mask personal data."""
    seal: SealContent | None = None

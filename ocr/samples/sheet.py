"""What stands on a sample sheet, and where; the same value is drawn as a picture or written as a PDF.

Places are in points (1/72 inch) from the top left corner, y downwards; a text's y is its baseline.
"""

from dataclasses import dataclass, field

from ocr.samples.fonts import Face

Color = tuple[int, int, int]

BLACK: Color = (22, 22, 26)
RED: Color = (206, 32, 44)
BLUE: Color = (38, 44, 168)
MILLIMETRE = 72 / 25.4
A4 = (210 * MILLIMETRE, 297 * MILLIMETRE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How a text looks."""

    face: Face = field(default_factory=Face)
    size: float = 13.5
    """In points."""
    color: Color = BLACK


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRun:
    """A piece of a line in one style."""

    x: float
    y: float
    text: str
    style: Style
    word_space: float = 0.0
    """Points added to each blank, to justify a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A straight line; dotted where it is to be written on."""

    x0: float
    y0: float
    x1: float
    y1: float
    width: float = 0.7
    dotted: bool = False
    color: Color = BLACK


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A rectangle, filled or not."""

    x0: float
    y0: float
    x1: float
    y1: float
    width: float = 0.8
    color: Color = BLACK
    fill: Color | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """A round stamp, drawn as ink over what is there."""

    x: float
    y: float
    radius: float
    ring: str
    """Text along the upper rim."""
    foot: str
    """Text along the lower rim."""
    color: Color = RED
    turn: float = 0.0
    """Degrees, clockwise."""
    seed: int = 0
    """Of the unevenness of the ink."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scribble:
    """A signature by a pen."""

    x: float
    y: float
    width: float
    height: float
    seed: int
    color: Color = BLUE


@dataclass(frozen=True, slots=True, kw_only=True)
class Emblem:
    """A stand-in for the national emblem: a red disc with a star in a golden wreath."""

    x: float
    y: float
    radius: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A printed QR code or barcode."""

    x: float
    y: float
    width: float
    height: float
    text: str
    format: str = "QRCode"
    """A name of zxing-cpp's formats."""
    robust: bool = False
    """Of a QR code: whether it has the most error correction (level H)."""


Item = TextRun | Rule | Frame | Stamp | Scribble | Emblem | Code


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One side of paper with all that stands on it, and its text."""

    width: float = A4[0]
    height: float = A4[1]
    items: tuple[Item, ...]
    segments: tuple[tuple[str, ...], ...]
    """The text, top down; each segment with its legal readings (several where columns stand side by side)."""
    paper: Color = field(default=(255, 255, 255))

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines of text, each segment in its first legal reading."""
        return tuple(line for alternatives in self.segments for line in alternatives[0].split("\n"))

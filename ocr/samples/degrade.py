"""Making a clean page look as if it had come off a scanner, in four levels."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from domain.errors import ConfigurationError

Pixels = NDArray[np.uint8]
Random = np.random.Generator


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """How bad a scan is."""

    dpi: int
    skew: float = 0.0
    """Greatest angle, degrees either way."""
    noise: float = 0.0
    """Standard deviation of the grain, grey levels."""
    blur: float = 0.0
    """Standard deviation in pixels at 300 dpi."""
    paper: tuple[int, int, int] = (255, 255, 255)
    fade: float = 0.0
    """Share of the print's darkness that is lost."""
    bleed: float = 0.0
    """Share of the other side's print that shows through."""
    shade: float = 0.0
    """Share of light lost at the darkest edge."""
    specks: int = 0
    """Dust and holes a page."""
    quality: int = 90
    """Of the JPEG that the scanner writes."""


LEVELS: Mapping[str, Level] = MappingProxyType(
    {
        "clean_300": Level(dpi=300, noise=1.5, blur=0.35, quality=92),
        "office_300": Level(
            dpi=300, skew=1.3, noise=9.0, blur=0.8, paper=(250, 249, 245), fade=0.10, shade=0.05, specks=12, quality=64
        ),
        "archive_200": Level(
            dpi=200, skew=1.8, noise=11.0, blur=1.3, paper=(228, 211, 172), fade=0.50, bleed=0.37, shade=0.16,
            specks=60, quality=48,
        ),
        "archive_300": Level(
            dpi=300, skew=1.8, noise=11.0, blur=1.3, paper=(228, 211, 172), fade=0.50, bleed=0.37, shade=0.16,
            specks=60, quality=50,
        ),
    }
)  # fmt: skip


def level_of(name: str) -> Level:
    """Return a level by its name.

    Raises:
        ConfigurationError: there is no such level.
    """
    if name not in LEVELS:
        raise ConfigurationError(f"Không có mức chất lượng quét «{name}»; các mức có sẵn: {', '.join(LEVELS)}.")
    return LEVELS[name]


def degrade(picture: Image.Image, *, level: str, random: Random, back: Image.Image | None = None) -> Image.Image:
    """Return the page as the scanner gives it; the picture must have the level's resolution.

    Args:
        picture: The clean page.
        level: A name in `LEVELS`.
        random: Where the scanner's chances come from.
        back: What is printed on the other side; the page itself where nothing is given.
    """
    wanted = level_of(level)
    page = np.asarray(picture.convert("RGB"))
    if wanted.bleed:
        page = _bleed_through(page, np.asarray((back or picture).convert("L")), wanted, random)
    page = _on_paper(page, wanted)
    if wanted.specks:
        page = _speckle(page, wanted, random)
    if wanted.skew:
        page = _turn(page, float(random.uniform(-wanted.skew, wanted.skew)), wanted.paper)
    if wanted.blur:
        page = np.asarray(cv2.GaussianBlur(page, (0, 0), wanted.blur * wanted.dpi / 300), np.uint8)
    if wanted.shade:
        page = _shade(page, wanted.shade, random)
    if wanted.noise:
        page = _grain(page, wanted.noise, random)
    return Image.fromarray(page)


def _bleed_through(page: Pixels, back: Pixels, level: Level, random: Random) -> Pixels:
    mirrored = cv2.GaussianBlur(back[:, ::-1], (0, 0), 2.2 * level.dpi / 300)
    shift = random.integers(-level.dpi // 8, level.dpi // 8, 2)
    matrix = np.array([[1, 0, shift[0]], [0, 1, shift[1]]], np.float32)
    height, width = page.shape[:2]
    moved = cv2.warpAffine(mirrored, matrix, (width, height), borderMode=cv2.BORDER_CONSTANT, borderValue=(255,))
    through = (255 - (255 - moved.astype(np.float32)) * level.bleed) / 255
    return np.asarray((page * through[:, :, None]).astype(np.uint8))


def _on_paper(page: Pixels, level: Level) -> Pixels:
    """Fade the print, and lay it on paper of the level's colour."""
    table = np.arange(256, dtype=np.float32)
    faded = 255 - (255 - table) * (1 - level.fade)
    tables = np.stack([faded * channel / 255 for channel in level.paper], axis=1).round().astype(np.uint8)
    return np.stack([cv2.LUT(np.ascontiguousarray(page[:, :, i]), tables[:, i]) for i in range(3)], axis=2)


def _speckle(page: Pixels, level: Level, random: Random) -> Pixels:
    """Put dust on the glass and rust spots on old paper."""
    result = page.copy()
    height, width = result.shape[:2]
    for _ in range(level.specks):
        center = (int(random.integers(width)), int(random.integers(height)))
        radius = int(random.integers(1, 3)) if random.random() < 0.97 else int(random.integers(3, 9))
        shade = float(random.uniform(0.35, 0.85))
        color = tuple(int(channel * shade) for channel in level.paper)
        cv2.circle(result, center, radius, color, -1, cv2.LINE_AA)
    return result


def _turn(page: Pixels, degrees: float, paper: tuple[int, int, int]) -> Pixels:
    height, width = page.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return np.asarray(
        cv2.warpAffine(
            page, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=paper
        ),
        np.uint8,
    )


def _shade(page: Pixels, share: float, random: Random) -> Pixels:
    """Darken the page slowly towards one side and in broad clouds."""
    height, width = page.shape[:2]
    coarse = random.random((7, 5)).astype(np.float32)
    angle = float(random.uniform(0, 2 * math.pi))
    ys, xs = np.mgrid[-1:1:7j, -1:1:5j]
    slope = (np.cos(angle) * xs + np.sin(angle) * ys + 1.5) / 3
    light = (1 - share * (0.4 * coarse + 0.6 * slope)).astype(np.float32)
    field = cv2.resize(light, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(cv2.multiply(page, cv2.merge([field] * 3), dtype=cv2.CV_8U), np.uint8)


def _grain(page: Pixels, deviation: float, random: Random) -> Pixels:
    """Add the sensor's noise, the same in all colours in the main; one tile, laid at chance over the page."""
    side = 512
    tile = random.normal(0, deviation, (side, side)).round().astype(np.int16)
    height, width = page.shape[:2]
    y, x = (int(v) for v in random.integers(0, side, 2))
    field = np.tile(tile, (height // side + 2, width // side + 2))[y : y + height, x : x + width]
    return np.asarray(cv2.add(page, cv2.merge([field] * 3), dtype=cv2.CV_8U), np.uint8)

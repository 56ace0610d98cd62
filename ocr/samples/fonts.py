"""The fonts that sample papers are set in: the metrics of Times, Arial and Courier, found in the usual folders."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from fontTools.ttLib import TTFont
from PIL import ImageFont

from domain.errors import ConfigurationError

_FOLDERS = (
    "/usr/share/fonts/truetype/liberation2",
    "/usr/share/fonts/truetype/liberation",
    "/usr/share/fonts/liberation-serif",
    "/usr/share/fonts/liberation",
    "/usr/share/fonts/TTF",
    "/usr/local/share/fonts",
    "/Library/Fonts",
    "/System/Library/Fonts/Supplemental",
    "C:/Windows/Fonts",
)
_FACES = ("", "Bold", "Italic", "BoldItalic")


class Family(StrEnum):
    """A family of fonts."""

    SERIF = "serif"
    SANS = "sans"
    MONO = "mono"


_LIBERATION = {Family.SERIF: "LiberationSerif", Family.SANS: "LiberationSans", Family.MONO: "LiberationMono"}
_WINDOWS = {
    Family.SERIF: ("times.ttf", "timesbd.ttf", "timesi.ttf", "timesbi.ttf"),
    Family.SANS: ("arial.ttf", "arialbd.ttf", "ariali.ttf", "arialbi.ttf"),
    Family.MONO: ("cour.ttf", "courbd.ttf", "couri.ttf", "courbi.ttf"),
}


@dataclass(frozen=True, slots=True)
class Face:
    """One cut of a family."""

    family: Family = Family.SERIF
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True)
class Fonts:
    """The font files by face; opened fonts are kept as long as the value lives."""

    files: dict[Face, Path]

    @cached_property
    def _open(self) -> dict[tuple[Face, float], ImageFont.FreeTypeFont]:
        return {}

    def at(self, face: Face, pixels: float) -> ImageFont.FreeTypeFont:
        """Return the font of a face at a size in pixels per em."""
        key = (face, pixels)
        if key not in self._open:
            path = str(self.files[face])
            self._open[key] = ImageFont.truetype(path, pixels, layout_engine=ImageFont.Layout.BASIC)
        return self._open[key]

    def width(self, text: str, face: Face, size: float) -> float:
        """Return the width of a text, in the unit of `size`."""
        return float(self.at(face, 1000).getlength(text)) * size / 1000


def find_fonts(folder: Path | None = None) -> Fonts:
    """Return the fonts in the folder, or in the first of the usual folders that holds a whole set.

    Raises:
        ConfigurationError: no folder holds the twelve files of a set with Vietnamese letters.
    """
    for place in [folder] if folder else [Path(name) for name in _FOLDERS]:
        for names in (_liberation_names(), _windows_names()):
            files = {face: place / name for face, name in names.items()}
            if all(path.is_file() for path in files.values()) and _has_vietnamese(files[Face()]):
                return Fonts(files)
    raise ConfigurationError(
        "Không tìm thấy phông chữ có đủ dấu tiếng Việt; vui lòng cài gói fonts-liberation2 (Debian 12) hoặc "
        "fonts-liberation (Debian 13), hoặc chỉ rõ thư mục phông chữ."
    )


def _has_vietnamese(path: Path) -> bool:
    """Return whether the font has Vietnamese letters; the first edition of Liberation has not."""
    with TTFont(path, lazy=True) as font:
        return all(ord(letter) in font.getBestCmap() for letter in "ạộừỹƯƠ")


def _liberation_names() -> dict[Face, str]:
    return {
        Face(family, "Bold" in cut, "Italic" in cut): f"{stem}-{cut or 'Regular'}.ttf"
        for family, stem in _LIBERATION.items()
        for cut in _FACES
    }


def _windows_names() -> dict[Face, str]:
    return {
        Face(family, "Bold" in cut, "Italic" in cut): name
        for family, names in _WINDOWS.items()
        for cut, name in zip(_FACES, names, strict=True)
    }

"""Running text set on pages, as reports are: for measuring recognition on text that is not our own."""

from ocr.samples.fonts import Fonts
from ocr.samples.sheet import Sheet
from ocr.samples.typeset import PaperWriter

_HEADINGS = ("I.", "II.", "III.", "IV.", "V.", "VI.", "VII.")


def typeset_text(text: str, fonts: Fonts, *, size: float = 13.5) -> tuple[Sheet, ...]:
    """Return a text on as many pages as it takes; each of its lines is a paragraph, empty lines are left out.

    Args:
        text: Plain text; `**` in it would switch bold type, so it is taken out.
        fonts: The fonts to set it in.
        size: Of the type, in points.
    """
    writer = PaperWriter(fonts)
    for paragraph in text.replace("**", "").splitlines():
        line = " ".join(paragraph.split())
        if not line:
            continue
        heading = line.startswith(_HEADINGS) or (len(line) < 90 and line.upper() == line)
        style = writer.bold(size) if heading else writer.plain(size)
        writer.paragraph(line, style)
    return writer.finish()

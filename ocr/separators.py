"""Separator sheets: printed, laid before each paper of a stack, and found again by their code after scanning."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from PIL import Image

from ocr.samples.draw import draw_sheet
from ocr.samples.fonts import Face, Family, Fonts, find_fonts
from ocr.samples.pdf import write_born_digital
from ocr.samples.sheet import A4, MILLIMETRE, Code, Frame, Sheet, Style
from ocr.samples.typeset import Margins, PaperWriter
from ocr.symbols.codes import Separator, separator_text

_CODE_SIDE = 78 * MILLIMETRE
_SMALL_SIDE = 40 * MILLIMETRE


def separator_sheets(separators: Sequence[Separator], *, font_folder: Path | None = None) -> bytes:
    """Return a PDF with one A4 sheet for each separator; without any, one that only says that a new paper begins.

    Raises:
        ConfigurationError: there are no fonts with Vietnamese letters.
    """
    fonts = find_fonts(font_folder)
    return write_born_digital([_sheet(separator, fonts) for separator in separators or (Separator(),)], fonts)


def separator_picture(separator: Separator, *, dpi: int = 150, font_folder: Path | None = None) -> bytes:
    """Return a separator sheet as a PNG.

    Raises:
        ConfigurationError: there are no fonts with Vietnamese letters.
    """
    out = BytesIO()
    separator_image(separator, find_fonts(font_folder), dpi=dpi).convert("L").save(out, "PNG", dpi=(dpi, dpi))
    return out.getvalue()


def separator_image(separator: Separator, fonts: Fonts, *, dpi: int) -> Image.Image:
    """Return a separator sheet as it comes out of the printer."""
    return draw_sheet(_sheet(separator, fonts), fonts, dpi=dpi)


def _sheet(separator: Separator, fonts: Fonts) -> Sheet:
    """Set the sheet: a large code in the middle and a second one at the foot, should the first be torn or stained."""
    sans = Style(face=Face(Family.SANS), size=13)
    margin = 25 * MILLIMETRE
    writer = PaperWriter(fonts, style=sans, margins=Margins(left=margin, right=margin))
    text = separator_text(separator)
    inset = 12 * MILLIMETRE
    writer.put(Frame(x0=inset, y0=inset, x1=A4[0] - inset, y1=A4[1] - inset, width=3))
    writer.skip(6)
    writer.line("TỜ PHÂN CÁCH GIẤY TỜ", writer.bold(28))
    writer.skip(4)
    writer.centered(
        "Đặt tờ này trước trang đầu của mỗi giấy tờ khi quét cả tập. Không viết, không đóng dấu lên mã.", sans, 400
    )
    writer.skip(14)
    writer.put(_code(text, writer.center - _CODE_SIDE / 2, writer.y, _CODE_SIDE))
    writer.skip(_CODE_SIDE + 22)
    for label, value in (
        ("Mã hồ sơ", separator.dossier),
        ("Mã định danh chủ giấy tờ", separator.owner_id),
        ("Mã thủ tục", separator.procedure),
    ):
        shown = value or "(theo tập hồ sơ đang quét)"
        writer.line(f"{label}: {shown}", writer.bold(16) if value else writer.plain(12))
    foot = A4[1] - inset - _SMALL_SIDE - 10 * MILLIMETRE
    writer.put(_code(text, A4[0] - inset - _SMALL_SIDE - 8 * MILLIMETRE, foot, _SMALL_SIDE))
    writer.put_line("Tờ này không được lưu vào hồ sơ;", writer.plain(11), inset + 18, foot + 40)
    writer.put_line("in lại bằng lệnh: sohoa separators", writer.plain(11), inset + 18, foot + 56)
    return writer.finish()[0]


def _code(text: str, x: float, y: float, side: float) -> Code:
    return Code(x=x, y=y, width=side, height=side, text=text, robust=True)

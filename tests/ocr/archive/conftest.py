import io
import zlib
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from importlib.resources import files

import pytest
from PIL import Image, ImageDraw, ImageFont
from tools.verapdf.judge import VeraPdf, open_verapdf

from domain.models import Box, ColorModel, ImageEncoding, IssueForm, PageImage, PageText, TextOrigin, Word
from ocr.archive.compose import CopyDescription
from ocr.archive.fonts import FONT_FOLDERS, FontBook, open_fonts
from ocr.archive.statement import Statement, StatementFacts, fill_statement, load_statements
from ocr.picture.raster import encode_g4

NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def fonts() -> FontBook:
    return open_fonts()


@pytest.fixture(scope="session")
def verapdf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VeraPdf]:
    with open_verapdf(tmp_path_factory.mktemp("verapdf")) as judge:
        yield judge


class Paper:
    """A drawn page: its picture and its text, with the place of every word."""

    def __init__(self, picture: Image.Image, text: PageText) -> None:
        self.picture = picture
        self.text = text

    def image(self, encoding: ImageEncoding = ImageEncoding.JPEG, *, rotation: int = 0) -> PageImage:
        picture = self.picture.rotate(rotation, expand=True)
        color = ColorModel.RGB
        if encoding is ImageEncoding.JPEG:
            out = io.BytesIO()
            picture.save(out, "JPEG", quality=80)
            data = out.getvalue()
        elif encoding is ImageEncoding.CCITT_G4:
            color, data = ColorModel.BILEVEL, encode_g4(picture.convert("L").point(lambda v: 255 * (v > 128), "1"))
        else:
            data = zlib.compress(picture.tobytes(), 1)
        return PageImage(
            number=self.text.number,
            width=picture.width,
            height=picture.height,
            dpi=self.text.dpi,
            rotation=rotation,
            encoding=encoding,
            color=color,
            data=data,
        )


def _draw(
    lines: Sequence[str] = ("ỦY BAN NHÂN DÂN", "QUYẾT ĐỊNH"),
    *,
    size_mm: tuple[float, float] = (210, 297),
    corner_mm: tuple[float, float] = (36, 40),
    dpi: int = 100,
    number: int = 1,
    paper: tuple[int, int, int] = (255, 255, 255),
) -> Paper:
    scale = dpi / 25.4
    width, height = round(size_mm[0] * scale), round(size_mm[1] * scale)
    picture = Image.new("RGB", (width, height), paper)
    pen = ImageDraw.Draw(picture)
    file = next(f / "LiberationSerif-Regular.ttf" for f in FONT_FOLDERS if (f / "LiberationSerif-Regular.ttf").exists())
    font = ImageFont.truetype(str(file), round(4.6 * scale))
    words = []
    for index, line in enumerate(lines):
        x, y = corner_mm[0] * scale, (corner_mm[1] + 7 * index) * scale
        for word in line.split():
            box = pen.textbbox((x, y), word, font=font)
            pen.text((x, y), word, font=font, fill=(10, 10, 30))
            place = Box(box[0] / width, box[1] / height, box[2] / width, box[3] / height)
            words.append(Word(text=word, confidence=0.9, box=place, line=index))
            x = box[2] + 1.4 * scale
    text = PageText(
        number=number,
        width=width,
        height=height,
        dpi=dpi,
        origin=TextOrigin.OCR,
        words=tuple(words),
        text="".join(f"{line}\n" for line in lines),
    )
    return Paper(picture, text)


@pytest.fixture(scope="session")
def draw() -> Callable[..., Paper]:
    return _draw


def _describe(**changes: object) -> CopyDescription:
    modules = tuple(tuple((row * 7 + column * 3 + row * column) % 5 < 2 for column in range(61)) for row in range(61))
    values = {
        "title": "Quyết định số 12/QĐ-UBND",
        "document_id": "0123456789abcdef",
        "created_at": NOON,
        "qr": modules,
        "qr_caption": ("tracuu.example.vn", "/v/0123-4567-89ab-cdef"),
        "scanner_block": ("Số hóa: Trần Văn Bình", "21/11/2026 11:58:44 +07:00"),
        "agency_block": ("Bản sao điện tử", "Ủy ban nhân dân phường Đồng Xoài", "2026-11-21T12:00:00+07:00"),
    }
    return CopyDescription(**(values | changes))  # type: ignore[arg-type]  # values of many types by name


@pytest.fixture(scope="session")
def describe() -> Callable[..., CopyDescription]:
    return _describe


def _statement_on(form: IssueForm, day: date) -> Statement:
    facts = StatementFacts(
        certified_on=day,
        place="Đồng Xoài",
        agency="Ủy ban nhân dân phường Đồng Xoài",
        parent_agency="Thành phố Đồng Nai",
        certifier="Nguyễn Thị Bích Ngọc",
        role="Phó Chủ tịch",
        register_number="0012",
        book="01/2026-SCTĐT/BS",
        page_count=1,
        paper_title="Quyết định số 12/QĐ-UBND",
    )
    return fill_statement(load_statements(files("configs") / "statements").template(form, day), facts)


@pytest.fixture(scope="session")
def statement_on() -> Callable[[IssueForm, date], Statement]:
    return _statement_on

"""What the certified page costs, against writing the same images bare: `python -m bench.page [--pages 5]`.

Five color pages of 300 dpi with 470 words each go into a PDF three ways: images only (pikepdf, no PDF/A), our copy as
it is issued (PDF/A-2u, text layer, blocks, QR code, statement page), and our copy of the demonstration authority,
which marks every page. CPU time of the fastest of several rounds; the code's modules are made anew in every round.
"""

import argparse
import io
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from importlib.resources import files

import numpy as np
import pikepdf
from PIL import Image, ImageDraw, ImageFont

from domain.models import Box, ColorModel, ImageEncoding, IssueForm, PageImage, PageText, TextOrigin, Word
from ocr.archive.compose import CopyDescription, compose
from ocr.archive.digest import content_digest
from ocr.archive.fonts import FONT_FOLDERS, FontBook, open_fonts
from ocr.archive.statement import SignatureSlot, Statement, StatementFacts, fill_statement, load_statements
from signing.qr import qr_matrix, verification_link

NOW = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
SIZE = (2480, 3508)
LINE = "Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6"
SEAL = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" * 7 + "ABCDEFGH"
ROUNDS = 7


def draw_page(number: int) -> tuple[PageImage, PageText]:
    """Return a page of text on noisy paper, as a scanner gives it."""
    paper = np.random.default_rng(number).normal(245, 4, (SIZE[1], SIZE[0], 3)).clip(0, 255).astype(np.uint8)
    picture = Image.fromarray(paper)
    pen = ImageDraw.Draw(picture)
    file = next(path for path in (f / "LiberationSerif-Regular.ttf" for f in FONT_FOLDERS) if path.exists())
    font = ImageFont.truetype(str(file), 54)
    words = []
    for line in range(36):
        x, y = 420.0, 420 + 80 * line
        for text in LINE.split():
            x0, y0, x1, y1 = pen.textbbox((x, y), text, font=font)
            pen.text((x, y), text, font=font, fill=(20, 20, 40))
            box = Box(x0 / SIZE[0], y0 / SIZE[1], x1 / SIZE[0], y1 / SIZE[1])
            words.append(Word(text=text, confidence=0.9, box=box, line=line))
            x = x1 + 15
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=75)
    image = PageImage(
        number=number,
        width=SIZE[0],
        height=SIZE[1],
        dpi=300,
        encoding=ImageEncoding.JPEG,
        color=ColorModel.RGB,
        data=out.getvalue(),
    )
    layer = PageText(
        number=number, width=SIZE[0], height=SIZE[1], dpi=300, origin=TextOrigin.OCR, words=tuple(words), text=""
    )
    return image, layer


def write_bare(images: Sequence[PageImage]) -> bytes:
    """Return a PDF of the images and nothing else."""
    with pikepdf.new() as pdf:
        for image in images:
            page = pdf.add_blank_page(page_size=(595.2, 841.9)).obj
            stream = pikepdf.Stream(pdf, image.data)
            stream.Type, stream.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
            stream.Width, stream.Height, stream.BitsPerComponent = image.width, image.height, 8
            stream.ColorSpace, stream.Filter = pikepdf.Name.DeviceRGB, pikepdf.Name.DCTDecode
            page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=stream))
            page.Contents = pikepdf.Stream(pdf, b"595.2 0 0 841.9 0 0 cm /Im0 Do")
        out = io.BytesIO()
        pdf.save(out)
        return out.getvalue()


def make_statement(pages: int) -> Statement:
    """Return the statement of a certified copy."""
    facts = StatementFacts(
        certified_on=date(2026, 11, 21),
        place="Đồng Xoài",
        agency="Ủy ban nhân dân phường Đồng Xoài",
        parent_agency="Thành phố Đồng Nai",
        certifier="Nguyễn Thị Bích Ngọc",
        role="Phó Chủ tịch",
        register_number="0012",
        book="01/2026-SCTĐT/BS",
        page_count=pages,
        paper_title="Quyết định số 12/QĐ-UBND",
    )
    library = load_statements(files("configs") / "statements")
    return fill_statement(library.template(IssueForm.CERTIFIED_COPY, facts.certified_on), facts)


def issue(
    images: Sequence[PageImage],
    texts: Sequence[PageText],
    *,
    statement: Statement,
    fonts: FontBook,
    demonstration: bool = False,
) -> bytes:
    """Return a copy as the certify step makes it, from the digest to the file that will be signed."""
    content_digest(images)
    link = verification_link("tracuu.example.vn", "0123456789abcdef")
    copy = CopyDescription(
        title="Quyết định số 12/QĐ-UBND",
        document_id="0123456789abcdef",
        created_at=NOW,
        qr=qr_matrix(link, SEAL),
        qr_caption=(link,),
        scanner_block=("Số hóa từ bản giấy", "Trần Văn Bình", "2026-11-21T11:58:44+07:00"),
        agency_block=("Bản sao điện tử", "Ủy ban nhân dân phường Đồng Xoài", "2026-11-21T12:00:00+07:00"),
        statement=statement,
        slots=(
            SignatureSlot(name="agency", heading="CƠ QUAN CHỨNG THỰC"),
            SignatureSlot(name="certifier", heading="NGƯỜI THỰC HIỆN CHỨNG THỰC", footer="Nguyễn Thị Bích Ngọc"),
        ),
        demonstration=demonstration,
    )
    return compose(images, texts, copy=copy, fonts=fonts).pdf


def best(action: Callable[[], bytes]) -> tuple[float, int]:
    """Return the shortest CPU time in seconds, and the size of the result in bytes."""
    times, size = [], 0
    for _ in range(ROUNDS):
        begun = time.process_time()
        size = len(action())
        times.append(time.process_time() - begun)
    return min(times), size


def main() -> None:
    """Print the three ways and their ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=5)
    count = parser.parse_args().pages
    begun = time.process_time()
    fonts = open_fonts()
    print(f"opening the fonts, once a process: {time.process_time() - begun:.2f} s")
    pages = [draw_page(number) for number in range(1, count + 1)]
    images, texts = [image for image, _ in pages], [text for _, text in pages]
    statement = make_statement(count)
    bare, bare_size = best(lambda: write_bare(images))
    link = verification_link("tracuu.example.vn", "0123456789abcdef")
    code, _ = best(lambda: bytes(len(qr_matrix(link, SEAL))))
    print(f"{count} color pages of 300 dpi, {sum(len(i.data) for i in images) / 1e6:.1f} MB of JPEG")
    print(f"{'images only':24} {bare:6.3f} s")
    print(f"{'QR code alone':24} {code:6.3f} s")
    for name, demonstration in (("copy", False), ("copy, demonstration", True)):
        spent, size = best(
            lambda marked=demonstration: issue(images, texts, statement=statement, fonts=fonts, demonstration=marked)  # type: ignore[misc]  # lambda's default
        )
        added = (size - bare_size) / 1000
        print(f"{name:24} {spent:6.3f} s  {spent / bare:5.1f} times images only, {added:.0f} kB more")


if __name__ == "__main__":
    main()

"""Pages drawn on the spot for the tests of intake and recognition."""

import io
import struct
from collections.abc import Sequence

import pikepdf
from PIL import Image, ImageDraw, ImageFont

from domain.models import ColorModel, ImageEncoding, PageImage
from ocr.picture.raster import encode_g4

FONT = "/usr/share/fonts/truetype/liberation2/LiberationSerif-Regular.ttf"
LINES = (
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Độc lập - Tự do - Hạnh phúc",
    "Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025;",
    "Theo đề nghị của Giám đốc Sở Tư pháp tại Tờ trình số 125/TTr-STP.",
    "Điều 1. Phê duyệt kế hoạch số hóa kết quả giải quyết thủ tục hành chính.",
    "Điều 2. Quyết định này có hiệu lực thi hành kể từ ngày ký ban hành.",
)


def draw(lines: Sequence[str] = LINES, *, dpi: int = 200, height: float = 6.0, mode: str = "L") -> Image.Image:
    """A page, 8.27 inches wide, with lines of 13 point text."""
    page = Image.new(mode, (round(8.27 * dpi), round(height * dpi)), "white")
    font = ImageFont.truetype(FONT, round(13 * dpi / 72))
    pen = ImageDraw.Draw(page)
    for index, line in enumerate(lines):
        pen.text((0.8 * dpi, (0.6 + 0.4 * index) * dpi), line, fill="black", font=font)
    return page


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    holder = io.BytesIO()
    image.save(holder, kind, **options)
    return holder.getvalue()


def pdf_of(
    stream: bytes,
    dictionary: dict[str, object],
    *,
    box: tuple[int, int] = (595, 432),
    matrix: str = "",
    rotate: int = 0,
) -> bytes:
    """A PDF of one page with one image on it; the matrix places it, over the whole page if none is given."""
    pdf = pikepdf.new()
    image = pdf.make_stream(stream)
    image.stream_dict = pikepdf.Dictionary(
        {"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Image, **dictionary}
    )
    placed = matrix or f"{box[0]} 0 0 {box[1]} 0 0"
    page = pikepdf.Dictionary(
        Type=pikepdf.Name.Page,
        MediaBox=[0, 0, *box],
        Rotate=rotate,
        Resources=pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=pdf.make_indirect(image))),
        Contents=pdf.make_stream(f"q {placed} cm /Im0 Do Q".encode()),
    )
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
    holder = io.BytesIO()
    pdf.save(holder)
    return holder.getvalue()


def jpeg_image(data: bytes, picture: Image.Image) -> PageImage:
    """The page of a JPEG file of 150 dpi."""
    return PageImage(
        number=1,
        width=picture.width,
        height=picture.height,
        dpi=150,
        rotation=0,
        encoding=ImageEncoding.JPEG,
        color=ColorModel.GRAY if picture.mode == "L" else ColorModel.RGB,
        data=data,
    )


def jpeg_pdf(image: Image.Image, *, stream: bytes = b"", **options: object) -> bytes:
    """A PDF of one page that is one JPEG image, or the stream of one."""
    space = {"L": "/DeviceGray", "RGB": "/DeviceRGB", "CMYK": "/DeviceCMYK"}[image.mode]
    values = {
        "/Width": image.width,
        "/Height": image.height,
        "/BitsPerComponent": 8,
        "/ColorSpace": pikepdf.Name(space),
        "/Filter": pikepdf.Name.DCTDecode,
    }
    if image.mode == "CMYK":
        values["/Decode"] = pikepdf.Array([1, 0] * 4)  # JPEG files hold CMYK inverted
    return pdf_of(stream or saved(image, "JPEG", quality=90), values, **options)  # type: ignore[arg-type]  # those of `pdf_of`


def jbig2(image: Image.Image) -> bytes:
    """One page and one generic region coded by MMR (ITU-T T.88, 7.4.6), which is Group 4 in other words."""
    page_size = struct.pack(">IIIIBH", image.width, image.height, 0, 0, 0, 0)
    region = struct.pack(">IIIIBB", image.width, image.height, 0, 0, 0, 1) + encode_g4(image)
    first = struct.pack(">IBBBI", 0, 48, 0, 1, len(page_size)) + page_size
    return first + struct.pack(">IBBBI", 1, 38, 0, 1, len(region)) + region

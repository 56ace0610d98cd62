"""Drawing a sheet as a picture."""

import math

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from ocr.samples.fonts import Face, Fonts
from ocr.samples.sheet import RED, Code, Color, Emblem, Frame, Item, Rule, Scribble, Sheet, Stamp, TextRun

Pixels = NDArray[np.uint8]
Mask = NDArray[np.float32]
_GOLD: Color = (236, 190, 60)


def draw_sheet(sheet: Sheet, fonts: Fonts, *, dpi: float) -> Image.Image:
    """Return the sheet as an RGB picture: first the print, then the ink over it."""
    scale = dpi / 72
    size = (round(sheet.width * scale), round(sheet.height * scale))
    picture = Image.new("RGB", size, sheet.paper)
    pen = ImageDraw.Draw(picture)
    for item in sheet.items:
        if not isinstance(item, Stamp | Scribble):
            _print(picture, pen, item, fonts, scale)
    for item in sheet.items:
        if isinstance(item, Scribble):
            picture = put_ink_on(picture, _scribble_mask(item, scale), item.color, (item.x * scale, item.y * scale))
        elif isinstance(item, Stamp):
            mask = _stamp_mask(item, fonts, scale)
            corner = (item.x * scale - mask.shape[1] / 2, item.y * scale - mask.shape[0] / 2)
            picture = put_ink_on(picture, mask, item.color, corner)
    return picture


def code_matrix(code: Code) -> Image.Image:
    """Return a code as a picture of one pixel a module (QR) or bar, without its quiet zone."""
    options = {"ec_level": "H" if code.robust else "M"} if code.format == "QRCode" else {}
    barcode = zxingcpp.create_barcode(code.text, zxingcpp.barcode_format_from_str(code.format), **options)
    picture = Image.fromarray(np.array(barcode.to_image(scale=1, add_hrt=False, add_quiet_zones=False)))
    return picture.convert("L")


def _print(picture: Image.Image, pen: ImageDraw.ImageDraw, item: Item, fonts: Fonts, scale: float) -> None:
    if isinstance(item, TextRun):
        _print_text(pen, item, fonts, scale)
    elif isinstance(item, Rule):
        _print_rule(pen, item, scale)
    elif isinstance(item, Frame):
        box = (item.x0 * scale, item.y0 * scale, item.x1 * scale, item.y1 * scale)
        pen.rectangle(box, fill=item.fill, outline=item.color, width=max(1, round(item.width * scale)))
    elif isinstance(item, Emblem):
        _print_emblem(pen, item, scale)
    elif isinstance(item, Code):
        size = (round(item.width * scale), round(item.height * scale))
        code = code_matrix(item).resize(size, Image.Resampling.NEAREST)
        picture.paste(code, (round(item.x * scale), round(item.y * scale)))


def _print_text(pen: ImageDraw.ImageDraw, run: TextRun, fonts: Fonts, scale: float) -> None:
    font = fonts.at(run.style.face, run.style.size * scale)
    blank = fonts.width(" ", run.style.face, run.style.size) + run.word_space
    x = run.x
    for word in run.text.split(" "):
        if word:
            pen.text((x * scale, run.y * scale), word, font=font, fill=run.style.color, anchor="ls")
        x += fonts.width(word, run.style.face, run.style.size) + blank


def _print_rule(pen: ImageDraw.ImageDraw, rule: Rule, scale: float) -> None:
    if not rule.dotted:
        ends = (rule.x0 * scale, rule.y0 * scale, rule.x1 * scale, rule.y1 * scale)
        pen.line(ends, fill=rule.color, width=max(1, round(rule.width * scale)))
        return
    radius = 0.45 * scale
    x = rule.x0
    while x < rule.x1:
        box = (x * scale - radius, rule.y0 * scale - radius, x * scale + radius, rule.y0 * scale + radius)
        pen.ellipse(box, fill=rule.color)
        x += 3.2


def _star(x: float, y: float, radius: float) -> list[tuple[float, float]]:
    radii = (radius, radius * 0.382)
    angles = [math.pi * i / 5 - math.pi / 2 for i in range(10)]
    return [(x + radii[i % 2] * math.cos(a), y + radii[i % 2] * math.sin(a)) for i, a in enumerate(angles)]


def _print_emblem(pen: ImageDraw.ImageDraw, item: Emblem, scale: float) -> None:
    x, y, radius = item.x * scale, item.y * scale, item.radius * scale
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=_GOLD, outline=(150, 110, 20))
    pen.ellipse((x - 0.8 * radius, y - 0.8 * radius, x + 0.8 * radius, y + 0.8 * radius), fill=RED)
    pen.polygon(_star(x, y - 0.1 * radius, 0.5 * radius), fill=_GOLD)
    pen.rectangle((x - 0.7 * radius, y + 0.75 * radius, x + 0.7 * radius, y + 0.95 * radius), fill=RED)


def put_ink_on(picture: Image.Image, mask: Mask, color: Color, corner: tuple[float, float]) -> Image.Image:
    """Return the picture with ink that lets what is under it show through.

    Args:
        picture: RGB.
        mask: How thick the ink is, from 0 to 1.
        color: Of the ink.
        corner: Of the mask's upper left corner, in pixels of the picture.
    """
    x, y = round(corner[0]), round(corner[1])
    height, width = mask.shape
    box = (max(0, x), max(0, y), min(picture.width, x + width), min(picture.height, y + height))
    under = np.asarray(picture.crop(box), np.float32)
    cover = mask[box[1] - y : box[3] - y, box[0] - x : box[2] - x, None]
    inked = under * (1 - cover * (1 - np.array(color, np.float32) / 255))
    picture.paste(Image.fromarray(inked.round().astype(np.uint8)), (box[0], box[1]))
    return picture


def _stamp_mask(stamp: Stamp, fonts: Fonts, scale: float) -> Mask:
    radius = stamp.radius * scale
    side = 2 * math.ceil(radius + 3)
    picture = Image.new("L", (side, side), 0)
    pen = ImageDraw.Draw(picture)
    middle = side / 2
    for share, width in ((1.0, 0.05), (0.92, 0.016), (0.62, 0.018)):
        r = radius * share
        pen.ellipse((middle - r, middle - r, middle + r, middle + r), outline=255, width=max(1, round(width * radius)))
    pen.polygon(_star(middle, middle - 0.1 * radius, 0.22 * radius), fill=255)
    for share in (0.32, 0.42, 0.5):
        r = radius * share
        pen.arc((middle - r, middle - r, middle + r, middle + r), 20, 160, fill=255, width=max(1, round(0.04 * radius)))
    _ring_text(picture, stamp.ring, fonts, radius, top=True)
    _ring_text(picture, stamp.foot, fonts, radius, top=False)
    turned = picture.rotate(-stamp.turn, Image.Resampling.BICUBIC)
    grain = np.random.default_rng(stamp.seed).random((side // 6 + 2, side // 6 + 2), np.float32)
    worn = cv2.resize(grain, (side, side), interpolation=cv2.INTER_CUBIC)
    return np.asarray(np.asarray(turned, np.float32) / 255 * np.clip(0.62 + 0.5 * worn, 0, 0.96), np.float32)


def _ring_text(picture: Image.Image, text: str, fonts: Fonts, radius: float, *, top: bool) -> None:
    """Set a text along the rim, reading from the middle of the stamp (top) or towards it (foot)."""
    if not text:
        return
    room = (4.2 if top else 1.6) * radius * 0.77
    size = min(0.2 * radius, 0.2 * radius * room / max(1.0, fonts.width(text, Face(bold=True), 0.2 * radius)))
    font = fonts.at(Face(bold=True), round(size, 1))
    baseline = radius * (0.70 if top else 0.84)
    middle = picture.width / 2
    angle = -float(font.getlength(text)) / baseline / 2
    side = 2 * round(size) + 2
    for letter in text:
        step = float(font.getlength(letter)) / baseline
        turn = angle + step / 2
        tile = Image.new("L", (side, side), 0)
        ImageDraw.Draw(tile).text((side / 2, side / 2), letter, font=font, fill=255, anchor="ms")
        tile = tile.rotate(-math.degrees(turn) if top else math.degrees(turn), Image.Resampling.BICUBIC)
        x = middle + baseline * math.sin(turn)
        y = middle - baseline * math.cos(turn) * (1 if top else -1)
        picture.paste(255, (round(x - side / 2), round(y - side / 2)), tile)
        angle += step


def _scribble_mask(item: Scribble, scale: float) -> Mask:
    """Return the strokes of a signature: a few loops and a long last stroke."""
    random = np.random.default_rng(item.seed)
    width, height = math.ceil(item.width * scale), math.ceil(item.height * scale)
    picture = np.zeros((height, width), np.uint8)
    count = int(random.integers(7, 11))
    xs = np.linspace(0.08, 0.62, count) + random.uniform(-0.06, 0.06, count)
    ys = np.where(np.arange(count) % 2, random.uniform(0.55, 0.92, count), random.uniform(0.06, 0.45, count))
    tail = random.uniform((0.70, 0.45), (0.97, 0.75), (3, 2))
    points = np.vstack([np.column_stack([xs, ys]), tail[np.argsort(tail[:, 0])]])
    curve = _smooth(points) * (width - 1, height - 1)
    for i in range(len(curve) - 1):
        thickness = max(1, round((0.9 + 0.5 * math.sin(i / 17)) * scale))
        start, end = curve[i].round().astype(int), curve[i + 1].round().astype(int)
        cv2.line(picture, start.tolist(), end.tolist(), 255, thickness, cv2.LINE_AA)
    return np.asarray(picture / np.float32(255) * 0.88, np.float32)


def _smooth(points: NDArray[np.float64], steps: int = 24) -> NDArray[np.float64]:
    """Return a Catmull-Rom curve through the points."""
    padded = np.vstack([points[:1], points, points[-1:]])
    pieces = []
    for i in range(len(points) - 1):
        a, b, c, d = padded[i : i + 4]
        t = np.linspace(0, 1, steps, endpoint=False)[:, None]
        pieces.append(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3))
    return np.vstack([*pieces, points[-1:]])

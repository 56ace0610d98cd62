"""The stamp that an office puts on the papers that it receives (NĐ 30/2020, Annex IV): its name, ĐẾN, number, day."""

import random as chance
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from ocr.samples.draw import put_ink_on
from ocr.samples.fonts import Face, Fonts
from ocr.samples.sheet import BLACK, MILLIMETRE, RED, Color

VIOLET: Color = (96, 52, 140)
_WIDTH, _HEIGHT = 50 * MILLIMETRE, 33 * MILLIMETRE
_PLACES = ((22.0, 62.0), (118.0, 52.0), (128.0, 26.0))
"""Millimetres from the page's left and upper edge: under the number, under the date, over the motto."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailStamp:
    """A stamp of incoming mail, as it was filled in."""

    x: float
    """Of its left edge, in points from the page's."""
    y: float
    """Of its upper edge."""
    agency: str = "VĂN PHÒNG UBND HUYỆN TÂN LẬP"
    number: str = ""
    """As written behind `Số:`; dots where nothing is."""
    day: str = ""
    """As written behind `Ngày:`."""
    color: Color = RED
    turn: float = 0.0
    """Degrees, counterclockwise."""


def make_mail_stamp(random: chance.Random) -> MailStamp:
    """Return a stamp at one of the usual places, in one of the usual inks, slightly turned."""
    x, y = random.choice(_PLACES)
    return MailStamp(
        x=x * MILLIMETRE + random.uniform(-6, 6),
        y=y * MILLIMETRE + random.uniform(-6, 6),
        number=str(random.randint(1, 4999)),
        day=f"{random.randint(1, 28):02d}/{random.randint(1, 12):02d}/2024",
        color=random.choice((BLACK, RED, VIOLET)),
        turn=random.uniform(-3, 3),
    )


def put_mail_stamp(picture: Image.Image, stamp: MailStamp, fonts: Fonts, *, dpi: float) -> Image.Image:
    """Return a drawn page (RGB) with the stamp as ink over what stands there."""
    scale = dpi / 72
    mask = Image.new("L", (round(_WIDTH * scale), round(_HEIGHT * scale)), 0)
    pen, line = ImageDraw.Draw(mask), max(1, round(1.2 * scale))
    pen.rectangle((line, line, mask.width - 2 * line, mask.height - 2 * line), outline=255, width=line)
    rule = 0.24 * mask.height
    pen.line((line, rule, mask.width - line, rule), fill=255, width=line)
    size = min(8.5, 8.5 * 0.94 * _WIDTH / fonts.width(stamp.agency, Face(bold=True), 8.5)) * scale
    pen.text(
        (mask.width / 2, rule - 0.3 * size), stamp.agency, font=fonts.at(Face(bold=True), size), fill=255, anchor="ms"
    )
    large, small = fonts.at(Face(bold=True), 15 * scale), fonts.at(Face(), 9.5 * scale)
    pen.text((0.05 * mask.width, 0.49 * mask.height), "ĐẾN", font=large, fill=255, anchor="ls")
    rows = (
        (0.33, 0.41, f"Số: {stamp.number or '.' * 18}"),
        (0.33, 0.58, f"Ngày: {stamp.day or '.' * 15}"),
        (0.05, 0.75, "Chuyển: " + "." * 28),
        (0.05, 0.91, "Lưu hồ sơ số: " + "." * 20),
    )
    for x, y, text in rows:
        pen.text((x * mask.width, y * mask.height), text, font=small, fill=255, anchor="ls")
    turned = mask.rotate(stamp.turn, Image.Resampling.BICUBIC, expand=True)
    return put_ink_on(
        picture, np.asarray(turned, np.float32) * np.float32(0.9 / 255), stamp.color, (stamp.x * scale, stamp.y * scale)
    )

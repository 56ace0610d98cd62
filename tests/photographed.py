"""A page as someone photographs it: aslant, on a darker table, in uneven light."""

import cv2
import numpy as np
from PIL import Image

SIZE = (1700, 2200)
ASLANT = {
    "leaning back": [(250, 200), (1450, 200), (1620, 2050), (80, 2050)],
    "from the side": [(150, 350), (1500, 120), (1560, 2000), (250, 1850)],
    "turned": [(420, 150), (1600, 420), (1250, 2050), (90, 1800)],
}


def taken(page: Image.Image, corners: list[tuple[int, int]], table: int = 70) -> tuple[Image.Image, np.ndarray]:
    """The photo, and what takes places of the page to it."""
    ends = np.float32([(0, 0), (page.width, 0), (page.width, page.height), (0, page.height)])
    there = cv2.getPerspectiveTransform(ends, np.float32(corners))
    ground = np.random.default_rng(1).normal(table, 8, (SIZE[1], SIZE[0])).clip(0, 255).astype(np.uint8)
    cv2.warpPerspective(np.asarray(page), there, SIZE, dst=ground, borderMode=cv2.BORDER_TRANSPARENT)
    shade = np.linspace(1.0, 0.7, SIZE[0])
    return Image.fromarray((ground * shade).astype(np.uint8)), there

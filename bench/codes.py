"""How surely printed seals are read: codes of several versions and sizes, in scans and in frames of a phone's camera.

    python -m bench.codes [--codes 12x29,13x29,14x30] [--views 100] [--seed 1]

A code of each version (ISO/IEC 18004) is filled to its end, drawn at 600 dpi with the given side in millimetres, and
seen so often: as scans, turned by up to 3 degrees, blurred, grainy, as JPEG; as frames of 1280 x 720 pixels that show
so many millimetres of the paper, held aslant by up to 20 degrees, unsharp, in uneven light. Every code is seen in the
same views.
"""

import argparse
import secrets
from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt
import zxingcpp

from signing.qr import QrMatrix, qr_matrix, seal_room

_LINK = "https://tracuu.khodulieu.tinhmau.gov.vn/v/bevs2fv1m9a2q0sn"
_DPI = 600
_WHITE = 60.0
"""Millimetres of paper around the code that is drawn."""
_FRAME = (1280, 720)
_Picture = npt.NDArray[np.uint8]
_View = Callable[[_Picture, np.random.Generator], _Picture]


def main() -> None:
    """Run the bench."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--codes", default="12x29,13x29,14x29,14x30")
    parser.add_argument("--views", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    views: dict[str, _View] = {f"scan {dpi}": _scanner(dpi) for dpi in (150, 200, 300)}
    views |= {f"phone {field} mm": _phone(field) for field in (100, 140, 180, 220)}
    print(f"| version x mm | module mm | {' | '.join(views)} |\n|{' --- |' * (len(views) + 2)}")
    for code in given.codes.split(","):
        version, side = int(code.partition("x")[0]), float(code.partition("x")[2])
        shares = []
        for view in views.values():
            random = np.random.default_rng(given.seed)
            seen = sum(_is_read(view(printed(full_code(version), side), random)) for _ in range(given.views))
            shares.append(f"{100 * seen / given.views:.0f} %")
        print(f"| {version} x {side:g} | {side / (17 + 4 * version):.3f} | {' | '.join(shares)} |", flush=True)


def full_code(version: int) -> QrMatrix:
    """Return a code of this version that has room for no more."""
    room = seal_room(_LINK, maximum_version=version) * 8 // 5
    seal = "".join(secrets.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") for _ in range(room))
    matrix = qr_matrix(_LINK, seal, maximum_version=version)
    if len(matrix) != 17 + 4 * version:
        raise SystemExit(f"version {version} is {len(matrix)} modules wide: the seal does not fill it")
    return matrix


def printed(matrix: QrMatrix, side: float) -> _Picture:
    """Return a piece of paper with a code of this side in millimetres in its middle, at 600 dpi."""
    pixels = round(side / 25.4 * _DPI)
    code = np.where(np.asarray(matrix), 25, 245).astype(np.uint8)
    paper = np.full((round((side + _WHITE) / 25.4 * _DPI),) * 2, 245, dtype=np.uint8)
    start = (paper.shape[0] - pixels) // 2
    drawn = cv2.resize(code, (pixels, pixels), interpolation=cv2.INTER_NEAREST)
    paper[start : start + pixels, start : start + pixels] = drawn
    return np.asarray(cv2.GaussianBlur(paper, (0, 0), 1.5), dtype=np.uint8)  # ink spreads


def _scanner(dpi: int) -> _View:
    def scan(paper: _Picture, random: np.random.Generator) -> _Picture:
        middle = (paper.shape[1] / 2, paper.shape[0] / 2)
        turn = cv2.getRotationMatrix2D(middle, random.uniform(-3, 3), 1.0)
        turned = cv2.warpAffine(paper, turn, paper.shape[::-1], borderValue=245)
        seen = cv2.resize(turned, None, fx=dpi / _DPI, fy=dpi / _DPI, interpolation=cv2.INTER_AREA)
        return _taken(np.asarray(seen, dtype=np.uint8), random, blur=random.uniform(0.4, 0.8), grain=8, quality=75)

    return scan


def _phone(field: int) -> _View:
    def frame(paper: _Picture, random: np.random.Generator) -> _Picture:
        wide, tall = _FRAME
        scale = wide / field * 25.4 / _DPI
        half = paper.shape[0] / 2
        corners = np.array([(-half, -half, 0), (half, -half, 0), (half, half, 0), (-half, half, 0)]) * scale
        turns = np.diag(np.radians(random.uniform((-20, -20, -180), (20, 20, 180))))
        away, aside, around = (np.asarray(cv2.Rodrigues(turn)[0]) for turn in turns)
        seen = corners @ (away @ aside @ around).T
        depth = 1 + seen[:, 2:] / (1.2 * wide)
        ends = (seen[:, :2] / depth + (wide / 2, tall / 2) + random.uniform(-40, 40, 2)).astype(np.float32)
        starts = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], dtype=np.float32) * (paper.shape[0] - 1)
        smooth = cv2.GaussianBlur(paper, (0, 0), 0.4 / scale)  # the sensor's pixels take in light from beside them
        picture = cv2.warpPerspective(smooth, cv2.getPerspectiveTransform(starts, ends), _FRAME, borderValue=200)
        left, right = random.uniform(0.55, 0.9, 2)
        light = np.linspace(left, right, wide)
        shaded = np.asarray(picture * light, dtype=np.uint8)
        return _taken(shaded, random, blur=random.uniform(0.6, 1.3), grain=6, quality=80)

    return frame


def _taken(picture: _Picture, random: np.random.Generator, *, blur: float, grain: float, quality: int) -> _Picture:
    """Return what a sensor makes of a picture, kept as JPEG."""
    soft = np.asarray(cv2.GaussianBlur(picture, (0, 0), blur), dtype=np.float32)
    grainy = np.clip(soft + random.normal(0, grain, soft.shape), 0, 255).astype(np.uint8)
    kept = cv2.imencode(".jpg", grainy, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.asarray(cv2.imdecode(kept, cv2.IMREAD_GRAYSCALE), dtype=np.uint8)


def _is_read(picture: _Picture) -> bool:
    return any(code.text.startswith(_LINK) for code in zxingcpp.read_barcodes(picture))


if __name__ == "__main__":
    main()

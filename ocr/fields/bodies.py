"""The names of bodies in letterheads: where one begins, where it goes on, which rank it has."""

from collections.abc import Sequence
from itertools import pairwise

from ocr.fields.lines import Piece, join
from ocr.lexicon.matching import squeeze

_HEADS = (
    "uy ban", "ubnd", "hoi dong", "hdnd", "so ", "bo ", "phong ", "van phong", "chi cuc", "cuc ", "tong cuc",
    "ban ", "trung tam", "truong ", "thanh tra", "cong an", "toa an", "vien ", "thu tuong", "chinh phu", "thanh uy",
    "tinh uy", "huyen uy", "dang uy", "dang bo", "chi nhanh", "kho bac", "benh vien", "quoc hoi", "chu tich",
    "bao hiem", "dai hoc", "cong ty", "doan ", "lien doan", "hoi ", "mat tran", "chi bo", "kiem toan", "ngan hang",
    "hoc vien", "thuong truc", "tap doan", "tong cong ty", "tinh doan", "thanh doan", "huyen doan", "quan doan",
    "thi doan", "xa doan", "cong doan", "chi doan", "lien hiep", "vuon quoc gia", "hat ", "tram ", "quy ", "bao ",
    "dai phat thanh", "hop tac xa", "to ", "nha van hoa", "nha hat", "nha khach", "nha xuat ban", "thu vien",
    "khu bao ton", "doi quan ly", "don bien phong", "trai giam", "trai tam giam", "cang vu", "tap chi", "lam truong",
    "lien minh", "hiep hoi", "quan khu", "trung doan", "su doan", "bch", "htx", "cdcs", "ubmttq", "bhxh", "dai kttv",
    "dai khi tuong", "buu dien", "khoa ", "bo mon", "nong truong", "xi nghiep", "nha may", "bao tang", "lu doan",
    "tieu doan", "dai doi", "hai quan cua khau", "doi thi hanh an", "doi canh sat", "khu di tich", "khu quan ly",
)  # fmt: skip
_WITHIN = frozenset({
    "ban chap hanh", "ban dai dien cha me hoc sinh", "ban quan ly", "ban thuong vu", "benh vien", "benh vien da khoa",
    "bo chi huy", "bo tu lenh", "chu tich", "chi bo", "chi doan", "chi nhanh", "cong doan", "cong doan co so",
    "cong ty", "cong ty co phan", "cong ty tnhh", "cong ty tnhh mtv", "cong ty tnhh mot thanh vien", "dang bo",
    "dang uy", "doan co so", "doan thanh nien",
    "doan tncs ho chi minh", "hoc vien", "hoi dong", "thanh tra", "thuong truc", "tong cong ty", "trung tam",
    "truong cao dang", "truong dai hoc", "uy ban", "van phong",
})  # fmt: skip
"""What is named after a body, which may stand on the next line: `CÔNG ĐOÀN CƠ SỞ`, `VĂN PHÒNG`."""
_UNITS = ("tinh", "thanh pho", "quan", "huyen", "thi xa", "xa", "phuong", "thi tran", "dac khu")
_LIKE_UNITS = (" hai quan", " co quan", " dia phuong", " ha tinh")
"""Ends of names that look like words for units: `TỔNG CỤC HẢI QUAN`, `SỞ Y TẾ HÀ TĨNH`."""
_NO_BODIES = frozenset({
    "bảo", "bố", "đoan", "hôi", "hồi", "phong", "phóng", "quy", "quý", "quỳ", "số", "tô", "tràm", "trầm", "trương",
    "viên", "viễn", "bản", "bán",
})  # fmt: skip
"""Words of names that look like those for bodies: `PHONG ĐIỀN`, `BỐ TRẠCH`, `TRƯƠNG ĐỊNH`."""
_BODIES_ALL_THE_SAME = (
    "bao hiem", "bao tang", "vien thong", "truong dai hoc", "truong cao dang", "truong trung", "truong tieu hoc",
    "truong mam non", "truong mau giao", "truong thpt", "truong thcs", "truong th ",
)  # fmt: skip
"""What no place is named, though the first word is one of them, or is misread so: `TRƯƠNG ĐẠI HỌC`."""
_EVENTS = ("hoi thi", "hoi thao", "hoi nghi", "hoi dien", "hoi cho", "hoi trai", "hoi khoe")
"""What begins like the name of a body, and is what a paper is about: `HỘI THI GIẢNG VIÊN GIỎI`."""
_FEWEST_OF_OFFICE = 3
"""Words of the name of an office; places that begin with `PHONG` have two: `PHONG ĐIỀN`."""
_COMMITTEES = ("uy ban nhan dan ", "ubnd ")
_YOUTH_UNION = "doan tncs ho chi minh"
_ORGANS = ("bch ", "ban chap hanh", "ban thuong vu", "tinh doan", "thanh doan", "huyen doan", "quan doan", "thi doan")
"""Of the union, whose name may also go on with that of a school: `ĐOÀN TNCS HỒ CHÍ MINH`, `TRƯỜNG THPT …`."""
_EQUALS = frozenset({"bo", "so", "phong"})
"""Of two bodies that begin with such a word none stands over the other."""


def begins_body(pieces: Sequence[Piece]) -> bool:
    """Return whether the words begin the name of a body: `ỦY BAN …`, `SỞ …`; no body is named in one word."""
    from_start = fold_words(join(pieces))
    named = bool(pieces) and pieces[0].text.lower() in _NO_BODIES and not from_start.startswith(_BODIES_ALL_THE_SAME)
    return " " in from_start and from_start.startswith(_HEADS) and not named and not from_start.startswith(_EVENTS)


def begins_below(pieces: Sequence[Piece], above: Sequence[Piece]) -> bool:
    """Return whether a line of a letterhead begins the name of another body than the line above it."""
    organ = fold_words(join(above)) == _YOUTH_UNION and fold_words(join(pieces)).startswith(_ORGANS)
    return (begins_body(pieces) and (organ or not goes_on(above))) or _is_office_of(pieces, above)


def _is_office_of(pieces: Sequence[Piece], above: Sequence[Piece]) -> bool:
    """Return whether the words can only name an office of the committee above: `PHÒNG KINH TẾ`, also as `PHONG`.

    The committee's own name is whole then.
    """
    committee, text = fold_words(join(above)), fold_words(join(pieces))
    whole = committee.startswith(_COMMITTEES) and any(f" {unit} " in committee for unit in _UNITS)
    return whole and not goes_on(above) and text.startswith("phong ") and len(text.split()) >= _FEWEST_OF_OFFICE


def goes_on(body: Sequence[Piece]) -> bool:
    """Return whether a line of a letterhead ends within the name of a body, so that the next one belongs to it."""
    text = fold_words(join(body))
    if text.endswith(_LIKE_UNITS) or (
        text.endswith((" quan", " phuong", " tinh")) and any(f" {unit} " in f" {text}" for unit in _UNITS)
    ):
        return False  # of a district's name: `HUYỆN HỚN QUẢN`, `HUYỆN ĐAN PHƯỢNG`
    return " " not in text or text in _WITHIN or f" {text}".endswith(tuple(f" {unit}" for unit in (*_UNITS, "va")))


def of_equals(bodies: Sequence[Sequence[Piece]]) -> bool:
    """Return whether two bodies of the same rank stand below one another: ministries, departments."""
    names = [fold_words(join(body)) for body in bodies]
    first = [name.split()[0] for name in names if not name.startswith(("bo chi huy", "bo tu lenh", "bo tong"))]
    return any(one == other and one in _EQUALS for one, other in pairwise(first))


def count_above(bodies: Sequence[Sequence[Piece]]) -> int:
    """Return how many committees stand above the departments that issue a paper together."""
    count = 0
    while count < len(bodies) and fold_words(join(bodies[count])).startswith(_COMMITTEES):
        count += 1
    return count if count < len(bodies) else 0


def fold_words(text: str) -> str:
    """Return the words of a text in small letters without marks, one space between them."""
    return " ".join(squeeze(word) for word in text.split())

"""Fictional people of real places: names, birthdays, identity numbers that no one has, offices and their officers."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

_FAMILIES = (
    "Nguyễn",     "Trần",     "Lê",     "Phạm",     "Hoàng",     "Huỳnh",     "Phan",     "Vũ",     "Võ",
    "Đặng",     "Bùi",     "Đỗ",     "Hồ",     "Ngô",     "Dương",     "Lý",     "Đinh",     "Trịnh",     "Đoàn",
    "Tạ",
)  # fmt: skip
_MALE_MIDDLES = (
    "Văn", "Hữu", "Đức", "Quang", "Minh", "Xuân", "Công", "Thành", "Đình", "Quốc", "Ngọc", "Trọng",
)  # fmt: skip
_FEMALE_MIDDLES = (
    "Thị", "Thị", "Thị", "Ngọc", "Thanh", "Thu", "Kim", "Mỹ", "Hồng", "Bích", "Phương", "Diệu",
)  # fmt: skip
_MALE_GIVEN = (
    "Dũng",     "Hùng",     "Tuấn",     "Cường",     "Thắng",     "Kiên",     "Trường",     "Sơn",     "Hải",
    "Long",     "Khánh",     "Phúc",     "Lộc",     "Toàn",     "Nghĩa",     "Vương",     "Đạt",     "Hiếu",
    "Thịnh",     "Bảo",
)  # fmt: skip
_FEMALE_GIVEN = (
    "Hương",     "Thảo",     "Yến",     "Nhung",     "Quỳnh",     "Trang",     "Loan",     "Hạnh",     "Thủy",
    "Nguyệt",     "Ánh",     "Diễm",     "Tuyết",     "Phượng",     "Lan",     "Mai",     "Hằng",     "Vy",
    "Ngân",     "Đào",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A commune of the time before July 2025, when there were districts, and its province's number prefix."""

    commune: str
    district: str
    province: str
    prefix: str
    """Of personal numbers registered there."""

    @property
    def name(self) -> str:
        """The commune's name alone, as letterheads have it before the date."""
        return self.commune.split(" ", 1)[1]

    @property
    def district_name(self) -> str:
        """The district's name alone."""
        return self.district.removeprefix("huyện ")

    @property
    def province_name(self) -> str:
        """The province's name alone."""
        return self.province.removeprefix("tỉnh ")

    @property
    def address(self) -> str:
        """The place from the commune up."""
        return f"{self.commune}, {self.district}, {self.province}"


_PLACES = (
    ("xã Tân Phước", "huyện Đồng Phú", "tỉnh Bình Phước", "070"),
    ("xã Thuận Lợi", "huyện Đồng Phú", "tỉnh Bình Phước", "070"),
    ("xã Đức Liễu", "huyện Bù Đăng", "tỉnh Bình Phước", "070"),
    ("xã Xuân Hiệp", "huyện Xuân Lộc", "tỉnh Đồng Nai", "075"),
    ("xã Phú Lý", "huyện Vĩnh Cửu", "tỉnh Đồng Nai", "075"),
    ("xã Thạnh Hưng", "huyện Giồng Riềng", "tỉnh Kiên Giang", "091"),
    ("xã Vĩnh Hòa Hiệp", "huyện Châu Thành", "tỉnh Kiên Giang", "091"),
    ("xã Hà Mòn", "huyện Đăk Hà", "tỉnh Kon Tum", "062"),
    ("xã Đăk Mar", "huyện Đăk Hà", "tỉnh Kon Tum", "062"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who does not exist."""

    name: str
    """In the usual capitals and small letters."""
    sex: str
    """`Nam` or `Nữ`."""
    birth_date: date
    personal_number: str
    """Twelve digits: province, century and sex, year, and 999 and three more, which no one was ever given."""
    ethnicity: str
    home: Place
    hamlet: str

    @property
    def address_word(self) -> str:
        """`ông` or `bà`."""
        return "ông" if self.sex == "Nam" else "bà"

    @property
    def residence(self) -> str:
        """The address, from the hamlet up."""
        return f"{self.hamlet}, {self.home.address}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    """Who signs, and as what."""

    name: str
    title: str
    """As printed over the signature; a line each."""

    @property
    def title_line(self) -> str:
        """The title in one line."""
        return " ".join(self.title.split("\n"))


def places() -> tuple[Place, ...]:
    """Return the places that samples come from."""
    return tuple(Place(commune=c, district=d, province=p, prefix=x) for c, d, p, x in _PLACES)


def make_place(random: random.Random) -> Place:
    """Return one of the places."""
    return random.choice(places())


def make_name(random: random.Random, sex: str, family: str = "") -> str:
    """Return a plausible name."""
    middles, givens = (_MALE_MIDDLES, _MALE_GIVEN) if sex == "Nam" else (_FEMALE_MIDDLES, _FEMALE_GIVEN)
    return f"{family or random.choice(_FAMILIES)} {random.choice(middles)} {random.choice(givens)}"


def make_day(random: random.Random, first: date, last: date) -> date:
    """Return a day between two, both included."""
    return first + timedelta(days=random.randint(0, (last - first).days))


def make_person(
    random: random.Random,
    *,
    born: tuple[int, int] = (1962, 2001),
    sex: str = "",
    family: str = "",
    home: Place | None = None,
) -> Person:
    """Return somebody born in one of the years `born` gives, first and last."""
    sex = sex or random.choice(("Nam", "Nữ"))
    birth_date = make_day(random, date(born[0], 1, 1), date(born[1], 12, 31))
    home = home or make_place(random)
    century = (0 if birth_date.year < 2000 else 2) + (0 if sex == "Nam" else 1)
    number = f"{home.prefix}{century}{birth_date.year % 100:02d}999{random.randint(0, 999):03d}"
    return Person(
        name=make_name(random, sex, family),
        sex=sex,
        birth_date=birth_date,
        personal_number=number,
        ethnicity=random.choice(("Kinh", "Kinh", "Kinh", "Kinh", "Khmer", "Xơ Đăng", "Ba Na", "Xtiêng", "Tày", "Nùng")),
        home=home,
        hamlet=f"{random.choice(('thôn', 'ấp', 'tổ'))} {random.randint(1, 9)}",
    )

"""The offices that issue sample papers: how their letterheads, names and stamps read."""

import random as chance
from dataclasses import dataclass
from datetime import date

from ocr.samples.paper import Letterhead
from ocr.samples.people import Officer, Place, make_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """An office that signs papers."""

    lines: tuple[str, ...]
    """Its name as the letterhead has it."""
    name: str
    """Its name in one form of writing."""
    rim: tuple[str, str]
    """Text of its stamp, upper and lower rim."""
    seat: str
    """Place that stands before the date."""
    parent_lines: tuple[str, ...] = ()
    parent_name: str = ""

    def letterhead(self, number: str, day: date | None, about: str = "") -> Letterhead:
        """Return the letterhead of a paper of this number and day."""
        return Letterhead(
            parent=self.parent_lines, issuer=self.lines, number=number, place=self.seat, day=day, about=about
        )

    def fields(self, number: str, day: date) -> dict[str, str]:
        """Return the fields that the letterhead gives."""
        parent = {"issuer_parent": self.parent_name} if self.parent_name else {}
        return {
            "number": number,
            "issue_date": day.isoformat(),
            "issue_place": self.seat,
            "issuer": self.name,
            **parent,
        }


def commune_committee(place: Place) -> Office:
    """Return the People's Committee of the commune."""
    return Office(
        lines=("ỦY BAN NHÂN DÂN", place.commune.upper()),
        name=f"Ủy ban nhân dân {place.commune}",
        rim=(
            f"ỦY BAN NHÂN DÂN {place.commune}".upper(),
            f"H. {place.district_name} - T. {place.province_name}".upper(),
        ),
        seat=place.name,
    )


def district_committee(place: Place) -> Office:
    """Return the People's Committee of the district."""
    return Office(
        lines=("ỦY BAN NHÂN DÂN", place.district.upper()),
        name=f"Ủy ban nhân dân {place.district}",
        rim=(f"ỦY BAN NHÂN DÂN {place.district}".upper(), f"T. {place.province_name}".upper()),
        seat=place.district_name,
    )


def district_council(place: Place) -> Office:
    """Return the People's Council of the district."""
    return Office(
        lines=("HỘI ĐỒNG NHÂN DÂN", place.district.upper()),
        name=f"Hội đồng nhân dân {place.district}",
        rim=(f"HỘI ĐỒNG NHÂN DÂN {place.district}".upper(), f"T. {place.province_name}".upper()),
        seat=place.district_name,
    )


def district_division(place: Place, name: str) -> Office:
    """Return a division of the district's People's Committee, its name in capitals."""
    return Office(
        lines=(name,),
        name=name,
        rim=(name, f"H. {place.district_name} - T. {place.province_name}".upper()),
        seat=place.district_name,
        parent_lines=("ỦY BAN NHÂN DÂN", place.district.upper()),
        parent_name=f"Ủy ban nhân dân {place.district}",
    )


def province_department(place: Place, name: str) -> Office:
    """Return a department of the province's People's Committee, its name in capitals."""
    return Office(
        lines=(name,),
        name=name,
        rim=(name, f"TỈNH {place.province_name}".upper()),
        seat=place.province_name,
        parent_lines=("ỦY BAN NHÂN DÂN", place.province.upper()),
        parent_name=f"Ủy ban nhân dân {place.province}",
    )


def make_head(random: chance.Random, title: str, *, above: str = "") -> Officer:
    """Return the head of an office, e.g. `GIÁM ĐỐC`, or a deputy who signs for them."""
    name = make_name(random, random.choice(("Nam", "Nam", "Nữ")))
    lines = [f"KT. {title}", f"PHÓ {title}"] if random.random() < 0.45 else [title]
    return Officer(name=name, title="\n".join([*([above] if above else []), *lines]))


def signer_fields(officer: Officer) -> dict[str, str]:
    """Return the fields that the signature block gives."""
    return {"signer_name": officer.name, "signer_title": officer.title_line}

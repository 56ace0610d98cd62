from importlib.resources import files

import pytest
from kind_reader import delivered_kinds

from domain.models import Box, Word
from ocr.fields.kinds import FieldRule
from ocr.fields.labels import Reading
from ocr.fields.lines import Piece
from ocr.fields.parsers.parsed import Parsed
from ocr.fields.values import agreement, value_of
from ocr.lexicon.units import Units, load_units

BOX = Box(0.1, 0.1, 0.2, 0.2)


@pytest.fixture(scope="module")
def units() -> Units:
    return load_units(files("configs") / "units")


def reading(first: str, second: str, *, form: str = "address", raw: str = "") -> Reading:
    words = [
        Word(text=one, confidence=0.9, box=BOX, line=1, second=other, raw=raw)
        for one, other in zip(first.split(), second.split(), strict=True)
    ]
    return Reading(FieldRule(name="residence", form=form), tuple(Piece(word.text, word, 1, BOX) for word in words))


HOME = "ấp 4, xã Thạnh Hưng, huyện Giồng Riềng, tỉnh Kiên Giang"


@pytest.mark.parametrize(
    ("second", "agreed"),
    [
        (HOME, True),
        (HOME.replace("Riềng", "Riêng"), True),  # the list has no such district
        (HOME.replace("Thạnh", "Thanh"), True),
        (HOME.replace("ấp 4", "ấp 1"), False),
        (HOME.replace("Hưng", "Hòa"), False),  # another commune of that district
        (HOME.replace("Hưng", "Hơng"), False),
    ],
)
def test_another_model_agrees_if_the_list_knows_no_other_place(second: str, agreed: bool, units: Units) -> None:
    assert agreement(reading(HOME, second), Parsed(HOME), units=units, lines=()) is agreed


def test_two_communes_with_the_same_letters_stay_in_dispute(units: Units) -> None:
    one = "xã Minh Quán, huyện Trấn Yên, tỉnh Yên Bái"

    assert agreement(reading(one, one.replace("Quán", "Quân")), Parsed(one), units=units, lines=()) is False


def test_what_the_list_put_right_is_not_proved_by_the_list(units: Units) -> None:
    second = HOME.replace("Riềng", "Riêng")

    assert agreement(reading(HOME, second, raw="Riêng"), Parsed(HOME), units=units, lines=()) is False
    assert agreement(reading(HOME, second), Parsed(HOME, "spelling_repaired"), units=units, lines=()) is False


@pytest.mark.parametrize(
    ("first", "second", "value"),
    [
        ("Công Thắng", ["Hoàng Công", "Thắng"], "Hoàng Công Thắng"),
        ("ĐỨC ĐẠT", ["ĐĂNG ĐỨC", "ĐẠT"], "ĐẶNG ĐỨC ĐẠT"),
        ("Công Thắng", ["ủa Công", "Thắng"], "Công Thắng"),  # no family name
        ("Công Thắng", ["Hoàng Công", "Thắm"], "Công Thắng"),
        ("Lê Công Thắng", ["Võ Lê", "Công", "Thắng"], "Lê Công Thắng"),
    ],
)
def test_a_family_name_that_only_another_model_read_is_put_before_a_name(
    first: str, second: list[str], value: str, units: Units
) -> None:
    words = [
        Word(text=one, confidence=0.9, box=BOX, line=1, second=other)
        for one, other in zip(first.split(), second, strict=True)
    ]
    name = Reading(FieldRule(name="father_name", form="name"), tuple(Piece(word.text, word, 1, BOX) for word in words))

    parsed = value_of(name, delivered_kinds().get("birth_certificate"), units=units, lines=(), issuer="")

    assert parsed == Parsed(value, "name_completed" if value != first else "")

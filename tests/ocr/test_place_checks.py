from importlib.resources import files

import pytest

from domain.models import Field
from ocr.checks.context import CheckContext
from ocr.checks.gazetteer import places
from ocr.kinds import KindLibrary, load_kinds
from ocr.units import Units, load_units

LINES = ("ỦY BAN NHÂN DÂN HUYỆN GIỒNG RIỀNG", "tỉnh Kiên Giang")


@pytest.fixture(scope="module")
def kinds() -> KindLibrary:
    return load_kinds(files("configs") / "kinds")


@pytest.fixture(scope="module")
def units() -> Units:
    return load_units(files("configs") / "units")


@pytest.mark.parametrize(
    ("kind", "name", "value", "agreed", "odd"),
    [
        ("birth_certificate", "father_residence", "xã Thạnh Hưng, huyện Giồng Riềng, tỉnh Kiên Giang", False, ""),
        ("birth_certificate", "father_residence", "xã Thạnh Hưng, huyện Đồng Phú, tỉnh Bình Phước", True, "Thạnh Hưng"),
        ("birth_certificate", "father_residence", "xã Nghĩa Vịnh, huyện Đồng Phú, tỉnh Bình Phước", True, "Nghĩa Vịnh"),
        ("birth_certificate", "father_residence", "xã Minh Quán, huyện Trấn Yên, tỉnh Yên Bái", False, "Minh Quán"),
        ("birth_certificate", "father_residence", "xã Minh Quán, huyện Trấn Yên, tỉnh Yên Bái", True, ""),
        ("birth_certificate", "father_residence", "xã Tân Lập, huyện Đan Phượng, tỉnh Hà Tây", True, ""),
        ("identity_card", "residence", "Thôn 4, Thuận Lợi, Đồng Phú, Bình Phước", True, ""),
        ("identity_card", "residence", "Thôn 4, Thuận Lội, Đồng Phú, Bình Phước", True, "Thuận Lội"),
        ("decision", "issuer", "Ủy ban nhân dân xã Thanh Hưng", True, "Thanh Hưng"),
        ("decision", "issuer", "Ủy ban nhân dân huyện Tân Phước", True, ""),  # of another province
        ("decision", "issuer", "Ủy ban nhân dân huyện Giồng Rlềng", True, "Giồng Rlềng"),
        ("decision", "issuer", "Ủy ban nhân dân xã Nghĩa Vịnh", True, "Nghĩa Vịnh"),
        ("decision", "subject", "về xã Nghĩa Vịnh Anh Hùng", True, ""),  # other words may follow there
        ("decision", "issue_place", "Giồng Riêng", True, "Giồng Riêng"),
        ("decision", "issue_place", "Giồng Riềng", True, ""),
        ("decision", "subject", "về dự toán của huyện Giồng Riêng", True, "Giồng Riêng"),
    ],
)
def test_a_place_that_is_probably_another_one_is_shown(
    kind: str, name: str, value: str, agreed: bool, odd: str, kinds: KindLibrary, units: Units
) -> None:
    context = CheckContext(
        kind=kinds.get(kind),
        fields={name: Field(name=name, value=value, confidence=1.0, doubtful=False)},
        spoken={},
        units=units,
        lines=LINES,
        agreed=frozenset({name}) if agreed else frozenset(),
    )

    assert [(p.code, p.values["unit"]) for p in places(context)] == ([("place_doubtful", odd)] if odd else [])

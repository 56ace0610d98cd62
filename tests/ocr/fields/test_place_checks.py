from dataclasses import replace
from importlib.resources import files

import pytest
from typed_papers import typed_page

from domain.models import Field
from ocr.fields.checks.context import CheckContext
from ocr.fields.checks.gazetteer import places
from ocr.fields.confidence import load_calibration
from ocr.fields.extract import ExtractOptions, extract
from ocr.fields.kinds import KindLibrary, load_kinds
from ocr.lexicon.units import Units, load_units

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


PAPER = "\n".join(
    (
        "      ỦY BAN NHÂN DÂN            CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "      HUYỆN GIỒNG RIÊNG              Độc lập - Tự do - Hạnh phúc",
        "      Số: 12/TB-UBND              Giồng Riêng, ngày 05 tháng 4 năm 2024",
        "",
        "                              THÔNG BÁO",
        "                Về việc tiếp công dân của Ủy ban nhân dân xã Thanh Hưng",
        "",
        "     Ủy ban nhân dân huyện Giồng Riêng, tỉnh Kiên Giang thông báo lịch tiếp công dân như sau.",
        "",
        "                                                 CHỦ TỊCH",
        "",
        "",
        "                                              Trần Văn Bình",
    )
)


def test_a_place_that_two_models_misread_everywhere_is_put_right_and_shown(kinds: KindLibrary, units: Units) -> None:
    page = typed_page(PAPER, confidence=0.97)
    page = replace(page, words=tuple(replace(word, second=word.text) for word in page.words))
    options = ExtractOptions(calibration=load_calibration(files("configs") / "calibration.toml"), units=units)

    found = extract([page], kinds, options=options)

    assert found.fields["issue_place"].value == "Giồng Riềng"
    assert found.fields["issue_place"].doubtful

"""Values that cannot be whole, or bear signs that no paper is written with."""

import pytest
from kind_reader import delivered_kinds, delivered_options

from domain.models import Field
from ocr.fields.checks.context import CheckContext
from ocr.fields.checks.shape import shape
from ocr.fields.checks.spelling import names

KINDS, OPTIONS = delivered_kinds(), delivered_options()


def is_odd(kind: str, name: str, value: str) -> bool:
    fields = {name: Field(name=name, value=value, raw=value, confidence=0.999, page=1, box=None, doubtful=False)}
    context = CheckContext(kind=KINDS.get(kind), fields=fields, spoken={}, units=OPTIONS.units)
    return [problem.code for problem in shape(context)] == ["form_unusual"]


@pytest.mark.parametrize(
    ("address", "odd"),
    [
        ("ấp 2, xã Thuận Lợi, huyện Đồng Phú, tỉnh Bình Phước", False),
        ("ấp 2, xã Thuận Lợi, huyện Đồng Phú, tỉnh Bình ° Phước", True),
        ("thôn 1, xã Xuân Hiệp, huyện Xuân Lộc, tỉnh Đồng, Nai", True),
        ("ấp 2, xã Vĩnh Hòa Hiệp, huyện Châu Thành, tỉnh Kiên (giang", True),
        ("thửa đất số 73; tờ bản đồ số 48, xã Phú Lý, huyện Vĩnh Cửu, tỉnh Đồng Nai", True),
        ("buôn Ea T'ling, xã Ea Drăng, huyện Ea H'leo, tỉnh Đắk Lắk, Việt Nam", False),
    ],
)
def test_an_address_with_a_speck_in_a_name_is_shown(address: str, *, odd: bool) -> None:
    assert is_odd("birth_certificate", "father_residence", address) is odd


@pytest.mark.parametrize(("name", "odd"), [("Trần Đức Long", False), ("Trần Đức Đức Long", True)])
def test_a_name_with_a_word_twice_is_shown(name: str, *, odd: bool) -> None:
    assert is_odd("notice", "signer_name", name) is odd


@pytest.mark.parametrize(
    ("subject", "odd"),
    [
        ("Về việc nghỉ lễ", False),
        ("việc nghỉ lễ", True),
        ("Về việc công nhận hộ thoát nghèo đối với bà Ngô Ngọc: Vy", True),
        ("Về việc lựa chọn nhà thầu gói thầu số 05: Cung cấp vật tư", False),
    ],
)
def test_a_subject_that_has_lost_its_beginning_is_shown(subject: str, *, odd: bool) -> None:
    assert is_odd("notice", "subject", subject) is odd


@pytest.mark.parametrize(
    ("business", "odd"),
    [
        ("TẠP HÓA NGUYỄN HỒNG NHUNG", False),
        ("TẠP HÓA NGUYÊN HỒNG NHUNG", True),
        ("TẠP HÓA NGUYỄN THỊ HỒNG NHUNG", False),
        ("TẠP HÓA", False),
    ],
)
def test_a_business_with_its_owners_family_name_misspelled_is_shown(business: str, *, odd: bool) -> None:
    fields = {"business_name": Field(name="business_name", value=business, confidence=0.999, doubtful=False)}
    context = CheckContext(kind=KINDS.get("household_business"), fields=fields, spoken={}, units=OPTIONS.units)

    assert bool(names(context)) is odd

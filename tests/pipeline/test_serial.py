import pytest
from stored_values import DRAFT, PAGE, RECORD

from domain.errors import ObjectCorrupt
from domain.models import PageText, Record
from pipeline.serial import from_json, from_json_list, to_json


@pytest.mark.parametrize("value", [DRAFT, RECORD, PAGE], ids=lambda value: type(value).__name__)
def test_a_value_comes_back_as_it_was(value: object) -> None:
    assert from_json(type(value), to_json(value)) == value


def test_a_list_of_values_comes_back() -> None:
    assert from_json_list(PageText, to_json((PAGE, PAGE))) == (PAGE, PAGE)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"id": 1', to_json(RECORD).replace("B-LTA", "B-XX")])
def test_what_is_no_such_value_is_corrupt(text: str) -> None:
    with pytest.raises(ObjectCorrupt):
        from_json(Record, text)


def test_bytes_have_no_json_form() -> None:
    with pytest.raises(TypeError):
        to_json({"data": b"%PDF"})

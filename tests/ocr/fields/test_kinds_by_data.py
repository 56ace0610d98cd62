import tomllib
from pathlib import Path

import pytest
from kind_reader import delivered_kinds, delivered_options
from typed_papers import kinds_folder, typed_paper

from domain.models import Extraction
from ocr.fields.extract import ExtractOptions, extract
from ocr.fields.kinds import UNKNOWN, KindLibrary

CASES = sorted(path.parent for path in kinds_folder().glob("*/page.txt"))


@pytest.fixture(scope="module")
def kinds() -> KindLibrary:
    return delivered_kinds()


@pytest.fixture(scope="module")
def options() -> ExtractOptions:
    return delivered_options()


def read(case: Path, kinds: KindLibrary, options: ExtractOptions) -> Extraction:
    return extract(typed_paper((case / "page.txt").read_text("utf-8"), confidence=0.999), kinds, options=options)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_paper_is_read_as_expected(case: Path, kinds: KindLibrary, options: ExtractOptions) -> None:
    expected = tomllib.loads((case / "expected.toml").read_text("utf-8"))

    found = read(case, kinds, options)

    assert found.kind == expected["kind"]
    assert {name: one.value for name, one in found.fields.items() if one.value is not None} == expected["fields"]
    not_stated = {name for name, one in found.fields.items() if one.value is None and not one.doubtful}
    assert not_stated == set(expected.get("not_stated", ()))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_sure_reading_leaves_nothing_for_review(case: Path, kinds: KindLibrary, options: ExtractOptions) -> None:
    found = read(case, kinds, options)

    assert {name for name, one in found.fields.items() if one.doubtful} == set()
    assert found.problems == ()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_badly_read_words_are_all_shown_to_a_person(case: Path, kinds: KindLibrary, options: ExtractOptions) -> None:
    found = extract(typed_paper((case / "page.txt").read_text("utf-8"), confidence=0.3), kinds, options=options)

    expected = tomllib.loads((case / "expected.toml").read_text("utf-8"))
    unseen = {name for name, one in found.fields.items() if one.value is not None and not one.doubtful}
    from_a_short_list = {name for name in unseen if name.endswith(("sex", "ethnicity", "nationality"))}
    assert unseen - from_a_short_list <= set(expected.get("stated_twice", ()))


def test_every_kind_has_a_paper_to_test_it(kinds: KindLibrary) -> None:
    assert {case.name for case in CASES} >= set(kinds.kinds) - {UNKNOWN}

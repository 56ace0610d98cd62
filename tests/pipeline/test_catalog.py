"""The catalogue at work: loaded, looked up, asked at intake and certification, searched with, rebuilt."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from conftest import Outcome, run_sohoa
from dying import Killed
from mortal import Counter, open_mortal

from domain.models import Filing
from pipeline.catalog import catalog_problems, issuer_names, load_catalog
from pipeline.services import Services, open_services
from storage.index import IndexEntry, find_record, save_record

pytestmark = pytest.mark.tools

At = Callable[..., Outcome]
TODAY = datetime(2026, 11, 22, 8, tzinfo=UTC)
UNITS = """Mã,Tên,Cấp,Trực thuộc,Từ ngày,Đến ngày,Kế thừa
H19,UBND tỉnh Đồng Nai,province,,,29/04/2026,H19
H19,UBND thành phố Đồng Nai,province,,30/04/2026,,
H19.30,UBND xã Cũ,commune,H19,,30/06/2025,H19.31
H19.31,UBND xã Mới,commune,H19,01/07/2025,,
"""
PROCEDURES = """Mã,Tên,Từ ngày,Đến ngày,Dữ liệu dân cư
2.000815,Chứng thực bản sao từ bản chính,,,có
1.000001,Thủ tục đã bãi bỏ,,31/12/2024,không
"""


@pytest.fixture
def tables(tmp_path: Path) -> tuple[Path, Path]:
    units, procedures = tmp_path / "don-vi.csv", tmp_path / "thu-tuc.csv"
    units.write_text(UNITS, "utf-8")
    procedures.write_text(PROCEDURES, "utf-8")
    return units, procedures


@pytest.fixture
def filled(desk: Path, at_desk: At, tables: tuple[Path, Path]) -> Path:
    for arguments in ((), (tables[0],), (tables[1], "--procedures")):
        assert at_desk("catalog", "load", *arguments).code == 0
    return desk


def said(home: Path, filing: Filing, written: str = "") -> list[str]:
    with open_services(home=home, clock=lambda: TODAY) as services:
        return [services.messages.problem(problem) for problem in catalog_problems(filing, written, services)]


def test_loading_says_what_is_new_and_the_same_again_is_nothing(desk: Path, at_desk: At) -> None:
    empty = at_desk("catalog", "units")
    first = at_desk("catalog", "load", "--json").objects[0]
    again = at_desk("catalog", "load", "--json").objects[0]

    assert empty.code == 1
    assert (first["new"], first["unchanged"]) == (71, 0)
    assert (again["new"], again["changed"], again["closed"], again["unchanged"]) == (0, 0, 0, 71)
    assert [entry["action"] for entry in at_desk("log", "list", "--all", "--json").objects] == ["catalog_load"]


def test_a_table_that_contradicts_what_is_recorded_changes_nothing(filled: Path, at_desk: At, tmp_path: Path) -> None:
    table = tmp_path / "sai.csv"
    table.write_text(UNITS.replace("30/06/2025,H19.31", "30/06/2025,H19.99") + "H19.40,A,,,,,\n", "utf-8")
    before = at_desk("catalog", "units", "--json").out

    outcome = at_desk("catalog", "load", table)

    assert (outcome.code, outcome.out, outcome.err.count("\n")) == (3, "", 1)
    assert "sai.csv: dòng 4: đơn vị kế thừa H19.99" in outcome.err
    assert at_desk("catalog", "units", "--json").out == before


def test_who_held_a_name_on_a_day_and_what_became_of_it(filled: Path, at_desk: At) -> None:
    by_name = at_desk("catalog", "units", "kien", "giang", "--json").objects
    on_a_day = at_desk("catalog", "units", "91", "--on", "2010-05-01", "--json").objects
    today = at_desk("catalog", "units", "91", "--on", "2026-11-22", "--json").objects
    shown = at_desk("catalog", "units", "Bình Phước").out

    assert [(unit["name"], unit["present"]) for unit in by_name] == [
        ("Kiên Giang", [{"code": "91", "name": "An Giang"}])
    ]
    assert ([unit["name"] for unit in on_a_day], [unit["name"] for unit in today]) == (["Kiên Giang"], ["An Giang"])
    assert "đến hết 30/06/2025" in shown
    assert "Đồng Nai (75)" in shown
    assert at_desk("catalog", "procedures", "2.000815.000.00.00.H19", "--json").objects[0]["citizen_data"] is True
    assert at_desk("catalog", "procedures", "chung thuc", "--on", "2026-01-01").code == 0
    assert at_desk("catalog", "procedures", "1.000001", "--on", "2026-01-01").code == 1


def test_a_code_is_right_on_the_day_of_the_paper_or_today(filled: Path) -> None:
    assert said(filled, Filing(unit="H19.31", procedure="2.000815.000.00.00.H19")) == []
    assert said(filled, Filing(unit="H19.30", procedure="1.000001"), "2020-05-01") == []
    assert said(filled, Filing(unit="H48.1")) == []  # of a province that nobody recorded
    assert said(filled, Filing()) == []


def test_a_wrong_code_is_said_with_what_it_is_now(filled: Path) -> None:
    (over,) = said(filled, Filing(unit="H19.30"), "2025-09-01")
    (unknown,) = said(filled, Filing(unit="H19.77"))
    old, strange = (said(filled, Filing(procedure=code))[0] for code in ("1.000001", "9.9"))

    assert over == (
        "Đơn vị UBND xã Cũ (mã H19.30) chỉ có đến hết 30/06/2025; nay là UBND xã Mới (H19.31). Kiểm tra lại --unit."
    )
    assert "H19.77 không có trong danh mục" in unknown
    assert "Thủ tục đã bãi bỏ (mã 1.000001) chỉ áp dụng đến hết 31/12/2024" in old
    assert "9.9 không có trong danh mục" in strange


def test_a_wrong_code_warns_the_clerk_and_blocks_nothing(filled: Path, at_desk: At, another: Path) -> None:
    shown = at_desk("digitize", another, "--unit", "H19.77", "--procedure", "9.9")

    (draft,) = (each for each in at_desk("review", "list", "--json").objects if each["source"] == another.name)
    assert "Mã đơn vị H19.77 không có trong danh mục" in shown.out
    at_desk("review", "approve", draft["draft_id"])
    done = at_desk("certify", draft["draft_id"], "--yes", "--json")
    assert done.code == 0
    assert [text[:8] for text in done.objects[0]["warnings"]] == ["Mã đơn v", "Mã thủ t"]


def test_a_paper_is_found_under_the_name_of_the_unit_that_followed_or_was_before(
    filled: Path, at_desk: At, drafts: list[str]
) -> None:
    (done,) = at_desk("certify", drafts[0], "--yes", "--json").objects
    with open_services(home=filled) as services, services.database.transaction() as transaction:
        record = find_record(transaction, done["document_id"])
        fields = {**record.fields, "issuer": "Ủy ban nhân dân tỉnh Kiên Giang"}
        save_record(transaction, IndexEntry(record=replace(record, fields=fields)))

    def found(issuer: str) -> int:
        return len(at_desk("warehouse", "find", "--issuer", issuer, "--json").objects)

    assert found("Ủy ban nhân dân tỉnh Kiên Giang") == 1
    assert found("UY BAN NHAN DAN TINH AN GIANG") == 1
    assert found("Ủy ban nhân dân thành phố An Giang") == 1
    assert found("Ủy ban nhân dân tỉnh Đồng Nai") == 0
    assert "an giang" in at_desk("warehouse", "find", "--issuer", "Ủy ban nhân dân tỉnh Kiên Giang").err


def test_neighbors_that_were_taken_over_by_the_same_unit_are_not_mixed_up(filled: Path) -> None:
    with open_services(home=filled) as services, services.database.reading() as transaction:
        names = issuer_names(transaction, "Công an tỉnh Kon Tum")
        present = issuer_names(transaction, "Công an tỉnh Quảng Ngãi")
        alone = issuer_names(transaction, "Bộ Công an")

    assert set(names) == {"cong an tinh kon tum", "cong an tinh quang ngai", "cong an thanh pho quang ngai"}
    with open_services(home=filled) as services, services.database.reading() as transaction:
        short = issuer_names(transaction, "UBND xã Cũ")
        long = issuer_names(transaction, "Ủy ban nhân dân xã Mới")

    assert "cong an tinh kon tum" in present
    assert set(short) == {"ubnd xa cu", "uy ban nhan dan xa cu", "uy ban nhan dan xa moi", "ubnd xa moi"}
    assert set(long) == set(short)
    assert alone == ("bo cong an",)


def test_the_catalogue_comes_back_from_the_store_alone(filled: Path, at_desk: At) -> None:
    before = [at_desk("catalog", what, "--json").out for what in ("units", "procedures")]
    for path in filled.glob("sohoa.db*"):
        path.unlink()

    assert at_desk("reindex").code == 0

    assert [at_desk("catalog", what, "--json").out for what in ("units", "procedures")] == before


@pytest.mark.parametrize("behind", [False, True], ids=["before", "behind"])
def test_killed_at_any_step_of_loading_the_next_run_finishes(
    behind: bool, reviewed: Path, tables: tuple[Path, Path], tmp_path: Path
) -> None:
    def units(services: Services) -> str:
        return run_sohoa(services.home, "catalog", "units", "--json").out

    for at in range(1, 20):
        home = tmp_path / str(at)
        shutil.copytree(reviewed, home)
        try:
            with open_mortal(home, Counter(at=at, behind=behind), bucket=False, later=timedelta()) as services:
                load_catalog([tables[0]], services)
        except Killed:
            with open_services(home=home) as services:
                load_catalog([tables[0]], services)
                before = units(services)
            for path in home.glob("sohoa.db*"):
                path.unlink()
            assert run_sohoa(home, "reindex").code == 0
            assert (before.count("\n"), units(services)) == (4, before), at
        else:
            assert at > 2
            return
    raise AssertionError("loading has no end")

"""What leaves the warehouse and what is told of it: hand-over, deletion, measures."""

import csv
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zipfile import ZipFile

import bagit
import pytest
from conftest import Outcome, Road, Run, run_sohoa

pytestmark = pytest.mark.tools

OWNER = "070167999893"


@pytest.fixture
def warehouse(road: Road, tmp_path: Path) -> Path:
    home = tmp_path / "warehouse"
    shutil.copytree(road.home, home)
    return home


@pytest.fixture
def run(warehouse: Path) -> Run:
    def run(*arguments: object, **variables: str) -> Outcome:
        return run_sohoa(warehouse, *arguments, "--json", **variables)

    return run


@pytest.fixture
def paper(road: Road) -> str:
    return str(road.certified[1]["document_id"])


# ---------------------------------------------------------------- hand-over


@pytest.mark.parametrize(("form", "kinds"), [("bagit", ["decision", "marital_status"]), ("eark", ["marital_status"])])
def test_papers_are_handed_over_and_taken_in_elsewhere(
    run: Run, road: Road, tmp_path: Path, form: str, kinds: list[str]
) -> None:
    ids = [each["document_id"] for each in road.certified[-len(kinds) :]]  # the scan is read anew, so once is enough
    (package,) = run("export", *ids, "--format", form, "--out", tmp_path).objects
    if form == "bagit":
        with ZipFile(package["file"]) as archive:
            archive.extractall(tmp_path / "bag")
        (folder,) = (tmp_path / "bag").iterdir()
        assert bagit.Bag(str(folder)).is_valid()

    elsewhere = tmp_path / "elsewhere"
    run_sohoa(elsewhere, "init")
    taken = run_sohoa(elsewhere, "import", package["file"], "--json")

    drafts = run_sohoa(elsewhere, "review", "list", "--all", "--json").objects
    assert (taken.code, len(taken.objects)) == (0, len(kinds)), taken.err
    assert sorted(draft["kind"] for draft in drafts) == kinds


def test_a_folder_with_a_table_is_taken_in_under_the_owners_it_names(
    home: Path, sohoa: Run, samples: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "old"
    folder.mkdir()
    shutil.copy(next(samples.glob("*/02-xac-nhan*.pdf")), folder / "a.pdf")
    with (folder / "list.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["Tệp", "Số định danh", "Mã hồ sơ"], ["a.pdf", OWNER, "H19-7"], ["b.pdf", "1", ""]])
    sohoa("init")

    outcome = sohoa("import", folder, "--csv", folder / "list.csv", "--json")

    (draft,) = sohoa("review", "list", "--json").objects
    assert (outcome.code, [each["status"] for each in outcome.objects][1]) == (1, "failed")
    assert outcome.objects[1]["problems"][0]["code"] == "import_missing"
    assert (draft["owner_id"], draft["dossier"]) == (OWNER, "H19-7")


# ---------------------------------------------------------------- deletion


def test_a_deleted_paper_leaves_its_line_in_the_register_and_nothing_of_its_content(
    run: Run, warehouse: Path, paper: str, road: Road
) -> None:
    number = road.certified[1]["register_number"]
    (held,) = run("warehouse", "hold", paper, "--reason", "tranh chấp").objects
    refused = run("warehouse", "delete", paper, "--reason", "QĐ 5")
    for wrong in ("0123456789abcdef", "../../x", ""):  # a slip of the pen never reads as if the hold were gone
        outcome = run("warehouse", "release", paper, wrong)
        assert outcome.code == 3
        assert held["hold"] in outcome.err
        assert run("warehouse", "delete", wrong, "--reason", "QĐ 5").code == 3
    assert run("warehouse", "release", paper, held["hold"]).code == 0
    assert run("warehouse", "release", paper, held["hold"]).code == 0  # a second time is no change
    before = run("register", "list").out

    outcome = run("warehouse", "delete", paper, "--reason", "QĐ 5")

    assert (refused.code, outcome.code) == (3, 0), outcome.err
    assert paper not in run("warehouse", "list", "--all").out
    assert not list((warehouse / "store").rglob(f"{paper}/*"))
    assert len(run("review", "list", "--all").objects) == 1
    for path in warehouse.glob("sohoa.db*"):
        path.unlink()
    (rebuilt,) = run("reindex").objects
    assert (rebuilt["damaged"], rebuilt["lines"]) == ([], 2)
    assert number in before
    assert run("register", "list").out == before
    assert run("audit").code == 0


# ---------------------------------------------------------------- measures


def test_a_month_is_counted_with_numerator_and_denominator(run: Run, road: Road) -> None:
    paper = road.certified[0]["document_id"]
    now = datetime.now(UTC) + timedelta(hours=7)

    run("warehouse", "use", paper, "--dossier", "H19.30-26-0009")
    lines = run("statistics", "--year", now.year, "--month", now.month).objects
    again = run("statistics", "--year", now.year, "--month", now.month).objects

    copies = next(each for each in lines if each.get("code") == "ELECTRONIC_CERTIFIED_COPY")
    reused = next(each for each in lines if each.get("code") == "REUSED_DIGITIZED_DATA")
    assert (copies["numerator"], copies["denominator"]) == (2, 2)
    assert (reused["numerator"], reused["denominator"]) == (1, 1)
    assert again == lines
    assert [(each["officer"], each["papers"]) for each in lines if each["type"] == "officer"] == [("Người Kiểm Thử", 2)]
    assert run("statistics", "--year", 2026, "--month", 13).code == 3


def test_what_the_one_stop_system_tells_of_dossiers_is_counted_and_rebuilt(
    run: Run, warehouse: Path, tmp_path: Path
) -> None:
    table = tmp_path / "ho-so.csv"
    table.write_text(
        "Mã hồ sơ,Mã đơn vị,Tiếp nhận,Hẹn trả,Trả kết quả,Kết quả điện tử\n"
        "A,H19.30,2025-03-03,2025-03-05,2025-03-05,có\n"
        "B,H19.30,2025-03-03,2025-03-05,2025-03-06,không\n"
        "C,H19.30,2025-03-03,,,\n",
        "utf-8",
    )

    def counted() -> dict[str, list[int | None]]:
        lines = run("statistics", "--year", 2025, "--month", 3).objects
        return {each["code"]: [each["numerator"], each["denominator"], each["unknown"]] for each in lines}

    loaded = run("catalog", "dossiers", table)
    found = counted()
    for path in warehouse.glob("sohoa.db*"):
        path.unlink()
    run("reindex")

    assert loaded.objects == [{"dossiers": 3}]
    assert found["ON_TIME"] == found["ORIGINAL_RESULT_AVAILABLE"] == [1, 2, 1]
    assert found["CITIZEN_DATA_CONNECTED_DOSSIER"] == [None, None, 3]
    assert counted() == found
    shown = run_sohoa(warehouse, "statistics", "--year", 2025, "--month", 3).out
    assert "không rõ" in shown
    assert run("catalog", "dossiers", tmp_path / "nowhere.csv").code == 3

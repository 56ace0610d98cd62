from pathlib import Path

import pytest
from conftest import Road, run_sohoa

pytestmark = pytest.mark.tools


def test_a_data_directory_lives_again_from_its_backup(road: Road, tmp_path: Path) -> None:
    done = road.run("backup", tmp_path / "backup", "--json").objects[0]
    listed = road.run("warehouse", "list", "--all", "--json").objects

    (restored,) = run_sohoa(tmp_path / "new", "restore", tmp_path / "backup", "--json").objects

    assert done["copied"] > 0
    assert (restored["papers"], restored["damaged"]) == (2, [])
    assert run_sohoa(tmp_path / "new", "warehouse", "list", "--all", "--json").objects == listed
    assert run_sohoa(tmp_path / "new", "audit", "--json").code == 0
    assert not (tmp_path / "new" / "authority").exists()


def test_a_second_backup_copies_what_is_new_only(road: Road, tmp_path: Path) -> None:
    road.run("backup", tmp_path / "backup")

    again = road.run("backup", tmp_path / "backup", "--json").objects[0]

    assert again["copied"] == 0


def test_nothing_is_restored_over_a_data_directory(road: Road, tmp_path: Path) -> None:
    road.run("backup", tmp_path / "backup")

    outcome = road.run("restore", tmp_path / "backup")

    assert outcome.code == 3
    assert run_sohoa(tmp_path / "new", "restore", tmp_path).code == 3

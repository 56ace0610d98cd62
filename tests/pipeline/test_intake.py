from pathlib import Path

import pytest

from domain.errors import InputError
from domain.models import Filing
from pipeline.intake import draft_identifier, find_papers


def put(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")


def test_a_folder_is_a_dossier_named_by_itself(tmp_path: Path) -> None:
    put(tmp_path / "HS-01", "b.pdf", "a.png", ".hidden", "a.png.truth.json", "Thumbs.db")

    found = list(find_papers([tmp_path / "HS-01"], Filing(owner_id="1")))

    assert [paper.path.name for paper in found] == ["a.png", "b.pdf"]
    assert {(paper.filing.dossier, paper.filing.owner_id) for paper in found} == {("HS-01", "1")}


def test_folders_below_are_dossiers_of_their_own(tmp_path: Path) -> None:
    put(tmp_path, "HS-01/a.pdf", "HS-02/b.pdf")

    assert [paper.filing.dossier for paper in find_papers([tmp_path], Filing())] == ["HS-01", "HS-02"]


def test_what_the_folder_says_of_itself_holds_unless_the_clerk_says_otherwise(tmp_path: Path) -> None:
    put(tmp_path, "HS/a.pdf")
    (tmp_path / "HS" / "dossier.toml").write_text('owner_id = "2"\ndossier = "H10-1"\n', "utf-8")

    (paper,) = find_papers([tmp_path / "HS"], Filing(owner_id="3"))

    assert (paper.filing.owner_id, paper.filing.dossier) == ("3", "H10-1")


@pytest.mark.parametrize("text", ["owner = 1\n", "[[", "\xff"])
def test_a_wrong_dossier_file_is_named_and_its_papers_refused(text: str, tmp_path: Path) -> None:
    put(tmp_path, "HS/a.pdf")
    (tmp_path / "HS" / "dossier.toml").write_bytes(text.encode("latin-1"))

    (paper,) = find_papers([tmp_path / "HS"], Filing())

    assert "dossier.toml" in str(paper.refused)


def test_a_path_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="khong-co"):
        list(find_papers([tmp_path / "khong-co.pdf"], Filing()))


def test_the_same_pages_of_the_same_file_are_always_the_same_draft() -> None:
    assert draft_identifier("ab", (1, 2)) == draft_identifier("ab", (1, 2))
    assert draft_identifier("ab", (1, 2)) != draft_identifier("ab", (1,))

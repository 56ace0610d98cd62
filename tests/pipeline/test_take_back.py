"""Hand-over and back: certified papers of a package come into an empty warehouse with everything that is in it."""

import hashlib
import json
import re
import shutil
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import ocfl
import pytest
from conftest import Outcome, Road, run_sohoa
from dying import Killed
from mortal import Counter, open_mortal

from pipeline.take_back import take_back

pytestmark = pytest.mark.tools

FORMS = ("bagit", "eark")


@pytest.fixture(scope="module")
def origin(road: Road, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse with a history: one paper suspended and held, the other one withdrawn."""
    home = tmp_path_factory.mktemp("origin") / "home"
    shutil.copytree(road.home, home)
    one, other = (each["document_id"] for each in road.certified)
    for arguments in (
        ("withdraw", one, "--suspend", "--reason", "nghi giả mạo"),
        ("withdraw", other, "--reason", "cấp nhầm"),
        ("warehouse", "hold", one, "--reason", "tranh chấp"),
    ):
        assert run_sohoa(home, *arguments).code == 0
    return home


@pytest.fixture(scope="module")
def packages(origin: Path, road: Road, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The two papers as packages of both forms."""
    folder = tmp_path_factory.mktemp("packages")
    ids = [each["document_id"] for each in road.certified]
    made = {form: run_sohoa(origin, "export", *ids, "--format", form, "--out", folder, "--json") for form in FORMS}
    return {form: Path(outcome.objects[0]["file"]) for form, outcome in made.items()}


@pytest.fixture
def elsewhere(origin: Path, tmp_path: Path) -> Path:
    """An empty warehouse with an owner key of its own that trusts the first one's certificates."""
    home = tmp_path / "elsewhere"
    shutil.copytree(origin / "authority", home / "authority")
    shutil.copy(origin / "seal-keys.json", home)
    assert run_sohoa(home, "init").code == 0
    return home


def take(home: Path, package: Path) -> Outcome:
    return run_sohoa(home, "import", package, "--certified", "--json")


def listed(home: Path) -> list[dict[str, Any]]:
    return run_sohoa(home, "warehouse", "list", "--all", "--json").objects


def cards(home: Path) -> list[dict[str, Any]]:
    """Everything about the papers: fields, state, retention, holds, versions."""
    return [run_sohoa(home, "warehouse", "show", each["document_id"], "--json").objects[0] for each in listed(home)]


def files(home: Path) -> dict[str, str]:
    """The digest of every file of every version of the papers, without the folders of the owners."""
    owners = home / "store" / "owners"
    return {
        path.relative_to(owners).as_posix().split("/", 2)[2]: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in owners.rglob("*")
        if path.is_file() and "content" in path.parts
    }


def forget_database(home: Path) -> None:
    for path in home.glob("sohoa.db*"):
        path.unlink()


def rewrite(package: Path, target: Path, change: Callable[[str, bytes], bytes]) -> Path:
    """Write a bag with changed files and right manifests, as somebody who forges a package would."""
    with zipfile.ZipFile(package) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    entries = {name: change(name, data) for name, data in entries.items() if "tagmanifest" not in name}
    folder = next(iter(entries)).split("/")[0]
    for algorithm in ("sha256", "sha512"):
        lines = [
            f"{hashlib.new(algorithm, data).hexdigest()}  {name.removeprefix(folder + '/')}\n"
            for name, data in entries.items()
            if "/data/" in name
        ]
        entries[f"{folder}/manifest-{algorithm}.txt"] = "".join(lines).encode()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return target


@pytest.mark.parametrize("form", FORMS)
def test_papers_come_back_with_everything_that_is_in_them(
    form: str, origin: Path, packages: dict[str, Path], elsewhere: Path, road: Road
) -> None:
    taken = take(elsewhere, packages[form])

    assert taken.code == 0, taken.err
    assert [each["status"] for each in taken.objects] == ["taken", "taken"]
    assert listed(elsewhere) == listed(origin)
    assert cards(elsewhere) == cards(origin)
    assert files(elsewhere) == files(origin)
    assert run_sohoa(elsewhere, "register", "list", "--json").out == run_sohoa(origin, "register", "list", "--json").out
    drafts = [run_sohoa(home, "review", "list", "--all", "--json").objects for home in (elsewhere, origin)]
    assert drafts[0] == drafts[1]
    root = ocfl.StorageRoot(root=str(elsewhere / "store" / "owners"))
    root.validate(log_warnings=True)
    assert [*root.log.messages, *root.errors] == []
    assert run_sohoa(elsewhere, "audit").code == 0
    answer = run_sohoa(elsewhere, "verify", road.certified[1]["file"], "--json")
    assert (answer.code, answer.objects[0]["verdict"]) == (1, "withdrawn")
    assert {reason["code"] for reason in answer.objects[0]["reasons"] if not reason["good"]} == {"register_withdrawn"}


def test_what_came_back_is_known_and_rebuilt_and_goes_on(
    packages: dict[str, Path], elsewhere: Path, samples: Path, another: Path
) -> None:
    take(elsewhere, packages["bagit"])
    before = listed(elsewhere)
    again = take(elsewhere, packages["eark"])
    forget_database(elsewhere)
    (rebuilt,) = run_sohoa(elsewhere, "reindex", "--json").objects
    scanned = run_sohoa(elsewhere, "digitize", next(samples.glob("*/01-quyet-dinh.pdf")), "--json").objects
    (draft,) = run_sohoa(elsewhere, "digitize", another, "--json").objects
    run_sohoa(elsewhere, "review", "approve", draft["draft_id"])
    known = run_sohoa(elsewhere, "certify", scanned[0]["draft_id"], "--yes", "--json")
    next_one = run_sohoa(elsewhere, "certify", draft["draft_id"], "--yes", "--json")

    assert [each["status"] for each in again.objects] == ["known", "known"]
    assert (rebuilt["papers"], rebuilt["lines"], rebuilt["damaged"]) == (2, 2, [])
    assert [each for each in listed(elsewhere) if each["document_id"] in {b["document_id"] for b in before}] == before
    assert scanned[0]["status"] == "duplicate"
    assert known.objects[0]["register_number"] in {each["register_number"] for each in before}
    assert next_one.objects[0]["register_number"].startswith("03/")


def test_where_the_issuer_is_not_trusted_nothing_is_taken_and_it_is_said_why(
    packages: dict[str, Path], tmp_path: Path
) -> None:
    run_sohoa(tmp_path / "stranger", "init")

    outcome = take(tmp_path / "stranger", packages["bagit"])

    assert (outcome.code, listed(tmp_path / "stranger")) == (1, [])
    assert "chữ ký không được công nhận ở đây" in outcome.objects[0]["error"]


def test_a_number_that_is_another_papers_here_is_not_given_away(
    packages: dict[str, Path], elsewhere: Path, another: Path
) -> None:
    (draft,) = run_sohoa(elsewhere, "digitize", another, "--json").objects
    run_sohoa(elsewhere, "review", "approve", draft["draft_id"])
    (own,) = run_sohoa(elsewhere, "certify", "--ready", "--yes", "--json").objects

    outcome = take(elsewhere, packages["bagit"])

    failed, taken = sorted(outcome.objects, key=lambda each: str(each["status"]))
    assert (outcome.code, failed["status"], taken["status"]) == (1, "failed", "taken")
    assert f"Số {own['register_number']} trong sổ ở đây đã là của bản khác" in failed["error"]
    assert own["document_id"] in [each["document_id"] for each in listed(elsewhere)]


def forge_fields(name: str, data: bytes) -> bytes:
    if not name.endswith("metadata.json") or "/history/" in name:
        return data
    return data.replace(b'"kind":"decision"', b'"kind":"diploma"').replace(b'"kind":"marital_status"', b'"kind":"plan"')


def forge_state(name: str, data: bytes) -> bytes:
    if not name.endswith("history.json"):
        return data
    history = json.loads(data)
    history["versions"] = history["versions"][:1]
    return json.dumps(history).encode()


def forge_copy(name: str, data: bytes) -> bytes:
    return data.replace(b"/Type /Page", b"/Type /Pagf", 1) if name.endswith("copy.pdf") else data


def forge_name(name: str, data: bytes) -> bytes:
    return data.replace(b'"text.json"', b'"../../../x"') if name.endswith("history.json") else data


def forge_value(entries: dict[str, bytes], name: str, put: str) -> dict[str, bytes]:
    """Change a value alike wherever the files of a paper tell it, and every digest of what was changed."""
    value, digests, forged = re.compile(rf'("{name}":\s*")(?=[^"])'.encode()), dict[bytes, bytes](), dict(entries)
    for file, data in sorted(entries.items(), key=lambda entry: entry[0].endswith("history.json")):
        if file.endswith(".json"):
            changed = value.sub(rb"\g<1>" + put.encode(), data)
            for before, after in digests.items():
                changed = changed.replace(before, after)
            forged[file] = changed
            digests[hashlib.sha512(data).hexdigest().encode()] = hashlib.sha512(changed).hexdigest().encode()
    return forged


@pytest.mark.parametrize(("name", "put"), [("number", "9"), ("issue_date", "1"), ("holder_name", "Trần ")])
def test_values_that_the_seal_contradicts_are_never_taken_back(
    name: str, put: str, packages: dict[str, Path], elsewhere: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(packages["bagit"]) as archive:
        entries = {file: archive.read(file) for file in archive.namelist()}
    forged: dict[str, bytes] = {}
    for paper in {file.split("/")[2] for file in entries if "/data/" in file}:
        forged |= forge_value({file: entries[file] for file in entries if f"/data/{paper}/" in file}, name, put)
    package = rewrite(packages["bagit"], tmp_path / "forged.zip", lambda file, data: forged.get(file, data))

    outcome = take(elsewhere, package)

    changed = {file.split("/")[2] for file, data in forged.items() if file.endswith(".json") and entries[file] != data}
    refused = {each["name"]: each["error"] for each in outcome.objects if each["status"] == "failed"}
    assert changed and refused.keys() == changed
    assert all("có người đã sửa" in error for error in refused.values()), refused


@pytest.mark.parametrize("change", [forge_fields, forge_state, forge_copy, forge_name])
def test_a_package_that_was_changed_with_right_manifests_is_refused(
    change: Callable[[str, bytes], bytes], packages: dict[str, Path], elsewhere: Path, tmp_path: Path
) -> None:
    forged = rewrite(packages["bagit"], tmp_path / "forged.zip", change)

    outcome = take(elsewhere, forged)

    assert outcome.code == 1
    assert [each["status"] for each in outcome.objects] == ["failed", "failed"]
    assert (listed(elsewhere), files(elsewhere)) == ([], {})


def test_a_package_that_nobody_changed_is_taken_back_after_being_written_anew(
    packages: dict[str, Path], elsewhere: Path, tmp_path: Path
) -> None:
    same = rewrite(packages["bagit"], tmp_path / "same.zip", lambda _name, data: data)

    assert take(elsewhere, same).code == 0


@pytest.mark.parametrize("part", [0.2, 0.5, 0.9])
def test_taking_back_that_dies_on_its_way_is_finished_by_the_next_run(
    part: float, packages: dict[str, Path], origin: Path, elsewhere: Path, tmp_path: Path
) -> None:
    def run(home: Path, at: int) -> int:
        counter = Counter(at=at, behind=True)
        with open_mortal(home, counter, bucket=True, later=timedelta()) as services:
            assert all(taken.error is None for taken in take_back(packages["bagit"], services))
        return counter.count

    shutil.copytree(elsewhere, tmp_path / "counted")
    steps = run(tmp_path / "counted", 0)
    with pytest.raises(Killed):
        run(elsewhere, round(steps * part))
    with open_mortal(elsewhere, Counter(at=0, behind=False), bucket=True, later=timedelta(hours=1)) as services:
        again = list(take_back(packages["bagit"], services))

    assert [taken.error for taken in again] == [None, None]
    assert listed(elsewhere) == listed(origin)
    assert files(elsewhere) == files(origin)

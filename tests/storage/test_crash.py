import multiprocessing
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dying
import ocfl
import pytest
from dying import ACTIONS, CHANGES, FILES, IDENTIFIER, NOTE, ROOT, DyingStore, Killed, create, open_ocfl
from servers import S3Server, open_bucket

from domain.errors import ObjectExists, ObjectMissing, StoreUnavailable
from storage.objects import DirectoryStore, ObjectStore
from storage.ocfl import OcflStore


def later() -> datetime:
    """When the lease of a dead writer is over."""
    return datetime.now(UTC) + timedelta(hours=1)


def problems(folder: Path) -> list[str]:
    """What ocfl-py has to say about the storage root, warnings too."""
    root = ocfl.StorageRoot(root=str(folder / "owners"))
    root.validate(log_warnings=True)
    return [*root.log.messages, *map(str, root.errors)]


def prepare(store: ObjectStore, action: str) -> None:
    archive = open_ocfl(store)
    archive.initialize()
    if action != "create":
        create(archive)


def require_done(archive: OcflStore, action: str) -> None:
    if action == "remove":
        assert not archive.exists(ROOT)
        return
    expected = FILES if action == "create" else {**FILES, **CHANGES}
    assert {name: archive.read(ROOT, name) for name in archive.inventory(ROOT).head.state} == expected
    assert archive.read(ROOT, "copy.pdf", version=1) == FILES["copy.pdf"]


def require_old_or_new(archive: OcflStore, action: str) -> None:
    """Nothing acknowledged is lost, and nothing is there by half."""
    if not archive.exists(ROOT):
        assert action != "extend"
        return
    if action == "remove":
        action = "create"
    files = {name: archive.read(ROOT, name) for name in archive.inventory(ROOT).head.state}
    assert files in (FILES, {**FILES, **CHANGES})


def walk(store: ObjectStore, action: str, *, behind: bool) -> Iterator[int]:
    """Die at every write of an action in turn, each time on a store of its own beginning; yield where."""
    for at in range(1, 100):
        prepare(store, action)
        try:
            ACTIONS[action](open_ocfl(DyingStore(store, at=at, behind=behind)))
        except Killed:
            yield at
            for stat in tuple(store.list()):
                store.delete(stat.key)
        else:
            return
    raise AssertionError("the action has no end")


@pytest.mark.parametrize("behind", [False, True], ids=["before", "behind"])
@pytest.mark.parametrize("action", ACTIONS)
def test_killed_at_any_write_the_next_run_heals_and_finishes(tmp_path: Path, action: str, behind: bool) -> None:
    count = 0
    for _ in walk(DirectoryStore(tmp_path), action, behind=behind):
        count += 1
        archive = open_ocfl(DirectoryStore(tmp_path), later)
        archive.heal()
        require_old_or_new(archive, action)

        assert problems(tmp_path) == []
        assert not any((tmp_path / "claims").glob("*"))
        try:
            ACTIONS[action](archive)
        except ObjectMissing:
            assert action == "remove"
        require_done(archive, action)
        assert problems(tmp_path) == []
    assert count >= 6


@pytest.mark.parametrize("action", ["create", "extend"])
def test_killed_at_any_write_the_next_writer_heals_without_being_asked(tmp_path: Path, action: str) -> None:
    for _ in walk(DirectoryStore(tmp_path), action, behind=False):
        archive = open_ocfl(DyingStore(DirectoryStore(tmp_path)), later)
        ACTIONS[action](archive)

        require_done(archive, action)
        assert problems(tmp_path) == []


@pytest.mark.tools
@pytest.mark.parametrize("action", ACTIONS)
def test_killed_at_any_write_to_a_bucket_the_next_run_heals_and_finishes(s3: S3Server, action: str) -> None:
    bucket = open_bucket(s3)
    for _ in walk(bucket, action, behind=True):
        archive = open_ocfl(bucket, later)
        archive.heal()
        require_old_or_new(archive, action)
        ACTIONS[action](archive)

        require_done(archive, action)
        assert not list(bucket.list("claims/"))
    bucket.close()


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
@pytest.mark.slow
@pytest.mark.parametrize("action", ACTIONS)
def test_a_process_killed_at_any_system_call_that_writes_leaves_a_store_that_heals(tmp_path: Path, action: str) -> None:
    for at in range(1, 400):
        folder = tmp_path / str(at)
        prepare(DirectoryStore(folder), action)
        done = ended(folder, action, at)
        archive = open_ocfl(DirectoryStore(folder))
        if action == "create":
            assert problems(folder) == []
        archive.heal()

        require_old_or_new(archive, action)
        assert problems(folder) == []
        if done:
            break
        ACTIONS[action](archive)
        require_done(archive, action)
        shutil.rmtree(folder)
    assert at > 10


def ended(folder: Path, action: str, at: int) -> bool:
    command = [sys.executable, dying.__file__, str(folder), action, str(at)]
    root = Path(__file__).parents[2]
    return (
        subprocess.run(command, check=True, capture_output=True, cwd=root, env={"PYTHONPATH": str(root)}).stdout
        == b"True\n"
    )


def test_a_live_writer_is_left_alone(tmp_path: Path) -> None:
    prepare(DirectoryStore(tmp_path), "extend")
    with pytest.raises(Killed):
        ACTIONS["extend"](open_ocfl(DyingStore(DirectoryStore(tmp_path), at=3)))
    before = sorted(tmp_path.rglob("*"))

    assert open_ocfl(DirectoryStore(tmp_path)).heal() == ()
    assert sorted(tmp_path.rglob("*")) == before


def test_a_write_that_fails_cleans_up_after_itself(tmp_path: Path) -> None:
    prepare(DirectoryStore(tmp_path), "extend")
    archive = open_ocfl(DirectoryStore(tmp_path))
    with full_disk(100_000), pytest.raises(StoreUnavailable, match="đầy"):
        archive.add_version(ROOT, {"large.pdf": bytes(200_000)}, NOTE)

    assert problems(tmp_path) == []
    assert list((tmp_path / ".staging").iterdir()) == []
    assert not any((tmp_path / "claims").glob("*"))
    archive.add_version(ROOT, {"large.pdf": bytes(200_000)}, NOTE)
    assert archive.read(ROOT, "large.pdf") == bytes(200_000)


def test_a_full_disk_leaves_no_half_of_a_new_paper(tmp_path: Path) -> None:
    prepare(DirectoryStore(tmp_path), "create")
    archive = open_ocfl(DirectoryStore(tmp_path))
    with full_disk(100_000), pytest.raises(StoreUnavailable, match="đầy"):
        archive.create(ROOT, IDENTIFIER, {**FILES, "large.pdf": bytes(200_000)}, NOTE)

    assert not archive.exists(ROOT)
    assert problems(tmp_path) == []
    assert list((tmp_path / ".staging").iterdir()) == []


def test_a_store_that_cannot_be_written_says_so() -> None:
    with pytest.raises(StoreUnavailable, match=r"Không ghi được|không làm việc được|Không mở được"):
        DirectoryStore(Path("/proc/sys")).put("a", b"text")


@contextmanager
def full_disk(limit: int) -> Iterator[None]:
    """Let the system refuse to write more into any file: the same path through our code as a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_of_processes_that_store_the_same_paper_one_wins(tmp_path: Path) -> None:
    prepare(DirectoryStore(tmp_path), "create")
    with ProcessPoolExecutor(4, mp_context=multiprocessing.get_context("spawn")) as executor:
        said = list(executor.map(dying.store_mine, [str(tmp_path)] * 8, range(8)))

    assert sorted(said) == ["ObjectExists"] * 7 + ["stored"]
    assert open_ocfl(DirectoryStore(tmp_path)).read(ROOT, "copy.pdf") == str(said.index("stored")).encode()
    assert problems(tmp_path) == []


def test_processes_that_add_versions_wait_for_each_other(tmp_path: Path) -> None:
    prepare(DirectoryStore(tmp_path), "extend")
    with ProcessPoolExecutor(4, mp_context=multiprocessing.get_context("spawn")) as executor:
        said = list(executor.map(dying.extend_mine, [str(tmp_path)] * 8, range(8)))

    assert said == ["stored"] * 8
    inventory = open_ocfl(DirectoryStore(tmp_path)).inventory(ROOT)
    assert len(inventory.versions) == 9
    assert {f"note-{number}.txt" for number in range(8)} <= inventory.head.state.keys()
    assert problems(tmp_path) == []


@pytest.mark.tools
def test_of_writers_that_store_the_same_paper_in_a_bucket_one_wins(s3: S3Server) -> None:
    bucket = open_bucket(s3)

    def write(number: int) -> bool:
        try:
            open_ocfl(bucket).create(ROOT, IDENTIFIER, {**FILES, "copy.pdf": str(number).encode()}, NOTE)
        except ObjectExists:
            return False
        return True

    with ThreadPoolExecutor(4) as executor:
        won = list(executor.map(write, range(4)))

    assert won.count(True) == 1
    assert open_ocfl(bucket).read(ROOT, "copy.pdf") == str(won.index(True)).encode()
    bucket.close()

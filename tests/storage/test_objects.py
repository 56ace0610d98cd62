import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from servers import open_bucket

from domain.errors import ObjectCorrupt, ObjectExists, ObjectMissing
from storage.keys import check_key, key_segment, sha512_of
from storage.objects import DirectoryStore, NoLink, ObjectStore


@pytest.fixture(params=["directory", pytest.param("s3", marks=pytest.mark.tools)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ObjectStore]:
    if request.param == "directory":
        yield DirectoryStore(tmp_path / "store")
    else:
        bucket = open_bucket(request.getfixturevalue("s3"), part_bytes=5 << 20)
        yield bucket
        bucket.close()


def keys(store: ObjectStore, prefix: str = "") -> list[str]:
    return [stat.key for stat in store.list(prefix)]


def test_what_was_put_is_got(store: ObjectStore) -> None:
    made = store.put("a/b.txt", b"text")

    assert store.get("a/b.txt", sha512=made.sha512) == b"text"
    assert (made.key, made.size, made.sha512) == ("a/b.txt", 4, sha512_of(b"text"))
    assert store.stat("a/b.txt").size == 4
    assert store.exists("a/b.txt")


def test_an_empty_object_is_an_object(store: ObjectStore) -> None:
    store.put("empty", b"")

    assert store.get("empty") == b""
    assert b"".join(store.read("empty")) == b""


def test_the_same_bytes_again_are_no_change(store: ObjectStore) -> None:
    first = store.put("a", b"text")

    assert store.put("a", b"text") == first


def test_other_bytes_are_refused_and_the_first_stay(store: ObjectStore) -> None:
    store.put("a", b"text")

    with pytest.raises(ObjectExists):
        store.put("a", b"other")
    assert store.get("a") == b"text"


def test_what_is_not_there_is_missing(store: ObjectStore) -> None:
    assert not store.exists("a/b")
    for call in (store.get, store.stat, lambda key: b"".join(store.read(key))):
        with pytest.raises(ObjectMissing):
            call("a/b")
    with pytest.raises(ObjectMissing):
        store.replace("a/b", b"new", expected_sha512=sha512_of(b""))


def test_bytes_of_another_digest_are_corrupt(store: ObjectStore) -> None:
    store.put("a", b"text")

    with pytest.raises(ObjectCorrupt):
        store.get("a", sha512=sha512_of(b"other"))


def test_only_the_expected_bytes_are_replaced(store: ObjectStore) -> None:
    store.put("a", b"1")
    store.replace("a", b"2", expected_sha512=sha512_of(b"1"))

    with pytest.raises(ObjectExists):
        store.replace("a", b"3", expected_sha512=sha512_of(b"1"))
    assert store.get("a") == b"2"
    store.replace("a", b"2", expected_sha512=sha512_of(b"1"))


def test_a_range_is_read(store: ObjectStore) -> None:
    data = os.urandom(3_000_000)
    store.put("large", data)

    assert b"".join(store.read("large")) == data
    assert b"".join(store.read("large", start=1_500_000, length=10)) == data[1_500_000:1_500_010]
    assert b"".join(store.read("large", start=2_999_990)) == data[-10:]


def test_objects_are_listed_in_the_order_of_their_keys(store: ObjectStore) -> None:
    for key in ("b/1", "a.b/x", "a/2", "a/10", "a-b", "c"):
        store.put(key, key.encode())

    assert keys(store) == sorted(["b/1", "a.b/x", "a/2", "a/10", "a-b", "c"])
    assert keys(store, "a/") == ["a/10", "a/2"]
    assert keys(store, "nothing/") == []
    assert list(store.folders()) == ["a.b", "a", "b"]
    assert list(store.folders("a/")) == []


def test_a_deleted_object_is_gone_and_may_be_deleted_again(store: ObjectStore) -> None:
    store.put("a/b", b"text")
    store.delete("a/b")
    store.delete("a/b")

    assert keys(store) == []
    assert list(store.folders()) == []


def test_a_tree_stands_as_a_whole_and_the_same_again_is_no_change(store: ObjectStore) -> None:
    tree = {"x/1": b"1", "2": b"2", "last": b"3"}
    store.put_tree("t/u/", tree)
    store.put_tree("t/u/", tree)

    assert keys(store) == ["t/u/2", "t/u/last", "t/u/x/1"]
    with pytest.raises(ObjectExists):
        store.put_tree("t/u/", {**tree, "2": b"other"})
    assert store.get("t/u/2") == b"2"


def test_of_many_writers_of_one_key_one_wins(store: ObjectStore) -> None:
    def write(number: int) -> bool:
        try:
            store.put("race", str(number).encode())
        except ObjectExists:
            return False
        return True

    with ThreadPoolExecutor(8) as executor:
        won = list(executor.map(write, range(16)))

    assert won.count(True) == 1
    assert store.get("race") == str(won.index(True)).encode()


def test_names_from_outside_never_become_paths(store: ObjectStore) -> None:
    for name in (
        "../x",
        "/etc/passwd",
        "a/../../x",
        ".staging/x",
        "a//b",
        "",
        "a\\b",
        "C:",
        "a/.",
        "nul",
        "ấ",
        "a\0",
        "A",
    ):
        with pytest.raises(ValueError, match="not a key"):
            store.put(name, b"")
        assert check_key(key_segment(name)) == key_segment(name)
    assert len(key_segment("ấ" * 500)) <= 200
    assert key_segment("Giấy khai sinh.pdf") == "%47i%e1%ba%a5y%20khai%20sinh%2epdf" or "/" not in key_segment("a/b")


def test_different_names_from_outside_stay_different() -> None:
    names = ["a", "A", "%41", "a b", "a%20b", "", ".", "..", "nul", "xnul", "x" * 300, "x" * 301]

    assert len({key_segment(name) for name in names}) == len(names)


def test_a_large_object_is_written_on_the_same_condition(store: ObjectStore) -> None:
    data = os.urandom((11 << 20) + 5)
    made = store.put("large", data)
    store.put("large", data)

    assert store.get("large", sha512=made.sha512) == data
    assert b"".join(store.read("large", start=6 << 20)) == data[6 << 20 :]
    with pytest.raises(ObjectExists):
        store.put("large", data[:-1] + bytes([data[-1] ^ 1]))
    assert keys(store) == ["large"]


def test_more_than_a_page_of_keys_is_listed_once_each(store: ObjectStore) -> None:
    with ThreadPoolExecutor(8) as executor:
        made = list(executor.map(lambda i: store.put(f"f/{i % 3}/{i}", b"").key, range(1010)))

    assert keys(store, "f/") == sorted(made)
    assert list(store.folders("f/")) == ["0", "1", "2"]


def test_a_hold_and_a_retention_time_may_be_asked_of_every_store(store: ObjectStore) -> None:
    store.put("h/a", b"text", retain_until=datetime.now(UTC) + timedelta(days=1))
    store.hold("h/", held=True)
    store.hold("h/", held=False)

    assert store.get("h/a") == b"text"


def test_a_directory_has_no_links(tmp_path: Path) -> None:
    with pytest.raises(NoLink):
        DirectoryStore(tmp_path).link("a", seconds=60)


def test_nothing_is_left_in_staging(tmp_path: Path) -> None:
    store = DirectoryStore(tmp_path)
    store.put("a", b"1")
    store.put_tree("t/", {"a": b"1"})
    with pytest.raises(ObjectExists):
        store.put("a", b"2")
    with pytest.raises(ObjectExists):
        store.put_tree("t/", {"a": b"2"})

    assert list((tmp_path / ".staging").iterdir()) == []


def test_what_a_dead_writer_left_is_cleaned_and_what_a_live_one_writes_is_not(tmp_path: Path) -> None:
    store = DirectoryStore(tmp_path)
    store.put("a", b"1")
    (tmp_path / ".staging" / "1-dead").mkdir()
    (tmp_path / ".staging" / "1-dead" / "half").write_bytes(b"x")
    os.utime(tmp_path / ".staging" / "1-dead", (0, 0))
    (tmp_path / ".staging" / "2-live").touch()

    assert store.clean(older_than=datetime.now(UTC) - timedelta(days=1)) == 1
    assert [path.name for path in (tmp_path / ".staging").iterdir()] == ["2-live"]
    assert keys(store) == ["a"]


@given(st.lists(st.text(st.characters(), max_size=300), unique=True, max_size=4))
def test_any_text_gives_a_key_of_its_own(names: list[str]) -> None:
    segments = [key_segment(name) for name in names]

    assert [check_key(segment) for segment in segments] == segments
    assert len(set(segments)) == len(names)
    assert not any("/" in segment or segment.startswith(".") for segment in segments)

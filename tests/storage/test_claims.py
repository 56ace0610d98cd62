import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from domain.errors import NotReady, ObjectCorrupt, StoreUnavailable
from storage.claims import Claim, ClaimOptions, Claims, Purpose
from storage.objects import DirectoryStore

NOW = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
OPTIONS = ClaimOptions(lease_seconds=60, patience_seconds=0.1, pause_seconds=0.01)


def open_claims(folder: Path, *, later: float = 0) -> Claims:
    """Claims as another process would open them, so many seconds later."""
    begun = time.monotonic()

    def now() -> datetime:
        return NOW + timedelta(seconds=later + time.monotonic() - begun)

    return Claims(DirectoryStore(folder), now=now, pause=time.sleep, options=OPTIONS)


def nothing(_claim: Claim) -> None:
    """There is nothing to bring to an end."""


def test_a_second_writer_waits_and_then_gives_up(tmp_path: Path) -> None:
    with open_claims(tmp_path).hold("a", Purpose.CREATE, settle=nothing):
        with (
            pytest.raises(StoreUnavailable, match="quá lâu"),
            open_claims(tmp_path).hold("a", Purpose.CREATE, settle=nothing),
        ):
            raise AssertionError("two writers")
        with open_claims(tmp_path).hold("b", Purpose.CREATE, settle=nothing):
            pass

    assert not (tmp_path / "claims").exists()


def test_a_claim_whose_lease_is_over_is_taken_over_and_settled(tmp_path: Path) -> None:
    settled: list[Claim] = []
    with (
        open_claims(tmp_path).hold("a", Purpose.EXTEND, settle=nothing),
        open_claims(tmp_path, later=61).hold("a", Purpose.CREATE, settle=settled.append),
    ):
        assert [(claim.root, claim.purpose) for claim in settled] == [("a", Purpose.EXTEND)]

    assert not (tmp_path / "claims").exists()


def test_a_writer_that_comes_back_too_late_leaves_the_other_ones_claim(tmp_path: Path) -> None:
    times = iter([NOW] * 4 + [NOW + timedelta(seconds=61)] * 9)
    slow = Claims(DirectoryStore(tmp_path), now=lambda: next(times), pause=time.sleep, options=OPTIONS)
    fast = open_claims(tmp_path, later=61)
    with slow.hold("a", Purpose.CREATE, settle=nothing):
        claim = fast.hold("a", Purpose.CREATE, settle=nothing)
        claim.__enter__()
        for _ in range(2):
            next(times)

    assert len(list((tmp_path / "claims").iterdir())) == 1
    claim.__exit__(None, None, None)
    assert not (tmp_path / "claims").exists()


def test_what_cannot_be_settled_stays_claimed_for_the_next_run(tmp_path: Path) -> None:
    def failing(_claim: Claim) -> None:
        raise StoreUnavailable("full")

    claims = open_claims(tmp_path)
    with pytest.raises(NotReady), claims.hold("a", Purpose.EXTEND, settle=failing):
        raise NotReady("not yet")

    assert [claim.root for claim in claims.abandoned()] == ["a"]
    with claims.hold("a", Purpose.EXTEND, settle=nothing):
        assert claims.abandoned() == ()
    assert claims.abandoned() == ()


@pytest.mark.parametrize("content", ["", "[]", '{"root": "../x"}'])
def test_a_damaged_claim_blocks_its_paper_only(tmp_path: Path, content: str) -> None:
    (tmp_path / "claims").mkdir()
    (tmp_path / "claims" / "a").write_text(content)
    (tmp_path / "claims" / "Foreign File").write_text(content)
    claims = open_claims(tmp_path)

    assert claims.abandoned() == ()
    with claims.hold("b", Purpose.CREATE, settle=nothing):
        pass
    with pytest.raises(ObjectCorrupt), claims.hold("a", Purpose.CREATE, settle=nothing):
        raise AssertionError("claimed")

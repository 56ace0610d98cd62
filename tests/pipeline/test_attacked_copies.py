"""Every public attack on a copy that went the whole road: nothing of it is ever genuine."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from attacks import ATTACKS
from conftest import Road, Run

from domain.models import Verdict
from pipeline.services import Services, open_services
from pipeline.verify import verify_file

pytestmark = pytest.mark.tools


@pytest.fixture(scope="module")
def services(road: Road) -> Iterator[Services]:
    """The services over the papers of the road."""
    with open_services(home=road.home) as opened:
        yield opened


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attacked_copy_is_never_genuine(attack: str, road: Road, services: Services) -> None:
    whole = road.file.read_bytes()
    forged = ATTACKS[attack](whole)

    answer = verify_file(forged, services)

    assert forged != whole
    assert answer.verdict in (Verdict.ALTERED, Verdict.UNKNOWN)
    assert any(not reason.good for reason in answer.reasons)


def test_the_copy_itself_is_genuine(road: Road, services: Services) -> None:
    assert verify_file(road.file.read_bytes(), services).verdict is Verdict.GENUINE


def test_an_attacked_digitized_paper_is_never_genuine(at_desk: Run, drafts: list[str], desk: Path) -> None:
    """It has one signer, who certifies and locks at once: other revisions than a certified copy has."""
    whole = Path(at_desk("certify", drafts[0], "--form", "digitized", "--json").objects[0]["file"]).read_bytes()

    with open_services(home=desk) as services:
        for name, attack in ATTACKS.items():
            assert verify_file(attack(whole), services).verdict in (Verdict.ALTERED, Verdict.UNKNOWN), name
        assert verify_file(whole, services).verdict is Verdict.GENUINE

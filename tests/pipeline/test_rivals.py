"""Two certifiers take the same draft at once: one copy, one number, and both are told of it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from pipeline.certify import Certified, certify
from pipeline.desk import open_desk
from pipeline.refusal import declared
from pipeline.services import Services, open_services
from pipeline.warehouse import list_papers
from storage.papers import PaperAddress, PaperArchive

pytestmark = pytest.mark.tools


class OvertakenArchive:
    """An archive in which somebody else issues the paper right after it was looked for and not found."""

    def __init__(self, archive: PaperArchive, rival: Callable[[], object]) -> None:
        self.archive = archive
        self.rival = rival

    def __getattr__(self, name: str) -> Any:  # whatever the archive has
        return getattr(self.archive, name)

    def holds(self, address: PaperAddress) -> bool:
        held = self.archive.holds(address)
        if not held:
            self.rival()
        return held


def issue(draft_id: str, services: Services) -> Certified:
    with open_desk(services) as opened:
        return certify(draft_id, services, opened, checklist=declared([]))


def test_a_paper_that_somebody_else_issued_meanwhile_is_theirs(desk: Path, drafts: list[str]) -> None:
    first: list[Certified] = []
    with open_services(home=desk) as rival, open_services(home=desk) as services:
        archive = OvertakenArchive(services.archive, lambda: first.append(issue(drafts[0], rival)))
        second = issue(drafts[0], replace(services, archive=cast(PaperArchive, archive)))
        listed = list_papers(services)

    assert second.pdf == first[0].pdf
    assert [record.id for record in listed] == [second.record.id]
    assert listed[0].register_number == first[0].record.register_number

"""What the processes do that reserve register numbers at the same time."""

import os
import signal
from datetime import UTC, datetime
from multiprocessing.synchronize import Barrier

from storage.database import open_database
from storage.register import Application, issue, open_book, reserve_number

NOW = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)


def application(draft: str, copies: int = 1, fee: int = 4000) -> Application:
    return Application(
        draft_id=draft,
        requester="Nguyễn Văn An",
        requester_id="070300000001",
        title="Giấy khai sinh",
        certifier="Trần Thị Bình, Phó Chủ tịch",
        copies=copies,
        pages=2,
        fee=fee,
    )


def reserve_many(address: str, worker: int, drafts: int, start: Barrier) -> None:
    """Reserve numbers; every second draft is asked for by all workers, as after a restart of a batch."""
    database = open_database(address)
    start.wait()
    for number in range(drafts):
        draft = f"shared{number}" if number % 2 else f"own{worker}-{number}"
        with database.transaction() as transaction:
            book = open_book(transaction, unit="H19.15", year=2026, act="SCTĐT/BS", now=NOW)
            line = reserve_number(transaction, book, application(draft), now=NOW)
        if number % 10 == 0:
            with database.transaction() as transaction:
                issue(transaction, line, f"doc{worker:02d}{number:03d}", now=NOW)
    database.close()


def reserve_and_die(address: str) -> None:
    """Reserve a number and be killed before the commit."""
    with open_database(address).transaction() as transaction:
        book = open_book(transaction, unit="H19.15", year=2026, act="SCTĐT/BS", now=NOW)
        reserve_number(transaction, book, application("dead"), now=NOW)
        os.kill(os.getpid(), signal.SIGKILL)

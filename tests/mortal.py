"""Services whose process dies at a chosen write to the store or commit of the database."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from dying import DyingStore, Killed

from pipeline.services import Services, open_services
from storage.database import Database, Transaction
from storage.papers import PaperArchive


@dataclass
class Counter:
    """Counts the writes and commits of a run, and ends it at one of them: before it or behind it."""

    at: int
    behind: bool
    count: int = 0
    armed: bool = False

    def before(self) -> None:
        self.count += self.armed
        if self.armed and self.count == self.at and not self.behind:
            raise Killed

    def after(self) -> None:
        if self.armed and self.count == self.at:
            raise Killed


class DyingDatabase:
    """A database whose commit may be the last thing that the process does, or does not do."""

    def __init__(self, database: Database, counter: Counter) -> None:
        self.database = database
        self.counter = counter
        self.reading = database.reading
        self.close = database.close

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        with self.database.transaction() as transaction:
            yield transaction
            self.counter.before()
        self.counter.after()


class CountedStore(DyingStore):
    """A store that shares its count with the database, and writes a paper whole as a disk does, or part by part."""

    def __init__(self, counter: Counter, services: Services, *, bucket: bool) -> None:
        super().__init__(services.archive.store)
        self.counter = counter
        self.atomic_trees = not bucket

    def write(self, action: Callable[[], Any]) -> Any:
        self.counter.before()
        result = action()
        self.counter.after()
        return result

    def put_tree(self, prefix: str, objects: Mapping[str, bytes]) -> None:
        if self.atomic_trees:
            self.write(lambda: self.store.put_tree(prefix, objects))
        else:
            super().put_tree(prefix, objects)


@contextmanager
def open_mortal(home: Path, counter: Counter, *, bucket: bool, later: timedelta) -> Iterator[Services]:
    """Open the services with a store and a database that die when the counter says so, at a later time."""
    with open_services(home=home, clock=lambda: datetime.now(UTC) + later) as services:
        store = CountedStore(counter, services, bucket=bucket)
        archive = PaperArchive(store, owner_key=services.secret, now=services.clock, pause=time.sleep)
        archive.initialize()
        counter.armed = True
        database = DyingDatabase(services.database, counter)
        yield replace(services, archive=archive, database=database)  # type: ignore[arg-type]  # speaks like one

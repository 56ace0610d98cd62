"""What the verbs need from the world outside, opened once by the front end."""

import getpass
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

from domain.errors import ConfigurationError
from domain.wording import system_reason
from ocr.fields.confidence import load_calibration
from ocr.fields.extract import ExtractOptions
from ocr.fields.kinds import KindLibrary, load_kinds
from ocr.files.sources import Limits
from ocr.lexicon.units import load_units
from ocr.recognition.recognize import ReadOptions
from pipeline.batch import ReadingPlan
from pipeline.messages import Messages, load_messages
from pipeline.retention import entry_lock, require_known
from pipeline.settings import Settings, data_directory, load_settings
from storage.database import Database, open_database
from storage.migrations import require_current, upgrade
from storage.objects import DirectoryStore, ObjectStore
from storage.owner_key import load_owner_key
from storage.papers import PaperArchive
from storage.s3 import S3Store
from storage.s3_requests import S3Options

SECRET_FILE = "secret.key"
"""Names owners' folders and documents without telling who they are; 32 bytes."""


def utc_now() -> datetime:
    """Return the time now, aware and in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """What reading a paper needs; nothing of it is stored anywhere."""

    home: Path
    """The data directory; it need not exist."""
    clock: Callable[[], datetime]
    settings: Settings
    messages: Messages
    kinds: KindLibrary
    plan: ReadingPlan
    extraction: ExtractOptions

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of everything that is printed."""
        return ZoneInfo(self.settings.office.time_zone)

    def kind_title(self, code: str, language: str = "vi") -> str:
        """Return what a kind of paper is called."""
        if code in self.kinds:
            title = self.kinds.get(code).title
            return title.get(language, title["vi"])
        return "chưa rõ loại" if language == "vi" else "unknown kind"


@dataclass(frozen=True, slots=True, kw_only=True)
class Services(Reader):
    """Everything but the signing keys."""

    archive: PaperArchive
    database: Database
    secret: bytes
    """Keys the digests that become names."""
    user: str
    """Who works here, as the evidence names them."""


def open_reader(*, jobs: int = 0, home: Path | None = None, clock: Callable[[], datetime] = utc_now) -> Reader:
    """Return what reading needs, by the settings of the data directory.

    Raises:
        ConfigurationError: A setting, kind or message is wrong.
    """
    home = home or data_directory()
    settings = load_settings(home)
    kinds = load_kinds(files("configs") / "kinds")
    require_known(settings.store.retention, kinds)
    return Reader(
        home=home,
        clock=clock,
        settings=settings,
        messages=load_messages(ZoneInfo(settings.office.time_zone)),
        kinds=kinds,
        plan=_plan(settings, jobs),
        extraction=ExtractOptions(
            calibration=load_calibration(files("configs") / "calibration.toml"),
            units=load_units(files("configs") / "units"),
        ),
    )


@contextmanager
def open_services(
    *,
    jobs: int = 0,
    home: Path | None = None,
    create: bool = False,
    reading: bool = False,
    clock: Callable[[], datetime] = utc_now,
    pause: Callable[[float], None] = time.sleep,
) -> Iterator[Services]:
    """Open the data directory.

    Opening brings what a killed process left unfinished to its end and the database up to date, unless it is for
    reading.

    Args:
        create: Make store and database where there are none yet.
        reading: Write nothing; a verb that has to log who looked still tries to, and shows nothing if it cannot.

    Raises:
        ConfigurationError: There is no data directory, a setting is wrong, a key does not fit the store, or the
            database has to be brought up to date before it can be read.
        StorageError: The store or the database cannot be used.
    """
    home = home or data_directory()
    if not create and not (home / SECRET_FILE).exists():
        raise ConfigurationError(f"Thư mục dữ liệu {home} chưa được tạo; chạy `sohoa init` hoặc đặt lại SOHOA_HOME.")
    reader = open_reader(jobs=jobs, home=home, clock=clock)
    if create:
        _make(home)
    secret = load_owner_key(home / SECRET_FILE)
    archive = PaperArchive(
        open_store(home, reader.settings, pause=pause, prepare=not reading),
        owner_key=secret,
        now=clock,
        pause=pause,
        entries_locked=lambda book: entry_lock(reader.settings.store.retention, book, clock()),
    )
    if not reading:
        archive.initialize()
    url = reader.settings.database.url or f"sqlite:///{home / 'sohoa.db'}"
    database = open_database(url, reading=reading)
    try:
        if reading:
            require_current(database)
        else:
            upgrade(database)
        yield Services(
            home=home,
            clock=clock,
            settings=reader.settings,
            messages=reader.messages,
            kinds=reader.kinds,
            plan=reader.plan,
            extraction=reader.extraction,
            archive=archive,
            database=database,
            secret=secret,
            user=os.environ.get("SOHOA_USER") or reader.settings.office.clerk or _account(),
        )
    finally:
        database.close()


def _make(home: Path) -> None:
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as e:
        raise ConfigurationError(
            f"Không tạo được thư mục dữ liệu {home}: {system_reason(e)}; đặt lại SOHOA_HOME."
        ) from e


def _account() -> str:
    """Return the name of the account that runs this, its number where the system has no name for it."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return str(os.getuid()) if hasattr(os, "getuid") else "?"


def open_store(
    home: Path, settings: Settings, *, pause: Callable[[float], None] = time.sleep, prepare: bool = True
) -> ObjectStore:
    """Return the object store that the settings name.

    Args:
        prepare: Make a bucket where there is none, and try whether the service does what we rely on.

    Raises:
        ConfigurationError: The address is of no kind that is known, or the service does not let us in.
        StoreUnavailable: The service cannot be reached.
    """
    scheme, _, rest = settings.store.url.partition(":")
    if scheme == "directory" and rest:
        return DirectoryStore(home / rest)
    if scheme == "s3" and rest.startswith("//") and "/" in rest[2:]:
        store = S3Store(_s3_options(rest[2:], settings), pause=pause)
        if prepare:
            store.prepare()
        return store
    raise ConfigurationError(f"store.url “{settings.store.url}” sai; viết directory:THƯ_MỤC hoặc s3://MÁY_CHỦ/THÙNG.")


def _s3_options(place: str, settings: Settings) -> S3Options:
    endpoint, _, path = place.partition("/")
    bucket, _, prefix = path.strip("/").partition("/")
    keys = {name: os.environ.get(name, "") for name in ("SOHOA_S3_ACCESS_KEY", "SOHOA_S3_SECRET_KEY")}
    if missing := [name for name, value in keys.items() if not value]:
        raise ConfigurationError(f"Kho S3 cần biến môi trường {' và '.join(missing)}.")
    return S3Options(
        endpoint=endpoint,
        bucket=bucket,
        access_key=keys["SOHOA_S3_ACCESS_KEY"],
        secret_key=keys["SOHOA_S3_SECRET_KEY"],
        secure=settings.store.secure,
        region=settings.store.region or "us-east-1",
        prefix=f"{prefix}/" if prefix else "",
        encryption=settings.store.encryption,
        lock_mode=settings.store.lock_mode,
        link_endpoint=settings.store.link_endpoint,
    )


def _plan(settings: Settings, jobs: int) -> ReadingPlan:
    intake, reading = settings.intake, settings.reading
    limits = Limits(
        bytes=intake.max_megabytes * 2**20,
        pages=intake.max_pages,
        pixels=intake.max_megapixels * 1_000_000,
        rendering_dpi=intake.render_dpi,
        page_seconds=intake.page_seconds,
        file_seconds=intake.file_seconds,
        page_memory=intake.page_megabytes * 2**20,
    )
    options = ReadOptions(language=reading.language, timeout=reading.page_seconds)
    return ReadingPlan(limits=limits, options=options, jobs=jobs or reading.jobs, cluster=reading.cluster)

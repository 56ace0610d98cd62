"""The settings: `configs/default.toml`, overlaid by `sohoa.toml` in the data directory and by the environment."""

import os
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from domain.errors import ConfigurationError
from domain.models import IssueForm, PadesLevel


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Office(_Section):
    """The unit that works here."""

    unit: str
    name: str
    parent: str
    place: str
    certifier_title: str
    certifier_name: str
    clerk: str
    time_zone: str


class Site(_Section):
    """The public verification page."""

    host: str
    also: tuple[str, ...]


class Intake(_Section):
    """Limits of what is taken in."""

    max_megabytes: int
    max_pages: int
    max_megapixels: int
    render_dpi: int


class Reading(_Section):
    """How pages are read."""

    language: str
    page_seconds: float
    jobs: int
    cluster: str


class Split(_Section):
    """How scanned stacks are split into papers."""

    by_titles: bool
    most_ink: float = Field(ge=0, le=1)


class Issue(_Section):
    """What `certify` issues."""

    form: IssueForm
    book: str
    register_copy_book: str
    full_holder_in_seal: bool
    article_26: bool
    embed_source: bool


class Layout(_Section):
    """Sizes on the printed page."""

    qr_side_mm: float = Field(ge=25, le=60)
    statement_qr_side_mm: float = Field(ge=25, le=60)
    qr_on_front: bool


class Signing(_Section):
    """Keys and services for signatures."""

    certifier: str
    agency: str
    scanner: str
    seal: str
    level: PadesLevel
    pin_file: str
    timestamp: str
    timestamp_seconds: float
    timestamp_tries: int
    timestamp_at_once: int
    trust: str


class Store(_Section):
    """Where objects are kept."""

    url: str
    region: str
    secure: bool
    encryption: str
    lock_mode: str
    retention_days: int


class DatabaseSettings(_Section):
    """Where the index is kept."""

    url: str


class Public(_Section):
    """What anyone may see."""

    status_list_minutes: int
    full_holder: bool


class Settings(BaseSettings):
    """All settings, read once by `load_settings`."""

    model_config: ClassVar[SettingsConfigDict] = SettingsConfigDict(
        env_prefix="SOHOA_", env_nested_delimiter="__", extra="forbid", frozen=True
    )

    office: Office
    site: Site
    intake: Intake
    reading: Reading
    split: Split
    issue: Issue
    layout: Layout
    signing: Signing
    store: Store
    database: DatabaseSettings
    public: Public


def data_directory() -> Path:
    """Return the data directory: `SOHOA_HOME`, or `sohoa` in the user's home."""
    named = os.environ.get("SOHOA_HOME")
    return Path(named).expanduser().absolute() if named else Path.home() / "sohoa"


def load_settings(home: Path) -> Settings:
    """Return the settings for a data directory.

    Raises:
        ConfigurationError: A file cannot be read, a key is unknown or a value is of the wrong type.
    """
    own = home / "sohoa.toml"
    default = Path(str(files("configs") / "default.toml"))

    class Layered(Settings):
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,
            file_secret_settings: PydanticBaseSettingsSource,
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            ours = (TomlConfigSettingsSource(settings_cls, path) for path in (own, default))
            return env_settings, *ours

    try:
        return Layered()  # type: ignore[call-arg]  # the values come from the layers
    except (ValidationError, SettingsError) as e:
        raise ConfigurationError(f"{own}: {_first_line(e)} — sửa tệp cấu hình (xem configs/default.toml).") from e
    except (OSError, tomllib.TOMLDecodeError) as e:
        raise ConfigurationError(f"Không đọc được cấu hình {own}: {e}.") from e


def _first_line(error: ValidationError | SettingsError) -> str:
    if isinstance(error, SettingsError):
        return str(error)
    first = error.errors()[0]
    return f"khóa {'.'.join(map(str, first['loc']))} sai ({first['msg']})"

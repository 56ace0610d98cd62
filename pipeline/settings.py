"""The settings: `configs/default.toml`, overlaid by `sohoa.toml` in the data directory and by the environment."""

import os
import re
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Annotated, ClassVar
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from domain.errors import ConfigurationError
from domain.models import IssueForm, PadesLevel
from domain.terms import Term, read_term
from domain.wording import system_reason, toml_reason

_WRONG = {
    "missing": "thiếu giá trị",
    "extra_forbidden": "không có khóa này",
    "int": "phải là số nguyên",
    "float": "phải là số",
    "bool": "phải là true hoặc false",
    "string": "phải là chữ trong ngoặc kép",
    "tuple": 'phải là danh sách ["…", "…"]',
    "model": "phải là một mục [tên] với các khóa",
    "dict": "phải là một mục [tên] với các khóa",
    "enum": "chỉ được là {expected}",
    "greater_than": "phải lớn hơn {gt}",
    "greater_than_equal": "phải từ {ge} trở lên",
    "less_than_equal": "phải không quá {le}",
    "value_error": "{error}",
}
"""What is said of a value, by the kind of error or what that begins with."""


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as e:
        raise ValueError("không có múi giờ này; ví dụ Asia/Ho_Chi_Minh") from e
    return name


_Positive = Annotated[int, Field(gt=0)]
_Count = Annotated[int, Field(ge=0)]


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
    time_zone: Annotated[str, AfterValidator(_known_zone)]


class Site(_Section):
    """The public verification page."""

    host: str
    also: tuple[str, ...]


class Intake(_Section):
    """Limits of what is taken in."""

    max_megabytes: _Positive
    max_pages: _Positive
    max_megapixels: _Positive
    render_dpi: _Positive
    page_seconds: float = Field(gt=0)
    file_seconds: float = Field(gt=0)
    page_megabytes: _Positive


class Reading(_Section):
    """How pages are read."""

    language: str
    page_seconds: float = Field(gt=0)
    jobs: _Count
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
    timestamp_seconds: float = Field(gt=0)
    timestamp_tries: _Positive
    timestamp_at_once: _Positive
    trust: str


class Store(_Section):
    """Where objects are kept."""

    url: str
    region: str
    secure: bool
    encryption: str
    lock_mode: str
    link_endpoint: str
    link_minutes: _Positive
    link_most_minutes: Annotated[int, Field(gt=0, le=7 * 24 * 60)]
    retention: dict[str, Annotated[Term, PlainValidator(read_term)]]

    @model_validator(mode="before")
    @classmethod
    def _refuse_former_key(cls, told: object) -> object:
        if isinstance(told, dict) and "retention_days" in told:
            raise ValueError("retention_days nay là mục [store.retention]; viết default = SỐ_NGÀY vào mục đó")
        return told

    @field_validator("lock_mode")
    @classmethod
    def _known_mode(cls, mode: str) -> str:
        if mode not in ("", "GOVERNANCE", "COMPLIANCE"):
            raise ValueError('chỉ được là "GOVERNANCE", "COMPLIANCE" hoặc để trống')
        return mode


class DatabaseSettings(_Section):
    """Where the index is kept."""

    url: str


class Public(_Section):
    """What anyone may see."""

    status_list_minutes: _Positive
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
    """Return the data directory: `SOHOA_HOME`, or `sohoa` in the user's home.

    Raises:
        ConfigurationError: The account has no home, or `SOHOA_HOME` begins with that of somebody unknown.
    """
    named = os.environ.get("SOHOA_HOME")
    try:
        return Path(named).expanduser().absolute() if named else Path.home() / "sohoa"
    except RuntimeError as e:  # the system knows no home of this account
        raise ConfigurationError("Không rõ thư mục dữ liệu ở đâu; đặt SOHOA_HOME bằng đường dẫn đầy đủ.") from e


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
    except UnicodeDecodeError as e:
        raise ConfigurationError(f"Cấu hình {own} không phải chữ UTF-8; lưu lại tệp bằng UTF-8.") from e
    except tomllib.TOMLDecodeError as e:
        raise ConfigurationError(f"Cấu hình {own} {toml_reason(e)}; sửa tệp này.") from e
    except OSError as e:
        raise ConfigurationError(f"Không đọc được cấu hình {own} ({system_reason(e)}); kiểm tra quyền đọc.") from e


def _first_line(error: ValidationError | SettingsError) -> str:
    if isinstance(error, SettingsError):
        named = re.search(r'field "(\w+)"', str(error))
        return f"biến môi trường SOHOA_{named[1].upper() if named else '…'} không phải JSON"
    first = error.errors()[0]
    kind = max((kind for kind in _WRONG if first["type"].startswith(kind)), key=len, default="")
    wrong = _WRONG.get(kind, first["msg"]).format_map(first.get("ctx", {}))
    return f"khóa {'.'.join(map(str, first['loc']))} sai: {wrong}"

"""Values as JSON and back: the form in which drafts and records are stored."""

import json
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, TypeAlias, TypeVar, Union, get_args, get_origin, get_type_hints

from domain.errors import ObjectCorrupt

JsonObject: TypeAlias = dict[str, Any]
"""What is printed as one JSON object."""

V = TypeVar("V")
Json: TypeAlias = Any
"""What JSON can hold; Python has no narrower type for it that checkers accept."""


def to_data(value: object) -> Json:
    """Return a frozen value as what JSON can hold: times in ISO 8601, enumerations by value, bytes refused."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: to_data(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(k): to_data(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [to_data(v) for v in value]
    if value is None or isinstance(value, str | int | float | bool):
        return value
    raise TypeError(f"no JSON form for {type(value).__name__}")


def to_json(value: object) -> str:
    """Return a frozen value as JSON in one line, keys in the order of the fields."""
    return json.dumps(to_data(value), ensure_ascii=False, separators=(",", ":"))


def from_json(kind: type[V], text: str | bytes) -> V:
    """Return the value that `to_json` wrote.

    Raises:
        ObjectCorrupt: The text is no JSON, or not of this value.
    """
    try:
        built: V = _build(kind, json.loads(text))
    except (ValueError, KeyError, TypeError) as e:
        raise ObjectCorrupt(
            f"Dữ liệu {getattr(kind, '__name__', kind)} trong kho bị hỏng ({e}); chạy `sohoa audit`."
        ) from e
    return built


def from_json_list(kind: type[V], text: str | bytes) -> tuple[V, ...]:
    """Return the values of a list that `to_json` wrote.

    Raises:
        ObjectCorrupt: The text is no JSON, or not of these values.
    """
    built: tuple[V, ...] = from_json(tuple[kind, ...], text)  # type: ignore[valid-type]  # made at run time
    return built


@cache
def _hints(kind: type) -> dict[str, Json]:
    return get_type_hints(kind)


def _build(kind: Json, data: Json) -> Json:
    origin: object = get_origin(kind)
    if origin in (Union, types.UnionType):
        return None if data is None else _build(next(a for a in get_args(kind) if a is not type(None)), data)
    if origin is tuple:
        of = get_args(kind)[0]
        return tuple(_build(of, item) for item in data)
    if origin is Mapping:
        of = get_args(kind)[1]
        return {key: _build(of, item) for key, item in data.items()}
    if issubclass(kind, tuple):
        return kind(*data)
    if hasattr(kind, "__dataclass_fields__"):
        if not isinstance(data, dict):
            raise TypeError(f"no {kind.__name__}")
        hints = _hints(kind)
        return kind(**{key: _build(hints[key], item) for key, item in data.items()})
    if issubclass(kind, datetime | date):
        return kind.fromisoformat(data)
    return kind(data)

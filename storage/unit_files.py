"""The table of provinces in `configs/units`, read as units with their dates of effect and successors."""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from domain.errors import ConfigurationError
from storage.catalog import Unit


def read_provinces(table: str) -> tuple[Unit, ...]:
    """Return the units of a table of provinces (TOML).

    A province that ended was taken over by the one that it names or, where it names none, by the one of its own name
    that began the day after.

    Raises:
        ConfigurationError: the table cannot be read, or a successor is not in it.
    """
    try:
        rows: list[Mapping[str, Any]] = tomllib.loads(table)["province"]
        return tuple(_unit(row, rows) for row in rows)
    except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError) as error:
        raise ConfigurationError("Bảng tỉnh, thành phố bị sai. Xin vui lòng kiểm tra tệp configs/units.") from error


def _unit(row: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> Unit:
    last: date | None = row.get("valid_to")
    return Unit(
        code=row["code"],
        name=row["name"],
        level="province",
        valid_from=row.get("valid_from", date.min),
        valid_to=last,
        successors=() if last is None else (_successor(row, last + timedelta(days=1), rows),),
    )


def _successor(row: Mapping[str, Any], after: date, rows: Sequence[Mapping[str, Any]]) -> str:
    name = row.get("successor", row["name"])
    for other in rows:
        begun = other.get("valid_from", date.min) <= after
        if other["name"] == name and begun and other.get("valid_to", date.max) >= after:
            return str(other["code"])
    raise ConfigurationError(f"Bảng tỉnh, thành phố thiếu đơn vị kế thừa của {row['name']}. Xin vui lòng bổ sung.")

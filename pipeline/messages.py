"""The words of problems, reasons, fields and states, by code and language."""

import re
import tomllib
from collections.abc import Mapping
from datetime import datetime, tzinfo
from importlib.resources import files

from domain.errors import ConfigurationError
from domain.models import Problem, Reason

_FIELDS = "fields.toml"
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")
"""A time as the checks of signatures give it."""
_DATE_FIELDS = ("_date", "valid_until")
"""Ends of the names of fields that are dates."""
_ISO_DATE = re.compile(r"\d{4}-\d\d(?:-\d\d)?")


def value_words(name: str, value: str) -> str:
    """Return the value of a field as papers print it: a date with its day first, `08/2023` where it has none."""
    is_date = name.endswith(_DATE_FIELDS) and _ISO_DATE.fullmatch(value)
    return "/".join(reversed(value.split("-"))) if is_date else value


class Messages:
    """The catalogue of `configs/messages`: the words of each code by language, and the labels of fields."""

    def __init__(
        self, words: Mapping[str, Mapping[str, str]], fields: Mapping[str, Mapping[str, str]], zone: tzinfo
    ) -> None:
        self._words = words
        self._fields = fields
        self._zone = zone

    def __contains__(self, code: str) -> bool:
        """Return whether there are words for a code."""
        return code in self._words

    def text(self, code: str, language: str = "vi", values: Mapping[str, str] | None = None) -> str:
        """Return the words for a code, the code itself where the catalogue has none."""
        entry = self._words.get(code)
        return entry.get(language, entry["vi"]).format_map(_Blank(values or {})) if entry else code

    def problem(self, problem: Problem, language: str = "vi") -> str:
        """Return what a problem says; its field's label is at hand as `{label}`, its page as `{page}`."""
        label = self.field(problem.field_name, language) if problem.field_name else ""
        return self.text(problem.code, language, {"label": label, "page": str(problem.page), **problem.values})

    def reason(self, reason: Reason, language: str = "vi") -> str:
        """Return what a reason says, times as they are read here."""
        values = {
            name: self.moment(datetime.fromisoformat(value)) if _MOMENT.fullmatch(value) else value
            for name, value in reason.values.items()
        }
        return self.text(reason.code, language, values)

    def moment(self, moment: datetime) -> str:
        """Return a time as it is read here, e.g. `15:49:17 28/04/2026`."""
        return moment.astimezone(self._zone).strftime("%H:%M:%S %d/%m/%Y")

    def field(self, name: str, language: str = "vi") -> str:
        """Return the label of a field."""
        entry = self._fields.get(name)
        return entry.get(language, entry["vi"]) if entry else name


class _Blank(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"


def load_messages(zone: tzinfo) -> Messages:
    """Return the catalogue that is shipped.

    Args:
        zone: Of the times that are shown.

    Raises:
        ConfigurationError: A file is no TOML, an entry lacks its Vietnamese words, or a code stands twice.
    """
    words: dict[str, Mapping[str, str]] = {}
    fields: dict[str, Mapping[str, str]] = {}
    for entry in sorted((files("configs") / "messages").iterdir(), key=lambda entry: entry.name):
        if not entry.name.endswith(".toml"):
            continue
        try:
            table = tomllib.loads(entry.read_text("utf-8"))
        except tomllib.TOMLDecodeError as e:
            raise ConfigurationError(f"Tệp thông báo {entry.name} sai cú pháp: {e}.") from e
        if wrong := [code for code, said in table.items() if not isinstance(said, dict) or "vi" not in said]:
            raise ConfigurationError(f"Tệp thông báo {entry.name}: thiếu lời tiếng Việt cho {', '.join(wrong)}.")
        target = fields if entry.name == _FIELDS else words
        if twice := target.keys() & table.keys():
            raise ConfigurationError(f"Tệp thông báo {entry.name}: mã {', '.join(sorted(twice))} đã có ở tệp khác.")
        target.update(table)
    return Messages(words, fields, zone)

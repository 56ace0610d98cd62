"""The words of problems, reasons, fields and states, by code and language."""

import tomllib
from collections.abc import Mapping
from importlib.resources import files

from domain.errors import ConfigurationError
from domain.models import Problem, Reason


class Messages:
    """The catalogue of `configs/messages`: each file a table of codes, each code its words by language."""

    def __init__(self, tables: Mapping[str, Mapping[str, Mapping[str, str]]]) -> None:
        self._tables = tables

    def text(self, table: str, code: str, language: str = "vi", values: Mapping[str, str] | None = None) -> str:
        """Return the words for a code, the code itself where the catalogue has none."""
        entry = self._tables.get(table, {}).get(code)
        if entry is None:
            return code
        return entry.get(language, entry["vi"]).format_map(_Blank(values or {}))

    def problem(self, problem: Problem, language: str = "vi") -> str:
        """Return what a problem says; its field's label is at hand as `{label}`."""
        label = self.field(problem.field_name, language) if problem.field_name else ""
        values = {"label": label, "page": str(problem.page), **problem.values}
        table = next((t for t in ("problems", "reading", "splitting") if problem.code in self._tables.get(t, {})), "")
        return self.text(table, problem.code, language, values)

    def reason(self, reason: Reason, language: str = "vi") -> str:
        """Return what a reason says."""
        return self.text("reasons", reason.code, language, reason.values)

    def field(self, name: str, language: str = "vi") -> str:
        """Return the label of a field."""
        return self.text("fields", name, language)


class _Blank(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"


def load_messages() -> Messages:
    """Return the catalogue that is shipped.

    Raises:
        ConfigurationError: A file is no TOML, or an entry lacks its Vietnamese words.
    """
    tables: dict[str, Mapping[str, Mapping[str, str]]] = {}
    for entry in (files("configs") / "messages").iterdir():
        if not entry.name.endswith(".toml"):
            continue
        try:
            table = tomllib.loads(entry.read_text("utf-8"))
        except tomllib.TOMLDecodeError as e:
            raise ConfigurationError(f"Tệp thông báo {entry.name} sai cú pháp: {e}.") from e
        if wrong := [code for code, words in table.items() if not isinstance(words, dict) or "vi" not in words]:
            raise ConfigurationError(f"Tệp thông báo {entry.name}: thiếu lời tiếng Việt cho {', '.join(wrong)}.")
        tables[entry.name.removesuffix(".toml")] = table
    return Messages(tables)

"""The forms that can be filled from the warehouse: files of `configs/forms`, checked against the kinds of paper."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

from domain.errors import ConfigurationError, UnknownDocument
from ocr.fields.kinds import KindLibrary


@dataclass(frozen=True, slots=True, kw_only=True)
class FormSource:
    """A field of a kind of paper from which a form can be filled."""

    kind: str
    field: str
    holder: str = ""
    """Field of the paper that must hold a number of the owner; empty: the kind's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormField:
    """A field of a form."""

    name: str
    """As in `configs/messages/fields.toml`."""
    sources: tuple[FormSource, ...]
    """The surest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form that a citizen fills in."""

    code: str
    title: Mapping[str, str]
    procedure: str
    """Code of the administrative procedure that it belongs to."""
    fields: tuple[FormField, ...]


def load_form(code: str, kinds: KindLibrary, folder: Traversable | None = None) -> Form:
    """Return a form.

    Raises:
        UnknownDocument: There is none with this code.
        ConfigurationError: Its file is wrong.
    """
    folder = folder or files("configs") / "forms"
    known = form_codes(folder)
    if code not in known:
        raise UnknownDocument(f"Không có biểu mẫu “{code}”; các biểu mẫu: {', '.join(known)}.")
    try:
        table = tomllib.loads((folder / f"{code}.toml").read_text("utf-8"))
        fields = tuple(
            FormField(name=row["name"], sources=tuple(_source(text, kinds) for text in row["sources"]))
            for row in table["field"]
        )
        return Form(code=code, title=dict(table["title"]), procedure=str(table["procedure"]), fields=fields)
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as e:
        raise ConfigurationError(f"Biểu mẫu configs/forms/{code}.toml sai ({e}); sửa tệp này.") from e


def form_codes(folder: Traversable | None = None) -> tuple[str, ...]:
    """Return the codes of all forms."""
    folder = folder or files("configs") / "forms"
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")))


def _source(text: str, kinds: KindLibrary) -> FormSource:
    place, _, holder = text.partition("@")
    kind, _, field = place.partition(".")
    if kind not in kinds:
        raise ValueError(f"không có loại giấy tờ {kind}")
    for name in filter(None, (field, holder)):
        if kinds.get(kind).rule(name) is None:
            raise ValueError(f"{kind} không có trường {name}")
    return FormSource(kind=kind, field=field, holder=holder)

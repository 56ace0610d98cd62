"""The kinds of paper and how each is read, from the files of `configs/kinds`."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeVar

from domain.errors import ConfigurationError
from ocr.fields.parsers.forms import FORMS

_T = TypeVar("_T")
UNKNOWN = "unknown"
_PARTS = frozenset({"field", "recognize", "section", "era", "validity", "roles"})
SOURCES = frozenset(
    (
        "label",
        "number",
        "letterhead",
        "letterhead_parent",
        "place",
        "date",
        "subject",
        "about",
        "signer_title",
        "signer",
        "title",
        "above_title",
        "signing_agency",
        "standalone",
    )
)
"""Where a field can come from; all but `label` are read from the layout, see `ocr.fields.places`."""
ROLES = ("number", "issue_date", "issuer", "holder_name", "holder_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRule:
    """How one field is found and what form it has."""

    name: str
    form: str = "text"
    """Name of the parser in `ocr.fields.parsers`."""
    source: str = "label"
    labels: tuple[str, ...] = ()
    """As printed; a colon at the end demands one on the paper, or the start of a line."""
    section: str = ""
    """Name of the section it stands in; empty for anywhere."""
    required: bool = False
    """Whether the paper cannot be certified without it."""
    may_be_blank: bool = False
    """Whether a printed label with nothing behind it is in order."""
    may_be_absent: bool = False
    """Whether the label is not printed on every such paper."""
    stands_with: str = ""
    """Name of a field with which it is printed: where that one stands, it is not absent."""
    lines: int = 1
    """Number of lines that the value may fill."""
    below: bool = False
    """Whether the value may begin on the line under its label."""
    short_lines: bool = False
    """Whether a line of the value may end before the margin and the value still go on."""
    take: str = ""
    """A regular expression: its first group, where it matches, is the value among what stands behind the label."""
    words: bool = False
    """Whether it is the field of the same name once more in words, kept only to be compared."""
    pattern: str = ""
    """A regular expression that the whole normalized value must match."""
    known: tuple[str, ...] = ()
    """Values that are usual: a value that is one of them, letter by letter, was hardly misread."""


ON_STAMP = FieldRule(
    name="certification_number", form="document_number", labels=("Số chứng thực",), pattern=r"\d{1,8}(?![^\WA-ZĐ]).*"
)
"""The number of whoever certified a copy, on the stamp that any paper can bear; no small letter follows its figures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of a paper in which the same labels mean another person or thing."""

    name: str
    starts: tuple[str, ...]
    """Phrases with which it begins."""
    heads: tuple[str, ...] = ()
    """Names that stand above its column in a table, or alone above its lines."""
    ends: tuple[str, ...] = ()
    """Phrases with which it ends, beside the start of another section."""
    column: bool = False
    """Whether it stands beside another section, each in its column."""
    signed_later: bool = False
    """Whether others sign in it after the paper was issued: no place of the signer of the paper."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Era:
    """A generation of the form."""

    name: str
    first: date | None = None
    """First day on which the form was issued."""
    last: date | None = None
    marks: tuple[str, ...]
    """Phrases that tell it from the others."""
    prints: tuple[str, ...] = ()
    """Names of the fields that stand on this form, though not on every paper of the kind."""
    number: str = ""
    """A regular expression that the whole number of such a paper matches; empty for any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Validity:
    """How long a paper is valid, counted from one of its dates."""

    start: tuple[str, ...] = ("issue_date",)
    """Names of the fields it can count from; the first that has a value counts."""
    months: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognition:
    """By what a kind is told from the others."""

    titles: tuple[str, ...]
    substance: tuple[str, ...] = ()
    """Phrases that stand in the body of every such paper."""
    never: tuple[str, ...] = ()
    """Titles that look alike and are another paper."""
    certain: tuple[str, ...] = ()
    """Phrases of the form that stand on no other paper: with all of its substance they tell it without a title."""
    untitled: bool = False
    """Whether it has no title and is told by its substance alone."""
    coded: bool = False
    """Whether such papers bear a QR code or barcode, which is looked for then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of paper."""

    code: str
    title: Mapping[str, str]
    """In `vi` and `en`."""
    record_title: str
    """Template for the title of a record, with names of fields in braces."""
    sensitivity: str
    """`public`, `personal` or `sensitive` (criminal records, identity cards)."""
    recognition: Recognition
    fields: tuple[FieldRule, ...]
    """In the order in which a person reviews them."""
    sections: tuple[Section, ...] = ()
    eras: tuple[Era, ...] = ()
    stops: tuple[str, ...] = ()
    """Printed phrases that end a value and are no field."""
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Which field is the paper's number, date, issuer, holder; the first that has a value counts."""
    number_signs: tuple[str, ...] = ()
    """Signs of which one stands in every number of the kind, e.g. `QĐ`; empty for any."""
    drafter_signs: tuple[str, ...] = ()
    """Usual last signs in the numbers of a people's committee, of who drew the paper up, e.g. `NC`; empty for any."""
    checks: tuple[str, ...] = ()
    """Names of the cross-checks in `ocr.fields.checks`."""
    validity: Validity | None = None

    def rule(self, name: str) -> FieldRule | None:
        """Return the rule of a field, of the kind or on a stamp; None if such a paper has no such field."""
        return next((r for r in (*self.fields, ON_STAMP) if r.name == name and not r.words), None)

    @property
    def field_names(self) -> tuple[str, ...]:
        """The names of its fields in the order of the review."""
        return tuple(dict.fromkeys(r.name for r in self.fields if not r.words))

    def role(self, role: str, values: Mapping[str, str]) -> str:
        """Return the value that plays a role (`ROLES`), empty where the paper has none."""
        return next((values[name] for name in self.roles.get(role, ()) if values.get(name)), "")

    def describe(self, values: Mapping[str, str]) -> str:
        """Return the title of a record from its confirmed values; a missing value leaves no trace."""
        kept = _Blanks({name: values.get(name) or "" for name in self.field_names})
        return (
            re.sub(r"(?:\s*[-–,(:]\s*\)?)+$|\(\s*\)", "", self.record_title.format_map(kept)).strip()
            or self.title["vi"]
        )

    def valid_until(self, values: Mapping[str, str]) -> date | None:
        """Return the last day on which the paper is valid, None if it has no end or the date is not known."""
        if values.get("valid_until"):
            return _iso_day(values["valid_until"])
        if self.validity is None:
            return None
        start = _iso_day(next((values[name] for name in self.validity.start if values.get(name)), ""))
        return _add_months(start, self.validity.months) if start else None


@dataclass(frozen=True, slots=True, kw_only=True)
class KindLibrary:
    """All kinds of paper that can be read."""

    kinds: Mapping[str, Kind]

    @property
    def coded_phrases(self) -> tuple[str, ...]:
        """What papers say that bear a code."""
        coded = (kind.recognition for kind in self.kinds.values() if kind.recognition.coded)
        return tuple(phrase for recognition in coded for phrase in recognition.substance)

    def __contains__(self, code: str) -> bool:
        """Return whether the kind is known and not `unknown`."""
        return code in self.kinds

    def get(self, code: str) -> Kind:
        """Return a kind by its code.

        Raises:
            ConfigurationError: There is no such kind.
        """
        if code not in self.kinds:
            raise ConfigurationError(
                f"Không có loại giấy tờ «{code}» trong cấu hình; hãy kiểm tra thư mục configs/kinds."
            )
        return self.kinds[code]


class _Blanks(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""


def load_kinds(folder: Traversable | Path) -> KindLibrary:
    """Return the kinds of paper described in a folder, one TOML file each; `_name.toml` is only a model for others.

    Raises:
        ConfigurationError: A file cannot be read or says something that is not understood.
    """
    tables: dict[str, dict[str, Any]] = {}  # Any: TOML tables, checked when they become values
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        if file.name.endswith(".toml"):
            tables[file.name.removesuffix(".toml")] = _read_table(file)
    if not tables:
        raise ConfigurationError(
            "Không tìm thấy loại giấy tờ nào trong thư mục configs/kinds; hãy cài đặt lại cấu hình."
        )
    return KindLibrary(kinds={code: _make_kind(code, tables) for code in tables if not code.startswith("_")})


def _read_table(file: Traversable | Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as e:
        raise ConfigurationError(f"Không đọc được tệp mô tả loại giấy tờ {file.name}: {e}; hãy sửa lại tệp này.") from e


def _make_kind(code: str, tables: Mapping[str, dict[str, Any]]) -> Kind:
    """Return a kind from its table; with `like`, what it does not say itself is taken from another kind's."""
    try:
        table = dict(tables[code])
        if "like" in table:
            table = {**tables[table.pop("like")], **table}
        kind = _value(
            Kind,
            {
                **{name: value for name, value in table.items() if name not in _PARTS},
                "fields": [_field_rule(item) for item in table.get("field", ())],
                "recognition": _value(Recognition, table["recognize"]),
                "sections": [_value(Section, item) for item in table.get("section", ())],
                "eras": [_value(Era, item) for item in table.get("era", ())],
                "validity": _value(Validity, table["validity"]) if "validity" in table else None,
                "roles": {role: tuple(names) for role, names in table.get("roles", {}).items()},
            },
        )
        _check_kind(code, kind)
    except (KeyError, TypeError, ValueError, re.error) as e:
        raise ConfigurationError(f"Tệp mô tả loại giấy tờ {code}.toml bị sai: {e}; hãy sửa lại tệp này.") from e
    return kind


def _check_kind(code: str, kind: Kind) -> None:
    named = {name for names in kind.roles.values() for name in names}
    _require(kind.code == code, "code")
    _require({"vi", "en"} <= kind.title.keys(), "title")
    _require(set(kind.roles) <= set(ROLES) and named <= set(kind.field_names), "roles")
    others = {rule.stands_with for rule in kind.fields} | {name for era in kind.eras for name in era.prints}
    _require(others <= {"", *kind.field_names}, "stands_with, prints")
    _require({rule.section for rule in kind.fields} <= {"", *(s.name for s in kind.sections)}, "section")
    _require(kind.sensitivity in ("public", "personal", "sensitive"), "sensitivity")


def _field_rule(item: Mapping[str, object]) -> FieldRule:
    rule = _value(FieldRule, item)
    _require(rule.source in SOURCES, f"{rule.name}: source = {rule.source!r}")
    _require(rule.source != "label" or bool(rule.labels), f"{rule.name}: labels")
    _require(rule.form in FORMS, f"{rule.name}: form = {rule.form!r}")
    re.compile(rule.pattern)
    _require(not rule.take or re.compile(rule.take).groups == 1, f"{rule.name}: take")
    return rule


def _require(condition: bool, what: str) -> None:
    if not condition:
        raise ValueError(what)


def _value(cls: type[_T], data: Mapping[str, object]) -> _T:
    """Return a value from a TOML table, with lists as tuples; a key that is not understood is an error."""
    known = {f.name for f in fields(cls)}  # type: ignore[arg-type]  # every class handed in is a dataclass
    unknown = data.keys() - known
    _require(not unknown, ", ".join(sorted(unknown)))
    return cls(**{key: tuple(value) if isinstance(value, list) else value for key, value in data.items()})


def _iso_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _add_months(day: date, months: int) -> date:
    """Return the same day some months later, or the last of that month (BLDS 2015 Art. 148)."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    first_of_next = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, min(day.day, (first_of_next - date.resolution).day))

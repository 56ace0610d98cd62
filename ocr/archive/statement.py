"""The certifier's statement (lời chứng): templates with dates of effect, and the values that fill them."""

import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from domain.errors import ConfigurationError
from domain.models import IssueForm
from ocr.archive.words import date_in_words, number_in_words


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureSlot:
    """A place for a signature on the statement page."""

    name: str
    """Of the signature field, e.g. `certifier`."""
    heading: str
    """Printed above the box, e.g. the signer's office."""
    lines: tuple[str, ...] = ()
    """Printed in the box, under the signature widget whose appearance is empty."""
    footer: str = ""
    """Printed below the box: the signer's full name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What stands on the statement page."""

    letterhead: tuple[str, ...]
    """The agency, its superior first; the last line is set bold."""
    title: str
    entries: tuple[tuple[str, str], ...]
    """Label and value, e.g. the register number and the book."""
    paragraphs: tuple[str, ...]
    place_and_date: str
    guidance: tuple[str, ...]
    """How to verify the copy, beside the large QR code."""
    rule: str = ""
    """Set small at the foot of the page: the ground in law."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementFacts:
    """What a template is filled with."""

    certified_on: date
    """In the time zone of the agency."""
    place: str
    """Where it was certified, for the line of place and date."""
    agency: str
    parent_agency: str = ""
    certifier: str
    role: str
    """The certifier's office, e.g. `Chủ tịch`."""
    register_number: str = ""
    book: str = ""
    page_count: int
    paper_title: str
    link: str = ""
    """The verification link without the seal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementTemplate:
    """A form of the statement, in force for some time."""

    code: str
    form: IssueForm
    valid_from: date
    valid_to: date | None
    """Last day; None while it is in force."""
    title: str
    entries: tuple[tuple[str, str], ...]
    paragraphs: tuple[str, ...]
    place_and_date: str
    guidance: tuple[str, ...]
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementLibrary:
    """All templates."""

    templates: tuple[StatementTemplate, ...]

    def template(self, form: IssueForm, on: date) -> StatementTemplate:
        """Return the template for the form of issue that is in force on the day.

        Raises:
            ConfigurationError: There is none.
        """
        for template in self.templates:
            if template.form is form and template.valid_from <= on <= (template.valid_to or date.max):
                return template
        raise ConfigurationError(
            f"Không có mẫu lời chứng cho loại “{form.value}” vào ngày {on:%d/%m/%Y}. "
            "Vui lòng thêm mẫu vào thư mục configs/statements."
        )


def load_statements(folder: Traversable | Path) -> StatementLibrary:
    """Return the templates of all `.toml` files in the folder.

    Raises:
        ConfigurationError: A file cannot be read, lacks a key, has an unknown one, or two are in force at once.
    """
    files = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".toml")), key=lambda entry: entry.name)
    templates = tuple(_template(entry.name, entry.read_text("utf-8")) for entry in files)
    for index, one in enumerate(templates):
        for other in templates[index + 1 :]:
            if one.form is other.form and _overlap(one, other):
                raise ConfigurationError(
                    f"Hai mẫu lời chứng “{one.code}” và “{other.code}” có hiệu lực trùng ngày. "
                    "Vui lòng sửa valid_from hoặc valid_to của một mẫu."
                )
    return StatementLibrary(templates=templates)


def fill_statement(template: StatementTemplate, facts: StatementFacts) -> Statement:
    """Return the statement with the facts in it; an entry or line whose facts are empty is left out."""
    values = _values(facts)

    def fill(text: str) -> str:
        return text.format_map(values)

    return Statement(
        letterhead=tuple(line for line in (facts.parent_agency, facts.agency) if line),
        title=fill(template.title),
        entries=tuple((fill(label), fill(text)) for label, text in template.entries if fill(text).strip()),
        paragraphs=tuple(filter(None, map(fill, template.paragraphs))),
        place_and_date=fill(template.place_and_date),
        guidance=tuple(filter(None, map(fill, template.guidance))),
        rule=fill(template.rule),
    )


def _values(facts: StatementFacts) -> Mapping[str, str]:
    day = facts.certified_on
    return {
        "day": f"{day.day:02d}",
        "month": f"{day.month:02d}" if day.month < 3 else str(day.month),
        "year": str(day.year),
        "date_in_words": date_in_words(day),
        "place": facts.place,
        "agency": facts.agency,
        "parent_agency": facts.parent_agency,
        "certifier": facts.certifier,
        "role": facts.role,
        "register_number": facts.register_number,
        "book": facts.book,
        "page_count": f"{facts.page_count:02d}",
        "page_count_in_words": number_in_words(facts.page_count),
        "paper_title": facts.paper_title,
        "link": facts.link,
    }


def _overlap(one: StatementTemplate, other: StatementTemplate) -> bool:
    return one.valid_from <= (other.valid_to or date.max) and other.valid_from <= (one.valid_to or date.max)


_KEYS = {
    "code",
    "form",
    "valid_from",
    "valid_to",
    "title",
    "entries",
    "paragraphs",
    "place_and_date",
    "guidance",
    "rule",
}


_PLACEHOLDERS = {
    "day",
    "month",
    "year",
    "date_in_words",
    "place",
    "agency",
    "parent_agency",
    "certifier",
    "role",
    "register_number",
    "book",
    "page_count",
    "page_count_in_words",
    "paper_title",
    "link",
}


def _template(name: str, text: str) -> StatementTemplate:
    try:
        table: dict[str, Any] = tomllib.loads(text)  # Any: what TOML gives, checked below
        if unknown := table.keys() - _KEYS:
            raise ConfigurationError(
                f"Mẫu lời chứng {name} có khóa lạ: {', '.join(sorted(unknown))}. Vui lòng xóa hoặc sửa."
            )
        template = StatementTemplate(
            code=str(table["code"]),
            form=IssueForm(table["form"]),
            valid_from=_day(table["valid_from"]),
            valid_to=_day(table["valid_to"]) if "valid_to" in table else None,
            title=str(table["title"]),
            entries=tuple((str(entry["label"]), str(entry["text"])) for entry in table["entries"]),
            paragraphs=tuple(map(str, table["paragraphs"])),
            place_and_date=str(table["place_and_date"]),
            guidance=tuple(map(str, table["guidance"])),
            rule=str(table.get("rule", "")),
        )
        _check_placeholders(template)
    except (tomllib.TOMLDecodeError, KeyError, ValueError, TypeError) as e:
        raise ConfigurationError(f"Mẫu lời chứng {name} viết sai ({e}). Vui lòng sửa tệp này.") from e
    return template


def _check_placeholders(template: StatementTemplate) -> None:
    entries = [part for entry in template.entries for part in entry]
    texts = (template.title, *entries, *template.paragraphs, template.place_and_date, *template.guidance, template.rule)
    for text in texts:
        for _, name, detail, conversion in string.Formatter().parse(text):
            if name is not None and (name not in _PLACEHOLDERS or detail or conversion):
                raise ValueError(f"chỗ trống {{{name}}} không có")


def _day(value: object) -> date:
    if type(value) is not date:
        raise ValueError(f"{value!r} không phải ngày")
    return value

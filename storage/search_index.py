"""What a paper is found by: its words, pairs of words, names and fields as lexemes, and the hashes of its pages."""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from sqlalchemy import select, text

from domain.models import Record
from domain.vietnamese import fold
from storage.database import Transaction, upsert_many
from storage.tables import page_hashes, search_documents

_WORD = re.compile(r"[^\W_]+")
_BETWEEN = "\ufdd0"
_LONGEST = 40
"""Characters of a word that count; what is longer is noise of the recognition."""
BANDS = 4
BAND_BITS = 16


def words_of(written: str) -> list[str]:
    """Return the words of a text as they are compared: lower case, without diacritics and marks."""
    return [word[:_LONGEST] for word in _WORD.findall(fold(written))]


def pairs_of(words: Sequence[str]) -> list[str]:
    """Return the lexemes of neighboring words: two common words are rare as a pair."""
    return [f"{first}_{second}" for first, second in pairwise(words)]


def name_lexeme(words: Sequence[str]) -> str:
    """Return the lexeme of a whole name."""
    return "name=" + "-".join(words)


def field_lexeme(field_name: str, value: str) -> str:
    """Return the lexeme of a field's whole value."""
    return "-".join(words_of(field_name.replace("_", " "))) + "=" + "-".join(words_of(value))[:200]


def kind_lexeme(kind: str) -> str:
    """Return the lexeme of a kind of paper."""
    return field_lexeme("kind", kind.replace("_", " "))


def lexemes_of(record: Record, written: str) -> list[str]:
    """Return all lexemes of a paper, each once, in order.

    Args:
        written: The whole text of the paper.
    """
    found = {kind_lexeme(record.kind)}
    names = [record.filing.owner_name]
    for field_name, value in record.fields.items():
        found.add(field_lexeme(field_name, value))
        if field_name == "name" or field_name.endswith("_name"):
            names.append(value)
    found.update(name_lexeme(words) for name in names if (words := words_of(name)))
    # Folding once what is parted by a character that is in no text takes half the time of folding each part.
    parts = _BETWEEN.join((record.filing.owner_name, record.title, *record.fields.values(), written))
    for part in fold(parts).split(_BETWEEN):
        words = [word[:_LONGEST] for word in _WORD.findall(part)]
        found.update(words)
        found.update(pairs_of(words))
    return sorted(found)


def write_lexemes(transaction: Transaction, by_place: Mapping[int, list[str]]) -> None:
    """Make the papers at these places be found by these lexemes and no others."""
    if transaction.dialect.name == "sqlite":
        _write_sqlite(transaction, by_place)
    else:
        # A lexeme has only letters, digits and `=_-`, so quotes around it are all the escaping there is to do.
        rows = [{"seq": p, "lexemes": "'" + "' '".join(lexemes) + "'"} for p, lexemes in by_place.items()]
        statement = text(
            "INSERT INTO search_documents (seq, lexemes) VALUES (:seq, CAST(:lexemes AS tsvector)) "
            "ON CONFLICT (seq) DO UPDATE SET lexemes = excluded.lexemes"
        )
        transaction.execute(statement, rows)


def clear_lexemes(transaction: Transaction) -> None:
    """Empty the full-text index; the rows of the other tables go with their records."""
    if transaction.dialect.name == "sqlite":
        transaction.execute(text("INSERT INTO search_index (search_index) VALUES ('delete-all')"))


def forget_lexemes(transaction: Transaction, places: Iterable[int]) -> None:
    """Take papers out of the full-text index, before their records are deleted."""
    if transaction.dialect.name == "sqlite":
        known = search_documents.c
        rows = transaction.execute(select(known.seq, known.lexemes).where(known.seq.in_(list(places)))).all()
        _forget(transaction, [{"seq": row.seq, "lexemes": row.lexemes} for row in rows])


def drop_text_index(transaction: Transaction) -> None:
    """Leave PostgreSQL's word index out while very many papers are put in: to build it at the end is far quicker.

    On SQLite nothing is to be done. Searches are slow until `build_text_index` has run.
    """
    if transaction.dialect.name == "postgresql":
        transaction.execute(text("DROP INDEX IF EXISTS ix_search_documents_lexemes"))


def build_text_index(transaction: Transaction) -> None:
    """Build PostgreSQL's word index if it is not there."""
    if transaction.dialect.name == "postgresql":
        statement = "ON search_documents USING gin (lexemes) WITH (fastupdate = off)"
        transaction.execute(text(f"CREATE INDEX IF NOT EXISTS ix_search_documents_lexemes {statement}"))


def write_hashes(transaction: Transaction, by_place: Mapping[int, Sequence[int]]) -> None:
    """Keep the perceptual hashes of the papers' pages (64 bits, unsigned)."""
    transaction.execute(page_hashes.delete().where(page_hashes.c.seq.in_(list(by_place))))
    rows = [
        {"seq": place, "page": page, "hash": signed(value)}
        | {f"band{band}": part for band, part in enumerate(bands_of(value))}
        for place, values in by_place.items()
        for page, value in enumerate(values, 1)
    ]
    upsert_many(transaction, page_hashes, rows, keys=["seq", "page"])


def bands_of(value: int) -> list[int]:
    """Return the four parts of 16 bits of a hash."""
    return [value >> BAND_BITS * band & (1 << BAND_BITS) - 1 for band in range(BANDS)]


def signed(value: int) -> int:
    """Return 64 bits as the signed number that databases keep."""
    return value - (1 << 64) if value >= 1 << 63 else value


def unsigned(value: int) -> int:
    """Return the 64 bits of a signed number."""
    return value + (1 << 64) if value < 0 else value


def _write_sqlite(transaction: Transaction, by_place: Mapping[int, list[str]]) -> None:
    forget_lexemes(transaction, by_place)
    rows: list[dict[str, Any]] = [{"seq": place, "lexemes": " ".join(lexemes)} for place, lexemes in by_place.items()]
    upsert_many(transaction, search_documents, rows, keys=["seq"])
    transaction.execute(text("INSERT INTO search_index (rowid, lexemes) VALUES (:seq, :lexemes)"), rows)


def _forget(transaction: Transaction, rows: list[dict[str, Any]]) -> None:
    if rows:
        statement = "INSERT INTO search_index (search_index, rowid, lexemes) VALUES ('delete', :seq, :lexemes)"
        transaction.execute(text(statement), rows)

"""Finding papers: full text with and without diacritics, any field, and pages that look alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, String, column, literal, select, table, text, union_all
from sqlalchemy.dialects.postgresql import TSQUERY

from domain.errors import InputError
from domain.models import Record
from domain.vietnamese import fold, nfc
from storage.database import Transaction
from storage.index import RecordFilter, filter_records, read_record
from storage.search_index import (
    BAND_BITS,
    bands_of,
    field_lexeme,
    kind_lexeme,
    name_lexeme,
    pairs_of,
    unsigned,
    words_of,
)
from storage.tables import Long, page_hashes, records, search_documents

_WINDOW = 100
"""So many of the newest papers of a tier are ranked among themselves; those after them stay in order of time."""
_DEEPEST = 1000
"""Nobody reads further: the search is to be made narrower."""
_FEW = 300
"""Papers of one owner or dossier up to which these are looked through one by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchQuery:
    """What is looked for; all parts must hold."""

    text: str = ""
    """Words in any order, with or without diacritics; a whole name finds its bearer first."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """Whole values by field name, compared without case, diacritics and marks."""
    chosen: RecordFilter = field(default_factory=RecordFilter)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """A part of what was found, best first."""

    records: tuple[Record, ...]
    more: bool
    """Whether there are further ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SimilarPaper:
    """A paper that has pages that look like those that were asked for."""

    document_id: str
    pages: int
    """How many of the pages that were asked for it has."""
    distance: int
    """Bits in which the most different of these pages differ, from 0 to 64."""


def search_records(transaction: Transaction, query: SearchQuery, *, limit: int = 20, offset: int = 0) -> SearchPage:
    """Return the papers that the query finds: whole names first, then neighboring words, then single words.

    Within each of these, papers that have the words as typed, diacritics included, come first, then newer ones.

    Raises:
        InputError: nothing is asked, or a place far down the list.
    """
    if offset + limit > _DEEPEST:
        raise InputError("Kết quả quá nhiều. Xin vui lòng thêm từ khóa, loại giấy tờ hoặc ngày để tìm hẹp hơn.")
    words = words_of(query.text)
    fixed = [field_lexeme(name, value) for name, value in query.fields.items()]
    if not words and not fixed:
        raise InputError("Xin vui lòng nhập từ cần tìm.")
    places: dict[int, None] = {}
    for lexemes in _tiers(words):
        tier = _find(transaction, query, [*fixed, *lexemes], offset + limit + 1)
        places.update(dict.fromkeys(tier))
        if len(places) > offset + limit:
            break
    shown = list(places)[offset : offset + limit]
    rows = transaction.execute(select(records).where(records.c.seq.in_(shown)))
    found = {row.seq: read_record(row) for row in rows}
    return SearchPage(records=tuple(found[place] for place in shown), more=len(places) > offset + limit)


def find_similar(
    transaction: Transaction, hashes: Sequence[int], *, max_distance: int = 6, limit: int = 10
) -> tuple[SimilarPaper, ...]:
    """Return the papers with pages whose perceptual hashes are near those of the given pages, nearest first.

    Args:
        hashes: 64 bits each, unsigned.
        max_distance: Bits that may differ, at most 7: pages that differ in no more agree in a band but for one bit.
    """
    if max_distance > 7:
        raise ValueError("pages that differ in more than 7 bits are not found for certain")
    nearest: dict[int, dict[int, int]] = {}
    for index, wanted in enumerate(hashes):
        for place, value in transaction.execute(_near(wanted)).all():
            distance = (unsigned(value) ^ wanted).bit_count()
            if distance <= max_distance:
                of_paper = nearest.setdefault(place, {})
                of_paper[index] = min(distance, of_paper.get(index, 64))
    order = sorted(nearest, key=lambda place: (-len(nearest[place]), max(nearest[place].values()), -place))[:limit]
    known = select(records.c.seq, records.c.id).where(records.c.seq.in_(order))
    names = {row.seq: row.id for row in transaction.execute(known)}
    return tuple(
        SimilarPaper(document_id=names[place], pages=len(nearest[place]), distance=max(nearest[place].values()))
        for place in order
    )


def _tiers(words: list[str]) -> list[list[str]]:
    tiers = [[name_lexeme(words)], pairs_of(words), sorted(set(words))]
    return [tier for tier in tiers if tier] if words else [[]]


def _find(transaction: Transaction, query: SearchQuery, lexemes: list[str], limit: int) -> list[int]:
    """Return the places of the papers that have the lexemes, best first."""
    if query.chosen.kind:
        lexemes = [kind_lexeme(query.chosen.kind), *lexemes]
    find = _find_sqlite if transaction.dialect.name == "sqlite" else _find_postgresql
    ranks = fold(query.text) != query.text.lower()
    rows = transaction.execute(find(transaction, query.chosen, lexemes, ranks).limit(max(limit, _WINDOW * ranks)))
    if not ranks:
        return list(rows.scalars())
    places = rows.all()
    typed = set(nfc(query.text).lower().split())
    ranked = sorted(places[:_WINDOW], key=lambda row: -_as_typed(typed, row.payload))
    return [row.seq for row in (*ranked, *places[_WINDOW:])]


def _find_postgresql(_transaction: Transaction, chosen: RecordFilter, lexemes: list[str], ranks: bool) -> Select[Any]:
    wanted = literal(" & ".join(f"'{lexeme}'" for lexeme in lexemes), String).cast(TSQUERY)
    place = search_documents.c.seq
    query = select(place).where(search_documents.c.lexemes.bool_op("@@")(wanted))
    return _completed(query, place, chosen, ranks)


def _find_sqlite(transaction: Transaction, chosen: RecordFilter, lexemes: list[str], ranks: bool) -> Select[Any]:
    few = _few_places(transaction, chosen, lexemes)
    if few is not None:
        query = select(records.c.seq).where(records.c.seq.in_(few)).order_by(records.c.seq.desc())
        return query.add_columns(records.c.payload) if ranks else query
    match = text("search_index MATCH :lexemes").bindparams(lexemes=" ".join(f'"{lexeme}"' for lexeme in lexemes))
    place = table("search_index", column("rowid", Long)).c.rowid
    return _completed(select(place.label("seq")).where(match), place, chosen, ranks)


def _completed(query: Select[Any], place: ColumnElement[int], chosen: RecordFilter, ranks: bool) -> Select[Any]:
    """Return the query with its order and, only where they are needed, the records."""
    if ranks or chosen != RecordFilter(kind=chosen.kind):
        query = filter_records(query.join(records, records.c.seq == place), chosen)
    if ranks:
        query = query.add_columns(records.c.payload)
    return query.order_by(place.desc())


def _few_places(transaction: Transaction, chosen: RecordFilter, lexemes: list[str]) -> list[int] | None:
    """Return the places that have the lexemes among a few that the filter leaves; None where it leaves many."""
    if not (chosen.owner_id or chosen.owner_ids or chosen.dossier or chosen.number):
        return None
    left = filter_records(select(search_documents).join(records, records.c.seq == search_documents.c.seq), chosen)
    rows = transaction.execute(left.limit(_FEW + 1)).all()
    if len(rows) > _FEW:
        return None
    wanted = set(lexemes)
    return [row.seq for row in rows if wanted <= set(row.lexemes.split(" "))]


def _as_typed(typed: set[str], payload: str) -> int:
    """Return how many of the words stand in the paper's names and fields exactly as they were typed."""
    said = payload.lower()
    return sum(word in said for word in typed)


def _near(wanted: int) -> CompoundSelect[int, int]:
    parts = []
    for band, value in enumerate(bands_of(wanted)):
        close = [value, *(value ^ 1 << bit for bit in range(BAND_BITS))]
        parts.append(select(page_hashes.c.seq, page_hashes.c.hash).where(page_hashes.c[f"band{band}"].in_(close)))
    return union_all(*parts)

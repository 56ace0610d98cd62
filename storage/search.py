"""Finding papers: full text with and without diacritics, any field, and pages that look alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    String,
    column,
    literal,
    select,
    table,
    text,
    union_all,
)
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

_WINDOW = 50
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
    """Return the papers that the query finds: whole names first, then those with the words side by side.

    Where no paper has them so, those that have all of the words anywhere. Within each of these, papers that have the
    words as typed, diacritics included, come first, then newer ones.

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
    if not places and len(words) > 1:
        places = dict.fromkeys(_find(transaction, query, [*fixed, *sorted(set(words))], offset + limit + 1))
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
    if not words:
        return [[]]
    return [[name_lexeme(words)], pairs_of(words) or words]


def _find(transaction: Transaction, query: SearchQuery, lexemes: list[str], limit: int) -> list[int]:
    """Return the places of the papers that have the lexemes, best first."""
    if query.chosen.kind:
        lexemes = [kind_lexeme(query.chosen.kind), *lexemes]
    find = _find_sqlite if transaction.dialect.name == "sqlite" else _find_postgresql
    ranks = fold(query.text) != query.text.lower()
    places = find(transaction, query.chosen, lexemes, max(limit, _WINDOW * ranks))
    if not ranks:
        return places
    typed = set(nfc(query.text).lower().split())
    newest = select(records.c.seq, records.c.payload).where(records.c.seq.in_(places[:_WINDOW]))
    said = {row.seq: _as_typed(typed, row.payload) for row in transaction.execute(newest)}
    return sorted(places[:_WINDOW], key=lambda place: -said[place]) + places[_WINDOW:]


def _find_postgresql(transaction: Transaction, chosen: RecordFilter, lexemes: list[str], limit: int) -> list[int]:
    """Look through the newest papers where the words are common, and ask the index where they are rare.

    The planner's own choice is not usable: of a word that is not among the most common it believes that it stands in
    every two-hundredth paper, and then looks for the only bearer of a name through the whole table.
    """
    wanted = literal(" & ".join(f"'{lexeme}'" for lexeme in lexemes), String).cast(TSQUERY)
    c = search_documents.c
    few = _few_places(transaction, chosen)
    if few is not None:
        query = select(c.seq).where(c.seq.in_(few), c.lexemes.bool_op("@@")(wanted))
        return _run(transaction, query, c.seq, chosen, limit)
    depth = _depth(transaction, wanted, limit)
    if depth:
        newest = select(c.seq, c.lexemes).order_by(c.seq.desc()).limit(depth).subquery().c
        query = select(newest.seq).where(newest.lexemes.bool_op("@@")(wanted))
        places = _run(transaction, query, newest.seq, chosen, limit)
        if len(places) == limit:
            return places
    found = select(c.seq).where(c.lexemes.bool_op("@@")(wanted)).cte("found").prefix_with("MATERIALIZED")
    return _run(transaction, select(found.c.seq), found.c.seq, chosen, limit)


def _depth(transaction: Transaction, wanted: ColumnElement[Any], limit: int) -> int:
    """Return how many of the newest papers to look through, 0 where the index is quicker.

    To look through a paper costs about three times as much as to fetch one that the index names.
    """
    size = text("SELECT reltuples FROM pg_class WHERE oid = to_regclass('search_documents')")
    total = max(int(transaction.execute(size).scalar_one()), 1)
    counted = select(literal(1)).select_from(search_documents).where(search_documents.c.lexemes.bool_op("@@")(wanted))
    literally = counted.compile(transaction.engine, compile_kwargs={"literal_binds": True})
    [plan] = transaction.execute(text("EXPLAIN (FORMAT JSON) " + str(literally).replace(":", "\\:"))).scalar_one()
    expected = max(int(plan["Plan"]["Plan Rows"]), 1)
    if expected * expected < 3 * limit * total:
        return 0
    return min(4 * limit * total // expected, total)


def _find_sqlite(transaction: Transaction, chosen: RecordFilter, lexemes: list[str], limit: int) -> list[int]:
    few = _few_places(transaction, chosen)
    if few is not None:
        c, needed = search_documents.c, set(lexemes)
        rows = transaction.execute(select(c.seq, c.lexemes).where(c.seq.in_(few))).all()
        holding = select(c.seq).where(c.seq.in_([row.seq for row in rows if needed <= set(row.lexemes.split(" "))]))
        return _run(transaction, holding, c.seq, chosen, limit)
    match = text("search_index MATCH :lexemes").bindparams(lexemes=" ".join(f'"{lexeme}"' for lexeme in lexemes))
    place = table("search_index", column("rowid", Long)).c.rowid
    return _run(transaction, select(place).where(match), place, chosen, limit)


def _run(
    transaction: Transaction, query: Select[Any], place: ColumnElement[int], chosen: RecordFilter, limit: int
) -> list[int]:
    """Return the newest places that the query and the filter leave."""
    if chosen != RecordFilter(kind=chosen.kind):
        query = filter_records(query.join(records, records.c.seq == place), chosen)
    return list(transaction.execute(query.order_by(place.desc()).limit(limit)).scalars())


def _few_places(transaction: Transaction, chosen: RecordFilter) -> list[int] | None:
    """Return the places of the papers that the filter leaves, None where it may leave many."""
    if not (chosen.owner_id or chosen.owner_ids or chosen.dossier or chosen.number):
        return None
    left = transaction.execute(filter_records(select(records.c.seq), chosen).limit(_FEW + 1)).scalars().all()
    return list(left) if len(left) <= _FEW else None


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

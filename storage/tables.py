"""The tables of the database."""

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR

HEAD_REVISION = "0003"
"""The migration that these tables correspond to."""


class UtcTime(TypeDecorator[datetime]):
    """An aware time in UTC: `timestamptz` on PostgreSQL, sortable text on SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the time as the database keeps it."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the time with its zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Long = BigInteger().with_variant(Integer, "sqlite")
"""64 bits everywhere; SQLite numbers its rows itself only for a column of type INTEGER."""

PlainText = Text().with_variant(Text(collation="C"), "postgresql")
"""Text that both databases order by its characters' numbers, so that ranges mean the same."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

drafts = Table(
    "drafts",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("status", String(16), nullable=False),
    Column("kind", String(64), nullable=False),
    Column("owner_id", String(64), nullable=False),
    Column("owner_name", Text, nullable=False),
    Column("dossier", String(64), nullable=False),
    Column("procedure", String(64), nullable=False),
    Column("unit", String(64), nullable=False),
    Column("source_name", Text, nullable=False),
    Column("source_sha256", String(64), nullable=False),
    Column("pages", Text, nullable=False),
    Column("page_count", Integer, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("document_id", String(16), nullable=False),
    Column("payload", Text, nullable=False),
    Index("ix_drafts_status", "status", "created_at", "id"),
    Index("ix_drafts_owner", "owner_id", "created_at", "id"),
    Index("ix_drafts_source", "source_sha256"),
    Index("ix_drafts_created", "created_at", "id"),
)

records = Table(
    "records",
    metadata,
    Column("seq", Long, primary_key=True, autoincrement=False),
    Column("id", String(16), nullable=False, unique=True),
    Column("draft_id", String(64), nullable=False),
    Column("form", String(16), nullable=False),
    Column("owner_id", String(64), nullable=False),
    Column("owner_name", Text, nullable=False),
    Column("dossier", String(64), nullable=False),
    Column("procedure", String(64), nullable=False),
    Column("unit", String(64), nullable=False),
    Column("kind", String(64), nullable=False),
    Column("title", Text, nullable=False),
    Column("number_key", Text, nullable=False),
    Column("issue_date", String(10), nullable=False),
    Column("issuer_key", Text, nullable=False),
    Column("register_number", Text, nullable=False),
    Column("certified_at", UtcTime, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("content_sha256", String(64), nullable=False),
    Column("source_sha256", String(64), nullable=False),
    Column("status_index", Long, nullable=False),
    Column("state", String(16), nullable=False),
    Column("state_reason", Text, nullable=False),
    Column("state_at", UtcTime),
    Column("superseded_by", String(16), nullable=False),
    Column("valid_until", Date),
    Column("object_key", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Index("ix_records_owner", "owner_id", "certified_at", "id"),
    Index("ix_records_certified", "certified_at", "id"),
    Index("ix_records_kind", "kind", "certified_at", "id"),
    Index("ix_records_number", "number_key"),
    Index("ix_records_issue_date", "issue_date", "certified_at"),
    Index("ix_records_issuer", "issuer_key", "certified_at"),
    Index("ix_records_dossier", "dossier", "certified_at"),
    Index("ix_records_unit", "unit", "certified_at"),
    Index("ix_records_sha256", "sha256"),
    Index("ix_records_content", "content_sha256"),
    Index("ix_records_source", "source_sha256"),
    Index("ix_records_validity", "state", "valid_until"),
    Index("ix_records_successor", "superseded_by"),
    Index(
        "uq_records_draft",
        "draft_id",
        unique=True,
        sqlite_where=text("draft_id <> ''"),
        postgresql_where=text("draft_id <> ''"),
    ),
)

register_books = Table(
    "register_books",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("unit", String(64), nullable=False),
    Column("year", Integer, nullable=False),
    Column("act", String(32), nullable=False),
    Column("volume", Integer, nullable=False),
    Column("last_number", Integer, nullable=False),
    Column("opened_at", UtcTime, nullable=False),
    Column("closed_at", UtcTime),
    Column("closed_by", Text, nullable=False),
    UniqueConstraint("unit", "year", "act"),
)

register_entries = Table(
    "register_entries",
    metadata,
    Column("book_id", Integer, ForeignKey("register_books.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("volume", Integer, nullable=False),
    Column("draft_id", String(64), nullable=False),
    Column("document_id", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("requester", Text, nullable=False),
    Column("requester_id", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("certifier", Text, nullable=False),
    Column("copies", Integer, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("fee", Integer, nullable=False),
    Column("note", Text, nullable=False),
    Column("reserved_at", UtcTime, nullable=False),
    Column("issued_at", UtcTime),
    Column("voided_at", UtcTime),
    Column("void_reason", Text, nullable=False),
    Index(
        "uq_register_entries_draft",
        "book_id",
        "draft_id",
        unique=True,
        sqlite_where=text("state <> 'voided'"),
        postgresql_where=text("state <> 'voided'"),
    ),
    Index("ix_register_entries_state", "book_id", "state"),
    Index("ix_register_entries_document", "document_id"),
)

status_places = Table(
    "status_places",
    metadata,
    Column("status_index", Long, primary_key=True, autoincrement=False),
    Column("draft_id", String(64), nullable=False, unique=True),
)

status_lists = Table(
    "status_lists",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("issued_at", UtcTime, nullable=False),
    Column("content", LargeBinary),
)

# ---------------------------------------------------------------- finding

search_documents = Table(
    "search_documents",
    metadata,
    Column("seq", Long, ForeignKey("records.seq", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("lexemes", Text().with_variant(TSVECTOR, "postgresql"), nullable=False),
    Index("ix_search_documents_lexemes", "lexemes", postgresql_using="gin").ddl_if(dialect="postgresql"),
)
"""What a record is found by; on SQLite the virtual table `search_index` indexes it."""

page_hashes = Table(
    "page_hashes",
    metadata,
    Column("seq", Long, ForeignKey("records.seq", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("page", Integer, primary_key=True, autoincrement=False),
    Column("hash", BigInteger, nullable=False),
    Column("band0", Integer, nullable=False),
    Column("band1", Integer, nullable=False),
    Column("band2", Integer, nullable=False),
    Column("band3", Integer, nullable=False),
    Index("ix_page_hashes_band0", "band0"),
    Index("ix_page_hashes_band1", "band1"),
    Index("ix_page_hashes_band2", "band2"),
    Index("ix_page_hashes_band3", "band3"),
)
"""Perceptual hashes as signed numbers, cut into four bands of 16 bits."""

# ---------------------------------------------------------------- people, offices, dossiers

owners = Table(
    "owners",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("name", Text, nullable=False),
    Column("name_key", PlainText, nullable=False),
    Column("birth_date", String(10), nullable=False),
    Column("state", String(16), nullable=False),
    Column("state_reason", Text, nullable=False),
    Column("state_at", UtcTime),
    Column("registered_at", UtcTime, nullable=False),
    Index("ix_owners_name_key", "name_key"),
)

owner_aliases = Table(
    "owner_aliases",
    metadata,
    Column("number", String(64), primary_key=True),
    Column("owner_id", String(64), ForeignKey("owners.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(16), nullable=False),
    Index("ix_owner_aliases_owner_id", "owner_id"),
)

owner_links = Table(
    "owner_links",
    metadata,
    Column("owner_id", String(64), ForeignKey("owners.id", ondelete="CASCADE"), primary_key=True),
    Column("person_id", String(64), ForeignKey("owners.id", ondelete="CASCADE"), primary_key=True),
    Column("relation", String(16), primary_key=True),
    Column("valid_from", Date, primary_key=True),
    Column("valid_to", Date),
    Column("basis", Text, nullable=False),
    Index("ix_owner_links_person_id", "person_id"),
)

units = Table(
    "units",
    metadata,
    Column("code", String(64), primary_key=True),
    Column("valid_from", Date, primary_key=True),
    Column("valid_to", Date),
    Column("name", Text, nullable=False),
    Column("level", String(16), nullable=False),
    Column("parent", String(64), nullable=False),
    Column("successors", Text, nullable=False),
)

procedures = Table(
    "procedures",
    metadata,
    Column("code", String(64), primary_key=True),
    Column("valid_from", Date, primary_key=True),
    Column("valid_to", Date),
    Column("name", Text, nullable=False),
    Column("citizen_data", Boolean, nullable=False),
)

dossiers = Table(
    "dossiers",
    metadata,
    Column("code", String(64), primary_key=True),
    Column("owner_id", String(64), nullable=False),
    Column("procedure", String(64), nullable=False),
    Column("unit", String(64), nullable=False),
    Column("received_at", UtcTime, nullable=False),
    Column("due_at", UtcTime),
    Column("finished_at", UtcTime),
    Column("digitized", Boolean, nullable=False),
    Column("electronic_result", Boolean),
    Column("reused", Boolean, nullable=False),
    Column("citizen_data", Boolean),
    Index("ix_dossiers_owner_id", "owner_id", "received_at"),
    Index("ix_dossiers_received_at", "received_at"),
    Index("ix_dossiers_finished_at", "finished_at"),
)

# ---------------------------------------------------------------- sharing and its trace

grants = Table(
    "grants",
    metadata,
    Column("reference", String(32), primary_key=True),
    Column("document_id", String(16), nullable=False),
    Column("owner_id", String(64), nullable=False),
    Column("office", String(64), nullable=False),
    Column("purpose", Text, nullable=False),
    Column("scope", String(16), nullable=False),
    Column("fields", Text, nullable=False),
    Column("dossier", String(64), nullable=False),
    Column("requested_by", Text, nullable=False),
    Column("requested_at", UtcTime, nullable=False),
    Column("decision", String(16), nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("decided_at", UtcTime),
    Column("consent", Text, nullable=False),
    Column("valid_until", UtcTime, nullable=False),
    Column("revoked_at", UtcTime),
    Column("uses", Integer, nullable=False),
    Index("ix_grants_owner_id", "owner_id", "requested_at"),
    Index("ix_grants_document_id", "document_id"),
    Index("ix_grants_office", "office", "requested_at"),
)

reuses = Table(
    "reuses",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("document_id", String(16), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("way", String(16), nullable=False),
    Column("unit", String(64), nullable=False),
    Column("procedure", String(64), nullable=False),
    Column("dossier", String(64), nullable=False),
    Index("ix_reuses_document_id", "document_id"),
    Index("ix_reuses_at", "at"),
)

synchronizations = Table(
    "synchronizations",
    metadata,
    Column("document_id", String(16), primary_key=True),
    Column("target", String(32), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("note", Text, nullable=False),
    Index("ix_synchronizations_state", "target", "state"),
)

log_entries = Table(
    "log_entries",
    metadata,
    Column("number", Long, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False),
    Column("actor", Text, nullable=False),
    Column("office", String(64), nullable=False),
    Column("action", String(32), nullable=False),
    Column("document_id", String(16), nullable=False),
    Column("owner_id", String(64), nullable=False),
    Column("purpose", Text, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("detail", Text, nullable=False),
    Column("previous", LargeBinary, nullable=False),
    Index("ix_log_entries_owner_id", "owner_id", "number"),
    Index("ix_log_entries_document_id", "document_id", "number"),
)

log_nodes = Table(
    "log_nodes",
    metadata,
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("place", Long, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary, nullable=False),
)
"""Hashes of the complete subtrees of the log: the one at (level, place) is over 2^level entries."""

log_heads = Table(
    "log_heads",
    metadata,
    Column("size", Long, primary_key=True, autoincrement=False),
    Column("root", LargeBinary, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("signature", LargeBinary, nullable=False),
)

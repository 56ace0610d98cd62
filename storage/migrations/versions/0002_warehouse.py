"""Search, owners, offices, dossiers, grants and the access log."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "dossiers",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("owner_id", sa.String(length=64), nullable=False),
        sa.Column("procedure", sa.String(length=64), nullable=False),
        sa.Column("unit", sa.String(length=64), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("digitized", sa.Boolean(), nullable=False),
        sa.Column("electronic_result", sa.Boolean(), nullable=False),
        sa.Column("reused", sa.Boolean(), nullable=False),
        sa.Column("citizen_data", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_dossiers")),
    )
    op.create_index("ix_dossiers_finished_at", "dossiers", ["finished_at"], unique=False)
    op.create_index("ix_dossiers_owner_id", "dossiers", ["owner_id", "received_at"], unique=False)
    op.create_index("ix_dossiers_received_at", "dossiers", ["received_at"], unique=False)
    op.create_table(
        "grants",
        sa.Column("reference", sa.String(length=32), nullable=False),
        sa.Column("document_id", sa.String(length=16), nullable=False),
        sa.Column("owner_id", sa.String(length=64), nullable=False),
        sa.Column("office", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("scope", sa.String(length=16), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("dossier", sa.String(length=64), nullable=False),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.String(length=16), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("consent", sa.Text(), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("reference", name=op.f("pk_grants")),
    )
    op.create_index("ix_grants_document_id", "grants", ["document_id"], unique=False)
    op.create_index("ix_grants_office", "grants", ["office", "requested_at"], unique=False)
    op.create_index("ix_grants_owner_id", "grants", ["owner_id", "requested_at"], unique=False)
    op.create_table(
        "log_entries",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("office", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("document_id", sa.String(length=16), nullable=False),
        sa.Column("owner_id", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("previous", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_log_entries")),
    )
    op.create_index("ix_log_entries_document_id", "log_entries", ["document_id", "number"], unique=False)
    op.create_index("ix_log_entries_owner_id", "log_entries", ["owner_id", "number"], unique=False)
    op.create_table(
        "log_heads",
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_log_heads")),
    )
    op.create_table(
        "log_nodes",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("level", "place", name=op.f("pk_log_nodes")),
    )
    op.create_table(
        "owners",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("birth_date", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("state_reason", sa.Text(), nullable=False),
        sa.Column("state_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_owners")),
    )
    op.create_index("ix_owners_name_key", "owners", ["name_key"], unique=False)
    op.create_table(
        "procedures",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("citizen_data", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", "valid_from", name=op.f("pk_procedures")),
    )
    op.create_table(
        "reuses",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("document_id", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("way", sa.String(length=16), nullable=False),
        sa.Column("unit", sa.String(length=64), nullable=False),
        sa.Column("procedure", sa.String(length=64), nullable=False),
        sa.Column("dossier", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reuses")),
    )
    op.create_index("ix_reuses_at", "reuses", ["at"], unique=False)
    op.create_index("ix_reuses_document_id", "reuses", ["document_id"], unique=False)
    op.create_table(
        "synchronizations",
        sa.Column("document_id", sa.String(length=16), nullable=False),
        sa.Column("target", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("document_id", "target", name=op.f("pk_synchronizations")),
    )
    op.create_index("ix_synchronizations_state", "synchronizations", ["target", "state"], unique=False)
    op.create_table(
        "units",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("parent", sa.String(length=64), nullable=False),
        sa.Column("successors", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", "valid_from", name=op.f("pk_units")),
    )
    op.create_table(
        "owner_aliases",
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("owner_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["owners.id"], name=op.f("fk_owner_aliases_owner_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_owner_aliases")),
    )
    op.create_index("ix_owner_aliases_owner_id", "owner_aliases", ["owner_id"], unique=False)
    op.create_table(
        "owner_links",
        sa.Column("owner_id", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("relation", sa.String(length=16), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["owners.id"], name=op.f("fk_owner_links_owner_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["owners.id"], name=op.f("fk_owner_links_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("owner_id", "person_id", "relation", "valid_from", name=op.f("pk_owner_links")),
    )
    op.create_index("ix_owner_links_person_id", "owner_links", ["person_id"], unique=False)
    op.create_table(
        "page_hashes",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("page", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.BigInteger(), nullable=False),
        sa.Column("band0", sa.Integer(), nullable=False),
        sa.Column("band1", sa.Integer(), nullable=False),
        sa.Column("band2", sa.Integer(), nullable=False),
        sa.Column("band3", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["records.seq"], name=op.f("fk_page_hashes_seq"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("seq", "page", name=op.f("pk_page_hashes")),
    )
    op.create_index("ix_page_hashes_band0", "page_hashes", ["band0"], unique=False)
    op.create_index("ix_page_hashes_band1", "page_hashes", ["band1"], unique=False)
    op.create_index("ix_page_hashes_band2", "page_hashes", ["band2"], unique=False)
    op.create_index("ix_page_hashes_band3", "page_hashes", ["band3"], unique=False)
    op.create_table(
        "search_documents",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("lexemes", sa.Text().with_variant(postgresql.TSVECTOR(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["records.seq"], name=op.f("fk_search_documents_seq"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_search_documents")),
    )
    if op.get_bind().dialect.name == "postgresql":
        # Without the pending list a search costs the same at any time; the longer sample knows the 3,000 most common
        # lexemes instead of 1,000, so that a search can tell common ones from rare ones.
        columns = "ON search_documents USING gin (lexemes) WITH (fastupdate = off)"
        op.execute(f"CREATE INDEX ix_search_documents_lexemes {columns}")
        op.execute("ALTER TABLE search_documents ALTER COLUMN lexemes SET STATISTICS 300")
    else:
        # The lexemes are made by the program: the tokenizer only parts them at blanks.
        op.execute(
            "CREATE VIRTUAL TABLE search_index USING fts5(lexemes, content='', columnsize=0, detail=none, "
            "tokenize=\"ascii tokenchars '=_-'\")"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        op.execute("DROP TABLE search_index")
    op.drop_table("search_documents")
    op.drop_index("ix_page_hashes_band3", table_name="page_hashes")
    op.drop_index("ix_page_hashes_band2", table_name="page_hashes")
    op.drop_index("ix_page_hashes_band1", table_name="page_hashes")
    op.drop_index("ix_page_hashes_band0", table_name="page_hashes")
    op.drop_table("page_hashes")
    op.drop_index("ix_owner_links_person_id", table_name="owner_links")
    op.drop_table("owner_links")
    op.drop_index("ix_owner_aliases_owner_id", table_name="owner_aliases")
    op.drop_table("owner_aliases")
    op.drop_table("units")
    op.drop_index("ix_synchronizations_state", table_name="synchronizations")
    op.drop_table("synchronizations")
    op.drop_index("ix_reuses_document_id", table_name="reuses")
    op.drop_index("ix_reuses_at", table_name="reuses")
    op.drop_table("reuses")
    op.drop_table("procedures")
    op.drop_index("ix_owners_name_key", table_name="owners")
    op.drop_table("owners")
    op.drop_table("log_nodes")
    op.drop_table("log_heads")
    op.drop_index("ix_log_entries_owner_id", table_name="log_entries")
    op.drop_index("ix_log_entries_document_id", table_name="log_entries")
    op.drop_table("log_entries")
    op.drop_index("ix_grants_owner_id", table_name="grants")
    op.drop_index("ix_grants_office", table_name="grants")
    op.drop_index("ix_grants_document_id", table_name="grants")
    op.drop_table("grants")
    op.drop_index("ix_dossiers_received_at", table_name="dossiers")
    op.drop_index("ix_dossiers_owner_id", table_name="dossiers")
    op.drop_index("ix_dossiers_finished_at", table_name="dossiers")
    op.drop_table("dossiers")

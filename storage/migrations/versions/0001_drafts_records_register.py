"""Drafts, records, the register and the status list."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "drafts",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("owner_id", sa.String(length=64), nullable=False),
        sa.Column("owner_name", sa.Text(), nullable=False),
        sa.Column("dossier", sa.String(length=64), nullable=False),
        sa.Column("procedure", sa.String(length=64), nullable=False),
        sa.Column("unit", sa.String(length=64), nullable=False),
        sa.Column("source_name", sa.Text(), nullable=False),
        sa.Column("source_sha256", sa.String(length=64), nullable=False),
        sa.Column("pages", sa.Text(), nullable=False),
        sa.Column("page_count", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("document_id", sa.String(length=16), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
    )
    op.create_index("ix_drafts_created", "drafts", ["created_at", "id"], unique=False)
    op.create_index("ix_drafts_owner", "drafts", ["owner_id", "created_at", "id"], unique=False)
    op.create_index("ix_drafts_source", "drafts", ["source_sha256"], unique=False)
    op.create_index("ix_drafts_status", "drafts", ["status", "created_at", "id"], unique=False)
    op.create_table(
        "records",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("draft_id", sa.String(length=64), nullable=False),
        sa.Column("form", sa.String(length=16), nullable=False),
        sa.Column("owner_id", sa.String(length=64), nullable=False),
        sa.Column("owner_name", sa.Text(), nullable=False),
        sa.Column("dossier", sa.String(length=64), nullable=False),
        sa.Column("procedure", sa.String(length=64), nullable=False),
        sa.Column("unit", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("number_key", sa.Text(), nullable=False),
        sa.Column("issue_date", sa.String(length=10), nullable=False),
        sa.Column("issuer_key", sa.Text(), nullable=False),
        sa.Column("register_number", sa.Text(), nullable=False),
        sa.Column("certified_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("source_sha256", sa.String(length=64), nullable=False),
        sa.Column("status_index", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("state_reason", sa.Text(), nullable=False),
        sa.Column("state_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_by", sa.String(length=16), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("object_key", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_records")),
        sa.UniqueConstraint("id", name=op.f("uq_records_id")),
    )
    op.create_index("ix_records_certified", "records", ["certified_at", "id"], unique=False)
    op.create_index("ix_records_content", "records", ["content_sha256"], unique=False)
    op.create_index("ix_records_dossier", "records", ["dossier", "certified_at"], unique=False)
    op.create_index("ix_records_issue_date", "records", ["issue_date", "certified_at"], unique=False)
    op.create_index("ix_records_issuer", "records", ["issuer_key", "certified_at"], unique=False)
    op.create_index("ix_records_kind", "records", ["kind", "certified_at", "id"], unique=False)
    op.create_index("ix_records_number", "records", ["number_key"], unique=False)
    op.create_index("ix_records_owner", "records", ["owner_id", "certified_at", "id"], unique=False)
    op.create_index("ix_records_sha256", "records", ["sha256"], unique=False)
    op.create_index("ix_records_source", "records", ["source_sha256"], unique=False)
    op.create_index("ix_records_successor", "records", ["superseded_by"], unique=False)
    op.create_index("ix_records_unit", "records", ["unit", "certified_at"], unique=False)
    op.create_index("ix_records_validity", "records", ["state", "valid_until"], unique=False)
    op.create_index(
        "uq_records_draft",
        "records",
        ["draft_id"],
        unique=True,
        sqlite_where=sa.text("draft_id <> ''"),
        postgresql_where=sa.text("draft_id <> ''"),
    )
    op.create_table(
        "register_books",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("unit", sa.String(length=64), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=32), nullable=False),
        sa.Column("volume", sa.Integer(), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_books")),
        sa.UniqueConstraint("unit", "year", "act", name=op.f("uq_register_books_unit_year_act")),
    )
    op.create_table(
        "status_lists",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_status_lists")),
    )
    op.create_table(
        "status_places",
        sa.Column(
            "status_index", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("draft_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("status_index", name=op.f("pk_status_places")),
        sa.UniqueConstraint("draft_id", name=op.f("uq_status_places_draft_id")),
    )
    op.create_table(
        "register_entries",
        sa.Column("book_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("volume", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.String(length=64), nullable=False),
        sa.Column("document_id", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("requester", sa.Text(), nullable=False),
        sa.Column("requester_id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("certifier", sa.Text(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("fee", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("reserved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["book_id"], ["register_books.id"], name=op.f("fk_register_entries_book_id")),
        sa.PrimaryKeyConstraint("book_id", "number", name=op.f("pk_register_entries")),
    )
    op.create_index("ix_register_entries_document", "register_entries", ["document_id"], unique=False)
    op.create_index("ix_register_entries_state", "register_entries", ["book_id", "state"], unique=False)
    op.create_index(
        "uq_register_entries_draft",
        "register_entries",
        ["book_id", "draft_id"],
        unique=True,
        sqlite_where=sa.text("state <> 'voided'"),
        postgresql_where=sa.text("state <> 'voided'"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_register_entries_draft",
        table_name="register_entries",
        sqlite_where=sa.text("state <> 'voided'"),
        postgresql_where=sa.text("state <> 'voided'"),
    )
    op.drop_index("ix_register_entries_state", table_name="register_entries")
    op.drop_index("ix_register_entries_document", table_name="register_entries")
    op.drop_table("register_entries")
    op.drop_table("status_places")
    op.drop_table("status_lists")
    op.drop_table("register_books")
    op.drop_index(
        "uq_records_draft",
        table_name="records",
        sqlite_where=sa.text("draft_id <> ''"),
        postgresql_where=sa.text("draft_id <> ''"),
    )
    op.drop_index("ix_records_validity", table_name="records")
    op.drop_index("ix_records_unit", table_name="records")
    op.drop_index("ix_records_successor", table_name="records")
    op.drop_index("ix_records_source", table_name="records")
    op.drop_index("ix_records_sha256", table_name="records")
    op.drop_index("ix_records_owner", table_name="records")
    op.drop_index("ix_records_number", table_name="records")
    op.drop_index("ix_records_kind", table_name="records")
    op.drop_index("ix_records_issuer", table_name="records")
    op.drop_index("ix_records_issue_date", table_name="records")
    op.drop_index("ix_records_dossier", table_name="records")
    op.drop_index("ix_records_content", table_name="records")
    op.drop_index("ix_records_certified", table_name="records")
    op.drop_table("records")
    op.drop_index("ix_drafts_status", table_name="drafts")
    op.drop_index("ix_drafts_source", table_name="drafts")
    op.drop_index("ix_drafts_owner", table_name="drafts")
    op.drop_index("ix_drafts_created", table_name="drafts")
    op.drop_table("drafts")
